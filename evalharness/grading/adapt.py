"""summary, noise -> which attempts are worth another sample: only where a claim is near and not clear."""

from __future__ import annotations

from evalharness.model.nouns import Case
from evalharness.noise import more_samples_help
from evalharness.results.aggregate import Summary
from evalharness.results.changes import Grading, pairs_of


def worth_another_sample(summary: Summary, grading: Grading, *, most: int) -> tuple[Case, ...]:
    """Return the attempts, latest and the one before, of each series whose difference is not clear yet.

    A claim is about to be made wherever two attempts of a series stand side by side.  Samples are asked for where
    up to `most` of them may settle it, and never of a grader without noise.
    """
    if grading.deterministic:
        return ()
    found: list[Case] = []
    for series in summary.series:
        if series.previous is None or series.difference is None:
            continue
        pairs = [pair for pair in pairs_of(series.previous, series.latest, grading).values() if pair is not None]
        if more_samples_help(pairs, most):
            found += [series.previous.case, series.latest.case]
    return tuple(found)

"""summary, noise -> which attempts are worth another sample: only where a claim is near and not clear."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.core.aggregate import CaseResult, SeriesResult, Summary
from evalharness.core.model import Case, Measure
from evalharness.core.noise import Noise, Pair, more_samples_help, step_of


def worth_another_sample(
    summary: Summary, noise: Mapping[str, Noise], *, most: int, deterministic: bool
) -> tuple[Case, ...]:
    """Return the attempts, latest and the one before, of each series whose difference is not clear yet.

    A claim is about to be made wherever two attempts of a series stand side by side.  Samples are asked for where
    up to `most` of them may settle it, and never of a grader without noise.
    """
    if deterministic:
        return ()
    found: list[Case] = []
    for series in summary.series:
        if series.previous is None or series.difference is None:
            continue
        if more_samples_help(pairs_of(series, noise), most):
            found += [series.previous.case, series.latest.case]
    return tuple(found)


def pairs_of(series: SeriesResult, noise: Mapping[str, Noise]) -> list[Pair]:
    """Return the criteria of the two newest attempts, each with its samples and the grader's noise."""
    before, after = series.previous, series.latest
    return [] if before is None else pairs_between(before, after, noise)


def pairs_between(before: CaseResult, after: CaseResult, noise: Mapping[str, Noise]) -> list[Pair]:
    """Return the criteria that both attempts have levels for, under one fingerprint."""
    earlier = {score.criterion.id: score for score in before.read}
    found: list[Pair] = []
    for score in after.read:
        other = earlier.get(score.criterion.id)
        if other is None or not score.levels or not other.levels:
            continue
        fingerprint = score.grades[0].fingerprint
        found.append(
            Pair(
                before=other.levels,
                after=score.levels,
                noise=noise.get(fingerprint, Noise()),
                weight=score.criterion.weight,
                step=step_of(score.criterion.kind, len(set(after.case.claimed))) or 1.0,
                exact=isinstance(score.criterion.kind, Measure),
            )
        )
    return found

"""corrections -> the words every report uses about corrected levels: what they gain, and which levels they change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.model.correction import Correction
from evalharness.results.aggregate import CaseResult

RAW = "Totals, changes and gates use the grader's own levels."
HEADING = "Corrected by people's labels"
_SEEN = 0.05


def gain(found: Correction) -> str:
    """Return what a correction gains on attempts that it had not seen, as a sentence."""
    return (
        f"{found.labels} labelled attempts. On those that the correction had not seen, the grader's own level is "
        f"{found.raw_error:.2f} off, the corrected one {found.error:.2f} (gain {found.gain:.2f}, at least "
        f"{found.gain_low:.2f})."
    )


def sentences(found: Sequence[Correction]) -> Iterator[str]:
    """Yield one line for each correction of a run."""
    for each in found:
        yield f"{each.criterion} ({each.rubric}): {gain(each)}"


def changed(result: CaseResult) -> str:
    """Return the levels of an attempt that the correction changes visibly, `lived example 4 -> 3.2`; "" for none."""
    return ", ".join(
        f"{score.criterion.title or score.criterion.id} {score.level:.1f} -> {score.corrected:.1f}"
        for score in result.read
        if score.level is not None and score.corrected is not None and abs(score.corrected - score.level) >= _SEEN
    )

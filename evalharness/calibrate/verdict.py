"""calibration, what gates require -> one sentence a rubric: trust the grader, don't, or how many labels more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from evalharness.gate.evidence import CHANCE, Evidence
from evalharness.gate.trust import Lack, Standing, answers_needed, stand, together
from evalharness.gate.words import distance, order, reason
from evalharness.model.config import Requires
from evalharness.model.nouns import GraderId
from evalharness.results.calibration import Calibrated, GraderAgreement, Stored

MOST = 100  # answers more: what so many would still leave open is no matter of labels
_SAME = 1e-9


def sentences(stored: Stored, grader: GraderId, requires: Mapping[str, Requires], command: str) -> tuple[str, ...]:
    """Return one sentence for each rubric, about the grader that the settings name.

    `requires` holds what the gate asks for by rubric, `command` is how to give more labels.
    """
    rubrics = dict.fromkeys(each.rubric for each in stored.criteria)
    return tuple(_sentence(stored, rubric, grader, requires.get(rubric, Requires()), command) for rubric in rubrics)


def _sentence(stored: Stored, rubric: str, grader: GraderId, requires: Requires, command: str) -> str:
    name = " ".join(filter(None, (grader.name, grader.model)))
    found = [(each, entry) for each in stored.criteria if each.rubric == rubric for entry in _todays(each, grader)]
    if not found:
        return (
            f"Nothing is known of {name} on {rubric}: it graded none of the labelled answers. Next: evalharness run "
            "--all, then evalharness calibrate"
        )
    found_by = _standings(found, rubric, requires)
    lacking = [standing for standing in found_by if standing.lack]
    if not lacking:
        return f"Trust {name} on {rubric}: {'; '.join(_figures(found_by[0]))}. A gate may block on it."
    graded = min(standing.graded for standing in found_by)
    match lacking[0].lack:
        case Lack.FEW_LABELS | Lack.FEW_GRADES:
            more = lacking[0].needed - graded
            return (
                f"Too early to trust {name} on {rubric}: {graded} of {lacking[0].needed} labelled answers. Label "
                f"{more} more: {command}"
            )
        case Lack.OPEN if lacking[0].shown and (more := labels_more(lacking[0].shown, requires)) <= MOST:
            told = "; ".join(_figures(lacking[0]))
            return f"Too early to trust {name} on {rubric}: {told}. Label about {more} more: {command}"
        case _:
            same = [standing for standing in lacking if standing.lack is lacking[0].lack]
            names = "" if same[0].shown else f": {', '.join(standing.criterion for standing in same)}"
            return (
                f"Don't trust {name} on {rubric}: {reason(same)}{names}. More labels will not change that: rewrite "
                f"what people and grader read differently, or take another grader.{_instead(same[0])}"
            )


def _todays(each: Calibrated, grader: GraderId) -> Iterator[GraderAgreement]:
    yield from [entry for entry in each.graders if entry.subject.grader == grader][:1]


def _standings(
    found: Sequence[tuple[Calibrated, GraderAgreement]], rubric: str, requires: Requires
) -> tuple[Standing, ...]:
    needed = answers_needed(requires, len(found))
    return together(
        [
            stand(
                Standing(rubric=rubric, criterion=each.criterion, requires=requires, needed=needed, labels=each.labels),
                entry,
            )
            for each, entry in found
        ]
    )


def _figures(standing: Standing) -> Iterator[str]:
    shown = standing.shown
    if shown is None:
        yield f"over {standing.graded} answers it reaches the kappa that the gate asks for"
        return
    whose = "assumed of a second person" if shown.assumed else "people's own"
    yield f"over {shown.n} answers {distance(shown, standing.requires)} ({shown.apart:.2f} is {whose})"
    yield order(shown)


def labels_more(shown: Evidence, requires: Requires) -> int:
    """Return how many answers more would show it, if what they say stays as it is; over `MOST`: labels don't help."""
    off, in_order = shown.off, shown.order
    if off.value is None or off.interval is None or in_order.value is None or in_order.interval is None:
        return MOST + 1
    rooms = (
        (shown.apart + requires.margin - off.value, off.interval.high - off.value),
        (in_order.value - CHANCE, in_order.value - in_order.interval.low),
    )
    if any(room <= _SAME for room, _ in rooms):
        return MOST + 1
    # An interval shrinks with the root of the answers.
    factor = max((half / room) ** 2 for room, half in rooms)
    return max(1, math.ceil(shown.n * factor) - shown.n)


def _instead(standing: Standing) -> str:
    if standing.requires.min_qwk is None:
        return ""
    return " Kappa shrinks where answers are alike: without min_qwk, gate.requires asks for levels near people's."

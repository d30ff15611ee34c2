"""stored calibration, fingerprints, what a gate requires -> whether people's labels carry a gate on these criteria."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from evalharness.gate.evidence import CHANCE, Evidence, evidence
from evalharness.model.breaks import Break
from evalharness.model.config import Requires
from evalharness.model.noun import Noun
from evalharness.model.nouns import By, Graded, GraderId, Measure
from evalharness.results.aggregate import CriterionScore
from evalharness.results.calibration import Agreement, Answered, Estimate, GraderAgreement, Stored, Subject

FEW_CRITERIA = 5  # a total of more needs fewer answers, since each of them says more
FEWEST_ANSWERS = 8
_SAME = 1e-9
_PARTS = ("version", "model", "host", "effort", "prompt", "mode")


class Lack(enum.Enum):
    """What `gate.requires` asks for in vain, the first that holds."""

    CALIBRATION = "no_calibration"
    LABELS = "no_labels"
    GRADES = "no_grades_of_labelled_attempts"
    GRADER = "other_grader"
    CRITERION = "criterion_changed"
    DRIFT = "grader_drifted"
    FEW_LABELS = "too_few_labels"
    FEW_GRADES = "too_few_grades_of_labelled_attempts"
    OUTDATED = "calibrated_by_an_older_version"
    KAPPA_UNDEFINED = "kappa_undefined"
    LOW_KAPPA = "low_kappa"
    MISREAD = "criterion_misread"
    FAR = "too_far_from_people"
    ORDER = "not_in_the_order_of_people"
    OPEN = "not_shown_yet"


class Standing(Noun):
    """How far people's labels carry a gate on one criterion as this grader grades it; `lack` is None where they do.

    `labels` counts labelled attempts, `graded` those of them that this grader graded under this fingerprint, of
    `needed` ones; `qwk` is the kappa between the two, `within` the share of levels within one level.  `shown` is what
    all criteria of the gate show together.  `made_for` names the graders of the calibration where this one is not
    among them.
    """

    rubric: str
    criterion: str
    requires: Requires
    lack: Lack | None = None
    labels: int = 0
    graded: int = 0
    needed: int = 0
    qwk: float | None = None
    within: Estimate = Estimate()
    shown: Evidence | None = None
    made_for: tuple[str, ...] = ()


class _Found(Noun):
    """A standing, and the labelled answers it was made of."""

    standing: Standing
    answers: Mapping[str, Answered] = {}


def standing(
    stored: Stored | None,
    fingerprint: str,
    requires: Requires,
    *,
    rubric: str,
    criterion: str,
    grader: GraderId | None = None,
    breaks: Sequence[Break] = (),
) -> Standing:
    """Return whether people's labels carry a gate on this one criterion under this fingerprint, and what is lacking.

    `grader` is who grades now: it tells whether another fingerprint means another grader or another criterion.
    `breaks` are its found drifts: a calibration from before one is of another grader under the same name.
    """
    bare = Standing(rubric=rubric, criterion=criterion, requires=requires, needed=requires.labels)
    return together([_one(bare, stored, fingerprint, grader, breaks)])[0]


def standings(
    scores: Sequence[CriterionScore],
    rubric: str,
    requires: Requires | None,
    stored: Stored | None,
    grader: GraderId | None,
    breaks: Sequence[Break] = (),
) -> tuple[Standing, ...]:
    """Return the standing of each of these criteria that a grader read; nothing where nothing is required.

    What the harness sets itself needs no label: measures, and the level of an answer below the floor of words.
    """
    if requires is None:
        return ()
    asked = [(score.criterion.id, print_) for score in scores for print_ in _read_by_grader(score)]
    needed = answers_needed(requires, len({criterion for criterion, _ in asked}))
    found = []
    for criterion, print_ in asked:
        bare = Standing(rubric=rubric, criterion=criterion, requires=requires, needed=needed)
        found.append(_one(bare, stored, print_, grader, breaks))
    return together(found)


def answers_needed(requires: Requires, criteria: int) -> int:
    """Return how many labelled answers a gate on so many criteria needs.

    Many criteria pool: as many levels as `labels` answers of five criteria have.  A kappa is of one criterion.
    """
    if requires.min_qwk is not None or criteria <= FEW_CRITERIA:
        return requires.labels
    return min(requires.labels, max(FEWEST_ANSWERS, math.ceil(requires.labels * FEW_CRITERIA / criteria)))


def stand(bare: Standing, entry: GraderAgreement) -> _Found:
    """Return where one criterion stands by the agreement of today's grader in it."""
    agreement = entry.agreement
    found = replace(bare, graded=agreement.n, qwk=agreement.qwk.value, within=agreement.within_one)
    return _Found(standing=replace(found, lack=_lack(found, agreement, entry.answers)), answers=entry.answers)


def together(found: Sequence[_Found]) -> tuple[Standing, ...]:
    """Return the standings of the criteria that one gate rests on, with what they show together.

    Where a criterion lacks something of its own, that comes first.
    """
    alone = tuple(each.standing for each in found)
    if any(each.lack for each in alone) or not alone or alone[0].requires.min_qwk is not None:
        return alone
    shown = evidence([each.answers for each in found])
    lack = lack_together(shown, alone[0].requires)
    return tuple(replace(each, lack=lack, shown=shown) for each in alone)


def lack_together(shown: Evidence, requires: Requires) -> Lack | None:
    """Return what all criteria together do not show: levels near people's, and answers in people's order."""
    off, order, allowed = shown.off.interval, shown.order.interval, shown.apart + requires.margin
    if off is None or order is None:
        return Lack.OPEN
    if off.low > allowed:
        return Lack.FAR
    if order.high <= CHANCE + _SAME:
        return Lack.ORDER
    return None if off.high <= allowed + _SAME and order.low > CHANCE + _SAME else Lack.OPEN


def _one(
    found: Standing, stored: Stored | None, fingerprint: str, grader: GraderId | None, breaks: Sequence[Break]
) -> _Found:
    if stored is None:
        return _Found(standing=replace(found, lack=Lack.CALIBRATION))
    entries = [entry for entry in stored.criteria if (entry.rubric, entry.criterion) == (found.rubric, found.criterion)]
    found = replace(found, labels=max((entry.labels for entry in entries), default=0))
    if not found.labels:
        return _Found(standing=replace(found, lack=Lack.LABELS))
    graders = [each for entry in entries for each in entry.graders]
    today = next((each for each in graders if each.subject.fingerprint == fingerprint), None)
    if today is None:
        subjects = [each.subject for each in graders]
        names = tuple(dict.fromkeys(_named(subject, grader) for subject in subjects))
        return _Found(standing=replace(found, lack=_other(subjects, grader), made_for=names))
    if any(one.found > stored.made for one in breaks):
        agreement = today.agreement
        return _Found(standing=replace(found, lack=Lack.DRIFT, graded=agreement.n, qwk=agreement.qwk.value))
    return stand(found, today)


def _read_by_grader(score: CriterionScore) -> Iterator[str]:
    """Yield the fingerprints under which a grader, and not the harness, set this level: one, where all is well."""
    if isinstance(score.criterion.kind, Measure):
        return
    yield from dict.fromkeys(
        grade.fingerprint
        for grade in score.grades
        if isinstance(grade.outcome, Graded) and grade.outcome.by is By.GRADER
    )


def _named(subject: Subject, grader: GraderId | None) -> str:
    """Return what to call a grader of the calibration, and, where it has today's name, what else differs."""
    if grader is None or subject.grader.name != grader.name:
        return subject.name
    parts = [part for part in _PARTS if getattr(subject.grader, part) != getattr(grader, part)]
    return f"{subject.name}; differs in {', '.join(parts)}" if parts else subject.name


def _other(subjects: Sequence[Subject], grader: GraderId | None) -> Lack:
    if not subjects:
        return Lack.GRADES
    return Lack.CRITERION if any(subject.grader == grader for subject in subjects) else Lack.GRADER


def _lack(found: Standing, agreement: Agreement, answers: Mapping[str, Answered]) -> Lack | None:
    """Return what one criterion lacks by itself: answers, or a grader that has not been shown to misread it."""
    requires = found.requires
    if found.graded < found.needed:
        return Lack.FEW_LABELS if found.labels < found.needed else Lack.FEW_GRADES
    if requires.min_qwk is not None:
        if found.qwk is None:
            return Lack.KAPPA_UNDEFINED
        return Lack.LOW_KAPPA if found.qwk < requires.min_qwk - _SAME else None
    if not answers:
        return Lack.OUTDATED
    within, order = agreement.within_one.interval, evidence([answers]).order.interval
    misread = (within is not None and within.high < requires.within_one) or (order is not None and order.high < CHANCE)
    return Lack.MISREAD if misread else None

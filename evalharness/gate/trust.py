"""stored calibration, fingerprint, what a gate requires -> whether people's labels carry a gate on one criterion."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from evalharness.model.breaks import Break
from evalharness.model.config import Requires
from evalharness.model.noun import Noun
from evalharness.model.nouns import By, Graded, GraderId, Measure
from evalharness.results.aggregate import CriterionScore
from evalharness.results.calibration import Stored, Subject

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
    KAPPA_UNDEFINED = "kappa_undefined"
    LOW_KAPPA = "low_kappa"


class Standing(Noun):
    """How far people's labels carry a gate on one criterion as this grader grades it; `lack` is None where they do.

    `labels` counts labelled attempts, `graded` those of them that this grader graded under this fingerprint; `qwk`
    is the kappa between the two.  `made_for` names the graders of the calibration where this one is not among them.
    """

    rubric: str
    criterion: str
    requires: Requires
    lack: Lack | None = None
    labels: int = 0
    graded: int = 0
    qwk: float | None = None
    made_for: tuple[str, ...] = ()


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
    """Return whether people's labels carry a gate on this criterion under this fingerprint, and what is lacking.

    `grader` is who grades now: it tells whether another fingerprint means another grader or another criterion.
    `breaks` are its found drifts: a calibration from before one is of another grader under the same name.
    """
    found = Standing(rubric=rubric, criterion=criterion, requires=requires)
    if stored is None:
        return replace(found, lack=Lack.CALIBRATION)
    entries = [entry for entry in stored.criteria if (entry.rubric, entry.criterion) == (rubric, criterion)]
    found = replace(found, labels=max((entry.labels for entry in entries), default=0))
    if not found.labels:
        return replace(found, lack=Lack.LABELS)
    graders = [each for entry in entries for each in entry.graders]
    agreement = next((each.agreement for each in graders if each.subject.fingerprint == fingerprint), None)
    if agreement is None:
        subjects = [each.subject for each in graders]
        names = tuple(dict.fromkeys(_named(subject, grader) for subject in subjects))
        return replace(found, lack=_other(subjects, grader), made_for=names)
    found = replace(found, graded=agreement.n, qwk=agreement.qwk.value)
    if any(one.found > stored.made for one in breaks):
        return replace(found, lack=Lack.DRIFT)
    return replace(found, lack=_lack(found))


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
    return tuple(
        standing(stored, print_, requires, rubric=rubric, criterion=score.criterion.id, grader=grader, breaks=breaks)
        for score in scores
        for print_ in _read_by_grader(score)
    )


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


def _lack(found: Standing) -> Lack | None:
    requires = found.requires
    if found.graded < requires.labels:
        return Lack.FEW_LABELS if found.labels < requires.labels else Lack.FEW_GRADES
    if found.qwk is None:
        return Lack.KAPPA_UNDEFINED
    return Lack.LOW_KAPPA if found.qwk < requires.min_qwk - _SAME else None

"""How far a grader agrees with people, as nouns: what `calibrate` keeps and what gates look at."""

from __future__ import annotations

from evalharness.model.noun import Noun
from evalharness.model.nouns import GraderId
from evalharness.stats import (
    Interval,
)

SAMPLING_ONLY = (
    "An interval covers chance only: a grader that is wrong in the same way every time does not show in it. "
    "People's labels show that."
)


class Estimate(Noun):
    """A figure with its interval; None where it can't be computed, or where nothing varies."""

    value: float | None = None
    interval: Interval | None = None


class Agreement(Noun):
    """How two kinds of raters agree in one criterion, over `n` attempts.

    Shares and kappa look at whole levels, `bias` (second minus first) and `mae` at levels as they are.
    `matrix` counts pairs: a row for each level of the first, a column for each of the second.
    """

    n: int
    pairs: int
    exact: Estimate
    within_one: Estimate
    qwk: Estimate
    alpha: Estimate
    bias: Estimate
    mae: Estimate
    matrix: tuple[tuple[int, ...], ...]


class Subject(Noun):
    """One grader as it graded: its identity, what to call it, and the fingerprint of this criterion."""

    name: str
    grader: GraderId
    fingerprint: str


class Answered(Noun):
    """One labelled answer in one criterion.

    `off` is how far the grader's level is from people's on average, `apart` how far people's are from each other
    (None: one person).  Of the `pairs` of this answer and another that people tell apart, the grader puts `won` in
    their order; one level for both is half of one.
    """

    off: float
    apart: float | None
    won: float
    pairs: int


class GraderAgreement(Noun):
    """A grader against people in one criterion, and answer by answer: a gate on a total looks at all its criteria."""

    subject: Subject
    agreement: Agreement
    answers: dict[str, Answered] = {}


class Calibrated(Noun):
    """One criterion: people against people, each grader against people, and what so few labels can't show."""

    rubric: str
    criterion: str
    title: str
    labels: int
    raters: tuple[str, ...]
    people: Agreement | None
    graders: tuple[GraderAgreement, ...]
    limits: tuple[str, ...]


class Halo(Noun):
    """How much the criteria of one rubric move together: mean rank correlation over pairs of criteria."""

    who: str
    value: float | None
    attempts: int


class Stored(Noun):
    """`labels/calibration.json`: the last calibration, by criterion and by the fingerprint it was made for."""

    made: str
    version: str
    criteria: tuple[Calibrated, ...] = ()
    halos: dict[str, tuple[Halo, ...]] = {}
    stale: int = 0
    format: int = 1

"""grades -> what repeated gradings say of a grader's noise, per criterion fingerprint, and in totals of joint calls."""

from __future__ import annotations

import functools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from evalharness.model.breaks import Break, side
from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST, LOWEST, By, Checklist, Grade, Graded, Kind, Measure, Scale, Tags
from evalharness.noise.prior import FLAT, Prior, normalised, times, up
from evalharness.noise.scale import Weights, likelihood

_RANGE = HIGHEST - LOWEST
Levels = tuple[float, ...]


class Noise(Noun):
    """The repeats of many answers under one criterion fingerprint: each answer's levels, and how often they came."""

    repeats: tuple[tuple[Levels, int], ...] = ()

    @property
    def degrees(self) -> int:
        """Return how many deviations from answers' own means were seen."""
        return sum((len(levels) - 1) * count for levels, count in self.repeats)

    @property
    def answers(self) -> int:
        """Return how many answers were graded more than once."""
        return sum(count for _, count in self.repeats)

    @property
    def sd(self) -> float | None:
        """Return the plain standard deviation of repeats, in levels, for display; None where nothing was repeated."""
        total = math.fsum(squares(levels) * count for levels, count in self.repeats)
        return math.sqrt(total / self.degrees) if self.degrees else None

    def weights(self, step: float, prior: Prior) -> Weights:
        """Return the likelihood of this criterion's noise, wherever on the scale the answers are."""
        return _weights(self.repeats, step, prior.answers)

    def without(self, *own: Sequence[float]) -> Noise:
        """Return the repeats of other answers: those of the answers that are compared speak for themselves."""
        left = Counter(dict(self.repeats))
        left.subtract(tuple(sorted(levels)) for levels in own if len(levels) > 1)
        return Noise(repeats=tuple(sorted((levels, count) for levels, count in left.items() if count > 0)))


UNKNOWN = Noise()


Sample = Mapping[str, float]
"""One joint call: the level of each criterion, by the name of its noise (`noise_name`)."""

Answers = Mapping[str, tuple[Sample, ...]]
"""The samples of each answer that was graded more than once in joint calls, by the key of its first grade."""


class Totals(Noun):
    """How totals of repeated joint calls spread: sum of squares around each answer's mean, and degrees."""

    squares: float = 0.0
    degrees: int = 0


NO_TOTALS = Totals()


def noise_of(answers: Iterable[Sequence[float]]) -> Noise:
    """Return the noise pooled over answers, each given by the levels of its repeated gradings."""
    found = Counter(tuple(sorted(levels)) for levels in answers if len(levels) > 1)
    return Noise(repeats=tuple(sorted(found.items())))


def totals_of(answers: Iterable[Sequence[float]]) -> Totals:
    """Return the spread of totals, each answer given by the totals of its repeated joint calls."""
    found = [totals for totals in answers if len(totals) > 1]
    return Totals(squares=math.fsum(map(squares, found)), degrees=sum(len(totals) - 1 for totals in found))


@functools.lru_cache(maxsize=2_000)
def _weights(repeats: tuple[tuple[Levels, int], ...], step: float, spread: float) -> Weights:
    found = FLAT
    for levels, count in repeats:
        found = times(found, tuple(weight**count for weight in _of_answer(levels, step, spread)))
    return found


@functools.lru_cache(maxsize=50_000)
def _of_answer(levels: Levels, step: float, spread: float) -> Weights:
    """Return what one answer's repeats say, scaled so that the largest weight is one."""
    found = normalised(up(tuple(map(math.fsum, likelihood(levels, step))), spread))
    most = max(found)
    return tuple(weight / most for weight in found)


def squares(levels: Sequence[float]) -> float:
    """Return the sum of squared deviations from the mean, in levels squared; there must be one level."""
    mean = math.fsum(levels) / len(levels)
    return math.fsum((level - mean) ** 2 for level in levels)


# --- grades of many runs ----------------------------------------------------------------------------------


def pool(runs: Iterable[Sequence[Grade]], breaks: Sequence[Break] = ()) -> dict[str, Noise]:
    """Return the noise of each fingerprint from the grades of many runs, each grade counted once.

    After a found drift (`breaks`) the same fingerprint is another grader, with a noise of its own (`noise_name`).

    Repeats are grades of one run with equal case, criterion and fingerprint.  Grades of different runs are
    repeats only where a copied grade joins them: an attempt that was rewritten under its old name has the
    same case, and its change is not noise.  Levels that code has set do not count.
    """
    groups: dict[str, list[list[float]]] = defaultdict(list)
    for fingerprint, levels in _repeats(runs, breaks):
        if len(levels) > 1:
            groups[fingerprint].append(levels)
    return {fingerprint: noise_of(found) for fingerprint, found in groups.items()}


def joint_answers(runs: Iterable[Sequence[Grade]], breaks: Sequence[Break] = ()) -> Answers:
    """Return the samples of each answer that joint calls have graded more than once, copies in other runs once."""
    found: dict[str, dict[int, dict[str, float]]] = {}
    for grades in runs:
        cases: dict[tuple[str, str], list[Grade]] = defaultdict(list)
        for grade in grades:
            if isinstance(grade.outcome, Graded) and grade.outcome.by is By.GRADER:
                cases[grade.case, side(breaks, grade.at) if breaks else ""].append(grade)
        for (_, mark), each in cases.items():
            first = min((grade.sample, grade.criterion, grade.key) for grade in each)[-1]
            samples = found.setdefault(noise_name(first, mark), {})
            for grade in each:
                level = grade.outcome.level if isinstance(grade.outcome, Graded) else 0.0
                samples.setdefault(grade.sample, {})[noise_name(grade.fingerprint, mark)] = level
    return {key: tuple(samples.values()) for key, samples in found.items() if len(samples) > 1}


def noise_name(fingerprint: str, mark: str) -> str:
    """Return the name under which `pool` keeps the noise of a fingerprint on one side of the found drifts."""
    return f"{fingerprint} {mark}" if mark else fingerprint


def step_of(kind: Kind, claimed: int = 0) -> float:
    """Return the smallest step a criterion's level can make, in levels; 0 where code measures it.

    `claimed` is how many tags the attempt claims.
    """
    match kind:
        case Scale():
            return 1.0
        case Checklist(items=items):
            return _RANGE / (2 * max(1, len(items)))
        case Tags():
            return _RANGE / max(1, claimed)
        case Measure():
            return 0.0
        case _:
            assert_never(kind)


def _repeats(runs: Iterable[Sequence[Grade]], breaks: Sequence[Break]) -> Iterator[tuple[str, list[float]]]:
    """Return fingerprint and levels of each answer's gradings, copies in other runs merged by their keys."""
    levels: dict[str, float] = {}
    home: dict[str, list[str]] = {}  # grade key -> all keys known to grade the same answer
    fingerprints: dict[str, str] = {}
    for grades in runs:
        for together in _grouped(grades, levels, fingerprints, breaks):
            _join(together, home)
    for keys in {id(keys): keys for keys in home.values()}.values():
        yield fingerprints[keys[0]], [levels[key] for key in keys]


def _grouped(
    grades: Sequence[Grade], levels: dict[str, float], fingerprints: dict[str, str], breaks: Sequence[Break]
) -> Iterable[list[str]]:
    """Return the keys of one run that grade the same answer, and note what stands under each.

    Most answers are graded once in a run, and nothing follows from those: only what comes twice is kept.
    """
    once: set[int] = set()
    twice: set[int] = set()
    for grade in grades:
        answer = hash((grade.case, grade.criterion, grade.fingerprint))
        (twice if answer in once else once).add(answer)
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for grade in grades if twice else ():
        if hash((grade.case, grade.criterion, grade.fingerprint)) not in twice:
            continue
        if isinstance(grade.outcome, Graded) and grade.outcome.by is By.GRADER:
            mark = side(breaks, grade.at) if breaks else ""
            name, key = noise_name(grade.fingerprint, mark), noise_name(grade.key, mark)
            found[grade.case, grade.criterion, name].append(key)
            levels[key] = grade.outcome.level
            fingerprints[key] = name
    return found.values()


def _join(together: Sequence[str], home: dict[str, list[str]]) -> None:
    """Put keys that grade the same answer, and all that were already known with one of them, on one list."""
    known = {id(home[key]): home[key] for key in together if key in home}
    merged = list(dict.fromkeys([key for keys in known.values() for key in keys] + list(together)))
    for key in merged:
        home[key] = merged

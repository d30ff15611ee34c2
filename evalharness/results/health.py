"""run, summary -> how far its numbers can be trusted: use of the scale, halo, length, quotes, repeats."""

from __future__ import annotations

import itertools
import math
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import mul

from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, HIGHEST, LOWEST, Grade, Graded, How, Measure, Rubric
from evalharness.model.run import Run
from evalharness.results.aggregate import CaseResult, Summary
from evalharness.stats import ranks, spearman, standardised
from evalharness.text.words import word_count

LEVELS = range(LOWEST, HIGHEST + 1)
FEWEST = 5  # below five attempts a correlation says nothing
_SAME = 1e-9


class Share(Noun, frozen=True, kw_only=True):
    """A count with what it is counted out of; the ratio is derived."""

    count: int
    of: int

    @property
    def ratio(self) -> float | None:
        """Return count divided by of, or None where there is nothing to count."""
        return self.count / self.of if self.of else None


class LevelUse(Noun, frozen=True, kw_only=True):
    """How often one criterion gave each level, from 1 to 5; unrounded levels go to the nearest one."""

    rubric: str
    criterion: str
    title: str
    counts: tuple[int, ...]

    @property
    def modal_level(self) -> int:
        """Return the level given most often, the lowest of them where several are."""
        return LEVELS[self.counts.index(max(self.counts))]

    @property
    def modal(self) -> Share:
        """Return how many of the levels are the one given most often."""
        return Share(count=max(self.counts), of=sum(self.counts))


class Correlation(Noun, frozen=True, kw_only=True):
    """A rank correlation with what it rests on; `value` is None where it can't be computed."""

    value: float | None = None
    attempts: int = 0
    pairs: int = 1


class RubricHealth(Noun, frozen=True, kw_only=True):
    """What only makes sense within one rubric: criteria with each other, totals with length."""

    rubric: str
    title: str
    halo: Correlation
    length: Correlation


class QuoteCounts(Noun, frozen=True, kw_only=True):
    """What became of the quotes that the grader offered."""

    verified: int = 0
    repaired: int = 0
    rejected: int = 0

    @property
    def offered(self) -> int:
        """Return how many quotes were offered in all."""
        return self.verified + self.repaired + self.rejected


class Retest(Noun, frozen=True, kw_only=True):
    """Several samples of the same thing: pairs that agree, and the pooled standard deviation in levels."""

    groups: int
    same: Share
    within_one: Share
    spread: float
    degrees: int


class Health(Noun, frozen=True, kw_only=True):
    """Everything of the health block; `graded` counts grades (one criterion, one sample)."""

    levels: tuple[LevelUse, ...]
    rubrics: tuple[RubricHealth, ...]
    quotes: QuoteCounts
    graded: Share
    retest: Retest | None


def health(run: Run, summary: Summary) -> Health:
    """Return the health figures of a run; each series and each grade is looked at once."""
    by_rubric: dict[str, _Seen] = {}
    repeats: list[tuple[float, ...]] = []
    for series in summary.series:
        for result in series.results:
            rubric = result.case.rubric
            if rubric.id not in by_rubric:
                by_rubric[rubric.id] = _Seen(rubric)
            by_rubric[rubric.id].add(result)
            repeats += repeated(result)
    graded, quotes = _of_grades(run.grades)
    return Health(
        levels=tuple(use for seen in by_rubric.values() for use in level_use(seen)),
        rubrics=tuple(rubric_health(seen) for seen in by_rubric.values()),
        quotes=quotes,
        graded=Share(count=graded, of=max(run.meta.planned, graded)),
        retest=retest(repeats),
    )


class _Seen:
    """What is kept of the attempts under one rubric: numbers only.

    `columns` holds, for each criterion that the grader set, its level in every attempt that has a total.
    """

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.counts = tuple(Counter[int]() for _ in rubric.criteria)
        self.totals, self.words = array("d"), array("q")
        self.columns: tuple[array[float], ...] = ()

    def add(self, result: CaseResult) -> None:
        """Count one attempt."""
        for counts, score in zip(self.counts, result.scores, strict=True):
            if score.level is not None:
                counts[nearest_level(score.level)] += 1
        if result.total is None:
            return
        levels = [score.level for score in result.read if not isinstance(score.criterion.kind, Measure)]
        self.columns = self.columns or tuple(array("d") for _ in levels)
        for column, level in zip(self.columns, levels, strict=True):
            if level is not None:
                column.append(level)
        self.totals.append(result.total)
        self.words.append(_length(result))


# --- parts of it -----------------------------------------------------------------------------------


def level_use(seen: _Seen) -> Iterator[LevelUse]:
    """Return how each criterion of one rubric used the scale; criteria without any level are left out."""
    rubric = seen.rubric
    for criterion, found in zip(rubric.criteria, seen.counts, strict=True):
        if found:
            counts = tuple(found[level] for level in LEVELS)
            yield LevelUse(
                rubric=rubric.id, criterion=criterion.id, title=criterion.title or criterion.id, counts=counts
            )


def nearest_level(level: float) -> int:
    """Return the nearest whole level, halves upward."""
    return min(HIGHEST, max(LOWEST, math.floor(level + 0.5)))


def rubric_health(seen: _Seen) -> RubricHealth:
    """Return halo and length correlation over the attempts that have a total."""
    rubric, attempts = seen.rubric, len(seen.totals)
    return RubricHealth(
        rubric=rubric.id,
        title=rubric.title,
        halo=halo(seen.columns, attempts),
        length=length_correlation(seen.totals, seen.words),
    )


def halo(columns: Iterable[Sequence[float]], attempts: int) -> Correlation:
    """Return the mean Spearman correlation over all pairs of criteria that the grader set, each a column of levels.

    A high mean says that one impression of the answer colours every criterion (halo, Thorndike 1920).
    Measures are left out, since code sets them, and criteria that gave everybody the same level.
    """
    scores = [z for z in (standardised(ranks(column)) for column in columns) if z is not None]
    pairs = [sum(map(mul, a, b)) for a, b in itertools.combinations(scores, 2)]
    if attempts < FEWEST or not pairs:
        return Correlation(attempts=attempts, pairs=0)
    return Correlation(value=sum(pairs) / len(pairs), attempts=attempts, pairs=len(pairs))


def length_correlation(totals: Sequence[float], words: Sequence[int]) -> Correlation:
    """Return the Spearman correlation of the attempts' totals with the numbers of words of their answers."""
    if len(totals) < FEWEST:
        return Correlation(attempts=len(totals))
    return Correlation(value=spearman(totals, words), attempts=len(totals))


def _of_grades(grades: Iterable[Grade]) -> tuple[int, QuoteCounts]:
    """Return how many grades have a level; and what became of their quotes: stood there, repaired, rejected."""
    graded = verified = repaired = rejected = 0
    for grade in grades:
        rejected += grade.rejected_quotes
        if isinstance(grade.outcome, Graded):
            graded += 1
            found = grade.outcome.evidence
            if grade.outcome.findings:
                found = tuple({*found, *(q for f in grade.outcome.findings for q in f.evidence)})
            mended = sum(quote.how is How.REPAIRED for quote in found)
            verified, repaired = verified + len(found) - mended, repaired + mended
    return graded, QuoteCounts(verified=verified, repaired=repaired, rejected=rejected)


def repeated(result: CaseResult) -> Iterator[tuple[float, ...]]:
    """Return the levels of every criterion of one attempt that a grader set at least twice."""
    for score in result.read:
        if len(score.grades) > 1 and not isinstance(score.criterion.kind, Measure):
            levels = score.levels
            if len(levels) > 1:
                yield levels


def retest(groups: Iterable[Sequence[float]]) -> Retest | None:
    """Return how well samples of the same thing agree, or None where nothing was sampled twice.

    The spread is the pooled standard deviation, sqrt(sum of squares within groups / sum of (n - 1)):
    the usual estimate of the error of one measurement (Bland & Altman 1996, BMJ 313:744).
    """
    found = [tuple(group) for group in groups if len(group) > 1]
    if not found:
        return None
    gaps = [abs(a - b) for group in found for a, b in itertools.combinations(group, 2)]
    squares = sum(_squares(group) for group in found)
    degrees = sum(len(group) - 1 for group in found)
    return Retest(
        groups=len(found),
        same=Share(count=sum(gap < _SAME for gap in gaps), of=len(gaps)),
        within_one=Share(count=sum(gap < 1 + _SAME for gap in gaps), of=len(gaps)),
        spread=math.sqrt(squares / degrees),
        degrees=degrees,
    )


# --- statistics ------------------------------------------------------------------------------------


def _squares(group: Sequence[float]) -> float:
    mean = math.fsum(group) / len(group)
    return math.fsum((level - mean) ** 2 for level in group)


def _length(result: CaseResult) -> int:
    part = result.case.attempt.part(ANSWER)
    return word_count(part.text) if part else 0

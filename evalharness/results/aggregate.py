"""grades -> levels, totals, differences.  Never rounds, never leaves a weak criterion out."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import msgspec

from evalharness.model.breaks import Break, between, made_at
from evalharness.model.correction import Correction
from evalharness.model.lazy import Once, View
from evalharness.model.noun import Noun, kept
from evalharness.model.nouns import (
    EXAMPLE,
    HEURISTIC,
    HIGHEST,
    Attempt,
    By,
    Case,
    Criterion,
    Grade,
    Graded,
    Measure,
    Quote,
    Scale,
    Ungraded,
    Why,
)
from evalharness.model.run import Former, Run
from evalharness.model.signals import Signals
from evalharness.plan.precheck import applies


class CriterionScore(Noun, dict=True, gc=True):
    """All samples of one criterion of one attempt.

    `top` is the highest level that this grader gives on it; `level` the unrounded mean, None where fewer than `planned`
    samples were graded.  `read` is False where the grader cannot read it: outside the total.  `correction`, by people's
    labels, changes no level, no total and no comparison.
    """

    criterion: Criterion
    grades: tuple[Grade, ...]
    planned: int = 1
    read: bool = True
    top: float = HIGHEST
    correction: Correction | None = None

    @property
    def levels(self) -> tuple[float, ...]:
        """Return the level of each graded sample."""
        return tuple(g.outcome.level for g in self.grades if isinstance(g.outcome, Graded))

    @kept
    def level(self) -> float | None:
        """Return the unrounded mean, or None where a planned sample is missing or ungraded."""
        levels = self.levels
        return sum(levels) / len(levels) if levels and len(levels) >= self.planned else None

    @property
    def corrected(self) -> float | None:
        """Return the level that people would have given; None without a correction for all of these grades."""
        read = all(isinstance(g.outcome, Graded) and g.outcome.by is By.GRADER and self._is_for(g) for g in self.grades)
        return None if self.correction is None or self.level is None or not read else self.correction.of(self.level)

    def _is_for(self, grade: Grade) -> bool:
        return self.correction is not None and self.correction.fingerprint == grade.fingerprint

    @property
    def spread(self) -> float | None:
        """Return the sample standard deviation of the levels, in levels, or None below two samples."""
        return statistics.stdev(self.levels) if len(self.levels) > 1 else None

    @property
    def graded(self) -> Graded | None:
        """Return the first graded sample, whose evidence and reason are shown."""
        return next((g.outcome for g in self.grades if isinstance(g.outcome, Graded)), None)

    @property
    def ungraded(self) -> Ungraded | None:
        """Return the first outcome without a level, or None."""
        return next((g.outcome for g in self.grades if isinstance(g.outcome, Ungraded)), None)

    @property
    def evidence(self) -> tuple[Quote, ...]:
        """Return the verified quotes of the shown sample, those of its findings included, without repeats."""
        if self.graded is None:
            return ()
        found = [*self.graded.evidence, *(q for f in self.graded.findings for q in f.evidence)]
        return tuple(dict.fromkeys(found))


class CaseResult(Noun, dict=True, gc=True):
    """One attempt; `total` is the unrounded mean of what the grader reads, by weight, None if some of it is ungraded.

    `breaks` are the found drifts; `by_surface`: it does not read meaning; `former`: grades of the text before an edit.
    """

    case: Case
    scores: tuple[CriterionScore, ...]
    breaks: tuple[Break, ...] = ()
    by_surface: bool = False
    former: Former | None = None

    @kept
    def read(self) -> tuple[CriterionScore, ...]:
        """Return the criteria that the grader reads."""
        return tuple(score for score in self.scores if score.read)

    @property
    def not_read(self) -> tuple[CriterionScore, ...]:
        """Return the criteria outside the total because this grader cannot read them."""
        return tuple(score for score in self.scores if not score.read)

    @kept
    def ungraded(self) -> tuple[CriterionScore, ...]:
        """Return the criteria that should have a level and have none; in an answer that is too short none should."""
        missing = tuple(score for score in self.read if score.level is None)
        return () if missing and self.too_short else missing

    @kept
    def too_short(self) -> str:
        """Return how far the answer is below the fewest words (`119 of 120 words`); an empty text where it is not."""
        found = (score.ungraded for score in (self.read if self.total is None else ()))
        return next((each.detail for each in found if each and each.why is Why.TOO_SHORT), "")

    @property
    def by_rule(self) -> tuple[tuple[CriterionScore, str], ...]:
        """Return the criteria whose level a rule gave, because what they read is not there, each with the reason."""
        graded = ((score, score.graded) for score in self.read if not isinstance(score.criterion.kind, Measure))
        return tuple((score, each.reason) for score, each in graded if each and each.by is By.CODE and each.reason)

    @kept
    def total(self) -> float | None:
        """Return the weighted mean level, or None where a criterion is missing."""
        weighted = [(s.level, s.criterion.weight) for s in self.read]
        weight = sum(w for _, w in weighted)
        if not weight or any(level is None for level, _ in weighted):
            return None
        return sum(level * w for level, w in weighted if level is not None) / weight


class SeriesResult(Noun, dict=True, gc=True):
    """All attempts of one author at one question in this run, oldest first."""

    results: Sequence[CaseResult]

    @property
    def latest(self) -> CaseResult:
        """Return the newest attempt."""
        return self.results[-1]

    @property
    def previous(self) -> CaseResult | None:
        """Return the attempt before the newest, or None."""
        return self.results[-2] if len(self.results) > 1 else None

    @kept
    def drifted(self) -> Break | None:
        """Return the found drift between the gradings of the newest attempt and the one before it, both graded."""
        if self.previous is None or self.previous.total is None or self.latest.total is None:
            return None
        return drift_between(self.previous, self.latest)

    @property
    def drifts(self) -> tuple[Break, ...]:
        """Return the found drifts that divide the graded attempts of this series."""
        return tuple(dict.fromkeys(found for found in self.apart if found))

    @kept
    def apart(self) -> tuple[Break | None, ...]:
        """Return for each attempt the found drift between its grading and that of the graded attempt before it."""
        found: list[Break | None] = []
        before: CaseResult | None = None
        for result in self.results:
            found.append(drift_between(before, result) if before and result.total is not None else None)
            before = result if result.total is not None else before
        return tuple(found)

    @property
    def difference(self) -> float | None:
        """Return latest total minus the one before, in levels, without a verdict.

        None where either is missing, and where the grader drifted between the two gradings.
        """
        if self.previous is None or self.previous.total is None or self.latest.total is None or self.drifted:
            return None
        return self.latest.total - self.previous.total

    @property
    def together(self) -> tuple[CaseResult, ...]:
        """Return the graded attempts that one grader graded, the newest graded one among them, oldest first."""
        graded = [result for result in self.results if result.total is not None]
        return tuple(result for result in graded if not drift_between(result, graded[-1]))


class Figures(Noun):
    """Counts over a whole run, which never travel alone: `graded` of `attempts` have a total, `too_short` none.

    `mean` is over `latest_totals`, the totals of those latest attempts that have one, of `series` without `examples`.
    """

    attempts: int
    graded: int
    series: int
    latest_totals: tuple[float, ...]
    too_short: int = 0
    examples: int = 0

    @property
    def mean(self) -> float | None:
        """Return the mean total over the latest attempts that have one."""
        return sum(self.latest_totals) / len(self.latest_totals) if self.latest_totals else None


class Summary(Noun):
    """What a run found: every series in order of the first file.

    The series of a stored run are made from its files where they are looked at; each figure below takes a look at
    all of them, `figures` one look for all figures.
    """

    series: Sequence[SeriesResult]

    @property
    def results(self) -> tuple[CaseResult, ...]:
        """Return every attempt of every series, all of them in memory at once."""
        return tuple(result for series in self.series for result in series.results)

    @property
    def figures(self) -> Figures:
        """Return all counts."""
        return figures(self.series)

    @property
    def attempts(self) -> int:
        """Return how many attempts were planned."""
        return self.figures.attempts

    @property
    def graded(self) -> int:
        """Return how many attempts have a total."""
        return self.figures.graded

    @property
    def latest_totals(self) -> tuple[float, ...]:
        """Return the totals of the latest attempts that have one."""
        return self.figures.latest_totals

    @property
    def mean(self) -> float | None:
        """Return the mean total over the latest attempts that have one."""
        return self.figures.mean

    @property
    def ungraded(self) -> tuple[tuple[CaseResult, CriterionScore], ...]:
        """Return every criterion of every attempt that should have a level and has none."""
        return tuple(ungraded(self.series))


def ungraded(series: Iterable[SeriesResult]) -> Iterator[tuple[CaseResult, CriterionScore]]:
    """Yield every criterion of every attempt that should have a level and has none."""
    return ((result, score) for each in series for result in each.results for score in result.ungraded)


def figures(series: Iterable[SeriesResult], *, with_examples: bool = False) -> Figures:
    """Return the counts over all series, each of which is looked at once; examples count in no mean unless asked."""
    attempts = graded = several = short = examples = 0
    latest_totals: list[float] = []
    for each in series:
        short += sum(bool(result.too_short) for result in each.results)
        totals = [result.total for result in each.results]
        is_guest = not with_examples and each.latest.case.attempt.author == EXAMPLE
        several, attempts, examples = several + 1, attempts + len(totals), examples + is_guest
        graded += sum(total is not None for total in totals)
        latest_totals += [total for total in totals[-1:] if total is not None and not is_guest]
    counts = {"attempts": attempts, "graded": graded, "series": several, "too_short": short, "examples": examples}
    return Figures(latest_totals=tuple(latest_totals), **counts)


def drift_between(before: CaseResult, after: CaseResult) -> Break | None:
    """Return the found drift between the gradings of two attempts, in any criterion that counts, or None."""
    breaks = after.breaks or before.breaks
    if not breaks:
        return None
    earlier = {score.criterion.id: score for score in before.read}
    for score in after.read:
        other = earlier.get(score.criterion.id)
        if other is not None and score.criterion.weight > 0:
            found = between(breaks, made_at((*other.grades, *score.grades)))
            if found:
                return found
    return None


class _Last:
    """What was summed up last: report, gate and screen ask for the same run one after the other."""

    run: Run | None = None
    summary: Summary | None = None


def summarise(run: Run) -> Summary:
    """Return levels, totals and next steps of a run, grouped into series ordered by date, then name.

    Its results are kept where its grades are in memory too, and made at each look where they are not.
    """
    if _Last.summary is None or _Last.run is not run:
        _Last.run, _Last.summary = run, _summarise(run)
    return _Last.summary


def _summarise(run: Run) -> Summary:
    cases, grades = run.cases(), run.by_case()
    not_read = frozenset(run.meta.not_read)
    capped = run.meta.grader.name == HEURISTIC
    rows, samples, breaks = rows_of_series(run.attempts), run.meta.samples, run.meta.breaks
    former = {each.case: each for each in run.meta.former}
    corrections = {(each.rubric, each.criterion): each for each in run.meta.corrections}

    def result(row: int) -> CaseResult:
        case = cases[row]
        found = of_criteria(grades.of_case(case.key))
        result = case_result(case, found, not_read, samples, capped=capped, breaks=breaks, corrections=corrections)
        return msgspec.structs.replace(result, former=former[case.key]) if case.key in former else result

    return Summary(series=all_series(rows, result, is_held=getattr(run.grades, "is_held", False)))


def all_series(
    rows: Sequence[Sequence[int]], result: Callable[[int], CaseResult], *, is_held: bool
) -> View[SeriesResult]:
    """Return every series; `is_held` says that its results may be kept."""
    kind = Once if is_held else View
    return kind(len(rows), lambda place: series_of(rows[place], result))


def series_of(rows: Sequence[int], result: Callable[[int], CaseResult]) -> SeriesResult:
    """Return the series of the attempts at these places; most views look at its last two."""
    return SeriesResult(results=Once(len(rows), lambda place: result(rows[place])))


def of_criteria(grades: Iterable[Grade]) -> dict[str, list[Grade]]:
    """Return the grades of one attempt by criterion."""
    found: dict[str, list[Grade]] = defaultdict(list)
    for grade in grades:
        found[grade.criterion].append(grade)
    return found


def case_result(
    case: Case,
    grades: Mapping[str, Sequence[Grade]],
    not_read: frozenset[str],
    samples: int,
    *,
    capped: bool = False,
    breaks: tuple[Break, ...] = (),
    corrections: Mapping[tuple[str, str], Correction] = MappingProxyType({}),
) -> CaseResult:
    """Return one attempt's result; a criterion without any stored grade counts as missing, not as absent.

    `capped` says that the heuristic graded it, which gives no level above the `cap` of a scale's signals.
    """
    scores = []
    for criterion in case.rubric.criteria:
        found = tuple(sorted(grades.get(criterion.id, ()), key=lambda grade: grade.sample))
        read = f"{case.rubric.id}/{criterion.id}" not in not_read and applies(case, criterion, by_surface=capped)
        planned = 1 if isinstance(criterion.kind, Measure) else samples
        top = _cap(criterion) if capped else HIGHEST
        of = CriterionScore(criterion=criterion, grades=found, planned=planned, read=read, top=top)
        correction = corrections.get((case.rubric.id, criterion.id))
        scores.append(msgspec.structs.replace(of, correction=correction) if correction else of)
    return CaseResult(case=case, scores=tuple(scores), breaks=breaks, by_surface=capped)


def _cap(criterion: Criterion) -> float:
    match criterion.kind:
        case Scale(signals=Signals(cap=cap)):
            return cap
        case _:
            return HIGHEST


def group(results: Iterable[CaseResult]) -> tuple[SeriesResult, ...]:
    """Return results as series, each ordered by date and then attempt id, series in order of appearance."""
    found = tuple(results)
    rows = rows_of_series(result.case.attempt for result in found)
    return tuple(SeriesResult(results=tuple(found[row] for row in each)) for each in rows)


def rows_of_series(attempts: Iterable[Attempt]) -> tuple[tuple[int, ...], ...]:
    """Return the places of the attempts of each series, by date and then id, series in order of appearance."""
    series: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for row, attempt in enumerate(attempts):
        series[attempt.series].append((attempt.date, attempt.id, row))
    return tuple(tuple(row for *_, row in sorted(found)) for found in series.values())

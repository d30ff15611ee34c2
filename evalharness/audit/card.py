"""levels of attempts and of their variants -> a report card of the grader: pass, lean or fail, line by line.

A noisy grader is judged against its own noise.  The noise of one grading is pooled over repeats of the unchanged
attempts (`noise.composites`), and the mean shift over attempts is tested with
Student's t; all tests of a card together give a false alarm in at most 5 of 100 cards (Holm 1979), each criterion
tested by itself beside the mean over all.  Where nothing may move, so is how far attempts moved whichever way (F
against the same noise): a grader that reads levels by their place lifts the weak and lowers the strong, and the mean
stays where it was.  A deterministic grader has no noise: its shifts are what they are.

* *fail*: a forbidden shift of more than TOLERANCE that noise does not explain; or what must fall does not.
* *lean*: a forbidden shift that is real and smaller; or a fall that is too small, or not proven.
* *unclear*: nothing seen, but a shift of a whole level could have hidden.

A line that rests on one answer says so, and can lean at most: what one answer shows may be about that answer.
"""

from __future__ import annotations

import enum
import math
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evalharness.audit.variants import PROPERTIES, Expect, Property, Variant, judged
from evalharness.drift.levels import _weights, composite
from evalharness.model.noun import Noun
from evalharness.model.nouns import Case, Criterion, GraderId
from evalharness.noise import ERROR_RATE, pooled_variance, step_of
from evalharness.noise.repeats import squares
from evalharness.stats import f_upper_tail, holm, t_quantile, t_two_sided, t_upper_tail, wilson_interval

TOLERANCE = 0.25  # levels of a total, or of one criterion on average, that nobody would act on
ONE_ANSWER = "rests on one answer"
BOTH_WAYS = "some up, some down"
LOW_LEVEL = 1.5
CAN_FALL = 2.0
_HIDDEN = 1.0
_POWER = 0.8
_SAME = 1e-9
_MOSTLY = 0.8

Levels = Mapping[str, Mapping[str, Mapping[int, float]]]
"""Attempt key -> criterion id -> sample -> level."""


class Verdict(enum.Enum):
    """What one line of the card says, worst first."""

    FAIL = "fail"
    LEAN = "lean"
    UNCLEAR = "unclear"
    PASS = "pass"  # noqa: S105  # a verdict
    NOT_TESTED = "not tested"


class Line(Noun):
    """One property: the mean shift in levels, the worst one, what could have hidden, over `n` variants.

    `where` names the criterion or the variant that decided, "" for the mean over criteria.  `p` is adjusted for
    all tests of the card; None for a deterministic grader.
    """

    id: str
    title: str
    expects: str
    verdict: Verdict
    n: int = 0
    shift: float | None = None
    worst: float | None = None
    detectable: float | None = None
    p: float | None = None
    where: str = ""


class Counts(Noun):
    """What became of all the calls: grades planned, ungraded; quotes offered, and not found in the answer."""

    planned: int = 0
    ungraded: int = 0
    quotes: int = 0
    invented: int = 0


class Card(Noun):
    """The report card of one grader under one rubric."""

    rubric: str
    grader: GraderId
    attempts: tuple[str, ...]
    samples: int
    lines: tuple[Line, ...]
    counts: Counts
    noise: dict[str, float] = {}
    incomplete: str = ""
    over_budget: bool = False
    format: int = 1

    def of(self, *verdicts: Verdict) -> tuple[Line, ...]:
        """Return the lines with one of `verdicts`."""
        return tuple(line for line in self.lines if line.verdict in verdicts)

    @property
    def failed(self) -> tuple[Line, ...]:
        """Return the lines that fail: a gate asks for none."""
        return self.of(Verdict.FAIL)


class Seen(Noun):
    """Everything an audit has seen: the unchanged attempts, their variants, and the level of each."""

    cases: tuple[Case, ...]
    variants: tuple[Variant, ...]
    levels: dict[str, dict[str, dict[int, float]]]
    reads: frozenset[str]
    counts: Counts = Counts()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Return the criteria that the grader reads."""
        return tuple(c for c in self.cases[0].rubric.criteria if c.id in self.reads)


def judge(seen: Seen, grader: GraderId, *, samples: int) -> Card:
    """Return the report card."""
    lines = _exact(seen) if grader.deterministic else _noisy(seen)
    noise = {} if grader.deterministic else dict(_noise_of(seen))
    return Card(
        rubric=seen.cases[0].rubric.id,
        grader=grader,
        attempts=tuple(case.key for case in seen.cases),
        samples=samples,
        lines=(*lines, *counted(seen.counts)),
        counts=seen.counts,
        noise=noise,
    )


# --- shifts ----------------------------------------------------------------------------------------------


class Shift(Noun):
    """One variant against what it came from, for one group of criteria: mean levels and how many samples."""

    name: str
    before: str
    size: float
    held: int
    seen: int


def shifts(seen: Seen, property_: Property, group: Sequence[Criterion]) -> list[Shift]:
    """Return the shift of every variant of a property that has a level on both sides."""
    found = []
    for variant in seen.variants:
        if variant.of != property_.of:
            continue
        after = composite(seen.levels, variant.case.key, group)
        before = composite(seen.levels, variant.before, group)
        if property_.expects is Expect.LOW:
            before = [LOW_LEVEL]
        can_fall = property_.expects is not Expect.FALL or (before and statistics.fmean(before) >= CAN_FALL)
        if after and before and can_fall:
            size = statistics.fmean(after) - statistics.fmean(before)
            held = 0 if property_.expects is Expect.LOW else len(before)
            found.append(Shift(name=variant.case.key, before=variant.before, size=size, held=held, seen=len(after)))
    return found


def _groups(property_: Property, criteria: Sequence[Criterion]) -> list[tuple[Criterion, ...]]:
    """Return all judged criteria together and, where a shift is forbidden, each by itself too."""
    together = judged(property_, criteria)
    if not together:
        return []
    alone = property_.expects in (Expect.HOLD, Expect.NO_RISE, Expect.NO_FALL) and len(together) > 1
    return [together, *((criterion,) for criterion in together if alone)]


# --- a grader without noise --------------------------------------------------------------------------------


def _exact(seen: Seen) -> Iterator[Line]:
    for property_ in PROPERTIES:
        groups = _groups(property_, seen.criteria)
        found = shifts(seen, property_, groups[0]) if groups else []
        if not found:
            yield _line(property_, Verdict.NOT_TESTED)
            continue
        sizes = [shift.size for shift in found]
        worst = max(found, key=lambda shift: _forbidden(property_, shift.size))
        alone = [s.size for group in groups[1:] for s in shifts(seen, property_, group)]
        moved = any(_forbidden(property_, size) > _SAME for size in (*sizes, *alone))
        verdict = _exact_verdict(property_, sizes, moved=moved)
        where = worst.name if _forbidden(property_, worst.size) > _SAME and verdict is not Verdict.PASS else ""
        yield _line(property_, verdict, n=len(sizes), shift=statistics.fmean(sizes), worst=worst.size, where=where)


def _exact_verdict(property_: Property, sizes: Sequence[float], *, moved: bool) -> Verdict:
    if property_.expects is Expect.FALL:
        fell = statistics.fmean(size < -_SAME for size in sizes)
        if fell >= _MOSTLY and statistics.fmean(sizes) <= -TOLERANCE:
            return Verdict.PASS
        return Verdict.LEAN if fell >= 0.5 else Verdict.FAIL
    worst = max(_forbidden(property_, size) for size in sizes)
    if worst > TOLERANCE + _SAME:
        return Verdict.FAIL
    return Verdict.LEAN if moved else Verdict.PASS


def _forbidden(property_: Property, size: float) -> float:
    """Return how far a shift goes where it must not, below zero where it goes the allowed way."""
    match property_.expects:
        case Expect.HOLD:
            return abs(size)
        case Expect.NO_RISE | Expect.LOW | Expect.FALL:
            return size
        case Expect.NO_FALL:
            return -size


# --- a grader with noise -----------------------------------------------------------------------------------


class _Test(Noun):
    """One tested mean (or single) shift: its size, raw p, standard error, and what it is about."""

    property: str
    size: float
    p: float
    error: float
    where: str = ""


def _noisy(seen: Seen) -> Iterator[Line]:
    tests: list[_Test] = []
    for property_ in PROPERTIES:
        for number, group in enumerate(_groups(property_, seen.criteria)):
            tests += _tests(seen, property_, group, "" if number == 0 else group[0].id)
    forbidding = [test for test in tests if _expects(test) is not Expect.FALL]
    adjusted = dict(zip(map(id, forbidding), holm([test.p for test in forbidding]), strict=True))
    degrees = max(1, _variance(seen, seen.criteria)[1])
    for property_ in PROPERTIES:
        found = [test for test in tests if test.property == property_.id]
        groups = _groups(property_, seen.criteria)
        sizes = [shift.size for shift in shifts(seen, property_, groups[0])] if groups else []
        if not found or not sizes:
            yield _line(property_, Verdict.NOT_TESTED)
            continue
        if property_.expects is Expect.FALL:
            yield _fall(property_, found[0], sizes)
            continue
        decided = min(found, key=lambda test: (_rank(property_, test, adjusted[id(test)]), adjusted[id(test)]))
        edge = t_quantile(1 - ERROR_RATE / max(1, len(forbidding)) / 2, degrees) + t_quantile(_POWER, degrees)
        hidden = edge * found[0].error
        verdict = (Verdict.FAIL, Verdict.LEAN, Verdict.PASS)[_rank(property_, decided, adjusted[id(decided)])]
        if verdict is Verdict.PASS and hidden > _HIDDEN:
            verdict = Verdict.UNCLEAR
        yield _line(
            property_,
            verdict,
            n=len(sizes),
            shift=statistics.fmean(sizes),
            worst=max(sizes, key=lambda size: _forbidden(property_, size)),
            detectable=hidden,
            p=adjusted[id(decided)],
            where=decided.where if verdict in (Verdict.FAIL, Verdict.LEAN) else "",
        )


def _expects(test: _Test) -> Expect:
    return next(p.expects for p in PROPERTIES if p.id == test.property)


def _rank(property_: Property, test: _Test, p: float) -> int:
    if p > ERROR_RATE:
        return 2
    return 0 if _forbidden(property_, test.size) > TOLERANCE else 1


def _fall(property_: Property, test: _Test, sizes: Sequence[float]) -> Line:
    """Return the line of something that must fall: proven at 5 %, and by more than TOLERANCE."""
    proven, enough = test.p <= ERROR_RATE, test.size <= -TOLERANCE
    verdict = Verdict.PASS if proven and enough else Verdict.LEAN if proven or enough else Verdict.FAIL
    return _line(property_, verdict, n=len(sizes), shift=test.size, worst=max(sizes), detectable=None, p=test.p)


def _tests(seen: Seen, property_: Property, group: Sequence[Criterion], where: str) -> Iterator[_Test]:
    found = shifts(seen, property_, group)
    variance, degrees = _variance(seen, group)
    if not found or not degrees:
        return
    mean = statistics.fmean(shift.size for shift in found)
    error = math.sqrt(variance * _draws(found)) / len(found)
    p = _tail(property_, mean / error, degrees)
    yield _Test(property=property_.id, size=mean, p=p, error=error, where=where)
    if property_.expects is Expect.HOLD and not where and len(found) > 2:
        yield _apart(property_, found, variance, degrees)
    if property_.single and not where:
        for shift in found:
            alone = math.sqrt(variance * (1 / shift.seen + (1 / shift.held if shift.held else 0)))
            p = _tail(property_, shift.size / alone, degrees)
            yield _Test(property=property_.id, size=shift.size, p=p, error=error, where=shift.name)


def _apart(property_: Property, found: Sequence[Shift], variance: float, degrees: int) -> _Test:
    """Return the test of how far attempts moved whichever way; its size is what noise leaves of the typical shift."""
    noise = [variance * (1 / shift.seen + 1 / shift.held) for shift in found]
    ratio = statistics.fmean(shift.size**2 / each for shift, each in zip(found, noise, strict=True))
    left = statistics.fmean(shift.size**2 for shift in found) - statistics.fmean(noise)
    p = f_upper_tail(ratio, len(found), degrees)
    error = math.sqrt(statistics.fmean(noise))
    return _Test(property=property_.id, size=math.sqrt(max(0.0, left)), p=p, error=error, where=BOTH_WAYS)


def _draws(found: Sequence[Shift]) -> float:
    """Return the variance of the summed shifts in units of one grading; variants of one attempt share its error."""
    shared = Counter(shift.before for shift in found if shift.held)
    held = {shift.before: shift.held for shift in found if shift.held}
    return math.fsum(1 / shift.seen for shift in found) + math.fsum(k * k / held[key] for key, k in shared.items())


def _tail(property_: Property, t: float, degrees: float) -> float:
    match property_.expects:
        case Expect.HOLD:
            return t_two_sided(t, degrees)
        case Expect.NO_RISE | Expect.LOW:
            return t_upper_tail(t, degrees)
        case Expect.NO_FALL | Expect.FALL:
            return t_upper_tail(-t, degrees)


def _variance(seen: Seen, group: Sequence[Criterion]) -> tuple[float, int]:
    """Return the variance of one grading of a group, and its degrees, from repeats of the unchanged attempts."""
    repeats = [composite(seen.levels, case.key, group) for case in seen.cases]
    claimed = len(seen.cases[0].claimed)
    steps = zip(_weights(group), (step_of(c.kind, claimed) for c in group), strict=True)
    return pooled_variance(repeats, math.fsum((weight * size) ** 2 for weight, size in steps))


def _noise_of(seen: Seen) -> Iterator[tuple[str, float]]:
    for criterion in seen.criteria:
        repeats = [composite(seen.levels, case.key, (criterion,)) for case in seen.cases]
        degrees = sum(len(levels) - 1 for levels in repeats if levels)
        if degrees:
            yield criterion.id, math.sqrt(math.fsum(squares(levels) for levels in repeats if levels) / degrees)


# --- what became of the calls ------------------------------------------------------------------------------


def counted(counts: Counts) -> tuple[Line, ...]:
    """Return the lines about quotes that were not there, and about criteria without a grade."""
    return (
        _shares("quotes", "Quotes invented", "at most 1 of 50", counts.invented, counts.quotes, 0.02),
        _shares("graded", "Left ungraded", "at most 1 of 50", counts.ungraded, counts.planned, 0.02),
    )


def _shares(id_: str, title: str, expects: str, count: int, of: int, most: float) -> Line:
    if not of:
        return Line(id=id_, title=title, expects=expects, verdict=Verdict.NOT_TESTED)
    share = count / of
    sure = wilson_interval(count, of).low > most
    verdict = Verdict.PASS if share <= most else Verdict.FAIL if sure else Verdict.LEAN
    return Line(id=id_, title=title, expects=expects, verdict=verdict, n=of, where=f"{count} of {of}")


def _line(property_: Property, verdict: Verdict, *, where: str = "", **fields: object) -> Line:
    if fields.get("n") == 1:
        verdict = Verdict.LEAN if verdict is Verdict.FAIL else verdict
        where = f"{where}, {ONE_ANSWER}" if where else ONE_ANSWER
    return Line(
        id=property_.id,
        title=property_.title,
        expects=property_.expects.value,
        verdict=verdict,
        where=where,
        **fields,  # type: ignore[arg-type]  # the caller names fields of Line
    )

"""results, bars, noise -> pass, fail or too close to call.  What has no score never passes.

A *fail* is a claim: all claims of one build together are wrong at most once in a hundred builds (FAIL_RATE, Holm).
A *pass* says that the true total reaches the bar, or has not dropped by DROP of a level, with 97.5 %.  Whatever
neither can be said of is too close to call.  Until a grader's noise is measured it is assumed, as everywhere else
(`noise.prior`).  A deterministic grader has no noise.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec

from evalharness.gate.trust import Standing, standings
from evalharness.model.config import Gate, GateFor, Requires, RequiresFor
from evalharness.model.noun import Noun
from evalharness.model.nouns import Case
from evalharness.model.run import Run
from evalharness.noise import (
    ERROR_RATE,
    Change,
    Reading,
    compare_with_bar,
    read_changes,
)
from evalharness.results.aggregate import CaseResult, CriterionScore, SeriesResult, drift_between, summarise
from evalharness.results.calibration import Stored
from evalharness.results.changes import Grading, change_of_total, grading_of, pair_of, setting_of

FAIL_RATE = 0.01  # of all fails of one build together
DROP = 0.5  # of a level in the total: what `no_regression` has to rule out before it says pass
_SAME = 1e-9
_CLAIMS_WORSE = frozenset({Reading.WORSE, Reading.WORSE_BY_SURFACE})


class Verdict(enum.Enum):
    """What a gate says about one attempt.  `UNGRADED`: nothing can be said, so it does not pass."""

    PASS = "pass"  # noqa: S105  # no password
    FAIL = "fail"
    TOO_CLOSE = "too_close"
    UNGRADED = "ungraded"


_WORST = (Verdict.FAIL, Verdict.UNGRADED, Verdict.TOO_CLOSE, Verdict.PASS)


class Asks(enum.Enum):
    """What a gate asks for."""

    GRADE = "graded"
    MIN_SCORE = "min_score"
    FLOOR = "floor"
    NO_REGRESSION = "no_regression"


class Trial(Noun):
    """One thing that a gate asks of one attempt, not decided yet.

    `found` is the total or level now; `bar` what it is held against (for `no_regression` the total before).
    `change` is `found` minus `bar` with its error; None where there is nothing to measure.  `rubric` is the
    attempt's, `rests_on` how far people's labels carry each criterion that takes part, where `requires` asks for it.
    `apart` marks what was not measured as the bar was; `drifted` is the day of the check that found a drift between
    the two.  `unasked` marks what the heuristic graded although nobody asked for it by name.  `short` says how many
    words an answer has that is too short to grade.
    """

    asks: Asks
    case: str
    criterion: str = ""
    found: float | None = None
    bar: float | None = None
    change: Change | None = None
    too_close: str = "warn"
    rubric: str = ""
    rests_on: tuple[Standing, ...] = ()
    apart: bool = False
    drifted: str = ""
    unasked: bool = False
    short: str = ""

    @property
    def lacking(self) -> tuple[Standing, ...]:
        """Return the criteria that people's labels don't carry as `requires` asks."""
        return tuple(standing for standing in self.rests_on if standing.lack)

    @property
    def advisory(self) -> bool:
        """Return whether this is shown and can't fail a build."""
        return self.apart or self.unasked or bool(self.lacking)


class Ruling(Noun):
    """A trial and its verdict."""

    trial: Trial
    verdict: Verdict

    @property
    def fails(self) -> bool:
        """Return whether this fails a build; ungraded attempts are counted elsewhere, together."""
        if self.trial.advisory:
            return False
        close = self.verdict is Verdict.TOO_CLOSE and self.trial.too_close == "fail"
        return self.verdict is Verdict.FAIL or close

    @property
    def warns(self) -> bool:
        """Return whether a person should look at it although it fails nothing."""
        if self.fails or self.verdict is Verdict.PASS:
            return False
        return self.verdict is not Verdict.TOO_CLOSE or self.trial.too_close != "pass" or self.trial.advisory

    @property
    def wants_samples(self) -> bool:
        """Return whether more samples may settle this, or must confirm it: a fail is never said lightly."""
        change = self.trial.change
        noisy = change is not None and not change.exact
        return noisy and not self.trial.advisory and self.verdict in (Verdict.TOO_CLOSE, Verdict.FAIL)


def worst(rulings: Iterable[Ruling]) -> Verdict | None:
    """Return the worst verdict, of those that fail where any does; None where no gate asks anything."""
    given = tuple(rulings)
    found = {ruling.verdict for ruling in given if ruling.fails} or {ruling.verdict for ruling in given}
    return next((verdict for verdict in _WORST if verdict in found), None)


def gate_for(gate: Gate, case: Case) -> Gate:
    """Return what is asked of `case`: the gate with every override that fits, the last one winning."""
    found = gate
    for other in gate.overrides:
        fits_path = not other.path or fnmatchcase(case.attempt.path, other.path)
        if fits_path and other.rubric in ("", case.rubric.id):
            given = {
                name: value
                for name in ("min_score", "floors", "no_regression", "too_close")
                if (value := getattr(other, name)) is not None
            }
            found = msgspec.structs.replace(found, **given, requires=_requires(found.requires, other.requires))
    return found


def asks_anything(gate: Gate) -> bool:
    """Return whether a gate, or an override of it, asks anything of any attempt."""
    return _asks(gate) or any(_asks(other) for other in gate.overrides)


def _asks(gate: Gate | GateFor) -> bool:
    return gate.min_score is not None or bool(gate.floors) or bool(gate.no_regression)


def with_min_score(gate: Gate, min_score: float) -> Gate:
    """Return the gate with one bar for every attempt, whatever the overrides say of it."""
    overrides = tuple(msgspec.structs.replace(other, min_score=None) for other in gate.overrides)
    return msgspec.structs.replace(gate, min_score=min_score, overrides=overrides)


def trials(
    result: CaseResult,
    before: CaseResult | None,
    gate: Gate,
    grading: Grading,
    *,
    apart: bool = False,
    unasked: bool = False,
) -> tuple[Trial, ...]:
    """Return what `gate` asks of one attempt; `before` is what it must not be worse than, or None.

    A total rests on every criterion with weight, a floor on its own.  That an attempt has no grade rests on none:
    labels say whether a level may be believed, and there is no level, so `requires` excuses no missing grade.
    """
    gate, name = gate_for(gate, result.case), result.case.key
    if result.total is None:
        if not _asks(gate) and not result.ungraded:
            return ()  # nothing is asked of it, and nothing failed: this grader can't read its rubric
        return (Trial(asks=Asks.GRADE, case=name, rubric=result.case.rubric.id, apart=apart, short=result.too_short),)
    total = _rests_on([score for score in result.read if score.criterion.weight > 0], result, gate, grading)
    found: list[Trial] = []
    if gate.min_score is not None:
        change = against_bar(result, result.read, gate.min_score, grading)
        asked = Trial(asks=Asks.MIN_SCORE, case=name, found=result.total, bar=gate.min_score, change=change)
        found.append(msgspec.structs.replace(asked, rests_on=total))
    if gate.floors:
        found += _floors(result, gate, grading)
    if gate.no_regression and before is not None and before.total is not None:
        change_ = change_of_total(before, result, grading)
        asked = Trial(asks=Asks.NO_REGRESSION, case=name, found=result.total, bar=_total(before, result))
        drifted = drift_between(before, result)
        day = drifted.day if drifted else ""
        found.append(msgspec.structs.replace(asked, change=change_, apart=change_ is None, rests_on=total, drifted=day))
    common = {"too_close": gate.too_close, "rubric": result.case.rubric.id, "unasked": unasked}
    return tuple(msgspec.structs.replace(trial, **common, apart=apart or trial.apart) for trial in found)


def rule(found: Sequence[Trial]) -> tuple[Ruling, ...]:
    """Return the verdicts of all trials of one build, which share its error rate."""
    changes = [trial.change for trial in found if trial.change is not None]
    readings = iter(read_changes(changes, alpha=FAIL_RATE))
    return tuple(
        Ruling(trial=trial, verdict=_without_change(trial) if trial.change is None else _verdict(trial, next(readings)))
        for trial in found
    )


def against_bar(result: CaseResult, scores: Iterable[CriterionScore], bar: float, grading: Grading) -> Change | None:
    """Return the distance of some criteria's weighted mean from a bar; None where one has no level."""
    pairs = [pair_of(score, score, (result, result), grading) for score in scores if score.criterion.weight > 0]
    known = [pair for pair in pairs if pair is not None]
    if not known or len(known) != len(pairs):
        return None
    return compare_with_bar(known, bar, setting_of((result, result), grading))


def judge(
    run: Run,
    gate: Gate,
    known: Grading | None = None,
    *,
    calibration: Stored | None = None,
    every: bool = False,
    unasked: bool = False,
) -> tuple[Ruling, ...]:
    """Return the rulings on the latest attempt of each series of a run (`every`: on all), against the one before.

    `known` is what is known of the grader's noise; without it, what the run itself shows.
    """
    grading = known or grading_of(run.meta.grader, [run.grades], run.meta.breaks)
    grading = msgspec.structs.replace(grading, calibration=calibration)
    asked: list[Trial] = []
    for series in summarise(run).series:
        pairs = zip(series.results, (None, *series.results), strict=False) if every else _last(series)
        for result, before in pairs:
            asked += trials(result, before, gate, grading, unasked=unasked)
    return rule(asked)


def _last(series: SeriesResult) -> Iterator[tuple[CaseResult, CaseResult | None]]:
    yield series.latest, series.previous


def fails(rulings: Sequence[Ruling], gate: Gate) -> bool:
    """Return whether a build fails by its rulings; too many ungraded attempts count."""
    ungraded = {r.trial.case for r in rulings if r.verdict is Verdict.UNGRADED and not r.trial.advisory}
    return len(ungraded) > gate.max_ungraded or any(ruling.fails for ruling in rulings)


def _requires(asked: Requires | None, other: RequiresFor | None) -> Requires | None:
    """Return what is required where an override speaks too; what that one leaves out stays."""
    if other is None:
        return asked
    given = {name: value for name, value in msgspec.structs.asdict(other).items() if value is not None}
    return msgspec.structs.replace(asked or Requires(), **given)


def _rests_on(
    scores: Sequence[CriterionScore], result: CaseResult, gate: Gate, grading: Grading
) -> tuple[Standing, ...]:
    rubric, stored = result.case.rubric.id, grading.calibration
    return standings(scores, rubric, gate.requires, stored, grading.grader, breaks=result.breaks)


def _floors(result: CaseResult, gate: Gate, grading: Grading) -> Iterator[Trial]:
    for score in result.read:
        floor = score.criterion.floor
        if floor is None or score.level is None:
            continue
        pair = pair_of(score, score, (result, result), grading)
        change = compare_with_bar([pair], floor, setting_of((result, result), grading)) if pair else None
        name, rests_on = score.criterion.id, _rests_on([score], result, gate, grading)
        asked = Trial(asks=Asks.FLOOR, case=result.case.key, criterion=name, found=score.level, bar=floor)
        yield msgspec.structs.replace(asked, change=change, rests_on=rests_on)


def _without_change(trial: Trial) -> Verdict:
    """Return what is said where nothing is measured: only a longer answer helps one that is too short to grade."""
    return Verdict.FAIL if trial.short else Verdict.UNGRADED


def _verdict(trial: Trial, reading: Reading) -> Verdict:
    change = trial.change
    assert change is not None  # noqa: S101  # the caller has no reading otherwise
    if change.exact:
        return Verdict.PASS if change.difference > -_SAME else Verdict.FAIL
    if reading in _CLAIMS_WORSE:
        return Verdict.FAIL
    allowed = DROP if trial.asks is Asks.NO_REGRESSION else 0.0
    interval = change.interval(ERROR_RATE)
    return Verdict.PASS if interval.low >= -allowed else Verdict.TOO_CLOSE


def _total(before: CaseResult, after: CaseResult) -> float | None:
    """Return the total before, with the weights of `after` where they differ."""
    weights = {score.criterion.id: score.criterion.weight for score in after.read}
    levels = [(score.level, weights.get(score.criterion.id, 0.0)) for score in before.read]
    known = [(level, weight) for level, weight in levels if level is not None]
    total = sum(weight for _, weight in known)
    return sum(level * weight for level, weight in known) / total if total else before.total

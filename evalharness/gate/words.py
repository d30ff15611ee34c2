"""rulings -> plain words: what a gate says of an attempt, and, once a rubric, why it is only advisory.

Plain text: whoever shows it escapes it.  Names of graders come from `labels/calibration.json`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from evalharness.gate.evidence import Evidence
from evalharness.gate.rulings import Asks, Ruling, Trial, Verdict, worst
from evalharness.gate.trust import Lack, Standing
from evalharness.model.config import Requires
from evalharness.noise import Change

VERDICTS = {
    Verdict.PASS: "pass",
    Verdict.FAIL: "fail",
    Verdict.TOO_CLOSE: "too close to call",
    Verdict.UNGRADED: "not graded",
}
SAMPLES_TO_DECIDE = 3
MOST_TO_DECIDE = 12
DECIDED = 2.8  # standard errors, from which on a pass and mostly a fail is said
_SAME = 1e-9
APART = "not measured as what it is compared with"
ANOTHER_RUBRIC = "its rubric is not the one of the base"
NOTHING = "nothing is calibrated yet"
UNASKED = "the heuristic graded because grader is auto"
_UNASKED_LINE = (
    "advisory, it fails nothing: the heuristic graded because `grader: auto` found no model to ask. To let it block, "
    "write `grader: heuristic` in evalharness.yaml"
)
_MOST_NAMES = 4
_LABEL, _GRADE, _CALIBRATE = "evalharness label --rater NAME", "evalharness run --all", "evalharness calibrate"
_REWRITE = "rewrite the criterion or take another grader; evalharness calibrate shows where they differ"
_STEPS = {
    Lack.CALIBRATION: (_LABEL, _CALIBRATE),
    Lack.LABELS: (_LABEL, _CALIBRATE),
    Lack.GRADES: (_GRADE, _CALIBRATE),
    Lack.GRADER: (_GRADE, _CALIBRATE),
    Lack.DRIFT: (_GRADE, _CALIBRATE),
    Lack.CRITERION: (_LABEL, _GRADE, _CALIBRATE),
    Lack.FEW_LABELS: (_LABEL, _CALIBRATE),
    Lack.FEW_GRADES: (_GRADE, _CALIBRATE),
    Lack.KAPPA_UNDEFINED: ("label attempts of different quality", _GRADE, _CALIBRATE),
    Lack.OUTDATED: (_CALIBRATE,),
    Lack.LOW_KAPPA: (_REWRITE,),
    Lack.MISREAD: (_REWRITE,),
    Lack.FAR: (_REWRITE,),
    Lack.ORDER: (_REWRITE,),
    Lack.OPEN: (_LABEL, _CALIBRATE),
}


def told(ruling: Ruling) -> str:
    """Return a ruling in plain words, without its attempt."""
    trial, about = ruling.trial, f" in {ruling.trial.criterion}" if ruling.trial.criterion else ""
    if trial.short:
        return f"is too short to grade ({trial.short}), so it does not pass"
    if trial.found is None or trial.bar is None:
        return "is not graded, so it does not pass"
    if trial.drifted:
        return (
            f"scores {trial.found:.2f}, not compared with {trial.bar:.2f} before: the grader drifted between the two "
            f"gradings (check of {trial.drifted})"
        )
    if ruling.verdict is Verdict.UNGRADED:
        return f"scores {trial.found:.2f}, which can't be compared with what was before"
    if trial.asks is Asks.NO_REGRESSION:
        word = {Verdict.PASS: "no worse than", Verdict.FAIL: "worse than"}.get(
            ruling.verdict, "too close to call after"
        )
        return f"scores {trial.found:.2f}, {word} {trial.bar:.2f} before"
    word = {Verdict.PASS: "reaches", Verdict.FAIL: "below"}.get(ruling.verdict, "too close to call for")
    return f"scores {trial.found:.2f}{about}, {word} {trial.bar:g}"


def why_advisory(trial: Trial) -> str:
    """Return in a few words why this trial can't fail a build; empty where it can."""
    if trial.unasked:
        return UNASKED
    if trial.apart:
        return APART if trial.asks is Asks.NO_REGRESSION else ANOTHER_RUBRIC
    lacking = trial.lacking
    if lacking and lacking[0].lack is Lack.CALIBRATION:
        return NOTHING
    if len(lacking) == 1:
        return f"{lacking[0].criterion}: {reason(lacking)}"
    return f"{_ratio(len(lacking), len(trial.rests_on))} don't meet gate.requires" if lacking else ""


def verdict(rulings: Sequence[Ruling]) -> str:
    """Return what a gate says of one attempt, and whether that is only advisory; `-` where nothing is asked."""
    found = worst(rulings)
    if found is None:
        return "-"
    advisory_ones = [ruling.trial.advisory for ruling in rulings if ruling.verdict is found]
    if all(advisory_ones):
        return f"{VERDICTS[found]} (advisory)"
    # One fail that counts is a fail; a pass is one only as far as what it says could have failed.
    partly = found is Verdict.PASS and any(advisory_ones)
    return f"{VERDICTS[found]} (partly advisory)" if partly else VERDICTS[found]


def sentence(ruling: Ruling) -> str:
    """Return a ruling in plain words, and in brackets why it is advisory, where it is and the words don't say it."""
    if ruling.trial.drifted:
        return told(ruling)
    why = why_advisory(ruling.trial)
    return f"{told(ruling)} (advisory: {why})" if why else told(ruling)


def lines(rulings: Sequence[Ruling]) -> tuple[str, ...]:
    """Return one line for each ruling that is no pass, then why gates are advisory."""
    found = [f"gate: {r.trial.case} {sentence(r)}" for r in rulings if r.fails or r.warns]
    return (*found, *(f"gate: {line}" for line in advisory(rulings)))


def advisory(rulings: Iterable[Ruling]) -> tuple[str, ...]:
    """Return one line for each rubric whose gate people's labels don't carry yet: what is lacking, what to do.

    Where nothing is calibrated at all, one line is for all rubrics.  What is `apart` is told elsewhere.
    """
    given = tuple(rulings)
    unasked = any(ruling.trial.unasked for ruling in given)
    found: dict[tuple[str, Requires], list[Trial]] = defaultdict(list)
    for trial in (ruling.trial for ruling in given if ruling.trial.rests_on):
        found[trial.rubric, trial.rests_on[0].requires].append(trial)
    lacking = {key: trials for key, trials in found.items() if any(trial.lacking for trial in trials)}
    bare = {key: trials for key, trials in lacking.items() if _is_bare(trials)}
    told = [_bare_line(requires, bare) for requires in dict.fromkeys(requires for _, requires in bare)]
    lines = (*told, *(_line(*key, trials) for key, trials in lacking.items() if key not in bare))
    return (_UNASKED_LINE, *lines) if unasked else lines


def advice(rulings: Iterable[Ruling], samples: int) -> str:
    """Return how to get a verdict where one is too close to call after so many samples; else nothing."""
    needed = [
        _samples_needed(r.trial.change, samples) for r in rulings if r.wants_samples and r.verdict is Verdict.TOO_CLOSE
    ]
    if not needed:
        return ""
    if samples < SAMPLES_TO_DECIDE:
        return (
            f"gate: graded {samples} time{'s' * (samples > 1)}, which can be off by a level; --samples "
            f"{SAMPLES_TO_DECIDE} measures by how much, and decides what is not just on the line"
        )
    within = [count for count in needed if count <= MOST_TO_DECIDE]
    if not within:
        return (
            f"gate: graded {samples} times, and so near the line that, by the noise known so far, {MOST_TO_DECIDE} "
            "samples would not decide: `too_close: pass` or `fail` under `gate:` in evalharness.yaml settles it"
        )
    which = "it" if len(needed) == 1 else f"{len(within)} of these {len(needed)}"
    return f"gate: graded {samples} times; --samples {max(within)} should decide {which}"


def by_criterion(trials: Iterable[Trial]) -> tuple[Standing, ...]:
    """Return each criterion once that trials rest on, in their order; one that lacks something goes before."""
    found: dict[tuple[str, str, Requires], Standing] = {}
    for standing in (standing for trial in trials for standing in trial.rests_on):
        key = (standing.rubric, standing.criterion, standing.requires)
        if key not in found or (standing.lack and not found[key].lack):
            found[key] = standing
    return tuple(found.values())


def _samples_needed(change: Change | None, samples: int) -> int:
    """Return how many samples would put the distance from the line beyond the error, as far as that is known."""
    if change is None or abs(change.difference) < _SAME:
        return MOST_TO_DECIDE + 1
    return max(SAMPLES_TO_DECIDE, math.ceil(samples * (DECIDED * change.se / change.difference) ** 2))


def _is_bare(trials: Iterable[Trial]) -> bool:
    return any(standing.lack is Lack.CALIBRATION for standing in by_criterion(trials))


def _bare_line(requires: Requires, bare: dict[tuple[str, Requires], list[Trial]]) -> str:
    standings = {rubric: by_criterion(trials) for (rubric, asked), trials in bare.items() if asked == requires}
    told = [f"{rubric}: {_ratio(0, len(each))}" for rubric, each in standings.items()]
    needed = max(standing.needed for each in standings.values() for standing in each)
    return (
        f"advisory, it fails nothing: {NOTHING} ({_listed(told)}), "
        f"and gate.requires asks for {_asked(requires, needed)}. {_next([Lack.CALIBRATION])}"
    )


def _line(rubric: str, requires: Requires, trials: Sequence[Trial]) -> str:
    standings = by_criterion(trials)
    lacking: dict[Lack, list[Standing]] = defaultdict(list)
    for standing in standings:
        if standing.lack:
            lacking[standing.lack].append(standing)
    told = "; ".join(f"{reason(found)}: {_listed([s.criterion for s in found])}" for found in lacking.values())
    met = len(standings) - sum(map(len, lacking.values()))
    return (
        f"advisory for {rubric}, it fails nothing ({_what(trials)}): {_ratio(met, len(standings))} meet "
        f"gate.requires ({_asked(requires, standings[0].needed)}); {told}. {_next(lacking)}"
    )


def _what(trials: Sequence[Trial]) -> str:
    """Return what is advisory: totals by what is asked of them, floors by their criteria."""
    totals = [trial.asks.value for trial in trials if trial.lacking and trial.asks is not Asks.FLOOR]
    floors = dict.fromkeys(trial.criterion for trial in trials if trial.lacking and trial.asks is Asks.FLOOR)
    names = [*dict.fromkeys(totals), *([f"floor of {_listed(list(floors))}"] if floors else [])]
    return ", ".join(names)


def reason(found: Sequence[Standing]) -> str:
    """Return what criteria lack that lack the same, with the span of their figures."""
    first, graded = found[0], _span([str(count) for count in sorted(each.graded for each in found)])
    match first.lack:
        case Lack.LABELS:
            return "no label"
        case Lack.GRADES:
            return "the labelled attempts were not graded"
        case Lack.GRADER:
            names = dict.fromkeys(name for standing in found for name in standing.made_for)
            return f"calibrated for another grader ({_listed(list(names))})"
        case Lack.CRITERION:
            return "the rubric changed since it was calibrated"
        case Lack.DRIFT:
            return "the grader drifted since it was calibrated"
        case Lack.OUTDATED:
            return "calibrated by an older evalharness"
        case Lack.FEW_LABELS:
            return f"{graded} of {first.needed} labelled attempts"
        case Lack.FEW_GRADES:
            return f"{graded} of {first.needed} labelled attempts graded"
        case None | Lack.CALIBRATION:
            return NOTHING
        case _:
            return _figures(found)


def _figures(found: Sequence[Standing]) -> str:
    """Return by which figures the grader does not agree with people as is asked."""
    requires, shown = found[0].requires, found[0].shown
    match found[0].lack:
        case Lack.KAPPA_UNDEFINED:
            return "kappa can't be computed, because no level varies"
        case Lack.LOW_KAPPA:
            kappas = sorted(each.qwk for each in found if each.qwk is not None)
            return f"kappa {_span([_down(kappa) for kappa in kappas])} is under {requires.min_qwk:g}"
        case Lack.MISREAD:
            shares = sorted(each.within.value for each in found if each.within.value is not None)
            near = _span([f"{share:.0%}" for share in shares])
            return f"{near} of levels within one of people's ({requires.within_one:.0%} is asked), or in reverse order"
        case Lack() if shown is not None:
            return f"together {distance(shown, requires)}, {order(shown)}"
        case _:
            return NOTHING


def distance(shown: Evidence, requires: Requires) -> str:
    """Return how far the levels are from people's, and how far they may be."""
    allowed = shown.apart + requires.margin
    span = shown.off.interval
    between = f" ({span.low:.2f} to {span.high:.2f})" if span else ""
    return f"{shown.off.value or 0.0:.2f} of a level off people's{between}, {allowed:.2f} is allowed"


def order(shown: Evidence) -> str:
    """Return how often answers that people tell apart are in their order."""
    if shown.order.value is None:
        return "and people tell no two answers apart"
    span = shown.order.interval
    between = f" ({100 * span.low:.0f} to {100 * span.high:.0f})" if span else ""
    return f"{100 * shown.order.value:.0f} of 100 pairs of answers in people's order{between}, and 50 is chance"


def _next(lacks: Iterable[Lack]) -> str:
    steps = dict.fromkeys(step for lack in lacks for step in _STEPS[lack])
    return f"Next: {', then '.join(sorted(steps, key=_place))}"


def _place(step: str) -> int:
    places = (_LABEL, _STEPS[Lack.KAPPA_UNDEFINED][0], _GRADE, _CALIBRATE)
    return places.index(step) if step in places else len(places)


def _asked(requires: Requires, needed: int) -> str:
    some = f"{needed} labelled attempt{'s' * (needed != 1)}"
    if requires.min_qwk is not None:
        return f"{some} and kappa {requires.min_qwk:g}"
    return f"{some} and levels near people's"


def _ratio(met: int, count: int) -> str:
    return f"{met} of {count} criteria"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(" ".join(name.split())[:80] for name in names[:_MOST_NAMES])
    return shown if len(names) <= _MOST_NAMES else f"{shown} and {len(names) - _MOST_NAMES} more"


def _span(figures: Sequence[str]) -> str:
    low, high = figures[0], figures[-1]
    return low if low == high else f"{low} to {high}"


def _down(kappa: float) -> str:
    """Return a kappa to two places, rounded down, so that it never shows as what it does not reach."""
    return f"{math.floor(kappa * 100 + 1e-6) / 100:.2f}"

"""Gates: what passes, what fails, what is too close to call, and how rarely a noisy grader is believed wrongly."""

from __future__ import annotations

import msgspec
import pytest

from benchmarks.gate_simulation import simulate
from evalharness.calibrate.agreement import Ratings, calibrate
from evalharness.gate.rulings import Asks, Ruling, Verdict, fails, gate_for, rule, trials, with_min_score
from evalharness.gate.steps import finer_than_steps, reachable
from evalharness.gate.words import advisory, lines, told, verdict
from evalharness.model.config import Gate, GateFor, Requires, RequiresFor
from evalharness.model.nouns import (
    Attempt,
    Case,
    Criterion,
    Grade,
    Graded,
    GraderId,
    Level,
    Outcome,
    Question,
    Rubric,
    Scale,
    Ungraded,
    Why,
)
from evalharness.noise import noise_of
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.calibration import Stored, Subject
from evalharness.results.changes import Grading

SCALE = Scale(levels=(Level(level=1, text="a"), Level(level=3, text="b"), Level(level=5, text="c")))
ONE = Criterion(id="one", title="One", kind=SCALE, floor=3)
TWO = Criterion(id="two", title="Two", kind=SCALE)
QUIET = Grading(noise={"p": noise_of([(3.0, 3.0)] * 20 + [(3.0, 4.0)] * 20)})
EXACT = Grading(deterministic=True)
UNMEASURED = Grading()


def case(*, rubric: str = "talk", path: str = "cases/q/a.md") -> Case:
    attempt = Attempt(question="q", author="me", id="a", parts=(), path=path)
    found = Rubric(id=rubric, title=rubric, criteria=(ONE, TWO))
    return Case(question=Question(id="q", text="?", rubric=rubric), attempt=attempt, rubric=found)


def result(one: list[float] | None, two: list[float], *, print_: str = "p", of: Case | None = None) -> CaseResult:
    scores = []
    for criterion, levels in ((ONE, one), (TWO, two)):
        outcomes: list[Outcome] = [Graded(level=level) for level in levels or []]
        grades = tuple(
            Grade(key=f"{n}", fingerprint=print_, case="q/me/a", criterion=criterion.id, outcome=outcome, sample=n)
            for n, outcome in enumerate(outcomes or [Ungraded(why=Why.REFUSED)], start=1)
        )
        scores.append(CriterionScore(criterion=criterion, grades=grades, planned=max(1, len(levels or []))))
    return CaseResult(case=of or case(), scores=tuple(scores))


def ruled(now: CaseResult, gate: Gate, before: CaseResult | None = None, grading: Grading = QUIET) -> dict[str, Ruling]:
    return {r.trial.asks.value + r.trial.criterion: r for r in rule(trials(now, before, gate, grading))}


@pytest.mark.parametrize(
    ("levels", "verdict"),
    [(5.0, Verdict.PASS), (1.0, Verdict.FAIL), (3.0, Verdict.TOO_CLOSE), (4.0, Verdict.PASS)],
)
def test_a_noisy_total_passes_fails_or_is_too_close(levels: float, verdict: Verdict) -> None:
    """What one grading of a grader with half a level of noise can tell, and what it can't."""
    found = ruled(result([levels], [levels]), Gate(min_score=3.2))

    assert found["min_score"].verdict is verdict


def test_a_deterministic_grader_has_no_noise() -> None:
    """A hundredth below is below."""
    assert ruled(result([3], [3]), Gate(min_score=3.0), grading=EXACT)["min_score"].verdict is Verdict.PASS
    assert ruled(result([3], [3]), Gate(min_score=3.01), grading=EXACT)["min_score"].verdict is Verdict.FAIL


def test_a_grader_that_was_never_measured_decides_only_what_is_far_from_the_line() -> None:
    """Until then its noise is assumed, and may be large."""
    gate = Gate(min_score=4.0)

    assert ruled(result([1], [1]), gate, grading=UNMEASURED)["min_score"].verdict is Verdict.FAIL
    assert ruled(result([3], [3]), gate, grading=UNMEASURED)["min_score"].verdict is Verdict.TOO_CLOSE


def test_no_regression_rules_a_drop_out_before_it_passes() -> None:
    """Worse beyond noise fails, no worse passes, in between nobody knows."""
    gate = Gate(no_regression=True)
    before = result([4, 4, 4], [4, 4, 4])

    assert ruled(result([4, 4, 4], [5, 5, 5]), gate, before)["no_regression"].verdict is Verdict.PASS
    assert ruled(result([4, 3, 4], [3, 4, 4]), gate, before)["no_regression"].verdict is Verdict.TOO_CLOSE
    assert ruled(result([2, 2, 2], [2, 2, 2]), gate, before)["no_regression"].verdict is Verdict.FAIL


def test_floors_look_at_one_criterion() -> None:
    """A high total does not make up for it."""
    found = ruled(result([2], [5]), Gate(floors=True), grading=EXACT)

    assert list(found) == ["floorone"]
    assert found["floorone"].verdict is Verdict.FAIL
    assert told(found["floorone"]) == "scores 2.00 in one, below 3"


def test_what_has_no_grade_never_passes() -> None:
    """Whatever is asked, and also where nothing is."""
    for gate in (Gate(), Gate(min_score=1.0, floors=True, no_regression=True)):
        found = rule(trials(result(None, [5]), None, gate, QUIET))
        assert [(r.trial.asks, r.verdict) for r in found] == [(Asks.GRADE, Verdict.UNGRADED)]
        assert fails(found, gate)
        assert not fails(found, msgspec.structs.replace(gate, max_ungraded=1))
        assert lines(found) == ("gate: q/me/a is not graded, so it does not pass",)


@pytest.mark.parametrize(
    ("too_close", "fail", "warn"), [("pass", False, False), ("warn", False, True), ("fail", True, False)]
)
def test_what_is_too_close_does_as_configured(too_close: str, fail: bool, warn: bool) -> None:
    """Pass, warn or fail."""
    found = ruled(result([3], [3]), Gate(min_score=3.0, too_close=too_close))["min_score"]

    assert (found.fails, found.warns) == (fail, warn)


def test_other_fingerprints_are_never_subtracted() -> None:
    """The gate can't say anything, says so, and fails nothing."""
    before = result([5], [5], print_="other")
    found = ruled(result([1], [1]), Gate(no_regression=True), before)["no_regression"]

    assert (found.verdict, found.fails, found.warns) == (Verdict.UNGRADED, False, True)


def test_the_last_override_that_fits_wins() -> None:
    """By rubric, by path, or both."""
    gate = Gate(
        min_score=3.0,
        overrides=(
            GateFor(rubric="talk", min_score=2.0),
            GateFor(path="cases/new/*", min_score=1.0, too_close="pass"),
        ),
    )

    assert gate_for(gate, case(rubric="other")).min_score == 3.0
    assert gate_for(gate, case()).min_score == 2.0
    assert gate_for(gate, case(path="cases/new/x/a.md")).min_score == 1.0
    assert gate_for(with_min_score(gate, 4.0), case()).min_score == 4.0


def test_a_threshold_finer_than_the_rubrics_own_step_is_reported() -> None:
    """Two criteria of equal weight: totals go by halves."""
    assert reachable([ONE, TWO], 0) == [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5]
    assert finer_than_steps(Gate(min_score=3.5), [case()]) == ()
    assert finer_than_steps(Gate(min_score=3.2), [case()]) == (
        "min_score 3.2 is finer than the steps of one grading: the totals of talk go from 3.00 to 3.50, "
        "so it asks for 3.50",
    )


def test_only_noisy_open_verdicts_and_fails_ask_for_samples() -> None:
    """A fail is confirmed, a pass is not, and a deterministic grader is never asked twice."""
    for levels, grading, wants in ((3.0, QUIET, True), (1.0, QUIET, True), (5.0, QUIET, False), (1.0, EXACT, False)):
        assert (
            ruled(result([levels], [levels]), Gate(min_score=3.0), grading=grading)["min_score"].wants_samples is wants
        )


def test_a_noisy_grader_wrongly_fails_under_one_build_in_a_hundred() -> None:
    """Noise sd 0.5, answers within 0.3 of the line, 40 builds; a single grade fails every fifth of them."""
    found = simulate(40, seed=5)

    assert found.wrong / found.builds < 0.01
    assert found.single_wrong / found.builds > 0.1
    assert found.calls / found.builds <= 90


def test_a_true_drop_of_a_level_fails_and_is_never_passed() -> None:
    """Over 90 % fail, the rest is too close to call."""
    found = simulate(40, seed=5, drop=1.0)

    assert found.dropped[Verdict.FAIL] / found.builds > 0.9
    assert found.dropped[Verdict.FAIL] + found.dropped[Verdict.TOO_CLOSE] == found.builds


# --- what people's labels carry ------------------------------------------------------------------------------------


def carried(*criteria: str, n: int = 40) -> Stored:
    """Return a calibration in which these criteria agree with people over `n` attempts, under fingerprint `p`."""
    levels = {f"a{i}": float(1 + i % 5) for i in range(n)}
    subject = Subject(name="g", grader=GraderId(name="g", version="1"), fingerprint="p")
    found = [
        Ratings(rubric="talk", criterion=name, people={"anna": levels}, graders=((subject, levels),))
        for name in criteria
    ]
    return Stored(made="t", version="1", criteria=tuple(calibrate(each) for each in found))


ASKING = Gate(min_score=4.0, floors=True, requires=Requires())


def test_a_total_rests_on_every_criterion_with_weight_and_a_floor_on_its_own() -> None:
    """One criterion is calibrated and has a floor, the other is not and has weight."""
    found = ruled(result([1], [1]), ASKING, grading=grading_with(carried("one")))

    assert [s.criterion for s in found["min_score"].trial.lacking] == ["two"]
    assert (found["min_score"].trial.advisory, found["floorone"].trial.advisory) == (True, False)
    assert (found["min_score"].fails, found["floorone"].fails) == (False, True)
    assert verdict([found["min_score"]]) == "fail (advisory)"
    assert verdict(list(found.values())) == "fail"
    found = ruled(result([5], [5]), ASKING, grading=grading_with(carried("one")))
    assert verdict(list(found.values())) == "pass (partly advisory)"

    unweighted = result([1], [1])
    scores = (unweighted.scores[0], msgspec.structs.replace(unweighted.scores[1], criterion=without_weight(TWO)))
    found = ruled(msgspec.structs.replace(unweighted, scores=scores), ASKING, grading=grading_with(carried("one")))
    assert not found["min_score"].trial.advisory


def test_no_sample_is_bought_for_a_gate_that_is_only_advisory() -> None:
    """It could fail nothing, whatever they say."""
    gate = Gate(min_score=3.0, requires=Requires())

    assert ruled(result([3], [3]), gate, grading=grading_with(carried("one", "two")))["min_score"].wants_samples
    assert not ruled(result([3], [3]), gate, grading=grading_with(None))["min_score"].wants_samples


def test_a_verdict_is_that_of_what_fails_where_something_does() -> None:
    """An advisory fail beside a floor that is too close, and counts as a fail, is no advisory verdict."""
    gate = msgspec.structs.replace(ASKING, too_close="fail")
    found = ruled(result([3], [1]), gate, grading=grading_with(carried("one")))

    assert (found["min_score"].verdict, found["floorone"].verdict) == (Verdict.FAIL, Verdict.TOO_CLOSE)
    assert verdict(list(found.values())) == "too close to call"


def test_an_advisory_gate_counts_what_is_not_graded() -> None:
    """There is no level to believe or not."""
    found = rule(trials(result(None, [5]), None, ASKING, grading_with(None)))

    assert fails(found, ASKING)
    assert advisory(found) == ()


def test_several_rubrics_without_a_calibration_share_one_line() -> None:
    """And rubrics that lack different things have one each."""
    now = result([1], [1])
    others = [rubric_named(now, name) for name in ("talk", "walk")]
    bare = rule([t for each in others for t in trials(each, None, ASKING, grading_with(None))])
    some = rule([t for each in others for t in trials(each, None, ASKING, grading_with(carried("one", n=20)))])

    assert advisory(bare) == (
        "advisory, it fails nothing: nothing is calibrated yet (talk: 0 of 2 criteria, walk: 0 of 2 criteria), and "
        "gate.requires asks for 30 labelled attempts and levels near people's. "
        "Next: evalharness label --rater NAME, then evalharness calibrate",
    )
    assert advisory(some) == (
        "advisory for talk, it fails nothing (min_score, floor of one): 0 of 2 criteria meet gate.requires (30 "
        "labelled attempts and levels near people's); 20 of 30 labelled attempts: one; no label: two. "
        "Next: evalharness label --rater NAME, then evalharness calibrate",
        "advisory for walk, it fails nothing (min_score, floor of one): 0 of 2 criteria meet gate.requires (30 "
        "labelled attempts and levels near people's); no label: one, two. "
        "Next: evalharness label --rater NAME, then evalharness calibrate",
    )


def test_what_an_override_requires_is_laid_over_what_the_gate_does() -> None:
    """Key by key; alone it begins with the defaults."""
    over = (GateFor(rubric="talk", requires=RequiresFor(labels=10)),)

    assert gate_for(Gate(requires=Requires(min_qwk=0.8), overrides=over), case()).requires == Requires(
        labels=10, min_qwk=0.8
    )
    assert gate_for(Gate(overrides=over), case()).requires == Requires(labels=10)
    assert gate_for(Gate(overrides=over), case(rubric="other")).requires is None


def grading_with(calibration: Stored | None) -> Grading:
    return msgspec.structs.replace(QUIET, calibration=calibration)


def without_weight(criterion: Criterion) -> Criterion:
    return msgspec.structs.replace(criterion, weight=0.0)


def rubric_named(found: CaseResult, name: str) -> CaseResult:
    return msgspec.structs.replace(found, case=case(rubric=name))

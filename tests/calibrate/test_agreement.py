"""Agreement with people: the figures, their intervals, what few labels can't show, and when a gate may block."""

from __future__ import annotations

import random

import msgspec
import pytest

from benchmarks.calibration_coverage import coverage
from evalharness.calibrate.agreement import Ratings, against_people, among_people, calibrate, halo, jackknifed
from evalharness.gate.trust import Lack, Standing, standing
from evalharness.model.breaks import Break
from evalharness.model.config import Requires
from evalharness.model.nouns import GraderId
from evalharness.results.calibration import Calibrated, Stored, Subject
from evalharness.stats import Interval

SUBJECT = Subject(name="g", grader=GraderId(name="g", version="1"), fingerprint="f")


def keyed(levels: list[float]) -> dict[str, float]:
    return {f"a{i:03}": float(level) for i, level in enumerate(levels)}


def calibrated(people: dict[str, list[float]], grader: list[float]) -> Calibrated:
    found = {rater: keyed(levels) for rater, levels in people.items()}
    return calibrate(Ratings(rubric="r", criterion="c", people=found, graders=((SUBJECT, keyed(grader)),)))


def drawn(n: int, noise: float, seed: int = 1) -> tuple[list[float], list[float], list[float]]:
    rng = random.Random(seed)
    truth = [rng.gauss(3, 1) for _ in range(n)]
    one, two, three = ([float(min(5, max(1, round(t + rng.gauss(0, noise))))) for t in truth] for _ in range(3))
    return one, two, three


# --- figures -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ([1, 2, 1], [1, 2, 2], 0.4),
        ([1, 2, 3, 1, 2, 2, 3], [1, 2, 3, 1, 2, 3, 2], 0.75),
        ([1, 1, 2, 5, 5, 1], [1, 2, 2, 5, 1, 5], 0.1081),
    ],
)
def test_kappa_has_the_published_values(first: list[float], second: list[float], value: float) -> None:
    """All five levels are listed, used or not: else the last example is 0."""
    found = against_people({"anna": keyed(first)}, keyed(second))

    assert found.qwk.value == pytest.approx(value, abs=5e-5)


def test_alpha_over_people_has_the_published_value() -> None:
    """Krippendorff's four observers and twelve units: interval .849."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    people = {str(i): {str(j): float(v) for j, v in enumerate(row) if v is not None} for i, row in enumerate(rows)}

    found = among_people(people)

    assert found is not None
    assert found.alpha.value == pytest.approx(0.849, abs=5e-4)


def test_a_grader_that_always_says_the_same_has_no_alpha_from_people_who_agree() -> None:
    """The agreement of people among themselves is not the grader's."""
    levels: list[float] = [1, 2, 3, 4, 5, 2, 4, 3, 1, 5]
    people = {"anna": keyed(levels), "ben": keyed(levels)}

    found = against_people(people, keyed([3] * len(levels)))

    assert found.qwk.value == pytest.approx(0.0)
    assert found.alpha.value is not None
    assert found.alpha.value <= 0.05


def test_bias_says_which_way_the_grader_errs_and_the_matrix_where() -> None:
    """A grader that is one level kinder than people has a bias of plus one and no exact agreement."""
    found = against_people({"anna": keyed([1, 2, 3, 4, 2, 3])}, keyed([2, 3, 4, 5, 3, 4]))

    assert (found.bias.value, found.mae.value, found.exact.value, found.within_one.value) == (1, 1, 0, 1)
    assert found.matrix[0] == (0, 1, 0, 0, 0)
    assert sum(map(sum, found.matrix)) == found.pairs == 6


def test_no_interval_is_wider_than_the_scale() -> None:
    """Two attempts, two levels apart: Student's t alone would say -12.7 to +12.7, and no bias from 1 to 5 is that."""
    found = calibrated({"anna": [2, 4]}, [3, 3]).graders[0].agreement

    assert found.bias.interval == Interval(low=-4, high=4)
    assert calibrated({"anna": [2, 4]}, [3, 4]).graders[0].agreement.mae.interval == Interval(low=0, high=4)


@pytest.mark.parametrize(
    ("people", "grader", "said"),
    [
        ([5, 5, 5, 4, 5], [1, 1, 1, 1, 4], "2.2"),  # mean -3.2, interval -4.8 to -1.6, cut at -4
        ([1, 5, 1, 5, 1], [5, 1, 5, 1, 3], "4.0"),  # cut at both ends
    ],
)
def test_a_cut_interval_hides_no_bias_that_it_should_tell(people: list[float], grader: list[float], said: str) -> None:
    """What could hide is computed from the end that was not cut, and is never more than the scale has."""
    told = calibrated({"anna": people}, grader).limits

    assert f"g: a bias under {said} of a level could hide behind 5 attempts." in told


def test_people_stand_beside_the_grader_on_the_same_scale() -> None:
    """Two people and a grader of the same noise agree equally well, and no rater is the first."""
    one, two, grader = drawn(300, 0.5)
    found = calibrated({"anna": one, "ben": two}, grader)

    assert found.people is not None
    assert found.people.qwk.value == pytest.approx(found.graders[0].agreement.qwk.value or 0, abs=0.08)
    assert calibrated({"ben": two, "anna": one}, grader).people == found.people


def test_full_agreement_among_few_has_no_interval_of_no_width() -> None:
    """Six attempts on which all agree prove little; an interval from 1 to 1 would say they prove all."""
    found = calibrated({"anna": [1, 2, 3, 4, 5, 3]}, [1, 2, 3, 4, 5, 3]).graders[0].agreement

    assert found.qwk.value == 1
    assert found.qwk.interval is None
    assert found.exact.interval is not None
    assert found.exact.interval.low < 0.7


def test_a_coefficient_of_few_units_or_without_variation_has_no_interval() -> None:
    """Nothing is drawn where nothing is known."""
    assert jackknifed([1, 2], lambda units: 0.5).interval is None
    assert jackknifed([1] * 9, lambda units: None).value is None


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """400 calibrations of 30 attempts: each figure is covered at 95 % within Monte-Carlo error (three sigma, 3.3 %).

    Wilson's interval is conservative where raters differ within an attempt, so more is allowed, less is not.
    """
    found = coverage(30, 1, 0.8, 0.3, 400)

    assert {name: share for name, share in found.items() if share < 0.917} == {}
    assert found["qwk"] <= 0.985


# --- what they can't show -------------------------------------------------------------------------------------


def test_what_labels_leave_open_is_said_in_words() -> None:
    """One rater, unused levels, a wide kappa, a bias that could hide."""
    one, _, grader = drawn(12, 1.2, seed=3)
    told = " ".join(calibrated({"anna": [min(4.0, max(2.0, level)) for level in one]}, grader).limits)

    assert "One person labelled each attempt" in told
    assert "Nobody gave level 1 or 5" in told
    assert "with 12 attempts" in told
    assert "could hide behind 12 attempts" in told


def test_a_grader_that_graded_nothing_labelled_is_left_out() -> None:
    """No figure without a pair."""
    ratings = Ratings(rubric="r", criterion="c", people={"anna": {"x": 3.0}}, graders=((SUBJECT, {"y": 3.0}),))

    assert calibrate(ratings).graders == ()


# --- planted defects --------------------------------------------------------------------------------------------


def test_a_grader_that_always_says_three_has_kappa_zero_beside_a_fair_error() -> None:
    """MAE alone would praise it."""
    one, _, _ = drawn(60, 0.5)
    found = calibrated({"anna": one}, [3.0] * 60).graders[0].agreement

    assert found.qwk.value == pytest.approx(0)
    assert found.mae.value is not None
    assert found.mae.value < 1


def test_a_grader_with_halo_moves_all_criteria_together_where_people_do_not() -> None:
    """The mean rank correlation between criteria stands beside people's."""
    columns = [drawn(60, 0.3, seed=seed)[0] for seed in range(4)]
    impression = [sum(levels) / 4 for levels in zip(*columns, strict=True)]
    ratings = [
        Ratings(rubric="r", criterion=str(i), people={"anna": keyed(column)}, graders=((SUBJECT, keyed(impression)),))
        for i, column in enumerate(columns)
    ]

    people, grader = halo(ratings)

    assert people.value is not None
    assert grader.value is not None
    assert people.value < 0.3
    assert grader.value > 0.95


# --- trust --------------------------------------------------------------------------------------------------------


def stored(n: int, noise: float) -> Stored:
    one, _, grader = drawn(n, noise)
    return Stored(made="t", version="1", criteria=(calibrated({"anna": one}, grader),))


def found_for(
    found: Stored | None, fingerprint: str = "f", criterion: str = "c", *, grader: GraderId | None = None
) -> Standing:
    return standing(found, fingerprint, Requires(), rubric="r", criterion=criterion, grader=grader)


@pytest.mark.parametrize(
    ("found", "fingerprint", "criterion", "lack"),
    [
        (None, "f", "c", Lack.CALIBRATION),
        (stored(40, 0.3), "f", "other", Lack.LABELS),
        (stored(40, 0.3), "g", "c", Lack.GRADER),
        (stored(20, 0.3), "f", "c", Lack.FEW_LABELS),
        (stored(40, 3.0), "f", "c", Lack.MISREAD),
        (stored(40, 0.3), "f", "c", None),
    ],
)
def test_labels_carry_a_gate_or_it_is_said_what_is_lacking(
    found: Stored | None, fingerprint: str, criterion: str, lack: Lack | None
) -> None:
    """Too few, too weak, another fingerprint, nothing at all, or fine."""
    assert found_for(found, fingerprint, criterion).lack is lack


def test_another_fingerprint_is_another_grader_or_another_criterion() -> None:
    """The same grader with another fingerprint read another criterion; what differs in a grader is named."""
    good = stored(40, 0.3)
    newer = msgspec.structs.replace(SUBJECT.grader, version="2")

    assert found_for(good, "g", grader=SUBJECT.grader).lack is Lack.CRITERION
    assert found_for(good, "g", grader=newer).made_for == (f"{SUBJECT.name}; differs in version",)
    assert found_for(good, "g", grader=GraderId(name="other", version="1")).made_for == (SUBJECT.name,)


def test_labels_without_grades_ask_for_grades_and_not_for_more_labels() -> None:
    """Of forty labelled attempts this grader graded none, or ten."""
    one, _, grader = drawn(40, 0.3)
    people = {"anna": keyed(one)}
    ten = {key: level for key, level in keyed(grader).items() if key < "a010"}

    for levels, lack, graded in (({}, Lack.GRADES, 0), (ten, Lack.FEW_GRADES, 10)):
        each = calibrate(Ratings(rubric="r", criterion="c", people=people, graders=((SUBJECT, levels),)))
        found = found_for(Stored(made="t", version="1", criteria=(each,)))
        assert (found.lack, found.labels, found.graded) == (lack, 40, graded)


def test_levels_that_never_vary_have_no_kappa_and_carry_nothing() -> None:
    """Everybody says three: nothing is shown, by distance and order or by kappa, where that is asked for."""
    flat = Stored(made="t", version="1", criteria=(calibrated({"anna": [3.0] * 40}, [3.0] * 40),))
    kappa = Requires(min_qwk=0.6)

    assert found_for(flat).lack is Lack.OPEN
    assert standing(flat, "f", kappa, rubric="r", criterion="c").lack is Lack.KAPPA_UNDEFINED
    assert standing(stored(40, 3.0), "f", kappa, rubric="r", criterion="c").lack is Lack.LOW_KAPPA


def test_a_calibration_from_before_a_drift_is_of_another_grader() -> None:
    """The fingerprint is the same, the grader is not; a calibration made after the check counts again."""
    at = msgspec.structs.replace(stored(40, 0.3), made="2026-10-01T00:00:00+00:00")
    drifts = {
        at_: [Break(clean="2026-01-01T00:00:00+00:00", found=at_)]
        for at_ in ("2026-09-30T00:00:00+00:00", "2026-10-02T00:00:00+00:00")
    }
    lacks = [standing(at, "f", Requires(), rubric="r", criterion="c", breaks=each).lack for each in drifts.values()]

    assert lacks == [None, Lack.DRIFT]

"""The model of levels: laws it keeps, and published or independent values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.habits import t_two_sided
from evalharness import stats
from evalharness.noise.attempts import Comparison, Pair, Setting, compare, compare_with_bar
from evalharness.noise.change import (
    Basis,
    Change,
    Normal,
    Reading,
    read,
    read_attempt,
    read_changes,
)
from evalharness.noise.prior import MODEL
from evalharness.noise.repeats import noise_of
from evalharness.noise.runs import compare_runs
from evalharness.noise.shared import prior_with_days
from tests.examples import examples

LEVEL = st.integers(1, 5).map(float)
Sides = Sequence[tuple[tuple[float, ...], tuple[float, ...]]]
SIDE = st.lists(LEVEL, min_size=1, max_size=5).map(tuple)


def pairs_of(sides: Sides, *, apart: bool = False, **options: Any) -> list[Pair]:
    """Return pairs; `apart`: the two attempts were graded on different days."""
    return [
        Pair(before=before, after=after, sittings=((0,) * len(before), (int(apart),) * len(after)), **options)
        for before, after in sides
    ]


def total(found: Comparison) -> Change:
    assert found.total is not None
    return found.total


def total_of(pairs: Sequence[Pair], setting: Setting | None = None) -> Change:
    found = compare(pairs, setting or Setting()).total
    assert found is not None
    return found


# --- comparing --------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=4), st.booleans(), st.booleans())
@settings(max_examples=examples(60), deadline=None)
def test_before_and_after_exchanged_is_the_same_with_the_other_sign(sides: Sides, joint: bool, apart: bool) -> None:
    """Nothing depends on which attempt came first."""
    setting = Setting(joint=joint)
    one = compare(pairs_of(sides, apart=apart), setting)
    two = compare(pairs_of([(after, before) for before, after in sides], apart=apart), setting)

    assert total(one).difference == pytest.approx(-total(two).difference)
    assert [c.p for c in (total(one), *one.criteria)] == pytest.approx([c.p for c in (total(two), *two.criteria)])


@given(st.lists(st.tuples(SIDE, SIDE), min_size=1, max_size=4))
@settings(max_examples=examples(40), deadline=None)
def test_scale_turned_upside_down_reads_the_same(sides: Sides) -> None:
    """Levels have no better end: 6 minus every level gives the same chances."""
    turned = [(tuple(6 - x for x in before), tuple(6 - x for x in after)) for before, after in sides]
    one, two = compare(pairs_of(sides)), compare(pairs_of(turned))

    assert [c.p for c in one.criteria] == pytest.approx([c.p for c in two.criteria], rel=1e-6)


@given(SIDE, SIDE)
@settings(max_examples=examples(40), deadline=None)
def test_order_of_samples_does_not_matter(before: tuple[float, ...], after: tuple[float, ...]) -> None:
    """A sample has no place of its own."""
    one = compare(pairs_of([(before, after)])).criteria[0]
    two = compare(pairs_of([(tuple(reversed(before)), tuple(reversed(after)))])).criteria[0]

    assert one.p == pytest.approx(two.p)


def test_no_difference_is_never_claimed() -> None:
    """Equal levels are within noise, however often they were given."""
    comparison = compare(pairs_of([((3.0,) * 8, (3.0,) * 8)] * 6))

    assert total(comparison).p == pytest.approx(1.0)
    assert read_attempt(total(comparison), comparison.criteria)[0] is Reading.WITHIN_NOISE


def test_larger_difference_is_surer() -> None:
    """From one grade each, the surer the further apart."""
    sure = [total_of(pairs_of([((1.0,), (1.0 + d,))] * 6)).sure for d in range(1, 5)]

    assert sure == sorted(sure)


def test_more_samples_of_the_same_are_surer() -> None:
    """The same change seen more often is surer."""
    sure = [compare(pairs_of([((3.0,) * n, (4.0,) * n)] * 2)).criteria[0].sure for n in (1, 2, 4, 8)]

    assert sure == sorted(sure)


def test_joint_calls_and_other_days_make_a_total_less_sure() -> None:
    """What errors have in common does not average out."""
    pairs = pairs_of([((2.0,), (4.0,))] * 6)
    plain = total_of(pairs).p

    assert plain < total_of(pairs, Setting(joint=True)).p
    assert plain < total_of(pairs_of([((2.0,), (4.0,))] * 6, apart=True)).p


def test_totals_of_samples_show_what_joint_calls_share() -> None:
    """Totals that move together from sample to sample make a total less sure than totals that do not."""
    together = pairs_of([((2.0, 3.0, 4.0), (3.0, 4.0, 5.0))] * 6)
    scattered = [
        Pair(before=before, after=after)
        for before, after in zip(
            [(2.0, 3.0, 4.0), (3.0, 4.0, 2.0), (4.0, 2.0, 3.0)] * 2,
            [(3.0, 4.0, 5.0), (4.0, 5.0, 3.0), (5.0, 3.0, 4.0)] * 2,
            strict=True,
        )
    ]
    setting = Setting(joint=True)

    assert total_of(together, setting).p > total_of(scattered, setting).p


def test_first_two_grades_can_be_read_and_say_what_they_rest_on() -> None:
    """With nothing measured yet a clear change is claimed, from noise that is assumed."""
    comparison = compare(pairs_of([((2.0,), (4.0,))] * 6))
    reading, _ = read_attempt(total(comparison), comparison.criteria)

    assert reading is Reading.BETTER
    assert total(comparison).basis is Basis.ASSUMED


def test_one_slip_is_no_change() -> None:
    """From single grades one slip is the whole difference of a criterion; from several, all would have to slip."""
    quiet = noise_of([[3.0, 3.0, 3.0]] * 12 + [[3.0, 3.0, 5.0]])
    one, three = (
        compare(pairs_of([((3.0,) * n, (5.0,) * n), *[((3.0,) * n, (3.0,) * n)] * 5], noise=quiet)) for n in (1, 3)
    )

    assert read_attempt(total(one), one.criteria)[1][0] is Reading.WITHIN_NOISE
    assert read_attempt(total(three), three.criteria)[1][0] is Reading.BETTER


def test_noise_is_measured_after_fifteen_repeats() -> None:
    """From 15 repeats on the noise is called measured."""
    noise = noise_of([[3.0, 3.0]] * 15)

    assert compare(pairs_of([((3.0,), (4.0,))], noise=noise)).criteria[0].basis is Basis.MEASURED


def test_exact_criteria_have_no_noise() -> None:
    """A measure, or a deterministic grader, reads by surface features."""
    comparison = compare(pairs_of([((2.0,), (3.0,))], exact=True))

    assert read(comparison.criteria[0]) is Reading.BETTER_BY_SURFACE
    assert total(comparison).exact


def test_attempt_without_a_sample_is_refused() -> None:
    """There is nothing to compare."""
    with pytest.raises(ValueError, match="without a graded sample"):
        compare([Pair(before=(3.0,), after=())])


@given(st.lists(LEVEL, min_size=1, max_size=6).map(tuple), st.sampled_from((2.0, 3.0, 3.5)))
@settings(max_examples=examples(40), deadline=None)
def test_interval_holds_the_difference_and_the_claim(after: tuple[float, ...], bar: float) -> None:
    """An interval without 0 and a claim at the same rate are one thing, up to the grid of places."""
    change = compare_with_bar([Pair(before=(), after=after)] * 3, bar)
    interval = change.interval()

    assert interval.low <= change.difference <= interval.high
    if change.p < 0.04:
        assert not interval.low < 0 < interval.high


def test_checklist_steps_are_finer() -> None:
    """A checklist that moves by one small step is no claim, by many it is."""
    small = total_of(pairs_of([((3.0,), (3.25,))] * 6, step=0.25))
    large = total_of(pairs_of([((2.0,), (4.0,))] * 6, step=0.25))

    assert read(small) is Reading.WITHIN_NOISE
    assert read(large) is Reading.BETTER


# --- families, days, runs ---------------------------------------------------------------------------------


def test_holm_with_equal_shares_is_holm() -> None:
    """Holm 1979: 0.01 and 0.02 are both claimed of three at 5 %; 0.02 alone is not."""
    changes = [Change(difference=1.0, p=p, law=Normal(parts=((1.0, 1.0),))) for p in (0.01, 0.02, 0.6)]

    assert [r is Reading.BETTER for r in read_changes(changes)] == [True, True, False]
    assert [r is Reading.BETTER for r in read_changes([changes[1], changes[2], changes[2]])] == [False] * 3


def test_anchors_teach_how_days_differ() -> None:
    """Days that agree narrow what a later day may add; days that do not widen it."""
    quiet = prior_with_days(MODEL, [(0.01, 0.03)] * 6)
    moody = prior_with_days(MODEL, [(0.4, 0.03), (-0.4, 0.03), (0.3, 0.03)])
    mean = {k: sum(d * w for d, w in p.days) for k, p in (("quiet", quiet), ("usual", MODEL), ("moody", moody))}

    assert mean["quiet"] < mean["usual"] < mean["moody"]


def test_a_day_apart_makes_a_mean_over_questions_less_sure() -> None:
    """What all questions of a day have in common is not in their spread."""
    pairs = [(2.0, 2.4), (3.0, 3.5), (2.0, 2.6), (3.0, 3.3)]
    side_by_side = compare_runs(pairs)
    apart = compare_runs(pairs, days=tuple((2 * day * day, weight) for day, weight in MODEL.days))

    assert side_by_side.p is not None
    assert apart.p is not None
    assert side_by_side.p < apart.p
    narrow, wide = side_by_side.interval(), apart.interval()
    assert narrow is not None
    assert wide is not None
    assert wide.low < narrow.low


def test_t_of_the_habits_agrees_with_the_package() -> None:
    """The habits are held against the real thing."""
    assert t_two_sided(2.5, 7) == pytest.approx(stats.t_two_sided(2.5, 7), rel=1e-6)

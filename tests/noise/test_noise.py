"""Noise of a grader, and how to read one difference in the face of it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import (
    Band,
    By,
    Checklist,
    Grade,
    Graded,
    Item,
    Level,
    Measure,
    Scale,
    Tag,
    Tags,
    Ungraded,
    Why,
)
from evalharness.noise import (
    Change,
    Noise,
    Pair,
    Reading,
    compare,
    compare_total,
    compare_with_bar,
    exact,
    joint_answers,
    noise_of,
    offers,
    pool,
    read,
    read_attempt,
    read_changes,
    step_of,
)

QUIET = noise_of([(3.0, 3.0)] * 36 + [(3.0, 4.0)] * 4)
LOUD = noise_of([(2.0, 3.0), (3.0, 4.0), (2.0, 4.0), (3.0, 3.0)] * 10)
CLAIMS = {Reading.BETTER, Reading.WORSE}
OPPOSITE = {Reading.BETTER: Reading.WORSE, Reading.WORSE: Reading.BETTER}
levels = st.lists(st.integers(1, 5).map(float), min_size=1, max_size=5).map(tuple)
noises = st.sampled_from((Noise(), QUIET, LOUD))


def compare_criterion(
    before: Sequence[float], after: Sequence[float], noise: Noise = QUIET, *, exact: bool = False
) -> Change:
    return compare([pair(before, after, noise, exact=exact)]).criteria[0]


def grade(key: str, level: float, case: str = "q/me/a", fingerprint: str = "f", by: By = By.GRADER) -> Grade:
    outcome = Graded(level=level, by=by)
    return Grade(key=key, fingerprint=fingerprint, case=case, criterion="c", outcome=outcome)


def pair(before: Sequence[float], after: Sequence[float], noise: Noise = QUIET, **more: Any) -> Pair:
    return Pair(before=tuple(before), after=tuple(after), noise=noise, **more)


changes = st.builds(compare_criterion, levels, levels, noises)


def test_repeats_are_pooled_within_answers_not_between_them() -> None:
    """Two answers at 2 and 4 are not noise; what varies around each of them is."""
    run = [grade("a1", 2), grade("a2", 3), grade("b1", 4, "q/me/b"), grade("b2", 4, "q/me/b")]

    assert pool([run]) == {"f": Noise(repeats=(((2.0, 3.0), 1), ((4.0, 4.0), 1)))}


def test_copies_of_a_grade_in_several_runs_count_once() -> None:
    first, second = [grade("a1", 2)], [grade("a1", 2), grade("a2", 3), grade("a3", 3)]

    assert pool([first, second, second]) == pool([second])


def test_samples_that_a_later_run_added_belong_to_the_first_one() -> None:
    runs = [
        [grade("a1", 2), grade("a2", 3)],
        [grade("a3", 4), grade("a4", 4)],
        [grade("a1", 2), grade("a3", 4)],
    ]

    assert pool(runs) == {"f": noise_of([(2, 3, 4, 4)])}


def test_a_rewritten_attempt_under_its_old_name_is_not_a_repeat() -> None:
    assert pool([[grade("old", 2)], [grade("new", 4)]]) == {}


def test_fingerprints_are_never_pooled() -> None:
    run = [grade("a1", 2), grade("a2", 3), grade("x1", 2, fingerprint="g"), grade("x2", 4, fingerprint="g")]

    assert pool([run]) == {"f": noise_of([(2, 3)]), "g": noise_of([(2, 4)])}


def test_what_code_set_or_nobody_graded_is_no_repeat() -> None:
    failed = Grade(key="u", fingerprint="f", case="q/me/a", criterion="c", outcome=Ungraded(why=Why.REFUSED))
    run = [grade("a1", 1, by=By.CODE), grade("a2", 1, by=By.CODE), grade("a3", 2), failed]

    assert pool([run]) == {}


def test_samples_of_joint_calls_are_kept_together_and_copies_count_once() -> None:
    """Their totals show what the criteria of one call share; an answer graded once, or edited, shows nothing."""

    def of(sample: int, first: float, second: float, text: str = "t") -> list[Grade]:
        return [
            Grade(
                key=f"{text}{sample}{name}",
                fingerprint=name,
                case="q/me/a",
                criterion=name,
                sample=sample,
                outcome=Graded(level=level, by=By.GRADER),
            )
            for name, level in (("f", first), ("g", second))
        ]

    runs = [[*of(1, 2, 3), *of(2, 3, 4)], [*of(1, 2, 3), *of(2, 3, 4), *of(3, 2, 2)], of(1, 5, 5, "edited")]

    assert joint_answers(runs) == {"t1f": ({"f": 2, "g": 3}, {"f": 3, "g": 4}, {"f": 2, "g": 2})}


def test_noise_has_no_spread_before_something_was_repeated() -> None:
    assert Noise().sd is None
    assert noise_of([(2, 3), (4,), (3, 3)]).sd == 0.5
    assert noise_of([(2, 3), (4,), (3, 3)]).degrees == 2


def test_what_is_compared_is_not_evidence_of_noise_twice() -> None:
    """The two attempts' own repeats are in the pool of their fingerprint; they leave it before they are compared."""
    pooled = noise_of([(2, 3), (2, 3), (4, 5, 5)])

    assert pooled.without((3, 2), (4,)) == noise_of([(2, 3), (4, 5, 5)])
    assert pooled.without((5, 5)) == pooled


def test_the_smallest_step_of_each_kind() -> None:
    items = tuple(Item(id=name, text=name) for name in "abcde")

    assert step_of(Scale(levels=(Level(level=1, text="no"),))) == 1
    assert step_of(Checklist(items=items)) == pytest.approx(0.4)
    assert step_of(Tags(tags=(Tag(id="a", title="A"),)), claimed=2) == 2
    assert step_of(Measure(measure="words", bands=(Band(level=3),))) == 0


@pytest.mark.parametrize(
    ("before", "after", "noise", "reading"),
    [
        ([2], [3], QUIET, Reading.WITHIN_NOISE),  # an answer half-way flips like a coin
        ([2], [4], QUIET, Reading.BETTER),
        ([2, 2, 2], [4, 4, 4], QUIET, Reading.BETTER),
        ([3, 3, 3, 3, 3], [2, 2, 2, 2, 2], QUIET, Reading.WORSE),
        ([2, 2, 2], [3, 3, 3], LOUD, Reading.WITHIN_NOISE),
        ([2, 2, 2], [4, 5, 4], LOUD, Reading.BETTER),
        ([2], [2], Noise(), Reading.WITHIN_NOISE),
        ([2, 2], [3, 3], Noise(), Reading.WITHIN_NOISE),
        ([1, 1, 1], [5, 5, 5], Noise(), Reading.BETTER),
        ([1], [5], Noise(), Reading.BETTER),
        ([3], [3], QUIET, Reading.WITHIN_NOISE),
    ],
)
def test_readings(before: list[float], after: list[float], noise: Noise, reading: Reading) -> None:
    assert read(compare_criterion(before, after, noise)) is reading


def test_a_deterministic_grader_changes_by_surface_or_not_at_all() -> None:
    found = [compare_criterion([2], [after], exact=True) for after in (1, 2, 3)]

    assert [read(change) for change in found] == [
        Reading.WORSE_BY_SURFACE,
        Reading.SAME,
        Reading.BETTER_BY_SURFACE,
    ]
    assert all(change.interval() is not None and change.p in (0, 1) for change in found)


def test_a_difference_says_where_the_truth_may_lie() -> None:
    change = compare_criterion([2, 2, 2], [4, 4, 4], QUIET)
    found, wider = change.interval(), change.interval(comparisons=8)

    assert 0.5 < found.low < 2 < found.high < 3.5
    assert wider.low < found.low


def test_an_attempt_without_samples_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="without a graded sample"):
        compare_criterion([], [3], QUIET)


@given(levels, levels, noises)
def test_swapping_two_attempts_swaps_the_reading(
    before: tuple[float, ...], after: tuple[float, ...], noise: Noise
) -> None:
    forward, back = compare_criterion(before, after, noise), compare_criterion(after, before, noise)

    assert back.difference == pytest.approx(-forward.difference)
    assert back.p == pytest.approx(forward.p)
    assert read(back) is OPPOSITE.get(read(forward), read(forward))


@given(levels, levels, noises, st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_matter(
    before: tuple[float, ...], after: tuple[float, ...], noise: Noise, rng: random.Random
) -> None:
    shuffled = rng.sample(before, len(before)), rng.sample(after, len(after))

    assert read(compare_criterion(*shuffled, noise)) is read(compare_criterion(before, after, noise))


@given(st.lists(changes, min_size=1, max_size=6), changes)
def test_more_comparisons_never_make_a_claim_easier(found: list[Change], more: Change) -> None:
    alone, together = read_changes(found), read_changes([*found, more])[:-1]

    assert all(a is b for a, b in zip(alone, together, strict=True) if b in CLAIMS)
    assert all(read(c) in CLAIMS for c, r in zip(found, alone, strict=True) if r in CLAIMS)
    assert read(more, comparisons=len(found) + 1) not in CLAIMS or read(more) in CLAIMS


def test_what_is_exact_costs_the_others_nothing() -> None:
    claimed = compare_criterion([2, 2, 2], [4, 4, 4], QUIET)

    assert read_changes([claimed, exact(1.0)]) == (Reading.BETTER, Reading.BETTER_BY_SURFACE)


def test_a_total_has_a_large_part_of_the_error_rate() -> None:
    """Three of seven criteria rise by one, three samples each: the total is better, no single one can be."""
    pairs = [pair([2, 2, 2], [3, 3, 3] if i < 3 else [2, 2, 2]) for i in range(7)]
    found = compare(pairs)
    assert found.total is not None
    total, criteria = read_attempt(found.total, found.criteria)

    assert total is Reading.BETTER
    assert set(criteria) == {Reading.WITHIN_NOISE}
    assert read_attempt(found.total, []) == (Reading.BETTER, ())


def test_a_total_is_the_weighted_mean_of_the_differences() -> None:
    found = compare_total([pair([2], [4], weight=3), pair([3], [2], weight=1)])

    assert found.difference == pytest.approx(1.25)


def test_a_total_of_one_criterion_is_that_criterion() -> None:
    total, criterion = compare_total([pair([2, 3], [4], LOUD, weight=2)]), compare_criterion([2, 3], [4], LOUD)

    assert (total.p, total.difference, total.se) == (criterion.p, criterion.difference, criterion.se)


def test_measures_add_to_a_total_without_noise() -> None:
    spoken = pair([2], [5], Noise(), step=0)
    found = compare_total([pair([2], [2]), spoken])

    assert found.difference == 1.5
    assert read(found) is Reading.BETTER
    assert read(compare_total([spoken])) is Reading.BETTER_BY_SURFACE


def test_weights_must_mean_something() -> None:
    for weights in ((0, 0), (2, -1)):
        with pytest.raises(ValueError, match="weight"):
            compare_total([pair([2], [3], weight=weight) for weight in weights])


def test_a_gate_is_passed_failed_or_too_close_to_call() -> None:
    scores = [pair([], [4, 4, 4])] * 5
    found = [read(compare_with_bar(scores, bar)) for bar in (3.0, 4.1, 4.8)]

    assert found == [Reading.BETTER, Reading.WITHIN_NOISE, Reading.WORSE]
    assert read(compare_with_bar([pair([], [4], exact=True)], 3)) is Reading.BETTER_BY_SURFACE


@pytest.mark.parametrize(
    ("before", "after", "noise", "most", "helps"),
    [
        ([2], [2], QUIET, 3, False),  # nothing to claim
        ([2], [3], QUIET, 3, True),
        ([2], [3], QUIET, 1, False),  # no samples left
        ([2], [2], Noise(), 3, False),
        ([2, 2], [5, 5], QUIET, 3, False),  # beyond doubt already
        ([2, 3, 2], [3, 2, 3], LOUD, 5, False),
    ],
)
def test_more_samples_are_drawn_where_they_may_decide(
    before: list[float], after: list[float], noise: Noise, most: int, helps: bool
) -> None:
    pairs = [pair(before, after, noise)]

    assert any(offers(pairs, compare(pairs), calls=6, most=most)) is helps


def test_more_samples_never_help_where_there_is_no_noise() -> None:
    pairs = [pair([2], [3], exact=True)]

    assert not any(offers(pairs, compare(pairs), calls=6, most=5))

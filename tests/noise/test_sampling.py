"""Samples where they decide: what is asked next, and what buying and knowing the noise can come to."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import ceilings, ideal_flow
from benchmarks.ideal import JointReader, seen_at_best, total_seen_at_best
from benchmarks.noise_simulation import Cell, bought
from benchmarks.simulated_graders import Grader
from evalharness.noise.attempts import Setting, compare
from evalharness.noise.change import Basis, Change, Normal, Reading, read_attempt, share_beside
from evalharness.noise.odds import chance_of
from evalharness.noise.prior import Prior, of_grader
from evalharness.noise.repeats import noise_of
from evalharness.noise.sampling import AFTER, BEFORE, offers
from evalharness.noise.sittings import moods, variance_of
from tests.noise.test_levels import pairs_of, total_of


def test_samples_go_to_the_criterion_in_doubt() -> None:
    """The criterion that looks changed is asked again, not the ones that look the same."""
    pairs = pairs_of([((3.0,), (4.0,)), *[((3.0,), (3.0,))] * 5], noise=noise_of([[3.0, 3.0, 3.0]] * 12))
    found = list(offers(pairs, compare(pairs), calls=6, most=5))

    assert found[0].criterion == 0


def test_odds_are_those_of_the_levels_however_they_came() -> None:
    """The chance that odds stand for is small where levels are far apart, and one where they are alike."""
    chances = [
        compare(pairs_of([sides])).criteria[0].p
        for sides in (((3.0,) * 3, (3.0,) * 3), ((2.0,), (4.0,)), ((1.0,), (5.0,)), ((2.0,) * 3, (4.0,) * 3))
    ]

    assert chances == sorted(chances, reverse=True)
    assert chances[0] > 0.3
    assert chances[-1] < 0.001


def test_an_answer_half_way_between_two_levels_is_no_change() -> None:
    """A quiet grader that gives 2 or 3 by the toss of a coin may well toss three of each."""
    quiet = noise_of([[3.0, 3.0, 3.0]] * 12)
    two, eight = (compare(pairs_of([((2.0,) * n, (3.0,) * n)], noise=quiet)).criteria[0].p for n in (2, 8))

    assert eight < 0.005 < 0.05 < two


def test_odds_of_a_quiet_grader_are_surer() -> None:
    """Its grades tell more, so its odds jump further past a bar; odds below one are no change at all."""
    quiet, loud = (of_grader(Prior(sd=sd, spread=0.2)) for sd in (0.3, 0.8))

    assert chance_of(20.0, quiet, 1.0) < 0.7 * chance_of(20.0, loud, 1.0)
    assert chance_of(20.0, loud, 1.0) < 1 / 20
    assert chance_of(2.0, quiet, 1.0) == chance_of(2.0, loud, 1.0) == 0.25  # as coins fall
    assert [chance_of(odds, quiet, 1.0) for odds in (0.0, 0.5, 1.0)] == [1.0] * 3


def test_the_side_that_tells_more_is_asked() -> None:
    """An attempt with levels 3 and 4 is half-way between them; only the other one can still show that it moved."""
    noise = noise_of([[3.0, 3.0, 3.0]] * 12)
    firsts = [
        next(offers(pairs, compare(pairs), calls=4, most=5, worth=0.0)).buys[0]
        for pairs in (pairs_of([((2.0,), (3.0, 3.0, 3.0))], noise=noise), pairs_of([((3.0, 4.0), (4.0,))], noise=noise))
    ]

    assert firsts == [(0, BEFORE), (0, AFTER)]


def test_samples_bought_for_one_criterion_take_nothing_from_another() -> None:
    """A claim is not lost because something else was asked afterwards."""
    once, again = share_beside(1.0, [1.0, *[0.5] * 5]), share_beside(1.0, [1.0, 1.0, *[0.5] * 4])

    assert once == again > 1 / 6
    assert share_beside(0.5, [0.5] * 6) == pytest.approx(1 / 6)
    assert share_beside(1.5, [0.5, *[1.5] * 5]) == pytest.approx(1 / 6)  # one that is short of samples frees nothing


def test_what_begins_to_speak_against_a_change_gives_way() -> None:
    """Of criteria that look changed the one with the best odds is asked next."""
    noise = noise_of([[3.0, 3.0, 3.0]] * 12)
    sides = [((3.0, 4.0), (4.0,)), ((3.0,), (4.0, 4.0)), ((3.0,), (4.0,)), *[((3.0,), (3.0,))] * 3]
    pairs = pairs_of(sides, noise=noise)
    found = list(offers(pairs, compare(pairs), calls=4, most=5, worth=0.0))

    assert [offer.criterion for offer in found if offer.criterion is not None][:3] == [1, 2, 0]


def test_nothing_is_bought_where_all_is_clear() -> None:
    """A claim that stands needs no more samples, nor does a difference that nobody can tell."""
    pairs = pairs_of([((1.0,) * 5, (5.0,) * 5)] * 2)

    assert not any(offers(pairs, compare(pairs), calls=6, most=8))


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 9))
def test_no_more_calls_are_offered_than_are_allowed(before: int, after: int, calls: int) -> None:
    """Neither in all, nor for one side."""
    pairs = pairs_of([((3.0,) * before, (4.0,) * after)], noise=noise_of([[3.0, 3.0, 4.0]] * 12))
    for offer in offers(pairs, compare(pairs), calls=calls, most=5, worth=0.0):
        assert offer.calls <= calls
        assert sum(offer.sides) == before + after + offer.calls
        assert max(offer.sides) <= 5


def test_older_attempt_is_graded_again_where_only_the_day_stands_between() -> None:
    """What would be claimed of one day and is not of two is settled by the older attempt, graded on the newer's day."""
    noise = noise_of([[3.0, 3.0, 3.0]] * 12)
    sides = [((3.0, 3.0), (4.0, 4.0))] * 3 + [((3.0, 3.0), (3.0, 3.0))] * 3
    pairs, side_by_side = (pairs_of(sides, apart=apart, noise=noise) for apart in (True, False))
    (best, *_) = offers(pairs, compare(pairs), calls=6, most=5, now=1)

    assert total_of(side_by_side).p < 0.02 < total_of(pairs).p
    assert best.again
    assert best.buys[0][1] == BEFORE


def test_joint_calls_are_bought_for_all_criteria_at_once() -> None:
    """One call grades all of them, of the attempt that was graded on another day first."""
    pairs = pairs_of([((3.0,), (4.0,))] * 6, apart=True, noise=noise_of([[3.0, 3.0, 3.0]] * 12))
    setting = Setting(joint=True)
    (offer,) = offers(pairs, compare(pairs, setting), calls=4, most=5, setting=setting, now=1)

    assert offer.criterion is None
    assert offer.buys[0] == (None, BEFORE)
    assert offer.again


def test_what_the_two_attempts_have_of_a_day_cancels() -> None:
    """An older attempt with half of its grades from the newer one's day keeps a quarter of the days' variance."""
    found = [variance_of(moods(*sides)) for sides in (((0,), (1,)), ((0, 1), (1,)), ((0, 1), (0, 1)), ((), (1,)))]

    assert found == pytest.approx([2.0, 0.5, 0.0, 0.0])


def test_nobody_sees_more_than_a_reader_who_knows_the_noise() -> None:
    """What is possible at all rises with the rate of false claims and falls with the noise."""
    seen = [seen_at_best(sd, 1.5, 2, alpha) for sd, alpha in ((0.8, 0.005), (0.8, 0.05), (0.3, 0.05), (0.3, 1.0))]

    assert seen == sorted(seen)
    assert 0.005 < seen[0] < 0.3
    assert seen[-1] <= 1 + 1e-9


def test_a_reader_who_knows_the_noise_sees_more_of_a_total_the_more_it_may_be_wrong() -> None:
    """A change of all criteria is seen more often than a false claim is made, and less often with more noise."""
    quiet, noisy, eager = (
        total_seen_at_best(sd, 0.5, 2, rate, 300, random.Random(1))
        for sd, rate in ((0.3, 0.05), (0.8, 0.05), (0.8, 0.5))
    )

    assert 0.05 < noisy < eager
    assert noisy < quiet


def test_a_reader_who_buys_grades_sees_a_change_within_its_calls() -> None:
    """Two calls of a reader who knows the noise: some changes are seen, most are not, and no call is made too many."""
    share, error, calls = ideal_flow.seen(0.3, 0.05, (ideal_flow.PLAIN,), 200, 1, calls=2)

    assert 0.1 < share < 0.6
    assert error < 0.04
    assert calls <= 2


@pytest.mark.parametrize(
    ("grader", "where", "most"),
    [(Grader(sd=0.5), None, 0.09), (Grader(sd=0.5), 2.5, 0.12), (Grader(sd=0.3), 2.5, 0.12)],
)
def test_asking_again_makes_few_false_claims(grader: Grader, where: float | None, most: float) -> None:
    """Of 60 screens where nothing changed and up to six grades are bought, a handful claims anything."""
    assert bought(Cell("", grader, 1, True, where=where), 6, 5, 60, 3).any <= most


def test_what_is_claimed_is_asked_again_until_it_is_beyond_doubt() -> None:
    """A claim that more grades may still take back is no end of a run's questions, but it is clear on a screen."""
    pairs = pairs_of([((2.0,) * 4, (3.0,) * 4), *[((3.0,) * 4, (3.0,) * 4)] * 5])
    found = compare(pairs)
    asked, told = (list(offers(pairs, found, calls=4, most=6, beyond=beyond)) for beyond in (0.1, 1.0))

    assert read_attempt(total_of(pairs), found.criteria)[1][0] is Reading.BETTER
    assert 0 in [offer.criterion for offer in asked]
    assert 0 not in [offer.criterion for offer in told]


def test_wanted_figures_are_shown_beside_what_is_possible() -> None:
    """A stranger sees which figure no reader with that error rate can reach."""
    *_, row = ceilings.report(10, 1, ceilings.FIGURES[1:2])

    wanted, at_most = row.split()[-6::2], row.split()[-5::2]
    assert wanted == ["50", "37", "28"]
    assert [int(each) for each in at_most] == sorted(map(int, at_most), reverse=True)


def test_a_reader_who_must_find_out_the_noise_sees_less_where_it_is_loud() -> None:
    """From single joint grades a change of all criteria alike is seen, the less the louder the grader."""
    graders = [Grader(sd=sd, shared=0.3) for sd in (0.3, 1.2)]
    reader = JointReader(graders, 2.0, 0.05, 80, random.Random(2))

    quiet, loud = map(reader.seen, graders)
    assert quiet > 0.9
    assert loud < quiet


def test_what_was_asked_again_needs_more_while_the_noise_is_only_assumed() -> None:
    """At first use the program looks for a change with a noise that it does not know yet."""
    law = Normal(parts=((1.0, 1.0),))
    still = [Change(difference=0.0, p=1.0, law=law, share=0.5)] * 6
    readings = [
        read_attempt(still[0], [Change(difference=1.0, p=0.008, law=law, basis=basis, share=1.5), *still[1:]])[1][0]
        for basis in (Basis.MEASURED, Basis.ASSUMED)
    ]

    assert readings == [Reading.BETTER, Reading.WITHIN_NOISE]

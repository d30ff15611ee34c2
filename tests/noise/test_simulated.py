"""The simulation in small: how often a reading is wrong, how often a change is seen, and how long it takes."""

from __future__ import annotations

import random
import time

import pytest

from benchmarks import ideal_flow
from benchmarks.ideal import seen_at_best, total_seen_at_best
from benchmarks.noise_simulation import NONE, ONE, Cell, bought, rates, readings
from benchmarks.simulated_graders import Grader, attempts, meet


def test_twenty_series_are_read_in_a_blink() -> None:
    """A screen of 20 series with six criteria and a total takes a fraction of a second of work."""
    rng = random.Random(5)
    known = meet(Grader(sd=0.4), rng, history=True)
    screens = [attempts(Grader(sd=0.4), known, NONE, 3, rng) for _ in range(20)]
    begun = time.process_time()
    for pairs, setting in screens:
        readings(pairs, setting)

    assert time.process_time() - begun < 1.0  # 0.1 on an idle machine


@pytest.mark.parametrize(
    ("grader", "samples", "history"),
    [
        (Grader(sd=0.5), 3, False),
        (Grader(sd=0.8), 1, False),
        (Grader(sd=0.5, shared=0.5), 3, True),
        (Grader(sd=0.3, day=0.15), 3, True),
        (Grader(sd=0.5, slips=0.05), 2, True),
    ],
)
def test_false_claims_stay_rare(grader: Grader, samples: int, history: bool) -> None:
    """Of 100 screens where nothing changed at most a handful claims anything."""
    assert rates(Cell("", grader, samples, history), 100, 3).any <= 0.09


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


def test_real_change_is_seen() -> None:
    """A level up in one criterion is seen more often than not, after five samples of a measured grader."""
    assert rates(Cell("", Grader(sd=0.3), 5, True, ONE(1.0)), 60, 3).first >= 0.45

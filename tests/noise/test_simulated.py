"""The simulation in small: how often a reading is wrong, how often a change is seen, and how long it takes."""

from __future__ import annotations

import random
import time

import pytest

from benchmarks.noise_simulation import NONE, ONE, Cell, rates, readings
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


def test_real_change_is_seen() -> None:
    """A level up in one criterion is seen more often than not, after five samples of a measured grader."""
    assert rates(Cell("", Grader(sd=0.3), 5, True, ONE(1.0)), 60, 3).first >= 0.45

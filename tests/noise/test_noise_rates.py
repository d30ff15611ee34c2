"""Simulated graders: how often a claim is false, and a real change seen."""

from __future__ import annotations

import importlib.util
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest

from evalharness.noise import ERROR_RATE


@pytest.fixture(scope="module")
def simulation() -> ModuleType:
    path = Path(__file__).parents[2] / "benchmarks" / "noise_simulation.py"
    spec = importlib.util.spec_from_file_location("noise_simulation", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("sd", [0.0, 0.2, 0.35, 0.5, 0.8, 1.2])
def test_false_claims_stay_under_the_stated_rate(simulation: ModuleType, sd: float) -> None:
    """At every true level, for 1 to 5 samples, within three Monte-Carlo standard errors; the habits don't."""
    rng = random.Random(7)
    for samples in (1, 2, 3, 5):
        found, worst = simulation.false_claims(sd, samples, 300, rng)

        assert found.ours.value <= ERROR_RATE
        assert worst.value <= ERROR_RATE + 3 * worst.error
        if sd:
            assert found.single.value > 4 * ERROR_RATE
            assert found.half.value > found.ours.value


@pytest.mark.parametrize("sd", [0.35, 0.8, 1.2])
def test_false_claims_stay_under_it_whatever_was_graded_before(simulation: ModuleType, sd: float) -> None:
    """No history, one of quiet places only, one of the scale's ends only."""
    rng = random.Random(8)
    histories = ((simulation.anywhere, 0), (simulation.on_a_level, 15), (simulation.at_the_ends, 15))
    for where, answers in histories:
        _, worst = simulation.false_claims(sd, 3, 300, rng, where, answers)

        assert worst.value <= ERROR_RATE + 3 * worst.error


def test_real_changes_are_seen(simulation: ModuleType) -> None:
    rng = random.Random(9)

    assert simulation.power(0.35, 3, 2, 400, rng).ours.value > 0.9
    assert simulation.power(0.35, 5, 1, 400, rng).ours.value > 0.7
    assert simulation.power(0.8, 5, 2, 400, rng).ours.value > 0.8


def test_a_page_of_eight_comparisons_keeps_the_rate_together(simulation: ModuleType) -> None:
    rng = random.Random(10)
    for sd in (0.35, 1.2):
        nothing, _, habit = simulation.shown(sd, 3, 0, 300, rng)

        assert nothing.value <= ERROR_RATE + 3 * nothing.error
        assert habit.value > 0.5


def test_sampling_until_it_is_clear_keeps_the_rate_too(simulation: ModuleType) -> None:
    rng = random.Random(11)
    for sd in (0.35, 0.8, 1.2):
        false, spent = simulation.adaptive(sd, 0, 3, 1000, rng)

        assert false.value <= ERROR_RATE + 3 * false.error
        assert 1 <= spent < 2


def test_runs_keep_the_rate_with_few_unequal_clusters(simulation: ModuleType) -> None:
    rng = random.Random(12)
    for questions, authors in ((5, 5), (10, 4), (20, 6)):
        false = simulation.runs_claims(questions, authors, 0.0, 1500, rng)

        assert false.value <= ERROR_RATE + 3 * false.error


def test_the_table_is_printed_whole(simulation: ModuleType) -> None:
    lines = list(simulation.report(4, random.Random(1)))

    assert len([line for line in lines if "±" in line]) > 100

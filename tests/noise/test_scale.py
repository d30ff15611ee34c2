"""Places, noise and the chances of levels, and what a grader's history makes of what is assumed of it."""

from __future__ import annotations

import math
import random
import statistics

import pytest

from evalharness.noise.attempts import grader_weights
from evalharness.noise.prior import MODEL, PLUG_IN, down, mean_sd, normalised, of_grader, up
from evalharness.noise.repeats import noise_of
from evalharness.noise.scale import NOISES, PLACES, SDS, cell, likelihood, moments


@pytest.mark.parametrize("step", [1.0, 0.5, 4 / 7])
def test_chances_of_all_levels_add_up_to_one(step: float) -> None:
    """Wherever an answer stands, some level is given."""
    for noise in range(len(NOISES)):
        for place in (0, 7, 16, 32):
            assert math.isclose(sum(cell(place, noise, step)), 1.0)


def test_level_chances_agree_with_normal_distribution() -> None:
    """The chance of a level is the normal one between the two thresholds, and the lapse."""
    place, noise = 12, 4
    sd, lapse = NOISES[noise]
    normal = statistics.NormalDist(PLACES[place], sd)
    expected = (1 - lapse) * (normal.cdf(3.5) - normal.cdf(2.5)) + lapse / 5

    assert math.isclose(cell(place, noise, 1.0)[2], expected, rel_tol=1e-12)


def test_moments_agree_with_simulated_grades() -> None:
    """Variance and pull are those of rounded and clipped grades."""
    rng = random.Random(1)
    place, noise = PLACES.index(4.0), 5
    sd, lapse = NOISES[noise]
    rounded = [min(5, max(1, math.floor(rng.gauss(4.0, sd) + 0.5))) for _ in range(40_000)]
    levels = [rng.randint(1, 5) if rng.random() < lapse else level for level in rounded]

    assert math.isclose(moments(1.0)[0][noise][place], statistics.pvariance(levels), rel_tol=0.05)


def test_likelihood_is_a_product_of_chances() -> None:
    """Samples are independent given the place and the noise."""
    table = likelihood((2.0, 3.0, 3.0), 1.0)
    expected = cell(10, 3, 1.0)[1] * cell(10, 3, 1.0)[2] ** 2

    assert math.isclose(table[3][10], expected, rel_tol=1e-9)


def test_prior_is_centred_on_stated_sd() -> None:
    """What is assumed of a model is a third of a level, and of a plug-in more."""
    assert mean_sd(of_grader(MODEL)) == pytest.approx(0.35, abs=0.04)
    assert mean_sd(of_grader(PLUG_IN)) > mean_sd(of_grader(MODEL))


@pytest.mark.parametrize("sd", [0.2, 0.8])
def test_fifteen_repeats_outweigh_the_prior(sd: float) -> None:
    """After 15 answers graded twice the noise is nearer to what was seen than to what was assumed."""
    rng = random.Random(4)
    found = []
    for _ in range(20):
        repeats = [
            [float(min(5, max(1, round(rng.gauss(at, sd))))) for _ in range(2)]
            for at in [rng.uniform(1, 5) for _ in range(15)]
        ]
        weights = grader_weights([(noise_of(repeats), 1.0)])
        known = normalised([a * b for a, b in zip(weights, of_grader(MODEL), strict=True)])
        found.append(math.log(mean_sd(known) / 0.35) / math.log(sd / 0.35))
    assert sum(found) / len(found) > 0.5


def test_up_and_down_are_transposes() -> None:
    """What a likelihood says of the storey above, and weights of the one below, come from one kernel."""
    a = tuple(float(i % 4 + 1) for i in range(len(SDS)))
    b = tuple(float(i % 3 + 1) for i in range(len(SDS)))
    left = sum(x * y for x, y in zip(up(a, 0.3), b, strict=True))
    right = sum(x * y for x, y in zip(a, down(b, 0.3), strict=True))

    assert math.isclose(left, right)


def test_noise_counts_repeats() -> None:
    """Degrees are deviations from answers' own means; an answer graded once says nothing."""
    noise = noise_of([[2, 3, 3], [4], [5, 5]])

    assert (noise.degrees, noise.answers) == (3, 2)
    assert noise.sd == pytest.approx(math.sqrt((2 / 3) / 3))

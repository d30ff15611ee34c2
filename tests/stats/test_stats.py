"""Distributions, intervals, power and many comparisons, against published values and large libraries."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness import stats
from tests.figures import close

DRAWN = [1.2, -0.4, 0.8, 2.2, 0.1, 0.9, -1.5, 3.3, 0.7, 1.1]


@pytest.mark.parametrize(
    ("t", "degrees", "tail"),
    [
        (0.5, 1, 0.35241638234956674),
        (2.0, 2.5, 0.07869574787898295),
        (2.086, 20, 0.024998177228720095),
        (6, 4, 0.0019412685234802554),
        (30, 3, 4.067640213581979e-05),
        (1.5, 1000, 0.06696501941104313),
        (-1.2, 7, 0.8654140315863967),
        (0.001, 5, 0.4996203933860988),
        (40, 60, 2.8777402433126926e-45),
        (1.5, math.inf, 0.06680720126885807),
    ],
)
def test_tails_of_student(t: float, degrees: float, tail: float) -> None:
    assert stats.t_upper_tail(t, degrees) == close(tail)
    assert stats.t_two_sided(t, degrees) == close(2 * min(tail, 1 - tail))


@pytest.mark.parametrize(
    ("probability", "degrees", "t"),
    [
        (0.975, 1, 12.706204736174694),
        (0.975, 9, 2.262157162798205),
        (0.975, 19.5, 2.089397620972246),
        (0.9995, 4, 8.610301581379522),
        (0.2, 3, -0.9784723123633038),
        (0.975, 1e5, 1.9599877075346095),
        (0.975, math.inf, 1.9599639845400545),
    ],
)
def test_quantiles_of_student(probability: float, degrees: float, t: float) -> None:
    assert stats.t_quantile(probability, degrees) == close(t)


@pytest.mark.parametrize(
    ("probability", "z"),
    [(0.025, -1.9599639845400545), (0.5, 0.0), (0.8, 0.8416212335729143), (0.999999, 4.753424308817087)],
)
def test_normal_quantiles_and_back(probability: float, z: float) -> None:
    assert stats.normal_quantile(probability) == close(z)
    assert stats.normal_cdf(z) == close(probability)


@pytest.mark.parametrize(
    ("x", "a", "b", "value"),
    [
        (0.3, 2, 5, 0.5798250000000003),
        (0.999, 50, 0.5, 0.7523690199653766),
        (1e-5, 0.5, 0.5, 0.0020131718394753874),
        (0.5, 1000, 1000, 0.5),
        (0.02, 1, 300, 0.9976674943320486),
        (1, 2, 2, 1.0),
    ],
)
def test_tails_of_f_are_those_of_the_incomplete_beta(x: float, a: float, b: float, value: float) -> None:
    assert stats.f_upper_tail(a / b * (1 / x - 1), 2 * b, 2 * a) == close(value)


@given(st.floats(0.01, 20), st.floats(0.5, 200))
def test_f_of_one_degree_is_the_square_of_student(t: float, degrees: float) -> None:
    assert stats.f_upper_tail(t * t, 1, degrees) == close(stats.t_two_sided(t, degrees))


def test_the_tabled_f() -> None:
    """The 5 % point of 5 and 10 degrees, as every table has it."""
    assert stats.f_upper_tail(3.3258, 5, 10) == pytest.approx(0.05, abs=1e-5)


@pytest.mark.parametrize(
    ("t", "degrees", "shift", "value"),
    [
        (2.262, 9, 2.5, 0.393819991691973),
        (1, 1, 1, 0.42202003039262753),
        (-2, 4, 1, 0.007361395832446617),
        (12.7, 1, 30, 0.018526905621725993),
        (2, 200, 2.8, 0.212283318953614),
        (2.5, 2.3, 1.7, 0.6311162942827255),
    ],
)
def test_noncentral_t(t: float, degrees: float, shift: float, value: float) -> None:
    assert stats.noncentral_t_cdf(t, degrees, shift) == pytest.approx(value, abs=1e-7)


def test_what_no_distribution_has_is_refused() -> None:
    impossible: tuple[Callable[[], object], ...] = (
        lambda: stats.t_quantile(1.0, 3),
        lambda: stats.normal_quantile(0.0),
        lambda: stats.t_upper_tail(1, 0),
    )
    for bad in impossible:
        with pytest.raises(ValueError, match=r"\w"):
            bad()


def test_a_number_that_is_none_is_an_error_and_never_a_claim() -> None:
    with pytest.raises(ArithmeticError, match="does not settle"):
        stats.t_two_sided(math.nan, 5)


@given(st.floats(0.001, 0.999), st.floats(0.5, 500))
def test_a_quantile_undoes_its_tail(probability: float, degrees: float) -> None:
    assert 1 - stats.t_upper_tail(stats.t_quantile(probability, degrees), degrees) == close(probability)


def test_wilson_interval_of_newcombe_1998() -> None:
    found = stats.wilson_interval(81, 263)

    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_wilson_interval_stays_between_nothing_and_everything() -> None:
    assert stats.wilson_interval(0, 10).low == 0
    assert stats.wilson_interval(10, 10).high == 1
    with pytest.raises(ValueError, match="5 of 4 is not a proportion"):
        stats.wilson_interval(5, 4)


def test_clusters_of_one_are_the_ordinary_t_interval() -> None:
    found = stats.clustered_mean(DRAWN, range(10))
    half = stats.t_quantile(0.975, 9) * (statistics.stdev(DRAWN) / math.sqrt(len(DRAWN)))

    assert found.se == close(statistics.stdev(DRAWN) / math.sqrt(len(DRAWN)))
    assert found.degrees == close(9)
    assert found.interval().high == close(statistics.fmean(DRAWN) + half)


def test_equal_clusters_count_as_their_means() -> None:
    """Five clusters of two are worth five values."""
    means = [(a + b) / 2 for a, b in zip(DRAWN[::2], DRAWN[1::2], strict=True)]
    found = stats.clustered_mean(DRAWN, [i // 2 for i in range(10)])

    assert found.se == close(statistics.stdev(means) / math.sqrt(len(means)))
    assert found.degrees == close(4)
    assert (found.values, found.clusters) == (10, 5)


def test_unequal_clusters_are_read_cautiously() -> None:
    """Expected size of the squared error over true variance, computed from the full matrices."""
    sizes = [6, 2, 1, 1]
    names = [i for i, size in enumerate(sizes) for _ in range(size)]
    n = len(names)
    weights = [[((name == g) - sizes[g] / n) / n / math.sqrt(1 - sizes[g] / n) for name in names] for g in range(4)]

    together = sum(
        sum(w for w, name in zip(row, names, strict=True) if name == h) ** 2 for row in weights for h in range(4)
    )
    shortfall = sum((s / n) ** 2 for s in sizes) / together
    gram = [[sum(a * b for a, b in zip(x, y, strict=True)) for y in weights] for x in weights]
    degrees = sum(gram[g][g] for g in range(4)) ** 2 / sum(cell**2 for row in gram for cell in row)
    residuals = [value - statistics.fmean(DRAWN) for value in DRAWN]
    square = (
        sum(
            sum(r for r, name in zip(residuals, names, strict=True) if name == g) ** 2 / (1 - sizes[g] / n)
            for g in range(4)
        )
        / n**2
    )
    found = stats.clustered_mean(DRAWN, names)

    assert shortfall > 1
    assert found.se == close(math.sqrt(square * shortfall))
    assert found.degrees == close(degrees)


def test_one_cluster_has_no_standard_error() -> None:
    with pytest.raises(ValueError, match="fewer than two clusters"):
        stats.clustered_mean([1, 2, 3], ["me"] * 3)


def test_published_minimum_detectable_effects() -> None:
    """The noncentral t distribution gives the published digits; the short normal formula does not."""
    assert [round(stats.minimum_detectable_effect(n, 0.8), 2) for n in (5, 10, 20, 40, 80)] == [
        1.35, 0.80, 0.53, 0.36, 0.25,
    ]  # fmt: skip


def test_power_is_the_error_rate_where_nothing_changed() -> None:
    assert stats.t_power(0, 9) == pytest.approx(0.05, abs=1e-8)
    assert stats.t_power(stats.detectable_shift(9), 9) == pytest.approx(0.8, abs=1e-8)


def test_what_no_sample_can_show_is_refused() -> None:
    with pytest.raises(ValueError, match="1 pairs"):
        stats.minimum_detectable_effect(1, 0.8)


def test_adjusted_p_values_of_statsmodels() -> None:
    found = [0.01, 0.04, 0.03, 0.005, 0.04]

    assert stats.holm(found) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.09])


def test_holm_with_weights_gives_a_comparison_its_share() -> None:
    assert stats.holm([0.02, 0.5], [3, 1]) == pytest.approx([0.02 * 4 / 3, 0.5])
    assert stats.holm([0.3, 0.02], [3, 1]) == pytest.approx([0.3, 0.08])
    assert stats.holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 1))
def test_one_more_comparison_never_makes_a_claim_easier(found: list[float], more: float) -> None:
    assert all(b >= a - 1e-12 for a, b in zip(stats.holm(found), stats.holm([*found, more]), strict=False))

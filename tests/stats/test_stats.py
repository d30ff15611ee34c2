"""Distributions, intervals, power and many comparisons, against published values and large libraries."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness import stats
from tests.figures import close

SCORES = [1, 1, 1, 0, 0, 1, 0, 0, 0, 1]
GROUPS = [0, 0, 0, 1, 1, 2, 2, 2, 3, 3]


BH_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
    0.7590, 1.0,
]  # fmt: skip


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
    ("x", "degrees", "upper", "lower"),
    [
        (3.84, 1, 0.05004352124870519, 0.9499564787512949),
        (0.1, 4, 0.9987908957257497, 0.001209104274250291),
        (50, 30, 0.01240206071890054, 0.9875979392810995),
        (200, 40, 3.764893576001532e-23, 1.0),
        (0.5, 0.7, 0.3509752970315835, 0.6490247029684165),
        (1000, 1000, 0.49405285382923964, 0.5059471461707603),
        (0, 3, 1.0, 0.0),
    ],
)
def test_tails_of_chi_square(x: float, degrees: float, upper: float, lower: float) -> None:
    assert stats.chi2_upper_tail(x, degrees) == close(upper)
    assert stats.chi2_cdf(x, degrees) == close(lower)


@pytest.mark.parametrize(
    ("probability", "degrees", "x"),
    [(0.95, 1, 3.841458820694124), (0.05, 20, 10.85081139418259), (0.999, 7, 24.321886347856854)],
)
def test_quantiles_of_chi_square(probability: float, degrees: float, x: float) -> None:
    assert stats.chi2_quantile(probability, degrees) == close(x)


@pytest.mark.parametrize(
    ("k", "n", "probability", "lower", "upper"),
    [
        (3, 10, 0.2, 0.8791261183999999, 0.12087388160000007),
        (0, 5, 0.5, 0.03125, 0.96875),
        (81, 263, 0.25, 0.9861258861862842, 0.013874113813715862),
        (990, 1000, 0.999, 1.0742833868464947e-07, 0.9999998925716613),
        (9, 10, 0.5, 0.9990234375, 0.0009765625),
        (10, 10, 0.5, 1.0, 0.0),
        (-1, 10, 0.5, 0.0, 1.0),
    ],
)
def test_tails_of_the_binomial(k: int, n: int, probability: float, lower: float, upper: float) -> None:
    assert stats.binomial_cdf(k, n, probability) == close(lower)
    assert stats.binomial_upper_tail(k, n, probability) == close(upper)


@pytest.mark.parametrize(
    ("level", "n", "probability", "k"),
    [(0.975, 20, 0.3, 10), (0.5, 1000, 0.01, 10), (1e-6, 50, 0.5, 9), (0.0, 5, 0.5, 0), (1.0, 5, 0.5, 5)],
)
def test_quantiles_of_the_binomial(level: float, n: int, probability: float, k: int) -> None:
    assert stats.binomial_quantile(level, n, probability) == k


@pytest.mark.parametrize(
    ("x", "a", "b", "value"),
    [
        (0.3, 2, 5, 0.5798250000000003),
        (0.999, 50, 0.5, 0.7523690199653766),
        (1e-5, 0.5, 0.5, 0.0020131718394753874),
        (0.5, 1000, 1000, 0.5),
        (0.02, 1, 300, 0.9976674943320486),
        (0, 2, 2, 0.0),
        (1, 2, 2, 1.0),
    ],
)
def test_incomplete_beta(x: float, a: float, b: float, value: float) -> None:
    assert stats.beta_cdf(x, a, b) == close(value)


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
        lambda: stats.chi2_quantile(-0.1, 3),
        lambda: stats.t_upper_tail(1, 0),
        lambda: stats.chi2_cdf(1, 0),
        lambda: stats.beta_cdf(0.5, 0, 1),
        lambda: stats.binomial_cdf(1, 3, 1.5),
        lambda: stats.binomial_quantile(2, 3, 0.5),
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
    assert stats.chi2_cdf(stats.chi2_quantile(probability, degrees), degrees) == close(probability)


def test_wilson_interval_of_newcombe_1998() -> None:
    found = stats.wilson_interval(81, 263)

    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)


def test_wilson_interval_stays_between_nothing_and_everything() -> None:
    assert stats.wilson_interval(0, 10).low == 0
    assert stats.wilson_interval(10, 10).high == 1
    with pytest.raises(ValueError, match="5 of 4 is not a proportion"):
        stats.wilson_interval(5, 4)


def test_clustered_standard_error_of_miller_2024() -> None:
    assert stats.standard_error(SCORES) == pytest.approx(0.1667, abs=5e-5)
    assert stats.clustered_se(SCORES, GROUPS) == pytest.approx(0.18708, abs=5e-6)


def test_clusters_of_one_are_the_ordinary_t_interval() -> None:
    found = stats.clustered_mean(DRAWN, range(10))
    half = stats.t_quantile(0.975, 9) * stats.standard_error(DRAWN)

    assert found.se == close(stats.standard_error(DRAWN))
    assert found.degrees == close(9)
    assert found.interval().high == close(statistics.fmean(DRAWN) + half)


def test_equal_clusters_count_as_their_means() -> None:
    """Five clusters of two are worth five values."""
    means = [(a + b) / 2 for a, b in zip(DRAWN[::2], DRAWN[1::2], strict=True)]
    found = stats.clustered_mean(DRAWN, [i // 2 for i in range(10)])

    assert found.se == close(stats.standard_error(means))
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


def test_a_paired_difference_takes_out_what_the_pairs_share() -> None:
    after = [value + 1 + 0.1 * (i % 2) for i, value in enumerate(DRAWN)]
    found = stats.paired_clustered_difference(DRAWN, after, range(10))

    assert found.mean == close(1.05)
    assert found.se < stats.standard_error(DRAWN) / 5


def test_one_cluster_has_no_standard_error() -> None:
    with pytest.raises(ValueError, match="fewer than two clusters"):
        stats.clustered_mean([1, 2, 3], ["me"] * 3)


def test_bootstrap_intervals_agree_with_scipy() -> None:
    """SciPy with 200,000 resamples: BCa .09 to 1.64, percentile .07 to 1.62."""
    bca, percentile = (
        stats.bootstrap_interval(DRAWN, statistics.fmean, rng=random.Random(1), resamples=20_000, corrected=corrected)
        for corrected in (True, False)
    )

    assert bca is not None
    assert percentile is not None
    assert [bca.low, bca.high] == pytest.approx([0.09, 1.64], abs=0.03)
    assert [percentile.low, percentile.high] == pytest.approx([0.07, 1.62], abs=0.03)


def test_bootstrap_of_a_constant_and_of_nothing() -> None:
    def undefined(values: Sequence[float]) -> float | None:
        return None if len(set(values)) < 3 else statistics.fmean(values)

    same = stats.bootstrap_interval([2.0] * 5, statistics.fmean, rng=random.Random(1))

    assert same is not None
    assert (same.low, same.high) == (2, 2)
    assert stats.bootstrap_interval([1.0, 2.0, 3.0], undefined, rng=random.Random(1)) is None


def test_published_minimum_detectable_effects() -> None:
    """The noncentral t distribution gives the published digits; the short normal formula does not."""
    assert round(stats.pairs_needed(0.5), 2) == 33.37
    assert [round(stats.minimum_detectable_effect(n, 0.8), 2) for n in (5, 10, 20, 40, 80)] == [
        1.35, 0.80, 0.53, 0.36, 0.25,
    ]  # fmt: skip


def test_power_is_the_error_rate_where_nothing_changed() -> None:
    assert stats.t_power(0, 9) == pytest.approx(0.05, abs=1e-8)
    assert stats.t_power(stats.detectable_shift(9), 9) == pytest.approx(0.8, abs=1e-8)


def test_what_no_sample_can_show_is_refused() -> None:
    with pytest.raises(ValueError, match="1 pairs"):
        stats.minimum_detectable_effect(1, 0.8)
    with pytest.raises(ValueError, match="effect of 0"):
        stats.pairs_needed(0)


def test_the_fifteen_p_values_of_benjamini_and_hochberg_1995() -> None:
    rejected = [
        sum(p <= 0.05 for p in adjust(BH_1995)) for adjust in (stats.bonferroni, stats.holm, stats.benjamini_hochberg)
    ]

    assert rejected == [3, 3, 4]


def test_adjusted_p_values_of_statsmodels() -> None:
    found = [0.01, 0.04, 0.03, 0.005, 0.04]

    assert stats.holm(found) == pytest.approx([0.04, 0.09, 0.09, 0.025, 0.09])
    assert stats.benjamini_hochberg(found) == pytest.approx([0.025, 0.04, 0.04, 0.025, 0.04])


def test_holm_with_weights_gives_a_comparison_its_share() -> None:
    assert stats.holm([0.02, 0.5], [3, 1]) == pytest.approx([0.02 * 4 / 3, 0.5])
    assert stats.holm([0.3, 0.02], [3, 1]) == pytest.approx([0.3, 0.08])
    assert stats.holm([]) == ()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 1))
def test_one_more_comparison_never_makes_a_claim_easier(found: list[float], more: float) -> None:
    for adjust in (stats.bonferroni, stats.holm):
        assert all(b >= a - 1e-12 for a, b in zip(adjust(found), adjust([*found, more]), strict=False))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_adjustments_are_ordered_by_how_much_they_promise(found: list[float]) -> None:
    rows = zip(stats.benjamini_hochberg(found), stats.holm(found), stats.bonferroni(found), strict=True)

    assert all(p <= a + 1e-12 for p, a in zip(found, stats.benjamini_hochberg(found), strict=True))
    assert all(a <= b + 1e-12 <= c + 2e-12 for a, b, c in rows)

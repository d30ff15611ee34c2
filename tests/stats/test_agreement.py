"""Agreement between raters, and trends, against published values and large libraries."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness import stats
from evalharness.stats import Metric, Weights
from tests.figures import close

LEVELS = (1, 2, 3, 4, 5)
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]  # 1960 and 1968: 200 cases, three diagnoses


KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        ([1, 2, 1], [1, 2, 2], 0.4),
        ([1, 2, 3, 1, 2, 2, 3], [1, 2, 3, 1, 2, 3, 2], 0.75),
        ([1, 1, 2, 5, 5, 1], [1, 2, 2, 5, 1, 5], 0.1081),
    ],
)
def test_published_quadratic_weighted_kappas(first: list[int], second: list[int], value: float) -> None:
    assert stats.kappa(first, second, LEVELS, Weights.QUADRATIC) == pytest.approx(value, abs=5e-5)


def test_levels_left_out_make_strangers_neighbours() -> None:
    """The trap: with only the levels that occur, the same ratings have kappa 0."""
    first, second = [1, 1, 2, 5, 5, 1], [1, 2, 2, 5, 1, 5]

    assert stats.kappa(first, second, (1, 2, 5), Weights.QUADRATIC) == pytest.approx(0)
    with pytest.raises(ValueError, match=r"\[5\] are not levels"):
        stats.kappa(first, second, (1, 2, 3), Weights.QUADRATIC)


def test_kappas_of_cohen() -> None:
    unweighted = stats.disagreements(3, Weights.NONE)

    assert stats.kappa_of_table(COHEN, unweighted) == pytest.approx(0.492, abs=5e-4)
    assert stats.kappa_of_table(COHEN, [[0, 1, 3], [1, 0, 6], [3, 6, 0]]) == pytest.approx(0.348, abs=5e-4)


def test_kappas_of_scikit_learn() -> None:
    first, second = [1, 2, 3, 4, 5, 3, 2, 4, 4, 1], [2, 2, 3, 5, 5, 1, 2, 4, 3, 1]

    found = [stats.kappa(first, second, LEVELS, weights) for weights in Weights]

    assert found == pytest.approx([0.5061728395061729, 0.6753246753246753, 0.8087431693989071])


def test_raters_who_say_one_thing_have_no_kappa() -> None:
    assert stats.kappa([3, 3], [3, 3], LEVELS) is None
    assert stats.kappa([3, 3, 3], [1, 3, 5], LEVELS, Weights.QUADRATIC) == pytest.approx(0)


@pytest.mark.parametrize(
    ("metric", "value"),
    [(Metric.NOMINAL, 0.743), (Metric.ORDINAL, 0.815), (Metric.INTERVAL, 0.849), (Metric.RATIO, 0.797)],
)
def test_alphas_of_krippendorff(metric: Metric, value: float) -> None:
    assert stats.krippendorff_alpha(KRIPPENDORFF, metric) == pytest.approx(value, abs=5e-4)


def test_alpha_needs_pairs_that_vary() -> None:
    assert stats.krippendorff_alpha([[1, None], [None, 2]], Metric.NOMINAL) is None
    assert stats.krippendorff_alpha([[3, 3], [3, 3]], Metric.ORDINAL) is None
    assert stats.krippendorff_alpha([[1, 2], [1, 2]], Metric.RATIO) == 1


def test_isotonic_regression_as_published() -> None:
    assert stats.isotonic_regression([1, 0, 4, 3, 3, 5, 4, 2, 0]) == pytest.approx([0.5, 0.5, *[3.0] * 7])


def test_isotonic_regression_with_weights_of_scikit_learn() -> None:
    found = stats.isotonic_regression([3, 1, 2, 5, 4, 4.5], [1, 2, 1, 3, 1, 2])

    assert found == pytest.approx([5 / 3, 5 / 3, 2, 14 / 3, 14 / 3, 14 / 3])


@given(st.lists(st.floats(-5, 5), max_size=12))
def test_isotonic_regression_rises_and_keeps_the_mean(values: list[float]) -> None:
    found = stats.isotonic_regression(values)

    assert all(a <= b for a, b in itertools.pairwise(found))
    assert math.fsum(found) == pytest.approx(math.fsum(values), abs=1e-9)


def test_correlations_of_scipy() -> None:
    x, y = [2.1, 3.3, 1.0, 4.2, 5.5, 3.3, 0.4, 2.2], [1.0, 2.5, 2.0, 3.9, 4.1, 4.4, 1.1, 1.0]

    assert stats.pearson(x, y) == close(0.788453298727752)
    assert stats.spearman(x, y) == close(0.6987951807228915)
    assert stats.spearman([1, 1, 1], [1, 2, 3]) is None
    assert stats.ranks([5, 1, 5]) == [2.5, 1, 2.5]

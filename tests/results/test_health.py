from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.run import Run
from evalharness.results import health
from evalharness.results.aggregate import summarise
from evalharness.results.health import Share, nearest_level, retest
from evalharness.stats import pearson, ranks, spearman

from ..reports.example import ASK, RUN, culture, scaled, speed_attempt


def test_pearson_gives_the_published_value() -> None:
    """Anscombe's first quartet (1973) has r = .816."""
    x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
    y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]

    assert pearson(x, y) == pytest.approx(0.81642, abs=5e-6)


def test_spearman_gives_the_published_value() -> None:
    """Ten people's IQ and hours of television: rho = -29/165, an example in many textbooks."""
    iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]

    assert spearman(iq, hours) == pytest.approx(-29 / 165)


def test_ties_share_the_mean_of_their_ranks() -> None:
    """Two values on ranks 2 and 3 both have 2.5."""
    assert ranks([1, 2, 2, 5]) == [1, 2.5, 2.5, 4]
    assert ranks([]) == []
    assert spearman([1, 2, 2, 5], [1, 2, 3, 4]) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)


def test_what_does_not_vary_has_no_correlation() -> None:
    """One level for everybody is no evidence for or against anything."""
    assert spearman([3, 3, 3], [1, 2, 3]) is None
    assert pearson([], []) is None


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=2, max_size=30))
def test_a_correlation_is_symmetric_and_bounded(pairs: list[tuple[int, int]]) -> None:
    """Swapping sides changes nothing, and no correlation leaves -1 to 1."""
    x, y = [a for a, _ in pairs], [b for _, b in pairs]
    found = spearman(x, y)

    assert found == spearman(y, x)
    assert found is None or abs(found) <= 1 + 1e-9


def test_samples_of_the_same_thing_are_compared_pair_by_pair() -> None:
    """Groups 3,4,4 and 2,2 and 1,3: 2 of 5 pairs agree; squares 2/3 + 0 + 2 over 4 degrees of freedom."""
    found = retest([(3, 4, 4), (2, 2), (1, 3), (5,)])

    assert found is not None
    assert (found.groups, found.degrees) == (3, 4)
    assert (found.same, found.within_one) == (Share(count=2, of=5), Share(count=4, of=5))
    assert found.spread == pytest.approx(((2 / 3 + 2) / 4) ** 0.5)


def test_single_samples_say_nothing_about_noise() -> None:
    """Without a second sample there is no figure, rather than a flattering one."""
    assert retest([(3,), (4,)]) is None


@pytest.mark.parametrize(("level", "nearest"), [(1.0, 1), (2.49, 2), (2.5, 3), (4.6, 5), (5.0, 5)])
def test_unrounded_levels_go_to_the_nearest(level: float, nearest: int) -> None:
    """The histogram has five columns; halves go up."""
    assert nearest_level(level) == nearest


def test_the_shared_run_is_counted() -> None:
    """Every figure stands beside what it is counted out of."""
    found = health.health(RUN, summarise(RUN))

    assert found.graded == Share(count=37, of=39)
    assert (found.quotes.repaired, found.quotes.rejected, found.quotes.offered) == (13, 5, 38)
    assert [use.modal for use in found.levels][:2] == [Share(count=2, of=5), Share(count=3, of=4)]
    assert found.levels[0].modal_level == 1
    assert found.retest is not None
    assert found.retest.same == Share(count=14, of=15)


def test_few_attempts_give_no_correlation() -> None:
    """Three attempts that agree by chance are no halo."""
    found = health.health(RUN, summarise(RUN)).rubrics[0]

    assert found.halo.value is None
    assert found.length.value is None
    assert (found.halo.attempts, found.halo.pairs) == (3, 0)


def test_criteria_that_move_together_show_a_halo() -> None:
    """Five attempts, two criteria in step and one against them: (1 - 1 - 1) / 3."""
    found = health.health(_five(), summarise(_five())).rubrics[0]

    assert found.halo.value == pytest.approx(-1 / 3)
    assert (found.halo.attempts, found.halo.pairs) == (5, 3)
    assert found.length.value == pytest.approx(1)


def test_an_empty_run_has_nothing_to_count() -> None:
    """No attempts, no figures, no division by zero."""
    empty = msgspec.structs.replace(RUN, attempts=(), grades=())
    found = health.health(empty, summarise(empty))

    assert (found.levels, found.rubrics, found.retest) == ((), (), None)
    assert Share(count=0, of=0).ratio is None


def _five() -> Run:
    attempts = []
    grades = []
    for number in range(1, 6):
        attempt = speed_attempt(f"2026-10-0{number}")
        part = msgspec.structs.replace(attempt.parts[0], text="a word or two. " * number)
        other = msgspec.structs.replace(attempt.parts[1], text=ASK)
        attempts.append(msgspec.structs.replace(attempt, parts=(part, other)))
        rising, falling = scaled(number), scaled(6 - number)
        grades += culture(attempt.key, rising, rising, falling, 58)
    meta = msgspec.structs.replace(RUN.meta, samples=1, planned=len(grades))
    return msgspec.structs.replace(RUN, meta=meta, attempts=tuple(attempts), grades=tuple(grades))

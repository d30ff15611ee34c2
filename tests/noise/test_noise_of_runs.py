"""Two runs compared question by question."""

from __future__ import annotations

import statistics

import pytest

from evalharness.noise import Reading, RunChange, compare_runs, mde_sentence
from evalharness.progress import chances
from evalharness.stats import ClusteredMean


def test_two_runs_are_compared_question_by_question() -> None:
    pairs = [(2.0, 2.9), (3.0, 3.7), (1.5, 2.4), (4.0, 4.6), (2.5, 3.6)]
    found = compare_runs(pairs)
    interval = found.interval()

    assert found.read() is Reading.BETTER
    assert compare_runs([(b, a) for a, b in pairs]).read() is Reading.WORSE
    assert compare_runs(pairs, surface=True).read() is Reading.BETTER_BY_SURFACE
    assert compare_runs([(b, a) for a, b in pairs], surface=True).read() is Reading.WORSE_BY_SURFACE
    assert interval is not None
    assert interval.low == pytest.approx(0.84 - 2.776445 * statistics.stdev([0.9, 0.7, 0.9, 0.6, 1.1]) / 5**0.5)
    assert found.read(comparisons=1000) is Reading.WITHIN_NOISE


def test_questions_of_one_author_count_less() -> None:
    pairs = [(2.0, 2.9), (3.0, 3.7), (1.5, 2.4), (4.0, 3.9), (2.5, 2.3), (3.0, 3.1)]
    found = compare_runs(pairs, ["priya"] * 3 + ["me"] * 3)

    assert compare_runs(pairs).read(alpha=0.15) is Reading.BETTER
    assert found.read(alpha=0.15) is Reading.WITHIN_NOISE
    assert found.mean is not None
    assert found.mean.clusters == 2


def test_one_author_alone_says_nothing_about_the_spread_between_authors() -> None:
    found = compare_runs([(2.0, 3.0), (2.0, 3.5)], ["me", "me"])

    assert found.read() is Reading.NOT_MEASURED
    assert (found.p, found.interval(), found.detectable) == (None, None, None)


def test_equal_changes_are_counted_like_coins() -> None:
    """No spread between questions: five in one direction are not enough, six are."""
    assert compare_runs([(2.0, 2.5)] * 5).read() is Reading.WITHIN_NOISE
    assert compare_runs([(2.0, 2.5)] * 6).read() is Reading.BETTER
    assert compare_runs([(2.0, 2.0)] * 9).read() is Reading.WITHIN_NOISE


def test_runs_without_common_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="without a common question"):
        compare_runs([])
    with pytest.raises(ValueError, match="2 pairs need as many clusters, found 1"):
        compare_runs([(1, 2), (2, 3)], ["me"])


def test_a_comparison_says_what_it_could_have_seen() -> None:
    """Ten changes with a spread of .8 show .8 of a level: the published example."""
    unit = [-1.5, -1.1, -0.7, -0.4, -0.1, 0.1, 0.4, 0.7, 1.1, 1.5]
    scale = 0.8 / statistics.stdev(unit)
    found = compare_runs([(3.0, 3.0 + scale * value) for value in unit])

    assert found.detectable == pytest.approx(0.797, abs=5e-4)


@pytest.mark.parametrize(
    ("n", "sd", "sentence"),
    [
        (10, 0.8, "with 10 questions a change of less than 0.8 of a level may go unnoticed"),
        (5, 0.8, "with 5 questions a change of less than 1.3 levels may go unnoticed"),
        (80, 0.8, "with 80 questions a change of less than 0.25 of a level may go unnoticed"),
        (10, 1.0, "with 10 questions a change of less than 1 level may go unnoticed"),
        (1, 0.8, "with 1 question no change between runs can be noticed"),
        (0, 0.8, "with 0 questions no change between runs can be noticed"),
    ],
)
def test_what_can_be_seen_in_plain_words(n: int, sd: float, sentence: str) -> None:
    assert mde_sentence(n, sd) == sentence


@pytest.mark.parametrize(
    ("mean", "se", "told"),
    [
        (-0.8, 1.2, " (95 % interval -4.0 to +4.0)"),  # Student's t with one degree alone: -16.0 to +14.4
        (0.8, 0.37, " (95 % interval -3.9 to +4.0)"),
        (0.5, 0.02, " (95 % interval +0.2 to +0.8)"),
    ],
)
def test_an_interval_is_shown_as_far_as_a_change_can_go(mean: float, se: float, told: str) -> None:
    """From 1 to 5 nothing changes by more than four levels; the figure itself stays what it is."""
    found = RunChange(difference=mean, mean=ClusteredMean(mean=mean, se=se, degrees=1, values=2, clusters=2), pairs=2)

    assert chances.interval(found) == told
    assert found.interval() == found.mean.interval()  # type: ignore[union-attr]  # it was given above

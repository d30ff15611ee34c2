"""What is said about a series, and what is left unsaid: changes, what stayed weak, what to practise, charts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.history.nouns import History
from evalharness.model.nouns import GraderId
from evalharness.model.run import Run
from evalharness.noise import Basis, Change, Reading, compare_runs, exact
from evalharness.noise.change import Normal
from evalharness.progress import chances, chart, words
from evalharness.progress.moments import moments
from evalharness.progress.series import progress, series_progress
from evalharness.reports import words as wording
from evalharness.results.aggregate import CaseResult, SeriesResult, summarise
from evalharness.results.changes import Grading, detectable, interval_of_total, read_together
from tests.levels import QUIET, Levels, answers, store_run
from tests.support import write_project

RUN = "20260901T080000Z-0001"
MODEL = GraderId(name="anthropic", version="1", model="model-1")
DAYS = ("2026-09-01", "2026-09-08", "2026-09-15")


def graded(root: Path, levels: Levels) -> Run:
    """Return a stored run over the attempts in `levels`, a day in September each."""
    names = [f"{key.split('/')[0]}/{key.split('/')[2]}.md" for key in levels]
    write_project(root, answers(*names))
    return store_run(root, RUN, levels)


def history_of(run: Run) -> History:
    """Return a run as the history of its project."""
    return History(grader=run.meta.grader, series=summarise(run).series, rubrics=run.meta.rubrics)


def series_of(run: Run) -> SeriesResult:
    (found,) = summarise(run).series
    return found


def attempts(*levels: tuple[float, ...]) -> Levels:
    """Return a series whose `example` has these samples, attempt by attempt; `trade_offs` stays at 2."""
    return {
        f"export/me/{day}": {"example": found, "trade_offs": (2.0,) * len(found)}
        for day, found in zip(DAYS, levels, strict=False)
    }


def quiet(run: Run) -> Grading:
    return Grading(noise=dict.fromkeys(run.meta.fingerprints.values(), QUIET))


_NORMAL = Normal(parts=((1.0, 0.16),))
CLEAR = Change(difference=1.0, p=0.0124, law=_NORMAL, basis=Basis.MEASURED)
NOTHING = Change(difference=0.0, p=1.0, law=_NORMAL, basis=Basis.MEASURED)


# --- the change since the last attempt ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "reading"),
    [
        ((2, 2, 2), (5, 5, 4), Reading.BETTER),
        ((5, 5, 4), (2, 2, 2), Reading.WORSE),
        ((2, 3, 2), (3, 2, 3), Reading.WITHIN_NOISE),
    ],
)
def test_a_change_of_a_measured_grader_is_read(
    tmp_path: Path, before: tuple[float, ...], after: tuple[float, ...], reading: Reading
) -> None:
    run = graded(tmp_path, attempts(before, after))

    found = series_progress(series_of(run), quiet(run))

    assert found.reading is reading
    assert {one.criterion.id: one.reading for one in found.criteria}["example"] is reading


def test_one_grade_each_is_read_with_noise_that_is_assumed_and_says_so(tmp_path: Path) -> None:
    """A change that is large is claimed at once; whether the noise was measured is said beside it."""
    run = graded(tmp_path, attempts((1,), (5,)))

    first, later = (series_progress(series_of(run), known) for known in (Grading(), quiet(run)))

    assert (first.reading, later.reading) == (Reading.BETTER, Reading.BETTER)
    assert first.change is not None
    assert later.change is not None
    assert (first.change.basis, later.change.basis) == (Basis.ASSUMED, Basis.MEASURED)
    assert first.change.sure < later.change.sure
    assert any(told.startswith("Noise assumed") for told in words.about_series(first, MODEL))
    assert any(told.startswith("Noise measured") for told in words.about_series(later, MODEL))


def test_four_grades_read_as_a_person_would_read_them(tmp_path: Path) -> None:
    """Totals of 1.7, 3.9, 4.8, 2.0, one grade each and nothing known of the grader: better, better, worse."""
    levels = {
        "export/me/2026-09-01": {"example": (1,), "trade_offs": (2,)},
        "export/me/2026-09-08": {"example": (4,), "trade_offs": (4,)},
        "export/me/2026-09-15": {"example": (1,), "trade_offs": (2,)},
    }
    run = graded(tmp_path, levels)
    series = series_of(run)

    rise = series_progress(msgspec.structs.replace(series, results=series.results[:2]), Grading())
    fall = series_progress(series, Grading())

    assert (rise.reading, fall.reading) == (Reading.BETTER, Reading.WORSE)


def test_a_grader_that_repeats_itself_reads_by_surface_features(tmp_path: Path) -> None:
    """Its difference is no chance, and still not a better answer; what code measures is plainly better."""
    run = graded(tmp_path, attempts((2,), (3,)))

    found = series_progress(series_of(run), Grading(deterministic=True))

    assert found.reading is Reading.BETTER_BY_SURFACE
    assert [one.reading for one in found.criteria] == [Reading.BETTER_BY_SURFACE, Reading.SAME, Reading.SAME]
    assert found.tested == 0


def test_what_the_harness_measures_is_better_without_a_doubt(tmp_path: Path) -> None:
    """Speaking time has no noise under any grader."""
    run = graded(tmp_path, attempts((2, 2, 2), (2, 2, 2)))
    long = "I said it again and again until nobody could follow me. " * 20
    file = tmp_path / "cases/export/2026-09-01.md"
    file.write_text(file.read_text() + long)
    run = store_run(tmp_path, RUN.replace("0001", "0002"), attempts((2, 2, 2), (2, 2, 2)))

    found = series_progress(series_of(run), quiet(run))

    assert found.criteria[-1].reading is Reading.BETTER
    assert found.criteria[-1].change is not None
    assert found.criteria[-1].change.difference == 4


def test_an_ungraded_attempt_has_no_change_and_is_never_zero(tmp_path: Path) -> None:
    levels = {**attempts((2, 2, 2)), "export/me/2026-09-08": {"example": (None, None, None), "trade_offs": (2, 2, 2)}}
    run = graded(tmp_path, levels)

    found = series_progress(series_of(run), quiet(run))

    assert (found.change, found.reading) == (None, None)
    assert words.reading(found.reading, found.series) == "latest graded in part"
    assert found.criteria[1].reading is Reading.WITHIN_NOISE


def test_a_first_attempt_says_so(tmp_path: Path) -> None:
    run = graded(tmp_path, attempts((2,)))

    found = series_progress(series_of(run), quiet(run))

    assert words.reading(found.reading, found.series) == "first attempt"
    assert {words.criterion_reading(one, found.series) for one in found.criteria} == {"first attempt"}


def test_readings_shown_together_share_one_error_rate() -> None:
    """A difference that is clear alone is not beside nineteen others."""
    assert read_together([CLEAR]).readings == (Reading.BETTER,)
    assert read_together([CLEAR, *[NOTHING] * 19]).readings[0] is Reading.WITHIN_NOISE


def test_the_mean_over_questions_has_half_of_the_error_rate() -> None:
    mean = compare_runs([(2.0, 2.5), (2.0, 2.6), (3.0, 3.4), (2.0, 2.7)])
    found = read_together([CLEAR, None], mean)

    assert found.alpha == pytest.approx(0.025)
    assert (found.mean, found.readings[1], found.tested) == (Reading.BETTER, None, 2)
    assert read_together([], mean).alpha == pytest.approx(0.05)


def test_what_could_have_been_seen_shrinks_with_samples(tmp_path: Path) -> None:
    """It is more than what is needed for a claim, because a claim must also come four times in five."""
    one, three = (graded(tmp_path / str(n), attempts((2.0,) * n, (3.0,) * n)) for n in (1, 3))
    sizes = [series_progress(series_of(run), quiet(run)).detectable for run in (one, three)]

    assert sizes[0] is not None
    assert sizes[1] is not None
    assert sizes[1] < sizes[0]
    assert detectable(exact(1.0)) is None


# --- what stayed weak, own scores --------------------------------------------------------------------------


def test_what_is_under_three_in_three_attempts_stayed_weak(tmp_path: Path) -> None:
    run = graded(tmp_path, attempts((2,), (4,), (2,)))

    found = series_progress(series_of(run), quiet(run))

    assert [one.criterion.id for one in found.stayed_weak] == ["trade_offs"]
    assert {one.criterion.id: one.weak for one in found.criteria} == {
        "example": 1,
        "trade_offs": 3,
        "speaking_time": 0,
    }


def test_two_weak_attempts_are_no_pattern_yet(tmp_path: Path) -> None:
    run = graded(tmp_path, attempts((1,), (1,)))

    assert series_progress(series_of(run), quiet(run)).stayed_weak == ()


def test_the_self_score_gap_stands_where_a_self_score_does(tmp_path: Path) -> None:
    graded(tmp_path, attempts((2,), (2,)))
    file = tmp_path / "cases/export/2026-09-08.md"
    file.write_text("---\nself_score: 4.5\n---\n" + file.read_text())
    run = store_run(tmp_path, RUN.replace("0001", "0002"), attempts((2,), (2,)))

    found = series_progress(series_of(run), quiet(run))

    ((result, gap),) = found.gaps
    assert result.case.attempt.id == "2026-09-08"
    assert gap == pytest.approx(4.5 - (result.total or 0))
    assert "you are 2.2 above it" in words.self_score(found)


# --- what to practise, how it moved ------------------------------------------------------------------------


def test_the_first_steps_are_in_the_shared_order(tmp_path: Path) -> None:
    """One step for each answer, the weakest first, then a second one for each; a level of five asks for nothing."""
    levels: Levels = {
        "a/me/2026-09-01": {"example": (1,), "trade_offs": (4,)},
        "b/me/2026-09-01": {"example": (5,), "trade_offs": (3,)},
    }
    run = graded(tmp_path, levels)

    found = progress(history_of(run), quiet(run)).steps

    assert [(d.result.case.question.id, d.step.criterion.id) for d in found] == [
        ("a", "example"),
        ("b", "trade_offs"),
        ("a", "trade_offs"),
    ]
    assert [d.step.gain for d in found] == pytest.approx([3 * 2 / 4.5, 2 / 4.5, 2 / 4.5])


def test_moments_are_means_of_what_was_known_by_then(tmp_path: Path) -> None:
    """A question counts from its first graded attempt on, always with its newest one."""
    levels: Levels = {
        "a/me/2026-09-01": {"example": (1,), "trade_offs": (1,)},
        "a/me/2026-09-08": {"example": (5,), "trade_offs": (5,)},
        "b/me/2026-09-08": {"example": (1,), "trade_offs": (1,)},
    }
    run = graded(tmp_path, levels)

    found = moments(summarise(run).series)

    assert [(m.date, m.series) for m in found] == [("2026-09-01", 1), ("2026-09-08", 2)]
    assert [m.mean for m in found] == pytest.approx([6.5 / 4.5, (5 + 6.5 / 4.5) / 2])


def test_the_page_over_everything_counts_its_comparisons(tmp_path: Path) -> None:
    levels = {
        **attempts((2, 2, 2), (5, 5, 4)),
        "b/me/2026-09-01": {"example": (2, 2, 2), "trade_offs": (2, 2, 2)},
        "b/me/2026-09-08": {"example": (2, 3, 2), "trade_offs": (2, 2, 3)},
    }
    run = graded(tmp_path, levels)

    found = progress(history_of(run), quiet(run))

    assert [line.reading for line in found.lines] == [Reading.WITHIN_NOISE, Reading.BETTER]
    assert found.claims.tested == 3
    assert "3 comparisons tested" in chances.chance(found.claims, MODEL)[0]


def test_an_empty_history_says_nothing_wrong() -> None:
    found = progress(History(grader=MODEL, series=(), rubrics=()), Grading())

    assert (found.lines, found.steps, found.moments, found.mean) == ((), (), (), None)
    assert words.mean(found) == "No latest attempt has a score under these settings (0 of 0 graded)."


# --- marks and charts --------------------------------------------------------------------------------------


def test_a_sparkline_spans_the_scale_and_shows_what_is_missing() -> None:
    assert words.sparkline((1, 2, 3, 4, 5)) == "▁▃▅▇█"
    assert words.sparkline((1.4, None, 5), ascii_only=True) == "1.5"
    assert words.sparkline((1.4, None, 5)) == "▁·█"
    assert len(words.sparkline((3,) * 40)) == words.LONGEST_SPARK


@given(st.floats(-4, 4))
def test_a_difference_that_is_there_is_never_shown_as_none(difference: float) -> None:
    """Under a twentieth of a level a second decimal is shown, not "0.0" beside "better"."""
    shown = wording.signed_finely(difference)

    assert abs(float(shown) - difference) <= 0.05 + 1e-9
    if abs(difference) > 0.005:
        assert float(shown) != 0


def test_a_chart_is_a_picture_that_says_in_words_what_it_shows() -> None:
    """Points, error bars, own scores; a missing grade breaks the line; any title is only text."""
    points = [
        chart.Point("09-01", 2.0, 0.5, 3.0),
        chart.Point("<b>", None),
        chart.Point("09-15", 3.5, 0.5, None),
        chart.Point("09-22", 4.0, None, None),
    ]

    picture = ET.fromstring(chart.series("A & <script>", points))

    tags = [element.tag.split("}")[1] for element in picture.iter()]
    assert tags.count("circle") == 4
    assert "script" not in tags
    texts = [element.text for element in picture.iter() if element.text]
    assert "A & <script>" in texts
    assert "09-01: 2.0, <b>: not graded, 09-15: 3.5, 09-22: 4.0" in texts


def test_a_chart_over_time_is_the_same_every_time() -> None:
    mean = [chart.Dot("2026-09-01", 2.0), chart.Dot("2026-09-08", 2.5)]

    assert chart.overview("Mean", [mean], [mean]) == chart.overview("Mean", [mean], [mean])
    assert "2026-09-08: 2.5" in chart.overview("Mean", [mean], [])
    assert ET.fromstring(chart.overview("Mean", [mean[:1]], [])) is not None


def test_an_error_bar_needs_noise_and_a_total(tmp_path: Path) -> None:
    """It is wider where the noise is assumed; what has no noise has none."""
    run = graded(tmp_path, attempts((2,), (3, 3, 4)))
    first, second = series_of(run).results

    assumed, measured = interval_of_total(first, Grading()), interval_of_total(first, quiet(run))
    assert assumed is not None
    assert measured is not None
    assert assumed > measured
    assert interval_of_total(second, quiet(run)) is not None
    assert interval_of_total(second, Grading(deterministic=True)) is None
    assert interval_of_total(CaseResult(case=first.case, scores=()), quiet(run)) is None

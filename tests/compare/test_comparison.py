"""Two runs that differ in one thing: what may be subtracted, and what is said where nothing may."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from evalharness.compare.comparison import Comparison, SeriesChange, Standing, compare
from evalharness.graders.prompting.prompt import VERSION
from evalharness.model.nouns import Context, GraderId, Interviewer
from evalharness.model.run import Run
from evalharness.noise import Basis, Reading
from evalharness.plan.identity import grader_parts
from evalharness.results.changes import Grading
from tests.levels import QUIET, Levels, answers, store_run
from tests.support import write_project

FIRST, SECOND = "20260901T080000Z-0001", "20260908T080000Z-0002"
OLD, NEW = "export/me/2026-09-01", "export/me/2026-09-08"
LOW, HIGH = {"example": (2, 2, 2), "trade_offs": (2, 2, 2)}, {"example": (5, 5, 4), "trade_offs": (4, 4, 4)}
Edit = Callable[[Path], None]


def quiet(*runs: Run) -> Grading:
    """Return what is known of a grader that was measured well, under whatever fingerprints the runs have."""
    names = {value for run in runs for value in run.meta.fingerprints.values()}
    return Grading(noise=dict.fromkeys(names, QUIET))


def of_rubric(old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        file = root / "rubrics/talk.yaml"
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return edit


def of_question(old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        file = root / "cases/export/question.yaml"
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    return edit


def nothing(root: Path) -> None:
    pass


def two_runs(root: Path, edit: Edit = nothing, **second: str) -> tuple[Run, Run]:
    """Return a run over the first attempt, and one over both after `edit`, by another grader if given."""
    write_project(root, answers("export/2026-09-01.md", "export/2026-09-08.md"))
    first = store_run(root, FIRST, {OLD: LOW})
    edit(root)
    return first, store_run(root, SECOND, {OLD: LOW, NEW: HIGH}, **second)


def row_of(first: Run, second: Run, grading: Grading | None = None) -> SeriesChange:
    (row,) = compare(first, second, grading or quiet(first, second)).rows
    return row


@pytest.mark.parametrize(
    ("edit", "second", "why"),
    [
        (nothing, {}, ()),
        (of_rubric("title: Trade-offs", "title: What it cost"), {}, ()),
        (of_rubric("title: Talk", "title: A talk"), {}, ()),
        (of_rubric("    weight: 2\n", "    weight: 2\n    floor: 2\n"), {}, ()),
        (of_rubric("[trade_off], most: 2", "[trade_off], most: 3"), {}, ()),  # signals are the heuristic's
        (of_question("question:", "title: Export\nquestion:"), {}, ()),
        (
            of_rubric("look_for: What was given up.", "look_for: What was given up for it."),
            {},
            ("rubric text of Trade-offs",),
        ),
        (of_rubric("A price is named without a size.", "A price is named."), {}, ("rubric text of Trade-offs",)),
        (of_rubric("at_most: 1.0", "at_most: 0.9"), {}, ("rubric text of Speaking time",)),
        (of_rubric("id: trade_offs", "id: price"), {}, ("criteria added", "criteria no longer counted")),
        (of_question("What did you change", "What have you changed"), {}, ("question text",)),
        (of_question("60 s", "90 s"), {}, ("time limit: 60 s, now 90 s",)),
        (nothing, {"model": "model-2"}, ("model: model-1, now model-2",)),
        (nothing, {"mode": "joint"}, ("mode: per_criterion, now joint",)),
        (
            of_rubric("look_for: What was given up.", "look_for: Costs."),
            {"model": "model-2"},
            ("model: model-1, now model-2", "rubric text of Trade-offs"),
        ),
    ],
)
def test_only_what_changes_a_measurement_stands_in_the_way(
    tmp_path: Path, edit: Edit, second: dict[str, str], why: tuple[str, ...]
) -> None:
    """Titles, floors and other graders' signals don't; rubric text, question, model and mode do, by name."""
    first, later = two_runs(tmp_path, edit, **second)

    if why and why[0].startswith("criteria"):
        later = renamed(later)
    row = row_of(first, later)

    assert [told.partition(":")[0] if why[0].startswith("criteria") else told for told in row.why] == list(why)
    if why:
        assert (row.standing, row.change, row.reading) == (Standing.NOT_COMPARABLE, None, None)
    else:
        assert (row.standing, row.reading) == (Standing.COMPARED, Reading.BETTER)


def renamed(run: Run) -> Run:
    """Return the run with a grade for the criterion that the edit renamed."""
    found = [
        msgspec.structs.replace(grade, criterion="price", key=f"{grade.key}p")
        for grade in run.grades
        if grade.criterion == "example"
    ]
    return msgspec.structs.replace(run, grades=(*run.grades, *found))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"host": "gateway.example"}, "host: api.anthropic.com, now gateway.example"),
        ({"effort": "high"}, "effort: medium, now high"),
        ({"prompt": "9"}, f"prompt version: {VERSION}, now 9"),
        ({"version": "9"}, "grader version: 1, now 9"),
        ({"name": "heuristic", "version": "7"}, "grader: anthropic, now heuristic"),
    ],
)
def test_each_part_of_a_graders_identity_is_named(tmp_path: Path, change: dict[str, str], why: str) -> None:
    """Of another grader only the name is told: the rest always differs."""
    first, second = two_runs(tmp_path)
    other = with_grader(second, msgspec.structs.replace(second.meta.grader, **change))

    assert row_of(first, other).why == (why,)


def with_grader(run: Run, grader: GraderId) -> Run:
    """Return the run as another grader would have made it."""
    grades = tuple(msgspec.structs.replace(grade, fingerprint=f"{grade.fingerprint}x") for grade in run.grades)
    return msgspec.structs.replace(run, meta=msgspec.structs.replace(run.meta, grader=grader), grades=grades)


def test_fingerprints_that_differ_for_no_known_reason_are_not_subtracted(tmp_path: Path) -> None:
    """The fingerprint decides, not the list of reasons."""
    first, second = two_runs(tmp_path)

    row = row_of(first, with_grader(second, second.meta.grader))

    assert (row.standing, row.why) == (Standing.NOT_COMPARABLE, ("rubric text around the criteria",))


def test_another_context_or_other_claims_are_another_question(tmp_path: Path) -> None:
    first, second = two_runs(tmp_path)
    question = msgspec.structs.replace(
        second.meta.questions[0], context=Context(interviewer=Interviewer(role="Head of design"))
    )
    other = msgspec.structs.replace(second, meta=msgspec.structs.replace(second.meta, questions=(question,)))

    assert row_of(first, other).why == ("context",)


def test_other_weights_are_laid_over_the_stored_levels_of_both(tmp_path: Path) -> None:
    """No call: the totals of the older run are those it would have had with the newer weights."""
    first, second = two_runs(tmp_path, of_rubric("Example\n    weight: 2", "Example\n    weight: 8"))

    row = row_of(first, second)

    assert row.reweighted
    assert row.before is not None
    assert row.before.total == pytest.approx((2 * 8 + 2 * 2 + 5 * 0.5) / 10.5)
    assert row.reading is Reading.BETTER
    back = row_of(second, first)
    assert back.after is not None
    assert back.after.total == pytest.approx(row.before.total)  # newer weights, whatever the order
    assert back.reading is Reading.WORSE


def test_the_number_of_samples_is_no_obstacle(tmp_path: Path) -> None:
    """One grade against three is a comparison; its error says how much one grade is worth."""
    write_project(tmp_path, answers("export/2026-09-01.md", "export/2026-09-08.md"))
    first = store_run(tmp_path, FIRST, {OLD: {"example": (2,), "trade_offs": (2,)}})
    second = store_run(tmp_path, SECOND, {NEW: HIGH})

    row = row_of(first, second)

    assert row.standing is Standing.COMPARED
    assert row.reading is Reading.BETTER


def test_one_grade_each_by_a_grader_nobody_measured_is_read(tmp_path: Path) -> None:
    """A rise of three levels in all criteria needs no repeats to be seen."""
    write_project(tmp_path, answers("export/2026-09-01.md", "export/2026-09-08.md"))
    first = store_run(tmp_path, FIRST, {OLD: {"example": (2,), "trade_offs": (2,)}})
    second = store_run(tmp_path, SECOND, {NEW: {"example": (5,), "trade_offs": (5,)}})

    assert row_of(first, second, Grading()).reading is Reading.BETTER


def test_the_same_answer_is_neither_better_nor_worse(tmp_path: Path) -> None:
    """Copied grades are the same; more samples of one text move its mean, and that is noise."""
    write_project(tmp_path, answers("export/2026-09-01.md"))
    first = store_run(tmp_path, FIRST, {OLD: {"example": (2,), "trade_offs": (2,)}})
    copied = store_run(tmp_path, SECOND, {OLD: {"example": (2,), "trade_offs": (2,)}})
    more = store_run(tmp_path, "20260909T080000Z-0003", {OLD: {"example": (2, 5, 5), "trade_offs": (2, 5, 5)}})

    assert row_of(first, copied).reading is Reading.SAME
    assert row_of(first, more).reading is Reading.WITHIN_NOISE
    moved = compare(first, more, quiet(first, more)).mean
    assert moved is not None
    assert moved.difference == 0


def test_new_gone_and_ungraded_series_are_said(tmp_path: Path) -> None:
    """What one run does not hold, or could not grade, is listed and never counted as zero."""
    write_project(tmp_path, answers("export/2026-09-01.md", "old/2026-09-01.md", "new/2026-09-08.md"))
    first = store_run(tmp_path, FIRST, {OLD: LOW, "old/me/2026-09-01": LOW})
    failed: Levels = {OLD: {"example": (2, 2, 2), "trade_offs": (None, None, None)}, "new/me/2026-09-08": LOW}
    second = store_run(tmp_path, SECOND, failed)

    found = compare(first, second, quiet(first, second))

    assert standings(found) == {
        "export/me": Standing.UNGRADED,
        "old/me": Standing.GONE,
        "new/me": Standing.NEW,
    }
    assert found.mean is None
    assert (found.new_attempts, found.gone_attempts) == (("new/me/2026-09-08",), ("old/me/2026-09-01",))


def standings(found: Comparison) -> dict[str, Standing]:
    return {row.series: row.standing for row in found.rows}


def test_the_mean_over_questions_needs_no_measured_noise(tmp_path: Path) -> None:
    """The spread from question to question tells it, even where no single change is clear by itself."""
    names = [f"q{n}" for n in range(8)]
    write_project(tmp_path, answers(*(f"{name}/2026-09-0{day}.md" for name in names for day in (1, 8))))
    levels = [{"example": (2,), "trade_offs": (2,)}, {"example": (3,), "trade_offs": (4,)}]
    first = store_run(tmp_path, FIRST, {f"{name}/me/2026-09-01": levels[0] for name in names})
    second = store_run(tmp_path, SECOND, {f"{name}/me/2026-09-08": levels[1] for name in names})

    found = compare(first, second, Grading())

    assert {row.reading for row in found.rows} == {Reading.WITHIN_NOISE}
    assert found.claims.mean is Reading.BETTER
    assert (found.claims.tested, found.claims.basis) == (9, Basis.ASSUMED)


def test_parts_of_an_identity_that_agree_are_not_named() -> None:
    one = GraderId(name="anthropic", version="1", model="a")

    assert grader_parts(one, one) == ()
    assert grader_parts(one, msgspec.structs.replace(one, model="b", mode="joint")) == ("model", "mode")
    assert grader_parts(one, GraderId(name="heuristic", version="2")) == ("grader",)

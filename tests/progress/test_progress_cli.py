"""`progress` and `compare` as a person meets them: whole screens of small fixed histories."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalharness.compare.workflow import resolve
from evalharness.errors import InputError, UnknownName
from evalharness.progress import workflow as looking_back
from evalharness.store.runs import Store
from tests.histories import MODEL, ONE, THREE, TWO, project_with_history, screen
from tests.support import world_at

OVERVIEW = """\
Graded by `anthropic` with model-1: a grader's reading, not a person's.
6 attempts in 3 series; 3 stored runs looked through.

Question  Attempts  Score  Change  Reading
q3        ·             -       -  latest not graded
export    ▃▃▆         3.5    +1.2  better, over 99 % sure
q2        ▅▆          3.7    +0.4  within noise

Mean of the latest attempts: 3.6 of 5, 2 of 3 graded. Over the 2 series with two
graded attempts the latest is +0.8 on average (95 % interval -3.9 to +4.0):
within noise.

3 comparisons tested. The risk that any of them reads better or worse only by
chance is at most 5 %.
An interval covers chance only: a grader that is wrong in the same way every
time does not show in it. People's labels show that.
Noise assumed: how much this grader's levels vary when it grades the same text
again is not measured here yet, so the usual size is used. From about 15 repeats
on the measurement counts for more than that.
In the mean over 2 questions no change can be noticed at all.
In a single series a change of less than 1.7 levels may go unnoticed (1 level in
the best of these series); more samples make smaller changes visible.

Start here (the weakest answers first; +: what the step adds to that answer's
score)
1. export: Trade-offs, now 2 of 5 (+0.89)
   Next: a good answer: A price is named with its size and why it was paid.
   Line: cases/export/2026-09-03.md:4 "I moved the nightly export to a queue in…
2. q2: Trade-offs, now 3 of 5 (+0.44)
   Next: a good answer: A price is named with its size and why it was paid.
   Line: cases/q2/2026-09-05.md:1 "I moved the nightly export to a queue in…
3. export: Example, now 4.7 of 5 (+0.15)
   Next: a good answer: An event, the speaker's part, and what came of it.
   Line: cases/export/2026-09-03.md:4 "I moved the nightly export to a queue in…
4. q2: Example, now 4 of 5 (+0.44)
   Next: a good answer: An event, the speaker's part, and what came of it.
   Line: cases/q2/2026-09-05.md:1 "I moved the nightly export to a queue in…

1 of 6 attempts not graded under today's settings. Grade them: evalharness run
--all
(2 calls, price unknown)
2 series also hold grades by another grader or with other settings (model); they
are not mixed in.

One series in detail: evalharness progress QUESTION
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return project_with_history(tmp_path, monkeypatch)


EXPORT = """\
Graded by `anthropic` with model-1: a grader's reading, not a person's.

export ▃▃▆
  What did you change, and what did it cost?

Criterion       09-01  09-02  09-03  Change  Reading
Example             2    2.3    4.7    +2.3  better
Trade-offs          2    1.7      2    +0.3  within noise
Speaking time       5      5      5     0.0  same
Score             2.3    2.3    3.5    +1.2  better
Samples             3      3      3
Your own score                    5

Change: 2026-09-03 minus 2026-09-02.
Stayed under 3 for 3 attempts or more: Trade-offs (2, 1.7, 2).
Your own score for 2026-09-03: 5, the grader's 3.5: you are 1.5 above it.
Over 99 % sure that the score is better; Example: over 99 % better.
Noise assumed: how much this grader's levels vary when it grades the same text
again is not measured here yet, so the usual size is used. From about 15 repeats
on the measurement counts for more than that.
3 comparisons tested. The risk that any of them reads better or worse only by
chance is at most 5 %. An interval covers chance only: a grader that is wrong in
the same way every time does not show in it. People's labels show that.
With 3 and 3 samples of the two attempts a change of less than 0.9 of a level
may go unnoticed; more samples make smaller changes visible.

Grades by another grader or with other settings, not mixed in:
- 1 attempt by anthropic model-0 per_criterion medium (differs in model), last
  in run 20260906T080000Z-0003
"""


UNCLEAR = """\
Graded by `anthropic` with model-1: a grader's reading, not a person's.

q2 ▅▆
  What did you change, and what did it cost?

Criterion      09-01  09-05  Change  Reading
Example            3      4    +1.0  within noise
Trade-offs         3      3     0.0  within noise
Speaking time      5      5     0.0  same
Score            3.2    3.7    +0.4  within noise

Change: 2026-09-05 minus 2026-09-01.
82 % sure that the score is better.
Unclear, and what would settle it: 2 calls, price unknown, the older attempt
graded again next to the newer: evalharness run --select q2/me/ --max-samples 2
Noise assumed: how much this grader's levels vary when it grades the same text
again is not measured here yet, so the usual size is used. From about 15 repeats
on the measurement counts for more than that.
3 comparisons tested. The risk that any of them reads better or worse only by
chance is at most 5 %. An interval covers chance only: a grader that is wrong in
the same way every time does not show in it. People's labels show that.
With 1 and 1 samples of the two attempts a change of less than 1.6 levels may go
unnoticed; more samples make smaller changes visible.

Grades by another grader or with other settings, not mixed in:
- 1 attempt by anthropic model-0 per_criterion medium (differs in model), last
  in run 20260906T080000Z-0003
"""


COMPARED = """\
Before: 20260901T080000Z-0001, anthropic model-1 medium per_criterion, 1 sample
After: 20260905T080000Z-0002, anthropic model-1 medium per_criterion, 1 sample

Question  Before  After  Change  Reading
export       2.3    3.5    +1.2  better, over 99 % sure
q2           3.2    3.7    +0.4  within noise

2 series: 1 improved, 1 within noise.

Over 2 questions in both runs: +0.8 on average (95 % interval -4.0 to +4.0):
within noise.
3 comparisons tested. The risk that any of them reads better or worse only by
chance is at most 5 %.
An interval covers chance only: a grader that is wrong in the same way every
time does not show in it. People's labels show that.
Noise assumed: how much this grader's levels vary when it grades the same text
again is not measured here yet, so the usual size is used. From about 15 repeats
on the measurement counts for more than that.
In the mean over 2 questions no change can be noticed at all.
In a single series a change of less than 1.7 levels may go unnoticed (1.3 levels
in the best of these series); more samples make smaller changes visible.
"""


NOT_COMPARABLE = """\
Before: 20260905T080000Z-0002, anthropic model-1 medium per_criterion, 1 sample
After: 20260906T080000Z-0003, anthropic model-0 medium per_criterion, 1 sample

Question  Before  After  Change  Reading
export       3.5    2.3       -  not comparable
q2           3.7    3.2       -  not comparable

2 series: 2 not comparable.

No series can be compared between these runs.

- Not comparable (model: model-1, now model-0): all series

evalharness progress compares all attempts by one grader with today's settings.
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("progress",), OVERVIEW),
        (("progress", "export"), EXPORT),
        (("progress", "export/me"), EXPORT),
        (("progress", "q2"), UNCLEAR),
        (("compare", "2026-09-04", "2026-09-05"), COMPARED),
        (("compare", ONE, TWO[:10]), COMPARED),
        (("compare",), NOT_COMPARABLE),
        (("compare", "previous", "latest"), NOT_COMPARABLE),
    ],
)
def test_screens_are_as_written_here(
    project: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], expected: str
) -> None:
    """Eighty columns, every reading in words, what could have been seen, and how often it is wrong."""
    assert screen(capsys, *arguments) == expected


@pytest.mark.parametrize("width", [72, 80, 120])
def test_no_line_is_wider_than_the_screen(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))

    for arguments in (("progress",), ("progress", "export"), ("compare",), ("compare", ONE, TWO)):
        assert max(map(len, screen(capsys, *arguments).splitlines())) <= width


def test_where_blocks_cannot_be_encoded_digits_stand(project: Path) -> None:
    """An old terminal or a pipe in ASCII gets the levels, and no error."""
    import os
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "evalharness", "progress"],
        cwd=project,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        check=True,
    )

    assert b"export    224         3.5    +1.2  better" in done.stdout
    assert done.stdout.isascii()


def test_json_holds_the_same_and_leaves_out_what_is_not_known(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overview = json.loads(screen(capsys, "progress", "--format", "json"))
    detail = json.loads(screen(capsys, "progress", "export", "--format", "json"))
    compared = json.loads(screen(capsys, "compare", ONE, TWO, "--format", "json"))

    told = {line["series"]: line["says"] for line in overview["series"]}
    assert told == {"export/me": "better", "q2/me": "within noise", "q3/me": "latest not graded"}
    assert "change" not in overview["series"][2]
    assert overview["regrade"] == {"command": "evalharness run --all", "price": {"calls": 2}}
    assert detail["series"][0]["stayed_weak"] == ["trade_offs"]
    assert compared["counts"]["improved"] == 1
    assert {row["standing"] for row in compared["series"]} == {"compared"}


def test_markdown_has_readings_in_its_tables(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "| [export](#s1) |          3 |" in screen(capsys, "progress", "--format", "md")
    assert "| within noise |" in screen(capsys, "progress", "export", "--format", "md")
    assert "| export     | 09-02 -> 09-03 |" in screen(capsys, "compare", ONE, TWO, "--format", "md")


def test_a_name_that_is_not_there_gets_the_nearest(project: Path) -> None:
    with pytest.raises(UnknownName, match="there is no question called 'exprot'") as error:
        looking_back.series("exprot", world=world_at(project))
    assert error.value.hint == "did you mean 'export'?"
    with pytest.raises(InputError, match="'q' names 2 questions"):
        looking_back.series("q", world=world_at(project))


def test_a_day_is_the_newest_run_of_it_or_before(project: Path) -> None:
    store = Store(project / "reports")

    assert resolve(store, "2026-09-01") == ONE
    assert resolve(store, "2026-09-04") == ONE
    assert resolve(store, "2026-09-05") == TWO
    assert resolve(store, "2030-01-01") == THREE
    with pytest.raises(UnknownName) as error:
        resolve(store, "2026-08-31")
    assert error.value.hint == f"no run is as old as that; the first is {ONE}"


def others(root: Path, **settings: str) -> set[tuple[str, int, tuple[str, ...]]]:
    looked = looking_back.look({**MODEL, **settings}, world_at(root))
    return {(other.series, other.attempts, other.differs) for other in looked.history.elsewhere}


def test_grades_of_another_grader_are_listed_with_what_differs(project: Path) -> None:
    """Series by series, how many attempts, and whether only the grader differs."""
    assert others(project) == {("export/me", 1, ("model",)), ("q2/me", 1, ("model",))}
    assert ("export/me", 3, ("model", "mode")) in others(project, model="model-9", mode="joint")


def test_a_new_rubric_text_sets_old_grades_apart(project: Path) -> None:
    """Only those whose criterion changed; the command that regrades is there."""
    file = project / "rubrics/talk.yaml"
    file.write_text(file.read_text().replace("look_for: What was given up.", "look_for: What it cost."))

    (found,) = looking_back.series("export", MODEL, world=world_at(project))[1]

    assert ("export/me", 3, ("rubric text",)) in others(project)
    assert found.regrade is not None
    assert found.regrade.command == "evalharness run --select export/me/ --all"
    assert found.regrade.price.calls == 3
    assert found.change is None


def test_an_edited_question_or_answer_sets_its_old_grades_apart(project: Path) -> None:
    """The fingerprint is today's and the key is not: what was measured was another text."""
    file = project / "cases/export/2026-09-02.md"
    file.write_text(file.read_text() + "\nNobody asked me to do it, and I would do it again.\n")

    assert ("export/me", 1, ("question or answer text",)) in others(project)


def test_a_price_is_estimated_for_a_known_model(project: Path) -> None:
    looked = looking_back.look({**MODEL, "model": "claude-sonnet-5-5"}, world_at(project))
    found = looking_back.progress_of(looked)

    assert found.regrade is not None
    assert found.regrade.price.calls == 12
    assert found.regrade.price.usd is not None
    assert 0 < found.regrade.price.usd < 1

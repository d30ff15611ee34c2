"""`check` where a change edits rubrics, weights or gates: what stays comparable, which rubric an answer goes by."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evalharness.check.rows import Announced
from evalharness.check.words import announced
from tests.repository import BETTER, CONFIG, WEAK, Repository
from tests.support import ANSWER, RUBRIC

FILE = "cases/export/2026-09-01.md"


def test_an_answer_that_drops_under_an_edited_rubric_fails_by_that_of_the_base(repository: Repository) -> None:
    """A changed word in one criterion excuses nothing: both totals are told, and the gate goes by the base's text."""
    repository.write("rubrics/talk.yaml", RUBRIC.replace("levels: {2: 1, 3: 2}", "levels: {2: 1, 3: 3}"))
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check("--min-score", "5")

    assert code == 1
    (announced,) = told["announced"]
    assert (announced["name"], announced["what"]) == ("rubric talk", "changed: trade_offs")
    assert (announced["comparable"], announced["attempts"]) == (False, 2)
    (row,) = told["rows"]
    assert row["change"] == pytest.approx(-2.22, abs=0.01)
    assert not any(ruling["advisory"] for ruling in row["rulings"])
    assert "scores 1.44, worse than 3.67 before" in row["told"]
    assert row["told"][-1] == ("scores 1.44 by the rubric as this change has it; the gate goes by that of the base")


def test_a_changed_word_of_one_criterion_is_named_alone(repository: Repository) -> None:
    """The offline grader reads every criterion beside the texts of all, which is said and no criterion's change."""
    repository.write("rubrics/talk.yaml", RUBRIC.replace("What was given up.", "What it cost."))
    repository.commit()

    _, told = repository.check()

    assert [a["what"] for a in told["announced"]] == ["changed: trade_offs; heuristic grades 1 other again with it"]


def test_criteria_whose_grades_stay_comparable_are_told() -> None:
    """Which can't be compared, and how many of the others can."""
    one = Announced(name="rubric talk", what="changed: trade_offs", anew=("trade_offs",), same=("example", "close"))

    assert announced(one).startswith(
        "rubric talk: changed: trade_offs; grades before and after can't be compared in trade_offs; those of the other "
        "2 criteria can; regrading: "
    )
    one = msgspec.structs.replace(one, anew=(), same=("example",))
    assert "grades of the other criterion stay comparable" in announced(one)
    one = msgspec.structs.replace(one, anew=("trade_offs",), same=())
    assert "grades before and after can't be compared there" in announced(one)


def test_a_rubric_with_other_parts_cannot_be_graded_by_the_old_one(repository: Repository) -> None:
    """Its answers are cut otherwise, so its gate only advises."""
    parts = "parts: {more: {headings: [More], required: false}}\n"
    repository.write("rubrics/talk.yaml", RUBRIC.replace("What was given up.", "What it cost.") + parts)
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 0
    assert told["rows"][0]["change"] is None


def test_new_weights_are_announced_and_stay_comparable(repository: Repository) -> None:
    """Totals follow from levels, later; the check itself goes by the weights of the base."""
    repository.write("rubrics/talk.yaml", RUBRIC.replace("weight: 0.5", "weight: 1"))
    repository.commit()

    _, told = repository.check()

    what = "weight of speaking_time; this check goes by those of the base"
    assert [(a["what"], a["comparable"]) for a in told["announced"]] == [(what, True)]


def test_no_weight_of_the_change_lifts_its_own_total(repository: Repository) -> None:
    """The weak answer fails as it would under the rubric of the base."""
    repository.write(FILE, WEAK)
    repository.commit()
    expected = repository.check("--min-score", "2", out="before")
    repository.write("rubrics/talk.yaml", RUBRIC.replace("weight: 0.5", "weight: 20"))
    repository.commit()

    code, told = repository.check("--min-score", "2")

    assert (code, told["rows"][0]["head"]) == (1, expected[1]["rows"][0]["head"])
    assert expected[0] == 1


def test_a_question_that_changes_its_rubric_is_compared_with_nothing(repository: Repository) -> None:
    """The new rubric asks for the time alone: no better, no pass that counts, and both are announced."""
    time = RUBRIC[RUBRIC.index("  - id: speaking_time") :]
    easy = f"id: easy\ntitle: Easy\ncriteria:\n{time}"
    repository.write("rubrics/easy.yaml", easy)
    question = (repository.root / "cases/export/question.yaml").read_text()
    repository.write("cases/export/question.yaml", question.replace("rubric: talk", "rubric: easy"))
    repository.write("cases/export/2026-10-01.md", WEAK)
    repository.commit()

    _, told = repository.check("--min-score", "2")

    announced = {one["name"]: one["what"] for one in told["announced"]}
    assert announced["rubric easy"] == "new, so its gate is advisory until it is in the base"
    assert announced["question cases/export/question.yaml"] == "rubric talk, now easy; its gate is advisory"
    assert [(row["change"], row["reading"]) for row in told["rows"]] == [(None, None)] * 2
    assert all(ruling["advisory"] for row in told["rows"] for ruling in row["rulings"])
    assert "| not compared (advisory)" in repository.comment()


def test_a_new_question_under_a_new_rubric_passes_no_gate(repository: Repository) -> None:
    """A rubric that the change brings is a bar of its own."""
    repository.write("rubrics/own.yaml", RUBRIC.replace("id: talk", "id: own"))
    question = (repository.root / "cases/export/question.yaml").read_text()
    repository.write("cases/fresh/question.yaml", question.replace("rubric: talk", "rubric: own"))
    repository.write("cases/fresh/2026-10-01.md", WEAK)
    repository.commit()

    code, told = repository.check("--min-score", "2")

    assert code == 0
    assert [ruling["advisory"] for row in told["rows"] for ruling in row["rulings"]] == [True]
    assert told["announced"][0]["name"] == "rubric own"
    assert "below 2 (advisory: its rubric is not the one of the base)" in repository.comment().replace("\\", "")


def test_the_change_cannot_lower_its_own_gates(repository: Repository) -> None:
    """Settings are those of the base; what the change would bring is announced."""
    repository.write("evalharness.yaml", "grader: heuristic\n")
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 1
    assert told["announced"][0]["what"] == "gate; this check goes by the settings of the base"


def test_gates_may_differ_by_path_and_by_rubric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the base's evalharness.yaml says; --min-score overrides all of it."""
    config = """\
grader: heuristic
gate:
  min_score: 5
  floors: true
  max_ungraded: 0
  too_close: fail
  deleted: fail
  overrides:
    - {rubric: talk, floors: false}
    - {path: "cases/export/*", min_score: 1}
"""
    answers = {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": WEAK}
    repository = Repository(tmp_path / "answers", answers, config=config)
    monkeypatch.chdir(repository.root)
    repository.write(FILE, BETTER)
    repository.write("cases/other/2026-09-01.md", BETTER)

    code, told = repository.check()

    assert code == 1
    assert {row["case"]: row["verdict"] for row in told["rows"]} == {
        "export/me/2026-09-01": "pass",
        "other/me/2026-09-01": "fail",
    }
    assert repository.check("--min-score", "1")[0] == 0


def test_a_deleted_rubric_says_by_which_its_answers_go_then(repository: Repository) -> None:
    """By the one of that name that comes with the program, or by another file of the project."""
    repository.git("checkout", "--quiet", "main")
    repository.write("rubrics/story.yaml", RUBRIC.replace("id: talk", "id: story"))
    question = (repository.root / "cases/export/question.yaml").read_text()
    repository.write("cases/told/question.yaml", question.replace("rubric: talk", "rubric: story"))
    repository.write("cases/told/2026-09-01.md", ANSWER)
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "later")
    (repository.root / "rubrics/story.yaml").unlink()
    repository.commit()

    notices = repository.check()[1]["notices"]

    told = "rubrics/story.yaml is deleted: 1 answer goes by the 'story' that comes with evalharness then"
    assert told in notices


def test_a_rubric_from_another_folder_is_an_edited_one(repository: Repository) -> None:
    """`rubrics:` that points to an easier text of the same name changes no bar: the base's text decides."""
    repository.git("checkout", "--quiet", "main")
    repository.write("easy/talk.yaml", RUBRIC.replace("What was given up.", "Anything."))
    repository.commit()
    repository.git("checkout", "--quiet", "-B", "change")
    repository.write("evalharness.yaml", f"{CONFIG}rubrics: easy\n")
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 1
    assert told["announced"][0]["what"].startswith("changed: trade_offs")

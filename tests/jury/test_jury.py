"""Several graders on the same answers: side by side, the mean, and planted disagreement found by name."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from evalharness.cli import main
from evalharness.history.workflow import history
from evalharness.jury import workflow
from evalharness.jury.page import failures, page
from evalharness.jury.verdict import Verdict
from evalharness.load import lay_over
from evalharness.load.config import parse_config
from evalharness.model.config import Config, Juror
from tests.support import ANSWER, Notes, many, world_at, write_project

PLANTED = """
import json, re, sys
levels = json.loads(sys.argv[1])
prompt = sys.stdin.read()
text = re.search(r'<attempt-\\w+ part="answer">\\n(.*?)\\n</attempt', prompt, re.S).group(1)
quote = " ".join(text.split(".")[0].split())
names = re.findall(r"^Criterion (\\w+) ", prompt, re.M)
if "fail" in levels:
    sys.exit("quota used up: log in again")
grade = lambda name: {"criterion": name, "quotes": [quote], "findings": [], "story": "", "takeaway": "", "missing": "m",
    "reason": "r", "next_question": "", "level": levels.get(name, 3)}
print(json.dumps({"grades": [grade(name) for name in names]}))
"""


def juror(levels: dict[str, int]) -> dict[str, str]:
    return {"grader": "command", "command": shlex.join([sys.executable, "-c", PLANTED, json.dumps(levels)])}


def project(root: Path, *members: Any, answers: dict[str, str] | None = None) -> Path:
    config = f"max_samples: 1\ngraders: {json.dumps(list(members))}\n"
    return write_project(root, answers or many(2), config=config)


def sit(root: Path, notes: Notes | None = None) -> Verdict:
    return workflow.run(world=world_at(root, watcher=notes))


def test_levels_stand_side_by_side_and_the_total_is_the_mean(tmp_path: Path) -> None:
    """Each grader has its run; what is two levels apart is named, what is one apart is not."""
    one, other = juror({"example": 5, "trade_offs": 3}), juror({"example": 3, "trade_offs": 4})
    found = sit(project(tmp_path, one, other))

    assert [a.total == pytest.approx(sum(t for t in a.totals if t) / 2) for a in found.answers] == [True, True]
    assert [(r.criterion.id, r.levels, r.level) for r in found.answers[0].rulings] == [
        ("example", (5.0, 3.0), 4.0),
        ("trade_offs", (3.0, 4.0), 3.5),
    ]
    assert [(a.case.key, r.criterion.id, r.apart) for a, r in found.disputed] == [
        ("q0/me/2026-09-01", "example", 2.0),
        ("q1/me/2026-09-01", "example", 2.0),
    ]
    assert len({seat.run.meta.id for seat in found.seats if seat.run}) == 2


def test_the_page_names_what_to_look_at_and_how_well_the_graders_agree(tmp_path: Path) -> None:
    """Totals, disagreements, agreement, every level, and what each grader cost."""
    found = sit(project(tmp_path, juror({"example": 5}), juror({"example": 2}), "heuristic"))
    told = (tmp_path / "reports" / "JURY.md").read_text(encoding="utf-8")

    assert told == page(found)
    assert "## Look at these" in told
    assert told.count("## ") >= 5
    assert len(found.agreements) == 3
    first = found.agreements[0]
    assert (first.n, first.equal, first.distance) == (4, 0.5, 1.5)
    assert "what was spent is not known" in told


def test_a_grader_that_fails_makes_the_grade_incomplete_and_not_smaller(tmp_path: Path) -> None:
    """No mean over the rest: leaving one out would move it."""
    found = sit(project(tmp_path, juror({"example": 5}), juror({"fail": 1}), answers={"export/2026-09-01.md": ANSWER}))

    assert [answer.total for answer in found.answers] == [None]
    assert found.answers[0].totals[0] is not None
    assert found.answers[0].rulings[0].level is None
    assert any("exit code 1: quota used up: log in again" in told for told in failures(found))


def test_a_grader_that_cannot_begin_leaves_its_seat_empty_and_the_others_grade(tmp_path: Path) -> None:
    """Without a key nothing is sent; what the others say is kept and shown."""
    notes = Notes()
    found = sit(project(tmp_path, "anthropic", juror({})), notes)

    assert [(seat.name, seat.run is None) for seat in found.seats] == [("anthropic", True), ("command", False)]
    assert all(answer.total is None and answer.totals[1] for answer in found.answers)
    assert "no API key" in page(found)


def test_what_a_grader_cannot_read_is_no_failure(tmp_path: Path) -> None:
    """The mean is over those who read it."""
    from tests.support import RUBRIC

    root = project(tmp_path, juror({"example": 4, "trade_offs": 4}), "heuristic")
    blind = RUBRIC.replace(
        "    signals:\n      markers:\n        - {kinds: [trade_off], most: 2}\n      levels: {2: 1, 3: 2}\n", ""
    )
    (root / "rubrics/talk.yaml").write_text(blind, encoding="utf-8")
    found = sit(root)

    trade_offs = found.answers[0].rulings[1]
    assert (trade_offs.levels, trade_offs.read, trade_offs.level) == ((4.0, None), (True, False), 4.0)
    assert "not read" in page(found)


def test_a_jury_that_would_only_repeat_itself_makes_no_run(tmp_path: Path) -> None:
    """Each grader's newest run stands; nothing is asked again."""
    root = project(tmp_path, juror({"example": 5}), juror({"example": 2}))
    first, second = sit(root), sit(root)

    assert [seat.run and seat.run.meta.id for seat in first.seats] == [s.run and s.run.meta.id for s in second.seats]
    assert len(list((root / "reports").glob("*/run.json"))) == 2


def test_other_views_look_at_the_first_grader(tmp_path: Path) -> None:
    """Levels of several graders are never mixed in one series."""
    root = project(tmp_path, juror({"example": 5}), juror({"example": 1}))
    sit(root)
    _, _, found = history(world=world_at(root))

    assert [series.latest.scores[0].level for series in found.series] == [5.0, 5.0]


def test_the_command_prints_the_verdict_and_exits_by_the_worst(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a person sees it; `--grader` names one and leaves the jury out; a bar is not for a jury."""
    monkeypatch.chdir(project(tmp_path, juror({"example": 5}), juror({"example": 2}), "heuristic"))

    assert main(["run"]) == 0
    told = capsys.readouterr().out
    assert "3 graders: 2 of 2 attempts graded by all; 2 disagreements of two levels or more." in told
    assert "Look at these" in told
    assert main(["run", "--grader", "heuristic"]) == 0
    assert "3 graders" not in capsys.readouterr().out
    assert main(["run", "--plan"]) == 0
    assert capsys.readouterr().out.count("===") == 6
    assert main(["run", "--min-score", "3"]) == 2


def test_a_jury_is_written_as_names_or_with_settings_of_their_own() -> None:
    """A name, or a mapping; an unknown key is told like any other."""
    read = parse_config("graders:\n  - heuristic\n  - {grader: command, command: claude, model: opus}\n")
    wrong = parse_config("graders: [{grader: command, comand: claude}, heuristic]\n")

    assert read.config.graders == (
        Juror(grader="heuristic"),
        Juror(grader="command", command="claude", model="opus"),
    )
    assert [problem.message for problem in wrong.problems] == ["unknown key 'comand'"]


def test_graders_of_one_kind_are_told_apart_by_model_or_command() -> None:
    """No two seats have one name."""
    members = (
        Juror(grader="anthropic", model="a"),
        Juror(grader="anthropic", model="b"),
        Juror(grader="heuristic"),
        Juror(grader="heuristic"),
    )

    found = workflow.names(members)

    assert found[:2] == ("anthropic a", "anthropic b")
    assert len(set(found)) == 4
    assert lay_over(Config(graders=members), {"grader": "heuristic"}).chair.grader == "heuristic"

"""What needs no grader: too short, a missing part, no time limit, missions of a company, an edit in place."""

from __future__ import annotations

from pathlib import Path

import pytest

import evalharness
from evalharness.criteria import describe
from evalharness.graders.prompting.prompt import describe_context
from evalharness.load import load_project
from evalharness.model.nouns import Why
from evalharness.model.run import Run
from evalharness.plan.identity import case_content
from evalharness.plan.precheck import by_rule
from evalharness.reports import json_report, junit, markdown, terminal
from evalharness.reports import words as wording
from evalharness.results.aggregate import CaseResult
from evalharness.results.edited import edit
from tests.support import ANSWER, world_at, write_project

TALK = """\
title: Talk
min_words: 12
parts:
  follow_up:
    headings: [Follow-up question]
    required: true
criteria:
  - id: example
    title: An example
    kind: scale
    levels:
      1: {text: No event., next: Tell one event.}
      3: {text: An event., next: Add its size.}
      5: An event with its size.
    signals: {quantities: {most: 2}, levels: {2: 1, 3: 2}}
  - id: back
    title: The question you ask back
    part: follow_up
    kind: scale
    levels:
      1: {text: None., next: Ask for what they have seen.}
      3: {text: An open one., next: Take up something you said.}
      5: An open one that takes up what was said.
    signals: {markers: [{kinds: [question], most: 1}], levels: {3: 1}}
  - id: missions
    title: Missions
    kind: tags
    tags: [{id: 1, title: Share it, signals: {terms: [{any: [shared], most: 1}], demonstrated: 1}}]
  - id: speaking_time
    title: Speaking time
    kind: measure
    measure: speaking_time
    bands: [{level: 5, at_most: 1.0}, {level: 1}]
"""
PLAIN = "question: What did you change?\nrubric: talk\nmissions: [1]\ntime_limit: 60 s\n"


def project(root: Path, answers: dict[str, str], question: str = PLAIN) -> Path:
    write_project(root, answers, rubric=TALK)
    for file in root.glob("cases/*/question.yaml"):
        file.write_text(question, "utf-8")
    return root


def graded(root: Path) -> Run:
    return evalharness.run([], settings={"grader": "heuristic"}, world=world_at(root))


def result(run: Run, question: str = "export") -> CaseResult:
    return next(each for each in evalharness.summary(run).results if each.case.question.id == question)


def test_too_short_is_a_state_of_its_own(tmp_path: Path) -> None:
    """No level, no total, no change across it; beside the ungraded ones and not among them; everywhere in words."""
    answers = {"export/2026-09-01.md": ANSWER, "export/2026-09-08.md": "It went well for all of us."}
    run = graded(project(tmp_path, answers))
    series = evalharness.summary(run).series[0]

    assert (series.latest.too_short, series.latest.total, series.latest.ungraded) == ("7 of 12 words", None, ())
    assert series.difference is None
    assert {score.level for score in series.latest.scores} == {None}
    assert run.meta.ungraded == 0
    assert wording.counts(evalharness.summary(run).figures) == "1 of 2 attempts graded, 1 too short to grade"
    assert "too short to grade: 7 of 12 words" in terminal.render(run, width=100, colour=False)
    assert "too short to grade: 7 of 12 words" in markdown.render(run)
    assert '"outcome": "too_short"' in json_report.render(run)
    assert 'skipped message="too short to grade: 7 of 12 words"' in junit.render(run)


def test_three_words_more_are_another_measurement(tmp_path: Path) -> None:
    """What was too short has a key of its own, so that no stored level stands for it."""
    root = project(tmp_path, {"export/2026-09-01.md": "It went well for all of us."})
    (case,) = load_project([], cwd=root).cases

    assert all(case_content(case, criterion, ())["floor"] == "7 of 12 words" for criterion in case.rubric.criteria)
    outcome = by_rule(case, case.rubric.criteria[0])
    assert getattr(outcome, "why", None) is Why.TOO_SHORT


def test_a_missing_part_is_level_1_with_its_reason_and_stops_nobody(tmp_path: Path) -> None:
    """The criterion that reads it, and no other; the reason is on every screen."""
    whole = f"{ANSWER}\n\n## Follow-up question\n\nWhat have you seen people do then?\n"
    run = graded(project(tmp_path, {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": whole}))
    found, reason = result(run), "no 'Follow-up question' was found"

    assert [(score.criterion.id, why.partition(":")[0]) for score, why in found.by_rule] == [("back", reason)]
    assert found.total is not None
    assert result(run, "other").by_rule == ()
    for shown in (terminal.render(run, width=100, colour=False), markdown.render(run)):
        assert f"The question you ask back: level 1, {reason}" in shown


def test_without_a_time_limit_speaking_time_is_told_and_not_graded(tmp_path: Path) -> None:
    """It is outside the total, and the time is the same everywhere."""
    run = graded(project(tmp_path, {"export/2026-09-01.md": ANSWER}, PLAIN.replace("time_limit: 60 s\n", "")))
    found = result(run)

    assert [score.criterion.id for score in found.not_read] == ["speaking_time"]
    assert found.total is not None
    assert "at 145 words a minute" in markdown.render(run)


def test_no_claimed_mission_is_level_1_with_its_reason(tmp_path: Path) -> None:
    """A key that is not there is no reason to grade nothing."""
    run = graded(project(tmp_path, {"export/2026-09-01.md": ANSWER}, PLAIN.replace("missions: [1]\n", "")))

    assert [(score.criterion.id, score.level) for score, _ in result(run).by_rule] == [("back", 1.0), ("missions", 1.0)]


def test_a_companys_missions_take_the_place_of_the_rubrics_list(tmp_path: Path) -> None:
    """Claims are held against them, a model is shown them, and the heuristic does not read them."""
    own = "context: {company: {name: Acme, missions: [{id: 7, text: Keep rivers clean}]}}\nmissions: [7]\n"
    root = project(tmp_path, {"export/2026-09-01.md": ANSWER}, PLAIN.replace("missions: [1]\n", own))
    run = graded(root)
    (case,) = load_project([], cwd=root).cases

    assert "Missions:\n- 7: Keep rivers clean" in describe_context(case.question)
    assert "- 7: Keep rivers clean\n" in describe(case, case.rubric.criteria[2])
    assert [score.criterion.id for score in result(run).not_read] == ["missions"]


def test_an_edit_in_place_is_held_against_its_former_text(tmp_path: Path) -> None:
    """Also in later runs, until the next edit; a run over something else changes nothing of that."""
    root = project(tmp_path, {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": ANSWER})
    first = result(graded(root))
    (root / "cases/export/2026-09-01.md").write_text(ANSWER + "It fell from 12 percent to 5 percent.\n", "utf-8")
    second = graded(root)
    (root / "cases/other/2026-09-02.md").write_text(ANSWER, "utf-8")
    third = graded(root)

    for run in (second, third):
        found = edit(result(run))
        assert found is not None
        assert found.before.total == pytest.approx(first.total)
        assert found.difference == pytest.approx((result(run).total or 0) - (first.total or 0))
        assert "edited since 2026-11-20" in markdown.render(run)
        assert "edited" in terminal.render(run, width=100, colour=False)
    assert result(third, "other").former is None

"""A reply that cannot be trusted is asked again, then ungraded; never a low score."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from evalharness.calls.runner import grade_all
from evalharness.errors import GradingStopped
from evalharness.graders import Failed, Reply
from evalharness.load import load_project
from evalharness.model.draft import Draft
from evalharness.model.nouns import Criterion, Grade, Graded, Ungraded, Why
from evalharness.plan.plan import make_calls, make_plan, needs_call
from tests.support import ScriptedGrader, write_project

GOOD = Draft(quotes=("late files went from 40 a week to 3",), level=4, reason="a number with its baseline")


def grade(
    root: Path, answer: Callable[[Criterion, int], Draft | Reply], *, mode: str = "per_criterion"
) -> tuple[dict[str, Grade], ScriptedGrader]:
    """Grade one attempt by a script; return its grades by criterion."""
    loaded = load_project([], cwd=write_project(root))
    grader = ScriptedGrader(answer, mode=mode)
    plan = make_plan(loaded.cases, grader.id, grader.reads)
    calls = make_calls([s for s in plan.slots if needs_call(s)], mode)
    found: list[Grade] = []
    asyncio.run(grade_all(calls, grader, concurrency=4, on_grade=found.append, clock=lambda: "now"))
    return {g.criterion: g for g in found}, grader


def why(grades: dict[str, Grade], criterion: str = "example") -> Why:
    outcome = grades[criterion].outcome
    assert isinstance(outcome, Ungraded)
    return outcome.why


def test_a_checked_reply_is_a_grade_with_its_quote(tmp_path: Path) -> None:
    """The level stands on words that are in the answer, with their place."""
    grades, _ = grade(tmp_path, lambda criterion, turn: GOOD)

    outcome = grades["example"].outcome
    assert isinstance(outcome, Graded)
    assert (outcome.level, outcome.evidence[0].text) == (4.0, "late files went from 40 a week to 3")


def test_a_level_without_evidence_is_asked_three_times_then_ungraded(tmp_path: Path) -> None:
    """An invented quotation costs the criterion its level, not the person."""
    invented = Draft(quotes=("the whole board stood up and clapped",), level=5, reason="")

    grades, grader = grade(tmp_path, lambda criterion, turn: invented)

    assert why(grades) is Why.NO_EVIDENCE
    assert grades["example"].calls == 3
    assert len(grader.calls) == 6


def test_a_second_reply_can_heal_the_first(tmp_path: Path) -> None:
    """A fresh request is sent, and its good reply counts."""
    grades, _ = grade(tmp_path, lambda criterion, turn: GOOD if turn == 2 else Draft(level=4))

    assert isinstance(grades["example"].outcome, Graded)
    assert grades["example"].calls == 2


def test_an_invention_counts_also_where_the_next_reply_is_good(tmp_path: Path) -> None:
    """Asked again, the grader quotes what is there: the first reply was an invention all the same."""
    bad = Draft(quotes=("nobody ever said these words here",), level=4, reason="none")

    grades, _ = grade(tmp_path, lambda criterion, turn: bad if turn == 1 else GOOD)

    assert isinstance(grades["example"].outcome, Graded)
    assert grades["example"].rejected_quotes == 1


def test_level_one_needs_no_quote(tmp_path: Path) -> None:
    """'Not shown in the answer' is level 1 and graded."""
    grades, _ = grade(tmp_path, lambda criterion, turn: Draft(level=1, reason="nothing of the kind"))

    assert isinstance(grades["example"].outcome, Graded)


@pytest.mark.parametrize("level", [None, 0, 6])
def test_a_level_off_the_scale_is_invalid(tmp_path: Path, level: int | None) -> None:
    """Nothing is clipped or guessed at."""
    grades, _ = grade(tmp_path, lambda criterion, turn: Draft(quotes=GOOD.quotes, level=level))

    assert why(grades) is Why.INVALID_REPLY


def test_a_failure_that_cannot_heal_is_not_asked_again(tmp_path: Path) -> None:
    """A refusal is an outcome; it costs one call."""
    grades, grader = grade(tmp_path, lambda c, turn: Failed(why=Why.REFUSED, detail="no"))

    assert why(grades) is Why.REFUSED
    assert len(grader.calls) == 2


def test_in_joint_mode_one_call_fills_all_criteria(tmp_path: Path) -> None:
    """One call, one grade a criterion; only what is open is asked again."""
    grades, grader = grade(
        tmp_path, lambda c, turn: GOOD if c.id == "example" or turn == 2 else Draft(level=3), mode="joint"
    )

    assert {name: g.calls for name, g in grades.items()} == {"example": 1, "trade_offs": 1}
    assert [(name, turn) for _, name, _, turn in grader.calls] == [
        ("example", 1),
        ("trade_offs", 1),
        ("trade_offs", 2),
    ]


def test_what_stops_the_run_is_raised_once(tmp_path: Path) -> None:
    """The first reason to stop is the one that is told."""

    def refuse(criterion: Criterion, turn: int) -> Draft:
        raise GradingStopped("the key was refused")

    with pytest.raises(GradingStopped, match="the key was refused"):
        grade(tmp_path, refuse)

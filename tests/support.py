"""Small projects to grade, a world that stands still, and a grader that says what it is told."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from evalharness.graders import Answered, Reply
from evalharness.model.draft import Draft
from evalharness.model.nouns import Criterion, Grade, GraderId, Measure
from evalharness.plan.plan import Call
from evalharness.world import World

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)

RUBRIC = """\
id: talk
title: Talk
min_words: 8
criteria:
  - id: example
    title: Example
    weight: 2
    kind: scale
    look_for: One thing the speaker did, with what happened.
    levels:
      1: No event of the speaker's own stands in the answer.
      3: An event stands there, without the speaker's part in it.
      5: An event, the speaker's part, and what came of it.
    signals:
      quantities: {most: 2}
      ownership: {most: 2}
      levels: {2: 1, 3: 2, 4: 3}
  - id: trade_offs
    title: Trade-offs
    weight: 2
    kind: scale
    look_for: What was given up.
    levels:
      1: Nothing that was given up is named.
      3: A price is named without a size.
      5: A price is named with its size and why it was paid.
    signals:
      markers:
        - {kinds: [trade_off], most: 2}
      levels: {2: 1, 3: 2}
  - id: speaking_time
    title: Speaking time
    weight: 0.5
    kind: measure
    measure: speaking_time
    bands:
      - {level: 5, at_most: 1.0}
      - {level: 1}
"""

ANSWER = """\
I moved the nightly export to a queue in March, and late files went from 40 a week to 3.
We gave up strict ordering instead of speed, because nobody downstream had ever used it.
The on-call engineer slept through the whole of April, which had not happened in two years.
"""

QUESTION = "question: What did you change, and what did it cost?\nrubric: talk\ntime_limit: 60 s\n"


def write_project(
    root: Path, answers: Mapping[str, str] | None = None, *, rubric: str = RUBRIC, config: str = ""
) -> Path:
    """Write a project; `answers` maps `question/file.md` to its text.  Returns its root."""
    (root / "rubrics").mkdir(parents=True, exist_ok=True)
    (root / "rubrics/talk.yaml").write_text(rubric, encoding="utf-8")
    (root / "evalharness.yaml").write_text(config or "author: me\n", encoding="utf-8")
    for name, text in (answers or {"export/2026-09-01.md": ANSWER}).items():
        file = root / "cases" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        question = file.parent / "question.yaml"
        if not question.exists():
            question.write_text(QUESTION, encoding="utf-8")
        file.write_text(text, encoding="utf-8")
    return root


def many(count: int) -> dict[str, str]:
    """Return `count` answers to as many questions, each different."""
    return {f"q{n}/2026-09-01.md": ANSWER.replace("March", f"March, for customer number {n}") for n in range(count)}


class Notes:
    """A watcher that writes everything down."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.grades: list[Grade] = []
        self.planned = self.reused = -1

    def begin(self, *, planned: int, reused: int) -> None:
        self.planned, self.reused = planned, reused

    def graded(self, grade: Grade, *, spent: float = 0.0) -> None:
        self.grades.append(grade)

    def say(self, line: str) -> None:
        self.lines.append(line)


def world_at(root: Path, *, environment: Mapping[str, str] | None = None, watcher: Notes | None = None) -> World:
    """Return a world in `root` whose clock stands still and whose run ids count up."""
    numbers = iter(range(10_000))
    start = len(list((root / "reports").glob("*/run.json")))
    return World(
        cwd=root,
        environment=dict(environment or {}),
        clock=lambda: NOON,
        new_id=lambda now: f"{now:%Y%m%dT%H%M%SZ}-{start + next(numbers):04x}",
        watcher=watcher or Notes(),
    )


class ScriptedGrader:
    """A grader that answers by a function of criterion and turn; counts its calls."""

    def __init__(self, answer: Callable[[Criterion, int], Draft | Reply], *, mode: str = "per_criterion") -> None:
        self.id = GraderId(name="scripted", version="1", model="m", mode=mode)
        self.calls: list[tuple[str, str, int, int]] = []
        self.closed = False
        self._answer = answer

    def reads(self, criterion: Criterion) -> bool:
        return not isinstance(criterion.kind, Measure)

    async def prepare(self, calls: Sequence[Call]) -> None:
        return None

    async def ask(self, call: Call, *, turn: int) -> Reply:
        drafts: dict[str, Any] = {}
        for criterion in call.criteria:
            self.calls.append((call.case.key, criterion.id, call.sample, turn))
            said = self._answer(criterion, turn)
            if not isinstance(said, Draft):
                return said
            drafts[criterion.id] = said
        return Answered(drafts=drafts)

    async def close(self) -> None:
        self.closed = True

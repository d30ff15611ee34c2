"""A small project that loads, ways to break it, and what is then said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from evalharness.errors import InvalidFiles
from evalharness.load import Loaded, load_project

Files: TypeAlias = Mapping[str, str | bytes]

CONFIG_FILE = "evalharness.yaml"
RUBRIC_FILE = "rubrics/talk.yaml"
QUESTION_FILE = "cases/why/question.yaml"
ATTEMPT_FILE = "cases/why/2026-10-02.md"
ONE_FILE_FILE = "cases/excites.yaml"

RUBRIC = """\
title: A talk
parts:
  follow_up:
    headings: [Follow-up question, Question back]
    required: true
criteria:
  - id: example
    title: Concrete example
    weight: 2
    kind: scale
    levels:
      1: no example
      3: an example
      5: an example with a result
    signals:
      quantities: {most: 3}
      markers:
        - {kinds: [trade_off], most: 2}
      levels: {2: 1, 3: 3, 4: 5}
  - id: missions
    title: Missions
    kind: tags
    tags:
      - {id: 1, title: Steerable systems}
      - {id: sharing, title: Sharing research}
  - id: rollout
    title: Rollout
    kind: checklist
    items:
      - {id: canary, text: names a canary}
      - {id: rollback, text: names a way back}
  - id: time
    title: Speaking time
    kind: measure
    measure: speaking_time
    bands:
      - {level: 5, at_least: 0.5, at_most: 1}
      - {level: 3, at_most: 1.25}
      - {level: 1}
"""

QUESTION = """\
question: Why this company?
rubric: talk
time_limit: 90 s
missions: [1]
"""

ATTEMPT = """\
---
date: 2026-10-02
self_score: 3
---

I built a queue that cut the wait from 40 s to 2 s.

## Follow-up question

What do people do when it fails?
"""

ONE_FILE = """\
question: What excites you?
rubric: talk
time_limit: 1:30
missions: [sharing]
attempts:
  - date: 2026-10-02
    answer: |
      I built a queue.
    follow_up: |
      What do people do when it fails?
"""

BASE: Files = {
    CONFIG_FILE: "author: me\n",
    RUBRIC_FILE: RUBRIC,
    QUESTION_FILE: QUESTION,
    ATTEMPT_FILE: ATTEMPT,
}


def rubric(old: str, new: str) -> Files:
    """Return the rubric's file with `old` made `new`."""
    return {RUBRIC_FILE: _changed(RUBRIC, old, new)}


def question(old: str, new: str) -> Files:
    """Return the question's file with `old` made `new`."""
    return {QUESTION_FILE: _changed(QUESTION, old, new)}


def attempt(old: str, new: str) -> Files:
    """Return the attempt's file with `old` made `new`."""
    return {ATTEMPT_FILE: _changed(ATTEMPT, old, new)}


def one_file(old: str, new: str) -> Files:
    """Return a question with its attempts in one file, with `old` made `new`."""
    return {ONE_FILE_FILE: _changed(ONE_FILE, old, new)}


def write(folder: Path, files: Files) -> Path:
    """Write the small project, with `files` over or beside its own, and return its folder."""
    for name, text in {**BASE, **files}.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def load(folder: Path, files: Files | None = None, paths: Sequence[str] = ()) -> Loaded:
    """Write and load the small project."""
    write(folder, files or {})
    return load_project([Path(path) for path in paths], cwd=folder)


def keys(folder: Path, files: Files, *paths: str) -> list[str]:
    """Return the keys of the attempts of the small project."""
    return [case.attempt.key for case in load(folder, files, paths).cases]


def said(folder: Path, files: Files, paths: Sequence[str] = ()) -> str:
    """Return what is said about the small project with `files`: two lines a problem, as on a screen."""
    try:
        load(folder, files, paths)
    except InvalidFiles as error:
        problems = error.problems
    else:
        return ""
    lines = []
    for problem in problems:
        lines.append(f"{problem.place}: {problem.message} [{problem.slug}]")
        if problem.hint:
            lines.append(f"hint: {problem.hint}")
    return "\n".join(lines)


def _changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)

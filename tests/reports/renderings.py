"""The shared run in every format.  `python -m tests.reports.renderings` writes the expected texts anew."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from evalharness.gate.rulings import judge
from evalharness.model.config import Gate, Requires
from evalharness.model.nouns import GraderId
from evalharness.model.run import Cost
from evalharness.reports import json_report, junit, markdown, terminal

from .example import RUN

EXPECTED = Path(__file__).with_name("expected")

HEURISTIC = msgspec.structs.replace(
    RUN,
    meta=msgspec.structs.replace(
        RUN.meta,
        grader=GraderId(name="heuristic", version="1", deterministic=True),
        cost=Cost(),
        reused=0,
        notices=(),
        drafts=(),
        is_sample=True,
        samples=1,
        planned=23,
        not_read=("mission-alignment/tone", "culture-dialogue/curiosity_follow_up"),
    ),
    attempts=tuple(attempt for attempt in RUN.attempts if attempt.author == "me"),
    grades=tuple(
        grade
        for grade in RUN.grades
        if grade.sample == 1 and grade.criterion != "curiosity_follow_up" and "/me/" in grade.case
    ),
)

WITHOUT_NOISE = msgspec.structs.replace(
    RUN, meta=msgspec.structs.replace(RUN.meta, grader=msgspec.structs.replace(RUN.meta.grader, deterministic=True))
)

RENDERINGS: dict[str, Callable[[], str]] = {
    "report.md": lambda: markdown.render(RUN),
    "heuristic.md": lambda: markdown.render(HEURISTIC),
    "report.json": lambda: json_report.render(RUN),
    "junit.xml": lambda: junit.render(RUN),
    "junit-below-4.xml": lambda: junit.render(RUN, judge(WITHOUT_NOISE, Gate(min_score=4))),
    "junit-advisory.xml": lambda: junit.render(RUN, judge(WITHOUT_NOISE, Gate(min_score=4, requires=Requires()))),
    "terminal-80.txt": lambda: terminal.render(RUN, width=80, colour=False),
    "terminal-120.txt": lambda: terminal.render(RUN, width=120, colour=False),
    "terminal-heuristic-80.txt": lambda: terminal.render(HEURISTIC, width=80, colour=False),
}


def write() -> None:
    """Write every text; whoever runs this reads each change before keeping it."""
    for name, render in RENDERINGS.items():
        (EXPECTED / name).write_text(render(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()

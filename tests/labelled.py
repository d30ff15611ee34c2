"""Answers that the offline grader tells apart, a gate that requires labels, and a person who labels as a test asks."""

from __future__ import annotations

from pathlib import Path

from tests.repository import WEAK
from tests.support import ANSWER

# The offline grader gives ANSWER 4 for `example` and 3 for `trade_offs`, WEAK 1 for both: totals 3.67 and 1.44.
GOOD, BAD = {"example": 4, "trade_offs": 3}, {"example": 1, "trade_offs": 1}
REQUIRES = "  requires: {labels: 6, min_qwk: 0.6}\n"
CONFIG = f"grader: heuristic\ngate:\n  min_score: 2\n{REQUIRES}"


def answers(count: int = 8) -> dict[str, str]:
    """Return answers to as many questions, good and weak ones by turns."""
    return {f"q{n}/2026-09-01.md": (ANSWER if n % 2 else WEAK).replace("export", f"export {n}") for n in range(count)}


def label(root: Path, *, count: int = 8, upside_down: tuple[str, ...] = (), leave_out: tuple[str, ...] = ()) -> None:
    """Write what anna says of the first `count` answers: the grader's levels, or for some criteria their opposite."""
    for n in range(count):
        levels = {name: (BAD if (n % 2) == (name in upside_down) else GOOD)[name] for name in GOOD}
        said = ", ".join(f"{name}: {level}" for name, level in levels.items() if name not in leave_out)
        file = root / f"labels/q{n}/2026-09-01.anna.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"levels: {{{said}}}\n")

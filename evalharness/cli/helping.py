"""Help at any width: examples put what they say under the command where a line is too short for both."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

import click

KEPT = "\b"  # click's mark for a paragraph that keeps its lines
WIDEST = 100
ROOMY = 64


class Formatter(click.HelpFormatter):
    """click's, with lines of examples broken between the command and what is said of it."""

    def write_text(self, text: str) -> None:
        """Write paragraphs, none of their lines wider than the screen where a blank allows it."""
        room = max(self.width - self.current_indent, 20)
        super().write_text("\n\n".join(_fitting(paragraph, room) for paragraph in text.split("\n\n")))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms and what is said of them; on a narrow screen one below the other."""
        if self.width >= ROOMY:
            super().write_dl(rows, col_max, col_spacing)
            return
        room = max(self.width - self.current_indent, 20)
        for term, said in rows:
            told = textwrap.wrap(said, room, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False)
            self.write("\n".join(f"{'':>{self.current_indent}}{line}" for line in (term, *told)) + "\n")


def _fitting(paragraph: str, room: int) -> str:
    if not paragraph.lstrip().startswith(KEPT):
        return paragraph
    return "\n".join(each for line in paragraph.split("\n") for each in _broken(line, room))


def _broken(line: str, room: int) -> list[str]:
    if len(line) <= room:
        return [line]
    indent = line[: len(line) - len(line.lstrip())]
    deeper = f"{indent}  "
    pieces = re.split(r" {2,}", line.strip())
    lines: list[str] = []
    for piece in pieces:
        start = deeper if lines else indent
        lines += textwrap.wrap(
            piece, room, initial_indent=start, subsequent_indent=deeper, break_long_words=False, break_on_hyphens=False
        )
    return lines


class Context(click.Context):
    """click's, with our formatter."""

    formatter_class = Formatter

"""What a page shows, what a command printed -> the first line that differs."""

from __future__ import annotations

import difflib
import re

RUN_ID = re.compile(r"\b\d{8}T\d{6}Z-[0-9a-f]{4}\b")
_LEFT_OUT = "..."


def differs(shown: str, printed: str) -> str:
    """Return nothing where `printed` is what the page shows, else the difference as text.

    Run ids count as equal, white space at line ends and empty lines at both ends are nothing.  A line of only `...`
    stands for any lines, also none; `...` in a line for any text in that line.
    """
    want, found = _plain(shown), _plain(printed)
    if re.fullmatch(_pattern(want), "".join(f"{line}\n" for line in found)):
        return ""
    return "\n".join(difflib.unified_diff(want, found, "on the page", "printed", lineterm="", n=2))


def _plain(text: str) -> list[str]:
    lines = [RUN_ID.sub("<run id>", line).rstrip() for line in text.splitlines()]
    while lines and not lines[0]:
        lines.pop(0)
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _pattern(lines: list[str]) -> str:
    return "".join(_line(line) for line in lines)


def _line(line: str) -> str:
    if line.strip() == _LEFT_OUT:
        return r"(?:.*\n)*?"
    return ".*?".join(re.escape(piece) for piece in line.split(_LEFT_OUT)) + r"\n"

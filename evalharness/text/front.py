"""text of an attempt's file -> its settings (front matter) and where its answer begins, to read and to write.

Settings are YAML between two lines `---`, after blank lines and comments at most; either line may carry a comment, and
`...` may be the second.  What looks like settings in another form is refused: as part of the answer, private notes
would be graded, sent and shown.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from evalharness.text.blocks import blanked, blocks

KEYS: Final = ("id", "date", "author", "missions", "self_score", "notes", "source")

DRAFT_MARK: Final = "<!-- unfinished"
"""How the line begins that makes a file a draft: a comment that is open on purpose."""

_NOTE: Final = r"(?:[ \t]+#[^\n]*|[ \t]*)"
_OPENS = re.compile(rf" {{0,3}}---(?:ya?ml)?{_NOTE}(?:\n|\Z)")
_CLOSES = re.compile(rf"^(?:---|\.\.\.){_NOTE}(?:\n|\Z)", re.MULTILINE)
_RULE = re.compile(r"^---[ \t]*\n", re.MULTILINE)
_OTHER = re.compile(r"[^\w\s]{3,40}(?:[ \t].*)?|<[^<>]{1,80}>|[^\w\s]{1,40}[ \t]{0,9}[A-Za-z]{0,10}[ \t]{0,9}")
_SIGNS = re.compile(r"[^\w\s]+")
_KEY = re.compile(
    rf"[ \t]{{0,9}}[\"'`*_]{{0,3}}(?:{'|'.join(KEYS)})[\"'`*_]{{0,3}}[ \t]{{0,9}}[:=\uff1a]", re.IGNORECASE
)
_MARKED = re.compile(
    r"#?[^\w\s#]{1,9}[ \t]{0,9}[^\w\s#]{0,9}"
)  # what makes a first line a list item, a comment, a quote


class Front(NamedTuple):
    """Where the settings (`start` up to `end`) and the answer (`body`) are in a text; `trouble` is what is wrong.

    Without settings all three are where the text begins; with trouble `start` is where it stands.
    """

    start: int = 0
    end: int = 0
    body: int = 0
    trouble: str = ""
    hint: str = ""


def front(text: str) -> Front:
    """Return where the settings of an attempt's file are."""
    begin = _begin(text)
    opens = _OPENS.match(text, begin)
    if opens is None:
        return _plain(text, begin, Front())
    closes = _CLOSES.search(text, opens.end())
    if closes is None:
        return Front(start=begin, trouble="the front matter is never closed", hint="end it with a line '---'")
    return _plain(text, closes.end(), Front(start=opens.end(), end=closes.start(), body=closes.end()))


def _plain(text: str, at: int, found: Front) -> Front:
    """Return `found` if no settings are in the text from here on, as a heading before them does."""
    if _is_disguised(text, at):
        return _disguised(text, at)
    for rule in _RULE.finditer(blanked(text), at):
        if _KEY.match(text, rule.end()) and _CLOSES.search(text, rule.end()):
            return _disguised(text, rule.start())
    return found


def _begin(text: str) -> int:
    """Return where the first line that says something begins: after blank lines and comments."""
    at = 0
    for block in (*blocks(text), None):
        gap = text[at : block.start if block else len(text)]
        if gap.strip() or block is None or not block.is_comment or not block.closed:
            break
        at = block.end
    return at + len(text[at:]) - len(text[at:].lstrip()) if text[at:].strip() else at


def _is_disguised(text: str, at: int) -> bool:
    """Return whether settings begin here without their line `---`: bare, or after another mark (`+++`, `{`, a dash)."""
    head = [line for line in text[at : at + 4000].splitlines() if line.strip()]
    if not head:
        return False
    return _is_setting(head[0]) or (
        bool(_OTHER.fullmatch(head[0].strip())) and any(map(_is_setting, _fenced(text, at)))
    )


def _is_setting(line: str) -> bool:
    """Return whether a line names a setting, behind the mark of a list, an object or a comment too."""
    bare = line.strip()
    mark = _MARKED.match(bare)
    return bool(_KEY.match(bare) or (mark and _KEY.match(bare, mark.end())))


def _fenced(text: str, at: int) -> list[str]:
    """Return the lines up to the one that closes what the first line opens; only the next where none does."""
    lines = [line for line in text[at:].splitlines() if line.strip()]
    signs = _SIGNS.match(lines[0].strip())
    mark = signs.group() if signs else ""
    closing = next((n for n, line in enumerate(lines[1:], 1) if line.strip() == mark), 2)
    return lines[1:closing]


def _disguised(text: str, at: int) -> Front:
    place = at + len(text[at:]) - len(text[at:].lstrip())
    return Front(
        start=place,
        trouble="settings of the attempt are in its text, where they would be graded",
        hint="write them as YAML between two lines '---' at the top of the file",
    )

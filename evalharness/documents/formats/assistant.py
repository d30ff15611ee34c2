"""What was pasted from a chat with an assistant -> its replies, or the interview it played; prompts are furniture."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.documents.clean import plain
from evalharness.documents.direction import YOU
from evalharness.documents.features import asks, offers, owns, words
from evalharness.documents.formats.made import Piece
from evalharness.documents.formats.speech import askers_of, turns
from evalharness.documents.lexicon import votes

_HEAD = re.compile(
    r"[#>*_\s]{0,8}(?P<name>(?<!\w)[^\W\d_][\w.-]{0,30}(?: [\w.-]{1,30}){0,2})(?:[*_]{0,3}\s?(?P<colon>:)[*_]{0,3}(?P<said>\s.*)?|[*_]{0,3})$"
)
SENDS, PROMPT, OFFER, TOOL = (
    "who writes it",
    "what the assistant was asked",
    "an offer of the chat tool",
    "of the chat tool",
)
LEAST_TOLD, LONG, MOST, TELLS, SURE = 0.5, 12, 12, 0.35, 0.9


class _Turn(NamedTuple):
    """The places of a turn's lines, whether it is the person's, and what stands in its first line behind the name."""

    first: int
    last: int
    own: bool
    said: str


def turns_of(lines: Sequence[str]) -> tuple[_Turn, ...]:
    """Return the turns of a chat in which "You" and one other name head them by turns; none of any other text."""
    heads = [(at, *found) for at, line in enumerate(lines) if (found := _head(line))]
    own = [(at, name, said) for at, name, said in heads if words(name)[0] in YOU]
    first = own[0][0] if own else len(lines)
    other = next((name for at, name, _ in heads if at > first and words(name)[0] not in YOU and not votes(name)), "")
    theirs = [(at, name, said) for at, name, said in heads if name == other]
    both = sorted([*own, *theirs])
    taken = all((a[1] == other) != (b[1] == other) for a, b in itertools.pairwise(both))
    if not (own and theirs and taken and len({name for _, name, _ in own}) == 1):
        return ()
    ends = [*(at for at, _, _ in both[1:]), len(lines)]
    return tuple(_Turn(at, end, name != other, said) for (at, name, said), end in zip(both, ends, strict=True))


def _head(line: str) -> tuple[str, str] | None:
    """Return who speaks in the lines below one, and what is said in it: a name and a colon, or a name alone."""
    match = _HEAD.fullmatch(line.rstrip()) if line.strip() else None
    if match is None or (match["said"] and not (match["colon"] and line.lstrip().startswith("**"))):
        return None
    return match["name"], (match["said"] or "").strip()


def from_assistant(text: str) -> tuple[str, Sequence[Piece]] | None:
    """Return what to read of a chat with an assistant, line by line as in the file, and the pieces that are furniture.

    In an interview that was played the text is empty and the pieces are its turns.  None where a text is no such chat.
    """
    lines = text.split("\n")
    found = turns_of(lines)
    if not found:
        return None
    if _is_played(lines, found):
        pieces = list(_played(lines, found))
        return ("", turns(pieces)) if askers_of(pieces) else None
    if not _holds_questions(lines, found):
        return None
    furniture = list(_around(lines, found))
    aside = {piece.place for piece in furniture}
    kept = ["" if at in aside else line for at, line in enumerate(lines, start=1)]
    return "\n".join(kept), furniture


def _said(lines: Sequence[str], turn: _Turn) -> list[tuple[int, str]]:
    """Return the lines of a turn with their places in the file."""
    here = [(turn.first + 1, turn.said), *((at + 1, lines[at]) for at in range(turn.first + 1, turn.last))]
    return [(place, line.strip()) for place, line in here if line.strip()]


def _is_played(lines: Sequence[str], found: Sequence[_Turn]) -> bool:
    """Return whether the person answers what the assistant asks: in most turns but the first, in words of their own."""
    own = [" ".join(line for _, line in _said(lines, turn)) for turn in found if turn.own][1:]
    told = [owns(text) > 0 and len(words(text)) >= LONG and asks(text) < 0.7 for text in own]
    return bool(told) and sum(told) >= LEAST_TOLD * len(told)


def _holds_questions(lines: Sequence[str], found: Sequence[_Turn]) -> bool:
    """Return whether a reply asks several things, so that it is the document and not an answer to what was asked."""
    return any(sum(asks(plain(line)) > 0.5 for _, line in _said(lines, turn)) > 1 for turn in found if not turn.own)


def _played(lines: Sequence[str], found: Sequence[_Turn]) -> Iterator[Piece]:
    """Yield the turns of an interview; the first prompt only sets the scene."""
    opening = next(turn for turn in found if turn.own)
    for at in range(found[0].first):
        if lines[at].strip():
            yield Piece(text=lines[at].strip(), place=at + 1, why=TOOL)
    for turn in found:
        if not turn.said:
            yield Piece(text=lines[turn.first].strip(), place=turn.first + 1, why=SENDS)
        for place, line in _said(lines, turn):
            if turn is opening:
                yield Piece(text=line, place=place, why=PROMPT)
            else:
                yield Piece(text=line, place=place, gap=True, speaker="you" if turn.own else "assistant")


def _around(lines: Sequence[str], found: Sequence[_Turn]) -> Iterator[Piece]:
    """Yield what stands around the replies: what they answer, offers at the end, what the tool says of itself."""
    tool = words(next(lines[turn.first] for turn in found if not turn.own))[0]
    for turn in found:
        yield Piece(text=lines[turn.first].strip(), place=turn.first + 1, why=SENDS if not turn.said else PROMPT)
        said = [(place, line) for place, line in _said(lines, turn) if place > turn.first + 1]
        if turn.own:
            # What somebody tells before they ask for anything names the company and the day; it stays in the document.
            telling = turn is found[0] and all(asks(line) <= TELLS for _, line in said)
            yield from () if telling else (Piece(text=line, place=place, why=PROMPT) for place, line in said)
            continue
        own = [(place, line) for place, line in said if tool in words(line) and len(words(line)) <= MOST]
        yield from (Piece(text=line, place=place, why=TOOL) for place, line in own)
        said = [pair for pair in said if pair not in own]
        last = next((at for at in reversed(range(len(said))) if _is_offer(said, at)), len(said))
        if all(_is_listed(line) for _, line in said[last + 1 :]):
            yield from (Piece(text=line, place=place, why=OFFER) for place, line in said[last:])


def _is_offer(said: Sequence[tuple[int, str]], at: int) -> bool:
    """Return whether a line of a reply offers more: in words that do, or as the one plain question below marked ones."""
    line = said[at][1]
    if not (line[0].isalpha() or line[0] in "\u00bf\u00a1"):
        return False
    asked = [other for _, other in said[:at] if asks(plain(other.lstrip("#*-0123456789.) "))) > SURE]
    marked = bool(asked) and not any(other[0].isalpha() for other in asked)
    return offers(line) or (at == len(said) - 1 and line.endswith("?") and marked)


def _is_listed(line: str) -> bool:
    """Return whether a line is one of a list of what is offered."""
    return line[:1] in "-*\u2022" or line[:1].isdigit()

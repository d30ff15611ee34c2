"""text of a meeting tool -> a talk: a name and a clock over what was said, as Otter, Teams and Zoom write it.

One rule reads them all: a line that is a clock, with a name before or behind it and whatever brackets and dashes the
tool likes, begins what that person says, on this line or below.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from typing import Final, NamedTuple

from evalharness.text.patterns import Lazy
from evalharness.transcripts.names import named, with_names
from evalharness.transcripts.talk import Refused, Talk, Utterance, ordered, wrong_times

_TIME: Final = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}(?:[.,]\d{1,3})?"
_OPEN, _CLOSE = r"[\[(<]?", r"[\])>]?"
_RANGE: Final = (
    rf"(?P<time>{_TIME})(?:\s{{0,9}}(?:-->|[-\u2013\u2014]{{1,2}})\s{{0,9}}(?P<end>{_TIME}))?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
)
# A name is looked for in what stands before a clock, not the other way about: a text of names would take forever.
_CLOCK_LAST = Lazy(rf"(?<![\w.,]){_OPEN}{_RANGE}{_CLOSE}\s{{0,9}}[:\u2013-]?\s{{0,9}}$")
_CLOCK_AND_SAID = Lazy(rf"[\[(]{_RANGE}[\])]\s{{0,9}}[:\u2013-]?\s{{1,9}}(?P<rest>\S.*)$")
_NAME = Lazy(r"[\[(<]?\s{0,3}[^\W_][^\n:\[\]()<>\t]{0,61}(?:\([^()\n]{1,40}\)\s{0,3})?[\])>]?")
_BEHIND_A_NAME: Final = " \t,|\u2013\u2014:-"
_TIME_FIRST = Lazy(rf"{_OPEN}{_RANGE}{_CLOSE}(?P<gap>[ ,|\u2013\u2014\t-]*)(?P<rest>.*)$")
_LIKE_A_TIME = Lazy(r"^\s*[\[(]?\d{1,3}:\d{1,2}(?::\d{1,3})?[\])]?\s*$")
MOST_WORDS: Final = 6
NAMED: Final = 3
HEADS: Final = 2
"""So many lines with a clock make a text a transcript, where they are a good part of it."""
SHARE: Final = 0.25


class _Head(NamedTuple):
    """The line that begins what somebody says."""

    line: int
    speaker: str
    start: float
    end: float | None
    rest: str


def read_text(text: str) -> Talk:
    """Return the talk of a meeting tool's text; raises `Refused` where there is neither a clock nor a name in it."""
    lines = text.split("\n")
    heads = _without_top([head for number, line in enumerate(lines, start=1) if (head := _head(line, number))])
    heads, lines = _named_above(heads, lines)
    if not heads:
        return _without_clock(lines)
    backwards = next((b for a, b in pairwise(heads) if b.start < a.start), None)
    if backwards is not None:
        raise Refused(
            backwards.line, "this turn begins before the one above it", "is a part of the transcript missing?"
        )
    first = heads[0].start if _is_time_of_day(heads) else 0.0
    names = tuple({f"{head.speaker} " for head in heads if " " in head.speaker})
    said = _without_close([line if _is_said(line, names) else "" for line in lines], heads)
    turns = [each for head, after in zip_longest(heads, heads[1:]) for each in _utterances(head, after, said, first)]
    return ordered(with_names([each for each in turns if each.text]), "text")


def _named_above(heads: list[_Head], lines: list[str]) -> tuple[list[_Head], list[str]]:
    """Return the turns with the names that stand on lines right above their clocks, and the lines without these."""
    if len(heads) < 2 * HEADS or any(head.speaker or head.rest for head in heads):
        return heads, lines
    above = [lines[head.line - 2].strip() if head.line > 1 else "" for head in heads]
    names = Counter(filter(None, above))
    again = sum(count for count in names.values() if count > 1)
    if not HEADS <= len(names) < len(heads) or 2 * again < len(heads) or not all(map(_NAME.fullmatch, names)):
        return heads, lines
    if any(len(name.split()) > MOST_WORDS for name in names):
        return heads, lines
    at = {head.line - 1 for head, name in zip(heads, above, strict=True) if name}
    named_ = [head._replace(speaker=name) for head, name in zip(heads, above, strict=True)]
    return named_, ["" if n in at else line for n, line in enumerate(lines, start=1)]


def looks_like_one(head: str) -> bool:
    """Return whether a text begins as a transcript does: with many clocks, or with names that come again."""
    try:
        found = [_head(line, 1) for line in head.split("\n")[:200] if line.strip()]
    except Refused:
        return True
    heads = [each for each in found if each is not None]
    again = [name for name, count in Counter(head.speaker for head in heads if head.speaker).items() if count > 1]
    if len(again) > 1 or (len(heads) >= HEADS and len(heads) >= SHARE * len(found)):
        return True
    return _is_short_talk(found) or _is_named_below_clocks(head, heads)


def _is_named_below_clocks(text: str, heads: list[_Head]) -> bool:
    """Return whether a text names who speaks in nearly every line, with a clock now and then, as Google Meet does."""
    lines = [line.strip() for line in text.split("\n")[:200] if line.strip()]
    names = Counter(name for line in lines if (name := named(line)[0]))
    again = sum(count > 1 for count in names.values())
    clocks = sum(not head.speaker and not head.rest for head in heads)
    return clocks > 0 and again > 0 and len(names) > 1 and names.total() >= SHARE * len(lines)


def _is_short_talk(found: list[_Head | None]) -> bool:
    """Return whether lines end as a talk of two people, who say something below their name and clock each."""
    named_ = [at for at, head in enumerate(found) if head is not None and head.speaker and not head.rest]
    if len(named_) != HEADS or named_[0] + 1 == named_[1] or named_[1] + 1 == len(found):
        return False
    one, other = (found[at] for at in named_)
    apart = one is not None and other is not None and one.speaker != other.speaker and one.start <= other.start
    return apart and SHARE * (len(found) - named_[0]) <= HEADS


def _head(line: str, number: int) -> _Head | None:
    """Return the beginning of a turn that a line holds, or None."""
    line = line.strip().strip("*_").strip()
    if not re.search(r"\d:\d", line):
        return None
    for rule, between in ((_CLOCK_LAST, _BEHIND_A_NAME), (_CLOCK_AND_SAID, " ")):
        found = rule.search(line)
        if found and _NAME.fullmatch(before := line[: found.start()].rstrip(between)):
            name = before.strip(" []()<>\t,-")
            if len(name.split()) <= MOST_WORDS and any(c.isalpha() for c in name):
                return _made(found, name, found.groupdict().get("rest", ""), number)
    found = _TIME_FIRST.match(line)
    if found is None or (found["rest"] and not found["gap"] and "[" not in line[:2]):
        return None
    name, said = named(f"{found['rest'].strip()} ") if ":" in found["rest"] else ("", found["rest"].strip())
    if "\t" in found["rest"]:
        name, _, said = (piece.strip() for piece in found["rest"].partition("\t"))
    elif not name and found["rest"].rstrip().endswith(":"):
        name, said = found["rest"].strip(" :"), ""
    return _made(found, name.strip(" :"), said.strip(), number)


def _without_top(heads: list[_Head]) -> list[_Head]:
    """Return the turns without the day and the clock of the recording, which a tool writes over them."""
    while len(heads) > 2 and heads[1].start < heads[0].start and heads[0].speaker not in {h.speaker for h in heads[1:]}:
        heads = heads[1:]
    return heads


def _without_close(lines: list[str], heads: list[_Head]) -> list[str]:
    """Return the lines without what a tool writes below the last of them, where a name stands in front of every other.

    Google Meet writes so: a clock every five minutes, a name before each paragraph, and a notice at the end.
    """
    clocks = {head.line for head in heads}
    below = [n for n, line in enumerate(lines, start=1) if n > heads[0].line and n not in clocks and line.strip()]
    spoken = [n for n in below if named(lines[n - 1].strip())[0]]
    if len(spoken) < NAMED or spoken != below[: len(spoken)]:
        return lines
    return [line if n <= spoken[-1] else "" for n, line in enumerate(lines, start=1)]


def _is_said(line: str, names: tuple[str, ...]) -> bool:
    """Return whether somebody says a line: no address of a page is spoken, nor "Priya Nair left the meeting"."""
    told = line.strip()
    return "://" not in told and not (told.startswith(names) and told[-1].isalnum() and len(told.split()) <= MOST_WORDS)


def _made(found: re.Match[str], name: str, rest: str, line: int) -> _Head:
    start = _seconds(found["time"], line)
    end = _seconds(found["end"], line) if found["end"] else None
    if end is not None and (wrong := wrong_times(start, end)):
        raise Refused(line, f"the times of this turn: {wrong}")
    return _Head(line, name, start, end, rest)


def _seconds(stamp: str, line: int) -> float:
    whole = [float(piece) for piece in stamp.replace(",", ".").split(":")]
    if any(piece >= 60 for piece in whole[1:]):
        raise Refused(line, f"{stamp} is not a time: minutes and seconds end at 59")
    total: float = sum(piece * 60.0**power for power, piece in enumerate(reversed(whole)))
    return total


def _is_time_of_day(heads: list[_Head]) -> bool:
    """Return whether the clock is the wall's, as in Zoom's saved captions: it begins hours into the day."""
    return heads[0].start >= 3 * 3600


def _utterances(head: _Head, after: _Head | None, lines: list[str], first: float) -> Iterator[Utterance]:
    """Yield what is said from one clock to the next: by the one it names, else line by line where the lines do."""
    last = after.line - 1 if after else len(lines)
    below = [(number, line.strip()) for number, line in enumerate(lines[head.line : last], start=head.line + 1)]
    below = [(number, line) for number, line in below if line]
    speaker, start = head.speaker, head.start - first
    if head.end is not None and not speaker and not head.rest and len(below) > 1:
        speaker, below = below[0][1], below[1:]
    if not speaker and not head.rest and len(below) > 1 and any(named(line)[0] for _, line in below):
        # One clock over several turns times the first of them, and no other.
        yield Utterance(text=below[0][1], line=below[0][0], start=start)
        yield from (Utterance(text=line, line=number) for number, line in below[1:])
        return
    end = head.end if head.end is not None else after.start if after else None
    yield Utterance(
        text=" ".join([head.rest, *(line for _, line in below)]).strip(),
        line=head.line,
        speaker=speaker,
        start=start,
        end=None if end is None else end - first,
    )


def _without_clock(lines: list[str]) -> Talk:
    said = [Utterance(text=line.strip(), line=n) for n, line in enumerate(lines, start=1) if line.strip()]
    found = with_names(said)
    if not any(each.speaker for each in found):
        hint = "a transcript has a clock or names: 'Priya 0:12' or 'Priya: ...'"
        raise Refused(1, "there is neither a clock nor a name in this text", hint)
    return ordered(found, "text")

""".vtt and .srt -> a talk: cues of Zoom, Teams, YouTube, Whisper and every other tool that writes subtitles.

webvtt-py reads the cues.  It leaves out what it cannot read and names no line, so that every line with a time is
looked at here first.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Final, NamedTuple

from evalharness.model.timing import Said
from evalharness.text.patterns import Lazy
from evalharness.transcripts.names import with_names
from evalharness.transcripts.talk import Refused, Talk, Utterance, ordered, wrong_times

_CLOCK: Final = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_CUE = Lazy(rf"^\s*{_CLOCK}\s*-->\s*{_CLOCK}(?=\s|$)")
_LIKE_A_CUE = Lazy(r"^\s*\d{1,4}:\d{1,2}[\d:.,]*\s*[-=\u2013\u2014]*>\s*\d{1,4}:\d{1,2}[\d:.,]*\s*$")
_INLINE = Lazy(rf"<{_CLOCK}>")
_VOICE = Lazy(r"<v(?:\.[^\s>]+)*[ \t]+([^>]+)>")
_TAG = Lazy(r"<[^<>]{0,200}>|\{\\[^{}]{0,100}\}")
_OPENS = Lazy(r"^[ \t]{0,9}[-\u2013\u2014]\s?(?=\S)|(?<!\S)(?:>>+|(?:&gt;){2,})\s*", re.MULTILINE)


class _Times(NamedTuple):
    """A line with the times of a cue."""

    line: int
    start: float
    end: float


def read_vtt(text: str) -> Talk:
    """Return the talk of a WebVTT file; raises `Refused` with the line where it is broken."""
    if not re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        hint = "save it as .srt" if re.search(r"\d,\d{3} -->", text[:2000]) else ""
        raise Refused(1, "a WebVTT file begins with the line WEBVTT", hint)
    return _talk(text, "vtt")


def read_srt(text: str) -> Talk:
    """Return the talk of a SubRip file; raises `Refused` with the line where it is broken."""
    return _talk(text, "srt")


def _talk(text: str, form: str) -> Talk:
    import webvtt

    times = list(_times(text, form))
    if not times:
        raise Refused(1, "there is no cue: no line such as 00:00:01.000 --> 00:00:04.000")
    try:
        captions = webvtt.from_buffer(io.StringIO(text), form).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise Refused(times[0].line, f"the cues cannot be read: {str(error).lower()}") from error
    if len(captions) != len(times):
        lost = next(
            (t for t, c in zip(times, captions, strict=False) if abs(_seconds(c.start) - t.start) > 0.01), times[-1]
        )
        raise Refused(
            lost.line, "this cue cannot be read", "a cue is one line of times, then its text, then a blank line"
        )
    found: list[Utterance] = []
    before: list[str] = []
    for caption, at in zip(captions, times, strict=True):
        lines = [line for line in caption.raw_text.split("\n") if line.strip()]
        found += _voices("\n".join(_fresh(lines, before)), at)
        before = [_plain(line) for line in lines]
    return ordered(with_names(found), form)


def _counted(text: str) -> frozenset[int]:
    """Return the lines of a SubRip file that must be times: each is below the number of the next cue."""
    found: set[int] = set()
    above, lines = "", text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not above.strip() and line.strip() == str(len(found) + 1) and "".join(lines[number : number + 1]).strip():
            found.add(number + 1)
        above = line
    return frozenset(found)


def _times(text: str, form: str) -> Iterator[_Times]:
    """Yield the lines with times; raises `Refused` at the first that holds none that can be."""
    counted = _counted(text) if form == "srt" else frozenset()
    for number, line in enumerate(text.split("\n"), start=1):
        if "-->" not in line and not _LIKE_A_CUE.match(line) and number not in counted:
            continue
        cue = _CUE.match(line)
        if cue is None:
            raise Refused(
                number, f"these are not the times of a cue: {line.strip()[:60]}", "write 00:00:01.000 --> 00:00:04.000"
            )
        start, end = _clock(cue.groups()[:4], number), _clock(cue.groups()[4:], number)
        if wrong := wrong_times(start, end):
            raise Refused(number, f"the times of this cue: {wrong}")
        yield _Times(number, start, end)


def _clock(stamp: Sequence[str | None], line: int) -> float:
    hours, minutes, seconds, fraction = (piece or "0" for piece in stamp)
    if int(minutes) > 59 or int(seconds) > 59:
        raise Refused(line, f"{minutes}:{seconds} is not a time: minutes and seconds end at 59")
    whole = 3600 * int(hours) + 60 * int(minutes) + int(seconds)
    return round(whole + int(fraction.ljust(3, "0")) / 1000, 3)


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return 3600.0 * int(hours) + 60 * int(minutes) + float(seconds)


def _fresh(lines: list[str], before: list[str]) -> list[str]:
    """Return the lines of a cue without those that it takes over from the cue before, as captions that roll do."""
    if not before:
        return lines
    plain = [_plain(line) for line in lines]
    for many in range(min(len(plain), len(before)), 0, -1):
        if plain[:many] == before[-many:] and (many > 1 or len(plain[0].split()) > 2):
            return lines[many:]
    return lines


def _voices(raw: str, at: _Times) -> Iterator[Utterance]:
    """Yield what each voice of a cue says; a cue of several is shared out by their words."""
    marks = [*_VOICE.finditer(raw)]
    pieces = [("", raw[: marks[0].start()] if marks else raw)]
    for mark, after in zip_longest(marks, marks[1:]):
        pieces.append((html.unescape(mark[1]).strip(), raw[mark.end() : after.start() if after else len(raw)]))
    turns = [(speaker, *turn) for speaker, piece in pieces for turn in _turns(piece) if _plain(turn[1])]
    whole = sum(len(_plain(piece)) for _, _, piece in turns)
    start = at.start
    for place, (speaker, opens, piece) in enumerate(turns, start=1):
        text = _plain(piece)
        end = at.end if place == len(turns) else start + (at.end - at.start) * len(text) / whole
        words = _words(piece, start, end)
        yield Utterance(text=text, line=at.line, speaker=speaker, start=start, end=end, words=words, opens=opens)
        start = end


def _turns(piece: str) -> Iterator[tuple[bool, str]]:
    """Yield what stands between the marks of another speaker, and whether such a mark stands in front of it."""
    marks = [*_OPENS.finditer(piece)]
    yield False, piece[: marks[0].start()] if marks else piece
    for mark, after in zip_longest(marks, marks[1:]):
        yield True, piece[mark.end() : after.start() if after else len(piece)]


def _words(piece: str, start: float, end: float) -> tuple[Said, ...]:
    """Return the words of a cue that carries a time before each (`<00:00:01.200>`), as YouTube and others write."""
    marks = [*_INLINE.finditer(piece)]
    if not marks:
        return ()
    starts = [start, *(_clock(mark.groups(), 1) for mark in marks)]
    texts = [piece[: marks[0].start()]]
    texts += [piece[m.end() : a.start() if a else len(piece)] for m, a in zip_longest(marks, marks[1:])]
    ends = [*starts[1:], end]
    timed = zip(texts, starts, ends, strict=True)
    return tuple(Said(text=_plain(t), start=s, end=max(s, e)) for t, s, e in timed if _plain(t))


def _plain(text: str) -> str:
    """Return the words of a cue: no tags, no entities, no mark of another speaker before what one says."""
    return " ".join(html.unescape(_TAG.sub("", _OPENS.sub("", text))).split())

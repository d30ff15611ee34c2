"""JSON of a speech recogniser -> a talk: Whisper and its relatives, whisper.cpp, WhisperX, Vosk, PocketSphinx.

They differ in names and agree in shape: stretches with a beginning, an end and words, which may have times of their
own.  What is asked of a stretch is asked in one place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from evalharness.model.timing import Said
from evalharness.transcripts.talk import Refused, Talk, Utterance, ordered, wrong_times

FORMS: Final = "Whisper, whisper.cpp, WhisperX, Vosk or PocketSphinx"
_BLANKS: Final = " \t\r\n"
GAP: Final = 0.6
"""Seconds of silence at which words without segments are cut into some."""


class _At(NamedTuple):
    """A place in the document: the whole text, what leads there, and the JSON value."""

    text: str
    keys: tuple[str | int, ...]
    value: Any

    def of(self, key: str | int) -> _At:
        """Return the place of a member."""
        return _At(self.text, (*self.keys, key), self.value[key])

    def refused(self, reason: str) -> Refused:
        """Return the refusal of this place, with its line."""
        path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.keys).lstrip(".")
        return Refused(_line(self.text, self.keys), f"{path}: {reason}" if path else reason)


def read_json(text: str) -> Talk:
    """Return the talk of a recogniser's JSON; raises `Refused` with the line where it is broken."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        if lines := _by_line(text):
            return ordered([each for at in lines for each in _results(at)], "json")
        raise Refused(
            error.lineno, f"this is no JSON: {error.msg.lower()}", "was the file written to its end?"
        ) from error
    except RecursionError as error:
        raise Refused(1, "this JSON is nested too deeply to be a transcript") from error
    at = _At(text, (), data)
    if isinstance(data, list):
        at = _At(text, (), {"segments": data})
    elif not isinstance(data, dict):
        raise at.refused(f"this is not a transcript of {FORMS}")
    language = data.get("language") if isinstance(data, dict) else ""
    if isinstance(at.value.get("result"), dict):
        language = at.value["result"].get("language")
    return ordered(list(_utterances(at)), "json", language=language if isinstance(language, str) else "")


def looks_like_one(head: str) -> bool:
    """Return whether the beginning of a JSON file is that of a transcript."""
    begins = head.lstrip()[:1] in "{["
    names = ('"segments"', '"transcription"', '"word_segments"', '"word"', '"words"', '"start"')
    return begins and any(name in head for name in names)


def _by_line(text: str) -> list[_At]:
    """Return the objects of a file that holds one on each line; nothing where it is no such file."""
    found = []
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            try:
                value = json.loads(line)
            except (json.JSONDecodeError, RecursionError):
                return []
            if not isinstance(value, dict):
                return []
            found.append(_At("\n" * number + line, (), value))
    return found


def _utterances(at: _At) -> Iterator[Utterance]:
    data = at.value
    if "segments" in data:
        segments = list(_members(at, "segments"))
        loose = list(_words(at, "words")) if not any(s.value.get("words") for s in segments) else []
        for segment in segments:
            yield from _segment(segment, loose)
    elif "transcription" in data:
        for segment in _members(at, "transcription"):
            yield from _cpp(segment)
    elif "result" in data or "w" in data or "words" in data or "word_segments" in data:
        yield from _results(at)
    else:
        raise at.refused(f"this is not a transcript of {FORMS}: it has neither segments, transcription nor words")


def _segment(at: _At, loose: Sequence[Said]) -> Iterator[Utterance]:
    """Yield one segment of Whisper or WhisperX; `loose` are words that stand beside all segments."""
    start, end = _times(at, "start", "end")
    text = at.value.get("text")
    if not isinstance(text, str):
        raise at.refused("a segment needs its 'text'")
    words = tuple(_words(at, "words")) or tuple(w for w in loose if start <= (w.start + w.end) / 2 < end)
    if words and words[-1].start == words[-1].end:  # an aligner leaves figures without times, also the last ones
        words = (*words[:-1], msgspec.structs.replace(words[-1], end=max(end, words[-1].end)))
    if words:
        start, end = words[0].start, words[-1].end
    yield Utterance(
        text=" ".join(text.split()),
        line=1,
        speaker=_speaker(at.value.get("speaker")),
        start=start,
        end=max(start, end),
        words=words,
    )


def _cpp(at: _At) -> Iterator[Utterance]:
    """Yield one segment of whisper.cpp, whose times are milliseconds; its tokens make words where they are there."""
    if not isinstance(at.value.get("offsets"), dict):
        raise at.refused("a segment of whisper.cpp needs its 'offsets'")
    start, end = _times(at.of("offsets"), "from", "to", scale=1000)
    text = at.value.get("text")
    if not isinstance(text, str):
        raise at.refused("a segment needs its 'text'")
    yield Utterance(
        text=" ".join(text.split()),
        line=1,
        speaker=_speaker(at.value.get("speaker")),
        start=start,
        end=end,
        words=tuple(_tokens(at)),
    )


def _tokens(at: _At) -> Iterator[Said]:
    """Yield the words that tokens of whisper.cpp add up to: a token that begins with a blank begins a word."""
    text, start, end = "", 0.0, 0.0
    for token in _members(at, "tokens") if "tokens" in at.value else ():
        piece, offsets = token.value.get("text"), token.value.get("offsets")
        if not isinstance(piece, str) or not isinstance(offsets, dict) or piece.startswith("[_"):
            continue
        begins, ends = _times(token.of("offsets"), "from", "to", scale=1000)
        if text and piece[:1] == " ":
            yield Said(text=text.strip(), start=start, end=end)
            text = ""
        start = start if text else begins
        text, end = text + piece, max(ends, start)
    if text.strip():
        yield Said(text=text.strip(), start=start, end=end)


def _results(at: _At) -> Iterator[Utterance]:
    """Yield what Vosk (`result`), PocketSphinx (`w`) and word lists hold, cut where nothing was said."""
    key = next((k for k in ("result", "w", "word_segments", "words") if k in at.value), "")
    said = list(_words(at, key)) if key else []
    stretch: list[Said] = []
    for word in said:
        if stretch and word.start - stretch[-1].end > GAP:
            yield _stretch(stretch)
            stretch = []
        stretch.append(word)
    if stretch:
        yield _stretch(stretch)


def _stretch(said: Sequence[Said]) -> Utterance:
    text = " ".join(word.text for word in said)
    return Utterance(text=text, line=1, start=said[0].start, end=said[-1].end, words=tuple(said))


def _words(at: _At, key: str) -> Iterator[Said]:
    """Yield the words under `key`; one without times, as an aligner leaves figures, gets those of its neighbours."""
    if key not in at.value:
        return
    open_: list[str] = []
    last: Said | None = None
    for word in _members(at, key):
        data = word.value
        text = next((data[k] for k in ("word", "text", "t") if isinstance(data.get(k), str)), None)
        if text is None:
            raise word.refused("a word needs its text")
        text = text.strip()
        if not text or text.startswith(("<", "[")) or not any(c.isalnum() for c in text):
            continue
        if data.get("start", data.get("b")) is None:
            open_.append(text)
            continue
        start, end = _times(word, "b", None) if "b" in data and "start" not in data else _times(word, "start", "end")
        if open_:
            before = last.end if last else max(0.0, start - 0.3 * len(open_))
            yield Said(text=" ".join(open_), start=min(before, start), end=start)
            open_ = []
        last = Said(text=text.split("(")[0] or text, start=start, end=max(start, end))
        yield last
    if open_ and last:
        yield Said(text=" ".join(open_), start=last.end, end=last.end)


def _times(at: _At, first: str, last: str | None, *, scale: float = 1.0) -> tuple[float, float]:
    """Return a beginning and an end in seconds; without `last` the length is under `d`."""
    start, end = at.value.get(first), at.value.get(last or "d")
    for name, value in ((first, start), (last or "d", end)):
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise at.refused(f"'{name}' must be a number of {'milliseconds' if scale > 1 else 'seconds'}")
    begin = float(start) / scale
    finish = begin + float(end) if last is None else float(end) / scale
    if wrong := wrong_times(begin, finish):
        raise at.refused(wrong)
    return begin, finish


def _members(at: _At, key: str) -> Iterator[_At]:
    found = at.value.get(key)
    if not isinstance(found, list):
        raise at.refused(f"'{key}' must be a list")
    whole = at.of(key)
    for number, each in enumerate(found):
        if not isinstance(each, Mapping):
            raise whole.of(number).refused("this must be an object")
        yield whole.of(number)


def _speaker(name: object) -> str:
    return str(name).strip() if isinstance(name, str | int) and str(name).strip() else ""


def _line(text: str, keys: Sequence[str | int]) -> int:
    """Return the line of the value that `keys` lead to; that of the last one that is found."""
    place = _skip(text, 0)
    for key in keys[1:] if text[place : place + 1] == "[" else keys:
        step = _member(text, place, key) if text[place : place + 1] in ("{", "[") else None
        if step is None:
            break
        place = step
    return 1 + text.count("\n", 0, place)


def _member(text: str, place: int, key: str | int) -> int | None:
    """Return where a member of the object or list at `place` begins."""
    decode = json.JSONDecoder().raw_decode
    listed, number = text[place] == "[", 0
    place = _skip(text, place + 1)
    while text[place : place + 1] not in ("}", "]", ""):
        name: str | int = number
        if not listed:
            name, place = decode(text, place)
            place = _skip(text, _skip(text, place) + 1)
        if name == key:
            return place
        place = _skip(text, decode(text, place)[1])
        place = _skip(text, place + 1) if text[place : place + 1] == "," else place
        number += 1
    return None


def _skip(text: str, place: int) -> int:
    while text[place : place + 1] and text[place] in _BLANKS:
        place += 1
    return place

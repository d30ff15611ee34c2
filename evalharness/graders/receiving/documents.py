"""bytes or text -> the JSON in it, within limits: size, depth, digits, and time that grows no faster than the text.

Whatever was sent, the result is made of texts that can be stored and shown, whole numbers below `MOST_DIGITS`
digits, finite fractions, lists and mappings; or `Unreadable` says in words why there is none.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import math
import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Final

MOST_BYTES: Final = 4 << 20
MOST_DEPTH: Final = 64
MOST_DIGITS: Final = 18
MOST_FENCES: Final = 200
MOST_OBJECTS: Final = 16
MOST_FAILURES: Final = 1_000  # making an error reads the text up to it
_EFFORT: Final = 8  # characters that may be looked at for each character of a text
_LEAST_EFFORT: Final = 20_000

_HALF = re.compile("[\ud800-\udfff]")
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
# A text of JSON, or a comma before a closing bracket.  An unclosed text ends where everything ends.
_LAST_COMMA = re.compile(r",\s*+[}\]]")
_COMMA = re.compile(r'("(?:[^"\\]++|\\.)*+(?:"|\Z))|,(?=\s*+[}\]])', re.DOTALL)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Unreadable(ValueError):
    """There is no JSON to be had; the message says why, in words that hold nothing of what was sent."""


def decoded(data: bytes) -> str:
    """Return bytes as text: UTF-8, or what a mark at their beginning says; what is none becomes U+FFFD."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    return data.decode("utf-8", "replace")


def whole_text(text: str) -> str:
    """Return `text` with each half of a surrogate pair as U+FFFD, so that it can be stored."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def document(data: bytes | str) -> Any:
    """Return the JSON document that `data` is; raises `Unreadable`."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"more than {MOST_BYTES >> 20} MB were sent")
    text = decoded(data) if isinstance(data, bytes) else data
    return _checked(_loaded(text.strip().removeprefix("\ufeff")), text)


def objects(text: str) -> Iterator[object]:
    """Yield JSON objects in `text`: the whole of it, in a code fence, or inside prose (the last one first).

    What a model thought before it answered (`<think>`) is left out.
    """
    text = _without_thoughts(whole_text(text[:MOST_BYTES])).removeprefix("\ufeff")
    for candidate in (text, *_fenced(text)):
        with contextlib.suppress(Unreadable):
            yield document(candidate)
    yield from _inside(text)
    repaired = _without_last_commas(text)
    if repaired != text:
        yield from _inside(repaired)


def _loaded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    except ValueError:
        pass
    repaired = _without_last_commas(text)
    if repaired == text:
        raise Unreadable("it is no JSON")
    try:
        return _DECODER.decode(repaired)
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON") from None


def _without_last_commas(text: str) -> str:
    """Return `text` without the commas that stand before a closing bracket, outside its texts."""
    return _COMMA.sub(lambda match: match.group(1) or "", text) if _LAST_COMMA.search(text) else text


def _checked(value: Any, text: str) -> Any:
    """Return a parsed value whose depth is within limits and whose texts are whole."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [held for one in level for held in _held(one)]
        if not level:
            return _cleaned(value) if _ESCAPED_HALF.search(text) or not text.isascii() else value
    raise Unreadable("it is nested too deep")


def _held(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _cleaned(value: Any) -> Any:
    """Return a value of checked depth with whole texts."""
    match value:
        case str():
            return whole_text(value)
        case dict():
            return {whole_text(name): _cleaned(held) for name, held in value.items()}
        case list():
            return [_cleaned(held) for held in value]
        case _:
            return value


def _fenced(text: str) -> Iterator[str]:
    """Yield what stands between code fences, without the word that names the language."""
    for piece in text.split("```", MOST_FENCES)[1:]:
        begin = piece.find("{")
        if begin >= 0 and len(piece[:begin].split()) < 2:
            yield piece[begin:]


def _inside(text: str) -> Iterator[object]:
    """Yield the objects that stand in prose, the last one first.

    A brace that begins nothing costs what was read of it; after too many of them it is left at that.
    """
    found: deque[tuple[object, str]] = deque(maxlen=MOST_OBJECTS)
    left, failures = max(_LEAST_EFFORT, _EFFORT * len(text)), 0
    place = text.find("{")
    while place >= 0 and left > 0 and failures < MOST_FAILURES:
        end = place + 1
        try:
            value, end = _DECODER.raw_decode(text, place)
            found.append((value, text[place:end]))
        except (ValueError, RecursionError) as error:
            failures += 1
            left -= _read(error, len(text) - place, place, end)
        place = text.find("{", end)
    for value, written in reversed(found):
        with contextlib.suppress(Unreadable):
            yield _checked(value, written)


def _read(error: Exception, rest: int, place: int, end: int) -> int:
    """Return about how many characters were read before an error; of a text that never ends, all of them."""
    if isinstance(error, json.JSONDecodeError) and "Unterminated" not in error.msg:
        return error.pos - place + 1
    return end - place if isinstance(error, Unreadable) and end > place + 1 else rest


def _without_thoughts(text: str) -> str:
    """Return `text` without stretches between `<think>` and `</think>`; an open one is kept, it may hold the answer."""
    kept: list[str] = []
    while True:
        before, mark, rest = text.partition("<think>")
        _, closed, after = rest.partition("</think>")
        kept.append(before)
        if not closed:
            return "".join((*kept, mark, rest))
        text = after


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= MOST_DIGITS else _fraction(digits)


def _fraction(digits: str) -> float:
    found = float(digits)
    if not math.isfinite(found):
        raise Unreadable("it holds a number that is too large")
    return found


def _no_number(name: str) -> Any:
    raise Unreadable(f"it contains {name}, which is not a JSON number")


_DECODER: Final = json.JSONDecoder(parse_int=_whole, parse_float=_fraction, parse_constant=_no_number)

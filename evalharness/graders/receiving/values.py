"""a value of a reply, whatever it is -> the text, number or time that was meant, or nothing."""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import math
import re
from collections.abc import Mapping
from typing import Any, Final

from evalharness.graders.receiving.documents import whole_text

MOST_TOKENS: Final = 100_000_000
MOST_TEXT: Final = 300
BELIEVED_WAIT: Final = datetime.timedelta(days=7)
BELIEVED_RESET: Final = datetime.timedelta(hours=1)

_WHOLE = re.compile(r"[+]?[0-9]{1,18}(?:\.0{1,18})?")


def field(source: object, name: str) -> Any:
    """Return a field of a mapping or of an object; None where there is none."""
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)


def text(value: object, most: int = MOST_TEXT) -> str:
    """Return a text that can be stored, cut to `most` characters; an empty one for anything else."""
    return whole_text(value[:most]) if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """Return the whole number that a value is, also as `4.0` or `"4"`; None for anything else, `true` too."""
    if isinstance(value, str):
        bare = value.strip()
        return int(bare.partition(".")[0]) if _WHOLE.fullmatch(bare) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 10**18 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def tokens(value: object) -> int:
    """Return a count of tokens; what is no such count, or beyond all bounds, counts as none."""
    found = whole(value)
    return found if found is not None and 0 < found <= MOST_TOKENS else 0


def moment(value: object) -> datetime.datetime | None:
    """Return a moment in time, UTC where it names no zone; None where there is none."""
    if isinstance(value, str):
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime.datetime):
        return None
    try:
        return (value if value.tzinfo else value.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        return None


def number(value: str | None) -> float | None:
    """Return a finite number, or None."""
    try:
        found = float(value) if value else math.nan
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def wait(headers: Mapping[str, str], now: datetime.datetime) -> float | None:
    """Return the seconds that a server asks to wait (`retry-after-ms`, `retry-after`: seconds or a date).

    None where it asks for nothing, or for what nobody means: the past, or more than a week.
    """
    for name, scale in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        asked = headers.get(name)
        if not asked:
            continue
        found = number(asked)
        seconds = None if found is None else found * scale
        if found is None:
            with contextlib.suppress(ValueError, TypeError, OverflowError, IndexError):
                seconds = (email.utils.parsedate_to_datetime(asked) - now).total_seconds()
        if seconds is not None and 0 < seconds <= BELIEVED_WAIT.total_seconds():
            return seconds
    return None


def reset(value: str | None, now: datetime.datetime) -> datetime.datetime | None:
    """Return when a limit a minute is whole again; None where it is over, or further away than any such limit."""
    found = moment(value)
    return found if found and now < found <= now + BELIEVED_RESET else None

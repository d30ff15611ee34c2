"""a value that was not expected -> the hint for the surprise behind it: `no`, `1.0`, dates, lost quotes."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from evalharness.load.document import Data
from evalharness.load.words import one_line

ID_RULE = "letters, digits, '.', '_' and '-', beginning with a letter or a digit, never '..'"

_NAMES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
}
_TRUE = {"yes", "y", "on", "true", "1"}
_FALSE = {"no", "n", "off", "false", "0"}
_DATE = re.compile(r"\s{0,9}(\d{4})[-/. ]?(\d{1,2})[-/. ]?(\d{1,2})(?:[T ].*)?\s*")


def expected(types: str | list[str]) -> str:
    """Return the words for a schema's `type`; "nothing" is allowed silently."""
    names = [types] if isinstance(types, str) else types
    return " or ".join(_NAMES[name] for name in names if name != "null")


def of_type(types: str | list[str], value: Data, written: str) -> str:
    """Return the hint for `value`, written as `written`, where one of `types` was expected; may be empty."""
    wanted = {types} if isinstance(types, str) else set(types)
    if value is None:
        return "give it a value, or take the key out"
    if "string" in wanted:
        return _wanted_text(value, written)
    if "boolean" in wanted:
        return _wanted_boolean(value)
    if wanted & {"integer", "number"}:
        return _wanted_number(value)
    if "array" in wanted:
        return f"write a list: [{one_line(written)}]" if written else "begin each item with '- '"
    return "write its keys as 'key: value' on lines of their own"


def of_text(pattern: str, value: str) -> str:
    """Return the hint for a text that does not have the form of `pattern`; may be empty."""
    is_id = "._-" in pattern or pattern.startswith(r"^(?!.*\.\.)[^")
    if is_id and (name := re.fullmatch(r"(?:rubrics/)?[^\w/.]{0,2}([\w-]{1,99})[^\w/.]{0,2}(?:\.yaml)?", value)):
        return f"write {name[1]}"
    if "{4}-" in pattern:
        guess = iso_date(value)
        return f"write {guess}" if guess else "write the date as YYYY-MM-DD"
    return ID_RULE if is_id else ""


def iso_date(text: str) -> str:
    """Return the date that begins with its year in `text` as YYYY-MM-DD, or nothing where there is none."""
    match = _DATE.fullmatch(text[:60])
    if match is None:
        return ""
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return ""


def _wanted_text(value: Any, written: str) -> str:
    if isinstance(value, bool | int | float):
        guess = iso_date(written)
        return f"write {guess}" if guess else f'put it in quotes: "{one_line(written)}"'
    if isinstance(value, dict):
        return "text that contains ': ' must be in quotes"
    return "text that begins with '[' or '-' must be in quotes"


def _wanted_boolean(value: Data) -> str:
    word = str(value).lower()
    if word in _TRUE:
        return "write true"
    return "write false" if word in _FALSE else ""


def _wanted_number(value: Data) -> str:
    if not isinstance(value, str):
        return ""
    number = value.strip().replace(",", ".")
    try:
        float(number)
    except ValueError:
        return ""
    return f"write {one_line(number)}{', without quotes' if number == value.strip() else ''}"

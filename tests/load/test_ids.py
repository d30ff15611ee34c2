"""One rule for ids, whether a schema, a folder or a flag states them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from evalharness.load.questions import ID, nearest_id

SCHEMAS = Path(__file__).parents[2] / "evalharness/schemas"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        *((name, True) for name in ("why-us", "2026-10-02", "müller", "为什么", "хочу_1", "हम-क्यों", "x.y")),
        *((name, False) for name in ("", "-a", ".a", "a..b", "a b", "a/b", "a:b", "a\u200bb", "\u202ea", "a\u3000b")),
        *((name, False) for name in ("\U0001f914", "a\uff1f", "a\n", "a" * 101, "\u0301"[:0] + "«a»")),
    ],
)
def test_letters_of_any_script_make_an_id_and_nothing_unseen_does(name: str, is_one: bool) -> None:
    """No blank, sign, emoji or invisible character is in a name, and none leaves its folder."""
    assert bool(ID.fullmatch(name)) is is_one


def test_the_schemas_say_the_same() -> None:
    """An editor refuses what the program refuses."""
    patterns = {
        re.compile(found)
        for file in ("question", "attempt", "cases", "config")
        for found in _patterns(json.loads((SCHEMAS / f"{file}.schema.json").read_text("utf-8")))
    }
    (schema,) = patterns
    letters = [chr(code) for code in range(0x30000) if not 0xD800 <= code < 0xE000]

    assert all(bool(schema.search(c)) is bool(ID.fullmatch(c)) for c in letters)
    assert all(bool(schema.search(f"a{c}")) is bool(ID.fullmatch(f"a{c}")) for c in letters)


def test_the_nearest_id_of_a_name_is_offered() -> None:
    """What cannot be in an id becomes a hyphen; a name that is one is left."""
    assert (nearest_id("why us?"), nearest_id("为什么 我们"), nearest_id("???")) == ("why-us", "为什么-我们", "")


def _patterns(data: object) -> set[str]:
    if isinstance(data, list):
        return {found for each in data for found in _patterns(each)}
    if not isinstance(data, dict):
        return set()
    own = {data["pattern"]} if str(data.get("pattern", "")).startswith("^(?!.*\\.\\.)[^") else set()
    return own | {found for each in data.values() for found in _patterns(each)}

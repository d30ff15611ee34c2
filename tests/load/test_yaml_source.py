"""YAML as people mean it: 1.2 scalars, places, bounds, and never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.load.document import Document
from evalharness.load.yaml_source import parse, scalar
from tests.examples import examples


def problems(document: Document) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.message}" for problem in document.problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("2026-09-14", "2026-09-14"),
        ("1:30", "1:30"),
        ("014", 14),
        ("0o14", "0o14"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12", 12),
        ("-1.5e3", -1500.0),
        (".5", 0.5),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("1.0", 1.0),
        ("+", "+"),
        ("1.2.3", "1.2.3"),
    ],
)
def test_a_plain_scalar_is_what_yaml_1_2_says(text: str, value: Any) -> None:
    """`no` is text, a date is text, 1:30 is no number; infinities stay text."""
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)


def test_a_number_with_5000_digits_stays_text() -> None:
    """Python refuses to convert it; YAML allows to write it."""
    assert scalar("9" * 5000) == "9" * 5000


@pytest.mark.parametrize("pure", [False, True])
def test_keys_are_text_and_aliases_are_followed(pure: bool) -> None:
    """Levels may be written `1:`, and an alias is worth what it names."""
    document = parse("1: &a [x, 'no']\n'2': *a\nno: 3\n", "f.yaml", pure=pure)

    assert document.data == {"1": ["x", "no"], "2": ["x", "no"], "no": 3}
    assert not document.problems


@pytest.mark.parametrize("pure", [False, True])
def test_every_key_and_value_has_a_place(pure: bool) -> None:
    """Line and column are 1-based and counted in characters, also behind wide ones."""
    document = parse("# é\ncriteria:\n  - {id: 'ü😀', weight: 2}\n  - id: b\n", "f.yaml", first_line=11, pure=pure)

    assert document.place(["criteria"], of_key=True) == (12, 1)
    assert document.place(["criteria", 0, "weight"], of_key=True) == (13, 16)
    assert document.place(["criteria", 0, "weight"]) == (13, 24)
    assert document.place(["criteria", 1]) == (14, 5)
    assert document.place(["criteria", 1, "missing", "deeper"]) == (14, 5)


@pytest.mark.parametrize("pure", [False, True])
def test_a_text_block_begins_below_its_mark(pure: bool) -> None:
    """The first line of a block is a line of the file, and so is every later one."""
    text = "a: 1\nanswer: |  # spoken\n\n  first\n  second\nplain: here\n"
    document = parse(text, "f.yaml", pure=pure)

    assert document.mapping["answer"] == "\nfirst\nsecond\n"
    assert document.text_line(["answer"]) == 3
    assert document.text_line(["plain"]) == 6


@pytest.mark.parametrize("pure", [False, True])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "a: 1\na: 2\n'a': 3\n",
            [
                "2:1 the key 'a' is there twice, first on line 1",
                "3:1 the key 'a' is there twice, first on line 1",
            ],
        ),
        ("a: &a [*a]\n", ["1:8 the alias '*a' is inside of what it names"]),
        ("a: *b\n", ["1:4 the alias '*b' names nothing"]),
        ("a: !!int 3\n", ["1:4 the tag '!!int' is refused: only plain values are allowed"]),
        ("a: !x 3\n", ["1:4 the tag '!x' is refused: only plain values are allowed"]),
        ("a: !x!y 3\n", ["1:4 a tag is refused: only plain values are allowed"]),
        ("?\n: 1\n", ["1:2 a key is empty"]),
        ("{[a]: 1}\n", ["1:2 a key must be plain text, found a list or mapping"]),
        ("a: b: c\n", ["1:5 a ':' is where no key can be"]),
        ("a: - b\n", ["1:4 a list item '- ' is where none can be"]),
        ("a: ? b\n", ["1:4 a '?' is where no key can be"]),
        ("a:\n\tb: c\n", ["2:1 there is a tab where YAML allows only spaces"]),
        ("a: 'b\nc: d\n", ["1:4 the quotation mark that opens here is never closed"]),
        ("a: 'b\n---\nc'\n", ["1:4 the quotation mark that opens here is never closed"]),
        ("a: [b\nc: d\n", ["1:4 the list that opens here with '[' goes wrong: a ',' or the ']' is missing"]),
        ("a: {b: c\n", ["1:4 the mapping that opens here with '{' goes wrong: a ',' or the '}' is missing"]),
        ("a: %b\n", ["1:4 text cannot begin with '%'"]),
        ("a: &\n", ["1:4 text cannot begin with '&'"]),
        ("- a\nb: c\n", ["2:1 this line does not fit the indentation above"]),
        (" a: 1\nb: 2\n", ["2:1 this line does not fit the indentation above"]),
        ("a: 'b' c\n", ["1:8 there is text after a value that is complete"]),
        ("a: 1\nb\nc: 2\n", ["2:1 there is a line where 'key: value' is expected"]),
        ("%YAML 3.0\n--- a\n", ["1:1 the file asks for another version of YAML"]),
        ("a: 1\n--- \nb: 2\n", ["2:1 a second document begins here, but a file has only one"]),
        ("a: x\x07\n", ["1:5 the character U+0007 is not allowed in YAML"]),
        ("a: x\x85y\n", ["1:5 the line separator U+0085 is in the text"]),
        ("a: \ud800\n", ["1:4 the character U+D800 is not allowed in YAML"]),
        ("a: [b: [", ["1:9 a value or a closing bracket is missing"]),
    ],
)
def test_both_parsers_say_the_same(text: str, said: list[str], pure: bool) -> None:
    """Messages are ours, whichever of PyYAML's parsers is there."""
    assert problems(parse(text, "f.yaml", pure=pure)) == said


@pytest.mark.parametrize("pure", [False, True])
def test_depth_counts_through_aliases(pure: bool) -> None:
    """A chain of aliases, each thirty levels deep, is no way around the bound."""
    text = "a: &a " + "[" * 30 + "]" * 30 + "\nb: " + "[" * 20 + "*a" + "]" * 20 + "\n"
    document = parse(text, "f.yaml", pure=pure)

    assert document.data is None
    assert [problem.message for problem in document.problems] == ["values are nested deeper than 40 levels"]


def test_what_was_found_before_a_file_breaks_is_said_too() -> None:
    """A person fixing a file runs us twice, not ten times."""
    document = parse("a: 1\na: 2\nb: !x 3\nc: [d\ne: f\n", "f.yaml")

    assert [problem.line for problem in document.problems] == [2, 3, 4]


def test_an_empty_text_is_no_problem_of_reading() -> None:
    """Whether nothing is too little is for the schema to say."""
    document = parse("# nothing\n", "f.yaml")

    assert document.data is None
    assert document.place(["a"]) == (1, 1)
    assert not document.problems


Plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text(st.characters(min_codepoint=32, max_codepoint=126)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdef", min_size=1), inner, max_size=4),
    max_leaves=20,
)


@given(Plain, st.sampled_from([None, 1, 4]), st.booleans())
def test_json_is_read_as_json_reads_it(data: Any, indent: int | None, pure: bool) -> None:
    """JSON is YAML 1.2, in any formatting."""
    assert parse(json.dumps(data, indent=indent), "f.yaml", pure=pure).data == data


@settings(max_examples=examples(300))
@given(st.text() | st.text("ab:-[]{}&*!|>'\"#%@`?, \n\t~<=\\01"), st.booleans())
def test_no_text_makes_the_reader_raise(text: str, pure: bool) -> None:
    """Whatever it is, it is data or a problem with a place in the file."""
    document = parse(text, "f.yaml", pure=pure)

    for problem in document.problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.column >= 1
        assert problem.message

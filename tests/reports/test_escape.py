from __future__ import annotations

import json
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from markdown_it.token import Token

from evalharness.reports.escape import address, as_json, line, link, markdown, shorten, terminal, visible, xml

from .texts import hostile

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def inline(source: str) -> list[Token]:
    return [child for token in MARKDOWN.parse(source) for child in token.children or ()]


def plain(tokens: list[Token]) -> str:
    assert {token.type for token in tokens} <= {"text", "text_special"}, tokens
    return "".join(token.content for token in tokens)


@given(hostile)
def test_text_in_a_paragraph_reads_as_itself(text: str) -> None:
    """Escaped text is one paragraph of plain text, with the characters that were written."""
    blocks = [token.type for token in MARKDOWN.parse(markdown(text))]

    assert blocks in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert plain(inline(markdown(text))) == line(text)


@given(hostile)
def test_text_in_a_list_or_quotation_stays_inside(text: str) -> None:
    """Neither a list nor a quotation can be left or nested deeper by what it holds."""
    for mark, kinds in (("- ", {"bullet_list", "list_item"}), ("> ", {"blockquote"})):
        opened = {t.type.removesuffix("_open") for t in MARKDOWN.parse(f"{mark}{markdown(text)}") if t.nesting == 1}

        assert opened <= kinds | {"paragraph"}


@given(hostile, hostile)
def test_cells_keep_their_table(left: str, right: str) -> None:
    """Two cells are two cells, whatever they hold."""
    tokens = MARKDOWN.parse(f"| a | b |\n|---|---|\n| {markdown(left)} | {markdown(right)} |\n")
    cells = [tokens[place + 1] for place, token in enumerate(tokens) if token.type == "td_open"]

    assert [plain(cell.children or []) for cell in cells] == [line(left), line(right)]
    assert tokens[-1].type == "table_close"


@given(hostile, hostile)
def test_a_link_goes_where_we_said(label: str, path: str) -> None:
    """Neither label nor path can end the link or change its beginning."""
    target = address(path, root="../../", line=3)
    tokens = inline(f"see {link(label, target)} there")
    links = [token for token in tokens if token.type == "link_open"]

    assert [token.attrs["href"] for token in links] == [target]
    assert target.startswith("../../")
    assert plain([t for t in tokens if not t.type.startswith("link")]) == f"see {line(label)} there"


@given(hostile)
def test_xml_carries_the_text(text: str) -> None:
    """What XML can hold comes back as it was, in text and in attributes."""
    element = ET.Element("a", b=xml(text))
    element.text = xml(text)
    back = ET.fromstring(ET.tostring(element, encoding="unicode"))

    assert (back.text or "", back.get("b")) == (xml(text), xml(text))


@given(hostile)
def test_a_terminal_gets_one_line_without_control_characters(text: str) -> None:
    """No control, format or separator character reaches the terminal, but joiners inside words."""
    harmless = {"\u200c", "\u200d", "\xad"}
    found = {c for c in terminal(text) if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}}

    assert not found
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c") & set(terminal(text))
    assert visible(terminal(text)) == terminal(text) or harmless & set(text)


@given(hostile)
def test_json_keeps_its_value(text: str) -> None:
    """Characters that cannot be seen are written as escapes, and read back as they were."""
    document = as_json({"a": text})

    assert json.loads(document) == {"a": text}
    assert visible(document) == document


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("# one", r"\# one"),
        ("12. one", r"12\. one"),
        ("2.5 million", "2.5 million"),
        ("-5 %", r"\-5 %"),
        ("p99 fell by 30 % & more", "p99 fell by 30 % & more"),
        ("R&D", r"R\&D"),
        ("snake_case and _this_", r"snake_case and \_this\_"),
        ("https://e.vil", r"https\://e.vil"),
        ("www.e.vil", r"www\.e.vil"),
        ("one\n\n  two", "one two"),
        ("left\u202eright", "left{U+202E}right"),
        ("\x1b[31m", r"{U+001B}\[31m"),
        ("zero\u200bwidth", "zero{U+200B}width"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_markdown_stays_readable(text: str, shown: str) -> None:
    """Only what would be read as markup is escaped."""
    assert markdown(text) == shown


def test_shortening_cuts_at_a_word() -> None:
    """A long text ends at a word, with an ellipsis, within the room it has."""
    assert shorten("one two three four", 12) == "one two\u2026"
    assert shorten("one two", 12) == "one two"
    assert shorten("x" * 30, 12) == "x" * 11 + "\u2026"

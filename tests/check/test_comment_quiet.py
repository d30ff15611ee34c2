"""Nothing in a pull request's comment calls a person or links to an issue or a commit."""

from __future__ import annotations

import html
import re

from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from evalharness.reports.escape import quiet, quiet_html, quiet_with_code

HOST = re.compile(
    r"(?<![A-Za-z0-9])@[A-Za-z0-9]|(?<!\w)[#!~&%][0-9]|\w#[0-9]|\b(?:GH|T_2|ABCDEFGHIJKL)-[0-9]|\A/\w|(?<![0-9A-Za-z])[0-9a-f]{7,40}(?![0-9A-Za-z])",
    re.IGNORECASE,
)
CALLS = (
    "@name",
    "\\@name",
    "@org/team",
    "#123",
    "GH-7",
    "gh-7",
    "owner/repo#9",
    "o/r@0123456789abcdef",
    "!12",
    "~3",
    "&4",
    "%5",
    "/close",
    "T_2-7",
    "ABCDEFGHIJKL-7",
    "deadbeef",
    "a" * 40,
)
CODE = re.compile(r"(?<!\\)`[^`]*(?<!\\)`")  # a host reads no names there
MARKDOWN = MarkdownIt("gfm-like", {"linkify": False})


def read(text: str) -> str:
    """Return what a host reads once Markdown is text."""
    return html.unescape(re.sub(r"<[^<>]*>", "", MARKDOWN.render(text)))


@given(
    st.lists(
        st.one_of(st.sampled_from(CALLS), st.text(max_size=8), st.sampled_from([" ", "|", "`", "*", "("])), max_size=8
    )
)
@example(["\\", "@name"])
@example(["@", "name"])
@example(["#", "1"])
@example(["dead", "beef"])
def test_a_code_host_sees_no_name_no_issue_and_no_commit(pieces: list[str]) -> None:
    """Wherever it stands and however it is escaped: neither in what was written nor in what is read."""
    text = "".join(pieces)

    assert not HOST.search(quiet(text).replace("\\", ""))
    assert not HOST.search(read(quiet(text)))
    assert not HOST.search(html.unescape(quiet_html(text)))
    assert not HOST.search(read(CODE.sub("", quiet_with_code(text))))


@given(st.text(alphabet="abc XYZ.,;:'()+-=/?", max_size=40))
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    """What calls nobody reads as before; an address is no ordinary word."""
    assume("://" not in text and not text.lstrip().startswith("/"))
    assert "\u2060" not in quiet(text)

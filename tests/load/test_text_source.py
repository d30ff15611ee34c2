"""Bytes become text, or it is said why not."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.load.text_source import decode, read_text, repair


def test_newlines_of_all_systems_are_one() -> None:
    """Line numbers are those of the editor, whoever wrote the file."""
    assert decode(b"a\r\nb\rc\n", "f.md").text == "a\nb\nc\n"


def test_a_byte_order_mark_is_no_text() -> None:
    """Windows editors write one in front of UTF-8."""
    assert decode(codecs.BOM_UTF8 + "é".encode(), "f.md") == ("é", ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be"])
def test_wide_encodings_are_named(encoding: str) -> None:
    """The hint holds the command that converts the file."""
    text, (problem,) = decode("Ich habe gebaut.\n".encode(encoding), "f.md")

    assert text == ""
    assert "UTF-" in problem.message
    assert problem.hint.startswith("convert it: iconv -f UTF-")


@pytest.mark.parametrize("text", ["«NÃO» 20 °C, naïve café — “quoted”", "Ñandú Ðorđe Â la carte", "☕️ 你好 привет"])
def test_other_languages_are_no_damage(text: str) -> None:
    """What only looks a little like mis-decoded text is left alone."""
    assert decode(text.encode(), "f.md") == (text, ())


def test_mis_decoded_text_in_backticks_is_meant_so() -> None:
    """An answer may tell of an encoding bug."""
    text = "The page showed `donâ€™t` and `�` to all users."

    assert decode(text.encode(), "f.md") == (text, ())


def test_mis_decoded_text_keeps_its_text_and_counts_its_lines() -> None:
    """One problem a file, at the first place; the text stays available for a repair."""
    text, (problem,) = decode("fine\nitâ€™s\nmore â€œquotesâ€\x9d\n".encode(), "f.md")

    assert (problem.line, problem.column) == (2, 3)
    assert problem.message == "mis-decoded text: 'itâ€™s', on 2 lines"
    assert repair(text) == "fine\nit’s\nmore “quotes”\n"


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    """A folder where a file is expected, a file that is gone: a message, no traceback."""
    assert read_text(str(tmp_path), "f.md").problems[0].message.startswith("the file cannot be read: ")
    assert read_text(str(tmp_path / "no"), "f.md").problems[0].slug == "unreadable"
    assert read_text("a\0b", "f.md").problems[0].slug == "unreadable"


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is unreadable here")
def test_a_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    """The reason is the system's."""
    file = tmp_path / "f.md"
    file.write_text("x")
    file.chmod(0)

    assert read_text(str(file), "f.md").problems[0].message == "the file cannot be read: Permission denied"


@given(st.binary() | st.text().map(str.encode) | st.text().map(lambda text: text.encode("utf-16")))
def test_no_bytes_make_the_reader_raise(data: bytes) -> None:
    """Whatever it is, it is text without control characters, or a problem."""
    text, problems = decode(data, "f.md")

    if not problems:
        assert "\r" not in text
        assert text.encode().removeprefix(codecs.BOM_UTF8) or not data.removeprefix(codecs.BOM_UTF8)
    for problem in problems:
        assert problem.line >= 1
        assert problem.column >= 1


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"%PDF-1.7", "a PDF"), (b"PK\x03\x04", "a word processor's file"), (b"{\\rtf1", "rich text")],
)
def test_what_is_no_text_is_called_what_it_is(head: bytes, kind: str) -> None:
    """Converting it from Latin-1 would make an answer of its bytes."""
    text, (problem,) = decode(head + b"\n\xe2\xe3\xcf\xd3 stream", "2026-10-02.md")

    assert text == ""
    assert problem.message.startswith(f"this is {kind}")
    assert "evalharness import FILE" in problem.hint

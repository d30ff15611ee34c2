"""Bytes that should be a record: one, or the one error that every reader of stored files expects."""

from __future__ import annotations

import contextlib

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evalharness.model import records
from evalharness.model.nouns import Grade
from evalharness.model.run import RunMeta
from tests.damages import nested


@given(
    st.binary(max_size=300)
    | st.text('{}[]":,0truefalsnkey\\u\ud800', max_size=80).map(lambda text: text.encode(errors="surrogatepass"))
)
@example(b"[" * 100_000)
@example(b'{"x":' * 100_000)
@example(b'{"key":"\xad"}')
@example(nested(b'{"key":"a"}'))
@example(b'{"key":' + b"9" * 5_000 + b"}")
def test_no_bytes_end_a_reader(data: bytes) -> None:
    """Nested too deep, no text, a number of thousands of digits: all of it is `MsgspecError`."""
    for kind in (Grade, RunMeta, object):
        with contextlib.suppress(msgspec.MsgspecError):
            records.decode(data, kind)


def test_what_is_wrong_is_said() -> None:
    """In the words of the message that follows `is damaged:`."""
    with pytest.raises(msgspec.DecodeError, match="nested too deep"):
        records.decode(nested(b'{"key":"a"}'), Grade)
    with pytest.raises(msgspec.DecodeError, match=r"UTF-8|is no text"):
        records.decode(b'{"key":"\xad"}', Grade)

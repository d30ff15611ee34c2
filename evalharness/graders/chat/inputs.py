"""what comes from a terminal, piece by piece -> whole inputs: a word that was typed, or a reply that was pasted."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import Final

from evalharness.graders.chat.replies import is_reply

BEGIN, END = "\x1b[200~", "\x1b[201~"
END_OF_INPUT: Final = "\x04"
WORDS: Final = ("copy", "keep", "skip", "stop", "help")


class Inputs:
    """Collects characters until they are a whole input.

    A terminal that marks pastes ends a reply by its mark.  For others a reply ends with the line that completes its
    JSON, or with Ctrl-D.
    """

    def __init__(self) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._text = ""
        self._tried = 0  # up to here no line completes a reply

    def feed(self, data: bytes) -> Iterator[str]:
        """Yield the inputs that `data` completes."""
        self._text += self._decode(data).replace("\r\n", "\n").replace("\r", "\n")
        while True:
            found = self._next()
            if found is None:
                return
            if found.strip():
                yield found

    def _next(self) -> str | None:
        """Return the next whole input, which may be empty, or None where more has to come."""
        marks = {mark: at for mark in (BEGIN, END_OF_INPUT) if (at := self._text.find(mark)) >= 0}
        first = min(marks, key=marks.__getitem__, default="")
        until = marks.get(first, len(self._text))
        found = self._typed(until)
        if found is not None or not first:
            return found
        if first == END_OF_INPUT:
            return self._cut(until, len(END_OF_INPUT))
        end = self._text.find(END, until)
        if end < 0:
            return None
        return self._cut(end, len(END)).replace(BEGIN, "", 1)

    def _typed(self, until: int) -> str | None:
        """Return a typed word, or everything up to the line that completes a reply, before a place in the text."""
        line = self._text.find("\n", 0, until)
        if line >= 0 and (self._text[:line].strip().lower() in WORDS or not self._text[:line].strip(" `")):
            return self._cut(line, 1).strip(" `")
        while (line := self._text.find("\n", self._tried, until)) >= 0:
            whole = self._text[:line]
            if whole.rstrip(" `").endswith("}") and is_reply(whole):
                return self._cut(line, 1)
            self._tried = line + 1
        return None

    def _cut(self, at: int, length: int) -> str:
        found, self._text, self._tried = self._text[:at], self._text[at + length :], 0
        return found

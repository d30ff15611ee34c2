"""a document -> the names that stand within its lines, so that a heading or a call of one is known for a person's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from evalharness.documents.features import words
from evalharness.documents.outline import Outline

MOST_WORDS = 3
_WITHIN = re.compile(
    r"(?<=[\w.(] )[^\W\d_][\w'\u2019-]*|^[^\W\d_][\w'\u2019-]*(?= [A-Z])|(?<=[:,;] )[^\W\d_][\w'\u2019-]*(?= [A-Z])"
)


class Called:
    """The words of a document that stand like names: behind another word, or in front of a capital."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._found = Counter(name for line in outline.lines for name in _names(line.text))

    def speaks_of(self, text: str, but: Collection[int]) -> bool:
        """Return whether a few words end with a name that stands in lines of the document other than `but`."""
        name = next((word.strip(":?!.") for word in reversed(text.split()) if word[:1].isupper()), "")
        if not name or len(words(text)) > MOST_WORDS:
            return False
        return self._found[name] > sum(_names(self._outline[n].text).count(name) for n in but if n)


def _names(text: str) -> list[str]:
    return [name for name in _WITHIN.findall(text) if name[:1].isupper()]

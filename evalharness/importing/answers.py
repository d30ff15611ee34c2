"""the lines of an answer -> its paragraphs as Markdown, without the labels and quotation marks around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

from evalharness.documents.claims import key
from evalharness.documents.features import STAR, asks, owns, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line

_OPEN, _CLOSE = '"\u201c\u201e\u201f\u00ab\u00bb', '"\u201d\u201c\u00bb\u00ab'


_QUOTED = re.compile(
    r"[\"\u201c\u201e\u00ab](?P<said>[^\"\u201c\u201d\u201e\u00ab\u00bb]{6,300})[\"\u201d\u201c\u00bb]"
)
FRAME_WORDS, ASKS = 8, 0.5


class Paragraphs:
    """How the answers of one document are written: `sections` are its sections, `openers` begin an answer."""

    def __init__(self, lines: Sequence[Line], opening: Sequence[Line], sections: Collection[str]) -> None:
        self._sections = sections
        self._openers = Counter(key(line.label) for line in opening if line.label and line.rest)
        self._star = any(line.label.lower() == "s" for line in lines)

    def of(self, lines: Sequence[Line]) -> tuple[str, ...]:
        """Return the paragraphs of one answer; what titles a piece of it becomes a heading."""
        top = min((line.depth for line in lines if line.kind != "cell"), default=0)
        columns = {line.column for line in lines if line.kind == "cell"}
        found: list[str] = []
        labelled = [line for line in lines if line.kind == "para" and line.label and line.rest and len(line.label) > 2]
        split = len(labelled) >= 3 and len(labelled) >= 0.8 * len(lines)
        for at, line in enumerate(lines):
            if line.label and line.rest and (key(line.label) in self._sections or (split and line in labelled)):
                found += [f"## {line.label}", line.rest]
                continue
            if line.kind != "cell" and key(line.text) in self._sections:
                found.append(f"## {line.text.rstrip(':')}")
                continue
            if (
                not at
                and line.kind != "item"
                and self._openers[key(line.label)] > 1
                and not set(words(line.label)) <= STAR
            ):
                found.append(line.rest)
                continue
            if (
                line.kind == "cell"
                and len(columns) > 1
                and line.column
                and (not at or lines[at - 1].column != line.column)
            ):
                found.append(f"## {line.column}")
            found.append(self._rendered(line, top, lines))
        return _without_outer_quotes([text for text in found if text])

    def _rendered(self, line: Line, top: int, lines: Sequence[Line]) -> str:
        text = line.text
        drop = (
            line.label
            and line.rest
            and not (set(words(line.label)) <= STAR and (self._star or line.label.lower() != "a"))
        )
        vote = votes(line.label).get("answer", 0) if drop else 0.0
        if line.kind != "item" and (
            vote >= 0.5
            or (drop and line is lines[0] and (vote >= 0.25 or owns(line.label) or "you" in words(line.label)))
        ):
            text = line.rest
        if line.kind == "heading" or (
            line.kind == "para"
            and (line.bold or (line.italic and line.gap))
            and len(words(text)) <= 12
            and not line.quote
            and text[-1:] not in set(".!?\u201d")
        ):
            return f"## {text.rstrip(':')}"
        if (
            line.kind == "para"
            and line.count
            and not line.depth
            and len(words(text)) <= 8
            and line.marker in {"1.", ""}
            and text[-1:] not in ".!?"
        ):
            return f"## {text}"
        if (
            line.kind == "para"
            and not line.label
            and len(lines) > 2
            and len(words(text)) <= 5
            and line.gap
            and text[:1].isupper()
            and text[-1:] not in set('.!?:,;\u201d"')
            and line is not lines[-1]
            and line.marker != "\u2192"
        ):
            return f"## {text}"
        if line.kind == "item" and len(lines) > 1:
            mark = f"{line.count}." if line.count and line.marker == "1." else "-"
            word = f"{line.marker} {line.count}: " if len(line.marker) > 1 and line.marker.isalpha() else ""
            return f"{'  ' * (line.depth - top)}{mark} {word}{text}"
        return f"{line.count}. {text}" if line.count and line.marker == "1." and len(lines) > 1 else text


def framed(text: str) -> str:
    """Return the question that a few words quote: Why us?, of "They always ask "Why us?"."; any other text as it is."""
    quoted = _QUOTED.search(text)
    if quoted is None or asks(quoted["said"]) < ASKS:
        return text
    frame = f"{text[: quoted.start()]} {text[quoted.end() :]}"
    return quoted["said"] if len(words(frame)) <= FRAME_WORDS and "?" not in frame else text


def unquoted(text: str) -> str:
    """Return a text without quotation marks around it; brackets behind them stay."""
    bare = text.strip()
    if bare[:1] in _OPEN and len(bare) > 2 and bare:
        end = max(bare.rfind(mark) for mark in _CLOSE)
        if end > 0 and not bare[end + 1 :].strip(" .*_"):
            return bare[1:end].strip()
        if not any(mark in bare[1:] for mark in _CLOSE):
            return bare[1:].strip()
    return bare


def _without_outer_quotes(texts: list[str]) -> tuple[str, ...]:
    """Return paragraphs without the marks of one quotation around all of them."""
    if not texts:
        return ()
    first, last = texts[0], texts[-1].rstrip(" *_")
    if (
        first[:1] in _OPEN
        and last[-1:] in _CLOSE
        and (len(texts) > 1 or first[0] != '"' or (len(texts) == 1 and first.count('"') == 2))
    ):
        texts = [first[1:], *texts[1:]]
        texts[-1] = texts[-1].rstrip(" *_")[:-1]
    return tuple(text.strip("\n") for text in texts if text.strip())

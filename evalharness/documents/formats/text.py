"""Markdown or plain text -> pieces, line by line; wrapped lines are joined, nothing is dropped."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.clean import sign_of, unpictured
from evalharness.documents.features import asks
from evalharness.documents.formats.counts import counted
from evalharness.documents.formats.flat import cut
from evalharness.documents.formats.grid import cells_of, split_row
from evalharness.documents.formats.made import Piece, unmarked
from evalharness.documents.formats.speech import turns

_ITEM = re.compile(
    r"(?P<bullet>[-*+\u2013\u2014]|(?P<digits>\d{1,3})[.)]|\(?(?:[a-z]|[ivx]{2,4})\)(?= ))(?P<blank>[ \t]+|$)"
)
_HEADING = re.compile(r"(#{1,6})\s+(?=\S)|(#{1,6})(?=[A-Z])")
_CHECKBOX = re.compile(r"\[[ xX]\]\s+")
_CALLOUT = re.compile(r"\[!(\w+)\][+-]?\s*")
_RULE = re.compile(r"^(?:[-\u2010-\u2015\u2500\u2501_*=~#\u2022\u00b7] ?){3,}$")
_FENCE = re.compile(r"(`{3,}|~{3,})\s*(\w*)")
_SUMMARY = re.compile(r"<summary>(.*?)(?:</summary>|$)", re.IGNORECASE)
_ONLY_TAGS = re.compile(r"(?:</?[a-zA-Z][^<>]{0,200}>\s*)+$")
_PAGE = re.compile(r"(?i)^(?:.{0,60}\s)?(?:page|seite|p\.)\s?\d{1,3}(?:\s?(?:of|/|von)\s?\d{1,3})?$")
_LABEL = re.compile(r"(?<![\w'\u2019-])(?:[A-Z][\w'\u2019-]*|[A-Z]\d?|[qa]\d?)(?: [\w'\u2019-]+){0,2}:\s")
_META = re.compile(r"[\w -]{1,30}:(?:\s|$)")
_ASIDE = re.compile(
    r"[(\[][^()\[\]]{1,60}[)\]]|[*_][^*_]{1,60}[*_]"
)  # a line by itself, however short the one above is
WIDEST, NARROWEST = 140, 44
_ENDED = re.compile(r"\w\w[.?!]\"? [A-Z\d]")  # a sentence ends, another begins
TITLE_WORDS, SMALL = 10, 0.75
ASKS, SURE, SHORT = 0.35, 0.9, 2
LONGEST = 20_000  # no paragraph that somebody wrapped is longer


def from_text(text: str) -> Sequence[Piece]:
    """Return the pieces of Markdown or of plain text, which is read by the same rules; with speakers where people talk."""
    return turns(plain_pieces(text))


def plain_pieces(text: str) -> Sequence[Piece]:
    """Return the pieces of a text in which nobody is told apart."""
    lines = text.replace("\f", "\n\n").split("\n")
    start, found = _front_matter(lines)
    reader = _Reader(lines, start, _wrap(lines))
    return counted(cut([*found, *reader.pieces()]))


def _front_matter(lines: Sequence[str]) -> tuple[int, list[Piece]]:
    """Return where the text begins, and the lines in front of it between two lines of dashes."""
    if not lines or lines[0].strip() != "---":
        return 0, []
    for at, line in enumerate(lines[1:60], start=1):
        if line.strip() in {"---", "..."}:
            inside = [Piece(text=t.strip(), place=n, why="front matter") for n, t in enumerate(lines[1:at], start=2)]
            return at + 1, [piece for piece in inside if piece.text]
        if line.strip() and not _META.match(line) and not line.startswith((" ", "-", "#")):
            return 0, []
    return 0, []


def _wrap(lines: Sequence[str]) -> int:
    """Return the width at which the lines of a text were wrapped; 0 where each line is a paragraph."""
    pairs = [
        (len(a.rstrip()), len(b.split(maxsplit=1)[0]))
        for a, b in itertools.pairwise(lines)
        if a.strip() and b.strip() and len(a.split()) > 4 and not _opens(b.strip().lstrip("> ")) and "|" not in a
    ]
    if len(pairs) < 2:
        return 0
    widths = sorted(width for width, _ in pairs)
    width = widths[-1 - len(widths) // 20]
    if not NARROWEST <= width <= WIDEST:
        return 0
    full = sum(one + 1 + word > width for one, word in pairs)
    return width if full >= 0.6 * len(pairs) else 0


def _page_heads(lines: Sequence[str]) -> frozenset[int]:
    """Return the places of the lines that stand, alike, beside several page numbers."""
    marks = [
        at
        for at, line in enumerate(lines)
        if line.strip() and len(line.split()) <= 12 and _PAGE.fullmatch(line.strip())
    ]
    beside = [next((i for i in range(at + 1, min(at + 6, len(lines))) if lines[i].strip()), -1) for at in marks]
    texts = [" ".join(lines[i].split()) for i in beside if i >= 0]
    return frozenset(i + 1 for i in beside if i >= 0 and texts.count(" ".join(lines[i].split())) > 1)


def _opens(text: str) -> bool:
    """Return whether a line begins something of its own by its mark."""
    return bool(
        _ITEM.match(text)
        or _HEADING.match(text)
        or _RULE.fullmatch(text)
        or text.startswith(("**", "|", "```", "_", "\u2192", "->"))
    )


def _asks_anew(text: str) -> bool:
    """Return whether a line begins with a question that is whole: "salary? say a range"."""
    first = text.partition("?")[0] if "?" in text else ""
    return bool(first) and (len(first.split()) <= SHORT or asks(f"{first}?") >= SURE)


class _Reader:
    """One walk through a text; `stack` holds the columns and marks of the items that are open."""

    def __init__(self, lines: Sequence[str], start: int, wrap: int) -> None:
        self._lines = lines
        self._at = start
        self._wrap = wrap
        self._gap = True
        self._fence = ""
        self._stack: list[tuple[int, bool]] = []
        self._last: Piece | None = None
        self._open_width = 0
        self._tables = 0
        self._torn = False
        self._aside: list[Piece] = []
        self._heads = _page_heads(lines)
        self._widest = max((len(line.rstrip()) for line in lines), default=0)
        said = [line.strip() for line in lines if line.strip()]
        self._small = sum(line[:1].islower() for line in said) >= SMALL * len(
            said
        )  # then small letters begin lines, too

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of the text."""
        while self._at < len(self._lines):
            place, raw = self._at + 1, self._lines[self._at]
            self._at += 1
            new = self._read(place, raw)
            if new is None:
                continue
            if new.why and self._wrap:
                self._torn = True
                self._aside.append(new)
                continue
            if self._continues(new, raw):
                self._join(new, raw)
                continue
            if self._last is not None:
                yield self._last
            yield from self._aside
            self._aside = []
            self._last, self._open_width, self._torn = new, len(raw.rstrip()), False
            if new.kind == "cell":
                yield from self._table(new, place)
                self._last = None
            self._gap = new.kind == "rule"
        if self._last is not None:
            yield self._last
        yield from self._aside

    def _read(self, place: int, raw: str) -> Piece | None:
        line = unpictured(raw.replace("\t", "    ") if not raw.strip(" ").count("\t") or raw.startswith("\t") else raw)
        quote, body = _unquoted(line)
        text = body.strip()
        if not text:
            if not raw.strip() or quote or not line.strip():
                self._gap = True
            return None
        fence = _FENCE.match(text)
        if fence and (not self._fence or text.startswith(self._fence)):
            self._fence = "" if self._fence else fence[1]
            self._gap = True
            return None
        indent = len(body) - len(body.lstrip())
        return self._piece(place, text, indent, quote, raw)

    def _piece(self, place: int, text: str, indent: int, quote: int, raw: str) -> Piece | None:
        summary = _SUMMARY.search(text)
        if summary and summary[1].strip():
            return Piece(text=summary[1], place=place, kind="heading", level=6, gap=True)
        if _ONLY_TAGS.fullmatch(text):
            self._gap = True
            return None
        if text.startswith("<!--"):
            return Piece(text=text.strip("<!-> "), place=place, why="comment", gap=True)
        if split_row(text) and self._tabular(text):
            return Piece(text=text, place=place, kind="cell", gap=self._gap)
        if _RULE.fullmatch(text) and (len(set(text) - {" "}) == 1 or len(text) > 8):
            return self._ruled(text, place)
        base = Piece(text=text, place=place, quote=quote, gap=self._gap, sign=sign_of(raw))
        if place in self._heads:
            return msgspec.structs.replace(base, why="head of a page")
        if _PAGE.fullmatch(text) and len(text.split()) <= 12:
            return msgspec.structs.replace(base, why="page number")
        return self._block(base, text, indent, raw)

    def _block(self, base: Piece, text: str, indent: int, raw: str) -> Piece:
        callout = _CALLOUT.match(text)
        if callout and base.quote:
            return msgspec.structs.replace(base, text=text[callout.end() :] or callout[1], kind="heading", level=6, callout=callout[1].lower(), quote=base.quote - 1)  # fmt: skip
        if text.startswith(": ") and not self._gap:  # what is said of the line above, as in a list of definitions
            return msgspec.structs.replace(base, text=text[2:].strip(), depth=len(self._stack) + 1)
        heading = _HEADING.match(text)
        if heading and indent < 4:
            self._stack.clear()
            bare = text[heading.end() :].rstrip("# ")
            return msgspec.structs.replace(base, text=bare, kind="heading", level=len(heading[1] or heading[2]))
        item = _ITEM.match(text)
        if item and text[item.end() :].strip():
            return self._item(base, text, indent, item)
        while (
            self._stack and (indent <= self._stack[-1][0]) and (self._gap or indent < self._stack[-1][0] or not indent)
        ):
            self._stack.pop()
        depth = len(self._stack)
        return msgspec.structs.replace(base, depth=depth)

    def _item(self, base: Piece, text: str, indent: int, item: re.Match[str]) -> Piece:
        ordered = item["bullet"] not in "-*+\u2013\u2014"
        while self._stack and indent < self._stack[-1][0]:
            self._stack.pop()
        if self._stack and indent == self._stack[-1][0] and (self._stack[-1][1] == ordered or ordered):
            self._stack.pop()
        while ordered and self._stack and self._stack[-1][0] >= indent:
            self._stack.pop()
        depth = len(self._stack)
        self._stack.append((indent, ordered))
        rest = _CHECKBOX.sub("", text[item.end() :].strip())
        inner = _HEADING.match(rest)
        rest = rest[inner.end() :] if inner else rest
        marker = "1." if ordered else "-"
        return msgspec.structs.replace(base, text=rest, kind="item", depth=depth, marker=marker, count=int(item["digits"] or 0) or (_letter(item["bullet"]) if ordered else 0))  # fmt: skip

    def _ruled(self, text: str, place: int) -> Piece | None:
        """Return a rule; a short line right above it becomes a heading instead."""
        above, bare = self._last, text.replace(" ", "")
        under = above is not None and not self._gap and above.kind == "para" and bare[0] in "=-" and above.gap
        if (
            under
            and above
            and len(above.text.split()) <= TITLE_WORDS
            and above.text.rstrip()[-1:] not in '.\u201d"'
            and not above.depth
        ):
            self._last = msgspec.structs.replace(above, kind="heading", level=1 if bare[0] == "=" else 2)
            self._gap = True
            return None
        self._stack.clear()
        return Piece(text="", place=place, kind="rule", gap=True)

    def _continues(self, new: Piece, raw: str) -> bool:
        """Return whether a line only goes on with the one above: it was wrapped there."""
        above = self._last
        if (
            above is None
            or (self._gap and not self._torn)
            or new.kind != "para"
            or above.kind not in {"para", "item"}
            or len(above.text) > LONGEST
            or new.why
            or above.why
            or new.sign
        ):
            return False
        if (
            new.quote != above.quote
            or new.callout
            or _ASIDE.fullmatch(new.text)
            or _opens(new.text)
            or _LABEL.match(new.text)
            or unmarked(new.text)[2]
        ):
            return False
        if self._wrap:
            if self._torn:
                return above.text.rstrip()[-1:] not in '.?!:\u201d"' and new.text[0].islower()
            asked = above.text.rstrip('"\u201d *_').endswith("?")
            return self._open_width >= (0.9 if asked else 0.6) * self._wrap
        if above.text.rstrip()[-1:] in '.?!:\u201d"*' or not 50 <= len(above.text) < WIDEST:
            return False
        if _asks_anew(new.text) and asks(above.text) < ASKS:
            return False
        return (new.text[0].islower() and not self._small) or self._breaks_off(above.text, new.text)

    def _breaks_off(self, above: str, new: str) -> bool:
        """Return whether a line of prose ends within a sentence because the next word had no room in the widest."""
        no_room = self._open_width + 1 + len(new.split(maxsplit=1)[0]) > self._widest
        return no_room and bool(_ENDED.search(above))

    def _join(self, new: Piece, raw: str) -> None:
        if self._last is None:
            return
        before = self._last.text.rstrip()
        torn = before.endswith("-") and before[-2:-1].isalpha() and new.text[:1].islower()
        text = before[:-1] + new.text if torn else f"{before} {new.text}"
        self._last = msgspec.structs.replace(self._last, text=text)
        self._open_width, self._gap, self._torn = len(raw.rstrip()), False, False

    def _tabular(self, text: str) -> bool:
        """Return whether a line stands in a table: a neighbour has as many cells."""
        near = [self._lines[i] for i in (self._at - 2, self._at) if 0 <= i < len(self._lines)]
        count = len(split_row(text))
        return any(len(split_row(line.strip())) == count for line in near)

    def _table(self, first: Piece, place: int) -> Iterator[Piece]:
        """Yield the cells of the table that begins at `place`."""
        rows = [(place, split_row(self._lines[place - 1].strip()))]
        while self._at < len(self._lines) and len(split_row(self._lines[self._at].strip())) > 1:
            rows.append((self._at + 1, split_row(self._lines[self._at].strip())))
            self._at += 1
        self._tables += 1
        yield from cells_of(rows, self._tables)


def _letter(bullet: str) -> int:
    name = bullet.strip("()")
    return ord(name) - 96 if len(name) == 1 else 0


def _unquoted(line: str) -> tuple[int, str]:
    """Return how deep a line is quoted, and the line without the marks of it."""
    quote = 0
    while (bare := line.lstrip()).startswith(">") and quote < 9:
        line, quote = bare[1:].removeprefix(" "), quote + 1
    return quote, line

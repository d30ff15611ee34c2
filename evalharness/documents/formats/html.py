"""A saved web page -> pieces; menus, footers, cookie notes and the like are marked, not lost."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from evalharness.documents.clean import sign_of, unpictured
from evalharness.documents.formats.flat import cut
from evalharness.documents.formats.grid import cells_of
from evalharness.documents.formats.made import Piece

_NEVER = frozenset("script style noscript template svg head iframe object canvas select option".split())
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption figure "
    "footer form h1 h2 "
    "h3 h4 h5 h6 header hgroup html li main menu nav ol p pre search section summary table tbody td "
    "tfoot th thead tr ul hr".split()
)
_FURNITURE = {
    "nav": "menu",
    "footer": "footer",
    "aside": "beside the text",
    "form": "form",
    "button": "button",
    "dialog": "dialog",
    "menu": "menu",
    "search": "search",
}
_ROLES = frozenset("navigation banner contentinfo complementary search dialog alertdialog menu menubar toolbar".split())
_NAMES = frozenset(
    "nav navbar navigation menu footer sidebar cookie cookies consent gdpr breadcrumb breadcrumbs share "
    "sharing social related "
    "recommended recommendations newsletter subscribe signin login signup register ads ad advert promo "
    "pagination pager comments "
    "editsection skip toolbar banner popup modal toc byline topbar sponsored trending popular".split()
)
_REFERENCE = re.compile(r"\[\w{1,3}\]$|\d{1,2}$|[*\u2020\u2191\u21a9^]{1,6}$")
_BULLET = re.compile(r"^(?:[*+-]|[o\u00a7](?= ))\s+(?=\S)")
_MOST = 0.4
DEEPEST = 120
MANY_OPEN = 200
_NEVER_ENDS = re.compile(
    r"<(?=/?[A-Za-z](?:[^<>\"']|\"[^\"]{0,2000}\"|'[^']{0,2000}')*(?:<|\Z))",
)


def looks_like_html(text: str) -> bool:
    """Return whether `text` is a web page or a piece of one, and not Markdown with a few tags in it."""
    tags = re.findall(
        r"<(?:!doctype|html|body|div|p|h[1-6]|ul|ol|li|table|section|article|blockquote|span)\b", text, re.IGNORECASE
    )
    return len(tags) >= 3 and (bool(re.match(r"\s*<", text)) or len(tags) > text.count("\n") / 4)


def from_html(text: str) -> Sequence[Piece]:
    """Return the pieces of a web page in order."""
    soup = BeautifulSoup(_without_open_tags(text), "html.parser")
    total = max(1, len(soup.get_text()))
    return cut([part for piece in _Walk(total).pieces(soup) for part in _broken(piece)])


def _without_open_tags(text: str) -> str:
    """Return `text` with `&lt;` for tags and comments that never end, where these are many.

    The parser reads on to the end from each of them.
    """
    if len(_NEVER_ENDS.findall(text)) > MANY_OPEN:
        text = _NEVER_ENDS.sub("&lt;", text)
    for mark, close in (("<!--", "-->"), ("<!", ">"), ("<?", ">")):
        last = text.rfind(close) + 1
        if text.count(mark, last) > MANY_OPEN:
            text = text[:last] + text[last:].replace(mark, f"&lt;{mark[1:]}")
    return text


class _Walk:
    """One walk through a page; text between two block tags is one piece."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._buffer: list[str] = []
        self._linked = 0
        self._line = 1
        self._depth = 0
        self._places: dict[int, dict[int, int]] = {}
        self._rows: list[tuple[int, list[str]]] = []
        self._tables = 0
        self._fresh = False

    def pieces(self, soup: Tag) -> Iterator[Piece]:
        """Yield the pieces of a page."""
        base = Piece(kind="para", text="", place=1)
        yield from self._children(soup, base)
        yield from self._flush(base)

    def _children(self, tag: Tag, base: Piece) -> Iterator[Piece]:
        self._depth += 1
        for child in tag.children:
            if isinstance(child, Tag) and self._depth > DEEPEST:
                self._say(child.get_text(" "))
            elif isinstance(child, Tag):
                yield from self._tag(child, base)
            elif isinstance(child, NavigableString) and type(child) is NavigableString:
                self._say(str(child))
        self._depth -= 1

    def _tag(self, tag: Tag, base: Piece) -> Iterator[Piece]:
        name = tag.name.lower()
        if name in _NEVER:
            return
        if name == "br":
            self._buffer.append("\n")
        elif name in _BLOCKS or tag.get("role") == "heading" or _is_fold(tag, name):
            yield from self._flush(base)
            self._line = tag.sourceline or self._line
            self._fresh = self._fresh or name == "li"
            yield from self._block(tag, name, self._inside(tag, name, base))
        else:
            yield from self._inline(tag, name, base)

    def _inline(self, tag: Tag, name: str, base: Piece) -> Iterator[Piece]:
        why = self._why(tag, name)
        if why:
            text = _line(tag.get_text(" "))
            if text:
                yield Piece(kind="para", text=text, place=tag.sourceline or self._line, why=why)
            return
        bold = name in {"b", "strong"} and bool(tag.get_text().strip())
        if _is_reference(tag, name):
            return
        before = sum(map(len, self._buffer))
        self._buffer.append("**" if bold else "")
        yield from self._children(tag, base)
        if bold:
            self._close_bold()
        if name == "a":
            self._linked += sum(map(len, self._buffer)) - before

    def _close_bold(self) -> None:
        """Close a bold stretch; white space at its end goes behind the mark."""
        last = self._buffer[-1] if self._buffer else ""
        self._buffer[-1:] = [last.rstrip(), "**", " " if last != last.rstrip() else ""]

    def _block(self, tag: Tag, name: str, base: Piece) -> Iterator[Piece]:
        if name == "hr":
            yield Piece(kind="rule", text="", place=self._line)
        elif name == "tr":
            cells = tag.find_all(["td", "th"], recursive=False)
            if len(cells) > 1 and not any(_is_layout(cell) for cell in cells):
                self._rows.append((self._line, [_cell(cell) for cell in cells]))
            else:
                yield from self._children(tag, base)
        elif name == "pre":
            for number, text in enumerate(tag.get_text().split("\n")):
                if text.strip():
                    yield Piece(kind="para", text=_line(text), place=self._line + number, why=base.why)
        else:
            yield from self._children(tag, base)
        yield from self._flush(base)
        if name == "table" and self._rows:
            self._tables += 1
            rows, self._rows = self._rows, []
            yield from (msgspec.structs.replace(cell, why=base.why) for cell in cells_of(rows, self._tables))

    def _inside(self, tag: Tag, name: str, base: Piece) -> Piece:
        """Return what text directly inside of `tag` is."""
        kind, level, depth, marker, number = base.kind, 0, base.depth, "", 0
        role = tag.get("role") == "heading"
        if re.fullmatch(r"h[1-6]", name) or role:
            kind, level = "heading", int(str(tag.get("aria-level") or 2)) if role else int(name[1])
        elif name in {"summary", "dt"} or _is_fold(tag, name):
            kind, level = "heading", 6
        elif name == "li":
            number = _number(tag, self._places)
            kind, marker, depth = "item", "1." if number else "-", base.depth + (base.kind == "item")
        elif name in {"p", "div", "dd", "blockquote"} and base.kind != "item":
            kind = "para"
        why = base.why or self._why(tag, name)
        return Piece(
            kind=kind,
            text="",
            place=self._line,
            level=level,
            depth=depth,
            marker=marker or (base.marker if kind == "item" else ""),
            count=number or (base.count if kind == "item" else 0),
            quote=max(base.quote, int(name in {"blockquote", "q"})),
            gap=True,
            why=why,
        )

    def _why(self, tag: Tag, name: str) -> str:
        """Return why all of `tag` is furniture; nothing for content, and for what holds much of the page."""
        if name in {"html", "body", "main", "article", "table", "tr", "td"} or _is_fold(tag, name):
            return ""
        names = {
            piece
            for key in ("class", "id")
            for value in _values(tag, key)
            for piece in re.split(r"[-_\s]+", value.lower())
        }
        why = _FURNITURE.get(name, "")
        if not why and (
            tag.get("role") in _ROLES or names & _NAMES or tag.has_attr("hidden") or tag.get("aria-hidden") == "true"
        ):
            why = "page furniture"
        if not why and name == "header" and tag.find(["h1", "h2"]) is None:
            why = "page header"
        if not why and name in {"p", "li", "div"} and _is_note(tag):
            why = "footnote or comment"
        if why and len(tag.get_text()) > _MOST * self._total:
            return ""
        return why

    def _say(self, text: str) -> None:
        if not "".join(self._buffer).strip() and text.strip():
            before = text[: len(text) - len(text.lstrip())]
            self._line += before.count("\n") if not self._buffer else 0
        self._buffer.append(re.sub(r"\s+", " ", text) if text.strip() else " ")

    def _flush(self, base: Piece) -> Iterator[Piece]:
        raw = "".join(self._buffer)
        linked = self._linked
        self._buffer.clear()
        self._linked = 0
        text = "\n".join(_line(line) for line in raw.split("\n")).strip()
        if not text:
            return
        bullet = _BULLET.match(text) if base.kind == "para" else None
        if bullet:
            base, text = _as_item(base), text[bullet.end() :]
        bare = text.replace("**", "")
        only_links = linked >= 0.8 * len(bare) and base.kind != "heading" and bare[-1:] != "?"
        goes_on, self._fresh = base.kind == "item" and not self._fresh and not bullet, False
        piece = msgspec.structs.replace(
            base, text=text, place=self._line, sign=sign_of(raw), why=base.why or ("only links" if only_links else "")
        )
        if goes_on:
            piece = msgspec.structs.replace(piece, kind="para", depth=base.depth + 1, marker="", count=0)
        yield piece


def _broken(piece: Piece) -> Iterator[Piece]:
    """Yield one piece for each line of a paragraph with breaks in it."""
    for number, line in enumerate(piece.text.split("\n")):
        text = line.strip()
        whole = text.count("**") % 2 == 0
        yield (
            piece
            if piece.kind == "rule"
            else msgspec.structs.replace(
                piece, text=text if whole else text.replace("**", ""), gap=piece.gap and not number
            )
        )


def _is_fold(tag: Tag, name: str) -> bool:
    """Return whether `tag` is a button that folds an answer out: what stands on it is a question."""
    return name == "button" and tag.get_text().strip().endswith("?")


def _as_item(base: Piece) -> Piece:
    """Return what a paragraph is that a word processor has written as a bullet and its text."""
    return Piece(kind="item", text="", place=base.place, marker="-", quote=base.quote, why=base.why)


def _is_reference(tag: Tag, name: str) -> bool:
    """Return whether `tag` is the mark of a footnote or comment, which is none of the text's words."""
    target = str(tag.get("href") or "") if name == "a" else ""
    return target.startswith("#") and bool(_REFERENCE.match(tag.get_text().strip()))


def _is_note(tag: Tag) -> bool:
    """Return whether a block is a footnote or comment: it begins with the mark that leads back to the text."""
    first = tag.find("a")
    return (
        isinstance(first, Tag)
        and _is_reference(first, "a")
        and tag.get_text().strip().startswith(first.get_text().strip())
        and first.find_parent("sup") is None
    )


def _is_layout(cell: Tag) -> bool:
    """Return whether a cell holds a piece of a page (headings, tables) and so is no cell of a table to read."""
    return cell.find(["table", "h1", "h2", "h3", "article", "section", "blockquote"]) is not None


def _cell(cell: Tag) -> str:
    """Return the paragraphs of a cell, one a line."""
    pieces: list[str] = []
    for node in cell.descendants:
        if isinstance(node, Tag):
            pieces.append("\n" if node.name in _BLOCKS or node.name == "br" else "")
        elif type(node) is NavigableString and not any(_is_reference(a, "a") for a in node.find_parents("a")):
            pieces.append(re.sub(r"\s+", " ", str(node)))
    return "\n".join(line for piece in "".join(pieces).split("\n") if (line := _line(piece)))


def _line(text: str) -> str:
    return unpictured(" ".join(text.split()))


def _values(tag: Tag, key: str) -> list[str]:
    value = tag.get(key)
    return [value] if isinstance(value, str) else list(value or [])


def _number(tag: Tag, places: dict[int, dict[int, int]]) -> int:
    """Return the number that a browser shows before an item of an ordered list, else 0."""
    parent = tag.parent
    if parent is None or parent.name != "ol":
        return 0
    if str(tag.get("value") or "").isdigit():
        return int(str(tag.get("value")))
    start = str(parent.get("start") or "1")
    return (int(start) if start.isdigit() else 1) + _known_places(parent, places)[id(tag)]


def _known_places(parent: Tag, places: dict[int, dict[int, int]]) -> dict[int, int]:
    """Return the place of each item of a list, counted once a list."""
    if id(parent) not in places:
        places[id(parent)] = {id(item): at for at, item in enumerate(parent.find_all("li", recursive=False))}
    return places[id(parent)]

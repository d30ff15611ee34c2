"""A saved web page -> blocks; menus, footers, cookie notes and the like are marked, not lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from evalharness.importing.blocks import Piece, parted
from evalharness.importing.clean import clean_line, repaired
from evalharness.importing.labels import asks
from evalharness.importing.nouns import Block

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
    "skip toolbar banner popup modal toc byline topbar sponsored trending popular".split()
)
_MOST = 0.4


def looks_like_html(text: str) -> bool:
    """Return whether `text` is a web page or a piece of one, and not Markdown with a few tags in it."""
    tags = re.findall(
        r"<(?:!doctype|html|body|div|p|h[1-6]|ul|ol|li|table|section|article|blockquote|span)\b", text, re.IGNORECASE
    )
    return len(tags) >= 3 and (bool(re.match(r"\s*<", text)) or len(tags) > text.count("\n") / 4)


def from_html(text: str) -> tuple[Block, ...]:
    """Return the blocks of a web page in order."""
    soup = BeautifulSoup(text, "html.parser")
    total = max(1, len(soup.get_text()))
    return tuple(block for piece in _Walk(total).pieces(soup) for block in parted(piece))


class _Walk:
    """One walk through a page; text between two block tags is one piece."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._buffer: list[str] = []
        self._linked = 0
        self._line = 1

    def pieces(self, soup: Tag) -> Iterator[Piece]:
        """Yield the pieces of a page."""
        base = Piece(kind="para", text="", line=1, hard=True)
        yield from self._children(soup, base)
        yield from self._flush(base)

    def _children(self, tag: Tag, base: Piece) -> Iterator[Piece]:
        for child in tag.children:
            if isinstance(child, Tag):
                yield from self._tag(child, base)
            elif isinstance(child, NavigableString) and type(child) is NavigableString:
                self._say(str(child))

    def _tag(self, tag: Tag, base: Piece) -> Iterator[Piece]:
        name = tag.name.lower()
        if name in _NEVER:
            return
        if name == "br":
            self._buffer.append("\n")
        elif name in _BLOCKS or tag.get("role") == "heading":
            yield from self._flush(base)
            self._line = tag.sourceline or self._line
            yield from self._block(tag, name, self._inside(tag, name, base))
        else:
            yield from self._inline(tag, name, base)

    def _inline(self, tag: Tag, name: str, base: Piece) -> Iterator[Piece]:
        why = self._why(tag, name)
        if why:
            text = _line(tag.get_text(" "))
            if text:
                yield Piece(kind="para", text=text, line=tag.sourceline or self._line, skip=why, hard=True)
            return
        bold = name in {"b", "strong"} and bool(tag.get_text().strip())
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
            yield Piece(kind="rule", text="", line=self._line)
        elif name == "tr":
            cells = [_line(cell.get_text(" ")) for cell in tag.find_all(["td", "th"], recursive=False)]
            if len(cells) > 1:
                yield Piece(kind="row", text="\t".join(cells), line=self._line, skip=base.skip)
            else:
                yield from self._children(tag, base)
        elif name == "pre":
            for number, text in enumerate(tag.get_text().split("\n")):
                if text.strip():
                    yield Piece(kind="para", text=_line(text), line=self._line + number, skip=base.skip, hard=True)
        else:
            yield from self._children(tag, base)
        yield from self._flush(base)

    def _inside(self, tag: Tag, name: str, base: Piece) -> Piece:
        """Return what text directly inside of `tag` is."""
        kind, level, number = base.kind, base.level, 0
        role = tag.get("role") == "heading"
        if re.fullmatch(r"h[1-6]", name) or role:
            kind, level = "heading", int(str(tag.get("aria-level") or 2)) if role else int(name[1])
        elif name in {"summary", "dt"}:
            kind, level = "heading", 6
        elif name == "li":
            kind, level, number = "item", base.level + 1, _number(tag)
        elif name in {"p", "div", "dd", "blockquote"} and base.kind != "item":
            kind = "para"
        skip = base.skip or self._why(tag, name)
        return Piece(
            kind=kind,
            text="",
            line=self._line,
            level=level,
            quote=base.quote or name in {"blockquote", "q"},
            number=number,
            skip=skip,
            hard=True,
        )

    def _why(self, tag: Tag, name: str) -> str:
        """Return why all of `tag` is furniture; nothing for content, and for what holds much of the page."""
        if name in {"html", "body", "main", "article", "table", "tr", "td"}:
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
        bare = text.replace("**", "")
        only_links = linked >= 0.8 * len(bare) and base.kind != "heading" and not asks(bare)
        yield Piece(
            kind=base.kind,
            text=text,
            line=self._line,
            level=base.level,
            quote=base.quote,
            number=base.number,
            hard=True,
            skip=base.skip or ("only links" if only_links else ""),
        )


def _line(text: str) -> str:
    return clean_line(repaired(" ".join(text.replace("\u00a0", " ").split())))


def _values(tag: Tag, key: str) -> list[str]:
    value = tag.get(key)
    return [value] if isinstance(value, str) else list(value or [])


def _number(tag: Tag) -> int:
    """Return the number that a browser shows before an item of an ordered list, else 0."""
    parent = tag.parent
    if parent is None or parent.name != "ol":
        return 0
    if str(tag.get("value") or "").isdigit():
        return int(str(tag.get("value")))
    start = str(parent.get("start") or "1")
    before = parent.find_all("li", recursive=False)
    return (int(start) if start.isdigit() else 1) + next((i for i, other in enumerate(before) if other is tag), 0)

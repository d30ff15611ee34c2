"""Markdown or plain text -> blocks, each with its line; lines that a paste has run together are parted again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from markdown_it import MarkdownIt
from markdown_it.token import Token

from evalharness.importing.furniture import is_menu_word
from evalharness.importing.labels import asks, label_of
from evalharness.importing.nouns import Block
from evalharness.importing.paste import counted, hung_out, mended, unpaged, wrapped_at
from evalharness.importing.quotes import CLOSES, OPENS
from evalharness.importing.tag_lines import tag_list
from evalharness.model.noun import Noun

NUMBER = re.compile(
    r"^(?:[#(\[]\s?)?(\d{1,2}|[IVX]{1,4}(?=[.)])|[ivx]{1,4}(?=[.)])|[A-H](?=[.)]))(?:[.)\]:](?!\d)|\s?[\u2013\u2014"
    r"|/-](?=\s))[)\]]?\s+(?=\S)"
)
_WHOLE_BOLD = re.compile(r"^(?:\*\*|__)(?P<text>[^*_](?:(?!\*\*|__).)*)(?:\*\*|__)(?P<tail>[:.?]?)$")
_LEAD_BOLD = re.compile(
    r"^(?:\*\*|__)(?P<text>[^*_](?:(?!\*\*|__).)*)(?:\*\*|__)(?P<rest>\s*[:\u2013\u2014-]?\s*\S.*)$", re.DOTALL
)
_MARKS = re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1")
_ITALIC = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]+?)(?<=\S)\1(?![\w*])")
_LINK = re.compile(r"!?\[([^\]]*)\]\((?:[^()\s]|\([^)]{0,200}\))*(?:\s+\"[^\"]*\")?\)")
_TABS = re.compile(r"\S ?\t+ ?\S")
_SAID = re.compile(r"^(?:\*\*)?(?:[A-Z]\w*)(?: said)?:(?:\*\*)?$")
_LETTER_Q = re.compile(r"(?m)^[^\w\n]*Q\d{0,2}\s?[.:)]")
_LETTER_A = re.compile(r"(?m)^(\W*)A(\d{0,2})[.)](?=\W*(?:\s|$))")
_OPENING_LETTER = re.compile(r"(?m)^[^\w\n]*([A-Z]|I[IVX]|V?I{1,3}|XI)[.)]\s(?![A-Z]\.)")
_INITIAL = re.compile(r"^(?P<letter>[A-Z])\. ?(?:[A-Z]\. ?)*[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+)* [a-z]")
_ROMAN = {"I": ("", "II"), "V": ("IV", "VI"), "X": ("IX", "XI")}
_MARK = "\u2060"
LONG, SHORT = 110, 60
CLOSING = "".join(CLOSES) + "*_"


class Piece(Noun):
    """Text of one paragraph, item or heading as it is written, with its place; `hard` where each line counts."""

    kind: str
    text: str
    line: int
    level: int = 0
    quote: bool = False
    number: int = 0
    skip: str = ""
    hard: bool = False


def from_markdown(text: str) -> tuple[Block, ...]:
    """Return the blocks of Markdown or of plain text, which is read by the same rules."""
    sheet, torn = unpaged(text.split("\n"))
    lines = counted(hung_out(mended(sheet)))
    long = max(LONG, wrapped_at(lines))
    rows = dict(_tables(lines))
    kept = ["" if number in rows else line for number, line in enumerate(lines, start=1)]
    tokens = MarkdownIt("commonmark").enable("table").disable("code").parse("\n".join(kept))
    found = [block for piece in lettered(tuple(_pieces(tokens))) for block in parted(piece, long)]
    heads = [Block(kind="para", text=plain(line), line=number, skip="page header") for number, line in torn]
    return tuple(sorted([*found, *rows.values(), *heads], key=lambda block: block.line))


def lettered(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return pieces with "A)" and "A." as "A:" where the document has a Q for them, so that it numbers nothing.

    An initial ("A. Berger told me") gets a mark that keeps it from being read as a letter that counts.
    """
    letters = _places(pieces)
    asked = any(_LETTER_Q.search(piece.text) for piece in pieces)
    waits = False
    found: list[Piece] = []
    for at, piece in enumerate(pieces):
        lines = piece.text.split("\n") if piece.kind not in {"heading", "row", "rule"} else []
        for place, line in enumerate(lines):
            initial = _INITIAL.match(line)
            waits = waits or bool(_LETTER_Q.match(line))
            answers = asked and (waits or not initial) and bool(_LETTER_A.match(line))
            if answers:
                lines[place], waits = _LETTER_A.sub(r"\1A\2:", line), False
            elif initial and not _counts(initial["letter"], at, letters):
                lines[place] = f"{initial['letter']}.{_MARK}{line[2:]}"
        text = "\n".join(lines) if lines else piece.text
        found.append(msgspec.structs.replace(piece, text=text) if text != piece.text else piece)
    return tuple(found)


def _places(pieces: Sequence[Piece]) -> dict[str, tuple[int, int]]:
    """Return the first and the last piece that each letter or Roman number opens; "J. K. Rowe" is none."""
    found: dict[str, tuple[int, int]] = {}
    for at, piece in enumerate(pieces):
        for letter in _OPENING_LETTER.findall(piece.text):
            found[letter] = (found.get(letter, (at, at))[0], at)
    return found


def _counts(letter: str, at: int, places: dict[str, tuple[int, int]]) -> bool:
    """Return whether a letter has a neighbour: the one before it further up, or the one after it further down."""
    before = (chr(ord(letter) - 1), *_ROMAN.get(letter, ("", ""))[:1])
    after = (chr(ord(letter) + 1), *_ROMAN.get(letter, ("", ""))[1:])
    return any(name in places and places[name][0] <= at for name in before) or any(
        name in places and places[name][1] >= at for name in after
    )


def parted(piece: Piece, long: int = LONG) -> Iterator[Block]:
    """Yield the blocks of one paragraph: a label, a numbered or bold line, one over `long` in it stands for itself."""
    if piece.kind in {"row", "rule"}:
        cells = tuple(_cell(cell) for cell in piece.text.split("\t")) if piece.kind == "row" else ()
        yield Block(
            kind=piece.kind, text=plain(piece.text.replace("\t", " | ")), line=piece.line, cells=cells, skip=piece.skip
        )
        return
    lines = piece.text.split("\n")
    wrapped = piece.kind == "item" and all(line.strip()[:1].islower() for line in lines[1:])
    listed = (
        len(lines) > 1
        and not wrapped
        and all(len(line) < SHORT and line.strip()[-1:] not in set(".,;") for line in lines)
    )
    widest = 0 if listed else max(map(len, lines))
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or piece.hard or _breaks(lines[end - 1], lines[end], widest, long):
            whole = " ".join(line.strip() for line in lines[start:end] if line.strip()).removeprefix(": ")
            if whole:
                yield from _block(piece, whole, piece.line + (0 if piece.hard else start), first=start == 0)
            start = end


def plain(text: str) -> str:
    """Return Markdown text without emphasis and links."""
    text = _LINK.sub(r"\1", text)
    for _ in range(2):
        text = _MARKS.sub(r"\2", text)
    text = _ITALIC.sub(r"\2", text)
    return " ".join(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text).split())


def _cell(text: str) -> str:
    """Return a cell's paragraphs, one a line."""
    return "\n".join(plain(line) for line in re.split(r"\n|(?i:<br ?/?>)", text))


def _block(piece: Piece, text: str, line: int, *, first: bool) -> Iterator[Block]:
    """Yield one block; two where a bold question or label stands in front of its text."""
    lead = _LEAD_BOLD.match(text)
    if lead and piece.kind != "heading" and not _WHOLE_BOLD.match(text) and _stands_alone(lead["text"]):
        rest = lead["rest"].lstrip(" :\u2013\u2014-").strip()
        yield _made(piece, f"**{lead['text']}**", line, first=first)
        yield _made(piece, rest, line, first=False)
        return
    yield _made(piece, text, line, first=first)


def _stands_alone(text: str) -> bool:
    bare = text.strip()
    found = label_of(bare)
    return asks(bare) or (found is not None and not found.rest)


def _made(piece: Piece, text: str, line: int, *, first: bool) -> Block:
    whole = _WHOLE_BOLD.match(text)
    text = plain(text)
    number = piece.number if first else 0
    written = NUMBER.match(text)
    if written and piece.kind != "row":
        number, text = _value(written[1]), text[written.end() :]
    text = text.replace(_MARK, "")
    kind = piece.kind if first or piece.kind == "heading" else "para"
    return Block(
        kind=kind,
        text=text,
        line=line,
        level=piece.level,
        quote=piece.quote,
        number=number,
        skip=piece.skip,
        bold=whole is not None and kind != "heading",
    )


def _breaks(line: str, after: str, widest: int, long: int) -> bool:
    """Return whether `after` begins something new although no blank line parts the two."""
    line, after = line.strip(), after.strip()
    bare = plain(after)
    if _SAID.match(line) or _SAID.match(after):
        return True
    if after.startswith(": ") or not widest or is_menu_word(line) or is_menu_word(after):
        return True
    if _WHOLE_BOLD.match(after) or _LEAD_BOLD.match(after) or NUMBER.match(bare) or label_of(bare) or tag_list(bare):
        return True
    if _WHOLE_BOLD.match(line) or (NUMBER.match(plain(line)) and asks(plain(line))):
        return True
    found = label_of(plain(line))
    if found and not found.rest:
        return True
    if line[-1:] in set(".?!") and re.match(r"[A-Z]\w+(?: \w+){0,2}: ", bare):
        return True
    ends = line[-1:] in set('.?!:\u201d"\u00bb)')
    if len(line) > long or (ends and len(line) < 0.62 * widest) or len(after) > long > len(line):
        return True
    title = (
        line[-1:] not in set(".?!,;") and len(line.split()) <= 8 and len(line) < 0.6 * widest and after[:1].isupper()
    )
    return title or (line.rstrip(CLOSING)[-1:] == "?" and after[:1] in OPENS)


def _pieces(tokens: Sequence[Token]) -> Iterator[Piece]:
    quotes, lists, numbers = 0, 0, [0]
    item = heading = -1
    for at, token in enumerate(tokens):
        line = (token.map[0] if token.map else 0) + 1
        quotes += _step(token, "blockquote")
        lists += _step(token, "bullet_list") + _step(token, "ordered_list")
        if token.type == "list_item_open":
            item, numbers[0] = at, int(token.info) if token.info.isdigit() else 0
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "inline":
            own = item >= 0 and tokens[item].level == token.level - 2
            yield from _inline(
                tokens,
                at,
                heading,
                Piece(
                    kind="item" if own else "para",
                    text=token.content,
                    line=line,
                    level=lists,
                    quote=quotes > 0,
                    number=numbers[0] if own else 0,
                ),
            )
            item = -1 if own else item
            heading = -1
        elif token.type == "hr":
            yield Piece(kind="rule", text="", line=line)
        elif token.type in {"fence", "code_block", "html_block"}:
            content = re.sub(r"<[^>]*>", " ", token.content) if token.type == "html_block" else token.content
            shift = token.type == "fence"
            folded = {at for at, text in enumerate(token.content.split("\n")) if "<summary" in text.lower()}
            for number, text in enumerate(content.split("\n")):
                if text.strip():
                    head = {"kind": "heading", "level": 6} if number in folded and not shift else {"kind": "para"}
                    yield Piece(text=text.strip(), line=line + number + shift, quote=quotes > 0, **head)
        elif token.type == "tr_open":
            yield Piece(kind="row", text="\t".join(_cells(tokens, at)), line=line)


def _inline(tokens: Sequence[Token], at: int, heading: int, piece: Piece) -> Iterator[Piece]:
    """Yield a heading or a paragraph; what only looks like an underlined heading is a paragraph and a rule."""
    if tokens[at - 1].type in {"th_open", "td_open"}:
        return
    is_heading = tokens[at - 1].type == "heading_open"
    underlined = is_heading and tokens[at - 1].markup in {"-", "="}
    lines = piece.text.split("\n")
    if underlined and (len(lines) > 1 or len(piece.text) > 100 or piece.text.rstrip()[-1:] in {".", "\u201d", '"'}):
        yield _as(piece, kind="para", level=0)
        yield Piece(kind="rule", text="", line=piece.line + len(lines))
    elif is_heading:
        yield _as(piece, kind="heading", level=heading)
    else:
        yield piece


def _as(piece: Piece, *, kind: str, level: int) -> Piece:
    return Piece(kind=kind, text=piece.text, line=piece.line, level=level, quote=piece.quote, number=piece.number)


def _step(token: Token, name: str) -> int:
    return (token.type == f"{name}_open") - (token.type == f"{name}_close")


def _cells(tokens: Sequence[Token], at: int) -> Iterator[str]:
    for token in tokens[at + 1 :]:
        if token.type == "tr_close":
            return
        if token.type == "inline":
            yield token.content.replace("\t", " ")


def _tables(lines: Sequence[str]) -> Iterator[tuple[int, Block]]:
    """Yield (line, row) of tables whose cells are parted by tabs, or by bars without a line of dashes."""
    for number, line in enumerate(lines, start=1):
        near = [lines[i] for i in (number - 2, number) if 0 <= i < len(lines)]
        if _TABS.search(line) and any(_TABS.search(other) for other in near):
            cells = re.split(r"\s*\t+\s*", line.strip())
        elif line.count("|") >= 2 and _bars(lines, number - 1):
            cells = re.split(r"\s*\|\s*", line.strip().strip("|").strip())
        else:
            continue
        row = tuple(_cell(cell) for cell in cells)
        yield number, Block(kind="row", text=plain(" | ".join(row)), line=number, cells=row)


def _bars(lines: Sequence[str], at: int) -> bool:
    """Return whether the line stands among at least two others with as many bars, and no rule of dashes."""
    count = lines[at].strip().strip("|").count("|")
    first = last = at
    while first > 0 and lines[first - 1].strip().strip("|").count("|") == count:
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip().strip("|").count("|") == count:
        last += 1
    block = lines[first : last + 1]
    return len(block) >= 3 and not any(re.fullmatch(r"[\s|:-]+", line) for line in block)


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    romans = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
    number = number.upper()
    return romans.index(number) + 1 if number in romans else ord(number[0]) - ord("A") + 1

"""a line as it was written -> its words: without pictures, marks and links; numbers and bullets in plain form."""

from __future__ import annotations

import re
import unicodedata

from evalharness.documents.encoding import UNKNOWN

_KEYCAP = re.compile("([0-9]{1,2})\ufe0f?\u20e3(?:([0-9])\ufe0f?\u20e3)?")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BULLETS = frozenset(
    "\u2022\u2023\u2043\u204c\u204d\u2219\u00b7\u2027\u29be\u29bf\uf0b7\uf0a7\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u25b8\u25b9\u25b6\u25ba\u27a2\u2714\u2713\u2610\u2611\u2612\u2705"
)
ARROWS = frozenset("\u2192\u21d2\u27a1\u279c\u2794\u21b3\u21d8\u2197\u21aa")
_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,500}(?:\([^()]{0,200}\)[^()\s]{0,300})?(?:\s+\"[^\"\n]{0,200}\")?\)"
)
_PICTURE_LINK = re.compile(r"!\[[^\[\]]{0,200}\](?:\[[^\[\]]{0,80}\]|\([^()]{0,400}\))")
_WIKI = re.compile(r"!?\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\]")
_ANCHOR = re.compile(r"\s{0,4}\{#[^{}\s]{1,120}\}|<a (?:id|name)=\"[^\"<>]{0,80}\">\s*</a>|\s\^[\w-]{3,20}$")
_TAG = re.compile(
    r"</?(?:b|i|u|em|strong|p|div|span|sup|sub|center|font|aside|small|mark|kbd|details|summary|br)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STARS = re.compile(r"\*{1,3}|~~|==(?=\S)|(?<=\S)==")
_UNDER = re.compile(r"(?<![\w])_{1,3}(?=\S)|(?<=\S)_{1,3}(?=[\s.,;:!?)\]\"\u201d]|$)")


def is_picture(character: str) -> bool:
    """Return whether a character is an emoji, an ornament or what is left of one; letters and arrows are none."""
    if character in ARROWS:
        return False
    return character == UNKNOWN or (
        (character > "\x7f" and unicodedata.category(character) in {"So", "Sk", "Co", "Cs"})
        or 0x1F000 <= ord(character) <= 0x1FAFF
    )


def sign_of(line: str) -> str:
    """Return the picture or arrow in front of the words of a line as it was written; nothing where there is none."""
    start = next((c for c in line if not (c.isspace() or c in "*_>#-+.)(" or c.isdigit())), "")
    return start if start in ARROWS or (start and is_picture(start)) else ""


def unpictured(line: str) -> str:
    """Return a line in ordinary spaces whose keycaps, circled numbers and bullets are plain and pictures gone."""
    if line.isascii():
        return _CONTROL.sub("", line).rstrip()
    line = line.replace("\U0001f51f", "10\ufe0f\u20e3")
    line = _KEYCAP.sub(lambda found: f"{found[1]}{found[2] or ''}. ", line)
    line = _INVISIBLE.sub("", _CONTROL.sub("", line))
    line = "".join(" " if c.isspace() and c not in "\t " else _circled(c) for c in line)
    start = len(line) - len(line.lstrip())
    body = line[start:]
    if body[:1] in _BULLETS and body[1:2].isspace():
        body = "- " + body[1:].lstrip()
    out = "".join("\x00" if is_picture(c) else c for c in body)
    # A picture in front of words, behind a mark or a number, goes with its blanks; one between words leaves one.
    out = re.sub(r"(?:^|(?<=[*_>#\-.)|(] )|(?<=[*_>#|(\s]))\x00(?:\s*\x00)*\s*", "", out)
    return (line[:start] + re.sub(r"[ ]?\x00+", "", out).rstrip()).rstrip()


def _circled(character: str) -> str:
    if "\u2460" <= character <= "\u2473" or "\u2776" <= character <= "\u2793":
        return f"{int(unicodedata.numeric(character))}. "
    return character


def plain(text: str) -> str:
    """Return Markdown text without emphasis, links, anchors and tags."""
    if any(c in text for c in "[{<^"):
        text = _ANCHOR.sub("", text)
        text = _PICTURE_LINK.sub("", text)
        text = _WIKI.sub(lambda found: found[2] or found[1], text)
        text = _LINK.sub(r"\1", text)
        text = _TAG.sub("", text)
    if "*" in text or "~~" in text or "==" in text:
        text = re.sub(r"\\\*", "\x01", text)
        text = _STARS.sub(lambda found: found[0] if _stands_free(found) else "", text).replace("\x01", "*")
    if "_" in text:
        text = _UNDER.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return " ".join(text.split())


def _stands_free(found: re.Match[str]) -> bool:
    """Return whether a star has blanks on both sides, or digits, and so means itself."""
    before = found.string[found.start() - 1 : found.start()] or " "
    after = found.string[found.end() : found.end() + 1] or " "
    return (before.isspace() and after.isspace()) or (before.isdigit() and after.isdigit())


def link_share(text: str) -> float:
    """Return which share of the words of a line are words of links."""
    if "](" not in text and "[[" not in text:
        return 0.0
    linked = sum(len(found[1].split()) for found in _LINK.finditer(text))
    return min(1.0, linked / max(1, len(plain(text).split())))

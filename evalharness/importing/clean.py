"""text of a document -> the same lines, put right: encoding, white space, numbers and bullets in pictures."""

from __future__ import annotations

import itertools
import re

_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
_CIRCLED = re.compile("[\u2460-\u2473\u2474-\u2487\u2776-\u277f\u2780-\u2793]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\ufe0e\ufe0f\U000e0020-\U000e007f]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_BULLET = re.compile(
    r"^(\s*)[\u2022\u2023\u2043\u204c\u204d\u2219\u25a0-\u25ff\u00b7\u2013\u2014\u2027\u29be\u29bf\uf0b7\uf0a7]\s+"
)
_DIVIDER = re.compile(r"^\s*(?:[\u2010-\u2015\u2500\u2501\u2550_~\u2022\u00b7] ?){4,}\s*$")
_EQUALS = re.compile(r"={4,}\s*$")
_CHECKBOX = re.compile(r"^(\s*[-*+]\s+)\[[ xX]\]\s+")
_PICTURE = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"
_PICTURES = re.compile(rf"^(\s*(?:[-*+]\s+|>\s*|#{{1,6}}\s+|\*\*|__|\d{{1,2}}[.)]\s+)*)(?:[{_PICTURE}]+\s*)+")
_LOST = (
    ("\u00ef\u00b8\x8f", ""),
    ("\u00ef\u00b8", ""),
    ("\u00e2\u0192\u00a3", "\u20e3"),
    ("\u00e2\u20ac\u2122", "\u2019"),
    ("\u00e2\u20ac\u0153", "\u201c"),
    ("\u00e2\u20ac\x9d", "\u201d"),
    ("\u00e2\u20ac\u201c", "\u2013"),
    ("\u00e2\u20ac\u201d", "\u2014"),
    ("\u00e2\u20ac\u00a6", "\u2026"),
    ("\u00e2\u20ac\u00a2", "\u2022"),
    ("\u00e2\u2020\u2019", "\u2192"),
    ("\u00e2\u20ac", "\u201d"),
    ("\u00f0\u0178\u201d\u0178", "\U0001f51f"),
)
# Bytes that Windows-1252 does not know are dropped, or become a replacement mark or a space: what they were, by place.
_LOSSY = (
    (re.compile("\u00ef\u00b8[\ufffd ?]?(?=\u00e2\u0192\u00a3)"), ""),
    (re.compile("\u00ef\u00b8\ufffd"), "\u00ef\u00b8\x8f"),
    (re.compile("\u00e2\u20ac\ufffd"), "\u00e2\u20ac\x9d"),
    (re.compile(r"(?<=\S)\u00e2\u20ac(?=[\s.,;:!?*)]|$)"), "\u00e2\u20ac\x9d"),
)
_LOST_PICTURE = re.compile("\u00f0\u0178[^\\w\\s]{1,3}")


def repaired(line: str) -> str:
    """Return a line with mis-decoded stretches put right, even where a program has dropped a byte of them."""
    if line.isascii():
        return line
    import ftfy

    for rule, whole in _LOSSY:
        line = rule.sub(whole, line)
    line = ftfy.fix_encoding(line)
    if "\u00e2" in line or "\u00ef\u00b8" in line or "\u00f0\u0178" in line:
        for wrong, right in _LOST:
            line = line.replace(wrong, right)
        line = _LOST_PICTURE.sub("", line)
    return re.sub("\u00c2(?=[\\s\u00a0]|$)", "", line)


def clean(text: str) -> str:
    """Return `text` line for line (so that line numbers hold) as plain Markdown would write it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    lines = [clean_line(repaired(line)) for line in text.split("\n")]
    below_blank = (_EQUALS.match(line) and not before.strip() for before, line in itertools.pairwise(["", *lines]))
    return "\n".join("---" if opens else line for line, opens in zip(lines, below_blank, strict=True))


def clean_line(line: str) -> str:
    """Return one line with ordinary spaces, ordinary numbers, ordinary bullets, and no pictures in front."""
    line = _KEYCAP.sub(lambda found: f"{found[1]}\u20e3", line)
    line = _SPACES.sub(" ", _CONTROL.sub("", line))
    line = re.sub("(?:[0-9]\u20e3)+|\U0001f51f", _keycap, line)
    line = _CIRCLED.sub(_circled, line)
    line = _INVISIBLE.sub("", line)
    if _DIVIDER.match(line):
        return "---"
    line = _PICTURES.sub(r"\1", line) if not line.isascii() else line
    return _CHECKBOX.sub(r"\1", _BULLET.sub(r"\1- ", line)).rstrip()


def _keycap(found: re.Match[str]) -> str:
    number = "10" if found[0] == "\U0001f51f" else found[0].replace("\u20e3", "")
    return _dotted(number, found)


def _circled(found: re.Match[str]) -> str:
    code = ord(found[0])
    first = next(base for base in (0x278A, 0x2780, 0x2776, 0x2474, 0x2460) if code >= base)
    return _dotted(str((code - first) % 20 + 1), found)


def _dotted(number: str, found: re.Match[str]) -> str:
    """Return a number as it opens a list, where it opens the line; else the bare number."""
    before = found.string[: found.start()]
    opens = not before.strip(" \t*_>#-") and not any(c.isalnum() for c in before)
    after = found.string[found.end() : found.end() + 1]
    dot = "" if after in {".", ")"} else "." + ("" if after == " " else " ")
    listed = re.search(r"[0-9\u20e3\u2460-\u2473]", found.string[found.end() :][:4])
    return f"{number}{dot}" if opens and not listed else f" {number} " if listed or not opens else number

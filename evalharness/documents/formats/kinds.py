"""The first bytes of a file -> what it is, and for what import does not read the one thing to do about it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

PDF, DOCX = "pdf", "docx"
AS_WORD, AS_CSV = "open it, save it as .docx and import that", "open it, save the sheet as .csv and import that"
AS_PDF = "open it, export it as PDF and import that"
AS_TEXT = "copy its text into a file, notes.txt, and import that"
AS_SPEECH = "have it written down first: evalharness practice QUESTION --audio FILE"


class Kind(NamedTuple):
    """What a file is, and what to do with it; nothing to do for what import reads."""

    name: str
    remedy: str = ""


_STARTS = (
    (b"%PDF", Kind(PDF)),
    (b"{\\rtf", Kind("an RTF file", AS_WORD)),
    (b"\x89PNG", Kind("a picture", AS_TEXT)),
    (b"\xff\xd8\xff", Kind("a picture", AS_TEXT)),
    (b"GIF8", Kind("a picture", AS_TEXT)),
    (b"\x1f\x8b", Kind("a compressed file", "unpack it and import the document inside")),
    (b"7z\xbc\xaf", Kind("a compressed file", "unpack it and import the document inside")),
    (b"Rar!\x1a", Kind("a compressed file", "unpack it and import the document inside")),
    (b"SQLite format", Kind("a database", AS_TEXT)),
    (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", Kind("a OneNote file", "export the page as Word (.docx) and import that")),
    (b"bplist00", Kind("a web archive of Safari", "save the page as its source (.html) and import that")),
    *((b"ID3" + bytes([version]), Kind("a recording", AS_SPEECH)) for version in (2, 3, 4)),
    (b"fLaC", Kind("a recording", AS_SPEECH)),
    (b"OggS\0", Kind("a recording", AS_SPEECH)),
)
_OFFICE = {
    "opendocument.spreadsheet": Kind("an OpenDocument spreadsheet", AS_CSV),
    "opendocument.presentation": Kind("an OpenDocument presentation", AS_PDF),
    "opendocument": Kind("an OpenDocument text", AS_WORD),
    "epub": Kind("an e-book", AS_TEXT),
}
_FOLDERS = {
    "word/": Kind(DOCX),
    "xl/": Kind("an Excel workbook", AS_CSV),
    "ppt/": Kind("a PowerPoint file", AS_PDF),
}
_IWORK = {
    "pages": Kind("a document of Apple Pages", "export it as Word (.docx) and import that"),
    "numbers": Kind("a spreadsheet of Apple Numbers", "export it as CSV and import that"),
    "key": Kind("a presentation of Apple Keynote", "export it as PDF and import that"),
}
READ = re.compile(r"\.(?:md|markdown|txt|html?|docx|pdf|csv|tsv|org|eml|vtt|srt)$", re.IGNORECASE)
MOST_NAMED = 3


def kind_of(data: bytes, name: str = "") -> Kind | None:
    """Return what a file is that is no text; None for text."""
    head = data.lstrip()[:20]
    if found := next((kind for start, kind in _STARTS if head.startswith(start)), None):
        return found
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Kind("a recording", AS_SPEECH)
    if data[4:8] == b"ftyp":
        return (
            Kind("a picture", AS_TEXT) if data[8:12] in {b"heic", b"heix", b"mif1"} else Kind("a recording", AS_SPEECH)
        )
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return _old(data)
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, name)
    return _linked(data)


def _old(data: bytes) -> Kind:
    """Return what a file of old Office programs is, by the names in its directory, which are UTF-16."""

    def has(word: str) -> bool:
        return word.encode("utf-16-le") in data

    if has("WordDocument\0"):
        return Kind("an old Word file", AS_WORD)
    if has("__substg1.0_"):
        return Kind("a mail of Outlook (.msg)", "open it, save it as .eml or text and import that")
    if has("Workbook\0") or has("Book\0"):
        return Kind("an old Excel file", AS_CSV)
    if has("PowerPoint Document\0"):
        return Kind("an old PowerPoint file", AS_PDF)
    return Kind("a file of an old Office program", AS_WORD)


def _zipped(data: bytes, name: str) -> Kind:
    """Return what a zip file holds: a document of an office program, or files of their own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            kept = archive.read("mimetype").decode("ascii", "replace") if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError):
        word = b"word/" in data
        return Kind(DOCX) if word else Kind("a damaged zip archive", "export or download it again")
    if found := next((kind for mark, kind in _OFFICE.items() if mark in kept), None):
        return found
    if found := next((kind for folder, kind in _FOLDERS.items() if any(n.startswith(folder) for n in names)), None):
        return found
    if any(n.endswith(".iwa") for n in names):
        return _IWORK.get(name.lower().rpartition(".")[2], _IWORK["pages"])
    return _archive(names)


def _archive(names: Sequence[str]) -> Kind:
    """Return what to do with an archive: unpack it, and import the files in it that import reads."""
    own = [n.rpartition("/")[2] for n in names if READ.search(n) and not n.startswith("__MACOSX")]
    packed = [n for n in names if n.lower().endswith(".zip")]
    if not own:
        inner = "unpack it, and the archives in it" if packed else "unpack it"
        return Kind("a zip archive", f"{inner}, and import the documents one by one")
    shown = ", ".join(own[:MOST_NAMED]) + (f" and {len(own) - MOST_NAMED} more" if len(own) > MOST_NAMED else "")
    return Kind("a zip archive", f"unpack it and import the documents in it one by one: {shown}")


def _linked(data: bytes) -> Kind | None:
    """Return what a small file is that only leads to a document elsewhere."""
    if len(data) < 2000 and data.lstrip().startswith(b"{") and b'"doc_id"' in data:
        return Kind("only a link to a Google document", "download it there as Word (.docx) and import that")
    return None

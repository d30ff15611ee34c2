"""A PDF with text in it -> pieces; what stands at the top or foot of several pages is marked as such."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec

from evalharness.documents.encoding import repaired
from evalharness.documents.formats.made import Piece
from evalharness.documents.formats.text import from_text
from evalharness.errors import InputError

LEAST_LETTERS = 20


def from_pdf(data: bytes, name: str) -> Sequence[Piece]:
    """Return the pieces of a PDF; raises `InputError` for a scan, for a locked file and for a damaged one."""
    pages = [page.split("\n") for page in _pages(data, name or "this PDF")]
    if sum(c.isalpha() for page in pages for line in page for c in line) < LEAST_LETTERS:
        raise InputError(
            f"{name or 'this'} is a scanned PDF without text",
            hint="recognise its text first (OCR), or save the original as text",
            slug="document",
        )
    edges = Counter(_mask(line) for page in pages for line in {*_content(page)[:2], *_content(page)[-2:]})
    running = {text for text, count in edges.items() if count > 1 and len(pages) > 1 and count >= 0.5 * len(pages)}
    heads = [line.strip() for page in pages for line in page if _mask(line) in running]
    kept = [line for page in pages for line in page if _mask(line) not in running]
    found = from_text(repaired(_bulleted("\n".join(kept))))
    furniture = [Piece(text=line, place=len(kept) + 1, why="head or foot of a page") for line in dict.fromkeys(heads)]
    return [*(msgspec.structs.replace(piece) for piece in found), *furniture]


def _pages(data: bytes, name: str) -> list[str]:
    try:
        import pypdf
    except ImportError as error:
        raise InputError(
            f"{name} is a PDF, and pypdf, which reads it, is missing",
            hint="install evalharness again; it brings what reads documents",
            slug="not-installed",
        ) from error
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(
                f"{name} is a PDF that is locked with a password",
                hint="save it without the password first",
                slug="document",
            )
        return [_page(page) for page in reader.pages]
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"{name} is a damaged PDF: {error}"[:200], hint="open it and save or print it as PDF again", slug="document"
        ) from error


def _page(page: Any) -> str:
    """Return the text of a page with its blank lines, by which titles are known; plain where that fails."""
    try:
        return str(page.extract_text(extraction_mode="layout", layout_mode_space_vertically=True) or "")
    except Exception:  # noqa: BLE001 - the layout of some pages cannot be told; their words still can
        return str(page.extract_text() or "")


def _content(page: Sequence[str]) -> list[str]:
    return [line for line in page if line.strip()]


def _mask(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _bulleted(text: str) -> str:
    """Return the text with bullets that stand on a line of their own put in front of their words."""
    return re.sub(r"(?m)^[ \t]*([\u2022\u25cf\u25e6\u25aa\u00b7o-])[ \t]*\n(?=\S)", r"\1 ", text)

"""A Word document (.docx) -> pieces, by way of the web page that mammoth makes of it."""

from __future__ import annotations

import io
from collections.abc import Sequence

from evalharness.documents.encoding import repaired
from evalharness.documents.formats.made import Piece
from evalharness.errors import InputError

_STYLES = "u => u\np[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh\np[style-name='Quote'] => blockquote > p:fresh\n"


def from_docx(data: bytes, name: str) -> Sequence[Piece]:
    """Return the pieces of a Word document."""
    try:
        import mammoth
    except ImportError as error:
        raise InputError(
            f"{name or 'this'} is a Word document, and mammoth, which reads it, is missing",
            hint="install evalharness again; it brings what reads documents",
            slug="not-installed",
        ) from error
    from evalharness.documents.formats.html import from_html

    try:
        page = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(lambda _: {"src": ""})
        )
    except Exception as error:
        raise InputError(
            f"{name or 'this'} is a damaged Word document: {error}"[:200],
            hint="open it in Word and save it again",
            slug="document",
        ) from error
    return from_html(repaired(page.value))

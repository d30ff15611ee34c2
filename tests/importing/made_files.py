"""Word and PDF files made of a plain text beside the test, so that what stands in them can be read in a review."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
LINES_ON_A_PAGE = 48


def as_file(document: Path) -> tuple[bytes, str]:
    """Return the bytes and the name of a document; `word-*.txt` and `pdf-*.txt` become what their names say."""
    text = document.read_text(encoding="utf-8")
    if document.name.startswith("word-"):
        return docx(text), f"{document.stem}.docx"
    if document.name.startswith("pdf-"):
        return pdf(text), f"{document.stem}.pdf"
    return document.read_bytes(), document.name


def docx(text: str) -> bytes:
    """Return a Word file of lines such as `Heading 1|Title`; `**words**` are bold."""
    body = "".join(_paragraph(*line.split("|", 1)) for line in text.splitlines() if "|" in line)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{_RELATIONS}"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_TYPE}"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')
    return target.getvalue()


def _paragraph(style: str, text: str) -> str:
    """Return one paragraph; a list item is told by its style, as mammoth reads it."""
    listed = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>" if style == "List" else ""
    name = "ListParagraph" if style == "List" else style.replace(" ", "")
    runs = "".join(
        f'<w:r>{"<w:rPr><w:b/></w:rPr>" if at % 2 else ""}<w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
        for at, part in enumerate(re.split(r"\*\*", text))
        if part
    )
    return f'<w:p><w:pPr><w:pStyle w:val="{name}"/>{listed}</w:pPr>{runs}</w:p>'


def pdf(text: str) -> bytes:
    """Return a PDF with the lines of a text as they are, in pages."""
    lines = text.rstrip("\n").split("\n")
    pages = [lines[at : at + LINES_ON_A_PAGE] for at in range(0, len(lines), LINES_ON_A_PAGE)]
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, page in enumerate(pages):
        stream = _page(page)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, data in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _page(lines: list[str]) -> bytes:
    """Return the drawing of one page: each line with text at its own height."""
    drawn = [
        b"1 0 0 1 60 %d Tm (%s) Tj" % (790 - 15 * at, re.sub(rb"([\\()])", rb"\\\1", line.encode("cp1252")))
        for at, line in enumerate(lines)
        if line.strip()
    ]
    return b"BT /F1 11 Tf\n" + b"\n".join(drawn) + b"\nET"

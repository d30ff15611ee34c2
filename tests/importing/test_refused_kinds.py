"""What import does not read is called by its true name, with the one thing to do; a mail's lines are found again."""

from __future__ import annotations

import email.policy
import io
import zipfile
from email.message import EmailMessage

import pytest

from evalharness.documents.formats import counted, read_lines
from evalharness.errors import InputError

MIME = "application/vnd.oasis.opendocument."


def zipped(**files: str) -> bytes:
    """Return a zip archive of files by path; `__` stands for a slash and `_` for a dot."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return stream.getvalue()


def old(entry: str) -> bytes:
    """Return the beginning of a compound file with one entry in its directory."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + f"{entry}\0".encode("utf-16-le")


NOTION = {
    "Prep abc__Stories 1_md": "# S",
    "Prep abc__Questions 2_md": "# Q",
    "Prep abc__Table 3_csv": "a,b",
    "x_md": "#",
}
KINDS = {
    "a.ods": (zipped(mimetype=MIME + "spreadsheet"), "an OpenDocument spreadsheet", "save the sheet as .csv"),
    "a.odt": (zipped(mimetype=MIME + "text", content_xml="<x/>"), "an OpenDocument text", "save it as .docx"),
    "a.odp": (zipped(mimetype=MIME + "presentation"), "an OpenDocument presentation", "export it as PDF"),
    "a.xlsx": (zipped(xl__workbook_xml="<x/>"), "an Excel workbook", "save the sheet as .csv"),
    "a.pptx": (zipped(ppt__presentation_xml="<x/>"), "a PowerPoint file", "export it as PDF"),
    "a.epub": (zipped(mimetype="application/epub+zip"), "an e-book", "copy its text into a file"),
    "a.pages": (zipped(Index__Document_iwa="x"), "a document of Apple Pages", "export it as Word (.docx)"),
    "a.numbers": (zipped(Index__Document_iwa="x"), "a spreadsheet of Apple Numbers", "export it as CSV"),
    "a.rtf": (b"{\\rtf1\\ansi Why us?}", "an RTF file", "save it as .docx"),
    "a.one": (b"\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d" + bytes(40), "a OneNote file", "export the page as Word (.docx)"),
    "a.doc": (old("WordDocument"), "an old Word file", "save it as .docx"),
    "a.xls": (old("Workbook"), "an old Excel file", "save the sheet as .csv"),
    "a.msg": (old("__substg1.0_1000001F"), "a mail of Outlook (.msg)", "save it as .eml or text"),
    "a.gdoc": (b'{"url": "https://example.org", "doc_id": "1"}', "only a link to a Google document", "as Word (.docx)"),
    "a.webarchive": (b"bplist00" + bytes(40), "a web archive of Safari", "save the page as its source (.html)"),
    "a.wav": (b"RIFF\x24\0\0\0WAVEfmt ", "a recording", "--audio FILE"),
    "a.m4a": (b"\0\0\0\x20ftypM4A ", "a recording", "--audio FILE"),
    "a.heic": (b"\0\0\0\x20ftypheic", "a picture", "copy its text into a file"),
    "a.zip": (
        zipped(**NOTION),
        "a zip archive",
        "unpack it and import the documents in it one by one: Stories 1.md, Questions 2.md, Table 3.csv and 1 more",
    ),
    "b.zip": (zipped(Export__Part_zip="x"), "a zip archive", "unpack it, and the archives in it"),
    "c.zip": (zipped(mimetype=MIME + "text")[:40], "a damaged zip archive", "export or download it again"),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_not_read_is_named_with_what_to_do(name: str) -> None:
    """By what the file holds and not by its ending alone."""
    data, kind, remedy = KINDS[name]

    with pytest.raises(InputError) as error:
        read_lines(data, name)

    assert str(error.value) == f"{name} is {kind}, which import does not read"
    assert remedy in (error.value.hint or "")


@pytest.mark.parametrize("text", ["Rar! said the crow, why us?", "ID3 tags: why do they matter?", '{"doc": "a"}'])
def test_a_text_that_begins_like_another_kind_is_read(text: str) -> None:
    """A few letters alone make no archive."""
    assert read_lines(text.encode(), "a.txt")[0].text


TOLD = (
    "Hi Dana,\n\n1. Why do you want to leave the archive?\n"
    + "The archive is folded into the library \u2014 my post goes in June, and I would rather work with people. " * 2
    + "\n\n2. Tell me about something hard.\nA crew had ten minutes for a letter.\n\nJ\u00f6rg\n"
)
PAGE = "<html><body>" + "".join(f"<p>{line}</p>\n" for line in TOLD.split("\n") if line) + "</body></html>"


def mail(**body: str) -> EmailMessage:
    """Return a mail with a subject in letters that need encoding, and this body."""
    message = EmailMessage()
    message["From"], message["To"] = "j@example.org", "d@example.org"
    message["Subject"], message["Date"] = "Fragen f\u00fcr Dienstag", "Mon, 04 May 2026 10:00:00 +0200"
    if body:
        message.set_content(body.pop("text"), **body)  # type: ignore[arg-type]
    return message


PLACED = {
    "quoted-printable": mail(text=TOLD, cte="quoted-printable"),
    "8bit": mail(text=TOLD, cte="8bit"),
    "a page, quoted-printable": mail(text=PAGE, subtype="html", cte="quoted-printable"),
}
UNPLACED = {
    "base64": (mail(text=TOLD, cte="base64"), "the lines of the mail as text"),
    "a page in base64": (mail(text=PAGE, subtype="html", cte="base64"), "the lines of the web page in the mail"),
}


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("form", PLACED)
def test_the_lines_of_a_mail_are_those_of_its_file(form: str, end: str) -> None:
    """Soft ends of lines count; so somebody finds the line that import names, and no letter is lost."""
    data = PLACED[form].as_bytes(policy=email.policy.default.clone(linesep=end))
    lines = read_lines(data, "a.eml")

    (asked,) = (line for line in lines if "something hard" in line.text)
    assert "Tell me about something hard." in data.decode().split(end)[asked.place - 1]
    assert any(line.text == "J\u00f6rg" for line in lines)
    assert lines[0].text == "Subject: Fragen f\u00fcr Dienstag"
    assert counted(data, "a.eml") == ""


@pytest.mark.parametrize("form", UNPLACED)
def test_import_says_what_it_counts_where_a_mail_is_encoded_as_a_whole(form: str) -> None:
    """Nobody can find a line in base64."""
    message, told = UNPLACED[form]
    data = message.as_bytes()

    assert counted(data, "a.eml").startswith(told)
    assert any(line.text == "J\u00f6rg" for line in read_lines(data, "a.eml"))


def test_a_mail_that_only_carries_a_file_is_no_document() -> None:
    """Its head and the letters of the attachment are no words of anybody."""
    message = mail()
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="answers.pdf")

    with pytest.raises(InputError, match="without words of its own") as error:
        read_lines(message.as_bytes(), "a.eml")

    assert error.value.hint == "save answers.pdf and import that"

"""One reader for each kind of file: bytes -> numbered lines, none of them dropped."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from evalharness.documents.encoding import decoded, repaired
from evalharness.documents.formats.kinds import DOCX, PDF, kind_of
from evalharness.documents.formats.made import Piece, numbered
from evalharness.documents.nouns import Line
from evalharness.errors import InputError

_SAVE = "save it as .docx, PDF with text, Markdown, HTML, CSV or plain text first"


def read_lines(data: bytes, name: str = "") -> tuple[Line, ...]:
    """Return the lines of a document; raises `InputError` with the true name of what cannot be read."""
    return numbered(_pieces(data, name))


def counted(data: bytes, name: str = "") -> str:
    """Return what the line numbers of a document count, where these are not the lines of its file."""
    kind = kind_of(data, name)
    if kind:
        return {DOCX: "the paragraphs of the Word document", PDF: "the lines of the PDF's text"}.get(kind.name, "")
    from evalharness.documents.formats import mail
    from evalharness.documents.formats.html import looks_like_html

    text = _plain(data)
    if not mail.is_mail(text, name.lower().rpartition(".")[2]):
        return ""
    inner = mail.body(text)
    if mail.places_of(text, inner):
        return ""
    if looks_like_html(inner):
        return "the lines of the web page in the mail, which is encoded in the file"
    return "the lines of the mail as text: its subject is line 1, what it says begins in line 3"


def guessed_by(data: bytes, name: str = "") -> str:
    """Return what tells the speakers of captions without names apart, a guess; an empty text for any other document."""
    from evalharness.documents.formats import captions
    from evalharness.transcripts.reading import Refused, read_talk

    text = "" if kind_of(data) else _plain(data)
    if not captions.is_captions(text, name.lower().rpartition(".")[2]):
        return ""
    try:
        return captions.guessed(read_talk(text, name)).by
    except Refused:
        return ""


def _plain(data: bytes) -> str:
    """Return the text of a document with its ends of lines all alike."""
    text = repaired(decoded(data)).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\u2028", "\n").replace("\u2029", "\n\n")


def _pieces(data: bytes, name: str) -> Sequence[Piece]:
    kind = kind_of(data, name)
    if kind and kind.name == DOCX:
        from evalharness.documents.formats.word import from_docx

        return from_docx(data, name)
    if kind and kind.name == PDF:
        from evalharness.documents.formats.pdf import from_pdf

        return from_pdf(data, name)
    if kind:
        raise InputError(
            f"{name or 'this document'} is {kind.name}, which import does not read", hint=kind.remedy, slug="document"
        )
    text = _plain(data)
    if "\0" in text:
        raise InputError(f"{name or 'this document'} is not a text document", hint=_SAVE, slug="document")
    return from_string(text, name)


def from_string(text: str, name: str = "") -> Sequence[Piece]:
    """Return the pieces of a text by what it is: a web page, a table, a mail, an outline, Markdown or plain text."""
    from evalharness.documents.formats import assistant, captions, chats, grid, mail, org
    from evalharness.documents.formats.html import from_html, looks_like_html
    from evalharness.documents.formats.text import from_text

    suffix = name.lower().rpartition(".")[2]
    if mail.is_mail(text, suffix):
        return _mailed(text, name)
    if captions.is_captions(text, suffix):
        return _captions(text, name)
    if suffix not in {"csv", "tsv"} and looks_like_html(text):
        return from_html(text)
    delimiter = grid.delimiter_of(text, suffix)
    if delimiter:
        return grid.from_csv(text, delimiter)
    if org.is_org(text, suffix):
        text = org.as_markdown(text)
    return assistant.from_assistant(text) or chats.from_chat(text) or from_text(text)


def _mailed(text: str, name: str) -> Sequence[Piece]:
    """Return the pieces of a mail, each with its line in the file where the mail can be read there."""
    from evalharness.documents.formats import mail
    from evalharness.documents.formats.html import from_html, looks_like_html
    from evalharness.documents.formats.text import from_text

    inner = mail.body(text)
    if not inner.strip():
        files = ", ".join(mail.attached(text)) or "what is attached to it"
        raise InputError(
            f"{name or 'this document'} is a mail without words of its own",
            hint=f"save {files} and import that",
            slug="document",
        )
    if looks_like_html(inner):
        subject, at = mail.subject_of(text)
        places = mail.places_of(text, inner)
        head = [Piece(text=f"Subject: {subject}", place=at if places else 1)] if subject else []
        return [*head, *(_placed(piece, places) for piece in from_html(inner))]
    shown, places = mail.headed(text, inner)
    return [_placed(piece, places) for piece in from_text(shown)]


def _placed(piece: Piece, places: Sequence[int]) -> Piece:
    """Return a piece with its line in the file, where the lines of the text have one there."""
    return msgspec.structs.replace(piece, place=places[min(piece.place, len(places)) - 1]) if places else piece


def _captions(text: str, name: str) -> Sequence[Piece]:
    from evalharness.documents.formats.captions import from_captions
    from evalharness.transcripts.talk import Refused

    try:
        return from_captions(text, name)
    except Refused as refused:
        hint = refused.hint or "export the transcript again"
        raise InputError(
            f"{name or 'this document'}, line {refused.line}: {refused.reason}", hint=hint, slug="document"
        ) from refused

"""A mail -> its text below its head; the lines of the head stay, as furniture."""

from __future__ import annotations

import email
import email.message
import email.policy
import re

_HEAD = re.compile(
    r"(?:From|To|Date|Subject|Return-Path|Received|Delivered-To|MIME-Version|Message-ID)\s?: ?\S", re.IGNORECASE
)


_AS_IT_IS = ("7bit", "8bit", "binary")


def is_mail(text: str, suffix: str) -> bool:
    """Return whether a text is a mail as a program keeps it, with its head in front."""
    lines = text.lstrip().split("\n")[:8]
    return suffix == "eml" or (
        sum(bool(_HEAD.match(line)) for line in lines) >= 3 and "mime-version" in text[:6000].lower()
    )


def body(text: str) -> str:
    """Return the words of a mail: its plain part, else its web page; nothing where only something is attached to it."""
    part = _part(text)
    if part is None:
        return ""
    if part.get_content_maintype() != "text":
        return ""
    if str(part.get("content-transfer-encoding", "7bit")).lower() in _AS_IT_IS:
        return str(part.get_payload())  # decoded with the file; once more would drop what is no ASCII
    return str(part.get_content()).replace("\r\n", "\n")


def attached(text: str) -> tuple[str, ...]:
    """Return the names of the files that are attached to a mail."""
    message = email.message_from_string(text.lstrip(), policy=email.policy.default)
    return tuple(name for part in message.walk() if (name := part.get_filename()))


def headed(text: str, inner: str) -> tuple[str, list[int]]:
    """Return the body with the subject above it as its title, and for each line of that the line of the file.

    A body that cannot be read in the file has no lines there: no number at all is returned then.
    """
    subject, at = subject_of(text)
    places = places_of(text, inner)
    if not subject:
        return inner, places
    return f"Subject: {subject}\n\n{inner}", [at, at, *places] if places else []


def subject_of(text: str) -> tuple[str, int]:
    """Return the subject of a mail and the line of the file that it stands in."""
    message = email.message_from_string(text.lstrip(), policy=email.policy.default)
    at = next((n for n, line in enumerate(text.split("\n"), start=1) if line.lower().startswith("subject:")), 1)
    return str(message.get("subject", "")), at


def _part(text: str) -> email.message.MIMEPart | None:
    message = email.message_from_string(text.lstrip(), policy=email.policy.default)
    return message.get_body(preferencelist=("plain", "html"))


def places_of(text: str, inner: str) -> list[int]:
    """Return the line of the file in which each line of a body begins; none where it is encoded as a whole."""
    part = _part(text)
    raw = str(part.get_payload()) if part is not None else ""
    at = text.find(raw) if raw.strip() else -1
    encoding = part.get("content-transfer-encoding", "").lower() if part is not None else ""
    if at < 0 or encoding == "base64":
        return []
    lines = raw.split("\n")
    begins = [n for n in range(len(lines)) if not (encoding == "quoted-printable" and n and lines[n - 1].endswith("="))]
    first = text.count("\n", 0, at) + 1
    return [first + n for n in begins] if len(begins) == len(inner.split("\n")) else []

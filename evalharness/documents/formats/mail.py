"""A mail -> its text below its head; the lines of the head stay, as furniture."""

from __future__ import annotations

import email
import email.policy
import re

_HEAD = re.compile(
    r"(?:From|To|Date|Subject|Return-Path|Received|Delivered-To|MIME-Version|Message-ID)\s?: ?\S", re.IGNORECASE
)


def is_mail(text: str, suffix: str) -> bool:
    """Return whether a text is a mail as a program keeps it, with its head in front."""
    lines = text.lstrip().split("\n")[:8]
    return suffix == "eml" or (
        sum(bool(_HEAD.match(line)) for line in lines) >= 3 and "mime-version" in text[:6000].lower()
    )


def body(text: str) -> str:
    """Return the words of a mail: its plain part, else its web page."""
    message = email.message_from_string(text.lstrip(), policy=email.policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return text
    content = part.get_content() if part.get_content_maintype() == "text" else ""
    return str(content).replace("\r\n", "\n")


def headed(text: str, inner: str) -> str:
    """Return the body with the subject above it as its title."""
    subject = email.message_from_string(text.lstrip(), policy=email.policy.default).get("subject", "")
    return f"Subject: {subject}\n\n{inner}" if subject else inner

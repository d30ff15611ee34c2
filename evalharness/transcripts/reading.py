"""text of a file, its ending -> the talk in it, or why there is none."""

from __future__ import annotations

from typing import Final

from evalharness.transcripts import plain, recognisers
from evalharness.transcripts.subtitles import read_srt, read_vtt
from evalharness.transcripts.talk import Refused, Talk

ENDINGS: Final = (".vtt", ".srt", ".json", ".txt")
ALWAYS: Final = (".vtt", ".srt")
TIMES: Final = ".times.json"
"""The ending of the files that evalharness keeps times in: no transcripts."""
HEAD: Final = 20_000


def read_talk(text: str, name: str) -> Talk:
    """Return the talk of a transcript called `name`; raises `Refused` with line and reason."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    if not text.strip():
        raise Refused(1, "the file is empty")
    lower = name.lower()
    if lower.endswith(".vtt") or (text.startswith("WEBVTT") and "-->" in text[:HEAD]):
        return read_vtt(text)
    if lower.endswith(".srt"):
        return read_srt(text)
    if lower.endswith(".json"):
        return recognisers.read_json(text)
    if "-->" in text[:HEAD] and text.lstrip()[:1].isdigit() and text.lstrip().split("\n", 1)[0].strip().isdigit():
        return read_srt(text)
    return plain.read_text(text)


def looks_like_talk(name: str, head: str) -> bool:
    """Return whether a file is a transcript by its ending, or, where others end so too, by how it begins."""
    lower = name.lower()
    if lower.endswith(TIMES):
        return False
    if lower.endswith(ALWAYS):
        return True
    if lower.endswith(".json"):
        return recognisers.looks_like_one(head)
    return lower.endswith(".txt") and plain.looks_like_one(head)


__all__ = ["ENDINGS", "HEAD", "TIMES", "Refused", "Talk", "looks_like_talk", "read_talk"]

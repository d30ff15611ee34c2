"""a line of a transcript -> the speaker in front of it, and what was said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from evalharness.transcripts.talk import Utterance

MOST_WORDS: Final = 5
MOST_NAMED: Final = 0.6
LONGEST: Final = 60
_COLON = re.compile(r"(?::\s{1,9}|\uff1a\s{0,9})(?=\S)")


def named(text: str) -> tuple[str, str]:
    """Return (speaker, words) of a line such as `Priya Nair: We had two weeks.`; no speaker where none is in front."""
    colon = _COLON.search(text, 0, LONGEST + MOST_WORDS)
    name = text[: colon.start()].removeprefix(">>").strip() if colon else ""
    odd = len(name) > LONGEST or not name[:1].isalpha() or any(sign in name for sign in ":\uff1a<>\n[]")
    if colon is None or odd or len(name.split()) > MOST_WORDS or re.search(r"[.!?,;]\s|[!?]$", name):
        return "", text
    return name, text[colon.end() :]


def with_names(found: Sequence[Utterance]) -> list[Utterance]:
    """Return utterances with the speakers that stand in front of their words, where the transcript names them so.

    A colon in a sentence makes no speaker: a name counts where it opens two utterances, and once where nearly all of
    them are named.  What has no name goes on with the speaker before.
    """
    split = [named(each.text) if not each.speaker else ("", each.text) for each in found]
    counts = Counter(name for name, _ in split if name)
    known = {name for name, count in counts.items() if count > 1}
    named_ones = sum(bool(name) or bool(each.speaker) for (name, _), each in zip(split, found, strict=True))
    if named_ones == len(found) or (known and named_ones >= MOST_NAMED * len(found)):
        known |= {name for name in counts if named_ones == len(found) or name.istitle()}
    result: list[Utterance] = []
    speaker = ""
    for each, (name, words) in zip(found, split, strict=True):
        if each.speaker or name in known:
            speaker = each.speaker or name
        text = words if name in known else each.text
        result.append(_spoken_by(each, speaker, text))
    return result


def _spoken_by(each: Utterance, speaker: str, text: str) -> Utterance:
    words = each.words
    if words and text != each.text:
        names = len(each.text[: len(each.text) - len(text)].split())
        words = words[names:]
    return msgspec.structs.replace(each, text=text, speaker=speaker, words=words)

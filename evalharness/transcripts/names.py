"""a line of a transcript -> the speaker in front of it, and what was said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import msgspec

from evalharness.transcripts.talk import Utterance

MOST_WORDS: Final = 5
MOST_NAMED: Final = 0.6
LONGEST: Final = 60
HEADS: Final = 2
"""So many speakers make a talk."""
_BRACKETED = re.compile(r"[\[(]([^\W\d_][^\[\]()]{0,59})[\])]\s*:?\s+(?=\S)")
_SOUND = re.compile(r"[\[(]([^\[\]()]{1,60})[\])]")
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

    Neither a colon in a sentence nor a sound in brackets makes a speaker: `_by_colon` and `_by_bracket` say what does.
    What has no name goes on with the speaker before.
    """
    colons = [named(each.text) if not each.speaker else ("", each.text) for each in found]
    known = _by_colon(found, [name for name, _ in colons])
    split = colons
    if not known and not any(each.speaker for each in found):
        split = [_bracketed(each.text) for each in found]
        known = _by_bracket(found, [name for name, _ in split])
    result: list[Utterance] = []
    speaker = ""
    for each, (name, words) in zip(found, split, strict=True):
        if each.speaker or name in known:
            speaker = each.speaker or name
        text = words if name in known else each.text
        result.append(_spoken_by(each, speaker, text))
    return result


def _by_colon(found: Sequence[Utterance], names: Sequence[str]) -> frozenset[str]:
    """Return the labels before a colon that name speakers: two that come again, written as the commonest is.

    One that stands once counts where nearly all turns are named, it is written just so, and it is no word of the talk.
    Where only one is left, it is no second speaker, and nobody's words may be put aside for it.
    """
    tagged = {each.speaker for each in found if each.speaker}
    if 2 * sum(bool(each.speaker) for each in found) > len(found):
        return frozenset(name for name in names if name in tagged)
    counts = Counter(name for name in names if name)
    if not counts:
        return frozenset()
    first = counts.most_common(1)[0][0]
    like = {name for name in counts if _form(name) == _form(first)}
    again = {name for name in like if counts[name] > 1}
    known = set(again)
    many = sum(bool(name) or bool(each.speaker) for name, each in zip(names, found, strict=True))
    if many == len(found) or (again and many >= MOST_NAMED * len(found)):
        known = again | {name for name in like if len(again) < HEADS or _is_like(name, again, found)}
    alone = len(known | tagged) < 2 and not names[0] and found[0].start is not None
    return frozenset() if alone else frozenset(known)


def _is_like(name: str, others: set[str], found: Sequence[Utterance]) -> bool:
    """Return whether a name has as many words as others have, and none that the talk uses in small letters."""
    small = {word for each in found for word in each.text.split()}
    return len(name.split()) in {len(each.split()) for each in others} and small.isdisjoint(name.lower().split())


def _by_bracket(found: Sequence[Utterance], names: Sequence[str]) -> frozenset[str]:
    """Return what stands in brackets before the words and names speakers, and no sound.

    A talk whose speakers stand so begins with one; each comes again and is written as the first is, none stands within
    what is said, and nearly every cue has one, or they go to and fro.
    """
    first = names[0] if names else ""
    if not first:
        return frozenset()
    counts = Counter(name for name in names if name)
    within = {each.strip() for one in found for each in _SOUND.findall(_bracketed(one.text)[1])}
    known = {n for n, count in counts.items() if (count > 1 or n == first) and _form(n) == _form(first)} - within
    marked = [name for name in names if name in known]
    to_and_fro = len(marked) >= 2 * HEADS and all(a != b for a, b in pairwise(marked))
    if len(known) < HEADS or not (to_and_fro or len(marked) >= MOST_NAMED * len(found)):
        return frozenset()
    return frozenset(known)


def _bracketed(text: str) -> tuple[str, str]:
    """Return (what stands in brackets, words) of a line such as `[Priya Nair] We had two weeks.`."""
    found = _BRACKETED.match(text)
    return (found[1].strip(), text[found.end() :]) if found else ("", text)


def _form(name: str) -> tuple[bool, bool]:
    """Return how a name is written: whether its first and its last word begin with a small letter."""
    words = name.split()
    return words[0][:1].islower(), words[-1][:1].islower()


def _spoken_by(each: Utterance, speaker: str, text: str) -> Utterance:
    words = each.words
    if words and text != each.text:
        names = len(each.text[: len(each.text) - len(text)].split())
        words = words[names:]
    return msgspec.structs.replace(each, text=text, speaker=speaker, words=words)

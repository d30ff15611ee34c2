"""lines with a name or a phrase of the document's own in front -> the same with labels: who asks, who answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from evalharness.importing.labels import NAME, asks, label_of
from evalharness.importing.nouns import Block
from evalharness.text.words import fold_text

_SAYS = re.compile(rf"^(?P<name>{NAME})(?: ?\([^)]*\))? ?: +(?P<said>\S.*)$", re.DOTALL)
_OWN = re.compile(r"^(?P<label>[^:?!.]{2,40}):(?=\s|$)\s*(?P<rest>.*)$", re.DOTALL)
LEAST, PROSE, MOST_WORDS = 2, 8, 6


def labelled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return `blocks` with "Question:", "Answer:" and "Follow-up question:" for names and phrases that mean these."""
    return tuple(_phrases(_talk(blocks)))


def _talk(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the talk of two people as questions and answers; any other text as it is."""
    said = [
        None if block.kind in {"row", "heading"} or label_of(block.text) else _SAYS.match(block.text)
        for block in blocks
    ]
    names = Counter(found["name"] for found in said if found)
    asked = Counter(
        found["name"]
        for at, found in enumerate(said)
        if found and asks(found["said"]) and _is_answered(blocks, said, at)
    )
    asker = next((name for name, count in names.items() if count >= LEAST and asked[name] * 2 > count), "")
    if not asker:
        return blocks
    answers = {name for name, count in names.items() if count >= LEAST and name != asker}
    turned: list[Block] = []
    answered = False
    for block, found in zip(blocks, said, strict=True):
        text = block.text
        if found and found["name"] == asker and asks(found["said"]):
            text, answered = f"Question: {found['said']}", False
        elif found and found["name"] in answers:
            back = answered and asks(found["said"])
            text = f"Follow-up question to {asker}: {found['said']}" if back else f"Answer: {found['said']}"
        answered = answered or _is(text, "answer")
        turned.append(msgspec.structs.replace(block, text=text, number=0) if text != block.text else block)
    return turned


def _is_answered(blocks: Sequence[Block], said: Sequence[re.Match[str] | None], at: int) -> bool:
    """Return whether somebody answers directly: another speaker, a labelled answer, a paragraph."""
    if at + 1 >= len(blocks):
        return False
    own, after, found = said[at], blocks[at + 1], said[at + 1]
    if found:
        return own is not None and found["name"] != own["name"] and not asks(found["said"])
    return _is(after.text, "answer") or (not after.heads and not asks(after.text) and len(after.text.split()) >= PROSE)


def _phrases(blocks: Sequence[Block]) -> list[Block]:
    """Return `blocks` with a label where the same words come again and again in front of something asked.

    Such words under answers ("Over to you, Imre:") are this document's name for the question asked back.
    """
    own = [None if block.kind == "row" or label_of(block.text) else _OWN.match(block.text) for block in blocks]
    asked: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for at, found in enumerate(own):
        if found and len(found["label"].split()) <= MOST_WORDS:
            seen[fold_text(found["label"])] += 1
            asked[fold_text(found["label"])] += _asks_back(blocks, at, found["rest"])
    mine = {label for label, count in asked.items() if count >= LEAST and count == seen[label]}
    return [
        _as_follow_up(block, found) if found and fold_text(found["label"]) in mine else block
        for block, found in zip(blocks, own, strict=True)
    ]


def _asks_back(blocks: Sequence[Block], at: int, rest: str) -> bool:
    """Return whether what stands behind a phrase asks, below an answer and with none under it."""
    last = at if rest else at + 1
    words = rest or (blocks[last].text if last < len(blocks) else "")
    after = blocks[last + 1] if last + 1 < len(blocks) else None
    before = blocks[at - 1] if at else None
    prose = (
        before is not None and not before.heads and (len(before.text.split()) >= PROSE or _is(before.text, "answer"))
    )
    done = after is None or after.kind == "rule" or after.heads or len(after.text.split()) < PROSE or asks(after.text)
    return asks(words) and prose and (done or _is(after.text if after else "", "question"))


def _as_follow_up(block: Block, found: re.Match[str]) -> Block:
    named = re.search(rf"(?:^|(?:to|for|you),? )({NAME})$", found["label"])
    to = f" to {named[1]}" if named else ""
    return msgspec.structs.replace(block, text=f"Follow-up question{to}: {found['rest']}".strip(), number=0)


def _is(text: str, kind: str) -> bool:
    label = label_of(text)
    return label is not None and label.kind == kind

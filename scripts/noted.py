"""the texts of labelled documents -> banks of questions, and notes with points below titles, each line with its tag.

So many people keep them online: lists of questions that nobody has answered yet, and a title or a topic with what they
would say as points below it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.documents.features import advises
from evalharness.text.words import sentences
from scripts.restyled import MOST_PAIRS, Tagged, Told
from scripts.talked import PHRASES, Phrases, language_of

LEAST_PAIRS, LEAST_BANK, MOST_BANK, MOST_WORDS = 2, 8, 30, 220
NOTES = PHRASES["notes"]
LEADS = ("## ", "### ", "#### ", "**", "", "", "- ", "* ", "{n}. ", "{n}) ", "Q{n}. ", "Q: ")
ADVICE = 0.4
LABELS = (":", " -", " =>", "")
POINTS = ("- ", "* ", "    - ", "  * ", "\t- ", "+ ", "\u2022 ")


class Pool(NamedTuple):
    """What the documents of one language ask, and their lines that neither ask nor answer."""

    asked: list[str]
    others: list[str]
    advice: list[str]


def banked(pool: Pool, asks: Sequence[str], seed: str) -> Tagged:
    """Return a bank of some of the questions, none or one in six with a line below it that is no answer."""
    draw = random.Random(f"bank {seed}")
    found = draw.sample(pool.asked, min(len(pool.asked), draw.randint(LEAST_BANK, MOST_BANK)))
    if len(found) < LEAST_BANK:
        return []
    parts: Tagged = [(f"{draw.choice(NOTES['tops'])}\n{draw.choice(NOTES['intros'])}\n", "other")]
    lead, hash_ = (
        draw.choice(["- ", "* ", "{n}. ", "{n}) ", "", "- [ ] ", "### ", "Q{n}: "]),
        draw.choice(["## ", "", "**", "### "]),
    )
    bare, gap = draw.random() < 0.2, draw.choice(["\n", "\n", "\n\n"])
    hinted = draw.random() < 0.3
    for at in range(0, len(found), size := draw.randint(3, 12)):
        parts.append((f"\n\n{_marked(hash_, draw.choice(NOTES['heads']))}\n", "other"))
        for n, text in enumerate(found[at : at + size], start=at + 1):
            parts.append((f"{gap}{lead.format(n=n)}{text.rstrip('?') if bare else text}", "question"))
            if hinted and draw.random() < 0.2 and (todo := draw.choice(NOTES["todo"])):
                parts.append((f"\n  {todo}", "other"))
    aside = _aside(draw, pool.advice if draw.random() < 0.6 else pool.others, hash_, lead)
    return (
        [*aside, *parts, *_asks(draw, asks, hash_)]
        if draw.random() < 0.5
        else [*parts, *_asks(draw, asks, hash_), *aside]
    )


def _aside(draw: random.Random, others: Sequence[str], mark: str, lead: str) -> Tagged:
    """Return a list of what is neither asked nor said, made as the questions are: advice, facts, what they look for."""
    if draw.random() < 0.4 or len(others) < LEAST_BANK:
        return []
    found = draw.sample(list(others), draw.randint(3, LEAST_BANK))
    head = (f"\n\n{_marked(mark, draw.choice(NOTES['asides']))}\n", "other")
    return [head, *((f"\n{lead.format(n=n)}{text}", "other") for n, text in enumerate(found, start=1))]


def noted(found: Told, pool: Pool, seed: str) -> Tagged:
    """Return the texts of a document as notes, with points or paragraphs below what is asked; nothing where few are."""
    draw = random.Random(f"note {seed}")
    pairs = [pair for pair in found.pairs if len(" ".join(pair).split()) <= MOST_WORDS]
    if len(pairs) < LEAST_PAIRS:
        return []
    draw.shuffle(pairs)
    lead, label = draw.choice(LEADS), draw.choice(LABELS)
    point, low = draw.choice(POINTS), draw.random() < 0.3
    kind = draw.choice(["points", "points", "paragraphs", "one", "strings"])
    parts: Tagged = [(f"{draw.choice(NOTES['tops'])}\n{draw.choice(NOTES['intros'])}\n", "other")]
    if draw.random() < 0.3:
        parts.append((f"\n## {draw.choice(NOTES['heads'])}\n", "other"))
    for n, (asked, said) in enumerate(pairs[:MOST_PAIRS], start=1):
        text = asked.rstrip("?:") + label if label and draw.random() < 0.6 else asked
        text = text[:1].lower() + text[1:] if low else text
        parts.append((f"\n\n{_marked(lead.format(n=n), text)}", "question"))
        parts += [(f"\n{words}", "answer") for words in _said(draw, kind, point, said, low=low)]
    for text in draw.sample(found.alone, min(3, len(found.alone))):
        parts.append((f"\n\n{_marked(lead.format(n=9), text)}", "question"))
        if todo := draw.choice(NOTES["todo"]):
            parts.append((f"\n{todo}", "other"))
    mark = "## " if "#" in lead else ""
    aside = _aside(
        draw, pool.advice if draw.random() < 0.6 else pool.others, mark, lead if mark else draw.choice(POINTS)
    )
    return [*aside, *parts, *_asks(draw, found.asks, mark)]


def _said(draw: random.Random, kind: str, point: str, said: str, *, low: bool) -> Iterator[str]:
    texts = [span.text for span in sentences(said)] or [said]
    if kind == "points":
        for text in texts:
            yield f"{point}{text[:1].lower() + text[1:].rstrip('.') if low else text}"
    elif kind == "paragraphs":
        step = draw.randint(1, 3)
        for at in range(0, len(texts), step):
            yield "\n" + " ".join(texts[at : at + step])
    elif kind == "strings":
        yield " - ".join(text.rstrip(".") for text in texts)
    else:
        yield said


def _asks(draw: random.Random, asks: Sequence[str], mark: str) -> Iterator[tuple[str, str]]:
    if not asks:
        return
    if draw.random() < 0.85:
        yield f"\n\n{_marked(mark, draw.choice(NOTES['ask_heads']))}\n", "other"
    else:
        yield "\n\n", "other"
    lead, bare = draw.choice(["- ", "* ", "1. ", "", "- [ ] "]), draw.random() < 0.25
    for text in asks:
        yield f"\n{lead}{text.rstrip('?') if bare else text}", "ask"


def _marked(mark: str, text: str) -> str:
    return f"{mark}{text}{'**' if mark == '**' else ''}"


def pools(every: Sequence[Told]) -> dict[Phrases, Pool]:
    """Return what all documents hold by their language."""
    found: dict[Phrases, Pool] = {}
    for one in every:
        asked = [*(text for text, _ in one.pairs), *one.alone]
        language = language_of(" ".join([*asked, *(said for _, said in one.pairs)]))
        pool = found.setdefault(language, Pool([], [], []))
        pool.asked.extend(text for text in asked if 3 <= len(text.split()) <= 40)
        others = [text for text in one.others if 3 <= len(text.split()) <= 30]
        pool.others.extend(others)
        pool.advice.extend(text for text in others if advises(text) >= ADVICE)
    return found

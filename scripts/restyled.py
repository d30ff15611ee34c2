"""a labelled document and its tags -> the same questions and answers in other styles, each line with its tag.

People keep one thing in many ways.  What a question is should be learned apart from how this one document wrote it.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.documents.nouns import Line
from scripts.labelled import words_of

MOST_WORDS, LEAST_PAIRS, MOST_PAIRS = 60, 2, 6
Tagged = list[tuple[str, str]]  # words and their tag; a line break where the words begin with one


class Told(NamedTuple):
    """What one document holds: questions with their answers, questions alone, those to ask, and other lines."""

    pairs: list[tuple[str, str]]
    alone: list[str]
    asks: list[str]
    others: list[str]


JOINTS = (" - ", " \u2013 ", " -> ", " \u2192 ", " = ", ": ", " .. ", " ")
BREAKS = ("\n", "\n\n", "\n- ", "\n  ", "\nA: ", "\n> ", "\n\u2192 ")
LEADS = ("", "", "- ", "* ", "{n}. ", "{n}) ", "Q{n}: ", "Q: ", "**", "## ", "\u2022 ")
HEADS = (
    "", "Questions", "notes", "Prep", "They might ask", "My answers", "## Q&A", "Fragen", "Preguntas", "from the call",
)  # fmt: skip
ASK_HEADS = (
    "To ask", "for them", "My questions", "ask them:", "end", "Want to know", "", "R\u00fcckfragen", "Mes questions",
    "Preguntas para ellos", "Vragen van mij",
)  # fmt: skip
NAMES = (("Me", "Sam"), ("You", "ChatGPT"), ("Interviewer", "Candidate"), ("Priya", "Tom"), ("I", "A"))


def told(lines: Sequence[Line], tags: Sequence[str]) -> Told:
    """Return what stands in a document, where an answer is one that follows its question."""
    found = Told([], [], [], [])
    asked, said = "", ""
    for line, tag in [*zip(lines, tags, strict=True), (None, "question")]:
        text = "" if line is None else line.text.strip()
        if tag == "answer" and asked:
            said = f"{said} {text}".strip()
            continue
        if asked and (tag != "other" or said):
            (found.pairs.append((asked, said)) if said else found.alone.append(asked))
            asked, said = "", ""
        if tag == "question":
            asked = f"{asked} {text}".strip() if line is not None and line.glued else text
        elif tag == "ask":
            found.asks.append(text)
        elif line is not None and tag == "other" and text and not line.why:
            found.others.append(text)
    return found


def restyled(found: Told, seed: str) -> Tagged:
    """Return the texts of a document in a style that is drawn; nothing where it holds too little."""
    draw = random.Random(seed)
    pairs = [pair for pair in found.pairs if len(" ".join(pair).split()) <= MOST_WORDS]
    if len(pairs) < LEAST_PAIRS:
        return []
    draw.shuffle(pairs)
    return [*_opening(draw, found), *_asked(draw, pairs[:MOST_PAIRS], found.alone), *_asks(draw, found.asks)]


def text_of(parts: Tagged) -> str:
    """Return the text that tagged words make."""
    return "".join(words for words, _ in parts)


def tags_along(pieces: Sequence[Line], parts: Tagged) -> list[str]:
    """Return the tag that most words of each piece have; the words of a mark or a rule are nobody's."""
    row = [(word, tag) for words, tag in parts for word in words_of(words)]
    found, at = [], 0
    for piece in pieces:
        own = words_of(piece.text)
        first = next((i for i in range(at, len(row)) if own and row[i][0] == own[0]), len(row))
        tags = Counter(tag for _, tag in row[first : first + len(own)])
        found.append(tags.most_common(1)[0][0] if tags else "other")
        at = first + len(own) if tags else at
    return found


def _opening(draw: random.Random, found: Told) -> Iterator[tuple[str, str]]:
    for text in draw.sample(found.others, min(len(found.others), draw.randint(0, 2))):
        yield f"\n{text}", "other"
    if head := draw.choice(HEADS):
        yield f"\n\n{head}\n", "other"


def _asked(draw: random.Random, pairs: Sequence[tuple[str, str]], alone: Sequence[str]) -> Iterator[tuple[str, str]]:
    joint, lead, gap = draw.choice([*JOINTS, *BREAKS]), draw.choice(LEADS), draw.choice(["\n", "\n\n"])
    chat = draw.random() < 0.2
    names = draw.choice(NAMES)
    low, bare = draw.random() < 0.3, draw.random() < 0.2
    for n, (asked, said) in enumerate(pairs, start=1):
        text = asked[:1].lower() + asked[1:] if low else asked
        text = text.rstrip("?") if bare else text
        if chat:
            yield f"\n{names[1]}: {text}", "question"
            yield f"\n{names[0]}: {said}", "answer"
        else:
            mark = lead.format(n=n)
            yield f"{gap}{mark}{text}{'**' if mark == '**' else ''}", "question"
            yield f"{joint}{said}", "answer"
    for text in draw.sample(list(alone), min(2, len(alone))) if draw.random() < 0.5 else []:
        yield f"{gap}{lead.format(n=9)}{text}{'**' if lead == '**' else ''}", "question"


def _asks(draw: random.Random, asks: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not asks:
        return
    if head := draw.choice(ASK_HEADS):
        yield f"\n\n{head}\n", "other"
    mark = draw.choice(["- ", "", "* ", "1. ", "-> "])
    for text in asks:
        yield f"\n{mark}{text}", "ask"

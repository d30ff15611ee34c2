"""Word salads made of a rubric's own trigger words, anchors and hints: text that a careful reader would give level 1.

`TUNED` guises were looked at while the heuristic was hardened; `HELD_BACK` ones only afterwards.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from evalharness.graders.heuristic.grader import grade, reads
from evalharness.model.nouns import Attempt, Case, Question, Rubric
from evalharness.model.rubric_text import looked_for, texts_of
from evalharness.text.parts import split_parts

DATA = Path(__file__).parent / "data"

Guise = Callable[[random.Random, list[str], list[str]], str]

PRONOUNS = ("I", "we", "she", "he", "they", "it", "my", "our", "the", "a", "this")
LINKS = ("because", "but", "and", "although", "so", "while", "which", "after", "when")
DEEDS = ("built", "asked", "stopped", "wrote", "measured", "told", "changed", "checked", "moved", "noticed")
FIGURES = (
    "from 40 to 6 a week",
    "by 12 percent",
    "in 3 days",
    "1,900 a day",
    "40 ms at p99",
    "from 9 hours to 20 minutes",
)


def triggers(rubric: Rubric) -> list[str]:
    """Return every word and phrase that the rubric's signals look for, stems as they stand."""
    return [entry.replace("*", "").replace(" ... ", " ") for entry in looked_for(rubric)]


def _sentences(words: list[str], rng: random.Random, low: int, high: int, end: str = ". ") -> str:
    out, at = [], 0
    while at < len(words):
        size = rng.randint(low, high)
        said = " ".join(words[at : at + size])
        out.append(said[:1].upper() + said[1:])
        at += size
    return end.join(out) + "."


def bare(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    return _sentences(terms[:150], rng, 5, 12)


def commas(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    return ", ".join(terms[:150]) + "."


def bullets(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    lines = [" ".join(terms[at : at + 5]) for at in range(0, 150, 5)]
    return "\n".join(f"- I {rng.choice(DEEDS)} {line}" for line in lines if line)


def endless(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    return " ".join(word for term in terms[:120] for word in (rng.choice((*PRONOUNS, *LINKS)), term)) + "."


def pronouns(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    words = [word for term in terms[:130] for word in (rng.choice(PRONOUNS), term)]
    return _sentences(words, rng, 6, 14)


def clauses(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    pick = iter(terms * 3)
    return " ".join(
        f"I {rng.choice(DEEDS)} the {next(pick)} {next(pick)} {rng.choice(LINKS)} we {next(pick)} the {next(pick)} "
        f"{rng.choice(FIGURES)}."
        for _ in range(22)
    )


def anchored(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    words = [word for text in texts for word in text.split()]
    rng.shuffle(words)
    return _sentences(words[:200], rng, 8, 16)


def halves(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """Anchors torn into runs of three words, with trigger words between them."""
    runs = [text.split()[at : at + 3] for text in texts for at in range(0, len(text.split()) - 3, 3)]
    rng.shuffle(runs)
    words = [word for run, term in zip(runs[:60], terms, strict=False) for word in (*run, term)]
    return _sentences(words, rng, 9, 16)


def chained(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """A walk over the pairs of words of rubric and terms: it reads like English and says nothing."""
    follow: dict[str, list[str]] = {}
    words = " . ".join(texts).split()
    for a, b in itertools.pairwise(words):
        follow.setdefault(a, []).append(b)
    at, out = rng.choice(words), []
    for count in range(220):
        out.append(at)
        at = rng.choice(terms).split()[0] if count % 6 == 5 else rng.choice(follow.get(at, words))
    return _sentences([word for word in out if word != "."], rng, 9, 15)


def first_person(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """'I' and a deed in front of three trigger words each, a preposition between them."""
    pick = iter(terms * 3)
    join = ("of", "for", "with", "in", "to", "from")
    return " ".join(
        f"Last year I {rng.choice(DEEDS)} {next(pick)} {rng.choice(join)} {next(pick)} {rng.choice(join)} "
        f"{next(pick)}, {rng.choice(LINKS)} {next(pick)} was {next(pick)}."
        for _ in range(24)
    )


def mirrored(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """Short sentences with a subject each, questions and exclamations between them."""
    pick = iter(terms * 3)
    ends = (".", ".", "!", "?", ";", ":")
    return " ".join(
        f"{rng.choice(('I', 'We', 'She', 'They', 'My boss', 'The team'))} {next(pick)} {next(pick)} the "
        f"{next(pick)}{rng.choice(ends)}"
        for _ in range(40)
    )


def nested(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """Clauses that look like a story: a time, a person, a deed, a reason, an end, all from the lists."""
    pick = iter(terms * 3)
    return "\n\n".join(
        f"In March my colleague {next(pick)} and told me that the {next(pick)} {next(pick)}, so I "
        f"{rng.choice(DEEDS)} a {next(pick)} and the {next(pick)} went {rng.choice(FIGURES)}, {rng.choice(LINKS)} "
        f"{next(pick)} {next(pick)}."
        for _ in range(16)
    )


def titled(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """A list in a list: labels, numbers, fragments."""
    pick = iter(terms * 3)
    return "\n".join(
        f"{at}. {next(pick)}: I {next(pick)} {next(pick)} and we {next(pick)} it ({rng.choice(FIGURES)})"
        for at in range(1, 30)
    )


TUNED: dict[str, Guise] = {
    "bare": bare,
    "commas": commas,
    "bullets": bullets,
    "endless": endless,
    "pronouns": pronouns,
    "clauses": clauses,
    "anchored": anchored,
    "halves": halves,
}
HELD_BACK: dict[str, Guise] = {
    "chained": chained,
    "first person": first_person,
    "mirrored": mirrored,
    "nested": nested,
    "titled": titled,
}


def short(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """Sentences of three words."""
    pick = iter(terms * 3)
    return " ".join(f"It was {next(pick)}. We had {next(pick)} {next(pick)}." for _ in range(8))


def one_sentence(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    return "I " + " and ".join(terms[:12]) + " because of it."


def keywords(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    return "Keywords: " + "; ".join(terms[:40])


def notes(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    pick = iter(terms * 3)
    return "\n".join(f"- {next(pick)} {next(pick)}" for _ in range(20))


def headed(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    """Two sentences below each of several headings."""
    pick = iter(terms * 3)
    return "\n\n".join(
        f"## Point {at}\n\n{next(pick)} {next(pick)}. I did the {next(pick)} and the {next(pick)}." for at in range(7)
    )


def asked(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    pick = iter(terms * 3)
    return " ".join(f"How do {next(pick)} and {next(pick)} {next(pick)} the {next(pick)}?" for _ in range(8))


def which_meant(rng: random.Random, terms: list[str], texts: list[str]) -> str:
    pick = iter(terms * 3)
    return "It was about " + ", which meant ".join(f"{next(pick)} with {next(pick)}" for _ in range(12)) + "."


BEHIND: dict[str, Guise] = {
    "short": short,
    "one sentence": one_sentence,
    "keywords": keywords,
    "notes": notes,
    "headed": headed,
    "asked": asked,
    "which meant": which_meant,
}
"""Guises that are only known behind an honest answer: too short to be known by themselves."""


def salad(rubric: Rubric, guise: Guise, seed: int) -> str:
    """Return the text of one salad, the same for the same seed."""
    rng = random.Random(seed)
    terms = triggers(rubric)
    rng.shuffle(terms)
    return guise(rng, terms, list(texts_of(rubric)))


def hints(question: Question, rubric: Rubric, rounds: int = 6) -> str:
    """Return what the grader itself says to add, taken word for word, round after round."""
    text = "It was a day at work."
    for _ in range(rounds):
        case = case_of(question, rubric, text)
        said = [grade(case, c).missing for c in rubric.criteria if reads(c)]
        text = f"{text} " + " ".join(f"I did it: {each}." for each in said)
    return text


def body(rubric: Rubric, text: str, back: str) -> str:
    """Return an attempt's whole text: under each heading that helps, with a question back where one is asked for."""
    parts = [f"## {part.headings[0]}\n\n{text if part.within_answer else back}" for part in rubric.parts]
    within = any(part.within_answer for part in rubric.parts)
    return "\n\n".join(parts if within else [text, *parts]) + (f"\n\n{text}" if within else "")


def case_of(question: Question, rubric: Rubric, text: str, back: str = "") -> Case:
    """Return the case of an attempt at `question` whose answer is `text`."""
    parts = split_parts(body(rubric, text, back or f"How do you see {text[:200]}?"), 1, rubric.parts)
    attempt = Attempt(question=question.id, author="me", id="salad", parts=parts, missions=question.missions)
    return Case(question=question, attempt=attempt, rubric=rubric)


def every(rubric: Rubric, guises: dict[str, Guise], seeds: int) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of `seeds` salads of each guise."""
    for name, guise in guises.items():
        for seed in range(seeds):
            yield f"{name}-{seed}", salad(rubric, guise, seed)


def by_hand() -> list[dict[str, str]]:
    """Return the salads that a person wrote: nearly English, and no story."""
    found: list[dict[str, str]] = yaml.safe_load((DATA / "salads.yaml").read_text(encoding="utf-8"))
    return found

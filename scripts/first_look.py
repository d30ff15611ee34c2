"""documents that import has not learned from -> what it finds of their keys: python -m scripts.first_look.

Counts questions found and right, questions to ask kept apart, and answers that begin and end as a careful reader's do.
"""

from __future__ import annotations

import argparse
import difflib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evalharness.documents.formats import read_lines
from evalharness.importing import offline
from evalharness.importing.found import build
from evalharness.importing.verify import verify
from scripts.labelled import words_of

FIRST_LOOK = Path(__file__).parent.parent / "tests" / "data" / "first_look"
LEAD = 3  # as many words may stand before an answer's first words or behind its last ones: a label, a bracket
NEAR = 0.85  # of two texts, by difflib, from which on one is the other
Found = list[tuple[str, tuple[str, ...]]]


def documents(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield each document with its key."""
    for key in sorted(folder.glob("*.key.json")):
        stem = key.name.removesuffix(".key.json")
        file = next(f for f in sorted(folder.glob(f"{stem}.*")) if f != key and f.stem == stem)
        yield file, json.loads(key.read_text(encoding="utf-8"))


def looked_at(file: Path, key: dict[str, Any]) -> tuple[Counter[str], list[str]]:
    """Return what was counted in one document, and what was missed or made up."""
    lines, tags = offline.divided(read_lines(file.read_bytes(), file.name))
    found = build(lines, verify(lines, offline.label(lines, tags)).labels)
    questions: Found = [
        (one.text or one.title, tuple(answer.text for answer in one.answers)) for one in found.questions
    ]
    own = [one.text for one in found.to_ask]
    asked = own + [back.text for one in found.questions for back in one.follow_ups]
    counts, told, used = Counter(found=len(questions), asks=len(own)), [], set[int]()
    for wanted in key["questions"]:
        at = next((i for i, (text, _) in enumerate(questions) if i not in used and _same(wanted["text"], text)), -1)
        counts["questions"] += 1
        counts["right"] += at >= 0
        used |= {at} - {-1}
        told += [f"missed: {wanted['text']}"] if at < 0 else []
        _count_answers(wanted, questions[at][1] if at >= 0 else (), counts, told)
    told += [f"made up: {text}" for i, (text, _) in enumerate(questions) if i not in used]
    false = [text for text in own if not any(_holds(text, wanted) or _holds(wanted, text) for wanted in key["to_ask"])]
    counts.update(theirs=len(own) - len(false))
    told += [f"not to ask: {text}" for text in false]
    for text in key["to_ask"]:
        kept = any(_holds(one, text) for one in asked)
        turned = not kept and any(_same(text, one) for one, _ in questions)
        counts.update(to_ask=1, kept=kept, turned=turned)
        told += [] if kept else [f"{'turned' if turned else 'not kept'}: {text}"]
    return counts, told


def _count_answers(wanted: dict[str, Any], answers: Sequence[str], counts: Counter[str], told: list[str]) -> None:
    texts = [words_of(answer) for answer in answers]
    for start, end in zip(wanted["answers"], wanted["ends"] or [""] * len(wanted["answers"]), strict=False):
        first, last = words_of(start), words_of(end)
        begun = [text for text in texts if _at(first, text[: len(first) + LEAD])]
        whole = any(_at(last, text[-len(last) - LEAD :]) for text in begun)
        counts.update(answers=1, begun=bool(begun), whole=whole)
        told += [] if whole else [f"{'ends elsewhere' if begun else 'begins elsewhere'}: {start} ... {end}"]


def _at(part: Sequence[str], text: Sequence[str]) -> bool:
    return any(text[at : at + len(part)] == part for at in range(len(text) - len(part) + 1))


def _same(one: str, other: str) -> bool:
    a, b = " ".join(words_of(one)), " ".join(words_of(other))
    return a == b or difflib.SequenceMatcher(None, a, b, autojunk=False).ratio() >= NEAR


def _holds(text: str, wanted: str) -> bool:
    return f" {' '.join(words_of(wanted))} " in f" {' '.join(words_of(text))} " or _same(text, wanted)


def figures(counts: Counter[str]) -> str:
    """Return the shares that the documents of the project name."""
    pairs = (
        ("questions found", "right", "questions"),
        ("of those it found right", "right", "found"),
        ("to ask kept", "kept", "to_ask"),
        ("to ask made questions", "turned", "to_ask"),
        ("of what it kept to ask right", "theirs", "asks"),
        ("answers begin right", "begun", "answers"),
        ("answers end right too", "whole", "answers"),
    )
    return ", ".join(
        f"{name} {100 * counts[a] / max(1, counts[b]):.0f} % ({counts[a]}/{counts[b]})" for name, a, b in pairs
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=FIRST_LOOK)
    parser.add_argument("--each", action="store_true", help="also what was missed, document by document")
    given = parser.parse_args()
    total: Counter[str] = Counter()
    for file, key in documents(given.folder):
        counts, told = looked_at(file, key)
        total += counts
        if given.each:
            print(f"\n## {file.name}: {figures(counts)}", *told, sep="\n  ")
    print(figures(total))


if __name__ == "__main__":
    main()

"""What import learned: the weights are those of the labelled documents, and the best path is the best of all paths."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.documents.formats import read_lines
from evalharness.documents.nouns import Line
from evalharness.documents.pieces import joined, parted
from evalharness.importing.offline.learned import STEPS, TAGS, WEIGHTS, Weights, best_path, kind_of_step, tagged
from scripts.first_look import FIRST_LOOK, documents, looked_at
from scripts.labelled import corpus_digest, tags_of
from scripts.noted import Pool, banked, noted
from scripts.restyled import Told, text_of
from scripts.talked import talked

FIGURES = st.integers(-4, 4).map(float)
ROWS = st.tuples(*[FIGURES] * len(TAGS))
CLUES = ("glued=True", "gap=True", "-same=True", "word=why", "asks=3")
WEIGHTED = st.builds(
    Weights,
    clues=st.fixed_dictionaries(dict.fromkeys(CLUES, ROWS)),
    steps=st.tuples(*[st.tuples(*[ROWS] * len(TAGS))] * STEPS),
)
DOCUMENT = """# Prep

1. Why this depot?
   Because the night shift is mine.
   I know its alarms.
2. Why now?

To ask:
- Who plans the rota?
"""


def sum_of(path: tuple[int, ...], found: list[list[str]], weights: Weights) -> float:
    own = sum(weights.clues[clue][tag] for tag, row in zip(path, found, strict=True) for clue in row)
    pairs = zip(itertools.pairwise(path), found[1:], strict=True)
    return own + sum(weights.steps[kind_of_step(row)][a][b] for (a, b), row in pairs)


@given(st.lists(st.lists(st.sampled_from(CLUES), unique=True), min_size=1, max_size=4), WEIGHTED)
def test_the_best_path_is_the_best_of_all(found: list[list[str]], weights: Weights) -> None:
    """No other tags of a few lines have a higher sum."""
    best = tuple(map(TAGS.index, best_path(found, weights)))
    every = itertools.product(range(len(TAGS)), repeat=len(found))

    assert sum_of(best, found, weights) == max(sum_of(path, found, weights) for path in every)


def test_the_weights_were_learned_from_what_is_labelled() -> None:
    """A document that was added or corrected asks for `python -m scripts.train_import`."""
    told = json.loads(files("evalharness.importing.offline").joinpath(WEIGHTS).read_text(encoding="utf-8"))

    assert told["corpus"] == corpus_digest(), "run python -m scripts.train_import"
    assert {len(row) for row in told["clues"].values()} == {len(TAGS)}


def test_a_key_says_the_tag_of_each_line() -> None:
    """An answer runs from its first words to its last; what nobody wrote down is other."""
    key = {
        "questions": [
            {"text": "Why this depot?", "answers": ["Because the night"], "ends": ["know its alarms"]},
            {"text": "Why now?", "answers": [], "ends": []},
        ],
        "to_ask": ["Who plans the rota?"],
    }
    lines = read_lines(DOCUMENT.encode(), "prep.md")
    said = dict(zip((line.text for line in lines), tags_of(lines, key), strict=True))

    assert said["Prep"] == said["To ask:"] == "other"
    assert said["Why this depot?"] == said["Why now?"] == "question"
    assert said["Who plans the rota?"] == "ask"
    assert "answer" in said.values()


def test_a_document_is_read_the_same_each_time() -> None:
    """Nothing is drawn, and nothing depends on what was read before."""
    lines = read_lines(DOCUMENT.encode(), "prep.md")

    assert tagged(lines) == tagged(lines)
    assert tagged(()) == ()


def test_the_slope_of_the_loss_is_that_of_its_differences() -> None:
    """Held against differences of the loss itself, at random weights (needs numpy and scipy)."""
    pytest.importorskip("scipy")
    import numpy as np

    from scripts.train_import import Example, Learner

    rows = [["gap=True", "word=why"], ["-same=True"], ["asks=3", "word=why"], ["glued=True"]]
    tags = ["question", "answer", "ask", "other"]
    found = [Example("a", rows, tags), Example("b", rows[::-1], tags, weight=0.4), Example("c", rows, tags[::-1])]
    learner = Learner(found)
    draws = np.random.default_rng(3)
    size = (len(learner.names) + STEPS * len(TAGS)) * len(TAGS)
    at, step = draws.normal(size=size), 1e-6
    slope = learner.loss(at)[1]
    for place in draws.integers(0, size, 12):
        shift = np.zeros(size)
        shift[place] = step
        assert (learner.loss(at + shift)[0] - learner.loss(at - shift)[0]) / (2 * step) == pytest.approx(
            slope[place], abs=1e-4
        )


def test_documents_it_never_learned_from_are_read_as_well_as_is_said() -> None:
    """A little below the figures of docs/import.md, which are those of the same documents."""
    total: Counter[str] = Counter()
    for file, key in documents(FIRST_LOOK):
        total += looked_at(file, key)[0]

    assert total["right"] >= 0.9 * total["questions"]
    assert total["right"] >= 0.88 * total["found"]
    assert total["kept"] >= 0.89 * total["to_ask"] >= 220
    assert total["turned"] <= 0.05 * total["to_ask"]
    assert total["theirs"] >= 0.83 * total["asks"]
    assert total["begun"] >= 0.83 * total["answers"]


@given(st.lists(st.text(alphabet='ab ?.-:(\u2192"', min_size=1, max_size=40), min_size=1, max_size=6), st.data())
def test_a_line_is_cut_without_losing_a_letter(texts: list[str], data: st.DataObject) -> None:
    """Whatever the tags are, a document holds the same letters again; one tag for all leaves each line as it was."""
    lines = read_lines("\n\n".join(texts).encode(), "a.txt")
    found = parted(lines)
    tags = [data.draw(st.sampled_from(TAGS)) for _ in found.pieces]
    told, kept = joined(lines, found, tags)

    assert letters(told) == letters(lines)
    assert len(told) == len(kept)
    assert [line.number for line in told] == [*range(1, len(told) + 1)]
    assert joined(lines, found, ["other"] * len(tags))[0] == lines


def letters(lines: Sequence[Line]) -> str:
    return "".join("".join(line.text.split()) for line in lines)


HELD = Told(
    [(f"Why did you weld seam {n}?", f"It wept in 201{n}. I ground it out. Nobody saw it. I did.") for n in range(4)],
    ["Knots?"], ["Who sharpens the tools?", "Is there a crane?"], ["Bring the old mask.", "Be there at nine."],
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_a_document_in_another_style_holds_the_same(seed: int) -> None:
    """Each question, answer and question to ask keeps its tag; lists of others stay others."""
    pool = Pool([text for text, _ in HELD.pairs] * 3, HELD.others * 5, HELD.others * 5)
    for parts in (talked(HELD, str(seed)), noted(HELD, pool, str(seed)), banked(pool, HELD.asks, str(seed))):
        tags = {tag: " ".join(text for text, own in parts if own == tag).casefold() for tag in TAGS}
        assert "weld seam" in tags["question"]
        assert "who sharpens the tools" in tags["ask"]
        assert "weld seam" not in tags["answer"] + tags["ask"] + tags["other"]
        assert "ground it out" not in tags["question"] + tags["ask"] + tags["other"]
        assert read_lines(text_of(parts).encode(), "again.md")

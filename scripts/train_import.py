"""labelled documents -> the weights by which an import reads: python -m scripts.train_import [--held-out N].

Reads tests/data/labelled: documents with a key beside each, which are read in other styles, too (scripts/restyled.py,
talked.py and noted.py), and small texts with a tag for each line (`read.jsonl`). Writes
evalharness/importing/offline/weights.json. With `--held-out N` nothing is written: each N-th document is read by
weights learned from the others, N times over, and what was found is printed. Needs numpy and scipy, which the extra
`train` brings.

A linear-chain conditional random field with an L2 penalty, fitted by L-BFGS: Lafferty, McCallum and Pereira (2001);
forward and backward sums as in Sutton and McCallum (2012), An Introduction to Conditional Random Fields, section 4.1.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from evalharness.documents.formats import read_lines
from evalharness.documents.pieces import Parted, parted
from evalharness.documents.topics import cut
from evalharness.importing.offline.clues import clues
from evalharness.importing.offline.learned import STEPS, TAGS, WEIGHTS, Weights, best_path, kind_of_step
from scripts.labelled import LABELLED, corpus_digest, tags_of
from scripts.noted import banked, noted, pools
from scripts.restyled import Told, restyled, tags_along, text_of, told
from scripts.talked import language_of, talked

SHORT = dict(zip("QASO", TAGS, strict=True))
EVERY = "any"  # the clue that each line has
PENALTY, ROUNDS, LEAST_DOCUMENTS, LEAST_WEIGHT = 5.0, 160, 3, 0.05
LEANING = (
    0.5,
    0.4,
    0.6,
    0.0,
)  # added for each tag: to lose what is asked, said or to ask is worse than to find too much
STYLED, WANTED = 0.4, 6.0  # what a document in another style counts for, and one of the kinds that import was made for
KINDS_OF_STEP, ABREAST = STEPS, 64
TARGET = Path(__file__).parent.parent / "evalharness" / "importing" / "offline" / WEIGHTS
Array = np.ndarray[Any, np.dtype[np.float64]]


class Example(NamedTuple):
    """One document: the clues and the tag of each piece; a small text, or a document in another style, is `small`.

    `weight` says for how many documents it counts.
    """

    name: str
    clues: list[list[str]]
    tags: list[str]
    small: bool = False
    weight: float = 1.0


def examples() -> Iterator[Example]:
    """Yield all that is labelled."""
    every: list[tuple[str, Told]] = []
    for key in sorted((LABELLED / "documents").glob("*.key.json")):
        stem = key.name.removesuffix(".key.json")
        file = next(f for f in sorted(key.parent.glob(f"{stem}.*")) if f != key and f.stem == stem)
        found = parted(cut(read_lines(file.read_bytes(), file.name)))
        tags = tags_of(found.pieces, json.loads(key.read_text(encoding="utf-8")))
        wanted = WANTED if stem.startswith("made-") else 1.0
        yield _example(file.name, found, tags, weight=wanted)
        every.append((file.name, told(found.pieces, tags)))
    pool = pools([held for _, held in every])
    for name, held in every:
        own = pool[language_of(" ".join(" ".join(pair) for pair in held.pairs))]
        styles = (restyled(held, name), talked(held, name), noted(held, own, name), banked(own, held.asks, name))
        for parts in filter(None, styles):
            again = parted(cut(read_lines(text_of(parts).encode(), "again.md")))
            yield _example(name, again, tags_along(again.pieces, parts), small=True, weight=STYLED)
    for row in (LABELLED / "read.jsonl").read_text(encoding="utf-8").splitlines():
        given = json.loads(row)
        lines = cut(read_lines(given["text"].encode(), given["name"]))
        found = parted(lines)
        if len(lines) == len(given["tags"]):
            tags = [SHORT[given["tags"][at]] for at in found.of]
            yield _example(given["name"], found, tags, small=True, weight=WANTED / 3)


def _example(name: str, found: Parted, tags: list[str], *, small: bool = False, weight: float = 1.0) -> Example:
    return Example(name, clues(found.pieces, found.gone), tags, small, weight)


class Learner:
    """The sums over all paths of all examples, as one function of the weights."""

    def __init__(self, found: Sequence[Example]) -> None:
        seen = Counter(clue for one in found for clue in {clue for row in one.clues for clue in row})
        self.names = sorted(clue for clue, many in seen.items() if many >= LEAST_DOCUMENTS)
        at = {clue: column for column, clue in enumerate(self.names)}
        rows = [self._row(one, at) for one in found]
        self._all = vstack(rows).tocsr()
        self._turned = self._all.T.tocsr()
        starts = np.cumsum([0, *(row.shape[0] for row in rows)])
        tags = [np.array([TAGS.index(tag) for tag in one.tags]) for one in found]
        kinds = [np.array([kind_of_step(row) for row in one.clues]) for one in found]
        order = sorted(range(len(found)), key=lambda at: len(tags[at]))
        groups = [order[at : at + ABREAST] for at in range(0, len(order), ABREAST)]
        self._batches = [
            Batch(
                [int(starts[at]) for at in group],
                [tags[at] for at in group],
                [kinds[at] for at in group],
                [found[at].weight for at in group],
            )
            for group in groups
        ]

    @staticmethod
    def _row(one: Example, at: dict[str, int]) -> csr_matrix:
        pairs = [(i, at[clue]) for i, row in enumerate(one.clues) for clue in row if clue in at]
        line, column = zip(*pairs, strict=True)
        return csr_matrix((np.ones(len(pairs)), (line, column)), shape=(len(one.clues), len(at)))

    def fit(self) -> Weights:
        """Return the weights with the least penalised loss; small ones are left out."""
        size = (len(self.names) + KINDS_OF_STEP * len(TAGS)) * len(TAGS)
        found = minimize(self.loss, np.zeros(size), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
        own, steps = self._parts(found)
        rows = {name: tuple(round(float(v), 2) for v in row) for name, row in zip(self.names, own, strict=True)}
        kept = {name: row for name, row in rows.items() if max(map(abs, row)) >= LEAST_WEIGHT}
        tables = tuple(tuple(tuple(round(float(v), 2) for v in row) for row in table) for table in steps)
        return Weights(clues=kept, steps=tables)

    def _parts(self, flat: Array) -> tuple[Array, Array]:
        cut_at = len(self.names) * len(TAGS)
        return flat[:cut_at].reshape(-1, len(TAGS)), flat[cut_at:].reshape(KINDS_OF_STEP, len(TAGS), len(TAGS))

    def loss(self, flat: Array) -> tuple[float, Array]:
        """Return the penalised loss at some weights, and its slope."""
        own, steps = self._parts(flat)
        scores = self._all @ own
        slope, step_slope, loss = np.zeros_like(scores), np.zeros_like(steps), 0.0
        for batch in self._batches:
            loss += batch.add(scores, steps, slope, step_slope)
        whole = np.concatenate([(self._turned @ slope).ravel(), step_slope.ravel()]) + PENALTY * flat
        return loss + 0.5 * PENALTY * float(flat @ flat), whole


class Batch:
    """Several documents of about the same length, side by side: arrays of shape (documents, lines, ...), padded."""

    def __init__(
        self, starts: Sequence[int], tags: Sequence[Array], kinds: Sequence[Array], weights: Sequence[float]
    ) -> None:
        self._weights = np.array(weights)
        longest = max(map(len, tags))
        shape = (len(tags), longest)
        self._there = np.array([[at < len(own) for at in range(longest)] for own in tags])
        self._at, self._tags, self._kinds = (np.zeros(shape, dtype=int) for _ in range(3))
        for row, (start, own, kind) in enumerate(zip(starts, tags, kinds, strict=True)):
            self._at[row, : len(own)] = range(start, start + len(own))
            self._tags[row, : len(own)], self._kinds[row, : len(own)] = own, kind

    def add(self, scores: Array, steps: Array, slope: Array, step_slope: Array) -> float:
        """Return minus the log likelihood of the documents, and add to the slopes of the loss."""
        there, tags, kinds = self._there, self._tags, self._kinds
        own, moves = scores[self._at], steps[kinds]
        before, after, total = self._sums(own, moves)
        shares = np.exp(before + after - total[:, None, None])
        shares[np.arange(len(tags))[:, None], np.arange(tags.shape[1])[None], tags] -= 1
        slope[self._at[there]] += (shares * self._weights[:, None, None])[there]
        pairs = before[:, :-1, :, None] + moves[:, 1:] + (own + after)[:, 1:, None, :] - total[:, None, None, None]
        both = there[:, 1:]
        counts = np.broadcast_to(self._weights[:, None], both.shape)
        np.add.at(step_slope, kinds[:, 1:][both], np.exp(pairs[both]) * counts[both][:, None, None])
        np.subtract.at(step_slope, (kinds[:, 1:][both], tags[:, :-1][both], tags[:, 1:][both]), counts[both])
        said = np.where(there, np.take_along_axis(own, tags[:, :, None], 2)[:, :, 0], 0.0).sum(1)
        went = np.where(both, steps[kinds[:, 1:], tags[:, :-1], tags[:, 1:]], 0.0).sum(1)
        return float(((total - said - went) * self._weights).sum())

    def _sums(self, own: Array, moves: Array) -> tuple[Array, Array, Array]:
        """Return the logarithms of the sums over all paths up to and from each line, and over all whole paths."""
        before, after, there = own.copy(), np.zeros_like(own), self._there[:, :, None]
        last = own[:, 0]
        for i in range(1, own.shape[1]):
            before[:, i] = own[:, i] + _summed(last[:, :, None] + moves[:, i], 1)
            last = np.where(there[:, i], before[:, i], last)
        for i in range(own.shape[1] - 2, -1, -1):
            new = _summed(moves[:, i + 1] + (own[:, i + 1] + after[:, i + 1])[:, None, :], 2)
            after[:, i] = np.where(there[:, i + 1], new, 0.0)
        return before, after, _summed(last, 1)


def _summed(rows: Array, axis: int) -> Array:
    """Return the logarithm of the sum of exponentials along an axis; quicker than SciPy's for small ones."""
    most = rows.max(axis)
    found: Array = most + np.log(np.exp(rows - np.expand_dims(most, axis)).sum(axis))
    return found


def shares(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> str:
    """Return, for each tag, which share of its lines was found, and which share of what was found is right."""
    both: Counter[tuple[str, str]] = Counter(pair for said, found in pairs for pair in zip(said, found, strict=True))
    told = []
    for tag in TAGS:
        right, there = both[tag, tag], sum(many for (said, _), many in both.items() if said == tag)
        taken = sum(many for (_, found), many in both.items() if found == tag)
        told.append(f"{tag}: {right}/{there} found, {right}/{taken} right")
    return "\n".join(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", type=int, default=0)
    parts = parser.parse_args().held_out
    found = [*examples()]
    if parts:
        whole = [one for one in found if not one.small]
        rest = [one for one in found if one.small]
        read = []
        for part in range(parts):
            held = {one.name for one in whole[part::parts]}
            weights = Learner([one for one in [*whole, *rest] if one.name not in held]).fit()
            read += [(one.tags, best_path(one.clues, weights)) for one in whole[part::parts]]
        print(shares(read))
        return
    weights = Learner(found).fit()
    leaning = tuple(round(own + more, 2) for own, more in zip(weights.clues[EVERY], LEANING, strict=True))
    kept = {"corpus": corpus_digest(), "clues": {**weights.clues, EVERY: leaning}, "steps": weights.steps}
    TARGET.write_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(shares((one.tags, best_path(one.clues, weights)) for one in found))
    print(f"{len(found)} documents, {len(weights.clues)} clues, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""labelled documents -> the weights by which an import reads: python -m scripts.train_import [--held-out N].

Reads tests/data/labelled: documents with a key beside each, and small texts with a tag for each line (`read.jsonl`).
Writes evalharness/importing/offline/weights.json. With `--held-out N` nothing is written: each N-th document is read by
weights that were learned from the others, N times over, and what was found is printed. Needs numpy and scipy, which the
extra `train` brings.

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
from scipy.special import logsumexp

from evalharness.documents.formats import read_lines
from evalharness.documents.furniture import furniture
from evalharness.documents.nouns import Line
from evalharness.documents.topics import cut
from evalharness.importing.offline.clues import clues
from evalharness.importing.offline.learned import TAGS, WEIGHTS, Weights, best_path, kind_of_step
from scripts.labelled import LABELLED, corpus_digest, tags_of

SHORT = dict(zip("QASO", TAGS, strict=True))
PENALTY, ROUNDS, LEAST_DOCUMENTS, LEAST_WEIGHT = 1.0, 160, 3, 0.05
KINDS_OF_STEP = 4
TARGET = Path(__file__).parent.parent / "evalharness" / "importing" / "offline" / WEIGHTS
Array = np.ndarray[Any, np.dtype[np.float64]]


class Example(NamedTuple):
    """One document: the clues and the tag of each line, and whether it is a small text."""

    name: str
    clues: list[list[str]]
    tags: list[str]
    small: bool = False


def examples() -> Iterator[Example]:
    """Yield all that is labelled."""
    for key in sorted((LABELLED / "documents").glob("*.key.json")):
        stem = key.name.removesuffix(".key.json")
        file = next(f for f in sorted(key.parent.glob(f"{stem}.*")) if f != key and f.stem == stem)
        lines = cut(read_lines(file.read_bytes(), file.name))
        yield _example(file.name, lines, tags_of(lines, json.loads(key.read_text(encoding="utf-8"))))
    for row in (LABELLED / "read.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(row)
        lines = cut(read_lines(told["text"].encode(), told["name"]))
        if len(lines) == len(told["tags"]):
            yield _example(told["name"], lines, [SHORT[tag] for tag in told["tags"]], small=True)


def _example(name: str, lines: Sequence[Line], tags: list[str], *, small: bool = False) -> Example:
    return Example(name, clues(lines, furniture(lines)), tags, small)


class Learner:
    """The sums over all paths of all examples, as one function of the weights."""

    def __init__(self, found: Sequence[Example]) -> None:
        seen = Counter(clue for one in found for clue in {clue for row in one.clues for clue in row})
        self.names = sorted(clue for clue, many in seen.items() if many >= LEAST_DOCUMENTS)
        at = {clue: column for column, clue in enumerate(self.names)}
        rows = [self._row(one, at) for one in found]
        self._all = vstack(rows).tocsr()
        self._turned = self._all.T.tocsr()
        self._ends = np.cumsum([row.shape[0] for row in rows])
        self._tags = [np.array([TAGS.index(tag) for tag in one.tags]) for one in found]
        self._steps = [np.array([kind_of_step(row) for row in one.clues]) for one in found]

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
        slope, step_slope, loss, start = np.zeros_like(scores), np.zeros_like(steps), 0.0, 0
        for at, end in enumerate(self._ends):
            loss += self._one(at, scores[start:end], steps, slope[start:end], step_slope)
            start = end
        whole = np.concatenate([(self._turned @ slope).ravel(), step_slope.ravel()]) + PENALTY * flat
        return loss + 0.5 * PENALTY * float(flat @ flat), whole

    def _one(self, at: int, scores: Array, steps: Array, slope: Array, step_slope: Array) -> float:
        """Return minus the log likelihood of one document, and add to the slopes of the loss."""
        tags, kinds = self._tags[at], self._steps[at]
        before, after, total = _sums(scores, steps, kinds)
        slope += np.exp(before + after - total)
        slope[np.arange(len(tags)), tags] -= 1
        for kind in range(KINDS_OF_STEP):
            into = np.nonzero(kinds[1:] == kind)[0] + 1
            pairs = before[into - 1][:, :, None] + steps[kind] + (scores[into] + after[into])[:, None, :] - total
            step_slope[kind] += np.exp(pairs).sum(0)
            np.subtract.at(step_slope[kind], (tags[into - 1], tags[into]), 1.0)
        path = scores[np.arange(len(tags)), tags].sum() + steps[kinds[1:], tags[:-1], tags[1:]].sum()
        return float(total - path)


def _sums(scores: Array, steps: Array, kinds: Array) -> tuple[Array, Array, float]:
    """Return the logarithms of the sums over all paths up to and from each line, and over all whole paths."""
    before, after = np.empty_like(scores), np.zeros_like(scores)
    before[0] = scores[0]
    for i in range(1, len(scores)):
        before[i] = scores[i] + logsumexp_rows((before[i - 1][:, None] + steps[kinds[i]]).T)
    for i in range(len(scores) - 2, -1, -1):
        after[i] = logsumexp_rows(steps[kinds[i + 1]] + scores[i + 1] + after[i + 1])
    return before, after, float(logsumexp(before[-1]))


def logsumexp_rows(rows: Array) -> Array:
    """Return the logarithm of the sum of exponentials of each row; quicker than SciPy's for small ones."""
    most = rows.max(1)
    found: Array = most + np.log(np.exp(rows - most[:, None]).sum(1))
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
            weights = Learner([*(one for i, one in enumerate(whole) if i % parts != part), *rest]).fit()
            read += [(one.tags, best_path(one.clues, weights)) for one in whole[part::parts]]
        print(shares(read))
        return
    weights = Learner(found).fit()
    told = {"corpus": corpus_digest(), "clues": weights.clues, "steps": weights.steps}
    TARGET.write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(shares((one.tags, best_path(one.clues, weights)) for one in found))
    print(f"{len(found)} documents, {len(weights.clues)} clues, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

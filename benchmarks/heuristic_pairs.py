"""How the heuristic orders the development answers: pairs of known rank, criteria beside a reader's levels, salads.

python -m benchmarks.heuristic_pairs
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from evalharness.stats import spearman
from tests.graders import test_development_answers as development

RANKS = {rank: at for at, rank in enumerate(development.RANKS)}


def main() -> None:
    """Print the table."""
    print("totals, pairs of answers of different rank    right  wrong  tied   Spearman")
    for name in development.RUBRICS:
        rubric = development.sheet(name).rubric
        found = development.graded(name)
        pairs = [
            (float(RANKS[answer["rank"]]), development.total(rubric, found[answer["id"]]))
            for answer in development.sheet(name).answers
        ]
        print(_row(name, pairs))
    print("\ncriteria, pairs that a reader gave different levels")
    for name in development.RUBRICS:
        found = development.graded(name)
        seen: dict[str, list[tuple[float, float]]] = {}
        for answer in development.sheet(name).answers:
            for criterion, level in answer["human"].items():
                if criterion in found[answer["id"]]:
                    seen.setdefault(criterion, []).append((level, found[answer["id"]][criterion]))
        for criterion, pairs in sorted(seen.items()):
            print(_row(f"{name}/{criterion}", pairs))


def _row(name: str, pairs: Sequence[tuple[float, float]]) -> str:
    right, wrong, tied = order(pairs)
    together = spearman([known for known, _ in pairs], [level for _, level in pairs])
    return f"{name:45} {right:5} {wrong:6} {tied:5}   {'-' if together is None else f'{together:.2f}'}"


def order(pairs: Iterable[tuple[float, float]]) -> tuple[int, int, int]:
    """Return how many pairs of different known height stand right, wrong, tied."""
    signs = [(a[1] - b[1]) * (a[0] - b[0]) for a, b in itertools.combinations(pairs, 2) if abs(a[0] - b[0]) > 0]
    return sum(s > 1e-9 for s in signs), sum(s < -1e-9 for s in signs), sum(abs(s) <= 1e-9 for s in signs)


if __name__ == "__main__":
    main()

"""numbered lines -> what each is: asked, said, theirs to answer, or something else; by weights that were learned.

Each clue of a line speaks for and against each tag, and so does the tag of the line before; the best path over the whole
document wins, so that no line decides alone. `scripts/train_import.py` learns the weights from documents with known truth.
The model is a linear-chain conditional random field (Lafferty, McCallum and Pereira 2001), read by Viterbi's algorithm.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Collection, Sequence
from importlib.resources import files
from operator import add

from evalharness.documents.nouns import Line
from evalharness.importing.offline.clues import clues
from evalharness.model.noun import Noun

TAGS = ("question", "answer", "ask", "other")
STEPS = 5  # tables of steps
WEIGHTS = "weights.json"


class Weights(Noun):
    """What was learned: of each clue, and of each step from tag to tag, a figure for each tag in the order of `TAGS`."""

    clues: dict[str, tuple[float, ...]]
    steps: tuple[tuple[tuple[float, ...], ...], ...]


def tagged(lines: Sequence[Line], gone: Collection[int] = ()) -> tuple[str, ...]:
    """Return one of `TAGS` for each line."""
    return best_path(clues(lines, gone), _weights()) if lines else ()


def kind_of_step(found: Collection[str]) -> int:
    """Return which table of steps leads to a line with these clues: it goes on in the same line, or is set off, or alike."""
    return 4 if "glued=True" in found else ("gap=True" in found) + 2 * ("-same=True" in found)


def best_path(found: Sequence[Sequence[str]], weights: Weights) -> tuple[str, ...]:
    """Return the tags whose clues and steps have the highest sum."""
    leads = [tuple(zip(*table, strict=True)) for table in weights.steps]  # to each tag, the steps from all of them
    sums: list[float] = [0.0] * len(TAGS)
    came: list[list[int]] = []
    for at, row in enumerate(found):
        own = [0.0] * len(TAGS)
        for clue in row:
            known = weights.clues.get(clue)
            if known is not None:
                own = list(map(add, own, known))
        if not at:
            sums = own
            continue
        ways = [list(map(add, sums, lead)) for lead in leads[kind_of_step(row)]]
        highest = [max(way) for way in ways]
        came.append([way.index(most) for way, most in zip(ways, highest, strict=True)])
        sums = list(map(add, highest, own))
    path = [sums.index(max(sums))]
    for best in reversed(came):
        path.append(best[path[-1]])
    return tuple(TAGS[tag] for tag in reversed(path))


@functools.cache
def _weights() -> Weights:
    told = json.loads(files(__package__).joinpath(WEIGHTS).read_text(encoding="utf-8"))
    return Weights(
        clues={clue: tuple(row) for clue, row in told["clues"].items()},
        steps=tuple(tuple(tuple(row) for row in table) for table in told["steps"]),
    )

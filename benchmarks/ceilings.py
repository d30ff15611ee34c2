"""What nobody can exceed: each wanted figure beside what a reader sees at most who makes 5 % false claims.

    python -m benchmarks.ceilings [--screens 4000] [--seed 1]

This reader knows what a program has to find out: the noise of the grader exactly, that all criteria have the same, how
often answers are half-way between two levels, by how much something moved, up or down, and (for the total) that all
criteria moved alike.  It claims by the likelihood ratio, the most powerful test there is (Neyman & Pearson 1933), and
spends its 5 % on this one question: on the criteria alone, or on the total alone.  Only of single joint grades it must
find out the noise: it knows that it is one of the nine simulated graders, and may be wrong in 5 % with each of them.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import random
from collections.abc import Callable, Iterator

from benchmarks.ideal import JointReader, seen_at_best, total_seen_at_best
from benchmarks.ideal_flow import HALF_WAY, PLAIN, seen
from benchmarks.simulated_graders import CRITERIA, Grader

RATE, SDS, SHARED = 0.05, (0.3, 0.5, 0.8), 0.3


@functools.cache
def _joint_reader(screens: int) -> JointReader:
    graders = [Grader(sd=sd, shared=part) for sd, part in itertools.product(SDS, (0.1, 0.3, 0.5))]
    return JointReader(graders, 2.0, RATE, screens, random.Random(1))


Figure = tuple[str, tuple[int | None, ...], Callable[[float, int, random.Random], float]]
FIGURES: tuple[Figure, ...] = (
    # what is to be seen, the wanted percentages at each of SDS, how often it is seen at most
    ("one criterion +1, 5 samples", (65, 37, None), lambda sd, _, __: seen_at_best(sd, 1.0, 5, RATE / CRITERIA)),
    ("one criterion +1.5, 3 samples", (50, 37, 28), lambda sd, _, __: seen_at_best(sd, 1.5, 3, RATE / CRITERIA)),
    (
        "total +0.5, 3 samples",
        (80, 54, None),
        lambda sd, screens, rng: total_seen_at_best(sd, 0.5, 3, RATE, screens, rng),
    ),
    (
        "all criteria +2, single grades",
        (95, 95, None),
        lambda sd, screens, rng: total_seen_at_best(sd, 2.0, 1, RATE, screens, rng),
    ),
    (
        "all criteria +2, one joint call each",
        (95, 95, None),
        lambda sd, screens, _: _joint_reader(screens).seen(Grader(sd=sd, shared=SHARED)),
    ),
    (
        "one criterion +1, single grades and 6 calls",
        (50, None, None),
        lambda sd, screens, rng: seen(sd, RATE, (PLAIN, HALF_WAY), screens, rng.randrange(10**6))[0],
    ),
)


def report(screens: int, seed: int, figures: tuple[Figure, ...] = FIGURES) -> Iterator[str]:
    """Yield each figure: what is wanted, and what is possible at most, in percent for each of SDS."""
    yield f"{'seen, in percent':46}" + "".join(f"{f'sd {sd}':>16}" for sd in SDS)
    yield " " * 46 + "  wanted at most" * len(SDS)
    for name, wanted, at_most in figures:
        cells = (
            f"{'-' if most is None else most:>8}{100 * at_most(sd, screens, random.Random(seed)):8.0f}"
            for sd, most in zip(SDS, wanted, strict=True)
        )
        yield f"{name:46}" + "".join(cells)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screens", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    for line in report(asked.screens, asked.seed):
        print(line, flush=True)


if __name__ == "__main__":
    main()

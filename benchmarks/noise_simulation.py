"""simulated graders -> how often a reading is wrong, and how often a real change is seen.

Run by hand: `python benchmarks/noise_simulation.py [--draws N] [--seed N]`.  A grader here has a true level
for every answer, adds normal noise, rounds to a whole level and stays within 1 to 5.  The same draws are read
by `evalharness.core.noise` and by two habits of the field: any difference of single grades counts, and a
difference of means of at least half a level counts.
"""

from __future__ import annotations

import argparse
import functools
import math
import random
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from evalharness.noise import (
    Noise,
    Pair,
    Reading,
    compare_criterion,
    compare_runs,
    compare_total,
    more_samples_help,
    noise_of,
    read,
    read_attempt,
)

NOISE = (0.0, 0.2, 0.35, 0.5, 0.8, 1.2)
SAMPLES = (1, 2, 3, 4, 5)
PLACES = (1.0, 1.25, 1.5, 2.0, 2.25, 2.5, 3.0, 3.5, 4.25, 5.0)
CLAIMS = frozenset({Reading.BETTER, Reading.WORSE})
HISTORIES = 60
CRITERIA = 7

Levels = tuple[float, ...]
History = Callable[[random.Random], float]


class Rate(NamedTuple):
    """How many of `of` draws ended in a claim."""

    claims: int
    of: int

    @property
    def value(self) -> float:
        """Return the share of claims."""
        return self.claims / self.of

    @property
    def error(self) -> float:
        """Return the Monte-Carlo standard error, that of one hit where there was none."""
        share = min(max(self.value, 1 / self.of), 1 - 1 / self.of)
        return math.sqrt(share * (1 - share) / self.of)

    def __str__(self) -> str:
        return f"{100 * self.value:5.1f} ±{100 * self.error:.1f}"


class Verdicts(NamedTuple):
    """What three readers made of the same draws."""

    ours: Rate
    single: Rate
    half: Rate


# --- a grader ----------------------------------------------------------------------------------------


def grade(level: float, sd: float, samples: int, rng: random.Random) -> Levels:
    """Return whole levels from 1 to 5 around the true `level`."""
    return tuple(float(min(5, max(1, math.floor(rng.gauss(level, sd) + 0.5)))) for _ in range(samples))


def anywhere(rng: random.Random) -> float:
    return rng.uniform(1, 5)


def on_a_level(rng: random.Random) -> float:
    return float(rng.choice((2, 3, 4)))


def at_the_ends(rng: random.Random) -> float:
    return float(rng.choice((1, 5)))


def history(sd: float, rng: random.Random, where: History = anywhere, answers: int = 15) -> Noise:
    """Return the noise pooled over earlier answers, each graded three times."""
    return noise_of(grade(where(rng), sd, 3, rng) for _ in range(answers))


def with_pair(noise: Noise, *levels: Levels) -> Noise:
    """Return the pool with the compared attempts' own samples in it, as `pool` would."""
    own = noise_of(levels)
    return Noise(squares=noise.squares + own.squares, degrees=noise.degrees + own.degrees)


@functools.lru_cache(maxsize=200_000)
def reading(before: Levels, after: Levels, noise: Noise) -> Reading:
    return read(compare_criterion(before, after, with_pair(noise, before, after)))


# --- one criterion -----------------------------------------------------------------------------------


def verdicts(
    place: float,
    change: float,
    sd: float,
    samples: int,
    pools: Sequence[Noise],
    draws: int,
    rng: random.Random,
) -> Verdicts:
    """Return how often each reader claims a change where the true level moves by `change` from `place`."""
    ours = single = half = 0
    for i in range(draws):
        before, after = (tuple(sorted(grade(at, sd, samples, rng))) for at in (place, place + change))
        first = (rng.choice(before), rng.choice(after))
        ours += reading(before, after, pools[i % len(pools)]) in CLAIMS
        single += first[0] != first[1]
        half += abs(sum(after) - sum(before)) / samples >= 0.5
    return Verdicts(*(Rate(count, draws) for count in (ours, single, half)))


def total(found: Iterable[Verdicts]) -> Verdicts:
    """Return verdicts of several places together."""
    columns = zip(*found, strict=True)
    return Verdicts(*(Rate(sum(r.claims for r in c), sum(r.of for r in c)) for c in map(tuple, columns)))


def false_claims(
    sd: float,
    samples: int,
    draws: int,
    rng: random.Random,
    where: History = anywhere,
    answers: int = 15,
    places: Sequence[float] = PLACES,
) -> tuple[Verdicts, Rate]:
    """Return claims over all `places` where nothing changed, and ours at the worst place."""
    pools = [history(sd, rng, where, answers) for _ in range(HISTORIES)]
    found = [verdicts(place, 0, sd, samples, pools, draws, rng) for place in places]
    return total(found), max((v.ours for v in found), key=lambda rate: rate.value)


def power(sd: float, samples: int, change: float, draws: int, rng: random.Random) -> Verdicts:
    """Return claims where the true level rises by `change` from anywhere that leaves room."""
    pools = [history(sd, rng) for _ in range(HISTORIES)]
    places = [rng.uniform(1, 5 - change) for _ in range(20)]
    return total(verdicts(place, change, sd, samples, pools, max(1, draws // 20), rng) for place in places)


# --- everything that is shown: seven criteria and their total ----------------------------------------


def shown(sd: float, samples: int, rising: int, draws: int, rng: random.Random) -> tuple[Rate, Rate, Rate]:
    """Return how often anything is claimed, the total is claimed, and any criterion differs by half a level.

    `rising` of seven criteria truly rise by one level; the others stay where they are.
    """
    pools = [history(sd, rng) for _ in range(HISTORIES)]
    counts = [0, 0, 0]
    for _ in range(draws):
        pairs = [pair_of(sd, samples, float(i < rising), rng.choice(pools), rng) for i in range(CRITERIA)]
        changes = [compare_total([pair]) for pair in pairs]
        overall, readings = read_attempt(compare_total(pairs), changes)
        counts[0] += any(r in CLAIMS for r in (overall, *readings))
        counts[1] += overall in CLAIMS
        counts[2] += any(abs(change.difference) >= 0.5 for change in changes)
    return Rate(counts[0], draws), Rate(counts[1], draws), Rate(counts[2], draws)


def pair_of(sd: float, samples: int, change: float, noise: Noise, rng: random.Random) -> Pair:
    place = rng.choice((1.5, 2.5, 3.5)) if rng.random() < 0.5 else rng.uniform(1, 4)
    before, after = grade(place, sd, samples, rng), grade(place + change, sd, samples, rng)
    return Pair(before=before, after=after, noise=with_pair(noise, before, after))


def adaptive(sd: float, change: float, most: int, draws: int, rng: random.Random) -> tuple[Rate, float]:
    """Return claims, and samples spent on each attempt, where more are drawn only while they may help."""
    pools = [history(sd, rng) for _ in range(HISTORIES)]
    claims, spent = 0, 0
    for _ in range(draws):
        place, noise = rng.choice(PLACES) if not change else rng.uniform(1, 5 - change), rng.choice(pools)
        drawn = grade(place, sd, most, rng), grade(place + change, sd, most, rng)
        for samples in range(1, most + 1):
            before, after = drawn[0][:samples], drawn[1][:samples]
            pair = Pair(before=before, after=after, noise=with_pair(noise, before, after))
            if not more_samples_help([pair], most):
                break
        claims += reading(before, after, noise) in CLAIMS
        spent += samples
    return Rate(claims, draws), spent / draws


# --- two runs over questions -------------------------------------------------------------------------


def runs_claims(questions: int, authors: int, change: float, draws: int, rng: random.Random) -> Rate:
    """Return claims between two runs; changes spread by .8, half of their variance shared by an author."""
    sd = 0.8 / math.sqrt(2)
    claims = 0
    for _ in range(draws):
        shared = [rng.gauss(0, sd) for _ in range(authors)]
        clusters = [*range(authors), *(int(authors * rng.random() ** 2) for _ in range(questions - authors))]
        pairs = [(3.0, 3.0 + change + shared[c] + rng.gauss(0, sd)) for c in clusters]
        claims += compare_runs(pairs, clusters).read() in CLAIMS
    return Rate(claims, draws)


# --- the report --------------------------------------------------------------------------------------


def report(draws: int, rng: random.Random) -> Iterable[str]:
    yield "Claims of better or worse in percent, ± Monte-Carlo standard error; stated error rate 5 %."
    yield from report_false(draws, rng)
    yield from report_histories(draws, rng)
    yield from report_power(2 * draws, rng)
    yield from report_shown(draws // 2, rng)
    yield from report_adaptive(2 * draws, rng)
    yield from report_runs(2 * draws, rng)


def report_false(draws: int, rng: random.Random) -> Iterable[str]:
    yield "\nNothing changed (10 true levels, earlier grades of 15 answers), one comparison shown"
    yield " noise  samples          ours   worst place    any single  half a level"
    for sd in NOISE:
        for samples in SAMPLES:
            found, worst = false_claims(sd, samples, draws, rng)
            yield row(sd, samples, found.ours, worst, found.single, found.half)


def report_histories(draws: int, rng: random.Random) -> Iterable[str]:
    yield "\nNothing changed, other histories of earlier grades: ours at the worst place"
    yield " noise  samples  none but own    on a level   at the ends"
    for sd in NOISE:
        for samples in (2, 3, 5):
            kinds: tuple[tuple[History, int], ...] = ((anywhere, 0), (on_a_level, 15), (at_the_ends, 15))
            found = [false_claims(sd, samples, draws, rng, where, answers) for where, answers in kinds]
            yield row(sd, samples, *(worst for _, worst in found))


def report_power(draws: int, rng: random.Random) -> Iterable[str]:
    yield "\nThe true level rises by one (two): power"
    yield " noise  samples     ours, one     ours, two    any single  half a level"
    for sd in NOISE:
        for samples in SAMPLES:
            one, two = (power(sd, samples, change, draws, rng) for change in (1, 2))
            yield row(sd, samples, one.ours, two.ours, one.single, one.half)


def report_shown(draws: int, rng: random.Random) -> Iterable[str]:
    yield "\nSeven criteria and their total shown together (Holm, half to the total), half between levels:"
    yield "nothing changed (any claim; any criterion by half a level), then three rise by one (total, any)"
    yield " noise  samples          ours  half a level         total           any"
    for sd in NOISE:
        for samples in (1, 3, 5):
            nothing, _, habit = shown(sd, samples, 0, draws, rng)
            rising, overall, _ = shown(sd, samples, 3, draws // 2, rng)
            yield row(sd, samples, nothing, habit, overall, rising)


def report_adaptive(draws: int, rng: random.Random) -> Iterable[str]:
    yield "\nOne sample, more only while they may help: claims where nothing changed (up to 3, up to 5),"
    yield "power for two levels (up to 3), and how many samples an attempt took"
    yield " noise      false, 3  samples      false, 5  samples      power, 3  samples"
    for sd in NOISE:
        cells = [adaptive(sd, change, most, draws, rng) for change, most in ((0, 3), (0, 5), (2, 3))]
        yield f"{sd:6.2f}" + "".join(f"{rate!s:>14} {spent:8.2f}" for rate, spent in cells)


def row(sd: float, samples: int, *cells: Rate) -> str:
    return f"{sd:6.2f} {samples:8}" + "".join(f"{cell!s:>14}" for cell in cells)


def report_runs(draws: int, rng: random.Random) -> Iterable[str]:
    yield "\nTwo runs over questions, paired and clustered by author; changes spread by .8"
    yield " questions  authors   no change   half a level up"
    for questions, authors in ((5, 5), (10, 10), (10, 4), (20, 6), (40, 10)):
        false, true = (runs_claims(questions, authors, change, draws, rng) for change in (0.0, 0.5))
        yield f"{questions:10} {authors:8} {false!s:>11} {true!s:>17}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1500, help="draws per true level (default: 1500)")
    parser.add_argument("--seed", type=int, default=20261002)
    options = parser.parse_args()
    for line in report(options.draws, random.Random(options.seed)):
        print(line, flush=True)


if __name__ == "__main__":
    main()

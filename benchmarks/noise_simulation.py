"""Simulated graders -> how often a reading is wrong, how often a real change is seen, and what three habits make of it.

    python -m benchmarks.noise_simulation [--draws 400] [--seed 20261128] [--only PART]

Six criteria and their total are read together, as a screen shows them.  Where nothing changed, any
claim of better or worse is wrong.
"""

from __future__ import annotations

import argparse
import itertools
import random
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from benchmarks.flow import FlowResult, flow
from benchmarks.habits import Claims, half_a_level, moderated_t, t_and_holm
from benchmarks.simulated_graders import CRITERIA, Grader, Known, attempts, meet
from evalharness.noise.attempts import Pair, Setting, compare
from evalharness.noise.change import Reading, read_attempt
from evalharness.noise.evidence import Levels
from evalharness.stats import wilson_interval

GRADERS = 40  # different ones in a cell
CLAIMS = frozenset({Reading.BETTER, Reading.WORSE})
_WORDS = {False: "first use", True: "with a history of 15 answers graded three times"}
SDS, SAMPLES = (0.3, 0.5, 0.8), (1, 2, 3, 5, 8)
NONE = (0.0,) * CRITERIA
ONE: Callable[[float], tuple[float, ...]] = lambda size: (size, *NONE[1:])  # noqa: E731
ALL: Callable[[float], tuple[float, ...]] = lambda size: (size,) * CRITERIA  # noqa: E731


class Cell(NamedTuple):
    """One kind of case; `where` puts all answers at one place, `apart` says that the attempts met different days."""

    name: str
    grader: Grader
    samples: int
    history: bool
    changes: tuple[float, ...] = NONE
    where: float | None = None
    apart: bool | None = None


class Rates(NamedTuple):
    """Shares of draws: any claim, the total, the first criterion, by the model; then any claim by the three habits."""

    any: float
    total: float
    first: float
    half: float
    t: float
    moderated: float


def troubles(sd: float) -> dict[str, tuple[Grader, float | None]]:
    """Return the kinds of trouble in which a false claim is looked for, and where answers stand (None: mixed)."""
    return {
        "plain": (Grader(sd=sd), None),
        "half-way": (Grader(sd=sd), 2.5),
        "slips": (Grader(sd=sd, slips=0.05), None),
        "by crit.": (Grader(sd=sd, by_criterion=True), None),
        "by answer": (Grader(sd=sd, by_answer=True), None),
        "joint .1": (Grader(sd=sd, shared=0.1), None),
        "joint .3": (Grader(sd=sd, shared=0.3), None),
        "joint .5": (Grader(sd=sd, shared=0.5), None),
        "day .10": (Grader(sd=sd, day=0.1), None),
        "day .15": (Grader(sd=sd, day=0.15), None),
        "day .25": (Grader(sd=sd, day=0.25), None),
    }


def rates(cell: Cell, draws: int, seed: int) -> Rates:
    """Return how often each reader claims."""
    rng = random.Random(f"{seed} {cell.name} {cell.grader.sd} {cell.samples} {cell.history}")  # no cell repeats another
    known = [meet(cell.grader, rng, history=cell.history) for _ in range(GRADERS)]
    found = [_claims(*_draw(cell, rng.choice(known), rng)) for _ in range(draws)]
    return Rates(*(sum(column) / draws for column in zip(*found, strict=True)))


def _draw(cell: Cell, known: Known, rng: random.Random) -> tuple[list[Pair], Setting]:
    return attempts(cell.grader, known, cell.changes, cell.samples, rng, where=cell.where, apart=cell.apart)


def _claims(pairs: Sequence[Pair], setting: Setting) -> tuple[bool, ...]:
    total, criteria = readings(pairs, setting)
    ours = (total in CLAIMS, *(each in CLAIMS for each in criteria))
    habits = (_any(reader(pairs)) for reader in (half_a_level, t_and_holm, moderated_t))
    return any(ours), ours[0], ours[1], *habits


def readings(pairs: Sequence[Pair], setting: Setting) -> tuple[Reading, tuple[Reading, ...]]:
    """Return how the model reads two attempts."""
    comparison = compare(pairs, setting)
    assert comparison.total is not None
    return read_attempt(comparison.total, comparison.criteria)


def _any(claims: Claims) -> bool:
    return claims[0] or any(claims[1])


# --- the report -------------------------------------------------------------------------------------------


def report_false(
    draws: int, seed: int, histories: Iterable[bool] = (False, True), samples: Iterable[int] = SAMPLES
) -> Iterable[str]:
    """Return the table of false claims, in percent of screens, and what the habits make of the same draws."""
    names = list(troubles(0.3))
    for history in histories:
        yield f"\nNothing changed, {_WORDS[history]}: screens with any claim, in percent ({draws} draws a cell)"
        yield "samples, sd  " + "".join(f"{name:>10}" for name in names)
        columns: dict[str, list[Rates]] = {name: [] for name in names}
        for count, sd in itertools.product(samples, SDS):
            for name, (grader, where) in troubles(sd).items():
                columns[name].append(rates(Cell(name, grader, count, history, where=where), draws, seed))
            yield f"{count:2} x {sd:4.1f}    " + "".join(f"{100 * columns[name][-1].any:10.1f}" for name in names)
        for label, field in (("mean", 0), (">0.5", 3), ("t + Holm", 4), ("moderated t", 5)):
            means = [sum(rate[field] for rate in columns[name]) / len(columns[name]) for name in names]
            yield f"{label:12} " + "".join(f"{100 * mean:10.1f}" for mean in means)


WORST = (
    # samples, sd, history, trouble: cells that came out highest in the tables, drawn again with many more draws
    (5, 0.8, True, "half-way"),
    (3, 0.8, False, "joint .5"),
    (5, 0.8, False, "by crit."),
    (5, 0.5, True, "by answer"),
    (1, 0.8, False, "joint .5"),
    (5, 0.8, False, "joint .5"),
    (8, 0.8, False, "by answer"),
    (2, 0.8, False, "by crit."),
    (5, 0.5, True, "joint .5"),
    (2, 0.8, False, "half-way"),
    (3, 0.3, False, "day .25"),
    (8, 0.3, False, "day .25"),
    (2, 0.3, True, "half-way"),
    (5, 0.5, True, "half-way"),
    (1, 0.3, True, "by answer"),
)


def report_worst(draws: int, seed: int) -> Iterable[str]:
    """Return the false claims of single cells, each with its 95 % interval."""
    yield f"\nCells that came out highest, drawn again ({draws} draws): percent of screens with any claim"
    for samples, sd, history, name in WORST:
        grader, where = troubles(sd)[name]
        found = rates(Cell(name, grader, samples, history, where=where), draws, seed).any
        around = wilson_interval(round(found * draws), draws)
        told = f"{100 * found:5.1f} ({100 * around.low:.1f} to {100 * around.high:.1f})"
        yield f"{_WORDS[history]:45} {samples} samples, sd {sd:.1f}, {name:10} {told}"


POWER = (
    ("one criterion +1, 5 samples, history", ONE(1.0), 5, True, "first"),
    ("one criterion +1.5, 3 samples, first use", ONE(1.5), 3, False, "first"),
    ("total +0.5, 3 samples, history", ALL(0.5), 3, True, "total"),
    ("total +0.5, 3 samples, first use", ALL(0.5), 3, False, "total"),
    ("all criteria +2, single grades, first use", ALL(2.0), 1, False, "total"),
)


def report_power(draws: int, seed: int) -> Iterable[str]:
    """Return how often a real change is seen: in what moved, and in anything at all."""
    yield f"\nA real change: seen in percent ({draws} draws a cell); habits: any claim"
    yield "                                             sd   seen    any    >0.5  t+Holm  mod. t"
    for name, changes, samples, history, what in POWER:
        for sd in SDS:
            for how, grader, apart in (
                ("", Grader(sd=sd), None),
                (", joint .3", Grader(sd=sd, shared=0.3), None),
                (", other day", Grader(sd=sd), True),
            ):
                if how and what == "first":
                    continue
                found = rates(Cell(name, grader, samples, history, changes, apart=apart), draws, seed)
                seen = found.first if what == "first" else found.total
                cells = (seen, found.any, found.half, found.t, found.moderated)
                yield f"{name + how:44}{sd:4.1f}" + "".join(f"{100 * each:7.1f}" for each in cells)


CALLS = 6
_ALONE = ("plain", "half-way", "slips", "by answer")
FLOWS: tuple[tuple[bool, int, float, tuple[str, ...]], ...] = (
    # history, first samples, sd, kinds of trouble
    *((True, start, sd, _ALONE) for start in (3, 1) for sd in SDS),
    *((True, start, sd, ("joint .3", "joint .5")) for start in (3, 1) for sd in (0.3, 0.8)),
    *((False, start, sd, ("half-way", "by answer")) for start, sd in ((3, 0.8), (1, 0.8), (3, 0.3), (1, 0.3))),
    *((False, start, 0.8, ("joint .5",)) for start in (3, 1)),
    *((True, start, 0.3, ("day .15",)) for start in (3, 1)),
)


def report_flow(draws: int, seed: int) -> Iterable[str]:
    """Return what samples bought where they decide come to."""
    yield f"\nSamples where they decide, up to {CALLS} extra calls: percent of screens with any claim ({draws} draws)"
    for history, start, sd, names in FLOWS:
        for name in names:
            grader, where = troubles(sd)[name]
            found = bought(Cell("", grader, start, history, where=where), CALLS, max(5, start + 3), draws, seed)
            told = f"{100 * found.any:6.1f} (total {100 * found.total:.1f}) for {found.calls:.1f} calls"
            yield f"{_WORDS[history]:45} {start} x {sd:.1f} {name:10}{told}"


SEEN: tuple[tuple[bool, int, float, float | None], ...] = (
    # history, first samples, sd, what joint calls share (None: a call a criterion)
    *((True, start, sd, None) for start in (1, 3) for sd in SDS),
    *((False, start, 0.3, None) for start in (1, 3)),
    *((True, start, 0.3, 0.3) for start in (1, 3)),
)


def report_flow_seen(draws: int, seed: int) -> Iterable[str]:
    """Return how often samples bought where they decide show a real change."""
    yield f"\nThe same, one criterion moved by a level: percent of screens that see it ({draws} draws each way)"
    for history, start, sd, shared in SEEN:
        cells = [Cell("", Grader(sd=sd, shared=shared), start, history, ONE(size)) for size in (1, -1)]
        up, down = (bought(cell, CALLS, max(5, start + 3), draws, seed) for cell in cells)
        how = "joint" if shared else "single"
        told = f"up {100 * up.first:.1f}, down {100 * down.first:.1f}, for {(up.calls + down.calls) / 2:.1f} calls"
        yield f"{_WORDS[history]:45} {start} x {sd:.1f} {how:7}{told}"


def bought(cell: Cell, calls: int, most: int, draws: int, seed: int) -> FlowResult:
    """Return the shares of screens with any claim and with one of the first criterion, and the calls they bought."""
    rng = random.Random(seed)
    known = [meet(cell.grader, rng, history=cell.history) for _ in range(GRADERS)]
    found = [flow(cell, rng.choice(known), cell.samples, calls, most, rng) for _ in range(draws)]
    return FlowResult(*(sum(column) / draws for column in zip(*found, strict=True)))


TOTALS = (
    ((2, 2, 1, 2, 2, 1), 1.7),
    ((4, 4, 4, 4, 4, 3), 3.9),
    ((5, 5, 5, 5, 5, 4), 4.8),
    ((2, 2, 2, 2, 2, 2), 2.0),
)


def report_totals() -> Iterable[str]:
    """Return how four attempts with one grade each read."""
    yield "\nFour attempts, one grade a criterion, nothing known of the grader: the change since the last"
    for joint, apart in itertools.product((False, True), repeat=2):
        setting, words = Setting(joint=joint), []
        for (before, _), (after, _) in pairwise(TOTALS):
            pairs = [
                Pair(before=_one(b), after=_one(a), sittings=((0,), (int(apart),)))
                for b, a in zip(before, after, strict=True)
            ]
            found = compare(pairs, setting).total
            assert found is not None
            words.append(f"{found.difference:+.1f} {readings(pairs, setting)[0].value} ({100 * found.sure:.1f} % sure)")
        yield f"joint {joint!s:5} apart {apart!s:5} " + ", ".join(words)


def _one(level: int) -> Levels:
    return (float(level),)


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--seed", type=int, default=20261128)
    parser.add_argument("--only", choices=("first", "history", "worst", "power", "flow", "flow-seen", "totals"))
    asked = parser.parse_args()
    parts: dict[str, Callable[[], Iterable[str]]] = {
        "totals": report_totals,
        "worst": lambda: report_worst(asked.draws, asked.seed),
        "power": lambda: report_power(asked.draws, asked.seed),
        "flow": lambda: report_flow(asked.draws, asked.seed),
        "flow-seen": lambda: report_flow_seen(asked.draws, asked.seed),
        "first": lambda: report_false(asked.draws, asked.seed, (False,)),
        "history": lambda: report_false(asked.draws, asked.seed, (True,)),
    }
    for name, part in parts.items():
        if asked.only in (None, name):
            for line in part():
                print(line, flush=True)


if __name__ == "__main__":
    main()

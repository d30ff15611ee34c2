"""How often a gate is wrong: the gates of `evalharness.core.gate` against one grade and a threshold, simulated.

    python benchmarks/gate_simulation.py [--builds 10000] [--seed 11]

One build changes three answers whose true totals lie within 0.3 of the line.  A grading is the true level of each
criterion plus noise, rounded to a whole level as a grader gives it.  Both sides are graded as `check` does it: once,
then again while a verdict is open or a fail is to be confirmed, up to the most samples allowed.  The single-grade gate
reads the first draw of the same answers.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from evalharness.gate.rulings import Asks, Ruling, Trial, Verdict, rule
from evalharness.noise import Noise, Pair, compare_total, compare_with_bar, noise_of

LINE = 3.0
CRITERIA = 5
Levels = list[list[float]]  # by criterion, then by sample


@dataclass
class Answer:
    """True levels before and after, and the gradings drawn so far."""

    before: list[float]
    after: list[float]
    drawn: tuple[Levels, Levels] = field(default_factory=lambda: ([], []))


@dataclass
class Tally:
    """What many builds came to."""

    builds: int = 0
    wrong: int = 0
    rightly: int = 0
    single_wrong: int = 0
    calls: int = 0
    single_calls: int = 0
    answers: Counter[Verdict] = field(default_factory=Counter)
    dropped: Counter[Verdict] = field(default_factory=Counter)


def simulate(
    builds: int, *, seed: int, drop: float = 0.0, noise: float = 0.5, most: int = 3, known: int = 0, whole: bool = True
) -> Tally:
    """Return the tally of `builds`; in each the first of three answers truly drops by `drop` in its total.

    `known` is how many degrees of noise per criterion earlier runs have measured.
    """
    rng, tally = random.Random(seed), Tally()
    for _ in range(builds):
        answers = [_answer(rng, drop if number == 0 else 0.0) for number in range(3)]
        pools = [_pool(rng, noise, known, whole=whole) for _ in range(CRITERIA)]
        rulings = _build(rng, answers, pools, noise=noise, most=most, whole=whole)
        _count(tally, answers, rulings, drop)
    return tally


def _answer(rng: random.Random, drop: float) -> Answer:
    aim = LINE + rng.uniform(-0.3, 0.3)
    low, high = 1.6 + drop, 4.4
    levels = [min(high, max(low, aim + rng.uniform(-1, 1))) for _ in range(CRITERIA)]
    shift = aim - sum(levels) / CRITERIA
    before = [level + shift for level in levels]
    return Answer(before, [level - drop for level in before])


def _draw(rng: random.Random, truth: float, noise: float, *, whole: bool) -> float:
    level = truth + rng.gauss(0, noise)
    return float(min(5, max(1, round(level)))) if whole else level


def _pool(rng: random.Random, noise: float, known: int, *, whole: bool) -> Noise:
    truths = [rng.uniform(1.6, 4.4) for _ in range(known)]
    return noise_of([[_draw(rng, truth, noise, whole=whole) for _ in range(2)] for truth in truths])


def _build(
    rng: random.Random, answers: Sequence[Answer], pools: Sequence[Noise], *, noise: float, most: int, whole: bool
) -> dict[int, list[Ruling]]:
    wanted = set(range(len(answers)))
    rulings: dict[int, list[Ruling]] = {}
    for _ in range(most):
        for number in wanted:
            answer = answers[number]
            for truths, drawn in zip((answer.before, answer.after), answer.drawn, strict=True):
                drawn.extend([] for _ in range(CRITERIA - len(drawn)))
                for truth, levels in zip(truths, drawn, strict=True):
                    levels.append(_draw(rng, truth, noise, whole=whole))
        rulings = _ruled(answers, pools)
        wanted = {number for number, found in rulings.items() if any(ruling.wants_samples for ruling in found)}
    return rulings


def _ruled(answers: Sequence[Answer], pools: Sequence[Noise]) -> dict[int, list[Ruling]]:
    trials = [trial for number, answer in enumerate(answers) for trial in _trials(number, answers, answer, pools)]
    found: dict[int, list[Ruling]] = {}
    for ruling in rule(trials):
        found.setdefault(int(ruling.trial.case), []).append(ruling)
    return found


def _trials(number: int, answers: Sequence[Answer], answer: Answer, pools: Sequence[Noise]) -> list[Trial]:
    """Return what is asked of one answer; the repeats of the other answers in the build say something too."""
    others = [each for each in answers if each is not answer]
    noises = [_joined(pool, [side[c] for each in others for side in each.drawn]) for c, pool in enumerate(pools)]
    before, after = answer.drawn
    pairs = [
        Pair(before=tuple(b), after=tuple(a), noise=noise) for b, a, noise in zip(before, after, noises, strict=True)
    ]
    over, since = compare_with_bar(pairs, LINE), compare_total(pairs)
    return [
        Trial(asks=Asks.MIN_SCORE, case=str(number), found=0.0, bar=LINE, change=over),
        Trial(asks=Asks.NO_REGRESSION, case=str(number), found=0.0, bar=0.0, change=since),
    ]


def _joined(pool: Noise, sides: Sequence[Sequence[float]]) -> Noise:
    return noise_of([*sides, *(levels for levels, count in pool.repeats for _ in range(count))])


def _count(tally: Tally, answers: Sequence[Answer], rulings: dict[int, list[Ruling]], drop: float) -> None:
    tally.builds += 1
    wrong, rightly, single = False, False, False
    for number, answer in enumerate(answers):
        true_drop = drop if number == 0 else 0.0
        below = sum(answer.after) / CRITERIA < LINE
        for ruling in rulings[number]:
            right = true_drop > 0 or (below and ruling.trial.asks is Asks.MIN_SCORE)
            wrong |= ruling.verdict is Verdict.FAIL and not right
            rightly |= ruling.verdict is Verdict.FAIL and right
        (tally.dropped if true_drop else tally.answers)[worst(rulings[number])] += 1
        single |= not below and sum(levels[0] for levels in answer.drawn[1]) / CRITERIA < LINE
        tally.calls += sum(len(levels) for side in answer.drawn for levels in side)
        tally.single_calls += CRITERIA
    tally.wrong += wrong
    tally.rightly += rightly
    tally.single_wrong += single


def worst(rulings: Sequence[Ruling]) -> Verdict:
    """Return the worst verdict of one answer."""
    order = (Verdict.FAIL, Verdict.UNGRADED, Verdict.TOO_CLOSE, Verdict.PASS)
    found = {ruling.verdict for ruling in rulings}
    return next(verdict for verdict in order if verdict in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--builds", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    print("noise sd 0.5 a criterion and sample, whole levels, 5 criteria, 3 answers a build, line 3.0, base graded too")
    for drop in (0.0, 0.5, 1.0):
        for known in (0, 30):
            begun = time.perf_counter()
            found = simulate(options.builds, seed=options.seed, drop=drop, known=known)
            _show(found, drop, known, time.perf_counter() - begun)


def _show(found: Tally, drop: float, known: int, seconds: float) -> None:
    shares = {v.value: f"{n / sum(found.answers.values()):.1%}" for v, n in sorted_counts(found.answers)}
    wrong, single = found.wrong / found.builds, found.single_wrong / found.builds
    print(f"\ndrop {drop:g}, {known} degrees known before ({found.builds} builds, {seconds:.0f} s)")
    print(f"  builds failed wrongly {wrong:.2%}, single grade {single:.1%}")
    print(f"  builds failed rightly {found.rightly / found.builds:.1%}; unchanged answers {shares}")
    if found.dropped:
        print(f"  dropped answers { {v.value: f'{n / found.builds:.1%}' for v, n in sorted_counts(found.dropped)} }")
    print(f"  calls a build {found.calls / found.builds:.1f}, single grade {found.single_calls / found.builds:.0f}")


def sorted_counts(counts: Counter[Verdict]) -> list[tuple[Verdict, int]]:
    """Return counts, largest first."""
    return counts.most_common()


if __name__ == "__main__":
    main()

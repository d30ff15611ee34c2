"""How often a grader opens a gate by people's labels: good, bad and blind ones, simulated with the real rule.

    python -m benchmarks.trust_simulation [--rounds 300] [--seed 3]

Answers have a true level in each criterion; `spread` is how far they lie apart.  People, and a good grader, are off by
half a level (a normal error, then rounded to a whole level).  The rule is that of `gate.requires` by default: this is
where its `margin` of 0.25 and its `within_one` of 0.8 come from.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable
from statistics import fmean

from evalharness.calibrate.agreement import share
from evalharness.calibrate.answers import by_answer
from evalharness.gate.trust import Standing, answers_needed, stand, together
from evalharness.model.config import Requires
from evalharness.model.nouns import GraderId
from evalharness.results.calibration import Agreement, Estimate, GraderAgreement, Subject

ERROR = 0.5  # of people and of a good grader, in levels
MEAN = 3.0
SUBJECT = Subject(name="simulated", grader=GraderId(name="simulated", version="1"), fingerprint="f")

Reads = Callable[[random.Random, float, float], float]
GOOD: dict[str, Reads] = {
    "as good as a person": lambda rng, truth, _: truth + rng.gauss(0, ERROR),
    "off by 0.7": lambda rng, truth, _: truth + rng.gauss(0, 0.7),
}
BAD: dict[str, Reads] = {
    "always says 3": lambda _, __, ___: MEAN,
    "mostly says 3": lambda rng, _, __: rng.choice([3, 3, 3, 2, 4]),
    "draws as people do": lambda rng, _, spread: rng.gauss(MEAN, spread),
    "off by 1.5": lambda rng, truth, _: truth + rng.gauss(0, 1.5),
    "a level too kind": lambda rng, truth, _: truth + 1 + rng.gauss(0, ERROR),
    "upside down": lambda rng, truth, _: 2 * MEAN - truth + rng.gauss(0, ERROR),
}


def share_open(
    reads: Reads, *, rounds: int, seed: int, answers: int = 40, criteria: int = 5, people: int = 1, spread: float = 0.8
) -> float:
    """Return the share of rounds in which so many labelled answers open the gate for a grader that `reads` so."""
    rng = random.Random(seed)
    return sum(_opens(rng, reads, answers, criteria, people, spread) for _ in range(rounds)) / rounds


def _opens(rng: random.Random, reads: Reads, answers: int, criteria: int, people: int, spread: float) -> bool:
    half = spread * 0.5**0.5  # one half of the spread is the answer's, the other the criterion's
    quality = [rng.gauss(MEAN, half) for _ in range(answers)]
    requires = Requires()
    bare = Standing(rubric="r", criterion="c", requires=requires, needed=answers_needed(requires, criteria))
    found = []
    for _ in range(criteria):
        truths = {str(number): each + rng.gauss(0, half) for number, each in enumerate(quality)}
        said = {
            str(who): {key: _level(truth + rng.gauss(0, ERROR)) for key, truth in truths.items()}
            for who in range(people)
        }
        levels = {key: _level(reads(rng, truth, spread)) for key, truth in truths.items()}
        found.append(stand(bare, _agreement(said, levels)))
    return not any(standing.lack for standing in together(found))


def _agreement(said: dict[str, dict[str, float]], levels: dict[str, float]) -> GraderAgreement:
    """Return what the rule looks at; kappa, alpha and their intervals are left out, it is far quicker."""
    near = [fmean(abs(each[key] - level) <= 1 for each in said.values()) for key, level in levels.items()]
    none, pairs = Estimate(), len(said) * len(levels)
    agreement = Agreement(
        n=len(levels), pairs=pairs, exact=none, within_one=share(near), qwk=none, alpha=none, bias=none, mae=none,
        matrix=(),
    )  # fmt: skip
    return GraderAgreement(subject=SUBJECT, agreement=agreement, answers=by_answer(said, levels))


def _level(value: float) -> float:
    return float(min(5, max(1, round(value))))


def main() -> None:
    """Print how often each grader opens the gate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    shapes = ((40, 5, 1), (40, 5, 2), (30, 5, 1), (40, 1, 1), (12, 13, 1))
    for answers, criteria, people in shapes:
        for spread in (0.6, 1.0):
            print(f"\n{answers} answers, {criteria} criteria, {people} of people, answers {spread:g} apart")
            for name, reads in {**GOOD, **BAD}.items():
                found = share_open(
                    reads, rounds=options.rounds, seed=options.seed, answers=answers, criteria=criteria,
                    people=people, spread=spread,
                )  # fmt: skip
                print(f"  {name:22} {found:6.1%}")


if __name__ == "__main__":
    main()

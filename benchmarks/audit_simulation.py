"""How often a good noisy grader's report card raises a false alarm, and how often each defect is found.

python -m benchmarks.audit_simulation [cards]
"""

from __future__ import annotations

import random
import sys
from collections import Counter

import msgspec

from evalharness.audit.card import Verdict, judge
from evalharness.audit.variants import Variant, variants
from evalharness.audit.workflow import _again
from evalharness.model.nouns import GraderId
from tests import simulated_graders as sim

GRADER = GraderId(name="simulated", version="1", model="m", mode="per_criterion")


def all_variants() -> tuple[Variant, ...]:
    """Return the variants that an audit of a model would ask about."""
    cases = sim.shipped()
    found = variants(cases, sim.attacks(), every=False, joint=False)
    return (*found, *(_again(case) for case in cases))


def alarms(truth: sim.Truth, noise: float, cards: int, *, samples: int = 3, seed: int = 7) -> Counter[str]:
    """Return how many cards hold a line that fails, leans or is unclear, and which lines those are."""
    draws = sim.Draws(truth, all_variants(), samples=samples)
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    for _ in range(cards):
        card = judge(draws.seen(noise, rng), msgspec.structs.replace(GRADER), samples=samples)
        bad = card.of(Verdict.FAIL, Verdict.LEAN)
        found["fail"] += bool(card.failed)
        found["fail or lean"] += bool(bad)
        found["unclear"] += bool(card.of(Verdict.UNCLEAR))
        found.update(f"  {line.id}" for line in bad)
    return found


def main() -> None:
    cards = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for noise in (0.0, 0.2, 0.4, 0.6, 0.8):
        for samples in (3, 5):
            found = alarms(sim.good, noise, cards, samples=samples)
            asked = ("fail", "fail or lean", "unclear")
            shares = ", ".join(f"{name} {100 * found[name] / cards:.1f} %" for name in asked)
            print(f"good grader, noise {noise}, {samples} samples: {shares}", flush=True)
            print("   ", {k.strip(): v for k, v in found.items() if k.startswith("  ")})
    for name in ("loves_length", "obeys_orders", "always_three", "halo", "biased"):
        found = alarms(getattr(sim, name), 0.4, max(20, cards // 10))
        print(f"{name}: found on {100 * found['fail'] / max(20, cards // 10):.0f} % of cards")


if __name__ == "__main__":
    main()

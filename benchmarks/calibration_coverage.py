"""How often the intervals of `calibrate` hold the truth: simulated raters, known population values.

python -m benchmarks.calibration_coverage [calibrations]
"""

from __future__ import annotations

import random
import sys
from collections import Counter

from evalharness.calibrate.agreement import against_people
from evalharness.results.calibration import Agreement
from evalharness.stats import Metric, Weights, kappa, krippendorff_alpha

FIGURES = ("exact", "within_one", "qwk", "alpha", "bias", "mae")


def rated(n: int, raters: int, noise: float, bias: float, rng: random.Random) -> Agreement:
    """Return the agreement of a grader with `raters` people over `n` attempts."""
    return against_people(*drawn_ratings(n, raters, noise, bias, rng))


def drawn_ratings(
    n: int, raters: int, noise: float, bias: float, rng: random.Random
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Return people's and a grader's levels of `n` attempts whose true level is normal (3, 1)."""
    people: dict[str, dict[str, float]] = {f"r{i}": {} for i in range(raters)}
    grader: dict[str, float] = {}
    for key in map(str, range(n)):
        truth = rng.gauss(3, 1)
        for said in people.values():
            said[key] = _level(truth + rng.gauss(0, noise))
        grader[key] = _level(truth + bias + rng.gauss(0, noise))
    return people, grader


def _level(value: float) -> float:
    return float(min(5, max(1, round(value))))


def coverage(n: int, raters: int, noise: float, bias: float, repeats: int, *, seed: int = 11) -> dict[str, float]:
    """Return the share of calibrations whose interval holds the population value, figure by figure."""
    rng = random.Random(seed)
    truth = population(raters, noise, bias, rng)
    held: Counter[str] = Counter()
    drawn: Counter[str] = Counter()
    for _ in range(repeats):
        found = rated(n, raters, noise, bias, rng)
        for name in FIGURES:
            interval = getattr(found, name).interval
            if interval is not None:
                drawn[name] += 1
                held[name] += interval.low <= truth[name] <= interval.high
    return {name: held[name] / drawn[name] for name in FIGURES if drawn[name]}


def population(raters: int, noise: float, bias: float, rng: random.Random) -> dict[str, float]:
    """Return the figures over 40,000 attempts."""
    people, grader = drawn_ratings(40_000, raters, noise, bias, rng)
    pairs = [(said[key], grader[key]) for said in people.values() for key in grader]
    gaps = [b - a for a, b in pairs]
    levels = (1.0, 2.0, 3.0, 4.0, 5.0)
    rows = [[said[key] for key in grader] for said in (*people.values(), grader)]
    return {
        "exact": sum(gap == 0 for gap in gaps) / len(gaps),
        "within_one": sum(abs(gap) <= 1 for gap in gaps) / len(gaps),
        "qwk": kappa([a for a, _ in pairs], [b for _, b in pairs], levels, Weights.QUADRATIC) or 0.0,
        "alpha": krippendorff_alpha(rows, Metric.INTERVAL) or 0.0,
        "bias": sum(gaps) / len(gaps),
        "mae": sum(map(abs, gaps)) / len(gaps),
    }


def main() -> None:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for n in (15, 30, 60):
        for raters, noise, bias in ((1, 0.4, 0.0), (1, 0.8, 0.3), (2, 0.8, 0.3), (3, 0.6, -0.4)):
            found = coverage(n, raters, noise, bias, repeats)
            shown = ", ".join(f"{name} {100 * share:.1f} %" for name, share in found.items())
            print(f"n={n} raters={raters} noise={noise} bias={bias}: {shown}", flush=True)


if __name__ == "__main__":
    main()

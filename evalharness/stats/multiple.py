"""p-values -> adjusted p-values, in the same order: what is left of them where many were looked at."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float], weights: Sequence[float] | None = None) -> tuple[float, ...]:
    """Return Holm's adjusted p-values (1979, Scandinavian Journal of Statistics 6:65).

    Keeps the chance of any false claim, whatever the dependence, and is never weaker than Bonferroni.
    `weights` (positive, one a comparison) give some comparisons a larger share of the error rate: section 4
    of the same paper.
    """
    shares = list(weights) if weights is not None else [1.0] * len(p_values)
    found = [1.0] * len(p_values)
    left, highest = sum(shares), 0.0
    for index in _order([p / share for p, share in zip(p_values, shares, strict=True)]):
        highest = max(highest, min(1.0, p_values[index] * left / shares[index]))
        found[index] = highest
        left -= shares[index]
    return tuple(found)


def _order(p_values: Sequence[float]) -> list[int]:
    return sorted(range(len(p_values)), key=p_values.__getitem__)

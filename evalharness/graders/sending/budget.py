"""What was spent, and whether the next call could cross the limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evalharness.errors import BudgetReached
from evalharness.graders.sending.prices import cost_of, price_of
from evalharness.model.config import Price
from evalharness.model.nouns import Usage

ROUNDING: Final = 1e-9
LOST_REPLY: Final = 500  # tokens of a reply that nobody has read


class Purse:
    """What one command has spent and holds for calls under way, whichever of its graders asks."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.reserved = 0.0


class Budget:
    """Counts USD by list price; calls under way are counted at the most they could cost.

    `most` None means no limit; it holds for all that the `purse` pays.  `spent` and `reserved` are this grader's.  A
    model without a known price is not counted and reported as such.
    """

    def __init__(self, most: float | None, prices: Mapping[str, Price], purse: Purse | None = None) -> None:
        self.most, self._prices = most, prices
        self.spent = 0.0
        self.reserved = 0.0
        self._purse = purse or Purse()

    def reserve(self, model: str, *, input_tokens: int, output_tokens: int, batch: bool = False) -> float:
        """Return what the call may cost at most, held until `settle`; raises `BudgetReached` where it does not fit."""
        price = price_of(model, self._prices)
        if price is None:
            return 0.0
        worst = cost_of(Usage(cache_write_1h=input_tokens, output=output_tokens, batch=batch), price)
        purse = self._purse
        if self.most is not None and purse.spent + purse.reserved + worst > self.most:
            raise BudgetReached(
                f"the next call could cost up to ${worst:.4f} and cross the budget of ${self.most:g} "
                f"(${purse.spent:.4f} spent)",
                hint="what was graded is kept; continue with a larger --max-usd",
            )
        self._hold(worst)
        return worst

    def lost(self, model: str, *, input_tokens: int) -> None:
        """Count a request whose reply never arrived or could not be read: it may well be on the bill."""
        price = price_of(model, self._prices)
        if price is not None:
            self._pay(cost_of(Usage(input=input_tokens, output=LOST_REPLY), price))

    def settle(self, reserved: float, usage: Usage | None, model: str) -> None:
        """Replace what was held for a call by what it cost: all of it where the reply does not say."""
        self._hold(-reserved)
        price = price_of(model, self._prices)
        if usage is not None and price is not None:
            self._pay(cost_of(usage, price) if is_told(usage) else reserved)

    def _pay(self, usd: float) -> None:
        self.spent += usd
        self._purse.spent += usd

    def _hold(self, usd: float) -> None:
        self.reserved, self._purse.reserved = _sum(self.reserved, usd), _sum(self._purse.reserved, usd)


def is_told(usage: Usage) -> bool:
    """Return whether a server said what a reply took: no request is empty, and no reply is."""
    return usage.output > 0 and usage.input + usage.cache_write + usage.cache_write_1h + usage.cache_read > 0


def _sum(held: float, usd: float) -> float:
    """Return a sum; sums of fractions leave a rest where nothing is left."""
    return found if (found := held + usd) > ROUNDING else 0.0

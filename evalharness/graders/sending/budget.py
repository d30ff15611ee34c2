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


class Budget:
    """Counts USD by list price; calls under way are counted at the most they could cost.

    `most` None means no limit.  A model without a known price is not counted and reported as such.
    """

    def __init__(self, most: float | None, prices: Mapping[str, Price]) -> None:
        self.most, self._prices = most, prices
        self.spent = 0.0
        self.reserved = 0.0

    def reserve(self, model: str, *, input_tokens: int, output_tokens: int, batch: bool = False) -> float:
        """Return what the call may cost at most, held until `settle`; raises `BudgetReached` where it does not fit."""
        price = price_of(model, self._prices)
        if price is None:
            return 0.0
        worst = cost_of(Usage(cache_write_1h=input_tokens, output=output_tokens, batch=batch), price)
        if self.most is not None and self.spent + self.reserved + worst > self.most:
            raise BudgetReached(
                f"the next call could cost up to ${worst:.4f} and cross the budget of ${self.most:g} "
                f"(${self.spent:.4f} spent)",
                hint="what was graded is kept; go on with a larger --max-usd",
            )
        self.reserved += worst
        return worst

    def lost(self, model: str, *, input_tokens: int) -> None:
        """Count a request whose reply never arrived or could not be read: it may well be on the bill."""
        price = price_of(model, self._prices)
        if price is not None:
            self.spent += cost_of(Usage(input=input_tokens, output=LOST_REPLY), price)

    def settle(self, reserved: float, usage: Usage | None, model: str) -> None:
        """Replace what was held for a call by what it cost."""
        left = self.reserved - reserved
        self.reserved = left if left > ROUNDING else 0.0  # sums of fractions leave a rest where nothing is left
        price = price_of(model, self._prices)
        if usage is not None and price is not None:
            self.spent += cost_of(usage, price)

"""Usage -> USD, summed.  The truth against which a client's own account of its cost is held."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from .catalogue import Model, Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """Tokens of one reply, as the API divides them."""

    input_tokens: int
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0

    @property
    def prompt(self) -> int:
        """Return all input tokens, whatever their price."""
        return self.input_tokens + self.write_5m + self.write_1h + self.read


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Everything billed so far.  `uncached_input_usd` is what the input would have cost without a cache."""

    replies: int = 0
    batch_replies: int = 0
    unpriced_replies: int = 0
    input_tokens: int = 0
    write_5m: int = 0
    write_1h: int = 0
    read: int = 0
    output_tokens: int = 0
    thinking_tokens: int = 0
    input_usd: float = 0.0
    output_usd: float = 0.0
    uncached_input_usd: float = 0.0
    usd_by_model: Mapping[str, float] = field(default_factory=dict)

    @property
    def usd(self) -> float:
        """Return the whole bill."""
        return self.input_usd + self.output_usd


def price_for(model: Model, usage: Usage) -> Price | None:
    """Return the price of a request; a long prompt moves the whole of it to the higher one."""
    if model.long_price is not None and usage.prompt > model.long_from:
        return model.long_price
    return model.price


def input_usd(price: Price, usage: Usage) -> float:
    """Return what the input costs at this price."""
    cost = usage.input_tokens * price.input + usage.read * price.read
    return (cost + usage.write_5m * price.write_5m + usage.write_1h * price.write_1h) / 1e6


def add(bill: Bill, model: Model, usage: Usage, *, batch: bool) -> Bill:
    """Return the bill with one more reply on it."""
    price = price_for(model, usage)
    half = 0.5 if batch else 1.0
    paid = input_usd(price, usage) * half if price else 0.0
    uncached = usage.prompt * price.input / 1e6 * half if price else 0.0
    out = usage.output_tokens * price.output / 1e6 * half if price else 0.0
    by_model = {**bill.usd_by_model, model.id: bill.usd_by_model.get(model.id, 0.0) + paid + out}
    return Bill(
        replies=bill.replies + 1,
        batch_replies=bill.batch_replies + batch,
        unpriced_replies=bill.unpriced_replies + (price is None),
        input_tokens=bill.input_tokens + usage.input_tokens,
        write_5m=bill.write_5m + usage.write_5m,
        write_1h=bill.write_1h + usage.write_1h,
        read=bill.read + usage.read,
        output_tokens=bill.output_tokens + usage.output_tokens,
        thinking_tokens=bill.thinking_tokens + usage.thinking_tokens,
        input_usd=bill.input_usd + paid,
        output_usd=bill.output_usd + out,
        uncached_input_usd=bill.uncached_input_usd + uncached,
        usd_by_model=by_model,
    )


def as_json(bill: Bill) -> dict[str, object]:
    """Return the bill as plain data, with its total."""
    return {**dataclasses.asdict(bill), "usd": bill.usd}


class Ledger:
    """The bill of one server; safe to read from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bill = Bill()

    def charge(self, model: Model, usage: Usage, *, batch: bool) -> None:
        """Put one reply on the bill."""
        with self._lock:
            self._bill = add(self._bill, model, usage, batch=batch)

    @property
    def bill(self) -> Bill:
        """Return the bill as it stands."""
        with self._lock:
            return self._bill

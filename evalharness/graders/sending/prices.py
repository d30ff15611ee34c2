"""usage -> USD.  A dated table of list prices; a model that is not in it costs an unknown sum, never zero."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import Final

from evalharness.errors import nearest
from evalharness.model.config import Price
from evalharness.model.noun import Noun
from evalharness.model.nouns import Grade, Usage
from evalharness.model.run import Cost

AS_OF: Final = "2026-10"
MILLION: Final = 1_000_000
BATCH_SHARE: Final = 0.5
_NOTHING: Final = (Usage(), Usage(batch=True))


class ListPrice(Noun):
    """USD for a million tokens.  Above `step` input tokens in one request, `above` holds for all of it."""

    input: float
    output: float
    cache_write: float
    cache_write_1h: float
    cache_read: float
    step: int = 0
    above: ListPrice | None = None


def _price(into: float, out: float, read: float, *, step: int = 0, above: ListPrice | None = None) -> ListPrice:
    """Return a price with the usual factors: 1.25 to write the five-minute cache, 2 for the hour's."""
    return ListPrice(
        input=into,
        output=out,
        cache_write=into * 1.25,
        cache_write_1h=into * 2,
        cache_read=read,
        step=step,
        above=above,
    )


PRICES: Final[Mapping[str, ListPrice]] = {
    "claude-haiku-5-5": _price(0.10, 0.50, 0.01, step=100_000, above=_price(0.50, 2.50, 0.05)),
    "claude-sonnet-5-5": _price(2, 10, 0.10),
    "claude-opus-5-5": _price(4, 20, 0.20),
    "claude-fable-5-1": _price(10, 50, 0.25),
    "claude-sonnet-5": _price(2, 10, 0.20),
    "claude-opus-5": _price(5, 25, 0.50),
    "claude-haiku-4-5": _price(1, 5, 0.10),
}


def likely(model: str) -> str:
    """Return the model with a price that a name nearly is, "" where it is near none."""
    return "" if model in PRICES else nearest(model, PRICES) or ""


def price_of(model: str, overrides: Mapping[str, Price] | None = None) -> ListPrice | None:
    """Return the price of a model, the configuration's before the table's, or None where nobody knows it."""
    own = (overrides or {}).get(model)
    if own is None:
        return PRICES.get(model)
    usual = _price(own.input, own.output, own.input / 10)
    return ListPrice(
        input=own.input,
        output=own.output,
        cache_write=usual.cache_write if own.cache_write is None else own.cache_write,
        cache_write_1h=usual.cache_write_1h if own.cache_write_1h is None else own.cache_write_1h,
        cache_read=usual.cache_read if own.cache_read is None else own.cache_read,
    )


def cost_of(usage: Usage, price: ListPrice) -> float:
    """Return what one request cost in USD by list price, batch and cache prices included."""
    total = usage.input + usage.cache_write + usage.cache_write_1h + usage.cache_read
    if price.above is not None and total > price.step:
        price = price.above
    sums = (
        usage.input * price.input
        + usage.output * price.output
        + usage.cache_write * price.cache_write
        + usage.cache_write_1h * price.cache_write_1h
        + usage.cache_read * price.cache_read
    )
    return sums / MILLION * (BATCH_SHARE if usage.batch else 1.0)


def cost_of_grades(grades: Iterable[Grade], model: str, prices: Mapping[str, Price]) -> Cost:
    """Return calls, tokens and USD of the grades made now (`spent`) and of the reused ones (`saved`).

    Each is priced by the model that the API says it used, else by the one that was asked for.  What took no tokens at
    all has no price either: the server did not say what it took.
    """
    spent, saved = array("d"), array("d")  # USD of each call: numbers, so that many take no room
    unpriced: set[str] = set()
    calls = into = out = written = read = 0
    for grade in grades:
        usage = grade.usage
        if usage is None:
            continue
        name = grade.model or model
        price = _price_for(name, model, prices)
        if price is None:
            unpriced.add(name)
        elif usage in _NOTHING:
            unpriced.add(f"{name} at a server that does not say what a call took")
        else:
            (saved if grade.reused_from else spent).append(cost_of(usage, price))
        if not grade.reused_from:
            calls, into, out = calls + grade.calls, into + usage.input, out + usage.output
            written += usage.cache_write + usage.cache_write_1h
            read += usage.cache_read
    return Cost(
        calls=calls,
        spent=None if unpriced else sum(spent),
        unknown_models=tuple(sorted(unpriced)),
        saved=None if unpriced else sum(saved),
        input=into,
        output=out,
        cache_write=written,
        cache_read=read,
        prices_of=AS_OF if model not in prices else "configuration",
    )


def _price_for(used: str, asked: str, prices: Mapping[str, Price]) -> ListPrice | None:
    return price_of(used, prices) or price_of(asked, prices)

"""calls -> requests, tokens, a price range; before anything is sent.

Input is counted from bytes and follows the prompt cache (what is written once and read again).  Output cannot
be known: it is taken from what a reply of each kind holds, without thinking (low) up to much of it (high).  The
bill counts what the API reports.
"""

from __future__ import annotations

import functools
import json
import math
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from evalharness.graders.sending.prices import ListPrice, cost_of, price_of
from evalharness.model.config import Price
from evalharness.model.noun import Noun
from evalharness.model.nouns import Checklist, Criterion, Tags, Usage
from evalharness.plan.plan import Call, asked_together

BYTES_PER_TOKEN: Final = 3.6
FORMAT_TOKENS: Final = 180
SMALLEST_CACHED: Final = 512

# Tokens of a reply: what one criterion takes, and each item or tag on top; thinking by effort, one request.
REPLY, ENTRY = 150, 38
THINKING: Final = {"low": 50, "medium": 150, "high": 400, "xhigh": 900, "max": 2_000}
MUCH: Final = 4


class Estimate(Noun):
    """What a set of calls will take.  Tokens are sums; USD is None where the model's price is unknown."""

    requests: int
    input: int
    cache_write: int
    cache_read: int
    output: int
    usd: float | None
    usd_low: float | None
    usd_high: float | None

    @classmethod
    def of_unknown_price(cls, requests: int, *, input: int = 0, output: int = 0) -> Estimate:  # noqa: A002  # as its field
        """Return an estimate of what nobody here knows the price of."""
        nothing = 0.0 if not requests else None
        return cls(
            requests=requests,
            input=input,
            cache_write=0,
            cache_read=0,
            output=output,
            usd=nothing,
            usd_low=nothing,
            usd_high=nothing,
        )

    def plus(self, other: Estimate) -> Estimate:
        """Return the estimate of both; a price that is unknown stays unknown."""
        return Estimate(
            requests=self.requests + other.requests,
            input=self.input + other.input,
            cache_write=self.cache_write + other.cache_write,
            cache_read=self.cache_read + other.cache_read,
            output=self.output + other.output,
            usd=_sum(self.usd, other.usd),
            usd_low=_sum(self.usd_low, other.usd_low),
            usd_high=_sum(self.usd_high, other.usd_high),
        )


def _sum(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


@functools.lru_cache(maxsize=1024)
def tokens_of(text: str) -> int:
    """Return about how many tokens `text` has: UTF-8 bytes / 3.6, rounded up."""
    return math.ceil(len(text.encode("utf-8", "surrogatepass")) / BYTES_PER_TOKEN)


def input_tokens(request: Mapping[str, Any]) -> int:
    """Return about how many input tokens a request has, its format included."""
    return sum(tokens_of(block["text"]) for block in _blocks(request)) + FORMAT_TOKENS


def request_bytes(request: Mapping[str, Any]) -> int:
    """Return the size of a request's JSON in bytes."""
    return len(json.dumps(request, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def output_tokens(call: Call, mode: str, effort: str) -> tuple[int, int]:
    """Return about how many tokens the reply has, and how many are thought before it."""
    criteria = asked_together(call, mode)
    reply = sum(REPLY + ENTRY * _entries(criterion) for criterion in criteria)
    return reply, THINKING.get(effort, THINKING["medium"])


def estimate(
    pairs: Iterable[tuple[Call, Mapping[str, Any]]],
    *,
    mode: str,
    effort: str,
    model: str,
    prices: Mapping[str, Price],
    batch: bool = False,
) -> Estimate:
    """Return tokens and price of requests in the order in which they go out."""
    cached: set[int] = set()

    def usages() -> Iterator[tuple[Usage, int]]:
        for call, request in pairs:
            reply, thinking = output_tokens(call, mode, effort)
            yield _usage(request, cached, reply + thinking, batch=batch), thinking

    return _summed(usages(), price_of(model, prices))


def estimate_one(
    request: Mapping[str, Any], *, reply: int, effort: str, model: str, prices: Mapping[str, Price]
) -> Estimate:
    """Return tokens and price of a single request whose reply has about `reply` tokens."""
    thinking = THINKING.get(effort, THINKING["medium"])
    usage = _usage(request, set(), reply + thinking, batch=False)
    return _summed(((usage, thinking),), price_of(model, prices))


def _summed(usages: Iterable[tuple[Usage, int]], price: ListPrice | None) -> Estimate:
    """Return the sum over requests, each given by what it uses and how much of its output is thinking."""
    usual, low, high = array("d"), array("d"), array("d")  # USD of each request: numbers, so that many take no room
    requests, total = 0, Usage()
    for usage, thinking in usages:
        requests, total = requests + 1, total.plus(usage)
        if price:
            usual.append(cost_of(usage, price))
            low.append(cost_of(_with_output(usage, usage.output - thinking), price))
            high.append(cost_of(_with_output(usage, usage.output + (MUCH - 1) * thinking), price))
    return Estimate(
        requests=requests,
        input=total.input,
        cache_write=total.cache_write + total.cache_write_1h,
        cache_read=total.cache_read,
        output=total.output,
        usd=sum(usual) if price else None,
        usd_low=sum(low) if price else None,
        usd_high=sum(high) if price else None,
    )


def _usage(request: Mapping[str, Any], cached: set[int], output: int, *, batch: bool) -> Usage:
    """Return the billed tokens of one request, given the prefixes that earlier ones have cached; adds its own."""
    read = written = seen = 0
    prefix = 0
    for block in _blocks(request):
        seen += tokens_of(block["text"])
        prefix = hash((prefix, block["text"]))
        if "cache_control" not in block or seen + FORMAT_TOKENS < SMALLEST_CACHED:
            continue
        if prefix in cached:
            read = seen + FORMAT_TOKENS
        else:
            cached.add(prefix)
            written = seen + FORMAT_TOKENS
    total = seen + FORMAT_TOKENS
    new = max(0, written - read)
    hour = {"cache_write_1h": new} if batch else {"cache_write": new}
    return Usage(input=total - max(read, written), output=output, cache_read=read, batch=batch, **hour)


def _blocks(request: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return [*request["system"], *request["messages"][0]["content"]]


def _entries(criterion: Criterion) -> int:
    match criterion.kind:
        case Checklist(items=items):
            return len(items)
        case Tags(tags=tags):
            return len(tags)
        case _:
            return 0


def _with_output(usage: Usage, output: int) -> Usage:
    return Usage(
        input=usage.input,
        output=output,
        cache_write=usage.cache_write,
        cache_write_1h=usage.cache_write_1h,
        cache_read=usage.cache_read,
        batch=usage.batch,
    )

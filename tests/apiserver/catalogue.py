"""Model id -> what the model accepts and what it costs (ANTHROPIC.md section 3, October 2026)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

EFFORTS = ("low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """USD per million tokens."""

    input: float
    output: float
    write_5m: float
    write_1h: float
    read: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model, with the rules the server enforces for it."""

    id: str
    line: str
    price: Price | None
    long_price: Price | None = None
    long_from: int = 100_000
    efforts: tuple[str, ...] = EFFORTS
    effort_default: str | None = "high"
    thinking: tuple[str, ...] = ("adaptive",)
    thinks_by_default: bool = True
    smallest_prefix: int = 512
    forced_tools: bool = True
    prefill: bool = False
    bytes_per_token: float = 3.6
    context: int = 1_000_000
    max_output: int = 128_000


def _price(numbers: str) -> Price:
    """Return the price written as `in out 5m-write 1h-write read`."""
    inp, out, short, long, read = (float(number) for number in numbers.split())
    return Price(input=inp, output=out, write_5m=short, write_1h=long, read=read)


_ALL = (
    Model(
        id="claude-haiku-5-5",
        line="haiku",
        price=_price("0.10 0.50 0.125 0.20 0.01"),
        long_price=_price("0.50 2.50 0.625 1.00 0.05"),
        effort_default="medium",
        thinking=("adaptive", "disabled"),
    ),
    Model(
        id="claude-sonnet-5-5",
        line="sonnet",
        price=_price("2 10 2.50 4 0.10"),
        thinking=("adaptive", "between_tools"),
        forced_tools=False,
    ),
    Model(
        id="claude-opus-5-5",
        line="opus",
        price=_price("4 20 5 8 0.20"),
        effort_default="medium",
        forced_tools=False,
    ),
    Model(id="claude-fable-5-1", line="fable", price=_price("10 50 12.50 20 0.25"), forced_tools=False),
    Model(id="claude-sonnet-5", line="sonnet", price=_price("2 10 2.50 4 0.20"), smallest_prefix=1024),
    Model(id="claude-opus-5", line="opus", price=_price("5 25 6.25 10 0.50")),
    Model(
        id="claude-haiku-4-5",
        line="haiku",
        price=_price("1 5 1.25 2 0.10"),
        efforts=(),
        effort_default=None,
        thinking=("enabled", "disabled"),
        thinks_by_default=False,
        smallest_prefix=4096,
        prefill=True,
        bytes_per_token=4.7,
        context=200_000,
        max_output=64_000,
    ),
)

MODELS: Mapping[str, Model] = {model.id: model for model in _ALL}


def unknown_model(name: str) -> Model:
    """Return a model without a price that accepts everything, for servers that are not strict."""
    return Model(
        id=name,
        line="unknown",
        price=None,
        thinking=("adaptive", "between_tools", "disabled", "enabled"),
        thinks_by_default=False,
        prefill=True,
    )

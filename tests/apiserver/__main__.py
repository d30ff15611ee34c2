"""Command line -> a running server, its URL on the first line: `python -m tests.apiserver --latency 0.05`."""

from __future__ import annotations

import argparse
import importlib
import signal
import threading
from typing import cast

from .batches import BatchPlan
from .behaviour import Behaviour, behave, every_time, first, mix, until, when
from .effects import broken_json, cut, html, latency, overloaded, rate_limited, server_error, wrong_shape
from .ratelimit import RateLimits
from .reply import Responder
from .server import ApiServer


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="python -m tests.apiserver", description=__doc__)
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 takes a free one")
    add("--key", default="test-key", help="the key that is accepted; empty takes any")
    add("--prefix", default="", help="path before /v1, as a gateway has")
    add("--latency", type=float, default=0.0, help="seconds before each answer")
    add("--jitter", type=float, default=0.0, help="seconds added at most, by the dice")
    add("--seed", type=int, default=0)
    add("--rate-429", type=float, default=0.0, help="share of messages, 0 to 1")
    add("--retry-after", type=float, default=None, help="header of those 429")
    add("--rate-500", type=float, default=0.0)
    add("--rate-529", type=float, default=0.0)
    add(
        "--rate-cut",
        type=float,
        default=0.0,
        help="connections cut, half before and half within the response",
    )
    add("--rate-garbage", type=float, default=0.0, help="200 with HTML, broken JSON or a wrong shape")
    add("--storm-first", type=int, default=0, help="so many messages get 529 first")
    add("--storm-seconds", type=float, default=0.0, help="all messages get 529 for so long")
    add("--requests-per-minute", type=int, default=None, help="token bucket with headers and 429")
    add("--batch-polls", type=int, default=0, help="polls that find a batch in progress")
    add("--batch-seconds", type=float, default=0.0, help="age below which a batch is in progress")
    add("--without", action="append", default=[], choices=("batches", "count_tokens", "models"))
    add("--lenient", action="store_true", help="check nothing, as local servers do")
    add("--record", action="store_true", help="keep request bodies (memory grows)")
    add("--responder", default="", help="module:function that takes a body and returns a Reply")
    return parser.parse_args(arguments)


def behaviour_of(options: argparse.Namespace) -> Behaviour:
    """Return the behaviour that the options ask for."""
    half_cut, third = options.rate_cut / 2, options.rate_garbage / 3
    shares = (
        (options.rate_429, rate_limited(options.retry_after)),
        (options.rate_500, server_error(500)),
        (options.rate_529, overloaded()),
        (half_cut, cut("before")),
        (half_cut, cut("within")),
        (third, html()),
        (third, broken_json()),
        (third, wrong_shape()),
    )
    return behave(
        every_time(latency(options.latency, jitter=options.jitter)),
        when(first(options.storm_first), overloaded()),
        when(until(options.storm_seconds), overloaded()),
        mix(*shares),
        seed=options.seed,
    )


def responder_of(name: str) -> Responder | None:
    """Return the responder that `module:function` names."""
    if not name:
        return None
    module, _, attribute = name.partition(":")
    return cast(Responder, getattr(importlib.import_module(module), attribute))


def main() -> None:
    """Serve until interrupted."""
    options = parse()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server = ApiServer(
        behaviour_of(options),
        responder_of(options.responder),
        key=options.key or None,
        prefix=options.prefix,
        without=options.without,
        strict=not options.lenient,
        batches=BatchPlan(polls=options.batch_polls, seconds=options.batch_seconds),
        rate_limits=RateLimits(requests=options.requests_per_minute),
        port=options.port,
        record=options.record,
    )
    with server:
        print(server.url, flush=True)
        stop.wait()


if __name__ == "__main__":
    main()

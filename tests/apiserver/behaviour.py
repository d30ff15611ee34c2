"""Call -> Plan: which faults meet which request.  Rules compose; equal requests meet equal faults.

A rule looks at a `Call` and gives effects; an effect changes the `Plan`.  All rules that match are applied
in order; of several that answer instead of the model the first wins, everything else adds up.  Dice are not
rolled but hashed from seed, place of the rule, request body and number of earlier requests with this very
body: the order in which parallel requests arrive changes nothing.
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .prompt import segments
from .wire import PLAIN, Delivery, HttpResponse

Edit = Callable[[dict[str, Any], Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a rule may look at.  `index` counts requests to the endpoint, `attempt` those with this body."""

    endpoint: str
    path: str = ""
    index: int = 0
    attempt: int = 0
    body_hash: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    concurrent: int = 1
    elapsed: float = 0.0
    seed: int = 0

    def roll(self, salt: object) -> float:
        """Return a number in [0, 1) that depends on nothing but seed, salt, body and attempt."""
        text = f"{self.seed}|{salt}|{self.endpoint}|{self.body_hash}|{self.attempt}"
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What happens to one request."""

    delay: float = 0.0
    answer: HttpResponse | None = None
    edits: tuple[Edit, ...] = ()
    damage: tuple[Callable[[bytes], bytes], ...] = ()
    headers: Mapping[str, str | None] = field(default_factory=dict)
    delivery: Delivery = PLAIN


Effect = Callable[[Plan, Call], Plan]
Condition = Callable[[Call, int], bool]
Rule = Callable[[Call, int], Sequence[Effect]]
NOTHING = Plan()


@dataclass(frozen=True, slots=True)
class Behaviour:
    """An ordered set of rules."""

    rules: tuple[Rule, ...] = ()
    seed: int = 0

    def plan(self, call: Call) -> Plan:
        """Return what happens to this request."""
        plan = NOTHING
        for place, rule in enumerate(self.rules):
            for effect in rule(call, place):
                plan = effect(plan, call)
        return plan

    def __add__(self, other: Behaviour) -> Behaviour:
        """Return both sets of rules in one, under this seed."""
        return replace(self, rules=self.rules + other.rules)


def behave(*rules: Rule, seed: int = 0) -> Behaviour:
    """Return the behaviour that these rules make."""
    return Behaviour(rules, seed)


def when(condition: Condition, *effects: Effect, on: str = "messages") -> Rule:
    """Return a rule: effects where the condition holds, on endpoints that match `on` (`batches.*`, `*`)."""

    def rule(call: Call, place: int) -> Sequence[Effect]:
        return effects if fnmatch.fnmatchcase(call.endpoint, on) and condition(call, place) else ()

    return rule


def every_time(*effects: Effect, on: str = "messages") -> Rule:
    """Return a rule that always applies."""
    return when(lambda call, place: True, *effects, on=on)


def mix(*shares: tuple[float, Effect], on: str = "messages") -> Rule:
    """Return a rule with at most one of several effects, each with its share of the requests."""
    if sum(share for share, _ in shares) > 1.0:
        raise ValueError("the shares of a mix add up to more than 1")

    def rule(call: Call, place: int) -> Sequence[Effect]:
        if not fnmatch.fnmatchcase(call.endpoint, on):
            return ()
        rolled = call.roll(place)
        for share, effect in shares:
            if rolled < share:
                return (effect,)
            rolled -= share
        return ()

    return rule


def chance(rate: float) -> Condition:
    """Return a condition that holds for this share of the requests."""
    return lambda call, place: call.roll(place) < rate


def first(count: int) -> Condition:
    """Return a condition that holds for the first requests of the endpoint."""
    return lambda call, place: call.index < count


def indexes(*numbers: int) -> Condition:
    """Return a condition that holds for the requests with these numbers, the first being 0."""
    return lambda call, place: call.index in numbers


def attempts(*numbers: int) -> Condition:
    """Return a condition on how often this very body was sent before, the first time being 0."""
    return lambda call, place: call.attempt in numbers


def between(start: float, end: float) -> Condition:
    """Return a condition on the seconds since the server started, by the server's clock."""
    return lambda call, place: start <= call.elapsed < end


def until(seconds: float) -> Condition:
    """Return a condition that holds so many seconds from the start of the server, by its clock."""
    return between(0.0, seconds)


def busier_than(count: int) -> Condition:
    """Return a condition that holds while more requests than this are under way, this one included."""
    return lambda call, place: call.concurrent > count


def body_has(text: str) -> Condition:
    """Return a condition that holds when system, messages, tools or format contain this text."""
    data = text.encode()
    return lambda call, place: any(data in segment.data for segment in segments(call.body))


def both(*conditions: Condition) -> Condition:
    """Return a condition that holds when all of these do."""
    return lambda call, place: all(condition(call, place) for condition in conditions)

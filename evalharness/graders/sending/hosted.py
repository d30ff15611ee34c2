"""What every grader behind a server shares: its limits, budget, repeats and records, and how a run ends there.

A grader of this kind says how a request looks, how one is sent and what its reply says; the rest is here.
"""

from __future__ import annotations

import abc
import asyncio
import datetime
import itertools
import random
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from evalharness.errors import BudgetReached, EvalHarnessError, GradingStopped, InputError
from evalharness.graders import Failed, Reply, at_once, interrupt
from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.reply import Raw
from evalharness.graders.sending.budget import Budget, Purse, is_told
from evalharness.graders.sending.estimate import Estimate
from evalharness.graders.sending.failure import NAME_LEFT, NO_CONNECTION, UNREADABLE, CallError, Sent
from evalharness.graders.sending.host import Host
from evalharness.graders.sending.limiter import START, Limiter, Say
from evalharness.graders.sending.pace import BLIND
from evalharness.graders.sending.patience import Patience
from evalharness.graders.sending.prices import cost_of_grades, likely
from evalharness.graders.sending.record import Record
from evalharness.graders.sending.retrying import Retrying, Send
from evalharness.model.config import Config
from evalharness.model.nouns import Criterion, Grade, GraderId, Measure, Usage, Why
from evalharness.model.run import Cost
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call

ROOM: Final = 4_096
ROOM_PER_CRITERION: Final = 1_500
MORE_ROOM: Final = 4
MOST_ROOM: Final = 64_000
GIVE_UPS_IN_A_ROW: Final = 3
CONTEXT: Final = 1_000_000
BEGIN: Final = 16
_FILTERED: Final = ("content_filter", "content_policy_violation")
_FOR_EVERY_CALL: Final = frozenset({301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 407, 410, 429})
"""What one call is answered with, every other one will be; any other status is the matter of that call."""


class HostedGrader(abc.ABC):
    """Asks a model at a server; holds one client for one run."""

    id: GraderId

    def __init__(
        self, config: Config, host: Host, *, say: Say, record: Record | None = None, purse: Purse | None = None
    ) -> None:
        self._config, self._host = config, host
        self.redaction = Redaction(config.redact)
        self.policy = config.retry
        self._record = record
        self._given_up = 0
        self._untold = False
        self.budget = Budget(config.max_usd or None, config.prices, purse)
        self._most = at_once(self, config.concurrency)
        self._patience = Patience(config.retry.call)
        auto = config.concurrency == "auto"
        start, blind = (BEGIN, BLIND) if auto else (START, float("inf"))
        self._limiter = Limiter(self._most, say=say, sleep=self._pause, now=_now, start=start, blind=blind)
        self._retry = Retrying(config.retry, say=say, now=_now, sleep=self._pause, rng=random.Random())  # noqa: S311
        self._refused_once: set[str] = set()
        self._cut: set[str] = set()
        self._stop: EvalHarnessError | None = None
        self._stopping = asyncio.Event()
        self._paid = asyncio.Event()
        self._say = say
        self._largest_input = CONTEXT

    @abc.abstractmethod
    def request(self, call: Call) -> dict[str, Any]:
        """Return the body of the request for `call`, exactly as it is sent."""

    @abc.abstractmethod
    def estimate(self, calls: Sequence[Call], *, batch: bool = False) -> Estimate:
        """Return requests, tokens and price of `calls` before anything is sent."""

    @abc.abstractmethod
    def size(self, request: dict[str, Any]) -> tuple[int, int]:
        """Return about how many tokens a request has, and how many its reply may have."""

    @abc.abstractmethod
    async def send_once(self, request: dict[str, Any], deadline: float) -> Sent:
        """Send one request; raises `CallError` for every failure."""

    @abc.abstractmethod
    def raw(self, sent: Sent) -> Raw:
        """Return the plain parts of a reply."""

    @abc.abstractmethod
    def reply_of(self, raw: Raw, call: Call) -> Reply:
        """Return what a reply says about `call`."""

    @abc.abstractmethod
    async def look_up_model(self) -> None:
        """Ask the server what it knows of the model, so that a wrong key or name is told before the first call."""

    @abc.abstractmethod
    async def close_client(self) -> None:
        """Close the client, if there is one."""

    def reads(self, criterion: Criterion) -> bool:
        """Return True: a model reads every criterion that is not measured."""
        return not isinstance(criterion.kind, Measure)

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Say model, host and price range, and ask the server what it knows of the model."""
        expected = self.estimate(calls)
        self._say(f"grader: {self._config.model} at {self._host.name}, {describe_estimate(expected)}")
        await self.begin(expected)

    async def begin(self, expected: Estimate) -> None:
        """Refuse a price or a model that nobody knows, before anything is asked."""
        self.check_price(expected)
        if expected.usd is None:
            self._say(f"{self._no_price()}{', and max_usd does not limit it' if self._config.max_usd else ''}")
        await self.look_up_model()

    def check_price(self, expected: Estimate) -> None:
        """Refuse a model without a price where a budget must be kept."""
        if expected.usd is None and not self._host.local and self._config.max_usd:
            raise InputError(
                f"{self._no_price()} and max_usd cannot be kept",
                hint="add it under prices: in evalharness.yaml, or pass --max-usd 0 (or --budget 0) for no limit",
                slug="grader-setting",
            )

    def _no_price(self) -> str:
        guess = f" (did you mean '{near}'?)" if (near := likely(self._config.model)) else ""
        return f"the price of {self._config.model} is not known{guess}, so its cost is not counted"

    def stop_for(self, error: CallError) -> None:
        """Raise `GradingStopped` where nothing answers at all.

        Whatever else a server says to the question for a model is only a help: a gateway may route nothing but calls,
        and only a call shows whether key and model are right.
        """
        if error.kind == NO_CONNECTION:
            raise GradingStopped(
                f"nothing answers at {self._host.name}",
                hint="is the server started, is the port right, is there a network? Nothing was sent",
            ) from None
        self._say(f"{self._host.name} says nothing about {self._config.model}; going on without")

    def room(self, call: Call) -> int:
        """Return `max_tokens`: thinking counts in it, so there is plenty, and more after a reply was cut."""
        many = len(call.case.rubric.criteria) if self._config.mode == "joint" else 0
        room = ROOM + ROOM_PER_CRITERION * many
        return min(MOST_ROOM, room * (MORE_ROOM if _name(call) in self._cut else 1))

    def read(self, raw: Raw, call: Call) -> Reply:
        """Return what a message says about `call`; a reply that was cut is asked once more with more room."""
        reply = self.reply_of(raw, call)
        if not isinstance(reply, Failed) or reply.why is not Why.CUT_OFF:
            return reply
        name = _name(call)
        again = name not in self._cut
        self._cut.add(name)
        return msgspec.structs.replace(reply, again=again)

    async def ask(self, call: Call, *, turn: int) -> Reply:
        """Return what the model said about `call`; raises `GradingStopped` or `BudgetReached` to end the run.

        Once it has ended, calls that only wait for their next attempt end with it.
        """
        try:
            return await self._ask(call)
        except EvalHarnessError as error:
            self._stop = self._stop or error
            self._stopping.set()
            raise

    async def _pause(self, seconds: float) -> None:
        """Sleep, unless the run ends meanwhile, or somebody asks it to."""
        await interrupt.sleep(seconds, self._stopping)
        if self._stop is not None:
            raise self._stop

    async def _ask(self, call: Call) -> Reply:
        request = self.request(call)
        if sum(self.size(request)) > self._largest_input:
            detail = f"the attempt does not fit the model's {self._largest_input} tokens"
            return Failed(why=Why.TOO_LARGE, detail=detail)
        try:
            raw = await self.message(request)
        except CallError as error:
            return self._reply_to(error, call)
        self._given_up = 0
        return self.read(raw, call)

    async def message(self, request: dict[str, Any]) -> Raw:
        """Return the reply to any request: paid from the budget, repeated by the one policy, recorded.

        Raises `CallError` where no reply can be had, `BudgetReached` before what does not fit.
        """
        self.check_names(request)
        into, out = self.size(request)
        held = await self._hold(into, out)
        usage: Usage | None = None
        attempts = itertools.count(1)
        try:
            sent = await self.repeat(lambda: self._send(request, next(attempts)))
            raw = self.raw(sent)
            usage = raw.usage
        finally:
            self.budget.settle(held, usage, self._config.model)
            self._paid.set()
        if held and not is_told(raw.usage) and not self._untold:
            self._untold = True
            self._say(f"{self._host.name} does not say what a call took; each counts as the most that it could cost")
        self._keep(request, sent.message)
        return raw

    async def _hold(self, into: int, out: int) -> float:
        """Return what is held of the budget for a request; raises `BudgetReached` where it does not fit.

        Calls under way are held at the most they could cost, which is far above what they do cost: while there are
        any, a request that does not fit beside them waits for their bill.
        """
        while True:
            self._paid.clear()
            try:
                return self.budget.reserve(self._config.model, input_tokens=into, output_tokens=out)
            except BudgetReached:
                if self.budget.reserved <= 0.0:
                    raise
            await self._paid.wait()
            if self._stop is not None:
                raise self._stop

    def hold(self, request: dict[str, Any], *, batch: bool = False) -> float:
        """Return what a request may cost at most, held from the budget; raises `BudgetReached` if it does not fit."""
        into, out = self.size(request)
        return self.budget.reserve(self._config.model, input_tokens=into, output_tokens=out, batch=batch)

    def check_names(self, request: dict[str, Any]) -> None:
        """Refuse a request in which a name is left that must not leave, however it came there."""
        left = self.redaction.left_in(request, (prompt.INSTRUCTIONS, prompt.format_block(self._config.mode)))
        if left:
            detail = f"a name that {left} stands for is left in the request; it was not sent"
            raise CallError(detail, transient=False, kind=NAME_LEFT)

    async def repeat(self, send: Send) -> Sent:
        """Return the first good reply of `send`, repeated by the one policy; raises `CallError`."""
        return await self._retry(send, on_error=self._failed)

    def cost(self, grades: Iterable[Grade]) -> Cost:
        """Return what the grades of one run cost by list price; reused ones were paid before."""
        return cost_of_grades(grades, self._config.model, self._config.prices)

    async def close(self) -> None:
        """Close the client's connections; a later call opens others, also from another event loop."""
        self._stop, self._stopping, self._paid = None, asyncio.Event(), asyncio.Event()
        self._limiter.rest()
        await self.close_client()

    async def _send(self, request: dict[str, Any], attempt: int) -> Sent:
        async with self._limiter.turn() as number:
            interrupt.check()
            began = time.monotonic()
            try:
                sent = await self.send_once(request, self._patience.deadline(attempt))
            except CallError as error:
                if error.status == 200 or (error.status == 0 and error.kind != NO_CONNECTION):
                    self.budget.lost(self._config.model, input_tokens=self.size(request)[0])
                raise
            self._patience.took(time.monotonic() - began)
            self._limiter.went_well()
            self._limiter.steer(sent.headers, number)
            return sent

    def _failed(self, error: CallError) -> None:
        if error.busy:
            self._limiter.is_busy("the server is busy")

    def _reply_to(self, error: CallError, call: Call) -> Reply:
        """Return a failure of this call alone, or stop the run for one that no other call would survive."""
        seen: dict[str, Any] = {"request": error.request}
        if error.kind == NAME_LEFT:
            return Failed(why=Why.STOPPED, detail=error.message)
        if error.kind == UNREADABLE:
            return Failed(why=Why.INVALID_REPLY, detail=error.message, **seen)
        if error.status == 413 or (error.status == 400 and "prompt is too long" in error.message):
            return Failed(why=Why.TOO_LARGE, detail=error.message, **seen)
        if error.code in _FILTERED:
            return Failed(why=Why.REFUSED, detail=f"the server refused to grade this ({error.code})", **seen)
        if error.transient or (error.status and error.status not in _FOR_EVERY_CALL):
            return self._gave_up(error)
        if error.status == 400 and "Invalid request data" in error.message:
            # The API fails so in the middle of a reply that quotes the prompt; a fresh request often passes.
            again = _name(call) not in self._refused_once
            self._refused_once.add(_name(call))
            return Failed(why=Why.INVALID_REPLY, detail=error.message, again=again, **seen)
        if error.status == 404 and "model" in error.message:
            message = f"{self._host.name} does not know the model {self._config.model} ({error.message})"
            raise GradingStopped(message, hint=hint_for(error))
        raise GradingStopped(error.message, hint=hint_for(error))

    def _gave_up(self, error: CallError) -> Failed:
        """Return the failure of one call; after some in a row it is no matter of single calls, and the run stops."""
        self._given_up += 1
        repeats = "after all repeats " if error.transient else ""
        if self._given_up >= GIVE_UPS_IN_A_ROW:
            raise GradingStopped(
                f"{self._given_up} calls in a row failed {repeats}(last: {error.message})",
                hint="the service is down or busy",
            )
        after = "gave up after repeats: " if repeats else ""
        return Failed(why=Why.GAVE_UP, detail=f"{after}{error.message}", request=error.request)

    def _keep(self, request: dict[str, Any], message: Any) -> None:
        if self._record is not None:
            plain = message.to_dict() if hasattr(message, "to_dict") else message
            self._record(digest(request), request, plain)


def describe_estimate(expected: Estimate) -> str:
    """Return calls and price range in words."""
    calls = f"{expected.requests} call{'s' * (expected.requests != 1)}"
    if expected.usd_low is None or expected.usd_high is None:
        return f"{calls}, price unknown"
    return f"{calls}, about ${expected.usd_low:.2f} to ${expected.usd_high:.2f}"


def _name(call: Call) -> str:
    return digest([slot.key for slot in call.slots])


def hint_for(error: CallError) -> str:
    """Return what a person can do about a request that failed."""
    if error.status in (401, 403):
        return "check the key and what it may do; nothing else will be sent"
    if error.status == 404:
        return "check --model and --base-url"
    if error.status in (402, 429) or "usage limits" in error.message:
        return "the account's spend limit is reached"
    return ""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)

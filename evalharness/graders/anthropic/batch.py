"""calls <-> Message Batches: submitted once, found again after a crash, read as often as needed."""

from __future__ import annotations

import asyncio
import datetime
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from evalharness.errors import BudgetReached, EvalHarnessError, GradingStopped
from evalharness.graders import Failed, Reply
from evalharness.graders.anthropic.client import CallError, Sent
from evalharness.graders.anthropic.retry import Send, of_status, send_checked
from evalharness.graders.prompting.reply import Raw, raw_of
from evalharness.graders.receiving.bodies import Secrets, lines
from evalharness.graders.receiving.documents import Unreadable, document
from evalharness.graders.receiving.values import field, moment, text, tokens
from evalharness.graders.sending.budget import Budget
from evalharness.graders.sending.estimate import request_bytes
from evalharness.graders.sending.failure import unreadable
from evalharness.model.config import RetryPolicy
from evalharness.model.nouns import GraderId, Usage, Why
from evalharness.plan.batch import BatchNote, CreateLost, item_id
from evalharness.plan.plan import Call

MOST_ITEMS: Final = 100_000
MOST_BYTES: Final = 240_000_000
DOWNLOADS: Final = 5
NO_BATCHES: Final = "a server without batches needs a run without --batch"
CLOCK_SKEW: Final = datetime.timedelta(minutes=5)
STATES: Final = ("in_progress", "canceling", "ended")

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,200}")


class Sender(Protocol):
    """What a batch shares with the grader that sends single requests: its client, identity, budget, redactions."""

    policy: RetryPolicy
    budget: Budget
    secrets: Secrets

    @property
    def id(self) -> GraderId:
        """Return the grader's identity."""
        ...

    @property
    def client(self) -> Any:
        """Return the SDK's client."""
        ...

    def request(self, call: Call, *, hour: bool = False) -> dict[str, Any]:
        """Return the body of the request for `call`."""
        ...

    def read(self, raw: Raw, call: Call) -> Reply:
        """Return what a message says about `call`."""
        ...

    def hold(self, request: dict[str, Any], *, batch: bool = False) -> float:
        """Return what a request may cost at most, held from the budget."""
        ...

    def check_names(self, request: dict[str, Any]) -> None:
        """Refuse a request in which a name is left that must not leave."""
        ...

    async def repeat(self, send: Send) -> Sent:
        """Return the first good reply of `send`."""
        ...


class AnthropicBatches:
    """The batch side of one grader; shares its client, identity, budget and redactions."""

    def __init__(self, grader: Sender) -> None:
        self._grader = grader
        self._held: dict[str, float] = {}  # what the budget holds for each item that was sent or is about to be

    def chunks(self, calls: Sequence[Call]) -> Iterator[list[Call]]:
        """Yield calls in lots that fit one batch by count and bytes, and together the budget.

        What is left over waits until others are paid.  Raises `BudgetReached` where nothing is under way and not
        even the first one fits.
        """
        lot: list[Call] = []
        size = 0
        for call in calls:
            params = self._params(call)
            try:
                self._held[item_id(call, 1)] = self._grader.hold(params, batch=True)
            except BudgetReached:
                if not self._held:
                    raise
                break
            weight = request_bytes(params) + 200
            if lot and (len(lot) >= MOST_ITEMS or size + weight > MOST_BYTES):
                yield lot
                lot, size = [], 0
            lot.append(call)
            size += weight
        if lot:
            yield lot

    async def create(self, calls: Sequence[Call], turn: int) -> str:
        """Submit one lot and return the batch's id.

        Raises `CreateLost` where the answer did not arrive, so that the caller looks before it sends again.
        """
        requests = [{"custom_id": item_id(call, turn), "params": self._params(call)} for call in calls]
        api = self._grader.client.messages.batches.with_raw_response
        try:
            sent = await send_checked(lambda: api.create(requests=requests), deadline=self._grader.policy.call)
        except CallError as error:
            if error.transient:
                raise CreateLost(error.message) from None
            raise GradingStopped(f"the batch was refused: {error.message}", hint=NO_BATCHES) from None
        found = _known(field(sent.message, "id"))
        if not found:
            raise CreateLost("the server's answer names no batch")
        return found

    async def find_lost(self, note: BatchNote) -> str | None:
        """Return the id of a batch that was sent although we never heard so, by its time and size, or None."""
        noted = moment(note.at)
        page = await self._patiently(lambda api: api.list(limit=100))
        listed = field(page, "data")
        for batch in listed if isinstance(listed, list) else ():
            counts = field(batch, "request_counts")
            total = sum(
                tokens(field(counts, name)) for name in ("processing", "succeeded", "errored", "canceled", "expired")
            )
            created = moment(field(batch, "created_at"))
            if noted and created and created >= noted - CLOCK_SKEW and total == len(note.items):
                return _known(field(batch, "id")) or None
        return None

    async def has_ended(self, batch: str) -> tuple[bool, str]:
        """Return whether the batch has ended, and what to tell the person meanwhile."""
        found = await self._patiently(lambda api: api.retrieve(batch))
        state = text(field(found, "processing_status"), 40)
        if state not in STATES:
            raise GradingStopped(f"the server does not say how far batch {batch} is", hint=NO_BATCHES)
        until = moment(field(found, "expires_at"))
        said = f"batch {batch}: {state}" + (f", at the latest until {until:%Y-%m-%d %H:%M} UTC" if until else "")
        return state == "ended", said

    async def results(self, batch: str, calls: Mapping[str, Call]) -> AsyncGenerator[tuple[str, Reply], None]:
        """Yield the reply to each item as it is read; a torn download is repeated, delivered items are not.

        An item without a line that can be read, however often it is looked for, is one that failed.
        """
        delivered: set[str] = set()
        for left in reversed(range(DOWNLOADS)):
            try:
                damaged = False
                async for line in self._lines(batch):
                    item = self._parsed(line)
                    damaged = damaged or item is None
                    name = text(field(item, "custom_id"))
                    if name in calls and name not in delivered:
                        delivered.add(name)
                        yield name, self._reply(field(item, "result"), calls[name])
                if not damaged or not left:
                    break
            except CallError as error:
                if not error.transient or not left:
                    raise GradingStopped(
                        f"the results of batch {batch} could not be read: {error.message}",
                        hint="the rest of them is still there",
                    ) from None
            await asyncio.sleep(self._grader.policy.scale)
        for name in calls.keys() - delivered:
            self._settle(calls[name], None)
            yield name, Failed(why=Why.INVALID_REPLY, detail="the batch has no readable result for it", again=True)

    def _settle(self, call: Call, usage: Usage | None) -> None:
        held = self._held.pop(item_id(call, 1), 0.0)
        self._grader.budget.settle(held, usage, self._grader.id.model)

    def _params(self, call: Call) -> dict[str, Any]:
        request = self._grader.request(call, hour=True)
        try:
            self._grader.check_names(request)
        except CallError as error:
            raise GradingStopped(error.message) from None
        return request

    def _reply(self, result: object, call: Call) -> Reply:
        kind = field(result, "type")
        if kind == "succeeded":
            raw = raw_of(field(result, "message"), batch=True)
            self._settle(call, raw.usage)
            return self._grader.read(raw, call)
        self._settle(call, None)
        return _failure(result, kind)

    async def _patiently(self, ask: Any) -> Any:
        """Repeat a question that changes nothing; stop the run where it cannot be answered."""
        api = self._grader.client.messages.batches.with_raw_response
        try:
            sent = await self._grader.repeat(lambda: send_checked(lambda: ask(api), deadline=self._grader.policy.call))
        except CallError as error:
            raise GradingStopped(
                f"the batch cannot be asked for: {error.message}",
                hint=NO_BATCHES,
            ) from None
        return sent.message

    def _parsed(self, line: bytes) -> dict[str, Any] | None:
        """Return one result, an empty one for a blank line, None for a line that cannot be read."""
        try:
            value = document(self._grader.secrets.hide_bytes(line)) if line.strip() else {}
        except Unreadable:
            return None
        return value if isinstance(value, dict) else None

    async def _lines(self, batch: str) -> AsyncIterator[bytes]:
        """Yield the lines of the results file; whatever cuts it becomes a transient `CallError`."""
        import anthropic

        api = self._grader.client.messages.batches.with_streaming_response
        try:
            async with api.results(batch) as response:
                async for line in lines(response.iter_bytes()):
                    yield line
        except (CallError, EvalHarnessError, GeneratorExit, asyncio.CancelledError):
            raise
        except anthropic.APIStatusError as error:
            raise of_status(error.response) from None
        except Unreadable as error:
            raise unreadable(error) from None
        except Exception as error:  # noqa: BLE001  # raw transport errors of several libraries arrive here
            raise CallError(f"the download was cut ({type(error).__name__})", transient=True) from None


def _failure(result: object, kind: object) -> Failed:
    """Return why an item of a batch has no message."""
    match kind:
        case "errored":
            error = field(field(result, "error"), "error")
            named = text(field(error, "type"), 60) or "unknown error"
            detail = f"the batch item failed: {named}: {text(field(error, 'message'), 200)}"
            return Failed(why=Why.GAVE_UP, detail=detail, again=named != "invalid_request_error")
        case "expired":
            return Failed(why=Why.EXPIRED, detail="the batch ended before this item's turn", again=True)
        case "canceled":
            return Failed(why=Why.STOPPED, detail="the batch was cancelled")
        case other:
            return Failed(why=Why.INVALID_REPLY, detail=f"unknown batch result '{text(other, 40)}'", again=True)


def _known(value: object) -> str:
    """Return the id of a batch, or an empty text for what can be none."""
    found = text(value)
    return found if _ID.fullmatch(found) else ""

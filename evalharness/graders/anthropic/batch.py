"""calls <-> Message Batches: submitted once, found again after a crash, read as often as needed."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from evalharness.errors import GradingStopped
from evalharness.graders import Failed, Reply
from evalharness.graders.anthropic.client import CallError, Sent
from evalharness.graders.anthropic.retry import Send, send_checked
from evalharness.graders.prompting.reply import Raw, raw_of
from evalharness.graders.sending.budget import Budget
from evalharness.graders.sending.estimate import request_bytes
from evalharness.model.config import RetryPolicy
from evalharness.model.nouns import GraderId, Why
from evalharness.plan.batch import BatchNote, CreateLost, item_id
from evalharness.plan.plan import Call

MOST_ITEMS: Final = 100_000
MOST_BYTES: Final = 240_000_000
DOWNLOADS: Final = 5
NO_BATCHES: Final = "a server without batches needs a run without --batch"
CLOCK_SKEW: Final = datetime.timedelta(minutes=5)


class Sender(Protocol):
    """What a batch shares with the grader that sends single requests: its client, identity, budget, redactions."""

    policy: RetryPolicy
    budget: Budget

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

    async def repeat(self, send: Send) -> Sent:
        """Return the first good reply of `send`."""
        ...


class AnthropicBatches:
    """The batch side of one grader; shares its client, identity, budget and redactions."""

    def __init__(self, grader: Sender) -> None:
        self._grader = grader

    def chunks(self, calls: Sequence[Call]) -> Iterator[list[Call]]:
        """Yield calls in lots that fit one batch by count and bytes."""
        lot: list[Call] = []
        size = 0
        for call in calls:
            weight = request_bytes(self._params(call)) + 200
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
        return str(sent.message.id)

    async def find_lost(self, note: BatchNote) -> str | None:
        """Return the id of a batch that was sent although we never heard so, by its time and size, or None."""
        since = datetime.datetime.fromisoformat(note.at) - CLOCK_SKEW
        page = await self._patiently(lambda api: api.list(limit=100))
        for batch in page.data:
            counts = batch.request_counts
            total = sum(
                getattr(counts, name, 0) or 0 for name in ("processing", "succeeded", "errored", "canceled", "expired")
            )
            if _moment(batch.created_at) >= since and total == len(note.items):
                return str(batch.id)
        return None

    async def has_ended(self, batch: str) -> tuple[bool, str]:
        """Return whether the batch has ended, and what to tell the person meanwhile."""
        found = await self._patiently(lambda api: api.retrieve(batch))
        until = getattr(found, "expires_at", None)
        said = f"batch {batch}: {found.processing_status}" + (f", at the latest until {until}" if until else "")
        return found.processing_status == "ended", said

    async def results(self, batch: str, calls: Mapping[str, Call]) -> AsyncGenerator[tuple[str, Reply], None]:
        """Yield the reply to each item as it is read; a torn download is repeated, delivered items are not."""
        delivered: set[str] = set()
        for left in reversed(range(DOWNLOADS)):
            try:
                async for line in self._lines(batch):
                    item = _parsed(line)
                    name = str(item.get("custom_id", ""))
                    if name in calls and name not in delivered:
                        delivered.add(name)
                        yield name, self._reply(item.get("result") or {}, calls[name])
                return
            except CallError as error:
                if not error.transient or not left:
                    raise GradingStopped(
                        f"the results of batch {batch} could not be read: {error.message}",
                        hint="the rest of them is still there",
                    ) from None
            await asyncio.sleep(self._grader.policy.scale)

    def _params(self, call: Call) -> dict[str, Any]:
        return self._grader.request(call, hour=True)

    def _reply(self, result: Mapping[str, Any], call: Call) -> Reply:
        match result.get("type"):
            case "succeeded":
                raw = raw_of(result.get("message"), batch=True)
                self._grader.budget.settle(0.0, raw.usage, self._grader.id.model)
                return self._grader.read(raw, call)
            case "errored":
                error = (result.get("error") or {}).get("error") or {}
                kind = str(error.get("type") or "unknown error")
                detail = f"the batch item failed: {kind}: {str(error.get('message') or '')[:200]}"
                return Failed(why=Why.GAVE_UP, detail=detail, again=kind != "invalid_request_error")
            case "expired":
                return Failed(why=Why.EXPIRED, detail="the batch ended before this item's turn", again=True)
            case "canceled":
                return Failed(why=Why.STOPPED, detail="the batch was cancelled")
            case other:
                return Failed(why=Why.INVALID_REPLY, detail=f"unknown batch result '{str(other)[:40]}'", again=True)

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

    async def _lines(self, batch: str) -> AsyncIterator[str]:
        """Yield the lines of the results file; whatever cuts it becomes a transient `CallError`."""
        import anthropic

        api = self._grader.client.messages.batches.with_streaming_response
        try:
            async with api.results(batch) as response:
                async for line in response.iter_lines():
                    if line.strip():
                        yield line
        except (CallError, GeneratorExit, asyncio.CancelledError):
            raise
        except anthropic.APIStatusError as error:
            raise CallError(f"HTTP {error.status_code}", transient=error.status_code >= 429) from None
        except Exception as error:  # noqa: BLE001  # raw transport errors of several libraries arrive here
            raise CallError(f"the download was cut ({type(error).__name__})", transient=True) from None


def _parsed(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        raise CallError("a result line is torn", transient=True) from None
    return value if isinstance(value, dict) else {}


def _moment(value: object) -> datetime.datetime:
    if isinstance(value, datetime.datetime):
        return value
    return datetime.datetime.fromisoformat(str(value))

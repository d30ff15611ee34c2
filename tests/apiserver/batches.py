"""The Message Batches API: accepted at once, validated and billed (at half price) while processing."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .behaviour import Behaviour, Call, Plan
from .catalogue import Model
from .effects import rfc3339
from .engine import Engine, Work
from .errors import ApiError, invalid
from .journal import Journal
from .wire import Delivery, HttpResponse

CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
DAY = 86_400.0
ENDS = ("succeeded", "errored", "canceled", "expired")


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """How batches go.

    A batch has ended once it was retrieved more than `polls` times (of the first `slow` batches; others at once) and is
    `seconds` old.  `errored`, `expired` and `canceled` name items by their place; what a `batch.item` rule answers
    instead becomes an errored item too. `parallel` items look the cache up before any of them writes it.  The first
    `torn` downloads of results break off.  `results_origin` puts `results_url` on another host.
    """

    polls: int = 0
    slow: int = 1_000_000
    seconds: float = 0.0
    parallel: int = 4
    order: Literal["shuffled", "sent", "reversed"] = "shuffled"
    errored: Collection[int] = ()
    expired: Collection[int] = ()
    canceled: Collection[int] = ()
    error_kind: str = "api_error"
    torn: int = 0
    torn_at: float = 0.5
    blank_line: bool = False
    results_origin: str | None = None


@dataclass(slots=True)
class Batch:
    """One batch and its life."""

    id: str
    created: float
    items: list[tuple[str, Any]]
    polls: int = 0
    downloads: int = 0
    status: Literal["in_progress", "canceling", "ended"] = "in_progress"
    busy: bool = False
    ended: float | None = None
    cancel_initiated: float | None = None
    results: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class BatchStore:
    """All batches of one server.  `origin` is where the server is reached, prefix included."""

    engine: Engine
    plan: BatchPlan
    check: Callable[[Mapping[str, Any]], Model]
    behaviour: Callable[[], Behaviour]
    hash_of: Callable[[Mapping[str, Any]], str]
    journal: Journal
    clock: Callable[[], float]
    most_requests: int
    origin: str = ""
    _batches: dict[str, Batch] = field(default_factory=dict)
    _attempts: Counter[str] = field(default_factory=Counter)

    def create(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Accept a batch whose envelope is right; the items are not looked at yet."""
        for name in body:
            if name != "requests":
                raise invalid(f"{name}: Extra inputs are not permitted")
        items = check_envelope(body.get("requests"), self.most_requests)
        number = len(self._batches) + 1
        batch = Batch(f"msgbatch_{number:024d}", self.clock(), items)
        self._batches[batch.id] = batch
        return self._render(batch)

    async def retrieve(self, batch_id: str) -> dict[str, Any]:
        """Return a batch; this poll may be the one that finds it ended."""
        batch = self._find(batch_id)
        batch.polls += 1
        age = self.clock() - batch.created
        slow = batch.id in list(self._batches)[: self.plan.slow]
        due = batch.polls > (self.plan.polls if slow else 0) and age >= self.plan.seconds
        if batch.status != "ended" and not batch.busy and (due or age >= DAY or batch.status == "canceling"):
            batch.busy = True
            await self._process(batch, expired=age >= DAY)
        return self._render(batch)

    def listed(self, query: Mapping[str, str]) -> dict[str, Any]:
        """Return a page of batches, newest first."""
        newest = [self._render(batch) for batch in reversed(self._batches.values())]
        return page(newest, query)

    def cancel(self, batch_id: str) -> dict[str, Any]:
        """Begin to cancel a batch; the next poll finds it ended."""
        batch = self._find(batch_id)
        if batch.status == "ended":
            raise invalid(f"Batch {batch_id} cannot be canceled because it has already ended.")
        batch.status, batch.cancel_initiated = "canceling", self.clock()
        return self._render(batch)

    def delete(self, batch_id: str) -> dict[str, Any]:
        """Forget an ended batch."""
        if self._find(batch_id).status != "ended":
            raise invalid(f"Batch {batch_id} cannot be deleted while it is being processed.")
        del self._batches[batch_id]
        return {"id": batch_id, "type": "message_batch_deleted"}

    def results(self, batch_id: str) -> HttpResponse:
        """Return the results of an ended batch, one JSON object a line."""
        batch = self._find(batch_id)
        if batch.status != "ended":
            raise ApiError(404, f"Results for batch {batch_id} are not available: it is still being processed.")
        if self.clock() >= batch.created + 29 * DAY:
            raise ApiError(404, f"Results for batch {batch_id} are no longer available.")
        batch.downloads += 1
        lines = [json.dumps({"custom_id": key, "result": result}) for key, result in batch.results]
        if self.plan.blank_line:
            lines.insert(len(lines) // 2, "")
        torn = Delivery(cut="within", torn_at=self.plan.torn_at)
        return HttpResponse(
            headers={"content-type": "application/x-jsonl"},
            body="".join(line + "\n" for line in lines).encode(),
            delivery=torn if batch.downloads <= self.plan.torn else Delivery(),
        )

    def summary(self) -> dict[str, Any]:
        """Return size and state of each batch."""
        return {batch.id: {"items": len(batch.items), "status": batch.status} for batch in self._batches.values()}

    def _find(self, batch_id: str) -> Batch:
        """Return a known batch."""
        if batch_id not in self._batches:
            raise ApiError(404, f"No such batch: {batch_id}")
        return self._batches[batch_id]

    async def _process(self, batch: Batch, *, expired: bool) -> None:
        """Give every item its result, a few at a time."""
        step = max(1, self.plan.parallel)
        fate = "canceled" if batch.status == "canceling" else "expired" if expired else None
        for start in range(0, len(batch.items), step):
            wave = range(start, min(start + step, len(batch.items)))
            begun = [self._begin(batch.items[place][1], place, fate) for place in wave]
            for place, item in zip(wave, begun, strict=True):
                result = item if isinstance(item, dict) else self._end(*item)
                batch.results.append((batch.items[place][0], result))
            await asyncio.sleep(0)
        self._sort(batch)
        batch.ended, batch.status = self.clock(), "ended"

    def _sort(self, batch: Batch) -> None:
        """Bring the results into the order of the plan."""
        if self.plan.order == "shuffled":
            random.Random(batch.id).shuffle(batch.results)
        elif self.plan.order == "reversed":
            batch.results.reverse()

    def _begin(self, params: Any, place: int, fate: str | None) -> dict[str, Any] | tuple[Work, Plan]:
        """Return the item's result where it gets no reply, else the work to do."""
        for end, places in (("expired", self.plan.expired), ("canceled", self.plan.canceled)):
            if fate == end or (fate is None and place in places):
                return {"type": end}
        try:
            if place in self.plan.errored:
                raise ApiError(500, "This item failed.", kind=self.plan.error_kind)
            check_item(params)
            model = self.check(params)
            plan = self._plan(params, place)
            return self.engine.start(params, model, batch=True), plan
        except ApiError as error:
            return {"type": "errored", "error": error.body(None)}

    def _plan(self, params: Mapping[str, Any], place: int) -> Plan:
        """Return what the behaviour does to an item; raise when it answers instead."""
        body_hash = self.hash_of(params)
        self.journal.item(body_hash, answered=False)
        call = Call(
            endpoint="batch.item",
            index=place,
            attempt=self._attempts[body_hash],
            body_hash=body_hash,
            body=params,
            seed=self.behaviour().seed,
        )
        self._attempts[body_hash] += 1
        plan = self.behaviour().plan(call)
        if plan.answer is not None:
            raise ApiError(plan.answer.status or 500, "This item failed.")
        return plan

    def _end(self, work: Work, plan: Plan) -> dict[str, Any]:
        """Return the result of an item that is answered."""
        try:
            message, _ = self.engine.finish(work, plan, batch=True)
            self.journal.item(self.hash_of(work.body), answered=True)
            return {"type": "succeeded", "message": message}
        except ApiError as error:
            return {"type": "errored", "error": error.body(None)}

    def _render(self, batch: Batch) -> dict[str, Any]:
        """Return a batch as the API words it."""
        ended = batch.status == "ended"
        ends = Counter(result["type"] for _, result in batch.results) if ended else Counter()
        origin = self.plan.results_origin or self.origin
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": batch.status,
            "request_counts": {
                "processing": 0 if ended else len(batch.items),
                **{end: ends[end] for end in ENDS},
            },
            "created_at": rfc3339(batch.created),
            "expires_at": rfc3339(batch.created + DAY),
            "ended_at": rfc3339(batch.ended) if batch.ended is not None else None,
            "cancel_initiated_at": rfc3339(batch.cancel_initiated) if batch.cancel_initiated is not None else None,
            "archived_at": None,
            "results_url": f"{origin}/v1/messages/batches/{batch.id}/results" if ended else None,
        }


def check_envelope(requests: Any, most: int) -> list[tuple[str, Any]]:
    """Return ids and params of a batch whose ids are well formed and unique."""
    if not isinstance(requests, list) or not requests:
        raise invalid("requests: List should have at least 1 item after validation")
    if len(requests) > most:
        raise invalid(f"requests: List should have at most {most} items after validation, not {len(requests)}")
    items = [_envelope(request, f"requests.{place}") for place, request in enumerate(requests)]
    twice = [key for key, count in Counter(key for key, _ in items).items() if count > 1]
    if twice:
        raise invalid(f"requests: custom_id must be unique within a batch, found twice: {twice[0]}")
    return items


def _envelope(request: Any, where: str) -> tuple[str, Any]:
    """Return id and params of one item."""
    if not isinstance(request, Mapping):
        raise invalid(f"{where}: Input should be an object")
    for name in request:
        if name not in ("custom_id", "params"):
            raise invalid(f"{where}.{name}: Extra inputs are not permitted")
    custom_id = request.get("custom_id")
    if not isinstance(custom_id, str) or not CUSTOM_ID.fullmatch(custom_id):
        raise invalid(f"{where}.custom_id: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'")
    if not isinstance(request.get("params"), Mapping):
        raise invalid(f"{where}.params: Field required")
    return custom_id, request["params"]


def check_item(params: Mapping[str, Any]) -> None:
    """Raise for what is allowed in a message and not in a batch; found only while processing."""
    for name in ("stream", "speed"):
        if name in params:
            raise invalid(f"{name}: not supported in batches")
    if params.get("max_tokens") == 0:
        raise invalid("max_tokens: 0 is not supported in batches")


def page(newest: list[dict[str, Any]], query: Mapping[str, str]) -> dict[str, Any]:
    """Return one page of a list, after or before a cursor."""
    limit = int(query["limit"]) if query.get("limit", "20").isdigit() and "limit" in query else 20
    if not 1 <= limit <= 1000:
        raise invalid("limit: Input should be between 1 and 1000")
    ids = [item["id"] for item in newest]
    start, end = 0, len(newest)
    if query.get("after_id") in ids:
        start = ids.index(query["after_id"]) + 1
    if query.get("before_id") in ids:
        end = ids.index(query["before_id"])
        start = max(start, end - limit)
    data = newest[start : min(end, start + limit)]
    more = start > 0 if "before_id" in query else start + limit < end
    first, last = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    return {"data": data, "has_more": more, "first_id": first, "last_id": last}

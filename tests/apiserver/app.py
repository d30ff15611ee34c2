"""HTTP request -> HTTP response: routes, rules, behaviour, work, record."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import re
import traceback
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .batches import BatchPlan, BatchStore, page
from .behaviour import Behaviour, Call, Plan
from .bill import as_json
from .catalogue import EFFORTS, Model, unknown_model
from .effects import JSON, error_response
from .engine import Engine, Work
from .errors import ApiError
from .journal import Journal, Outcome
from .prompt import canonical, prompt_tokens, segments
from .request_rules import check_count_request, check_headers, check_message_request, parse_body
from .wire import Connection, Delivery, HttpRequest, HttpResponse

Headers = Mapping[str, str | None]

ROUTES = tuple(
    (method, re.compile(path), endpoint)
    for method, path, endpoint in (
        ("POST", r"/v1/messages", "messages"),
        ("POST", r"/v1/messages/count_tokens", "count_tokens"),
        ("GET", r"/v1/models", "models.list"),
        ("GET", r"/v1/models/([^/]+)", "models.retrieve"),
        ("POST", r"/v1/messages/batches", "batches.create"),
        ("GET", r"/v1/messages/batches", "batches.list"),
        ("GET", r"/v1/messages/batches/([^/]+)", "batches.retrieve"),
        ("DELETE", r"/v1/messages/batches/([^/]+)", "batches.delete"),
        ("POST", r"/v1/messages/batches/([^/]+)/cancel", "batches.cancel"),
        ("GET", r"/v1/messages/batches/([^/]+)/results", "batches.results"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The limits of sizes; tests may shrink them."""

    message_bytes: int = 32 * 2**20
    batch_bytes: int = 256 * 2**20
    batch_requests: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a server is, as against how it behaves.

    `key=None` takes any key or none.  `without` names families that answer 404: batches, count_tokens,
    models.
    `strict=False` checks nothing but the key and knows every model, as local servers do.
    """

    key: str | None
    prefix: str
    without: Collection[str]
    strict: bool
    models: Mapping[str, Model]
    sizes: Sizes


class App:
    """One server's answers, without its socket."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        batches: BatchPlan,
        journal: Journal,
        clock: Callable[[], float],
    ) -> None:
        self.settings = settings
        self.engine = engine
        self.journal = journal
        self.behaviour = Behaviour()
        self._clock = clock
        self._started = clock()
        self._numbers = itertools.count(1)
        self.batches = BatchStore(
            engine=engine,
            plan=batches,
            check=self._model,
            behaviour=lambda: self.behaviour,
            hash_of=hash_of,
            journal=journal,
            clock=clock,
            most_requests=settings.sizes.batch_requests,
        )

    async def __call__(self, request: HttpRequest, peer: Connection) -> HttpResponse:
        """Return the answer to a request, with all that goes wrong on the way."""
        if request.path == "/__stats__":
            return _json(self.stats())
        endpoint, argument = self._route(request)
        body, problem = self._read(request, endpoint)
        call = self._call(request, endpoint, body)
        number, call = self.journal.open(request, call, key=self.settings.key, at=self._clock())
        outcome: Outcome = "cut"
        status = 0
        try:
            response, outcome = await self._respond(request, call, argument, problem)
            status = response.status
            if peer.gone:
                outcome = "abandoned"
            return response
        except Exception:  # noqa: BLE001  # a bug of a responder is a 500 here, and told at the end
            self.engine.errors.append(traceback.format_exc())
            return HttpResponse(status=500, body=b"the test server itself failed")
        finally:
            self.journal.close(number, call, status=status, outcome=outcome)

    def stats(self) -> dict[str, Any]:
        """Return counts, bill and batches as plain data."""
        bill = as_json(self.engine.ledger.bill)
        return {
            **self.journal.stats(),
            "bill": bill,
            "batches": self.batches.summary(),
            "errors": self.engine.errors,
        }

    def _route(self, request: HttpRequest) -> tuple[str, str]:
        """Return endpoint and id of a path; `unknown` where there is nothing."""
        path = request.path
        if not path.startswith(self.settings.prefix + "/"):
            return "unknown", ""
        path = path.removeprefix(self.settings.prefix)
        for method, pattern, endpoint in ROUTES:
            match = pattern.fullmatch(path)
            if match and method == request.method:
                known = endpoint.split(".")[0] not in self.settings.without
                return (endpoint if known else "unknown"), (match.groups() or ("",))[0]
        return "unknown", ""

    def _read(self, request: HttpRequest, endpoint: str) -> tuple[Mapping[str, Any], ApiError | None]:
        """Return the body of a request, or why it has none."""
        sizes = self.settings.sizes
        if len(request.body) > (sizes.batch_bytes if endpoint == "batches.create" else sizes.message_bytes):
            return {}, ApiError(413, "Request exceeds the maximum size")
        if request.method != "POST" or endpoint == "batches.cancel":
            return {}, None
        try:
            return parse_body(request.body), None
        except ApiError as error:
            return {}, error

    def _call(self, request: HttpRequest, endpoint: str, body: Mapping[str, Any]) -> Call:
        """Return what rules may look at; the journal fills in the counts."""
        if endpoint == "messages":
            body_hash = hash_of(body)
        else:
            body_hash = _digest(f"{request.method} {request.path}".encode() + request.body)
        return Call(
            endpoint=endpoint,
            path=request.path,
            body_hash=body_hash,
            body=body,
            elapsed=self._clock() - self._started,
            seed=self.behaviour.seed,
        )

    async def _respond(
        self, request: HttpRequest, call: Call, argument: str, problem: ApiError | None
    ) -> tuple[HttpResponse, Outcome]:
        """Return the response and what it amounts to."""
        request_id = f"req_{next(self._numbers):024d}"
        headers: Headers = {}
        try:
            self._check(request, call, problem)
            model = self._model(call.body) if call.endpoint == "messages" else None
            plan = self.behaviour.plan(call)
            work = self.engine.start(call.body, model) if model and plan.answer is None else None
            if plan.delay:
                await asyncio.sleep(plan.delay)
            response, outcome, headers = await self._act(request, call, argument, plan, work)
        except ApiError as error:
            response = error_response(error, request_id)
            outcome = "failed" if error.status >= 429 else "rejected"
        ids = {"request-id": request_id, "anthropic-organization-id": "org_test"}
        if response.status >= 400:
            data = response.body.replace(b'"request_id": null', f'"request_id": "{request_id}"'.encode())
            response = replace(response, body=data)
        everything = {**ids, **response.headers, **headers}
        kept = {name: value for name, value in everything.items() if value is not None}
        return replace(response, headers=kept), outcome

    def _check(self, request: HttpRequest, call: Call, problem: ApiError | None) -> None:
        """Raise what the API refuses before it looks at the content."""
        settings = self.settings
        if call.endpoint == "unknown":
            raise ApiError(404, "Not Found")
        if settings.strict:
            check_headers(request.headers, key=settings.key, posts=request.method == "POST" and bool(request.body))
        elif settings.key is not None and request.headers.get("authorization") != f"Bearer {settings.key}":
            raise ApiError(401, "Invalid bearer token")
        if problem is not None:
            raise problem

    def _model(self, body: Mapping[str, Any]) -> Model:
        """Return the model of a valid request."""
        if self.settings.strict:
            return check_message_request(body, self.settings.models)
        name = str(body.get("model"))
        return self.settings.models.get(name) or unknown_model(name)

    async def _act(
        self, request: HttpRequest, call: Call, argument: str, plan: Plan, work: Work | None
    ) -> tuple[HttpResponse, Outcome, Headers]:
        """Return what the plan answers instead, or the answer of the endpoint, delivered as planned."""
        if plan.answer is not None:
            response = replace(plan.answer, delivery=_delivery(plan, plan.answer))
            return response, _outcome_of(plan.answer), plan.headers
        headers: Headers = plan.headers
        if work is not None:
            message, headers = self.engine.finish(work, plan)
            response = _json(message)
        else:
            response = await self._endpoint(request, call, argument)
        data = response.body
        for damage in plan.damage:
            data = damage(data)
        response = replace(response, body=data, delivery=_delivery(plan, response))
        outcome: Outcome = "cut" if response.delivery.cut else "spoiled" if plan.damage else "answered"
        return response, outcome, headers

    async def _endpoint(self, request: HttpRequest, call: Call, argument: str) -> HttpResponse:
        """Return the answer of every endpoint but Messages."""
        match call.endpoint:
            case "count_tokens":
                return _json({"input_tokens": self._count(call.body)})
            case "models.list":
                return _json(page([_model_info(model) for model in self.settings.models.values()], request.query))
            case "models.retrieve":
                if argument not in self.settings.models:
                    raise ApiError(404, f"model: {argument}")
                return _json(_model_info(self.settings.models[argument]))
            case "batches.create":
                return _json(self.batches.create(call.body))
            case "batches.list":
                return _json(self.batches.listed(request.query))
            case "batches.retrieve":
                return _json(await self.batches.retrieve(argument))
            case "batches.cancel":
                return _json(self.batches.cancel(argument))
            case "batches.delete":
                return _json(self.batches.delete(argument))
            case _:
                return self.batches.results(argument)

    def _count(self, body: Mapping[str, Any]) -> int:
        """Return the tokens of a prompt; free of charge."""
        name = str(body.get("model"))
        models = self.settings.models
        model = check_count_request(body, models) if self.settings.strict else models.get(name) or unknown_model(name)
        return prompt_tokens(segments(body), model)


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def hash_of(body: Mapping[str, Any]) -> str:
    """Return the name under which a request body is counted: equal for equal JSON."""
    return _digest(canonical(body))


def _json(value: object) -> HttpResponse:
    """Return a JSON response."""
    data = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(headers={"content-type": JSON}, body=data)


def _delivery(plan: Plan, response: HttpResponse) -> Delivery:
    """Return how the plan delivers, unless the response has its own way."""
    return response.delivery if response.delivery.cut else plan.delivery


def _outcome_of(answer: HttpResponse) -> Outcome:
    """Return what an answer given instead of the model's amounts to."""
    if answer.delivery.cut:
        return "cut"
    if answer.status >= 400:
        return "failed"
    return "redirected" if answer.status >= 300 else "spoiled"


def _model_info(model: Model) -> dict[str, Any]:
    """Return a model as the API describes it."""
    yes, no = {"supported": True}, {"supported": False}
    efforts = {name: yes if name in model.efforts else no for name in EFFORTS}
    kinds = ("adaptive", "between_tools", "disabled", "enabled")
    return {
        "id": model.id,
        "type": "model",
        "display_name": model.id.replace("-", " ").title(),
        "created_at": "2026-01-01T00:00:00Z",
        "lifecycle": "active",
        "deprecated_at": None,
        "retires_at": None,
        "line": model.line,
        "max_input_tokens": model.context,
        "max_tokens": model.max_output,
        "capabilities": {
            **dict.fromkeys(("batch", "citations", "image_input", "pdf_input", "structured_outputs"), yes),
            "code_execution": yes,
            "context_management": yes,
            "server_tools": {"supported": True, "web_search": yes, "code_execution": yes},
            "effort": {"supported": bool(model.efforts), **efforts},
            "thinking": {"supported": True, "types": {k: yes if k in model.thinking else no for k in kinds}},
        },
    }

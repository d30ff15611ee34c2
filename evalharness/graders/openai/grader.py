"""Grader `openai`: one call -> one chat completion -> a reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from evalharness.graders import Reply
from evalharness.graders.openai.dialect import LIMITS, Dialect, request
from evalharness.graders.openai.reply import raw_of, read_reply
from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.reply import Raw
from evalharness.graders.sending.budget import Purse
from evalharness.graders.sending.estimate import Estimate, estimate, input_tokens
from evalharness.graders.sending.failure import CallError, Sent
from evalharness.graders.sending.host import Host, api_of
from evalharness.graders.sending.hosted import HostedGrader
from evalharness.graders.sending.limiter import Say
from evalharness.graders.sending.record import Record
from evalharness.model.config import Config
from evalharness.model.nouns import GraderId
from evalharness.plan.plan import Call

if TYPE_CHECKING:
    from evalharness.graders.openai.client import Client

VERSION: Final = "1"
MODEL_DEADLINE: Final = 15.0


class OpenAIGrader(HostedGrader):
    """Asks a model over chat completions."""

    def __init__(
        self,
        config: Config,
        host: Host,
        key: str,
        *,
        say: Say,
        record: Record | None = None,
        purse: Purse | None = None,
    ) -> None:
        super().__init__(config, host, say=say, record=record, purse=purse)
        self._key = key
        self._client: Client | None = None
        self._dialect = Dialect()
        self.id = GraderId(
            name="openai",
            version=VERSION,
            model=config.model,
            host=api_of(host, config.gateways),
            effort=config.effort,
            prompt=prompt.TEXT_VERSION,
            mode=config.mode,
        )

    def request(self, call: Call) -> dict[str, Any]:
        """Return the body of the request for `call`, exactly as it is sent."""
        return request(
            call,
            model=self._config.model,
            effort=self._config.effort,
            mode=self._config.mode,
            max_tokens=self.room(call),
            redaction=self.redaction,
            dialect=self._dialect,
        )

    def estimate(self, calls: Sequence[Call], *, batch: bool = False) -> Estimate:
        """Return requests, tokens and price of `calls`; what the server may keep in a cache is not foreseen."""
        return estimate(
            ((call, _blocks(self.request(call))) for call in calls),
            mode=self._config.mode,
            effort=self._config.effort,
            model=self._config.model,
            prices=self._config.prices,
        )

    def size(self, request: dict[str, Any]) -> tuple[int, int]:
        """Return about how many tokens a request has, and how many its reply may have."""
        return input_tokens(_blocks(request)), max(int(request.get(limit, 0)) for limit in LIMITS)

    async def send_once(self, request: dict[str, Any], deadline: float) -> Sent:
        """Send one request; one that the server refuses for a field it does not know goes out again without it.

        Others may be under way and refused for the same field: each tells about the dialect it was sent in.
        """
        while True:
            spoken = self._dialect
            try:
                return await self._http().send("POST", "/chat/completions", spoken.applied(request), deadline=deadline)
            except CallError as error:
                simpler = spoken.without(error.message) if error.status in (400, 422) else None
                if simpler is None:
                    raise
                self._simplify(simpler, error)

    def raw(self, sent: Sent) -> Raw:
        """Return the plain parts of a completion."""
        return raw_of(sent.message, request=sent.headers.get("x-request-id", ""))

    def reply_of(self, raw: Raw, call: Call) -> Reply:
        """Return what a completion says about `call`."""
        return read_reply(raw, call, self._config.mode, self.redaction)

    async def look_up_model(self) -> None:
        """Ask for the list of models: a wrong key or a server that is not there is told before the first call."""
        try:
            await self._http().send("GET", "/models", None, deadline=MODEL_DEADLINE)
        except CallError as error:
            if error.status != 404:
                self.stop_for(error)
        else:
            self._limiter.widen()

    async def close_client(self) -> None:
        """Close the client."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _http(self) -> Client:
        if self._client is None:
            from evalharness.graders.openai.client import Client

            self._client = Client(self._host, self._key, connections=self._most)
        return self._client

    def _simplify(self, simpler: Dialect, error: CallError) -> None:
        """Speak no more than `simpler` from now on, and say so, unless an earlier refusal has already led there."""
        both = self._dialect.at_most(simpler)
        if both != self._dialect:
            self._dialect = both
            self._say(f"{self._host.name} refuses a field ({error.message[:120]}); going on without it")


def _blocks(request: dict[str, Any]) -> dict[str, Any]:
    """Return a request in the shape that estimates read."""
    system, user = (message["content"] for message in request["messages"])
    return {"system": [{"text": system}], "messages": [{"content": [{"text": user}]}]}

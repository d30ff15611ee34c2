"""Grader `anthropic`: one call -> one request to the Messages API -> a reply."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from evalharness.graders import Reply
from evalharness.graders.anthropic.client import CallError, Sent, make_client, post
from evalharness.graders.anthropic.credential import Credential
from evalharness.graders.anthropic.retry import send_checked
from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.reply import Raw, raw_of, read_reply
from evalharness.graders.receiving.bodies import Secrets
from evalharness.graders.receiving.values import field, text, tokens
from evalharness.graders.sending.budget import Purse
from evalharness.graders.sending.estimate import Estimate, estimate, input_tokens
from evalharness.graders.sending.host import Host, api_of
from evalharness.graders.sending.hosted import CONTEXT, HostedGrader
from evalharness.graders.sending.limiter import Say
from evalharness.graders.sending.record import Record
from evalharness.model.config import Config
from evalharness.model.nouns import GraderId
from evalharness.plan.plan import Call, shared_by

if TYPE_CHECKING:
    from evalharness.graders.anthropic.batch import AnthropicBatches

VERSION: Final = "1"
MODEL_DEADLINE: Final = 15.0
HEAD_START: Final = 2.0
MOST_MISSED: Final = 5


class AnthropicGrader(HostedGrader):
    """Asks a model over the Messages API."""

    def __init__(
        self,
        config: Config,
        host: Host,
        credential: Credential,
        *,
        say: Say,
        record: Record | None = None,
        purse: Purse | None = None,
    ) -> None:
        super().__init__(config, host, say=say, record=record, purse=purse)
        self._credential = credential
        self.secrets = Secrets((credential.api_key, credential.auth_token))
        self._client: Any = None
        self._shared: frozenset[str] = frozenset()
        self._alone = False
        self._begun: set[str] = set()
        self._missed = 0
        self.id = GraderId(
            name="anthropic",
            version=VERSION,
            model=config.model,
            host=api_of(host, config.gateways),
            effort=config.effort,
            prompt=prompt.VERSION,
            mode=config.mode,
        )

    @property
    def head_start(self) -> float:
        """Return for how many seconds the first of the calls that begin alike goes ahead of the others.

        The others read from the cache what it has written.  That can be read from when the first reply begins, which
        is not seen here: the others follow after a moment, or with the reply where that has proved too early or where
        a number of calls at a time was asked for.  In joint mode too little is shared for anybody to wait.
        """
        if self._config.mode == "joint":
            return 0.0
        is_early_fine = self._config.concurrency == "auto" and self._missed < MOST_MISSED
        return HEAD_START if is_early_fine else float("inf")

    def request(self, call: Call, *, hour: bool = False) -> dict[str, Any]:
        """Return the body of the request for `call`, exactly as it is sent."""
        return prompt.request(
            call,
            model=self._config.model,
            effort=self._config.effort,
            mode=self._config.mode,
            max_tokens=self.room(call),
            redaction=self.redaction,
            shared=shared_by(call, self._config.mode) in self._shared,
            alone=self._alone,
            hour=hour,
        )

    def share(self, calls: Sequence[Call]) -> None:
        """Note which calls begin alike, so that cache marks stand only where they pay."""
        counts = Counter(shared_by(call, self._config.mode) for call in calls)
        # Where nobody waits for the first, only calls beyond the first round find what it has written.
        least = self._most if self._config.mode == "joint" else 1
        self._shared = frozenset(name for name, count in counts.items() if count > least)
        self._alone = len(calls) <= least

    def estimate(self, calls: Sequence[Call], *, batch: bool = False) -> Estimate:
        """Return requests, tokens and price of `calls` before anything is sent."""
        self.share(calls)
        return estimate(
            ((call, self.request(call, hour=batch)) for call in calls),
            mode=self._config.mode,
            effort=self._config.effort,
            model=self._config.model,
            prices=self._config.prices,
            batch=batch,
        )

    def size(self, request: dict[str, Any]) -> tuple[int, int]:
        """Return about how many tokens a request has, and how many its reply may have."""
        return input_tokens(request), int(request["max_tokens"])

    async def send_once(self, request: dict[str, Any], deadline: float) -> Sent:
        """Send one request; raises `CallError` for every failure."""
        client, body = self.client, msgspec.json.encode(request)
        return await send_checked(lambda: post(client, body), deadline=deadline)

    def raw(self, sent: Sent) -> Raw:
        """Return the plain parts of a message."""
        return raw_of(sent.message, request=sent.headers.get("request-id", ""))

    def reply_of(self, raw: Raw, call: Call) -> Reply:
        """Return what a message says about `call`; note whether the cache was read that an earlier call has written."""
        name = shared_by(call, self._config.mode)
        if name in self._begun:
            self._missed += raw.usage.cache_read == 0 and raw.usage.cache_write > 0
        self._begun.add(name)
        return read_reply(raw, call, self._config.mode, self.redaction)

    async def look_up_model(self) -> None:
        """Use what the server says of the model; many gateways say nothing, and that is fine."""
        try:
            retrieve = self.client.models.with_raw_response.retrieve
            sent = await send_checked(lambda: retrieve(self._config.model), deadline=MODEL_DEADLINE)
        except CallError as error:
            self.stop_for(error)
            return
        self._limiter.widen()
        self._largest_input = tokens(field(sent.message, "max_input_tokens")) or CONTEXT
        lifecycle = text(field(sent.message, "lifecycle"))
        if lifecycle in ("deprecated", "retired"):
            self._say(f"{self._config.model} is {lifecycle}; choose another one with --model before it ends")

    def batches(self) -> AnthropicBatches:
        """Return the batch side of this grader."""
        from evalharness.graders.anthropic.batch import AnthropicBatches

        return AnthropicBatches(self)

    async def close_client(self) -> None:
        """Close the SDK's client."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    @property
    def client(self) -> Any:
        """The SDK's client, made at the first call."""
        if self._client is None:
            timeout = self.policy.call
            self._client = make_client(self._host, self._credential, connections=self._most, timeout=timeout)
        return self._client

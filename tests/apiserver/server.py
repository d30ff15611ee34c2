"""`ApiServer`: the stand-in for the Messages API on 127.0.0.1, in a thread with an event loop of its own."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Collection, Mapping
from types import TracebackType
from typing import Any, Self

from .app import App, Settings, Sizes
from .batches import BatchPlan
from .behaviour import Behaviour
from .bill import Bill
from .catalogue import MODELS, Model
from .engine import Engine
from .journal import Journal, Recorded
from .ratelimit import RateLimits
from .reply import Responder, by_schema
from .wire import Connection, Handler


class ManualClock:
    """A clock that moves only when told."""

    def __init__(self, now: float = 1_795_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the Unix time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.now += seconds


class Listener:
    """A handler on a port of 127.0.0.1, served from a thread."""

    def __init__(self, handler: Handler, port: int) -> None:
        self._handler = handler
        self._wanted = port
        self._ready = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="apiserver", daemon=True)
        self.port = 0

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Close the port and all connections."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        """Listen until told to stop."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        connections: set[Connection] = set()
        try:
            server = await self._loop.create_server(
                lambda: Connection(self._handler, connections), "127.0.0.1", self._wanted, backlog=4096
            )
        except OSError as error:
            self._error = error
            self._ready.set()
            return
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for connection in list(connections):
            connection.close()
        await asyncio.sleep(0)


class ApiServer:
    """A faithful, hostile Messages API.

    >>> with ApiServer(behave(when(first(2), overloaded()))) as server:
    ...     client = anthropic.Anthropic(api_key="test-key", base_url=server.url, max_retries=0)
    """

    def __init__(
        self,
        behaviour: Behaviour | None = None,
        responder: Responder | None = None,
        *,
        key: str | None = "test-key",
        prefix: str = "",
        without: Collection[str] = (),
        strict: bool = True,
        models: Mapping[str, Model] = MODELS,
        sizes: Sizes | None = None,
        batches: BatchPlan | None = None,
        rate_limits: RateLimits | None = None,
        clock: Callable[[], float] = time.time,
        port: int = 0,
        record: bool = True,
    ) -> None:
        settings = Settings(
            key=key, prefix=prefix, without=without, strict=strict, models=models, sizes=sizes or Sizes()
        )
        self._engine = Engine(responder or by_schema(), rate_limits or RateLimits(), clock)
        self._journal = Journal(keep=record)
        self._app = App(settings, self._engine, batches or BatchPlan(), self._journal, clock)
        self._app.behaviour = behaviour or Behaviour()
        self._listener = Listener(self._app, port)

    def __enter__(self) -> Self:
        """Start to serve."""
        self._listener.start()
        self._app.batches.origin = self.url
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop; a responder that raised must not go unnoticed."""
        self._listener.stop()
        if self._engine.errors and error is None:
            raise RuntimeError("the responder (or the test server) raised:\n" + self._engine.errors[0])

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"http://127.0.0.1:{self._listener.port}"

    @property
    def url(self) -> str:
        """Return what the SDK takes as `base_url`: the origin and the prefix."""
        return self.origin + self._app.settings.prefix

    @property
    def requests(self) -> list[Recorded]:
        """Return all requests so far, in the order of their arrival."""
        return self._journal.requests

    @property
    def bill(self) -> Bill:
        """Return what the replies so far cost."""
        return self._engine.ledger.bill

    @property
    def errors(self) -> list[str]:
        """Return the tracebacks of responders that raised; clear the list where a test expects them."""
        return self._engine.errors

    def stats(self) -> dict[str, Any]:
        """Return what `GET /__stats__` returns."""
        return self._app.stats()

    @property
    def behaviour(self) -> Behaviour:
        """Return the behaviour; assign another one at any time."""
        return self._app.behaviour

    @behaviour.setter
    def behaviour(self, behaviour: Behaviour) -> None:
        self._app.behaviour = behaviour

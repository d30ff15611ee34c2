"""Grader `command`: one call -> one run of a program -> a reply, parsed leniently and checked strictly."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from evalharness.errors import GradingStopped
from evalharness.graders import Answered, Failed, Reply
from evalharness.graders.command.presets import CommandLine
from evalharness.graders.command.program import MOST_BYTES, Ran, run
from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.envelope import parse_anywhere
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.receiving.bodies import Secrets
from evalharness.graders.sending.record import recorder
from evalharness.graders.surroundings import Surroundings
from evalharness.model.config import Config
from evalharness.model.nouns import Criterion, Grade, GraderId, Measure, Why
from evalharness.model.run import Cost
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call

VERSION: Final = "1"
AT_ONCE: Final = 4
FAILURES_IN_A_ROW: Final = 3
SHOWN: Final = 300


class CommandGrader:
    """Asks a program; each call is a process of its own."""

    at_once = AT_ONCE

    def __init__(self, config: Config, command: CommandLine, world: Surroundings) -> None:
        self.command = command
        self._config, self._world = config, world
        self._redaction = Redaction(config.redact)
        keys = tuple(value for name, value in world.environment.items() if name.endswith(("_KEY", "_TOKEN")))
        self._record = recorder(Path(config.record), Secrets(keys)) if config.record else None
        self._folder: Path | None = None
        self._failures = 0
        self.id = GraderId(
            name="command",
            version=VERSION,
            model=config.model,
            host=str(command),
            prompt=prompt.TEXT_VERSION,
            mode=config.mode,
        )

    def reads(self, criterion: Criterion) -> bool:
        """Return True: a model reads every criterion that is not measured."""
        return not isinstance(criterion.kind, Measure)

    def request(self, call: Call) -> dict[str, Any]:
        """Return what is run for `call` and what it is given, exactly."""
        text = prompt.as_text(call, mode=self._config.mode, redaction=self._redaction)
        return {"command": list(self.command.arguments), "messages": [{"role": "standard input", "content": text}]}

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Say which program is asked, and how often."""
        runs = f"{len(calls)} call{'s' * (len(calls) != 1)}"
        self._world.say(f"grader: `{self.command}`, {runs}; what it costs is not known here")

    async def ask(self, call: Call, *, turn: int) -> Reply:
        """Return what the program says about `call`; raises `GradingStopped` where it fails again and again."""
        request = self.request(call)
        own = (prompt.INSTRUCTIONS, prompt.format_block(self._config.mode))
        if left := self._redaction.left_in(request, own):
            detail = f"a name that {left} stands for is left in the request; it was not sent"
            return Failed(why=Why.STOPPED, detail=detail)
        ran = await run(
            self.command.arguments,
            request["messages"][0]["content"],
            folder=self._cwd(),
            environment=self._world.environment,
            seconds=self._config.timeout,
        )
        if self._record:
            self._record(digest([slot.key for slot in call.slots] + [turn]), request, _plain(ran))
        if failed := self._failure(ran, turn):
            return failed
        self._failures = 0
        drafts, detail = parse_anywhere(ran.output, call, self._config.mode, self._redaction)
        printed = f"; it printed: {shown(ran.output)}" if ran.output.strip() and not drafts else ""
        return Answered(drafts=drafts, detail=detail + printed, model=self._config.model)

    def cost(self, grades: Iterable[Grade]) -> Cost:
        """Return the calls; what a program costs is not known here, which is not zero."""
        calls = reused = 0
        for grade in grades:
            calls += 0 if grade.reused_from else grade.calls
            reused += bool(grade.reused_from)
        return Cost(
            calls=calls,
            spent=None if calls else 0.0,
            saved=None if reused else 0.0,
            unknown_models=(f"`{self.command}`",) if calls or reused else (),
        )

    async def close(self) -> None:
        """Remove the empty folder that the program ran in."""
        folder, self._folder = self._folder, None
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _cwd(self) -> Path:
        if not self.command.apart:
            return self._world.cwd
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="evalharness-"))
        return self._folder

    def _failure(self, ran: Ran, turn: int) -> Failed | None:
        """Return why a run of the program gave no reply, or None; a first failure is worth another run."""
        if ran.absent:
            raise GradingStopped(f"`{self.command}` cannot be run: {ran.error}", hint=self._hint())
        if ran.flooded:
            detail = f"the program printed more than {MOST_BYTES:,} bytes"
            return Failed(why=Why.INVALID_REPLY, detail=detail, again=turn == 1)
        if ran.code == 0:
            return None
        limit = f"gave no reply within {self._config.timeout:g} s (--timeout gives it more)"
        how = limit if ran.hung else f"ended with exit code {ran.code}"
        said = ran.error or ran.output.strip()
        detail = f"the program {how}" + (f": {shown(said, tail=True)}" if said else "")
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            raise GradingStopped(f"{self._failures} runs in a row failed; the last: {detail}", hint=self._hint())
        return Failed(why=Why.GAVE_UP, detail=detail, again=turn == 1)

    def _hint(self) -> str:
        return f"try it by hand: echo Hello | {self.command}"


def shown(text: str, *, tail: bool = False) -> str:
    """Return the beginning of a text, or its end, on one line."""
    line = " ".join(text.split())
    if len(line) <= SHOWN:
        return line
    return f"... {line[-SHOWN:]}" if tail else f"{line[:SHOWN]} ..."


def _plain(ran: Ran) -> dict[str, Any]:
    return {"output": ran.output, "error": ran.error, "code": ran.code, "hung": ran.hung, "flooded": ran.flooded}

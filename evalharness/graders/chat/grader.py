"""Grader `chat`: one call -> a prompt to paste, a reply pasted back, checked while the person still sits there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol

from evalharness.errors import GradingStopped
from evalharness.graders import Answered, Failed, Reply
from evalharness.graders.chat.desk import AGAIN, PROMPT, REPLY, Desk
from evalharness.graders.chat.replies import (
    Drafts,
    Faults,
    Said,
    drafts_of,
    for_ticket,
    is_about,
    merged,
    problems,
    said,
    told,
)
from evalharness.graders.chat.sheets import Sheet, correction, sheets, ticket
from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.redact import Redaction
from evalharness.model.config import Config
from evalharness.model.nouns import Criterion, Grade, GraderId, Measure, Why
from evalharness.model.run import Cost
from evalharness.plan.plan import Call

VERSION: Final = "1"
LOOK: Final = 0.5
HELP: Final = (
    "paste the reply here, or save it as a file in {folder}; type copy (the prompt again), skip, "
    "keep (as it is, faults and all) or stop; Ctrl-C keeps everything"
)


class Pasting(Protocol):
    """Where a person pastes."""

    async def next(self, seconds: float) -> str | None:
        """Return the next whole input, or None where none came in time."""
        ...

    def close(self) -> None:
        """Give it back as it was."""
        ...


class ChatGrader:
    """Asks a person to ask a chat; one prompt at a time.  Without a `terminal` it only reads the replies in files."""

    at_once = 1
    grace = 0.0  # a call under way is a person who has not pasted yet, and who has just asked for the end

    def __init__(
        self,
        config: Config,
        *,
        say: Callable[[str], None],
        desk: Desk,
        terminal: Pasting | None,
        put: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._config, self._say, self._desk, self._terminal, self._put = config, say, desk, terminal, put
        self._redaction = Redaction(config.redact)
        self._sheets: dict[str, Sheet] = {}
        self._calls: dict[str, Call] = {}
        self._said: dict[str, tuple[Drafts, Faults]] = {}
        self._done: dict[str, Reply] = {}
        self._turn = asyncio.Lock()
        version = f"{prompt.TEXT_VERSION}-set" if config.together else prompt.TEXT_VERSION
        self.id = GraderId(name="chat", version=VERSION, model=config.model, prompt=version, mode="joint")

    def reads(self, criterion: Criterion) -> bool:
        """Return True: a model reads every criterion that is not measured."""
        return not isinstance(criterion.kind, Measure)

    def request(self, call: Call) -> dict[str, Any]:
        """Return what is pasted for `call`."""
        (sheet,) = sheets((call,), self.id, together=False, redaction=self._redaction)
        return {"messages": [{"role": "prompt to paste", "content": sheet.text}]}

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Write every prompt, and read the replies that are there already."""
        self._desk.check()
        self._turn = asyncio.Lock()
        self._calls.update({self._mark(call): call for call in calls})
        self._take_files()
        missing = [call for call in calls if self._faults(call)]
        for sheet in sheets(missing, self.id, together=self._config.together, redaction=self._redaction):
            self._desk.write(sheet.name + PROMPT, sheet.text)
            self._sheets.update({self._mark(call): sheet for call in sheet.calls})
        count = len({sheet.name for sheet in self._sheets.values()})
        there = len(calls) - len(missing)
        replies = f"{there} of {len(calls)} repl{'y' if len(calls) == 1 else 'ies'}"
        prompts = f"{count} prompt{'s' * (count != 1)} to paste, in the folder {self._desk.folder}"
        self._say(f"chat: {replies} there; {prompts}")

    async def ask(self, call: Call, *, turn: int) -> Reply:
        """Return the reply to `call`, once it is there and checked; without a terminal, at once what files hold."""
        async with self._turn:
            mark = self._mark(call)
            if turn == 1:
                self._done.pop(mark, None)
            if mark not in self._done:
                self._done[mark] = await self._reply(call)
            return self._done[mark]

    def cost(self, grades: Iterable[Grade]) -> Cost:
        """Return how many replies were read; what a chat costs is not known here, which is not zero."""
        found = list(grades)
        calls = sum(grade.calls for grade in found if not grade.reused_from)
        reused = any(grade.reused_from for grade in found)
        return Cost(
            calls=calls,
            spent=None if calls else 0.0,
            saved=None if reused else 0.0,
            unknown_models=("your chat",) if calls or reused else (),
        )

    async def close(self) -> None:
        """Give the terminal back."""
        if self._terminal is not None:
            self._terminal.close()

    def _mark(self, call: Call) -> str:
        return ticket(call, self.id)

    async def _reply(self, call: Call) -> Reply:
        self._take_files()
        if self._faults(call) and self._terminal is not None:
            self._show(call)
            while self._faults(call):
                if ended := await self._step(call, self._terminal):
                    return ended
        return self._answer(call)

    def _answer(self, call: Call) -> Reply:
        """Return what was said about `call`; where that is not all, no fresh request can help."""
        heard = self._said.get(self._mark(call))
        if heard is None:
            name = self._sheets[self._mark(call)].name
            return Failed(why=Why.PENDING, detail=f"no reply to {self._desk.folder.name}/{name}{PROMPT} is there yet")
        if faults := self._faults(call):
            self._tell(call, faults)
        drafts, broken = heard
        return Answered(drafts=drafts, model=self._config.model, detail="; ".join(told(call, broken)))

    async def _step(self, call: Call, terminal: Pasting) -> Reply | None:
        """Wait a moment for a paste or a file and take it; return a reply where the person ends this answer."""
        text = await terminal.next(LOOK)
        match (text or "").strip().lower():
            case "":
                if self._take_files() and (faults := self._faults(call)) and self._mark(call) in self._said:
                    self._tell(call, faults)
            case "stop":
                raise GradingStopped("you stopped it", hint="the same command goes on with the next prompt")
            case "skip":
                return Failed(why=Why.PENDING, detail="skipped")
            case "keep":
                return self._answer(call)
            case "copy":
                self._show(call)
            case "help":
                self._say(HELP.format(folder=self._desk.folder))
            case _:
                self._take_paste(text or "", call)
        return None

    def _take_paste(self, text: str, call: Call) -> None:
        """Keep a pasted reply on disk, then read it."""
        self._desk.keep(self._sheets[self._mark(call)].name, text)
        found = said(text)
        if not found:
            self._say("that holds no JSON object with grades; paste the whole reply, or type copy for the prompt")
            return
        if not self._take(found, call):
            self._say(f"that is a reply to another prompt; it is kept, and {call.case.key} is still open")
        elif faults := self._faults(call):
            self._tell(call, faults)

    def _take_files(self) -> bool:
        """Read what has arrived in the folders; return whether anything did."""
        arrived, earlier = False, 0
        for path, text in self._desk.arrived():
            arrived = True
            call = next((found for mark, found in self._calls.items() if mark in path.name), None)
            found = said(text)
            if not found:
                self._say(f"{path.name} holds no JSON object with grades")
            elif self._take(found, call):
                continue
            elif call is None and path.name.endswith(REPLY):
                earlier += 1  # pasted in a run before this one, which goes on from there
            else:
                self._say(f"{path.name} answers none of the prompts of this run")
        if earlier:
            self._say(f"replies in {self._desk.folder.name}/ to other prompts than these: {earlier}")
        return arrived

    def _take(self, found: tuple[Said, ...], call: Call | None) -> bool:
        """Keep what a reply says about any answer of this run; return whether `call`, or any without it, is there."""
        known = frozenset(self._calls)
        taken = {one.ticket for one in found if one.ticket in known and self._merge(one, self._calls[one.ticket])}
        if call is None:
            return bool(taken)
        mine = for_ticket(found, self._mark(call), known)
        return mine is not None and (mine.ticket in taken or self._merge(mine, call))

    def _merge(self, one: Said, call: Call) -> bool:
        """Keep what a reply says, its faulty entries too; return False where it is a reply to another prompt."""
        mark = self._mark(call)
        drafts, broken = drafts_of(one, call, self._redaction)
        if one.ticket != mark and not is_about(call, (*drafts, *broken)):
            return False
        self._said[mark] = merged(call, self._said.get(mark, ({}, {})), (drafts, broken))
        return True

    def _faults(self, call: Call) -> dict[str, str]:
        return problems(call, *self._said.get(self._mark(call), ({}, {})))

    def _show(self, call: Call) -> None:
        """Copy the prompt and say what to do with it."""
        sheet = self._sheets[self._mark(call)]
        left = len({self._sheets[mark].name for mark, one in self._calls.items() if self._is_open(mark, one)})
        by = self._put(sheet.text)
        where = f"{self._desk.folder.name}/{sheet.name}{PROMPT}"
        copied = f"copied by {by}" if by else "no clipboard can be reached: open the file"
        self._say(f"{sheet.about} ({left} to go): {where} ({copied}); paste it into a chat, then the reply here")

    def _is_open(self, mark: str, call: Call) -> bool:
        return mark in self._sheets and mark not in self._done and bool(self._faults(call))

    def _tell(self, call: Call, faults: dict[str, str]) -> None:
        """Say what is wrong with a reply, and copy what to paste back."""
        for line in told(call, faults):
            self._say(f"  {line}")
        text = self._redaction.hide(correction(self._mark(call), told(call, faults)))
        sheet = self._sheets.get(self._mark(call))
        path = self._desk.write((sheet.name if sheet else self._mark(call)) + AGAIN, text)
        by = self._put(text) if self._terminal is not None else ""
        copied = f" (copied by {by})" if by else ""
        self._say(f"{call.case.key}: paste {self._desk.folder.name}/{path.name} back into the chat{copied}")

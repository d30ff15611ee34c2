"""calls -> sheets: what is pasted into a chat at once, one answer or as many as fit, each with a ticket to reply by."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.schema import JOINT
from evalharness.model.noun import Noun
from evalharness.model.nouns import GraderId
from evalharness.plan.identity import digest, fingerprint
from evalharness.plan.plan import Call, asked_together

MODE: Final = "joint"
TICKET_DIGITS: Final = 8
MOST_CHARACTERS: Final = 60_000  # what the boxes of the usual chats take in one paste

_FORBIDDEN = re.compile(r"[^\w.-]+")


class Sheet(Noun):
    """One prompt to paste: its name as a file, its text, and the calls it asks for."""

    name: str
    text: str
    calls: tuple[Call, ...]

    @property
    def about(self) -> str:
        """Return what the sheet asks for, in words."""
        key = self.calls[0].case.key
        return key if len(self.calls) == 1 else f"{len(self.calls)} answers, {key} first"


def ticket(call: Call, by: GraderId) -> str:
    """Return what a reply names its answer by: the same from run to run, another one for another measurement."""
    asked = [fingerprint(call.case.rubric, criterion, by) for criterion in asked_together(call, MODE)]
    texts = [prompt.data_block(call.case), call.case.key, sorted(call.case.claimed)]
    return digest([asked, texts, call.sample])[:TICKET_DIGITS]


def sheets(calls: Sequence[Call], by: GraderId, *, together: bool, redaction: Redaction) -> tuple[Sheet, ...]:
    """Return one sheet a call, or, `together`, as few as the calls fit on."""
    if not together:
        return tuple(_sheet((call,), by, redaction, together=False) for call in calls)
    return tuple(_sheet(lot, by, redaction, together=True) for lot in _lots(calls, by, redaction))


def correction(mark: str, problems: Iterable[str]) -> str:
    """Return what to paste back where a reply cannot be used."""
    told = "\n".join(f"- {problem}" for problem in problems)
    return (
        f"Your reply cannot be used yet:\n{told}\n\nQuotes must be copied word for word from the answer that you were "
        f'given. Send the whole JSON object again, with "answer": "{mark}", and nothing else.\n'
    )


def _sheet(calls: tuple[Call, ...], by: GraderId, redaction: Redaction, *, together: bool) -> Sheet:
    marks = [ticket(call, by) for call in calls]
    name = f"set-{len(calls)}.{digest(marks)[:TICKET_DIGITS]}" if together else f"{_safe(calls[0])}.{marks[0]}"
    text = _set(calls, by, redaction) if together else _one(calls[0], by, redaction)
    return Sheet(name=name, text=text, calls=calls)


def _one(call: Call, by: GraderId, redaction: Redaction) -> str:
    mark = ticket(call, by)
    schema = _named(JOINT)
    asks, data = _asks(call, redaction), redaction.hide(prompt.data_block(call.case))
    return "\n".join([prompt.INSTRUCTIONS, asks, data, _format(schema, f'"answer" is "{mark}".')])


def _set(calls: Sequence[Call], by: GraderId, redaction: Redaction) -> str:
    """Return one prompt for many answers: each set of criteria once, then the answers that it is for."""
    blocks: list[str] = []
    asked = ""
    for call in calls:
        asks = _asks(call, redaction)
        if asks != asked:
            blocks.append(f"The criteria for the answers that follow.\n\n{asks}")
            asked = asks
        blocks.append(f"Answer {ticket(call, by)}\n\n{redaction.hide(prompt.data_block(call.case))}")
    schema = {"type": "object", "properties": {"answers": {"type": "array", "items": _named(JOINT)}}}
    rule = (
        'There is one entry of answers for each answer above, in their order; its "answer" is the eight digits after '
        "the word Answer. Grade each answer by itself, as if the others were not there."
    )
    return "\n".join([prompt.INSTRUCTIONS, *blocks, _format({**schema, "required": ["answers"]}, rule)])


def _asks(call: Call, redaction: Redaction) -> str:
    return redaction.hide(prompt.criteria_block(call.case, asked_together(call, MODE), MODE))


def _named(schema: dict[str, Any]) -> dict[str, Any]:
    properties = {"answer": {"type": "string"}, **schema["properties"]}
    return {**schema, "properties": properties, "required": list(properties)}


def _format(schema: dict[str, Any], rule: str) -> str:
    return f"{prompt.FORMAT} {rule}\n{json.dumps(schema, separators=(',', ':'))}\n"


def _lots(calls: Sequence[Call], by: GraderId, redaction: Redaction) -> list[tuple[Call, ...]]:
    """Return the calls in lots that fit one paste; answers of one rubric stand together."""
    lots: list[list[Call]] = []
    for call in sorted(calls, key=lambda call: call.case.rubric.id):
        if lots and len(_set([*lots[-1], call], by, redaction)) <= MOST_CHARACTERS:
            lots[-1].append(call)
        else:
            lots.append([call])
    return [tuple(lot) for lot in lots]


def _safe(call: Call) -> str:
    name = f"{call.case.key}-{call.sample}" if call.sample > 1 else call.case.key
    return _FORBIDDEN.sub("-", name)[:80].strip("-.")

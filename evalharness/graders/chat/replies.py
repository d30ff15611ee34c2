"""pasted text -> drafts by ticket, and what is wrong with them.  Lenient about words around, strict about quotes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from evalharness.criteria import read
from evalharness.graders.chat.sheets import MODE
from evalharness.graders.prompting.envelope import inner_texts
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.reply import objects, parsed
from evalharness.model.draft import Draft
from evalharness.model.noun import Noun
from evalharness.model.nouns import Criterion, Ungraded
from evalharness.plan.plan import Call, asked_together
from evalharness.text.quotes import verifier

Drafts = Mapping[str, Draft]
Faults = Mapping[str, str]


class Said(Noun):
    """One graded answer in a reply: the ticket that it names (empty: none), and its JSON."""

    ticket: str
    text: str


def said(text: str) -> tuple[Said, ...]:
    """Return every graded answer in a text, a reply to one answer or to a set; nothing where it holds none."""
    for candidate in (text, *inner_texts(text)):
        for value in objects(candidate):
            found = tuple(_answers(value))
            if found:
                return found
    return ()


def is_reply(text: str) -> bool:
    """Return whether a text holds a complete reply, so that nobody waits for more."""
    return bool(said(text))


def drafts_of(one: Said, call: Call, redaction: Redaction) -> tuple[Drafts, Faults]:
    """Return the drafts for `call`, and what is wrong with entries that are none, by criterion."""
    found = parsed(one.text, call, MODE, redaction)
    return found.drafts, found.faults


def is_about(call: Call, names: Iterable[str]) -> bool:
    """Return whether grades of criteria of these names can be for `call`; no name at all says nothing against it."""
    named = set(filter(None, names))
    return not named or any(criterion.id in named for criterion in asked_together(call, MODE))


def problems(call: Call, drafts: Drafts, broken: Faults) -> dict[str, str]:
    """Return what keeps each criterion from a level, by its id; nothing where all have one."""
    found: dict[str, str] = {}
    for criterion in asked_together(call, MODE):
        draft = drafts.get(criterion.id)
        if draft is None:
            found[criterion.id] = broken.get(criterion.id, "the reply says nothing about it")
            continue
        reading = read(call.case, criterion, draft)
        if isinstance(reading.outcome, Ungraded):
            absent = next(_absent(call, criterion, draft), "") if reading.rejected else ""
            quoted = f" (not in the answer: {_short(absent)})" if absent else ""
            found[criterion.id] = f"{reading.outcome.detail or reading.outcome.why.value}{quoted}"
    return found


def merged(call: Call, before: tuple[Drafts, Faults], now: tuple[Drafts, Faults]) -> tuple[Drafts, Faults]:
    """Return drafts and faults of both replies: what was fine before stays, the rest is as it was said last."""
    (old, old_broken), (new, new_broken) = before, now
    wrong = problems(call, old, old_broken)
    said = new.keys() | new_broken.keys()
    kept = {name: draft for name, draft in old.items() if name not in wrong or name not in said}
    drafts = {**new, **kept}
    broken = {name: fault for name, fault in {**old_broken, **new_broken}.items() if name not in drafts}
    return drafts, broken


def told(call: Call, faults: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong, a line a criterion."""
    return (f"{name}: {fault}" for name, fault in faults.items())


def for_ticket(found: tuple[Said, ...], mark: str, known: frozenset[str]) -> Said | None:
    """Return what is said under a ticket: by its ticket, else the only answer that names no ticket we know."""
    for one in found:
        if one.ticket == mark:
            return one
    return found[0] if len(found) == 1 and found[0].ticket not in known else None


def _absent(call: Call, criterion: Criterion, draft: Draft) -> Iterator[str]:
    """Yield the quotes of a draft that do not stand in the answer."""
    evidence = verifier(call.case, criterion)
    quotes = (*draft.quotes, *(finding.quote for finding in draft.findings))
    return (quote for quote in quotes if evidence is not None and quote.strip() and not evidence.find(quote))


def _answers(value: Any) -> Iterator[Said]:
    if not isinstance(value, dict):
        return
    entries = value["answers"] if isinstance(value.get("answers"), list) else [value]
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("grades"), list):
            yield Said(ticket=str(entry.get("answer", "")).strip().lower(), text=json.dumps(entry))


def _short(quote: str) -> str:
    line = " ".join(quote.split())
    return f"'{line[:80]}{'...' if len(line) > 80 else ''}'"

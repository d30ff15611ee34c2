"""message -> drafts.  Parsed leniently (local servers ignore formats), validated strictly (scores depend on it)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import msgspec

from evalharness.graders import Answered, Failed, Reply
from evalharness.graders.prompting.redact import Redaction
from evalharness.model.draft import Draft, DraftFinding
from evalharness.model.nouns import Usage, Why
from evalharness.plan.plan import Call

_FENCE = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)

_Level = Annotated[int, msgspec.Meta(ge=1, le=5)]


class _Finding(msgspec.Struct, frozen=True):
    id: str
    state: str
    quote: str = ""


class _Grade(msgspec.Struct, frozen=True):
    quotes: list[str]
    reason: str
    level: _Level
    findings: list[_Finding] = []
    criterion: str = ""
    story: str = ""
    takeaway: str = ""
    missing: str = ""
    next_question: str = ""


class _Joint(msgspec.Struct, frozen=True):
    grades: list[_Grade]


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """The plain parts of a message that matter, whatever the server left out."""

    text: str = ""
    stop_reason: str = ""
    category: str = ""
    model: str = ""
    request: str = ""
    usage: Usage = Usage()


def raw_of(message: object, *, request: str = "", batch: bool = False) -> Raw:
    """Return the plain parts of an SDK message (or of the same shape as a mapping); missing fields are empty."""
    blocks = _get(message, "content") or ()
    texts = [_get(block, "text") for block in blocks if _get(block, "type") == "text"]
    details = _get(message, "stop_details")
    return Raw(
        text="".join(text for text in texts if isinstance(text, str)),
        stop_reason=str(_get(message, "stop_reason") or ""),
        category=str(_get(details, "category") or ""),
        model=str(_get(message, "model") or ""),
        request=request or str(_get(message, "_request_id") or ""),
        usage=usage_of(_get(message, "usage"), batch=batch),
    )


def usage_of(usage: object, *, batch: bool = False) -> Usage:
    """Return the billed tokens; a field the server left out counts as none."""

    def count(name: str, source: object = usage) -> int:
        value = _get(source, name)
        return value if isinstance(value, int) and value > 0 else 0

    hour = count("ephemeral_1h_input_tokens", _get(usage, "cache_creation"))
    return Usage(
        input=count("input_tokens"),
        output=count("output_tokens"),
        cache_write=max(0, count("cache_creation_input_tokens") - hour),
        cache_write_1h=hour,
        cache_read=count("cache_read_input_tokens"),
        batch=batch,
    )


def read_reply(raw: Raw, call: Call, mode: str, redaction: Redaction) -> Reply:
    """Return the drafts in a message, or why there are none."""
    seen: dict[str, Any] = {"usage": raw.usage, "model": raw.model, "request": raw.request}
    match raw.stop_reason:
        case "end_turn" | "stop_sequence":
            pass
        case "refusal":
            said = f" ({raw.category})" if raw.category else ""
            return Failed(why=Why.REFUSED, detail=f"the model refused to grade this{said}", **seen)
        case "max_tokens":
            return Failed(why=Why.CUT_OFF, detail="the reply was cut at the token limit", **seen)
        case "model_context_window_exceeded":
            return Failed(why=Why.TOO_LARGE, detail="the attempt does not fit the model's context", **seen)
        case other:
            detail = f"the server ended with '{other[:40]}', which is no known end of a reply"
            return Failed(why=Why.INVALID_REPLY, detail=detail, again=True, **seen)
    drafts, detail = parse(raw.text, call, mode, redaction)
    return Answered(drafts=drafts, detail=detail, **seen)


def parse(text: str, call: Call, mode: str, redaction: Redaction) -> tuple[Mapping[str, Draft], str]:
    """Return the drafts by criterion id, and what was wrong with the first unusable object."""
    detail = "the reply holds no JSON object"
    kind: type[_Joint] | type[_Grade] = _Joint if mode == "joint" else _Grade
    for found in objects(text):
        try:
            value = msgspec.convert(found, kind)
        except msgspec.ValidationError as error:
            detail = f"the reply has the wrong shape: {error}"
            continue
        if isinstance(value, _Joint):
            return {grade.criterion: _draft(grade, redaction) for grade in value.grades}, detail
        return {call.criteria[0].id: _draft(value, redaction)}, ""
    return {}, detail


def objects(text: str) -> Iterator[object]:
    """Yield JSON objects in `text`: the whole of it, in a code fence, or inside prose (the last one first)."""
    for candidate in (text, *(match.group(1) for match in _FENCE.finditer(text))):
        try:
            yield json.loads(candidate)
        except (ValueError, RecursionError):
            continue
    decoder = json.JSONDecoder()
    inside: list[object] = []
    position = text.find("{")
    while position >= 0:
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            end = position + 1
        else:
            inside.append(value)
        position = text.find("{", end)
    yield from reversed(inside)


def _draft(grade: _Grade, redaction: Redaction) -> Draft:
    show = redaction.show
    return Draft(
        quotes=tuple(show(quote) for quote in grade.quotes),
        findings=tuple(
            DraftFinding(id=finding.id, state=finding.state, quote=show(finding.quote)) for finding in grade.findings
        ),
        missing=show(grade.missing),
        reason=show(grade.reason),
        level=grade.level,
        story=show(grade.story),
        takeaway=show(grade.takeaway),
        next_question=show(grade.next_question),
    )


def _get(source: object, name: str) -> Any:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)

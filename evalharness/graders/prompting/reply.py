"""message -> drafts.  Parsed leniently (local servers ignore formats), validated strictly (scores depend on it)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec

from evalharness.graders import Answered, Failed, Reply
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.receiving.documents import objects as objects
from evalharness.graders.receiving.values import field, text, tokens, whole
from evalharness.model.draft import Draft, DraftFinding
from evalharness.model.noun import Noun
from evalharness.model.nouns import Usage, Why
from evalharness.plan.plan import Call

_SHAPE: Final = "the reply has the wrong shape"
MOST_QUOTES: Final = 200
"""A reply with more quotations for one criterion has the wrong shape: each of them would be looked up."""

MOST_TEXT: Final = 8_000
"""So many characters of a reason or an advice are kept; about 80 words were asked for."""

_Level = Annotated[int, msgspec.Meta(ge=1, le=5)]


class _Finding(msgspec.Struct, frozen=True):
    id: str
    state: str
    quote: str = ""


class _Grade(msgspec.Struct, frozen=True):
    quotes: Annotated[list[str], msgspec.Meta(max_length=MOST_QUOTES)]
    reason: str
    level: _Level
    findings: Annotated[list[_Finding], msgspec.Meta(max_length=MOST_QUOTES)] = []
    criterion: str = ""
    story: str = ""
    takeaway: str = ""
    missing: str = ""
    next_question: str = ""


class _Joint(msgspec.Struct, frozen=True):
    grades: list[Any]


class Parsed(Noun):
    """What a reply says, by criterion id: usable drafts, and what is wrong with entries that are none."""

    drafts: Mapping[str, Draft] = {}
    faults: Mapping[str, str] = {}
    detail: str = ""


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """The plain parts of a message that matter, whatever the server left out."""

    text: str = ""
    stop_reason: str = ""
    category: str = ""
    model: str = ""
    request: str = ""
    usage: Usage = Usage()


def raw_of(message: object, *, request: str = "", batch: bool = False) -> Raw:
    """Return the plain parts of a message, as a mapping or an object; missing and senseless fields are empty."""
    blocks = field(message, "content")
    texts = [field(b, "text") for b in blocks if field(b, "type") == "text"] if isinstance(blocks, list) else [blocks]
    return Raw(
        text="".join(said for said in texts if isinstance(said, str)),
        stop_reason=text(field(message, "stop_reason")),
        category=text(field(field(message, "stop_details"), "category"), 60),
        model=text(field(message, "model")),
        request=text(request or field(message, "_request_id")),
        usage=usage_of(field(message, "usage"), batch=batch),
    )


def usage_of(usage: object, *, batch: bool = False) -> Usage:
    """Return the billed tokens; a field that the server left out, or that is no count, counts as none."""

    def count(name: str, source: object = usage) -> int:
        return tokens(field(source, name))

    hour = count("ephemeral_1h_input_tokens", field(usage, "cache_creation"))
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
        case "end_turn" | "stop_sequence" | "":  # a server may leave it out; a reply that was cut is no whole JSON
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


def parse(said: str, call: Call, mode: str, redaction: Redaction) -> tuple[Mapping[str, Draft], str]:
    """Return the drafts by criterion id, and what was wrong with the first unusable object."""
    found = parsed(said, call, mode, redaction)
    return found.drafts, found.detail


def parsed(said: str, call: Call, mode: str, redaction: Redaction) -> Parsed:
    """Return what a reply says: of several objects the first without a fault, else the one with the most drafts."""
    sources = tuple(part.text for part in call.case.attempt.parts)
    best, wrong = Parsed(), ""
    for found in objects(said):
        one = _joint(found, redaction, sources) if mode == "joint" else _single(found, call, redaction, sources)
        if one.drafts and not one.faults:
            return msgspec.structs.replace(one, detail=wrong if mode == "joint" else "")
        wrong = one.detail or wrong
        if (len(one.drafts), len(one.faults)) > (len(best.drafts), len(best.faults)):
            best = one
    return best if best.drafts or best.faults else Parsed(detail=wrong or "the reply holds no JSON object")


def _single(found: object, call: Call, redaction: Redaction, sources: Sequence[str]) -> Parsed:
    """Return the one grade that an object is."""
    try:
        grade = msgspec.convert(_with_whole_level(found), _Grade)
    except msgspec.ValidationError as error:
        return Parsed(detail=f"{_SHAPE}: {_plainly(error)}")
    return Parsed(drafts={call.criteria[0].id: _draft(grade, redaction, sources)})


def _joint(found: object, redaction: Redaction, sources: Sequence[str]) -> Parsed:
    """Return the grades in an object, each read by itself: one that is wrong takes no other with it."""
    try:
        entries = msgspec.convert(found, _Joint).grades
    except msgspec.ValidationError as error:
        return Parsed(detail=f"{_SHAPE}: {_plainly(error)}")
    drafts: dict[str, Draft] = {}
    faults: dict[str, str] = {}
    for entry in entries:
        try:
            grade = msgspec.convert(_with_whole_level(entry), _Grade)
        except msgspec.ValidationError as error:
            faults[text(field(entry, "criterion"))] = f"its entry has the wrong shape: {_plainly(error)}"
        else:
            drafts[grade.criterion] = _draft(grade, redaction, sources)
    faults = {name: fault for name, fault in faults.items() if name not in drafts}
    told = "; ".join(f"{name or 'an entry without a criterion'}: {fault}" for name, fault in faults.items())
    return Parsed(drafts=drafts, faults=faults, detail=told)


def _plainly(error: msgspec.ValidationError) -> str:
    """Return what is wrong with a value, the place first: `level: expected int <= 5`."""
    said, _, place = text(str(error)).replace("`", "").partition(" - at $")
    where = place.strip(".")
    return (f"{where}: " if where else "") + said[:1].lower() + said[1:]


def _with_whole_level(found: object) -> object:
    """Return an object with a level that is a whole number as one: `4.0` and `"4"` name the same level as 4."""
    level = whole(found.get("level")) if isinstance(found, dict) else None
    return {**found, "level": level} if isinstance(found, dict) and level is not None else found


def _draft(grade: _Grade, redaction: Redaction, sources: Sequence[str]) -> Draft:
    show = redaction.show

    def said(words: str) -> str:
        return show(words if len(words) <= MOST_TEXT else f"{words[:MOST_TEXT]}\u2026")

    return Draft(
        quotes=tuple(show(quote, sources) for quote in grade.quotes),
        findings=tuple(
            DraftFinding(id=finding.id, state=finding.state, quote=show(finding.quote, sources))
            for finding in grade.findings
        ),
        missing=said(grade.missing),
        reason=said(grade.reason),
        level=grade.level,
        story=said(grade.story),
        takeaway=said(grade.takeaway),
        next_question=said(grade.next_question),
    )

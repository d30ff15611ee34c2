"""a chat completion -> its plain parts -> drafts, whatever the server left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evalharness.graders import Answered, Failed, Reply
from evalharness.graders.prompting.envelope import parse_anywhere
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.reply import Raw
from evalharness.graders.receiving.values import text, tokens
from evalharness.model.nouns import Usage, Why
from evalharness.plan.plan import Call

_CUT, _REFUSED = ("length", "max_tokens"), ("content_filter", "refusal")


def raw_of(body: Mapping[str, Any], *, request: str = "") -> Raw:
    """Return the plain parts of a completion; missing fields are empty."""
    choice = _first(body.get("choices"))
    message = _mapping(choice.get("message"))
    refusal = message.get("refusal")
    return Raw(
        text=_text(message.get("content")),
        stop_reason="refusal" if isinstance(refusal, str) and refusal else text(choice.get("finish_reason")),
        category=text(refusal, 200),
        model=text(body.get("model")),
        request=text(request or body.get("id")),
        usage=usage_of(body.get("usage")),
    )


def usage_of(usage: object) -> Usage:
    """Return the billed tokens; what was read from the server's cache stands apart."""
    found = _mapping(usage)
    cached = _count(_mapping(found.get("prompt_tokens_details")).get("cached_tokens"))
    total = _count(found.get("prompt_tokens"))
    cached = min(cached, total)
    return Usage(input=total - cached, output=_count(found.get("completion_tokens")), cache_read=cached)


def read_reply(raw: Raw, call: Call, mode: str, redaction: Redaction) -> Reply:
    """Return the drafts in a completion, or why there are none."""
    seen: dict[str, Any] = {"usage": raw.usage, "model": raw.model, "request": raw.request}
    if raw.stop_reason in _REFUSED:
        said = f" ({raw.category})" if raw.category else ""
        return Failed(why=Why.REFUSED, detail=f"the model refused to grade this{said}", **seen)
    if raw.stop_reason in _CUT:
        return Failed(why=Why.CUT_OFF, detail="the reply was cut at the token limit", **seen)
    drafts, detail = parse_anywhere(raw.text, call, mode, redaction)
    return Answered(drafts=drafts, detail=detail, **seen)


def _text(content: object) -> str:
    """Return a message's text: a string, or the texts of its parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else ()
    return "".join(str(part.get("text") or "") for part in parts if isinstance(part, dict))


def _first(choices: object) -> Mapping[str, Any]:
    return _mapping(choices[0]) if isinstance(choices, list) and choices else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return tokens(value)

"""call -> the body of a chat completion, in as much of the protocol as the server turns out to speak."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from evalharness.graders.prompting import prompt
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.schema import schema_for
from evalharness.model.noun import Noun
from evalharness.plan.plan import Call

FORMATS: Final = ("json_schema", "json_object", "")
LIMITS: Final = ("max_completion_tokens", "max_tokens")


class Dialect(Noun):
    """Which optional fields a server takes: how a reply's form and length are asked for, and the effort."""

    form: str = FORMATS[0]
    limit: str = LIMITS[0]
    effort: bool = True

    def without(self, complaint: str) -> Dialect | None:
        """Return the next dialect to try where a server refuses a field by name; None where it names none of ours."""
        said = complaint.lower()
        if self.effort and "reasoning" in said:
            return msgspec.structs.replace(self, effort=False)
        if self.limit == LIMITS[0] and LIMITS[0] in said:
            return msgspec.structs.replace(self, limit=LIMITS[1])
        if self.form and any(word in said for word in ("response_format", "json_schema", "json_object", "schema")):
            return msgspec.structs.replace(self, form=FORMATS[FORMATS.index(self.form) + 1])
        return None

    def at_most(self, other: Dialect) -> Dialect:
        """Return the dialect of the fields that both take."""
        return Dialect(
            form=max(self.form, other.form, key=FORMATS.index),
            limit=max(self.limit, other.limit, key=LIMITS.index),
            effort=self.effort and other.effort,
        )

    def applied(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return a body of any dialect in this one."""
        found = dict(body)
        if self.limit not in found:
            found[self.limit] = next(found.pop(limit) for limit in LIMITS if limit in found)
        if not self.effort:
            found.pop("reasoning_effort", None)
        if self.form == "":
            found.pop("response_format", None)
        elif self.form != FORMATS[0]:
            found["response_format"] = {"type": self.form}
        return found


def request(
    call: Call, *, model: str, effort: str, mode: str, max_tokens: int, redaction: Redaction, dialect: Dialect
) -> dict[str, Any]:
    """Return the body of the request for `call`.

    The format stands in the words too, whatever the dialect: many servers take `response_format` and ignore it, and
    the same words are the same measurement on each of them.
    """
    first, second = prompt.user_blocks(call, mode, redaction)
    schema = {"name": "grade", "strict": True, "schema": schema_for(mode)}
    whole = {
        "model": model,
        "messages": [
            {"role": "system", "content": f"{prompt.INSTRUCTIONS}\n{prompt.format_block(mode)}"},
            {"role": "user", "content": f"{first}\n{second}"},
        ],
        LIMITS[0]: max_tokens,
        "response_format": {"type": "json_schema", "json_schema": schema},
        **({"reasoning_effort": effort} if effort else {}),
    }
    return dialect.applied(whole)

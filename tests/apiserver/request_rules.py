"""Headers and body of a request -> its model, or the error the API gives."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from .catalogue import EFFORTS, Model
from .content_rules import check_marks, check_messages, check_system, check_tools
from .errors import ApiError, invalid
from .prompt import prompt_tokens, segments
from .schema_rules import MOST_STRICT_TOOLS, check_schemas

VERSION = "2026-10-21"
REMOVED = ("temperature", "top_p", "top_k")
COUNT_FIELDS = frozenset(
    {
        "messages",
        "model",
        "cache_control",
        "output_config",
        "speed",
        "system",
        "thinking",
        "tool_choice",
        "tools",
    }
)
MESSAGE_FIELDS = COUNT_FIELDS | {
    *("max_tokens", "container", "diagnostics", "inference_geo", "metadata", "service_tier"),
    *("stop_sequences", "stream"),
}
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
Body = Mapping[str, Any]


def check_headers(headers: Mapping[str, str], *, key: str | None, posts: bool) -> None:
    """Raise when the key, the version or the content type is not what the API takes."""
    if key is not None and headers.get("authorization") != f"Bearer {key}":
        known = "authorization" in headers
        raise ApiError(401, "Invalid bearer token" if known else "Authorization: header is required")
    version = headers.get("anthropic-version")
    if version is None:
        raise invalid("anthropic-version: header is required")
    if version != VERSION:
        raise invalid(f'anthropic-version: "{version}" is not a valid version')
    if posts and not headers.get("content-type", "").startswith("application/json"):
        raise invalid("content-type: must be application/json")


def parse_body(raw: bytes) -> Any:
    """Return the JSON of a body, with the API's 400 where it is none."""
    try:
        body = json.loads(raw.decode("utf-8"))
        if _LONE_SURROGATE.search(raw):
            json.dumps(body, ensure_ascii=False).encode("utf-8")
    except ValueError as error:
        raise invalid(f"The request body is not valid JSON: {error}") from None
    if not isinstance(body, dict):
        raise invalid("The request body must be a JSON object")
    return body


def check_message_request(body: Body, models: Mapping[str, Model]) -> Model:
    """Return the model of a valid Messages request."""
    _check_fields(body, MESSAGE_FIELDS, required=("model", "max_tokens", "messages"))
    model = find_model(body["model"], models)
    _check_max_tokens(body["max_tokens"], model)
    _check_shared(body, model)
    for name, rule in _RULES.items():
        if body.get(name) is not None:
            rule(body[name])
    size = prompt_tokens(segments(body), model)
    if size > model.context:
        raise invalid(f"prompt is too long: {size} tokens > {model.context} maximum")
    return model


def check_count_request(body: Body, models: Mapping[str, Model]) -> Model:
    """Return the model of a valid request to count tokens."""
    _check_fields(body, COUNT_FIELDS, required=("model", "messages"))
    model = find_model(body["model"], models)
    _check_shared(body, model)
    return model


def find_model(name: Any, models: Mapping[str, Model]) -> Model:
    """Return a known model."""
    if not isinstance(name, str) or not name:
        raise invalid("model: Input should be a valid string")
    if name not in models:
        raise ApiError(404, f"model: {name}")
    return models[name]


def _check_fields(body: Body, allowed: frozenset[str] | set[str], *, required: tuple[str, ...]) -> None:
    """Raise for removed, unknown and missing fields."""
    for name in body:
        if name in REMOVED:
            raise invalid(f"{name}: this parameter is not supported in API version {VERSION}")
        if name not in allowed:
            raise invalid(f"{name}: Extra inputs are not permitted")
    for name in required:
        if body.get(name) is None:
            raise invalid(f"{name}: Field required")


def _check_max_tokens(value: Any, model: Model) -> None:
    """Raise when there is no sensible room for the reply."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("max_tokens: Input should be a valid integer")
    if value < 0:
        raise invalid("max_tokens: Input should be greater than or equal to 0")
    if value > model.max_output:
        raise invalid(
            f"max_tokens: {value} > {model.max_output}, which is the maximum allowed number of output tokens "
            f"for {model.id}"
        )


def _check_shared(body: Body, model: Model) -> None:
    """Raise for what messages and token counts have in common."""
    check_messages(body["messages"], model)
    if body.get("system") is not None:
        check_system(body["system"])
    if body.get("tools") is not None:
        check_tools(body["tools"])
    _check_output_config(body, model)
    _check_thinking(body, model)
    _check_tool_choice(body, model)
    check_marks(body)


def _check_output_config(body: Body, model: Model) -> None:
    """Raise for an unknown effort and for a schema that cannot be compiled."""
    config = body.get("output_config")
    if config is None:
        config = {}
    if not isinstance(config, Mapping):
        raise invalid("output_config: Input should be an object")
    for name in config:
        if name not in ("effort", "format"):
            raise invalid(f"output_config.{name}: Extra inputs are not permitted")
    _check_effort(config.get("effort"), model)
    schemas = [tool.get("input_schema") for tool in body.get("tools") or [] if tool.get("strict")]
    if len(schemas) > MOST_STRICT_TOOLS:
        raise invalid(f"tools: at most {MOST_STRICT_TOOLS} strict tools are supported")
    if config.get("format") is not None:
        schemas.insert(0, _format_schema(config["format"]))
        _check_no_citations(body)
    if schemas:
        check_schemas(schemas)


def _check_effort(effort: Any, model: Model) -> None:
    """Raise for an effort that does not exist, or not for this model."""
    if effort is None:
        return
    if effort not in EFFORTS:
        raise invalid("output_config.effort: Input should be " + ", ".join(f"'{name}'" for name in EFFORTS))
    if effort not in model.efforts:
        raise invalid("This model does not support the effort parameter.")


def _format_schema(output_format: Any) -> Any:
    """Return the schema of a well-formed format."""
    if not isinstance(output_format, Mapping) or output_format.get("type") != "json_schema":
        raise invalid("output_config.format.type: Input should be 'json_schema'")
    for name in output_format:
        if name not in ("type", "schema"):
            raise invalid(f"output_config.format.{name}: Extra inputs are not permitted")
    if "schema" not in output_format:
        raise invalid("output_config.format.schema: Field required")
    return output_format["schema"]


def _check_no_citations(body: Body) -> None:
    """Raise when a document asks for citations beside a format."""
    blocks = [b for m in body["messages"] if isinstance(m["content"], list) for b in m["content"]]
    if any((block.get("citations") or {}).get("enabled") for block in blocks if block["type"] == "document"):
        raise invalid("output_config.format: structured outputs cannot be used with citations")


def _check_thinking(body: Body, model: Model) -> None:
    """Raise when the model does not take this thinking setting."""
    thinking = body.get("thinking")
    if thinking is None:
        return
    kind = thinking.get("type") if isinstance(thinking, Mapping) else None
    if kind not in ("adaptive", "disabled", "between_tools", "enabled"):
        raise invalid("thinking.type: Input should be 'adaptive', 'disabled', 'between_tools' or 'enabled'")
    if kind not in model.thinking:
        raise invalid(f'thinking.type: "{kind}" is not supported on {model.id}. Supported: {", ".join(model.thinking)}')
    allowed = {"adaptive": {"display"}, "enabled": {"display", "budget_tokens"}}.get(kind, set()) | {"type"}
    for name in thinking:
        if name not in allowed:
            raise invalid(f"thinking.{kind}.{name}: Extra inputs are not permitted")
    if thinking.get("display") not in (None, "summarized", "omitted"):
        raise invalid(f"thinking.{kind}.display: Input should be 'summarized' or 'omitted'")
    _check_thinking_room(body, thinking, kind)


def _check_thinking_room(body: Body, thinking: Body, kind: str) -> None:
    """Raise when effort or budget do not go with the thinking setting."""
    effort = (body.get("output_config") or {}).get("effort")
    if kind == "between_tools" and effort in ("xhigh", "max"):
        raise invalid(f'thinking.type: "between_tools" is not supported with effort "{effort}"')
    if kind == "enabled":
        budget = thinking.get("budget_tokens")
        if not isinstance(budget, int) or budget < 1024:
            raise invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        if budget >= body.get("max_tokens", budget + 1):
            raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")


def _check_tool_choice(body: Body, model: Model) -> None:
    """Raise for a forced tool on the models that refuse it, and for a choice among no tools."""
    choice = body.get("tool_choice")
    if choice is None:
        return
    kind = choice.get("type") if isinstance(choice, Mapping) else None
    if kind not in ("auto", "any", "tool", "none"):
        raise invalid("tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'")
    if not body.get("tools"):
        raise invalid("tool_choice: tool_choice may only be specified while providing tools.")
    if kind in ("any", "tool") and not model.forced_tools:
        raise invalid(f'tool_choice: forcing tool use (type "{kind}") is not supported on {model.id}')
    if kind == "tool" and choice.get("name") not in [tool["name"] for tool in body["tools"]]:
        raise invalid(f"tool_choice.name: Tool '{choice.get('name')}' not found in provided tools")


def _check_metadata(value: Any) -> None:
    if not isinstance(value, Mapping) or set(value) - {"user_id"}:
        raise invalid("metadata: Extra inputs are not permitted")


def _check_stop_sequences(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise invalid("stop_sequences: Input should be a valid list of strings")
    if not all(text.strip() for text in value):
        raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def _check_stream(value: Any) -> None:
    if value is not False:
        raise invalid("stream: this test server does not stream")


def _one_of(name: str, *allowed: str) -> Callable[[Any], None]:
    def rule(value: Any) -> None:
        if value not in allowed:
            raise invalid(f"{name}: Input should be " + " or ".join(f"'{value}'" for value in allowed))

    return rule


_RULES: Mapping[str, Callable[[Any], None]] = {
    "metadata": _check_metadata,
    "stop_sequences": _check_stop_sequences,
    "stream": _check_stream,
    "service_tier": _one_of("service_tier", "auto", "standard_only"),
    "speed": _one_of("speed", "standard", "fast"),
}

"""JSON schema -> nothing, or the 400 that structured outputs give (ANTHROPIC.md section 2)."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .errors import ApiError, invalid
from .prompt import canonical

AT = "output_config.format.schema"
MOST_OPTIONAL = 24
MOST_UNIONS = 16
MOST_STRICT_TOOLS = 20
TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
SHAPES = ("type", "enum", "const", "anyOf", "allOf", "$ref")
SUPPORTED = {
    *SHAPES,
    *("properties", "required", "items", "$defs", "definitions", "title", "description"),
    *("additionalProperties", "minItems", "format"),
}
Node = Mapping[str, Any]


def check_schemas(schemas: Sequence[Any]) -> None:
    """Raise for the first rule that the schemas of one request break."""
    message = _first_problem(canonical(list(schemas)))
    if message:
        raise invalid(message)


@functools.lru_cache(maxsize=256)
def _first_problem(text: bytes) -> str | None:
    """Return what is wrong; remembered, because a client sends the same schema with every request."""
    try:
        schemas = json.loads(text)
        nodes = [node for schema in schemas for node in _checked(schema)]
        _count(nodes)
    except ApiError as error:
        return error.message
    return None


def _checked(schema: Any) -> list[Node]:
    """Return all nodes of a schema, each checked."""
    if not isinstance(schema, Mapping):
        raise invalid(f"{AT}: Input should be an object")
    nodes = list(_nodes(schema))
    for node in nodes:
        _check_node(node, schema)
    _check_recursion(schema)
    return nodes


def _children(node: Node) -> Iterator[Any]:
    """Yield the schemas directly inside a node."""
    for key in ("properties", "$defs", "definitions"):
        if isinstance(node.get(key), Mapping):
            yield from node[key].values()
    for key in ("anyOf", "allOf"):
        if isinstance(node.get(key), list):
            yield from node[key]
    if "items" in node:
        yield node["items"]


def _nodes(node: Any) -> Iterator[Node]:
    """Yield a schema and every schema within it."""
    if not isinstance(node, Mapping):
        raise invalid(f"{AT}: a schema must be an object, not {json.dumps(node)}")
    yield node
    for child in _children(node):
        yield from _nodes(child)


def _check_node(node: Node, root: Node) -> None:
    """Raise when one node has something the grammar compiler does not take."""
    for keyword in node:
        if keyword not in SUPPORTED:
            kind = node.get("type", "schema")
            raise invalid(f"{AT}: For '{kind}' type, property '{keyword}' is not supported")
    if not any(key in node for key in SHAPES):
        raise invalid(f"{AT}: Schema must have a 'type', 'anyOf', 'enum', 'const' or '$ref'")
    _check_type(node)
    _check_object(node)
    _check_values(node)
    if "$ref" in node:
        resolve(node["$ref"], root)


def _check_type(node: Node) -> None:
    """Raise when the type is a list or unknown, or its refinements are not supported."""
    kind = node.get("type")
    if isinstance(kind, list):
        raise invalid(f"{AT}: 'type' must be a single type; use 'anyOf' for unions")
    if kind is not None and (not isinstance(kind, str) or kind not in TYPES):
        raise invalid(f"{AT}: '{kind}' is not a valid type")
    if "format" in node and node["format"] not in FORMATS:
        raise invalid(f"{AT}: string format '{node['format']}' is not supported")
    if "minItems" in node and node["minItems"] not in (0, 1):
        raise invalid(f"{AT}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")


def _check_object(node: Node) -> None:
    """Raise when an object is open, or requires what it does not have."""
    if node.get("type") != "object":
        return
    if node.get("additionalProperties") is not False:
        raise invalid(f"{AT}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    missing = [name for name in node.get("required", []) if name not in node.get("properties", {})]
    if missing:
        raise invalid(f"{AT}: required property '{missing[0]}' is not in 'properties'")


def _check_values(node: Node) -> None:
    """Raise when an enum is empty or holds something else than plain values, or `allOf` holds a reference."""
    if "enum" in node:
        values = node["enum"]
        if not isinstance(values, list) or not values or any(isinstance(v, (dict, list)) for v in values):
            raise invalid(f"{AT}: 'enum' must be a non-empty array of plain values")
    if any("$ref" in part for part in node.get("allOf", [])):
        raise invalid(f"{AT}: '$ref' within 'allOf' is not supported")


def resolve(reference: Any, root: Node) -> Node:
    """Return what a reference points to within its own document."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        raise invalid(f"{AT}: external $ref '{reference}' is not supported")
    node: Any = root
    for step in reference.removeprefix("#").strip("/").split("/"):
        if step:
            node = node.get(step) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping):
        raise invalid(f"{AT}: $ref '{reference}' cannot be resolved")
    return node


def _check_recursion(root: Node) -> None:
    """Raise when a schema contains itself."""

    def follow(node: Node, trail: tuple[str, ...]) -> None:
        reference = node.get("$ref")
        if reference is not None:
            if reference in trail or reference in ("#", "#/"):
                raise invalid(f"{AT}: recursive schemas are not supported")
            follow(resolve(reference, root), (*trail, reference))
        for key in ("$defs", "definitions"):
            node = {name: value for name, value in node.items() if name != key}
        for child in _children(node):
            follow(child, trail)

    for start in [root, *root.get("$defs", {}).values(), *root.get("definitions", {}).values()]:
        follow(start, ())


def _count(nodes: Sequence[Node]) -> None:
    """Raise when the schemas together leave too much open."""
    optional = sum(len(set(node.get("properties", {})) - set(node.get("required", []))) for node in nodes)
    unions = sum("anyOf" in node for node in nodes)
    if optional > MOST_OPTIONAL:
        raise invalid(
            f"Schemas contain too many optional parameters ({optional}), which would make grammar "
            f"compilation inefficient. Reduce the number of optional parameters (limit: {MOST_OPTIONAL})."
        )
    if unions > MOST_UNIONS:
        raise invalid(
            f"Schemas contain too many parameters with union types ({unions} parameters with anyOf or type "
            f"arrays). Reduce the number (limit: {MOST_UNIONS})."
        )

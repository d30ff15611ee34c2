"""JSON Schema -> Markdown tables: one for each object, with every key, its type, its default and its meaning.

Looked at before writing this: jsonschema2md prints patterns with links to a web tester, leaves `$ref` unresolved and
shows objects as nested lists.  What our schemas use is small; this resolves it, and links what was told before.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evalharness import schemas

Schema = Mapping[str, Any]
WRITTEN = ("report",)  # by us and for programs: nobody sets a key
_WORDS = {"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "empty"}


@dataclass(slots=True)
class Tables:
    """Collects the tables of one schema.  `told` maps rows to the path under which they stand, `parts` is the page."""

    name: str
    root: Schema
    told: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def add(self, schema: Schema, path: str) -> str:
        """Add the table of the object at `path` and those of the objects in it; return where its keys are told."""
        at = len(self.parts)
        rows = [self.row(schema, key, f"{path}.{key}" if path else key) for key in schema["properties"]]
        table = "\n".join(["| key | type | unless set | meaning |", "|---|---|---|---|", *rows])
        before = self.told.setdefault(table, path)
        if before == path:
            head = [f"### {self.name}: `{path}`", *filter(None, [plain(schema.get("description", ""))])] if path else []
            self.parts[at:at] = [*head, table]
        return before

    def row(self, schema: Schema, key: str, path: str) -> str:
        """Return one key's row, the objects in its value being told on the way."""
        value = self.resolved(schema["properties"][key])
        places = {place: self.add(found, place) for place, found in self.objects(value, path)}
        kind = self.type_of(value)
        for place in places.values():
            kind = kind.replace("keys", f"[keys](#{anchor(self.name, place)})")
        return f"| `{key}` | {kind} | {unset(key, value, schema)} | {meaning(value)} |"

    def resolved(self, schema: Schema) -> Schema:
        """Return the schema with its `$ref` followed; what stands beside the reference wins."""
        if "$ref" not in schema:
            return schema
        target: Any = self.root
        for step in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[step]
        inherited = dict(self.resolved(target))
        if "description" in schema:
            inherited.pop("examples", None)  # they are examples of something more general
        return {**inherited, **{key: value for key, value in schema.items() if key != "$ref"}}

    def objects(self, schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
        """Yield the objects with keys of their own that stand in a value: itself, its entries, its values by name."""
        if schema.get("properties"):
            yield path, schema
        if isinstance(items := schema.get("items"), Mapping):
            yield from self.objects(self.resolved(items), f"{path}[]")
        if isinstance(values := schema.get("additionalProperties"), Mapping):
            yield from self.objects(self.resolved(values), f"{path}.*")
        for choice in schema.get("anyOf", schema.get("oneOf", ())):
            yield from self.objects(self.resolved(choice), path)

    def type_of(self, schema: Schema) -> str:
        """Return the type in words."""
        if "const" in schema:
            return f"`{written(schema['const'])}`"
        if "enum" in schema:
            return " or ".join(f"`{written(value)}`" for value in schema["enum"])
        if choices := schema.get("anyOf", schema.get("oneOf")):
            return " or ".join(dict.fromkeys(self.type_of(self.resolved(choice)) for choice in choices))
        kinds = schema.get("type", "object")
        kinds = [kinds] if isinstance(kinds, str) else kinds
        words = [self.one_type(kind, schema) for kind in kinds if kind != "null" or len(kinds) == 1]
        return " or ".join(words) + (" or empty" if "null" in kinds and len(kinds) > 1 else "")

    def one_type(self, kind: str, schema: Schema) -> str:
        """Return one of the types that a value may have."""
        if kind == "array":
            items = schema.get("items")
            inner = self.type_of(self.resolved(items)) if isinstance(items, Mapping) else "anything"
            return f"list of {inner}"
        if kind == "object":
            values = schema.get("additionalProperties")
            if isinstance(values, Mapping) and not schema.get("properties"):
                return f"by name: {self.type_of(self.resolved(values))}"
            return "keys"
        return _WORDS[kind] + (limits(schema) if kind in ("integer", "number") else "")


def tables(name: str) -> str:
    """Return the tables of the schema called `name`."""
    root = schemas.read(name)
    found = Tables(name=name, root=root)
    found.add(root, "")
    text = "\n\n".join(found.parts) + "\n"
    return text.replace("| unless set |", "| there |").replace("| needed |", "| always |") if name in WRITTEN else text


def unset(key: str, value: Schema, parent: Schema) -> str:
    """Return what holds where the key is left out."""
    if key in parent.get("required", ()):
        return "needed"
    return f"`{written(value['default'])}`" if "default" in value else ""


def meaning(value: Schema) -> str:
    """Return the description, and an example where the schema has one."""
    examples = value.get("examples", ())
    said = plain(value.get("description", ""))
    return f"{said} Example: `{written(examples[0])}`." if examples else said


def plain(text: str) -> str:
    """Return a description that means nothing to Markdown."""
    return re.sub(r"([|*<\\])", r"\\\1", text)


def limits(schema: Schema) -> str:
    """Return the range of a number."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    if "exclusiveMinimum" in schema:
        return f" above {schema['exclusiveMinimum']:g}"
    return f" of at least {low:g}" if low is not None else ""


def written(value: object) -> str:
    """Return a value as it stands in a file."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def anchor(name: str, path: str) -> str:
    """Return the anchor of a table's heading."""
    return re.sub(r"[^\w-]", "", f"{name}: {path}".lower().replace(" ", "-"))

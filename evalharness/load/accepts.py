"""JSON Schema -> a function that says quickly whether data is valid; it knows the keywords our schemas use.

Importing jsonschema and asking it about 1,000 attempts takes longer than reading them, and nearly all are
valid.  A "no" from here only means: ask jsonschema.  A property test holds the two to the same answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any], bool]
_Keyword: TypeAlias = "Callable[[Any, _Compiler, Mapping[str, Any]], Check | None]"


def compile_schema(schema: Mapping[str, Any]) -> Check:
    """Return the check for `schema`.  A keyword not known here makes it say no, and jsonschema decides."""
    return _Compiler(schema.get("$defs", {})).check(schema)


class _Compiler:
    """Compiles each of `$defs` once."""

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Check] = {}

    def check(self, schema: Any) -> Check:
        """Return the check for one (sub-)schema, a mapping or a boolean."""
        if isinstance(schema, bool):
            return lambda _: schema
        checks = []
        for keyword, value in schema.items():
            if keyword not in _NOTES:
                check = _KEYWORDS.get(keyword, _unknown)(value, self, schema)
                if check is not None:
                    checks.append(check)
        return _all(checks)

    def definition(self, reference: str) -> Check:
        """Return the check for a reference such as `#/$defs/id`."""
        name = reference.removeprefix("#/$defs/")
        if name not in self._compiled:
            self._compiled[name] = self.check(self._definitions[name])
        return self._compiled[name]


def _unknown(*_: object) -> Check:
    return lambda _: False


def _all(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    return lambda value: all([check(value) for check in checks])  # noqa: C419 - a list is faster for so few


def _is_type(types: str | list[str], _: _Compiler, __: Mapping[str, Any]) -> Check:
    wanted = frozenset([types] if isinstance(types, str) else types)
    exact = frozenset(kind for name in wanted for kind in _TYPES[name])
    # 1.0 is a whole number to JSON Schema; it may go the slow way.
    return lambda value: type(value) in exact


def _properties(schemas: Mapping[str, Any], compiler: _Compiler, whole: Mapping[str, Any]) -> Check:
    checks = {key: compiler.check(schema) for key, schema in schemas.items()}
    rest = compiler.check(whole.get("additionalProperties", True))

    def check(value: Any) -> bool:
        return type(value) is not dict or all(checks.get(key, rest)(item) for key, item in value.items())

    return check


def _additional(schema: Any, compiler: _Compiler, whole: Mapping[str, Any]) -> Check | None:
    return None if "properties" in whole else _properties({}, compiler, {"additionalProperties": schema})


def _items(schema: Any, compiler: _Compiler, _: Mapping[str, Any]) -> Check:
    check = compiler.check(schema)
    return lambda value: type(value) is not list or all(check(item) for item in value)


def _names(schema: Any, compiler: _Compiler, _: Mapping[str, Any]) -> Check:
    check = compiler.check(schema)
    return lambda value: type(value) is not dict or all(check(key) for key in value)


def _required(keys: list[str], _: _Compiler, __: Mapping[str, Any]) -> Check:
    return lambda value: type(value) is not dict or all(key in value for key in keys)


def _pattern(pattern: str, _: _Compiler, __: Mapping[str, Any]) -> Check:
    search = re.compile(pattern).search
    return lambda value: type(value) is not str or search(value) is not None


def _unique(wanted: bool, _: _Compiler, __: Mapping[str, Any]) -> Check:
    def check(value: Any) -> bool:
        if not wanted or type(value) is not list:
            return True
        # 1, 1.0 and true differ for JSON Schema where Python takes some for equal; the slow way decides.
        plain = all(type(item) in {str, int} for item in value)
        return plain and len(set(value)) == len(value)

    return check


def _if(schema: Any, compiler: _Compiler, whole: Mapping[str, Any]) -> Check:
    condition, then = compiler.check(schema), compiler.check(whole["then"])
    return lambda value: not condition(value) or then(value)


def _not(schema: Any, compiler: _Compiler, _: Mapping[str, Any]) -> Check:
    check = compiler.check(schema)
    return lambda value: not check(value)


def _enum(values: list[Any], _: _Compiler, __: Mapping[str, Any]) -> Check:
    known = frozenset(values)
    return lambda value: type(value) is str and value in known


def _number(value: Any) -> bool:
    return type(value) in {int, float}


_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_NOTES = frozenset({"$schema", "$id", "$defs", "title", "description", "examples", "default", "then"})
_KEYWORDS: dict[str, _Keyword] = {
    "$ref": lambda name, compiler, _: compiler.definition(name),
    "type": _is_type,
    "properties": _properties,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "required": _required,
    "items": _items,
    "pattern": _pattern,
    "enum": _enum,
    "const": lambda value, compiler, whole: _enum([value], compiler, whole),
    "uniqueItems": _unique,
    "allOf": lambda schemas, compiler, _: _all([compiler.check(schema) for schema in schemas]),
    "if": _if,
    "not": _not,
    "minimum": lambda low, _, __: lambda value: not _number(value) or value >= low,
    "maximum": lambda high, _, __: lambda value: not _number(value) or value <= high,
    "exclusiveMinimum": lambda low, _, __: lambda value: not _number(value) or value > low,
    "minItems": lambda low, _, __: lambda value: type(value) is not list or len(value) >= low,
    "maxItems": lambda high, _, __: lambda value: type(value) is not list or len(value) <= high,
    "minProperties": lambda low, _, __: lambda value: type(value) is not dict or len(value) >= low,
}

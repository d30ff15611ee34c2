"""plain data and the name of a schema -> problems in our words, each with its place.

jsonschema decides, and is imported only where `accepts` (a fast yes for the schemas' few keywords) hesitates.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from evalharness import schemas
from evalharness.errors import Problem, nearest
from evalharness.load import surprises
from evalharness.load.accepts import Check, compile_schema
from evalharness.load.document import Document
from evalharness.load.words import found, label, listed, shown

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

MOST_PROBLEMS = 100
_SECRET = re.compile(r"api.?key|secret|token|password", re.IGNORECASE)


def validate(document: Document, schema: str) -> tuple[Problem, ...]:
    """Return what is wrong with `document` by the schema called `schema`; the first 100 problems of a file.

    Problems of reading come first, and a document that could not be read gets no others.
    """
    if document.root is None:
        return document.problems or (_empty(document, schema),)
    if _quick(schema)(document.data):
        return document.problems
    errors = _validator(schema).iter_errors(document.data)
    problems = islice((problem for error in errors for problem in _problems(error, document)), MOST_PROBLEMS)
    known = {problem.place for problem in document.problems}
    return (
        *document.problems,
        *(problem for problem in dict.fromkeys(problems) if problem.place not in known),
    )


@functools.cache
def _quick(schema: str) -> Check:
    return compile_schema(schemas.read(schema))


@functools.cache
def _validator(schema: str) -> Validator:
    import jsonschema

    # The built-in check compares each item with each other: minutes for a hostile list of 50,000.
    extend: Any = jsonschema.validators.extend
    ours: type[Validator] = extend(jsonschema.Draft202012Validator, {"uniqueItems": _unique_items})
    return ours(schemas.read(schema))


def _unique_items(_: Validator, wanted: bool, items: Any, __: Any) -> Iterator[ValidationError]:
    from jsonschema import ValidationError

    if wanted and isinstance(items, list) and len({repr(item) for item in items}) < len(items):
        yield ValidationError("an item is there twice")


def _empty(document: Document, schema: str) -> Problem:
    needed = " and ".join(f"'{key}:'" for key in schemas.read(schema).get("required", ()))
    return document.problem((), "the file is empty", hint=f"it needs {needed}", slug="missing-key")


class _Fault(NamedTuple):
    """One error of jsonschema: where, what stands there, the keyword's value, and the schema around it."""

    keys: tuple[str | int, ...]
    value: Any
    keyword: str
    expected: Any
    schema: Any
    message: str
    of_key: bool

    @property
    def description(self) -> str:
        return _description(self.schema)


def _problems(error: ValidationError, document: Document) -> Iterable[Problem]:
    fault = _Fault(
        tuple(error.absolute_path),
        error.instance,
        str(error.validator),
        error.validator_value,
        error.schema,
        error.message,
        "propertyNames" in error.absolute_schema_path,
    )
    words = _WORDS.get(fault.keyword)
    if words is None:
        return [document.problem(fault.keys, fault.message.split("\n", 1)[0][:100])]
    return words(fault, document)


def _unknown_keys(fault: _Fault, document: Document) -> Iterator[Problem]:
    known = list(fault.schema.get("properties", ()))
    for key in fault.value:
        if key not in known:
            guess = nearest(key[:100], known)
            hint = f"did you mean '{guess}'?" if guess else f"known here: {listed(known, 20)}"
            if _SECRET.search(key):
                hint = "a key is never in a file: take it out, and set it in your shell: export ANTHROPIC_API_KEY=..."
            keys = [*fault.keys, key]
            yield document.problem(keys, f"unknown key {shown(key)}", hint=hint, slug="unknown-key", of_key=True)


def _missing(fault: _Fault, document: Document) -> Iterator[Problem]:
    # jsonschema reports each missing key in an error of its own, and names it only in its message.
    properties = fault.schema.get("properties", {})
    inside = f" in {label(fault.keys)}" if fault.keys else ""
    for key in fault.expected:
        if key not in fault.value and fault.message.startswith(f"'{key}'"):
            message = f"the key '{key}' is missing{inside}"
            hint = _description(properties.get(key))
            yield document.problem(fault.keys, message, hint=hint, slug="missing-key", of_key=True)


def _type(fault: _Fault, document: Document) -> Iterator[Problem]:
    written = document.written(fault.keys)
    what = found(fault.value, written)
    hint = surprises.of_type(fault.expected, fault.value, written) or fault.description
    name = label(fault.keys) if fault.keys or document.first_line == 1 else "the front matter"
    message = f"{name} must be {surprises.expected(fault.expected)}, found {what}"
    yield document.problem(fault.keys, message, hint=hint)


def _enum(fault: _Fault, document: Document) -> Iterator[Problem]:
    known = [str(value) for value in fault.expected]
    guess = nearest(fault.value[:100], known) if isinstance(fault.value, str) else None
    what = found(fault.value, document.written(fault.keys))
    message = f"{label(fault.keys)} must be one of {listed(known)}, found {what}"
    yield document.problem(fault.keys, message, hint=f"did you mean '{guess}'?" if guess else "")


def _pattern(fault: _Fault, document: Document) -> Iterator[Problem]:
    if fault.expected == r"\S":
        yield document.problem(fault.keys, f"{label(fault.keys)} is empty", hint=fault.description)
        return
    examples = " or ".join(str(example) for example in fault.schema.get("examples", ())[:3])
    keys = [*fault.keys, fault.value] if fault.of_key else fault.keys
    name = "this key" if fault.of_key else label(keys)
    # A base URL may hold a key, and keys never reach a message.
    what = "another form" if "base_url" in fault.keys else found(fault.value)
    message = f"{name} must look like {examples}, found {what}"
    hint = surprises.of_text(fault.expected, fault.value) or fault.description
    yield document.problem(keys, message, hint=hint, of_key=fault.of_key)


def _range(fault: _Fault, document: Document) -> Iterator[Problem]:
    low, high = fault.schema.get("minimum"), fault.schema.get("maximum")
    if "exclusiveMinimum" in fault.schema:
        bounds = f"above {fault.schema['exclusiveMinimum']}{'' if high is None else f' and at most {high}'}"
    elif high is None:
        bounds = f"at least {low}"
    else:
        bounds = f"from {low} to {high}"
    message = f"{label(fault.keys)} must be {bounds}, found {document.written(fault.keys)}"
    yield document.problem(fault.keys, message, hint=fault.description)


def _few(fault: _Fault, document: Document) -> Iterator[Problem]:
    yield document.problem(fault.keys, f"{label(fault.keys)} is empty", hint=fault.description)


def _many(fault: _Fault, document: Document) -> Iterator[Problem]:
    yield document.problem(fault.keys, f"{label(fault.keys)} has more than {fault.expected} items")


def _twice(fault: _Fault, document: Document) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in enumerate(fault.value):
        if repr(item) in seen:
            message = f"{label(fault.keys)} names {shown(str(item))} twice"
            yield document.problem([*fault.keys, index], message, hint="take one out")
        seen.add(repr(item))


def _foreign(fault: _Fault, document: Document) -> Iterator[Problem]:
    # The only `not` of our schemas keeps the keys of one kind of criterion away from another.
    owner: Any = document.data
    for key in fault.keys[:-1]:
        owner = owner[key]
    message = f"{label(fault.keys)} does not belong to a criterion of kind '{owner.get('kind')}'"
    hint = "take it out, or change 'kind'"
    yield document.problem(fault.keys, message, hint=hint, slug="unknown-key", of_key=True)


_WORDS: dict[str, Callable[[_Fault, Document], Iterable[Problem]]] = {
    "additionalProperties": _unknown_keys,
    "required": _missing,
    "type": _type,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": _range,
    "maximum": _range,
    "exclusiveMinimum": _range,
    "minItems": _few,
    "minProperties": _few,
    "maxItems": _many,
    "uniqueItems": _twice,
    "not": _foreign,
}


def _description(schema: Any) -> str:
    text = str(schema.get("description", "")) if isinstance(schema, dict) else ""
    begins = text[:1] if text[1:2].isupper() else text[:1].lower()
    return f"{begins}{text[1:]}".removesuffix(".")

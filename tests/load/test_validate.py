"""The fast yes of `accepts` and the judgement of jsonschema are the same."""

from __future__ import annotations

import copy
import random
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness import schemas
from evalharness.errors import UnknownName
from evalharness.load.accepts import compile_schema
from evalharness.load.validate import validate
from evalharness.load.yaml_source import parse
from evalharness.model.config import Config, Gate, Requires
from evalharness.model.noun import Noun
from tests.examples import examples

from .project import ONE_FILE, QUESTION, RUBRIC

EXAMPLES = {
    "rubric": RUBRIC,
    "question": QUESTION,
    "cases": ONE_FILE,
    "attempt": "date: 2026-10-02\nself_score: 3\nmissions: [1, b]\nnotes:\n",
    "config": "effort: low\nmax_usd: 2\nredact: [A, {name: B, as: C}]\nprices: {m: {input: 1, output: 2}}\n",
}
VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    3,
    6,
    -1,
    2.0,
    2.5,
    "",
    " ",
    "x",
    "2026-10-02",
    "a..b",
    "scale",
    "measure",
    [],
    [1, 1],
    ["a"],
    {},
    {"id": "x"},
]
CHECKS = {name: compile_schema(schemas.read(name)) for name in EXAMPLES}
VALIDATORS = {name: jsonschema.Draft202012Validator(schemas.read(name)) for name in EXAMPLES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_schemas_are_draft_2020_12_and_their_examples_valid(name: str) -> None:
    """Editors read the same files."""
    schema = schemas.read(name)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    assert validate(parse(EXAMPLES[name], "f.yaml"), name) == ()
    assert CHECKS[name](parse(EXAMPLES[name], "f.yaml").data)


def test_an_unknown_schema_is_told_with_its_neighbour() -> None:
    """As everywhere: the nearest name that exists."""
    with pytest.raises(UnknownName) as caught:
        schemas.read("rubrik")

    assert caught.value.hint == "did you mean 'rubric'?"


def _objects(schema: Any) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    here = [schema] if isinstance(schema, dict) and "properties" in schema and "additionalProperties" in schema else []
    return here + [found for value in inner for found in _objects(value)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_key_is_known_and_explained(name: str) -> None:
    """Unknown keys are errors; only an attempt in the one-file form names parts that no schema can know."""
    for found in _objects(schemas.read(name)):
        open_parts = found.get("title") == "An attempt"
        assert found["additionalProperties"] is False or open_parts
        for key, value in found["properties"].items():
            assert "$ref" in value or "description" in value or value == {"not": {}}, key


def test_the_one_file_form_has_the_keys_of_both_others() -> None:
    """The three schemas stand alone for editors, so their common keys are compared here."""
    question, attempt, cases = (schemas.read(name) for name in ("question", "attempt", "cases"))
    entry = cases["$defs"]["attempt"]["properties"]

    assert {key: cases["properties"][key] for key in question["properties"]} == question["properties"]
    assert cases["properties"].keys() - question["properties"].keys() == {"attempts"}
    assert {key: entry[key] for key in attempt["properties"]} == attempt["properties"]
    assert entry.keys() - attempt["properties"].keys() == {"answer"}


def test_the_configuration_has_the_defaults_that_its_schema_tells() -> None:
    """What an editor shows as default is what the program does."""
    defaults = {
        key: value["default"] for key, value in schemas.read("config")["properties"].items() if "default" in value
    }

    assert defaults == {key: getattr(Config(), key) for key in defaults}
    assert schemas.read("config")["properties"].keys() <= set(Config.__struct_fields__)


@pytest.mark.parametrize(("path", "noun"), [((), Gate), (("requires",), Requires)])
def test_the_gate_has_the_defaults_that_its_schema_tells(path: tuple[str, ...], noun: type[Noun]) -> None:
    """The same below `gate:`, key by key."""
    found = schemas.read("config")["properties"]["gate"]
    for key in path:
        found = found["properties"][key]

    assert found["properties"].keys() == set(noun.__struct_fields__)
    defaults = {key: value["default"] for key, value in found["properties"].items() if "default" in value}
    assert defaults == {key: getattr(noun(), key) for key in defaults}


def _places(data: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    if isinstance(data, dict):
        found += [(data, key) for key in data]
    elif isinstance(data, list):
        found += [(data, index) for index in range(len(data))]
    for owner, key in list(found):
        found += _places(owner[key])
    return found


@settings(max_examples=examples(500))
@given(st.sampled_from(sorted(EXAMPLES)), st.randoms(use_true_random=False))
def test_the_fast_yes_is_the_yes_of_jsonschema(name: str, rng: random.Random) -> None:
    """Valid files with a few values exchanged, taken out, or put under another key."""
    data = copy.deepcopy(parse(EXAMPLES[name], "f.yaml").data)
    for _ in range(rng.randrange(4)):
        owner, key = rng.choice(_places(data) or [([None], 0)])
        action = rng.randrange(3)
        if action == 0:
            owner[key] = copy.deepcopy(rng.choice(VALUES))
        elif action == 1 and isinstance(owner, dict):
            del owner[key]
        elif isinstance(owner, dict):
            owner[rng.choice(["id", "levels", "items", "kind", "part", "wieght", key])] = copy.deepcopy(
                rng.choice(VALUES)
            )

    fast, slow = CHECKS[name](data), VALIDATORS[name].is_valid(data)

    assert slow or not fast
    # Only what Python and JSON Schema compare differently may take the slow way although it is valid.
    assert fast or not slow or "2.0" in repr(data) or "True" in repr(data)

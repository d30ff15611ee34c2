"""rubrics/<id>.yaml -> `Rubric`: validated by its schema, then by what a schema cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec

from evalharness.errors import Problem, nearest
from evalharness.load.document import Document
from evalharness.load.validate import validate
from evalharness.load.words import listed, shown
from evalharness.load.yaml_source import parse
from evalharness.model.draft_mark import read_mark
from evalharness.model.nouns import (
    ANSWER,
    Band,
    Checklist,
    Criterion,
    Item,
    Kind,
    Level,
    Measure,
    PartSpec,
    Rubric,
    Scale,
    Tag,
    Tags,
)
from evalharness.model.signals import Signals
from evalharness.text.parts import plain_title

_ATTEMPT_KEYS = frozenset({"id", "date", "author", "missions", "self_score", "notes", "source", ANSWER})


class ReadRubric(NamedTuple):
    """A rubric, None where its file has problems."""

    rubric: Rubric | None
    problems: tuple[Problem, ...] = ()


def read_rubric(text: str, path: str, *, stem: str) -> ReadRubric:
    """Return the rubric in `text`; `path` is what messages call its file, `stem` the file's name."""
    document = parse(text, path)
    problems = validate(document, "rubric")
    if not problems:
        problems = tuple(_semantic(document, stem))
    if problems:
        return ReadRubric(None, problems)
    return ReadRubric(build_rubric(document.mapping, path=path, name=stem))


def build_rubric(data: dict[str, Any], *, path: str, name: str) -> Rubric:
    """Return the noun for `data`, which was validated; `name` is its id where it states none."""
    return Rubric(
        id=data.get("id", name),
        title=data["title"],
        description=data.get("description", "").strip(),
        min_words=int(data.get("min_words", 10)),
        edition=int(data.get("edition", 1)),
        parts=tuple(_part(key, value) for key, value in sorted(data.get("parts", {}).items())),
        criteria=tuple(_criterion(criterion) for criterion in data["criteria"]),
        path=path,
    )


def _part(name: str, data: dict[str, Any]) -> PartSpec:
    return msgspec.convert({**data, "id": name}, PartSpec)


def _criterion(data: dict[str, Any]) -> Criterion:
    floor = data.get("floor")
    return Criterion(
        id=data["id"],
        title=data["title"],
        kind=_kind(data),
        weight=float(data.get("weight", 1)),
        part=data.get("part", ANSWER),
        look_for=data.get("look_for", "").strip(),
        floor=None if floor is None else float(floor),
        sections=tuple(data.get("sections", ())),
        next_question=data.get("next_question", False),
        border_cases=tuple(one_line(text) for text in data.get("border_cases", ())),
    )


def _kind(data: dict[str, Any]) -> Kind:
    match data["kind"]:
        case "scale":
            levels = [_level(int(key), said) for key, said in sorted(data["levels"].items())]
            return Scale(levels=tuple(levels), signals=_signals(data))
        case "checklist":
            return Checklist(items=tuple(_item(item) for item in data["items"]))
        case "tags":
            return Tags(tags=tuple(_tag(tag) for tag in data["tags"]))
        case _:
            bands = tuple(msgspec.convert(band, Band) for band in data["bands"])
            return Measure(measure=data["measure"], bands=bands)


def _level(level: int, said: str | dict[str, str]) -> Level:
    """Return a level that is written as its text alone, or as `text` and `next`."""
    text, then = (said, "") if isinstance(said, str) else (said["text"], said.get("next", ""))
    found = read_mark(text.strip())
    return Level(level=level, text=found.text, drafted_by=found.by, next=one_line(then))


def _item(data: dict[str, Any]) -> Item:
    found = read_mark(data["text"].strip())
    return Item(
        id=data["id"],
        text=found.text,
        signals=_signals(data),
        drafted_by=found.by,
        next=one_line(data.get("next", "")),
    )


def _tag(data: dict[str, Any]) -> Tag:
    title, look_for = read_mark(data["title"]), read_mark(data.get("look_for", "").strip())
    return Tag(
        id=str(data["id"]),
        title=title.text,
        look_for=look_for.text,
        signals=_signals(data),
        drafted_by=look_for.by or title.by,
        next=one_line(data.get("next", "")),
    )


def one_line(text: str) -> str:
    """Return a text without the line breaks of its file."""
    return " ".join(text.split())


def _signals(data: dict[str, Any]) -> Signals | None:
    if "signals" not in data:
        return None
    signals = dict(data["signals"])
    if "levels" in signals:
        signals["levels"] = dict(sorted(signals["levels"].items()))
    return msgspec.convert(signals, Signals)


# --- what a schema cannot say --------------------------------------------------------------------


def _semantic(document: Document, stem: str) -> Iterator[Problem]:
    data: dict[str, Any] = document.mapping
    if data.get("id", stem) != stem:
        message = f"the rubric's id is {shown(data['id'])}, and its file is called {shown(stem)}"
        yield document.problem(["id"], message, hint="make them equal, or take the key out", slug="rubric")
    yield from _part_problems(document, data)
    yield from _repeats(document, ["criteria"], data["criteria"], "criterion")
    yield from _next_questions(document, data["criteria"])
    if not any(criterion.get("weight", 1) for criterion in data["criteria"]):
        message, hint = "every criterion has the weight 0", "give at least one a weight above 0"
        yield document.problem(["criteria"], message, hint=hint, slug="rubric", of_key=True)
    parts = [ANSWER, *data.get("parts", {})]
    for index, criterion in enumerate(data["criteria"]):
        yield from _criterion_problems(document, ["criteria", index], criterion, parts)


def _part_problems(document: Document, data: dict[str, Any]) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, part in data.get("parts", {}).items():
        if name in _ATTEMPT_KEYS:
            message = f"a part cannot be called '{name}': attempts have a key of that name"
            yield document.problem(["parts", name], message, hint="rename the part", slug="rubric", of_key=True)
        for index, title in enumerate(part["headings"]):
            owner = owners.setdefault(plain_title(title), name)
            if owner != name:
                message = f"the heading {shown(title)} begins two parts, '{owner}' and '{name}'"
                hint = "give each part headings of its own"
                yield document.problem(["parts", name, "headings", index], message, hint=hint, slug="rubric")


def _repeats(document: Document, keys: list[str | int], things: list[Any], what: str) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for index, thing in enumerate(things):
        name, place = str(thing["id"]), [*keys, index, "id"]
        if name in lines:
            message = f"the {what} '{name}' is there twice, first on line {lines[name]}"
            yield document.problem(place, message, hint="give one of them another id", slug="duplicate")
        lines.setdefault(name, document.place(place)[0])


def _next_questions(document: Document, criteria: list[Any]) -> Iterator[Problem]:
    chosen = [index for index, criterion in enumerate(criteria) if criterion.get("next_question")]
    for index in chosen[1:]:
        message = f"a second criterion asks for the next question, after '{criteria[chosen[0]]['id']}'"
        hint = "leave 'next_question: true' on one criterion"
        yield document.problem(["criteria", index, "next_question"], message, hint=hint, slug="rubric", of_key=True)


def _criterion_problems(
    document: Document, keys: list[str | int], data: dict[str, Any], parts: list[str]
) -> Iterator[Problem]:
    part = data.get("part", ANSWER)
    if part not in parts:
        guess = nearest(part, parts)
        hint = f"did you mean '{guess}'?" if guess else f"known parts: {listed(parts)}"
        yield document.problem([*keys, "part"], f"the rubric has no part '{part}'", hint=hint, slug="unknown-name")
    match data["kind"]:
        case "scale":
            yield from _scale_problems(document, keys, data)
        case "checklist":
            yield from _repeats(document, [*keys, "items"], data["items"], "item")
            yield from _item_problems(document, [*keys, "items"], data["items"])
        case "tags":
            yield from _repeats(document, [*keys, "tags"], data["tags"], "tag")
        case _:
            yield from _band_problems(document, [*keys, "bands"], data["bands"])


def _scale_problems(document: Document, keys: list[str | int], data: dict[str, Any]) -> Iterator[Problem]:
    signals = data.get("signals", {})
    levels = sorted(signals.get("levels", {}).items())
    cap = signals.get("cap", 4)
    place: list[str | int] = [*keys, "signals", "levels"]
    for level, _ in levels:
        if int(level) > cap:
            message = f"signals reach level {level}, above their cap of {cap}"
            hint = f"take the level out, or set 'cap: {level}'"
            yield document.problem([*place, level], message, hint=hint, slug="rubric", of_key=True)
    for (lower, points), (level, more) in pairwise(levels):
        if more <= points:
            message = f"level {level} needs {more} points, and level {lower} already {points}"
            hint = "each level needs more points than the one below"
            yield document.problem([*place, level], message, hint=hint, slug="rubric")


def _item_problems(document: Document, keys: list[str | int], items: list[Any]) -> Iterator[Problem]:
    for index, item in enumerate(items):
        signals = item.get("signals", {})
        if signals.get("partly", 1) > signals.get("met", 2):
            message = f"'partly' needs {signals.get('partly', 1)} points, and 'met' only {signals.get('met', 2)}"
            hint = "'partly' needs at most the points of 'met'"
            yield document.problem([*keys, index, "signals"], message, hint=hint, slug="rubric", of_key=True)


def _band_problems(document: Document, keys: list[str | int], bands: list[Any]) -> Iterator[Problem]:
    reaches = [(band.get("at_least", float("-inf")), band.get("at_most", float("inf"))) for band in bands]
    for index, (low, high) in enumerate(reaches):
        if low > high:
            message = f"a band from {low} to {high} holds nothing"
            yield document.problem([*keys, index], message, hint="exchange the bounds", slug="rubric")
        elif hider := _covering(reaches[:index], low, high):
            message = f"this band is never reached: band {hider} already holds all of its values"
            yield document.problem([*keys, index], message, hint="put narrower bands first", slug="rubric")
    if bands[-1].keys() & {"at_least", "at_most"}:
        message = "the last band has bounds, so that some values have no level"
        hint = "end with a band that only has a level, such as '- {level: 1}'"
        yield document.problem([*keys, len(bands) - 1], message, hint=hint, slug="rubric")


def _covering(earlier: Iterable[tuple[float, float]], low: float, high: float) -> int:
    """Return the position (from 1) of the band in `earlier` that holds all from `low` to `high`, else 0."""
    return next((n for n, (least, most) in enumerate(earlier, start=1) if least <= low and high <= most), 0)

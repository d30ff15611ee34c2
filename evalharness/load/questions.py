"""question.yaml, or the one-file form -> `Question`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from evalharness.errors import BadId, Problem, UnknownName, nearest
from evalharness.load.document import Document, Keys
from evalharness.load.find import QUESTION_FILE, FoundQuestion
from evalharness.load.missions import alike, missions_of
from evalharness.load.text_source import read_text
from evalharness.load.validate import validate
from evalharness.load.words import listed, shown
from evalharness.load.yaml_source import YAML_LIMIT, parse
from evalharness.model.nouns import Context, Question, Rubric, Tag, company_tags

# What no name may hold: blanks, marks and signs of all scripts, what nobody sees, and private characters.  Letters and
# digits of any script are left, so that a folder can be called what its question is about.
_NOT_IN_NAMES = (
    r"\u0000-,/:-@\[-^`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u0600-\u060f\u061b-\u061f\u066a-\u066d\u06d4"
    r"\u06dd\u115f\u1160\u1680\u180e\u2000-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u3164\ud800-\uf8ff"
    r"\ufe00-\ufe6f\ufeff-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\uffa0\uffe0-\uffff\U0001f000-\U0001fbff"
    r"\U000e0000-\U0010ffff"
)
ID = re.compile(rf"(?![^\n]{{0,99}}\.\.)[^._\-{_NOT_IN_NAMES}][^{_NOT_IN_NAMES}]{{0,99}}")

_CLOCK = re.compile(r"(\d{1,9}):(\d\d)")
_LENGTH = re.compile(r"([\d.]+) ?(s|m)?.*")
_OWN_KEYS = frozenset({"question", "rubric", "attempts"})


class ReadQuestion(NamedTuple):
    """A question (None where its file has problems) and the document that gives the places in it."""

    question: Question | None
    document: Document
    problems: tuple[Problem, ...] = ()


def read_question(found: FoundQuestion) -> ReadQuestion | None:
    """Return the question of a file; None for a YAML file under `cases/` that is about something else."""
    single = found.attempts is None
    text, problems = read_text(found.at.file, found.at.name, limit=YAML_LIMIT)
    if problems:
        return ReadQuestion(None, Document(found.at.name, text), problems)
    document = parse(text, found.at.name)
    if single and not document.problems and not document.mapping.keys() & _OWN_KEYS:
        return None
    problems = validate(document, "cases" if single else "question")
    if not problems:
        problems = tuple(_semantic(document, found))
    if problems:
        return ReadQuestion(None, document, problems)
    return ReadQuestion(build_question(document.mapping, path=found.at.name, name=found.folder), document)


def build_question(data: dict[str, Any], *, path: str, name: str) -> Question:
    """Return the noun for `data`, which was validated; `name` is its id where it states none."""
    limit = data.get("time_limit")
    return Question(
        id=data.get("id", name),
        text=data["question"].strip(),
        rubric=data["rubric"],
        title=data.get("title", "").strip(),
        time_limit=None if limit is None else seconds(limit),
        missions=tag_ids(data.get("missions")),
        context=_context(data.get("context", {})),
        path=path,
        language=data.get("language", ""),
        to_ask=tuple(" ".join(asked.split()) for asked in data.get("to_ask", ())),
    )


def _context(data: dict[str, Any]) -> Context:
    """Return the context; the ids of missions are text there as everywhere."""
    company = data.get("company", {})
    if "missions" not in company:
        return msgspec.convert(data, Context)
    missions = [{**mission, "id": tag_ids([mission["id"]])[0]} for mission in company["missions"]]
    return msgspec.convert({**data, "company": {**company, "missions": missions}}, Context)


def called(questions: Iterable[Question], name: str) -> Question:
    """Return the question called `name`: its id, its folder or its file; raises `UnknownName`."""
    known = tuple(questions)
    wanted = unicodedata.normalize("NFC", name.rstrip("/").removesuffix(f"/{QUESTION_FILE}"))
    for question in known:
        if wanted in {question.id, question.path, question.path.removesuffix(f"/{QUESTION_FILE}")}:
            return question
    raise UnknownName("question", name, (question.id for question in known))


def seconds(limit: float | str) -> float:
    """Return a time limit in seconds: a number of them, or text such as `90 s`, `2 min`, `1:30`."""
    if not isinstance(limit, str):
        return float(limit)
    clock = _CLOCK.fullmatch(limit)
    if clock:
        return int(clock[1]) * 60.0 + int(clock[2])
    length = _LENGTH.fullmatch(limit)
    if length is None:
        raise ValueError(limit)
    return float(length[1]) * (60.0 if length[2] == "m" else 1.0)


def tag_ids(values: list[Any] | None) -> tuple[str, ...]:
    """Return tag ids, whole numbers or text, as text."""
    return tuple(value if isinstance(value, str) else str(int(value)) for value in values or ())


def against_rubric(document: Document, question: Question, rubric: Rubric) -> Iterator[Problem]:
    """Yield what `rubric` asks of the question itself and does not get."""
    if question.missions:
        yield from unknown_missions(document, ["missions"], question.missions, question, rubric)


def unknown_missions(
    document: Document, keys: Keys, missions: tuple[str, ...], question: Question, rubric: Rubric
) -> Iterator[Problem]:
    """Yield a problem for each claimed mission, listed at `keys`, that is neither the company's nor the rubric's."""
    tags = missions_of(question, rubric)
    known = [tag.id for tag in tags]
    owner = "company" if known and company_tags(question) else f"rubric '{rubric.id}'"
    for index, mission in enumerate(missions):
        if mission not in known:
            yield document.problem(
                [*keys, index],
                f"the {owner} has no mission {shown(mission)}",
                hint=_which(mission, tags),
                slug="unknown-name",
            )


def _which(mission: str, known: Sequence[Tag]) -> str:
    """Return which missions may be meant: those with these words in their names, the nearest, else all."""
    if not known:
        return "no criterion of that rubric is of kind 'tags': take 'missions' out"
    could = [f"{tag.id} ({tag.title})" for tag in alike(mission, known)]
    names = {name: tag for tag in known for name in (tag.id, tag.title) if name}
    if could:
        return f"it could be {' or '.join(could)}"
    if guess := nearest(mission, names):
        return f"did you mean '{guess}'?"
    return f"known: {listed([f'{tag.id} ({tag.title})' if tag.title else tag.id for tag in known])}"


def _semantic(document: Document, found: FoundQuestion) -> Iterator[Problem]:
    data: dict[str, Any] = document.mapping
    if "id" not in data and not ID.fullmatch(found.folder):
        what = "file" if found.attempts is None else "folder"
        message = f"the {what}'s name {shown(found.folder)} cannot be an id"
        yield document.problem((), message, hint=id_hint(found.folder, what), slug="bad-id")
    if "time_limit" in data and seconds(data["time_limit"]) <= 0:
        yield document.problem(["time_limit"], "'time_limit' must be above 0", hint="for instance '2 min'")
    if "time_limit" in data and seconds(data["time_limit"]) > 14_400:
        yield document.problem(["time_limit"], "'time_limit' must be at most 4 hours", hint="for instance '2 min'")


def id_hint(name: str, what: str) -> str:
    """Return how to make an id of `name`, the name of a `what` (file or folder)."""
    better = nearest_id(name)
    example = f", for instance to {shown(better)}" if better else ""
    return f"rename the {what}{example}, or set 'id:'"


def nearest_id(name: str) -> str:
    """Return the id that is most like `name`; nothing where there is none."""
    better = re.sub(r"\.{2,}", ".", re.sub(rf"[{_NOT_IN_NAMES}]+", "-", name).strip("-._"))[:100]
    return better if ID.fullmatch(better) else ""


def check_author(name: str) -> None:
    """Raise `BadId` for a name that no author can have."""
    if not ID.fullmatch(name):
        better = nearest_id(name)
        hint = f"for instance '{better}'" if better else "letters of a to z, digits, '.', '_' and '-'"
        raise BadId(f"'{name}' cannot be an author", hint=hint)

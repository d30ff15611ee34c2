"""`new` and `practice`: a question -> an attempt file that grows as it is typed, graded, and what to change in it."""

from __future__ import annotations

import dataclasses
import datetime
import os
import re
import tempfile
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from evalharness.errors import InputError, StoreError, UnknownName
from evalharness.grading import workflow as grading
from evalharness.history.workflow import history_of
from evalharness.load import Loaded, find_project, lay_over, load_project, named, told
from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, Attempt, Case, PartSpec, Question, Rubric
from evalharness.practice.ranking import Worth, worth
from evalharness.reports.next_steps import lacks_line, now
from evalharness.reports.words import day
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.steps import STARTS, NextStep, Step, Timing, next_steps, rank, steps
from evalharness.text.parts import is_blank, split_parts
from evalharness.text.speaking import SpokenTime, remarks, spoken_time
from evalharness.world import World, real_world

MOST_CHANGES = 3
MOST_WORDS = 6  # of a question, in the name of its folder


class Change(Noun):
    """One thing to change: what, what to do, and the lines of the attempt that it concerns.

    `before` is the level that the attempt before had; None where there is none to compare with.
    """

    title: str
    asks: str = ""
    lines: tuple[str, ...] = ()
    before: float | None = None


class Before(NamedTuple):
    """What the latest attempt at a question had before this one: its day, its total and its first step."""

    day: str
    total: float | None
    step: Step | None
    levels: dict[str, float]


class Went(Noun):
    """How an attempt went: its total (None: not graded), what to change first, and the run's id."""

    total: float | None
    changes: tuple[Change, ...]
    run: str
    grader: str
    ungraded: tuple[str, ...] = ()


class Stored(NamedTuple):
    """What is stored of one author's answers, and the order of next steps over them."""

    series: tuple[SeriesResult, ...]
    timing: Timing

    def starts(self, most: int = STARTS) -> tuple[NextStep, ...]:
        """Return the first steps in the order that every view shares."""
        return tuple(islice(next_steps(self.series, self.timing), most))

    def before(self, question: Question) -> Before | None:
        """Return what the latest attempt at a question had, or None where it was never answered."""
        places = [n for n, each in enumerate(self.series) if each.latest.case.question.id == question.id]
        if not places:
            return None
        result = self.series[places[0]].latest
        first = rank(self.series, self.timing).first(places[0])
        step = next((step for step in steps(result) if step.criterion.id == first), None)
        levels = {score.criterion.id: score.level for score in result.read if score.level is not None}
        return Before(day(result.case.attempt), result.total, step, levels)


def stored(
    loaded: Loaded, settings: Mapping[str, Any], *, author: str, interview: datetime.date | None, world: World
) -> Stored:
    """Return what is stored of an author's answers under these settings; no call."""
    laid = dataclasses.replace(loaded, config=lay_over(loaded.config, settings))
    who = author or loaded.config.author
    today = world.clock().astimezone().date().isoformat()
    timing = Timing(today=today, interview=interview.isoformat() if interview else loaded.config.interview)
    series = history_of(laid, world, others=False)[1].series if laid.cases else ()
    return Stored(tuple(each for each in series if each.latest.case.attempt.author == who), timing)


def ranked(
    loaded: Loaded, settings: Mapping[str, Any], *, author: str, interview: datetime.date | None, world: World
) -> tuple[Worth, ...]:
    """Return all questions in the order to practise them, by the grades that are stored; no call."""
    known = stored(loaded, settings, author=author, interview=interview, world=world)
    return worth(loaded.questions, known.series, author=author or loaded.config.author, timing=known.timing)


def grade(file: Path, settings: Mapping[str, Any], world: World, before: Before | None = None) -> Went:
    """Grade one attempt file and return what to change."""
    run = grading.run([file], settings=settings, choice=grading.Choice(every=True, anchors=False), world=world)
    results = grading.summary(run).results
    if not results:
        return Went(total=None, changes=(), run=run.meta.id, grader=run.meta.grader.name)
    result = results[-1]
    return Went(
        total=result.total,
        changes=changes(result, before.levels if before else {}),
        run=run.meta.id,
        grader=run.meta.grader.name,
        ungraded=tuple(score.criterion.title for score in result.ungraded),
    )


def changes(result: CaseResult, before: Mapping[str, float] | None = None) -> tuple[Change, ...]:
    """Return the two or three things that would lift the total most, then what a listener would stumble over."""
    found = [
        Change(
            title=f"{step.name}, {now(step)}",
            asks=step.asks,
            lines=_lines(result, step),
            before=(before or {}).get(step.criterion.id),
        )
        for step in steps(result)[:MOST_CHANGES]
    ]
    path = result.case.attempt.path
    said = [Change(title=r.message, lines=(f"{path}:{r.line}",)) for r in remarks(result.case)]
    return tuple([*found, *said][:MOST_CHANGES])


def _lines(result: CaseResult, step: Step) -> tuple[str, ...]:
    """Return the author's own line that a step speaks of; where there is none, that nothing shows it yet."""
    attempt = result.case.attempt
    part = attempt.part(step.line.part) if step.line else attempt.part(step.criterion.part)
    if step.line and part:
        return (f'{attempt.path}:{part.line_of(step.line.start)} "{" ".join(step.line.text.split())[:90]}"',)
    return (f"{attempt.path}:{part.line}: nothing here shows it yet",) if part and lacks_line(step) else ()


UNFINISHED = "<!-- unfinished: this is a draft and not graded; delete this line to keep it as an attempt\n"


def project(world: World | None = None, *, question: str = "") -> Loaded:
    """Return the whole project; raises `InputError` where it has no question.

    Where `question` names one, what is broken elsewhere is left out and said.
    """
    world = world or real_world()
    loaded = load_project([], cwd=world.cwd, asked=named(question) if question else None)
    if loaded.elsewhere:
        world.say(told(loaded.elsewhere))
    if not loaded.questions:
        raise InputError(
            "there is no question yet", hint="write one, or take them from a document: evalharness import DOC"
        )
    return loaded


def add_question(text: str, rubric: str, world: World) -> str:
    """Write a question of its own for `text` and return its id; raises `InputError` where its folder exists."""
    root, config = find_project(cwd=world.cwd)
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", ""))
    name = "-".join(words[:MOST_WORDS])
    folder = root / config.cases / name
    if not name or folder.exists():
        raise InputError(
            f"there is a question '{name}' already", hint=f"start an attempt at it: evalharness new {name}"
        )
    written = yaml.safe_dump({"question": text, "rubric": rubric}, allow_unicode=True, sort_keys=False, width=1000)
    try:
        folder.mkdir(parents=True)
        (folder / "question.yaml").write_text(written, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {folder}: {(error.strerror or str(error)).lower()}") from error
    return name


def find_question(loaded: Loaded, name: str) -> Question:
    """Return the question called `name`, its folder or its id; raises `UnknownName`."""
    wanted = name.rstrip("/").removesuffix("/question.yaml")
    for question in loaded.questions:
        if wanted in {question.id, question.path, question.path.removesuffix("/question.yaml")}:
            return question
    raise UnknownName("question", name, (question.id for question in loaded.questions))


def parts_to_write(rubric: Rubric) -> tuple[tuple[str, str], ...]:
    """Return (part, heading) in the order in which one writes them; the answer itself has no heading."""
    inside = [spec for spec in rubric.parts if spec.within_answer]
    after = [spec for spec in rubric.parts if not spec.within_answer]
    return (*((s.id, s.headings[0]) for s in inside), (ANSWER, ""), *((s.id, s.headings[0]) for s in after))


class NewAttempt:
    """An attempt file that grows.  It is a draft until `finish` finds all required parts in it."""

    def __init__(self, file: Path, front: Mapping[str, str], specs: tuple[PartSpec, ...]) -> None:
        self.file = file
        self._front = dict(front)
        self._specs = specs
        self._text = ""
        self._finished = False

    @property
    def text(self) -> str:
        """Return what was written so far."""
        return self._text

    @property
    def is_complete(self) -> bool:
        """Return whether the answer and all required parts are there."""
        parts = {part.id: part for part in split_parts(self._text, 1, self._specs)}
        required = [ANSWER, *(spec.id for spec in self._specs if spec.required)]
        return all(name in parts and not is_blank(parts[name].text) for name in required)

    @property
    def is_finished(self) -> bool:
        """Return whether the draft has become an attempt."""
        return self._finished

    def open(self) -> None:
        """Create the file; raises `StoreError` where that cannot be done."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("x", encoding="utf-8") as stream:
                stream.write(self._head() + UNFINISHED)
        except OSError as error:
            raise StoreError(f"cannot write {self.file}: {(error.strerror or str(error)).lower()}") from error

    def add(self, text: str) -> None:
        """Append `text` and push it to the disk."""
        self._text += text
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())

    def take(self, text: str) -> None:
        """Append a whole attempt; front matter of its own is left out."""
        head, mark, body = text.partition("\n---\n")
        self.add(body if text.startswith("---\n") and mark and "\n\n" not in head else text)

    def finish(self, **front: str) -> bool:
        """Make the draft an attempt where it is complete, with `front` added to its head; return whether it is."""
        self._front |= front
        if self.is_complete:
            self._replace(self._head() + self._text.strip() + "\n")
            self._finished = True
        return self.is_complete

    def discard_if_blank(self) -> bool:
        """Remove the file where nothing was written; return whether it was."""
        if not is_blank(self._text):
            return False
        self.file.unlink(missing_ok=True)
        return True

    def read_back(self) -> None:
        """Take over what an editor has made of the file; settings that it changed stay as they are there."""
        written = self.file.read_text(encoding="utf-8")
        head, mark, body = written.partition("\n---\n")
        if written.startswith("---\n") and mark:
            lines = [line.partition(":") for line in head.split("\n")[1:]]
            self._front = {key.strip(): value.strip() for key, colon, value in lines if colon}
            self._text = body.replace(UNFINISHED, "").lstrip("\n")
        else:
            self._text = written.replace(UNFINISHED, "")

    def template(self, headings: tuple[tuple[str, str], ...]) -> None:
        """Write the headings of the parts, to be filled in by an editor."""
        self._text = "\n\n\n".join(f"## {heading}" if heading else "" for _, heading in headings).strip("\n")
        self._text = f"\n{self._text}\n" if self._text else "\n"
        if headings and headings[0][0] == ANSWER:
            self._text = f"\n\n{self._text.lstrip()}"
        self._replace(self._head() + self._text)

    def _head(self) -> str:
        return "---\n" + "".join(f"{key}: {value}\n" for key, value in self._front.items()) + "---\n\n"

    def _replace(self, text: str) -> None:
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=".attempt-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(self.file)


def time_to_say(loaded: Loaded, question: Question, made: NewAttempt) -> SpokenTime:
    """Return how long an answer takes to say, by the same words as in every report."""
    rubric = loaded.rubrics[question.rubric]
    attempt = Attempt(question=question.id, author="", id="", parts=split_parts(made.text, 1, rubric.parts))
    return spoken_time(Case(question=question, attempt=attempt, rubric=rubric))


def new_attempt(loaded: Loaded, question: Question, *, author: str = "", world: World | None = None) -> NewAttempt:
    """Create today's next attempt at `question`, in the author's folder where it is not the configured one."""
    world = world or real_world()
    if not question.path.endswith("/question.yaml"):
        raise InputError(f"{question.path} holds its attempts itself", hint="add the attempt there, under 'attempts:'")
    if author and not all(c.isalnum() or c in "._-" for c in author):
        raise InputError(f"'{author}' cannot be an author's name", hint="letters, digits, '.', '_' and '-'")
    folder = (loaded.root / question.path).parent
    if author and author != loaded.config.author:
        folder /= author
    today = world.clock().astimezone().date().isoformat()
    file = next(
        f for f in (folder / f"{today}{end}.md" for end in ("", *(f"-{n}" for n in range(2, 1000)))) if not f.exists()
    )
    made = NewAttempt(file, {"date": today}, loaded.rubrics[question.rubric].parts)
    made.open()
    return made

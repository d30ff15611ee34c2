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

from evalharness.errors import BadId, InputError, InvalidFiles, StoreError, UnknownName
from evalharness.grading import workflow as grading
from evalharness.history.workflow import history_of
from evalharness.load import Loaded, lay_over, load_project, named, own_questions, told
from evalharness.load.find import QUESTION_FILE
from evalharness.load.places import check_project, free_folder, is_taken
from evalharness.load.questions import ID, build_question, check_author
from evalharness.load.shelf import Shelf
from evalharness.load.text_source import leaves
from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, PartSpec, Question, Rubric
from evalharness.practice.changes import Change, changes
from evalharness.practice.questions import limit_as_written, question_file
from evalharness.practice.ranking import Worth, worth
from evalharness.practice.sheet import UNFINISHED, head, piped, sheet, typed, with_setting
from evalharness.reports import states
from evalharness.reports.words import day
from evalharness.results.aggregate import SeriesResult
from evalharness.results.steps import STARTS, NextStep, Step, Timing, next_steps, rank, steps
from evalharness.store import written
from evalharness.text.foldernames import folder_name
from evalharness.text.front import front
from evalharness.text.parts import is_blank, repeated, split_parts
from evalharness.world import World, real_world

UNNAMED = "question"  # the folder of a question without a word
SCHEMAS = ".schemas"  # where `init` puts what editors read


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
    too_short: str = ""


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
        too_short=states.too_short(result),
    )


def project(world: World | None = None, *, question: str = "", may_be_empty: bool = False) -> Loaded:
    """Return the whole project; raises `InputError` where it has no question, unless it may be empty.

    Where `question` names one, what is broken elsewhere is left out and said; else examples take no part.
    """
    world = world or real_world()
    if not may_be_empty:
        check_project(world.cwd)
    loaded = load_project([], cwd=world.cwd, asked=named(question) if question else None)
    if loaded.elsewhere:
        world.say(told(loaded.elsewhere))
    found = loaded if question else own_questions(loaded)
    if not found.questions and not may_be_empty:
        example = f"; to try an example: evalharness practice {loaded.questions[0].id}" if loaded.questions else ""
        raise InputError(
            "there is no question of yours yet",
            hint=f'make one: evalharness new "Why us?"; or take them from a document: evalharness import DOC{example}',
            slug="nothing-yet",
        )
    return found


class NewAttempt:
    """An attempt file that grows.  It is a draft until `finish` finds all required parts in it."""

    def __init__(self, file: Path, front: Mapping[str, str], specs: tuple[PartSpec, ...]) -> None:
        self.file = file
        self._settings = "".join(f"{key}: {value}\n" for key, value in front.items())
        self._specs = specs
        self._text = ""
        self._finished = False
        self._spoken = False

    @property
    def text(self) -> str:
        """Return what was written so far."""
        return self._text

    @property
    def is_complete(self) -> bool:
        """Return whether the answer and all required parts are there, and none of them twice.

        What was spoken has no headings: there the answer is enough.
        """
        if repeated(self._text, 1, self._specs):
            return False
        return self._has(ANSWER) and (self._spoken or not self.missing)

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the headings of the required parts that are not there yet."""
        return tuple(spec.headings[0] for spec in self._specs if spec.required and not self._has(spec.id))

    def _has(self, name: str) -> bool:
        parts = {part.id: part for part in split_parts(self._text, 1, self._specs)}
        return name in parts and not is_blank(parts[name].text)

    @property
    def is_finished(self) -> bool:
        """Return whether the draft has become an attempt."""
        return self._finished

    def open(self) -> None:
        """Create the file; raises `StoreError` where that cannot be done."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("x", encoding="utf-8") as stream:
                stream.write(head(self._settings) + UNFINISHED)
        except OSError as error:
            raise StoreError(f"cannot write {self.file}: {(error.strerror or str(error)).lower()}") from error

    def add(self, text: str) -> None:
        """Append `text` and push it to the disk."""
        text = typed(text)
        self._text += text
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())

    def take(self, text: str) -> None:
        """Append a whole attempt; front matter of its own is left out.

        Raises `InputError` for what the loader would refuse.
        """
        trouble = front(text)
        if trouble.trouble:
            raise InputError(trouble.trouble, hint=trouble.hint)
        self.add(sheet(text).words)

    def take_bytes(self, data: bytes) -> None:
        """Append a whole attempt as another program writes it: UTF-8, whatever the locale says.

        Raises `InvalidFiles` or `InputError` for what the loader would refuse; the file is gone then.
        """
        try:
            self.take(piped(data))
        except InputError:
            self.file.unlink(missing_ok=True)
            raise

    def finish(self, **front: str) -> bool:
        """Make the draft an attempt where it is complete, with `front` added to its head; return whether it is."""
        for key, value in front.items():
            self._settings = with_setting(self._settings, key, value)
        if self.is_complete:
            self._replace(head(self._settings) + self._text.strip() + "\n")
            self._finished = True
        return self.is_complete

    def discard_if_blank(self) -> bool:
        """Remove the file where nothing was written; return whether it was."""
        if not is_blank(self._text):
            return False
        self.file.unlink(missing_ok=True)
        return True

    def hear(self, text: str) -> None:
        """Write down what was spoken."""
        self._spoken = True
        self.add(text)

    def read_back(self) -> None:
        """Take over what an editor has made of the file; settings that it changed stay as they are there."""
        settings, self._text = sheet(self.file.read_text(encoding="utf-8", errors="replace"))
        self._settings = settings or self._settings

    def template(self, headings: tuple[tuple[str, str], ...]) -> None:
        """Write the headings of the parts, to be filled in by an editor."""
        self._text = "\n\n\n".join(f"## {heading}" if heading else "" for _, heading in headings).strip("\n")
        self._text = f"\n{self._text}\n" if self._text else "\n"
        if headings and headings[0][0] == ANSWER:
            self._text = f"\n\n{self._text.lstrip()}"
        self._replace(head(self._settings) + self._text)

    def _replace(self, text: str) -> None:
        handle, name = tempfile.mkstemp(dir=self.file.parent, prefix=".attempt-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(self.file)


def rubric_of(loaded: Loaded, name: str) -> Rubric:
    """Return the rubric called `name`; raises `UnknownName`, or `InvalidFiles` where its file has problems."""
    shelf = Shelf(loaded.root, loaded.config.rubrics)
    if not name:
        raise InputError(
            "which rubric grades the answers?",
            hint=f"add --rubric with one of: {', '.join(shelf.names()) or 'none'}",
            slug="not-asked",
        )
    if name not in shelf.names():
        raise UnknownName("rubric", name, shelf.names())
    rubric = shelf.get(name)
    if rubric is None:
        raise InvalidFiles(shelf.problems())
    return rubric


def rubric_names(loaded: Loaded) -> tuple[str, ...]:
    """Return the ids of all rubrics that a question may name."""
    return Shelf(loaded.root, loaded.config.rubrics).names()


def new_question(loaded: Loaded, text: str, rubric: Rubric, *, time_limit: str = "", name: str = "") -> Question:
    """Write `question.yaml` into a new folder under `cases/` and return the question.

    Without a `name` the folder is named after the question; one of that name that has no question yet is taken.
    Raises `InputError` where that cannot be done.
    """
    cases = loaded.root / loaded.config.cases
    known = [question.id for question in loaded.questions]
    folder = name or free_folder(folder_name(text) or UNNAMED, cases, known)
    if not ID.fullmatch(folder):
        raise InputError(
            f"no folder can be named {folder!r}", hint="choose a name of letters, digits and '-': --id NAME"
        )
    limit = limit_as_written(time_limit)
    file = cases / folder / QUESTION_FILE
    if is_taken(folder, cases, known):
        raise InputError(
            f"there is a question called '{folder}' already", hint="choose another name: --id NAME", slug="exists"
        )
    first = _schema_line(loaded, file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(question_file(text, rubric, time_limit=limit, first=first), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error
    loaded.rubrics.setdefault(rubric.id, rubric)
    path = file.relative_to(loaded.root).as_posix()
    data = {"question": text, "rubric": rubric.id, **({"time_limit": limit} if limit else {})}
    return build_question(data, path=path, name=folder)


def remember(loaded: Loaded, command: str, *files: Path, world: World | None = None) -> None:
    """Note the files that a command made, so that `undo` can remove them."""
    written.remember(loaded.root, command, files, at=(world or real_world()).now())


def _schema_line(loaded: Loaded, file: Path) -> str:
    """Return the comment that names the schema to editors, where the project has schemas."""
    schema = loaded.root / SCHEMAS / "question.schema.json"
    if not schema.is_file():
        return ""
    return f"# yaml-language-server: $schema={Path(os.path.relpath(schema, file.parent)).as_posix()}\n"


def empty_draft(loaded: Loaded, question: Question, *, author: str = "", world: World | None = None) -> Path | None:
    """Return the attempt without a word that was begun before, now dated today; None where there is none."""
    world = world or real_world()
    folder = _folder_of(loaded, question, author)
    blank = [file for file in sorted(folder.glob("*.md")) if file.is_file() and _says_nothing(file)]
    if not blank:
        return None
    draft, today = blank[-1], _next_file(folder, world)
    text = draft.read_text(encoding="utf-8")
    dated = re.sub(r"^date: \d{4}-\d\d-\d\d$", f"date: {today.stem[:10]}", text, count=1, flags=re.MULTILINE)
    if dated == text:
        return draft
    today.write_text(dated, encoding="utf-8")
    draft.unlink()
    return today


def _says_nothing(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return not front(text).trouble and is_blank(sheet(text).words)


def new_attempt(loaded: Loaded, question: Question, *, author: str = "", world: World | None = None) -> NewAttempt:
    """Create today's next attempt at `question`, in the author's folder where it is not the configured one."""
    world = world or real_world()
    folder = _folder_of(loaded, question, author)
    file = _next_file(folder, world)
    made = NewAttempt(file, {"date": file.stem[:10]}, loaded.rubrics[question.rubric].parts)
    made.open()
    return made


def _folder_of(loaded: Loaded, question: Question, author: str) -> Path:
    """Return the folder of an author's attempts at `question`; raises `InputError` where it has none."""
    if not question.path.endswith("/question.yaml"):
        raise InputError(
            f"{question.path} contains its attempts itself", hint="add the attempt there, under 'attempts:'"
        )
    folder = (loaded.root / question.path).parent
    if not author or author == loaded.config.author:
        return folder
    check_author(author)
    own = folder / author
    if (own / QUESTION_FILE).exists():
        raise BadId(f"'{author}' is the folder of another question", hint="choose another name for the author")
    if own.is_symlink() and leaves(str(own), str(loaded.root)):
        raise BadId(f"the folder of '{author}' is a link that leaves the answers", hint="make it a folder")
    return own


def _next_file(folder: Path, world: World) -> Path:
    day = world.clock().astimezone().date().isoformat()
    taken = {file.stem.casefold() for file in folder.iterdir()} if folder.is_dir() else set()
    names = (f"{day}{end}" for end in ("", *(f"-{n}" for n in range(2, 1000))))
    free = next((name for name in names if name not in taken), "")
    if not free:
        raise InputError(f"{folder.name} holds 999 attempts of {day}", hint="remove some of them")
    return folder / f"{free}.md"

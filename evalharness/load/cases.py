"""found files -> questions and cases, joined with their rubrics; everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from evalharness.errors import Problem, nearest
from evalharness.load.asked import Candidate
from evalharness.load.attempts import Written, build_attempt, read_attempt, read_entries
from evalharness.load.document import Document
from evalharness.load.find import FoundQuestion
from evalharness.load.missions import mission_ids
from evalharness.load.questions import ReadQuestion, against_rubric, read_question
from evalharness.load.shelf import Shelf
from evalharness.load.words import listed, shown
from evalharness.model.nouns import Attempt, Case, Question, Rubric
from evalharness.text.foldernames import name_words


class ReadCases(NamedTuple):
    """Questions in the order of their paths, cases in the order of reports, drafts by their places.

    `candidates` are all questions, with what is wrong with each and its attempts; `told` stops nothing.
    """

    questions: tuple[Question, ...]
    cases: tuple[Case, ...]
    drafts: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    told: tuple[Problem, ...] = ()


def read_cases(found: Iterable[FoundQuestion], shelf: Shelf, *, author: str, language: str = "") -> ReadCases:
    """Return all cases of `found`; attempts that name nobody are `author`'s, and in `language`."""
    reader = _Reader(shelf, author, language)
    for question in sorted(found, key=lambda one: one.at.name):
        reader.read(question)
    reader.cases.sort(key=_order)
    drafts = tuple(sorted(reader.drafts))
    told = (*_asked_twice(reader.questions), *reader.told)
    return ReadCases(tuple(reader.questions), tuple(reader.cases), drafts, tuple(reader.candidates), told)


def _asked_twice(questions: Iterable[Question]) -> Iterator[Problem]:
    """Yield what is worth a look: two questions in the same words, under the same rubric, about the same company."""
    first: dict[tuple[object, ...], Question] = {}
    for question in questions:
        words = tuple(name_words(question.text) or question.text.split())
        other = first.setdefault((words, question.rubric, question.context), question)
        if other.path != question.path:
            yield Problem(
                path=question.path,
                message=f"this asks the same as {other.path}: two names for one question",
                hint="move the attempts into one of the folders and remove the other, so that they are one series",
                slug="same-question",
            )


def _order(case: Case) -> tuple[str, str, str, str]:
    return case.question.path, case.attempt.author, case.attempt.date, case.attempt.id


class _Reader:
    """Collects over all questions, so that equal ids are noticed."""

    def __init__(self, shelf: Shelf, author: str, language: str) -> None:
        self.questions: list[Question] = []
        self.cases: list[Case] = []
        self.drafts: list[str] = []
        self.candidates: list[Candidate] = []
        self.told: list[Problem] = []
        self._problems: list[Problem] = []
        self._shelf = shelf
        self._author = author
        self._language = language
        self._question_paths: dict[str, str] = {}
        self._attempt_places: dict[str, str] = {}

    def read(self, found: FoundQuestion) -> None:
        """Read one question and its attempts."""
        read = read_question(found)
        if read is None:
            return
        self._problems = []
        self._read(found, read)
        said = {key: read.document.mapping.get(key) for key in ("id", "rubric")}
        id_, rubric = (value if isinstance(value, str) else "" for value in said.values())
        self.candidates.append(Candidate(id_ or found.folder, found.at.name, rubric, tuple(self._problems)))

    def _read(self, found: FoundQuestion, read: ReadQuestion) -> None:
        self._problems.extend(read.problems)
        attempts = list(_written(found, read, self._author))
        for written in attempts:
            self._problems.extend(written.problems)
        question = read.question
        if question is None:
            return
        if self._language and not question.language:
            question = msgspec.structs.replace(question, language=self._language)
        self._keep(question, read.document)
        rubric = self._rubric(question, read.document)
        if rubric is not None:
            question = self.questions[-1] = _named(question, rubric)
            self._problems.extend(against_rubric(read.document, question, rubric))
            for written in attempts:
                if not written.problems:
                    self._attempt(written, question, rubric)

    def _keep(self, question: Question, document: Document) -> None:
        other = self._question_paths.setdefault(question.id, question.path)
        if other != question.path:
            message = f"two questions have the id '{question.id}': the other is {other}"
            hint = "rename one folder, or set 'id:'"
            keys = ["id"] if "id" in document.mapping else []
            self._problems.append(document.problem(keys, message, hint=hint, slug="duplicate"))
        self.questions.append(question)

    def _rubric(self, question: Question, document: Document) -> Rubric | None:
        known = self._shelf.names()
        if question.rubric not in known:
            guess = nearest(question.rubric, known)
            hint = f"did you mean '{guess}'?" if guess else f"known: {listed(list(known)) or 'none'}"
            message = f"there is no rubric {shown(question.rubric)}"
            self._problems.append(document.problem(["rubric"], message, hint=hint, slug="unknown-name"))
        return self._shelf.get(question.rubric)

    def _attempt(self, written: Written, question: Question, rubric: Rubric) -> None:
        read = build_attempt(written, question, rubric, self._author)
        self._problems.extend(read.problems)
        self.told.extend(read.told)
        if read.draft:
            self.drafts.append(read.draft)
        if read.attempt is not None:
            self._known(read.attempt, written)
            self.cases.append(Case(question=question, attempt=read.attempt, rubric=rubric))

    def _known(self, attempt: Attempt, written: Written) -> None:
        key = "id" if written.settings.get("id") else ""
        place = written.problem(key, "").place.rpartition(":")[0]
        other = self._attempt_places.setdefault(attempt.key, place)
        if other != place:
            message = f"two attempts have the key '{attempt.key}': the other is {other}"
            hint = "give one of them another 'id:'"
            self._problems.append(written.problem(key, message, hint=hint, slug="duplicate"))


def _named(question: Question, rubric: Rubric) -> Question:
    """Return the question with the ids of the missions that it claims by number or by name."""
    ids = mission_ids(question.missions, question, rubric)
    return msgspec.structs.replace(question, missions=tuple(dict.fromkeys(ids)))


def _written(found: FoundQuestion, read: ReadQuestion, author: str) -> Iterator[Written]:
    if found.attempts is not None:
        for attempt in found.attempts:
            yield read_attempt(attempt, author)
    elif read.question is not None:
        yield from read_entries(read.document)

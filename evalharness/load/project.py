"""paths -> everything a run needs, or every problem of every file at once."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from evalharness.console.paths import followed
from evalharness.errors import InvalidFiles, Problem, nearest
from evalharness.load.asked import Asked, sort
from evalharness.load.cases import read_cases
from evalharness.load.config import CONFIG_FILE, absolute, find_root, read_config
from evalharness.load.find import QUESTION_FILE, Finder, Found, FoundQuestion, is_talk
from evalharness.load.places import contents, is_project, where_else
from evalharness.load.shelf import Shelf
from evalharness.load.text_source import leaves
from evalharness.model.config import Config
from evalharness.model.nouns import Case, Question, Rubric
from evalharness.transcripts.reading import ENDINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A project, or the stretch of it that was asked for; nothing in it has a problem.

    `rubrics` by id: those that the questions use, and all of the project's where no paths were given.
    `cases` are ordered by question path, author, date, id.  `drafts` are attempts without an answer yet, as
    `path`, or `path:line` in the one-file form.  `elsewhere` are problems of what was not asked for; what has them
    is left out; `told` is what to look at, which stops nothing.  All paths but `root` are POSIX and relative to it.
    """

    root: Path
    config: Config
    rubrics: dict[str, Rubric]
    questions: tuple[Question, ...]
    cases: tuple[Case, ...]
    drafts: tuple[str, ...]
    elsewhere: tuple[Problem, ...] = ()
    told: tuple[Problem, ...] = ()

    def with_config(self, config: Config) -> Loaded:
        """Return the same project under `config`; what was read stays as it was read."""
        return replace(self, config=config)


class Project(NamedTuple):
    """Where a project begins, and its configuration."""

    root: Path
    config: Config


def find_project(paths: Sequence[Path] = (), *, cwd: Path) -> Project:
    """Return the project that `paths` (else `cwd`) lie in, without reading its cases.

    Raises `InvalidFiles` where its configuration has problems.
    """
    root = find_root(paths, followed(cwd))
    config, problems = read_config(root)
    if problems:
        raise InvalidFiles(problems, root=str(root))
    return Project(root, config)


DOCUMENTS = frozenset({".pdf", ".docx", ".odt", ".rtf", ".html", ".htm", ".txt"})


class _Target(NamedTuple):
    """What one path, or no path at all, asks for."""

    found: Found = Found()
    rubrics: tuple[str, ...] = ()


def load_project(paths: Sequence[Path], *, cwd: Path, asked: Asked | None = None) -> Loaded:
    """Return what `paths` (files or folders, relative to `cwd`) hold; without paths, the whole project.

    Raises `InvalidFiles` with every problem in these files, their `question.yaml`, the rubrics they use and
    the configuration.  Broken files elsewhere don't matter; nor do, with `asked`, those of other questions.
    """
    cwd = followed(cwd)
    root = find_root(paths, cwd)
    config, problems = read_config(root)
    shelf = Shelf(root, config.rubrics)
    targets = [_target(path, _Places(root, cwd, config, shelf)) for path in paths or [root]]
    for name in dict.fromkeys(name for target in targets for name in target.rubrics):
        shelf.get(name)
    questions = _merged(question for target in targets for question in target.found.questions)
    cases = read_cases(questions, shelf, author=config.author, language=config.language)
    layout = [problem for target in targets for problem in target.found.problems]
    sorted_ = sort(layout, cases.candidates, shelf, asked)
    if problems or sorted_.concerned:
        raise InvalidFiles([*problems, *sorted_.concerned], root=str(root))
    return Loaded(
        root=root,
        config=config,
        rubrics=shelf.rubrics(),
        questions=tuple(question for question in cases.questions if question.path not in sorted_.left_out),
        cases=tuple(case for case in cases.cases if case.question.path not in sorted_.left_out),
        drafts=cases.drafts,
        elsewhere=sorted_.elsewhere,
        told=tuple(dict.fromkeys((*(one for target in targets for one in target.found.told), *cases.told))),
    )


class _Places(NamedTuple):
    """Where things lie: what a path is compared with."""

    root: Path
    cwd: Path
    config: Config
    shelf: Shelf

    @property
    def cases(self) -> Path:
        return self.root / self.config.cases

    @property
    def rubrics(self) -> Path:
        return self.root / self.config.rubrics


def _target(path: Path, places: _Places) -> _Target:
    whole = absolute(path, places.cwd)
    if whole != places.root and leaves(str(whole), str(places.root)):
        message = f"this is outside the project {places.root.as_posix()}"
        return _wrong(path.as_posix(), message, "name paths of one project, inside its folder")
    if whole.is_dir():
        return _folder(whole, path, places)
    if not whole.exists():
        return _absent(whole, path, places)
    return _file(whole, path, places)


def _folder(folder: Path, path: Path, places: _Places) -> _Target:
    if folder == places.rubrics:
        return _Target(rubrics=places.shelf.own_names())
    if folder != places.cases and folder in places.cases.parents:
        if not places.cases.is_dir():
            if not is_project(folder):
                message = f"no answers are kept here: {contents(folder)}"
                return _wrong(path.as_posix(), message, where_else(folder, places.cwd), slug="no-project")
            message = f"there is no question yet: the folder '{places.config.cases}' is missing"
            hint = 'make one: evalharness new "Why us?"; or take them from a document: evalharness import DOC'
            return _wrong(path.as_posix(), message, hint)
        return _Target(Finder(places.root).folder(places.cases), places.shelf.own_names())
    return _Target(Finder(places.root).folder(folder))


def _file(file: Path, path: Path, places: _Places) -> _Target:
    finder = Finder(places.root)
    if file.name == CONFIG_FILE or file.name.lower() == "readme.md":
        return _Target()
    if file.parent == places.rubrics and file.suffix == ".yaml":
        return _Target(rubrics=(file.stem,))
    if file.name == QUESTION_FILE:
        return _Target(finder.folder(file.parent))
    if file.suffix == ".md" or (file.suffix in ENDINGS and is_talk(str(file))):
        return _Target(finder.attempt(file))
    if file.suffix == ".yaml":
        return _Target(finder.single(file))
    if any((folder / QUESTION_FILE).is_file() for folder in file.parents[:2]):
        return _wrong(path.as_posix(), "this file is not read: attempts end in .md", f"rename it to {file.stem}.md")
    hint = f"attempts end in .md, questions and rubrics in .yaml{' (not .yml)' if file.suffix == '.yml' else ''}"
    if file.suffix.lower() in DOCUMENTS:
        hint = f"{hint}; to take questions and answers out of a document: evalharness import {path.as_posix()}"
    return _wrong(path.as_posix(), "this is neither an attempt, a question nor a rubric", hint)


def _absent(whole: Path, path: Path, places: _Places) -> _Target:
    parent = next(folder for folder in whole.parents if folder.is_dir())
    missing = whole.relative_to(parent).parts[0]
    names = [entry.name for entry in parent.iterdir()]
    guess = nearest(missing, names)
    shown = Finder(places.root).name(str(parent / guess)) if guess else ""
    named = path.as_posix().replace("\\", "/").strip("/").rpartition("/")[2]
    owner = next(places.cases.rglob(f"{glob.escape(named)}/{QUESTION_FILE}"), None) if named else None
    if owner is not None:
        guess, shown = named, os.path.relpath(owner.parent, places.cwd)
    hint = f"did you mean '{shown}'?" if guess else "paths are files or folders under cases/, or rubrics"
    return _wrong(path.as_posix(), "there is no such file or folder", hint)


def _wrong(path: str, message: str, hint: str, *, slug: str = "no-such-file") -> _Target:
    shown = path if path.isprintable() else ascii(path)[1:-1]
    problem = Problem(path=shown, line=0, column=0, message=message, hint=hint, slug=slug)
    return _Target(Found(problems=(problem,)))


def _merged(questions: Iterable[FoundQuestion]) -> Iterator[FoundQuestion]:
    """Yield each question once, with the attempts of all paths that lead to it."""
    found: dict[str, FoundQuestion] = {}
    for question in questions:
        other = found.get(question.at.file)
        if other is None or other.attempts is None or question.attempts is None:
            found.setdefault(question.at.file, question)
        else:
            attempts = dict.fromkeys((*other.attempts, *question.attempts))
            found[question.at.file] = question._replace(attempts=tuple(attempts))
    yield from found.values()

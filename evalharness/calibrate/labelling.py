"""attempts, a person -> what is still to label, and each label on disk as soon as it is given."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml

from evalharness.criteria.labels import Said, basis, labelled, place
from evalharness.errors import InputError, StoreError
from evalharness.grading.workflow import load
from evalharness.load import Loaded
from evalharness.load.labels import LabelFile, load_labels, read_file
from evalharness.load.questions import ID, id_hint
from evalharness.model.nouns import Case, Criterion
from evalharness.plan.identity import digest
from evalharness.world import World


class Task(NamedTuple):
    """One attempt and the criteria that this person has not labelled yet, or whose text has changed since."""

    case: Case
    criteria: tuple[Criterion, ...]


class Desk(NamedTuple):
    """Everything one person needs to label: what is open, and what was given before."""

    loaded: Loaded
    rater: str
    tasks: tuple[Task, ...]
    given: int


def open_desk(paths: Sequence[Path], rater: str, world: World) -> Desk:
    """Return what `rater` has still to label among the attempts under `paths`.

    Attempts come in an order that depends on the rater alone: neither date nor folder tells which one was
    meant to be better, and raters who stop half-way have not all labelled the same half.
    """
    if not ID.fullmatch(rater) or "." in rater:
        raise InputError(f"'{rater}' cannot be a rater's name", hint=id_hint(rater.replace(".", "-"), "rater"))
    loaded = load(paths, {}, world)
    everything = load([], {}, world).cases if paths else loaded.cases
    files = load_labels(loaded.root, everything, author=loaded.config.author)
    mine = {file.case.key: file for file in files if file.rater == rater}
    tasks = [Task(case, _open(case, mine.get(case.key))) for case in loaded.cases]
    ordered = sorted(tasks, key=lambda task: digest((rater, task.case.key)))
    given = sum(len(labelled(task.case)) - len(task.criteria) for task in tasks)
    return Desk(loaded, rater, tuple(task for task in ordered if task.criteria), given)


def keep(desk: Desk, case: Case, criterion: Criterion, said: Said) -> Path:
    """Add one label to its file, replaced as a whole, and return the path.  What else stands there stays."""
    name = place(case, desk.rater, author=desk.loaded.config.author)
    path = desk.loaded.root / name
    before = read_file(path, name, case, desk.rater)[0] if path.exists() else None
    levels = {**(before.said if before else {}), criterion.id: said}
    read = {**(before.basis if before else {}), criterion.id: basis(case, criterion)}
    data = {"levels": {k: _plain(v) for k, v in levels.items()}, "basis": read}
    if before and before.notes:
        data["notes"] = before.notes
    _write(path, yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    return path


def _open(case: Case, file: LabelFile | None) -> tuple[Criterion, ...]:
    fresh = {label.criterion for label in file.labels() if not label.stale} if file else set()
    return tuple(criterion for criterion in labelled(case) if criterion.id not in fresh)


def _plain(said: Said) -> object:
    if isinstance(said, int):
        return said
    return dict(said) if isinstance(said, Mapping) else list(said)


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error

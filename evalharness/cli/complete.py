"""What the Tab key offers: questions, runs, rubrics, graders.  It reads the names of files, never their contents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import click

Completion: TypeAlias = Callable[[click.Context, click.Parameter, str], list[str]]

_DEEPEST = 6


def _offering(names: Callable[[], Iterable[str]]) -> Completion:
    """Return what offers those of `names` that begin as typed; whatever goes wrong, it offers nothing."""

    def complete(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
        try:
            return sorted({name for name in names() if name.startswith(typed)})
        except OSError:
            return []

    return complete


def _root() -> Path:
    from evalharness.load import find_root

    return find_root([], Path.cwd())


def _questions() -> Iterator[str]:
    return (path.name for path in _question_folders(_root() / "cases", 0))


def _question_folders(folder: Path, depth: int) -> Iterator[Path]:
    for each in folder.iterdir() if folder.is_dir() and depth < _DEEPEST else ():
        if each.is_dir() and each.name[0] not in "._":
            yield from [each] if (each / "question.yaml").is_file() else []
            yield from _question_folders(each, depth + 1)


def _runs() -> Iterator[str]:
    yield from ("latest", "previous", "sample")
    reports = _root() / "reports"
    if reports.is_dir():
        yield from (folder.name for folder in reports.iterdir() if (folder / "run.json").is_file())


def _rubrics() -> Iterator[str]:
    from evalharness.load.starter import starter_rubrics

    yield from starter_rubrics()
    yield from (file.stem for file in (_root() / "rubrics").glob("*.yaml"))


def _graders() -> Iterator[str]:
    from evalharness.plugins import graders

    yield "auto"
    yield from graders()


def _explained() -> Iterator[str]:
    from evalharness.explain import workflow

    yield from workflow.meanings()
    yield from workflow.titles()


QUESTIONS = _offering(_questions)
RUNS = _offering(_runs)
RUBRICS = _offering(_rubrics)
GRADERS = _offering(_graders)
EXPLAINED = _offering(_explained)

"""files -> problems, advice on rubrics, remarks on speaking.  No grading, no network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalharness.errors import InvalidFiles, Problem
from evalharness.lint import form, rubric_lint
from evalharness.lint.advice import Advice
from evalharness.load import load_project
from evalharness.load.document import Document
from evalharness.load.yaml_source import parse
from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, Case, Rubric
from evalharness.text import speaking, speech
from evalharness.world import World, real_world


class Figures(Noun):
    """The speaking figures of one attempt; `place` is the file."""

    place: str
    words: int
    seconds: float
    limit: float | None
    fillers: float
    hedges: float
    i: int
    we: int
    quantities: int
    is_english: bool = True


class Checked(Noun):
    """What `lint` found.  `problems` stop a run; `advice` does not.  Paths are relative to `root`."""

    problems: tuple[Problem, ...]
    advice: tuple[Problem, ...]
    figures: tuple[Figures, ...]
    attempts: int
    rubrics: int
    root: str = ""


def lint(paths: Sequence[str | Path] = (), *, world: World | None = None) -> Checked:
    """Return every problem of every file under `paths`, and what could be better in valid ones."""
    world = world or real_world()
    try:
        loaded = load_project([Path(path) for path in paths], cwd=world.cwd)
    except InvalidFiles as error:
        return Checked(problems=tuple(error.problems), advice=(), figures=(), attempts=0, rubrics=0, root=error.root)
    rubrics = [advice for rubric in loaded.rubrics.values() for advice in _rubric(rubric, loaded.root)]
    attempts: list[Problem] = []
    figures: list[Figures] = []
    today = world.clock().astimezone().date().isoformat()
    for case in loaded.cases:  # remarks and figures of one answer together: both rest on the same measures
        attempts += _attempt(case, today)
        figures.append(_figures(case))
    return Checked(
        problems=(),
        advice=tuple(sorted({*rubrics, *attempts, *loaded.told})),
        figures=tuple(figures),
        attempts=len(loaded.cases),
        rubrics=len(loaded.rubrics),
        root=str(loaded.root),
    )


def _rubric(rubric: Rubric, root: Path) -> list[Problem]:
    path = rubric.path or f"{rubric.id}.yaml"
    document = _document(root, path)
    found = []
    for advice in rubric_lint.advise(rubric):
        line, column = document.place(_keys(document, advice), of_key=True) if document else (1, 1)
        found.append(
            Problem(
                path=path,
                line=line,
                column=column,
                message=f"{advice.criterion}: {advice.message}" if advice.criterion else advice.message,
                hint=advice.hint or rubric_lint.RULES[advice.slug],
                slug=advice.slug,
            )
        )
    return found


def _document(root: Path, path: str) -> Document | None:
    """Return the file of a rubric with its places; None for one that comes with the package."""
    try:
        return parse((root / path).read_text(encoding="utf-8"), path)
    except OSError:
        return None


def _keys(document: Document, advice: Advice) -> tuple[str | int, ...]:
    """Return where in the file an advice points: ids of criteria, items and tags become places in their lists."""
    if not advice.criterion:
        return ()
    keys: tuple[str | int, ...] = ()
    here: Any = document.data
    for name in ("criteria", advice.criterion, *advice.within):
        if isinstance(here, list):
            named = (i for i, each in enumerate(here) if isinstance(each, dict) and str(each.get("id")) == name)
            index = next(named, int(name) if name.isdigit() and int(name) < len(here) else 0)
            keys, here = (*keys, index), here[index]
        else:
            keys, here = (*keys, name), here.get(name) if isinstance(here, dict) else None
    return keys


def _attempt(case: Case, today: str) -> list[Problem]:
    return [
        Problem(path=case.attempt.path, line=remark.line, message=remark.message, hint=remark.rule, slug=remark.slug)
        for remark in (*form.remarks(case, today), *speaking.remarks(case))
    ]


def _figures(case: Case) -> Figures:
    time, answer = speaking.spoken_time(case), case.attempt.part(ANSWER)
    manner = speech.speech(answer.text if answer else "")
    return Figures(
        place=case.attempt.path,
        words=time.words,
        seconds=time.seconds,
        limit=time.limit,
        fillers=manner.fillers,
        hedges=manner.hedges,
        i=manner.i,
        we=manner.we,
        quantities=len(manner.quantities),
        is_english=case.question.language == "en" if case.question.language else manner.is_english,
    )

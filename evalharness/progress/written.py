"""project, store -> `reports/PROGRESS.md` and its charts, written only where something changed."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from evalharness.errors import EvalHarnessError, InvalidFiles
from evalharness.grading.workflow import PROGRESS
from evalharness.load import Loaded, load_project
from evalharness.model.lazy import View
from evalharness.progress import chart, page, words
from evalharness.progress.series import Progress, SeriesProgress
from evalharness.progress.workflow import AGAIN, Looked, look_at, progress_of
from evalharness.progress.workflow import detail as detail_of
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.store.runs import Store
from evalharness.world import World

PAGE, CHARTS = PROGRESS, "progress"
OVERVIEW = "overview.svg"
_PLAIN = re.compile(r"[^a-z0-9]+")
_OURS = re.compile(r"(?:overview|[a-z0-9-]+-[0-9a-f]{6})\.svg")


def write(loaded: Loaded, world: World, *, whole: bool = False, again: str = AGAIN) -> Path | None:
    """Write the page of the project that `loaded` is of, and its charts; return its path, None if it was left.

    Settings are those of `loaded`; its attempts are read again unless it is the `whole` project.  What can't be
    read or written is said and leaves the page as it was: a run does not fail for it.
    """
    try:
        project = loaded if whole else _whole(loaded)
        return write_page(look_at(project, world), again)
    except EvalHarnessError as error:
        first = f" ({error.problems[0].place})" if isinstance(error, InvalidFiles) else ""
        world.say(f"{PAGE} was not written: {error.message.partition(';')[0]}{first}; see `evalharness lint`")
        return None


def write_page(looked: Looked, again: str = AGAIN) -> Path:
    """Write the page and its charts as they follow from what is stored, and return its path."""
    found = progress_of(looked, again)
    details = View(len(found.lines), lambda place: detail_of(looked, found.lines[place].series, again))
    files: dict[str, str] = {}
    for name, file, picture in _pictures(found, details):
        _replace(looked.store, CHARTS, file, picture)
        files[name] = file
    charts = {name: f"{CHARTS}/{file}" for name, file in files.items()}
    root = _way(looked.store.folder, looked.loaded.root)
    with contextlib.suppress(OSError):
        looked.store.folder.mkdir(parents=True, exist_ok=True)
    pieces = page.pieces(found, details, root=root, charts=charts)
    written = looked.store.write("", PAGE, pieces, changed=True)
    _remove_others(looked.store.folder / CHARTS, set(files.values()))
    return written


def _whole(loaded: Loaded) -> Loaded:
    return dataclasses.replace(load_project([], cwd=loaded.root), config=loaded.config)


def _way(start: Path, goal: Path) -> str:
    """Return the relative address from one folder to another, with a slash at its end."""
    with contextlib.suppress(ValueError):  # another drive
        return f"{Path(os.path.relpath(goal, start)).as_posix()}/"
    return f"{goal.as_posix()}/"


# --- charts ------------------------------------------------------------------------------------------------


def _pictures(found: Progress, details: Iterable[SeriesProgress]) -> Iterator[tuple[str, str, str]]:
    """Yield series name, file and SVG; the chart over all of them under the empty name."""
    days = found.moments[-page.MOST_DAYS :]
    if len(days) > 1:
        sides = dict.fromkeys(moment.since for moment in days)
        means = [[chart.Dot(m.date, m.mean) for m in days if m.since == since] for since in sides]
        first = min(moment.date for moment in days)
        lines = [dots for line in found.lines for dots in _dots(line.series, first)]
        drifts = [one.day for one in found.breaks] if len(means) > 1 else []
        title = "Mean score of the latest attempts over time"
        yield "", OVERVIEW, chart.overview(title, means, lines, drifts=drifts)
    for detail in details:
        if len(detail.series.results) > 1:
            name = detail.series.latest.case.attempt.series
            title = words.title(detail.series, several=found.several_authors)
            yield name, _file(name), chart.series(title, _points(detail))


def _dots(series: SeriesResult, first: str) -> list[list[chart.Dot]]:
    """Return the scores of a series in pieces: none joins what was graded on two sides of a found drift."""
    pieces: list[list[chart.Dot]] = [[]]
    for result, apart in zip(series.results, series.apart, strict=True):
        date, total = result.case.attempt.date, result.total
        if date >= first and total is not None:
            pieces += [[]] if apart else []
            pieces[-1].append(chart.Dot(date, total))
    return pieces


def _points(found: SeriesProgress) -> list[chart.Point]:
    points = [
        chart.Point(_day(result), result.total, half, result.case.attempt.self_score, apart.day if apart else "")
        for result, half, apart in zip(found.series.results, found.halves, found.series.apart, strict=True)
    ]
    return points[-page.MOST_ATTEMPTS :]


def _day(result: CaseResult) -> str:
    return result.case.attempt.date or result.case.attempt.id


def _file(series: str) -> str:
    """Return a file name that no series shares with another, whatever its letters."""
    plain = _PLAIN.sub("-", series.lower()).strip("-")[:60]
    return f"{plain or 'series'}-{hashlib.sha256(series.encode()).hexdigest()[:6]}.svg"


# --- disk --------------------------------------------------------------------------------------------------


def _replace(store: Store, folder: str, name: str, text: str) -> None:
    """Replace a file as a whole if it says something else; raises `StoreError` where it can't be written."""
    path = store.folder / folder / name
    with contextlib.suppress(OSError):
        if path.read_bytes() == text.encode("utf-8", "replace"):
            return
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
    store.write(folder, name, text)


def _remove_others(folder: Path, kept: set[str]) -> None:
    """Remove charts of ours that the page no longer shows."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if _OURS.fullmatch(file.name) and file.name not in kept:
                file.unlink()

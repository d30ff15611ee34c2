"""`progress`: what is stored -> series, what would tell more, and `reports/PROGRESS.md`.  Nothing is sent."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import re
import shlex
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from evalharness.calls.rules import open_calls
from evalharness.calls.runner import ordered
from evalharness.errors import EvalHarnessError, InputError, InvalidFiles, UnknownName
from evalharness.history.nouns import History
from evalharness.history.workflow import history_of, say_headless
from evalharness.load import EXAMPLE, Asked, Loaded, load_project, named, without_examples
from evalharness.load.noise import prior_of
from evalharness.load.workflow import load
from evalharness.model.breaks import is_current
from evalharness.model.lazy import View
from evalharness.model.nouns import HEURISTIC, Case, Graded
from evalharness.noise import Reading
from evalharness.plan.plan import make_plan
from evalharness.plugins import looking
from evalharness.progress import chart, page, words
from evalharness.progress.series import Advice, Price, Progress, SeriesProgress, series_progress
from evalharness.progress.series import progress as all_progress
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.changes import Grading, grading_of
from evalharness.results.settling import best_offer
from evalharness.store.runs import Store
from evalharness.world import World, real_world

AGAIN = "evalharness run"


class Looked(NamedTuple):
    """A project, its history under today's settings, and what is known of the grader's noise."""

    loaded: Loaded
    store: Store
    history: History
    grading: Grading
    world: World
    author: str = ""


def look(
    settings: Mapping[str, Any] | None = None,
    world: World | None = None,
    *,
    asked: Asked | None = None,
    author: str = "",
) -> Looked:
    """Return the whole project as today's settings see it, or one author's answers.

    With `asked`, what is broken elsewhere is left out.  Raises `UnknownName` for an author without an attempt.
    """
    world = world or real_world()
    settings = {**(settings or {}), **({"author": EXAMPLE} if author == EXAMPLE else {})}
    looked = look_at(load([], settings, world, asked=asked), world)
    say_headless(looked.store, world)
    return _of_author(looked, author) if author else looked


def _of_author(looked: Looked, author: str) -> Looked:
    series = looked.history.series
    whose = {each.latest.case.attempt.series: each.latest.case.attempt.author for each in series}
    if author not in whose.values():
        raise UnknownName("author", author, set(whose.values()))
    places = [place for place, name in enumerate(whose.values()) if name == author]
    history = msgspec.structs.replace(
        looked.history,
        series=View(len(places), lambda place: series[places[place]]),
        elsewhere=tuple(other for other in looked.history.elsewhere if whose.get(other.series) == author),
    )
    return looked._replace(history=history, author=author)


def look_at(loaded: Loaded, world: World) -> Looked:
    """Return a loaded project as its settings see it."""
    store, history = history_of(loaded, world)
    repeated = () if history.grader.deterministic else store.repeated(set(history.fingerprints.values()))
    prior = prior_of(loaded.root, loaded.config, history.grader)
    known = grading_of(history.grader, repeated, history.breaks, prior)
    return Looked(loaded, store, history, known, world)


def progress(settings: Mapping[str, Any] | None = None, *, world: World | None = None, again: str = AGAIN) -> Progress:
    """Return every series in one line; `again` is the command that grades, without paths."""
    return progress_of(look(settings, world), again)


def progress_of(looked: Looked, again: str = AGAIN) -> Progress:
    """Return every series of a project in one line."""
    chosen = f" --select {shlex.quote(f'/{looked.author}/')}" if looked.author else ""
    lacks_nothing = not looked.history.ungraded and not looked.history.stale
    regrade = None if lacks_nothing else advice(looked, looked.history.results, f"{again}{chosen} --all")
    asked = EXAMPLE in (looked.author, looked.loaded.config.author)
    return all_progress(looked.history, looked.grading, regrade, with_examples=asked)


def series(
    question: str,
    settings: Mapping[str, Any] | None = None,
    *,
    world: World | None = None,
    again: str = AGAIN,
    author: str = "",
) -> tuple[Looked, tuple[SeriesProgress, ...]]:
    """Return the series of one question, one for each author; raises `UnknownName` where there is none."""
    looked = look(settings, world, asked=named(question), author=author)
    chosen = find_series(looked.history.series, question)
    return looked, tuple(detail(looked, each, again) for each in chosen)


def detail(looked: Looked, each: SeriesResult, again: str = AGAIN) -> SeriesProgress:
    """Return one series in detail, with the commands that would tell more and their prices."""
    name = each.latest.case.attempt.series
    chosen = f"{again} --select {shlex.quote(f'{name}/')}"
    found = series_progress(
        each,
        looked.grading,
        elsewhere=[other for other in looked.history.elsewhere if other.series == name],
        regrade=advice(looked, each.results, f"{chosen} --all"),
        stale=looked.history.stale,
    )
    if found.reading is not Reading.WITHIN_NOISE:
        return found
    return msgspec.structs.replace(found, settle=_settling(looked, each, chosen))


def find_series(found: Sequence[SeriesResult], name: str) -> tuple[SeriesResult, ...]:
    """Return the series of a question, or the one series that is named; the end of a name is enough."""
    by_question = [s for s in found if s.latest.case.question.id == name]
    by_series = [s for s in found if s.latest.case.attempt.series == name.strip("/")]
    chosen = by_question or by_series or [s for s in found if name in s.latest.case.attempt.series]
    questions = {s.latest.case.question.id for s in chosen}
    if len(questions) == 1:
        return tuple(chosen)
    if questions:
        raise InputError(f"'{name}' names {len(questions)} questions", hint=f"for example {min(questions)}")
    raise UnknownName("question", name, {s.latest.case.question.id for s in found})


def advice(looked: Looked, results: Iterable[CaseResult], command: str, *, samples: int = 1) -> Advice | None:
    """Return the command that grades what is not stored of these attempts, and its price; None if all is.

    What was graded before a found drift is not stored for the grader as it is now.
    """
    stale, breaks = looked.history.stale, looked.history.breaks
    chosen: list[Case] = []
    stored: set[str] = set()
    for result in results:
        if samples > 1 or result.ungraded or result.case.key in stale:
            chosen.append(result.case)
            grades = (grade for score in result.scores for grade in score.grades)
            graded = (grade for grade in grades if isinstance(grade.outcome, Graded) and is_current(breaks, grade))
            stored.update(grade.key for grade in graded)
    if not chosen or (samples > 1 and looked.history.grader.deterministic):
        return None
    return Advice(command=command, price=_price(looked, chosen, stored, samples))


def _settling(looked: Looked, each: SeriesResult, chosen: str) -> Advice | None:
    """Return the command whose extra samples may settle an unclear change, and their price; None where none may."""
    offer = best_offer(each, looked.grading, most=looked.loaded.config.samples_read, beyond=1.0)
    grader = looking(looked.loaded, looked.world)
    estimate = getattr(grader, "estimate", None)
    if offer is None:
        return None
    command = f"{chosen} --max-samples {max(offer.sides)}"
    if estimate is None:
        return Advice(command=command, price=Price(calls=offer.calls, usd=None), again=offer.again)
    plan = make_plan([each.latest.case], grader.id, grader.reads, samples=1)
    first = estimate(ordered(open_calls(plan.slots, grader, ()), grader.id.mode))
    part = offer.calls / first.requests if first.requests else 0.0
    usd, low, high = (None if sum_ is None else sum_ * part for sum_ in (first.usd, first.usd_low, first.usd_high))
    return Advice(command=command, price=Price(calls=offer.calls, usd=usd, low=low, high=high), again=offer.again)


def _price(looked: Looked, cases: Sequence[Case], stored: Container[str], samples: int) -> Price:
    grader = looking(looked.loaded, looked.world)
    estimate = getattr(grader, "estimate", None)
    if estimate is None:
        return Price()
    redactions = () if grader.id.name == HEURISTIC else looked.loaded.config.redact
    plan = make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    found = estimate(ordered(open_calls(plan.slots, grader, stored), grader.id.mode))
    return Price(calls=found.requests, usd=found.usd, low=found.usd_low, high=found.usd_high)


PAGE, CHARTS = "PROGRESS.md", "progress"


OVERVIEW = "overview.svg"


_PLAIN = re.compile(r"[^a-z0-9]+")


_OURS = re.compile(r"^(?:overview|[a-z0-9-]{1,200}-[0-9a-f]{6})\.svg")


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
        world.say(f"{PAGE} was not written: {error.message.partition(': ')[0]}{first}; see `evalharness lint`")
        return None


def write_page(looked: Looked, again: str = AGAIN) -> Path:
    """Write the page and its charts as they follow from what is stored, and return its path."""
    found = progress_of(looked, again)
    shown = page.shown(found)
    several = [found.lines[place].series for place in shown if len(found.lines[place].series.results) > 1]
    files = {name: _file(name) for name in (series.latest.case.attempt.series for series in several)}
    if picture := _overview(found):
        files[""] = OVERVIEW
        _replace(looked.store, CHARTS, OVERVIEW, picture)

    def charted(each: SeriesProgress) -> SeriesProgress:
        """Write the chart of a series whose section is written next, so that it is looked at once for both."""
        if file := files.get(each.series.latest.case.attempt.series):
            _replace(looked.store, CHARTS, file, chart.series(words.title(each.series, several=authors), _points(each)))
        return each

    authors = found.several_authors
    details = (charted(detail(looked, found.lines[place].series, again)) for place in shown)
    charts = {name: f"{CHARTS}/{file}" for name, file in files.items()}
    root = _way(looked.store.folder, looked.loaded.root)
    with contextlib.suppress(OSError):
        looked.store.folder.mkdir(parents=True, exist_ok=True)
    pieces = page.pieces(found, details, root=root, charts=charts)
    written = looked.store.write("", PAGE, pieces, changed=True)
    _remove_others(looked.store.folder / CHARTS, set(files.values()))
    return written


def _whole(loaded: Loaded) -> Loaded:
    return without_examples(dataclasses.replace(load_project([], cwd=loaded.root), config=loaded.config))


def _way(start: Path, goal: Path) -> str:
    """Return the relative address from one folder to another, with a slash at its end."""
    with contextlib.suppress(ValueError):  # another drive
        return f"{Path(os.path.relpath(goal, start)).as_posix()}/"
    return f"{goal.as_posix()}/"


def _overview(found: Progress) -> str:
    """Return the chart over all series; an empty text where there is one day alone."""
    days = found.moments[-page.MOST_DAYS :]
    if len(days) < 2:
        return ""
    sides = dict.fromkeys(moment.since for moment in days)
    means = [[chart.Dot(m.date, m.mean) for m in days if m.since == since] for since in sides]
    first = min(moment.date for moment in days)
    each = found.lines if len(found.lines) <= page.MOST_SECTIONS else ()
    lines = [dots for line in each for dots in _dots(line.series, first)]
    drifts = [one.day for one in found.breaks] if len(means) > 1 else []
    return chart.overview("Mean score of the latest attempts over time", means, lines, drifts=drifts)


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

"""what is stored -> `progress` and `compare`: the edge that loads, looks and estimates.  Nothing is sent."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from evalharness.calls.runner import ordered
from evalharness.compare.comparison import Comparison, Standing
from evalharness.compare.comparison import compare as compare_runs
from evalharness.drift.anchors import known_breaks
from evalharness.errors import InputError, UnknownName
from evalharness.grading.fill import open_calls
from evalharness.grading.workflow import as_known_now, load
from evalharness.history.nouns import History
from evalharness.history.workflow import history_of, looking, say_headless
from evalharness.load import Asked, Loaded, find_root, named, read_config
from evalharness.model.breaks import Break, is_current
from evalharness.model.lazy import View
from evalharness.model.nouns import HEURISTIC, Case, GraderId
from evalharness.noise import Reading
from evalharness.plan.plan import make_plan
from evalharness.progress.series import Advice, Price, Progress, SeriesProgress, grading_of, series_progress
from evalharness.progress.series import progress as all_progress
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.changes import Grading
from evalharness.store.runs import Store
from evalharness.world import World, real_world

AGAIN = "evalharness run"
TO_MEASURE = 3  # samples of each of two attempts
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


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
    looked = look_at(load([], settings or {}, world, asked=asked), world)
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
    known = _grading(store, history.grader, history.fingerprints.values(), history.breaks)
    return Looked(loaded, store, history, known, world)


def progress(settings: Mapping[str, Any] | None = None, *, world: World | None = None, again: str = AGAIN) -> Progress:
    """Return every series in one line; `again` is the command that grades, without paths."""
    return progress_of(look(settings, world), again)


def progress_of(looked: Looked, again: str = AGAIN) -> Progress:
    """Return every series of a project in one line."""
    chosen = f" --select {shlex.quote(f'/{looked.author}/')}" if looked.author else ""
    regrade = advice(looked, looked.history.results, f"{again}{chosen} --all")
    return all_progress(looked.history, looked.grading, regrade)


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
    if found.reading is not Reading.NOT_MEASURED:
        return found
    measure = advice(looked, each.results[-2:], f"{chosen} --samples {TO_MEASURE}", samples=TO_MEASURE)
    return msgspec.structs.replace(found, measure=measure)


def compare(
    before: str,
    after: str,
    settings: Mapping[str, Any] | None = None,
    *,
    world: World | None = None,
    again: str = AGAIN,
) -> tuple[Comparison, Advice | None]:
    """Return the comparison of two stored runs, and the command that would make more of them comparable.

    A run is named by its id, the beginning of one, `latest`, `previous`, its folder, or a day (UTC): the newest run
    of that day or before.
    """
    world = world or real_world()
    root = find_root((), world.cwd)
    store = Store(root / ((settings or {}).get("reports") or read_config(root).config.reports))
    say_headless(store, world)
    names = [resolve(store, name) for name in (before, after)]
    if names[0] == names[1]:
        others = len(store.runs()) > 1
        raise InputError(
            f"both names mean run {names[0]}, which has nothing to be compared with",
            hint="`evalharness compare previous latest` compares the last two"
            if others
            else "it is the only one; a second one appears once an answer has changed",
        )
    runs = [as_known_now(store.read(name), root) for name in names]
    prints = {value for run in runs for value in run.meta.fingerprints.values()}
    grader = max((run.meta for run in runs), key=lambda meta: meta.started).grader
    breaks = known_breaks(root, grader)
    found = compare_runs(runs[0], runs[1], _grading(store, grader, prints, breaks))
    return found, _regrade(found, settings, world, again)


def resolve(store: Store, name: str) -> str:
    """Return the id of the run that a person means; a day is the newest run of that day or before, in UTC."""
    day = _DAY.fullmatch(name)
    if not day:
        return store.resolve(name)
    runs = store.runs()
    found = next((run for run in runs if run[:8] <= "".join(day.groups())), None)
    if found is None:
        raise UnknownName("run", name, runs, hint=f"no run is as old as that; the first is {runs[-1]}" if runs else "")
    return found


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
            stored.update(grade.key for grade in grades if is_current(breaks, grade))
    if not chosen or (samples > 1 and looked.history.grader.deterministic):
        return None
    return Advice(command=command, price=_price(looked, chosen, stored, samples))


def _price(looked: Looked, cases: Sequence[Case], stored: Container[str], samples: int) -> Price:
    grader = looking(looked.loaded, looked.world)
    estimate = getattr(grader, "estimate", None)
    if estimate is None:
        return Price()
    redactions = () if grader.id.name == HEURISTIC else looked.loaded.config.redact
    plan = make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    found = estimate(ordered(open_calls(plan.slots, grader, stored), grader.id.mode))
    return Price(calls=found.requests, usd=found.usd, low=found.usd_low, high=found.usd_high)


def _regrade(found: Comparison, settings: Mapping[str, Any] | None, world: World, again: str) -> Advice | None:
    """Return what grades the attempts that can't be compared under today's settings; None if not needed."""
    names = {row.series for row in found.of(Standing.NOT_COMPARABLE)}
    if not names:
        return None
    try:
        loaded = load([], settings or {}, world)
        store, history = history_of(loaded, world, others=False)
    except InputError:
        return None  # the runs are stored for good; the files may have moved on
    looked = Looked(loaded, store, history, Grading(), world)
    results = (result for result in history.results if result.case.attempt.series in names)
    return advice(looked, results, f"{again} --all")


def _grading(store: Store, grader: GraderId, prints: Collection[str], breaks: Sequence[Break]) -> Grading:
    return grading_of(grader, () if grader.deterministic else store.repeated(set(prints)), breaks)

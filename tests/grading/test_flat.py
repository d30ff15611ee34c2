"""What a run takes in memory does not grow with its grades: they are read where they are looked at, and let go.

Nothing is timed here: what is alive at once is counted, and what is allocated is traced.
"""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness import plugins
from evalharness.errors import StoreError
from evalharness.gate import rulings as gate
from evalharness.history.nouns import History
from evalharness.load import load_project
from evalharness.model.breaks import Break
from evalharness.model.config import Gate
from evalharness.model.lazy import Unkept, View
from evalharness.model.nouns import (
    Attempt,
    Criterion,
    Grade,
    Graded,
    GraderId,
    Level,
    Part,
    Question,
    Quote,
    Rubric,
    Scale,
)
from evalharness.model.run import Run, RunMeta
from evalharness.plan.identity import digest, digest_of_lists
from evalharness.progress import page
from evalharness.progress import workflow as looking_back
from evalharness.progress.series import progress, series_progress
from evalharness.reports import terminal
from evalharness.reports.markdown.pieces import MANY, table
from evalharness.results.aggregate import summarise
from evalharness.results.changes import grading_of
from evalharness.store.lines import Held
from evalharness.store.runs import Store
from tests.support import world_at, write_project

SERIES, CRITERIA = 80, ("first", "second", "third")
AT_ONCE = 20 * len(CRITERIA)  # grades: of the attempts shown together (ten to practise), never of all 160
ANCHORS = tuple(Level(level=n, text=f"Something of degree {n} stands there.") for n in (1, 3, 5))
DAYS = ("2026-09-01", "2026-09-02")
DRIFT = Break(clean=f"{DAYS[0]}T14:00:00Z", found=f"{DAYS[1]}T09:00:00Z")  # between all first and all second attempts
TEXT = "I moved the export to a queue because late files kept people waiting. " * 20


class Counted(Grade, weakref=True, gc=True):
    """A grade whose end is noticed."""


class Counting(Unkept[Grade]):
    """The grades of a run, made when looked at; knows how many are alive, and how many were at most."""

    def __init__(self, attempts: Sequence[Attempt]) -> None:
        self.cases = [attempt.key for attempt in attempts]
        self.alive = self.most = self.made = 0

    def __len__(self) -> int:
        return len(self.cases) * len(CRITERIA)

    def __getitem__(self, row):  # type: ignore[no-untyped-def]  # one row only
        place, number = divmod(row, len(CRITERIA))
        if place >= len(self.cases):
            raise IndexError(row)
        return self._make(self.cases[place], CRITERIA[number])

    def of_case(self, case: str) -> tuple[Grade, ...]:
        return tuple(self._make(case, name) for name in CRITERIA)

    def has(self, slot: tuple[str, str, int]) -> bool:
        return slot[0] in self.cases and slot[1] in CRITERIA and slot[2] == 1

    def _make(self, case: str, criterion: str) -> Grade:
        made = Counted(
            key=digest((case, criterion)),
            fingerprint=criterion,
            case=case,
            criterion=criterion,
            at=f"{case.rpartition('/')[2]}T12:00:00Z",
            outcome=Graded(level=2.0 + len(case + criterion) % 3, evidence=(quote(),), reason="It says what was done."),
        )
        self.made += 1
        self.alive += 1
        self.most = max(self.most, self.alive)
        weakref.finalize(made, self._gone)
        return made

    def _gone(self) -> None:
        self.alive -= 1


def quote() -> Quote:
    return Quote(part="answer", start=0, end=33, text=TEXT[:33])


def run_of(series: int, breaks: tuple[Break, ...] = ()) -> Run:
    attempts = tuple(
        Attempt(question=f"q{n}", author="me", id=day, date=day, parts=(Part(id="answer", text=TEXT),))
        for n in range(series)
        for day in DAYS
    )
    rubric = Rubric(
        id="bench",
        title="Bench",
        criteria=tuple(Criterion(id=name, title=name, kind=Scale(levels=ANCHORS)) for name in CRITERIA),
    )
    meta = RunMeta(
        id="20261120T120000Z-0001",
        started="2026-11-20T12:00:00Z",
        version="1",
        grader=GraderId(name="anthropic", version="1", model="m"),
        planned=len(attempts) * len(CRITERIA),
        breaks=breaks,
        questions=tuple(Question(id=f"q{n}", text="What did you do?", rubric="bench") for n in range(series)),
        rubrics=(rubric,),
    )
    return Run(meta=meta, attempts=attempts, grades=Counting(attempts))


def markdown(run: Run) -> None:
    for _ in plugins.pieces("md")(run):
        pass


def screen(run: Run) -> None:
    terminal.render(run, width=100, colour=False)


def rulings(run: Run) -> None:
    gate.judge(run, Gate(min_score=3.0))


def progress_page(run: Run) -> None:
    known = grading_of(run.meta.grader, (), run.meta.breaks)
    found = progress(history_of(run), known)
    shown = page.shown(found)
    details = View(len(shown), lambda place: series_progress(found.lines[shown[place]].series, known))
    for _ in page.pieces(found, details):
        pass


def history_of(run: Run) -> History:
    before = frozenset(attempt.key for attempt in run.attempts if attempt.date == DAYS[0])
    return History(
        grader=run.meta.grader,
        series=summarise(run).series,
        rubrics=(),
        breaks=run.meta.breaks,
        stale=before if run.meta.breaks else frozenset(),
    )


@pytest.mark.parametrize("breaks", [(), (DRIFT,)], ids=["one grader", "a grader that drifted"])
@pytest.mark.parametrize("look", [markdown, rulings, progress_page])
def test_a_report_of_many_series_holds_the_grades_of_a_few_at_once(
    look: Callable[[Run], None], breaks: tuple[Break, ...]
) -> None:
    """Whatever goes over all series takes them one by one."""
    run = run_of(SERIES, breaks)
    assert isinstance(run.grades, Counting)

    look(run)
    gc.collect()

    assert run.grades.made >= len(run.grades)
    assert run.grades.most <= AT_ONCE


def test_one_author_and_the_price_of_grading_again_hold_a_few_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a drift every older attempt is to be graded again, and one author may have them all."""
    run = run_of(SERIES, (DRIFT,))
    root = write_project(tmp_path, config="grader: heuristic\n")
    looked = looking_back.look_at(load_project([], cwd=root), world_at(root))._replace(history=history_of(run))
    monkeypatch.setattr(looking_back, "look_at", lambda *_: looked)

    found = looking_back.progress_of(looking_back.look(world=world_at(root), author="me"))

    assert isinstance(run.grades, Counting)
    assert (found.figures.series, found.drifted, found.not_of_today.outdated) == (SERIES, SERIES, SERIES)
    assert found.regrade is not None
    assert run.grades.most <= AT_ONCE


def test_the_screen_holds_the_grades_of_the_rows_it_shows(tmp_path: Path) -> None:
    """Forty rows are shown, however many there are."""
    few, many = run_of(terminal.MOST_ROWS), run_of(4 * terminal.MOST_ROWS)
    screen(few)
    screen(many)

    assert isinstance(few.grades, Counting)
    assert isinstance(many.grades, Counting)
    assert many.grades.most <= few.grades.most + AT_ONCE


def stored(folder: Path, count: int) -> Store:
    store = Store(folder)
    meta = run_of(1).meta
    writer = store.create(meta, ())
    writer.append(grades(count))
    writer.close()
    return store


def grades(count: int) -> Iterator[Grade]:
    for n in range(count):
        outcome = Graded(level=3.0, evidence=(quote(),), reason="word " * 500)
        yield Grade(
            key=f"{n:032x}", fingerprint="f" * 32, case=f"q{n // 5}/me/a", criterion=f"c{n % 5}", outcome=outcome
        )


def test_a_stored_run_stays_in_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening it, going through it and looking for all its grades takes a small part of what a large one holds."""
    count, most_held = 9000, 8 << 20
    monkeypatch.setattr(Held, "room", most_held)
    store = stored(tmp_path, count)
    name = store.runs()[0]
    size = (tmp_path / name / "grades.jsonl").stat().st_size
    tracemalloc.start()
    try:
        run, found = store.read(name), store.find(f"{n:032x}" for n in range(count))
        seen = sum(len(grade.outcome.reason) for grade in run.grades if isinstance(grade.outcome, Graded))
        copied = sum(len(found[f"{n:032x}"].key) for n in range(count))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert (seen > size / 2, copied, size > 2 * most_held) == (True, 32 * count, True)
    assert most < size / 2


def test_a_run_that_is_taken_away_while_it_is_read_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was there when the run was opened is gone: one clear error, no half report."""
    monkeypatch.setattr(Held, "room", 0)
    store = stored(tmp_path, 400)
    run = store.read(store.runs()[0])
    (tmp_path / run.meta.id / "grades.jsonl").unlink()

    with pytest.raises(StoreError, match="changed or removed while it was read"):
        list(run.grades)


def test_what_does_not_fit_is_not_found_and_what_was_found_may_be_left_out(tmp_path: Path) -> None:
    """As a found drift asks for it; what is left out is as if it had never been found."""
    keys = [f"{n:032x}" for n in range(12)]
    stored(tmp_path, 12)

    found = Store(tmp_path, lambda grade: grade.criterion != "c1").find(keys)
    left = found.without({keys[0]})

    assert [key for key in keys if key not in found] == [keys[1], keys[6], keys[11]]
    assert (len(found), len(left), keys[0] in left, left.get(keys[0])) == (9, 8, False, None)
    assert left[keys[2]] == found[keys[2]]


def test_a_slot_that_was_filled_twice_has_the_later_grade_in_the_first_place(tmp_path: Path) -> None:
    """As one dictionary would say it; and each attempt's grades are found by its name."""
    store = stored(tmp_path, 12)
    again = Grade(key="a" * 32, fingerprint="f", case="q0/me/a", criterion="c1", outcome=Graded(level=5.0))
    file = tmp_path / store.runs()[0] / "grades.jsonl"
    file.write_bytes(file.read_bytes() + b'{"key":"no grade"}\n' + msgspec.json.encode(again) + b'\n{"key":"torn')

    run = store.read(store.runs()[0])

    assert len(run.grades) == 12
    assert run.grades[1] == again
    assert run.by_case().of_case("q0/me/a") == run.grades[:5]
    assert run.by_case().has(("q0/me/a", "c1", 1))
    assert not run.by_case().has(("q0/me/a", "c1", 2))
    assert not run.by_case().has(("q9/me/a", "c1", 1))


@given(st.lists(st.one_of(st.text(), st.integers(), st.lists(st.one_of(st.text(), st.none())).map(tuple))))
def test_a_digest_in_pieces_is_the_digest(parts: list[object]) -> None:
    """Stored runs carry it: it must not depend on how it was computed."""
    assert digest_of_lists(parts) == digest(parts)


@pytest.mark.parametrize("wide", [1, 40])
def test_a_long_table_made_in_lots_is_one_table(wide: int) -> None:
    """Every row is as wide as in one piece; the widest cell may stand in any lot."""
    rows = [(f"{'漢' * (n % 7)} {n}", "x" * (n % 97), "word " * (n % wide + 1)) for n in range(3 * MANY + 1)]
    whole = table(("One", "Two", "Three"), rows, align="<><")
    lines = whole.split("\n")

    assert len(lines) == len(rows) + 2
    if wide == 1:
        short = table(("One", "Two", "Three"), [rows[n] for n in (6, 96, 594)], align="<><").split("\n")
        assert [lines[2 + n] for n in (6, 96, 594)] == short[2:]


def test_a_view_is_a_sequence_that_equals_a_tuple() -> None:
    """Places from both ends, slices, equality; nothing is made before it is looked at."""
    made: list[int] = []

    def make(place: int) -> int:
        made.append(place)
        return place * place

    view = View(4, make)

    assert made == []
    assert (view[0], view[-1], view[1:3]) == (0, 9, (1, 4))
    assert view == (0, 1, 4, 9)
    assert view != (0, 1, 4)
    assert view != "0149"
    assert repr(view) == "<4 members, made when looked at>"
    with pytest.raises(IndexError):
        view[4]

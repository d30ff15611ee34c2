"""runs <-> `reports/`: one folder a run, plain text, appended or replaced as a whole.

    reports/<run id>/run.json        what was planned, under which identity, how it ended
                     attempts.jsonl  the attempts as they were that day, one a line
                     grades.jsonl    one grade a line, appended as it arrives
                     report.md ...   rendered from the three above

A line without its newline was torn by a crash and does not count.  `reports/sample/` and folders without a
`run.json` are no history.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.errors import InputError, StoreError, UnknownName
from evalharness.model import records
from evalharness.model.breaks import Break, is_current
from evalharness.model.noun import Noun, OnScale
from evalharness.model.nouns import Attempt, By, Grade, Graded, Outcome, Ungraded, Why
from evalharness.model.run import Run, RunMeta, RunState
from evalharness.plan.batch import BatchNote, pending
from evalharness.plan.identity import DIGITS
from evalharness.store.files import T, age_of, chunks, close_torn, guard, replace_whole, store_error, write_all
from evalharness.store.lines import KEY, Found, StoredAttempts, StoredGrades
from evalharness.store.lines import lines_of as whole_lines
from evalharness.store.linked import Link, LinkedGrades, linked_attempts
from evalharness.store.writer import GRADES, RUN, RunWriter, encoder, with_reused

SAMPLE: Final = "sample"
ATTEMPTS, BATCHES = "attempts.jsonl", "batches.jsonl"

_ID: Final = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")
_STAMP: Final = "%Y%m%dT%H%M%SZ"

_FIRST = KEY.stop + len(b'","fingerprint":"')
_FINGERPRINT = slice(_FIRST, _FIRST + DIGITS)


_grades = records.Decoder(Grade)
_attempts = records.Decoder(Attempt)
_notes = records.Decoder(BatchNote)
_metas = records.Decoder(RunMeta)


class Journal:
    """The batches of all runs: read from every run's `batches.jsonl`, noted in this run's, flushed to the disk."""

    def __init__(self, store: Store, folder: Path, host: str) -> None:
        self._store, self._path, self._host = store, folder / BATCHES, host

    def pending(self) -> tuple[BatchNote, ...]:
        """Return the batches at this host that no process has collected, oldest first."""
        files = [self._store.folder / run / BATCHES for run in reversed(self._store.runs())]
        notes = (note for file in files for note in _decoded(_notes, lines_of(file)))
        return pending(notes, self._host)

    def note(self, note: BatchNote) -> None:
        """Append one note and see it on the disk: what follows may cost money."""
        guard(lambda: self._append_synced(encoder.encode(note) + b"\n"), self._path)

    def _append_synced(self, data: bytes) -> None:
        with self._path.open("ab", buffering=0) as file:
            write_all(file.fileno(), data)
            os.fsync(file.fileno())


class Store:
    """All runs under one `reports/` folder.  Reading never writes; a missing folder is an empty history.

    `fits` says which stored grades may stand in a run that is made now: those from before a found drift may not.
    `also` is another folder of runs whose grades are found too, and copied where they are used.
    """

    def __init__(
        self, folder: Path, fits: Callable[[Grade], bool] = lambda _: True, *, also: Path | None = None
    ) -> None:
        self.folder = folder
        self.fits = fits
        self._also = also
        self._links: dict[str, tuple[tuple[int, int], Link]] = {}

    def runs(self) -> tuple[str, ...]:
        """Return the ids of all stored runs, newest first."""
        return tuple(filter(self.is_run, self.names()))

    def names(self) -> tuple[str, ...]:
        """Return the names of all folders that may be runs, newest first, without looking into them."""
        try:
            with os.scandir(self.folder) as entries:
                names = [e.name for e in entries if e.name != SAMPLE and e.name[:1].isdigit() and e.is_dir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise store_error(error, self.folder) from error
        return tuple(sorted(names, reverse=True))

    def is_run(self, name: str) -> bool:
        """Return whether a folder holds what looks like a whole `run.json`: not cut, not empty, no marks of a merge."""
        try:
            data = read_bytes(self.folder / name / RUN)
        except OSError:
            return False
        return data.startswith(b"{") and data.rstrip().endswith(b"}") and b"\n<<<<<<< " not in data

    def headless(self) -> tuple[str, ...]:
        """Return the folders that hold grades and no whole `run.json`, which makes them no run: nothing reads them."""
        return tuple(sorted(name for name in self.names() if self._grades_of(name) and not self.is_run(name)))

    def _grades_of(self, run: str) -> bool:
        """Return whether a folder holds a grade: a run that begins has its `run.json` before its first one."""
        with contextlib.suppress(OSError):
            return (self.folder / run / GRADES).stat().st_size > 0
        return False

    def next_id(self, proposed: str) -> str:
        """Return `proposed`, or the id after the newest run's where that is later: ids sort as runs were made.

        Two may begin in one second, and a clock may go back, or have been ahead for a while.
        """
        newest = next(filter(_ID.fullmatch, self.runs()), "")
        return proposed if proposed > newest else id_after(newest)

    def create(self, meta: RunMeta, attempts: Iterable[Attempt]) -> RunWriter:
        """Make the folder of a new run; where another run took its id just now, the next free one is taken.

        The writer's `meta` says under which id the run is stored.
        """
        guard(lambda: self.folder.mkdir(parents=True, exist_ok=True), self.folder)
        while (self.folder / meta.id).exists() or not guard(
            functools.partial(_made, self.folder / meta.id), self.folder
        ):
            if not _ID.fullmatch(meta.id):
                raise StoreError(f"there is a run called '{meta.id}' already", hint="choose another id")
            meta = msgspec.structs.replace(meta, id=id_after(meta.id))
        folder = self.folder / meta.id
        lines = chunks(encoder.encode(attempt) + b"\n" for attempt in attempts)
        guard(lambda: replace_whole(folder / ATTEMPTS, lines), folder)
        writer = RunWriter(folder, meta, self._before(meta))
        writer.update(meta)
        return writer

    def reopen(self, run: str) -> RunWriter:
        """Return what goes on writing into a stored run; a line that a crash tore is closed first."""
        folder = self.folder / run
        meta = self.read_meta(run)
        guard(lambda: close_torn(folder / GRADES), folder)
        return RunWriter(folder, meta, self._before(meta))

    def journal(self, writer: RunWriter, host: str) -> Journal:
        """Return where the batches of a run are remembered."""
        return Journal(self, writer.folder, host)

    def has(self, run: str, name: str) -> bool:
        """Return whether a run holds a file called `name`."""
        return (self.folder / run / name).is_file()

    def write(self, run: str, name: str, text: str | Iterable[str], *, changed: bool = False) -> Path:
        """Replace one file of a run as a whole and return its path; a long text comes in pieces.

        With `changed` a file that says the same already is left alone, with the time of its last change.
        """
        path = self.folder / run / name
        pieces = (text,) if isinstance(text, str) else text
        data = chunks(piece.encode("utf-8", "replace") for piece in pieces)
        if "/" in name:
            guard(lambda: path.parent.mkdir(exist_ok=True), path)
        guard(lambda: replace_whole(path, data, changed=changed), path)
        return path

    def resolve(self, name: str) -> str:
        """Return the run id for an id, an unambiguous beginning of one, `latest`, `previous`, `sample` or a path."""
        runs = self.runs()
        name = Path(name).name if "/" in name else name
        if name == SAMPLE and (self.folder / SAMPLE / RUN).is_file():
            return SAMPLE
        if name in ("latest", "previous"):
            position = ("latest", "previous").index(name)
            if not runs:
                raise InputError(
                    "no run is stored yet", hint="grade your answers first: evalharness run", slug="nothing-yet"
                )
            if len(runs) <= position:
                raise InputError(
                    "only one run is stored", hint="change or add an answer, then: evalharness run", slug="nothing-yet"
                )
            return runs[position]
        found = [run for run in runs if run == name] or [run for run in runs if run.startswith(name)]
        if len(found) != 1:
            raise UnknownName("run", name, ["latest", "previous", *runs])
        return found[0]

    def read_meta(self, run: str) -> RunMeta:
        """Return `run.json` of a run; raises `StoreError` where it is damaged, or rests on a run that is gone."""
        meta = self._own_meta(run)
        before = self._before(meta)
        return meta if before is None else with_reused(meta, before)

    def _own_meta(self, run: str) -> RunMeta:
        path = self.folder / run / RUN
        try:
            meta = _metas.decode(read_bytes(path))
            return meta if meta.id == run else msgspec.structs.replace(meta, id=run)  # a folder that somebody copied
        except OSError as error:
            raise store_error(error, path) from error
        except msgspec.MsgspecError as error:
            raise StoreError(f"{path} is damaged: {error}", hint="restore it, or delete this run") from error

    def _before(self, meta: RunMeta) -> RunMeta | None:
        """Return the run that one takes over from, or None where it stores everything itself."""
        if meta.reuses is None:
            return None
        before = meta.reuses.run
        if not _ID.fullmatch(before) or before >= meta.id or not (self.folder / before / RUN).is_file():
            raise StoreError(
                f"run {meta.id} takes over grades from run {before}, which is gone",
                hint=f"restore {self.folder.name}/{before}, or run again: what is missing is graded again",
            )
        return self.read_meta(before)

    def read(self, run: str, meta: RunMeta | None = None) -> Run:
        """Return a stored run; torn last lines are dropped, and so is a grade stored twice.

        Its attempts and grades stay in its files and are read from there wherever they are looked at; so do those
        that it takes over from other runs.  Whoever writes the run knows its `meta` already.
        """
        meta = meta or self.read_meta(run)
        rubrics = {rubric.id for rubric in meta.rubrics}
        chain = self._chain(run, meta, {question.id for question in meta.questions if question.rubric in rubrics})
        attempts: Sequence[Attempt] = chain[0].attempts
        grades: Sequence[Grade] = chain[0].grades
        if len(chain) > 1:
            attempts, grades = linked_attempts(chain), LinkedGrades(chain)
        return Run(meta=meta, attempts=attempts, grades=grades)

    def _chain(self, run: str, meta: RunMeta, questions: Collection[str]) -> list[Link]:
        """Return a run behind all those that it takes over from; the first of them stores everything."""
        link = self._link(run, meta, questions)
        before = meta.reuses.run if meta.reuses else ""
        return [*self._chain(before, self._own_meta(before), questions), link] if before else [link]

    def _link(self, run: str, meta: RunMeta, questions: Collection[str]) -> Link:
        """Return what one run stores itself; a file that did not change since is not looked through again."""
        attempts, grades = self.folder / run / ATTEMPTS, self.folder / run / GRADES
        age = age_of(grades)
        known = self._links.get(run)
        if known and known[0] == age:
            return known[1]
        link = Link(
            run,
            guard(lambda: StoredAttempts(attempts, _attempts, questions), attempts),
            guard(lambda: StoredGrades(grades, _grades), grades),
            meta.reuses,
        )
        if meta.state is not RunState.RUNNING:
            self._links[run] = (age, link)
        return link

    def attempts(self, run: str) -> Sequence[Attempt]:
        """Return the attempts of a run as they were that day."""
        return self.read(run).attempts

    def repeated(self, fingerprints: Collection[str]) -> tuple[tuple[Grade, ...], ...]:
        """Return, run by run, the levels (no evidence) under these fingerprints of runs with more than one sample.

        A first sample has no `sample` field in its line, so runs without a second one are never parsed.
        """
        wanted = {name.encode() for name in fingerprints}
        found: list[tuple[Grade, ...]] = []
        for run in self.runs():
            path = self.folder / run / GRADES
            if any(line[_FINGERPRINT] in wanted for line in lines_of(path) if b'"sample":' in line):
                lines = (line for line in lines_of(path) if line[_FINGERPRINT] in wanted)
                own = tuple(_level_only(slim) for slim in _decoded(_slim, lines))
                found.append((*self._taken_over(run, own, fingerprints), *own))
        return tuple(found)

    def _taken_over(self, run: str, own: Sequence[Grade], wanted: Collection[str]) -> Iterator[Grade]:
        """Yield the grades of the attempts in `own` that a run has from other runs: the first sample may be one."""
        with contextlib.suppress(StoreError):
            meta = self._own_meta(run)
            if meta.reuses is not None:
                grades = self.read(run).by_case()
                for case in dict.fromkeys(grade.case for grade in own):
                    yield from (g for g in grades.of_case(case) if g.reused_from and g.fingerprint in wanted)

    def find(self, keys: Iterable[str]) -> Found:
        """Return the stored grades with a level for `keys`, newest run first, reading no further than needed.

        Lines begin with their key, so that a line nobody asked for is never parsed.
        """
        files = [(run, self.folder / run / GRADES) for run in self.runs()]
        if self._also is not None:
            files += [(run, self._also / run / GRADES) for run in Store(self._also).runs()]
        try:
            return Found(files, keys, _grades, self.fits)
        except OSError as error:
            raise store_error(error, Path(error.filename or self.folder)) from error


def _made(folder: Path) -> bool:
    """Make a folder; return whether it was this process that made it."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def id_after(run: str) -> str:
    """Return the id that sorts next after a run's: of the same second where that has one left, else of the next."""
    stamp, _, digits = run.rpartition("-")
    if digits != "ffff":
        return f"{stamp}-{int(digits, 16) + 1:04x}"
    try:
        second = datetime.datetime.strptime(stamp, _STAMP) + datetime.timedelta(seconds=1)
    except (ValueError, OverflowError):
        return f"{stamp}0-0000"
    return f"{second:{_STAMP}}-0000"


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file; a last line without its newline was torn and is dropped."""
    try:
        yield from whole_lines(path)
    except OSError as error:
        raise store_error(error, path) from error


def _decoded(decoder: records.Decoder[T], lines: Iterable[bytes]) -> Iterator[T]:
    """Yield what each line holds; a line that is no record (a merge mark, a blank) counts as not stored."""
    for line in lines:
        with contextlib.suppress(msgspec.MsgspecError):
            yield decoder.decode(line)


class _Level(Noun, tag="graded"):
    """What the noise is made of: the level, and whether a rule set it."""

    level: OnScale
    by: By = By.GRADER


class _NoLevel(Noun, tag="ungraded"):
    """A grade without a level."""


class _Slim(Noun):
    """A stored grade without its evidence, for reading many of them quickly."""

    key: str
    fingerprint: str
    case: str
    criterion: str
    outcome: _Level | _NoLevel
    sample: int = 1
    at: str = ""


_slim = records.Decoder(_Slim)


def _level_only(slim: _Slim) -> Grade:
    match slim.outcome:
        case _Level(level=level, by=by):
            outcome: Outcome = Graded(level=level, by=by)
        case _:
            outcome = Ungraded(why=Why.STOPPED)
    return Grade(
        key=slim.key,
        fingerprint=slim.fingerprint,
        case=slim.case,
        criterion=slim.criterion,
        outcome=outcome,
        sample=slim.sample,
        at=slim.at,
    )


def store_now(folder: Path, breaks: Sequence[Break], also: Path | None = None) -> Store:
    """Return the store for a grading that is made now: what was graded before a found drift is not reused.

    It keeps its key and is comparable with its like, but a run that held both would mix two graders.
    """
    return Store(folder, lambda grade: is_current(breaks, grade), also=also)

"""a file of records, one a line -> a sequence that is read where it is looked at; of large files nothing is kept.

In memory is where each line begins, so that a run of 100,000 grades takes a few megabytes.  A line without its
newline was torn by a crash and does not count; a line that is no record (a merge mark, a blank) neither.
"""

from __future__ import annotations

import contextlib
import copy
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar, overload
from weakref import WeakValueDictionary

import msgspec

from evalharness.console.regular import opener
from evalharness.errors import StoreError
from evalharness.model import records
from evalharness.model.lazy import Unkept
from evalharness.model.nouns import Attempt, Grade, Graded
from evalharness.plan.identity import DIGITS
from evalharness.store.files import age_of

T = TypeVar("T")
HELD = 32 << 20  # bytes of a file: the records of a smaller one are held, since all of them are looked at several times
_END = b"\r\n"
_HEAD = b'{"key":"'
KEY = slice(len(_HEAD), len(_HEAD) + DIGITS)  # where the key of a grade stands in its line
_BITS = 48  # of a place: below them where a line begins, above them the run
_NOWHERE = -1
_AFTER = 1 << 18  # bytes of a file that are read together, to the end of their last line
_STRETCHES = 6  # so many of them are held


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the whole lines of a file, read as they are asked for; no file, no lines.  Raises `OSError`."""
    with contextlib.suppress(FileNotFoundError), open(path, "rb", opener=opener) as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line.rstrip(_END)


def placed_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each whole line with the offset it begins at; its newline is still there."""
    with contextlib.suppress(FileNotFoundError), open(path, "rb", opener=opener) as file:
        place = 0
        for line in file:
            if line.endswith(b"\n"):
                yield place, line
            place += len(line)


class Window:
    """The stretches of files that were read last: lines that stand near each other cost one look at the disk.

    There are a few of them, since what belongs together stands in several places: what a rule decided, what was
    graded, and the runs that others were made before.
    """

    def __init__(self) -> None:
        self._stretches: OrderedDict[tuple[Path, int], tuple[int, bytes]] = OrderedDict()

    def line(self, path: Path, place: int) -> bytes:
        """Return the line that begins at `place`; raises `StoreError` where the file can't be read any more."""
        name = (path, place // _AFTER)
        found = self._stretches.get(name)
        if found is None:
            found = self._stretches[name] = self._read(path, name[1] * _AFTER)
            if len(self._stretches) > _STRETCHES:
                self._stretches.popitem(last=False)
        else:
            self._stretches.move_to_end(name)
        begin, data = found
        first = place - begin
        line = data[first : data.find(b"\n", first) + 1]
        if not line:
            changed_meanwhile(path)
        return line

    def _read(self, path: Path, begin: int) -> tuple[int, bytes]:
        try:
            with open(path, "rb", opener=opener) as file:
                file.seek(begin)
                return begin, file.read(_AFTER) + file.readline()
        except OSError:
            changed_meanwhile(path)


class Held(dict[int, T]):
    """The records of a file that were read, by where they begin; none once they are more than `HELD` bytes."""

    room = HELD

    def keep(self, place: int, record: T, size: int) -> None:
        """Hold a record that takes `size` bytes in its file, and none at all from the one that is too much."""
        self.room -= size
        if self.room >= 0:
            self[place] = record
        else:
            self.clear()


_held: WeakValueDictionary[tuple[Path, object, tuple[int, int]], Held[Any]] = WeakValueDictionary()


def held(path: Path, decoder: records.Decoder[T]) -> Held[T]:
    """Return what is held of a file as it is now: a run, a history and a search for keys share it while they live."""
    return _held.setdefault((path, decoder, age_of(path)), Held[T]())


class Records(Unkept[T]):
    """The records of one file in order, decoded whenever they are looked at, or held where they are few."""

    def __init__(self, path: Path, decoder: records.Decoder[T]) -> None:
        """Look through the file once, so that what is no record is known from the beginning."""
        self._path, self._decoder, self._window = path, decoder, Window()
        self._begins = array("Q")
        self._held = held(path, decoder)
        for place, line in placed_lines(path):
            record = self._held.get(place)
            if record is None:
                try:
                    record = decoder.decode(line)
                except msgspec.MsgspecError:
                    continue
                self._held.keep(place, record, len(line))
            self._note(record, place)

    @property
    def is_held(self) -> bool:
        """Return whether looking at a record again costs nothing."""
        return self._held.room >= 0

    def _note(self, record: T, place: int) -> None:  # noqa: ARG002  # for those that look at it
        self._begins.append(place)

    def __len__(self) -> int:
        return len(self._begins)

    def __iter__(self) -> Iterator[T]:
        return map(self._at, self._begins)

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[T, ...]: ...
    def __getitem__(self, row: int | slice) -> T | tuple[T, ...]:
        return tuple(map(self._at, self._begins[row])) if isinstance(row, slice) else self._at(self._begins[row])

    def _at(self, place: int) -> T:
        known = self._held.get(place)
        return decoded(self._decoder, self._window.line(self._path, place), self._path) if known is None else known


class StoredAttempts(Records[Attempt]):
    """The attempts of one run, each once: two branches that were joined may both hold it.

    One of a question that is not among `questions`, those of the run, was changed since and is no record.
    """

    def __init__(self, path: Path, decoder: records.Decoder[Attempt], questions: Collection[str]) -> None:
        self.rows: dict[str, int] = {}
        self._questions = questions
        super().__init__(path, decoder)

    def _note(self, record: Attempt, place: int) -> None:
        if record.key not in self.rows and record.question in self._questions:
            self.rows[record.key] = len(self)
            super()._note(record, place)


class StoredGrades(Records[Grade]):
    """The grades of one run; where one slot was filled twice, the later one counts, in the first one's place."""

    def __init__(self, path: Path, decoder: records.Decoder[Grade]) -> None:
        self._rows: dict[str, array[int]] = {}
        self._names: dict[tuple[str, int], int] = {}  # criterion and sample -> a number for it
        self._name_of = array("I")
        super().__init__(path, decoder)

    def of_case(self, case: str) -> tuple[Grade, ...]:
        """Return the grades of one attempt, in the order in which they stand in the file."""
        return tuple(self[row] for row in self._rows.get(case, ()))

    def cases(self) -> Iterable[str]:
        """Return the keys of the attempts that have a grade here."""
        return self._rows.keys()

    def rows_of(self, case: str) -> Iterator[tuple[tuple[str, int], int]]:
        """Yield criterion and sample of each grade of one attempt, and its row."""
        names = list(self._names)
        return ((names[self._name_of[row]], row) for row in self._rows.get(case, ()))

    def has(self, slot: tuple[str, str, int]) -> bool:
        """Return whether there is a grade for this attempt, criterion and sample."""
        case, criterion, sample = slot
        name = self._names.get((criterion, sample))
        return any(self._name_of[row] == name for row in self._rows.get(case, ()))

    def _note(self, record: Grade, place: int) -> None:
        rows = self._rows.setdefault(record.case, array("I"))
        name = self._names.setdefault((record.criterion, record.sample), len(self._names))
        for row in rows:
            if self._name_of[row] == name:
                self._begins[row] = place
                return
        rows.append(len(self))
        self._name_of.append(name)
        super()._note(record, place)


class Found(Mapping[str, Grade]):
    """The stored grades with a level for some keys: in memory is where they stand, they are read when looked at."""

    def __init__(
        self,
        files: Iterable[tuple[str, Path]],
        keys: Iterable[str],
        decoder: records.Decoder[Grade],
        fits: Callable[[Grade], bool],
    ) -> None:
        """Look through `files`, the runs by name, until a grade that `fits` was seen of every key; raises `OSError`."""
        self._decoder, self._window, self._fits = decoder, Window(), fits
        self._runs: list[tuple[str, Path, Held[Grade]]] = []
        places = dict.fromkeys((key.encode() for key in keys), _NOWHERE)
        missing = len(places)
        for run, path in files:
            if not missing:
                break
            self._runs.append((run, path, held(path, decoder)))
            missing -= self._look(path, places)
        self._places = {key: place for key, place in places.items() if place != _NOWHERE} if missing else places

    def _look(self, path: Path, places: dict[bytes, int]) -> int:
        """Note which of the keys that were not seen yet stand in the newest run so far; return how many."""
        count, place, number = 0, 0, len(self._runs) - 1
        known = self._runs[number][2]
        with contextlib.suppress(FileNotFoundError), open(path, "rb", opener=opener) as file:
            for line in file:
                key = line[KEY] if line.startswith(_HEAD) else self._key_of(line)
                if places.get(key) == _NOWHERE and (grade := self._grade(line, known.get(place))):
                    if place not in known:
                        known.keep(place, grade, len(line))
                    if isinstance(grade.outcome, Graded) and self._fits(grade):
                        places[key] = number << _BITS | place
                        count += 1
                place += len(line)
        return count

    def _grade(self, line: bytes, known: Grade | None) -> Grade | None:
        """Return the grade of a line, if it is whole."""
        if known is not None or not line.endswith(b"\n"):
            return known
        with contextlib.suppress(msgspec.MsgspecError):
            return self._decoder.decode(line)
        return None

    def _key_of(self, line: bytes) -> bytes:
        """Return the key of a line that some program wrote in another order or with blanks; empty where it has none."""
        grade = self._grade(line, None) if line.startswith(b"{") else None
        return grade.key.encode() if grade else b""

    def without(self, keys: Collection[str]) -> Found:
        """Return what was found without some of it."""
        left = copy.copy(self)
        left._places = {key: place for key, place in self._places.items() if key.decode(errors="replace") not in keys}
        return left

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        return (key.decode(errors="replace") for key in self._places)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.encode() in self._places

    def __getitem__(self, key: str) -> Grade:
        place = self._places[key.encode()]
        grade = self._at(place)
        return grade if grade.reused_from else msgspec.structs.replace(grade, reused_from=self._runs[place >> _BITS][0])

    @property
    def is_held(self) -> bool:
        """Return whether looking at a grade again costs nothing."""
        return all(known.room >= 0 for _, _, known in self._runs)

    def bare(self, key: str) -> Grade | None:
        """Return a grade as it is stored, for whoever does not ask from which run it is; None where there is none."""
        place = self._places.get(key.encode(), _NOWHERE)
        return None if place == _NOWHERE else self._at(place)

    def _at(self, place: int) -> Grade:
        _, path, known = self._runs[place >> _BITS]
        begin = place & ((1 << _BITS) - 1)
        return known.get(begin) or decoded(self._decoder, self._window.line(path, begin), path)


def decoded(decoder: records.Decoder[T], line: bytes, path: Path) -> T:
    """Return what a line holds that was a record before; raises `StoreError` where it is none any more."""
    try:
        return decoder.decode(line)
    except msgspec.MsgspecError:
        changed_meanwhile(path)


def changed_meanwhile(path: Path) -> NoReturn:
    """Say that a stored file is not what it was when it was looked through."""
    raise StoreError(
        f"{path} was changed or removed while it was read", hint="leave reports/ alone during a run, and run again"
    ) from None

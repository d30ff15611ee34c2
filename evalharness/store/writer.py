"""a run while it is made -> its files: grades appended as they arrive, `run.json` replaced as a whole."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from evalharness.errors import StoreError
from evalharness.model.nouns import Grade
from evalharness.model.run import RunMeta
from evalharness.store.files import chunks, guard, replace_whole, write_all

RUN: Final = "run.json"
GRADES: Final = "grades.jsonl"
encoder = msgspec.json.Encoder()


class RunWriter:
    """One run while it is made.  Every grade is on disk when `append` returns."""

    def __init__(self, folder: Path, meta: RunMeta, before: RunMeta | None = None) -> None:
        self.folder = folder
        self.meta = meta
        self._before = before
        self._grades = guard(lambda: (folder / GRADES).open("ab", buffering=0), folder)

    def append(self, grades: Iterable[Grade]) -> None:
        """Append grades, each as one whole line; raises `StoreError` when the disk is full or read-only."""
        for data in chunks(encoder.encode(grade) + b"\n" for grade in grades):
            guard(functools.partial(write_all, self._grades.fileno(), data), self.folder)

    def check(self) -> None:
        """Raise `StoreError` where the run's folder was moved or removed: what is paid now would be lost."""
        try:
            here, there = os.fstat(self._grades.fileno()), (self.folder / GRADES).stat()
        except OSError:
            there = None
        if there is None or (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino):
            raise StoreError(
                f"{self.folder} was moved or removed while the run went on; nothing more is sent",
                hint="leave reports/ alone during a run, and run again",
            )

    def update(self, meta: RunMeta) -> None:
        """Replace `run.json` as a whole."""
        self.meta = meta
        path = self.folder / RUN
        own = _without_reused(meta, self._before)
        guard(lambda: replace_whole(path, (_pretty(own),)), path)

    def close(self) -> None:
        """Close the run's files; what was appended reaches the disk first where the disk allows it."""
        with contextlib.suppress(OSError):
            os.fsync(self._grades.fileno())
        self._grades.close()


def _without_reused(meta: RunMeta, before: RunMeta | None) -> RunMeta:
    """Return what of a run's head is not in that of the run it takes over from already."""
    if before is None:
        return meta
    questions, rubrics = set(map(encoder.encode, before.questions)), set(map(encoder.encode, before.rubrics))
    return msgspec.structs.replace(
        meta,
        questions=tuple(each for each in meta.questions if encoder.encode(each) not in questions),
        rubrics=tuple(each for each in meta.rubrics if encoder.encode(each) not in rubrics),
    )


def with_reused(meta: RunMeta, before: RunMeta) -> RunMeta:
    """Return a run's head with the questions and rubrics that stand in that of the run it takes over from."""
    questions, rubrics = ({each.id for each in found} for found in (meta.questions, meta.rubrics))
    return msgspec.structs.replace(
        meta,
        questions=(*meta.questions, *(each for each in before.questions if each.id not in questions)),
        rubrics=(*meta.rubrics, *(each for each in before.rubrics if each.id not in rubrics)),
    )


def _pretty(meta: RunMeta) -> bytes:
    return msgspec.json.format(encoder.encode(meta), indent=2) + b"\n"

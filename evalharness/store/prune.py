"""stored runs -> which of them hold nothing that another run does not hold too, and may go.

A grade that only one run holds was paid for: that run stays, and so does every run that a kept one takes over from.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from evalharness.errors import StoreError
from evalharness.model.noun import Noun
from evalharness.store.files import guard
from evalharness.store.lines import KEY
from evalharness.store.runs import BATCHES, Store, lines_of
from evalharness.store.writer import GRADES

KEEP = 5
_UNGRADED = b'"type":"ungraded"'


class Freed(Noun):
    """What pruning frees: `runs` that go, of `of` stored ones, and how many `size` bytes they take."""

    runs: tuple[str, ...]
    of: int
    size: int


def prunable(store: Store, keep: int = KEEP) -> Freed:
    """Return which runs may go when the newest `keep` stay; nothing is removed yet."""
    runs = store.runs()
    kept = set(runs[:keep])
    for run in runs[:keep]:
        kept |= set(_behind(store, run))
    held: set[bytes] = set()
    for run in kept:
        held |= set(_keys(store.folder / run / GRADES))
    gone: list[str] = []
    for run in runs:
        if run in kept:
            continue
        own = set(_keys(store.folder / run / GRADES))
        if own <= held and not (store.folder / run / BATCHES).exists():
            gone.append(run)
            continue
        for stays in (run, *_behind(store, run)):
            kept.add(stays)
            held |= set(_keys(store.folder / stays / GRADES))
    gone = [run for run in gone if run not in kept]
    return Freed(runs=tuple(gone), of=len(runs), size=sum(_size(store.folder / run) for run in gone))


def prune(store: Store, runs: Collection[str]) -> None:
    """Remove the folders of these runs; raises `StoreError` where one can't be removed."""
    for run in runs:
        folder = store.folder / run
        guard(lambda folder=folder: shutil.rmtree(folder), folder)  # type: ignore[misc]  # bound in the loop


def _behind(store: Store, run: str) -> Iterator[str]:
    """Yield the runs that one takes over from, nearest first."""
    try:
        meta = store.read_meta(run)
    except StoreError:
        return
    if meta.reuses is not None:
        yield meta.reuses.run
        yield from _behind(store, meta.reuses.run)


def _keys(path: Path) -> Iterator[bytes]:
    return (line[KEY] for line in lines_of(path) if _UNGRADED not in line)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())

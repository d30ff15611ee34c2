"""Folders -> the files that were saved since the last look.  Looks at times and sizes; no dependency, no daemon."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from evalharness.load import find_project
from evalharness.world import World

Stamps = dict[str, tuple[int, int]]

EVERY = 0.5
_ENDINGS = (".md", ".yaml")


def folders(paths: Sequence[Path], world: World) -> tuple[Path, ...]:
    """Return what a run over `paths` reads: these (else the cases), the rubrics and the configuration."""
    root, config = find_project(paths, cwd=world.cwd)
    cases = [world.cwd / path for path in paths] or [root / config.cases]
    return (*cases, root / config.rubrics, root / "evalharness.yaml")


def saved(
    watched: Sequence[Path], sleep: Callable[[float], object], *, every: float = EVERY
) -> Iterator[tuple[str, ...]]:
    """Yield the files that were saved or removed, each time that nothing has moved any more for one look.

    `sleep` waits the given seconds; it may raise to end the watch.
    """
    return _saved(watched, sleep, every, stamps(watched))


def _saved(
    watched: Sequence[Path], sleep: Callable[[float], object], every: float, known: Stamps
) -> Iterator[tuple[str, ...]]:
    before = known
    while True:
        sleep(every)
        now = stamps(watched)
        if now == before and now != known:
            yield tuple(sorted(name for name in now.keys() | known.keys() if now.get(name) != known.get(name)))
            known = now
        before = now


def stamps(watched: Sequence[Path]) -> Stamps:
    """Return time and size of every answer, question, rubric and configuration under `watched`."""
    found: Stamps = {}
    for path in watched:
        for name in _files(path):
            try:
                state = os.stat(name)  # noqa: PTH116 - a Path for each of 10,000 files is slow
            except OSError:  # it went away between the two looks
                continue
            found[name] = (state.st_mtime_ns, state.st_size)
    return found


def _files(path: Path) -> Iterator[str]:
    if path.is_file():
        yield str(path)
    for folder, below, names in os.walk(path):
        below[:] = [name for name in below if name[0] not in "._"]
        yield from (os.path.join(folder, n) for n in names if n.endswith(_ENDINGS) and n[0] not in "._")  # noqa: PTH118

"""`run --watch`: grade again what is saved, until Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from evalharness.cli.screen import print_wrapped
from evalharness.errors import EvalHarnessError


def rerun(
    paths: Sequence[Path],
    once: Callable[[], object],
    again: Callable[[], object] | None = None,
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> None:
    """Call `once` now and `again` (else `once`) after each save under `paths`.

    Files with problems are told, and the watch goes on.
    """
    from evalharness.cli import visible
    from evalharness.cli.interrupts import awake
    from evalharness.load import watching
    from evalharness.world import real_world

    world = real_world()
    watched = watching.folders(paths, world)
    changes = watching.saved(watched, sleep)
    _try(once)
    print_wrapped("watching; Ctrl-C ends it", err=True)
    with awake():  # between two looks a key was once lost
        for names in changes:
            shown = ", ".join(visible(Path(name).name) for name in names[:3])
            print_wrapped(f"saved: {shown}{', ...' if len(names) > 3 else ''}", err=True)
            _try(again or once)


def _try(once: Callable[[], object]) -> None:
    from evalharness.cli import tell

    try:
        once()
    except EvalHarnessError as error:
        tell(error)

"""`report --site`: every stored run as a page, and an index of them, in a folder that can be published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalharness import plugins
from evalharness.errors import InputError, StoreError
from evalharness.grading.workflow import store_here
from evalharness.load import find_root
from evalharness.load.drift import as_known_now
from evalharness.reports import site
from evalharness.results.authors import of_author
from evalharness.world import World, real_world


def write_site(
    folder: Path, *, settings: Mapping[str, Any] | None = None, author: str = "", world: World | None = None
) -> int:
    """Write a page for each stored run and the index into `folder`; return how many runs there are.

    Other files in it stay.  Raises `InputError` where no run is stored.
    """
    world = world or real_world()
    store, root = store_here(settings or {}, world), find_root((), world.cwd)
    runs = store.runs()
    if not runs:
        raise InputError("there is no run to publish", hint="grade first: evalharness run", slug="nothing-yet")
    render = plugins.report("html")
    entries = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in runs:
            run = as_known_now(store.read(store.resolve(name)), root)
            run = of_author(run, author) if author else run
            (folder / site.page_name(name)).write_text(site.with_way_back(render(run)), encoding="utf-8")
            entries.append(site.entry(run))
        (folder / site.INDEX).write_text(site.index(entries), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error
    return len(runs)

"""name -> grader, report.  Nothing is imported until its name is asked for."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Final, cast

from evalharness.errors import UnknownName
from evalharness.graders import Grader
from evalharness.graders.choice import automatic, key_unused
from evalharness.graders.surroundings import Surroundings
from evalharness.load import Loaded
from evalharness.model.config import Config
from evalharness.model.run import Run
from evalharness.reports import FILES, FORMATS
from evalharness.world import World

GRADERS: Final = {
    "heuristic": "evalharness.graders.heuristic:make",
    "anthropic": "evalharness.graders.anthropic:make",
    "openai": "evalharness.graders.openai:make",
    "command": "evalharness.graders.command:make",
    "chat": "evalharness.graders.chat:make",
}
ENTRY_POINTS: Final = "evalharness.graders"

MakeGrader = Callable[[Config, Surroundings], Grader]
Render = Callable[[Run], str]
Pieces = Callable[[Run], Iterable[str]]


def maker_for_looking(name: str) -> MakeGrader:
    """Return what makes the grader called `name` for looking only: same identity, no credential, nothing is sent.

    That is `without_sending` beside the function that makes it.  A grader without one is made as for a run.
    """
    made = grader(name)
    module = sys.modules.get(getattr(made, "__module__", ""))
    return cast(MakeGrader, getattr(module, "without_sending", made))


def grader(name: str) -> MakeGrader:
    """Return what makes the grader called `name`; a plug-in's name is looked up in the entry points."""
    if name in GRADERS:
        return cast(MakeGrader, _load(GRADERS[name]))
    from importlib.metadata import entry_points

    found = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    if name not in found:
        known = ["auto", *GRADERS, *found]
        hint = f"known: {', '.join(sorted(known))}; a model is named with --model"
        raise UnknownName("grader", name, known, hint=hint)
    return cast(MakeGrader, found[name].load())


def graders() -> tuple[str, ...]:
    """Return the names of all graders, plug-ins last."""
    from importlib.metadata import entry_points

    return (*GRADERS, *sorted(entry.name for entry in entry_points(group=ENTRY_POINTS)))


def report(name: str) -> Render:
    """Return the renderer of the report format called `name`."""
    if name not in FORMATS:
        raise UnknownName("report format", name, FORMATS)
    return cast(Render, _load(FORMATS[name]))


def pieces(name: str) -> Pieces:
    """Return what writes the report format called `name` piece by piece; one piece where it has no `pieces`."""
    render = report(name)
    found = getattr(importlib.import_module(FORMATS[name].partition(":")[0]), "pieces", None)
    return cast(Pieces, found) if found else lambda run: (render(run),)


def files(name: str, run: Run) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the files of a report in the format called `name`: one, or as many as its module makes `pages`."""
    pages = (
        getattr(importlib.import_module(FORMATS[name].partition(":")[0]), "pages", None) if name in FORMATS else None
    )
    if pages is None:
        yield FILES[name], pieces(name)(run)
        return
    for file, text in pages(run):
        yield file, (text,)


def _load(path: str) -> object:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)


def make_grader(config: Config, world: World) -> Grader:
    """Return the configured grader; `auto` takes the model where a key is found and no CI, else the heuristic."""
    config = config.chair
    name = config.grader
    if name == "auto":
        name = automatic(world.environment)
        why = "offline, without a key" if name == "heuristic" else "a key was found"
        world.say(f"grader: {name} ({why}; --grader chooses another)")
        if told := key_unused("auto", world.environment):
            world.say(told)
    return grader(name)(config, world)


def looking(loaded: Loaded, world: World) -> Grader:
    """Return the configured grader for looking only: no credential is needed, nothing can be sent."""
    config = loaded.config.chair
    name = config.grader
    if name == "auto":
        name = automatic(world.environment)
    return maker_for_looking(name)(config, world)

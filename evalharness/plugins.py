"""name -> grader, report.  Nothing is imported until its name is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from typing import Final, Protocol, cast

from evalharness.errors import UnknownName
from evalharness.graders import Grader
from evalharness.model.config import Config
from evalharness.model.run import Run
from evalharness.reports import FORMATS

GRADERS: Final = {
    "heuristic": "evalharness.graders.heuristic:make",
    "anthropic": "evalharness.graders.anthropic:make",
}
ENTRY_POINTS: Final = "evalharness.graders"


class Surroundings(Protocol):
    """What a grader may know of the process it runs in; handed in, never looked up."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables."""
        ...

    def say(self, line: str) -> None:
        """Tell the person at the terminal."""
        ...


MakeGrader = Callable[[Config, Surroundings], Grader]
Render = Callable[[Run], str]
Pieces = Callable[[Run], Iterable[str]]


def grader(name: str) -> MakeGrader:
    """Return what makes the grader called `name`; a plug-in's name is looked up in the entry points."""
    if name in GRADERS:
        return cast(MakeGrader, _load(GRADERS[name]))
    from importlib.metadata import entry_points

    found = {entry.name: entry for entry in entry_points(group=ENTRY_POINTS)}
    if name not in found:
        raise UnknownName("grader", name, ["auto", *GRADERS, *found])
    return cast(MakeGrader, found[name].load())


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


def _load(path: str) -> object:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)

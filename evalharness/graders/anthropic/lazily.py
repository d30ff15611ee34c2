"""a package that only gathers names from its modules -> the same names, each imported when it is asked for.

Most of the time that `import anthropic` takes goes into a thousand types of endpoints that no grading asks for. Its
packages name them in lines such as `from .message import Message as Message`; those lines are read and not run.
Every name stays there, for us and for whoever else uses the SDK in this process: it is imported at its first use.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import re
import sys
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any, Final, NamedTuple

_GATHERS: Final = re.compile(r"^from (\.[\w.]*) import (?:\(([\w\s,]*)\)|([\w ,]+))[ \t]*(?:#.*)?$", re.MULTILINE)
_NO_MATTER: Final = re.compile(r"^(?:#.*|from __future__ import annotations|__all__ = \[[\w\s\",]*\])$", re.MULTILINE)


class Name(NamedTuple):
    """Where a name comes from: a module, as it is written, and what it is called there; empty: the module itself."""

    module: str
    name: str


def gathered(source: str) -> tuple[dict[str, Name], bool]:
    """Return the names that a package gathers from its modules, and whether that is all it does."""
    found: dict[str, Name] = {}
    for module, many, few in _GATHERS.findall(source):
        for said in filter(None, map(str.strip, (many or few).split(","))):
            name, _, alias = said.partition(" as ")
            found[alias or name] = Name(module + name, "") if not module.strip(".") else Name(module, name)
    rest = _NO_MATTER.sub("", _GATHERS.sub("", source))
    return found, not rest.strip()


def import_lazily(package: str) -> None:
    """Have `package`, and the packages within, import names when they are asked for; not one that is there already."""
    finders = (each.package for each in sys.meta_path if isinstance(each, _Finder))
    if package not in sys.modules and package not in finders:
        sys.meta_path.insert(0, _Finder(package))


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, package: str) -> None:
        self.package = package

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return where a module is, as Python itself finds it; a package in plain files is read before it is run."""
        if name != self.package and not name.startswith(f"{self.package}."):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec and spec.submodule_search_locations and type(spec.loader) is importlib.machinery.SourceFileLoader:
            spec.loader = _Loader(spec.loader.name, str(spec.loader.path), is_outer=name == self.package)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, *, is_outer: bool) -> None:
        super().__init__(name, path)
        self._is_outer = is_outer

    def exec_module(self, module: ModuleType) -> None:
        """Leave a package that gathers names to its first use; run any other one, the outer one when it must be."""
        names, is_all = gathered(self.get_data(self.path).decode())
        if not names or not (is_all or self._is_outer):
            super().exec_module(module)
            return
        run = None if is_all else super().exec_module
        vars(module)["__getattr__"] = _looked_up(module, names, run)
        if is_all:
            vars(module)["__all__"] = [name for name in names if not name.startswith("_")]


def _looked_up(
    module: ModuleType, names: dict[str, Name], run: Callable[[ModuleType], None] | None
) -> Callable[[str], Any]:
    """Return what a module says of a name that it does not have yet; `run` makes the others, those that need it."""

    def look_up(name: str) -> Any:
        known = names.get(name)
        if known is not None:
            source = importlib.import_module(known.module, module.__name__)
            found = vars(module)[name] = getattr(source, known.name) if known.name else source
            return found
        is_module = importlib.machinery.PathFinder.find_spec(f"{module.__name__}.{name}", module.__path__) is not None
        is_special = name.startswith("__") and name != "__all__"
        if run is None or is_module or is_special or "__getattr__" not in vars(module):
            raise AttributeError(f"module '{module.__name__}' has no attribute '{name}'")
        del vars(module)["__getattr__"]
        run(module)
        return getattr(module, name)

    return look_up

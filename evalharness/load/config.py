"""evalharness.yaml -> `Config`, and the folder that a project begins in."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from evalharness.console.paths import followed
from evalharness.errors import InvalidFiles, Problem, nearest
from evalharness.load.document import Document
from evalharness.load.text_source import leaves, read_text
from evalharness.load.validate import validate
from evalharness.load.yaml_source import YAML_LIMIT, parse
from evalharness.model.config import Config

CONFIG_FILE = "evalharness.yaml"
SETTINGS = "settings"
FLAGS = ("record", "replies", "batch", "wait", "reports")  # no keys of the file, or, as a flag, any folder
OF_GRADER = ("model", "effort", "mode", "base_url")
_AUTOMATIC = {"auto": "a model", "anthropic": "a model", "heuristic": "a model"}  # the heuristic asks none

_PLAIN = (bool, int, float, str, list, dict)


class ReadConfig(NamedTuple):
    """The configuration; the defaults where its file is missing or has problems."""

    config: Config
    problems: tuple[Problem, ...] = ()


def find_root(paths: Sequence[Path], cwd: Path) -> Path:
    """Return the project's root: the folder of the nearest `evalharness.yaml` above the first of `paths`.

    Without one, the nearest folder that holds `cases/`, else `cwd` where the path lies in it, else the
    path's own folder.  Without paths the search begins in `cwd`.
    """
    start = absolute(paths[0], cwd) if paths else cwd
    folders = [start, *start.parents] if start.is_dir() else list(start.parents)
    for folder in folders:
        if (folder / CONFIG_FILE).is_file():
            return folder
    for folder in folders:
        if (folder / "cases").is_dir():
            return folder
    return cwd if cwd == start or cwd in start.parents else folders[0]


def absolute(path: Path, cwd: Path) -> Path:
    """Return `path`, relative to `cwd`, without `..`; a symbolic link stays one if it is the last piece."""
    whole = cwd / path
    return followed(whole) if whole.name in {"", "..", "."} else followed(whole.parent) / whole.name


def read_config(root: Path) -> ReadConfig:
    """Return the configuration of the project at `root`."""
    file = root / CONFIG_FILE
    if not file.exists():
        return ReadConfig(Config())
    if leaves(str(file), str(root)):
        message = "the file is a symbolic link that leaves the project"
        return ReadConfig(Config(), (Problem(path=CONFIG_FILE, message=message, slug="unreadable"),))
    text, problems = read_text(str(file), CONFIG_FILE, limit=YAML_LIMIT)
    return ReadConfig(Config(), problems) if problems else parse_config(text)


def parse_config(text: str, path: str = CONFIG_FILE) -> ReadConfig:
    """Return the configuration in `text`.  An empty text is one that changes nothing."""
    document = parse(text, path)
    if document.root is None and not document.problems:
        return ReadConfig(Config())
    problems = validate(document, "config")
    if not problems:
        problems = tuple(_semantic(document, document.mapping))
    if problems:
        return ReadConfig(Config(), problems)
    data: dict[str, Any] = dict(document.mapping)
    data["graders"] = [{"grader": one} if isinstance(one, str) else one for one in data.get("graders", [])]
    data["redact"] = _redactions(data.get("redact", []))
    data.setdefault("max_samples", max(Config().max_samples, data.get("samples", 1)))
    return ReadConfig(msgspec.convert(data, Config))


def lay_over(config: Config, settings: Mapping[str, Any]) -> Config:
    """Return `config` with `settings` laid over it, None meaning "not given".

    Raises `InvalidFiles`, with what the same lines in `evalharness.yaml` would be told, where one can't be.
    """
    given = {name: value for name, value in settings.items() if value is not None}
    flags = {name: value for name, value in given.items() if name in FLAGS or not isinstance(value, _PLAIN)}
    plain = {name: value for name, value in given.items() if name not in flags}
    read = parse_config(json.dumps(plain), SETTINGS) if plain else ReadConfig(Config())
    problems = [msgspec.structs.replace(problem, line=0, column=0) for problem in read.problems]
    for name, value in flags.items():
        try:
            msgspec.convert({name: value}, Config)
        except msgspec.ValidationError as error:
            message = f"'{name}': {str(error).partition(' - at')[0].lower()}"
            problems.append(Problem(path=SETTINGS, line=0, column=0, message=message, slug="bad-value"))
        if name not in Config.__struct_fields__:
            problems.append(_unknown(name))
    if problems:
        raise InvalidFiles(problems)
    laid = {**{name: getattr(read.config, name) for name in plain}, **flags}
    return msgspec.structs.replace(_for_grader(config, laid.get("grader", config.grader)), **laid)


def _for_grader(config: Config, name: str) -> Config:
    """Return `config` for the grader called `name`: what it says of a model holds for the grader that it names."""
    kinds = {_AUTOMATIC.get(grader, grader) for grader in (config.grader, name)}
    return config if len(kinds) == 1 else msgspec.structs.replace(config, **dict.fromkeys(OF_GRADER, ""))


def _unknown(name: str) -> Problem:
    guess = nearest(name, Config.__struct_fields__)
    hint = f"did you mean '{guess}'?" if guess else f"known here: {', '.join(Config.__struct_fields__)}"
    return Problem(path=SETTINGS, line=0, column=0, message=f"unknown key '{name}'", hint=hint, slug="unknown-key")


def _exists(day: str) -> bool:
    try:
        datetime.date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _redactions(entries: list[Any]) -> list[tuple[str, str]]:
    # Numbered by position, so that adding a name at the end changes no other.
    return [
        (entry, f"REDACTED-{number}") if isinstance(entry, str) else (entry["name"], entry["as"])
        for number, entry in enumerate(entries, start=1)
    ]


def _semantic(document: Document, data: dict[str, Any]) -> Iterator[Problem]:
    samples, most = data.get("samples", 1), data.get("max_samples", 1)
    if "max_samples" in data and most < samples:
        message = f"'max_samples' is {most}, fewer than 'samples' ({samples})"
        yield document.problem(["max_samples"], message, hint="raise it, or take it out")
    if (day := data.get("interview")) and not _exists(day):
        yield document.problem(["interview"], f"there is no day {day}", hint="correct the day or the month")
    lines: dict[str, int] = {}
    for index, (name, _) in enumerate(_redactions(data.get("redact", []))):
        if name in lines:
            message = f"the name is redacted twice, first on line {lines[name]}"
            yield document.problem(["redact", index], message, hint="take one out", slug="duplicate")
        lines.setdefault(name, document.place(["redact", index])[0])

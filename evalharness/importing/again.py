"""what an import would write now and what stands -> what is added, and what a person has to decide.

A file that somebody changed since it was imported, and an answer that stands, are never replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from evalharness.load.find import QUESTION_FILE
from evalharness.model.noun import Noun


class Again(Noun):
    """Files to write, those among them that stand and gain something, and those that stand and differ."""

    files: dict[str, str]
    renewed: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()


def again(files: Mapping[str, str], there: Mapping[str, str], untouched: Collection[str]) -> Again:
    """Return what to write of `files`; `there` are the texts of those that stand, `untouched` are as import left them."""
    kept: dict[str, str] = {}
    renewed: list[str] = []
    differing: list[str] = []
    for name, text in files.items():
        if name not in there:
            kept[name] = text
        elif there[name] == text:
            continue
        elif name in untouched and name.rpartition("/")[2] == QUESTION_FILE:
            kept[name] = text
            renewed.append(name)
        else:
            differing.append(name)
    folders = {name.rpartition("/")[0] for name in files}
    gone = [name for name in sorted(untouched) if name not in files and name.rpartition("/")[0] in folders]
    differing += [name for name in gone if name.endswith(".md")]
    return Again(files=kept, renewed=tuple(renewed), differing=tuple(differing))

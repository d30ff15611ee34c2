"""suites and their cases -> JUnit XML as Jenkins' xUnit schema takes it, and GitLab and GitHub read it.

That schema has no `file`, `line` or properties at a case, and none at the root: what they would hold is in the case's
output, one `name: value` a line, and the suite's properties.  Times are those at which grades arrived, never invented.
"""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import Grade
from evalharness.reports.escape import line, xml

_TAGS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


class Item(Noun):
    """One case.  `tag` is `failure`, `error` or `skipped` with its message; empty: it passed.

    `told` are lines of its output, whatever becomes of it; `seconds` how long its grades took to arrive.
    """

    classname: str
    name: str
    told: tuple[str, ...] = ()
    tag: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""
    seconds: float = 0.0


class Suite(Noun):
    """The cases of one question; `file` is where it stands, from the repository's root."""

    name: str
    items: tuple[Item, ...]
    file: str = ""


def document(
    name: str, suites: Sequence[Suite], *, properties: Sequence[tuple[str, str]] = (), started: str = ""
) -> str:
    """Return the document; `properties` are those of the whole, which this form holds at each suite."""
    root = ET.Element("testsuites", name=name)
    every = [item for suite in suites for item in suite.items]
    root.set("tests", str(len(every)))
    root.set("failures", str(sum(item.tag == "failure" for item in every)))
    root.set("errors", str(sum(item.tag == "error" for item in every)))
    root.set("time", _seconds(sum(item.seconds for item in every)))
    for suite in suites:
        _suite(root, suite, properties, started)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def seconds(grades: Iterable[Grade]) -> float:
    """Return how long the grades that were made took to arrive, from the first to the last; 0 where none was."""
    times = [at for grade in grades if not grade.reused_from and (at := _moment(grade.at))]
    return (max(times) - min(times)).total_seconds() if times else 0.0


def _suite(root: ET.Element, suite: Suite, properties: Sequence[tuple[str, str]], started: str) -> None:
    found = ET.SubElement(root, "testsuite", name=xml(suite.name), tests=str(len(suite.items)))
    for name, tag in _TAGS.items():
        found.set(name, str(sum(item.tag == tag for item in suite.items)))
    found.set("time", _seconds(sum(item.seconds for item in suite.items)))
    if at := _moment(started):
        found.set("timestamp", at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    if suite.file:
        found.set("file", xml(suite.file))
    if properties:
        kept = ET.SubElement(found, "properties")
        for name, value in properties:
            ET.SubElement(kept, "property", name=xml(name), value=xml(value))
    for item in suite.items:
        _item(found, item)


def _item(suite: ET.Element, item: Item) -> None:
    case = ET.SubElement(
        suite, "testcase", classname=xml(item.classname), name=xml(item.name), time=_seconds(item.seconds)
    )
    if item.tag:
        found = ET.SubElement(case, item.tag, message=xml(line(item.message)))
        if item.kind:
            found.set("type", item.kind)
        if item.text:
            found.text = xml(item.text)
    if item.told:
        ET.SubElement(case, "system-out").text = xml("\n".join(item.told))


def _seconds(value: float) -> str:
    return f"{value:.3f}"


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None

"""What Jenkins' xUnit plug-in takes as JUnit XML, as rules of our own: elements, attributes, their order and values."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

_TIME = re.compile(r"\d+(\.\d{1,3})?")
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_OUTCOMES = ("skipped", "error", "failure")
_ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "time", "tests", "failures", "errors", "skipped", "timestamp", "hostname", "id", "file"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "time", "classname", "group"},
    **{name: {"message", "type"} for name in _OUTCOMES},
    "system-out": set(),
}
_CHILDREN = {
    "testsuites": ("testsuite",),
    "testsuite": ("properties", "testcase"),
    "properties": ("property",),
    "testcase": (*_OUTCOMES, "system-out"),
}
_NEEDED = {
    "property": {"name", "value"},
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"name", "classname", "time"},
}


def wrong(text: str) -> list[str]:
    """Return every rule that a document breaks."""
    return list(_wrong(ET.fromstring(text)))


def output(case: ET.Element) -> dict[str, str]:
    """Return the `name: value` lines of a case's output."""
    lines = (case.findtext("system-out") or "").split("\n")
    return dict(each.split(": ", 1) for each in lines if re.match(r"[\w.]+: ", each))


def _wrong(element: ET.Element) -> list[str]:
    name, given = element.tag, set(element.attrib)
    found = [f"{name} has {each}" for each in given - _ATTRIBUTES.get(name, set())]
    found += [f"{name} lacks {each}" for each in _NEEDED.get(name, set()) - given]
    found += [f"{each} of {name}" for each in ("tests", "failures") if not element.get(each, "0").isdigit()]
    if not _TIME.fullmatch(element.get("time", "0")):
        found.append(f"time of {name}: {element.get('time')}")
    if not _STAMP.fullmatch(element.get("timestamp", "2026-01-01T00:00:00")):
        found.append(f"timestamp of {name}: {element.get('timestamp')}")
    order = _CHILDREN.get(name, ())
    places = [order.index(child.tag) if child.tag in order else -1 for child in element]
    found += [f"{child.tag} in {name}" for child, place in zip(element, places, strict=True) if place < 0]
    if name == "testcase" and places != sorted(set(places)):
        found.append("children of testcase out of order")
    return found + [each for child in element for each in _wrong(child)]

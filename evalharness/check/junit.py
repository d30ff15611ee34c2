"""check -> JUnit XML: a suite for each question, a case for each changed attempt; evidence in the failure's text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator

from evalharness.check import words
from evalharness.check.rows import Check, Row
from evalharness.gate.rulings import Verdict
from evalharness.plan.changed import How
from evalharness.reports import words as wording
from evalharness.reports.escape import line, xml
from evalharness.reports.overview import Places

_COUNTS = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


def junit(check: Check) -> str:
    """Return the check as JUnit XML: a fail is a failure, what has no grade an error, a deleted attempt skipped."""
    root = ET.Element("testsuites", name="evalharness check")
    if told := words.advisory(check):
        properties = ET.SubElement(root, "properties")
        for text in told:
            ET.SubElement(properties, "property", name="advisory", value=xml(text))
    suites: dict[str, list[Row]] = defaultdict(list)
    for row in check.rows:
        suites[row.changed.case.question.id].append(row)
    for question, rows in suites.items():
        suite = ET.SubElement(root, "testsuite", name=xml(question))
        for row in rows:
            _case(suite, row, check.prefix)
        suite.set("tests", str(len(rows)))
        for name, tag in _COUNTS:
            suite.set(name, str(len(suite.findall(f"testcase/{tag}"))))
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root.iter("testsuite"))))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def evidence(row: Row) -> Iterator[str]:
    """Yield what the gates say, then each criterion with its level and the lines it rests on."""
    yield from words.reasons(row)
    if row.now is None:
        return
    places = Places(row.now)
    for score in row.now.read:
        yield f"{score.criterion.title or score.criterion.id}: {wording.level(score)}"
        yield from (f'  {places.name(quote)} "{line(quote.text)}"' for quote in score.evidence[:3])


def _case(suite: ET.Element, row: Row, prefix: str) -> None:
    attempt = row.changed.case.attempt
    name = f"{attempt.author}/{attempt.id}"
    first = attempt.parts[0].line if attempt.parts else 1
    case = ET.SubElement(
        suite,
        "testcase",
        classname=xml(attempt.question),
        name=xml(name),
        file=xml(f"{prefix}{attempt.path}"),
        line=str(first),
    )
    properties = ET.SubElement(case, "properties")
    told = {"what": words.what(row), "base": words.base(row), "head": words.score(row), "change": words.change(row)}
    for key, value in {**told, "reading": words.reading(row), "gate": words.verdict(row)}.items():
        ET.SubElement(properties, "property", name=key, value=xml(value))
    _outcome(case, row)


def _outcome(case: ET.Element, row: Row) -> None:
    first = next(words.reasons(row), "")
    if row.fails:
        tag, kind = "failure", "gate"
    elif row.ungraded:
        tag, kind = "error", "not_graded"
    elif row.changed.how is How.DELETED:
        tag, kind = "skipped", ""
    else:
        if row.warns or row.verdict is Verdict.TOO_CLOSE:
            ET.SubElement(case, "system-out").text = xml("\n".join(evidence(row)))
        return
    found = ET.SubElement(case, tag, message=xml(line(first) or "is not graded"))
    if kind:
        found.set("type", kind)
        found.text = xml("\n".join(evidence(row)))

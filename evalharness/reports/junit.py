"""run -> JUnit XML: a suite for each question, a case for each attempt.  Times are not invented."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evalharness.gate import words as gate_words
from evalharness.gate.rulings import Ruling
from evalharness.model.nouns import HIGHEST, Question
from evalharness.model.run import Run
from evalharness.reports import words as wording
from evalharness.reports.escape import line, xml
from evalharness.reports.overview import Overview, Places
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.steps import steps

DRAFTS = "drafts"


def render(run: Run, rulings: Sequence[Ruling] = ()) -> str:
    """Return the run as JUnit XML; with a gate's `rulings` what fails it is a failure, and what is advisory says so."""
    overview = Overview(run)
    root = ET.Element("testsuites", name="evalharness")
    properties = ET.SubElement(root, "properties")
    _property(properties, "grader", wording.honesty(run.meta.grader)[0])
    for told in gate_words.advisory(rulings):
        _property(properties, "advisory", told)
    by_case: dict[str, list[Ruling]] = defaultdict(list)
    for ruling in rulings:
        by_case[ruling.trial.case].append(ruling)
    for question, results in _by_question(overview):
        _suite(root, question, results, by_case)
    if run.meta.drafts:
        _drafts(root, run.meta.drafts)
    for name in ("tests", "failures", "errors", "skipped"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root.iter("testsuite"))))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _by_question(overview: Overview) -> Iterator[tuple[Question, list[CaseResult]]]:
    found: dict[str, list[CaseResult]] = defaultdict(list)
    for result in overview.summary.results:
        found[result.case.question.id].append(result)
    for results in found.values():
        yield results[0].case.question, results


def _suite(
    root: ET.Element, question: Question, results: Sequence[CaseResult], rulings: Mapping[str, Sequence[Ruling]]
) -> None:
    suite = ET.SubElement(root, "testsuite", name=xml(question.id))
    for result in results:
        _case(suite, result, rulings.get(result.case.key, ()))
    _count(suite)


def _case(suite: ET.Element, result: CaseResult, rulings: Sequence[Ruling]) -> None:
    attempt, places = result.case.attempt, Places(result)
    first = attempt.parts[0].line if attempt.parts else 1
    case = ET.SubElement(
        suite,
        "testcase",
        classname=xml(attempt.question),
        name=xml(f"{attempt.author}/{attempt.id}"),
        file=xml(places.path),
        line=str(first),
    )
    properties = ET.SubElement(case, "properties")
    _property(properties, "score", wording.total(result))
    for score in result.scores:
        _property(properties, f"level.{score.criterion.id}", wording.level(score))
    if rulings:
        _property(properties, "gate", gate_words.verdict(rulings))
    if result.too_short:
        ET.SubElement(case, "skipped", message=xml(wording.too_short(result)))
    elif result.ungraded:
        _error(case, result.ungraded)
    else:
        _outcome(case, result, rulings, places)


def _error(case: ET.Element, ungraded: Sequence[CriterionScore]) -> None:
    """Add one error, since readers of this format expect one: the type is the first criterion's reason."""
    names = ", ".join(score.criterion.id for score in ungraded)
    code = wording.reason_code(ungraded[0])
    error = ET.SubElement(case, "error", type=code, message=xml(f"ungraded: {names}"))
    error.text = xml("\n".join(_reason(score) for score in ungraded))


def _reason(score: CriterionScore) -> str:
    trouble, detail = wording.trouble(score), line(wording.trouble_detail(score))
    return f"{score.criterion.id}: {trouble.what}{f' ({detail})' if detail else ''}. {trouble.advice}"


def _outcome(case: ET.Element, result: CaseResult, rulings: Sequence[Ruling], places: Places) -> None:
    """Add a failure where a gate fails; what is too close to call or advisory is told and fails nothing."""
    failing = [gate_words.sentence(ruling) for ruling in rulings if ruling.fails]
    told = [gate_words.sentence(ruling) for ruling in rulings if ruling.fails or ruling.warns]
    text = xml("\n".join([*told, *_explanation(result, places)]))
    if failing:
        ET.SubElement(case, "failure", type="gate", message=xml("; ".join(failing))).text = text
    elif told:
        ET.SubElement(case, "system-out").text = text


def _explanation(result: CaseResult, places: Places) -> Iterator[str]:
    """Yield for each step, best first, the level, what to do, and the lines it rests on."""
    scores = {score.criterion.id: score for score in result.read}
    for step in steps(result):
        score = scores[step.criterion.id]
        yield f"{step.name}: {wording.level(score)} of {HIGHEST}. {line(step.asks)}"
        yield from (f'  {places.name(quote)} "{line(quote.text)}"' for quote in score.evidence)


def _drafts(root: ET.Element, drafts: Sequence[str]) -> None:
    suite = ET.SubElement(root, "testsuite", name=DRAFTS)
    for draft in drafts:
        case = ET.SubElement(suite, "testcase", classname=DRAFTS, name=xml(draft))
        ET.SubElement(case, "skipped", message="the attempt is empty: a draft, not graded")
    _count(suite)


def _count(suite: ET.Element) -> None:
    """Set how many cases there are, and how many hold an error, a failure or were skipped."""
    cases = suite.findall("testcase")
    suite.set("tests", str(len(cases)))
    for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(tag) is not None for case in cases)))


def _property(properties: ET.Element, name: str, value: str) -> None:
    ET.SubElement(properties, "property", name=xml(name), value=xml(value))

"""run -> JUnit XML: a suite for each question, a case for each attempt, with what it is about in its output."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evalharness.gate import words as gate_words
from evalharness.gate.rulings import Ruling
from evalharness.model.nouns import HIGHEST
from evalharness.model.run import Run
from evalharness.reports import words as wording
from evalharness.reports.escape import line
from evalharness.reports.junit_form import Item, Suite, document, seconds
from evalharness.reports.overview import Overview, Places
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.steps import steps

DRAFTS = "drafts"


def render(run: Run, rulings: Sequence[Ruling] = ()) -> str:
    """Return the run as JUnit XML; with a gate's `rulings` what fails it is a failure, and what is advisory says so."""
    by_case: dict[str, list[Ruling]] = defaultdict(list)
    for ruling in rulings:
        by_case[ruling.trial.case].append(ruling)
    properties = [("grader", wording.honesty(run.meta.grader)[0])]
    properties += [("advisory", told) for told in gate_words.advisory(rulings)]
    suites = [*_suites(Overview(run), by_case), *_drafts(run.meta.drafts)]
    return document("evalharness", suites, properties=properties, started=run.meta.started)


def _suites(overview: Overview, rulings: Mapping[str, Sequence[Ruling]]) -> Iterator[Suite]:
    found: dict[str, list[CaseResult]] = defaultdict(list)
    prefix = overview.run.meta.prefix
    for result in overview.summary.results:
        found[result.case.question.id].append(result)
    for name, results in found.items():
        items = tuple(_item(result, rulings.get(result.case.key, ()), prefix) for result in results)
        yield Suite(name=name, items=items, file=f"{prefix}{results[0].case.question.path}")


def _item(result: CaseResult, rulings: Sequence[Ruling], prefix: str) -> Item:
    attempt, places = result.case.attempt, Places(result, prefix)
    name, told = f"{attempt.author}/{attempt.id}", tuple(_told(result, rulings, places, prefix))
    spent = seconds(grade for score in result.scores for grade in score.grades)
    item = Item(classname=attempt.question, name=name, told=told, seconds=spent)
    if result.too_short:
        return _ended(item, "skipped", wording.too_short(result))
    if result.ungraded:
        # One error, since readers of this format expect one: the type is the first criterion's reason.
        names = ", ".join(score.criterion.id for score in result.ungraded)
        text = "\n".join(_reason(score) for score in result.ungraded)
        return _ended(item, "error", f"ungraded: {names}", wording.reason_code(result.ungraded[0]), text)
    failing = [gate_words.sentence(ruling) for ruling in rulings if ruling.fails]
    if failing:
        text = "\n".join([*_warnings(rulings), *_explanation(result, places)])
        return _ended(item, "failure", "; ".join(failing), "gate", text)
    return item


def _ended(item: Item, tag: str, message: str, kind: str = "", text: str = "") -> Item:
    about = {"classname": item.classname, "name": item.name, "told": item.told, "seconds": item.seconds}
    return Item(**about, tag=tag, message=message, kind=kind, text=text)  # type: ignore[arg-type]  # fields of Item


def _told(result: CaseResult, rulings: Sequence[Ruling], places: Places, prefix: str) -> Iterator[str]:
    """Yield the file from the repository's root, score and levels, and what a gate says that fails nothing."""
    attempt = result.case.attempt
    yield f"file: {line(f'{prefix}{places.path}')}:{attempt.parts[0].line if attempt.parts else 1}"
    yield f"score: {wording.total(result)}"
    for score in result.scores:
        yield f"level.{score.criterion.id}: {wording.level(score)}"
    if rulings:
        yield f"gate: {gate_words.verdict(rulings)}"
    warnings = [] if any(ruling.fails for ruling in rulings) or result.total is None else _warnings(rulings)
    if warnings:
        yield from warnings
        yield from _explanation(result, places)


def _warnings(rulings: Sequence[Ruling]) -> list[str]:
    return [gate_words.sentence(ruling) for ruling in rulings if ruling.fails or ruling.warns]


def _reason(score: CriterionScore) -> str:
    trouble, detail = wording.trouble(score), line(wording.trouble_detail(score))
    return f"{score.criterion.id}: {trouble.what}{f' ({detail})' if detail else ''}. {trouble.advice}"


def _explanation(result: CaseResult, places: Places) -> Iterator[str]:
    """Yield for each step, best first, the level, what to do, and the lines it rests on."""
    scores = {score.criterion.id: score for score in result.read}
    for step in steps(result):
        score = scores[step.criterion.id]
        yield f"{step.name}: {wording.level(score)} of {HIGHEST}. {line(step.asks)}"
        yield from (f'  {places.name(quote)} "{line(quote.text)}"' for quote in score.evidence)


def _drafts(drafts: Sequence[str]) -> Iterator[Suite]:
    why = "the attempt is empty: a draft, not graded"
    if drafts:
        items = tuple(Item(classname=DRAFTS, name=draft, tag="skipped", message=why) for draft in drafts)
        yield Suite(name=DRAFTS, items=items)

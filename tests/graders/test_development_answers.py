"""The shipped signals on answers of known rank, written before the signals were tuned: order, and nothing for padding.

`tests/data/development/` holds them. Floors are well below what was measured: they tell a broken rubric from a
working one and are no figures to be proud of. A third of the answers, `held_out`, never guided a threshold.
"""

from __future__ import annotations

import functools
import json
import re
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from evalharness.audit.rewriting import without_markdown
from evalharness.criteria import measured, read
from evalharness.graders.heuristic.grader import grade, reads
from evalharness.graders.heuristic.lexicon import CONNECTIVES
from evalharness.load.rubrics import read_rubric
from evalharness.model.nouns import (
    Attempt,
    Case,
    Checklist,
    Company,
    Context,
    Criterion,
    Graded,
    Interviewer,
    Measure,
    Question,
    Rubric,
    Scale,
    Tags,
)
from evalharness.model.rubric_text import texts_of
from evalharness.plan.precheck import by_rule
from evalharness.stats import spearman
from evalharness.text.numerals import NUMBER_WORDS
from evalharness.text.parts import split_parts
from tests import salads
from tests.examples import is_thorough

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parents[1] / "data"
RUBRICS = ("mission-alignment", "culture-dialogue", "project-deep-dive")
RANKS = ("weak", "decent", "rich")
MOST_FOR_PADDING = 0.25

Change = Callable[[str], str]


class Sheet(NamedTuple):
    """The answers to one rubric, and all that stands around them."""

    rubric: Rubric
    data: dict[str, Any]

    @property
    def answers(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.data["answers"]
        return found


@functools.cache
def sheet(name: str) -> Sheet:
    path = ROOT / f"rubrics/{name}.yaml"
    found = read_rubric(path.read_text(encoding="utf-8"), path.name, stem=name)
    assert found.rubric, found.problems
    data = yaml.safe_load((DATA / f"development/{name}.yaml").read_text(encoding="utf-8"))
    return Sheet(found.rubric, data)


def case_of(name: str, answer: dict[str, Any], change: Change = str) -> Case:
    rubric, data = sheet(name)
    interviewer = data.get("interviewer")
    context = Context(
        company=Company(name=data["company"]["name"], facts=tuple(data["company"]["facts"])),
        interviewer=Interviewer(
            name=interviewer["name"], role=interviewer["role"], interests=tuple(interviewer["interests"])
        )
        if interviewer
        else None,
    )
    missions = tuple(answer.get("missions", ()))
    question = Question(
        id=answer["question"],
        text=data["questions"][answer["question"]],
        rubric=name,
        time_limit=float(data["time_limit"].split()[0]),
        missions=missions,
        context=context,
    )
    body = change(answer["answer"])
    if "follow_up" in answer:
        body += f"\n\n## Follow-up question\n\n{change(answer['follow_up'])}"
    parts = split_parts(body, 1, rubric.parts)
    attempt = Attempt(question=question.id, author="dev", id=answer["id"], parts=parts, missions=missions)
    return Case(question=question, attempt=attempt, rubric=rubric)


def level(case: Case, criterion: Criterion) -> float:
    if isinstance(criterion.kind, Measure):
        return measured(case, criterion, criterion.kind).level
    ruled = by_rule(case, criterion)
    if isinstance(ruled, Graded):
        return ruled.level
    outcome = read(case, criterion, grade(case, criterion)).outcome
    assert isinstance(outcome, Graded), outcome
    return outcome.level


def levels(case: Case) -> dict[str, float]:
    """Return the level of every criterion that the heuristic or a measure reads."""
    return {c.id: level(case, c) for c in case.rubric.criteria if isinstance(c.kind, Measure) or reads(c)}


def total(rubric: Rubric, found: dict[str, float]) -> float:
    weights = {c.id: c.weight for c in rubric.criteria}
    return sum(weights[name] * each for name, each in found.items()) / sum(weights[name] for name in found)


@functools.cache
def graded(name: str) -> dict[str, dict[str, float]]:
    """Return answer id -> criterion -> level."""
    return {answer["id"]: levels(case_of(name, answer)) for answer in sheet(name).answers}


def totals(name: str, rank: str, *, held_out: bool | None = None) -> list[float]:
    return [
        total(sheet(name).rubric, graded(name)[answer["id"]])
        for answer in sheet(name).answers
        if answer["rank"] == rank and held_out in (None, answer["held_out"])
    ]


# --- the answers themselves --------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUBRICS)
def test_there_are_enough_answers_and_a_third_is_held_out(name: str) -> None:
    """Four of each rank and more; ids differ; what a human said names criteria and levels of the rubric."""
    answers = sheet(name).answers
    ranks = [answer["rank"] for answer in answers]
    known = {c.id for c in sheet(name).rubric.criteria if isinstance(c.kind, Scale)}

    assert all(ranks.count(rank) >= 4 for rank in RANKS)
    assert 0.25 <= sum(answer["held_out"] for answer in answers) / len(answers) <= 0.4
    assert len({answer["id"] for answer in answers}) == len(answers)
    assert all(answer["human"].keys() <= known for answer in answers)
    assert all(each in range(1, 6) for answer in answers for each in answer["human"].values())


# --- order -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUBRICS)
def test_weak_decent_and_rich_answers_stand_in_this_order(name: str) -> None:
    """In the mean, with a clear gap, and each rank about where its name says."""
    weak, decent, rich = (statistics.mean(totals(name, rank)) for rank in RANKS)

    assert weak + 0.75 <= decent
    assert decent + 0.35 <= rich
    assert weak <= 2.4
    assert 2.5 <= decent <= 3.7
    assert rich >= 3.4


@pytest.mark.parametrize("name", RUBRICS)
def test_the_order_holds_on_answers_that_were_held_out(name: str) -> None:
    """On what no threshold was chosen by; only two to four answers each, so decent and rich may tie."""
    weak, decent, rich = (statistics.mean(totals(name, rank, held_out=True)) for rank in RANKS)

    assert weak + 0.5 <= decent <= rich + 0.1


@pytest.mark.parametrize("name", RUBRICS)
def test_the_total_goes_with_the_rank(name: str) -> None:
    """Spearman between intended rank and total."""
    pairs = [(float(at), each) for at, rank in enumerate(RANKS) for each in totals(name, rank)]

    together = spearman([rank for rank, _ in pairs], [each for _, each in pairs])
    assert together is not None
    assert together >= 0.8


@pytest.mark.parametrize("name", RUBRICS)
def test_every_scale_uses_more_than_one_level_and_none_above_its_cap(name: str) -> None:
    """A criterion that says the same of all answers says nothing; what only a reader can see stays at the cap."""
    for c in sheet(name).rubric.criteria:
        if isinstance(c.kind, Scale) and c.kind.signals and reads(c):
            found = {each[c.id] for each in graded(name).values()}
            assert len(found) >= 3 or (c.kind.signals.cap <= 3 and len(found) == 2), c.id
            assert max(found) <= c.kind.signals.cap, c.id


@pytest.mark.parametrize("name", RUBRICS)
def test_levels_are_near_what_a_careful_reader_gave(name: str) -> None:
    """The mean distance on some criteria; a reader's fives are out of reach, so it is never small."""
    apart = [
        abs(graded(name)[answer["id"]][criterion] - each)
        for answer in sheet(name).answers
        for criterion, each in answer["human"].items()
        if criterion in graded(name)[answer["id"]]
    ]

    assert statistics.mean(apart) <= 0.9


# --- nothing for padding -----------------------------------------------------------------------------

_ATTACKS = json.loads((DATA / "attacks.json").read_text(encoding="utf-8"))
ORDERS = "\n".join(a["text"] for a in _ATTACKS if a["family"] in ("order", "level"))
LINKS = list(dict.fromkeys(CONNECTIVES))[:40]


def doubled(text: str) -> str:
    return f"{text}\n\n{text}"


def connected(text: str) -> str:
    return f"{text}\n\n{' '.join(LINKS)}."


def listed(text: str) -> str:
    return f"{text} {', '.join(LINKS)}."


def ordered(text: str) -> str:
    return f"{text}\n\n{ORDERS}"


PADDINGS = (doubled, connected, listed, ordered)


@pytest.mark.parametrize("name", RUBRICS)
@pytest.mark.parametrize("change", PADDINGS)
def test_padding_is_worth_next_to_nothing(name: str, change: Change) -> None:
    """Said twice, forty connectives, orders to the grader: in every part, no criterion but the time rises.

    Two ways for each answer; all of them in a thorough run.
    """
    rises(name, change, turn=PADDINGS.index(change))


@pytest.mark.parametrize("name", RUBRICS)
def test_pasted_anchors_are_worth_next_to_nothing(name: str) -> None:
    """All texts of the rubric after the answer, and after the question back."""
    anchors = "\n\n".join(texts_of(sheet(name).rubric))

    rises(name, lambda text: f"{text}\n\n{anchors}")


def rises(name: str, change: Change, *, turn: int | None = None) -> None:
    """Assert that a change lifts no answer; with a `turn` every second one, but all in a thorough run."""
    rubric = sheet(name).rubric
    timed = {c.id for c in rubric.criteria if isinstance(c.kind, Measure)}
    answers = sheet(name).answers
    for answer in answers if turn is None or is_thorough() else answers[turn % 2 :: 2]:
        before, after = graded(name)[answer["id"]], levels(case_of(name, answer, change))
        assert total(rubric, after) <= total(rubric, before) + MOST_FOR_PADDING, answer["id"]
        risen = {each for each in before if after[each] > before[each] + 1e-9} - timed
        assert not risen, (answer["id"], risen)


def stripped(text: str) -> str:
    """Return `text` without numbers: every word with a figure, and every number word; stops stay."""
    without = re.sub(r"\S*\d\S*?(?=[.!?,;:]?(?:\s|$))", "", text)
    return re.sub(rf"\b(?:{'|'.join(sorted(NUMBER_WORDS))})\b", "", without, flags=re.IGNORECASE)


def counts_numbers(c: Criterion) -> bool:
    match c.kind:
        case Scale(signals=signals):
            return bool(signals and signals.quantities)
        case Checklist(items=items):
            return any(item.signals and item.signals.quantities for item in items)
        case Tags(tags=tags):
            return any(tag.signals and tag.signals.quantities for tag in tags)
        case Measure():
            return True


@pytest.mark.parametrize("name", RUBRICS)
def test_without_numbers_only_what_counts_numbers_falls(name: str) -> None:
    """And something does fall: a rich answer without its figures is poorer."""
    rubric = sheet(name).rubric
    for answer in sheet(name).answers:
        before, after = graded(name)[answer["id"]], levels(case_of(name, answer, stripped))
        fallen = {c.id for c in rubric.criteria if c.id in before and after[c.id] < before[c.id] - 1e-9}
        assert fallen <= {c.id for c in rubric.criteria if counts_numbers(c)}, answer["id"]
        if answer["rank"] == "rich" and "quantified_impact" in before:
            assert "quantified_impact" in fallen, answer["id"]


@pytest.mark.parametrize("name", RUBRICS)
def test_speaking_time_weighs_little(name: str) -> None:
    """From the best to the worst time, the total moves by no more than padding may."""
    rubric = sheet(name).rubric
    timed = sum(c.weight for c in rubric.criteria if isinstance(c.kind, Measure))

    assert 4 * timed / sum(c.weight for c in rubric.criteria) <= MOST_FOR_PADDING


# --- titles ------------------------------------------------------------------------------------------


def untitled(text: str) -> str:
    return re.sub(r"^#{1,6} .*\n?", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("answer", sheet("project-deep-dive").answers, ids=lambda answer: answer["id"])
def test_titles_left_out_are_no_gain_to_speak_of(answer: dict[str, Any]) -> None:
    """Marks away changes nothing; titles away moves a deep dive by two thirds of a level at most."""
    name = "project-deep-dive"
    rubric, with_titles = sheet(name).rubric, graded(name)[answer["id"]]

    assert levels(case_of(name, answer, without_markdown)) == with_titles
    assert abs(total(rubric, levels(case_of(name, answer, untitled))) - total(rubric, with_titles)) <= 0.67


# --- injections --------------------------------------------------------------------------------------


def followed_by(said: str) -> Change:
    return lambda text: text.rstrip() + said


INJECTIONS = yaml.safe_load((DATA / "injections.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", RUBRICS)
@pytest.mark.parametrize("glue", ["\n\n", " "])
def test_no_injection_lifts_an_answer(name: str, glue: str) -> None:
    """Whatever is said to the grader or in its name, in a weak answer or below a decent one: a quarter of a level at most."""  # noqa: E501
    rubric = sheet(name).rubric
    rank = "decent" if "\n" in glue else "weak"
    answer = next(a for a in sheet(name).answers if a["rank"] == rank)
    # Each behind a weak answer to one rubric and a decent one to another; in a thorough run to all of them.
    turn = RUBRICS.index(name) + len(glue)
    for injection in INJECTIONS if is_thorough() else INJECTIONS[turn % len(RUBRICS) :: len(RUBRICS)]:
        after = levels(case_of(name, answer, followed_by(glue + injection["text"])))
        lift = total(rubric, after) - total(rubric, graded(name)[answer["id"]])
        assert lift <= MOST_FOR_PADDING, (answer["id"], injection["text"])


# --- word salads -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", RUBRICS)
def test_word_salads_stay_below_every_honest_answer(name: str) -> None:
    """Trigger words, anchors and hints in many guises, and nonsense by hand: below 2.5, and below what is decent."""
    rubric, question = sheet(name).rubric, case_of(name, sheet(name).answers[0]).question
    guises = {**salads.TUNED, **salads.HELD_BACK}
    found = [salads.case_of(question, rubric, text) for _, text in salads.every(rubric, guises, 2)]
    found.append(salads.case_of(question, rubric, salads.hints(question, rubric)))
    found += [
        salads.case_of(question, rubric, each["answer"], each.get("follow_up", ""))
        for each in salads.by_hand()
        if each["rubric"] == name
    ]
    heights = [total(rubric, levels(case)) for case in found]

    assert max(heights) < 2.5
    assert max(heights) < min(totals(name, "decent"))


@pytest.mark.parametrize("name", RUBRICS)
def test_a_salad_behind_an_answer_lifts_nothing(name: str) -> None:
    """Rows of what the rubric looks for are cut, also where an honest answer stands before them."""
    rubric = sheet(name).rubric
    for answer in (sheet(name).answers[0], sheet(name).answers[-1]):
        for guise in ("clauses", "nested", "endless", *salads.BEHIND):
            said = salads.salad(rubric, {**salads.TUNED, **salads.HELD_BACK, **salads.BEHIND}[guise], 1)
            after = levels(case_of(name, answer, followed_by(f"\n\n{said}")))
            lift = total(rubric, after) - total(rubric, graded(name)[answer["id"]])
            assert lift <= MOST_FOR_PADDING, (answer["id"], guise)

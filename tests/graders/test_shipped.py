"""The shipped cases: what must hold when an answer is padded, stripped or attacked.

The series were written before the signals, by people who did not see them, and the signals are not tuned to them: the
order that the heuristic sees is reported in docs/trust.md, not asserted here.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from evalharness.audit.variants import declares_numbers, with_answer
from evalharness.calls.rules import by_rule
from evalharness.criteria import read
from evalharness.graders.heuristic.grader import grade, reads
from evalharness.load import load_project
from evalharness.model.nouns import ANSWER, Case, Criterion, GraderId, Measure
from evalharness.model.rubric_text import texts_of
from evalharness.plan.plan import make_plan
from evalharness.results.aggregate import case_result

ROOT = Path(__file__).parents[2]
LOADED = load_project([ROOT / "cases"], cwd=ROOT)
HEURISTIC = GraderId(name="heuristic", version="1", deterministic=True)
ATTACKS = json.loads((ROOT / "tests/data/attacks.json").read_text())
CONNECTIVES = (
    "however therefore moreover furthermore nevertheless although because whereas consequently thus hence instead "
    "otherwise meanwhile besides additionally similarly likewise conversely nonetheless accordingly indeed finally "
    "firstly secondly thirdly overall specifically namely notably despite unless since so then still yet also rather "
    "alternatively"
)
# Plain prose about something else is padding that no rule recognises: see docs/trust.md.
FAMILIES = sorted({attack["family"] for attack in ATTACKS} - {"padding"})

# Each with its neighbour before: an attempt of a series and the one that follows it.
CASES = [pytest.param(case, id=case.key) for case in LOADED.cases]


def levels(case: Case) -> dict[str, float]:
    """Return the level of every criterion that the heuristic reads, measures included."""
    plan = make_plan([case], HEURISTIC, reads)
    found = {grade_.criterion: grade_.outcome for grade_ in by_rule(plan.slots, "")}
    for slot in plan.slots:
        if slot.criterion.id not in found:
            found[slot.criterion.id] = read(case, slot.criterion, grade(case, slot.criterion)).outcome
    return {name: outcome.level for name, outcome in found.items()}  # type: ignore[union-attr]  # no other is made


def total(case: Case, found: dict[str, float]) -> float:
    weights = {criterion.id: criterion.weight for criterion in case.rubric.criteria if criterion.id in found}
    return sum(found[name] * weight for name, weight in weights.items()) / sum(weights.values())


@functools.cache
def as_given(key: str) -> dict[str, float]:
    """Return the levels of a shipped case as it is; many tests ask for them."""
    return levels(next(case for case in LOADED.cases if case.key == key))


def changed(case: Case, change: Callable[[str], str]) -> Case:
    """Return the case with its answer (and the sections in it) rewritten."""
    answer = case.attempt.part(ANSWER)
    assert answer is not None
    return with_answer(case, change(answer.text))


def declares_quantities(criterion: Criterion) -> bool:
    """Numbers are spoken, so they take time too."""
    return isinstance(criterion.kind, Measure) or declares_numbers(criterion)


def test_the_shipped_content_is_all_there() -> None:
    """Nineteen questions, at least six series of three or more attempts, no problem in any file."""
    series = {case.attempt.series for case in LOADED.cases}
    long = [s for s in series if sum(case.attempt.series == s for case in LOADED.cases) >= 3]
    assert len(LOADED.questions) == 19
    assert len(long) >= 7
    assert {rubric.id for rubric in LOADED.rubrics.values()} == {
        "mission-alignment",
        "culture-dialogue",
        "project-deep-dive",
    }


@pytest.mark.parametrize("case", CASES)
def test_without_numbers_only_what_declares_numbers_falls(case: Case) -> None:
    """A criterion that is not about numbers does not live on them."""
    before, after = as_given(case.key), levels(changed(case, lambda text: re.sub(r"\d[\d.,:]*\d|\d", "", text)))
    fallen = {name for name, level in after.items() if level < before[name]}

    assert {name for name in fallen if not declares_quantities(case.rubric.criterion(name))} == set()  # type: ignore[arg-type]


PADDINGS = ("doubled", "anchors", "connectives")
PASTED = [
    *(pytest.param(how, case, id=f"{how}-{case.key}") for how in PADDINGS for case in LOADED.cases),
    # each family of attacks behind a third of the answers, and each answer before a third of the families
    *(
        pytest.param(how, case, id=f"{how}-{case.key}")
        for place, how in enumerate(FAMILIES)
        for case in LOADED.cases[place % 3 :: 3]
    ),
]


@pytest.mark.parametrize(("how", "case"), PASTED)
def test_padding_and_orders_lift_no_answer(case: Case, how: str) -> None:
    """At most a quarter of a level, whatever is pasted behind the answer."""
    padding = {
        "doubled": lambda text: f"{text}\n\n{text}",
        "anchors": lambda text: f"{text}\n\n" + "\n".join(" ".join(t.split()) for t in texts_of(case.rubric)),
        "connectives": lambda text: f"{text}\n\n{CONNECTIVES}",
    }
    orders = "\n\n".join(attack["text"] for attack in ATTACKS if attack["family"] == how)
    change = padding.get(how, lambda text: f"{text}\n\n{orders}")

    assert total(case, levels(changed(case, change))) - total(case, as_given(case.key)) <= 0.25


def test_a_total_is_what_the_report_computes() -> None:
    """The helper of this file and the aggregation agree."""
    case = LOADED.cases[0]
    plan = make_plan([case], HEURISTIC, reads)
    grades = {g.criterion: [g] for g in by_rule(plan.slots, "")}
    for slot in plan.slots:
        if slot.criterion.id not in grades:
            outcome = read(case, slot.criterion, grade(case, slot.criterion)).outcome
            grades[slot.criterion.id] = [slot.grade(outcome=outcome)]
    assert case_result(case, grades, frozenset(plan.not_read), 1).total == pytest.approx(total(case, levels(case)))

"""Ten shipped attempts, rewritten by doing what their first step says and nothing else.

The texts in `tests/data/followed/` were written before anything was graded.  The heuristic grades here: this shows that
its steps lead upward where it can see, and says nothing of what a reader would make of the new sentences.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import evalharness
from evalharness.results.aggregate import CaseResult
from tests.support import world_at

ROOT = Path(__file__).parent.parent.parent
FOLLOWED = {
    "governance": "trade_offs",
    "what-excites-you": "reflective_tone",
    "why-fernhollow": "mission_alignment",
    "ethical-disagreement": "lived_example",
    "transparency": "trade_offs",
    "innovation-vs-safety": "quantified_impact",
    "responsibility": "reflective_tone",
    "robustness-at-scale": "lived_example",
    "clarity": "reflective_tone",
    "privacy": "trade_offs",
}
"""The criterion that the first step of each question's latest attempt was about when its rewrite was written."""

Levels = dict[str, float | None]


def graded(root: Path) -> dict[str, CaseResult]:
    run = evalharness.run([], settings={"grader": "heuristic"}, world=world_at(root))
    return {each.latest.case.question.id: each.latest for each in evalharness.summary(run).series}


def levels(found: dict[str, CaseResult]) -> Levels:
    scores = {(question, score.criterion.id): score.level for question, each in found.items() for score in each.scores}
    return {question: scores[question, criterion] for question, criterion in FOLLOWED.items()}


@pytest.fixture(scope="module")
def before_and_after(tmp_path_factory: pytest.TempPathFactory) -> tuple[Levels, Levels]:
    root = tmp_path_factory.mktemp("followed")
    shutil.copytree(ROOT / "rubrics", root / "rubrics")
    for folder in (ROOT / "cases").glob("*/*"):
        if folder.name in FOLLOWED:
            shutil.copytree(folder, root / "cases" / folder.name)
    before = graded(root)
    for name in FOLLOWED:
        shutil.copyfile(ROOT / f"tests/data/followed/{name}.md", root / before[name].case.attempt.path)
    return levels(before), levels(graded(root))


@pytest.mark.parametrize("name", FOLLOWED)
def test_doing_what_the_first_step_says_raises_that_criterion(
    before_and_after: tuple[Levels, Levels], name: str
) -> None:
    """The step is an instruction, and following it is enough."""
    before, after = (each[name] for each in before_and_after)

    assert before is not None
    assert after is not None
    assert after > before

"""Sentences that speak of the grading are found; stories of graders, candidates and scores at work are not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evalharness.text import addressed, verdicts

INJECTIONS = yaml.safe_load((Path(__file__).parents[1] / "data" / "injections.yaml").read_text(encoding="utf-8"))

HONEST = (
    "In that interview the candidate was right, and I told my boss so.",
    "The author of the ticket was on leave, so I rang her.",
    "The speaker in the hall was broken.",
    "My answer was no.",
    "My first attempt was wrong, and it cost us a day.",
    "The response was quick, but the pump stood still.",
    "We graded four hundred essays by one rubric, and the graders disagreed on sixty.",
    "I scored each response from 1 to 5 before I looked at the model's rating.",
    "The evaluation should run before every release, and mine did not.",
    "Evaluation set: 400 recorded cases that the model never saw.",
    "Each incident got a score (1 to 5), and we read the top ones on Monday.",
    "Five out of five drills passed after that.",
    "The highest score in the test went to the oldest model.",
    "She had full marks in chemistry and no patience.",
    "Our language model wrote the letters, and a nurse read every one.",
    "A second reader checked what the first one had signed.",
    "I marked the crates as complete before I had counted them.",
    "The examiner of the boiler refused his stamp.",
    "We had human raters, and I was one of them for a week.",
    "Overall the rating rose from 3 to 4 stars in May.",
    "Let me give you an example of what I mean by evidence.",
    "I assumed that she had told them.",
    "The assessment of the bridge took nine days.",
    "Our policy says who may stop a launch, and the board's verdict came on a Friday.",
    "You have a review step, and I'd like to see how it treats a doubt.",
)


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda each: each["text"][:30])
def test_what_is_said_to_or_for_the_grader_is_labelled(injection: dict[str, str]) -> None:
    """Every one of our own injections carries a label, also behind honest text."""
    assert addressed.find(injection["text"])
    assert addressed.find(f"I built the dispatch system for the wards.\n\n{injection['text']}")


@pytest.mark.parametrize("said", HONEST)
def test_stories_about_grading_are_stories(said: str) -> None:
    """Whoever grades, scores or interviews at work may tell of it."""
    assert list(verdicts.find(said)) == []
    assert addressed.find(said) == ()

"""The embedded grader: what it reads, and the whole draft it makes of it."""

from __future__ import annotations

import pytest

from evalharness.graders.heuristic.grader import VERSION, grade, reads
from evalharness.graders.heuristic.reading import is_open
from evalharness.model.draft import Draft
from evalharness.model.nouns import Band, Checklist, Criterion, Item, Measure, Scale, Tag, Tags
from evalharness.model.signals import Signals
from tests.heuristic_cases import RUBRIC, STRONG, WEAK, case, criterion, heights, of


def test_it_reads_what_declares_signals() -> None:
    """A scale with signals, lists where every entry has some; never a measure."""
    bare = Scale(levels=())
    half = Checklist(items=(Item(id="a", text="a", signals=Signals()), Item(id="b", text="b")))
    tags = Tags(tags=(Tag(id="1", title="t"),))
    measure = Measure(measure="fillers", bands=(Band(level=1),))

    assert all(reads(c) for c in RUBRIC.criteria)
    assert not any(reads(Criterion(id="c", title="c", kind=kind)) for kind in (bare, half, tags, measure))
    with pytest.raises(ValueError, match="does not read"):
        grade(case(STRONG), Criterion(id="c", title="c", kind=measure))


def test_a_strong_answer_stands_above_a_weak_one() -> None:
    """Every criterion of the strong answer is higher, with evidence, and the version is stated."""
    strong, weak = heights(STRONG), heights(WEAK)

    assert all(strong[name] > weak[name] for name in ("impact", "trade", "example", "list", "mission"))
    assert VERSION == "6"


def test_the_whole_draft_of_a_scale() -> None:
    """Quotes in the order of the text, what was counted, what the next level lacks, and what to ask next."""
    text = (
        "I stopped the launch for six weeks. We lost a customer, although the fix took two days. "
        "It was a long night at the depot for all of us."
    )

    assert of("impact", text) == Draft(
        quotes=(
            "I stopped the launch for six weeks.",
            "We lost a customer, although the fix took two days.",
        ),
        missing='say beside a number what it was before (so far "six weeks" and "two days"); '
        "say more in your own words (now 15 words in sentences that count, 40 are enough)",
        reason="surface signals: 2 quantities, 15 words in sentences that count; 2 points, level 2 needs 1",
        level=2,
        next_question="What was it before?",
    )


def test_a_checklist_has_one_quote_for_each_item_met() -> None:
    """Items are met or partly met with their own evidence; what is lacking is in the rubric's words."""
    draft = of("list", "I watched the canary for a day with Ruben. It carried 300 requests a second and 12 depots.")

    assert [(f.id, f.state, f.quote) for f in draft.findings] == [
        ("rollout", "partly", "I watched the canary for a day with Ruben."),
        ("load", "met", "It carried 300 requests a second and 12 depots."),
    ]
    assert draft.missing == "says how the change went out to its users"
    assert draft.level is None


def test_tags_name_story_and_takeaway() -> None:
    """The story is the name said most, never the company's; the takeaway the last sentence with a hit."""
    draft = of("mission", STRONG)

    assert draft.story == "Courier"
    assert draft.takeaway.startswith("Looking back, I should have asked the dispatchers before the pilot")
    assert [f.state for f in draft.findings] == ["met", "not_met"]
    assert draft.missing == "tell what you did for: careful deployment in small steps"


def test_without_names_and_hits_there_is_no_story() -> None:
    """Nothing is invented."""
    draft = of("mission", WEAK)

    assert (draft.story, draft.takeaway) == ("", "")


def test_an_attempt_without_the_part_is_the_lowest_level() -> None:
    """Nothing to read is nothing shown."""
    assert of("curious", STRONG).level == 1


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ("How do the dispatchers decide when the model is silent?", 3),
        ("Could you tell me how your team would weigh that?", 3),
        ("What surprised you most? How did that change what you build now?", 4),
        ("Do you like working here?", 1),
        ("How many people work in your team?", 1),
        ("Is it what you wanted to build?", 1),
        ("Why?", 1),
    ],
)
def test_only_open_questions_count(asked: str, level: int) -> None:
    """A question that yes, no or a figure answers is not curious."""
    assert grade(case(STRONG, asked), criterion("curious")).level == level


def test_open_questions_are_told_by_their_words() -> None:
    """The rule on words alone."""
    assert is_open(("in", "your", "view", "what", "would", "fail"))
    assert not is_open(("would", "you", "say", "it", "is", "safe"))

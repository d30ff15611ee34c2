"""Advice on rubrics: what makes grades hard to trust is named, and a good rubric hears nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.lint import workflow as checks
from evalharness.lint.advice import Advice
from evalharness.lint.rubric_lint import RULES, advise, is_vague
from evalharness.model.nouns import Checklist, Criterion, Item, Kind, Level, Rubric, Scale, Tag, Tags
from evalharness.model.signals import Counted, LengthBand, Markers, Signals, Terms
from tests.support import write_project

GOOD_ANCHORS = (
    "Names a number with its baseline.",
    "No event of the speaker's own stands in the answer.",
    "One system is named, with where it ran and for whom.",
    "A price is named with its size, and why it was paid.",
    "Nothing concrete.",
    "The question can be answered with yes or no.",
    "Says what was given up and who would disagree.",
    "A clear number with the value before it.",
    "3 to 6 sentences",
)
VAGUE_ANCHORS = (
    "Excellent.",
    "A good, clear and convincing answer.",
    "Very strong",
    "Somewhat specific, mostly relevant response",
    "The answer is thoughtful, nuanced and authentic.",
    "Adequate level of quality",
    "An excellent, nuanced and insightful discussion",
)


def criterion(
    name: str, *anchors: str, look_for: str = "", weight: float = 1.0, part: str = "answer", title: str = ""
) -> Criterion:
    texts = anchors or (
        f"no {name} stands there",
        f"{name} stands there once",
        f"{name} and its cause stand there",
    )
    found = zip((1, 3, 5), texts, strict=False)
    levels = tuple(Level(level=level, text=text, next="" if level == 5 else "Name it.") for level, text in found)
    return Criterion(
        id=name, title=title or name, kind=Scale(levels=levels), look_for=look_for, weight=weight, part=part
    )


def lint(*criteria: Criterion) -> tuple[Advice, ...]:
    return advise(Rubric(id="r", title="R", criteria=criteria))


def slugs(*criteria: Criterion) -> list[str]:
    return [advice.slug for advice in lint(*criteria)]


@pytest.mark.parametrize("text", GOOD_ANCHORS)
def test_anchors_that_can_be_seen_pass(text: str) -> None:
    """An anchor that names what stands or is absent in a text is fine."""
    assert not is_vague(text)


@pytest.mark.parametrize("text", VAGUE_ANCHORS)
def test_adjectives_alone_are_vague(text: str) -> None:
    """How good it is says nothing about what is there."""
    assert is_vague(text)


def test_advice_is_a_sentence_with_a_place_and_a_way_out() -> None:
    """The whole text of one advice."""
    assert lint(criterion("tone", "no tone stands there", "Good tone of an answer.", "Excellent, clear and warm.")) == (
        Advice(
            criterion="tone",
            slug="vague-anchor",
            message="level 5 names nothing that can be seen in a text: 'Excellent, clear and warm.'",
            hint="say what is in the answer, for instance 'names a number with its baseline'",
            within=("levels", "5"),
        ),
    )


def test_advice_leads_to_the_line_of_its_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A level, an item by its id, a title; what is said of a whole criterion leads to where it begins."""
    text = """\
title: Talk
criteria:
  - id: tone
    title: Eye contact
    kind: scale
    levels: {1: Nothing is named., 3: A number is named., 5: Good strong answer.}
  - id: steps
    title: Steps
    kind: checklist
    weight: 0.1
    items:
      - {id: first, text: Names the first step.}
      - id: second
        text: Very good quality.
"""
    write_project(tmp_path, {}, rubric=text)
    monkeypatch.chdir(tmp_path)
    lines = text.splitlines()

    advice = checks.lint(["rubrics"]).advice
    found = {each.slug: each for each in advice if each.line > 6}
    level = [each for each in advice if each.line == 6 and each.slug == "vague-anchor"]
    lines_of = {slug: [each.line for each in advice if each.slug == slug] for slug in ("unseen", "decides-all")}

    assert lines[found["vague-anchor"].line - 1].strip() == "- id: second"
    assert lines[5][level[0].column - 1] == "5"
    assert lines_of == {"unseen": [4], "decides-all": [3]}


def test_a_good_rubric_hears_nothing() -> None:
    """No advice where there is nothing to say."""
    assert lint(criterion("events"), criterion("prices"), criterion("numbers", part="overview")) == ()


@pytest.mark.parametrize(
    "text", ["Confident body language.", "keeps eye contact", "a calm tone of voice", "looks relaxed"]
)
def test_what_a_text_does_not_show_is_named(text: str) -> None:
    """Voice and body are not in a text."""
    assert slugs(criterion("events", look_for=text)) == ["unseen"]


def test_a_confidence_interval_can_be_seen() -> None:
    """Statistics are no self-confidence."""
    assert slugs(criterion("events", look_for="states the confidence interval of its estimate")) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("keeps it short", "tells it at length"),
        ("at most 60 words", "at least 200 words"),
        ("uses no numbers", "names a number and its baseline"),
        ("avoids the first person", "speaks in the first person"),
        ("free of technical terms", "uses technical terms where they fit"),
    ],
)
def test_criteria_that_exclude_each_other_are_named(one: str, other: str) -> None:
    """No answer can earn both, in whichever order they stand; in different parts it can."""
    assert slugs(criterion("a", look_for=one), criterion("b", look_for=other)) == ["opposite"]
    assert slugs(criterion("b", look_for=other), criterion("a", look_for=one)) == ["opposite"]
    assert slugs(criterion("a", look_for=one), criterion("b", look_for=other, part="overview")) == []


@pytest.mark.parametrize("text", ["'many' and 'a lot' are not numbers here", "partly, if it has no number"])
def test_words_about_numbers_forbid_none(text: str) -> None:
    """Only an anchor that wants no numbers is against one that wants some."""
    assert slugs(criterion("a", look_for=text), criterion("b", look_for="names a number with its baseline")) == []


def test_a_word_limit_above_the_floor_fits() -> None:
    """At most 120 and at least 60 words can both be had."""
    assert slugs(criterion("a", look_for="at most 120 words"), criterion("b", look_for="at least 60 words")) == []


def test_a_long_checklist_is_against_brevity() -> None:
    """Eight things to say don't fit into a short answer."""
    items = tuple(
        Item(id=f"i{n}", text=f"names the {noun}", next=f"Name the {noun}.") for n, noun in enumerate("abcdefgh")
    )
    long = Criterion(id="long", title="long", kind=Checklist(items=items))

    assert slugs(criterion("a", look_for="is brief"), long) == ["opposite"]


def test_one_criterion_must_not_decide_all() -> None:
    """More than half of the weight is too much; half is not, and a single criterion has no choice."""
    assert slugs(criterion("a", weight=3), criterion("b"), criterion("c")) == ["decides-all"]
    assert slugs(criterion("a", weight=2), criterion("b"), criterion("c")) == []
    assert slugs(criterion("a")) == []


def test_the_same_text_twice_tells_nothing_apart() -> None:
    """Between levels, and between criteria; case and punctuation aside."""
    same = criterion("a", "no event stands there", "An event stands there.", "an event stands there")
    tags = Criterion(id="t", title="t", kind=Tags(tags=(Tag(id="1", title="an event stands there", next="Tell it."),)))

    assert slugs(same) == ["duplicate"]
    assert "of 'a'" in lint(criterion("a", "x", "an event stands there", "y and z of it"), tags)[-1].message


def test_more_than_twenty_criteria_are_too_many() -> None:
    """Twenty pass, twenty-one don't."""
    many = [criterion(f"c{n}", f"no w{n} is there", f"w{n} is there", f"w{n} has its cause there") for n in range(21)]

    assert slugs(*many[:20]) == []
    assert slugs(*many) == ["too-many"]


def test_points_that_cannot_be_had_are_named() -> None:
    """A level, an item or a tag that asks for more than its signals can bring is never reached."""
    signals = Signals(
        quantities=Counted(most=2), markers=(Markers(kinds=("reason",), most=1),), levels={"2": 1, "4": 4}
    )
    reachable = Signals(length_band=LengthBand(floor=1, plateau=2), ownership=Counted(most=2), levels={"4": 4, "5": 9})
    kind = Scale(levels=(Level(level=1, text="no price", next="Name it."),), signals=signals)
    fine = Scale(levels=(Level(level=1, text="no event", next="Name it."),), signals=reachable)
    item = Item(id="i", text="names the entities", next="Name them.", signals=Signals(terms=(Terms(any=("entity",)),)))
    tag = Tag(id="1", title="careful steps", next="Take them.", signals=Signals(terms=(Terms(any=("pilot",)),)))
    kinds: tuple[Kind, ...] = (kind, fine, Checklist(items=(item,)), Tags(tags=(tag,)))
    found = lint(*(Criterion(id=f"c{n}", title="t", kind=k) for n, k in enumerate(kinds)))

    assert [(a.criterion, a.slug) for a in found] == [
        ("c0", "unreachable"),
        ("c2", "unreachable"),
        ("c3", "unreachable"),
    ]
    assert found[0].message == "level 4 asks for 4 points, and the signals bring 3 at most"


def test_terms_hold_no_numbers() -> None:
    """Otherwise numbers taken out would lower a criterion that declares no quantities."""
    signals = Signals(terms=(Terms(any=("p99", "two phase", "latency"), most=2),), levels={"2": 1})
    found = lint(
        Criterion(
            id="c", title="c", kind=Scale(levels=(Level(level=1, text="no event", next="Name it."),), signals=signals)
        )
    )

    assert [advice.slug for advice in found] == ["number-in-term", "number-in-term"]


def test_what_to_do_is_asked_for_below_the_top() -> None:
    """Levels below 5, items and tags say what to do to pass them; one advice names all that do not."""
    levels = (
        Level(level=1, text="no event"),
        Level(level=3, text="an event", next="Add it."),
        Level(level=5, text="two"),
    )
    kinds: tuple[Kind, ...] = (
        Scale(levels=levels),
        Checklist(items=(Item(id="i", text="names the entities"),)),
        Tags(tags=(Tag(id="1", title="careful steps"),)),
    )
    found = lint(*(Criterion(id=f"c{n}", title="t", kind=kind) for n, kind in enumerate(kinds)))

    assert [advice.message for advice in found if advice.slug == "no-next"] == [
        "nothing says what to do to pass level 1",
        "nothing says what to do to pass item 'i'",
        "nothing says what to do to pass tag '1'",
    ]


def test_every_rule_is_stated() -> None:
    """Every slug has its rule."""
    assert {"vague-anchor", "unseen", "opposite", "decides-all", "duplicate", "too-many"} <= set(RULES)
    assert all(rule.endswith(".") for rule in RULES.values())

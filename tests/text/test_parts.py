"""An attempt's text falls into parts whose lines are those of the file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import FoundBy, Part, PartSpec
from evalharness.text.parts import headings, is_blank, repeated, split_parts, titles

FOLLOW_UP = PartSpec(id="follow_up", headings=("Follow-up question", "Question back"))
OVERVIEW = PartSpec(id="overview", headings=("Overview",), within_answer=True)
SPECS = (FOLLOW_UP, OVERVIEW)


def test_a_heading_ends_the_answer() -> None:
    """What stands under the heading is the other part, up to the end of the file."""
    body = "\n\nI built it.\n\n## Follow-up question\n\nWhy?\n\n### Because\nx\n"

    assert split_parts(body, 5, SPECS) == (
        Part(id="answer", text="I built it.", line=7),
        Part(id="follow_up", text="Why?\n\n### Because\nx", line=11),
        Part(id="overview", text="I built it.", line=7, found=FoundBy.OPENING),
    )


def test_a_part_within_the_answer_stays_there() -> None:
    """An overview is read alone and is a piece of the answer; it ends where a heading of its rank begins."""
    body = "# Courier\n## Overview\nWe deliver.\n### In short\nFast.\n## Data\nRows.\n# Question back\nWhy?\n"

    answer, follow_up, overview = split_parts(body, 1, SPECS)

    assert answer.text == body[: body.index("# Question")].rstrip()
    assert overview == Part(id="overview", text="We deliver.\n### In short\nFast.", line=3)
    assert follow_up == Part(id="follow_up", text="Why?", line=9)


def test_headings_are_compared_without_case_emphasis_and_closing_marks() -> None:
    """People write `## **Follow-Up question:** ##`."""
    assert split_parts("a\n## **Follow-Up  question:** ##\nb", 1, SPECS)[1].text == "b"


def test_a_title_that_lost_its_mark_is_one_where_no_heading_stands() -> None:
    """An answer pasted without its Markdown keeps its sections; a short sentence, a label or a list is none."""
    body = "Overview\n\nWe deliver.\n\nThe parts are:\n\n1. Data\n\nRows.\n\nNot so fast!\n\nEnd"

    assert [title.title for title in titles(body)] == ["Overview", "1. Data"]
    assert split_parts(body, 1, SPECS)[1] == Part(id="overview", text="We deliver.\n\nThe parts are:", line=3)
    assert titles(f"# Talk\n\n{body}") == headings(f"# Talk\n\n{body}")
    assert titles("Overview\nWe deliver.\n\nthe last line") == ()


def test_a_title_without_a_mark_begins_no_part_outside_of_the_answer() -> None:
    """The question asked back is another text: it is found by its place, and the bare title belongs to neither."""
    answer, follow_up, _ = split_parts("I built it.\n\nQuestion back\n\nWhy?", 1, SPECS)
    assert (answer.text, follow_up.text, follow_up.found) == ("I built it.", "Why?", FoundBy.LAST_QUESTION)
    assert repeated("Overview\n\nOne.\n\nOverview\n\nTwo.", 1, SPECS) == []


def test_headings_in_fenced_code_are_none() -> None:
    """A shell comment in an example doesn't end the answer; only its own kind of fence closes code."""
    body = (
        "a\n```sh\n# Question back\n~~~\n```` not\n```\n~~~~\n## Overview\n~~~~\n    # Overview\nb\n# Question back\nc"
    )

    assert [heading.title for heading in headings(body)] == ["Question back"]
    assert [part.id for part in split_parts(body, 1, (FOLLOW_UP,))] == ["answer", "follow_up"]


def test_an_empty_part_is_none_but_the_answer_is_always_there() -> None:
    """A heading without text under it is a part that somebody still has to write."""
    assert split_parts("\n\n## Question back\n\n", 1, SPECS) == (Part(id="answer", text="", line=3),)


def test_a_part_that_begins_twice_is_told_with_both_lines() -> None:
    """The first counts; the loader makes a problem of the second."""
    body = "a\n# Question back\nb\n# Follow-up question\nc"

    assert repeated(body, 10, SPECS) == [("follow_up", 11, 13)]
    assert split_parts(body, 10, SPECS)[1].text == "b"


def test_headings_and_comments_alone_say_nothing() -> None:
    """A file that was only begun is a draft."""
    assert is_blank("# Speed\n\n<!-- your answer\n# here -->\n---\n")
    assert not is_blank("# Speed\n\nFast.")


Line = st.sampled_from(
    [
        "# Overview",
        "## Question back",
        "### Follow-up question",
        "## Data",
        "```",
        "~~~",
        "",
        "  ",
        "some text",
        "    more",
    ]
)


@given(st.lists(Line, max_size=15), st.integers(1, 50))
def test_offsets_and_lines_are_those_of_the_file(lines: list[str], first: int) -> None:
    """Every character of a part stands on the line of the file that `line_of` says."""
    body = "\n".join(lines)
    file_lines = ["(above)"] * (first - 1) + lines

    for part in split_parts(body, first, SPECS):
        assert part.text in body
        assert part.text == part.text.rstrip()
        starts = [0] + [offset + 1 for offset, character in enumerate(part.text) if character == "\n"]
        for offset, line in zip(starts, part.text.split("\n"), strict=True):
            if part.text:
                assert file_lines[part.line_of(offset) - 1].rstrip() == line.rstrip()


# --- parts without a heading ---------------------------------------------------------------------------------

SPOKEN = (
    "We moved the export to a queue in March, and late files went from forty a week to three after that. "
    "I had feared the night shift would hate it. They did, for a month."
)
ASKED = "How did people on your side take it when their nights changed?"


@pytest.mark.parametrize(
    "body",
    [
        f"{SPOKEN} {ASKED}",
        f"{SPOKEN}\n\n{ASKED}",
        f"{SPOKEN}\n\n{ASKED} I would like to know.",
        f"{SPOKEN}\n\n## Followup question\n\n{ASKED}",
        f"{SPOKEN}\n\n## My follow-up question:\n\n{ASKED}",
        f"{SPOKEN}\n\n## Folow-up question\n\n{ASKED}",
    ],
)
def test_the_question_asked_back_is_found_without_its_heading(body: str) -> None:
    """The last question of the answer, or what stands under a heading that nearly says so."""
    answer, asked = split_parts(body, 1, (FOLLOW_UP,))

    assert answer.text == SPOKEN
    assert asked.text.startswith(ASKED)
    assert asked.found is (FoundBy.NEAR_HEADING if "##" in body else FoundBy.LAST_QUESTION)


@pytest.mark.parametrize(
    "body",
    ["Why? Because.", ASKED, f"Would it hold? I asked myself that. {SPOKEN}", f"{SPOKEN}\n\n## Follow the money\n\nx."],
)
def test_a_question_within_the_answer_is_not_asked_back(body: str) -> None:
    """One that is answered later, or that is all there is, belongs to the answer."""
    found = split_parts(body, 1, (FOLLOW_UP,))

    assert [part.id for part in found] == ["answer"]


@pytest.mark.parametrize(
    ("body", "opening"),
    [
        (f"{SPOKEN}\n\nThe rest is long.", SPOKEN),
        (f"The short version first.\n\n{SPOKEN}\n\nMore.", f"The short version first.\n\n{SPOKEN}"),
        (f"# Courier\n\n{SPOKEN}\n\nAnd so on.\n\n## Data\n\nRows.", f"{SPOKEN}\n\nAnd so on."),
        (f"## Problem\n\n{SPOKEN}\n\nGoals.\n\n## Data\n\nRows.", SPOKEN),
    ],
)
def test_the_opening_is_the_overview_where_no_heading_marks_one(body: str, opening: str) -> None:
    """What comes before the first section, else the first paragraph; a few words of a way in belong to the next."""
    answer, overview = split_parts(body, 1, (OVERVIEW,))

    assert answer.text == body
    assert (overview.text, overview.found) == (opening, FoundBy.OPENING)


def test_a_marked_heading_wins_and_a_part_may_ask_for_one() -> None:
    """Where a heading is, nothing is looked for; `heading_only` parts are never found by their place."""
    marked = f"{SPOKEN} Was it worth it?\n\n## Question back\n\n{ASKED}"
    only = PartSpec(id="follow_up", headings=("Question back",), heading_only=True)

    assert split_parts(marked, 1, (FOLLOW_UP,))[1] == Part(id="follow_up", text=ASKED, line=5)
    assert [part.id for part in split_parts(f"{SPOKEN} {ASKED}", 1, (only,))] == ["answer"]

"""Documents made by chance: after an import every line stands in a file, or in the list of what was left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.documents.formats import read_lines
from evalharness.documents.nouns import ROLES, FoundDocument, Label, Line
from evalharness.importing import offline
from evalharness.importing.found import build
from evalharness.importing.rubric_choice import choose
from evalharness.importing.verify import verify
from evalharness.importing.writing import Writer
from evalharness.load.shelf import Shelf
from tests.examples import examples

SHIPPED = ("project-deep-dive", "mission-alignment", "culture-dialogue", "story")
SHELF = {name: rubric for name in SHIPPED if (rubric := Shelf(Path("/nowhere"), "rubrics").get(name))}

# `@` stands for a word that no other line has; what is not written has to be listed with it.
BLOCKS = (
    "# Notes @",
    "## Round @ with Ada Quill",
    "## Why @?",
    "### 3. Tell me about a @ that failed.",
    "**What does @ mean to you?**",
    "Q: Why @?\nA: Because I saw @ for six years. I liked it.",
    "I kept the @ for six years, and nobody was hurt. We moved it in May.",
    "- first @\n- second @\n  - deeper @",
    "1. Who looks after @ at night?\n2. do you guys still use @",
    "## Questions for them\n\n- What happens to @?\n- is the @ safe",
    "My turn:\nhow many @ do you keep\nWho pays for @?",
    "Missions: @, @",
    "1. Care about @\n2. Slow is @",
    "> quoted @\n> and again @",
    "> [!question] What is a @?\n> I would say @.",
    "| Question | Answer | Done |\n|---|---|---|\n| Why @? | I did @ there. | x |\n| What of @? | | |",
    "| Value | My experience | Takeaway |\n|---|---|---|\n| Care @ | I sat with @ | stay @ |",
    "Situation: the @ was late.\nAction: I rang @.\nResult: it came @.",
    "Tips\n- Never say @!\n- Speak slowly about @",
    "Company: Vell & Sons",
    "Interviewer: Ada Quill, who runs @",
    "Time: 2 minutes",
    "Keep each answer under 90 seconds, said @ when we met on Tuesday.",
    "Interests: @, old @",
    "---",
    "```\ncode of @\n```",
    "[a link to @](https://example.org)",
    "<!-- a remark on @ -->",
    "This site uses cookies @. Accept all? Sign in @",
    "Follow-up: What came of @?",
    "They may ask: how was @?",
    "Hints: mention @ early",
    "@",
    "(@)",
    "TODO: @",
    "## Structure\n\n- **Goals @**\n  - what you wanted @\n- **Data @**\n  - what a row is @\n- **End @**\n  - last @",
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A text of some of these blocks in any order, each `@` a word of its own."""
    blocks = draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=14))
    gaps = draw(st.lists(st.sampled_from(["\n\n", "\n"]), min_size=len(blocks), max_size=len(blocks)))
    parts = "".join(block + gap for block, gap in zip(blocks, gaps, strict=True)).split("@")
    return "".join(f"{part}tok{at}en" if at < len(parts) - 1 else part for at, part in enumerate(parts))


def labels_of(lines: Sequence[Line]) -> st.SearchStrategy[list[Label]]:
    """Labels as a careless model might give them: any role, any lines, some of them not there."""
    number = st.integers(0, len(lines) + 2)
    return st.lists(
        st.builds(
            lambda first, more, role, of: Label(first=first, last=first + more, role=role, of=of),
            number, st.integers(0, 2), st.sampled_from(ROLES), number,
        ),
        max_size=2 * len(lines),
    )  # fmt: skip


def written(document: FoundDocument) -> str:
    """Return the texts of all files."""
    choice = choose(document, SHELF, "notes")
    writer = Writer(document, choice, SHELF, {})
    drafts = writer.drafts("rubrics")
    return "\n".join(writer.files("cases", drafts, frozenset()).values())


def lost(lines: Sequence[Line], document: FoundDocument) -> Iterator[str]:
    """Yield each word of a line that is in no file and in no list, or is listed under another line's number."""
    if not document.questions and not document.to_ask:
        return  # the import is refused, and the document stays all there is
    there = written(document)
    left = {(ignored.line, word) for ignored in (*document.notes, *document.ignored) for word in tokens(ignored.text)}
    for line in lines:
        missing = [word for word in tokens(line.text) if word not in there and (line.place, word) not in left]
        yield from (f"{line.place}: {word}" for word in missing)


def tokens(text: str) -> list[str]:
    return [f"tok{part.partition('en')[0]}en" for part in text.split("tok")[1:]]


@settings(max_examples=examples(30), deadline=None)
@given(documents())
def test_every_line_is_written_or_listed(text: str) -> None:
    """By votes: what belongs to nothing is told with its line, and nothing else is missing."""
    lines = read_lines(text.encode(), "notes.md")
    verified = verify(lines, offline.label(lines))

    assert sorted({word for line in lines for word in tokens(line.text)}) == sorted(set(tokens(text)))
    assert list(lost(lines, build(lines, verified.labels))) == []


@settings(max_examples=examples(30), deadline=None)
@given(st.data())
def test_every_line_is_written_or_listed_whatever_a_model_says(data: st.DataObject) -> None:
    """By labels that make no sense: they are refused or applied, and no line disappears with them."""
    lines = read_lines(data.draw(documents()).encode(), "notes.md")
    verified = verify(lines, data.draw(labels_of(lines)))

    assert list(lost(lines, build(lines, verified.labels))) == []

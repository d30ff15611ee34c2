"""Notes in an answer's file: a comment is left out and told, what only looks like a note is told, nothing is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import InvalidFiles, Problem
from evalharness.grading.workflow import run
from evalharness.lint.workflow import lint
from evalharness.load import Loaded, load_project
from evalharness.load.notes import LEFT_OUT, LOOKS_PRIVATE
from evalharness.text.blocks import blanked
from evalharness.text.private import notes
from tests.support import RUBRIC, Notes, many, world_at, write_project

SECRET = "he hates small talk"
BEFORE = "I rang all 14 depots on that day, because they had a right to it."
AFTER = "Then I wrote it down for all of them."


def load(root: Path, text: str) -> Loaded:
    write_project(root, many(1))
    (next(root.rglob("question.yaml")).parent / "2026-10-01.md").write_text(text, encoding="utf-8")
    return load_project([], cwd=root)


def answer(loaded: Loaded) -> str:
    return next(case.attempt for case in loaded.cases if case.attempt.id == "2026-10-01").parts[0].text


def told(loaded: Loaded, slug: str) -> list[Problem]:
    return [one for one in loaded.told if one.slug == slug]


COMMENTS = [
    "<!-- {} -->", "%% {} %%", "{{# {} #}}", "{{#- {} -#}}", "{{/* {} */}}", "{{* {} *}}", "{{{{!-- {} --}}}}",
    "{{{{-- {} --}}}}", "{{{{! {} }}}}", "{{>>{}<<}}", "<%-- {} --%>", "{{% comment %}}\n{}\n{{% endcomment %}}",
    "{{%- comment 'x' -%}}{}{{%- endcomment -%}}", "#+begin_comment\n{}\n#+end_comment",
    "#+BEGIN_COMMENT\n# {}\n#+END_COMMENT", "\\begin{{comment}}\n{}\n\\end{{comment}}", "[//]: # ({})",
]  # fmt: skip


@pytest.mark.parametrize("note", COMMENTS)
@pytest.mark.parametrize("layout", ["{0}\n\n{1}\n\n{2}\n", "{1}\n{0}\n{2}\n"])
def test_what_is_closed_as_a_comment_is_left_out_and_told(tmp_path: Path, note: str, layout: str) -> None:
    """In the form of each program that makes pages: not sent, and named with its line and its words."""
    loaded = load(tmp_path, layout.format(BEFORE, note.format(SECRET), AFTER))

    assert SECRET not in answer(loaded)
    assert BEFORE in answer(loaded)
    assert answer(loaded).endswith(AFTER)
    (one,) = told(loaded, LEFT_OUT)
    assert one.line == (3 if layout.startswith("{0}") else 1)
    assert "neither sent nor graded" in one.message


@pytest.mark.parametrize("note", [note for note in COMMENTS if not note.startswith("[")])
@pytest.mark.parametrize("code", ["```\n{}\n```", "~~~ text\n{}\n~~~", "before `{}` and after"])
def test_a_comment_in_code_is_code(tmp_path: Path, note: str, code: str) -> None:
    """Whoever shows a template in an answer shows it."""
    text = note.format(SECRET).replace("\n", " " if "`{}`" in code else "\n")
    loaded = load(tmp_path, f"{BEFORE}\n\n{code.format(text)}\n\n{AFTER}\n")

    assert SECRET in answer(loaded)
    assert not loaded.told


@pytest.mark.parametrize(
    "said",
    [
        "It fell by 40 % in a week, and 7%% of them knew.",
        "The template began with {# and nobody knew why.",
        "Every page had an id {#like-this} and {/users/{id}} as its address.",
        "We called it {% include %} and a {#} too.",
        "It is 5 // 2 in that language; a path was /*/x.",
        "## Follow-up question",
        "## The second week",
        "# What did you change, and what did it cost?",
        "One note of theirs: it was late.",
        "Two things: a queue, and a list.",
        "[pause]",
        "- a list\n- of things",
        "...and then we slept.",
        "<3 was all that they wrote, and 5 > 4.",
        "<- that way, and -> this way",
        "(*He laughed.*) And so did I.",
        "[site]: it was down.",
        "> They wrote: we are late.",
        "> [the page](https://x.example) was down.",
        "- [x] done, and [ ] not done",
        "<https://x.example/#a>",
        "(+5 %) was what we had by May (-2 %).",
    ],
)
def test_prose_stays_and_is_no_note(tmp_path: Path, said: str) -> None:
    """Signs of comments in sentences, titles and lists are words like all others."""
    loaded = load(tmp_path, f"{BEFORE}\n\n{said}\n\n{AFTER}\n")

    assert said in answer(loaded)
    assert not loaded.told


@pytest.mark.parametrize(
    "note",
    [
        "% {}", "%% {}", "// {}", "/* {}", "; {}", "#+comment: {}", ".. {}", "{{# {}", "{{% {}", "\\iffalse {}",
        "# {}, so be short.", "# keep it short: {}", "## Notes\n{}", "### Private\n{}", "## Notizen\n{}",
        "**Note to self:** {}", "Private: {}", "- TODO: {}", "TODO {}", "(private) {}", "[{}]", "> [!note] {}",
        "Privat \u2014 {}", "<! {} >", "<!- {} ->", "<!\u2014 {} \u2014>", "<% {} %>", "<%# {} %>", "<# {} #>",
        "<#\n{}\n#>", "<? {} >", "> [//]: # ({})", ">[comment]: <> ({})", "- [//]: # ({})", "1. [x]: # \"{}\"",
        "[//] # ({})", "[//]: # {}", "> <! {} >", "- {{# {}", "/*\n * {}\n */", "<@ {} @>", "<-- {} -->", "{{+ {} +}}",
        "(* {} *)", "[-- {} --]", "(: {} :)",
    ],
)  # fmt: skip
def test_what_looks_like_a_note_is_sent_as_it_stands_and_told(tmp_path: Path, note: str) -> None:
    """No mark alone says that a line is private: it counts, and lint and run say where it is and what to write."""
    loaded = load(tmp_path, f"{BEFORE}\n\n{note.format(SECRET)}\n\n{AFTER}\n")

    assert SECRET in answer(loaded)
    (one,) = told(loaded, LOOKS_PRIVATE)
    assert one.line == 3
    assert "notes:" in one.hint
    seen = Notes()
    run(world=world_at(tmp_path, watcher=seen), settings={"grader": "heuristic"})
    assert any(f"{one.path}:3" in line for line in seen.lines)
    assert one in lint(world=world_at(tmp_path)).advice


@pytest.mark.parametrize(
    "text", [f"{BEFORE}\n\n<!-- {SECRET}\n\n{AFTER}\n", f"<!-- {SECRET} -- >\n{BEFORE}\n{AFTER}\n"]
)
def test_a_comment_that_is_never_closed_is_refused(tmp_path: Path, text: str) -> None:
    """It would take the rest of the answer with it, and nobody would know."""
    with pytest.raises(InvalidFiles) as refused:
        load(tmp_path, text)

    (problem,) = refused.value.problems
    assert problem.slug == "open-comment"
    assert problem.line == text[: text.index("<!--")].count("\n") + 1
    assert "-->" in problem.hint


def test_in_the_one_file_form_the_line_is_that_of_the_file(tmp_path: Path) -> None:
    """Answers under `attempts:` are read by the same rule, the parts too."""
    write_project(tmp_path, many(1), rubric=RUBRIC.replace("criteria:", "parts:\n  ask: {headings: [Ask]}\ncriteria:"))
    head = "question: Why?\nrubric: talk\nattempts:\n  - date: 2026-10-01\n    answer: |\n"
    text = f"{head}      {BEFORE}\n      % {SECRET}\n"
    file = tmp_path / "cases/why.yaml"
    file.write_text(f"{text}    ask: |\n      What?\n      <!-- {SECRET} -->\n", encoding="utf-8")

    assert [(one.line, one.slug) for one in load_project([], cwd=tmp_path).told] == [(7, LOOKS_PRIVATE), (10, LEFT_OUT)]

    file.write_text(f"{text}    ask: |\n      What?\n      <!-- {SECRET}\n", encoding="utf-8")
    with pytest.raises(InvalidFiles) as refused:
        load_project([], cwd=tmp_path)
    assert [problem.line for problem in refused.value.problems] == [10]


@given(st.text(alphabet="{}#%*/!->< \n`ab\\", max_size=80))
def test_what_is_not_left_out_stays(text: str) -> None:
    """Comments and what is left make up the text, and each comment with words is told."""
    said = blanked(text, code=False)
    hidden = {at for at, (one, other) in enumerate(zip(text, said, strict=True)) if one != other}

    covered = {at for note in notes(text) if note.left_out for at in range(note.start, note.end)}
    assert {at for at in hidden if text[at].isalnum()} <= covered


def test_thousands_of_notes_are_told_in_few_words(tmp_path: Path) -> None:
    """The first ones by their lines, the others by their number, and in a moment."""
    loaded = load(tmp_path, f"{BEFORE}\n" + f"% {SECRET}\n" * 30_000)

    assert len(loaded.told) == 21
    assert "29980 more" in loaded.told[-1].message

"""Coverage as a screen, as Markdown and as JSON."""

from __future__ import annotations

import json
import re
import unicodedata

from hypothesis import given
from markdown_it import MarkdownIt

from evalharness.coverage import as_json
from evalharness.coverage import views as report
from evalharness.coverage.bridge import coverage
from evalharness.history.nouns import Elsewhere, History
from evalharness.model.nouns import Case, Criterion, GraderId, Rubric, Tag, Tags
from evalharness.results.aggregate import case_result, summarise
from tests.coverage.bridges import RESILIENCE, TODAY, graded, history, project, result

from ..reports.texts import run_with, words

OURS = {
    *("inline", "text", "softbreak", "text_special", "link_open", "link_close"),
    *("strong_open", "strong_close", "ordered_list_open", "ordered_list_close"),
    *(f"{block}_{end}" for block in ("heading", "paragraph", "bullet_list", "list_item") for end in ("open", "close")),
    *(f"{cell}_{end}" for cell in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
}


def test_the_screen_says_all_of_it() -> None:
    """Matrix, bridge, holes, claims without a deed, deeds without a claim, stories, and what is not graded."""
    other = Elsewhere(series="safety-tool/me", grader=GraderId(name="heuristic", version="1"), attempts=1, run="r")
    found = coverage(history(*project(), elsewhere=(other,)), on=TODAY)

    assert report.text(found, width=80, again="evalharness run") == (
        """\
Bridge: missions in 3 questions, 4 attempts, as of 2026-11-20
Graded by `anthropic` with claude-x: a grader's reading, not a person's.
A single grade can be off by a level: look at the quoted line before you rewrite
anything.

Question     1        2           3       4           Met
resilience   met 30d  partly 30d  -       claimed  1 of 2
why-us       -        partly 1d   met 1d  -        0 of 1
safety-tool  ?        ?           ?       ?             ?
met, partly: shown by an answer, with its age in days; claimed: claimed and not
shown; -: neither; ?: not graded. Met: of the missions that the latest attempt
claims.

The bridge: the experience that maps to each mission
1  keep people safe: met in 1 of 2 graded questions
   Story: Harbourmaster's check (resilience, 2026-10-21)
   Line: resilience/2026-10-21.md:6 "Harbourmaster refused any plan"
   Takeaway: Nobody has to guess.
2  say why: met in 0 of 2 graded questions, partly in 2
   Story: not named by the grader (why-us, 2026-11-19)
   Line: why-us/2026-11-19.md:6 "I wrote the account"
   Takeaway: not told by the grader
3  share it: met in 1 of 2 graded questions
   Story: not named by the grader (why-us, 2026-11-19)
   Line: why-us/2026-11-19.md:6 "for all depots to read"
   Takeaway: not told by the grader

Holes: no answer demonstrates these missions (as far as they are graded)
- 2 say why: partly in resilience, why-us; claimed in why-us
- 4 grow with care: claimed in resilience

Claimed but never demonstrated, by question
- resilience: 4
- why-us: 2 (partly)

Demonstrated but not claimed, by question
- why-us: 3

Stories used too often
- Brackwater carries 3 of 3 answers: resilience, why-us, safety-tool
- Also named in several: Harbourmaster 2 of 3
- A story is used too often when its name is in 3 latest attempts or more, and
  in half of them or more. Names are capitalised words inside sentences, without
  days, months, abbreviations, and the names in question and context; a project,
  an employer and a colleague look alike to this rule.

Not graded under today's settings: 1 of 4 attempts. Add --plan to see the price
first.
Grade them: evalharness run

Start here (the weakest answers first; +: what the step adds to that answer's
score)
1. resilience: Missions, now 3 of 5 (+2.00)
   Next: a good answer shows, by something you did: grow with care
2. why-us: Missions, now 3 of 5 (+2.00)
   Next: a good answer shows, by something you did: say why
   Line: cases/why-us/2026-11-19.md:6 "I wrote the account"

Also stored, and not mixed in: 1 attempt graded by heuristic.
"""
    )


def test_a_matrix_too_wide_for_the_screen_is_drawn_in_marks() -> None:
    """No line is longer than the screen, and the legend says what the marks mean."""
    rubric_ids = "a mission with a long name"
    wide = [Tag(id=f"{n}", title=rubric_ids) for n in range(12)]
    criterion = Criterion(id="missions", title="Missions", kind=Tags(tags=tuple(wide)))
    text = RESILIENCE
    outcome = graded(text, {"1": "met: Harbourmaster refused any plan", "2": "partly: nobody drove for nothing"})
    base = result("resilience", "2026-09-01", text, "13", outcome)
    case = Case(
        question=base.case.question,
        attempt=base.case.attempt,
        rubric=Rubric(id="bridge", title="Bridge", criteria=(criterion,)),
    )
    found = coverage(history(case_result(case, {"missions": base.scores[0].grades}, frozenset(), 1)), on=TODAY)

    screen = report.text(found, width=72, again="evalharness run")

    assert "resilience  -  +80  ~80  !  -  -  -  -  -  -  -   -   1 of 2\n" in screen
    assert "+ met, ~ partly" in screen
    assert max(map(len, screen.splitlines())) <= 72


def test_markdown_links_each_cell_to_its_line() -> None:
    """The evidence is one click away, from wherever the page lies."""
    page = report.markdown(coverage(history(*project()), on=TODAY), again="evalharness run", root="../")

    assert "| [met 30d](../cases/resilience/2026-10-21.md#L6) |" in page
    assert '[why-us/2026-11-19.md:6](../cases/why-us/2026-11-19.md#L6) "for all depots to read"' in page
    assert "### Holes" in page


def test_json_holds_a_count_only_where_there_is_one() -> None:
    """What is not graded has no number, and an undated attempt no age."""
    document = json.loads(as_json.json(coverage(history(*project()), on=TODAY)))

    (bridge,) = document["bridges"]
    assert bridge["attempts"] == {"graded": 3, "of": 4}
    assert bridge["not_graded"] == ["safety-tool/me/2026-11-01"]
    assert [question.get("met") for question in bridge["questions"]] == [1, 0, None]
    assert bridge["questions"][0]["missions"][0] == {
        "id": "1",
        "standing": "met",
        "claimed": True,
        "case": "resilience/me/2026-10-21",
        "path": "cases/resilience/2026-10-21.md",
        "line": 6,
        "quote": "Harbourmaster refused any plan",
        "story": "Harbourmaster's check",
        "takeaway": "Nobody has to guess.",
        "age_days": 30,
    }
    assert bridge["stories"][0]["too_often"] is True


def test_hostile_text_stays_text() -> None:
    """An answer, a story or a title can't send control sequences, break a table or leave a tag."""
    evil = "I moved it </td><script>x</script> | a | b |\x1b[31m and Kestrel told me # so.\n"
    outcome = graded(evil, {"1": f"met: {evil.strip()}"}, story="| x |\x1b[2J<b>")
    known = history(result("q|1", "2026-09-01", evil, "1", outcome))
    found = coverage(known, on=TODAY)

    screen, page = report.text(found, width=80, again="x"), report.markdown(found, again="x")

    assert "\x1b" not in screen + page + as_json.json(found)
    assert not re.search(r"(?<!\\)<", page)
    assert "| a |" not in page
    assert "q\\|1" in page


@given(words)
def test_nothing_written_by_others_becomes_markup_or_a_control_sequence(text: str) -> None:
    """The same text in every place that somebody else than us writes: links are ours, lines are lines."""
    run = run_with(text)
    known = History(grader=run.meta.grader, series=summarise(run).series, rubrics=run.meta.rubrics)
    found = coverage(known, on=TODAY)

    screen, page = report.text(found, width=80, again="x"), report.markdown(found, again="x")

    assert not {"Cc", "Zl", "Zp"}.intersection(map(unicodedata.category, screen.replace("\n", "")))
    assert json.loads(as_json.json(found))["format"] == 1
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    inner = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in (*tokens, *inner)} <= OURS
    assert all(str(child.attrs["href"]).startswith("cases/") for child in inner if child.type == "link_open")


def test_an_ungraded_project_promises_nothing_in_markdown() -> None:
    """No mission is called unmet, and the command stands there."""
    page = report.markdown(coverage(history(project()[-1]), on=TODAY), again="evalharness run")

    assert "keep people safe | not graded |" in page
    assert "Grade them: evalharness run" in page
    assert "Holes" not in page


def test_half_a_surrogate_pair_breaks_no_format() -> None:
    """Only a run made in memory can hold one."""
    found = coverage(history(result("resilience", "2026-09-01", RESILIENCE, "1", author="me\ud83d")), on=TODAY)

    assert json.loads(as_json.json(found))["bridges"][0]["author"] == "me\ud83d"


def test_headings_are_bold_only_with_colour() -> None:
    """Without colour nothing but text is printed."""
    found = coverage(history(*project()), on=TODAY)

    assert "\x1b[1mHoles" in report.text(found, width=80, again="x", colour=True)
    assert "\x1b" not in report.text(found, width=80, again="x")

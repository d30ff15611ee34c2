"""The page for the night before: the answer's own sentences, two numbers, one weak point, what they may ask."""

from __future__ import annotations

import datetime
import unicodedata

from hypothesis import given
from markdown_it import MarkdownIt

from evalharness.brief import views as report
from evalharness.brief.brief import Page, brief
from evalharness.history.nouns import History
from evalharness.model.nouns import (
    Attempt,
    Band,
    Case,
    Criterion,
    Grade,
    Graded,
    GraderId,
    Level,
    Measure,
    Part,
    PartSpec,
    Question,
    Quote,
    Rubric,
    Scale,
)
from evalharness.results.aggregate import CaseResult, case_result, group, summarise

from ..reports.texts import run_with, words

TODAY = datetime.date(2026, 11, 20)
TUESDAY = datetime.date(2026, 11, 24)
MODEL = GraderId(name="anthropic", version="1", model="claude-x")


def scaled(name: str, weight: float) -> Criterion:
    anchors = ("Nothing stands there.", "Something stands there.", "All of it stands there.")
    levels = tuple(Level(level=level, text=text) for level, text in zip((1, 3, 5), anchors, strict=True))
    return Criterion(id=name, title=name.capitalize(), weight=weight, kind=Scale(levels=levels))


TIME = Measure(measure="speaking_time", bands=(Band(level=5, at_most=1.0), Band(level=1)))
TALK = Rubric(
    id="talk",
    title="Talk",
    criteria=(
        scaled("example", 2),
        scaled("price", 1),
        Criterion(id="speaking_time", title="Speaking time", weight=0, kind=TIME),
    ),
    parts=(PartSpec(id="follow_up", headings=("Follow-up question",)),),
)
EXPORT = """\
It began with a night nobody slept.
I moved the export to a queue, and late files went from 40 a week to 3.
There were 62 depots.
We gave up strict ordering, maybe for good.
Nobody had used it.
The team wrote the account of it.
I would do it again.
"""


def graded(level: float, *quoted: str, text: str = EXPORT, part: str = "answer", next_question: str = "") -> Graded:
    quotes = tuple(Quote(part=part, start=text.index(q), end=text.index(q) + len(q), text=q) for q in quoted)
    return Graded(level=level, evidence=quotes, next_question=next_question)


def result(
    question: str,
    day: str,
    text: str = EXPORT,
    *,
    example: Graded | None = None,
    price: Graded | None = None,
    author: str = "me",
    extra: tuple[Part, ...] = (),
    rubric: Rubric = TALK,
    limit: float | None = 60,
) -> CaseResult:
    attempt = Attempt(
        question=question,
        author=author,
        id=day,
        date=day,
        parts=(Part(id="answer", text=text, line=3), *extra),
        path=f"cases/talks/{question}/{day}.md",
    )
    asked = Question(
        id=question,
        text="What did you change?",
        rubric="talk",
        time_limit=limit,
        path=f"cases/talks/{question}/question.yaml",
    )
    outcomes = {"example": example, "price": price, "speaking_time": Graded(level=5, value=0.5)}
    grades = {
        name: [Grade(key=name, fingerprint="f", case=attempt.key, criterion=name, outcome=outcome)]
        for name, outcome in outcomes.items()
        if outcome
    }
    return case_result(Case(question=asked, attempt=attempt, rubric=rubric), grades, frozenset(), 1)


def history(*results: CaseResult) -> History:
    return History(grader=MODEL, series=group(results), rubrics=(TALK,))


def paged(*results: CaseResult) -> Page:
    (page,) = brief(history(*results), on=TODAY).pages
    return page


def export(day: str = "2026-10-02", *, level: float = 3) -> CaseResult:
    return result(
        "export",
        day,
        example=graded(level, "late files went from 40 a week to 3"),
        price=graded(2, "We gave up strict ordering", next_question="Who noticed first?"),
        extra=(Part(id="follow_up", text="\nWhat would you have kept?\n"),),
    )


def test_the_screen_says_all_of_it() -> None:
    """One question is graded, one is not; the page is whole all the same."""
    bare = result("alarms", "2026-11-01", "Um, we turned alarms off.\nIt was quiet.\n", limit=None)
    found = brief(history(export("2026-09-01", level=1), export(), bare), on=TODAY, interview=TUESDAY)

    assert report.text(found, width=80, again="evalharness run") == (
        """\
Brief for 2026-11-24, in 4 days: 2 questions, about 0:25 at 145 words a minute
No score, so the newest attempt is shown: alarms.
Grade with: evalharness run

Start here (the weakest answers first; +: what the step adds to that answer's
score)
1. export: Price, now 2 of 5 (+0.67)
   Next: a good answer: All of it stands there.
   Line: cases/talks/export/2026-10-02.md:6 "We gave up strict ordering"
2. export: Example, now 3 of 5 (+0.67)
   Next: a good answer: All of it stands there.
   Line: cases/talks/export/2026-10-02.md:4 "late files went from 40 a week to…

1. export (2026-10-02, best of 2; 2.7 of 5; about 0:22 of 1:00)
   What did you change?
   > It began with a night nobody slept.
   > I moved the export to a queue, and late files went from 40 a week to 3.
   > We gave up strict ordering, maybe for good.
   > I would do it again.
   Numbers: 40 a week to 3; 62 depots: "There were 62 depots."
   Your follow-up question: "What would you have kept?"
   Weakest: Price, now 2 of 5 (+0.67)
   Next: a good answer: All of it stands there.
   They may ask: Who noticed first? "62 depots": is that a lot, and how did you
     count it?

2. alarms (2026-11-01; not graded; about 0:03)
   What did you change?
   > Um, we turned alarms off.
   > It was quiet.
   They may ask: What did you do yourself, and what did others do? What would
     you do differently today?
"""
    )


def test_the_page_to_print_says_the_same() -> None:
    """Markdown, with the question as a heading and the sentences as a list."""
    found = brief(history(export()), on=TODAY, interview=TUESDAY)

    assert report.markdown(found, again="evalharness run") == (
        """\
# Brief for 2026-11-24, in 4 days: 1 question, about 0:22 at 145 words a minute

## Start here

The weakest answers come first, and of each the step that lifts it most. The number in brackets is what the step adds \
to that answer's score if it makes the criterion good.

1. export: **Price**, now 2 of 5 (+0.67)
   - Next: a good answer: All of it stands there.
   - Your line: [export/2026-10-02.md:6](cases/talks/export/2026-10-02.md#L6) "We gave up strict ordering"
2. export: **Example**, now 3 of 5 (+0.67)
   - Next: a good answer: All of it stands there.
   - Your line: [export/2026-10-02.md:4](cases/talks/export/2026-10-02.md#L4) "late files went from 40 a week to 3"

## 1. export (2026-10-02; 2.7 of 5; about 0:22 of 1:00)

*What did you change?*

- It began with a night nobody slept.
- I moved the export to a queue, and late files went from 40 a week to 3.
- We gave up strict ordering, maybe for good.
- I would do it again.

**Numbers:** 40 a week to 3; 62 depots: "There were 62 depots."  
**Your follow-up question:** "What would you have kept?"  
**Weakest:** Price, now 2 of 5 (+0.67)  
**Next:** a good answer: All of it stands there.  
**They may ask:** Who noticed first? "62 depots": is that a lot, and how did you count it?
"""  # noqa: W291  # two blanks break a line in Markdown
    )


def test_what_is_not_graded_is_said_in_markdown_too() -> None:
    """With the command that grades it."""
    page = report.markdown(brief(history(result("export", "2026-10-02")), on=TODAY), again="evalharness run")

    assert page.startswith(
        "# Brief: 1 question, about 0:22 at 145 words a minute\n\n"
        "No score, so the newest attempt is shown: export.\n\nGrade with: evalharness run\n"
    )


def test_the_best_attempt_is_shown_and_of_equals_the_newest() -> None:
    """The newest is not always the best."""
    best = export("2026-09-01", level=5)

    assert paged(best, export("2026-10-02", level=2)).result.case.attempt.id == "2026-09-01"
    assert paged(export("2026-09-01"), export("2026-10-02")).result.case.attempt.id == "2026-10-02"
    assert paged(best, result("export", "2026-11-01")).result.case.attempt.id == "2026-09-01"


def test_every_line_stands_in_the_answer() -> None:
    """Nothing is invented and nothing is rewritten."""
    page = paged(export())

    assert all(line in EXPORT for line in page.lines)
    assert [EXPORT.index(line) for line in page.lines] == sorted(EXPORT.index(line) for line in page.lines)


def test_where_more_than_five_sentences_carry_evidence_those_of_most_weight_stay() -> None:
    """Opening and last stand back, and equals are taken in order."""
    sentences = EXPORT.splitlines()
    page = paged(
        result("export", "2026-10-02", example=graded(3, sentences[5], sentences[6]), price=graded(3, *sentences[:5]))
    )

    assert list(page.lines) == [*sentences[:3], sentences[5], sentences[6]]


def test_the_lines_are_those_of_the_part_that_is_timed() -> None:
    """Of a long written answer only the overview is spoken; evidence found in the whole counts in it."""
    overview = "We cut late files from 40 a week to 3.\nI led it.\n"
    whole = f"## Overview\n\n{overview}\n## Data\n\nThere are 900 tables.\n"
    timed = Criterion(id="speaking_time", title="Speaking time", weight=0, part="overview", kind=TIME)
    rubric = Rubric(
        id="talk",
        title="Talk",
        criteria=(scaled("example", 2), scaled("price", 1), timed),
        parts=(PartSpec(id="overview", headings=("Overview",), within_answer=True),),
    )
    quoted = graded(3, "I led it.", "There are 900 tables.", text=whole)

    page = paged(
        result(
            "export",
            "2026-10-02",
            whole,
            example=quoted,
            price=graded(2),
            extra=(Part(id="overview", text=overview, line=3),),
            rubric=rubric,
        )
    )

    assert page.lines == ("We cut late files from 40 a week to 3.", "I led it.")
    assert [figure.quantity.text for figure in page.figures] == ["40 a week to 3"]
    assert page.asides == ()
    assert page.time.words == 13


def test_numbers_with_a_baseline_come_before_others_and_small_counts_last() -> None:
    """What is remembered is a change, not that there were two rules."""
    text = "We had two rules and 340 hospitals.\nIt took four trucks.\nErrors fell from 12 percent to 5 percent.\n"

    page = paged(result("export", "2026-10-02", text, example=graded(3), price=graded(3)))

    assert [figure.quantity.text for figure in page.figures] == ["340 hospitals", "12 percent to 5 percent"]


def test_words_around_a_number_are_its_clause_or_the_sentence() -> None:
    """A number says nothing without what was counted."""
    middle = "In May, after the long freeze, late files fell from 12 percent to 5 percent, nobody knows why.\n"
    short = "It was, in the end, 340 hospitals.\n"
    text = f"It began badly.\n{middle}{short}It ended well.\n"

    page = paged(result("export", "2026-10-02", text, example=graded(3), price=graded(3)))

    assert [figure.words for figure in page.figures] == [
        "late files fell from 12 percent to 5 percent",
        "It was, in the end, 340 hospitals.",
    ]


def test_two_numbers_of_one_sentence_are_told_together() -> None:
    """The same words are not printed twice."""
    text = "It began badly.\nWe ran 62 depots and 900 trucks in all.\nIt ended well.\n"
    found = brief(history(result("export", "2026-10-02", text, example=graded(3), price=graded(3))), on=TODAY)

    assert 'Numbers: 62 depots and 900 trucks: "We ran 62 depots and 900 trucks in all."' in report.text(
        found, width=120, again="x"
    )


def test_the_heuristic_says_once_what_its_scores_are() -> None:
    """One line, because the night before is no time for method."""
    known = History(
        grader=GraderId(name="heuristic", version="1", deterministic=True),
        series=group([export()]),
        rubrics=(),
    )

    screen = report.text(brief(known, on=TODAY), width=80, again="x")

    assert screen.splitlines()[1] == "Scores and weak points are by surface features only (grader: heuristic)."


def test_a_table_is_not_spoken() -> None:
    """Its rows are no sentences to remember."""
    text = "I begin here.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"

    assert paged(result("export", "2026-10-02", text)).lines == ("I begin here.",)


@given(words)
def test_nothing_written_by_others_becomes_markup_or_a_control_sequence(text: str) -> None:
    """The same text in every place that somebody else than us writes."""
    run = run_with(text)
    known = History(grader=run.meta.grader, series=summarise(run).series, rubrics=run.meta.rubrics)
    found = brief(known, on=TODAY)

    screen, page = report.text(found, width=80, again="x"), report.markdown(found, again="x")

    assert not {"Cc", "Zl", "Zp"}.intersection(map(unicodedata.category, screen.replace("\n", "")))
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(page)
    inner = {child.type for token in tokens for child in token.children or ()}
    assert inner <= {
        "text",
        "softbreak",
        "hardbreak",
        "text_special",
        "em_open",
        "em_close",
        "strong_open",
        "strong_close",
        "link_open",
        "link_close",
    }
    blocks = ("heading", "paragraph", "bullet_list", "ordered_list", "list_item")
    assert {token.type for token in tokens} <= {"inline", *(f"{b}_{e}" for b in blocks for e in ("open", "close"))}


def test_headings_are_bold_only_with_colour() -> None:
    """Without colour nothing but text is printed."""
    found = brief(history(export()), on=TODAY)

    assert "\x1b[1m1. export" in report.text(found, width=80, again="x", colour=True)
    assert "\x1b" not in report.text(found, width=80, again="x")


def test_only_what_is_shown_is_said_to_come_first() -> None:
    """With `top` the page names no step of a question that it leaves out."""
    other = result("alarms", "2026-11-01", EXPORT, example=graded(1), price=graded(1))
    known = history(export(), other)
    everything, fewer = brief(known, on=TODAY), brief(known, on=TODAY, top=1)

    assert {each.result.case.question.id for each in everything.starts} == {"export", "alarms"}
    assert {each.result.case.question.id for each in fewer.starts} == {fewer.pages[0].result.case.question.id}

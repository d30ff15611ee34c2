"""The thematic bridge: what is shown where, how old it is, what nobody shows, and which stories carry it."""

from __future__ import annotations

import datetime
import json
import re
import unicodedata

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from evalharness.core.aggregate import CaseResult, case_result, group, summarise
from evalharness.core.coverage import Bridge, Coverage, Standing, coverage, days
from evalharness.core.history import Elsewhere, History
from evalharness.core.model import (
    Attempt,
    Case,
    Company,
    Context,
    Criterion,
    Finding,
    Grade,
    Graded,
    GraderId,
    Interviewer,
    Part,
    Question,
    Quote,
    Rubric,
    State,
    Tag,
    Tags,
)
from evalharness.core.names import names
from evalharness.reports import coverage as report

from ..reports.texts import run_with, words

TODAY = datetime.date(2026, 11, 20)
MODEL = GraderId(name="anthropic", version="1", model="claude-x")
MISSIONS = Criterion(
    id="missions",
    title="Missions",
    kind=Tags(
        tags=(
            Tag(id="1", title="keep people safe"),
            Tag(id="2", title="say why"),
            Tag(id="3", title="share it"),
            Tag(id="4", title="grow with care"),
        )
    ),
)
BRIDGE = Rubric(id="bridge", title="Bridge", criteria=(MISSIONS,))
CONTEXT = Context(
    company=Company(name="Fernhollow", facts=("Its models are called Wren.",)),
    interviewer=Interviewer(name="Imre Talvik"),
)
STATES = {"met": State.MET, "partly": State.PARTLY, "not": State.NOT_MET}

OURS = {
    *("inline", "text", "softbreak", "text_special", "link_open", "link_close"),
    *(f"{block}_{end}" for block in ("heading", "paragraph", "bullet_list", "list_item") for end in ("open", "close")),
    *(f"{cell}_{end}" for cell in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
}

RESILIENCE = (
    "It failed at Brackwater.\nHarbourmaster refused any plan it could not explain, so nobody drove for nothing.\n"
)
WHY_US = "I read what you publish.\nAt Brackwater I wrote the account of Harbourmaster down for all depots to read.\n"
TOOL = "I would build a reader for the moments when a person says no to Wren.\nIt comes from Brackwater.\n"


def graded(text: str, found: dict[str, str], story: str = "") -> Graded:
    """Return a sample; `found` maps a tag to its state and its words, as in `met: the words`."""
    findings = []
    for tag, told in found.items():
        state, _, words = told.partition(": ")
        place = text.index(words)
        quote = Quote(part="answer", start=place, end=place + len(words), text=words)
        findings.append(Finding(id=tag, state=STATES[state], evidence=(quote,) if words else ()))
    level = 1 + 4 * sum(f.state is State.MET for f in findings) / 2
    return Graded(level=level, findings=tuple(findings), story=story, takeaway="Nobody has to guess." if story else "")


def result(
    question: str, day: str, text: str, claims: str, *samples: Graded, author: str = "me", read: bool = True
) -> CaseResult:
    attempt = Attempt(
        question=question,
        author=author,
        id=day,
        date=day,
        parts=(Part(id="answer", text=text, line=5),),
        missions=tuple(claims),
        path=f"cases/{question}/{day}.md",
    )
    asked = Question(id=question, text="What did you do?", rubric="bridge", context=CONTEXT)
    grades = [
        Grade(key=f"{n}", fingerprint="f", case=attempt.key, criterion="missions", outcome=outcome, sample=n)
        for n, outcome in enumerate(samples, start=1)
    ]
    not_read = frozenset() if read else frozenset({"bridge/missions"})
    case = Case(question=asked, attempt=attempt, rubric=BRIDGE)
    return case_result(case, {"missions": grades}, not_read, 1)


def history(*results: CaseResult, grader: GraderId = MODEL, elsewhere: tuple[Elsewhere, ...] = ()) -> History:
    return History(grader=grader, series=group(results), rubrics=(BRIDGE,), graded_at={}, elsewhere=elsewhere)


def covered(*results: CaseResult) -> Bridge:
    (bridge,) = coverage(history(*results), on=TODAY).bridges
    return bridge


def standings(bridge: Bridge) -> dict[str, str]:
    """Return by question one word for each mission."""
    return {
        row.series.latest.case.question.id: " ".join(cell.standing.value for cell in row.cells) for row in bridge.rows
    }


def project() -> tuple[CaseResult, ...]:
    """Three questions: one with two attempts, one graded in part, one not graded."""
    refused = "Harbourmaster refused any plan"
    return (
        result("resilience", "2026-09-01", RESILIENCE, "12", graded(RESILIENCE, {"1": f"met: {refused}", "2": "not"})),
        result(
            "resilience",
            "2026-10-21",
            RESILIENCE,
            "14",
            graded(
                RESILIENCE,
                {"1": f"met: {refused}", "2": "partly: it could not explain"},
                "Harbourmaster's check",
            ),
        ),
        result(
            "why-us",
            "2026-11-19",
            WHY_US,
            "2",
            graded(WHY_US, {"2": "partly: I wrote the account", "3": "met: for all depots to read"}),
        ),
        result("safety-tool", "2026-11-01", TOOL, "13"),
    )


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
- A story is used too often when its name stands in 3 latest attempts or more,
  and in half of them or more. Names are capitalised words inside sentences,
  without days, months, abbreviations, and the names in question and context; a
  project, an employer and a colleague look alike to this rule.

Not graded under today's settings: 1 of 4 attempts. Add --plan to see the price
first.
Grade them: evalharness run

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


def test_the_newest_attempt_of_those_that_show_as_much_is_the_one_to_go_back_to() -> None:
    """Both attempts show mission 1; the age is the younger one's."""
    cell = covered(*project()).rows[0].cells[0]

    assert cell.proof is not None
    assert (cell.standing, cell.proof.result.case.attempt.id, cell.proof.age) == (Standing.MET, "2026-10-21", 30)


def test_a_mission_met_long_ago_beats_one_half_met_yesterday() -> None:
    """The best state counts, not the last one."""
    old = graded(RESILIENCE, {"1": "met: Harbourmaster refused any plan"})
    new = graded(RESILIENCE, {"1": "partly: Harbourmaster refused any plan"})
    bridge = covered(
        result("resilience", "2026-09-01", RESILIENCE, "1", old),
        result("resilience", "2026-11-01", RESILIENCE, "1", new),
    )

    cell = bridge.rows[0].cells[0]
    assert cell.proof is not None
    assert (cell.standing, cell.proof.age) == (Standing.MET, 80)


def test_what_is_not_graded_is_unknown_and_never_nothing() -> None:
    """A claim of an attempt without a grade is no failed claim."""
    assert standings(covered(*project())) == {
        "resilience": "met partly nothing claimed",
        "why-us": "nothing partly met nothing",
        "safety-tool": "unknown unknown unknown unknown",
    }


@pytest.mark.parametrize(
    ("states", "standing"),
    [
        (("met", "met", "partly"), Standing.MET),
        (("met", "partly", "partly"), Standing.PARTLY),
        (("met", "partly"), Standing.PARTLY),
        (("met", "none"), Standing.CLAIMED),
        (("met", "none", "none"), Standing.CLAIMED),
    ],
)
def test_of_several_samples_the_majority_counts_and_of_equals_the_lower(
    states: tuple[str, ...], standing: Standing
) -> None:
    """One lucky sample in three demonstrates nothing."""
    words = "Harbourmaster refused any plan"
    samples = [graded(RESILIENCE, {} if state == "none" else {"1": f"{state}: {words}"}) for state in states]

    cell = covered(result("resilience", "2026-09-01", RESILIENCE, "1", *samples)).rows[0].cells[0]

    assert cell.standing is standing


def test_every_author_has_a_bridge_of_their_own() -> None:
    """What Priya shows fills nobody else's hole."""
    met = graded(RESILIENCE, {"1": "met: Harbourmaster refused any plan"})
    known = history(
        result("resilience", "2026-09-01", RESILIENCE, "1", met, author="priya"),
        result("resilience", "2026-09-01", RESILIENCE, "1", graded(RESILIENCE, {})),
    )

    both, one = coverage(known, on=TODAY), coverage(known, on=TODAY, author="priya")

    assert [(b.author, b.missions[0].is_hole) for b in both.bridges] == [("priya", False), ("me", True)]
    assert both.several_authors
    assert "Bridge, priya: missions in 1 question" in report.text(both, width=80, again="x")
    assert [b.author for b in one.bridges] == ["priya"]


def test_a_grader_that_does_not_read_the_missions_says_so() -> None:
    """No command would help, so none is shown."""
    known = history(result("resilience", "2026-09-01", RESILIENCE, "1", read=False))

    screen = report.text(coverage(known, on=TODAY), width=80, again="evalharness run")

    assert "This grader does not read 'Missions': its rubric declares no signals for it." in screen
    assert "evalharness run" not in screen
    assert "Holes" not in screen


def test_a_question_that_claims_nothing_is_told_to_claim() -> None:
    """Grading again would not help: there is nothing to grade."""
    known = history(result("resilience", "2026-09-01", RESILIENCE, ""))

    screen = report.text(coverage(known, on=TODAY), width=80, again="evalharness run")

    assert "No mission is claimed in resilience: add `missions:` to question or attempt." in screen
    assert "evalharness run" not in screen


def test_older_attempts_that_a_model_would_leave_out_are_asked_for() -> None:
    """A model grades the latest two by itself; the heuristic always grades all."""
    words = graded(RESILIENCE, {"1": "met: Harbourmaster refused any plan"})
    days_of = ("2026-08-01", "2026-09-01", "2026-10-01")
    found = [result("resilience", day, RESILIENCE, "1", *([words] if n else [])) for n, day in enumerate(days_of)]
    sure = GraderId(name="heuristic", version="1", deterministic=True)

    asked = report.text(coverage(history(*found), on=TODAY), width=80, again="evalharness run")
    own = report.text(coverage(history(*found, grader=sure), on=TODAY), width=80, again="evalharness run")

    assert "Grade them: evalharness run --all\n" in asked
    assert "Grade them: evalharness run\n" in own


def test_a_project_without_missions_says_so() -> None:
    """An empty screen would look like a crash."""
    empty = Coverage(history=history(), on=TODAY, bridges=())

    assert report.text(empty, width=80, again="x") == (
        "No rubric here has a criterion of kind `tags`, so there is no mission to cover.\n"
    )
    assert report.markdown(empty, again="x").count("\n") == 3


def test_long_mission_ids_are_numbered() -> None:
    """A column head stays short."""
    criterion = Criterion(id="missions", title="Missions", kind=Tags(tags=(Tag(id="safety-first", title="Safety"),)))
    base = result("resilience", "2026-09-01", RESILIENCE, "1")
    case = Case(
        question=base.case.question,
        attempt=base.case.attempt,
        rubric=Rubric(id="bridge", title="Bridge", criteria=(criterion,)),
    )
    (bridge,) = coverage(history(case_result(case, {}, frozenset(), 1)), on=TODAY).bridges

    assert report.labels(bridge) == ("1",)


def test_markdown_links_each_cell_to_its_line() -> None:
    """The evidence is one click away, from wherever the page lies."""
    page = report.markdown(coverage(history(*project()), on=TODAY), again="evalharness run", root="../")

    assert "| [met 30d](../cases/resilience/2026-10-21.md#L6) |" in page
    assert '[why-us/2026-11-19.md:6](../cases/why-us/2026-11-19.md#L6) "for all depots to read"' in page
    assert "### Holes" in page


def test_json_holds_a_count_only_where_there_is_one() -> None:
    """What is not graded has no number, and an undated attempt no age."""
    document = json.loads(report.as_json(coverage(history(*project()), on=TODAY)))

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

    assert "\x1b" not in screen + page + report.as_json(found)
    assert not re.search(r"(?<!\\)<", page)
    assert "| a |" not in page
    assert "q\\|1" in page


@given(words)
def test_nothing_written_by_others_becomes_markup_or_a_control_sequence(text: str) -> None:
    """The same text in every place that somebody else than us writes: links are ours, lines are lines."""
    run = run_with(text)
    known = History(grader=run.meta.grader, series=summarise(run).series, rubrics=run.meta.rubrics, graded_at={})
    found = coverage(known, on=TODAY)

    screen, page = report.text(found, width=80, again="x"), report.markdown(found, again="x")

    assert not {"Cc", "Zl", "Zp"}.intersection(map(unicodedata.category, screen.replace("\n", "")))
    assert json.loads(report.as_json(found))["format"] == 1
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

    assert json.loads(report.as_json(found))["bridges"][0]["author"] == "me\ud83d"


def test_headings_are_bold_only_with_colour() -> None:
    """Without colour nothing but text is printed."""
    found = coverage(history(*project()), on=TODAY)

    assert "\x1b[1mHoles" in report.text(found, width=80, again="x", colour=True)
    assert "\x1b" not in report.text(found, width=80, again="x")


@pytest.mark.parametrize(
    ("date", "age"), [("2026-11-19", 1), ("2026-11-20", 0), ("2027-01-01", 0), ("", None), ("draft", None)]
)
def test_an_age_is_whole_days_and_never_negative(date: str, age: int | None) -> None:
    """A date in the future is today's; no date has no age."""
    assert days(date, TODAY) == age


def named(*texts: str) -> dict[str, tuple[int, ...]]:
    return names([result("q", "2026-09-01", text, "1").case for text in texts])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We rebuilt Courier in the spring.", ["Courier"]),
        ("Courier came late. We rebuilt Courier.", ["Courier"]),
        ("Afterwards nobody slept. Harbourmaster failed.", []),
        ("At Brackwater we learned it.", ["Brackwater"]),
        ("I asked Brackwater Freight, and Brackwater said no.", ["Brackwater"]),
        ("It ran on Courier's Ledger.", ["Courier", "Ledger"]),
        ("It happened in March, on a Tuesday, as on Tuesdays.", []),
        ("I'd say I've seen the CI of AI fail.", []),
        ("Talvik asked how Wren fits Fernhollow.", []),
        ("It was called: Plainview at last.", []),
        ('They said "Never again" to me.', []),
        ("# Dry Dock\n\nWe built it.", []),
        ("- Courier\n- the ledger of **Courier**", ["Courier"]),
    ],
)
def test_names_are_found_by_the_stated_rule(text: str, found: list[str]) -> None:
    """Capitalised, inside a sentence, and nobody else's: not a day, an abbreviation, or the company's."""
    assert list(named(text)) == found


def test_a_name_that_only_opens_sentences_is_known_from_another_answer() -> None:
    """What stands inside a sentence once is a name everywhere."""
    assert named("Courier failed.", "Then we rebuilt Courier.") == {"Courier": (0, 1)}


def test_a_common_word_before_a_name_is_no_part_of_it() -> None:
    """A word that stands in small letters in some answer is common."""
    assert named("Tonight Courier failed.", "It fell over tonight, Courier did.") == {"Courier": (0, 1)}

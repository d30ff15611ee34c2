"""One order of next steps: instructions that lead to a good answer, the weakest answer first."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.model.nouns import (
    Attempt,
    Band,
    By,
    Case,
    Checklist,
    Criterion,
    Finding,
    Grade,
    Graded,
    Item,
    Kind,
    Level,
    Measure,
    Part,
    Question,
    Quote,
    Rubric,
    Scale,
    State,
    Tag,
    Tags,
)
from evalharness.results.aggregate import CaseResult, case_result, group
from evalharness.results.steps import Step, Timing, next_steps, rank, steps

ADVISED = Scale(
    levels=(
        Level(level=1, text="Nothing.", next="Name one event."),
        Level(level=2, text="A place.", next="Say what you did there."),
        Level(level=3, text="An event without a date.", next="Add the date and who was there."),
        Level(level=4, text="An event with its date.", next="Tell what went wrong."),
        Level(level=5, text="As 4, with a turn."),
    )
)
BARE = Scale(
    levels=tuple(
        Level(level=n, text=text)
        for n, text in enumerate(("None.", "A flaw.", "Another flaw.", "A good one.", "The best."), start=1)
    )
)
TEXT = "I moved the export. It was slow and then it was fast again."


def criterion(name: str, kind: Kind, *, weight: float = 1.0) -> Criterion:
    return Criterion(id=name, title=name.upper(), kind=kind, weight=weight)


def answer(
    question: str, levels: dict[str, Graded], *criteria: Criterion, surface: bool = False, date: str = "2026-10-02"
) -> CaseResult:
    attempt = Attempt(question=question, author="me", id=date, date=date, parts=(Part(id="answer", text=TEXT),))
    rubric = Rubric(id="r", title="R", criteria=criteria)
    asked = Question(id=question, text="What?", rubric="r", time_limit=60, missions=("1", "2"))
    grades = {
        name: [Grade(key=name, fingerprint="f", case=attempt.key, criterion=name, outcome=outcome)]
        for name, outcome in levels.items()
    }
    return case_result(Case(question=asked, attempt=attempt, rubric=rubric), grades, frozenset(), 1, capped=surface)


def only(kind: Kind, outcome: Graded, *, surface: bool = False) -> Step:
    (found,) = steps(answer("q", {"a": outcome}, criterion("a", kind), surface=surface))
    return found


@pytest.mark.parametrize(
    ("level", "asks"),
    [
        (1, "Name one event."),
        (2.5, "Say what you did there."),
        (3, "Add the date and who was there."),
        (4, "Tell what went wrong."),
    ],
)
def test_a_step_is_what_the_rubric_says_to_do_at_the_level_given(level: float, asks: str) -> None:
    """Between two levels, the lower one's."""
    assert only(ADVISED, Graded(level=level)).asks == asks


@pytest.mark.parametrize(
    ("level", "text"), [(1, "A good one."), (2, "A good one."), (3, "The best."), (4, "The best.")]
)
def test_without_advice_a_good_answer_is_shown_and_never_a_flaw(level: float, text: str) -> None:
    """The text above the next one, and never one below 4: those mostly say what is still wrong."""
    assert only(BARE, Graded(level=level)).asks == f"a good answer: {text}"


def test_a_models_own_words_come_first_and_what_a_surface_grader_counted_second() -> None:
    """A model has read the answer and names the place; the heuristic has counted words."""
    said = Graded(level=2, missing="Say in the second sentence who was slower.")

    by_model, by_surface = only(ADVISED, said), only(ADVISED, said, surface=True)

    assert (by_model.asks, by_model.also) == (said.missing, "Say what you did there.")
    assert (by_surface.asks, by_surface.also) == ("Say what you did there.", said.missing)


def test_what_a_rule_found_missing_is_said_with_the_reason() -> None:
    """Nobody has to guess why a criterion is 1."""
    ruled = only(ADVISED, Graded(level=1, by=By.CODE, reason="no 'Follow-up question' was found"))

    assert (ruled.asks, ruled.reason) == ("Name one event.", "no 'Follow-up question' was found")


def test_of_a_list_the_first_item_with_the_lowest_state_is_named() -> None:
    """Not met before partly, in the rubric's order, with the line that shows it partly; one item is what it lifts."""
    items = Checklist(
        items=(
            Item(id="size", text="How large.", next="Give its size."),
            Item(id="cause", text="The cause."),
            Item(id="end", text="The end.", next="Tell the end."),
        )
    )
    quote = Quote(part="answer", start=0, end=19, text="I moved the export.")
    partly = Finding(id="size", state=State.PARTLY, evidence=(quote,))
    met = (
        Finding(id="cause", state=State.MET, evidence=(quote,)),
        Finding(id="end", state=State.MET, evidence=(quote,)),
    )

    lacking = only(items, Graded(level=11 / 3, findings=(partly, Finding(id="cause", state=State.NOT_MET), met[1])))
    nearly = only(items, Graded(level=13 / 3, findings=(partly, *met)))

    assert (lacking.asks, lacking.line) == ("a good answer says: The cause.", None)
    assert lacking.gain == pytest.approx(4 / 3)
    assert (nearly.asks, nearly.line) == ("Give its size.", quote)
    assert nearly.gain == pytest.approx(2 / 3)


def test_of_missions_the_first_claimed_one_that_is_not_shown_is_named() -> None:
    """What nobody claims is no step."""
    tags = Tags(
        tags=(Tag(id="1", title="share", next="Show it shared."), Tag(id="2", title="steer"), Tag(id="3", title="x"))
    )
    met = Finding(id="1", state=State.MET)

    assert only(tags, Graded(level=1)).asks == "Show it shared."
    assert only(tags, Graded(level=3, findings=(met,))).asks == "a good answer shows, by something you did: steer"


@pytest.mark.parametrize(
    ("value", "level", "asks"),
    [
        (1.5, 1, "Make it shorter: at most 1:00, about 73 words less."),
        (0.1, 3, "Say more: at least 0:30, about 58 words more."),
    ],
)
def test_a_measure_says_what_to_change_in_its_own_unit(value: float, level: float, asks: str) -> None:
    """Words and minutes, and not a share of a limit."""
    bands = (Band(level=5, at_least=0.5, at_most=1.0), Band(level=3, at_most=1.2), Band(level=1))
    kind = Measure(measure="speaking_time", bands=bands)

    assert only(kind, Graded(level=level, by=By.CODE, value=value)).asks == asks


# --- the order ------------------------------------------------------------------------------------------------


def named(results: list[CaseResult], timing: Timing | None = None) -> list[tuple[str, str]]:
    found = next_steps(group(results), timing)
    return [(each.result.case.question.id, each.step.criterion.id) for each in found]


def at(question: str, *, date: str = "2026-10-02", **levels: float) -> CaseResult:
    return of_levels(question, levels, date=date)


def of_levels(question: str, levels: Mapping[str, float], *, date: str = "2026-10-02") -> CaseResult:
    heavy = [criterion(name, ADVISED, weight=3 if name == "heavy" else 1) for name in levels]
    return answer(question, {name: Graded(level=level) for name, level in levels.items()}, *heavy, date=date)


def test_the_weakest_answer_comes_first_whatever_its_number_of_criteria() -> None:
    """Fourteen criteria make each of them light, and the answer no less weak."""
    long = of_levels("long", {f"c{n}": 1.0 for n in range(14)})
    short = at("short", heavy=2.0, price=4.0)

    assert named([short, long])[:2] == [("long", "c0"), ("short", "heavy")]


def test_two_questions_in_a_row_do_not_name_one_criterion_only_for_its_weight() -> None:
    """Where another one is as low, it is named; where the heavy one is lower, it stays."""
    first = at("first", heavy=1.0, price=1.0)
    equal, lower = at("second", heavy=2.0, price=2.0), at("second", heavy=2.0, price=3.0)

    assert named([first, equal])[:2] == [("first", "heavy"), ("second", "price")]
    assert named([first, lower])[:2] == [("first", "heavy"), ("second", "heavy")]


def test_one_answer_has_its_steps_one_after_another() -> None:
    """The second step of an answer follows the first of all."""
    assert named([at("a", heavy=1.0, price=3.0), at("b", heavy=3.0, price=4.0)]) == [
        ("a", "heavy"),
        ("b", "heavy"),
        ("a", "price"),
        ("b", "price"),
    ]


def test_before_the_interview_what_was_practised_today_waits() -> None:
    """In the last week every question has its turn; earlier, and where no day is known, the weakest goes on."""
    today, other = at("today", date="2026-11-20", heavy=1.0), at("other", heavy=3.0)

    assert named([today, other], Timing(today="2026-11-20", interview="2026-11-24"))[0][0] == "other"
    assert named([today, other], Timing(today="2026-11-20", interview="2026-12-24"))[0][0] == "today"
    assert named([today, other])[0][0] == "today"


LEVELS = st.lists(
    st.fixed_dictionaries({"heavy": st.integers(1, 5), "price": st.integers(1, 5)}), min_size=1, max_size=5
)


@settings(deadline=None)
@given(LEVELS)
def test_every_step_comes_once_and_first_ones_before_second_ones(levels: list[dict[str, int]]) -> None:
    """Nothing that could be lifted is lost, and the order of the first ones is that of the totals."""
    results = [of_levels(f"q{n}", found) for n, found in enumerate(levels)]
    found = named(results)
    ranking = rank(group(results))

    assert len(found) == len(set(found)) == sum(level < 5 for each in levels for level in each.values())
    open_ = [n for n, each in enumerate(levels) if any(level < 5 for level in each.values())]
    first = [int(question[1:]) for question, _ in found[: len(open_)]]
    totals = [results[n].total or 0.0 for n in first]
    assert sorted(first) == open_
    assert [round(total, 1) for total in totals] == sorted(round(total, 1) for total in totals)
    assert all(ranking.first(n) == name for n, (_, name) in zip(first, found, strict=False))

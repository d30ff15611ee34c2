"""Coverage: which answer shows which mission, from graded histories."""

from __future__ import annotations

import pytest

from evalharness.coverage import views as report
from evalharness.coverage.bridge import Bridge, Coverage, Standing, coverage, days
from evalharness.model.nouns import Case, Criterion, GraderId, Rubric, Tag, Tags
from evalharness.results.aggregate import CaseResult, case_result
from tests.coverage.bridges import RESILIENCE, TODAY, graded, history, project, result


def covered(*results: CaseResult) -> Bridge:
    (bridge,) = coverage(history(*results), on=TODAY).bridges
    return bridge


def standings(bridge: Bridge) -> dict[str, str]:
    """Return by question one word for each mission."""
    return {
        row.series.latest.case.question.id: " ".join(cell.standing.value for cell in row.cells) for row in bridge.rows
    }


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


@pytest.mark.parametrize(
    ("date", "age"), [("2026-11-19", 1), ("2026-11-20", 0), ("2027-01-01", 0), ("", None), ("draft", None)]
)
def test_an_age_is_whole_days_and_never_negative(date: str, age: int | None) -> None:
    """A date in the future is today's; no date has no age."""
    assert days(date, TODAY) == age

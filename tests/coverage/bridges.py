"""Histories with missions to cover, and what coverage makes of them."""

from __future__ import annotations

import datetime

from evalharness.history.nouns import Elsewhere, History
from evalharness.model.nouns import (
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
from evalharness.results.aggregate import CaseResult, case_result, group

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
    return History(grader=grader, series=group(results), rubrics=(BRIDGE,), elsewhere=elsewhere)


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

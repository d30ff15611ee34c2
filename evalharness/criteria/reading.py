"""draft, evidence -> outcome: what all kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evalharness.model.draft import Draft, DraftFinding
from evalharness.model.noun import Noun
from evalharness.model.nouns import Criterion, Finding, Graded, Outcome, Quote, State, Ungraded, Why
from evalharness.text.quotes import Verifier

MOST_QUOTES = 6
MOST_REASON_WORDS = 80

_STATES = {"met": State.MET, "partly": State.PARTLY, "not_met": State.NOT_MET}


class Reading(Noun):
    """An outcome, and how many of the grader's quotes were not found in the answer."""

    outcome: Outcome
    rejected: int = 0


def opening(criterion: Criterion) -> list[str]:
    """Return the lines that every kind begins with: what to look for, and the border cases."""
    lines = [criterion.look_for.strip(), ""]
    if criterion.border_cases:
        lines += ["Border cases:", *(f"- {' '.join(text.split())}" for text in criterion.border_cases), ""]
    return lines


def invalid(detail: str, *, rejected: int = 0) -> Reading:
    """Return a reading of a reply that can't be used."""
    return Reading(outcome=Ungraded(why=Why.INVALID_REPLY, detail=detail), rejected=rejected)


def no_evidence(detail: str, *, rejected: int) -> Reading:
    """Return a reading whose claims rest on nothing that stands in the answer."""
    return Reading(outcome=Ungraded(why=Why.NO_EVIDENCE, detail=detail), rejected=rejected)


def verified(quotes: Iterable[str], evidence: Verifier) -> tuple[tuple[Quote, ...], int]:
    """Return the quotes that stand in the answer, and how many do not."""
    found: list[Quote] = []
    rejected = 0
    for quote in quotes:
        places = evidence.find(quote)
        rejected += not places
        found.extend(place for place in places if place not in found)
    return tuple(found[:MOST_QUOTES]), rejected


def check_findings(draft: Draft, ids: Sequence[str], evidence: Verifier) -> tuple[tuple[Finding, ...], int, int] | str:
    """Return findings in the rubric's order, claims made, and claims rejected; or what is wrong with the reply.

    An item that the grader calls met or partly met without a quote that stands in the answer is not met.
    """
    by_id: dict[str, DraftFinding] = {finding.id: finding for finding in draft.findings}
    missing = [name for name in ids if name not in by_id]
    if missing:
        return f"no finding for {', '.join(missing)}"
    findings: list[Finding] = []
    claims = rejected = 0
    for name in ids:
        state = _STATES.get(by_id[name].state.strip().casefold().replace(" ", "_"))
        if state is None:
            return f"unknown state '{by_id[name].state[:40]}' for {name}"
        places: tuple[Quote, ...] = ()
        if state is not State.NOT_MET:
            claims += 1
            places = evidence.find(by_id[name].quote)
            rejected += not places
        findings.append(Finding(id=name, state=state if places else State.NOT_MET, evidence=places))
    return tuple(findings), claims, rejected


def graded(draft: Draft, level: float, *, quotes: tuple[Quote, ...], findings: tuple[Finding, ...]) -> Graded:
    """Return the grade with the grader's words cut to what may be stored."""
    return Graded(
        level=level,
        evidence=quotes,
        findings=findings,
        missing=shorten(draft.missing),
        reason=shorten(draft.reason),
        story=shorten(draft.story, 12),
        takeaway=shorten(draft.takeaway, 40),
        next_question=shorten(draft.next_question, 60),
    )


def shorten(text: str, most: int = MOST_REASON_WORDS) -> str:
    """Return at most `most` words of `text`, white space folded."""
    parts = text.split()
    return " ".join(parts) if len(parts) <= most else " ".join(parts[:most]) + " ..."

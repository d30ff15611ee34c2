"""What is asked: the question, and what a grader may know of the company and the interviewer."""

from __future__ import annotations

from evalharness.model.noun import Noun


class Mission(Noun):
    """One mission of a company: data that a grader is shown, and a tag where a rubric's list is replaced by these."""

    id: str
    text: str


class Company(Noun):
    """Whom the answer is for: an answer is good for this company or for none."""

    name: str
    facts: tuple[str, ...] = ()
    missions: tuple[Mission, ...] = ()


class Interviewer(Noun):
    """Who listens: a follow-up question is good for this person or for none."""

    name: str = ""
    role: str = ""
    interests: tuple[str, ...] = ()


class Context(Noun):
    """What the grader may know beside the question."""

    company: Company | None = None
    interviewer: Interviewer | None = None


class Question(Noun):
    """What the interviewer asks.  `time_limit` in seconds; `missions` are claimed tag ids.

    `to_ask` are questions that the author wants to put to the interviewer; no grader sees them.
    `language` is the code of the answers' language, empty where it is to be detected.
    """

    id: str
    text: str
    rubric: str
    title: str = ""
    time_limit: float | None = None
    missions: tuple[str, ...] = ()
    context: Context = Context()
    path: str = ""
    to_ask: tuple[str, ...] = ()
    language: str = ""


def said_of(context: Context, of: str) -> tuple[str, ...]:
    """Return what `context` says of the company (its facts) or of the interviewer (the interests)."""
    if of == "company":
        return context.company.facts if context.company else ()
    return context.interviewer.interests if context.interviewer else ()

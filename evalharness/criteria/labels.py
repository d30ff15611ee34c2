"""what a person said about a criterion -> the level it means, by the same arithmetic as a grader's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, assert_never

from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST, LOWEST, Case, Checklist, Criterion, Measure, Scale, Tags
from evalharness.plan.identity import case_content, content, digest

FOLDER = "labels"
BASIS_DIGITS = 12

Said: TypeAlias = "int | Mapping[str, str] | Sequence[str]"
"""A level for a scale, a state an item for a checklist, the shown tags for tags."""

_WORTH = {"met": 1.0, "partly": 0.5, "not_met": 0.0}


class Label(Noun):
    """One person's level for one criterion of one attempt.

    `stale` marks a label whose answer, question or criterion was rewritten since: it is kept and does not count.
    """

    case: str
    rubric: str
    criterion: str
    rater: str
    level: float
    stale: bool = False


def place(case: Case, rater: str, *, author: str) -> str:
    """Return where the labels of an attempt stand, relative to the project.

    `labels/<question>/<attempt>.<rater>.yaml`; attempts of another author than the configured one have the
    author's folder in between.  A rater's name holds no dot, so that the last dot parts attempt and rater.
    """
    attempt = case.attempt
    folder = "" if attempt.author == author else f"{attempt.author}/"
    return f"{FOLDER}/{attempt.question}/{folder}{attempt.id}.{rater}.yaml"


def labelled(case: Case) -> tuple[Criterion, ...]:
    """Return the criteria that a person can label: all but measures, and tags only where some are claimed."""
    return tuple(
        criterion
        for criterion in case.rubric.criteria
        if not isinstance(criterion.kind, Measure) and (case.claimed or not isinstance(criterion.kind, Tags))
    )


def basis(case: Case, criterion: Criterion) -> str:
    """Return 12 hex digits of what a person reads for this label: answer, question, context, criterion."""
    return digest((content(criterion, signals=False), case_content(case, criterion, ())))[:BASIS_DIGITS]


def wrong(case: Case, criterion: Criterion, said: Said) -> str:
    """Return what is wrong with a label of the right form for its criterion, or an empty text."""
    match criterion.kind:
        case Scale():
            fine = isinstance(said, int) and LOWEST <= said <= HIGHEST
            return "" if fine else f"is a scale: give a whole level from {LOWEST} to {HIGHEST}"
        case Checklist(items=items):
            return _wrong_states(said, [item.id for item in items])
        case Tags() as kind:
            return _wrong_tags(said, [tag.id for tag in case.tags(kind)]) or (
                "" if case.claimed else "claims no tag here"
            )
        case Measure():
            return "is measured by the program; nobody labels it"
        case _:
            assert_never(criterion.kind)


def level_of(case: Case, said: Said) -> float:
    """Return the level that a label means; it must not be `wrong`."""
    if isinstance(said, int):
        return float(said)
    if isinstance(said, Mapping):
        return 1 + 4 * sum(_WORTH[state] for state in said.values()) / len(said)
    return 1 + 4 * len({*said} & {*case.claimed}) / len({*case.claimed})


def _wrong_states(said: Said, ids: Sequence[str]) -> str:
    if not isinstance(said, Mapping):
        return f"is a checklist: give a state for each of {', '.join(ids)}"
    missing, unknown = [i for i in ids if i not in said], [i for i in said if i not in ids]
    if missing:
        return f"has no state for {', '.join(missing)}"
    return f"has no item {', '.join(unknown)}" if unknown else ""


def _wrong_tags(said: Said, ids: Sequence[str]) -> str:
    if isinstance(said, int | Mapping):
        return "is a list of tags: give those that are shown, [] for none"
    unknown = [str(name) for name in said if str(name) not in ids]
    return f"has no tag {', '.join(unknown)}" if unknown else ""

"""The answers that `init --examples` brings: a guest in a project, who leaves as soon as somebody else has answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

from evalharness.load.project import Loaded
from evalharness.model.nouns import EXAMPLE, Case


def without_examples(loaded: Loaded) -> Loaded:
    """Return the project without attempts by `example`, and without the questions that only they answer.

    They stay where nobody else has answered anything, and where the configured author is `example`.
    """
    own = tuple(case for case in loaded.cases if case.attempt.author != EXAMPLE)
    if not own or len(own) == len(loaded.cases) or loaded.config.author == EXAMPLE:
        return loaded
    return _without(loaded, own)


def own_questions(loaded: Loaded) -> Loaded:
    """Return the project without the questions that only `example` answers, even where no other is left."""
    if loaded.config.author == EXAMPLE:
        return loaded
    return _without(loaded, tuple(case for case in loaded.cases if case.attempt.author != EXAMPLE))


def _without(loaded: Loaded, own: tuple[Case, ...]) -> Loaded:
    kept = {id(case) for case in own}
    begun = {case.question.path for case in own} | {_question_of(draft) for draft in loaded.drafts}
    only = {case.question.path for case in loaded.cases if id(case) not in kept} - begun
    return replace(loaded, cases=own, questions=tuple(q for q in loaded.questions if q.path not in only))


def _question_of(draft: str) -> str:
    """Return the path of the question in whose folder a draft is."""
    return (PurePosixPath(draft.partition(":")[0]).parent / "question.yaml").as_posix()


def unanswered(loaded: Loaded, author: str = "") -> tuple[str, ...]:
    """Return the ids of the questions without an attempt or a draft, by `author` where one is named.

    Examples are nobody's, so a question that only they answer is left out.
    """
    begun = {_question_of(draft) for draft in loaded.drafts}
    for case in loaded.cases:
        if author in ("", case.attempt.author) or case.attempt.author == EXAMPLE:
            begun.add(case.question.path)
    return tuple(question.id for question in loaded.questions if question.path not in begun)

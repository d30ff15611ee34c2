"""the questions of a project, what a command is about -> which of their problems concern it, and which stand elsewhere.

A command about one question reads the whole project, to know its names.  What is broken in another question must
not block it: it is left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, TypeAlias

from evalharness.errors import Problem
from evalharness.load.find import QUESTION_FILE
from evalharness.load.shelf import Shelf

MOST_TOLD = 3


class Candidate(NamedTuple):
    """A question of the project, whether or not it can be read.

    `id` is its folder's name where the file doesn't say another, `rubric` is empty where it can't be told.
    """

    id: str
    path: str
    rubric: str
    problems: tuple[Problem, ...] = ()

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the names of the folders that the question lies in."""
        return tuple(self.path.split("/")[:-1])


Asked: TypeAlias = Callable[[Sequence[Candidate], Shelf], Collection[Candidate]]


class Sorted(NamedTuple):
    """The problems that concern what was asked for, the other ones, and the questions that the others leave out."""

    concerned: tuple[Problem, ...]
    elsewhere: tuple[Problem, ...]
    left_out: frozenset[str]


def named(*names: str) -> Asked:
    """Return who asks for questions by id, folder, path, `question/author`, or else by a piece of an id."""

    def asked(candidates: Sequence[Candidate], _: Shelf) -> list[Candidate]:
        found: list[Candidate] = []
        for name in names:
            wanted = name.strip("/").removeprefix("./").removesuffix(f"/{QUESTION_FILE}")
            found += [c for c in candidates if _is_called(c, wanted)] or [c for c in candidates if wanted in c.id]
        return found

    return asked


def nothing(_: Sequence[Candidate], __: Shelf) -> tuple[Candidate, ...]:
    """Return no question: whatever is broken is left out."""
    return ()


def with_missions(candidates: Sequence[Candidate], shelf: Shelf) -> list[Candidate]:
    """Return the questions whose rubric has, or for all we can read may have, a criterion of kind `tags`."""
    return [candidate for candidate in candidates if not candidate.rubric or shelf.may_have_tags(candidate.rubric)]


def sort(problems: Sequence[Problem], candidates: Sequence[Candidate], shelf: Shelf, asked: Asked | None) -> Sorted:
    """Return `problems` and those of `candidates` and their rubrics, by whether they concern what is asked for.

    Without `asked` all of them do.
    """
    everything = (*problems, *(p for c in candidates for p in c.problems), *shelf.problems())
    if asked is None or not everything:
        return Sorted(everything, (), frozenset())
    wanted = asked(candidates, shelf)
    paths, rubrics = {c.path for c in wanted}, {c.rubric for c in wanted}
    concerned = (
        *(p for c in wanted for p in c.problems),
        *shelf.problems(rubrics),
        *(p for p in problems if any(_is_inside(p, c) for c in wanted)),
    )
    broken = {c.path for c in candidates if c.path not in paths and (c.problems or shelf.problems({c.rubric}))}
    return Sorted(concerned, tuple(sorted({*everything} - {*concerned})), frozenset(broken))


def told(elsewhere: Sequence[Problem]) -> str:
    """Return one line on the problems of what was not asked for."""
    places = {problem.path: problem.place for problem in sorted(elsewhere, reverse=True)}
    shown = ", ".join(sorted(places.values())[:MOST_TOLD]) + (", ..." if len(places) > MOST_TOLD else "")
    what = "1 file elsewhere has problems" if len(places) == 1 else f"{len(places)} files elsewhere have problems"
    return f"{what}, left out: {shown} (`evalharness lint` says what)"


def _is_called(candidate: Candidate, name: str) -> bool:
    place, file = "/".join(candidate.folders), candidate.path.rpartition("/")[2]
    own = (f"{candidate.id}/", *([f"{place}/"] if file == QUESTION_FILE else []))
    inside = f"{place}/".startswith(f"{name}/")
    return inside or name in (candidate.id, candidate.path, *candidate.folders) or name.startswith(own)


def _is_inside(problem: Problem, candidate: Candidate) -> bool:
    """Return whether a problem of the layout lies in the folder of a question."""
    return problem.path.startswith(f"{'/'.join(candidate.folders)}/") and candidate.path.endswith(f"/{QUESTION_FILE}")

"""attempts before, attempts now -> which are new, edited, renamed, gone.  A rename is recognised by its content."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import Case
from evalharness.plan.identity import digest

Pairing = Callable[[Iterable[Case], Iterable[Case]], list[tuple[Case, Case]]]


class How(enum.Enum):
    """What happened to an attempt."""

    NEW = "new"
    EDITED = "edited"
    RENAMED = "renamed"
    RENAMED_EDITED = "renamed and edited"
    DELETED = "deleted"


class Changed(Noun):
    """One attempt that a change touches: as it is now (None: gone) and as it was (None: new).

    `previous` is the newest other attempt of the same series at the base: what a new attempt is held against.
    """

    how: How
    now: Case | None
    before: Case | None
    previous: Case | None = None

    @property
    def case(self) -> Case:
        """Return the attempt as it is now, else as it was."""
        found = self.now or self.before
        assert found is not None  # noqa: S101  # one of the two is always there
        return found

    @property
    def against(self) -> Case | None:
        """Return what it is held against."""
        return self.before or self.previous


def said(case: Case) -> str:
    """Return a hash of what an attempt says, wherever it stands."""
    attempt = case.attempt
    return digest(([(part.id, part.text) for part in attempt.parts], attempt.missions))


def asked(case: Case) -> str:
    """Return a hash of what it is asked: an edited question changes every attempt below it."""
    question = case.question
    plain = " ".join(question.text.split())
    return digest((plain, question.context, question.missions, question.time_limit, question.rubric))


def match(before: Sequence[Case], now: Sequence[Case], renames: Mapping[str, str]) -> tuple[Changed, ...]:
    """Return what changed; `renames` maps a path of now to the path before, as Git sees it.

    Attempts belong together that have one key, else one text, else one file that Git calls renamed.
    """
    earlier, later = {case.key: case for case in before}, {case.key: case for case in now}
    pairs = [(later[key], earlier[key]) for key in later if key in earlier]
    new = [case for key, case in later.items() if key not in earlier]
    gone = [case for key, case in earlier.items() if key not in later]
    for same in (_by_text, _by_path(renames)):
        found = same(new, gone)
        pairs += found
        new = [case for case in new if case.key not in {one.key for one, _ in found}]
        gone = [case for case in gone if case.key not in {other.key for _, other in found}]
    changed = [one for pair in pairs if (one := _pair(*pair))]
    changed += [Changed(how=How.NEW, now=case, before=None, previous=_previous(case, before)) for case in new]
    changed += [Changed(how=How.DELETED, now=None, before=case) for case in gone]
    return tuple(sorted(changed, key=lambda one: (one.case.attempt.path, one.case.key)))


def _by_text(new: Iterable[Case], gone: Iterable[Case]) -> list[tuple[Case, Case]]:
    texts: dict[str, list[Case]] = {}
    for case in gone:
        texts.setdefault(said(case), []).append(case)
    return [(case, texts[key].pop(0)) for case in new if texts.get(key := said(case))]


def _by_path(renames: Mapping[str, str]) -> Pairing:
    """Return what pairs attempts by file; a file with several attempts is no rename of one."""

    def pair(new: Iterable[Case], gone: Iterable[Case]) -> list[tuple[Case, Case]]:
        paths: dict[str, list[Case]] = {}
        for case in gone:
            paths.setdefault(case.attempt.path, []).append(case)
        found = ((case, paths.get(renames.get(case.attempt.path, ""), [])) for case in new)
        return [(case, cases[0]) for case, cases in found if len(cases) == 1]

    return pair


def _pair(now: Case, before: Case) -> Changed | None:
    same = said(now) == said(before) and asked(now) == asked(before)
    if now.key != before.key:
        return Changed(how=How.RENAMED if same else How.RENAMED_EDITED, now=now, before=before)
    return None if same else Changed(how=How.EDITED, now=now, before=before)


def _previous(case: Case, before: Sequence[Case]) -> Case | None:
    series = [other for other in before if other.attempt.series == case.attempt.series]
    older = [other for other in series if other.attempt.date <= case.attempt.date] or series
    return max(older, key=lambda other: (other.attempt.date, other.attempt.id), default=None)

"""what went wrong -> one line, one hint, one exit code.

EvalHarnessError
├── InputError            the user can fix it in a file or a flag
│   ├── InvalidFiles      every problem of every file, each with its place
│   │   └── BrokenBase    the settings that a change is checked by
│   ├── NoProject         the folder keeps no answers, and where they may be
│   ├── BadId             a name that no file or folder of the project can have
│   ├── UnknownName       a name that is not there, with the nearest that is
│   └── UsageProblem      a flag or an argument that the command line does not take
├── StoreError            reports/ cannot be read or written
├── GradingStopped        nothing further can be graded (credential, spend limit, host)
└── BudgetReached         the next call could cross the budget
"""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable, Sequence
from typing import ClassVar

import msgspec

MOST_NAMED = 12


class ExitCode(enum.IntEnum):
    """What the process says to its caller.  Where several hold: 2, 130, 4, 3, 1, 0."""

    FINE = 0
    GATE_FAILED = 1
    BAD_INPUT = 2
    INCOMPLETE = 3
    BUDGET = 4
    INTERRUPTED = 130


class EvalHarnessError(Exception):
    """Base of every error we expect; anything else on screen is a bug of ours."""

    exit_code: ClassVar[ExitCode] = ExitCode.BAD_INPUT
    slug: ClassVar[str] = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(EvalHarnessError):
    """A case, a rubric or an option is wrong and the user can fix it."""

    slug = "bad-input"

    def __init__(self, message: str, *, hint: str = "", slug: str = "") -> None:
        super().__init__(message, hint=hint)
        if slug:
            self.slug = slug  # type: ignore[misc]  # a kind of its own, without a class of its own


class Problem(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """One thing wrong at one place: file (relative to the project), 1-based line and column.

    The line is 0 where the place is no line: a path that is not there, a setting given from Python.  `is_here` is
    False where the file is that of another commit, so that no line of a file here is meant.
    """

    path: str
    line: int = 1
    column: int = 1
    message: str
    hint: str = ""
    slug: str = "bad-input"
    is_here: bool = True

    @property
    def place(self) -> str:
        """Return `file:line:column`, as editors and terminals link it."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


class InvalidFiles(InputError):
    """All problems of all files at once; `problems` is sorted by place and never empty."""

    slug = "invalid-files"

    def __init__(self, problems: Iterable[Problem], *, root: str = "") -> None:
        self.root = root  # what the paths are relative to; "": the folder one is in
        self.problems: Sequence[Problem] = tuple(sorted(set(problems)))
        count = len(self.problems)
        files = len({problem.path for problem in self.problems})
        told = f"{count} problem{'s' * (count != 1)} in {files} file{'s' * (files != 1)}"
        super().__init__(f"{told}: fix {'it' if count == 1 else 'them'}, then run the command again")


class BrokenBase(InvalidFiles):
    """The settings that a change is checked by are broken: nothing in the change can mend that."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        super().__init__(problems)
        count = len(self.problems)
        self.message = f"the base itself is broken, whatever this change does: {count} problem{'s' * (count != 1)}"
        self.hint = (
            "nothing can be checked against it, a repair neither: a maintainer has to push the repair to the base "
            "without this check"
        )


class NoProject(InputError):
    """No answers are kept in a folder; the hint says where they may be, and how to begin."""

    slug = "no-project"


class BadId(InputError):
    """A name that no file or folder of the project can have."""

    slug = "bad-id"


class UnknownName(InputError):
    """A name that does not exist, with the nearest one that does."""

    slug = "unknown-name"

    def __init__(self, what: str, name: str, known: Iterable[str], *, hint: str = "") -> None:
        names = sorted(known)
        guess = nearest(name, names)
        more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        told = (
            f"did you mean '{guess}'?" if guess else hint or f"known: {', '.join(names[:MOST_NAMED]) or 'none'}{more}"
        )
        super().__init__(f"there is no {what} called '{name}'", hint=told)


class UsageProblem(InputError):
    """A flag or an argument that the command line does not take."""

    slug = "usage"


class StoreError(EvalHarnessError):
    """`reports/` cannot be read or written; what was stored before stays."""

    slug = "store"


class GradingStopped(EvalHarnessError):
    """No further call can succeed (credential, spend limit, wrong host); what was graded is kept."""

    exit_code = ExitCode.INCOMPLETE
    slug = "grading-stopped"


class BudgetReached(EvalHarnessError):
    """The next call could cross `max_usd`; what was graded is kept."""

    exit_code = ExitCode.BUDGET
    slug = "budget-reached"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None where nothing is close."""
    lowered = {candidate.lower(): candidate for candidate in known}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[found[0]] if found else None

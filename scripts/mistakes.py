"""What a newcomer gets wrong -> docs/mistakes.md: each mistake is made, and the page shows what the program says."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from evalharness.cli import main
from evalharness.init.workflow import init

QUESTION = "question: Why us?\nrubric: culture-dialogue\ntime_limit: 90 s\n"
ANSWER = """\
I read your release notes for a year, and in March I tried the oldest model on our ward list. Two
nurses told me which names it got wrong, and I trusted the list less, and them more.

## Follow-up question

Who reads those notes first, inside the company, when a model got worse?
"""
OPENING = """\
# Frequent mistakes

Generated: each of these mistakes was made, and this is what the program said. A message names the place, says what is
wrong, and how to fix it. The word in brackets is explained by `evalharness explain` and on
[the page about messages](messages.md).
"""

Prepare = Callable[[Path], object]


class Mistake(NamedTuple):
    """One mistake: what a person did, how to do it again, and the command that notices."""

    title: str
    story: str
    command: str
    prepare: Prepare
    within: str = "."


def written(name: str, text: str | bytes) -> Prepare:
    """Return what writes one file."""

    def write(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        data = text if isinstance(text, bytes) else text.encode("utf-8")
        (root / name).write_bytes(data)

    return write


def nothing(_: Path) -> None:
    """Prepare nothing."""


def _question(text: str) -> Prepare:
    return written("cases/why-us/question.yaml", text)


def _attempt(text: str | bytes, name: str = "2026-11-24.md") -> Prepare:
    return written(f"cases/why-us/{name}", text)


def _only_a_draft(root: Path) -> None:
    (root / "cases/why-us/2026-11-20.md").write_text("---\ndate: 2026-11-20\n---\n\n")


def _no_answers(root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "evalharness.yaml").unlink()
    (root / "cases").rename(root / "elsewhere/answers")


def _twice(root: Path) -> None:
    written("cases/round-two/why-us/question.yaml", QUESTION)(root)


ALIKE = 'evalharness new "Why use us?"'
MISTAKES = (
    Mistake("A command with a typo", "", "evalharness pratice", nothing),
    Mistake("A flag with a typo", "", "evalharness run --samlpes 3", nothing),
    Mistake("A value out of range", "", "evalharness run --min-score 9", nothing),
    Mistake("The wrong folder", "No answers are below this folder.", "evalharness run", _no_answers),
    Mistake("A path that is not there", "", "evalharness run cases/why-uss", nothing),
    Mistake("A question with a typo", "", "evalharness progress why-uss", nothing),
    Mistake("Two names for one question", "The question exists, in nearly the same words.", ALIKE, nothing),
    Mistake("No answer yet", "`new` made the file, and nothing was written into it.", "evalharness run", _only_a_draft),
    Mistake("A wrong key", "", "evalharness lint", _question(QUESTION.replace("rubric:", "rubrik:"))),
    Mistake("A key that is missing", "", "evalharness lint", _question("rubric: culture-dialogue\n")),
    Mistake("A rubric that does not exist", "", "evalharness lint", _question(QUESTION.replace("culture-", "cultur-"))),
    Mistake("A time limit in words", "", "evalharness lint", _question(QUESTION.replace("90 s", "two minutes"))),
    Mistake(
        "A colon in a YAML text",
        "A text with a colon has to be quoted.",
        "evalharness lint",
        _question(QUESTION.replace("Why us?", "Why us: really?")),
    ),
    Mistake("A tab in a YAML file", "", "evalharness lint", _question(QUESTION + "context:\n\tcompany: x\n")),
    Mistake("A day that does not exist", "", "evalharness lint", _attempt(ANSWER, "2026-11-31.md")),
    Mistake(
        "A date as one writes it by hand", "", "evalharness lint", _attempt(f"---\ndate: 24.11.2026\n---\n\n{ANSWER}")
    ),
    Mistake("A score beyond the scale", "", "evalharness lint", _attempt(f"---\nself_score: 8\n---\n\n{ANSWER}")),
    Mistake("A day that could be two", "", "evalharness brief --for 1/12/2026", nothing),
    Mistake(
        "An answer without a question",
        "The folder has an answer and no `question.yaml`.",
        "evalharness run",
        written("cases/why-now/2026-11-24.md", ANSWER),
    ),
    Mistake("A file that ends in .yml", "", "evalharness run", written("cases/why-now/question.yml", QUESTION)),
    Mistake("Two folders with one name", "", "evalharness lint", _twice),
    Mistake(
        "A part that is missing",
        "The rubric reads a question asked back.",
        "evalharness lint",
        _attempt(ANSWER.partition("## ")[0]),
    ),
    Mistake("A PDF as an answer", "", "evalharness run answer.pdf", written("answer.pdf", b"%PDF-1.7\n\x00\x01\n")),
    Mistake("A file from an editor that saves UTF-16", "", "evalharness lint", _attempt(ANSWER.encode("utf-16"))),
    Mistake("Text that was decoded wrongly", "", "evalharness lint", _attempt(ANSWER.replace("notes", "notesâ€™"))),
    Mistake("A model without a key", "", "evalharness run --grader anthropic", nothing),
    Mistake("A run that is not there", "", "evalharness report 2025", nothing),
    Mistake("A grader with a typo", "", "evalharness run --grader heuristik", nothing),
)


def page() -> str:
    """Return docs/mistakes.md."""
    parts = [OPENING]
    for mistake in MISTAKES:
        code, told = made(mistake)
        story = f"{mistake.story}\n\n" if mistake.story else ""
        parts.append(
            f"## {mistake.title}\n\n{story}```text\n$ {mistake.command}\n{told.rstrip()}\n```\n\nExit code {code}.\n"
        )
    return "\n".join(parts)


def made(mistake: Mistake) -> tuple[int, str]:
    """Make one mistake in a new repository; return the exit code and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "my-answers"
        init(root)
        _question(QUESTION)(root)
        mistake.prepare(root)
        if mistake.prepare is nothing:
            _attempt(ANSWER)(root)
        with _in(root / mistake.within), _heard() as said:
            code = main(_words(mistake.command))
        return code, said.getvalue().replace(str(root), ".../my-answers")


def _words(command: str) -> list[str]:
    import shlex

    return shlex.split(command)[1:]


@contextlib.contextmanager
def _in(folder: Path) -> Iterator[None]:
    plain = {"COLUMNS": "100", "NO_COLOR": "1", "PATH": os.environ["PATH"], "CI": ""}
    with contextlib.chdir(folder), mock.patch.dict(os.environ, plain, clear=True):
        yield


@contextlib.contextmanager
def _heard() -> Iterator[io.StringIO]:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said), mock.patch("sys.stdin", io.StringIO()):
        yield said

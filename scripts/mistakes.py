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


def _elsewhere(root: Path) -> None:
    """Leave the person in a folder of talks beside the answers."""
    (root / "talks").mkdir()
    (root / "talks/slides.pdf").write_bytes(b"%PDF-1.7\n")
    (root / "evalharness.yaml").rename(root / "talks/notes.yaml")
    (root / "my-answers").mkdir()
    (root / "cases").rename(root / "my-answers/cases")


def _only_a_document(root: Path) -> None:
    written("cases/why-now/question.yaml", QUESTION.replace("us", "now"))(root)
    written("cases/why-now/answer.docx", b"PK\x03\x04")(root)


def _two_folders(root: Path) -> None:
    _attempt(ANSWER)(root)
    written("cases/motivation/question.yaml", QUESTION)(root)


TALK = "WEBVTT\n\n00:01.000 --> 00:04.000\nSo, why us? Can you hear me?\n\n00:05.000 --> 00:20.000\n"


def _twice(root: Path) -> None:
    written("cases/round-two/why-us/question.yaml", QUESTION)(root)


def _in_culture(root: Path) -> None:
    _attempt(ANSWER)(root)
    (root / "cases/why-us").rename(root / "cases/why")
    (root / "cases/culture").mkdir()
    (root / "cases/why").rename(root / "cases/culture/why-us")


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
    Mistake("A model's name as a grader", "", "evalharness run --grader gpt-4", nothing),
    Mistake(
        "A question in the wrong folder",
        "The answers are in the next folder.",
        'evalharness new "Why now?"',
        _elsewhere,
        "talks",
    ),
    Mistake("A question as the command", "", "evalharness 'Why now?'", nothing),
    Mistake("A question without quotes", "", "evalharness new Why now", nothing),
    Mistake("Quotes from a chat or a word processor", "", "evalharness new \u201cWhy now?\u201d", nothing),
    Mistake("A long dash from a chat or a word processor", "", "evalharness run \u2013grader heuristic", nothing),
    Mistake("A question's name as a path", "", "evalharness run why-us", nothing),
    Mistake("A number in words", "", "evalharness run --max-usd five", nothing),
    Mistake("A document alone in a question's folder", "", "evalharness run cases/why-now", _only_a_document),
    Mistake("The same question in two folders", "", "evalharness lint", _two_folders),
    Mistake("No space after the colon", "", "evalharness lint", _question(QUESTION.replace("rubric: ", "rubric:"))),
    Mistake(
        "A rubric's file for its name",
        "",
        "evalharness lint",
        _question(QUESTION.replace("culture", "rubrics/culture")),
    ),
    Mistake("A year that is still to come", "", "evalharness lint", _attempt(ANSWER, "2036-11-24.md")),
    Mistake("An answer of three words", "", "evalharness lint", _attempt("I did it.\n")),
    Mistake(
        "A transcript that names nobody",
        "The interviewer's words would count as yours.",
        "evalharness lint",
        _attempt(TALK + "Because of what you publish. I read it for a year.\n", "2026-11-24.vtt"),
    ),
    Mistake("A key in a file", "", "evalharness lint", written("evalharness.yaml", "api_key: x\n")),
    Mistake(
        "A merge that nobody finished",
        "",
        "evalharness lint",
        _attempt("<<<<<<< HEAD\nI did.\n=======\nWe did.\n>>>>>>> x\n"),
    ),
    Mistake("A folder that was made already", "", "evalharness init .", nothing),
    Mistake("A day that no month has", "", "evalharness brief --for 31.2.2026", nothing),
    Mistake("A comma in a number", "", "evalharness run --min-score 3,5", nothing),
    Mistake("A folder as a selection", "", "evalharness run --select culture", _in_culture),
    Mistake("Comparing where nothing was graded", "", "evalharness compare", nothing),
    Mistake("A PDF renamed to Markdown", "", "evalharness lint", _attempt(b"%PDF-1.7\n\x00\x01\n")),
    Mistake("A document without a word", "", "evalharness import notes.md", written("notes.md", "")),
    Mistake("A name with a space", "", "evalharness lint", _attempt(f"---\nauthor: Priya K\n---\n\n{ANSWER}")),
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

"""texts of an attempt -> what a person should know of comments and notes in them, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalharness.errors import Problem
from evalharness.load.words import shown
from evalharness.model.nouns import Question, Rubric
from evalharness.text import private
from evalharness.text.echo import is_echo
from evalharness.text.front import DRAFT_MARK
from evalharness.text.parts import plain_title
from evalharness.text.words import word_count

LEFT_OUT, LOOKS_PRIVATE = "left-out", "private-note"
MOST_SHOWN = 60
MOST_TOLD = 20


def open_comments(texts: Iterable[tuple[str, int]], path: str) -> Iterator[Problem]:
    """Yield the comment that nothing closes: everything behind it would be left out.  The mark of a draft is none."""
    for text, first in texts:
        at = private.unclosed(text)
        if at is not None and not text.startswith(DRAFT_MARK, at):
            yield Problem(
                path=path,
                line=first + text.count("\n", 0, at),
                message="the comment that '<!--' begins here is never closed, so nothing behind it would be graded",
                hint="end it with '-->'; if these characters belong to your answer, put them between backticks: `<!--`",
                slug="open-comment",
            )


def noted(texts: Iterable[tuple[str, int]], path: str, question: Question, rubric: Rubric) -> Iterator[Problem]:
    """Yield what is left out as a comment, and what counts although it looks like a note to oneself."""
    known = {plain_title(name) for spec in rubric.parts for name in spec.headings}
    for text, first in texts:
        found = sorted(private.notes(text))
        for note in found[:MOST_TOLD]:
            said = " ".join(text[note.start : note.end].split())
            title = said.strip("# ")
            line = first + text.count("\n", 0, note.start)
            if note.left_out:
                yield _left_out(said, path, line)
            elif not (plain_title(title) in known or is_echo(title, (question.text,))):
                yield _looks_private(said, path, line)
        if more := found[MOST_TOLD:]:
            line = first + text.count("\n", 0, more[0].start)
            yield _more(len(more), path, line)


def _more(count: int, path: str, line: int) -> Problem:
    return Problem(
        path=path,
        line=line,
        message=f"{count} more comments or lines that look like notes follow from here on",
        hint="read this file with `evalharness prompt`, which shows what is sent",
        slug=LOOKS_PRIVATE,
    )


def _left_out(said: str, path: str, line: int) -> Problem:
    count = word_count(said)
    words = "1 word" if count == 1 else f"{count} words"
    return Problem(
        path=path,
        line=line,
        message=f"a comment of {words} is neither sent nor graded: {shown(said, MOST_SHOWN)}",
        hint="delete the marks around it if it is part of your answer",
        slug=LEFT_OUT,
    )


def _looks_private(said: str, path: str, line: int) -> Problem:
    return Problem(
        path=path,
        line=line,
        message=f"this looks like a private note; it goes to the grader with the answer: {shown(said, MOST_SHOWN)}",
        hint="if it is one, write it as `notes:` at the top of the file, or between <!-- and -->",
        slug=LOOKS_PRIVATE,
    )

"""`evalharness practice`: ask, take the answer, grade, show what to change, once more."""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from evalharness.cli.complete import QUESTIONS
from evalharness.cli.options import model_options, project_options
from evalharness.cli.views import coming, day, saying_world
from evalharness.errors import ExitCode

if TYPE_CHECKING:
    from evalharness.load import Loaded
    from evalharness.model.nouns import Question
    from evalharness.practice.workflow import Before, NewAttempt, Stored, Went
    from evalharness.results.steps import NextStep
    from evalharness.world import World

WAKE = 0.2


@click.command()
@click.argument("question", default="", shell_complete=QUESTIONS)
@click.option("--author", default="", metavar="NAME", help="Who practises.  [default: the configured author]")
@click.option("--for", "interview", default="", metavar="DAY", help="A date, today, tomorrow, friday.  [config]")
@click.option("--editor", is_flag=True, help="Write the answer in $VISUAL or $EDITOR.")
@project_options
@model_options
@click.pass_context
def practice(
    context: click.Context,
    /,
    question: str,
    author: str,
    interview: str,
    editor: bool,
    **settings: Any,
) -> None:
    """Practise one answer: the question, a clock, your answer, its grade, and what to change.

    Without QUESTION it takes one that you never answered, else the first of the list that `run` and `progress` show
    too. Every line is on the disk as soon as you end it. Ctrl-C loses nothing, not even the line under the cursor, and
    leaves a draft that is not graded. Every go that you end is kept as an attempt of its own.

    \b
    Examples:
      evalharness practice                         what is most worth it today
      evalharness practice --for friday            with the interview in view
      evalharness practice privacy --editor
      evalharness practice privacy < answer.md     piped, no prompts
    """
    from evalharness.practice import workflow as attempting

    world = saying_world()
    loaded = attempting.project(world, question=question)
    wanted = coming(interview or loaded.config.interview, day(None, world))
    session = _Session(loaded, world, settings, author=author, interview=wanted, editor=editor)
    context.exit(int(session.practise(question)))


class _Session:
    """One sitting: a question, as many goes as one likes."""

    def __init__(
        self,
        loaded: Loaded,
        world: World,
        settings: dict[str, Any],
        *,
        author: str,
        interview: datetime.date | None,
        editor: bool,
    ) -> None:
        self._loaded = loaded
        self._interview = interview
        self._world = world
        self._settings = settings
        self._author = author
        self._editor = editor
        self._piped = not sys.stdin.isatty()

    def practise(self, name: str) -> ExitCode:
        """Practise until nobody wants another go; return the exit code."""
        from evalharness.practice import workflow as attempting

        question = attempting.find_question(self._loaded, name) if name else self._chosen()
        while True:
            made = attempting.new_attempt(self._loaded, question, author=self._author, world=self._world)
            try:
                go_on = self._go(question, made)
            except (KeyboardInterrupt, click.Abort):
                _say("")
                _say(_kept(made))
                return ExitCode.INTERRUPTED
            finally:
                attempting.remember(self._loaded, "practice", made.file, world=self._world)
            if not go_on:
                return ExitCode.FINE

    def _stored(self, loaded: Loaded) -> Stored:
        """Return what is stored of this author's answers in a project."""
        from evalharness.practice import workflow as practising

        return practising.stored(
            loaded, self._settings, author=self._author, interview=self._interview, world=self._world
        )

    def _chosen(self) -> Question:
        from evalharness.practice import workflow as practising

        best = practising.ranked(
            self._loaded, self._settings, author=self._author, interview=self._interview, world=self._world
        )[0]
        _say(f"chosen: {best.question.id} ({best.why})")
        return best.question

    def _go(self, question: Question, made: NewAttempt) -> bool:
        """Take one answer, grade it, show what to change; return whether another go is wanted."""
        from evalharness.text.speaking import clock

        limit = question.time_limit
        before = self._before(question)
        _say("")
        _say(question.text)
        _say(f"time: {clock(limit)}" if limit else "no time limit")
        began = self._world.clock()
        self._take(question, made, began)
        took = (self._world.clock() - began).total_seconds()
        if not made.is_complete:
            _say(_kept(made))
            return False
        score = ""
        if not self._piped:
            _say(f"took {clock(took)}{f' of {clock(limit)}' if limit else ''}; {_spoken(self._loaded, question, made)}")
            with _awake():
                score = self._self_score()
        made.finish(**({"self_score": score} if score else {}))
        self._grade(question, made, before)
        if self._piped:
            return False
        with _awake():
            return click.confirm("another go?", default=False, err=True)

    def _before(self, question: Question) -> Before | None:
        """Say what the attempt before had, and return it."""
        before = self._stored(self._loaded).before(question)
        if before is not None:
            total = "not graded" if before.total is None else f"{before.total:.1f} of 5"
            _say(f"your last attempt ({before.day}): {total}")
            if before.step:
                _say(f"do this time: {before.step.asks}")
        return before

    def _take(self, question: Question, made: NewAttempt, began: datetime.datetime) -> None:
        from evalharness.practice.workflow import parts_to_write

        parts = parts_to_write(self._loaded.rubrics[question.rubric])
        if self._piped:
            made.take_bytes(sys.stdin.buffer.read())
        elif self._editor:
            made.template(parts)
            click.edit(filename=str(made.file))
            made.read_back()
        else:
            _say("type your answer; a line with only '.' (or Ctrl-D) ends a part")
            for _, heading in parts:
                self._typed(heading, made, question.time_limit, began)

    def _typed(self, heading: str, made: NewAttempt, limit: float | None, began: datetime.datetime) -> None:
        """Take one part line by line; each is written before the next is asked for."""
        if heading:
            _say(f"-- {heading}")
            made.add(f"\n## {heading}\n\n")
        with _awake(), _keeping(made):
            while True:
                try:
                    line = input(self._clock(limit, began))
                except EOFError:
                    _say("")
                    return
                if line.strip() == ".":
                    return
                made.add(f"{line}\n")

    def _clock(self, limit: float | None, began: datetime.datetime) -> str:
        from evalharness.text.speaking import clock

        gone = clock((self._world.clock() - began).total_seconds())
        return f"{gone}/{clock(limit)}> " if limit else f"{gone}> "

    def _self_score(self) -> str:
        """Return the self-score as it is written in the file; empty where it was skipped."""
        while True:
            said = click.prompt("how good did it feel, 1 to 5 (Enter: skip)", default="", show_default=False, err=True)
            with contextlib.suppress(ValueError):
                if not said.strip() or 1 <= float(said) <= 5:
                    return said.strip()
            _say("a number from 1 to 5, please")

    def _grade(self, question: Question, made: NewAttempt, before: Before | None) -> None:
        from evalharness.practice import workflow as practising

        show(practising.grade(made.file, self._settings, self._world, before), made.file, before)
        loaded = practising.project(self._world, question=question.id)
        show_starts(self._stored(loaded).starts())


def show(went: Went, file: Path, before: Before | None = None) -> None:
    """Print the total and what to change, with the lines concerned, to standard output."""
    total = f"{went.total:.1f} of 5" if went.total is not None else "not graded"
    had = (
        "" if before is None or before.total is None else f"; the attempt before ({before.day}) had {before.total:.1f}"
    )
    _tell(f"{total} by {went.grader}{had}")
    for title in went.ungraded:
        _tell(f"not graded: {title}")
    for number, change in enumerate(went.changes, start=1):
        was = "" if change.before is None else f", before {change.before:.1f}".removesuffix(".0")
        _tell(f"{number}. {change.title}{was}", rest="   ")
        if change.asks:
            _tell(change.asks, first="   Next: ", rest="         ")
        for line in change.lines:
            _tell(line, first="   Line: ", rest="         ")
    _say(f"kept: {os.path.relpath(file)}")


def show_starts(found: Sequence[NextStep]) -> None:
    """Print the first steps over all questions, as every view does, to standard output."""
    from evalharness.cli.screen import width
    from evalharness.reports.terminal.starts import HEADING, start_here

    if found:
        click.echo("")
        _tell(HEADING)
        for line in start_here(found, width(), several=False):
            click.echo(line)


def _tell(text: str, *, first: str = "", rest: str = "") -> None:
    """Print a text to standard output in lines that fit the screen."""
    from evalharness.cli import visible
    from evalharness.cli.screen import width
    from evalharness.reports.terminal.columns import wrap

    for line in wrap(visible(text), width(), first=first, rest=rest):
        click.echo(line)


def _spoken(loaded: Loaded, question: Question, made: NewAttempt) -> str:
    from evalharness.practice.workflow import time_to_say

    found = time_to_say(loaded, question, made)
    return f"{found.words} words, {found.sentence}"


def _kept(made: NewAttempt) -> str:
    """Return what became of an answer that was broken off: a draft, never an attempt, unless it is one already."""
    if made.discard_if_blank():
        return "nothing was written, so nothing is kept"
    file = os.path.relpath(made.file)
    if made.is_finished:
        return f"kept as an attempt: {file}"
    return f"kept as a draft, not graded: {file} (delete its line 'unfinished' to keep it as an attempt)"


def _say(line: str) -> None:
    """Print a line to standard error, wrapped to the screen."""
    from evalharness.cli import visible
    from evalharness.cli.screen import width
    from evalharness.reports.terminal.columns import wrap

    for each in wrap(visible(line), width()):
        click.echo(each, err=True)


@contextlib.contextmanager
def _keeping(made: NewAttempt) -> Iterator[None]:
    """Keep the line under the cursor when Ctrl-C comes: it is read before the prompt is taken down."""
    try:
        import readline
    except ImportError:
        yield
        return

    def interrupted(number: int, frame: FrameType | None) -> None:
        line = readline.get_line_buffer()
        if line:
            made.add(f"{line}\n")
        if callable(before):
            before(number, frame)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def _awake() -> Iterator[None]:
    """Let Ctrl-C through at a prompt, whenever it comes.

    Python looks at signals before it waits for the next key and not while it does, and `input` drops what is raised
    while it flushes the screen. A quiet alarm wakes it up, and raises again what was lost.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    pressed = False

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True
        raise KeyboardInterrupt

    def wake(_number: int, _frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press), signal.signal(signal.SIGALRM, wake)
    signal.setitimer(signal.ITIMER_REAL, WAKE, WAKE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGALRM, before[1])

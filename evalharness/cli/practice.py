"""`evalharness practice`: ask, take the answer, grade, show what to change, once more."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalharness.cli.complete import QUESTIONS
from evalharness.cli.interrupts import agreed, awake, keeping
from evalharness.cli.options import PATHS, model_options, project_options
from evalharness.cli.screen import from_here, here, print_wrapped
from evalharness.cli.views import coming, day, saying_world
from evalharness.errors import ExitCode

if TYPE_CHECKING:
    from evalharness.cli.speaking import Voice
    from evalharness.load import Loaded
    from evalharness.model.nouns import Question
    from evalharness.practice.ranking import Worth
    from evalharness.practice.workflow import Before, NewAttempt, Stored, Went
    from evalharness.results.steps import NextStep
    from evalharness.world import World

FORMATS = click.Choice(["text", "json"])


@click.command()
@click.argument("question", default="", shell_complete=QUESTIONS)
@click.option("--author", default="", metavar="NAME", help="Who practises.  [default: the configured author]")
@click.option("--for", "interview", default="", metavar="DAY", help="A date, today, tomorrow, friday.  [config]")
@click.option("--editor", is_flag=True, help="Write the answer in $VISUAL or $EDITOR.")
@click.option("--minutes", type=click.FloatRange(1, 600), metavar="N", help="As many questions as fit into N minutes.")
@click.option("--list", "listing", is_flag=True, help="Only show which questions it would take, in order.")
@click.option("--speak", is_flag=True, help="Speak the answer: it is recorded and written down on this machine.")
@click.option("--audio", type=PATHS, metavar="FILE", help="Take the answer from a recording (WAV).")
@click.option("--no-audio", is_flag=True, help="Keep the transcript of a spoken answer, and not its recording.")
@project_options
@model_options
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="json is for a program.")
@click.pass_context
def practice(
    context: click.Context,
    /,
    question: str,
    author: str,
    interview: str,
    editor: bool,
    minutes: float | None,
    listing: bool,
    name: str,
    speak: bool,
    audio: Path | None,
    no_audio: bool,
    **settings: Any,
) -> None:
    """Practise one answer: the question, a clock, your answer, its grade, and what to change.

    Without QUESTION it takes one that you never answered, else the first of the list that `run` and `progress` show
    too. Every line is on the disk as soon as you end it. Ctrl-C loses nothing, not even the line under the cursor, and
    leaves a draft that is not graded. Every go that you end is kept as an attempt of its own.

    \b
    Examples:
      evalharness practice                         what is most worth it today
      evalharness practice --minutes 30            a session out of that list
      evalharness practice --list                  the list, and nothing else
      evalharness practice --for friday            with the interview in view
      evalharness practice privacy --editor
      evalharness practice privacy < answer.md     piped, no prompts
      evalharness practice privacy --speak         from the microphone
      evalharness practice privacy --audio talk.wav
    """
    from evalharness.cli.speaking import voice
    from evalharness.practice import workflow as attempting

    world = saying_world()
    loaded = attempting.project(world, question=question)
    wanted = coming(interview or loaded.config.interview, day(None, world))
    if wanted and wanted < day(None, world):
        print_wrapped(f"{wanted} is past: name the day of the next interview with --for DAY", err=True)
    spoken = voice(loaded, audio, speak=speak, no_audio=no_audio)
    session = _Session(
        loaded, world, settings, author=author, interview=wanted, editor=editor, as_json=name == "json", voice=spoken
    )
    if question and (minutes or listing):
        raise click.UsageError("--minutes and --list choose the questions themselves; leave QUESTION out")
    if listing:
        session.show_list(minutes)
        return
    if minutes and not sys.stdin.isatty():
        raise click.UsageError("--minutes needs a terminal to ask in; --list shows the questions")
    context.exit(int(session.sit(minutes) if minutes else session.practise(question)))


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
        as_json: bool,
        voice: Voice | None = None,
    ) -> None:
        self._voice = voice
        self._loaded = loaded
        self._interview = interview
        self._world = world
        self._settings = settings
        self._author = author
        self._editor = editor
        self._as_json = as_json
        self._piped = not sys.stdin.isatty()

    def practise(self, name: str) -> ExitCode:
        """Practise until nobody wants another go; return the exit code."""
        from evalharness.load.questions import called

        return self._goes(called(self._loaded.questions, name) if name else self._chosen())

    def sit(self, minutes: float) -> ExitCode:
        """Practise one question after the other until the time is used up; return the exit code."""
        from evalharness.practice.ranking import session
        from evalharness.text.speaking import clock

        began, planned = self._world.clock(), session(self._ranked(), minutes * 60)
        _say(f"{minutes:g} minutes: {', '.join(each.question.id for each in planned)}")
        for place, each in enumerate(planned, start=1):
            left = minutes * 60 - (self._world.clock() - began).total_seconds()
            if place > 1 and left < each.takes:
                _say(f"{clock(max(left, 0.0))} left, not enough for another question")
                break
            _say("")
            _say(f"question {place} of {len(planned)}, {clock(left)} left: {each.question.id} ({each.why})")
            if self._goes(each.question) is ExitCode.INTERRUPTED:
                return ExitCode.INTERRUPTED
        return ExitCode.FINE

    def show_list(self, minutes: float | None) -> None:
        """Print the questions in the order to practise them, all or those that fit into so many minutes."""
        from evalharness.cli.screen import document
        from evalharness.practice.as_json import listed
        from evalharness.practice.ranking import session
        from evalharness.text.speaking import clock

        ranked = self._ranked()
        found = session(ranked, minutes * 60) if minutes else ranked
        if self._as_json:
            document(listed(found))
            return
        for place, each in enumerate(found, start=1):
            _tell(f"{place}. {each.question.id}: {each.why}; about {clock(each.takes)}", rest="   ")

    def _goes(self, question: Question) -> ExitCode:
        """Take answers to one question until no other go is wanted."""
        from evalharness.practice import workflow as attempting

        while True:
            made = attempting.new_attempt(self._loaded, question, author=self._author, world=self._world)
            try:
                go_on = self._go(question, made)
            except (KeyboardInterrupt, click.Abort):
                _say("")
                _say(_kept(made))
                return ExitCode.INTERRUPTED
            finally:
                beside = self._voice.files if self._voice else ()
                attempting.remember(self._loaded, "practice", made.file, *beside, world=self._world)
            if not go_on:
                return ExitCode.FINE

    def _stored(self, loaded: Loaded) -> Stored:
        """Return what is stored of this author's answers in a project."""
        from evalharness.practice import workflow as practising

        return practising.stored(
            loaded, self._settings, author=self._author, interview=self._interview, world=self._world
        )

    def _ranked(self) -> tuple[Worth, ...]:
        from evalharness.practice import workflow as practising

        return practising.ranked(
            self._loaded, self._settings, author=self._author, interview=self._interview, world=self._world
        )

    def _chosen(self) -> Question:
        best = self._ranked()[0]
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
            typed = (
                f"took {clock(took)}{f' of {clock(limit)}' if limit else ''}; {_spoken(self._loaded, question, made)}"
            )
            _say(self._voice.told if self._voice and self._voice.told else typed)
            with awake():
                score = self._self_score()
        made.finish(**({"self_score": score} if score else {}))
        self._grade(question, made, before)
        if self._piped:
            return False
        with awake():
            return agreed("another go?")

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
        from evalharness.practice.sheet import parts_to_write

        parts = parts_to_write(self._loaded.rubrics[question.rubric])
        if self._voice is not None:
            self._voice.take(made, question.time_limit)
            if sys.stdin.isatty():
                self._ask_back(made)
        elif self._piped:
            made.take_bytes(sys.stdin.buffer.read())
        elif self._editor:
            made.template(parts)
            click.edit(filename=str(made.file))
            made.read_back()
        else:
            _say("type your answer; a line with only '.' (or Ctrl-D) ends a part")
            for _, heading in parts:
                self._typed(heading, made, question.time_limit, began)

    def _ask_back(self, made: NewAttempt) -> None:
        """Ask for the parts that a recording does not hold, as a question asked back; an empty line leaves one out."""
        for heading in made.missing:
            _say(f"-- {heading}: type it, or leave it out with Enter")
            with awake(), keeping(made), contextlib.suppress(EOFError):
                if line := input("> ").strip():
                    made.add(f"\n## {heading}\n\n{line}\n")

    def _typed(self, heading: str, made: NewAttempt, limit: float | None, began: datetime.datetime) -> None:
        """Take one part line by line; each is written before the next is asked for."""
        if heading:
            _say(f"-- {heading}")
            made.add(f"\n## {heading}\n\n")
        with awake(), keeping(made):
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

        went = practising.grade(made.file, self._settings, self._world, before)
        if not self._as_json:
            show(went, made.file, before)
        starts = self._stored(practising.project(self._world, question=question.id)).starts()
        if self._as_json:
            show_json(went, question.id, made.file, starts)
        elif any(step.result.case.question.id != question.id for step in starts):  # else they were all just shown
            show_starts(starts)


def show(went: Went, file: Path, before: Before | None = None) -> None:
    """Print the total and what to change, with the lines concerned, to standard output."""
    total = f"{went.total:.1f} of 5" if went.total is not None else "not graded"
    had = (
        "" if before is None or before.total is None else f"; the attempt before ({before.day}) had {before.total:.1f}"
    )
    _tell(f"{total} by {went.grader}{had}")
    if went.too_short:
        _tell(went.too_short)
    for title in went.ungraded:
        _tell(f"not graded: {title}")
    for number, change in enumerate(went.changes, start=1):
        was = "" if change.before is None else f", before {change.before:.1f}".removesuffix(".0")
        _tell(f"{number}. {change.title}{was}", rest="   ")
        if change.asks:
            _tell(change.asks, first="   Next: ", rest="         ")
        for line in change.lines:
            _tell(from_here(line), first="   Line: ", rest="         ")
    _say(f"kept: {here(str(file))}")


def show_json(went: Went, question: str, file: Path, starts: Sequence[NextStep]) -> None:
    """Print how an attempt went as one document to standard output."""
    from evalharness.cli.screen import document
    from evalharness.practice import as_json

    told = as_json.went(
        question=question,
        path=here(str(file)),
        run=went.run,
        grader=went.grader,
        score=went.total,
        ungraded=went.ungraded,
        changes=went.changes,
        starts=starts,
    )
    document(told)


def show_starts(found: Sequence[NextStep]) -> None:
    """Print the first steps over all questions, as every view does, to standard output."""
    from evalharness.cli.screen import where, width
    from evalharness.reports.terminal.starts import HEADING, start_here

    if found:
        click.echo("")
        _tell(HEADING)
        for line in start_here(found, width(), several=False, where=where()):
            click.echo(line)


def _tell(text: str, *, first: str = "", rest: str = "") -> None:
    """Print a text to standard output in lines that fit the screen."""
    from evalharness.cli import visible
    from evalharness.cli.screen import width
    from evalharness.reports.terminal.columns import wrap

    for line in wrap(visible(text), width(), first=first, rest=rest):
        click.echo(line)


def _spoken(loaded: Loaded, question: Question, made: NewAttempt) -> str:
    from evalharness.practice.sheet import time_to_say

    found = time_to_say(made.text, question, loaded.rubrics[question.rubric])
    return f"{found.words} words, {found.sentence}"


def _kept(made: NewAttempt) -> str:
    """Return what became of an answer that was broken off: a draft, never an attempt, unless it is one already."""
    if made.discard_if_blank():
        return "nothing was written, so nothing is kept"
    file = here(str(made.file))
    if made.is_finished:
        return f"kept as an attempt: {file}"
    return f"kept as a draft, not graded: {file} (delete its line 'unfinished' to keep it as an attempt)"


def _say(line: str) -> None:
    """Print a line to standard error, wrapped to the screen."""
    from evalharness.cli import visible

    print_wrapped(visible(line), err=True)

"""`evalharness label`: a person's own levels, asked in the terminal, blind to the grader's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.options import PATHS
from evalharness.cli.screen import print_wrapped, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evalharness.calibrate.workflow import Desk, Task
    from evalharness.criteria.labels import Said
    from evalharness.model.nouns import Case, Checklist, Criterion, Tags

_STATES = {"m": "met", "p": "partly", "n": "not_met"}


_BACK, _QUIT = "b", "q"
_LINE_BREAK = re.compile(r"(?<=\S)[ \t]*\n(?=\w)(?!\d+[.)])")  # within a paragraph: no list, quotation or heading
_KEYS = "s skips one, b goes one step back, q ends; what you gave is kept"


class _StepBack(Exception):  # the person wants to see the step before again
    """The person goes back to the criterion before."""


class _Enough(Exception):  # the person stops for today
    """The person wants to go on another day."""


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--rater", required=True, metavar="NAME", help="Who labels; a name without dots.")
@click.option("--with", "other", default="", metavar="NAME", help="Only what NAME labelled, to compare people.")
@click.option("--most", type=click.IntRange(1), metavar="N", help="Stop after N attempts.")
def label(paths: tuple[Path, ...], rater: str, other: str, most: int | None) -> None:
    """Give your own levels, one criterion at a time.

    You see the question, the answer and the anchors, but no grade, author or date. Graded attempts come first, your
    own never. Each level is written to labels/ as soon as you give it: stop at any moment (`q`), and the same command
    continues there. `s` skips a criterion for now, `b` goes one step back.

    \b
    Examples:
      evalharness label --rater anna                  every attempt, in an order of its own
      evalharness label --rater ben --with anna       what anna labelled: how far do people agree?
      evalharness label cases/culture --rater ben     one folder
      evalharness calibrate                           what the labels say about the grader
    """
    from evalharness.calibrate import workflow as labelling
    from evalharness.world import real_world

    desk = labelling.open_desk(paths, rater, real_world(), other=other)
    _open(desk, rater)
    try:
        _walk(desk, desk.tasks[:most])
    except (click.Abort, KeyboardInterrupt):
        told = "interrupted; every label that was given is kept, the same command continues from here"
        raise click.Abort(told) from None
    except _Enough:
        say("every label that was given is kept, the same command continues from here", err=True)
        return
    print_wrapped("done; `evalharness calibrate` compares", err=True)


def _open(desk: Desk, rater: str) -> None:
    """Say how much is to do, and what of it can be compared with a grader."""
    from evalharness.reports.words import plural

    wanted = sum(len(task.criteria) for task in desk.tasks)
    say(f"{plural(desk.given, 'label')} given before, {wanted} open", err=True)
    if desk.own:
        say(f"{plural(desk.own, 'attempt')} of {rater} left out: nobody labels their own", err=True)
    waiting = sum(task.case.key not in desk.graded for task in desk.tasks)
    if waiting and desk.graded:
        say(f"{plural(waiting, 'attempt')} without a grade come last; `evalharness run --all` grades them", err=True)
    elif waiting:
        say("nothing is graded yet; `evalharness run --all` makes the grades that labels are compared with", err=True)
    if desk.tasks:
        say(f"Keys: {_KEYS}", err=True)


def _walk(desk: Desk, tasks: Sequence[Task]) -> None:
    """Ask one criterion after the other; a step back shows the one before again, also of the attempt before."""
    from evalharness.calibrate import workflow as labelling

    steps = [(number, task, criterion) for number, task in enumerate(tasks, start=1) for criterion in task.criteria]
    place, shown = 0, 0
    while place < len(steps):
        number, task, criterion = steps[place]
        if number != shown:
            _show(task.case, f"attempt {number} of {len(desk.tasks)}")
            shown = number
        try:
            said = _ask(task.case, criterion)
        except _StepBack:
            place = max(0, place - 1)
            continue
        if said is not None:
            labelling.keep(desk, task.case, criterion, said)
        place += 1


def _show(case: Case, head: str) -> None:
    say(f"\n=== {head} ===\n")
    _tell(f"Question: {' '.join(case.question.text.split())}")
    for part in case.attempt.parts:
        if part.id not in {spec.id for spec in case.rubric.parts if spec.within_answer}:
            say(f"\n--- {part.id} ---")
            _tell_text(part.text)


def _ask(case: Case, criterion: Criterion) -> Said | None:
    """Return what the person says about one criterion, or None where it is skipped."""
    from evalharness.model.nouns import Checklist, Tags

    paragraphs = [" ".join(each.split()) for each in criterion.look_for.strip().split("\n\n")]
    _tell("\n".join((f"\n* {criterion.title or criterion.id} (reads {criterion.part})", *paragraphs)))
    for border in criterion.border_cases:
        _tell(f"  border case: {border}")
    if isinstance(criterion.kind, Checklist):
        return _states(criterion.kind)
    if isinstance(criterion.kind, Tags):
        return _tags(case, criterion.kind)
    for level in getattr(criterion.kind, "levels", ()):
        _tell(f"  {level.level}: {' '.join(level.text.split())}")
    answer = _choice("level", [*"12345"])
    return None if answer == "s" else int(answer)


def _states(kind: Checklist) -> Said | None:
    """Return a state for each item; a step back at the first one leaves the criterion."""
    states: dict[str, str] = {}
    while len(states) < len(kind.items):
        item = kind.items[len(states)]
        _tell(f"  {item.id}: {' '.join(item.text.split())}")
        try:
            answer = _choice("(m)et, (p)artly, (n)ot met", [*_STATES])
        except _StepBack:
            if not states:
                raise
            states.popitem()
            continue
        if answer == "s":
            return None
        states[item.id] = _STATES[answer]
    return states


def _tags(case: Case, kind: Tags) -> Said | None:
    from evalharness.reports.escape import visible

    tags = case.tags(kind)
    for tag in tags:
        _tell(f"  {tag.id}: {tag.title}. {' '.join(tag.look_for.split())}")
    _tell(f"  claimed: {', '.join(case.claimed)}")
    known = {tag.id for tag in tags}
    while True:
        answer = click.prompt("shown (ids with commas, - for none; s, b, q)", err=True).strip()
        if answer == "s":
            return None
        if answer == _QUIT and _QUIT not in known:
            raise _Enough
        if answer == _BACK and _BACK not in known:
            raise _StepBack
        found = tuple(dict.fromkeys(piece.strip() for piece in answer.strip("-").split(",") if piece.strip()))
        if {*found} <= known:
            return found
        say(f"not on the list: {visible(', '.join(sorted({*found} - known)))}", err=True)


def _choice(text: str, choices: list[str]) -> str:
    keys = [*choices, "s", _BACK, _QUIT]
    answer: str = click.prompt(text, type=click.Choice(keys, case_sensitive=False), err=True).lower()
    if answer == _BACK:
        raise _StepBack
    if answer == _QUIT:
        raise _Enough
    return answer


def _tell_text(text: str) -> None:
    """Show a text of several lines: those of a paragraph as one, in the width of the screen."""
    from evalharness.cli.screen import width
    from evalharness.reports.escape import visible
    from evalharness.reports.terminal.columns import wrap

    for line in _LINE_BREAK.sub(" ", text).split("\n"):
        click.echo("\n".join(wrap(visible(line), width())))


def _tell(text: str) -> None:
    from evalharness.reports.escape import visible

    say(visible(text))

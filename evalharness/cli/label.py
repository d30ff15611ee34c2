"""`evalharness label`: a person's own levels, asked in the terminal, blind to the grader's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.options import PATHS

if TYPE_CHECKING:
    from evalharness.calibrate.workflow import Desk
    from evalharness.criteria.labels import Said
    from evalharness.model.nouns import Case, Checklist, Criterion, Tags

_STATES = {"m": "met", "p": "partly", "n": "not_met"}


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--rater", required=True, metavar="NAME", help="Who labels; a name without dots.")
@click.option("--most", type=click.IntRange(1), metavar="N", help="Stop after N attempts.")
def label(paths: tuple[Path, ...], rater: str, most: int | None) -> None:
    """Give your own levels, one criterion at a time.

    You see the question, the answer and the anchors, but no grade, author or date. Each level is written to labels/
    as soon as you give it: stop at any moment (Ctrl-C), and the same command continues there.
    `s` skips a criterion for now.

    \b
    Examples:
      evalharness label --rater anna                  every attempt, in an order of its own
      evalharness label cases/culture --rater ben     one folder
      evalharness calibrate                           what the labels say about the grader
    """
    from evalharness.calibrate import workflow as labelling
    from evalharness.reports.words import plural
    from evalharness.world import real_world

    desk = labelling.open_desk(paths, rater, real_world())
    click.echo(f"{plural(desk.given, 'label')} given before, {sum(len(t.criteria) for t in desk.tasks)} open", err=True)
    try:
        for number, task in enumerate(desk.tasks[:most], start=1):
            _show(task.case, f"attempt {number} of {len(desk.tasks)}")
            for criterion in task.criteria:
                _one(desk, task.case, criterion)
    except (click.Abort, KeyboardInterrupt):
        told = "interrupted; every label that was given is kept, the same command goes on from here"
        raise click.Abort(told) from None
    click.echo("done; `evalharness calibrate` compares", err=True)


def _one(desk: Desk, case: Case, criterion: Criterion) -> None:
    from evalharness.calibrate import workflow as labelling

    said = _ask(case, criterion)
    if said is not None:
        labelling.keep(desk, case, criterion, said)


def _show(case: Case, head: str) -> None:
    click.echo(f"\n=== {head} ===\n")
    click.echo(_seen(f"Question: {' '.join(case.question.text.split())}"))
    for part in case.attempt.parts:
        if part.id not in {spec.id for spec in case.rubric.parts if spec.within_answer}:
            click.echo(f"\n--- {part.id} ---\n{_seen(part.text)}")


def _ask(case: Case, criterion: Criterion) -> Said | None:
    """Return what the person says about one criterion, or None where it is skipped."""
    from evalharness.model.nouns import Checklist, Tags

    click.echo(_seen(f"\n* {criterion.title or criterion.id} (reads {criterion.part})\n{criterion.look_for.strip()}"))
    for border in criterion.border_cases:
        click.echo(_seen(f"  border case: {border}"))
    if isinstance(criterion.kind, Checklist):
        return _states(criterion.kind)
    if isinstance(criterion.kind, Tags):
        return _tags(case, criterion.kind)
    for level in getattr(criterion.kind, "levels", ()):
        click.echo(_seen(f"  {level.level}: {' '.join(level.text.split())}"))
    answer = _choice("level", [*"12345", "s"])
    return None if answer == "s" else int(answer)


def _states(kind: Checklist) -> Said | None:
    states: dict[str, str] = {}
    for item in kind.items:
        click.echo(_seen(f"  {item.id}: {' '.join(item.text.split())}"))
        answer = _choice("(m)et, (p)artly, (n)ot met", [*_STATES, "s"])
        if answer == "s":
            return None
        states[item.id] = _STATES[answer]
    return states


def _tags(case: Case, kind: Tags) -> Said | None:
    tags = case.tags(kind)
    for tag in tags:
        click.echo(_seen(f"  {tag.id}: {tag.title}. {' '.join(tag.look_for.split())}"))
    click.echo(_seen(f"  claimed: {', '.join(case.claimed)}"))
    known = {tag.id for tag in tags}
    while True:
        answer = click.prompt("shown (ids with commas, - for none, s skips)", err=True).strip()
        if answer == "s":
            return None
        found = tuple(dict.fromkeys(piece.strip() for piece in answer.strip("-").split(",") if piece.strip()))
        if {*found} <= known:
            return found
        click.echo(f"not on the list: {_seen(', '.join(sorted({*found} - known)))}", err=True)


def _choice(text: str, choices: list[str]) -> str:
    answer: str = click.prompt(text, type=click.Choice(choices, case_sensitive=False), err=True)
    return answer.lower()


def _seen(text: str) -> str:
    from evalharness.reports.escape import visible

    return visible(text)

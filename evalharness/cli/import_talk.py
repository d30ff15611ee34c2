"""`evalharness import TALK`: a transcript becomes the attempts that were spoken in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli import visible
from evalharness.cli.screen import print_wrapped, say
from evalharness.errors import InputError

if TYPE_CHECKING:
    from evalharness.spoken.workflow import Prepared


def is_transcript(file: Path, *, named: bool, as_document: bool) -> bool:
    """Return whether a file is taken in as a talk: where a question or a speaker is `named`, or by what it holds.

    A talk can be read both ways: what is asked for a document (`as_document`) reads it as one.
    """
    from evalharness.spoken import workflow as spoken
    from evalharness.world import real_world

    if named or as_document:
        return named
    if file.suffix.lower() != ".txt":
        return file.suffix.lower() == ".json" or spoken.is_transcript(file)
    return spoken.is_interview(file, real_world())


def take(file: Path, *, question: str, speaker: str, dry_run: bool, yes: bool) -> int:
    """Show what is spoken in a transcript, write it after a yes, and return the exit code."""
    from evalharness.reports.words import plural
    from evalharness.spoken import workflow as spoken
    from evalharness.world import real_world

    world = real_world()
    prepared = spoken.prepare(file, question=question, speaker=speaker, world=world)
    click.echo(
        visible(f"{file.name}: {prepared.speaker or 'one speaker'} answers {plural(len(prepared.found), 'question')}")
    )
    for each in prepared.found:
        say("  " + visible(each.told))
    _show_asked(prepared)
    if prepared.guessed:
        say(
            f"look at this: {file.name} does not say who speaks; who asks and who answers is guessed "
            f"{prepared.guessed}. Compare it with the recording, or {spoken.NAME_THEM}, and import it again"
        )
    elif prepared.nameless:
        say(
            f"look at this: {file.name} does not say who speaks, so all of it counts as your answer, also what the "
            f"interviewer says; {spoken.NAME_THEM}, and import it again"
        )
    if not prepared.files:
        print_wrapped("nothing is new in this transcript; nothing was written")
        return 0
    print_wrapped("would write:")
    for name in prepared.files:
        print_wrapped("  " + visible(name))
    if dry_run:
        print_wrapped("nothing was written (--dry-run)", err=True)
        return 0
    if not yes and not sys.stdin.isatty():
        raise InputError(
            "nothing was written: there is no terminal to ask on",
            hint="add --yes, or --dry-run to look",
            slug="not-asked",
        )
    if not yes and not click.confirm("Write these files?", err=True):
        print_wrapped("nothing was written", err=True)
        return 0
    print_wrapped(f"wrote {len(spoken.write(prepared, world))} files")
    print_wrapped("next: evalharness run", err=True)
    return 0


def _show_asked(prepared: Prepared) -> None:
    """Print what the speaker asks at the end, where something is new in the talk."""
    for asked in prepared.to_ask if prepared.files else ():
        say("  " + visible(f"to ask them at the end: {asked}"))
    if prepared.to_ask and prepared.files and not prepared.keeps:
        say("  not written, since no question is new; add them under 'to_ask' in a question.yaml for 'brief'")

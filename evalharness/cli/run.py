"""`evalharness run`: flags -> one call of `grading.run`, a summary on standard output, an exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from evalharness.cli.endings import STATES
from evalharness.cli.options import PATHS, SCORES, SHARD, model_options, project_options, spending_options
from evalharness.cli.screen import print_wrapped
from evalharness.errors import ExitCode, InputError
from evalharness.model.run import Run

if TYPE_CHECKING:
    from evalharness.gate.workflow import Judged


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@project_options
@click.option(
    "--select", multiple=True, metavar="TEXT", help="Only attempts whose key contains TEXT (* matches anything)."
)
@click.option("--latest", is_flag=True, help="Only the latest attempt of each series; older ones where stored.")
@click.option(
    "--all", "every", is_flag=True, help="Every attempt; without it a model grades only the latest two of a series."
)
@click.option(
    "--shard",
    type=SHARD,
    default="1/1",
    metavar="N/M",
    help="Only the N-th of M parts, so that M machines can share the work.",
)
@click.option(
    "--reuse", default="", metavar="DIR", help="Also take grades from here: what `check --out` kept, a cache."
)
@model_options
@spending_options
@click.option(
    "--anchors/--no-anchors",
    default=None,
    help="First grade the recorded anchors again: has the grader drifted?  [default: anchors.every_run]",
)
@click.option("--watch", is_flag=True, help="Grade each file again when you save it, until Ctrl-C.")
@click.option("--plan", is_flag=True, help="Show calls, tokens and price range; send nothing.")
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(["json", "junit", "html"]), help="Also write this report."
)
@click.option(
    "--min-score",
    type=SCORES,
    help="Exit 1 when a latest attempt scores below.  [default: gate.min_score]",
)
@click.pass_context
def run(
    context: click.Context,
    /,
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    latest: bool,
    every: bool,
    shard: tuple[int, int],
    reuse: str,
    anchors: bool | None,
    watch: bool,
    plan: bool,
    formats: tuple[str, ...],
    min_score: float | None,
    **settings: Any,
) -> None:
    """Grade attempts and write a report.

    PATHS are case folders or files; without any, all cases of the project. What was graded before and did not
    change is reused, so running again is quick and costs nothing.

    \b
    Examples:
      evalharness run cases/                            everything
      evalharness run cases/culture --latest            the newest attempt of each culture question
      evalharness run --select speed-vs-safety          one question
      evalharness run cases/ --grader heuristic         offline, no key
      evalharness run cases/ --plan                     what a model would cost, nothing sent
      evalharness run cases/ --anchors                  has the model changed under its name?
      evalharness run cases/ --min-score 3 --format junit    as a check in CI
    """
    from evalharness.cli.watch import watcher
    from evalharness.gate.workflow import can_judge, judge_run
    from evalharness.grading import workflow as grading
    from evalharness.grading.workflow import write_junit
    from evalharness.jury.workflow import jurors
    from evalharness.spoken.workflow import settle
    from evalharness.world import real_world

    choice = grading.Choice(
        select=select, latest=latest, every=every, formats=formats, anchors=anchors, shard=shard, reuse=reuse
    )
    if plan:
        from evalharness.cli.plan import show_plans

        show_plans(paths, settings, choice)
        return
    if jurors(paths, settings=settings):
        from evalharness.cli.jury import run_jury

        if watch or min_score is not None:
            raise InputError("a jury is not watched and judged by no bar", hint="name one of its graders with --grader")
        context.exit(int(run_jury(paths, settings, choice)))

    def once(choice: grading.Choice = choice) -> Run:
        with watcher() as looking:
            for written in settle(real_world()):
                looking.say(f"the words of a transcript are in {written} now")
            done = grading.run(paths, settings=settings, choice=choice, world=real_world(looking))
        show(done, grading.reports_folder(paths, settings=settings), paths, bar=_bar(paths, min_score))
        return done

    if watch:
        from evalharness.cli.rerun import rerun

        later = msgspec.structs.replace(choice, anchors=False)
        rerun(paths, once, lambda: once(later))
    can_judge(paths)
    done = once()
    judged = judge_run(done, paths, min_score=min_score, grader=settings.get("grader") or "")
    if "junit" in formats and judged.rulings:
        write_junit(done, judged, paths, settings=settings)
    context.exit(int(exit_code(done, judged)))


def _bar(paths: tuple[Path, ...], min_score: float | None) -> float | None:
    """Return the score that is asked for, by the flag or the settings."""
    from evalharness.load import find_project

    return find_project(paths, cwd=Path.cwd()).config.gate.min_score if min_score is None else min_score


def show(done: Run, folder: Path, paths: tuple[Path, ...] = (), *, bar: float | None = None) -> None:
    """Print the summary of a run that lies in `folder` to standard output; scores under `bar` are marked."""
    from evalharness.cli.screen import colour, here, where, width
    from evalharness.reports import terminal

    text = terminal.render(done, width=width(), colour=colour(), folder=here(str(folder)), bar=bar, where=where(paths))
    click.echo(text, nl=False, color=colour())


def exit_code(done: Run, judged: Judged) -> ExitCode:
    """Return the first that holds of: interrupted, budget, incomplete, gate failed, fine."""
    from evalharness.cli import visible
    from evalharness.reports import words as wording

    told = wording.state(done.meta)
    if told and sys.stderr.isatty() and not sys.stdout.isatty():  # the summary, which says it too, went elsewhere
        print_wrapped(visible(told), err=True)
    if done.meta.state in STATES:
        return STATES[done.meta.state]
    if done.meta.ungraded:
        return ExitCode.INCOMPLETE
    for line in judged.lines:
        print_wrapped(visible(line), err=True)
    return ExitCode.GATE_FAILED if judged.fails else ExitCode.FINE

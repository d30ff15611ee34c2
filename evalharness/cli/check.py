"""`evalharness check`: what a change does to the answers, held against the gates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalharness.cli.options import PATHS, SCORES, model_options, project_options, spending_options
from evalharness.errors import EvalHarnessError, InvalidFiles

if TYPE_CHECKING:
    from evalharness.check.rows import Check

OUTCOMES = click.Choice(["pass", "warn", "fail"])


@click.command()
@click.option("--base", metavar="REF", default="origin/main", show_default=True, help="Where the change will go.")
@click.option("--head", metavar="REF", default="", help="Check this commit, not the files as they are here.")
@project_options
@model_options
@spending_options
@click.option("--min-score", type=SCORES, help="The total that changed answers have to reach.")
@click.option("--floors/--no-floors", default=None, help="Whether criteria have to reach their floors.")
@click.option(
    "--no-regression/--allow-regression", default=None, help="Whether an answer may not be worse than before."
)
@click.option("--max-ungraded", type=click.IntRange(0), help="How many changed answers may be without a score.")
@click.option("--too-close", type=OUTCOMES, help="What becomes of a result within the noise around the line.")
@click.option("--deleted", type=OUTCOMES, help="What becomes of deleted attempts.")
@click.option("--out", type=PATHS, metavar="DIR", help="Write comment.md, summary.md, junit.xml and check.json there.")
@click.option("--annotations", type=click.Choice(["github"]), help="Print the code host's annotations too.")
@click.pass_context
def check(
    context: click.Context, /, base: str, head: str, out: Path | None, annotations: str | None, **options: Any
) -> None:
    """Check a change to a shared answer repository.

    Compares what you would commit now, new files included, with the commit at which this branch left REF; in CI it is
    the last commit, in a commit hook what is about to be committed, and --head names any other. Only changed answers
    are graded;
    grades of the base come from the reports/ that the base holds, settings and gates from its evalharness.yaml, the
    calibration that gate.requires asks for from its labels/, never from the change. Without a key: files, speaking,
    stored grades, the offline grader, and what needs grading. Writes nothing under reports/.

    \b
    Examples:
      evalharness check --base origin/main                     before a pull request
      evalharness check --base main --no-regression --min-score 3
      evalharness check --base "$BASE" --out check --annotations github    in CI
    """
    from evalharness.check import screen
    from evalharness.check import workflow as checking
    from evalharness.cli.screen import room, show
    from evalharness.cli.watch import watcher
    from evalharness.world import real_world

    names = ("min_score", "floors", "no_regression", "max_ungraded", "too_close", "deleted")
    gate = {name: options.pop(name) for name in names}
    try:
        with watcher() as looking:
            found = checking.check(base, head=head, settings=options, gate=gate, out=out, world=real_world(looking))
    except EvalHarnessError as error:
        _refuse(error, out, annotations)
        raise
    show(screen(found, room()))
    _write(found, out, annotations)
    context.exit(int(found.exit_code))


def _write(found: Check, out: Path | None, annotations: str | None) -> None:
    from evalharness.check import FILES, github
    from evalharness.check.workflow import write_texts
    from evalharness.cli.screen import commands

    if out is not None:
        write_texts(out, {name: render(found) for name, render in FILES.items()})
    if annotations:
        commands(github(found))


def _refuse(error: EvalHarnessError, out: Path | None, annotations: str | None) -> None:
    """Say where a check is looked for that there is none: what the last one wrote is not of this commit."""
    from evalharness.check import FILES, MARKER, refused
    from evalharness.check.annotations import problem, refusal
    from evalharness.check.workflow import project_prefix, write_texts
    from evalharness.cli.screen import commands

    problems = error.problems if isinstance(error, InvalidFiles) else []
    if out is not None:
        for name in FILES:
            (out / name).unlink(missing_ok=True)
        text = refused(error.message, error.hint, problems, project_prefix(Path.cwd()))
        write_texts(out, {"comment.md": text, "summary.md": text.removeprefix(f"{MARKER}\n\n")})
    if annotations:
        prefix = project_prefix(Path.cwd())
        for found in problems:
            commands(f"{problem(found, prefix)}\n")
        if not problems:
            commands(f"{refusal(error.message)}\n")

"""`evalharness run --plan`: calls, tokens, price range; nothing sent."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from evalharness.grading.preview import Planned
    from evalharness.grading.workflow import Choice


def show_plans(paths: tuple[Path, ...], settings: Mapping[str, Any], choice: Choice) -> None:
    """Print what the run would take, of each grader where there is a jury."""
    from evalharness.jury.workflow import jurors, names, own_settings

    members = jurors(paths, settings=settings)
    for name, one in zip(names(members), members, strict=True):
        click.echo(f"=== {name} ===")
        show_plan(paths, {**settings, **own_settings(one)}, choice)
        click.echo()
    if not members:
        show_plan(paths, settings, choice)


def show_plan(paths: tuple[Path, ...], settings: Mapping[str, Any], choice: Choice) -> None:
    """Print what the run would take in both modes, now and as a batch."""
    from evalharness.cli.screen import room, say
    from evalharness.graders.sending.prices import AS_OF, likely
    from evalharness.grading import preview
    from evalharness.reports.terminal.columns import grid
    from evalharness.reports.words import plural

    config, planned = preview.plans(paths, settings, choice)
    first = planned[0]
    free = preview.without_a_model(config)
    if free:
        say(f"{free} With --grader anthropic it would take:")
    named = [f"{name} {value}" for name, value in (("model", config.model), ("effort", config.effort)) if value]
    asked = ", ".join([*named, f"samples {config.samples}"])
    say(f"{asked[0].upper()}{asked[1:]}. Nothing was sent.")
    counts = f"{first.wanted} grades wanted: {first.reused} stored already, {first.by_rule} decided without a call."
    say(f"{plural(first.attempts, 'attempt')}, {counts}")
    anchors = next((each.anchors for each in planned if each.anchors), 0)
    if anchors:
        say(f"{anchors} of the calls grade the recorded anchors again, before anything else and never as a batch.")
    click.echo()
    head = ["mode", "", "calls", "input", "cache write", "cache read", "output", "price range", "likely"]
    click.echo(grid(head, [_row(p) for p in planned], room()))
    click.echo()
    which = "Such a run" if free else "This run"
    if all(each.estimate.usd is None for each in planned if each.estimate.requests):
        guess = f" (did you mean '{near}'?)" if (near := likely(config.model)) else ""
        say(f"What a call costs is not known here{guess}, so the budget is not checked.")
        say(f"{which} would use {config.mode}.")
    else:
        limit = f"{which} would use {config.mode} and stop before --max-usd {config.max_usd:g}."
        say("Tokens are estimated from bytes. The output is a guess: the range is from no thinking to much of it.")
        say(f"Prices of {AS_OF}, USD. {limit}")
    usual = next((each for each in planned if each.mode == config.mode), first)
    if usual.extra:
        most = f"up to {usual.extra:,} calls more"
        price = "" if usual.extra_usd is None else f", at most ${usual.extra_usd:.2f}"
        say(
            "Where a change since the last attempt is not clear, the criteria in doubt are asked again, of the older "
            f"attempt too so that both are graded on one day: {most}{price}."
        )


def _row(planned: Planned) -> list[str]:
    e = planned.estimate
    counts = (e.requests, e.input, e.cache_write, e.cache_read, e.output)
    if e.usd is None or e.usd_low is None or e.usd_high is None:
        prices = ["unknown", "unknown"]
    else:
        prices = [f"${e.usd_low:.2f} to ${e.usd_high:.2f}", f"${e.usd:.2f}"]
    return [planned.mode, "as a batch" if planned.batch else "now", *(f"{n:,}" for n in counts), *prices]

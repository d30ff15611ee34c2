"""More samples are bought only where a claim is near and not clear; what was bought stays."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.grading.preview import plans
from evalharness.grading.workflow import Choice
from evalharness.model.run import RunState
from evalharness.noise import totals_of
from evalharness.progress.workflow import series
from evalharness.results.changes import grading_of, setting_of
from evalharness.results.settling import EXTRA_CALLS
from evalharness.world import World
from tests import apiserver as api
from tests.graders.test_anthropic import KEY, QUICK, go, messages
from tests.responder import GradingResponder, text_of
from tests.support import ANSWER, NOON, RUBRIC, Notes, world_at, write_project

TWO = {
    "export/2026-09-01.md": ANSWER,
    "export/2026-09-08.md": ANSWER.replace("I moved", "With two others I moved"),
    "alone/2026-09-01.md": ANSWER.replace("export", "import"),
}


def test_a_single_attempt_is_sampled_once(tmp_path: Path) -> None:
    """Nothing is claimed about it, so nothing more is bought."""
    with api.ApiServer(responder=GradingResponder(noise=0.5)) as server:
        run = go(write_project(tmp_path), server, max_samples=3)

    assert len(messages(server)) == 2
    assert {g.sample for g in run.grades} == {1}


def test_an_unclear_change_is_sampled_up_to_the_limit(tmp_path: Path) -> None:
    """Both attempts of the series get more samples, the one that stands alone does not."""
    notes = Notes()
    with api.ApiServer(responder=GradingResponder(noise=0.8, seed=4)) as server:
        run = go(write_project(tmp_path, TWO), server, max_samples=3, notes=notes)

    most = {case.key: max(g.sample for g in run.grades if g.case == case.key) for case in run.cases()}
    assert most["alone/me/2026-09-01"] == 1
    assert all(1 < most[f"export/me/2026-09-{day}"] <= 3 for day in ("01", "08"))
    assert any("where a change is not clear yet" in line for line in notes.lines)
    assert run.meta.planned == len(run.grades)


def test_max_samples_one_buys_none(tmp_path: Path) -> None:
    """The person decides what a claim is worth."""
    with api.ApiServer(responder=GradingResponder(noise=0.8, seed=4)) as server:
        run = go(write_project(tmp_path, TWO), server, max_samples=1)

    assert {g.sample for g in run.grades} == {1}


def test_samples_that_were_bought_count_in_every_later_run(tmp_path: Path) -> None:
    """A new weight makes a new run: no call, and the means rest on the same samples."""
    with api.ApiServer(responder=GradingResponder(noise=0.8, seed=4)) as server:
        first = go(write_project(tmp_path, TWO), server, max_samples=3)
        calls = len(messages(server))
        write_project(tmp_path, TWO, rubric=RUBRIC.replace("weight: 2", "weight: 3"))
        second = go(tmp_path, server, max_samples=3)

        assert len(messages(server)) == calls
    assert second.meta.state is RunState.FINISHED
    assert Counter(g.slot for g in first.grades) == Counter(g.slot for g in second.grades)
    levels = [{s.criterion.id: s.levels for s in evalharness.summary(run).results[0].scores} for run in (first, second)]
    assert levels[0] == levels[1]


class Levels(GradingResponder):
    """Gives every criterion of the longer, later answer one level more, and the same answer always the same."""

    def grade(self, body: Mapping[str, Any], criterion: str, reads: str, asked: str) -> dict[str, Any]:
        """Return the grade with the level that the text has."""
        found = super().grade(body, criterion, reads, asked)
        return found | {"level": 4 if "With two others" in text_of(body) else 3}


@pytest.mark.parametrize("mode", ["per_criterion", "joint"])
def test_an_older_attempt_of_another_day_is_graded_again_next_to_the_newer(tmp_path: Path, mode: str) -> None:
    """A change that two days may have made is settled by grades of one day; what the plan said is not exceeded."""
    first = {"export/2026-09-01.md": ANSWER}
    second = {**first, "export/2026-09-08.md": TWO["export/2026-09-08.md"]}
    with api.ApiServer(responder=Levels()) as server:
        settings = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "mode": mode}
        evalharness.run([], settings=settings, world=on(write_project(tmp_path, first), 1))
        calls = len(messages(server))
        write_project(tmp_path, second)
        _, planned = plans([], settings, Choice(), on(tmp_path, 9))
        run = evalharness.run([], settings=settings, world=on(tmp_path, 9))
        made = len(messages(server)) - calls

    usual = next(each for each in planned if each.mode == mode and not each.batch)
    again = [g for g in run.grades if g.case == "export/me/2026-09-01" and g.at.startswith("2026-09-09")]
    assert {g.criterion for g in again} >= {"example", "trade_offs"}
    assert {g.at[:10] for g in run.grades if g.case == "export/me/2026-09-01"} == {"2026-09-01", "2026-09-09"}
    assert made <= usual.estimate.requests + usual.extra


def on(root: Path, day: int) -> World:
    """Return a world whose clock stands still on a day of September."""
    moment = NOON.replace(month=9, day=day)
    return dataclasses.replace(world_at(root, environment=KEY), clock=lambda: moment)


def test_what_progress_proposes_is_made_though_nothing_else_has_changed(tmp_path: Path) -> None:
    """The command of "what would settle it" buys samples where a plain run would only repeat the last one."""
    with api.ApiServer(responder=GradingResponder(noise=0.8, seed=4)) as server:
        settings = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": 0.0}
        root = write_project(tmp_path, TWO)
        evalharness.run([], settings=settings, world=on(root, 9))
        _, (found,) = series("export/me", settings, world=on(root, 9))
        calls = len(messages(server))
        evalharness.run([], settings=settings, world=on(root, 9))
        assert len(messages(server)) == calls
        assert found.settle is not None
        most = int(found.settle.command.split()[-1])
        evalharness.run([], settings={**settings, "max_samples": most}, world=on(root, 9))

    assert 0 < len(messages(server)) - calls <= found.settle.price.calls <= EXTRA_CALLS


def test_totals_of_other_answers_joint_calls_say_what_a_call_shares(tmp_path: Path) -> None:
    """Those of the two attempts speak for themselves, so they are not counted a second time."""
    with api.ApiServer(responder=GradingResponder(noise=0.8, seed=4)) as server:
        run = go(write_project(tmp_path, TWO), server, mode="joint", samples=3, max_samples=3)
    alone, pair = sorted(evalharness.summary(run).series, key=lambda each: len(each.results))
    known = grading_of(run.meta.grader, [run.grades])
    assert pair.previous is not None
    setting = setting_of((pair.previous, pair.latest), known)

    weights = [score.criterion.weight for score in alone.latest.read]
    shares = [weight / sum(weights) for weight in weights]
    levels = [score.levels for score in alone.latest.read if len(score.levels) > 1]
    totals = [sum(s * level for s, level in zip(shares, each, strict=False)) for each in zip(*levels, strict=True)]
    assert setting.joint
    assert setting.totals.degrees == 2
    assert setting.totals.squares == pytest.approx(totals_of([totals]).squares)

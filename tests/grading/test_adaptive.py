"""More samples are bought only where a claim is near and not clear; what was bought stays."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import evalharness
from evalharness.model.run import RunState
from tests import apiserver as api
from tests.graders.test_anthropic import go, messages
from tests.responder import GradingResponder
from tests.support import ANSWER, RUBRIC, Notes, write_project

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
    assert most["export/me/2026-09-01"] == most["export/me/2026-09-08"] in (2, 3)
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

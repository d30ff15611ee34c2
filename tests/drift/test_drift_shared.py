"""A found drift in a shared repository: checks are the base's, and a change can't bring one of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.check import workflow as checking
from evalharness.check.rows import Check
from evalharness.errors import StoreError
from tests import apiserver as api
from tests.drift.test_drift_marks import AFTERWARDS, damaged, found_at, graded
from tests.drifting import ShiftingResponder, world_on
from tests.graders.test_anthropic import QUICK
from tests.repository import BETTER, Repository


def test_check_refuses_a_damaged_file_of_the_base(tmp_path: Path) -> None:
    """It says that it is the base's; what the change brings is not read."""
    with api.ApiServer(responder=ShiftingResponder(5)) as server:
        repository = on_main(tmp_path, server, drift=False)
        damaged(repository.root)
        repository.commit("a damaged file of my own")
        assert check(repository, server).rows

        repository.git("checkout", "--quiet", "main")
        damaged(repository.root)
        repository.commit("damaged")
        repository.git("checkout", "--quiet", "-B", "change")
        repository.write("cases/export/2026-09-01.md", BETTER)
        repository.commit()
        with pytest.raises(StoreError, match=r"^the base's labels/drift\.jsonl:2 is not a check of the anchors"):
            check(repository, server)


def check(repository: Repository, server: api.ApiServer, *, key: str = "test-key") -> Check:
    world = world_on(repository.root, AFTERWARDS, key=key)
    settings = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": 0.0, "max_samples": 1}
    return checking.check("main", settings=settings, out=repository.root.parent / "out", world=world)


def on_main(tmp_path: Path, server: api.ApiServer, *, drift: bool) -> Repository:
    """Return a repository whose main branch holds grades from before a drift, and the check that found it."""
    repository = Repository(tmp_path / "answers")
    repository.git("checkout", "--quiet", "main")
    graded(repository.root, server, "2026-10-20T12:00:00+00:00")
    if drift:
        found_at(repository.root, server)
    repository.commit("grades")
    repository.git("checkout", "--quiet", "-B", "change")
    repository.write("cases/export/2026-09-01.md", BETTER)
    repository.commit()
    return repository


def test_a_change_is_held_against_the_base_as_the_grader_of_today_sees_it(tmp_path: Path) -> None:
    """The grader became stricter by two levels: no regression of the answer, once both sides are graded by it."""
    responder = ShiftingResponder(5)
    with api.ApiServer(responder=responder) as server:
        repository = on_main(tmp_path, server, drift=True)
        responder.level = 3
        found = check(repository, server)

    (row,) = found.rows
    assert row.change is not None
    assert row.change.difference == pytest.approx(0)
    assert (found.base_graded, found.cost.calls) == (1, 4)
    assert not row.fails


def test_a_change_can_not_bring_the_drift_that_excuses_it(tmp_path: Path) -> None:
    """Checks are read at the base: a line in the change's own labels is nobody's check."""
    responder = ShiftingResponder(5)
    with api.ApiServer(responder=responder) as server:
        repository = on_main(tmp_path, server, drift=False)
        found_at(repository.root, server)
        repository.commit("a drift of my own")
        responder.level = 3
        found = check(repository, server)

    (row,) = found.rows
    assert row.change is not None
    assert row.change.difference < -1
    assert found.base_graded == 0

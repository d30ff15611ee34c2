"""A grader of a package of its own is found by its entry point, and every view looks at it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import evalharness
from evalharness import plugins
from evalharness.errors import UnknownName
from evalharness.history.workflow import history
from tests.support import many, world_at, write_project

MODULE = """
from evalharness.graders import Answered
from evalharness.model.draft import Draft
from evalharness.model.nouns import GraderId, Measure

class Mine:
    id = GraderId(name="mine", version="1", model="m", mode="joint")
    def __init__(self, key): self.key = key
    def reads(self, criterion): return not isinstance(criterion.kind, Measure)
    async def prepare(self, calls): assert self.key
    async def ask(self, call, *, turn):
        quote = " ".join(call.case.attempt.parts[0].text.split(".")[0].split())
        drafts = {c.id: Draft(quotes=(quote,), level=4, reason="r") for c in call.criteria}
        return Answered(drafts=drafts)
    async def close(self): pass

def make(config, world):
    return Mine(world.environment["MINE_KEY"])
"""
LOOK = """
def without_sending(config, world):
    return Mine("")
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a package with a grader called `mine` for the length of a test."""
    site = tmp_path / "site"
    info = site / "mine_grader-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: mine-grader\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[evalharness.graders]\nmine = mine_grader:make\n")
    (site / "mine_grader.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "mine_grader", raising=False)
    return site


@pytest.mark.parametrize(("look", "environment"), [(LOOK, {}), ("", {"MINE_KEY": "k"})])
def test_every_view_reads_the_grades_of_a_plug_in(
    tmp_path: Path, package: Path, monkeypatch: pytest.MonkeyPatch, look: str, environment: dict[str, str]
) -> None:
    """`without_sending` beside `make` needs no key; a plug-in that has none is made as for a run."""
    (package / "mine_grader.py").write_text(MODULE + look)
    root, settings = write_project(tmp_path / "project", many(2)), {"grader": "mine", "max_samples": 1}
    run = evalharness.run([], settings=settings, world=world_at(root, environment={"MINE_KEY": "k"}))
    _, _, found = history(settings=settings, world=world_at(root, environment=environment))
    monkeypatch.delitem(sys.modules, "mine_grader")

    assert run.meta.ungraded == 0
    assert [series.latest.total is not None for series in found.series] == [True, True]


def test_an_unknown_grader_is_told_with_those_that_there_are(package: Path) -> None:
    """Built in or installed, each is a name like the others."""
    with pytest.raises(UnknownName) as caught:
        plugins.grader("elsewhere")

    for name in ("anthropic", "auto", "chat", "command", "heuristic", "mine", "openai"):
        assert name in caught.value.hint


@pytest.mark.parametrize("name", sorted(plugins.GRADERS))
def test_every_grader_of_ours_can_be_looked_at(name: str) -> None:
    """`without_sending` stands beside `make`; the heuristic needs none."""
    found = plugins.maker_for_looking(name)

    assert found.__name__ == ("make" if name == "heuristic" else "without_sending")

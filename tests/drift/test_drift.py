"""Anchor answers: a grader that moved under its name is noticed, one that did not is left in peace."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evalharness.cli import main
from evalharness.drift import workflow as anchoring
from evalharness.drift.levels import Drift, Verdict
from evalharness.errors import InputError, StoreError
from evalharness.model.breaks import between
from evalharness.model.draft import Draft
from evalharness.model.drift import breaks_of
from evalharness.model.nouns import Criterion
from evalharness.reports import words as wording
from tests.support import ScriptedGrader, many, world_at, write_project


def scripted(*levels: int) -> ScriptedGrader:
    """Return a grader that gives these levels in turn."""
    turns = iter(range(1_000_000))

    def answer(criterion: Criterion, turn: int) -> Draft:
        quote = "I moved the nightly export to a queue in March"
        return Draft(
            quotes=(quote, "We gave up strict ordering instead of speed"), level=levels[next(turns) % len(levels)]
        )

    return ScriptedGrader(answer)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_project(tmp_path, many(6))


def checked(project: Path, then: ScriptedGrader, now: ScriptedGrader) -> Drift:
    anchoring.record(settings={}, world=world_at(project), grader=then)
    return anchoring.check(settings={}, world=world_at(project), grader=now)


def test_a_grader_that_drifts_is_noticed(project: Path) -> None:
    """One level more for everybody, under the same name."""
    found = checked(project, scripted(3, 3, 2), scripted(4, 4, 3))

    assert found.drifted
    assert found.moved[0].shift == pytest.approx(1)
    assert found.moved[0].criterion == "all criteria"


def test_a_grader_that_only_wavers_is_within_noise(project: Path) -> None:
    """Half of the grades move by one level, up as often as down; what could hide is said."""
    found = checked(project, scripted(3, 4, 3, 4), scripted(4, 3, 4, 3))

    assert not found.drifted
    assert {moved.verdict for moved in found.moved} == {Verdict.WITHIN_NOISE}
    assert all(moved.detectable for moved in found.moved)


def test_answers_of_all_rubrics_are_counted_and_each_once(project: Path) -> None:
    """Two criteria over the same six answers are six answers; two of another rubric make eight."""
    found = checked(project, scripted(3, 4, 3, 4), scripted(4, 3, 4, 3))
    other = msgspec.structs.replace(found.moved[0], rubric="other", n=2)

    assert wording.drift_found(found).startswith("6 recorded answers graded again")
    both = msgspec.structs.replace(found, moved=(*found.moved, other))
    assert wording.drift_found(both).startswith("8 recorded answers graded again")


def test_anchors_are_graded_again_and_never_taken_from_the_store(project: Path) -> None:
    """Six answers, two criteria, three samples: 36 calls each time, whatever is stored."""
    grader = scripted(3)
    anchoring.record(settings={}, world=world_at(project), grader=grader)
    calls = len(grader.calls)
    anchoring.check(settings={}, world=world_at(project), grader=grader)

    assert calls == 36
    assert len(grader.calls) == 72


def test_an_anchor_stays_as_it_was_when_its_file_is_rewritten(project: Path) -> None:
    """The texts stand in anchors.json."""
    anchoring.record(settings={}, world=world_at(project), grader=scripted(3))
    (project / "cases/q1/2026-09-01.md").write_text("I rewrote all of this answer since then, every word of it.\n")

    assert not anchoring.check(settings={}, world=world_at(project), grader=scripted(3)).drifted


def test_a_change_of_the_fingerprint_is_no_silent_one(project: Path) -> None:
    """It is told apart from drift, with what to do."""
    anchoring.record(settings={}, world=world_at(project), grader=scripted(3))
    other = ScriptedGrader(lambda criterion, turn: Draft(level=1), mode="joint")

    with pytest.raises(InputError, match="another fingerprint"):
        anchoring.check(settings={}, world=world_at(project), grader=other)


def test_a_comparison_across_a_drift_can_be_marked(project: Path) -> None:
    """Grades made before the anchors were recorded, and after the check that found the drift."""
    found = checked(project, scripted(2, 3, 2), scripted(4, 5, 4))
    (kept,) = anchoring.checks(project)
    breaks = breaks_of([kept], found.grader)
    other = msgspec.structs.replace(found.grader, model="another")

    assert kept == found
    assert between(breaks, ["2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"]) == breaks[0]
    assert between(breaks, ["2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"]) is None
    assert breaks_of([kept], other) == ()


def test_without_anchors_the_command_says_how_to_record_them(project: Path) -> None:
    """And a damaged file is told as such."""
    with pytest.raises(InputError, match="no anchors"):
        anchoring.read_anchors(project)
    (project / "labels").mkdir()
    (project / "labels/anchors.json").write_text("{")
    with pytest.raises(StoreError, match="damaged"):
        anchoring.read_anchors(project)


def test_the_heuristic_never_drifts(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Recorded and checked from the command line, both formats."""
    monkeypatch.chdir(project)

    assert main(["drift", "--record", "--grader", "heuristic"]) == 0
    assert main(["drift", "--grader", "heuristic"]) == 0
    assert "no shift beyond noise" in capsys.readouterr().out
    assert main(["drift", "--grader", "heuristic", "--format", "json"]) == 0
    assert '"verdict": "same"' in capsys.readouterr().out

"""Corrected levels: a rising curve through people's labels, kept where it helps, shown beside the raw ones."""

from __future__ import annotations

import itertools
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.calibrate.agreement import Ratings
from evalharness.calibrate.correcting import ENOUGH, correct, fitted
from evalharness.cli import main
from evalharness.errors import StoreError
from evalharness.load.corrections import read_corrections
from evalharness.model.breaks import Break
from evalharness.model.correction import Correction, Corrections, Knot, NotCorrected, corrected
from evalharness.model.nouns import GraderId
from evalharness.results.calibration import Subject
from tests.labelled import answers, label
from tests.support import write_project

SUBJECT = Subject(name="m", grader=GraderId(name="g", version="1"), fingerprint="f1")


def rated(people: dict[str, float], grader: dict[str, float]) -> Correction | NotCorrected:
    ratings = Ratings(rubric="r", criterion="c", people={"anna": people}, graders=((SUBJECT, grader),))
    return correct(ratings, SUBJECT, grader)


def drawn(count: int, bias: float, noise: float, seed: int = 1) -> tuple[dict[str, float], dict[str, float]]:
    """Return people's and a grader's levels of `count` attempts, two a series; the grader is `bias` too high."""
    rng = random.Random(seed)
    keys = [f"q{n // 2}/anna/{n % 2}" for n in range(count)]
    people = {key: float(rng.randint(1, 5)) for key in keys}
    return people, {k: float(min(5, max(1, round(v + bias + rng.gauss(0, noise))))) for k, v in people.items()}


def test_a_lenient_grader_is_corrected_and_the_gain_is_measured_on_unseen_attempts() -> None:
    """One level too high throughout: corrected levels lie nearer to people's, and the figures say by how much."""
    found = rated(*drawn(80, bias=1, noise=0.3))

    assert isinstance(found, Correction)
    assert (found.labels, found.series, found.fingerprint) == (80, 40, "f1")
    assert found.raw_error > 0.7
    assert found.error < 0.5
    assert found.gain == pytest.approx(found.raw_error - found.error)
    assert 0 < found.gain_low < found.gain
    assert found.of(4) < 3.5


def test_a_grader_that_agrees_with_people_is_left_alone() -> None:
    """No gain, no correction, and the reason has both figures."""
    found = rated(*drawn(80, bias=0, noise=0.1))

    assert isinstance(found, NotCorrected)
    assert "no gain beyond chance" in found.why


@pytest.mark.parametrize("upside_down", [True, False])
def test_a_grader_whose_levels_say_nothing_is_not_made_to_look_right(upside_down: bool) -> None:
    """Levels that oppose people's, or ignore them, would all become one level; that is no correction."""
    people, _ = drawn(80, bias=0, noise=0)
    rng = random.Random(4)
    found = rated(people, {k: 6 - level if upside_down else float(rng.randint(4, 5)) for k, level in people.items()})

    assert isinstance(found, NotCorrected)
    assert "does not tell them apart" in found.why or "no gain" in found.why


@pytest.mark.parametrize(("count", "told"), [(ENOUGH - 1, f"it needs {ENOUGH} in 5"), (8, "8 labelled attempts in 4")])
def test_few_labels_correct_nothing(count: int, told: str) -> None:
    """Below the floor the level stays as it is, however clear the bias looks."""
    found = rated(*drawn(count, bias=1, noise=0))

    assert isinstance(found, NotCorrected)
    assert told in found.why


def test_many_attempts_of_few_series_correct_nothing() -> None:
    """Forty attempts at two questions show how the grader reads two questions."""
    people = {f"q{n % 2}/anna/{n}": float(1 + n % 4) for n in range(40)}
    found = rated(people, {key: level + 1 for key, level in people.items()})

    assert isinstance(found, NotCorrected)


def test_two_levels_that_oppose_people_are_not_made_one() -> None:
    """A flat curve is the mean of people's levels, and no nearer to them than that mean."""
    people = {f"q{n}/anna/1": float(1 + n % 2) for n in range(32)}
    found = rated(people, {key: 4.0 if level == 1 else 1.0 for key, level in people.items()})

    assert isinstance(found, NotCorrected)
    assert "does not tell them apart" in found.why


def test_one_level_for_all_cannot_be_corrected() -> None:
    """A grader that always says three tells nothing apart, and no curve can."""
    people, _ = drawn(40, bias=0, noise=0)
    found = rated(people, dict.fromkeys(people, 3.0))

    assert found == NotCorrected(rubric="r", criterion="c", grader="m", why="the grader gave all of them one level")


@given(st.lists(st.tuples(st.floats(1, 5), st.floats(1, 5)), min_size=1, max_size=30), st.lists(st.floats(1, 5)))
def test_a_correction_rises_and_stays_on_the_scale(pairs: list[tuple[float, float]], levels: list[float]) -> None:
    """A better raw level never becomes a worse corrected one, between knots and beyond them."""
    knots = fitted([("s", raw, people) for raw, people in pairs])
    found = [corrected(knots, level) for level in sorted(levels)]

    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(found))
    assert all(1 - 1e-9 <= level <= 5 + 1e-9 for level in found)


def test_a_correction_holds_for_its_fingerprint_and_until_a_drift() -> None:
    """Another text, another grader or a grader that changed since gets no correction."""
    one = Correction(
        rubric="r", criterion="c", grader="m", fingerprint="f1", labels=40, series=20, raw_error=1, error=0.5,
        gain=0.5, gain_low=0.3, knots=(Knot(raw=1, corrected=1), Knot(raw=5, corrected=4)),
    )  # fmt: skip
    found = Corrections(made="2026-09-01T00:00:00Z", version="1", corrected=(one,))
    drift = Break(clean="2026-09-01T00:00:00Z", found="2026-09-02T00:00:00Z")

    assert found.that_hold({"r/c": "f1"}, ()) == (one,)
    assert found.that_hold({"r/c": "f2"}, ()) == ()
    assert found.that_hold({"r/c": "f1"}, (drift,)) == ()


# --- on disk and in reports ---------------------------------------------------------------------------------


@pytest.fixture
def labelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project of 32 answers, graded; of `example` people give 2 where it gave 4."""
    write_project(tmp_path, answers(32), config="grader: heuristic\n")
    label(tmp_path, count=32)
    for file in (tmp_path / "labels").rglob("*.yaml"):
        file.write_text(file.read_text().replace("example: 4", "example: 2"))
    monkeypatch.chdir(tmp_path)
    main(["run"])
    return tmp_path


def test_corrected_levels_stand_beside_raw_ones_in_every_report(
    labelled: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Screen, Markdown, page and JSON show both; the total is that of the raw levels."""
    before = _report(labelled, capsys)
    assert main(["calibrate", "--apply"]) == 0
    told = capsys.readouterr().out
    assert "reports show a corrected level beside the grader's own for 1 of 2 criteria" in told
    assert main(["run", "--format", "html"]) == 0
    screen = capsys.readouterr().out
    after = _report(labelled, capsys)

    scores = {c["id"]: c for c in after["series"][0]["attempts"][0]["criteria"]}
    assert "corrected" in scores["example"]
    assert "corrected" not in scores["trade_offs"]
    assert [c["criterion"] for c in after["corrections"]] == ["example"]
    assert _totals(after) == _totals(before)
    assert "corrections" not in before
    assert "Corrected by people's labels." in screen
    folder = sorted((labelled / "reports").glob("2*"))[-1]
    for name in ("report.md", "report.html"):
        assert ", corrected 2.0" in (folder / name).read_text(), name


def test_no_command_corrects_levels_by_itself(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`calibrate` alone writes no corrections; a file that is deleted corrects nothing any more."""
    main(["calibrate"])
    assert read_corrections(labelled) is None
    main(["calibrate", "--apply"])
    main(["run"])
    (labelled / "labels/corrections.json").unlink()
    main(["run"])
    capsys.readouterr()

    assert "corrections" not in _report(labelled, capsys)


def test_a_damaged_file_of_corrections_is_an_error(tmp_path: Path) -> None:
    """Taken for none, levels would change without a word."""
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels/corrections.json").write_text("{")

    with pytest.raises(StoreError, match=r"labels/corrections\.json is damaged"):
        read_corrections(tmp_path)


def _report(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    main(["report", "latest", "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def _totals(report: dict[str, Any]) -> list[float]:
    return [attempt["total"] for series in report["series"] for attempt in series["attempts"]]

"""`check` and `gate.requires`: the calibration that counts is the base's, and what the change brings is named."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.labelled import CONFIG, REQUIRES, answers, label
from tests.reports.junit_rules import output
from tests.repository import WEAK, Repository


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    made = Repository(tmp_path / "answers", answers(), config=CONFIG)
    monkeypatch.chdir(made.root)
    return made


def calibrate_here(repository: Repository, **said: object) -> None:
    """Label and calibrate in the working tree; the runs that it takes are no part of it."""
    main(["run"])
    label(repository.root, **said)  # type: ignore[arg-type]  # the caller names parameters of `label`
    assert main(["calibrate"]) == 0
    shutil.rmtree(repository.root / "reports")


def calibrate_base(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "main")
    calibrate_here(repository)
    repository.commit("labels")
    repository.git("checkout", "--quiet", "-B", "change")


def weaken(repository: Repository) -> None:
    repository.write("cases/q1/2026-09-01.md", WEAK)
    repository.commit()


def test_check_goes_by_the_calibration_of_the_base(repository: Repository) -> None:
    """There it stands, so the gate blocks."""
    calibrate_base(repository)
    weaken(repository)

    code, told = repository.check()

    assert code == 1
    assert told["advisory"]["told"] == []
    assert [(c["criterion"], c["lack"], c["graded"]) for c in told["advisory"]["criteria"]] == [
        ("example", None, 8),
        ("trade_offs", None, 8),
    ]


def test_a_change_cannot_lock_the_gate_with_a_calibration_of_its_own(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """What it brings to labels/ is named and does not count; every form says advisory and why."""
    calibrate_here(repository)
    weaken(repository)
    capsys.readouterr()

    code, told = repository.check("--annotations", "github")

    assert code == 0
    (row,) = told["rows"]
    assert (row["verdict"], row["fails"]) == ("fail", False)
    (ruling,) = row["rulings"]
    assert (ruling["advisory"], ruling["why_advisory"]) == (True, "nothing is calibrated yet")
    assert told["counts"]["would_fail"] == 1
    assert [c["lack"] for c in told["advisory"]["criteria"]] == ["no_calibration"] * 2
    assert told["notices"][0] == (
        "labels: the change touches labels/calibration.json, labels/q0/2026-09-01.anna.yaml, "
        "labels/q1/2026-09-01.anna.yaml and 6 more; this check goes by the labels and calibration of the base"
    )
    out = capsys.readouterr().out
    assert out.startswith("Pass: 1 changed answer, 1 would fail if the gate were not advisory\n")
    assert "fail (advisory)" in out
    assert "gate: advisory, it fails nothing: nothing is calibrated yet (talk: 0 of 2 criteria)" in out
    assert "::warning file=cases/q1/2026-09-01.md,line=1,title=evalharness::q1/me/2026-09-01 scores 1.44" in out
    assert "::notice title=evalharness::gate: advisory, it fails nothing" in out
    comment = repository.comment()
    assert "fail (advisory)" in comment
    assert "(talk: 0 of 2 criteria), and gate.requires asks for 6 labelled attempts and kappa 0.6" in comment
    junit = ET.parse(repository.root.parent / "out/junit.xml").getroot()
    assert (junit.get("tests"), junit.get("failures")) == ("1", "0")
    assert [output(case)["gate"] for case in junit.iter("testcase")] == ["fail (advisory)"]
    properties = {p.get("name"): p.get("value", "") for p in junit.iter("property")}
    assert properties["advisory"].startswith("gate: advisory, it fails nothing")


@pytest.mark.parametrize("how", ["deleted", "emptied", "disagreeing"])
def test_a_change_cannot_unlock_the_gate_by_touching_labels(repository: Repository, how: str) -> None:
    """Deleted, emptied or made to disagree: the base's calibration stands."""
    calibrate_base(repository)
    if how == "deleted":
        shutil.rmtree(repository.root / "labels")
    elif how == "emptied":
        repository.write("labels/calibration.json", "{}")
    else:
        calibrate_here(repository, upside_down=("example", "trade_offs"))
    weaken(repository)

    code, told = repository.check()

    assert code == 1
    assert told["notices"][0].startswith("labels: the change touches labels/calibration.json")


def test_a_change_cannot_take_requires_away(repository: Repository) -> None:
    """Settings are those of the base, `gate.requires` among them; here it would make the gate block."""
    repository.write("evalharness.yaml", CONFIG.replace(REQUIRES, ""))
    weaken(repository)

    code, told = repository.check()

    assert code == 0
    assert told["announced"][0]["what"] == "gate; this check goes by the settings of the base"


def test_names_in_a_calibration_add_no_line_cell_or_command(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are text from a file, shown as text."""
    repository.git("checkout", "--quiet", "main")
    calibrate_here(repository)
    file = repository.root / "labels/calibration.json"
    stored = json.loads(file.read_text())
    for criterion in stored["criteria"]:
        criterion["graders"][0]["subject"] |= {"fingerprint": "0" * 32, "name": "x\n::error::y | <b>\x1b[31m"}
        criterion["graders"][0]["subject"]["grader"]["name"] = "other"
    file.write_text(json.dumps(stored))
    repository.commit("labels")
    repository.git("checkout", "--quiet", "-B", "change")
    weaken(repository)
    capsys.readouterr()

    code, told = repository.check("--annotations", "github")

    assert code == 0
    assert [c["lack"] for c in told["advisory"]["criteria"]] == ["other_grader"] * 2
    out = capsys.readouterr().out
    assert not [line for line in out.splitlines() if line.startswith("::error")]
    assert "\x1b" not in out
    assert "(x ::error::y \\| \\<b>{U+001B}\\[31m)" in repository.comment()
    ET.parse(repository.root.parent / "out/junit.xml")


@pytest.mark.parametrize("text", ["", "{", "{}"])
def test_a_damaged_calibration_of_the_base_is_an_error(
    repository: Repository, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    """Taken for none, the gate that blocked would pass; it says that it is the base's."""
    calibrate_base(repository)
    repository.git("checkout", "--quiet", "main")
    repository.write("labels/calibration.json", text)
    repository.commit("a bad merge")
    repository.git("checkout", "--quiet", "-B", "change")
    weaken(repository)
    capsys.readouterr()

    assert repository.check() == (2, {})
    told = capsys.readouterr().err
    assert told.startswith("error: the base's labels/calibration.json is damaged: ")
    assert "hint: `evalharness calibrate` makes it again" in told


def test_a_link_as_calibration_of_the_base_is_none(repository: Repository) -> None:
    """What it points to is nobody's calibration."""
    repository.git("checkout", "--quiet", "main")
    (repository.root / "labels").mkdir()
    (repository.root / "labels/calibration.json").symlink_to("../evalharness.yaml")
    repository.commit("link")
    repository.git("checkout", "--quiet", "-B", "change")
    weaken(repository)

    code, told = repository.check()

    assert code == 0
    assert told["advisory"]["told"][0].startswith("gate: advisory, it fails nothing: nothing is calibrated yet")


def test_an_advisory_gate_counts_ungraded_answers(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork without a key, the model's grades nowhere: exit 3, labels or not."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "no key")
    weaken(repository)

    code, told = repository.check("--grader", "anthropic")

    assert code == 3
    assert told["counts"]["ungraded"] == 1
    assert told["needs_grading"] == ["q1/me/2026-09-01"]

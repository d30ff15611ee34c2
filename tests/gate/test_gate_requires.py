"""`gate.requires`: a gate that people's labels don't carry is shown, fails nothing, and says why and what to do."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.load.config import parse_config
from tests.labelled import CONFIG, REQUIRES, answers, label
from tests.reports.junit_rules import output
from tests.support import RUBRIC, write_project

FLOORED = RUBRIC.replace("    title: Example\n", "    title: Example\n    floor: 2\n")
ADVISORY = "gate: advisory for talk, it fails nothing"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eight answers, four of them below the bar, and no label."""
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path, answers(), config=CONFIG)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """Run the command and return its exit code and what it says of the gate."""
    capsys.readouterr()
    code = main(["run", *arguments])
    return code, [line for line in capsys.readouterr().err.splitlines() if line.startswith("gate: ")]


def calibrated(project: Path, capsys: pytest.CaptureFixture[str], **said: object) -> tuple[int, list[str]]:
    """Grade, label, calibrate, and return what the gate says then."""
    main(["run"])
    label(project, **said)  # type: ignore[arg-type]  # the caller names parameters of `label`
    assert main(["calibrate"]) == 0
    return run(capsys)


def test_without_a_calibration_the_gate_is_advisory_and_one_line_says_what_to_do(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four attempts below the bar are shown; the build passes."""
    code, told = run(capsys)

    assert code == 0
    assert told[:-1] == [
        f"gate: q{n}/me/2026-09-01 scores 1.44, below 2 (advisory: nothing is calibrated yet)" for n in (0, 2, 4, 6)
    ]
    assert told[-1] == (
        "gate: advisory, it fails nothing: nothing is calibrated yet (talk: 0 of 2 criteria), and gate.requires asks "
        "for 6 labelled attempts and kappa 0.6. Next: evalharness label --rater NAME, then evalharness calibrate"
    )


def test_a_gate_without_requires_blocks_as_ever(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody has to label anything."""
    (project / "evalharness.yaml").write_text(CONFIG.replace(REQUIRES, ""))

    code, told = run(capsys)

    assert code == 1
    assert told == [f"gate: q{n}/me/2026-09-01 scores 1.44, below 2" for n in (0, 2, 4, 6)]


def test_labels_that_agree_let_the_gate_block(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is said of labels any more."""
    code, told = calibrated(project, capsys)

    assert code == 1
    assert told == [f"gate: q{n}/me/2026-09-01 scores 1.44, below 2" for n in (0, 2, 4, 6)]


def test_the_reason_is_told_also_where_everything_passes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A gate that can't fail is no gate that passed."""
    code, told = run(capsys, "--min-score", "1")

    assert code == 0
    assert len(told) == 1
    assert told[0].startswith("gate: advisory, it fails nothing: nothing is calibrated yet")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"count": 4}, "0 of 2 criteria meet gate.requires (6 labelled attempts and kappa 0.6); 4 of 6 labelled "
                       "attempts: example, trade_offs. Next: evalharness label --rater NAME, then"),
        ({"leave_out": ("trade_offs",)}, "1 of 2 criteria meet gate.requires (6 labelled attempts and kappa 0.6); "
                                         "no label: trade_offs. Next: evalharness label --rater NAME, then"),
        ({"upside_down": ("example",)}, "1 of 2 criteria meet gate.requires (6 labelled attempts and kappa 0.6); "
                                        "kappa -1.00 is under 0.6: example. Next: rewrite the criterion or take"),
    ],
)  # fmt: skip
def test_thin_missing_and_disagreeing_labels_are_told_apart(
    project: Path, capsys: pytest.CaptureFixture[str], said: Mapping[str, object], reason: str
) -> None:
    """A total rests on every criterion with weight, so one that lacks something is enough."""
    code, told = calibrated(project, capsys, **said)

    assert code == 0
    assert told[-1].startswith(f"{ADVISORY} (min_score): {reason}")
    assert all("(advisory: " in line for line in told[:-1])


def test_a_changed_criterion_is_not_calibrated_any_more(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its fingerprint is another one; labelling, grading and calibrating again is what helps."""
    assert calibrated(project, capsys)[0] == 1
    (project / "rubrics/talk.yaml").write_text(RUBRIC.replace("What was given up.", "What it cost."))

    code, told = run(capsys)

    assert code == 0
    # The heuristic leaves out sentences that echo any anchor or look_for, so all of its criteria have changed.
    assert "0 of 2 criteria meet" in told[-1]
    assert "the rubric changed since it was calibrated: example, trade_offs" in told[-1]
    assert told[-1].endswith(
        "Next: evalharness label --rater NAME, then evalharness run --all, then evalharness calibrate"
    )


def test_a_calibration_of_another_grader_carries_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names whom it was made for."""
    calibrated(project, capsys)
    file = project / "labels/calibration.json"
    stored = json.loads(file.read_text())
    for criterion in stored["criteria"]:
        criterion["graders"][0]["subject"] |= {"fingerprint": "0" * 32, "name": "other m-1"}
        criterion["graders"][0]["subject"]["grader"] |= {"name": "other", "model": "m-1"}
    file.write_text(json.dumps(stored))

    code, told = run(capsys)

    assert code == 0
    assert "calibrated for another grader (other m-1): example, trade_offs. Next: evalharness run --all" in told[-1]


@pytest.mark.parametrize("text", ["", "{", '{"made": 3}', "\xff"])
def test_a_damaged_calibration_is_an_error(project: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    """A bad merge opens no gate: it is told before anything is graded, and calibrating again puts it right."""
    assert calibrated(project, capsys)[0] == 1
    shutil.rmtree(project / "reports")
    (project / "labels/calibration.json").write_text(text, encoding="latin-1")

    assert main(["run"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("error: labels/calibration.json is damaged: ")
    assert "hint: `evalharness calibrate` makes it again" in told.err
    assert not (project / "reports").exists()

    (project / "labels/calibration.json").unlink()
    main(["run"])
    (project / "labels/calibration.json").write_text(text, encoding="latin-1")
    assert main(["calibrate"]) == 0
    assert run(capsys)[0] == 1


def test_a_calibration_that_is_no_file_is_damaged_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only where nothing stands there is none."""
    (project / "labels/calibration.json").mkdir(parents=True)

    assert main(["run"]) == 2
    assert "error: labels/calibration.json is damaged: Is a directory [store]" in capsys.readouterr().err


def test_a_floor_rests_on_its_own_criterion_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`example` is calibrated and has a floor that blocks; the total, with `trade_offs` in it, is advisory."""
    (project / "rubrics/talk.yaml").write_text(FLOORED)
    (project / "evalharness.yaml").write_text(f"{CONFIG}  floors: true\n")

    code, told = calibrated(project, capsys, leave_out=("trade_offs",))

    assert code == 1
    assert "gate: q0/me/2026-09-01 scores 1.00 in example, below 2" in told
    assert "gate: q0/me/2026-09-01 scores 1.44, below 2 (advisory: trade_offs: no label)" in told
    assert told[-1].startswith(f"{ADVISORY} (min_score): 1 of 2 criteria")


def test_what_the_harness_computes_needs_no_label(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Speaking time is measured, and an answer of three words is too short to grade: no person has to say so."""
    rubric = RUBRIC[: RUBRIC.index("  - id: example")] + RUBRIC[RUBRIC.index("  - id: speaking_time") :]
    (project / "rubrics/talk.yaml").write_text(rubric.replace("at_most: 1.0", "at_most: 0.2"))
    assert run(capsys) == (1, [f"gate: q{n}/me/2026-09-01 scores 1.00, below 2" for n in (1, 3, 5, 7)])

    (project / "rubrics/talk.yaml").write_text(RUBRIC)
    (project / "cases/q0/2026-09-01.md").write_text("I did it.\n")
    code, told = run(capsys, "--select", "q0/")
    assert code == 1
    assert told[0] == "gate: q0/me/2026-09-01 is too short to grade (3 of 8 words), so it does not pass"


def test_a_level_set_by_rule_says_nothing_of_the_grader(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twelve answers of three words, all at level 1 by rule and by anna, are no agreement with a grader."""
    for n in range(8, 20):
        file = project / f"cases/q{n}/2026-09-01.md"
        file.parent.mkdir()
        (file.parent / "question.yaml").write_bytes((project / "cases/q0/question.yaml").read_bytes())
        file.write_text("I did it.\n")
    main(["run"])
    label(project, count=4)
    for n in range(8, 20):
        (project / f"labels/q{n}").mkdir()
        (project / f"labels/q{n}/2026-09-01.anna.yaml").write_text("levels: {example: 1, trade_offs: 1}\n")
    main(["calibrate"])

    code, told = run(capsys, "--select", "q0/", "--select", "q1/")

    assert code == 0
    assert "4 of 6 labelled attempts graded: example, trade_offs" in told[-1]


def test_requires_excuses_no_missing_grade(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Labels say whether a level may be believed; an attempt without one is counted by max_ungraded as ever."""
    (project / "rubrics/talk.yaml").write_text(RUBRIC[: RUBRIC.index("    signals:")])  # nothing the heuristic reads

    code, told = run(capsys, "--select", "q1/")

    assert (code, told) == (1, ["gate: q1/me/2026-09-01 is not graded, so it does not pass"])


def test_overrides_ask_for_more_or_less_by_rubric_and_path(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What an override leaves out stays; the last one that fits wins."""
    more = (
        "  overrides:\n    - {rubric: talk, requires: {labels: 40}}\n    - {path: cases/q0/*, requires: {labels: 3}}\n"
    )
    (project / "evalharness.yaml").write_text(CONFIG + more)

    code, told = calibrated(project, capsys)

    assert code == 1
    assert told[0] == "gate: q0/me/2026-09-01 scores 1.44, below 2"
    assert told[1].startswith("gate: q2/me/2026-09-01 scores 1.44, below 2 (advisory: ")
    assert "(40 labelled attempts and kappa 0.6); 8 of 40 labelled attempts: example, trade_offs" in told[-1]


def test_an_empty_requires_has_the_defaults() -> None:
    """`requires: {}` is thirty labels and levels near people's; kappa is asked for only by name."""
    found = parse_config("gate: {requires: {}}\n").config.gate.requires

    assert found is not None
    assert (found.labels, found.within_one, found.margin, found.min_qwk) == (30, 0.8, 0.25, None)
    assert parse_config("gate: {}\n").config.gate.requires is None


def test_many_criteria_that_lack_labels_are_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Four names and how many more; the line stays short."""
    head, tail = RUBRIC[: RUBRIC.index("  - id: trade_offs")], RUBRIC[RUBRIC.index("  - id: speaking_time") :]
    one = RUBRIC[RUBRIC.index("  - id: trade_offs") : RUBRIC.index("  - id: speaking_time")]
    middle = "".join(one.replace("id: trade_offs", f"id: price_{n}") for n in range(12))
    (project / "rubrics/talk.yaml").write_text(head + middle + tail)
    main(["run"])
    for n in range(8):
        (project / f"labels/q{n}").mkdir(parents=True)
        (project / f"labels/q{n}/2026-09-01.anna.yaml").write_text(f"levels: {{example: {4 if n % 2 else 1}}}\n")
    main(["calibrate"])

    _, told = run(capsys, "--min-score", "1")

    (line,) = told
    assert "1 of 13 criteria meet" in line
    assert "no label: price_0, price_1, price_2, price_3 and 8 more. " in line
    assert len(line) < 320


def test_junit_of_a_run_says_fail_advisory_and_why(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No failure while it is advisory; a failure once labels carry it."""
    run(capsys, "--format", "junit")
    root = ET.parse(next((project / "reports").glob("*/junit.xml"))).getroot()

    assert root.get("failures") == "0"
    assert [output(case)["gate"] for case in root.iter("testcase")].count("fail (advisory)") == 4
    (why,) = {p.get("value", "") for p in root.iter("property") if p.get("name") == "advisory"}
    assert why.startswith("advisory, it fails nothing: nothing is calibrated yet")
    assert "scores 1.44, below 2 (advisory: " in next(root.iter("system-out")).text  # type: ignore[operator]

    calibrated(project, capsys)
    shutil.rmtree(project / "reports")
    run(capsys, "--format", "junit")
    root = ET.parse(next((project / "reports").glob("*/junit.xml"))).getroot()
    assert root.get("failures") == "4"
    assert [f.get("message") for f in root.iter("failure")] == ["scores 1.44, below 2"] * 4

"""Attempts as pytest items: only when asked for, graded together, decided by the gates."""

from __future__ import annotations

import fnmatch
import importlib.metadata
import re
from pathlib import Path

import anthropic  # noqa: F401
import pytest

# What a session inside of this one imports is forgotten with it, and C extensions can't be imported twice.
from evalharness.gate import workflow as gate_workflow  # noqa: F401
from evalharness.graders.anthropic import client, grader  # noqa: F401
from evalharness.grading import workflow as grading_workflow  # noqa: F401
from evalharness.load import yaml_source  # noqa: F401
from tests import apiserver as api
from tests.responder import GradingResponder
from tests.support import ANSWER, write_project

pytest_plugins = ["pytester"]

WEAK = "It was changed by the team after some talk about it, and that was that for everybody who was there.\n"
ANSWERS = {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": WEAK, "draft/2026-09-01.md": "\n"}
INSTALLED = any(entry.name == "evalharness" for entry in importlib.metadata.entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", "evalharness.pytest_plugin")
GRADER = ("--evalharness-grader", "heuristic")


@pytest.fixture(autouse=True)
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pytester.path / "cache"))
    write_project(pytester.path, ANSWERS, config="grader: heuristic\ngate:\n  min_score: 2.0\n")


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*PLUGIN, "-p", "no:cacheprovider", "-p", "no:hypothesispytest", *arguments)


def kept(pytester: pytest.Pytester) -> list[Path]:
    return list((pytester.path / "cache").glob("evalharness/pytest/*/*/run.json"))


def test_without_being_asked_nothing_is_collected(pytester: pytest.Pytester) -> None:
    """The plug-in sleeps in everybody's other projects."""
    result = run(pytester, "cases")

    result.assert_outcomes()
    assert not (pytester.path / "reports").exists()


def test_attempts_pass_and_fail_by_the_gate_with_their_evidence(pytester: pytest.Pytester) -> None:
    """One run for all of them; a draft is no item; the text of a failure is what a person can act on."""
    result = run(pytester, "cases", "--evalharness", *GRADER)

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*other/me/2026-09-01*", "scores *, below 2", "Example: *", "next: *"])
    result.stdout.no_fnmatch_line("*Traceback*")
    assert len(kept(pytester)) == 1
    assert not (pytester.path / "reports").exists()


def test_the_ini_file_may_ask_for_it(pytester: pytest.Pytester) -> None:
    """`evalharness = true` is as good as the flag."""
    pytester.makeini("[pytest]\nevalharness = true\n")

    run(pytester, "cases").assert_outcomes(passed=1, failed=1)


def test_k_and_m_choose_before_anything_is_graded(pytester: pytest.Pytester) -> None:
    """What is deselected costs nothing."""
    which = ("--evalharness-store", "-k", "export", "-m", "evalharness")
    result = run(pytester, "cases", "--evalharness", *GRADER, *which)
    result.assert_outcomes(passed=1, deselected=1)
    (stored,) = (path for path in (pytester.path / "reports").iterdir() if path.is_dir())
    assert (stored / "attempts.jsonl").read_text().count("\n") == 1

    run(pytester, "cases", "--evalharness", "-m", "not evalharness").assert_outcomes(deselected=2)


def test_an_ungraded_attempt_is_skipped_with_the_reason(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No signal that the offline grader could read: there is no score, and that is no pass."""
    rubric = (pytester.path / "rubrics/talk.yaml").read_text()
    kept = rubric[: rubric.index("    signals:")]
    (pytester.path / "rubrics/talk.yaml").write_text(kept)

    result = run(pytester, "cases", "--evalharness", *GRADER, "-rs")

    result.assert_outcomes(skipped=2)
    result.stdout.fnmatch_lines(["*not graded, so it does not pass*"])


def test_an_answer_too_short_to_grade_fails_where_a_gate_asks(pytester: pytest.Pytester) -> None:
    """As `run` and `check` say it; without a gate it is skipped with the same reason."""
    (pytester.path / "cases/other/2026-09-01.md").write_text("I did it.\n")
    asked = run(pytester, "cases", "--evalharness", *GRADER)
    (pytester.path / "evalharness.yaml").write_text("grader: heuristic\n")
    unasked = run(pytester, "cases", "--evalharness", *GRADER, "-rs")

    asked.assert_outcomes(passed=1, failed=1)
    asked.stdout.fnmatch_lines(["is too short to grade (3 of 8 words), so it does not pass"])
    unasked.assert_outcomes(passed=1, skipped=1)
    unasked.stdout.fnmatch_lines(["*too short to grade: 3 of 8 words*"])


def test_a_broken_file_is_told_without_a_traceback(pytester: pytest.Pytester) -> None:
    """Place and problem, as `lint` tells it."""
    (pytester.path / "cases/export/2026-09-02.md").write_text("---\nauthor: [x\n---\nHello\n")

    result = run(pytester, "cases", "--evalharness", *GRADER)

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*cases/export/2026-09-02.md:2*"])


def test_other_tests_beside_attempts_run_as_ever(pytester: pytest.Pytester) -> None:
    """Both kinds in one session."""
    pytester.makepyfile("def test_one(): pass")

    run(pytester, "--evalharness", *GRADER).assert_outcomes(passed=2, failed=1)


def test_an_advisory_gate_fails_no_item_and_the_summary_says_why(pytester: pytest.Pytester) -> None:
    """What would fail is an expected failure, and stays no failure whatever else the session asks for."""
    (pytester.path / "evalharness.yaml").write_text(
        "grader: heuristic\ngate: {min_score: 2.0, requires: {labels: 6}}\n"
    )

    result = run(pytester, "cases", "--evalharness", *GRADER, "-rx", "-W", "error")

    result.assert_outcomes(passed=1, xfailed=1)
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "*= evalharness gate =*",
            "advisory, it fails nothing: nothing is calibrated yet (talk: 0 of 2 criteria), *",
            "XFAIL *other/me/2026-09-01 - *scores *, below 2 (advisory: nothing is calibrated yet)*",
        ]
    )


def test_a_damaged_calibration_is_told_without_a_traceback(pytester: pytest.Pytester) -> None:
    """Nobody knows which gates block, so no item passes."""
    (pytester.path / "labels").mkdir()
    (pytester.path / "labels/calibration.json").write_text("{")

    result = run(pytester, "cases", "--evalharness", *GRADER)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*labels/calibration.json is damaged: *", "hint: `evalharness calibrate` makes it again*"]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    assert not (pytester.path / "reports").exists()


def test_of_several_workers_one_grades_and_the_others_read(pytester: pytest.Pytester) -> None:
    """pytest-xdist starts the session in each worker; what one of them has paid for is paid, graded or not."""
    pytest.importorskip("xdist")
    (pytester.path / "cases/other/2026-09-01.md").write_text(
        "\u79c1\u306f\u4e00\u6642\u9593\u3067\u76f4\u3057\u307e\u3057\u305f\u3002" * 9
    )

    # plug-ins that only cost the three starts time
    without = (f"-pno:{name}" for name in ("cacheprovider", "hypothesispytest", "anyio", "timeout"))
    result = pytester.runpytest_subprocess(*without, "cases", "--evalharness", *GRADER, "-n", "2")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["example: this grader does not read the language of the answer. *"])
    assert len(kept(pytester)) == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("max_usd: 0.000001\n", "not graded: *budget*"),
        ("base_url: http://127.0.0.1:9\nretry: {attempts: 1}\n", "*nothing answers at 127.0.0.1:9*"),
    ],
)
def test_a_spent_budget_and_a_server_that_is_down_are_no_green_build(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, settings: str, reason: str
) -> None:
    """What was not graded did not pass: the session fails and says why."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-test")
    with api.ApiServer(responder=GradingResponder()) as server:
        url = "" if "base_url" in settings else f"base_url: {server.url}\n"
        (pytester.path / "evalharness.yaml").write_text(f"grader: anthropic\n{url}{settings}")
        result = run(pytester, "cases", "--evalharness")

    assert result.ret not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert any(fnmatch.fnmatch(line, reason) for line in (*result.outlines, *result.errlines)), result.outlines


COMMAND = re.compile(r"##\w*\[|^\s*::", re.MULTILINE)


def test_nothing_that_is_printed_is_a_command_of_a_ci(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File and folder names, titles and answers are anybody's, on both streams, in the summary and in errors."""
    monkeypatch.setenv("CI", "true")
    rubric = (pytester.path / "rubrics/talk.yaml").read_text().replace("title: Example", 'title: "##[add-mask]a"')
    (pytester.path / "rubrics/talk.yaml").write_text(rubric)
    write_project(pytester.path, {"other/##[stop-commands]x.md": WEAK + "\n##[add-mask]w 1 was mine.\n"}, rubric=rubric)
    good = run(pytester, "cases", "-v", "--evalharness", *GRADER)
    (pytester.path / "evalharness.yaml").write_text("'##[group]a': 1\n::add-mask::a: 2\n")
    bad = run(pytester, "cases", "-v", "--evalharness", *GRADER)

    assert "# [stop-commands]" in good.stdout.str().replace("##", "# ").replace("  ", " ")
    for result in (good, bad):
        assert not COMMAND.search(result.stdout.str()), result.stdout.str()
        assert not COMMAND.search(result.stderr.str()), result.stderr.str()

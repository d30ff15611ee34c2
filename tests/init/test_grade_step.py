"""The step that grades main, literally: what it says in the job's summary for each way a run may end."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml

from evalharness.init.workflow import WORKFLOWS


@pytest.mark.parametrize(
    ("code", "ends", "told"),
    [
        (0, 0, ""),
        (1, 0, "**Exit code 1: a gate failed on the main branch.**"),
        (3, 0, "**Exit code 3: grading is incomplete; the next push or a manual run continues from here.**"),
        (4, 0, "**Exit code 4: the budget (max_usd) is reached; the next push or a manual run continues from here.**"),
        (2, 2, "**Not graded: exit code 2; the log says why.**"),
    ],
)
def test_the_summary_of_main_says_how_the_run_ended(tmp_path: Path, code: int, ends: int, told: str) -> None:
    """What was graded is kept in each case; only broken files and crashes fail the job."""
    steps = yaml.safe_load((WORKFLOWS / "grades.yml").read_text())["jobs"]["grade"]["steps"]
    (script,) = (step["run"] for step in steps if step.get("name") == "Grade")
    python = tmp_path / "evalharness/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\necho 'what the run said'\nexit {code}\n")
    python.chmod(0o755)
    summary = tmp_path / "summary"
    environment = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(summary),
        "PROJECT": ".",
        "PATH": "/bin:/usr/bin",
    }

    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == ends
    assert "what the run said" in summary.read_text()
    assert told in summary.read_text()
    assert ("::warning::" in done.stdout) == (code in (1, 3, 4))

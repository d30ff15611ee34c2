"""The recipe for GitLab in docs/shared.md, line by line, in a clone of a merge request."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from evalharness.init.workflow import init
from tests.init.codehost import GIT, tool
from tests.repository import BETTER, WEAK, Repository

PAGE = (Path(__file__).parents[2] / "docs/shared.md").read_text()
RECIPE = yaml.safe_load(PAGE.split("`.gitlab-ci.yml`:\n\n```yaml\n")[1].split("```")[0])


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A project in a subfolder's place at the root, with what its workflows install, and a change that is merged."""
    made = Repository(tmp_path / "answers")
    made.git("checkout", "--quiet", "main")
    init(made.root, ci=True)
    made.commit()
    made.git("checkout", "--quiet", "-B", "change", "main")
    tool(tmp_path / "tmp/evalharness/bin/python")
    return made


def pipeline(repository: Repository) -> tuple[int, str]:
    """Run the script as a runner does; what it installs is there already."""
    place = repository.root.parent / "tmp"
    lines = [line.replace("/tmp/", f"{place}/") for line in RECIPE["check"]["script"] if " install " not in line]
    assert len(lines) == len(RECIPE["check"]["script"]) - 1
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(lines)],
        cwd=repository.root,
        env={**GIT, "CI": "true", "CI_MERGE_REQUEST_DIFF_BASE_SHA": repository.git("rev-parse", "main").strip()},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("text", "code"), [(BETTER, 0), (WEAK, 1)])
def test_a_merge_request_is_checked_and_its_grades_are_kept(repository: Repository, text: str, code: int) -> None:
    """The exit code decides; comment, JUnit and the cache's grades are where the job looks for them.

    A runner keeps the cache of a job that fails only where that is asked for: its grades are paid for too.
    """
    repository.write("cases/export/2026-09-01.md", text)
    repository.commit()

    ended, told = pipeline(repository)

    assert ended == code, told
    assert RECIPE["check"]["cache"]["when"] == "always"
    assert json.loads((repository.root / "check/check.json").read_text())["verdict"] == ("fail" if code else "pass")
    assert (repository.root / RECIPE["check"]["artifacts"]["reports"]["junit"]).is_file()
    assert list((repository.root / RECIPE["check"]["cache"]["paths"][0]).glob("*/grades.jsonl"))


def test_a_change_can_bring_no_grades_into_the_cache(repository: Repository) -> None:
    """What a merge request commits under the name of the cached folder is no cache."""
    repository.write("check/grades/20261101T000000Z-0001/grades.jsonl", "{}\n")
    repository.commit()

    assert pipeline(repository)[0] == 1
    assert not (repository.root.parent / "tmp/check").exists()

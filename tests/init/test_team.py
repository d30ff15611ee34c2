"""A team's repository for some days: real Git, the literal steps of the workflows, and a code host in a folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from evalharness.init.workflow import init
from evalharness.model.run import RunMeta
from evalharness.store.runs import Store
from tests.init.codehost import CodeHost, git, made
from tests.support import ANSWER, write_project

CONFIG = "grader: heuristic\ngate: {no_regression: true}\n"
WORSE = "We were asked to change the export and so it was changed by the team after some discussion about it.\n"


class Team:
    """People who push branches; the host checks them, merges them and grades main."""

    def __init__(self, place: Path) -> None:
        self.host = CodeHost(place / "host")
        self.desk = self.host.clone("desk")
        init(self.desk, ci=True)
        shutil.rmtree(self.desk / "rubrics")
        write_project(self.desk, {"export/ana/2026-09-01.md": ANSWER}, config=CONFIG)
        self.push("main", "first")
        self.pull = 0

    def push(self, branch: str, message: str) -> None:
        git(self.desk, "add", "--all")
        git(self.desk, "commit", "--quiet", "--allow-empty", "-m", message)
        git(self.desk, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    def change(self, name: str, text: str) -> tuple[int, str]:
        """Propose an answer on a branch from today's main; return the check's exit code and the branch."""
        self.pull += 1
        branch = f"change{self.pull}"
        git(self.desk, "fetch", "--quiet", "origin")
        git(self.desk, "checkout", "--quiet", "-B", branch, "origin/main")
        file = self.desk / "cases" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.push(branch, branch)
        return self.host.run("answers.yml", "pull_request", pull=self.pull, branch=branch).code, branch

    def merge(self, branch: str) -> None:
        git(self.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        git(self.desk, "merge", "--quiet", "--no-ff", "-m", f"Merge {branch}", branch)
        hook = self.host.origin / "hooks/pre-receive"
        mode = hook.stat().st_mode if hook.exists() else 0
        if mode:
            hook.chmod(0o644)  # the host merges, whoever may push
        git(self.desk, "push", "--quiet", "origin", "main")
        if mode:
            hook.chmod(mode)

    def stored(self) -> RunMeta:
        git(self.desk, "fetch", "--quiet", "origin")
        git(self.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        store = Store(self.desk / "reports")
        return store.read_meta(store.runs()[0])


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def test_grades_are_made_once_from_the_change_to_main(team: Team) -> None:
    """The check's grades serve main after the merge, a second push of the same answers makes none, nothing is lost."""
    assert team.host.run("grades.yml", "push").code == 0
    better = f"{ANSWER}I told the three teams myself, in 2 meetings, instead of a mail.\n"
    code, branch = team.change("export/ben/2026-09-02.md", better)
    again = team.host.run("answers.yml", "pull_request", pull=team.pull, branch=branch)
    team.merge(branch)
    ended = team.host.run("grades.yml", "push")

    assert (code, again.code, ended.code) == (0, 0, 0), ended.log
    assert "0 grades reused" not in json.loads((again.temp / "check/check.json").read_text())
    assert team.stored().attempts == 2
    assert len(made(team.desk / "reports")) == len(set(made(team.desk / "reports")))
    assert not (team.desk / "reports/PROGRESS.md").exists()


def test_the_comment_is_of_this_commit_also_where_the_check_refuses(team: Team) -> None:
    """A verdict of the push before never stands under a broken one."""
    team.host.run("grades.yml", "push")
    code, _ = team.change("export/ana/2026-09-01.md", WORSE)
    first = team.host.comments[team.pull]
    (team.desk / "cases/export/question.yaml").write_text("question: [\n")
    team.push(f"change{team.pull}", "broken")
    ended = team.host.run("answers.yml", "pull_request", pull=team.pull, branch=f"change{team.pull}")

    assert (code, ended.code) == (1, 2)
    assert "evalharness: Fail" in first
    assert "not checked" in team.host.comments[team.pull]
    head = git(team.desk, "rev-parse", "HEAD").strip()
    assert team.host.comments[team.pull].rstrip().endswith(f"Updated for {head[:7]}.")
    assert "not checked" in ended.summary


def test_a_protected_main_gets_its_grades_as_a_change_and_pays_nothing_twice(team: Team) -> None:
    """The push is refused; the grades are on a branch, a pull request is offered, and the next run finds them."""
    team.host.protect()
    first = team.host.run("grades.yml", "push")
    second = team.host.run("grades.yml", "push")

    assert (first.code, second.code) == (0, 0), first.log + second.log
    branches = git(team.host.origin, "branch", "--list", "evalharness-grades-*").split()
    assert "evalharness-grades-1" in branches
    assert "pr create --base main --head evalharness-grades-1" in (team.host.place / "gh.log").read_text()
    assert made(first.temp / "kept")
    fresh = [key for key in made(second.temp / "kept") if key not in made(first.temp / "kept")]
    assert fresh == []


def test_two_pushes_at_once_both_keep_their_grades(team: Team) -> None:
    """Main moves while the first is graded: its commit goes on top, with the lines of both."""
    team.host.run("grades.yml", "push")
    file = team.desk / "labels/drift.jsonl"
    team.stored()
    file.parent.mkdir(exist_ok=True)
    file.write_text('{"day":"2026-10-10"}\n')
    team.push("main", "a drift")
    before = set(git(team.desk, "ls-files", "reports").split())
    _, branch = team.change("export/ben/2026-09-03.md", f"{ANSWER}I rang 4 depots.\n")
    team.merge(branch)
    ended = team.host.run("grades.yml", "push")
    team.stored()

    assert ended.code == 0, ended.log
    assert before < set(git(team.desk, "ls-files", "reports").split())
    assert file.read_text() == '{"day":"2026-10-10"}\n'


def test_a_project_in_a_subfolder_has_workflows_of_its_own(tmp_path: Path) -> None:
    """They lie where the code host looks, and know folder, branch, and names that no other project has."""
    git(tmp_path, "init", "--quiet", "--initial-branch=trunk")
    init(tmp_path / "team/interviews", ci=True)
    files = {file.name: file.read_text() for file in (tmp_path / ".github/workflows").iterdir()}

    assert set(files) == {f"{name}-team-interviews.yml" for name in ("answers", "forks", "grades")}
    answers, grades = files["answers-team-interviews.yml"], files["grades-team-interviews.yml"]
    assert 'PROJECT: "team/interviews"' in answers
    assert 'branches: ["trunk"]' in answers
    assert "name: answers-team-interviews-check" in answers
    assert '["team/interviews/reports/**"]' in grades
    assert "EVALHARNESS_ARTIFACT: answers-team-interviews-check" in grades
    assert "EVALHARNESS_AGAIN: answers-team-interviews.yml" in files["forks-team-interviews.yml"]
    assert (tmp_path / ".github/evalharness.txt").is_file()

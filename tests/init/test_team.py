"""A team's repository for some days: real Git, the literal steps of the workflows, and a code host in a folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalharness.errors import InputError
from evalharness.init.workflow import init
from evalharness.model.run import RunMeta
from evalharness.store.runs import Store
from tests import apiserver as api
from tests.graders.test_anthropic import KEY, messages
from tests.init.codehost import CodeHost, git, made
from tests.responder import GradingResponder
from tests.support import ANSWER, write_project

CONFIG = "grader: heuristic\ngate: {no_regression: true}\n"
WORSE = "We were asked to change the export and so it was changed by the team after some discussion about it.\n"


class Team:
    """People who push branches; the host checks them, merges them and grades main."""

    def __init__(self, place: Path, config: str = CONFIG, key: str = "", warm: bool = True) -> None:
        self.host = CodeHost(place / "host")
        self.host.key, self.host.warm = key, warm
        self.desk = self.host.clone("desk")
        init(self.desk, ci=True)
        shutil.rmtree(self.desk / "rubrics")
        write_project(self.desk, {"export/2026-09-01.md": ANSWER}, config=config)
        self.push("main", "first")
        self.pull = 0

    def push(self, branch: str, message: str) -> None:
        git(self.desk, "add", "--all")
        git(self.desk, "commit", "--quiet", "--allow-empty", "-m", message)
        git(self.desk, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    def change(self, name: str, text: str, *, fork: bool = False) -> tuple[int, str]:
        """Propose an answer on a branch from today's main; return the check's exit code and the branch."""
        self.pull += 1
        branch = f"change{self.pull}"
        git(self.desk, "fetch", "--quiet", "origin")
        git(self.desk, "checkout", "--quiet", "-B", branch, "origin/main")
        file = self.desk / "cases" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        self.push(branch, branch)
        return self.host.run("answers.yml", "pull_request", pull=self.pull, branch=branch, fork=fork).code, branch

    def merge(self, branch: str) -> None:
        git(self.desk, "fetch", "--quiet", "origin")
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


@pytest.fixture
def server() -> Iterator[api.ApiServer]:
    with api.ApiServer(responder=GradingResponder()) as found:
        yield found


@pytest.fixture
def paying(tmp_path: Path, server: api.ApiServer) -> Team:
    """A team whose grader costs money: a model behind the test server."""
    config = f"grader: anthropic\nbase_url: {server.url}\nmax_samples: 1\nmax_usd: 0\n"
    return Team(tmp_path, config, KEY["ANTHROPIC_API_KEY"])


BETTER = f"{ANSWER}I told the three teams myself, in 2 meetings, instead of a mail.\n"


def test_grades_are_bought_once_from_the_change_to_main(paying: Team, server: api.ApiServer) -> None:
    """The check's grades serve a merge queue and main, a second push of the same answers buys none, nothing is lost."""
    assert paying.host.run("grades.yml", "push").code == 0
    of_main = len(messages(server))
    code, branch = paying.change("export/ben/2026-09-02.md", BETTER)
    of_check = len(messages(server))
    again = paying.host.run("answers.yml", "pull_request", pull=paying.pull, branch=branch)
    queued = paying.host.run("answers.yml", "merge_group", pull=paying.pull, branch=branch)
    paying.merge(branch)
    ended = paying.host.run("grades.yml", "push")

    assert (code, again.code, queued.code, ended.code) == (0, 0, 0, 0), queued.log + ended.log
    assert of_check - of_main == of_main > 0
    assert len(messages(server)) == of_check
    assert paying.stored().attempts == 2
    assert len(made(paying.desk / "reports")) == len(set(made(paying.desk / "reports")))
    assert not (paying.desk / "reports/PROGRESS.md").exists()


def test_the_comment_is_of_this_commit_also_where_the_check_refuses(team: Team) -> None:
    """A verdict of the push before never stands under a broken one."""
    team.host.run("grades.yml", "push")
    code, _ = team.change("export/2026-09-01.md", WORSE)
    first = team.host.comment(team.pull)
    (team.desk / "cases/export/question.yaml").write_text("question: [\n")
    team.push(f"change{team.pull}", "broken")
    ended = team.host.run("answers.yml", "pull_request", pull=team.pull, branch=f"change{team.pull}")

    assert (code, ended.code) == (1, 2)
    assert "evalharness: Fail" in first
    assert "not checked" in team.host.comment(team.pull)
    head = git(team.desk, "rev-parse", "HEAD").strip()
    assert team.host.comment(team.pull).rstrip().endswith(f"Updated for {head[:7]}.")
    assert "not checked" in ended.summary


def test_a_protected_main_gets_its_grades_as_a_change_and_pays_nothing_twice(
    paying: Team, server: api.ApiServer
) -> None:
    """The push is refused; the grades are on a branch, a pull request is offered, and the next run finds them."""
    paying.host.protect()
    first = paying.host.run("grades.yml", "push")
    bought = len(messages(server))
    second = paying.host.run("grades.yml", "push")

    assert (first.code, second.code) == (0, 0), first.log + second.log
    branches = git(paying.host.origin, "branch", "--list", "evalharness-grades-*").split()
    assert "evalharness-grades-1" in branches
    assert "pr create --base main --head evalharness-grades-1" in (paying.host.place / "gh.log").read_text()
    assert made(first.temp / "kept")
    assert len(messages(server)) == bought > 0


def test_two_pushes_at_once_both_keep_what_they_found(team: Team) -> None:
    """Main moves while the first is graded: its commit goes on top, and a drift that both found has both lines."""
    drift = "labels/drift.jsonl"

    def meanwhile(work: Path) -> None:
        (work / "labels").mkdir(exist_ok=True)
        (work / drift).write_text('{"found":"here"}\n')
        (team.desk / "labels").mkdir(exist_ok=True)
        (team.desk / drift).write_text('{"found":"there"}\n')
        team.push("main", "the other one")

    ended = team.host.run("grades.yml", "push", before_commit=meanwhile)
    team.stored()

    assert ended.code == 0, ended.log
    assert sorted((team.desk / drift).read_text().splitlines()) == ['{"found":"here"}', '{"found":"there"}']
    assert made(team.desk / "reports")


def test_a_forks_answers_are_graded_by_a_maintainer_and_its_check_turns_green(
    paying: Team, server: api.ApiServer
) -> None:
    """Without a key the check can't grade; what the dispatch buys serves the same check, and main after the merge."""
    paying.host.run("grades.yml", "push")
    code, branch = paying.change("export/eve/2026-09-04.md", BETTER, fork=True)
    bought = len(messages(server))
    graded = paying.host.run("forks.yml", "workflow_dispatch", pull=paying.pull, branch=branch)
    paid = len(messages(server))
    then = paying.host.run("answers.yml", "pull_request", pull=paying.pull, branch=branch, fork=True)
    paying.merge(branch)
    ended = paying.host.run("grades.yml", "push")

    assert (code, graded.code, then.code, ended.code) == (3, 0, 0, 0), graded.log + then.log + ended.log
    assert paying.host.api.again == ["answers.yml"]
    assert paid > bought
    assert len(messages(server)) == paid
    assert paying.stored().attempts == 2


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


def test_no_project_restores_the_cache_of_another(tmp_path: Path) -> None:
    """A host finds a cache by the beginning of its key, also for projects that are called like a cache."""
    git(tmp_path, "init", "--quiet")
    projects = ("", "main", "grades", "main/forks")
    for project in projects:
        init(tmp_path / project, ci=True)
    keys: dict[str, set[str]] = {}
    for file in (tmp_path / ".github/workflows").iterdir():
        text = file.read_text()
        project = re.findall(r'PROJECT: "(.+)"', text)[0]
        keys.setdefault(project, set()).update(re.findall(r"restore-keys: (\S+)", text))

    assert len(keys) == len(projects)
    assert all(len(found) == 3 for found in keys.values())
    for project, found in keys.items():
        others = {key for other, theirs in keys.items() if other != project for key in theirs}
        assert not [key for key in found for other in others if other.startswith(key)]


def test_a_repository_that_has_its_answers_gets_only_the_workflows(tmp_path: Path) -> None:
    """With its branch and its reports folder; a second time they are there, and nothing is written."""
    git(tmp_path, "init", "--quiet", "--initial-branch=trunk")
    write_project(tmp_path, {"export/2026-09-01.md": ANSWER}, config=f"{CONFIG}reports: graded\n")
    before = {file for file in tmp_path.rglob("*") if ".git" not in file.parts}

    init(tmp_path, ci=True)

    new = {file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file()}
    added = {name for name in new if not name.startswith(".git/")} - {
        b.relative_to(tmp_path).as_posix() for b in before
    }
    assert added == {f".github/workflows/{name}.yml" for name in ("answers", "forks", "grades")} | {
        ".github/evalharness.txt"
    }
    grades = (tmp_path / ".github/workflows/grades.yml").read_text()
    assert 'REPORTS: "graded"' in grades
    assert '["graded/**"]' in grades
    with pytest.raises(InputError, match="exists already"):
        init(tmp_path, ci=True)

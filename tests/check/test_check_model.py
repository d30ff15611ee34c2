"""`check` with a model behind the test server: whose grades count, what is bought, what is said without a key."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.check import FILES, words
from evalharness.check import workflow as checking
from evalharness.check.rows import Check
from evalharness.gate.rulings import Verdict
from tests import apiserver as api
from tests.graders.test_anthropic import KEY, QUICK, messages
from tests.graders.test_command import ENVIRONMENT, command
from tests.repository import BETTER, WEAK, Repository
from tests.responder import GradingResponder
from tests.support import ANSWER, RUBRIC, Notes, world_at

FILE = "cases/export/2026-09-01.md"
NO_KEY = {"ANTHROPIC_API_KEY": "no key"}  # a blank inside: refused before anything is sent, as where there is none
TWO = {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": WEAK}


def settings(server: api.ApiServer, **more: Any) -> dict[str, Any]:
    return {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": 0.0, "max_samples": 1, **more}


def graded_main(root: Path, server: api.ApiServer, answers: dict[str, str] | None = None) -> Repository:
    """Return a repository whose main branch holds the grades that its own workflow made."""
    repository = Repository(root / "answers", answers or TWO)
    repository.git("checkout", "--quiet", "main")
    evalharness.run([], settings=settings(server), world=world_at(repository.root, environment=KEY))
    repository.commit("grades")
    repository.git("checkout", "--quiet", "-B", "change")
    return repository


def check(repository: Repository, server: api.ApiServer, *, key: dict[str, str] | None = None, **more: Any) -> Check:
    gate = more.pop("gate", {})
    world = world_at(repository.root, environment=KEY if key is None else key, watcher=Notes())
    out = repository.root.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    return checking.check("main", settings=settings(server, **more), gate=gate, out=out, world=world)


def test_only_what_changed_is_graded_and_the_base_comes_from_its_reports(tmp_path: Path) -> None:
    """Two calls for the two criteria of the one changed answer; the base's grades stood already."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = graded_main(tmp_path, server)
        before = len(messages(server))
        repository.write(FILE, BETTER)
        repository.commit()

        found = check(repository, server)

        assert len(messages(server)) - before == 2
    (row,) = found.rows
    assert row.before is not None
    assert row.before.total is not None
    assert (found.base_graded, found.cost.calls, found.reused) == (0, 2, 3)
    assert repository.git("status", "--porcelain") == ""


def test_the_comment_tells_the_models_reason_and_what_is_missing(tmp_path: Path) -> None:
    """Not only a number: why the level is what it is, and what the next version needs."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = graded_main(tmp_path, server)
        repository.write(FILE, WEAK.replace("export", "import"))
        repository.commit()

        found = check(repository, server)

    told = FILES["comment.md"](found)
    assert "- Why, in " in told
    assert re.search(r"^- Why, in .+: The quoted passages name what was done", told, re.MULTILINE)
    assert re.search(r"^- Next: Say in the second paragraph what it was before", told, re.MULTILINE)


def test_grades_that_lie_in_the_working_tree_do_not_count(tmp_path: Path) -> None:
    """A run made on the branch and not committed is no base grade: forged or not, nobody reads it."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = Repository(tmp_path / "answers", TWO)
        repository.write(FILE, BETTER)
        evalharness.run([], settings=settings(server), world=world_at(repository.root, environment=KEY))
        for file in (repository.root / "reports").rglob("grades.jsonl"):
            file.write_text(file.read_text().replace('"level":3', '"level":5'))
        before = len(messages(server))

        found = check(repository, server)

        assert len(messages(server)) - before == 4
    assert found.base_graded == 1


def test_grades_that_the_change_brings_to_the_output_folder_do_not_count(tmp_path: Path) -> None:
    """`--out` inside of the clone is written to and never read."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = graded_main(tmp_path, server)
        repository.write(FILE, BETTER)
        world = world_at(repository.root, environment=KEY)
        evalharness.run([], settings={**settings(server), "reports": "check/grades"}, world=world)
        repository.commit()
        before = len(messages(server))

        environment = {**KEY, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        world = world_at(repository.root, environment=environment)
        checking.check("main", settings=settings(server), out=Path("check"), world=world)

        assert len(messages(server)) - before == 2


def test_a_base_without_grades_is_graded_too_and_its_cost_is_shown(tmp_path: Path) -> None:
    """The price of a missing grade is no secret."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = Repository(tmp_path / "answers", TWO)
        repository.write(FILE, BETTER)

        found = check(repository, server)

    assert (found.base_graded, found.base_cost.calls, found.cost.calls) == (1, 2, 4)
    assert "1 attempt of the base without a stored grade, graded too: 2 calls, USD 0." in FILES["comment.md"](found)


def test_without_a_key_what_is_stored_counts_and_the_rest_is_listed(tmp_path: Path) -> None:
    """A fork: nothing is sent, nothing passes silently, and the offline grader says what it can."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = graded_main(tmp_path, server)
        repository.write(FILE, WEAK.replace("export", "import"))
        repository.git("mv", "cases/other/2026-09-01.md", "cases/other/2026-09-02.md")
        before = len(server.requests)

        found = check(repository, server, key=NO_KEY)

        assert len(server.requests) == before
    rows = {row.changed.case.key: row for row in found.rows}
    assert rows["other/me/2026-09-02"].verdict is Verdict.PASS
    assert found.needs == ("export/me/2026-09-01",)
    surface = rows["export/me/2026-09-01"].surface
    assert surface is not None
    assert None not in surface
    assert found.exit_code == 3
    assert check(repository, server, key=NO_KEY, gate={"max_ungraded": 1}).exit_code == 0


def test_more_samples_are_bought_near_the_line_and_to_confirm_a_fail(tmp_path: Path) -> None:
    """Up to `max_samples`, on both sides; far above the line one sample is enough."""
    with api.ApiServer(responder=GradingResponder(noise=0.5)) as server:
        repository = graded_main(tmp_path, server)
        repository.write(FILE, BETTER)
        far = check(repository, server, max_samples=3, gate={"min_score": 1.0, "no_regression": False})
        near = check(repository, server, max_samples=3, gate={"min_score": 3.3, "no_regression": False})

    (row,) = far.rows
    assert row.now is not None
    samples = {score.criterion.id: len(score.levels) for score in row.now.scores}
    assert samples["speaking_time"] == 1
    (row,) = near.rows
    assert row.now is not None
    assert {score.criterion.id: len(score.levels) for score in row.now.scores}["example"] == 3


def test_a_changed_word_of_one_criterion_costs_one_call_more(tmp_path: Path) -> None:
    """Graded by the base's rubric, and in that criterion by the new one; what regrading it would cost is said."""
    with api.ApiServer(responder=GradingResponder()) as server:
        repository = graded_main(tmp_path, server)
        repository.write("rubrics/talk.yaml", RUBRIC.replace("What was given up.", "What was given up for it."))
        repository.write(FILE, BETTER)
        before = len(messages(server))

        found = check(repository, server)

        assert len(messages(server)) - before == 3
    (announced,) = found.announced
    assert (announced.attempts, announced.calls, announced.what) == (2, 2, "changed: trade_offs")
    assert announced.usd
    assert found.rows[0].change is not None
    assert found.rows[0].proposed is not None
    assert found.base_graded == 0


def test_what_a_program_takes_for_regrading_is_unknown_and_not_nothing(tmp_path: Path) -> None:
    """A subscription, a local model, a paid API: nobody here knows; a question of another rubric costs calls too."""
    repository = Repository(tmp_path / "answers", TWO)
    repository.write("rubrics/talk.yaml", RUBRIC.replace("What was given up.", "What was given up for it."))
    repository.write("rubrics/easy.yaml", RUBRIC.replace("id: talk", "id: easy"))
    question = repository.root / "cases/export/question.yaml"
    question.write_text(question.read_text(encoding="utf-8").replace("rubric: talk", "rubric: easy"), encoding="utf-8")
    repository.write(FILE, BETTER)
    repository.commit()
    given = {"grader": "command", "command": command("behaves"), "max_samples": 1}

    world = world_at(repository.root, environment=ENVIRONMENT)
    found = checking.check("main", settings=given, gate={}, out=tmp_path / "out", world=world)

    assert len(found.announced) == 3
    assert all(one.calls and one.usd is None for one in found.announced)
    told = [words.announced(one) for one in found.announced]
    assert all("price unknown" in line and "no cost" not in line for line in told), told


@pytest.mark.parametrize("name", list(FILES))
def test_an_ungraded_answer_shows_in_every_output(tmp_path: Path, name: str) -> None:
    """Not graded is a word of its own, never a number."""
    rule = api.behave(api.every_time(api.refusal("general_harms")))
    with api.ApiServer(rule, GradingResponder()) as server:
        repository = Repository(tmp_path / "answers", TWO)
        repository.write(FILE, BETTER)

        found = check(repository, server)

    assert found.exit_code == 3
    text = FILES[name](found)
    assert "ungraded" in text or "not graded" in text

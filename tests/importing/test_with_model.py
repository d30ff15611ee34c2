"""`import --with-model`: a model drafts texts for the rubric draft; the import stands whatever becomes of it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalharness.cli import main
from evalharness.drafting.workflow import Outcome, ask, plan, put
from evalharness.importing.workflow import prepare, read_source, write
from evalharness.lint.workflow import lint
from evalharness.load import load_project
from evalharness.model.config import RetryPolicy
from tests import apiserver as api
from tests.importing.counting import DOCUMENTS
from tests.importing.drafter import Change, Drafter, user_text
from tests.support import world_at

DOCUMENT = DOCUMENTS / "mission.clean.md"
RUBRIC = "rubrics/larkmoor-systems-five-tailored-questions.yaml"
KEY = {"ANTHROPIC_API_KEY": "test-key"}
QUICK = RetryPolicy(scale=0.001, poll=0.01)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cases").mkdir()
    (tmp_path / "evalharness.yaml").write_text("author: me\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    return tmp_path


@pytest.fixture
def plain(project: Path) -> dict[str, Any]:
    """The rubric as import makes it without a model."""
    prepared = prepare(read_source(DOCUMENT, world=world_at(project)), world=world_at(project))
    return dict(prepared.drafts[RUBRIC])


def drafted(project: Path, server: api.ApiServer, **settings: Any) -> Outcome:
    """Import through the library, with back-off that waits for nobody."""
    world = world_at(project, environment=KEY)
    prepared = prepare(read_source(DOCUMENT, world=world_at(project)), world=world)
    asking = plan(prepared, {"base_url": server.url, "retry": QUICK, **settings}, world)
    assert asking is not None
    write(prepared)
    outcome = ask(prepared, asking, world)
    put(prepared, outcome)
    return outcome


def rubric(project: Path) -> dict[str, Any]:
    return dict(yaml.safe_load((project / RUBRIC).read_text(encoding="utf-8")))


def texts(data: dict[str, Any]) -> Iterator[str]:
    for criterion in data["criteria"]:
        yield from (
            level["text"] if isinstance(level, dict) else level for level in criterion.get("levels", {}).values()
        )
        yield from (item["text"] for item in criterion.get("items", ()))


def shape(data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return criteria without their texts."""
    return [{k: v for k, v in c.items() if k not in ("levels", "items")} for c in data["criteria"]]


def test_each_drafted_text_is_marked_and_nothing_else_changes(project: Path, plain: dict[str, Any]) -> None:
    """All levels and items carry the model's name; ids, kinds, weights and signals stay as import made them."""
    with api.ApiServer(responder=Drafter()) as server:
        assert main(["import", str(DOCUMENT), "--with-model", "--base-url", server.url, "--yes"]) == 0

    made = rubric(project)
    assert shape(made) == shape(plain)
    assert all(text.startswith("draft by claude-sonnet-5-5: ") for text in texts(made))
    scales = [criterion for criterion in made["criteria"] if criterion["kind"] == "scale"]
    assert scales
    assert {tuple(scale["levels"]) for scale in scales} == {(1, 2, 3, 4, 5)}
    loaded = load_project([], cwd=project).rubrics[Path(RUBRIC).stem]
    by = {level.drafted_by for c in loaded.criteria for level in getattr(c.kind, "levels", ())}
    assert by == {"claude-sonnet-5-5"}


def test_lint_lists_what_waits_for_a_person_and_finds_nothing_worse(project: Path) -> None:
    """Every drafted text is advice until its mark is taken away."""
    with api.ApiServer(responder=Drafter()) as server:
        drafted(project, server)

    told = [a for a in lint([], world=world_at(project)).advice if a.path == RUBRIC]
    assert {advice.slug for advice in told} == {"draft"}
    before = len(told)
    file = project / RUBRIC
    decided = file.read_text(encoding="utf-8").replace("draft by claude-sonnet-5-5: ", "", 1)
    file.write_text(decided, encoding="utf-8")
    assert len([a for a in lint([], world=world_at(project)).advice if a.path == RUBRIC]) == before - 1


def test_what_it_cost_is_what_the_server_billed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The price of the drafts is shown as a range before; what labels and drafts cost, exactly after."""
    with api.ApiServer(responder=Drafter()) as server:
        main(["import", str(DOCUMENT), "--with-model", "--base-url", server.url, "--yes"])
        told = "".join(capsys.readouterr())

        spent = re.findall(r"\(\$(\d\.\d{4})\)", told)
        assert sum(map(float, spent)) == pytest.approx(server.bill.usd, abs=1e-4)
        assert "texts of 3 criteria: 1 call, about $0.0" in told


def test_a_dry_run_says_what_it_would_ask_and_asks_nothing(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No key, no request, no file."""
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with api.ApiServer(responder=Drafter()) as server:
        assert main(["import", str(DOCUMENT), "--with-model", "--base-url", server.url, "--dry-run"]) == 0

        assert server.requests == []
    assert "is asked to draft" in capsys.readouterr().out
    assert not (project / "rubrics").exists()


def test_without_a_key_the_import_stands_and_says_so(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, plain: dict[str, Any]
) -> None:
    """Exit 3; the same command with a key only asks."""
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    assert main(["import", str(DOCUMENT), "--with-model", "--yes"]) == 3
    assert rubric(project) == yaml.safe_load(yaml.safe_dump(plain))
    told = capsys.readouterr()
    assert "there is no API key" in told.err
    assert "the imported files are written" in told.err

    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    folders = sorted((project / "cases").iterdir())
    with api.ApiServer(responder=Drafter()) as server:
        assert main(["import", str(DOCUMENT), "--with-model", "--base-url", server.url, "--yes"]) == 0
    assert "these are there already" in capsys.readouterr().out
    assert sorted((project / "cases").iterdir()) == folders
    assert all(text.startswith("draft by ") for text in texts(rubric(project)))


def _invent(criteria: list[dict[str, Any]]) -> None:
    criteria.append({**criteria[0], "id": "full_marks"})


def _leave_out(criteria: list[dict[str, Any]]) -> None:
    criteria.pop()


def _no_level_two(criteria: list[dict[str, Any]]) -> None:
    scale = next(criterion for criterion in criteria if criterion["levels"])
    scale["levels"] = [level for level in scale["levels"] if level["level"] != 2]


def _twice(criteria: list[dict[str, Any]]) -> None:
    scale = next(criterion for criterion in criteria if criterion["levels"])
    scale["levels"].append(scale["levels"][0])


def _invented_item(criteria: list[dict[str, Any]]) -> None:
    checklist = next(criterion for criterion in criteria if criterion["items"])
    checklist["items"][0]["id"] = "be_kind"


def _a_weight(criteria: list[dict[str, Any]]) -> None:
    criteria[0]["weight"] = 100


def _too_many_new(criteria: list[dict[str, Any]]) -> None:
    checklist = next(criterion for criterion in criteria if criterion["items"])
    checklist["more_items"] = [f"Names the number of week {n} in a year." for n in range(4)]


@pytest.mark.parametrize(
    "change", [_invent, _leave_out, _no_level_two, _twice, _invented_item, _a_weight, _too_many_new]
)
def test_a_reply_of_the_wrong_shape_is_asked_for_again_and_never_used(
    project: Path, change: Change, plain: dict[str, Any]
) -> None:
    """Three requests, then the rubric keeps import's own texts."""
    responder = Drafter(change)
    with api.ApiServer(responder=responder) as server:
        outcome = drafted(project, server)

    assert (outcome.exit_code, len(responder.bodies)) == (3, 3)
    assert outcome.failed
    assert rubric(project) == yaml.safe_load(yaml.safe_dump(plain))


@pytest.mark.parametrize(
    ("reply", "requests", "said"),
    [
        (api.Reply("I'd rather not.", stop_reason="refusal"), 1, "refused"),
        (api.Reply("{" * 20, stop_reason="max_tokens"), 2, "cut at the token limit"),
        (api.Reply("Here are some thoughts."), 3, "no JSON object"),
        (api.Reply("", stop_reason="pause"), 3, "no known end"),
    ],
)
def test_a_failed_reply_leaves_the_import(
    project: Path, plain: dict[str, Any], reply: api.Reply, requests: int, said: str
) -> None:
    """Refused, cut (once more with more room), garbage: no drafts, exit 3, and what it was."""
    responder = api.ScriptedResponder(reply)
    with api.ApiServer(responder=responder) as server:
        outcome = drafted(project, server)

    assert outcome.exit_code == 3
    assert said in outcome.failed
    assert len(responder.calls) == requests
    assert rubric(project) == yaml.safe_load(yaml.safe_dump(plain))
    rooms = [call["max_tokens"] for call in responder.calls]
    assert rooms == sorted(rooms)


def test_a_busy_server_is_waited_for(project: Path) -> None:
    """The grader's own policy repeats what the server has no time for."""
    with api.ApiServer(api.behave(api.when(api.first(3), api.rate_limited(0.01))), Drafter()) as server:
        outcome = drafted(project, server)

    assert outcome.failed == ""
    assert outcome.drafted.texts


def test_a_server_that_stays_busy_ends_in_an_import_without_drafts(project: Path) -> None:
    """429 for ever: the attempts of the policy, then exit 3."""
    with api.ApiServer(api.behave(api.every_time(api.rate_limited(0.01))), Drafter()) as server:
        outcome = drafted(project, server, retry=RetryPolicy(scale=0.001, attempts=3))

    assert (outcome.exit_code, outcome.files) == (3, {})
    assert "429" in outcome.failed
    assert (project / RUBRIC).exists()


def test_a_refused_key_ends_in_an_import_without_drafts(project: Path) -> None:
    """401: nothing more is sent."""
    with api.ApiServer(api.behave(api.every_time(api.error(401))), Drafter()) as server:
        outcome = drafted(project, server)

    assert outcome.exit_code == 3
    assert "test-key" not in str(outcome)
    assert (project / RUBRIC).exists()


def test_a_budget_that_does_not_suffice_ends_with_four(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is sent that could cost more; the import stands."""
    with api.ApiServer(responder=Drafter()) as server:
        command = ["import", str(DOCUMENT), "--with-model", "--base-url", server.url, "--yes", "--budget", "0.001"]
        assert main(command) == 4

        assert not [request for request in server.requests if request.endpoint == "messages"]
    assert "the imported files are written" in capsys.readouterr().err
    assert (project / RUBRIC).exists()


def test_names_are_redacted_on_the_way_out_and_put_back(project: Path) -> None:
    """`redact:` holds for the document as it does for answers."""

    def named(criteria: list[dict[str, Any]]) -> None:
        criteria[-1]["levels"][1]["text"] = "A deed at Company A is named, without a place or a number."

    responder = Drafter(named)
    with api.ApiServer(responder=responder) as server:
        drafted(project, server, redact=(("Larkmoor Systems", "Company A"), ("Larkmoor", "Company A")))

    sent = user_text(responder.bodies[0])
    assert "Larkmoor" not in sent
    assert "Company A" in sent
    assert any("at Larkmoor" in text for text in texts(rubric(project)))


def test_a_rubric_that_stands_is_not_drafted_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A shipped rubric fits, so that the one call that is made asks for labels."""
    with api.ApiServer(responder=Drafter()) as server:
        document = str(DOCUMENTS / "culture.clean.md")
        assert main(["import", document, "--with-model", "--base-url", server.url, "--yes"]) == 0

        assert len([request for request in server.requests if request.endpoint == "messages"]) == 1
    assert "nothing to draft" in capsys.readouterr().out


def test_a_rubric_changed_meanwhile_is_left_alone(project: Path) -> None:
    """What a person wrote while the model thought is not written over."""
    mine = "title: mine\ncriteria: []\n"

    def change(_: list[dict[str, Any]]) -> None:
        (project / RUBRIC).write_text(mine, encoding="utf-8")

    with api.ApiServer(responder=Drafter(change)) as server:
        drafted(project, server)

    assert (project / RUBRIC).read_text(encoding="utf-8") == mine


def test_flags_for_the_model_need_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A flag that would do nothing is an error."""
    assert main(["import", str(DOCUMENT), "--budget", "1", "--yes"]) == 2
    assert "--budget has no effect without --with-model" in capsys.readouterr().err


def test_an_import_without_a_model_never_loads_the_sdk(project: Path) -> None:
    """The SDK is imported when a request is about to be made."""
    code = (
        "import sys; from evalharness.cli import main\n"
        f"assert main(['import', {str(DOCUMENT)!r}, '--with-model', '--dry-run']) == 0\n"
        "heavy = {'anthropic', 'httpx2', 'tenacity'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=project)

    assert done.returncode == 0, done.stderr

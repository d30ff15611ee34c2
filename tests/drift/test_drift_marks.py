"""What was graded on two sides of a found drift is not compared, wherever it is shown, and never reused together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

import evalharness
from evalharness.calibrate import workflow as calibrating
from evalharness.cli import main
from evalharness.compare import workflow as comparing
from evalharness.compare.comparison import Standing
from evalharness.criteria.labels import Label
from evalharness.drift import workflow as anchoring
from evalharness.errors import StoreError
from evalharness.gate.workflow import judge_run
from evalharness.graders.anthropic import without_sending
from evalharness.grading import workflow as pipeline
from evalharness.load import load_project
from evalharness.model.breaks import Verdict
from evalharness.model.drift import Anchors
from evalharness.model.run import Run
from evalharness.noise import Reading
from evalharness.plan.plan import make_plan
from evalharness.progress import workflow as looking_back
from evalharness.progress import workflow as progress_page
from evalharness.progress.series import Progress
from evalharness.store.files import append_line
from tests import apiserver as api
from tests.drifting import FOUND, ShiftingResponder, check_of, model_of, world_on, write_checks
from tests.graders.test_anthropic import QUICK, messages
from tests.levels import answers, store_run
from tests.repository import BETTER
from tests.support import write_project

CONFIG = "author: me\ngrader: anthropic\nmodel: model-1\nbase_url: http://127.0.0.1:9\ngate: {no_regression: true}\n"
BEFORE, AFTER = "20261101T120000Z-0001", "20261125T120000Z-0002"
TOLD = "not compared: the grader drifted between these gradings (check of 2026-11-20)"
AFTERWARDS = "2026-11-26T12:00:00+00:00"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two attempts graded before the drift, the third after it; a second series stands on one side."""
    monkeypatch.chdir(tmp_path)
    names = [*(f"q/2026-0{month}-01.md" for month in (7, 8, 9)), "r/2026-07-01.md", "r/2026-08-01.md"]
    write_project(tmp_path, answers(*names), config=CONFIG)
    low, high = {"example": (2.0, 2.0, 3.0), "trade_offs": (2.0, 2.0, 2.0)}, {"example": (5.0,) * 3}
    old = dict.fromkeys(("q/me/2026-07-01", "q/me/2026-08-01", "r/me/2026-07-01"), low)
    store_run(tmp_path, BEFORE, {**old, "r/me/2026-08-01": {**high, "trade_offs": (5.0,) * 3}})
    store_run(tmp_path, AFTER, {"q/me/2026-09-01": {**high, "trade_offs": (4.0, 5.0, 5.0)}})
    return tmp_path


def drifted(root: Path) -> None:
    write_checks(root, [check_of(model_of(root))])


def series_of(found: Progress, name: str) -> Any:
    return next(line for line in found.lines if line.series.latest.case.attempt.series == name)


def test_progress_claims_nothing_across_a_drift(project: Path) -> None:
    """Two levels up: better while no drift is known, nothing once it is; on one side all stays as it was."""
    world = world_on(project, AFTERWARDS)
    before = looking_back.progress(world=world)
    drifted(project)
    found = looking_back.progress(world=world)

    assert series_of(before, "q/me").reading is Reading.BETTER
    assert (series_of(found, "q/me").reading, series_of(found, "q/me").change) == (None, None)
    assert series_of(found, "r/me").reading is Reading.BETTER
    assert before.mean is not None
    assert found.mean is not None
    assert (before.mean.pairs, found.mean.pairs) == (2, 1)


def test_a_check_that_saw_nothing_changes_nothing(project: Path) -> None:
    """Neither does a drift of another model."""
    world = world_on(project, AFTERWARDS)
    other = check_of(msgspec.structs.replace(model_of(project), model="model-2"))
    write_checks(project, [check_of(model_of(project), verdict=Verdict.WITHIN_NOISE), other])

    assert series_of(looking_back.progress(world=world), "q/me").reading is Reading.BETTER


@pytest.mark.parametrize("arguments", [[], ["q"], ["--format", "md"], ["q", "--format", "md"]])
def test_progress_says_why(project: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """On the screen and in Markdown, for all series and for one."""
    drifted(project)

    assert main(["progress", *arguments]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "not compared: drift" in told
    assert "check of 2026-11-20" in told
    assert "graded before the grader drifted" in told


def test_the_json_says_so_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No change, the reason, and the drifts that are known."""
    drifted(project)

    assert main(["progress", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    by_name = {each["series"]: each for each in document["series"]}
    assert by_name["q/me"]["not_compared"] == TOLD
    assert "change" not in by_name["q/me"]
    assert "not_compared" not in by_name["r/me"]
    assert document["drifts"] == [{"clean": "2026-11-01T13:00:00Z", "found": FOUND}]
    assert main(["progress", "q", "--format", "json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["series"]
    assert [each["case"] for each in one["apart"]] == ["q/me/2026-09-01"]


def test_the_page_and_its_charts_have_a_mark(project: Path) -> None:
    """The line of a series is broken at a dashed one; the means of the two sides are two curves and say so."""
    looked = looking_back.look(world=world_on(project, AFTERWARDS))
    progress_page.write_page(looked)
    charts = project / "reports/progress"
    whole = {file.name: file.read_text() for file in charts.glob("*.svg")}
    drifted(project)
    page = progress_page.write_page(looking_back.look(world=world_on(project, AFTERWARDS))).read_text()
    broken = {file.name: file.read_text() for file in charts.glob("*.svg")}

    (series,) = [name for name in whole if name.startswith("q-me")]
    (other,) = [name for name in whole if name.startswith("r-me")]
    assert "stroke-dasharray" not in whole[series]
    assert "drift 2026-11-20" in broken[series]
    assert "stroke-dasharray" in broken[series]
    assert broken[series].count("circle") == whole[series].count("circle")
    assert "stroke-dasharray" not in broken[other]
    assert "before the drift (2026-11-20)" in broken["overview.svg"]
    assert "since 2026-11-20" in page
    assert TOLD in page.replace("\\", "")


def test_two_runs_are_not_comparable_across_a_drift(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As with another model: the series are listed with the reason, and nothing is subtracted."""
    drifted(project)
    found, advice = comparing.compare(BEFORE, AFTER, world=world_on(project, AFTERWARDS))

    (row,) = found.of(Standing.NOT_COMPARABLE)
    assert row.why == ("the grader drifted between these gradings, check of 2026-11-20",)
    assert found.mean is None
    assert advice is not None
    assert advice.price.calls == 4  # both attempts of before, two criteria each
    assert main(["compare", BEFORE, AFTER, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["counts"]["not comparable"] == 1


def test_a_copied_grade_stays_comparable_with_itself(project: Path) -> None:
    """The same measurement in two runs, one made long after the drift: nothing has moved, and that may be said."""
    grades = (project / "reports" / BEFORE / "grades.jsonl").read_bytes()
    copied = "20261126T120000Z-0003"
    store_run(project, copied, {f"{n}/me/2026-08-01": {"example": (2.0,), "trade_offs": (2.0,)} for n in "qr"})
    (project / "reports" / copied / "grades.jsonl").write_bytes(grades)
    drifted(project)

    found, _ = comparing.compare(BEFORE, copied, world=world_on(project, AFTERWARDS))
    assert {row.standing for row in found.rows} == {Standing.COMPARED}
    assert {row.reading for row in found.rows} == {Reading.SAME}


def test_brief_and_coverage_hold_one_side_against_itself(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The best of what the grader of today graded; how many were left aside is said."""
    assert main(["brief", "q"]) == 0
    assert "best of 3" in capsys.readouterr().out
    drifted(project)
    assert main(["brief", "q", "r"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "2 attempts not compared, as the grader drifted" in told
    assert "best of 3" not in told
    assert "best of 2" in told  # the other series stands on one side


# --- runs and their reports --------------------------------------------------------------------------------


def graded(root: Path, server: api.ApiServer, when: str, **settings: Any) -> Run:
    given = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_samples": 1, **settings}
    return evalharness.run([], settings=given, world=world_on(root, when))


def found_at(root: Path, server: api.ApiServer) -> None:
    """Write a check that found a drift of the model behind `server`."""
    config = msgspec.structs.replace(load_project([], cwd=root).config, grader="anthropic", base_url=server.url)
    write_checks(root, [check_of(without_sending(config, world_on(root, AFTERWARDS)).id)])


def test_a_run_never_mixes_two_sides(tmp_path: Path) -> None:
    """After a found drift the latest two attempts are graded anew; the older one is left out, and that is said."""
    names = [f"q/2026-0{month}-01.md" for month in (7, 8)]
    root = write_project(tmp_path, answers(*names))
    with api.ApiServer(responder=ShiftingResponder()) as server:
        graded(root, server, "2026-10-20T12:00:00+00:00")
        write_project(root, {"q/2026-09-01.md": BETTER})
        reused = graded(root, server, "2026-10-25T12:00:00+00:00")
        sent = len(messages(server))
        found_at(root, server)
        after = graded(root, server, AFTERWARDS)

        assert len(messages(server)) - sent == 4
    assert reused.meta.reused > 0
    assert {attempt.id for attempt in reused.attempts} == {"2026-07-01", "2026-08-01", "2026-09-01"}
    assert {attempt.id for attempt in after.attempts} == {"2026-08-01", "2026-09-01"}
    assert all(grade.at > FOUND for grade in after.grades if grade.calls)
    assert "older attempts have no grade" in after.meta.notices[0]
    assert after.meta.breaks[0].found == FOUND
    assert pipeline.summary(after).series[0].difference == pytest.approx(0, abs=0.5)


def test_a_run_that_would_repeat_the_one_before_the_drift_does_not(tmp_path: Path) -> None:
    """Nothing in the files changed, but the grader did; afterwards nothing changes any more."""
    root = write_project(tmp_path)
    with api.ApiServer(responder=ShiftingResponder()) as server:
        first = graded(root, server, "2026-10-20T12:00:00+00:00")
        found_at(root, server)
        second = graded(root, server, AFTERWARDS)
        sent = len(messages(server))
        third = graded(root, server, "2026-11-27T12:00:00+00:00")

        assert len(messages(server)) == sent
    assert first.meta.id != second.meta.id == third.meta.id


def test_a_stored_run_is_rendered_with_what_was_found_since(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Graded in one run on two sides of a drift that nobody knew of then: every format says so now."""
    mixed = "20261126T120000Z-0003"
    both = {f"q/me/2026-0{n}-01": {"example": (3.0,), "trade_offs": (3.0,)} for n in (8, 9)}
    store_run(project, mixed, both)
    file = project / "reports" / mixed / "grades.jsonl"
    lines = file.read_text().splitlines()
    older = [line.replace("2026-11-26", "2026-10-26") if "08-01" in line else line for line in lines]
    file.write_text("".join(f"{line}\n" for line in older))
    before = pipeline.read_run(mixed)
    drifted(project)
    after = pipeline.read_run(mixed)

    assert pipeline.summary(before).series[0].difference is not None
    assert pipeline.summary(after).series[0].difference is None
    for form in ("md", "html", "text"):
        assert main(["report", mixed, "--format", form]) == 0
        told = " ".join(capsys.readouterr().out.replace("\\", "").split())
        assert "The grader drifted between 2026-11-01 and 2026-11-20" in told
        assert form == "text" or TOLD.replace("compared", "compared with 2026-08-01") in told
        assert form != "html" or 'class="num apart"' in told
    assert main(["report", mixed, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["series"][0]["not_compared"] == TOLD
    assert document["health"]["drifts"][0]["found"] == FOUND
    (ruling,) = judge_run(after, [project]).rulings
    assert (ruling.fails, ruling.warns, ruling.trial.advisory) == (False, True, True)


# --- a damaged file ---------------------------------------------------------------------------------------------


def damaged(root: Path, *, says: str = "att") -> Path:
    """Write a check that saw nothing and, under it, a found drift whose line nobody can read."""
    quiet = check_of(model_of(root), at="2026-11-10T09:00:00Z", verdict=Verdict.WITHIN_NOISE)
    write_checks(root, [quiet, check_of(model_of(root))])
    file = root / "labels/drift.jsonl"
    first, second = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(first + second.replace(b'"at"', b'"%s"' % says.encode()))
    return file


@pytest.mark.parametrize("command", ["run", "progress", "report", "drift", "compare", "coverage"])
def test_a_damaged_check_is_an_error_and_no_forgotten_drift(
    project: Path, capsys: pytest.CaptureFixture[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """File, line, what it means and what to do, before anything is graded or shown."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    damaged(project)
    if command == "drift":
        cases = load_project([], cwd=project).cases[:1]
        made = Anchors(made="2026-11-01T13:00:00Z", grader=model_of(project), cases=cases, levels={}, fingerprints={})
        plan = make_plan(cases, model_of(project), lambda _: True)
        made = msgspec.structs.replace(made, fingerprints=plan.fingerprints)
        (project / "labels/anchors.json").write_bytes(msgspec.json.encode(made))

    assert main([command, *{"compare": (BEFORE, AFTER)}.get(command, ())]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert (
        "error: labels/drift.jsonl:2 is not a check of the anchors (Object missing required field `at`); a found drift "
        "may be in it, so nothing is compared [store]\nhint: take the line from Git again; delete it only if you "
        "know that it held no found drift\n"
    ) in told.err


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"\n", "Input data was truncated"),
        (b"||||||| base\n", "JSON is malformed"),
        (b"\xff\n", "malformed"),
        (b'{"at": "' + b"\xff" + b'"}\n', "utf-8"),
        (b"[]\n", "Expected `object`"),
    ],
)
def test_any_line_that_is_no_check_is_an_error(project: Path, line: bytes, why: str) -> None:
    """Nobody can know what stood there."""
    drifted(project)
    file = project / "labels/drift.jsonl"
    file.write_bytes(line + file.read_bytes())

    with pytest.raises(StoreError, match=r"labels/drift\.jsonl:1 is not a check") as caught:
        anchoring.checks(project)
    assert why.lower() in caught.value.message.lower()


@pytest.mark.parametrize("name", ["at", "since"])
def test_a_time_that_is_none_is_damage_too(project: Path, name: str) -> None:
    """Times that can't be read would count for nothing where grades are told apart."""
    write_checks(project, [msgspec.structs.replace(check_of(model_of(project)), **{name: "last Friday"})])

    with pytest.raises(StoreError, match=f"drift.jsonl:1 .*`{name}` is not a time: 'last Friday'"):
        anchoring.checks(project)


def test_merge_marks_and_a_torn_last_line_are_passed_over(project: Path) -> None:
    """Both sides of a merge count; the check after a torn line begins a line of its own, and nothing is damaged."""
    both = [check_of(model_of(project), at=f"2026-11-{day}T09:00:00Z") for day in (20, 21)]
    one, other = (msgspec.json.encode(each) for each in both)
    file = project / "labels/drift.jsonl"
    file.parent.mkdir()
    file.write_bytes(b"<<<<<<< HEAD\r\n%s\r\n=======\r\n%s\n>>>>>>> theirs\n%s" % (one, other, one[:40]))
    assert list(anchoring.checks(project)) == both

    append_line(file, other)
    assert list(anchoring.checks(project)) == [*both, both[1]]


def test_a_last_check_that_lacks_only_its_newline_counts(project: Path) -> None:
    """As some editors leave it; the next check begins a line of its own."""
    drifted(project)
    file = project / "labels/drift.jsonl"
    line = file.read_bytes().rstrip(b"\n")
    file.write_bytes(line)
    assert [check.drifted for check in anchoring.checks(project)] == [True]

    append_line(file, line)
    assert len(anchoring.checks(project)) == 2


def test_a_drift_of_the_heuristic_is_one_too(tmp_path: Path) -> None:
    """A development version that changed without a new number: what it graded before is graded again, for free."""
    root = write_project(tmp_path)
    given = {"grader": "heuristic"}
    first = evalharness.run([], settings=given, world=world_on(root, "2026-10-20T12:00:00+00:00"))
    write_checks(root, [check_of(first.meta.grader)])
    second = evalharness.run([], settings=given, world=world_on(root, AFTERWARDS))

    assert first.meta.id != second.meta.id
    assert {g.reused_from for g in second.grades if g.criterion != "speaking_time"} == {""}
    assert anchoring.checks(root)[0].drifted


def test_a_calibration_is_of_the_grader_that_can_be_asked(project: Path) -> None:
    """Labels of two attempts, graded on two sides: only the newer one says how today's grader agrees."""
    loaded = load_project([], cwd=project)
    labels = [
        Label(rater="anna", case=case.key, rubric="talk", criterion="example", level=3.0)
        for case in loaded.cases
        if case.key in ("q/me/2026-08-01", "q/me/2026-09-01")
    ]
    before = calibrating.ratings(loaded, labels)
    drifted(project)
    after = calibrating.ratings(loaded, labels)

    assert [set(levels) for _, levels in before[0].graders] == [{"q/me/2026-08-01", "q/me/2026-09-01"}]
    assert [set(levels) for _, levels in after[0].graders] == [{"q/me/2026-09-01"}]

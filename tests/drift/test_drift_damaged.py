"""A drift check whose files were damaged: never a traceback, never exit 1, which means that the grader drifted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.load.drift import ANCHORS, CHECKS
from evalharness.store.runs import ATTEMPTS
from evalharness.store.writer import GRADES, RUN
from tests import apiserver as api
from tests.damages import DAMAGES, damage
from tests.responder import GradingResponder
from tests.support import many, write_project

CALLS, KEPT = 6, 3
"""One answer, two criteria, three samples."""

Said = tuple[int, str, int]


@pytest.fixture(scope="module")
def server() -> Iterator[api.ApiServer]:
    with api.ApiServer(responder=GradingResponder()) as server:
        yield server


def drift(root: Path, server: api.ApiServer, capsys: pytest.CaptureFixture[str], *more: str) -> Said:
    """Return how the command ended, what it told, and how many calls it made."""
    before = server.bill.replies
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("ANTHROPIC_API_KEY", "test-key")
        capsys.readouterr()
        code = main(["drift", *more])
    printed = capsys.readouterr()
    return code, " ".join(f"{printed.out} {printed.err}".split()), server.bill.replies - before


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, server: api.ApiServer) -> Path:
    """A project with anchors, one check of them, and another that ended after three of its six grades."""
    root = tmp_path_factory.mktemp("recorded")
    config = f"grader: anthropic\nauthor: me\nmax_usd: 0\nconcurrency: 1\nbase_url: {server.url}\n"
    write_project(root, many(1), config=f"{config}retry: {{scale: 0.01}}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("ANTHROPIC_API_KEY", "test-key")
        assert main(["drift", "--record"]) == 0
        assert main(["drift"]) == 0
        assert main(["drift"]) == 0
    run, grades = begun(root) / RUN, begun(root) / GRADES
    run.write_text(run.read_text().replace('"state": "finished"', '"state": "interrupted"'))
    grades.write_bytes(b"".join(grades.read_bytes().splitlines(keepends=True)[:KEPT]))
    return root


@pytest.fixture
def project(recorded: Path, tmp_path: Path) -> Path:
    return shutil.copytree(recorded, tmp_path / "p")


def begun(root: Path) -> Path:
    """Return the folder of the check that is not finished."""
    return max((root / "reports/anchors").iterdir())


def test_a_check_continues_what_was_begun(
    project: Path, server: api.ApiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    """Undamaged: only what is missing is asked."""
    assert drift(project, server, capsys)[::2] == (0, CALLS - KEPT)


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("file", [ATTEMPTS, GRADES, RUN])
def test_a_damaged_check_is_made_all_the_same(
    project: Path, server: api.ApiServer, capsys: pytest.CaptureFixture[str], file: str, name: str
) -> None:
    """What is left of it is used; a check has all its grades in the end, and the next one makes its own."""
    folder = begun(project)
    damage(folder / file, name)

    code, told, calls = drift(project, server, capsys)

    assert code == 0
    assert 0 < calls <= CALLS
    if calls == CALLS and file == RUN:
        assert f"left out, grades without a whole run.json in anchors/: {folder.name}" in told
    assert drift(project, server, capsys)[::2] == (0, CALLS)


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("file", [ANCHORS, CHECKS])
def test_damaged_anchors_and_checks_are_told(
    project: Path, server: api.ApiServer, capsys: pytest.CaptureFixture[str], file: str, name: str
) -> None:
    """A damaged file ends the command before it asks anything, with its name; what is no damage changes nothing."""
    path = project / "labels" / file
    damage(path, name)

    code, told, calls = drift(project, server, capsys)

    assert code in {0, 2}
    if code == 2:
        assert calls == 0
        assert path.name in told or "no anchors are recorded yet" in told
    elif name == "torn":
        assert f"the last line of labels/{CHECKS} was cut off" in told

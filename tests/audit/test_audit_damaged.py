"""A stored audit that was damaged: the card is the same, what is lost is told and asked for again, nothing else is."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from evalharness.cli import main
from evalharness.store.runs import ATTEMPTS
from evalharness.store.writer import GRADES, RUN
from tests import apiserver as api
from tests.damages import DAMAGES, damage
from tests.responder import GradingResponder
from tests.support import many, write_project

KEEPS = {(GRADES, "merged twice"), (GRADES, "another attempt")}
"""What takes nothing away: a line that is there twice, and names, since a grade is found by its key."""


class Audited(NamedTuple):
    """A project with a finished audit: its folder, how the command ended, what it printed, how many calls it made."""

    root: Path
    server: api.ApiServer
    code: int
    card: str
    calls: int


def audit(root: Path, server: api.ApiServer, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str, int]:
    before = server.bill.replies
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.setenv("ANTHROPIC_API_KEY", "test-key")
        capsys.readouterr()
        code = main(["audit", "talk", "--format", "json"])
    printed = capsys.readouterr()
    return code, printed.out, " ".join(printed.err.split()), server.bill.replies - before


@pytest.fixture(scope="module")
def server() -> Iterator[api.ApiServer]:
    with api.ApiServer(responder=GradingResponder()) as server:
        yield server


@pytest.fixture
def audited(
    tmp_path_factory: pytest.TempPathFactory, server: api.ApiServer, capsys: pytest.CaptureFixture[str]
) -> Audited:
    """A copy of a project that is audited once for all tests of this file."""
    if not _first:
        root = tmp_path_factory.mktemp("audited")
        config = f"grader: anthropic\nauthor: me\nmax_usd: 0\nbase_url: {server.url}\nretry: {{scale: 0.01}}\n"
        write_project(root, many(1), config=config)
        code, card, _, calls = audit(root, server, capsys)
        _first.append(Audited(root, server, code, card, calls))
    copy = tmp_path_factory.mktemp("copy") / "p"
    shutil.copytree(_first[0].root, copy)
    return _first[0]._replace(root=copy)


_first: list[Audited] = []


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("file", [ATTEMPTS, GRADES, RUN])
def test_a_damaged_audit_ends_as_it_did(
    audited: Audited, capsys: pytest.CaptureFixture[str], file: str, name: str
) -> None:
    """The same exit code and the same card, whatever is left of the store; what is asked again was said to be lost."""
    (folder,) = (audited.root / "reports/audit").iterdir()
    changed = damage(folder / file, name)

    code, card, told, calls = audit(audited.root, audited.server, capsys)

    assert (code, card) == (audited.code, audited.card)
    assert bool(calls) == (changed and file != ATTEMPTS and (file, name) not in KEEPS)
    if calls:
        assert folder.name in told
        assert "made again" in told or "graded again" in told


def test_an_audit_whose_files_cannot_be_opened_says_so(audited: Audited, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder in the place of a file."""
    (folder,) = (audited.root / "reports/audit").iterdir()
    (folder / ATTEMPTS).unlink()
    (folder / ATTEMPTS).mkdir()

    code, card, told, calls = audit(audited.root, audited.server, capsys)

    assert (code, card, calls) == (audited.code, audited.card, audited.calls)
    assert f"{folder.name}/{ATTEMPTS}" in told

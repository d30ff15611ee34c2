"""A repository with two answers, and no key of the person who runs the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.repository import WEAK, Repository
from tests.support import ANSWER

SECRETS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_BASE_URL")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    made = Repository(tmp_path / "answers", {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": WEAK})
    monkeypatch.chdir(made.root)
    return made

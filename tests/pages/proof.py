"""Which pages there are, where each begins, and their run."""

from __future__ import annotations

import shutil
from pathlib import Path

from evalharness.init.workflow import init
from tests import apiserver as api
from tests.pages.blocks import examples
from tests.pages.shell import Done, Runner
from tests.responder import GradingResponder

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
IN_A_CLONE = ("README.md", "start.md")  # these begin before there is anything; the others in a new repository with
ANSWERED = ("mission/correctness-over-speed", "culture/responsibility")  # these two of the shipped questions, answered


def models() -> dict[str, api.Model]:
    """Return the server's models and one that a reader may run."""
    import dataclasses

    local = dataclasses.replace(api.MODELS["claude-sonnet-5-5"], id="my-local-model")
    return {**api.MODELS, local.id: local}


def prove(page: Path, place: Runner, *, shell: str = "bash") -> list[Done]:
    """Run one page from its beginning, with a model of its own: what it says never depends on another page."""
    start = place.folder / (page.stem if shell == "bash" else f"{page.stem}-{shell}")
    if page.name in IN_A_CLONE:
        for name in ("cases", "rubrics", "reports/sample"):
            shutil.copytree(ROOT / name, start / name)
        shutil.copyfile(ROOT / "evalharness.yaml", start / "evalharness.yaml")
        place.link_tools(start / ".venv")
    else:
        init(start)
        for question in ANSWERED:
            shutil.copytree(ROOT / "cases" / question, start / "cases" / question)
    slow = api.BatchPlan(polls=1, slow=1)  # the first look finds a batch under way; nobody waits for those that follow
    with api.ApiServer(responder=GradingResponder(), models=models(), key=None, batches=slow) as server:
        return place.run(examples(page.read_text("utf-8")), start, server.url, shell=shell)

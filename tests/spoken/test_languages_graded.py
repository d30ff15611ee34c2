"""One answer in each language through a model grader: it is sent as it was said, and quotes in it are found."""

from __future__ import annotations

from pathlib import Path

import pytest

import evalharness
from evalharness.model.nouns import By, Graded
from evalharness.model.run import RunState
from tests.apiserver import ApiServer
from tests.responder import GradingResponder
from tests.support import RUBRIC, world_at, write_project
from tests.text.test_tongues import COUNTED

QUESTION = "question: {asked}\nrubric: talk\ntime_limit: 60 s\nlanguage: {code}\n"
ASKED = {
    "en": "Why us?",
    "de": "Warum wir?",
    "es": "\u00bfPor qu\u00e9 nosotros?",
    "fr": "Pourquoi nous ?",
    "pt": "Por que n\u00f3s?",
    "zh": "\u4e3a\u4ec0\u4e48\u9009\u62e9\u6211\u4eec\uff1f",
    "ja": "\u306a\u305c\u5f0a\u793e\u3067\u3059\u304b\u3002",
}


@pytest.mark.parametrize("code", COUNTED)
def test_an_answer_is_graded_in_its_own_language(tmp_path: Path, code: str) -> None:
    """Every criterion gets a level; every quotation is words of the answer, and its report opens with the question."""
    text = COUNTED[code][0]
    root = write_project(
        tmp_path, {"asked/2026-10-02.md": f"{text}\n"}, rubric=RUBRIC.replace("min_words: 8", "min_words: 5")
    )
    (root / "cases/asked/question.yaml").write_text(
        QUESTION.format(asked=repr(ASKED[code]), code=code), encoding="utf-8"
    )

    with ApiServer(responder=GradingResponder()) as server:
        run = evalharness.run(
            [],
            settings={"grader": "anthropic", "base_url": server.url},
            world=world_at(root, environment={"ANTHROPIC_API_KEY": "test-key"}),
        )
        sent = "".join(str(request.body) for request in server.requests)

    assert run.meta.state is RunState.FINISHED
    levels = [grade.outcome for grade in run.grades if isinstance(grade.outcome, Graded)]
    assert len(levels) == len(run.grades) == 3
    quoted = [quote for outcome in levels if outcome.by is By.GRADER for quote in outcome.evidence]
    assert quoted
    assert all(text[quote.start : quote.end] == quote.text for quote in quoted)
    assert ASKED[code] in sent
    assert text.split()[0] in sent
    assert ASKED[code] in (root / "reports" / run.meta.id / "report.md").read_text(encoding="utf-8")

"""The brief as a page for a phone, as cards, as JSON: the same sentences as on the screen, and nothing else in them."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given

from evalharness.brief import as_json, cards, page
from evalharness.brief.brief import Brief, brief
from evalharness.cli import main
from evalharness.history.nouns import History
from evalharness.results.aggregate import summarise

from ..reports.texts import run_with, words
from ..support import RUBRIC, write_project
from .test_brief import TODAY, TUESDAY, export, history, result


class _Read(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.told = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.told += data


def evening() -> Brief:
    bare = result("alarms", "2026-11-01", "Um, we turned alarms off.\nIt was quiet.\n", limit=None)
    return brief(history(export("2026-09-01", level=1), export(), bare), on=TODAY, interview=TUESDAY)


def rows(text: str) -> list[list[str]]:
    """Return the cards as a program reads them: Anki's settings are lines that begin with '#'."""
    return list(csv.reader(line for line in text.splitlines(keepends=True) if not line.startswith("#")))


def test_the_page_says_what_the_screen_says_and_runs_nothing() -> None:
    """Every question, line, number and step is there; no script, nothing from a network."""
    found = evening()

    told = page.page(found, again="evalharness run")
    read = _Read(told)

    for said in (
        "Brief for 2026-11-24, in 4 days",
        "We gave up strict ordering, maybe for good.",
        "late files went from 40 a week to 3",
        "Price, now 2 of 5",
        "Who noticed first?",
        "Grade with: evalharness run",
    ):
        assert said in " ".join(read.told.split())
    assert "script" not in read.tags
    assert "src" not in read.attributes
    assert 'name="viewport" content="width=device-width' in told


def test_cards_ask_the_question_each_number_and_the_question_back() -> None:
    """Anki's head, then three kinds of cards; the number is left out on the front and is the back."""
    text = cards.cards(brief(history(export()), on=TODAY))

    found = rows(text)
    assert text.startswith("#separator:Comma\n#html:true\n")
    assert found[0][0] == "What did you change?"
    assert "I moved the export to a queue" in found[0][1]
    assert found[0][1].endswith("Next: a good answer: All of it stands there.")
    assert ["export: I moved the export to a queue, and late files went from [...].", "40 a week to 3"] in [
        card[:2] for card in found
    ]
    assert found[-1] == ["export: follow-up question?", "What would you have kept?", "evalharness export"]


def test_no_card_is_run_by_a_spreadsheet() -> None:
    """A sentence that begins like a formula, or like a setting of Anki's, is text."""
    for first in "=+-@#":
        text = f"{first}HYPERLINK(1) was it, and we lost 40 files.\n"
        told = cards.cards(brief(history(result("export", "2026-10-02", text)), on=TODAY))

        assert all(cell[:1] not in tuple("=+-@#") for card in rows(told) for cell in card)


def test_json_holds_the_same_brief() -> None:
    """A program finds question, score, lines, numbers, the weakest point and the order of steps."""
    found = json.loads(as_json.json(evening()))

    first = next(each for each in found["questions"] if each["id"] == "export")
    assert (found["format"], found["interview"], found["days"]) == (1, "2026-11-24", 4)
    assert first["numbers"][0]["text"] == "40 a week to 3"
    assert first["weakest"]["criterion"] == "price"
    assert found["start_here"][0]["criterion"] == "price"
    assert next(each for each in found["questions"] if each["id"] == "alarms")["score"] is None


@given(words)
def test_nothing_written_by_others_becomes_markup_or_another_card(text: str) -> None:
    """The same text in every place that somebody else than us writes."""
    run = run_with(text)
    known = History(grader=run.meta.grader, series=summarise(run).series, rubrics=run.meta.rubrics)
    found = brief(known, on=TODAY)

    plain = _Read(page.page(evening(), again="x"))
    read = _Read(page.page(found, again="x"))
    told = cards.cards(found)

    assert read.tags <= plain.tags
    assert read.attributes <= plain.attributes
    assert {len(card) for card in csv.reader(io.StringIO(told.removeprefix(cards.HEAD)))} <= {3}
    assert json.loads(as_json.json(found))["format"] == 1


@pytest.mark.parametrize("name", ["html", "cards", "json"])
def test_each_form_is_printed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the command line, before anything is graded."""
    write_project(tmp_path, rubric=RUBRIC, config="grader: heuristic\n")
    monkeypatch.chdir(tmp_path)

    assert main(["brief", "--format", name]) == 0
    assert "What did you change, and what did it cost?" in capsys.readouterr().out


def test_questions_without_an_answer_are_named_the_night_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the brief and in a run; what they ask the interviewer is shown all the same."""
    root = write_project(tmp_path, config="author: me\ngrader: heuristic\n")
    (root / "cases/why-us").mkdir()
    ask = "question: Why us?\nrubric: talk\nto_ask: [How do you decide what not to build?]\n"
    (root / "cases/why-us/question.yaml").write_text(ask)
    monkeypatch.chdir(root)

    assert main(["run"]) == 0
    assert "1 question without an answer: why-us" in capsys.readouterr().err
    assert main(["brief"]) == 0
    told = capsys.readouterr().out
    assert "1 question without an answer: why-us" in told
    assert "How do you decide what not to build?" in told

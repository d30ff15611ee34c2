"""One document of each kind that people have, and some more about who asks whom, each with its truth beside it.

They were written before anybody looked at what import makes of them. First look at the sixteen: questions 31 of 39
found (54 % of what was found is true), answers 26 of 31, questions to ask them 25 of 45. Import was then changed for
the kinds of mistakes seen there; the two questions asked back inside of an answer (`ask-inline`) stay a part of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evalharness.cli import main
from evalharness.documents.direction import seeks, turned
from evalharness.documents.formats import read_lines
from evalharness.documents.nouns import FoundDocument
from evalharness.importing import offline, read
from evalharness.importing.found import build
from evalharness.importing.verify import verify
from evalharness.text.words import fold_text
from tests.importing.made_files import as_file

KINDS = sorted((Path(__file__).parent.parent / "data" / "kinds").glob("*.expected.json"))
MADE = ("gdoc", "word", "pdf", "notion", "obsidian", "mail", "chat", "sheet", "transcript", "phone")


def opened(expected: Path) -> tuple[dict[str, Any], FoundDocument]:
    """Return the truth about a document, and what is found in it."""
    stem = expected.name.removesuffix(".expected.json")
    document = next(file for file in expected.parent.glob(f"{stem}.*") if file != expected)
    lines = read_lines(*as_file(document))
    return json.loads(expected.read_text(encoding="utf-8")), build(lines, verify(lines, offline.label(lines)).labels)


def test_each_kind_is_there() -> None:
    """Ten kinds of documents, none forgotten."""
    assert {kind for kind in MADE if any(file.name.startswith(kind) for file in KINDS)} == set(MADE)


@pytest.mark.parametrize("expected", KINDS, ids=lambda file: file.name.removesuffix(".expected.json"))
def test_a_kind_of_document_is_read(expected: Path) -> None:
    """What they ask is found, and nothing else; each answer begins where it does; what to ask them is kept apart."""
    truth, found = opened(expected)

    assert [fold_text(q.text) for q in found.questions] == [fold_text(q["text"]) for q in truth["questions"]]
    for question, wanted in zip(found.questions, truth["questions"], strict=True):
        if "answer" in wanted:
            assert question.answers[0].text.lstrip("- ").startswith(wanted["answer"])
    asked = [fold_text(passage.text) for passage in found.to_ask]
    assert [text for text in truth["to_ask"] if fold_text(text) not in asked] == []


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("How do you guys handle call-outs?", 1),
        ("Which of your sites is the hardest to staff?", 1),
        ("When will I hear from you?", 1),
        ("What does a normal week look like for your team?", 1),
        ("Darf Ihr Team im Sommer drau\u00dfen arbeiten?", 1),
        ("Tell me about a time when you failed.", -1),
        ("What is your greatest weakness?", -1),
        ("Why do you want to join us?", -1),
        ("What have you learned from it?", -1),
    ],
)
def test_the_persons_of_a_question_tell_who_asks(text: str, sign: int) -> None:
    """A candidate asks of the future and of a team; whoever asks a candidate asks of one person and of the past."""
    assert seeks(text) * sign > 0


@pytest.mark.parametrize(
    ("heading", "sign"),
    [
        ("Stuff I want to find out", 1),
        ("for them", 1),
        ("My turn", 1),
        ("Was ich wissen will", 1),
        ("LES PREGUNTO", 1),
        ("Alla fine tocca a me:", 1),
        ("Ce que je voudrais savoir", 1),
        ("When they ask whether you have questions", 1),
        ("They ask", -1),
        ("Questions I expect", -1),
        ("Questions they may ask me", -1),
        ("Was sie wissen wollen", -1),
        ("ME PREGUNTAR\u00c1N", -1),
        ("Likely questions", 0),
    ],
)
def test_the_persons_of_a_heading_tell_who_asks_below_it(heading: str, sign: int) -> None:
    """Who stands before the asking, and whether it is wished for or expected."""
    assert (turned(heading) > 0) - (turned(heading) < 0) == sign


def test_what_a_mail_quotes_and_nobody_answers_is_context() -> None:
    """A question in the history of a mail is none of the interview; questions answered between the lines are."""
    head = "Hi Ana,\n\n{}\n\nOn 3 May 2026 at 10:00, Ana Lind wrote:\n"
    history = read(
        head.format("you will be asked this:\n\n1. Why us?\n2. What did you break?") + "> Hi Dana, who will I meet?\n"
    )
    between = read(
        head.format("my comments are below.")
        + "> Why us?\n> I ran a depot for six years.\n\nShorter please.\n\n> What did you break?\n> A key.\n\nGood.\n"
    )

    assert [q.text for q in history.questions] == ["Why us?", "What did you break?"]
    assert ("> " in str(history.ignored), history.ignored[-1].why) == (False, "an earlier mail")
    assert [q.answers[0].text for q in between.questions] == ["I ran a depot for six years.", "A key."]


ANSWERS = """1. Why us?

I ran a depot for six years, and the people there told me about you. I want to learn how you plan a week.

2. What did you break?

A key, in the lock of the cold store, on a Sunday. I rang my manager at once and we saved all but two pallets.

"""


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(
            "- What changed last year?\n- Who covers nights\n- Is there a plan for the depot?\n", id="another make"
        ),
        pytest.param(
            "Ask her:\n1. What changed?\n2. Who covers nights\n3. Is there a plan?\n", id="a line leads to it"
        ),
        pytest.param(
            '## Smart questions to ask\n\n1. "What changed?" - *shows interest*\n2. "Who covers nights?" - *useful*\n'
            '3. "Is there a plan for the depot?" - *a strong end*\n',
            id="a remark is no answer",
        ),
    ],
)
def test_a_list_that_nobody_answers_is_for_them(asked: str) -> None:
    """Whatever it is called: the questions above it are answered at length, and these are not."""
    found = read(ANSWERS + asked)

    assert [q.text for q in found.questions] == ["Why us?", "What did you break?"]
    assert len(found.to_ask) == 3


@pytest.mark.parametrize("head", ["{}  0:{:02}", "[{}] 10:02:{:02}"])
def test_a_short_talk_with_clocks_is_read_by_its_speakers(head: str) -> None:
    """A name and a clock alone on a line are who speaks; what the interviewer only remarks is no person."""
    said = (
        ("Jordan Lee", "Why did you stop the launch?"),
        ("Priya Nair", "For one reason: the transfer failed twice in a row."),
        ("Jordan Lee", "Thank you."),
    )
    found = read("".join(f"{head.format(name, 7 * at)}\n{text}\n\n" for at, (name, text) in enumerate(said)))

    assert [q.text for q in found.questions] == ["Why did you stop the launch?"]
    assert found.questions[0].answers[0].text.startswith("For one reason")
    assert found.interviewer != "Thank, you"


def test_notes_that_only_ask_them_are_imported_and_shown_by_brief(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One question stands for the end of the interview and keeps the list; the same notes again change nothing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evalharness.yaml").write_text("author: me\n")
    (tmp_path / "ask.md").write_text(
        "# To find out\n\n- Who covers nights?\n- Is there a plan for your Dunmore site?\n"
    )

    assert main(["import", "ask.md", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "2 questions to ask them, and none that they ask" in told
    assert main(["brief"]) == 0
    assert "- Who covers nights?\n- Is there a plan for your Dunmore site?" in capsys.readouterr().out
    assert main(["import", "ask.md", "--yes"]) == 0
    assert "nothing is new in this document" in capsys.readouterr().out


def test_the_usual_time_limit_is_shown_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A limit that no document gives is not a surprise in a file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "evalharness.yaml").write_text("author: me\n")
    text = "# Notes\n\n## Why us?\n\nI ran a depot for six years.\n\nFollow-up to ask back: What came of it?\n"
    (tmp_path / "notes.md").write_text(text)

    assert main(["import", "notes.md", "--dry-run"]) == 0
    assert "time limit 60 s (the usual one)" in capsys.readouterr().out

"""What is written of a document: answers without orders to their speaker, limits, names, lines that can be found."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.documents.formats import counted, read_lines
from evalharness.drafting.slugs import slug, subject
from evalharness.importing import read

TOLD = """# Notes

## Tell me about a promise that you broke

- I promised the depot 14 days
- (pause, smile)
- it took us 23
- look at the engineer here
- rang them on day nine
- don't mention the price

## What would you do in your first week?

- meet everyone on the night shift
- don't change anything
- write down what breaks
"""


def test_what_tells_the_speaker_what_to_do_is_no_piece_of_what_was_done() -> None:
    """Among lines that tell, an order is a note; where the answer is a list of orders, they are the answer."""
    told, plan = read(TOLD).questions

    assert told.answers[0].text == "- I promised the depot 14 days\n- it took us 23\n- rang them on day nine"
    assert set(told.notes) == {"(pause, smile)", "look at the engineer here", "don't mention the price"}
    assert "don't change anything" in plan.answers[0].text


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("Each answer: 90 seconds at most.", 90.0),
        ("Keep them under two minutes, they said.", 120.0),
        ("Video call on 21 May, 45 minutes. My long answers are below.", None),
        ("Five minutes in a caf\u00e9 and you will have them done.", None),
        ("Arrive ten minutes early and greet the desk.", None),
    ],
)
def test_a_time_is_a_limit_where_it_bounds_an_answer(line: str, limit: float | None) -> None:
    """How long a meeting is, or anything else takes, is no time to speak."""
    found = read(f"# Round two\n\n{line}\n\n## Why us?\n\nBecause I read your report on the pier.\n")

    assert found.time_limit == limit


MAIL = """\
From: Ada <ada@post.example>
Subject: Thursday
MIME-Version: 1.0
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: {encoding}

{body}"""


def test_a_line_of_a_mail_is_where_its_file_has_it() -> None:
    """Soft breaks are no lines, and the head counts, so that an editor jumps to the line that import names."""
    mail = MAIL.format(encoding="quoted-printable", body="Hi,\n\nWhy =\nus?\nBecause I re=\nad it.\nBye\n")

    lines = {line.text: line.place for line in read_lines(mail.encode(), "a.eml")}

    assert (lines["Why us?"], lines["Because I read it."], lines["Bye"]) == (9, 11, 13)
    assert counted(mail.encode(), "a.eml") == ""


def test_lines_that_cannot_be_found_in_the_file_say_what_they_count() -> None:
    """A mail that is encoded as a whole has no lines of its own."""
    mail = MAIL.format(encoding="base64", body="V2h5IHVzPwpCZWNhdXNlLg==\n").encode()

    assert [line.place for line in read_lines(mail, "a.eml")] == [1, 3, 4]
    assert "its subject is line 1" in counted(mail, "a.eml")
    assert counted(Path(__file__).read_bytes(), "a.py") == ""


@pytest.mark.parametrize(
    ("question", "name", "title"),
    [
        ("What would you never serve?", "what-would-you-never-serve", "What would you never serve"),
        ("Tell me about an alarm that nobody believed", "alarm-nobody-believed", "Alarm that nobody believed"),
        ("How do you look after yourself?", "look-after-yourself", "Look after yourself"),
        ("Tell us about a time you had to say no to a loan.", "say-no-to-loan", "Say no to a loan"),
        ("Where do you want to be in 3 years?", "where-3-years", "Where do you want to be in 3 years"),
        ("Telling the mayor no", "telling-mayor-no", "Telling the mayor no"),
        ("Walk me through your piece (10 min)", "piece-10-min", "Piece (10 min)"),
        (
            "What is \u201cgood enough\u201d for a bridge?",
            "good-enough-for-bridge",
            "\u201cGood enough\u201d for a bridge",
        ),
        ("How do you think about time in a long repair?", "time-in-long-repair", "Time in a long repair"),
        ("Hoe ga je om met een boze klant?", "hoe-ga-je", "Hoe ga je om met een boze klant"),
    ],
)
def test_a_name_is_one_stretch_of_the_words_asked(question: str, name: str, title: str) -> None:
    """No holes, no half sentence, no number in front; the title is the same stretch as it is written."""
    assert slug(question, "other") == name
    assert subject(question) == title

"""Notes as people type them in a hurry: no marks, question and answer in one line, names instead of headings."""

from __future__ import annotations

import pytest

from evalharness.documents.direction import turned, wishes
from evalharness.importing import read

ANSWER = "I ran the night shift for three years and believed two of the fourteen alarms."

BLOCKS = {
    "why boats": "grew up on one. my uncle's ferry, every summer",
    "tell me about a bad day": "engine out at the pier, i rang ahead and walked the people over",
    "strengths": "calm. i remember names",
    "what if somebody shouts": "let him finish, then the timetable",
    "tickets": "radio and first aid, both until 2028",
}


def test_terse_notes_are_questions_where_some_of_them_ask() -> None:
    """Nothing marks a question but its place, the first line of a block; what leads and what ends the notes is none."""
    led, closed = "deck hand wed 9\nquay 4, ask for Tove", "ask them\nwho sails on sundays\n\ndont be late\nwear boots"
    blocks = "\n\n".join(f"{asked}\n{said}" for asked, said in BLOCKS.items())
    found = read(f"{led}\n\n{blocks}\n\n{closed}\n")

    assert [question.text for question in found.questions] == list(BLOCKS)
    assert [question.answers[0].paragraphs for question in found.questions] == [(said,) for said in BLOCKS.values()]
    assert [asked.text for asked in found.to_ask] == ["who sails on sundays"]


@pytest.mark.parametrize("mark", ["- {}: {}", "{}: {}", "- {} -> {}"])
def test_a_topic_and_what_is_told_of_it_in_one_line(mark: str) -> None:
    """Each line is cut at its colon or arrow, also where its topic asks nothing."""
    told = {
        "Why boats": "I grew up on one.",
        "Bad day": "my engine stopped at the pier and I rang ahead",
        "Why leave the yard": "They sold it, I stayed to the last week.",
        "Tickets": "I have radio and first aid",
    }
    lines = "\n".join(mark.format(topic, said) for topic, said in told.items())
    found = read(f"# Deck hand\n\n{lines}\n")

    assert [question.text for question in found.questions] == list(told)
    assert [question.answers[0].text for question in found.questions] == list(told.values())


def test_questions_that_are_answered_in_their_own_line() -> None:
    """The answer goes on behind the question mark; the invitation at the end holds what to ask."""
    found = read(
        "Rehearsal\n\n1) Why boats? \u2013 I grew up on one.\n2) What was your worst day? \u2013 The pier, in fog.\n"
        "3) Can you cook? \u2013 Yes, for twelve.\n"
        "4) Do you have questions for us? \u2013 Who sails on Sundays? / Is there a cabin?\n"
    )

    assert [question.text for question in found.questions][1:] == ["What was your worst day?", "Can you cook?"]
    assert found.questions[1].answers[0].text == "The pier, in fog."
    assert [asked.text for asked in found.to_ask] == ["Who sails on Sundays?", "Is there a cabin?"]


def test_facts_of_a_company_and_parts_of_a_story_are_not_cut() -> None:
    """Labels in a row that tell of no speaker, or of the parts of one answer, stay what they are."""
    facts = "About them\n\n- Fleet: six boats\n- Crew: forty in summer\n- Owner: the town\n"
    story = "Tell me about a bad day\n\nSituation: I was alone.\nAction: I rang ahead.\nResult: I got them over.\n"
    questions = read(f"{story}\n{facts}").questions

    assert len(questions) == 1
    assert "I was alone." in questions[0].answers[0].text


def test_what_stands_under_the_name_of_a_person_is_for_them() -> None:
    """The names stand within lines further up; the questions have no mark."""
    found = read(
        "# Deck hand\n\nWith Tove Lind (captain) and Per Aas (office).\n\n## Likely\n\n**Why boats?**\n\n"
        "I grew up on one.\n\n**What was your worst day?**\n\nThe pier, in fog. I rang ahead.\n\n"
        "## Tove\n\n- how many of you are on deck in winter\n- who decides when to stay in\n\n"
        "## Per\n\n- Is there a cabin?\n"
    )
    theirs = ["how many of you are on deck in winter", "who decides when to stay in", "Is there a cabin?"]

    assert [question.text for question in found.questions] == ["Why boats?", "What was your worst day?"]
    assert [asked.text for asked in found.to_ask] == theirs


def test_offers_of_a_chat_tool_at_the_end_of_each_turn_are_left_out() -> None:
    """In any language: the only bare lines that ask, where a turn ends; all other questions are set off."""
    found = read(
        "**T\u00fa dijiste:**\n\ndame dos preguntas\n\n**ChatGPT dijo:**\n\n"
        "### 1. \u201c\u00bfPor qu\u00e9 barcos?\u201d\n\n**Respuesta:** Crec\u00ed en uno.\n\n"
        "### 2. \u201c\u00bfQu\u00e9 har\u00edas con niebla?\u201d\n\n**Respuesta:** Parar y avisar.\n\n"
        "\u00bfQuieres que prepare m\u00e1s?\n\n**T\u00fa dijiste:**\n\nuna m\u00e1s\n\n**ChatGPT dijo:**\n\n"
        "### 3. \u201c\u00bfSabes cocinar?\u201d\n\n**Respuesta:** Para doce.\n\n"
        "\u00bfTe gustar\u00eda que las acorte?\n"
    )
    told = [question.answers[0].text for question in found.questions]

    assert told == ["Crec\u00ed en uno.", "Parar y avisar.", "Para doce."]
    assert [question.text.strip("\u00bf?") for question in found.questions][1:] == [
        "Qu\u00e9 har\u00edas con niebla",
        "Sabes cocinar",
    ]
    assert not found.to_ask


def test_a_list_of_orders_that_stands_once_is_the_answer() -> None:
    """A question about what to do is answered by what to do; a hint would stand alone, or under several questions."""
    found = read(
        "### Why boats?\n\nI grew up on one.\n\n### Fog comes in \u2013 what do you do first?\n\n"
        "1. Look at the people, not at the screen.\n2. Ring the pier and put out the horn.\n"
        "3. Tell the deck what we won't do.\n"
    )

    assert len(found.questions[1].answers[0].paragraphs) == 3


def test_remarks_with_an_arrow_are_no_part_of_an_answer() -> None:
    """What points at the line above speaks of it."""
    found = read("Why boats?\nI grew up on one.\n--> shorter\n\nWhat was your worst day?\nThe pier. I rang ahead.\n")

    assert [question.answers[0].text for question in found.questions] == [
        "I grew up on one.",
        "The pier. I rang ahead.",
    ]


def test_a_sheet_in_parts() -> None:
    """A title alone in its row begins another part: what to ask, and below an empty row what else there is."""
    rows = [
        "#,Question,My answer,Notes to me",
        "1,Why boats?,I grew up on one and never left.,smile",
        "2,What was your worst day?,I rang ahead at the pier.,the long one",
        "3,Can you cook?,Yes for twelve people.,",
        ",,,",
        ",ASK THEM,,",
        ",Who sails on Sundays?,,only if there is time left",
        ",Is there a cabin?,,",
        ",,,",
        ",Dress,,",
        ",boots and a jumper,,",
    ]
    found = read("\n".join(rows), "prep.csv")

    assert [len(question.answers) for question in found.questions] == [1, 1, 1]
    assert [asked.text for asked in found.to_ask] == ["Who sails on Sundays?", "Is there a cabin?"]


@pytest.mark.parametrize(
    ("heading", "theirs"),
    [
        ("Preguntas que puedes hacer t\u00fa al final", True),
        ("Preguntas que te har\u00e1n", False),
        ("preguntar a Lola", True),
        ("Domande per loro", True),
        ("Questions \u00e0 poser \u00e0 la fin", True),
        ("Your question at the end", True),
        ("Fragen an mich", False),
    ],
)
def test_more_languages_say_who_asks(heading: str, theirs: bool) -> None:
    """A heading turns what is asked below it to them, or to the one who answers."""
    assert (turned(heading) >= 0.6) is theirs


def test_wishes_in_a_row_are_single_questions() -> None:
    """Behind a colon or in a sentence, with "and" between them."""
    groups = wishes("Questions I have for them: how big are the groups, and who pays for the boots?")
    boats = wishes("I want to ask them how many boats sail and whether they heat the cabins.")

    assert groups == ("how big are the groups", "who pays for the boots?")
    assert boats == ("how many boats sail", "whether they heat the cabins")


def test_a_single_question_for_the_end_belongs_to_no_answer() -> None:
    """The only heading of its kind, below the last of several answers."""
    found = read(
        "Why boats?\nI grew up on one.\n\nWhat was your worst day?\nThe pier. I rang ahead.\n\n"
        "Your question at the end should be about the cabin:\nWho sleeps in the cabin in winter?\n"
    )

    assert [asked.text for asked in found.to_ask] == ["Who sleeps in the cabin in winter?"]
    assert not any(question.follow_ups for question in found.questions)


def test_a_short_call_at_the_end_is_no_part_of_an_answer() -> None:
    """Somebody who tells nothing calls to themselves; an answer may well end with a call of its speaker."""
    found = read(
        "### Why boats?\n\nI grew up on one.\n\nDon't mention the ferry!\n\n"
        "### What was your worst day?\n\nThe pier, in fog. I rang ahead.\n\nAnd I would do it again!\n"
    )

    assert [len(question.answers[0].paragraphs) for question in found.questions] == [1, 2]
    assert found.questions[0].notes == ("Don't mention the ferry!",)


def test_a_heading_in_a_numbered_list_is_asked_without_its_marks() -> None:
    """As Google Docs writes numbered headings: `1. ## *Question*`."""
    said = "\n".join(f"{n}. ## *{q}*\n\n{ANSWER}\n" for n, q in ((1, "Why the depot?"), (2, "Why did you leave it?")))
    found = read(f"# Prep\n\n{said}")

    assert [question.text for question in found.questions] == ["Why the depot?", "Why did you leave it?"]

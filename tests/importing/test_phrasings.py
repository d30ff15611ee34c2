"""How people say that an answer, a question back or missions follow: what is read does not hang on the words."""

from __future__ import annotations

import pytest

from evalharness.importing import read

MISSIONS = """\
## Missions
1. Reliable systems
2. Knowing the aims
3. Careful release
4. Guards that grow
5. Shared safety
6. Better lives
7. Independence

"""
ANSWER = "I ran the night shift for three years and believed two of the fourteen alarms."
BACK = "Which alarm did you stop believing first?"
NEXT = (
    "\n\n## 2. What would you not ship?\n\n**Answer:** A switch that nobody can take back, and so we waited in May.\n"
)
CLAIMS = [
    ("Missions touched: 1, 2, 4", "1 2 4"),
    ("(touches missions 1 and 2)", "1 2"),
    ("Maps to: Mission 1, Mission 4", "1 4"),
    ("Mission alignment: #1 · #4", "1 4"),
    ("Covers M1/M4", "1 4"),
    ("Missions → 1 & 4", "1 4"),
    ("Ticks missions 2–4", "2 3 4"),
    ("[M1] [M4]", "1 4"),
    ("Hits missions two and four", "2 4"),
    ("Speaks to the third and fifth mission", "3 5"),
    ("Relevant missions: Careful release; Better lives", "3 6"),
    ("Missions: (3) Careful release, (6) Better lives", "3 6"),
    ("Addresses: Careful release, Better lives", "3 6"),
    ("Missions hit — 1, 5", "1 5"),
    ("Mission tags: 1 | 5", "1 5"),
    ("Mission(s): 2, 6", "2 6"),
    ("This answer speaks to missions #2 and #6.", "2 6"),
    ("Links to missions 1, 3 (release) and 7", "1 3 7"),
    ("Mission 3: Careful release", "3"),
    ("Serves mission 7 (independence)", "7"),
    ("✅ Missions: 1️⃣ 4️⃣", "1 4"),
    ("Missions claimed – 1;2;4", "1 2 4"),
    ("Touched: 1, 2", "1 2"),
    ("Tags: mission-1, mission-4", "1 4"),
    ("Touches on 1, 4", "1 4"),
    ("Which missions? 1, 3", "1 3"),
    ("*Missions: all seven*", "1 2 3 4 5 6 7"),
]


@pytest.mark.parametrize(("line", "ids"), CLAIMS)
def test_missions_are_claimed_in_many_words(line: str, ids: str) -> None:
    """By number, by range, by code, in words, by name, or all at once."""
    found = read(f"{MISSIONS}## 1. Why do you want to join us?\n\n**Answer:** {ANSWER}\n\n{line}{NEXT}")

    assert [" ".join(question.tags) for question in found.questions] == [ids, ""]
    assert found.questions[0].answers[0].paragraphs == (ANSWER,)
    assert len(found.tags) == 7


@pytest.mark.parametrize("line", ["Goals: cut 40 calls a week to four.", "Our aim: 99 percent by May, 95 by April."])
def test_numbers_in_an_answer_are_no_missions(line: str) -> None:
    """A list of missions begins its entries with them."""
    found = read(f"{MISSIONS}## 1. Why do you want to join us?\n\n**Answer:** {ANSWER}\n\n{line}{NEXT}")

    assert found.questions[0].tags == ()


BACK_TO = [
    ("Follow-up question to Imre:", "Imre"),
    ("Follow-up for Imre:", "Imre"),
    ("Ask Imre:", "Imre"),
    ("To Imre:", "Imre"),
    ("Question back:", ""),
    ("Your question to Imre:", "Imre"),
    ("Then ask Imre:", "Imre"),
    ("Ask back:", ""),
    ("↩️ Back to Imre:", "Imre"),
    ("Follow up (to Imre):", "Imre"),
    ("Follow-up (Imre):", "Imre"),
    ("Counter-question:", ""),
    ("Turn it around:", ""),
    ("My question for Imre Talvik:", "Imre Talvik"),
    ("Question you could ask Imre:", "Imre"),
    ("A question for Imre:", "Imre"),
    ("What I'd ask Imre:", "Imre"),
    ("I'd then ask:", ""),
    ("Reverse question:", ""),
    ("Closing question to the interviewer:", ""),
    ("Possible follow-up:", ""),
    ("Smart follow-up question:", ""),
    ("Curiosity question for Imre:", "Imre"),
    ("End with a question to Imre:", "Imre"),
    ("Return the question to Imre:", "Imre"),
    ("Follow-up Q:", ""),
    ("F/U:", ""),
    ("Asking back, to Imre:", "Imre"),
    ("And you, Imre?", "Imre"),
    ("Your follow-up to him:", ""),
    ("One thing to ask Imre:", "Imre"),
    ("**Follow-up question (directed at Imre):**", "Imre"),
]


@pytest.mark.parametrize("shape", ["{label} {text}", "{label}\n\n{text}", "{label}\n\u201c{text}\u201d"])
@pytest.mark.parametrize(("label", "to"), BACK_TO)
def test_a_question_back_is_found_with_the_person_it_is_for(label: str, to: str, shape: str) -> None:
    """In the same line, in the next paragraph, in quotation marks."""
    back = shape.format(label=label, text=BACK)

    question = read(f"# Prep\n\n## 1. Why alarms?\n\n**Answer:** {ANSWER}\n\n{back}{NEXT}").questions[0]
    assert [(passage.text, passage.to) for passage in question.follow_ups] == [(BACK, to)]
    assert [answer.paragraphs for answer in question.answers] == [(ANSWER,)]


LABELS = [
    "Answer:",
    "Sample answer:",
    "Model answer:",
    "My answer",
    "Say:",
    "What I'd say:",
    "What to say:",
    "I'd say:",
    "Suggested response:",
    "Script:",
    "Draft:",
    "My draft:",
    "Talking points:",
    "How I'd answer:",
    "Possible answer",
    "Your answer (oral):",
    "Strong answer example:",
    "Example answer:",
    "Spoken version:",
    "60-second version:",
    "Short version:",
    "Response:",
    "Reply:",
    "You:",
    "Me:",
    "A:",
    "Here's how I'd put it:",
    "Answer in my words:",
    "Polished answer",
    "✍️ Answer",
    "Answer (about 60 seconds):",
    "One way to answer:",
    "You might say:",
    "You could say something like:",
    "Try:",
    "In my own words:",
    "Candidate:",
    "Answer #1:",
]


SHAPES = ("{label}\n\n{text}", "**{label}** {text}", "### {label}\n{text}")
DRESSED = [(label, shape) for label in LABELS for shape in SHAPES]
INLINE = [(label, "{label} {text}") for label in LABELS if label.endswith(":")]


@pytest.mark.parametrize(("label", "shape"), [*DRESSED, *INLINE])
def test_an_answer_is_found_under_many_names(label: str, shape: str) -> None:
    """The label is none of the answer's words."""
    answer = shape.format(label=label, text=ANSWER)

    found = read(f"# Prep\n\n## 1. Why do you want to work on alarms?\n\n{answer}{NEXT}")
    assert [a.paragraphs for a in found.questions[0].answers] == [(ANSWER,)]
    assert len(found.questions) == 2


PHRASE = """\
## 1. Why do you want to work on alarms?

**Answer:** I ran the night shift for three years and believed two of the fourteen alarms.

Over to you, Imre: {back}
"""


def test_a_phrase_of_the_document_itself_is_understood_by_its_place() -> None:
    """Words that come again under answers and always ask are this document's name for the question back."""
    found = read(
        PHRASE.format(back=BACK) + "\n" + PHRASE.format(back="Who believed it longest?").replace("alarms?", "pumps?")
    )

    assert [[(p.text, p.to) for p in q.follow_ups] for q in found.questions] == [
        [(BACK, "Imre")],
        [("Who believed it longest?", "Imre")],
    ]

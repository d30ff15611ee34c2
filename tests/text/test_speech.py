"""How an answer would sound: each figure by its stated rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import InputError, UnknownName
from evalharness.model.nouns import Part, Question
from evalharness.text import speech
from evalharness.text.repetitions import repeats

FILLERS = (
    "It was, like, fine.",
    "Like, we tried.",
    "It was slow, you know, and late.",
    "You know, it failed.",
    "It is sort of done.",
    "Basically it works.",
    "Um we did it.",
    "I mean, it was late.",
    "Well, it was late.",
    "It was late, right?",
    "We cleaned and stuff.",
)
NO_FILLERS = (
    "I like the plan.",
    "It works like a clock.",
    "Do you know what happened?",
    "As you know the route is long.",
    "What sort of truck is it?",
    "The right lane was closed.",
    "It works well.",
    "That is what I mean by trust.",
    "The umbrella error stayed.",
)
HEDGES = (
    "Maybe it works.",
    "I think so.",
    "It is kind of slow.",
    "I'm not really sure.",
    "It was a bit late.",
)
NO_HEDGES = (
    "What kind of truck is it?",
    "This kind of error stays.",
    "Some thinkers disagree.",
    "One bit was set.",
)


@pytest.mark.parametrize("text", FILLERS)
def test_fillers_are_heard(text: str) -> None:
    """A filler counts where it fills."""
    assert len(speech.fillers(text)) == 1


@pytest.mark.parametrize("text", NO_FILLERS)
def test_the_same_words_with_a_meaning_are_no_fillers(text: str) -> None:
    """'I like it' and 'what sort of' say something."""
    assert speech.fillers(text) == ()


@pytest.mark.parametrize("text", HEDGES)
def test_hedges_are_heard(text: str) -> None:
    """A hedge counts where it weakens."""
    assert len(speech.hedges(text)) == 1


@pytest.mark.parametrize("text", NO_HEDGES)
def test_kinds_and_bits_are_no_hedges(text: str) -> None:
    """'What kind of' asks and does not weaken."""
    assert speech.hedges(text) == ()


def test_headings_list_marks_tables_and_comments_are_not_spoken() -> None:
    """Only words that would be said count, and every word that would."""
    text = (
        "# The title here\n\n1. First item\n- second item\n\n| cell one | cell two |\n| --- | --- |\n"
        "<!-- not this -->\n"
    )

    assert speech.spoken_words(text) == 8
    assert len(speech.spoken(text)) == len(text)


def test_seconds_follow_from_words_at_three_paces() -> None:
    """145 words are a minute at the middle pace, less at 160 and more at 130."""
    found = speech.speech("word " * 145)

    assert found.seconds == 60.0
    assert round(found.seconds_low, 1) == 54.4
    assert round(found.seconds_high, 1) == 66.9


def test_first_person_counts_speakers_and_no_lookalikes() -> None:
    """US and Phase I are not people; i.e. is not I."""
    text = "I ran it, my way. We shipped our part to the US in Phase I, i.e. late, and they told us so."

    assert speech.first_persons(text) == (2, 3)


def test_measures_come_in_their_declared_units() -> None:
    """Speaking time is in time limits, the share of I from 0 to 1, the others per 100 words."""
    question = Question(id="q", text="?", rubric="r", time_limit=60.0)
    part = Part(id="answer", text="I think we moved 40 trucks, um, in six weeks, and I wrote it all down myself. " * 5)

    assert speech.measure("speaking_time", part, question) == pytest.approx(speech.spoken_words(part.text) / 145)
    assert speech.measure("first_person", part, question) == pytest.approx(15 / 20)
    assert speech.measure("fillers", part, question) == pytest.approx(100 * 5 / (5 * 15))
    assert speech.measure("hedges", part, question) == pytest.approx(100 * 5 / (5 * 15))
    assert speech.measure("quantities", part, question) == pytest.approx(100 * 2 / (5 * 17))
    assert set(speech.MEASURES) == set(speech.UNITS) <= set(speech.RULES)


def test_numbers_taken_out_change_only_time_and_quantities() -> None:
    """Rates are per 100 words that are no numbers."""
    question = Question(id="q", text="?", rubric="r")
    text, stripped = (
        "Um, I think it took 40 minutes for 12 trucks.",
        "Um, I think it took minutes for trucks.",
    )

    for name in ("fillers", "hedges", "first_person"):
        assert speech.measure(name, text, question) == speech.measure(name, stripped, question)


def test_speaking_time_needs_a_limit_and_measures_have_names() -> None:
    """What cannot be measured is said, with a name one can act on."""
    question = Question(id="q", text="?", rubric="r")

    with pytest.raises(InputError, match="time_limit"):
        speech.measure("speaking_time", "some words", question)
    with pytest.raises(UnknownName, match="volume"):
        speech.measure("volume", "some words", question)


def test_repeated_phrases_and_sentences_are_found_once_each() -> None:
    """The longest run stands for its parts; a sentence said twice is one repeat."""
    text = (
        "At the end of the day trucks matter. At the end of the day people matter too. "
        "And at the end of the day we rest. It was a long night. It was a long night."
    )
    found = repeats(speech.spoken(text))

    assert [(repeat.text, repeat.count) for repeat in found] == [
        ("It was a long night.", 2),
        ("At the end of the day", 3),
    ]


def test_the_empty_text_has_no_speech() -> None:
    """Nothing said is zero of everything, and no division by it."""
    found = speech.speech("")

    assert (found.words, found.seconds, found.fillers, found.first_person) == (0, 0.0, 0.0, 0.0)


_PIECES = ["um", "like", "I think", ",", " ", "maybe", ".", "\n", "# x", "kind of", "’"]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_every_filler_stands_where_it_says(text: str) -> None:
    """Offsets slice to the text."""
    for found in (*speech.fillers(text), *speech.hedges(text)):
        assert text[found.start : found.end] == found.text

"""Transcripts of every tool become the same talk, and broken ones are refused with their line."""

from __future__ import annotations

import io
import json
from itertools import pairwise

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.timing import Precision
from evalharness.text.speech import spoken
from evalharness.text.timeline import timeline
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.reading import Refused, looks_like_talk, read_talk
from tests.transcripts.forms import BROKEN, FORMS, NAMES_ONLY, WHISPER, WITH_NAMES, ZOOM


@pytest.mark.parametrize("name", FORMS)
def test_the_words_are_those_of_the_tool(name: str) -> None:
    """Whatever tool wrote it, the same words are said in the same order."""
    talk = read_talk(FORMS[name], name)

    said = " ".join(each.text for each in talk.utterances)
    assert said.startswith("Why did you stop it? For one reason: it failed twice. So I asked for a week.")


@pytest.mark.parametrize("name", WITH_NAMES)
def test_who_says_what_is_kept(name: str) -> None:
    """The interviewer's words never become the candidate's; a colon in a sentence makes no speaker."""
    talk = read_talk(FORMS[name], name)
    found = answer(talk, candidate(talk, "Priya"), source=name)

    graded = spoken(found.text).replace("\n", " ")
    assert "For one reason: it failed twice." in graded
    assert len(talk.speakers) == 2


@pytest.mark.parametrize(
    ("name", "precision"),
    [
        ("zoom.vtt", Precision.SEGMENTS),
        ("otter.txt", Precision.TURNS),
        ("names.txt", None),
        ("whisper.json", Precision.WORDS),
    ],
)
def test_what_is_timed_is_said(name: str, precision: Precision | None) -> None:
    """A transcript of turns measures no pauses, one without a clock nothing at all."""
    assert read_talk(FORMS[name], name).precision is precision


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_line(name: str) -> None:
    """Nothing is guessed: where a file is broken it says on which line, and why."""
    text, line = BROKEN[name]

    with pytest.raises(Refused) as refused:
        read_talk(text, name)

    assert refused.value.line == line
    assert refused.value.reason


def test_captions_that_roll_say_each_word_once() -> None:
    """A cue that repeats the line before adds only what is new, with the times of its words."""
    talk = read_talk(
        "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\nso<00:00:00.500><c> we shipped</c>\n\n"
        "00:00:02.000 --> 00:00:02.010\nso we shipped\n\n00:00:02.010 --> 00:00:04.000\nso we shipped\non<00:00:03.000><c> Monday</c>\n",
        "t.vtt",
    )

    assert [each.text for each in talk.utterances] == ["so we shipped", "on Monday"]
    assert [(w.text, w.start) for w in talk.utterances[1].words] == [("on", 2.01), ("Monday", 3.0)]


def test_a_word_that_an_aligner_leaves_open_lies_between_its_neighbours() -> None:
    """WhisperX gives figures no times: they get what is left between the words around."""
    words = [w for each in read_talk(FORMS["whisperx.json"], "x.json").utterances for w in each.words]

    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(words))
    assert [w.text for w in words][:3] == ["Why", "did", "you"]


def test_notes_are_no_transcripts() -> None:
    """A page of notes with one time on it is read by nobody as a talk."""
    assert looks_like_talk("otter.txt", FORMS["otter.txt"])
    assert not looks_like_talk(
        "notes.txt", "Practise at 10:30\nand again\nand again at 11:00, twice\nThen rest\nThen more\n" * 3
    )
    assert not looks_like_talk("x.times.json", WHISPER)


@given(
    st.lists(
        st.tuples(st.integers(0, 5000), st.integers(0, 4000), st.sampled_from(["we did", "so it goes", "ja"])),
        min_size=1,
        max_size=8,
    )
)
def test_cues_are_those_of_the_library(cues: list[tuple[int, int, str]]) -> None:
    """Every cue that webvtt-py reads in a sound file is read here, with the same times."""
    at, text, ends = 0, "WEBVTT\n", []
    for gap, length, said in cues:
        at += gap
        text += f"\n{_stamp(at)} --> {_stamp(at + length)}\n{said}\n"
        at += length
        ends.append((round((at - length) / 1000, 3), round(at / 1000, 3)))

    talk = read_talk(text, "t.vtt")

    assert len(webvtt.from_buffer(io.StringIO(text)).captions) == len(cues)
    assert sum(len(each.text.split()) for each in talk.utterances) >= len({said for _, _, said in cues})
    assert all((each.start, each.end) in ends for each in talk.utterances)


def _stamp(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"00:{seconds // 60:02d}:{seconds % 60:02d}.{rest:03d}"


def test_times_survive_an_edit_of_the_text() -> None:
    """A word that is corrected in the Markdown costs no other its time; another text has no clock here."""
    talk = read_talk(ZOOM, "z.vtt")
    found = answer(talk, "Priya Nair", source="z.vtt")

    line = timeline(spoken(found.text.replace("twice", "two times")), found.timing)

    assert line is not None
    assert (line.begins, line.ends) == (3.5, 9.0)
    assert [(p.at, p.length) for p in line.pauses or ()] == [(6.0, 1.0)]
    assert timeline("Something else altogether is written here now.", found.timing) is None


def test_without_a_clock_nothing_is_measured() -> None:
    """Names alone give an answer and no times."""
    talk = read_talk(NAMES_ONLY, "n.txt")

    assert answer(talk, "Priya Nair", source="n.txt").timing is None


def test_a_name_may_begin_like_half_a_day() -> None:
    """ "Am" of "Amara" behind a clock is no morning."""
    talk = read_talk("0:03 Amara: Are we recording?\n0:09 Lewis: Loud and clear.\n0:12 Amara: First one.\n", "a.txt")

    assert [(each.speaker, each.start) for each in talk.utterances] == [("Amara", 3), ("Lewis", 9), ("Amara", 12)]


def test_one_clock_over_several_turns_times_none_of_the_rest() -> None:
    """Who speaks is read from each line; a time that is not there is not made up."""
    talk = read_talk("(00:30)\nLB: Morning.\nCW: Thanks.\n\n(01:10)\nLB: Why?\nCW: For a reason.\n", "a.txt")

    assert [each.speaker for each in talk.utterances] == ["LB", "CW", "LB", "CW"]
    assert talk.precision is None


def test_a_last_word_without_times_lasts_as_long_as_its_segment() -> None:
    """An aligner leaves figures open, and answers end with one: its time is said time."""
    words = [{"word": "to", "start": 1.0, "end": 1.2}, {"word": "1%."}]
    text = json.dumps({"segments": [{"start": 0.9, "end": 2.0, "text": "to 1%.", "words": words}]})
    (said,) = read_talk(text, "a.json").utterances

    assert [(word.text, word.start, word.end) for word in said.words] == [("to", 1.0, 1.2), ("1%.", 1.2, 2.0)]
    assert said.end == 2.0


def test_what_a_tool_writes_below_the_last_name_is_said_by_nobody() -> None:
    """Google Meet: a clock every five minutes, a name before each paragraph, a notice at the end."""
    close = "Meeting ended after 00:05:20\nThis editable transcript was computer generated and might contain errors.\n"
    named = "Jordan Lee: Why us?\nPriya Nair: I ran a depot.\nPriya Nair: It was cold.\n"
    text = f"Mock - Transcript\nAttendees\nJordan Lee, Priya Nair\nTranscript\n00:00:00\n{named}"
    wrapped = text.replace("It was cold.", "It was\ncold.")

    assert read_talk(f"{text}00:05:00\nPriya Nair: I left.\n{close}", "a.txt").utterances[-1].text == "I left."
    folded = read_talk(f"{wrapped}00:05:00\nPriya Nair: I left.\nGladly.\n", "a.txt").utterances
    assert [each.text for each in folded][-3:] == ["cold.", "I left.", "Gladly."]

"""A word in brackets or before a colon is a speaker only where the talk names its speakers so."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.names import with_names
from evalharness.transcripts.reading import read_talk
from evalharness.transcripts.talk import Utterance
from tests.spoken.talks import project

MONOLOGUE = (
    "We had two weeks left. [laughs] It was tight.",
    "[Applause] I asked the team to stop and we cut one feature.",
    "[inaudible] the release was on time with three percent errors.",
    "[laughs] And everybody was happy.",
)
NAMED = (
    "Jordan Lee: Tell me about a time you disagreed with a colleague.",
    "Priya Nair: We had two weeks. I asked for one more and she said no.",
    "The result: we shipped on time with three percent errors.",
    "Jordan Lee: What did she say?",
    "Priya Nair: She agreed.",
    "The result: she thanked me before everybody.",
)
BRACKETS = (
    "[Jordan] Tell me about a time you disagreed.",
    "[Priya] We had two weeks. I asked for one more.",
    "[laughs] we shipped on time with three percent errors.",
    "[Jordan] What did she say?",
    "[Priya] She agreed.",
)


def cues(lines: tuple[str, ...], form: str) -> str:
    """Return lines as subtitles of four seconds each."""
    stop = "." if form == "vtt" else ","
    times = [f"00:00:{4 * n:02d}{stop}000 --> 00:00:{4 * n + 4:02d}{stop}000" for n in range(len(lines))]
    body = "\n\n".join(f"{n}\n{at}\n{line}" for n, (at, line) in enumerate(zip(times, lines, strict=True), start=1))
    return f"WEBVTT\n\n{body}\n" if form == "vtt" else f"{body}\n"


@pytest.mark.parametrize("form", ["vtt", "srt"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_sound_in_brackets_drops_no_words(form: str, first: int) -> None:
    """Applause and laughter say nothing, also where a cue begins with them, the first or any other."""
    talk = read_talk(cues(MONOLOGUE[first:], form), f"talk.{form}")

    assert list(talk.speakers) == [""]
    assert " ".join(each.text for each in talk.utterances) == " ".join(MONOLOGUE[first:])


@pytest.mark.parametrize("name", ["talk.vtt", "talk.srt", "talk.txt"])
def test_a_label_within_a_named_talk_is_what_its_speaker_says(name: str) -> None:
    """It is not written as the names are, so its words stay with who said them."""
    form = name.rpartition(".")[2]
    talk = read_talk(cues(NAMED, form) if form != "txt" else "\n".join(NAMED), name)

    assert list(talk.speakers) == ["Jordan Lee", "Priya Nair"]
    said = answer(talk, candidate(talk, "Priya"), source=name).text
    assert "The result: we shipped" in said
    assert "she thanked me" in said


def test_a_label_that_stands_once_is_a_word_of_the_talk() -> None:
    """As short as a first name, it shows in small letters elsewhere."""
    lines = (*NAMED[:2], "Result: we shipped on time.", *NAMED[3:5])
    short = [line.replace(" Lee:", ":").replace(" Nair:", ":") for line in lines]
    talk = read_talk("\n".join([*short, "Jordan: And was the result good?"]), "talk.txt")

    assert list(talk.speakers) == ["Jordan", "Priya"]


def test_names_in_brackets_are_speakers_where_they_go_to_and_fro() -> None:
    """What laughs between them is none, and what follows goes on with who spoke."""
    talk = read_talk(cues(BRACKETS, "vtt"), "talk.vtt")

    assert list(talk.speakers) == ["Jordan", "Priya"]
    assert talk.utterances[2].text == BRACKETS[2]
    assert talk.utterances[2].speaker == "Priya"


def test_a_label_that_comes_again_in_a_monologue_is_no_second_speaker() -> None:
    """Where nobody else is named, all words are one person's."""
    lines = ("We had two weeks.", "One thing: I asked.", "It went on.", "One thing: I asked again.")

    assert {each.speaker for each in with_names([Utterance(text=t, line=1, start=0.0) for t in lines])} == {""}


def test_all_words_beside_a_question_are_yours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken in with --question, a talk with sounds and no names is one answer."""
    root = project(tmp_path)
    (root / "me.vtt").write_text(cues(MONOLOGUE, "vtt"), encoding="utf-8")
    monkeypatch.chdir(root)

    assert main(["import", "me.vtt", "--question", "conflict", "--yes"]) == 0

    text = next((root / "cases" / "conflict").glob("*.md")).read_text(encoding="utf-8")
    assert "<!--" not in text
    assert " ".join(MONOLOGUE) in " ".join(text.split())

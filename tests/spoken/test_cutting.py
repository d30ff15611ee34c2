"""A talk of two becomes the answers that were given in it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from evalharness.cli import main
from evalharness.lint.workflow import lint
from evalharness.model.nouns import Question
from evalharness.spoken import workflow as spoken
from evalharness.spoken.cutting import cut
from evalharness.transcripts.reading import read_talk
from evalharness.world import real_world
from tests.spoken.talks import AS_TEXT, ASKED, PROBES, SHORT_ONE, TEN_MINUTES, project

QUESTIONS = tuple(Question(id=name, text=text, rubric="talk") for name, text in ASKED.items())


def test_ten_minutes_of_two_speakers_are_cut_into_their_questions() -> None:
    """Each question gets its own answer; further questions stay with it, and small talk belongs to none."""
    talk = read_talk(TEN_MINUTES, "mock.vtt")

    pieces = cut(talk, "Priya Nair", QUESTIONS)

    assert [piece.question.id for piece in pieces if piece.question] == list(ASKED)
    assert (talk.utterances[-1].end or 0) > 590
    for piece, probes in zip(pieces, PROBES.values(), strict=True):
        said = [each.text for each in piece.talk.utterances if each.speaker == "Jordan Lee"]
        assert said[1:] == list(probes)
    assert all(a.talk.utterances[-1].end <= b.talk.utterances[0].start for a, b in pairwise(pieces))  # type: ignore[operator]


def test_every_word_of_an_answer_is_in_the_talk(tmp_path: Path) -> None:
    """Cutting moves words and writes none: each answer is a span of what was said."""
    root = project(tmp_path)
    (root / "mock.vtt").write_text(TEN_MINUTES, encoding="utf-8")

    prepared = spoken.prepare(Path("mock.vtt"), world=replace(real_world(), cwd=root))

    everything = " ".join(TEN_MINUTES.split())
    for each in prepared.found:
        lines = [line for line in each.text.split("---\n", 2)[2].splitlines() if line and line[0] not in "<#"]
        assert lines
        assert all(line in everything for line in lines)


def test_what_answers_no_question_is_told_and_left_out(tmp_path: Path) -> None:
    """A long answer to something else is nobody's: it does not lengthen the answer before."""
    text = TEN_MINUTES.replace(ASKED["stakeholder"], "Which programming language is the most elegant for you?")

    pieces = cut(read_talk(text, "mock.vtt"), "Priya Nair", QUESTIONS)

    assert [piece.question.id if piece.question else "" for piece in pieces] == ["conflict", "failure", "", "growth"]


def test_a_transcript_is_written_once_with_its_original_and_its_times(tmp_path: Path) -> None:
    """Readable Markdown lies beside the kept original; the same talk again is known, also under another name."""
    root = project(tmp_path)
    (root / "2026-10-02 mock.vtt").write_text(TEN_MINUTES, encoding="utf-8")
    world = replace(real_world(), cwd=root)

    first = spoken.prepare(Path("2026-10-02 mock.vtt"), question="conflict", speaker="priya", world=world)
    files = spoken.write(first, world)

    names = sorted(file.relative_to(root).as_posix() for file in files)
    assert names == [f"cases/conflict/2026-10-02{end}" for end in (".md", ".times.json", ".vtt")]
    assert (root / "cases/conflict/2026-10-02.vtt").read_text(encoding="utf-8") == TEN_MINUTES
    (root / "2026-10-02 mock.vtt").rename(root / "downloaded.vtt")
    again = spoken.prepare(Path("downloaded.vtt"), question="conflict", speaker="priya", world=world)
    assert again.files == ()
    assert again.found[0].told == "0:00 taken in before as cases/conflict/2026-10-02.md, left as it is"


def test_a_question_that_is_not_there_is_made_as_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the interviewer's own words, graded as a story, told before anything is written; undo takes it back."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    asked = "Right, thank you. Which programming language is the most elegant for you, and why?"
    text = TEN_MINUTES.replace(ASKED["stakeholder"], asked)
    (root / "talk 4.9.2026.vtt").write_text(text, encoding="utf-8")
    folder = root / "cases/programming-language-elegant-why"

    assert main(["import", "talk 4.9.2026.vtt", "--dry-run"]) == 0
    out = capsys.readouterr().out
    assert 'new question "Which programming language is the most elegant for you, and why?", graded by story' in out
    assert not folder.exists()
    assert main(["import", "talk 4.9.2026.vtt", "--yes"]) == 0
    told = (folder / "question.yaml").read_text(encoding="utf-8")
    assert told.startswith("# draft: heard in talk 4.9.2026.vtt at 5:")
    assert yaml.safe_load(told) == {
        "question": "Which programming language is the most elegant for you, and why?",
        "rubric": "story",
        "to_ask": ["What would you stop doing with half the people?"],
    }
    assert (folder / "2026-09-04.md").is_file(), "the day in the name, in the form of the country"
    assert lint([], world=replace(real_world(), cwd=root)).problems == ()

    capsys.readouterr()
    assert main(["import", "talk 4.9.2026.vtt", "--yes"]) == 0
    said = capsys.readouterr().out
    assert said.count("taken in before as") == 4
    assert "nothing is new in this transcript; nothing was written" in said
    assert main(["undo", "--yes"]) == 0
    assert not folder.exists()


def test_a_talk_without_names_is_never_taken_for_one_voice_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Import says that it guesses; a transcript beside its question is named by run and lint, with what to do."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    nameless = re.sub(r"</?v[^>]*>", "", TEN_MINUTES)
    (root / "talk.vtt").write_text(nameless, encoding="utf-8")

    assert main(["import", "talk.vtt", "--dry-run"]) == 0
    guessed = " ".join(capsys.readouterr().out.split())
    assert "Candidate answers 4 questions" in guessed
    assert "talk.vtt does not say who speaks; who asks and who answers is guessed by what asks" in guessed
    (root / "mine.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:09.000\nI asked for a week and rang all the depots.\n")
    assert main(["import", "mine.vtt", "--yes"]) == 2
    assert "it does not say who speaks, so no question can be found in it [document]" in capsys.readouterr().err
    assert main(["import", "talk.vtt", "--question", "conflict", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "talk.vtt does not say who speaks, so all of it counts as your answer" in " ".join(said.split())
    assert "write a name before each turn ('Jordan: ...')" in " ".join(said.split())

    (root / "cases/conflict/mock-2026-10-02.vtt").write_text(nameless, encoding="utf-8")
    assert main(["run", "--grader", "heuristic"]) == 0
    told = capsys.readouterr().err
    assert "1 transcript with an interviewer's words and no names: cases/conflict/mock-2026-10-02.md" in told
    assert "to look at" not in told, "a file that the program wrote itself is no oddity"
    advice = lint([], world=replace(real_world(), cwd=root)).advice
    (one,) = (each for each in advice if each.slug == "one-voice")
    assert "odd-date" not in {each.slug for each in advice}
    assert "'Hello Priya, can you hear me?'" in one.message
    written = root / "cases/conflict/mock-2026-10-02.md"
    assert "date: '2026-10-02'" in written.read_text(encoding="utf-8")

    (root / "cases/conflict/mock-2026-10-02.vtt").write_text(TEN_MINUTES, encoding="utf-8")
    written.unlink()
    assert main(["run", "--grader", "heuristic"]) == 0
    assert "no names" not in capsys.readouterr().err


def test_one_voice_is_left_in_peace(tmp_path: Path) -> None:
    """A recording of oneself names nobody, and asks nobody; a question to oneself is part of an answer."""
    root = project(tmp_path)
    (root / "cases/conflict/2026-10-02.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:09.000\nI asked for a week. So what did I do? I rang all 14 depots myself.\n\n"
        "00:10.000 --> 00:12.000\nWhat would you have done?\n",
        encoding="utf-8",
    )

    assert [one.slug for one in lint([], world=replace(real_world(), cwd=root)).advice if one.slug == "one-voice"] == []


@pytest.mark.parametrize("name", AS_TEXT)
def test_the_text_of_a_meeting_tool_is_cut_like_subtitles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """The same questions, each with its further ones, whichever export it is; what is no speech is in no answer."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    (root / name).write_text(AS_TEXT[name], encoding="utf-8")

    assert main(["import", name, "--yes"]) == 0

    told = capsys.readouterr().out.splitlines()
    assert told[0].endswith("Priya Nair answers 4 questions")
    found = [re.sub(r"^ +(?:\d+:\d+ )?|: [\d:]+ (?:spoken|words, no clock)|: \".*|;.*", "", line) for line in told[1:5]]
    further = {name: min(len(probes), 2 if name == "failure" else 1) for name, probes in PROBES.items()}
    assert found == [f"{name}, {n} further question{'s' * (n != 1)}" for name, n in further.items()]
    texts = [file.read_text(encoding="utf-8") for file in root.glob("cases/*/2*.md")]
    assert len(texts) == 4
    assert not any(word in text for text in texts for word in ("transcription", "https", "SPEAKERS", "10:02"))
    assert len(list(root.glob("cases/*/*.times.json"))) == (0 if name == "names-only.txt" else 4)


def test_an_interview_of_unknown_questions_is_cut_where_they_are_asked(tmp_path: Path) -> None:
    """Small talk and further questions are none; the end, where they ask for yours, is in no answer, and it is said."""
    root = project(tmp_path)
    (root / "mock.txt").write_text(SHORT_ONE, encoding="utf-8")
    world = replace(real_world(), cwd=root)

    assert spoken.is_interview(Path("mock.txt"), world)
    prepared = spoken.prepare(Path("mock.txt"), speaker="Tobias", world=world)

    first, second = prepared.found
    assert 'new question "What do you do when a passenger refuses to leave the car deck?"' in first.told
    assert first.told.endswith('0:37 spoken, 1 further question: "And did he thank you?"')
    assert "the paper took our side" in first.text
    assert 'new question "Tell me about a time you changed a safety drill."' in second.told
    assert second.told.endswith("0 further questions; the end, where they ask for your questions, is left out")
    assert second.text.endswith("and after half a year we were back at five.\n")


def test_what_is_asked_back_is_the_follow_up_where_a_rubric_has_one(tmp_path: Path) -> None:
    """The last question of the candidate; the good-bye after it is no part of the answer."""
    root = project(tmp_path)
    rubric = root / "rubrics" / "talk.yaml"
    part = "parts: {follow_up: {headings: [Follow-up question]}}\n"
    rubric.write_text(part + rubric.read_text(encoding="utf-8"), encoding="utf-8")
    question = "question: Tell me about a time you changed a safety drill.\nrubric: talk\n"
    (root / "cases/growth/question.yaml").write_text(question, encoding="utf-8")
    (root / "mock.txt").write_text(SHORT_ONE, encoding="utf-8")

    prepared = spoken.prepare(Path("mock.txt"), speaker="Tobias", world=replace(real_world(), cwd=root))

    asked = '2 further questions: "What would you like to know from us?", "Anything else?"'
    assert prepared.found[-1].told == f"1:01 growth: 0:39 spoken, {asked}"
    assert prepared.found[-1].text.endswith("## Follow-up question\n\nAnd who wrote the winter timetable?\n")


def test_a_text_is_read_as_a_document_where_that_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Options for documents apply to it: what was found as JSON, with what to ask them."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    (root / "mock.txt").write_text(SHORT_ONE, encoding="utf-8")

    assert main(["import", "mock.txt", "--dry-run", "--format", "json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert "Tell me about a time you changed a safety drill." in [each["text"] for each in found["questions"]]
    assert found["to_ask"]


def test_a_recognisers_file_that_is_cut_off_is_refused_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where its text comes first and is long, so that its beginning shows no segment."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    whole = json.dumps({"text": "word " * 5_000, "segments": [{"start": 0, "end": 2, "text": "word"}]}, indent=1)
    (root / "talk.json").write_text(whole[:-20], encoding="utf-8")

    assert main(["import", "talk.json", "--dry-run"]) == 2

    assert "talk.json:7:1: this is no JSON" in capsys.readouterr().err


def _short(answer: str, *after: str) -> str:
    """Return a talk of names: one question with a short answer, and what is said after it, turn by turn."""
    voices = ("Jordan", "Priya")
    said = [ASKED["conflict"], answer, *after]
    return "".join(f"{voices[place % 2]}: {text}\n" for place, text in enumerate(said))


@pytest.mark.parametrize("known", [QUESTIONS, ()])
@pytest.mark.parametrize("back", ["How do you measure success in this team?", "No, thank you."])
def test_the_end_of_the_interview_is_left_out_of_a_short_answer_too(known: tuple[Question, ...], back: str) -> None:
    """However short the last answer is, what comes after "Do you have any questions for me?" is none of it."""
    answer = "I asked for one more week, and we shipped it."
    talk = read_talk(_short(answer, "Great. Do you have any questions for me?", back, "By what is said."), "t.txt")

    (piece,) = cut(talk, "Priya", known)

    assert [each.text for each in piece.kept(follow_up=False).utterances] == [ASKED["conflict"], answer]


def test_an_answer_of_few_words_counts_and_is_told(tmp_path: Path) -> None:
    """Where no answer is as long as answers are, a short one is taken in, with how short it is."""
    root = project(tmp_path)
    asked = "Jordan: Why do you want to work here?\n"
    said = "Priya: I like your ledger and I want to work with people who read it every day of the week.\n"
    (root / "short.txt").write_text(f"{asked}{said}Jordan: Thanks.\n", encoding="utf-8")

    prepared = spoken.prepare(Path("short.txt"), world=replace(real_world(), cwd=root))

    (found,) = prepared.found
    assert 'new question "Why do you want to work here?"' in found.told
    assert "; a short answer of 19 words" in found.told

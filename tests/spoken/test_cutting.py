"""A talk of two becomes the answers that were given in it."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from evalharness.model.nouns import Question
from evalharness.spoken import workflow as spoken
from evalharness.spoken.cutting import cut
from evalharness.transcripts.reading import read_talk
from evalharness.world import real_world
from tests.spoken.talks import ASKED, PROBES, TEN_MINUTES, project

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
    """Readable Markdown lies beside the kept original; importing the same talk again makes attempts of their own."""
    root = project(tmp_path)
    (root / "2026-10-02 mock.vtt").write_text(TEN_MINUTES, encoding="utf-8")
    world = replace(real_world(), cwd=root)

    files = spoken.write(spoken.prepare(Path("2026-10-02 mock.vtt"), question="conflict", speaker="priya", world=world))

    names = sorted(file.relative_to(root).as_posix() for file in files)
    assert names == [f"cases/conflict/2026-10-02{end}" for end in (".md", ".times.json", ".vtt")]
    assert (root / "cases/conflict/2026-10-02.vtt").read_text(encoding="utf-8") == TEN_MINUTES

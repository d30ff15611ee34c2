"""A transcript is an attempt, and its clock is what times rest on; what is not known is not measured."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.errors import InvalidFiles
from evalharness.grading import workflow as grading
from evalharness.lint.workflow import lint
from evalharness.load import load_project
from evalharness.reports import voice
from evalharness.text import clocked
from evalharness.text.speaking import spoken_time
from evalharness.text.speech import spoken
from evalharness.text.timeline import timeline
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.reading import read_talk
from evalharness.world import real_world
from tests.spoken.talks import TEN_MINUTES, project
from tests.text.test_tongues import ITALIAN
from tests.transcripts.forms import BROKEN, TEAMS, WHISPER_SEGMENTS

SPEECH = Path(__file__).parents[1] / "data" / "spoken"


@pytest.mark.parametrize("speed", [130, 170])
def test_real_speech_is_measured_as_it_was_spoken(speed: int) -> None:
    """Speech of known length, written down by a recogniser: within 2 % of its length, pauses within 0.2 s."""
    truth = json.loads((SPEECH / f"speech-{speed}.truth.json").read_text(encoding="utf-8"))
    talk = read_talk((SPEECH / f"speech-{speed}.json").read_text(encoding="utf-8"), "speech.json")
    found = answer(talk, candidate(talk), source="speech.json")

    line = timeline(spoken(found.text), found.timing)

    assert line is not None
    assert line.pauses is not None
    assert line.seconds == pytest.approx(truth["seconds"], rel=0.02)
    for at, length in truth["pauses"]:
        near = min(line.pauses, key=lambda pause, at=at: abs(pause.at - at))  # type: ignore[misc]
        assert near.at == pytest.approx(at, abs=0.2)
        assert near.length == pytest.approx(length, abs=0.2)


def test_a_transcript_beside_a_question_is_an_attempt_with_its_own_clock(tmp_path: Path) -> None:
    """A cue file says nine seconds less three and a half; the words alone would say something else."""
    root = project(tmp_path)
    (root / "cases/conflict/2026-10-02.vtt").write_text(TEAMS, encoding="utf-8")

    (case,) = load_project([], cwd=root).cases

    assert (case.attempt.id, case.attempt.date) == ("2026-10-02", "2026-10-02")
    time = spoken_time(case)
    assert time.measured == 5.5
    assert time.sentence == "0:06 of 4:00 spoken (measured by 2026-10-02.vtt)"


def test_markdown_beside_its_transcript_is_one_attempt(tmp_path: Path) -> None:
    """The text may be corrected in the Markdown; the transcript of the same name keeps the clock."""
    root = project(tmp_path)
    (root / "cases/conflict/2026-10-02.vtt").write_text(TEAMS, encoding="utf-8")
    (root / "cases/conflict/2026-10-02.md").write_text("For one reason: it failed two times.\nSo I asked for a week.\n")

    (case,) = load_project([], cwd=root).cases

    assert case.attempt.path.endswith(".md")
    assert spoken_time(case).measured == 5.5


def test_a_text_that_was_rewritten_is_estimated(tmp_path: Path) -> None:
    """The clock of a recording says nothing about a text that nobody spoke in it."""
    root = project(tmp_path)
    (root / "cases/conflict/2026-10-02.vtt").write_text(TEAMS, encoding="utf-8")
    (root / "cases/conflict/2026-10-02.md").write_text("Nobody ever said anything like these new words aloud.\n")

    (case,) = load_project([], cwd=root).cases

    assert "estimated" in spoken_time(case).sentence
    figure = clocked.seconds(case.attempt.parts[0], case.attempt.timing)
    assert figure.how is clocked.How.ESTIMATED
    assert "the text is not what 2026-10-02.vtt holds" in figure.why


@pytest.mark.parametrize("name", ["time.vtt", "number.json"])
def test_a_broken_transcript_names_its_line(tmp_path: Path, name: str) -> None:
    """It is a problem of the project like every other, with file and line."""
    root = project(tmp_path)
    text, line = BROKEN[name]
    (root / "cases/conflict" / f"2026-10-02.{name.rpartition('.')[2]}").write_text(text, encoding="utf-8")

    with pytest.raises(InvalidFiles) as found:
        load_project([], cwd=root)

    (problem,) = found.value.problems
    assert (problem.line, problem.slug) == (line, "bad-transcript")


def test_reports_say_measured_and_show_the_picture(tmp_path: Path) -> None:
    """Time, pace and pauses say how they were got, and the picture lies beside the report that shows it."""
    root = project(tmp_path)
    (root / "cases/conflict/2026-10-02.vtt").write_text(TEN_MINUTES, encoding="utf-8")

    grading.run([], settings={"grader": "heuristic"}, world=replace(real_world(), cwd=root))

    (report,) = root.glob("reports/*/report.md")
    text = report.read_text(encoding="utf-8")
    assert "(measured, 2026-10-02.vtt, cue by cue)" in text
    assert "longest pause: 2.5 s (measured, cue by cue)" in text
    (picture,) = report.parent.glob("voice-*.svg")
    assert picture.name in text
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_without_a_recording_its_measures_are_outside_the_total(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pace and pauses of a typed answer are not measured, and cost it nothing."""
    root = project(tmp_path)
    (root / "cases/conflict/2026-10-02.md").write_text("We asked for one more week and got it.\n", encoding="utf-8")

    grading.run([], settings={"grader": "heuristic"}, world=replace(real_world(), cwd=root))

    (report,) = root.glob("reports/*/report.md")
    text = report.read_text(encoding="utf-8")
    assert "outside the total" in text
    assert "Estimated" in text or "an estimate" in text


def test_what_the_interviewer_asks_is_not_asked_back(tmp_path: Path) -> None:
    """A further question is a comment in the answer: the reply to it is part of the answer, and counts in its time."""
    root = project(tmp_path)
    rubric = root / "rubrics" / "talk.yaml"
    part = "parts: {follow_up: {headings: [Follow-up question]}}\n"
    rubric.write_text(part + rubric.read_text(encoding="utf-8"), encoding="utf-8")
    (root / "cases/conflict/2026-10-02.vtt").write_text(
        "WEBVTT\n\n00:06.000 --> 00:14.000\nPriya: I asked for two days, and we found the check.\n\n"
        "00:15.000 --> 00:17.000\nJordan: What did she say?\n\n"
        "00:18.000 --> 00:25.000\nPriya: She said no at first. Then I showed her the log.\n",
        encoding="utf-8",
    )

    (case,) = load_project([], cwd=root).cases

    assert [part.id for part in case.attempt.parts] == ["answer"]
    assert spoken_time(case).measured == 15.0


def test_a_brief_says_what_was_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A measured time is no estimate at so many words a minute, in the opening, the heading and as data."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    (root / "cases" / "conflict" / "2026-10-02.json").write_text(WHISPER_SEGMENTS, encoding="utf-8")
    assert main(["run", "--grader", "heuristic"]) == 0
    capsys.readouterr()

    assert main(["brief"]) == 0
    told = capsys.readouterr().out
    assert main(["brief", "--format", "json"]) == 0
    (question,) = json.loads(capsys.readouterr().out)["questions"]
    assert "Brief: 1 question, 0:08 measured" in told
    assert "about 0:08" not in told
    assert question["measured"] is True


def _told(root: Path, said: str, code: str) -> dict[str, tuple[str, str]]:
    """Return by name what the report says of a recording in a language that its question states."""
    words = [{"word": w, "start": n / 2, "end": n / 2 + 0.4} for n, w in enumerate(said.split())]
    heard = {"segments": [{"start": 0.0, "end": len(words) / 2, "text": said, "words": words}]}
    (root / "cases/conflict/2026-10-02.json").write_text(json.dumps(heard), encoding="utf-8")
    question = root / "cases/conflict/question.yaml"
    stated = f"language: {code}\n" if code else ""
    question.write_text(f"{question.read_text(encoding='utf-8')}{stated}", encoding="utf-8")
    (case,) = load_project([], cwd=root).cases
    return {each.name: (each.value, each.how) for each in voice.figures(case)}


def test_the_language_that_the_question_states_is_measured(tmp_path: Path) -> None:
    """Fillers of German are counted in a German answer however short it is, and a year is no result."""
    told = _told(project(tmp_path), "\u00c4hm, 2019 kam ich und traf drei Kunden.", "de")

    assert told["fillers"][0] == "1: '\u00c4hm' at 0:00"
    assert told["to the first result"][0] == "0:03"
    assert told["to the first 'I'"][0] == "0:02"


def test_a_language_without_lists_is_not_measured_anywhere(tmp_path: Path) -> None:
    """No zero, and no word that there is none in the answer."""
    root = project(tmp_path)
    told = _told(root, ITALIAN, "")

    for name in ("fillers", "restarts", "to the first result", "to the first 'I'"):
        value, how = told[name]
        assert value == "not measured"
        assert "language" in how
    (figure,) = lint([], world=replace(real_world(), cwd=root)).figures
    assert not figure.is_english


def test_a_list_that_is_cut_says_how_many_more(tmp_path: Path) -> None:
    """Six fillers are named, and the rest is counted."""
    told = _told(project(tmp_path), "Um, so, uh, we, um, had, uh, two, um, weeks, uh, and, um, one, uh, left.", "en")

    assert told["fillers"][0].startswith("8: 'Um' at 0:00, ")
    assert told["fillers"][0].endswith(" and 2 more")

"""The person's own command of `transcribe:`: what it needs, what it may get wrong, and that nothing crashes."""

from __future__ import annotations

import shutil
import sys
import wave
from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.errors import InputError
from evalharness.recording.workflow import transcribe
from tests.spoken.talks import project
from tests.transcripts.forms import WHISPER_SEGMENTS


def recording(root: Path) -> Path:
    """Write a second of silence."""
    with wave.open(str(root / "answer.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\0\xff" * 16_000)
    return root / "answer.wav"


@pytest.mark.parametrize("name", ["models/heard.json", "heard.json"])
def test_files_of_the_command_are_those_of_the_project(tmp_path: Path, name: str) -> None:
    """A model or a script beside the settings is found, although the command runs elsewhere."""
    (tmp_path / "models").mkdir()
    (tmp_path / name).write_text(WHISPER_SEGMENTS)
    print_it = "import pathlib, sys; print(pathlib.Path(sys.argv[1]).read_text())"
    made = transcribe(recording(tmp_path), f"{sys.executable} -c '{print_it}' {name} {{audio}}", "en", root=tmp_path)

    assert made.text.strip() == WHISPER_SEGMENTS.strip()


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("'", "'transcribe:' in evalharness.yaml cannot be read as a command: no closing quotation"),
        ("no-such-program {audio}", "no-such-program cannot be run: no such file or directory"),
        ("cat {audio}", "what cat wrote is not a transcript: line 1: "),
        ("echo {audio}", "what echo wrote is not a transcript: line 1: "),
        ("true {audio}", "true wrote no transcript"),
        ("false {audio}", "false ended with 1: it says nothing"),
    ],
)
@pytest.mark.skipif(shutil.which("cat") is None, reason="there is no cat")
def test_a_command_that_fails_is_told_and_nothing_is_written(tmp_path: Path, template: str, told: str) -> None:
    """Whatever it prints: bytes, words, nothing."""
    with pytest.raises(InputError) as error:
        transcribe(recording(tmp_path), template, "en", root=tmp_path)

    assert str(error.value).startswith(told)
    assert [file.name for file in tmp_path.iterdir()] == ["answer.wav"]


def test_a_spoken_answer_needs_no_heading_to_be_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rubric that asks for a question back has it typed where there is a terminal, else it is told as missing."""
    root = project(tmp_path)
    rubric = (root / "rubrics" / "talk.yaml").read_text()
    (root / "rubrics" / "talk.yaml").write_text(
        f"{rubric}parts:\n  back: {{headings: [Question back], required: true}}\n"
    )
    (root / "heard.json").write_text(WHISPER_SEGMENTS)
    print_it = "import pathlib, sys; print(pathlib.Path(sys.argv[1]).read_text())"
    (root / "evalharness.yaml").write_text(f"transcribe: \"{sys.executable} -c '{print_it}' ./heard.json {{audio}}\"\n")
    recording(root)
    monkeypatch.chdir(root)

    assert main(["practice", "conflict", "--audio", "answer.wav", "--grader", "heuristic"]) == 0
    out = capsys.readouterr()
    assert "draft" not in out.out + out.err
    assert "of 5 by heuristic" in out.out


def test_undo_removes_all_files_of_a_spoken_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words, transcript, times and copy of the recording go together; the recording that was given stays."""
    root = project(tmp_path)
    (root / "heard.json").write_text(WHISPER_SEGMENTS)
    print_it = "import pathlib, sys; print(pathlib.Path(sys.argv[1]).read_text())"
    (root / "evalharness.yaml").write_text(f"transcribe: \"{sys.executable} -c '{print_it}' ./heard.json {{audio}}\"\n")
    recording(root)
    monkeypatch.chdir(root)
    folder = root / "cases" / "conflict"

    assert main(["practice", "conflict", "--audio", "answer.wav", "--grader", "heuristic"]) == 0
    answer = next(folder.glob("*.md"))
    assert len(list(folder.iterdir())) == 5

    written = answer.read_text()
    answer.write_text(f"{written}\nOne more word.\n")
    capsys.readouterr()
    assert main(["undo", "--yes"]) == 2
    assert capsys.readouterr().out.count("keep, it belongs to a changed answer: ") == 3
    answer.write_text(written)
    assert main(["undo", "--yes"]) == 0
    told = capsys.readouterr().out
    assert [told.count(f"{answer.stem}{ending}\n") for ending in (".md", ".json", ".times.json", ".wav")] == [1] * 4
    assert [file.name for file in folder.iterdir()] == ["question.yaml"]
    assert (root / "answer.wav").exists()


def test_what_is_no_wav_is_told_before_the_command_runs(tmp_path: Path) -> None:
    """The person is told of the file, and not of what their command makes of it."""
    fake = tmp_path / "fake.wav"
    fake.write_text("not a sound")

    with pytest.raises(InputError, match=r"^fake\.wav is not a WAV file"):
        transcribe(fake, "no-such-program {audio}", "en", root=tmp_path)

"""The microphone and the recognisers' packages, through modules of their shape (`stand_ins`): none is installed in CI.

Vosk was also run by hand with the real package and a real model, and the microphone with the real package, the real
PortAudio and a file as ALSA's microphone.
"""

from __future__ import annotations

import ast
import importlib
import sys
import wave
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from evalharness.cli import main
from evalharness.errors import InputError
from evalharness.recording.workflow import PACKAGES, check_microphone, record, transcribe
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.reading import read_talk
from tests.spoken.stand_ins import SOUNDDEVICE, WORDS, install
from tests.spoken.talks import project
from tests.terminal import Terminal


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on Python's path, without whatever is really installed; forgotten at the end."""
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.setattr(sys, "path", [str(folder), *sys.path])
    real = importlib.util.find_spec
    ours = {"sounddevice", *PACKAGES}
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name: None if name in ours and not (folder / f"{name}.py").exists() else real(name),
    )
    yield folder
    for name in ours:
        sys.modules.pop(name, None)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Four seconds with sound where the words are."""
    file = tmp_path / "answer.wav"
    loud = [any(a <= at / 100 < b for _, a, b in WORDS) for at in range(400)]
    with wave.open(str(file), "wb") as out:
        out.setparams((1, 2, 16_000, 0, "NONE", ""))
        out.writeframes(b"".join((b"\x00\x40" if on else b"\x00\x00") * 160 for on in loud))
    return file


@pytest.mark.parametrize("name", ["vosk", "faster_whisper"])
def test_words_and_times_of_a_recogniser_become_a_transcript(modules: Path, recording: Path, name: str) -> None:
    """Each word with its time; the silence of a second and a half stays a pause."""
    install(modules, name)

    made = transcribe(recording, "", "en")

    talk = read_talk(made.text, f"answer{made.ending}")
    found = answer(talk, candidate(talk), source="answer.json")
    assert found.text.split() == [word for word, _, _ in WORDS]
    assert found.timing is not None
    assert [round(said.start, 1) for turn in found.timing.turns for said in turn.said] == [0.2, 0.4, 1.0, 1.1, 3.0]
    assert found.timing.turns[-1].end == pytest.approx(3.5, abs=0.02)


def test_where_one_recogniser_has_no_model_the_next_is_asked(modules: Path, recording: Path) -> None:
    """Nothing is fetched, and nothing ends the program; with none left it says what each lacks."""
    install(modules, "faster_whisper", "vosk", whisper="no")

    assert "march" in transcribe(recording, "", "en").text
    with pytest.raises(InputError) as refused:
        transcribe(recording, "", "ko")
    assert refused.value.message == (
        "nothing here can write down what was said: faster_whisper has no model 'base'; vosk has no model of 'ko'"
    )
    assert refused.value.hint.startswith("set 'transcribe:'")


def test_a_language_that_a_recogniser_does_not_know_is_said(modules: Path, recording: Path) -> None:
    """It raises where it is asked for it; the next one may know it."""
    install(modules, "faster_whisper")

    with pytest.raises(InputError, match="faster_whisper does not know the language 'xx'"):
        transcribe(recording, "", "xx")


def test_a_microphone_is_recorded_until_one_says_stop(modules: Path, tmp_path: Path) -> None:
    """A WAV that recognisers read, and a clock and a level for each tenth of a second."""
    install(modules, "sounddevice")
    check_microphone()
    seen: list[tuple[float, float]] = []

    record(tmp_path / "said.wav", stop=lambda: len(seen) == 5, show=lambda at, level: seen.append((at, level)))

    with wave.open(str(tmp_path / "said.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 16_000)
        assert file.getnframes() == 8_000
    assert [at for at, _ in seen] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert {round(level, 2) for _, level in seen} == {0.24}


def test_the_stand_in_for_the_microphone_takes_what_the_real_one_takes() -> None:
    """Names of arguments of the installed package, read from its text: its library needs a sound system."""
    found = importlib.util.find_spec("sounddevice")
    if found is None or found.origin is None:
        pytest.skip("sounddevice is not installed")
    real = _arguments(Path(found.origin).read_text(encoding="utf-8"))

    for name, ours in _arguments(dedent(SOUNDDEVICE)).items():
        assert [each for each in real[name] if each in ours] == ours


def _arguments(source: str) -> dict[str, list[str]]:
    """Return the names of the arguments of what `record` and `check_microphone` use, in their order."""
    tree = ast.parse(source)
    classes = {each.name: each for each in tree.body if isinstance(each, ast.ClassDef)}
    functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    made = next(
        each for each in classes["RawInputStream"].body if isinstance(each, ast.FunctionDef) and each.name == "__init__"
    )
    each = {"check_input_settings": functions["check_input_settings"], "RawInputStream": made}
    return {name: [argument.arg for argument in function.args.args] for name, function in each.items()}


def test_no_microphone_is_said_with_what_to_do(modules: Path) -> None:
    """Without the package, and without a device."""
    with pytest.raises(InputError, match="needs the package sounddevice"):
        check_microphone()
    (modules / "sounddevice.py").write_text("def check_input_settings(**_): raise OSError('PortAudio not found')\n")
    with pytest.raises(InputError, match="there is no microphone here: PortAudio not found") as refused:
        check_microphone()
    assert refused.value.hint == "give a recording with --audio FILE"


def test_an_answer_is_spoken_into_the_microphone(tmp_path: Path) -> None:
    """`practice --speak` in a terminal: a clock and a meter, Enter ends it, and the words are the attempt."""
    root = project(tmp_path)
    (root / "evalharness.yaml").write_text(f'transcribe: "{sys.executable} {root / "hear.py"} {{audio}}"\n')
    (root / "hear.py").write_text(
        "import sys, wave\nassert wave.open(sys.argv[1]).getnframes() > 0\n"
        "print('1\\n00:00:00,000 --> 00:00:04,000\\nIn March I asked first, and it took nine days.')\n"
    )
    folder = install(tmp_path / "modules", "sounddevice")

    with Terminal(
        "practice", "conflict", "--speak", "--grader", "heuristic", cwd=root, env={"PYTHONPATH": str(folder)}
    ) as terminal:
        terminal.wait_for("speak now; Enter ends the answer")
        terminal.wait_for("[##########..........]")
        terminal.enter("\n")
        terminal.wait_for("0:04 spoken (measured by ")
        terminal.wait_for("how good did it feel")
        terminal.enter("\n")
        terminal.wait_for("another go?")
        terminal.enter("n\n")
        code = terminal.exit_code()

    assert code == 0
    (attempt,) = (root / "cases/conflict").glob("*.md")
    assert "In March I asked first" in attempt.read_text()
    assert attempt.with_suffix(".wav").is_file()


def test_a_recording_that_cannot_be_read_says_why_and_leaves_nothing(
    modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No copy of the recording, no transcript, no attempt; an empty file is called empty."""
    root = project(tmp_path)
    monkeypatch.chdir(root)
    install(modules, "vosk")
    (root / "empty.wav").touch()
    (root / "noise.wav").write_bytes(b"no sound at all")

    assert main(["practice", "conflict", "--audio", "empty.wav", "--grader", "heuristic"]) == 2
    assert "empty.wav is not a WAV file: it is empty or cut off [audio]" in capsys.readouterr().err
    assert main(["practice", "conflict", "--audio", "noise.wav", "--grader", "heuristic"]) == 2
    assert "noise.wav is not a WAV file: file does not start with RIFF id" in capsys.readouterr().err
    (root / "evalharness.yaml").write_text("transcribe: echo garbage\n")
    (root / "noise.wav").write_bytes(b"RIFF\0\0\0\0WAVE, and no sound at all")
    assert main(["practice", "conflict", "--audio", "noise.wav", "--grader", "heuristic"]) == 2
    assert "what echo wrote is not a transcript: line 1: there is no cue" in capsys.readouterr().err
    assert [file.name for file in (root / "cases/conflict").iterdir()] == ["question.yaml"]

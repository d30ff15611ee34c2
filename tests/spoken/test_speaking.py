"""`practice --speak` through a terminal: the recording is written down by the person's own command and measured."""

from __future__ import annotations

import sys
import wave
from pathlib import Path

from tests.spoken.talks import project
from tests.terminal import Terminal
from tests.transcripts.forms import WHISPER_SEGMENTS


def test_an_answer_is_taken_from_a_recording_and_measured(tmp_path: Path) -> None:
    """The words are the attempt's text; recording, transcript and times lie beside it, and its time is measured."""
    root = project(tmp_path)
    (root / "heard.json").write_text(WHISPER_SEGMENTS, encoding="utf-8")
    print_it = "import pathlib, sys; print(pathlib.Path(sys.argv[2]).read_text())"
    command = f"{sys.executable} -c '{print_it}' {{audio}} {root / 'heard.json'}"
    (root / "evalharness.yaml").write_text(f'transcribe: "{command}"\n', encoding="utf-8")
    with wave.open(str(root / "answer.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(b"\0\0" * 16_000)

    with Terminal(
        "practice", "conflict", "--speak", "--audio", "answer.wav", "--grader", "heuristic", cwd=root
    ) as terminal:
        terminal.wait_for("0:08 spoken (measured by ")
        terminal.wait_for("how good did it feel")
        terminal.enter("4\n")
        terminal.wait_for("another go?")
        terminal.enter("n\n")
        code = terminal.exit_code()

    assert code == 0
    kept = sorted("".join(file.suffixes) for file in (root / "cases" / "conflict").iterdir() if file.stem != "question")
    assert kept == [".json", ".md", ".times.json", ".wav"]

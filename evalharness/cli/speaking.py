"""`practice --speak`: a clock and a level meter on one line while one speaks, then the transcript."""

from __future__ import annotations

import select
import shlex
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.screen import print_wrapped
from evalharness.errors import InputError

if TYPE_CHECKING:
    from evalharness.load import Loaded
    from evalharness.practice.workflow import NewAttempt


class Voice:
    """Takes an answer by voice: from the microphone, or from an audio file."""

    def __init__(self, loaded: Loaded, audio: Path | None, *, keep: bool) -> None:
        self._loaded = loaded
        self._audio = audio
        self._keep = keep
        self.told = ""
        self.files: tuple[Path, ...] = ()

    def take(self, made: NewAttempt, limit: float | None) -> None:
        """Record or read an answer, have it written down, and add it to the attempt; `files` are then those made."""
        from evalharness.recording import workflow as recording

        self.files = ()
        with tempfile.TemporaryDirectory() as folder:
            audio = self._audio
            if audio is None:
                audio = Path(folder) / "answer.wav" if not self._keep else made.file.with_suffix(".wav")
                self.files = (audio,) if self._keep else ()
                self._record(audio, limit)
            print_wrapped("writing down what was said ...", err=True)
            try:
                taken = recording.take(audio, made.file, self._loaded, keep=self._keep)
            except InputError:
                made.discard_if_blank()
                if self._audio is None and self._keep:
                    print_wrapped(f"the recording is kept; --audio {shlex.quote(str(audio))} takes it up", err=True)
                raise
        self.files += taken.files
        made.hear(taken.text)
        self.told = taken.told
        print_wrapped(made.text, err=True)

    def _record(self, file: Path, limit: float | None) -> None:
        from evalharness.recording import workflow as recording
        from evalharness.spoken.listening import meter
        from evalharness.text.speaking import clock

        def show(seconds: float, level: float) -> None:
            whole = f"/{clock(limit)}" if limit else ""
            click.echo(f"\r{clock(seconds)}{whole} [{meter(level)}]", nl=False, err=True)

        print_wrapped("speak now; Enter ends the answer", err=True)
        recording.record(file, stop=_enter, show=show)
        print_wrapped("", err=True)


def _enter() -> bool:
    """Return whether Enter was pressed, and take it from the input."""
    if not select.select([sys.stdin], [], [], 0)[0]:
        return False
    sys.stdin.readline()
    return True


def voice(loaded: Loaded, audio: Path | None, *, speak: bool, no_audio: bool) -> Voice | None:
    """Return what takes an answer by voice, None where it is typed; raises `InputError` for idle options."""
    if audio is None and not speak:
        if no_audio:
            raise InputError("--no-audio has no effect without --speak or --audio", hint="leave it out", slug="usage")
        return None
    from evalharness.recording import workflow as recording

    recording.check_recogniser(loaded.config.transcribe)
    if audio is None:
        recording.check_microphone()
    return Voice(loaded, audio, keep=not no_audio)

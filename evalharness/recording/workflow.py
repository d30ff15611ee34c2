"""`practice --speak`: the microphone or an audio file -> a WAV, its transcript, and the attempt that was spoken.

Everything stays on this machine, unless the person's own command sends it somewhere.
"""

from __future__ import annotations

import array
import importlib.util
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from evalharness.console.paths import followed
from evalharness.errors import InputError
from evalharness.load import Loaded
from evalharness.spoken.listening import RATE, Heard, as_json, command, levels, sharpened
from evalharness.spoken.workflow import talk_in
from evalharness.text.speaking import clock
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.reading import TIMES, Refused, read_talk

BLOCK = RATE // 10
MODEL = "base"
PACKAGES = ("faster_whisper", "vosk", "pocketsphinx")
CONVERT = "convert it: ffmpeg -i FILE -ar 16000 -ac 1 out.wav"
SET = "set 'transcribe:' in evalharness.yaml, or install one: pip install pocketsphinx"


class Taken(NamedTuple):
    """What was spoken: the text of the attempt, its time as it is said on the screen, and the files made beside it."""

    text: str
    told: str
    files: tuple[Path, ...]


def check_microphone() -> None:
    """Raise `InputError` where nothing can be recorded here."""
    if importlib.util.find_spec("sounddevice") is None:
        raise InputError(
            "recording needs the package sounddevice",
            hint="pip install 'evalharness[speak]', or --audio FILE",
            slug="not-installed",
        )
    try:
        import sounddevice

        sounddevice.check_input_settings(samplerate=RATE, channels=1, dtype="int16")
    except Exception as error:  # PortAudio raises errors of its own, and OSError where it is missing
        raise InputError(
            f"there is no microphone here: {error}", hint="give a recording with --audio FILE", slug="not-installed"
        ) from error


def check_recogniser(template: str) -> None:
    """Raise `InputError` where nothing here can write down what is said."""
    if not template and not any(importlib.util.find_spec(name) for name in PACKAGES):
        raise InputError("nothing here can write down what was said", hint=SET, slug="not-installed")


def record(file: Path, *, stop: Callable[[], bool], show: Callable[[float, float], None]) -> None:
    """Record from the microphone into a WAV until `stop` says so; `show` gets the seconds and the level, 0 to 1."""
    import sounddevice

    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        with sounddevice.RawInputStream(samplerate=RATE, channels=1, dtype="int16", blocksize=BLOCK) as stream:
            count = 0
            while not stop():
                data = bytes(stream.read(BLOCK)[0])
                out.writeframes(data)
                count += len(data) // 2
                show(count / RATE, max(map(abs, array.array("h", data)), default=0) / 32768)


def take(audio: Path, attempt: Path, loaded: Loaded, *, keep: bool) -> Taken:
    """Write down a recording and keep it, its transcript and its times beside an attempt; return what was said.

    Raises `InputError` where nothing here can write it down, or nothing was heard: then nothing is written, and what
    was recorded stays where it is.
    """
    made = transcribe(audio, loaded.config.transcribe, loaded.config.language or "en", root=loaded.root)
    wav, script = attempt.with_suffix(".wav"), attempt.with_suffix(made.ending)
    talk = talk_in(made.text, script.name)
    files = [script]
    if keep and followed(audio) != followed(wav):
        shutil.copyfile(audio, wav)
        files.append(wav)
    script.write_text(made.text, encoding="utf-8")
    found = answer(talk, candidate(talk, loaded.config.author), source=script.name)
    if found.timing:
        times = attempt.with_name(attempt.stem + TIMES)
        times.write_bytes(msgspec.json.encode(found.timing))
        files.append(times)
    seconds = sum(turn.end - turn.start for turn in found.timing.turns) if found.timing else 0.0
    told = f"{clock(seconds)} spoken (measured by {script.name})" if found.timing else ""
    return Taken(found.text, told, tuple(files))


class Transcript(NamedTuple):
    """The text of a transcript, and the ending of a file that holds it."""

    text: str
    ending: str


def transcribe(audio: Path, template: str, language: str, *, root: Path | None = None) -> Transcript:
    """Return the transcript of a WAV, by the person's own command, else by a recogniser that is installed.

    Files that the command names are looked for below `root`, the project.
    """
    if not audio.is_file():
        raise InputError(f"there is no recording {audio}", hint="name a WAV file", slug="audio")
    if template:
        if audio.suffix.lower() == ".wav":
            _check_wav(audio)
        return _by_command(audio, template, root or Path.cwd())
    sound = levels(array.array("h", _samples(audio)))
    without: list[str] = []
    for name in (name for name in PACKAGES if importlib.util.find_spec(name) is not None):
        words = {"faster_whisper": _faster_whisper, "vosk": _vosk, "pocketsphinx": _pocketsphinx}[name]
        try:
            found = sharpened(list(words(audio, language)), sound)
        except _NoModel as missing:
            without.append(f"{name} {missing}")
            continue
        if not found:
            raise InputError(f"{name} heard no words in {audio.name}", hint="was the microphone on?", slug="audio")
        return Transcript(as_json(found, language), ".json")
    why = f": {'; '.join(without)}" if without else ""
    raise InputError(f"nothing here can write down what was said{why}", hint=SET, slug="not-installed")


class _NoModel(Exception):
    """A recogniser is installed, and what it needs for this language is not on this machine."""


def _words(template: str, audio: str, root: Path) -> list[str]:
    """Return the words of a command, files of the project with their whole paths: it runs in a folder of its own."""
    try:
        words = command(template, audio)
    except ValueError as error:
        raise InputError(
            f"'transcribe:' in evalharness.yaml cannot be read as a command: {str(error).lower()}",
            hint="close what a quotation mark opens",
            slug="audio",
        ) from error
    return [str(root / word) if _is_of_project(root, word, first=not n) else word for n, word in enumerate(words)]


def _is_of_project(root: Path, word: str, *, first: bool) -> bool:
    """Return whether a word of a command names a file of the project; a bare first word is a program on the path."""
    return (root / word).exists() if "/" in word else not first and (root / word).is_file()


def _by_command(audio: Path, template: str, root: Path) -> Transcript:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "answer.wav"
        shutil.copyfile(audio, copy)
        words = _words(template, str(copy), root)
        try:
            done = subprocess.run(  # noqa: S603  # their own
                words, capture_output=True, encoding="utf-8", errors="replace", check=False, cwd=folder
            )
        except OSError as error:
            raise InputError(
                f"{words[0]} cannot be run: {(error.strerror or str(error)).lower()}",
                hint="correct 'transcribe:' in evalharness.yaml; a command is looked for on your path",
                slug="audio",
            ) from error
        if done.returncode:
            last = (done.stderr.strip() or "it says nothing").splitlines()[-1]
            raise InputError(
                f"{words[0]} ended with {done.returncode}: {last}", hint="try the command by hand", slug="audio"
            )
        for ending in (".json", ".vtt", ".srt"):
            for file in (copy.with_suffix(ending), Path(f"{copy}{ending}")):
                if file.is_file():
                    return _checked(Transcript(file.read_text(encoding="utf-8", errors="replace"), ending), words[0])
    said = done.stdout
    if not said.strip():
        raise InputError(f"{words[0]} wrote no transcript", hint="let it write JSON, VTT or SRT", slug="audio")
    start = said.lstrip()[:6]
    ending = ".vtt" if start == "WEBVTT" else ".json" if start[:1] in "{[" else ".srt"
    return _checked(Transcript(said, ending), words[0])


def _checked(made: Transcript, program: str) -> Transcript:
    """Return a transcript that can be read; raises `InputError` where what a program wrote is none."""
    try:
        read_talk(made.text, f"answer{made.ending}")
    except Refused as refused:
        raise InputError(
            f"what {program} wrote is not a transcript: line {refused.line}: {refused.reason}",
            hint="let it write JSON, VTT or SRT",
            slug="audio",
        ) from refused
    return made


def _check_wav(audio: Path) -> None:
    """Raise `InputError` where a file ends like a WAV and does not begin as one: no command can read it."""
    with audio.open("rb") as file:
        head = file.read(12)
    if head[:4] not in (b"RIFF", b"RF64", b"RIFX") or head[8:] != b"WAVE":
        raise InputError(f"{audio.name} is not a WAV file", hint=CONVERT, slug="audio")


def _samples(audio: Path) -> bytes:
    """Return a WAV as 16-bit samples of one channel at `RATE`; raises `InputError` for what is no such file."""
    try:
        with wave.open(str(audio), "rb") as file:
            form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError, OSError) as error:
        raise InputError(
            f"{audio.name} is not a WAV file: {str(error) or 'it is empty or cut off'}",
            hint=CONVERT,
            slug="audio",
        ) from error
    channels, width, rate = form
    if width != 2:
        raise InputError(f"{audio.name} has {8 * width}-bit samples", hint="convert it to 16 bits", slug="audio")
    samples = array.array("h", data)[::channels]
    if rate != RATE:
        step = rate / RATE
        samples = array.array("h", (samples[int(n * step)] for n in range(int(len(samples) / step))))
    return samples.tobytes()


def _pocketsphinx(audio: Path, language: str) -> Iterator[Heard]:
    import pocketsphinx

    if language != "en":
        raise _NoModel("hears English only")
    decoder: Any = pocketsphinx.Decoder(samprate=RATE, loglevel="FATAL")
    decoder.start_utt()
    decoder.process_raw(_samples(audio), full_utt=True)
    decoder.end_utt()
    for each in decoder.seg() or ():
        word = str(each.word).partition("(")[0]
        if word and not word.startswith(("<", "[", "+")):
            yield Heard(word, each.start_frame / 100, (each.end_frame + 1) / 100)


def _vosk(audio: Path, language: str) -> Iterator[Heard]:
    import json

    import vosk

    vosk.SetLogLevel(-1)
    # Looked for here: asked by its language, Vosk downloads a model that is missing.
    name = f"vosk-model*-{'en-us' if language == 'en' else language}*"
    there = (file for folder in vosk.MODEL_DIRS if folder for file in sorted(Path(folder).glob(name)) if file.is_dir())
    model = next(there, None)
    if model is None:
        raise _NoModel(f"has no model of '{language}'")
    recogniser = vosk.KaldiRecognizer(vosk.Model(model_path=str(model)), RATE)
    recogniser.SetWords(True)
    recogniser.AcceptWaveform(_samples(audio))
    for each in json.loads(recogniser.FinalResult()).get("result", ()):
        yield Heard(each["word"], each["start"], each["end"])


def _faster_whisper(audio: Path, language: str) -> Iterator[Heard]:
    from faster_whisper import WhisperModel

    try:
        model = WhisperModel(MODEL, local_files_only=True)
    except Exception as error:  # of the hub's client, which differ from version to version
        raise _NoModel(f"has no model '{MODEL}'") from error
    try:
        segments, _ = model.transcribe(str(audio), language=language, word_timestamps=True)
    except ValueError as error:
        raise _NoModel(f"does not know the language '{language}'") from error
    for segment in segments:
        for word in segment.words or ():
            yield Heard(word.word.strip(), word.start, word.end)

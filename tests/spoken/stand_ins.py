"""Modules of the shape of a microphone's and recognisers' packages, as files that Python imports: none is in CI."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

WORDS = (("in", 0.2, 0.4), ("march", 0.4, 0.9), ("i", 1.0, 1.1), ("asked", 1.1, 1.5), ("first", 3.0, 3.5))

SOUNDDEVICE = '''
    """Speech as a microphone gives it: half a second of noise a block, as long as anybody reads."""
    import array

    class PortAudioError(Exception):
        pass

    def check_input_settings(device=None, channels=None, dtype=None, extra_settings=None, samplerate=None):
        assert (samplerate, channels, dtype) == (16000, 1, "int16")

    class RawInputStream:
        def __init__(self, samplerate=None, blocksize=None, device=None, channels=None, dtype=None):
            assert (samplerate, channels, dtype) == (16000, 1, "int16")

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def read(self, frames):
            return memoryview(array.array("h", [8000, -8000] * (frames // 2)).tobytes()), False
'''
VOSK = f'''
    """Vosk's Python module: folders of models, a recogniser that takes bytes and tells words as JSON."""
    import json
    from pathlib import Path

    MODEL_DIRS = [None, Path("/nowhere"), Path(__file__).parent / "vosk-models"]

    def SetLogLevel(level):
        pass

    class Model:
        def __init__(self, model_path=None, model_name=None, lang=None):
            assert model_path, "asked for a language it downloads a model"
            assert Path(model_path).name == "vosk-model-small-en-us-0.15"

    class KaldiRecognizer:
        def __init__(self, model, rate):
            assert rate == 16000

        def SetWords(self, on):
            assert on

        def AcceptWaveform(self, data):
            assert len(data) == 2 * 16000 * 4
            return True

        def FinalResult(self):
            words = {WORDS!r}
            return json.dumps({{"result": [dict(word=w, start=a, end=b, conf=1.0) for w, a, b in words], "text": ""}})
'''
FASTER_WHISPER = f'''
    """faster-whisper's Python module (1.2): segments come one by one, words where they are asked for."""
    from dataclasses import dataclass
    from typing import List, Optional

    @dataclass
    class Word:
        start: float
        end: float
        word: str
        probability: float

    @dataclass
    class Segment:
        id: int
        seek: int
        start: float
        end: float
        text: str
        tokens: List[int]
        avg_logprob: float
        compression_ratio: float
        no_speech_prob: float
        words: Optional[List[Word]]
        temperature: Optional[float]

    @dataclass
    class TranscriptionInfo:
        language: str
        language_probability: float
        duration: float

    class WhisperModel:
        def __init__(self, model_size_or_path, device="auto", *, local_files_only=False):
            assert local_files_only, "nothing is fetched"
            if HERE != "yes":
                raise RuntimeError("cannot find the requested files in the disk cache")

        def transcribe(self, audio, language=None, task="transcribe", *, word_timestamps=False):
            assert word_timestamps and isinstance(audio, str)
            if language == "xx":
                raise ValueError("'xx' is not a valid language code")
            words = [Word(a, b, " " + w, 0.9) for w, a, b in {WORDS!r}]

            def segments():
                for n, (text, part) in enumerate([("In March I asked", words[:4]), ("first", words[4:]), ("", None)]):
                    start, end = (part[0].start, part[-1].end) if part else (3.5, 4.0)
                    yield Segment(n, 0, start, end, text, [], -0.2, 1.1, 0.0, part, 0.0)

            return segments(), TranscriptionInfo(language, 1.0, 4.0)
'''


def install(folder: Path, *names: str, whisper: str = "yes") -> Path:
    """Write the named modules into `folder`, which a test puts on Python's path, and return it."""
    texts = {
        "sounddevice": SOUNDDEVICE,
        "vosk": VOSK,
        "faster_whisper": f"{FASTER_WHISPER}\n    HERE = {whisper!r}\n",
    }
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / f"{name}.py").write_text(dedent(texts[name]), encoding="utf-8")
    if "vosk" in names:
        (folder / "vosk-models" / "vosk-model-small-en-us-0.15").mkdir(parents=True)
    return folder

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

    def check_input_settings(**settings):
        assert settings == {"samplerate": 16000, "channels": 1, "dtype": "int16"}

    class RawInputStream:
        def __init__(self, *, samplerate, channels, dtype, blocksize):
            self.blocksize = blocksize

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def read(self, frames):
            return array.array("h", [8000, -8000] * (frames // 2)).tobytes(), False
'''
VOSK = f'''
    """Vosk's Python module: a model by its language, a recogniser that takes bytes and tells words as JSON."""
    import json

    def SetLogLevel(level):
        pass

    class Model:
        def __init__(self, model_path=None, model_name=None, lang=None):
            if lang != "en-us":
                print("lang", lang, "does not exist")
                raise SystemExit(1)

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
    """faster-whisper's Python module: segments come one by one, words where they are asked for."""
    from collections import namedtuple

    Word = namedtuple("Word", "start end word probability")
    Segment = namedtuple("Segment", "start end text words")

    class WhisperModel:
        def __init__(self, size, *, local_files_only=False):
            assert local_files_only, "nothing is fetched"
            if HERE != "yes":
                raise RuntimeError("cannot find the requested files in the disk cache")

        def transcribe(self, audio, *, language, word_timestamps):
            assert word_timestamps
            words = [Word(a, b, " " + w, 0.9) for w, a, b in {WORDS!r}]
            segments = [Segment(0.2, 1.5, "In March I asked", words[:4]), Segment(3.0, 3.5, "first", words[4:])]
            return iter(segments), {{"language": language}}
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
    return folder

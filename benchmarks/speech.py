"""Real speech with pauses of known length -> how far the measured times are off.

    python -m benchmarks.speech [--write tests/data/spoken]

espeak-ng speaks, sox cuts and joins, PocketSphinx writes down (pip install pocketsphinx); nothing is downloaded.  The
clock of the sound is the truth: what is held against it is what `evalharness` makes of the recogniser's transcript.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from evalharness.recording.workflow import transcribe
from evalharness.text.speech import spoken
from evalharness.text.timeline import timeline
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.reading import read_talk

SENTENCES = (
    "I asked the team for one more week and we found the broken check",
    "we cut failed transfers from four percent to one percent",
    "then I showed two other teams how to do the same thing",
)
PAUSES = (1.2, 0.8)
SPEEDS = (130, 170)


def sox(*arguments: str) -> None:
    subprocess.run(["sox", *arguments], check=True)


def seconds(file: Path) -> float:
    return float(subprocess.run(["soxi", "-D", str(file)], check=True, capture_output=True, text=True).stdout)


def speak(folder: Path, speed: int) -> tuple[Path, float, list[tuple[float, float]]]:
    """Return a WAV, its length, and (beginning, length) of each pause in it."""
    trim = ["silence", "1", "0.01", "0.5%", "reverse"]
    pieces, pauses, at = [], [], 0.0
    for number, sentence in enumerate(SENTENCES):
        raw, clean = folder / f"{number}.wav", folder / f"{number}-16k.wav"
        subprocess.run(["espeak-ng", "-s", str(speed), "-v", "en-us", "-w", str(raw), sentence], check=True)
        sox(str(raw), "-r", "16000", "-c", "1", str(clean), *trim, *trim)
        pieces.append(clean)
        at += seconds(clean)
        if number < len(PAUSES):
            silence = folder / f"silence-{number}.wav"
            sox("-n", "-r", "16000", "-c", "1", str(silence), "trim", "0", str(PAUSES[number]))
            pieces.append(silence)
            pauses.append((at, PAUSES[number]))
            at += PAUSES[number]
    whole = folder / f"{speed}.wav"
    sox(*map(str, pieces), str(whole))
    return whole, seconds(whole), pauses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="Keep transcripts and truths in this folder.")
    folder = parser.parse_args().write
    print("| words a minute | true length | measured | off | pauses: true | found | off |")
    print("|---|---|---|---|---|---|---|")
    for speed in SPEEDS:
        with tempfile.TemporaryDirectory() as name:
            audio, length, pauses = speak(Path(name), speed)
            made = transcribe(audio, "", "en")
        talk = read_talk(made.text, "speech.json")
        found = answer(talk, candidate(talk), source="speech.json")
        line = timeline(spoken(found.text), found.timing)
        assert line is not None
        heard = [
            min(line.pauses or (), key=lambda pause, at=at, long=long: abs(pause.at - at) + abs(pause.length - long))  # type: ignore[misc]
            for at, long in pauses
        ]
        told = [f"{pause.length:.2f}" for pause in heard]
        off = [f"{pause.length - long:+.2f}" for pause, (_, long) in zip(heard, pauses, strict=True)]
        print(
            f"| {speed} | {length:.2f} s | {line.seconds:.2f} s | {line.seconds / length - 1:+.1%} "
            f"| {', '.join(str(long) for _, long in pauses)} | {', '.join(told)} | {', '.join(off)} |"
        )
        if folder:
            (folder / f"speech-{speed}.json").write_text(made.text, encoding="utf-8")
            truth = {"seconds": round(length, 3), "pauses": [[round(at, 3), long] for at, long in pauses]}
            (folder / f"speech-{speed}.truth.json").write_text(json.dumps(truth) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

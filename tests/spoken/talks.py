"""A mock interview of ten minutes, written by us, and a small project whose questions it asks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from evalharness.transcripts.reading import read_talk

ASKED: Final = {
    "conflict": "Tell me about a time you disagreed with a colleague.",
    "failure": "Describe a project that failed and what you learned.",
    "stakeholder": "How do you explain a technical decision to stakeholders?",
    "growth": "Where do you want to grow over the next years?",
}
PROBES: Final = {
    "conflict": ("What did she say to that?",),
    "failure": ("Would you do it again?", "Who told the customers?"),
    "stakeholder": (),
    "growth": ("And what would hold you back?", "Do you have anything to ask me?", "That is a good one."),
}
_SENTENCES: Final = (
    "We had eleven days and one report that nobody had read to its end.",
    "I sat down with Marit and went through the log line by line.",
    "Four percent of the transfers had failed twice, and nobody was called.",
    "So I wrote down what would break first and showed it to the team.",
    "It took two weeks longer, and the rate fell from four percent to one.",
    "Afterwards two other teams asked for the same list.",
)
RUBRIC: Final = """\
title: A talk
min_words: 3
criteria:
  - {id: time, title: Time, kind: measure, measure: speaking_time, bands: [{level: 5, at_most: 1}, {level: 2}]}
  - {id: pace, title: Pace, kind: measure, measure: pace, bands: [{level: 5, at_least: 60, at_most: 180}, {level: 2}]}
  - {id: pauses, title: Pauses, kind: measure, measure: pauses, bands: [{level: 5, at_most: 2}, {level: 2}]}
"""


def _talk() -> str:
    cues, at = ["WEBVTT"], 0.0

    def say(who: str, text: str, seconds: float, gap: float = 0.4) -> None:
        nonlocal at
        cues.append(f"{_stamp(at)} --> {_stamp(at + seconds)}\n<v {who}>{text}</v>")
        at += seconds + gap

    say("Jordan Lee", "Hello Priya, can you hear me?", 3)
    say("Priya Nair", "Yes, very well.", 2)
    for name, question in ASKED.items():
        say("Jordan Lee", question, 5, 1.5)
        for number in range(17):
            say("Priya Nair", _SENTENCES[number % len(_SENTENCES)], 6.5, 2.5 if number == 7 else 0.4)
        for probe in PROBES[name][:2]:
            say("Jordan Lee", probe, 3, 1.0)
            for sentence in _SENTENCES[2:4]:
                say("Priya Nair", sentence, 6.5)
    say("Priya Nair", "What would you stop doing with half the people?", 5)
    say("Jordan Lee", "That is a good one.", 3)
    return "\n\n".join(cues) + "\n"


def _stamp(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3600000:02d}:{whole // 60000 % 60:02d}:{whole // 1000 % 60:02d}.{whole % 1000:03d}"


TEN_MINUTES: Final = _talk()


def _as_text() -> dict[str, str]:
    """Return the same talk as the texts that meeting tools export."""
    cues = [(u.speaker, int(u.start or 0), int(u.end or 0), u.text) for u in read_talk(TEN_MINUTES, "a.vtt").utterances]
    turns: list[tuple[str, int, list[str]]] = []
    for who, start, _, text in cues:
        if turns and turns[-1][0] == who:
            turns[-1][2].append(text)
        else:
            turns.append((who, start, [text]))
    otter = "\n\n".join(f"{who}  {at // 60}:{at % 60:02}\n{' '.join(said)}" for who, at, said in turns)
    top = "Mock with Priya\nSat, Oct 3, 2026 10:02AM \u2022 10:06\n\nSPEAKERS\nJordan Lee, Priya Nair\n\n"
    lines = "\n\n".join(f"{who}   {at // 60}:{at % 60:02}\n" + "\n".join(said) for who, at, said in turns)
    started, stopped = "Jordan Lee started transcription\n\n", "\n\nJordan Lee stopped transcription\n"
    return {
        "otter.txt": otter + "\n",
        "otter-with-a-top.txt": f"{top}{otter}\n\nTranscribed by https://notes.example\n",
        "teams.txt": "".join(f"{_hours(a)}.0 --> {_hours(b)}.0\n{who}\n{text}\n" for who, a, b, text in cues),
        "teams-with-a-top.txt": f"Mock\nOctober 3, 2026, 10:02AM\n10m 6s\n\n{started}{lines}{stopped}",
        "zoom.txt": "\n".join(f"[{who}] {_hours(36_000 + a)}\n{text}\n" for who, a, _, text in cues),
        "zoom-captions.txt": "".join(f"{_hours(36_000 + a)} {who}: {text}\n" for who, a, _, text in cues),
        "names-only.txt": "".join(f"{who}: {' '.join(said)}\n" for who, _, said in turns),
    }


def _hours(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


AS_TEXT: Final = _as_text()
SHORT_ONE: Final = """\
Mock for the ferry post
Recorded Sunday 7:32 PM

Amara  0:02
Right, it's recording. I'll read them out, and you answer as if it were Tuesday.

Tobias  0:09
Okay. Give me a second.

Amara  0:14
So, um, the first one is, what do you do when a passenger refuses to leave the car deck?

Tobias  0:21
I ask for the name of the dog, since there is always a dog. Last winter a man would not leave his, so I had a crew
member stay beside it, and he went up within two minutes. We wrote that down for the other boats.

Amara  0:52
And did he thank you?

Tobias  0:55
No. He wrote to the paper, and the paper took our side.

Amara  1:01
Ha. Okay, number two. Tell me about a time you changed a safety drill.

Tobias  1:07
We drilled on the same Monday each month, and everybody knew it by heart. I moved it to a day that I drew from a hat.
The first one took nine minutes instead of four, and after half a year we were back at five.

Amara  1:38
Good. What would you like to know from us?

Tobias  1:41
How many of you have a boat licence?

Amara  1:45
I would make that up. Anything else?

Tobias  1:48
And who wrote the winter timetable?

Amara  1:52
Nice. One tip: say the nine minutes first. Same time on Thursday?

Tobias  1:58
Thursday is fine. I will bring the biscuits.
"""
"""A mock interview with small talk, a further question, the candidate's questions and advice, by our own hand."""


def project(folder: Path) -> Path:
    """Make a small project with the questions of the talk and return its root."""
    root = folder / "answers"
    (root / "rubrics").mkdir(parents=True)
    (root / "rubrics" / "talk.yaml").write_text(RUBRIC, encoding="utf-8")
    for name, text in ASKED.items():
        (root / "cases" / name).mkdir(parents=True)
        question = f"question: {text}\nrubric: talk\ntime_limit: 4 min\n"
        (root / "cases" / name / "question.yaml").write_text(question, encoding="utf-8")
    return root

"""A mock interview of ten minutes, written by us, and a small project whose questions it asks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

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

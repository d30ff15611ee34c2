"""Transcripts in the forms of the tools people use, written by us from the tools' descriptions of their formats."""

from __future__ import annotations

import json
from typing import Final

ZOOM: Final = """\
WEBVTT

1
00:00:01.000 --> 00:00:03.000
Jordan Lee: Why did you stop it?

2
00:00:03.500 --> 00:00:06.000
Priya Nair: For one reason: it failed twice.

3
00:00:07.000 --> 00:00:09.000
Priya Nair: So I asked for a week.
"""
TEAMS: Final = """\
WEBVTT

4f1c/11-0
00:00:01.000 --> 00:00:03.000
<v Jordan Lee>Why did you stop it?</v>

4f1c/12-0
00:00:03.500 --> 00:00:06.000
<v Priya Nair>For one reason: it failed twice.</v>

4f1c/13-0
00:00:07.000 --> 00:00:09.000
<v Priya Nair>So I asked for a week.</v>
"""
SRT: Final = """\
1
00:00:01,000 --> 00:00:03,000
[Jordan Lee] Why did you stop it?

2
00:00:03,500 --> 00:00:06,000
[Priya Nair] For one reason: <i>it failed twice.</i>

3
00:00:07,000 --> 00:00:09,000
[Priya Nair] So I asked for a week.
"""
OTTER: Final = """\
Jordan Lee  0:01
Why did you stop it?

Priya Nair  0:03
For one reason: it failed twice.
So I asked for a week.

Jordan Lee  0:09
Thank you.
"""
TEAMS_TEXT: Final = """\
0:0:1.0 --> 0:0:3.0
Jordan Lee
Why did you stop it?
0:0:3.500 --> 0:0:6.0
Priya Nair
For one reason: it failed twice.
0:0:7.0 --> 0:0:9.0
Priya Nair
So I asked for a week.
"""
ZOOM_TEXT: Final = """\
[Jordan Lee] 10:02:15
Why did you stop it?

[Priya Nair] 10:02:17
For one reason: it failed twice.
So I asked for a week.
"""
NAMES_ONLY: Final = """\
Jordan Lee: Why did you stop it?
Priya Nair: For one reason: it failed twice.
Priya Nair: So I asked for a week.
"""
_SAID: Final = (("Jordan Lee", 1.0, "Why did you stop it?"), ("Priya Nair", 3.5, "For one reason: it failed twice."), ("Priya Nair", 7.0, "So I asked for a week."))  # fmt: skip


def _words(start: float, text: str) -> list[dict[str, object]]:
    return [
        {
            "word": f" {word}",
            "start": round(start + 0.3 * n, 2),
            "end": round(start + 0.3 * n + 0.25, 2),
            "probability": 0.9,
        }
        for n, word in enumerate(text.split())
    ]


WHISPER: Final = json.dumps({
    "text": " ".join(text for _, _, text in _SAID), "language": "en",
    "segments": [{"id": n, "start": at, "end": at + 2.0, "text": f" {text}", "words": _words(at, text)} for n, (_, at, text) in enumerate(_SAID)],
}, indent=1)  # fmt: skip
WHISPER_SEGMENTS: Final = json.dumps({
    "language": "en", "segments": [{"start": at, "end": at + 2.0, "text": f" {text}"} for _, at, text in _SAID],
})  # fmt: skip
WHISPERX: Final = json.dumps({
    "segments": [
        {"start": at, "end": at + 2.0, "text": f" {text}", "speaker": f"SPEAKER_0{int(who == 'Priya Nair')}",
         "words": [{"word": w["word"].strip(), **({} if n == 1 else {"start": w["start"], "end": w["end"]})} for n, w in enumerate(_words(at, text))]}  # type: ignore[attr-defined]
        for who, at, text in _SAID
    ], "word_segments": [],
})  # fmt: skip
WHISPER_CPP: Final = json.dumps({
    "systeminfo": "", "result": {"language": "en"},
    "transcription": [
        {"timestamps": {"from": "00:00:01,000", "to": "00:00:03,000"}, "offsets": {"from": int(at * 1000), "to": int(at * 1000) + 2000}, "text": f" {text}"}
        for _, at, text in _SAID
    ],
})  # fmt: skip
VOSK: Final = json.dumps({
    "result": [{"conf": 1.0, "word": str(w["word"]).strip(), "start": w["start"], "end": w["end"]} for _, at, text in _SAID for w in _words(at, text)],
    "text": " ".join(text for _, _, text in _SAID),
})  # fmt: skip
FORMS: Final = {
    "zoom.vtt": ZOOM, "teams.vtt": TEAMS, "talk.srt": SRT, "otter.txt": OTTER, "teams.txt": TEAMS_TEXT, "zoom.txt": ZOOM_TEXT, "names.txt": NAMES_ONLY,
    "whisper.json": WHISPER, "segments.json": WHISPER_SEGMENTS, "whisperx.json": WHISPERX, "cpp.json": WHISPER_CPP, "vosk.json": VOSK,
}  # fmt: skip
WITH_NAMES: Final = (
    "zoom.vtt",
    "teams.vtt",
    "talk.srt",
    "otter.txt",
    "teams.txt",
    "zoom.txt",
    "names.txt",
    "whisperx.json",
)

BROKEN: Final = {
    "arrow.srt": ("1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:03,000 -> 00:00:04,000\nthere\n", 6),
    "letters.srt": ("1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n00:00:99x -> 00:00:04,000\nthere\n", 6),
    "no-arrow.srt": ("1\n00:00:01,000 --> 00:00:02,000\nHi\n\n2\n0:03 - 0:04\nthere\n", 6),
    "nan.json": ('{"segments": [\n {"start": NaN, "end": 1, "text": "a"}\n]}', 2),
    "time.vtt": ("WEBVTT\n\n00:00:01.000 --> 00:00:0x.000\nHi\n", 3),
    "cut.vtt": ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHi\n\n00:00:03.000 -->\n", 6),
    "backwards.vtt": ("WEBVTT\n\n00:00:05.000 --> 00:00:02.000\nHi\n", 3),
    "sixty.srt": ("1\n00:00:61,000 --> 00:01:02,000\nHi\n", 2),
    "head.vtt": ("1\n00:00:01.000 --> 00:00:02.000\nHi\n", 1),
    "empty.srt": ("\n\n", 1),
    "no-words.vtt": ("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n\n", 1),
    "cut.json": ('{"segments": [\n{"start": 0, "end": 1, "te', 2),
    "number.json": ('{"segments": [\n {"start": 0, "end": 1, "text": "a"},\n {"start": "x", "end": 1, "text": "b"}\n]}', 3),
    "text.json": ('{"segments": [\n {"start": 0, "end": 1}\n]}', 2),
    "other.json": ('{"name": "evalharness"}', 1),
    "cpp.json": ('{"transcription": [\n {"text": "a"}\n]}', 2),
    "order.txt": ("Priya 0:30\nhi\n\nJordan 0:20\nho\n", 4),
    "prose.txt": ("A text about nothing.\nIt has no clock and no names.\n", 1),
}  # fmt: skip

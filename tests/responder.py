"""A grader behind the test server: reads the request as a model would, and answers with real quotes.

Levels come from a hash of criterion and answer, so that the same request always gets the same reply; `bad_quotes`
plants invented ones, `noise` moves levels from sample to sample.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Mapping
from typing import Any

from tests.apiserver import Reply

_ATTEMPT = re.compile(r'<attempt-([0-9a-f]{12}) part="(\w+)">\n(.*?)\n</attempt-\1>', re.DOTALL)
_CRITERION = re.compile(r"^Criterion (\w+) \(reads (.*?)\)$", re.MULTILINE)
_ENTRY = re.compile(r"^- ([\w.-]+): ", re.MULTILINE)
_SECTION = re.compile(r"the section '(.*)' of part answer")
_SENTENCE = re.compile(r"(?:[^.!?\n]|\.(?=\d))+(?:\n(?:[^.!?\n]|\.(?=\d))+)*[.!?](?!\d)")

INVENTED = "The regulator later praised our team in a public hearing about it."


def text_of(body: Mapping[str, Any]) -> str:
    """Return all text of the user turn."""
    return "\n".join(block["text"] for block in body["messages"][0]["content"])


def sentences_of(body: Mapping[str, Any], reads: str) -> list[str]:
    """Return the sentences with at least five words of what a criterion reads: a part, or a section of the answer."""
    parts = {name: text for _, name, text in _ATTEMPT.findall(text_of(body))}
    whole = parts.get(reads.removeprefix("part "), parts["answer"])
    if section := _SECTION.match(reads):
        whole = whole.partition(f"## {section.group(1)}\n")[2].partition("\n## ")[0] or whole
    found = [" ".join(m.group().split()) for m in _SENTENCE.finditer(whole)]
    return [s for s in found if len(s.split()) >= 5] or [" ".join(whole.split())]


class GradingResponder:
    """Answers every criterion it is asked for."""

    def __init__(self, *, bad_quotes: float = 0.0, noise: float = 0.0, seed: int = 0) -> None:
        self.bad_quotes, self.noise, self.seed = bad_quotes, noise, seed
        self._times: dict[str, int] = {}

    def __call__(self, body: Mapping[str, Any]) -> Reply:
        text = text_of(body)
        heads = list(_CRITERION.finditer(text))
        ends = [head.start() for head in heads[1:]] + [len(text)]
        grades = [
            self.grade(body, head.group(1), head.group(2), text[head.end() : end])
            for head, end in zip(heads, ends, strict=True)
        ]
        joint = "grades" in body["output_config"]["format"]["schema"]["properties"]
        reply = {"grades": grades} if joint else {k: v for k, v in grades[0].items() if k != "criterion"}
        return Reply(json.dumps(reply, ensure_ascii=False))

    def grade(self, body: Mapping[str, Any], criterion: str, reads: str, asked: str) -> dict[str, Any]:
        """Return one criterion's grade as the format asks for it."""
        sentences = sentences_of(body, reads)
        seed = hashlib.sha256(f"{self.seed}|{criterion}|{'|'.join(sentences)}".encode()).hexdigest()
        self._times[seed] = self._times.get(seed, 0) + 1
        rng = random.Random(seed)
        levels = rng.choice([2, 3, 3, 4, 4, 5])
        if self.noise:
            levels = round(levels + random.Random(f"{seed}{self._times[seed]}").gauss(0, self.noise))
        quotes = rng.sample(sentences, min(len(sentences), 2))
        if rng.random() < self.bad_quotes and self._times[seed] == 1:
            quotes = [INVENTED]
        ids = _ENTRY.findall(asked) if "one finding for each id" in asked else []
        findings = [
            {"id": name, "quote": rng.choice(sentences), "state": rng.choice(["met", "partly", "not_met"])}
            for name in ids
        ]
        return {
            "criterion": criterion,
            "quotes": quotes,
            "findings": findings,
            "story": "the example" if ids else "",
            "takeaway": "",
            "missing": "Say in the second paragraph what it was before, and what you gave up to get there.",
            "reason": "The quoted passages name what was done and what came of it, without a figure to compare with.",
            "next_question": "What did it cost?" if "next_question" in asked else "",
            "level": 1 if ids else min(5, max(1, levels)),
        }


_QUICK = GradingResponder()


def quick(body: Mapping[str, Any]) -> Reply:
    """Answer as `GradingResponder` does, for servers started from the command line."""
    return _QUICK(body)

"""A program that takes the place of a model's command line: it reads a prompt, prints a reply, and misbehaves.

python -m tests.graders.standin WAY
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CHATTER = "Sure! I looked {closely} at it. ```\n"


def body_of(prompt: str) -> dict[str, Any]:
    """Return a prompt of one text in the shape that `GradingResponder` reads."""
    schema = json.loads(prompt.strip().rpartition("\n")[2])
    return {
        "messages": [{"content": [{"text": prompt}]}],
        "output_config": {"format": {"schema": schema}},
    }


def reply_to(prompt: str) -> str:
    """Return the JSON that answers a prompt of one text."""
    from tests.responder import GradingResponder  # four fifths of a start, which most ways of misbehaving need not

    return str(GradingResponder()(body_of(prompt)).content)


def other(reply: str) -> str:
    """Return a reply in good form about another question's answer."""
    grades = json.loads(reply)["grades"]
    for grade in grades:
        grade["quotes"] = ["We rebuilt the search index in Lisbon during the second winter of the project."]
    return json.dumps({"grades": grades})


def wrapped(reply: str) -> str:
    """Return a reply in an envelope of the program's own, after lines of events."""
    events = [{"type": "start", "id": "e1"}, {"type": "result", "result": f"```json\n{reply}\n```", "turns": 1}]
    return "\n".join(map(json.dumps, events))


def behaves() -> int:
    print(reply_to(sys.stdin.read()))
    return 0


def envelope() -> int:
    print(wrapped(reply_to(sys.stdin.read())))
    return 0


def chatty() -> int:
    print(f"{CHATTER}Here it is:\n```json\n{reply_to(sys.stdin.read())}\n```\nAnything else?")
    return 0


def deaf() -> int:
    print("no")
    return 0


def noise() -> int:
    sys.stdout.buffer.write(b"\xff\xfe\x1b[31m{{{ not json at all \x00 }}}\n" * 50)
    return 0


def exits() -> int:
    print("not logged in\nrun `tool login` first", file=sys.stderr)
    return 1


def about_another() -> int:
    print(other(reply_to(sys.stdin.read())))
    return 0


def floods() -> int:
    while True:
        sys.stdout.write("x" * 100_000)


def hangs() -> int:
    os.fork()  # a child that holds the pipes must end as well
    time.sleep(600)
    return 0


def hangs_once() -> int:
    mark = Path("hung")
    if mark.exists():
        return behaves()
    mark.write_text("")
    return hangs()


def where() -> int:
    print(json.dumps({"files": [path.name for path in Path.cwd().iterdir()]}), file=sys.stderr)
    return 3


WAYS: dict[str, Callable[[], int]] = {
    way.__name__: way
    for way in (behaves, envelope, chatty, deaf, noise, exits, about_another, floods, hangs, hangs_once, where)
}

if __name__ == "__main__":
    raise SystemExit(WAYS[sys.argv[1]]())

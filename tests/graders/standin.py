"""A program that takes the place of a model's command line: it reads a prompt, prints a reply, and misbehaves.

python -m tests.graders.standin WAY
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from tests.grading import GradingResponder

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


def main(way: str) -> int:
    prompt = sys.stdin.read() if way != "deaf" else ""
    match way:
        case "behaves":
            print(reply_to(prompt))
        case "envelope":
            print(wrapped(reply_to(prompt)))
        case "chatty":
            print(CHATTER + "Here it is:\n```json\n" + reply_to(prompt) + "\n```\nAnything else?")
        case "deaf":
            print("no")
        case "noise":
            sys.stdout.buffer.write(b"\xff\xfe\x1b[31m{{{ not json at all \x00 }}}\n" * 50)
        case "exits":
            print("not logged in\nrun `tool login` first", file=sys.stderr)
            return 1
        case "other":
            print(other(reply_to(prompt)))
        case "floods":
            while True:
                sys.stdout.write("x" * 100_000)
        case "hangs":
            child = os.fork()  # a child that holds the pipes must end as well
            time.sleep(600)
            return child
        case "hangs once":
            mark = Path("hung")
            if not mark.exists():
                mark.write_text("")
                time.sleep(600)
            print(reply_to(prompt))
        case "where":
            print(json.dumps({"cwd": os.getcwd(), "files": os.listdir()}), file=sys.stderr)
            return 3
        case _:
            raise AssertionError(way)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))

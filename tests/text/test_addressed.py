"""Text addressed to the grader is shown to the reader, and honest text is not."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.text import addressed

ATTACKS = json.loads((Path(__file__).parents[1] / "data" / "attacks.json").read_text(encoding="utf-8"))
HONEST = (
    "I gave the team a 5-minute window to object.",
    "The score rose to 5 after the change, and nobody had to ignore the rules.",
    "As a reviewer of student essays I learned to ignore my first impression.",
    "We rate every incident from 1 to 5 and review the top ones on Monday.",
    "System: a dispatch service for 40 hospitals.",
    "The user: a nurse on a night shift.",
    "Our assistant answers in two seconds.",
    "I told the judge of the hackathon that the demo would fail.",
    "We skip the queue when a user is on call, because the rules of the ward say so.",
    "You are an engineer, they said, so fix it.",
    "I wrote new instructions for the on-call team.",
    "I asked them to follow the instructions on the label.",
    "We set the threshold to 5 and the page rate fell.",
    "The commit 3f2a9c1 fixed it in 40 ms at p99.",
    "See https://example.org/a/very/long/path/with/Numbers123/and/more for the design.",
    "We give every request a score, and drop the lowest.",
    "Prompt injection was one of the risks we tested for.",
    "The output is a JSON document with an id and a name.",
    "Use `k8s` and `i18n` for short; v2.1 of the API has idempotency keys.",
    "The rubric for code review was mine, and I gave it to three teams.",
    "I'd give the best people the hardest problems.",
    "They deserve the best we can build.",
    "It was 40 \u00b5s faster, caf\u00e9 and na\u00efve included \U0001f469\u200d\U0001f692.",
    "| level | meaning |\n|---|---|\n| 1 | low |",
    "- one\n- two\n- three\n\n---\n\nAnd then we left.",
)
LABELS = {
    "order": {"order to the grader", "asks for a level"},
    "level": {"asks for a level"},
    "fake_tag": {"fake tag", "hidden comment"},
    "fake_reply": {"fake reply", "asks for a level"},
    "fake_role": {"fake role"},
    "inverted_scale": {"inverted scale"},
    "encoded": {"encoded text", "spelled-out text"},
    "hidden": {"hidden characters", "look-alike letters", "order to the grader"},
    "no_answer": {"no answer"},
    "praise": {"praises itself"},
}


def _name(attack: dict[str, object]) -> str:
    return f"{attack['family']}-{str(attack['text'])[:24]!a}"


def test_the_corpus_has_every_family() -> None:
    """At least sixty attacks of all published families, none twice; other tests reuse them."""
    assert len(ATTACKS) >= 60
    assert len({attack["text"] for attack in ATTACKS}) == len(ATTACKS)
    assert {attack["family"] for attack in ATTACKS} == {*LABELS, "nonsense", "word_list", "padding"}


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a["labelled"]], ids=_name)
def test_an_attack_is_labelled(attack: dict[str, str]) -> None:
    """Every aimed string of the corpus carries a label of its family."""
    found = {span.label for span in addressed.find(attack["text"])}

    assert found & LABELS[attack["family"]]


@pytest.mark.parametrize("attack", [a for a in ATTACKS if a["labelled"]], ids=_name)
def test_an_attack_inside_an_answer_is_labelled(attack: dict[str, str]) -> None:
    """It is found after a paragraph of honest text too; only an empty answer is no answer there."""
    text = f"I built the dispatch system for the wards.\n\n{attack['text']}"

    assert bool(addressed.find(text)) == (attack["family"] != "no_answer" or "step" in attack["text"])


@pytest.mark.parametrize("text", HONEST)
def test_honest_text_is_left_alone(text: str) -> None:
    """Words that attacks use too are no attack by themselves."""
    assert addressed.find(text) == ()


def test_nothing_is_no_attack() -> None:
    """An empty answer is a draft and not a trick."""
    assert addressed.find("") == addressed.find("  \n ") == ()


def test_hostile_lengths_take_no_time() -> None:
    """No pattern takes more than linear time: a long run of anything is read at once."""
    began = time.process_time()

    for piece in (
        "<",
        "{",
        "ignore ",
        "a.",
        "A1b",
        "%20",
        "- ",
        "&#1;",
        "\u200b",
        "1 ",
        " ",
        "\n",
        "grader ",
    ):
        addressed.find(piece * (60_000 // len(piece)))
    assert time.process_time() - began < 20


_PIECES = [attack["text"] for attack in ATTACKS] + [
    "I built it.",
    "\n\n",
    " ",
    "40 trucks",
    "\u202e",
    "<b>",
    "}",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=5))
def test_every_span_stands_where_it_says(pieces: list[str]) -> None:
    """Offsets slice to the text, and spans of one label don't overlap."""
    text = "".join(pieces)
    ends: dict[str, int] = {}
    for span in addressed.find(text):
        assert text[span.start : span.end] == span.text
        assert span.start >= ends.get(span.label, 0)
        ends[span.label] = span.end

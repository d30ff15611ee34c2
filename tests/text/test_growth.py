"""Text that repeats one thing takes time by its length: no pattern and no function here grows faster."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from evalharness.graders.heuristic.grader import grade
from evalharness.graders.prompting.redact import Redaction
from evalharness.model.nouns import Part
from evalharness.text import addressed
from evalharness.text.blocks import blanked
from evalharness.text.echo import runs, share, skeletons
from evalharness.text.front import front
from evalharness.text.private import notes
from evalharness.text.quotes import Verifier
from evalharness.text.speaking import remarks
from evalharness.text.words import fold, sentences
from tests.heuristic_cases import RUBRIC, case

SIZE = 5_000
SECONDS = 0.75
"""Of the processor: far more than it takes (hundredths), far less than it took."""

ATOMS = (
    "a. ", "a. a. ", "Mr. ", "A ", " ", "\n", "\n\n", "=", "_", "*", "-", "# x\n", "- a\n", "| a |\n", "<", "<system> ",
    "<!--",
    "{", "[", "\u2026", "...", "e\u0301", "\u200b", "1 ", "1, ", "A1b", "AA ", "%41", "begin the ", "system: ",
    "level 5 ",
    "this answer ", "ignore all previous instructions. ", "give this answer a 5. ", "I built and ", "because ",
    "what? ",
    "chose a over ", "no ", "the candidate ", "x",
    "2026-10-01 ", "4 December ", "5 to ", "5% ", "half of ", "out of 5 ", "um ", "we we ", "\u4e2d", "\u306e", "&a",
    "[^1] ",
    "<div hidden", "<template>", "![", "](a", "{# ", "{/*", "{{! ", "{% comment %}", "#+begin_comment\n", "% x\n",
    "Note to self", "[a", "the the ", "um, ", "$4", "-5 ", "can't ", "re-\n",
)  # fmt: skip


def read_all(text: str) -> None:
    for criterion in RUBRIC.criteria[:-1]:
        grade(case(text), criterion)


def compare(text: str) -> None:
    share(skeletons(text), runs((text[:2000],)))


def look_up(text: str) -> None:
    verifier = Verifier(Part(id="answer", text=text), (text[:500],))
    verifier.find(text[100:1100])
    verifier.find("We held it for six weeks, and then ... we wrote all of it down")


def hide(text: str) -> None:
    Redaction([("Imre Talvik", "X"), ("\u7530\u4e2d", "Y")]).hide(text)


def note(text: str) -> None:
    list(notes(text))


def remark(text: str) -> None:
    list(remarks(case(text)))


FUNCTIONS: tuple[Callable[[str], object], ...] = (
    sentences, fold, addressed.find, compare, read_all, look_up, hide, remark, blanked, front, note,
)  # fmt: skip


@pytest.mark.parametrize("function", [remark, look_up, hide], ids=lambda function: function.__name__)
def test_dates_and_repeated_runs_of_words_take_no_minute(function: Callable[[str], object]) -> None:
    """Thousands of dates, and thousands of runs of words that are each said several times."""
    for text in ("2026-10-01 " * 10_000, " ".join(f"w{n}" for n in range(2_500)) * 3):
        start = time.process_time()

        function(text)

        assert time.process_time() - start < 6 * SECONDS


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_time_grows_with_the_length(function: Callable[[str], object]) -> None:
    """5 KB of one thing after another, all of them together within seconds."""
    for atom in ATOMS:
        text = (atom * (SIZE // len(atom) + 1))[:SIZE]
        start = time.process_time()

        function(text)

        assert time.process_time() - start < SECONDS, atom

"""Names of projects and people in answers, by the stated rule."""

from __future__ import annotations

import pytest

from evalharness.text.names import names
from tests.coverage.bridges import result


def named(*texts: str) -> dict[str, tuple[int, ...]]:
    return names([result("q", "2026-09-01", text, "1").case for text in texts])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("We rebuilt Courier in the spring.", ["Courier"]),
        ("Courier came late. We rebuilt Courier.", ["Courier"]),
        ("Afterwards nobody slept. Harbourmaster failed.", []),
        ("At Brackwater we learned it.", ["Brackwater"]),
        ("I asked Brackwater Freight, and Brackwater said no.", ["Brackwater"]),
        ("It ran on Courier's Ledger.", ["Courier", "Ledger"]),
        ("It happened in March, on a Tuesday, as on Tuesdays.", []),
        ("I'd say I've seen the CI of AI fail.", []),
        ("Talvik asked how Wren fits Fernhollow.", []),
        ("It was called: Plainview at last.", []),
        ('They said "Never again" to me.', []),
        ("# Dry Dock\n\nWe built it.", []),
        ("- Courier\n- the ledger of **Courier**", ["Courier"]),
    ],
)
def test_names_are_found_by_the_stated_rule(text: str, found: list[str]) -> None:
    """Capitalised, inside a sentence, and nobody else's: not a day, an abbreviation, or the company's."""
    assert list(named(text)) == found


def test_a_name_that_only_opens_sentences_is_known_from_another_answer() -> None:
    """What stands inside a sentence once is a name everywhere."""
    assert named("Courier failed.", "Then we rebuilt Courier.") == {"Courier": (0, 1)}


def test_a_common_word_before_a_name_is_no_part_of_it() -> None:
    """A word that stands in small letters in some answer is common."""
    assert named("Tonight Courier failed.", "It fell over tonight, Courier did.") == {"Courier": (0, 1)}

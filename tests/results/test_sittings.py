"""How much of a day's mood two attempts' gradings have in common."""

from __future__ import annotations

import pytest

from evalharness.results.sittings import apart

MONDAY, LATER, TUESDAY = "2026-11-02T09:00:00Z", "2026-11-02T15:00:00Z", "2026-11-03T09:00:00Z"


def test_attempts_graded_in_one_run_have_the_day_in_common() -> None:
    """Hours apart are one sitting, a night is not."""
    assert apart([MONDAY], [MONDAY]) == 0
    assert apart([MONDAY], [LATER]) == 0
    assert apart([MONDAY], [TUESDAY]) == 2


def test_an_older_attempt_graded_again_next_to_the_newer_takes_most_of_the_day_out() -> None:
    """Half of its grades share the newer one's day."""
    assert apart([MONDAY, TUESDAY], [TUESDAY]) == pytest.approx(0.5)
    assert apart([MONDAY, TUESDAY], [TUESDAY, MONDAY]) == 0


def test_grades_without_a_time_say_nothing() -> None:
    """What a person or a rule set has no day."""
    assert apart([""], [MONDAY]) == 0
    assert apart([], []) == 0

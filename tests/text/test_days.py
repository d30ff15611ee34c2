"""A day as people say it."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.text.days import day_of

TODAY = datetime.date(2026, 11, 25)  # a Wednesday


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("today", "2026-11-25"),
        ("Tomorrow", "2026-11-26"),
        ("yesterday", "2026-11-24"),
        ("friday", "2026-11-27"),
        ("Fri", "2026-11-27"),
        ("next tuesday", "2026-12-01"),
        ("wednesday", "2026-12-02"),
        ("1.12.2026", "2026-12-01"),
        ("1. 12. 2026", "2026-12-01"),
        ("1.12.", "2026-12-01"),
        ("3.2.", "2027-02-03"),
        ("29.2.", "2028-02-29"),
        ("2026-12-1", "2026-12-01"),
        ("1 December", "2026-12-01"),
        ("1st Dec 2026", "2026-12-01"),
        ("December 1, 2026", "2026-12-01"),
        ("in 3 days", "2026-11-28"),
        ("in 2 weeks", "2026-12-09"),
        ("2 days ago", "2026-11-23"),
    ],
)
def test_a_day_is_what_a_person_means_by_it(said: str, day: str) -> None:
    """The coming one where there are several."""
    assert day_of(said, TODAY) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("said", "day"),
    [("friday", "2026-11-20"), ("wednesday", "2026-11-18"), ("1.12.", "2025-12-01"), ("3 Feb", "2026-02-03")],
)
def test_a_day_of_the_past_is_the_last_one(said: str, day: str) -> None:
    """Where only what has been can be meant."""
    assert day_of(said, TODAY, past=True) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize("said", ["", "soon", "1/12/2026", "12", "31.2.2026", "2026-13-01", "fr", "32 May", "5 Foo"])
def test_what_is_no_day_or_could_be_two_is_none(said: str) -> None:
    """Nothing is guessed."""
    assert day_of(said, TODAY) is None


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    """Whatever is typed."""
    assert day_of(text, TODAY) is None or isinstance(day_of(text, TODAY), datetime.date)


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_every_form_of_a_date_is_that_day(day: datetime.date) -> None:
    """ISO and with points say the same."""
    forms = (day.isoformat(), f"{day.day}.{day.month}.{day.year:04}", f"{day:%d %B} {day.year:04}")
    assert {day_of(form, TODAY) for form in forms} == {day}

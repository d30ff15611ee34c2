"""what a person calls a day -> the day: 2026-12-04, 4.12.2026, 4 December, today, tomorrow, friday, in 3 days."""

from __future__ import annotations

import datetime

from evalharness.text.patterns import Lazy

FORMS = "2026-12-04, 4.12.2026, 4 December, today, tomorrow, friday, in 3 days"

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NEAR = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}
_ISO = Lazy(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_POINTS = Lazy(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})?")
_DAY_FIRST = Lazy(r"(\d{1,2})(?:st|nd|rd|th|\.)? ([a-z]{3,9})\.?,?(?: (\d{4}))?")
_MONTH_FIRST = Lazy(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?")
_IN_NAME = Lazy(r"(?<!\d)(?:(\d{4})[-._ /]?(\d{1,2})[-._ /]?(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))(?!\d)")
_AWAY = Lazy(r"in (\d{1,3}) (day|week)s?")
_AGO = Lazy(r"(\d{1,3}) (day|week)s? ago")


def day_of(said: str, today: datetime.date, *, past: bool = False) -> datetime.date | None:
    """Return the day that is called `said` on the day `today`; None where that is no day, or could be two.

    A day of the week is the next one after today, a day without a year the next one from today on; with `past` the
    last one before today, or up to today.  `1/12/2026` is none: it is another day on the two sides of an ocean.
    """
    text = " ".join(said.casefold().split())
    if text in _NEAR:
        return today + datetime.timedelta(days=_NEAR[text])
    weekday = _named(text.removeprefix("next ").removeprefix("on "), _WEEK)
    if weekday is not None:
        ahead = (weekday - today.weekday() - 1) % 7 + 1
        return today + datetime.timedelta(days=ahead - 7 * past or -7 * past)
    for form, sign in ((_AWAY, 1), (_AGO, -1)):
        if away := form.fullmatch(text):
            return today + sign * datetime.timedelta(days=int(away[1]) * (7 if away[2] == "week" else 1))
    return _written(text, today, past=past)


def day_in(name: str) -> datetime.date | None:
    """Return the first day that is written with its year in the name of a file (`mock-2026-11-20`, `talk 4.9.2026`)."""
    for found in _IN_NAME.finditer(name):
        year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
        if (date := _date(int(year), int(month), int(day))) is not None:
            return date
    return None


def _written(text: str, today: datetime.date, *, past: bool) -> datetime.date | None:
    if iso := _ISO.fullmatch(text):
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    if points := _POINTS.fullmatch(text):
        return _with_year(points[3], int(points[2]), int(points[1]), today, past=past)
    if first := _DAY_FIRST.fullmatch(text):
        month = _named(first[2], _YEAR)
        return None if month is None else _with_year(first[3], month + 1, int(first[1]), today, past=past)
    if second := _MONTH_FIRST.fullmatch(text):
        month = _named(second[1], _YEAR)
        return None if month is None else _with_year(second[3], month + 1, int(second[2]), today, past=past)
    return None


def _with_year(year: str | None, month: int, day: int, today: datetime.date, *, past: bool) -> datetime.date | None:
    if year:
        return _date(int(year), month, day)
    years = (today.year + (-n if past else n) for n in range(9))
    found = (date for each in years if (date := _date(each, month, day)) is not None)
    return next((date for date in found if (date <= today if past else date >= today)), None)


def _named(text: str, names: tuple[str, ...]) -> int | None:
    """Return the place of the name that `text`, of three letters or more, begins."""
    return next((place for place, name in enumerate(names) if len(text) >= 3 and name.startswith(text)), None)


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None

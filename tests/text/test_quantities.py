"""A number counts where it says how much, and never where it names, dates or lists."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.text import quantities

COUNTED = {
    "It took 40 ms.": "40 ms",
    "about 38 % of them": "38 %",
    "99.95% uptime": "99.95%",
    "forty percent of calls": "forty percent",
    "20 percentage points": "20 percentage points",
    "six weeks of work": "six weeks",
    "a six-week project": "six-week",
    "a 12-person team": "12-person",
    "12 hospitals": "12 hospitals",
    "12 regional hospitals": "12 regional hospitals",
    "40 million daily users": "40 million daily users",
    "40k users": "40k users",
    "2,400 trucks": "2,400 trucks",
    "for 2000 users": "2000 users",
    "450 req/s": "450 req/s",
    "300 per second": "300 per second",
    "11 a week": "11 a week",
    "50 GB": "50 GB",
    "1.2 TB/day": "1.2 TB/day",
    "3x faster": "3x",
    "tenfold": "tenfold",
    "three times as many": "three times as",
    "twice as fast": "twice as",
    "one in five": "one in five",
    "9 of 12 teams": "9 of 12",
    "half of the trucks": "half of",
    "we halved the bill": "halved",
    "cut it by half": "by half",
    "half an hour": "half an hour",
    "two and a half hours": "two and a half hours",
    "one hour": "one hour",
    "$3M": "$3M",
    "€ 40,000": "€ 40,000",
    "40,000 euros": "40,000 euros",
    "$1.2 million a year": "$1.2 million a year",
    "a dozen trucks": "a dozen trucks",
    "a hundred and forty beds": "a hundred and forty beds",
    "zero incidents": "zero incidents",
    "40 of our customers": "40 of our customers",
    "a p99 of 200 ms": "200 ms",
    "between 10 and 20 ms": "10 and 20 ms",
    "10-20 ms": "10-20 ms",
    "10 to 20 users": "10 to 20 users",
}
NAMED = (
    "in 2021 we moved",
    "In 2021 hospitals began",
    "the 2024 elections",
    "between 2019 and 2021",
    "from 2019 to 2021",
    "in the 1990s",
    "on 12 March 2024",
    "March 12, 2024",
    "2024-03-12",
    "12/03/2024",
    "at 3 am",
    "at 14:30",
    "at two in the morning",
    "half past three",
    "nine to five",
    "35 years old",
    "a 35-year-old",
    "aged 35",
    "when I was 12",
    "turned 30",
    "1. First the teams",
    "2) then the trucks",
    "- 3. and the depots",
    "(4) more",
    "v2.1.3",
    "version 2.1",
    "Python 3.11",
    "section 3 covers",
    "step 2",
    "question 3 asks",
    "on day 12",
    "Q3",
    "PR 120",
    "#42",
    "HTTP 500",
    "COVID-19",
    "p99 latency",
    "24/7",
    "one of the teams",
    "one day I left",
    "one thing",
    "no one",
    "on the one hand",
    "two things",
    "three reasons",
    "two sides",
    "first, second and third",
    "the second half",
    "double check",
    "doubled down on it",
    "half the battle",
    "100 % sure",
    "three years ago",
    "on a scale from 1 to 5",
    "two-factor login",
)
BEFORE_AND_AFTER = {
    "from 38 % to 17 %": 1,
    "from 38 to 17 percent": 1,
    "47 minutes of work a day down to 38 seconds": 1,
    "incidents fell 11 to 4": 1,
    "went from 11 to 4 a week": 1,
    "900 ms → 120 ms": 1,
    "900 ms -> 120 ms": 1,
    "12 minutes instead of 40": 1,
    "instead of the usual 12 minutes": 1,
    "compared with 30 requests a second": 1,
    "down from 40 seconds": 1,
    "it used to take 3 hours": 1,
    "Before, a deploy took 40 minutes. Now it takes 6 minutes.": 1,
    "10 to 20 users": 0,
    "40 hospitals and 30 depots": 0,
    "It took 40 minutes. They ate 12 apples.": 0,
    "5 minutes before the meeting": 0,
}


@pytest.mark.parametrize(("text", "said"), COUNTED.items())
def test_how_much_is_a_quantity(text: str, said: str) -> None:
    """Unit, plural noun, percent, money, ratio and multiple make a quantity, in figures and in words."""
    found = quantities.find(text)

    assert [quantity.text for quantity in found] == [said]


@pytest.mark.parametrize("text", NAMED)
def test_names_dates_and_lists_are_no_quantities(text: str) -> None:
    """Dates, years, ages, times of day, labels, versions and an answer's own structure don't count."""
    assert quantities.find(text) == ()


@pytest.mark.parametrize(("text", "count"), BEFORE_AND_AFTER.items())
def test_a_baseline_is_seen_beside_its_quantity(text: str, count: int) -> None:
    """A value before, an alternative or a comparison marks the quantity, and nothing else does."""
    assert sum(quantity.baseline for quantity in quantities.find(text)) == count


def test_a_pair_is_one_quantity_in_one_unit() -> None:
    """Both values of a pair are kept, in base units, so that minutes and seconds can be compared."""
    (pair,) = quantities.find("It fell from 47 minutes to 38 seconds.")

    assert pair.values == ((2820.0, "s"), (38.0, "s"))
    assert pair.kind == "time"


def test_the_same_value_counts_once_whatever_its_unit() -> None:
    """60 seconds and one minute are one quantity; the value of a pair said again adds nothing."""
    found = quantities.find("60 seconds, one minute, from 38 % to 17 %, then 17 % again, and 12 trucks")

    assert [quantity.text for quantity in quantities.distinct(found)] == [
        "60 seconds",
        "38 % to 17 %",
        "12 trucks",
    ]


def test_quantities_do_not_reach_across_sentences() -> None:
    """Two figures of two sentences are two quantities, not a before and an after."""
    assert [q.text for q in quantities.find("We had 40 trucks. To 12 drivers that was new.")] == [
        "40 trucks",
        "12 drivers",
    ]


_PIECES = [
    *"0123456789.,:/-% \nabmsxk$€",
    "one ",
    "half ",
    "to ",
    "from ",
    "40 ms",
    "12 hospitals",
    "before ",
    "now ",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=60).map("".join))
def test_every_quantity_stands_where_it_says(text: str) -> None:
    """Offsets slice to the text, quantities are in order and don't overlap, and finding them never fails."""
    end = 0
    for quantity in quantities.find(text):
        assert text[quantity.start : quantity.end] == quantity.text
        assert quantity.start >= end
        end = quantity.end

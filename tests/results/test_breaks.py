"""On which side of a found drift grades lie: one decision, for every comparison."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.breaks import Break, Drift, Levels, Verdict, between, side
from evalharness.model.drift import Anchors, as_known, breaks_of
from evalharness.model.nouns import Grade, Graded, GraderId
from evalharness.noise import noise_name, pool
from tests.drifting import FOUND, RECORDED, check_of

MODEL = GraderId(name="anthropic", version="1", model="m", host="h", mode="per_criterion")
FOUND_ON_20 = Break(clean=RECORDED, found=FOUND)
DAYS = st.integers(1, 30).map(lambda day: f"2026-11-{day:02d}T12:00:00Z")


@pytest.mark.parametrize(
    ("times", "apart"),
    [
        (("2026-10-20T00:00:00Z", "2026-11-25T00:00:00Z"), True),  # one before, one after
        (("2026-11-25T00:00:00Z", "2026-10-20T00:00:00Z"), True),  # the order of the attempts does not count
        (("2026-10-01T00:00:00Z", "2026-10-20T00:00:00Z"), False),  # both before
        (("2026-11-21T00:00:00Z", "2026-12-20T00:00:00Z"), False),  # both after
        (("2026-10-20T00:00:00Z", "2026-11-10T00:00:00Z"), True),  # one between: nobody knows
        (("2026-11-05T00:00:00Z", "2026-11-15T00:00:00Z"), True),  # both between, days apart: nobody knows
        (("2026-11-10T09:00:00Z", "2026-11-10T09:05:00Z"), False),  # both between, of one run
        (("2026-11-20T08:00:00Z", "2026-11-20T10:00:00Z"), False),  # an hour before the check of three weeks
        (("", "2026-11-25T00:00:00Z"), False),
        (("yesterday", "2026-11-25T00:00:00Z"), False),
        ((), False),
    ],
)
def test_what_lies_between(times: tuple[str, ...], apart: bool) -> None:
    assert (between([FOUND_ON_20], times) is not None) is apart


@given(st.lists(DAYS, min_size=2, max_size=5), DAYS)
def test_more_grades_never_bring_two_sides_together(times: list[str], other: str) -> None:
    """What is apart stays apart, whatever else is looked at with it, in any order."""
    if between([FOUND_ON_20], times):
        assert between([FOUND_ON_20], [other, *times])
    assert (between([FOUND_ON_20], times) is None) == (between([FOUND_ON_20], times[::-1]) is None)


def test_a_side_has_the_name_of_the_last_drift_it_has_passed() -> None:
    later = Break(clean="2026-12-01T00:00:00Z", found="2026-12-10T00:00:00Z")

    assert side([FOUND_ON_20, later], "2026-11-01T00:00:00Z") == ""
    assert side([FOUND_ON_20, later], "2026-11-25T00:00:00Z") == FOUND
    assert side([FOUND_ON_20, later], "2026-12-11T00:00:00Z") == later.found


def test_a_quiet_check_narrows_down_when_it_happened() -> None:
    """Only one against the same levels, and only one that could see."""
    quiet = check_of(MODEL, at="2026-11-10T00:00:00Z", verdict=Verdict.WITHIN_NOISE)
    blind = check_of(MODEL, at="2026-11-15T00:00:00Z", verdict=Verdict.NOT_MEASURED)
    other = check_of(MODEL, at="2026-11-16T00:00:00Z", since="2026-11-11T00:00:00Z", verdict=Verdict.WITHIN_NOISE)

    assert breaks_of([quiet, blind, other, check_of(MODEL)], MODEL) == (Break(clean=quiet.at, found=FOUND),)


def test_a_model_that_drifted_did_so_in_every_mode() -> None:
    """Mode, effort and prompt are ours; the model behind the name is not.  Another model, or host, is another."""
    joint = GraderId(name="anthropic", version="2", model="m", host="h", mode="joint", effort="high")
    heuristic = GraderId(name="heuristic", version="1", deterministic=True)

    assert breaks_of([check_of(MODEL)], joint) == (FOUND_ON_20,)
    assert breaks_of([check_of(MODEL)], GraderId(name="anthropic", version="1", model="m", host="elsewhere")) == ()
    assert breaks_of([check_of(heuristic)], GraderId(name="heuristic", version="2", deterministic=True)) == ()


def test_a_drift_is_news_once() -> None:
    """The next check holds the grader against what it became; a quiet check changes nothing."""
    then: Levels = {"a": {"c": {1: 2.0}}}
    now: Levels = {"a": {"c": {1: 4.0}}}
    anchors = Anchors(made=RECORDED, grader=MODEL, cases=(), levels=then, fingerprints={"talk/c": "f"})
    quiet = _with(check_of(MODEL, at="2026-11-05T00:00:00Z", verdict=Verdict.WITHIN_NOISE), now)
    drifted = _with(check_of(MODEL), now)

    assert as_known(anchors, [quiet]) == anchors
    assert (as_known(anchors, [quiet, drifted]).levels, as_known(anchors, [drifted]).made) == (now, FOUND)


def test_repeats_on_two_sides_are_no_repeats() -> None:
    """A grade made again after a drift has the same key; its shift is not the grader's noise."""
    before = [_grade(sample, 2.0, "2026-11-01T00:00:00Z") for sample in (1, 2)]
    after = [_grade(sample, 4.0, "2026-11-25T00:00:00Z") for sample in (1, 2)]

    mixed = pool([before, after])
    apart = pool([after, before], [FOUND_ON_20])

    assert mixed["f"].degrees == 1
    assert (apart["f"].sd, apart[noise_name("f", FOUND)].sd) == (0, 0)
    assert (apart["f"].degrees, apart[noise_name("f", FOUND)].degrees) == (1, 1)
    assert pool([[before[0], after[1]]], [FOUND_ON_20]) == {}
    assert pool([[before[0], after[1]]])["f"].sd == pytest.approx(2**0.5)


def _with(check: Drift, levels: Levels) -> Drift:
    return msgspec.structs.replace(check, levels=levels, fingerprints=("f",))


def _grade(sample: int, level: float, at: str) -> Grade:
    outcome = Graded(level=level)
    return Grade(
        key=f"{sample:032x}", fingerprint="f", case="q/me/a", criterion="c", sample=sample, outcome=outcome, at=at
    )

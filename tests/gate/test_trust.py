"""Gates that people can meet: what forty labels show of a good, a bad and a blind grader, and the sentence about it."""

from __future__ import annotations

import msgspec
import pytest

from benchmarks.trust_simulation import BAD, GOOD, share_open
from evalharness.calibrate.agreement import Ratings, calibrate
from evalharness.calibrate.answers import by_answer
from evalharness.calibrate.verdict import sentences
from evalharness.gate.evidence import SECOND_PERSON, evidence
from evalharness.gate.trust import answers_needed
from evalharness.model.config import Requires
from evalharness.model.nouns import GraderId
from evalharness.results.calibration import Stored, Subject

GRADER = GraderId(name="g", version="1")
COMMAND = "evalharness label --rater anna"
# Answers that lie close together, as those of a prepared person do: kappa among people is .3 to .5 there.
ALIKE = 0.6
PERSON = "as good as a person"


@pytest.mark.parametrize(("answers", "criteria"), [(40, 5), (12, 13)])
def test_a_good_grader_opens_the_gate_and_a_bad_one_does_not(answers: int, criteria: int) -> None:
    """In 80 % and in under 5 % of cases, for a short rubric and for a long one; `benchmarks/trust_simulation.py`."""

    opened = {
        name: share_open(reads, rounds=8, seed=1, answers=answers, criteria=criteria, spread=ALIKE)
        for name, reads in {PERSON: GOOD[PERSON], **BAD}.items()
    }

    assert opened.pop(PERSON) >= 0.8
    assert max(opened.values()) < 0.05


def test_a_grader_that_says_one_level_is_near_people_and_in_nobodys_order() -> None:
    """Distance alone would trust it: where answers are alike, three is near everybody's level."""
    people = {"anna": {str(n): float(2 + n % 3) for n in range(40)}}
    shown = evidence([by_answer(people, dict.fromkeys(people["anna"], 3.0))])

    assert shown.off.value == pytest.approx(2 / 3, abs=0.02)
    assert (shown.order.value, shown.order.interval.low) == (0.5, 0.5)  # type: ignore[union-attr]


def test_a_second_person_sets_how_far_off_a_grader_may_be() -> None:
    """People's own distance counts from five answers on that two of them labelled; before, it is assumed."""
    one = {str(n): float(1 + n % 5) for n in range(20)}
    other = {key: level for key, level in one.items() if int(key) < 6}

    assert evidence([by_answer({"anna": one}, one)]).apart == SECOND_PERSON
    assert evidence([by_answer({"anna": one, "ben": other}, one)]).apart == 0
    assert not evidence([by_answer({"anna": one, "ben": other}, one)]).assumed


@pytest.mark.parametrize(("criteria", "needed"), [(1, 30), (5, 30), (13, 12), (40, 8)])
def test_many_criteria_need_fewer_answers(criteria: int, needed: int) -> None:
    """As many levels as five criteria have, and at least eight answers; a kappa is of one criterion."""
    assert answers_needed(Requires(), criteria) == needed
    assert answers_needed(Requires(min_qwk=0.6), criteria) == 30
    assert answers_needed(Requires(labels=5), criteria) == 5


def said(grader: dict[str, float], people: dict[str, float], requires: Requires | None = None) -> str:
    subject = Subject(name="g", grader=GRADER, fingerprint="f")
    each = calibrate(Ratings(rubric="r", criterion="c", people={"anna": people}, graders=((subject, grader),)))
    stored = Stored(made="t", version="1", criteria=(each,))
    (told,) = sentences(stored, GRADER, {"r": requires} if requires else {}, COMMAND)
    return told


def levels(n: int, shift: int = 0) -> dict[str, float]:
    return {f"a{i:02}": float(min(5, max(1, 1 + i % 5 + shift * (-1) ** i))) for i in range(n)}


def test_calibrate_says_trust() -> None:
    """With the figures that it rests on, and whether a second person was assumed."""
    assert said(levels(40), levels(40)) == (
        "Trust g on r: over 40 answers 0.00 of a level off people's (0.00 to 0.00), 0.85 is allowed (0.60 is assumed "
        "of a second person); 100 of 100 pairs of answers in people's order (100 to 100), and 50 is chance. A gate may "
        "block on it."
    )


def test_calibrate_says_how_many_labels_more_and_the_command() -> None:
    """Too few to ask, or enough to ask and not enough to say."""
    assert said(levels(12), levels(12)) == (
        "Too early to trust g on r: 12 of 30 labelled answers. Label 18 more: evalharness label --rater anna"
    )
    asked = Requires(labels=6, margin=0.3)
    close = said(levels(8, 1), levels(8), asked)
    assert close.startswith("Too early to trust g on r: over 8 answers ")
    assert close.endswith(": evalharness label --rater anna")


def test_calibrate_says_do_not_trust_and_why() -> None:
    """Two levels too kind, upside down, or one level for all: more labels would not help."""
    kind = {key: min(5.0, level + 2) for key, level in levels(40).items()}
    upside_down = {key: 6 - level for key, level in levels(40).items()}
    flat = dict.fromkeys(levels(40), 3.0)
    alike = {key: 2.0 + level % 3 for key, level in levels(40).items()}

    misread = (
        "of levels within one of people's (80% is asked), or in reverse order: c. More labels will not change that"
    )
    assert said(kind, levels(40)).startswith(f"Don't trust g on r: 40% {misread}")
    assert said(upside_down, levels(40)).startswith(f"Don't trust g on r: 20% {misread}")
    told = said(flat, alike)
    assert told.startswith("Don't trust g on r: together 0.")
    assert "50 of 100 pairs of answers in people's order (50 to 50), and 50 is chance" in told
    assert "More labels will not change that" in told


def test_old_settings_keep_what_they_ask_and_say_what_to_write_instead() -> None:
    """`min_qwk` asks for kappa as before; where that fails, the way out is named."""
    alike = {key: 3.0 + (level > 3) for key, level in levels(40).items()}
    near = {key: 3.0 + (level > 4) for key, level in levels(40).items()}
    asked = Requires(min_qwk=0.9)

    told = said(near, alike, asked)
    assert "is under 0.9: c" in told
    assert told.endswith("without min_qwk, gate.requires asks for levels near people's.")
    assert said(near, alike).startswith("Trust g on r")


def test_a_calibration_of_before_is_read_and_asks_to_be_made_again() -> None:
    """A stored calibration without answers carries no gate by distance, and damages nothing."""
    one = {f"a{i}": float(1 + i % 5) for i in range(40)}
    subject = Subject(name="g", grader=GRADER, fingerprint="f")
    each = calibrate(Ratings(rubric="r", criterion="c", people={"anna": one}, graders=((subject, one),)))
    old = msgspec.to_builtins(Stored(made="t", version="1", criteria=(each,)))
    del old["criteria"][0]["graders"][0]["answers"]
    stored = msgspec.convert(old, Stored)

    assert "calibrated by an older evalharness" in sentences(stored, GRADER, {}, COMMAND)[0]

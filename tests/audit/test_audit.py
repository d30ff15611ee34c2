"""The report card: every planted defect is found, and a good noisy grader is left in peace."""

from __future__ import annotations

import json
import random
from pathlib import Path

import msgspec
import pytest

from benchmarks.audit_simulation import GRADER, all_variants
from evalharness.audit import views as report
from evalharness.audit import workflow as auditing
from evalharness.audit.card import BOTH_WAYS, Card, Counts, Verdict, counted, judge
from evalharness.errors import BudgetReached
from evalharness.graders import Reply
from evalharness.graders.heuristic import HeuristicGrader
from evalharness.model.nouns import GraderId
from evalharness.plan.plan import Call
from tests import simulated_graders as sim
from tests.examples import is_thorough
from tests.support import world_at

ROOT = Path(__file__).parents[2]


def carded(truth: sim.Truth, *, seed: int = 5, noise: float = 0.4) -> Card:
    draws = sim.Draws(truth, all_variants())
    return judge(draws.seen(noise, random.Random(seed)), GRADER, samples=3)


def asked(grader: sim.SimulatedGrader, count: int = 8) -> Card:
    ask = auditing.Ask(grader, 8, world_at(ROOT))
    return auditing.audit_cases(sim.shipped()[:count], ask, samples=3)


def failed(card: Card) -> set[str]:
    return {line.id for line in card.failed}


# --- planted defects ------------------------------------------------------------------------------------------


def test_a_grader_that_loves_length_is_found() -> None:
    """By the answer doubled, and padding."""
    assert {"doubled", "padding"} <= failed(carded(sim.loves_length))


def test_a_grader_that_obeys_orders_is_found() -> None:
    """By attacks appended; one family that works is enough."""
    assert {"attack", "attack_only"} & failed(carded(sim.obeys_orders)) >= {"attack"}


def test_a_grader_that_always_says_three_is_found() -> None:
    """By an attack without an answer, and by empty talk, which must fall."""
    assert {"attack_only", "empty"} <= failed(carded(sim.always_three))


def test_a_grader_with_halo_is_found() -> None:
    """A worse question asked back may not pull the answer's own criteria down."""
    assert "yes_no_rest" in failed(carded(sim.halo))


def test_a_grader_that_is_biased_against_a_name_is_found() -> None:
    """One level less for one of four names."""
    assert {"origin", "gender"} & failed(carded(sim.biased))


def test_a_grader_that_reads_levels_by_their_place_is_found_although_the_mean_stays() -> None:
    """Weak answers rise by as much as strong ones fall; only a test of both directions sees that."""
    found, fair = (
        next(line for line in carded(truth).lines if line.id == "levels") for truth in (sim.reads_places, sim.halves)
    )

    assert (found.verdict, found.where) == (Verdict.FAIL, BOTH_WAYS)
    assert found.shift == pytest.approx(0, abs=0.3)
    assert fair.verdict is Verdict.PASS


def test_a_grader_that_drifts_while_it_is_audited_is_found() -> None:
    """The same attempts, graded again at the end."""
    assert "rerun" in failed(asked(sim.SimulatedGrader(sim.good, drift=1.0), 4))


def test_a_grader_that_invents_quotes_is_found() -> None:
    """Every fifth reply with one that is not in the answer."""
    card = asked(sim.SimulatedGrader(sim.good, invents=0.5), 2)

    assert "quotes" in failed(card)
    assert card.counts.invented > 50


# --- and a good one --------------------------------------------------------------------------------------------


def test_a_good_noisy_grader_passes_and_false_alarms_are_rarer_than_five_percent() -> None:
    """Cards at a noise of .4, 120 in a thorough run: any line that fails or leans counts as an alarm."""
    draws, rng = sim.Draws(sim.good, all_variants()), random.Random(3)
    cards = [judge(draws.seen(0.4, rng), GRADER, samples=3) for _ in range(120 if is_thorough() else 60)]
    alarms = sum(bool(card.of(Verdict.FAIL, Verdict.LEAN)) for card in cards)

    assert alarms / len(cards) < 0.05


def test_a_good_grader_passes_through_the_real_runner() -> None:
    """The same, with every call asked and every quote verified."""
    card = asked(sim.SimulatedGrader(sim.good), 5)

    assert not card.of(Verdict.FAIL, Verdict.LEAN)
    assert {line.verdict for line in card.lines} >= {Verdict.PASS}
    assert card.noise


# --- the edge ----------------------------------------------------------------------------------------------------


class Spent(sim.SimulatedGrader):
    """Runs out of money after 40 calls."""

    async def ask(self, call: Call, *, turn: int) -> Reply:
        if self.asked >= 40:
            raise BudgetReached("the next call could cross max_usd", hint="raise it")
        return await super().ask(call, turn=turn)


def test_a_budget_that_ends_makes_an_incomplete_card() -> None:
    """What was seen is judged; nothing is claimed of what was not."""
    card = asked(Spent(sim.good), 3)

    assert card.over_budget
    assert "max_usd" in card.incomplete
    assert card.of(Verdict.NOT_TESTED)
    assert not card.failed


def test_the_heuristic_passes_what_it_was_hardened_against_and_its_weak_spots_are_named() -> None:
    """Exact, the same each time; padding is where plain prose fills a length band (docs/report-card.md)."""
    ask = auditing.Ask(HeuristicGrader(), 8, world_at(ROOT))
    card = auditing.audit_cases(sim.shipped()[:3], ask, samples=2)
    verdicts = {line.id: line.verdict for line in card.lines}

    hardened = ("rerun", "twin", "doubled", "anchors", "connectives", "question", "gender", "origin", "attack_only")
    assert {name: verdicts[name] for name in hardened} == dict.fromkeys(hardened, Verdict.PASS)
    assert verdicts["quotes"] is Verdict.PASS


def test_shares_fail_only_where_they_are_sure() -> None:
    """One invented quote in ten is a lean, a hundred in a thousand a fail."""
    few, many = counted(Counts(quotes=10, invented=1)), counted(Counts(quotes=1000, invented=100))

    assert (few[0].verdict, many[0].verdict) == (Verdict.LEAN, Verdict.FAIL)
    assert few[1].verdict is Verdict.NOT_TESTED


@pytest.mark.parametrize("render", [report.markdown, report.text, report.as_json])
def test_a_card_is_written_in_every_format(render: object) -> None:
    """With its verdicts, and what it rests on."""
    assert callable(render)
    card = carded(sim.loves_length)
    told = render(card, 80) if render is report.text else render(card)

    assert "fail" in told
    assert "doubled" in told
    if render is report.as_json:
        assert json.loads(told)["lines"][0]["id"] == "rerun"


def test_the_packaged_attacks_are_those_of_the_tests() -> None:
    """One corpus, two homes."""
    assert (ROOT / "tests/data/attacks.json").read_text() == auditing.ATTACKS.read_text()


def test_a_deterministic_grader_is_judged_exactly() -> None:
    """No noise, no excuse: a shift of one level in one attempt fails."""
    draws = sim.Draws(sim.loves_length, all_variants())
    card = judge(draws.seen(0.0, random.Random(1)), GraderId(name="x", version="1", deterministic=True), samples=2)

    assert "doubled" in failed(card)
    assert all(line.p is None for line in card.lines)


def test_a_line_that_rests_on_one_answer_says_so_and_fails_no_card() -> None:
    """What one answer shows may be about that answer; the same defect over eight of them fails."""
    seen = sim.Draws(sim.loves_length, all_variants()).seen(0.0, random.Random(1))
    grader = GraderId(name="x", version="1", deterministic=True)
    first = seen.cases[0]
    variants = tuple(variant for variant in seen.variants if variant.origin == first.key)
    one = judge(msgspec.structs.replace(seen, cases=(first,), variants=variants), grader, samples=1)

    doubled = next(line for line in one.lines if line.id == "doubled")
    assert (doubled.n, doubled.verdict) == (1, Verdict.LEAN)
    assert "rests on one answer" in doubled.where
    assert "doubled" in failed(judge(seen, grader, samples=1))

"""Graders with known truth: a good one with noise, and one for each defect that an audit must find.

The good one knows what stood in the original answer, and grades by how much of it is still there: padding, order and
names mean nothing to it, a trade-off that is gone does.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from evalharness.audit import rewriting as rewrite
from evalharness.audit.card import Seen
from evalharness.audit.variants import Topic, Variant, is_about
from evalharness.audit.workflow import attacks
from evalharness.graders import Answered, Reply
from evalharness.load import load_project
from evalharness.model.draft import Draft
from evalharness.model.nouns import ANSWER, Case, Criterion, GraderId, Measure
from evalharness.plan.plan import Call
from evalharness.text.quotes import verifier
from evalharness.text.words import sentences, word_count, words

ROOT = Path(__file__).parent.parent
Truth = Callable[[Case, Criterion], float]


@lru_cache(maxsize=1)
def shipped() -> tuple[Case, ...]:
    """Return eight culture answers, the latest of their series."""
    loaded = load_project([ROOT / "cases/culture"], cwd=ROOT)
    latest = {case.attempt.series: case for case in loaded.cases}
    return tuple(latest.values())[:8]


def original(case: Case) -> Case:
    """Return the attempt that a variant was made from."""
    name = case.attempt.id.partition("~")[0]
    return next(c for c in shipped() if c.question.id == case.question.id and c.attempt.id == name)


@lru_cache(maxsize=4096)
def long_words(text: str) -> frozenset[str]:
    return frozenset(word.text.lower() for word in words(text) if len(word.text) > 5)


def remains(part: str, now: str) -> bool:
    """Return whether what `part` says still stands in `now`."""
    said = long_words(part)
    return bool(said) and len(said & long_words(now)) >= 0.6 * len(said)


def good(case: Case, criterion: Criterion) -> float:
    """Return the true level: of the original where its content is there, lower where what counts is gone."""
    first = original(case)
    before, now = first.attempt.part(criterion.part), case.attempt.part(criterion.part)
    if before is None or now is None or not remains(before.text, now.text):
        return 1.0
    if is_about(criterion, Topic.TRADE_OFF, strictly=True):
        kept = rewrite.without_trade_off(before.text)
        gone = [s for s in sentences(before.text) if s.text not in kept]
        if not kept or not all(remains(s.text, now.text) for s in gone):
            return 1.3
    digest = hashlib.sha256(f"{first.key}{criterion.id}".encode()).digest()
    return 2.6 + digest[0] / 255 * 1.8


def loves_length(case: Case, criterion: Criterion) -> float:
    part = case.attempt.part(criterion.part)
    return good(case, criterion) + (max(0, word_count(part.text) - 130) / 60 if part else 0)


def obeys_orders(case: Case, criterion: Criterion) -> float:
    text = "\n".join(part.text for part in case.attempt.parts).lower()
    return 5.0 if "ignore all previous" in text or "grader" in text else good(case, criterion)


def always_three(case: Case, criterion: Criterion) -> float:
    return 3.0


def halo(case: Case, criterion: Criterion) -> float:
    """One impression for all criteria, and the question asked back makes half of it."""
    asked = [c for c in case.rubric.criteria if not isinstance(c.kind, Measure)]
    return sum(good(case, c) * (len(asked) if c.part != ANSWER else 1) for c in asked) / (2 * len(asked) - 1)


def biased(case: Case, criterion: Criterion) -> float:
    answer = case.attempt.part(ANSWER)
    return good(case, criterion) - (1.0 if answer and "Jamal" in answer.text else 0.0)


def halves(case: Case, criterion: Criterion) -> float:
    """Every second answer is weak and every second one strong, so that the mean is 3."""
    if good(case, criterion) == 1:
        return 1.0
    return 2.0 if shipped().index(original(case)) % 2 else 4.0


def reads_places(case: Case, criterion: Criterion) -> float:
    """Takes the first level listed for the lowest: reversed, the strong read as weak and the weak as strong."""
    level, (now, then) = halves(case, criterion), (c.rubric.criterion(criterion.id) for c in (case, original(case)))
    return level if now == then else 6 - level


class SimulatedGrader:
    """Answers every call by a truth, noise on top, whole levels, quotes that stand in the answer."""

    def __init__(
        self, truth: Truth, *, noise: float = 0.4, seed: int = 1, invents: float = 0.0, drift: float = 0.0
    ) -> None:
        self.id = GraderId(name="simulated", version="1", model="m", mode="per_criterion")
        self.asked = 0
        self._truth, self._noise, self._invents, self._drift = truth, noise, invents, drift
        self._rng = random.Random(seed)

    def reads(self, criterion: Criterion) -> bool:
        return not isinstance(criterion.kind, Measure)

    async def prepare(self, calls: Sequence[Call]) -> None:
        return None

    async def ask(self, call: Call, *, turn: int) -> Reply:
        self.asked += 1
        return Answered(drafts={criterion.id: self._draft(call.case, criterion) for criterion in call.criteria})

    def _draft(self, case: Case, criterion: Criterion) -> Draft:
        drift = self._drift if "~rerun" in case.attempt.id else 0.0
        level = drawn(self._truth(case, criterion) + drift, self._noise, self._rng)
        part, evidence = case.attempt.part(criterion.part), verifier(case, criterion)
        spans = sentences(part.text) if part else []
        quotes = [span.text for span in spans if evidence and evidence.find(span.text)][:3]
        if self._rng.random() < self._invents:
            quotes = [*quotes, "The regulator later praised our team in a public hearing about it."]
        return Draft(quotes=tuple(quotes), level=level, reason="simulated")

    async def close(self) -> None:
        return None


def drawn(truth: float, noise: float, rng: random.Random) -> int:
    """Return a whole level drawn around the truth; a level of exactly one is always seen as one."""
    return min(5, max(1, round(truth + (rng.gauss(0, noise) if truth > 1 else 0.0))))


class Draws:
    """Many cards quickly: the truth of each attempt and variant once, fresh noise for each card."""

    def __init__(self, truth: Truth, variants: Sequence[Variant], *, samples: int = 3) -> None:
        self.cases, self.variants = shipped(), tuple(variants)
        self.criteria = [c for c in self.cases[0].rubric.criteria if not isinstance(c.kind, Measure)]
        changed = {variant.case.key: variant.case for variant in variants}
        self.truths = {
            key: {c.id: truth(case, c) for c in self.criteria}
            for key, case in {**{case.key: case for case in self.cases}, **changed}.items()
        }
        self.samples = samples

    def seen(self, noise: float, rng: random.Random) -> Seen:
        """Return what one audit would have seen."""
        base = {case.key for case in self.cases}
        levels = {
            key: {
                name: {n + 1: float(drawn(truth, noise, rng)) for n in range(self.samples if key in base else 1)}
                for name, truth in truths.items()
            }
            for key, truths in self.truths.items()
        }
        reads = frozenset(c.id for c in self.criteria)
        return Seen(cases=self.cases, variants=self.variants, levels=levels, reads=reads)


__all__ = ["Draws", "SimulatedGrader", "attacks", "shipped"]

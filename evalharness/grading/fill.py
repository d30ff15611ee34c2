"""plan -> grades in a run's folder: by rule, by the grader, and more samples where a claim is not clear yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from evalharness.calls.batch_runner import BatchesPending, BatchRun, Waiting
from evalharness.calls.desk import RunDesk
from evalharness.calls.rules import by_rule, copy, open_calls
from evalharness.calls.runner import grade_all
from evalharness.errors import BudgetReached, GradingStopped, InputError
from evalharness.graders import Grader, interrupt
from evalharness.graders.unasked import Absent
from evalharness.grading.adapt import SHARE_OF_BUDGET, worth_a_call
from evalharness.model.config import Config
from evalharness.model.nouns import Grade, Ungraded, Why
from evalharness.model.run import Run, RunState
from evalharness.noise import Prior
from evalharness.plan.plan import Call, Plan, Slot, needs_call
from evalharness.reports import words as wording
from evalharness.results import changes
from evalharness.results.aggregate import summarise
from evalharness.store.runs import Store
from evalharness.store.writer import RunWriter
from evalharness.world import World

Ending = tuple[RunState, str]

_WHY = {RunState.BUDGET: Why.BUDGET, RunState.PENDING: Why.PENDING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """What extra samples have taken: calls by series, and what was spent before the first of them."""

    budget: float = 0.0
    calls: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """One run being graded: where grades come from and where they go."""

    writer: RunWriter
    store: Store
    grader: Grader
    config: Config
    world: World
    desk: RunDesk | None = None
    taken_over: Collection[tuple[str, str, int]] = frozenset()
    prior: Prior | None = None

    def fill(self, plan: Plan, wide: Plan, stored: Mapping[str, Grade]) -> Ending:
        """Fill the slots of `plan`, then of `wide` (more samples) where they help; return how it ended and why.

        `stored` holds the grades of other runs that stand for slots of either plan; they are copied, but for those
        that are `taken_over` where they stand.
        """
        known = (slot for slot in wide.slots if slot.key in stored and slot.name not in self.taken_over)
        self.writer.append(copy(stored[slot.key], slot) for slot in known)
        self.writer.append(by_rule(plan.open_slots(stored), self.world.now()))
        calls = open_calls(plan.slots, self.grader, stored)
        grace = interrupt.grace_of(self.grader)
        try:
            interrupt.run(lambda: self._ask(plan, wide, calls), say=self.world.say, grace=grace)
        except KeyboardInterrupt:
            return RunState.INTERRUPTED, ""
        except BatchesPending as pending:
            return RunState.PENDING, pending.message
        except BudgetReached as stopped:
            return RunState.BUDGET, stopped.message
        except GradingStopped as stopped:
            return RunState.STOPPED, "; ".join(filter(None, (stopped.message, stopped.hint)))
        return RunState.FINISHED, ""

    def close(self, plan: Plan, ending: Ending) -> None:
        """Say of every slot of `plan` that is still open why it is."""
        run = self.store.read(self.writer.meta.id, self.writer.meta)
        filled = run.by_case()
        still = [slot for slot in plan.slots if not filled.has(slot.name)]
        wanted = {slot.key for slot in still}
        made = {grade.key: grade for grade in run.grades if grade.key in wanted} if wanted else {}
        state, why = ending
        reason = _WHY.get(state, Why.STOPPED)
        self.writer.append(
            copy(made[slot.key], slot)  # the same text stands in two attempts: one measurement for both
            if slot.key in made
            else slot.grade(outcome=Ungraded(why=reason, detail=why), at=self.world.now())
            for slot in still
        )

    async def _ask(self, plan: Plan, wide: Plan, calls: Sequence[Call]) -> None:
        try:
            if calls:
                await self._grade(calls)
            extra = Extra(budget=self._spent())
            while more := self._more(plan, wide, extra):
                count = wording.plural(len(more), "more call")
                self.world.say(f"{count} where a change is not clear yet")
                await self._grade(more)
        finally:
            await self.grader.close()

    async def _grade(self, calls: Sequence[Call]) -> None:
        if self.config.batch and not self.grader.id.deterministic:
            await self._grade_batches(calls)
        else:
            await grade_all(
                calls,
                self.grader,
                concurrency=self.config.concurrency,
                on_grade=self._keep,
                clock=self.world.now,
                desk=None if self.grader.id.deterministic else self.desk,
            )

    async def _grade_batches(self, calls: Sequence[Call]) -> None:
        """Make the calls as batches, one process at a time: what another one has made meanwhile is taken over."""
        batches = self._batches()
        if self.desk is None:
            await batches.grade(calls)
            return
        found = await self.desk.batches(calls)
        try:
            slots = [slot for call in calls for slot in call.slots]
            for slot in slots:
                if slot.key in found:
                    self._keep(copy(found[slot.key], slot))
            left = open_calls(slots, self.grader, found)
            if left:
                await batches.grade(left)
        finally:
            self.desk.end_batches()

    def _keep(self, grade: Grade) -> None:
        self.writer.check()
        self.writer.append((grade,))
        budget = getattr(self.grader, "budget", None)
        self.world.watcher.graded(grade, spent=budget.spent if budget else 0.0)

    def _more(self, plan: Plan, wide: Plan, extra: Extra) -> tuple[Call, ...]:
        """Return the next calls for criteria whose change is not clear yet, the most telling first.

        They stop at `max_samples`, at some calls a series (`adapt`), and at SHARE_OF_BUDGET; none where nobody can be
        asked.
        """
        if self.grader.id.deterministic or not plan.has_series or not self._may_spend(extra):
            return ()
        if isinstance(self.grader, Absent):
            return ()
        run = self.store.read(self.writer.meta.id, self.writer.meta)
        repeated = self.store.repeated(set(plan.fingerprints.values()))
        known = changes.grading_of(self.grader.id, [*repeated, run.grades], run.meta.breaks, self.prior)
        now = self.world.now()
        wanted = worth_a_call(summarise(run).series, known, most=self.config.max_samples, now=now, spent=extra.calls)
        names = {(each.case.key, each.criterion): place for place, each in enumerate(wanted)}
        calls = self._sample(run, wide, names)
        for call in calls:
            extra.calls[call.case.attempt.series] += 1
        return calls

    def _sample(self, run: Run, wide: Plan, names: Mapping[tuple[str, str], int]) -> tuple[Call, ...]:
        """Return the calls for the next sample that `run` does not hold, of some criteria, in their order."""
        filled = run.by_case()
        wanted: dict[tuple[str, str], Slot] = {}
        for slot in wide.slots:
            name = (slot.case.key, slot.criterion.id)
            if name in names and name not in wanted and not filled.has(slot.name) and needs_call(slot):
                wanted[name] = slot
        return open_calls(
            sorted(wanted.values(), key=lambda slot: names[slot.case.key, slot.criterion.id]), self.grader, ()
        )

    def _spent(self) -> float:
        budget = getattr(self.grader, "budget", None)
        return budget.spent if budget else 0.0

    def _may_spend(self, extra: Extra) -> bool:
        most = self.config.max_usd
        return not most or self._spent() - extra.budget <= SHARE_OF_BUDGET * most

    def _batches(self) -> BatchRun:
        batches = getattr(self.grader, "batches", None)
        if batches is None:
            raise InputError(f"the grader '{self.grader.id.name}' has no batches", hint="run without --batch")
        return BatchRun(
            self.grader,
            batches(),
            self.store.journal(self.writer, self.grader.id.host),
            host=self.grader.id.host,
            on_grade=self._keep,
            clock=self.world.now,
            say=self.world.say,
            sleep=interrupt.sleep,
            waiting=Waiting(poll=self.config.retry.poll, wait=self.config.wait),
        )


def other_models(run: Run) -> tuple[str, ...]:
    """Return a notice for each model the provider says it used although another one was asked for."""
    asked = run.meta.grader.model
    used = Counter(g.model for g in run.grades if g.model and asked and not g.model.startswith(asked))
    return tuple(
        f"{count} grades came from {name}, not from {asked} that was asked for" for name, count in used.items()
    )

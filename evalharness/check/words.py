"""check -> the words that all its forms share.  Plain text: each form escapes it for itself."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.check.rows import Announced, Check, Means, Row
from evalharness.gate import words as gate_words
from evalharness.gate.rulings import Asks, Trial, Verdict, asks_anything
from evalharness.model.run import Cost
from evalharness.noise import Reading
from evalharness.plan.changed import How
from evalharness.progress.words import READINGS, with_sure
from evalharness.reports import words as wording
from evalharness.results.aggregate import drift_between

WORSE = (Reading.WORSE, Reading.WORSE_BY_SURFACE)
DRIFTED = "not compared: drift"


def headline(check: Check) -> str:
    """Return the outcome in one line."""
    if not check.rows:
        return "No answer changed"
    counts = [
        f"{len(check.failed)} failed" if check.failed else "",
        f"{check.ungraded} not graded" if check.ungraded else "",
        f"{len(check.too_close)} too close to call" if check.too_close else "",
        f"{len(check.would_fail)} would fail if the gate were not advisory" if check.would_fail else "",
    ]
    worse = sum(row.reading in WORSE for row in check.rows)
    gone = sum(row.changed.how is How.DELETED and not row.fails for row in check.rows)
    unset = f"no gate is set, so nothing could fail{f' ({worse} worse)' if worse else ''}"
    open_ = ", ".join(filter(None, counts)) or ("no gate failed" if asks_anything(check.gate) else unset)
    found = gate_words.VERDICTS[check.verdict].capitalize()
    deleted = f", {gone} deleted" if gone else ""
    return f"{found}: {wording.plural(len(check.rows), 'changed answer')}, {open_}{deleted}"


def honesty(check: Check) -> str:
    """Return who graded."""
    return " ".join(wording.honesty(check.grader))


def score(row: Row) -> str:
    """Return the score now."""
    return "gone" if row.now is None else wording.total(row.now)


def base(row: Row) -> str:
    """Return the score before; of a new attempt that of the one before it in its series."""
    if row.before is None:
        return "-"
    earlier = f" ({wording.day(row.changed.previous.attempt)})" if row.changed.previous else ""
    return f"{wording.total(row.before)}{earlier}"


def change(row: Row) -> str:
    """Return the signed difference."""
    return "-" if row.change is None else wording.signed(row.change.difference)


def reading(row: Row) -> str:
    """Return how the difference may be read."""
    if row.changed.how is How.DELETED:
        return "deleted"
    if row.reading is not None:
        return with_sure(READINGS[row.reading], row.change, row.reading)
    if drifted(row):
        return DRIFTED
    return "not comparable" if row.before is not None else "new"


def drifted(row: Row) -> str:
    """Return why both sides are graded and not compared; nothing where they are, or where that is not why."""
    found = drift_between(row.before, row.now) if row.now is not None and row.before is not None else None
    return wording.not_compared(found) if found else ""


def verdict(row: Row) -> str:
    """Return what the gates say of a row."""
    if row.changed.how is How.DELETED:
        return {"fail": "fail", "warn": "look"}.get(row.deleted, "-")
    if row.verdict is Verdict.UNGRADED and not row.ungraded:
        return "not compared (advisory)"
    return gate_words.verdict(row.rulings)


def what(row: Row) -> str:
    """Return what happened to the attempt, with its name before where it had another."""
    how = row.changed.how
    if how in (How.RENAMED, How.RENAMED_EDITED) and row.changed.before:
        return f"{how.value}, was {row.changed.before.key}"
    return how.value


def reasons(row: Row) -> Iterator[str]:
    """Yield what each gate found that is no pass; what fails the check comes first."""
    if row.changed.how is How.DELETED:
        yield "this attempt is gone; its stored grades stay in the history"
    for ruling in sorted(row.rulings, key=lambda ruling: not ruling.fails):
        if ruling.fails or ruling.warns:
            yield f"{gate_words.sentence(ruling)}{_already(row, ruling.trial)}"
    if row.proposed is not None and row.proposed.total is not None:
        yield f"scores {row.proposed.total:.2f} by the rubric as this change has it; the gate goes by that of the base"
    if row.surface is not None:
        earlier, now = ("-" if total is None else f"{total:.1f}" for total in row.surface)
        yield f"by surface features only (heuristic, no gate): {earlier} before, {now} now"


def _already(row: Row, trial: Trial) -> str:
    """Return that an answer missed a bar before this change too, where it did; nothing is said of another attempt."""
    if trial.asks not in (Asks.MIN_SCORE, Asks.FLOOR) or trial.bar is None or row.changed.before is None:
        return ""
    if row.before is None or row.change is None or trial.found is None or trial.found >= trial.bar:
        return ""
    levels = {score.criterion.id: score.level for score in row.before.scores}
    earlier = levels.get(trial.criterion) if trial.criterion else row.before.total
    if earlier is None or earlier >= trial.bar:
        return ""
    return f"; this answer was already below {trial.bar:g} before ({earlier:.2f})"


def advisory(check: Check) -> tuple[str, ...]:
    """Return why gates are advisory, one line a rubric; nothing where people's labels carry them."""
    return tuple(f"gate: {line}" for line in gate_words.advisory(check.rulings))


def announced(one: Announced) -> str:
    """Return an announcement with its price."""
    head = f"{one.name}: {one.what}"
    if not one.apart:
        return f"{head}; later totals follow from the stored levels, no call"
    price = f", {one.calls:,} calls, {dollars(one.usd)}" if one.calls else ", no cost"
    count = wording.plural(one.attempts, "attempt")
    return f"{head}; {_comparable(one)}; regrading: {count}{price}"


def _comparable(one: Announced) -> str:
    """Return of which criteria the grades before and after can be compared, and of which they can't."""
    if not one.same:
        return "grades before and after can't be compared there"
    others = "the other criterion" if len(one.same) == 1 else f"the other {len(one.same)} criteria"
    if not one.anew:
        return f"grades of {others} stay comparable"
    return f"grades before and after can't be compared in {', '.join(one.anew)}; those of {others} can"


def mean(found: Means) -> str:
    """Return where the project stands before and after the change."""
    of = "" if found.known == found.of else f" ({found.known} of {found.of} series; the others have no stored grade)"
    return f"mean of everybody's latest answers: {found.before:.2f} before, {found.now:.2f} now{of}"


def dollars(value: float | None) -> str:
    """Return an amount in US dollars, or that it is not known."""
    return "price unknown" if value is None else f"about USD {value:.2f}"


def cost(check: Check) -> str:
    """Return what the check cost, and what of it went into the base."""
    return f"{_cost(check.cost)}; {check.reused} grades reused{_base(check)}"


def _base(check: Check) -> str:
    if not check.base_graded or check.grader.deterministic:
        return ""
    count = wording.plural(check.base_graded, "attempt")
    return f"; {count} of the base without a stored grade, graded too: {_cost(check.base_cost)}"


def _cost(found: Cost) -> str:
    if not found.calls:
        return "no call"
    spent = "price unknown" if found.spent is None else f"USD {found.spent:.4f}"
    return f"{wording.plural(found.calls, 'call')}, {spent}"


def general(check: Check) -> Iterator[str]:
    """Yield what is to be said about the change as a whole."""
    if check.means:
        yield mean(check.means)
    yield from advisory(check)
    yield from (announced(one) for one in check.announced)
    if check.needs:
        why = f" ({check.why})" if check.why else ""
        yield f"{wording.plural(len(check.needs), 'answer')} still to be graded by {check.grader.name}{why}"
    elif check.why:
        yield check.why
    if check.drafts:
        count = wording.plural(len(check.drafts), "draft")
        yield f"{count} without an answer, not graded: {', '.join(check.drafts[:5])}"
    yield from check.notices

"""verdict -> JURY.md: totals, what to look at, agreement, and every level side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from evalharness.jury.verdict import Answer, Ruling, Verdict
from evalharness.model.run import Run
from evalharness.reports import words as wording
from evalharness.reports.causes import cause
from evalharness.reports.escape import markdown
from evalharness.reports.markdown.pieces import table
from evalharness.results.aggregate import summarise

MARK = "!"
LOOK = "Two graders differ by two levels or more."
NONE = "not graded"
NOT_READ = "not read"

Escape = Callable[[str], str]
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def page(found: Verdict) -> str:
    """Return the report of a jury as Markdown."""
    return "\n\n".join(_blocks(found)) + "\n"


def headline(found: Verdict) -> str:
    """Return how much was graded and how often the graders disagree, in one sentence."""
    answers = f"{len(found.complete)} of {wording.plural(len(found.answers), 'attempt')} graded by all"
    who = wording.plural(len(found.seats), "grader")
    return f"{who}: {answers}; {wording.plural(len(found.disputed), 'disagreement')} of two levels or more."


def failures(found: Verdict) -> Iterator[str]:
    """Yield a sentence for each grader without a complete run."""
    for seat in found.seats:
        if seat.run is None:
            yield f"{seat.name} did not grade: {seat.why}. Without it no attempt has a total."
        elif seat.run.meta.ungraded:
            count = wording.plural(seat.run.meta.ungraded, "criterion").replace("criterions", "criteria")
            yield f"{seat.name} left {count} without a level (run {seat.run.meta.id}): {_why(seat.run)}"


def _why(run: Run) -> str:
    """Return why a run is incomplete: what stopped it, else what most of its criteria lack a level for."""
    if run.meta.why:
        return run.meta.why
    scores = [score for _, score in summarise(run).ungraded]
    trouble = Counter(map(wording.trouble, scores)).most_common(1)
    what = trouble[0][0].what if trouble else "its state is " + run.meta.state.value
    told = cause(scores)
    return f"{what}{f'. Reason: {told}' if told else ''}."


def totals(found: Verdict, escape: Escape) -> Table:
    """Return each attempt's mean total beside that of each grader."""
    rows = [
        (escape(answer.case.key), _total(answer.total), *map(_total, answer.totals), str(_disputes(answer) or ""))
        for answer in found.answers
    ]
    return ("attempt", "mean", *(escape(seat.name) for seat in found.seats), "disagreements"), rows


def disputes(found: Verdict, escape: Escape) -> Table:
    """Return what to look at, the widest disagreement first."""
    rows = [
        (escape(answer.case.key), escape(ruling.criterion.id), *_of_each(ruling)) for answer, ruling in found.disputed
    ]
    return ("attempt", "criterion", *(escape(seat.name) for seat in found.seats)), rows


def agreements(found: Verdict, escape: Escape) -> Table:
    """Return how well each two graders agree, over every criterion that both gave a level."""
    rows: list[tuple[str, ...]] = [
        (
            f"{escape(pair.first)} and {escape(pair.second)}",
            str(pair.n),
            "" if pair.equal is None else f"{pair.equal:.0%}",
            "" if pair.distance is None else f"{pair.distance:.1f}",
            "" if pair.kappa is None else f"{pair.kappa:.2f}",
        )
        for pair in found.agreements
    ]
    return ("graders", "levels compared", "equal", "apart, levels", "weighted kappa"), rows


def _blocks(found: Verdict) -> Iterator[str]:
    yield "# Jury"
    yield headline(found)
    for told in failures(found):
        yield f"> {markdown(told)}"
    yield _table(totals(found, markdown))
    if found.disputed:
        yield "## Look at these"
        yield f"{LOOK} One of them misread the answer, or the rubric can be read two ways."
        yield _table(disputes(found, markdown))
    yield "## Agreement"
    yield _table(agreements(found, markdown))
    yield "## Levels"
    for answer in found.answers:
        yield f"### {markdown(answer.case.key)}"
        yield _table(_levels(found, answer))
    yield "## Graders"
    yield "\n".join(f"- {markdown(_seat(found, place))}" for place in range(len(found.seats)))


def _levels(found: Verdict, answer: Answer) -> Table:
    rows = [
        (
            markdown(ruling.criterion.id),
            _total(ruling.level) + (f" {MARK}" if ruling.disputed else ""),
            *_of_each(ruling),
        )
        for ruling in answer.rulings
    ]
    return ("criterion", "mean", *(markdown(seat.name) for seat in found.seats)), rows


def _of_each(ruling: Ruling) -> Iterator[str]:
    """Yield the level of each grader, and the words for none."""
    return (_level(level) if read else NOT_READ for level, read in zip(ruling.levels, ruling.read, strict=True))


def _seat(found: Verdict, place: int) -> str:
    seat = found.seats[place]
    if seat.run is None:
        return f"{seat.name}: no run"
    return f"{seat.name}: run {seat.run.meta.id}. {wording.cost(seat.run.meta)}".rstrip()


def _table(found: Table) -> str:
    heads, rows = found
    return table(heads, rows, align="<" + ">" * (len(heads) - 1))


def _disputes(answer: Answer) -> int:
    return sum(ruling.disputed for ruling in answer.rulings)


def _total(total: float | None) -> str:
    return NONE if total is None else f"{total:.1f}"


def _level(level: float | None) -> str:
    return NONE if level is None else wording.number(level)

"""calibration -> text, Markdown, JSON: each criterion by itself, people beside every grader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from evalharness.model.correction import Corrections
from evalharness.reports.corrected import RAW, gain
from evalharness.reports.escape import as_json as printable
from evalharness.reports.escape import line as clean
from evalharness.reports.escape import markdown as md
from evalharness.reports.markdown.pieces import table
from evalharness.reports.terminal.columns import grid
from evalharness.results.calibration import SAMPLING_ONLY, Agreement, Calibrated, Estimate, Stored
from evalharness.results.health import LEVELS

HEAD = ("", "n", "exact", "within one", "kappa (quadratic)", "alpha", "bias", "MAE")
_SHORT = ("", "against people", "answers", "exact", "within one", "bias")
FIGURES = "evalharness calibrate --format md"
_COLUMNS = (
    "exact: how often both gave the same level; within one: how often they are at most one level apart; "
    "bias: how much higher (+) or lower (-) the grader's levels are."
)


def markdown(stored: Stored, applied: Corrections | None = None, verdict: Sequence[str] = ()) -> str:
    """Return the calibration as Markdown."""
    blocks = ["# Calibration: does the grader agree with people?", md(SAMPLING_ONLY), *map(md, _opening(stored))]
    for each in stored.criteria:
        blocks.append(f"## {md(each.rubric)}: {md(each.title)}")
        blocks.append(table(HEAD, [tuple(map(md, row)) for row in _rows(each)], align="<>>>>>>>"))
        for found in each.graders:
            blocks.append(f"People (rows) against {md(found.subject.name)} (columns):")
            blocks.append(table(("", *map(str, LEVELS)), _matrix(found.agreement), align=">>>>>>"))
        if each.limits:
            blocks.append("What these labels can't show:")
            blocks.append("\n".join(f"- {md(limit)}" for limit in each.limits))
    blocks += [f"{md(rubric)}: {md(told)}" for rubric, told in _halo(stored)]
    if applied:
        blocks += ["## Corrected levels", md(_applied(applied)), "\n".join(f"- {md(line)}" for line in _each(applied))]
    blocks += map(md, verdict)
    return "\n\n".join(blocks).rstrip() + "\n"


def text(stored: Stored, applied: Corrections | None = None, verdict: Sequence[str] = (), *, width: int) -> str:
    """Return the calibration for a screen of that width: what says something; Markdown has every figure."""
    blocks = [[_COLUMNS, *_opening(stored)]]
    for rubric in dict.fromkeys(each.rubric for each in stored.criteria):
        blocks.append(list(_of_rubric(rubric, [each for each in stored.criteria if each.rubric == rubric], width)))
    blocks.append([f"Every figure, and the tables of levels: {FIGURES}"])
    if applied:
        blocks.append([clean(_applied(applied)), *(f"  - {clean(line)}" for line in _each(applied))])
    blocks.append([*map(clean, verdict)])
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _of_rubric(rubric: str, criteria: Sequence[Calibrated], width: int) -> Iterator[str]:
    """Yield a table of the criteria that can be compared, which ones can't, and what these labels can't show."""
    yield clean(f"{rubric}: labels of people")
    rows = [(each.title, *row) for each in criteria for row in _short_rows(each)]
    if rows:
        yield grid(_SHORT, [[*map(clean, row)] for row in rows], width)
    if without := [each.title for each in criteria if not each.people and not each.graders]:
        yield clean(f"Nothing to compare these labels with: {', '.join(without)}.")
    shared = [limit for limit in criteria[0].limits if all(limit in each.limits for each in criteria)]
    yield from (f"  - {clean(limit)}" for limit in shared)


def _short_rows(each: Calibrated) -> Iterator[tuple[str, ...]]:
    found = [("people", each.people)] if each.people else []
    for name, agreed in (*found, *((grader.subject.name, grader.agreement) for grader in each.graders)):
        exact, near = (_percent(figure.value or 0.0) for figure in (agreed.exact, agreed.within_one))
        yield name, str(agreed.n), exact, near, "" if name == "people" else _figure(agreed.bias, _signed)


def as_json(stored: Stored, applied: Corrections | None = None, verdict: Sequence[str] = ()) -> str:
    """Return the calibration as JSON, as it is stored; corrections and the verdict are fields beside it."""
    beside = {"corrections": applied, "verdict": list(verdict)}
    return printable({**msgspec.to_builtins(stored), **{name: value for name, value in beside.items() if value}})


def _applied(applied: Corrections) -> str:
    if not applied.corrected:
        return "No criterion is corrected: these labels do not show that it would help."
    return (
        f"From the next run on, reports show a corrected level beside the grader's own for {len(applied.corrected)} of "
        f"{len(applied.corrected) + len(applied.left)} criteria. {RAW}"
    )


def _each(applied: Corrections) -> Iterator[str]:
    for one in applied.corrected:
        curve = ", ".join(f"{knot.raw:.1f} becomes {knot.corrected:.1f}" for knot in one.knots)
        yield f"{one.rubric}, {one.criterion}, {one.grader}: {gain(one)} {curve}."
    for other in applied.left:
        yield f"{other.rubric}, {other.criterion}, {other.grader}: not corrected: {other.why}."


def _opening(stored: Stored) -> Iterator[str]:
    if stored.stale:
        yield f"{stored.stale} labels don't count: answer, question or criterion was rewritten since."
    if not any(each.graders for each in stored.criteria):
        yield "No grader's grades of the labelled attempts are stored: `evalharness run --all` makes them."


def _rows(each: Calibrated) -> Iterator[tuple[str, ...]]:
    if each.people:
        yield _row("people against people", each.people, bias=False)
    for found in each.graders:
        yield _row(f"{found.subject.name} against people", found.agreement)


def _row(name: str, found: Agreement, *, bias: bool = True) -> tuple[str, ...]:
    return (
        name,
        str(found.n),
        _figure(found.exact, _percent),
        _figure(found.within_one, _percent),
        _figure(found.qwk, _plain),
        _figure(found.alpha, _plain),
        _figure(found.bias, _signed) if bias else "",
        _figure(found.mae, _plain),
    )


def _figure(found: Estimate, told: Callable[[float], str]) -> str:
    if found.value is None:
        return "not defined"
    if found.interval is None:
        return f"{told(found.value)} (no interval)"
    return f"{told(found.value)} ({told(found.interval.low)} to {told(found.interval.high)})"


def _plain(value: float) -> str:
    return f"{value:.2f}"


def _signed(value: float) -> str:
    return f"{value:+.2f}"


def _percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def _matrix(found: Agreement) -> list[tuple[str, ...]]:
    return [(str(level), *map(str, row)) for level, row in zip(LEVELS, found.matrix, strict=True)]


def _halo(stored: Stored) -> Iterator[tuple[str, str]]:
    for rubric, halos in stored.halos.items():
        told = [f"{h.who} {h.value:.2f}" for h in halos if h.value is not None]
        if told:
            yield rubric, f"how much criteria move together (halo, mean rank correlation): {', '.join(told)}"

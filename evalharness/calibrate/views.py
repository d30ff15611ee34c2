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
from evalharness.reports.terminal.columns import Column
from evalharness.reports.terminal.columns import table as table_of
from evalharness.results.calibration import SAMPLING_ONLY, Agreement, Calibrated, Estimate, Stored
from evalharness.results.health import LEVELS

HEAD = ("", "n", "exact", "within one", "kappa (quadratic)", "alpha", "bias", "MAE")


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
    """Return the calibration for a screen of that width."""
    lines = [SAMPLING_ONLY, *_opening(stored)]
    for each in stored.criteria:
        lines += ["", clean(f"{each.rubric}: {each.title}")]
        lines += _columns([HEAD, *_rows(each)], width)
        for found in each.graders:
            lines.append(f"  people (rows) against {clean(found.subject.name)} (columns {' '.join(map(str, LEVELS))})")
            lines += [f"    {row[0]}: {' '.join(f'{cell:>3}' for cell in row[1:])}" for row in _matrix(found.agreement)]
        lines += [f"  - {clean(limit)}" for limit in each.limits]
    lines += ["", *(clean(f"{rubric}: {told}") for rubric, told in _halo(stored))]
    if applied:
        lines += ["", clean(_applied(applied)), *(f"  - {clean(line)}" for line in _each(applied))]
    lines += ["", *map(clean, verdict)] if verdict else []
    return "\n".join(lines).rstrip() + "\n"


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


def _columns(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    head, *cells = ([clean(cell) for cell in row] for row in rows)
    columns = [Column(heading, right=place > 0) for place, heading in enumerate(head)]
    for block in table_of(columns, cells, width - 2):
        yield from (f"  {line}" for line in block.split("\n"))

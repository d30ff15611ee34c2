"""comparison -> two runs side by side: for a terminal, as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from evalharness.compare.comparison import Comparison, SeriesChange, Standing
from evalharness.model.nouns import GraderId
from evalharness.model.run import RunMeta, RunState
from evalharness.noise import ERROR_RATE, Reading
from evalharness.progress import as_json, chances, words
from evalharness.progress.series import Advice, is_in_part
from evalharness.reports import words as wording
from evalharness.reports.escape import line
from evalharness.reports.escape import markdown as md
from evalharness.reports.escape import terminal as clean
from evalharness.reports.markdown.pieces import table
from evalharness.reports.terminal.columns import Column, wrap
from evalharness.reports.terminal.columns import table as columns
from evalharness.reports.terminal.ink import Ink
from evalharness.results.aggregate import CaseResult
from evalharness.results.changes import claims_differ

NARROWEST = 40
WIDE = 100  # from here on a row has room for the attempts that are compared
_UP = (Reading.BETTER, Reading.BETTER_BY_SURFACE)
_DOWN = (Reading.WORSE, Reading.WORSE_BY_SURFACE)
_GROUPS: tuple[tuple[str, Standing, tuple[Reading, ...]], ...] = (
    ("worse", Standing.COMPARED, _DOWN),
    ("improved", Standing.COMPARED, _UP),
    ("within noise", Standing.COMPARED, (Reading.WITHIN_NOISE,)),
    ("same", Standing.COMPARED, (Reading.SAME,)),
    ("new", Standing.NEW, ()),
    ("gone", Standing.GONE, ()),
    ("only in the run before", Standing.ONLY_BEFORE, ()),
    ("only in the run after", Standing.ONLY_AFTER, ()),
    ("ungraded", Standing.UNGRADED, ()),
    ("not comparable", Standing.NOT_COMPARABLE, ()),
)
_COLUMNS = (
    Column("Question", give=1, least=14, folds=True),
    Column("Attempts", give=3, least=10),
    Column("Before", right=True),
    Column("After", right=True),
    Column("Change", right=True),
    Column("Reading", give=2, least=12, folds=True),
)
_HEADINGS = tuple(column.heading for column in _COLUMNS)
_WEIGHTS = (
    "Weights differ between these runs ({}): scores of both are computed from the stored levels with the newer "
    "weights, without a call."
)


def text(found: Comparison, regrade: Advice | None = None, *, width: int, colour: bool = False) -> str:
    """Return the comparison in lines of at most `width` cells (40 at least); better green, worse red with `colour`."""
    width = max(width, NARROWEST)
    blocks = [
        [row for told in _heads(found) for row in wrap(clean(told), width)],
        _rows(found, width, Ink(colour=colour)),
        list(wrap(counts(found), width)),
        [row for told in sentences(found) for row in wrap(clean(told), width)],
        [row for told in reasons(found) for row in wrap(clean(told), width, first="- ", rest="  ")],
        list(wrap(clean(told), width)) if (told := _advice(found, regrade)) else [],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def markdown(found: Comparison, regrade: Advice | None = None) -> str:
    """Return the comparison as Markdown."""
    rows = [(*map(md, (cells := _cells(row, found))[:2]), *cells[2:]) for row in _ordered(found)]
    blocks = [
        "# Two runs compared",
        "\n".join(f"- {md(told)}" for told in _heads(found)),
        table(_HEADINGS, rows, align="<<>>><") if rows else "",
        md(counts(found)),
        " ".join(md(told) for told in sentences(found)),
        "\n".join(f"- {md(told)}" for told in reasons(found)),
        md(_advice(found, regrade)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def json(found: Comparison, regrade: Advice | None = None) -> str:
    """Return the comparison as JSON; what is not known is left out, never zero."""
    return as_json.text(
        {
            "before": _meta(found.before),
            "after": _meta(found.after),
            "error_rate": ERROR_RATE,
            "comparisons": found.claims.tested,
            "counts": dict(_counted(found)),
            "series": [_document(row) for row in found.rows],
            "mean": as_json.mean(found.mean, found.claims.mean),
            "new_attempts": list(found.new_attempts),
            "gone_attempts": list(found.gone_attempts),
            "regrade": as_json.advice(regrade),
        }
    )


# --- words -------------------------------------------------------------------------------------------------


def counts(found: Comparison) -> str:
    """Return how many series improved, got worse and so on; what does not occur is left out."""
    return f"{len(found.rows):,} series: {', '.join(f'{count:,} {name}' for name, count in _counted(found) if count)}."


def sentences(found: Comparison) -> tuple[str, ...]:
    """Return the mean change, how it was tested, and what could have been seen."""
    compared = found.of(Standing.COMPARED)
    moved = any(not row.same_answer for row in compared)
    told = [
        "The answers that can be compared are the same in both runs." if compared and not moved else _mean(found),
        *(chances.chance(found.claims, found.after.grader) if moved else ()),
        words.CLAIMS_DIFFER if any(claims_differ(row.before, row.after) for row in compared) else "",
        chances.could_be_seen(found.mean),
        chances.smallest(found.detectable),
        _WEIGHTS.format(", ".join(_titles(found.reweighted))) if found.reweighted else "",
        _resampled(found),
        *_unfinished(found),
    ]
    return tuple(sentence for sentence in told if sentence)


def reasons(found: Comparison) -> tuple[str, ...]:
    """Return one line for each reason why series can't be compared, and which they are."""
    by_reason: dict[str, list[SeriesChange]] = {}
    for row in found.of(Standing.NOT_COMPARABLE):
        by_reason.setdefault("; ".join(row.why) or "another grader or other settings", []).append(row)
    return tuple(f"Not comparable ({why}): {_names(rows, found)}" for why, rows in by_reason.items())


def _names(rows: list[SeriesChange], found: Comparison) -> str:
    if len(rows) == len(found.rows):
        return "all series"
    return ", ".join(_title(row, found) for row in rows)


def _mean(found: Comparison) -> str:
    if found.mean is None:
        return "No series can be compared between these runs."
    mean = wording.signed_finely(found.mean.difference)
    if found.mean.pairs == 1:
        return f"The one question in both runs: {mean}{words.general(found.mean, found.claims.mean)}"
    questions = wording.plural(found.mean.mean.clusters if found.mean.mean else found.mean.pairs, "question")
    return f"Over {questions} in both runs: {mean} on average{words.general(found.mean, found.claims.mean)}"


def _resampled(found: Comparison) -> str:
    moved = [row for row in found.rows if row.same_answer and row.reading is Reading.WITHIN_NOISE]
    if not moved:
        return ""
    names = ", ".join(_title(row, found) for row in moved)
    return f"The same answer, graded again or more often, and so neither better nor worse: {names}."


def _unfinished(found: Comparison) -> Iterator[str]:
    for meta, name in _runs(found):
        if meta.state is not RunState.FINISHED:
            yield f"The run {name} did not come to its end ({meta.state.value})."


def _titles(rows: tuple[SeriesChange, ...]) -> list[str]:
    rubrics = [row.result.case.rubric for row in rows]
    return list(dict.fromkeys(rubric.title or rubric.id for rubric in rubrics))


def _counted(found: Comparison) -> list[tuple[str, int]]:
    return [(name, len(found.of(standing, *readings))) for name, standing, readings in _GROUPS]


def _ordered(found: Comparison) -> list[SeriesChange]:
    return [row for _, standing, readings in _GROUPS for row in found.of(standing, *readings)]


def _runs(found: Comparison) -> tuple[tuple[RunMeta, str], ...]:
    return ((found.before, "before"), (found.after, "after"))


def _heads(found: Comparison) -> Iterator[str]:
    for (meta, name), size in zip(_runs(found), found.sizes, strict=True):
        part = f", over {size:,} of {wording.plural(meta.of, 'attempt')}" if size < meta.of else ""
        yield f"{name.capitalize()}: {meta.id}, {grader(meta.grader)}, {wording.plural(meta.samples, 'sample')}{part}"


def grader(found: GraderId) -> str:
    """Return who graded, as far as it tells graders apart for a person."""
    return " ".join(part for part in (found.name, found.model, found.effort, found.mode) if part)


def _rows(found: Comparison, width: int, ink: Ink) -> list[str]:
    ordered = _ordered(found)
    rows = [tuple(map(clean, _cells(row, found))) for row in ordered]
    if not rows:
        return []
    if width < WIDE:  # names and readings matter more than which attempts they are of
        head, *lines = columns((_COLUMNS[0], *_COLUMNS[2:]), [(row[0], *row[2:]) for row in rows], width)
    else:
        head, *lines = columns(_COLUMNS, rows, width)
    return [ink.bold(head), *(ink.change(told, row.reading) for told, row in zip(lines, ordered, strict=True))]


def _cells(row: SeriesChange, found: Comparison) -> tuple[str, ...]:
    return (
        _title(row, found),
        _attempts(row),
        _score(row.before),
        _score(row.after),
        words.change(row.change) or "-",
        _reading(row),
    )


def _title(row: SeriesChange, found: Comparison) -> str:
    author = f" ({row.result.case.attempt.author})" if found.several_authors else ""
    return f"{wording.title(row.result.case.question)}{author}"


def _attempts(row: SeriesChange) -> str:
    names = words.days([result.case.attempt for result in (row.before, row.after) if result])
    return " -> ".join(dict.fromkeys(names)) + (" (edited)" if _is_edited(row) else "")


def _is_edited(row: SeriesChange) -> bool:
    """Return whether an attempt kept its name and changed its text."""
    if row.before is None or row.after is None or row.before.case.key != row.after.case.key:
        return False
    before, after = ([(p.id, p.text) for p in r.case.attempt.parts] for r in (row.before, row.after))
    return before != after


def _score(result: CaseResult | None) -> str:
    if result is None:
        return "-"
    return f"{result.total:.1f}" if result.total is not None else "?"


def _reading(row: SeriesChange) -> str:
    match row.standing:
        case Standing.COMPARED:
            told = words.marked(words.READINGS[row.reading or Reading.NOT_MEASURED], row.before, row.after)
            return told if row.same_answer else words.with_sure(told, row.change, row.reading)
        case Standing.UNGRADED:
            sides = [
                name for name, result in (("before", row.before), ("after", row.after)) if result and result.ungraded
            ]
            short = [r for r in (row.before, row.after) if r and r.too_short]
            lacking = [r for r in (row.before, row.after) if r and r.ungraded]
            what = words.IN_PART if lacking and all(map(is_in_part, lacking)) else "ungraded"
            return f"{what} {' and '.join(sides)}".rstrip() if sides or not short else wording.TOO_SHORT
        case Standing.ONLY_BEFORE | Standing.ONLY_AFTER:
            return f"not in the run {'after' if row.after is None else 'before'}"
        case _:
            return str(row.standing.value).replace("_", " ")


def _advice(found: Comparison, regrade: Advice | None) -> str:
    if not found.of(Standing.NOT_COMPARABLE):
        return ""
    look = "evalharness progress compares all attempts by one grader with today's settings"
    if regrade is None:
        return f"{look}."
    return f"{look}, once {line(regrade.command)} has graded what is missing ({words.price(regrade)})."


def _meta(meta: RunMeta) -> dict[str, Any]:
    return {
        "run": meta.id,
        "grader": msgspec.to_builtins(meta.grader),
        "samples": meta.samples,
        "state": meta.state.value,
    }


def _document(row: SeriesChange) -> dict[str, Any]:
    return {
        "series": row.series,
        "standing": row.standing.value,
        "before": None if row.before is None else {"case": row.before.case.key, "total": row.before.total},
        "after": None if row.after is None else {"case": row.after.case.key, "total": row.after.total},
        "change": as_json.change(row.change, row.reading),
        "why": list(row.why),
        "claims_differ": claims_differ(row.before, row.after),
        "same_answer": row.same_answer,
        "reweighted": row.reweighted,
    }

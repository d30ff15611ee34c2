"""progress -> lines for a terminal: all series at a glance, or one in detail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.model.nouns import GraderId
from evalharness.progress import chances, words
from evalharness.progress.series import CriterionProgress, Progress, SeriesLine, SeriesProgress
from evalharness.reports import words as wording
from evalharness.reports.escape import terminal as clean
from evalharness.reports.terminal.columns import Column, table, wrap
from evalharness.reports.terminal.ink import Ink
from evalharness.reports.terminal.starts import HEADING, Where, start_here

NARROWEST = 40
WIDE = 100
MOST_SHOWN = 5
_LABEL = 30  # cells of a criterion's name where the line is short
_OVERVIEW = (
    Column("Question", give=1, least=14, folds=True),
    Column("Attempts"),
    Column("Score", right=True),
    Column("Change", right=True),
    Column("Reading", give=2, least=12, folds=True),
)


def overview(
    progress: Progress,
    *,
    width: int,
    ascii_only: bool = False,
    detail: str = "",
    colour: bool = False,
    bar: float | None = None,
    where: Where = str,
) -> str:
    """Return one line a series and what to do next, in lines of at most `width` cells (40 at least).

    `detail` is the command that shows one series; `where` says how the person writes a path of the project.
    With `colour` better is green, worse or a score under `bar` red.
    """
    width = max(width, NARROWEST)
    blocks = [
        _opening(progress.grader, words.opening(progress), width),
        _lines(progress, width, Ink(colour=colour, bar=bar), ascii_only=ascii_only),
        _sentences((words.mean(progress), *words.drifts(progress)), width),
        _reading_of_all(progress, width),
        _start_here(progress, width, where),
        _elsewhere(progress, width),
        _sentences((f"One series in detail: {detail}",) if detail else (), width),
    ]
    return _joined(blocks)


def series(
    found: Sequence[SeriesProgress],
    grader: GraderId,
    *,
    width: int,
    ascii_only: bool = False,
    colour: bool = False,
    bar: float | None = None,
) -> str:
    """Return each series in detail: criteria by attempts, readings, what stayed weak, other identities."""
    width = max(width, NARROWEST)
    several = len({each.series.latest.case.attempt.author for each in found}) > 1
    blocks: list[Iterator[str]] = [_opening(grader, "", width)]
    for each in found:
        blocks += [
            _heading(each, width, several=several, ascii_only=ascii_only),
            _criteria(each, width, Ink(colour=colour, bar=bar)),
            _sentences(words.about_series(each, grader), width),
            _other_identities(each, width),
        ]
    return _joined(blocks)


def _joined(blocks: Sequence[Iterator[str]]) -> str:
    found = ["\n".join(block) for block in blocks]
    return "\n\n".join(block for block in found if block) + "\n"


def _opening(grader: GraderId, counts: str, width: int) -> Iterator[str]:
    graded_by, _ = wording.honesty(grader)
    yield from wrap(clean(graded_by), width)
    if counts:
        yield from wrap(counts, width)


def _sentences(found: Sequence[str], width: int) -> Iterator[str]:
    for told in found:
        if told:
            yield from wrap(clean(told), width)


# --- all series --------------------------------------------------------------------------------------------


def _lines(progress: Progress, width: int, ink: Ink, *, ascii_only: bool) -> Iterator[str]:
    """Yield the rows, the weakest first; what has no score stands before all, because it needs a hand."""
    totals = progress.totals
    order = sorted(range(len(totals)), key=lambda place: (totals[place] is not None, totals[place] or 0.0))
    rows = [_line(progress.lines[place], progress, width, ascii_only=ascii_only) for place in order]
    if rows:
        head, *lines = table(_OVERVIEW, rows, width)
        yield ink.bold(head)
        readings = progress.claims.readings
        yield from (ink.row(told, totals[n], readings[n]) for n, told in zip(order, lines, strict=True))


def _line(line: SeriesLine, progress: Progress, width: int, *, ascii_only: bool) -> tuple[str, ...]:
    score, change = words.line_of(line)
    known = line.totals
    lately = " ".join("-" if total is None else f"{total:.1f}" for total in known[-4:])
    marks = words.sparkline(known, ascii_only=ascii_only)
    return (
        clean(words.title(line.series, several=progress.several_authors)),
        f"{marks}  {lately}" if width >= WIDE else f"{marks}",
        score,
        change or "-",
        words.marked_reading(line.reading, line.series, line.change),
    )


def _reading_of_all(progress: Progress, width: int) -> Iterator[str]:
    told = [
        words.CLAIMS_DIFFER if progress.claims_differ else "",
        *chances.chance(progress.claims, progress.grader),
        chances.could_be_seen(progress.mean),
    ]
    yield from _sentences([*told, chances.smallest(progress.detectable)], width)


def _start_here(progress: Progress, width: int, where: Where) -> Iterator[str]:
    if progress.steps:
        yield from wrap(HEADING, width)
        yield from start_here(progress.steps[:MOST_SHOWN], width, several=progress.several_authors, where=where)


def _elsewhere(progress: Progress, width: int) -> Iterator[str]:
    if progress.regrade:
        told = words.missing(progress.not_of_today, progress.figures.attempts)
        yield from wrap(f"{told}. Grade them: {clean(progress.regrade.command)}", width)
        yield from wrap(f"({words.price(progress.regrade)})", width)
    if progress.elsewhere:
        yield from wrap(clean(words.others(progress.elsewhere)), width)


# --- one series --------------------------------------------------------------------------------------------


def _heading(found: SeriesProgress, width: int, *, several: bool, ascii_only: bool) -> Iterator[str]:
    case = found.series.latest.case
    marks = words.sparkline([result.total for result in found.series.results], ascii_only=ascii_only)
    yield from wrap(clean(f"{words.title(found.series, several=several)}  {marks}"), width)
    yield from wrap(clean(case.question.text), width, first="  ", rest="  ")


def _criteria(found: SeriesProgress, width: int, ink: Ink) -> Iterator[str]:
    results = found.series.results
    shown = _fitting(found, width)
    places = range(len(results) - shown, len(results))
    names = words.days([results[place].case.attempt for place in places])
    columns = [
        Column("Criterion", give=1, least=16, folds=True),
        *([Column("Weight", right=True)] if width >= WIDE else []),
        *(Column(clean(name), right=True) for name in names),
        Column("Change", right=True),
        Column("Reading", give=2, least=12, folds=True),
    ]
    rows = [_criterion(one, found, places) for one in found.criteria]
    rows.append(_total(found, places))
    rows += _samples_and_own(found, places)
    shown_rows = rows if width >= WIDE else [(row[0], *row[2:]) for row in rows]
    head, *lines = table(columns, shown_rows, width)
    yield ink.bold(head)
    of_criteria = len(found.criteria)
    yield from (ink.change(told, one.reading) for told, one in zip(lines, found.criteria, strict=False))
    yield ink.row(lines[of_criteria], found.series.latest.total, found.reading)
    yield from lines[of_criteria + 1 :]
    if shown < len(results):
        yield f"{wording.plural(len(results) - shown, 'older attempt')} not shown"


def _fitting(found: SeriesProgress, width: int) -> int:
    """Return how many attempts fit beside the names and the readings."""
    reading = max(len(words.criterion_reading(one, found.series)) for one in found.criteria)
    left = width - _LABEL - (8 if width >= WIDE else 0) - len("Change") - reading - 4
    names = words.days([result.case.attempt for result in found.series.results])
    each = max(map(len, names)) + 2
    return min(len(found.series.results), max(2, left // each))


def _criterion(one: CriterionProgress, found: SeriesProgress, places: range) -> tuple[str, ...]:
    return (
        clean(words.criterion_title(one)),
        f"{one.criterion.weight:g}",
        *(words.level(one.scores[place]) for place in places),
        words.change(one.change) or "-",
        words.criterion_reading(one, found.series),
    )


def _total(found: SeriesProgress, places: range) -> tuple[str, ...]:
    results = found.series.results
    scores = [words.cell(results[place]) for place in places]
    return (
        "Score",
        "",
        *scores,
        words.change(found.change) or "-",
        words.marked_reading(found.reading, found.series),
    )


def _samples_and_own(found: SeriesProgress, places: range) -> Iterator[tuple[str, ...]]:
    results = [found.series.results[place] for place in places]
    counts = [chances.samples(result) for result in results]
    if max(counts) > 1:
        yield ("Samples", "", *(str(count or "-") for count in counts), "", "")
    own = [result.case.attempt.self_score for result in results]
    if any(score is not None for score in own):
        yield ("Your own score", "", *("" if score is None else wording.number(score) for score in own), "", "")


def _other_identities(found: SeriesProgress, width: int) -> Iterator[str]:
    if found.regrade:
        told = words.missing_here(found)
        yield from wrap(f"{told}. Grade them: {clean(found.regrade.command)}", width)
        yield from wrap(f"({words.price(found.regrade)})", width)
    if found.elsewhere:
        yield from wrap("Grades by another grader or with other settings, not mixed in:", width)
    for other in found.elsewhere:
        yield from wrap(clean(words.other(other)), width, first="- ", rest="  ")

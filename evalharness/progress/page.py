"""progress -> Markdown: one page over everything (`PROGRESS.md`), or the series of one question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from evalharness.model.nouns import HIGHEST, GraderId
from evalharness.progress import chances, words
from evalharness.progress.moments import Moment
from evalharness.progress.series import Progress, SeriesLine, SeriesProgress
from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import address, line, link
from evalharness.reports.escape import markdown as md
from evalharness.reports.markdown.pieces import table
from evalharness.reports.markdown.starts import start_here
from evalharness.results.aggregate import CaseResult

MOST_ATTEMPTS = 8
MOST_DAYS = 24
MOST_SECTIONS = 40  # series; of more than these, those answered last have a section and a chart


def page(
    progress: Progress, details: Iterable[SeriesProgress], *, root: str = "", charts: Mapping[str, str] | None = None
) -> str:
    """Return the whole page; `root` leads to the project, `charts` holds the address of each series' chart.

    The chart over all series stands under the empty name.
    """
    return "".join(pieces(progress, details, root=root, charts=charts))


def pieces(
    progress: Progress, details: Iterable[SeriesProgress], *, root: str = "", charts: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Yield the page block by block, so that nobody has to hold all of it."""
    gap = ""
    for block in _page(progress, details, root, charts or {}):
        if block:
            yield f"{gap}{block}"
            gap = "\n\n"
    yield "\n"


def series(found: Sequence[SeriesProgress], grader: GraderId, *, root: str = "") -> str:
    """Return the series of one question, criterion by criterion with readings."""
    several = len({each.series.latest.case.attempt.author for each in found}) > 1
    blocks = [_honesty(grader)]
    for each in found:
        blocks += [
            f"## {md(words.title(each.series, several=several))}",
            f"> {md(each.series.latest.case.question.text)}",
        ]
        blocks += [_levels(each, root, readings=True)]
        blocks += [md(told) for told in (*words.about(each), words.settled_by(each))]
        blocks += [_fold(words.statistics(each, grader))]
        blocks += _identities(each)
    return "\n\n".join(block for block in blocks if block) + "\n"


def shown(progress: Progress) -> tuple[int, ...]:
    """Return the places of the series that have a section: all of them, or those answered last where they are many."""
    if len(progress.lines) <= MOST_SECTIONS:
        return tuple(range(len(progress.lines)))
    dates = [(line.series.latest.case.attempt.date, place) for place, line in enumerate(progress.lines)]
    return tuple(sorted(place for _, place in sorted(dates, reverse=True)[:MOST_SECTIONS]))


def anchor(place: int) -> str:
    """Return the name of a series' section: numbered, so that no title can bend it."""
    return f"s{place}"


def _page(progress: Progress, details: Iterable[SeriesProgress], root: str, charts: Mapping[str, str]) -> Iterator[str]:
    yield "# Progress"
    yield _honesty(progress.grader)
    yield md(words.opening(progress))
    yield from _start_here(progress, root)
    yield "## Overview"
    yield _overview(progress)
    yield md(words.mean(progress))
    yield from (f"**{md(told)}**" for told in words.drifts(progress))
    yield md(words.CLAIMS_DIFFER) if progress.claims_differ else ""
    told = (*chances.chance(progress.claims, progress.grader), chances.could_be_seen(progress.mean))
    yield _fold([sentence for sentence in (*told, chances.smallest(progress.detectable)) if sentence])
    yield from _missing(progress)
    yield from _moments(progress.moments, charts)
    places = shown(progress)
    yield "## Every series" if len(places) == len(progress.lines) else f"## The {len(places)} series answered last"
    for place, detail in zip(places, details, strict=True):
        yield from _section(place + 1, progress.lines[place], detail, progress, root, charts)
    if len(places) < len(progress.lines):
        yield "`evalharness progress QUESTION` shows any other one."


def _fold(sentences: Sequence[str]) -> str:
    """Return what readings rest on, folded away: a code host opens it on a click, and it is plain text elsewhere."""
    if not sentences:
        return ""
    told = " ".join(md(sentence) for sentence in sentences)
    return f"<details><summary>The statistics behind this</summary>\n\n{told}\n\n</details>"


def _honesty(grader: GraderId) -> str:
    return " ".join(md(told.replace("`", "")) for told in wording.honesty(grader))


def _overview(progress: Progress) -> str:
    head = ("Question", "Attempts", "Latest", "Score (1 to 5)", "Change", "Reading")
    rows = []
    linked = frozenset(shown(progress))
    for place, row in enumerate(progress.lines, 1):
        score, change = words.line_of(row)
        title = md(words.title(row.series, several=progress.several_authors))
        rows.append(
            (
                f"[{title}](#{anchor(place)})" if place - 1 in linked else title,
                str(len(row.series.results)),
                md(wording.day(row.series.latest.case.attempt)),
                md(wording.total(row.series.latest)) if score == "-" else score,
                change,
                words.marked_reading(row.reading, row.series, row.change),
            )
        )
    return table(head, rows, align="<><>><") if rows else ""


def _missing(progress: Progress) -> Iterator[str]:
    if progress.regrade:
        told = words.missing(progress.not_of_today, progress.figures.attempts)
        yield f"{told}. Grade them: {_code(progress.regrade.command)} ({words.price(progress.regrade)})."
    if progress.elsewhere:
        yield md(words.others(progress.elsewhere))


def _moments(found: Sequence[Moment], charts: Mapping[str, str]) -> Iterator[str]:
    if len(found) < 2:
        return
    yield "## How the latest attempts moved"
    yield (
        "On each day: the mean score of the newest graded attempt of every question by then. A question that was "
        "new on a day moves the mean too, so read it beside the number of questions."
    )
    if "" in charts:
        yield _image("Mean score of the latest attempts over time; the table says the same", charts[""])
    shown = found[-MOST_DAYS:]
    rows: list[tuple[str, ...]] = [(moment.date, f"{moment.mean:.1f}", str(moment.series)) for moment in shown]
    if len({moment.since for moment in found}) > 1:
        yield (
            "The grader drifted, so each side of that has a mean of its own: what was graded before and what was "
            "graded since is never in one mean."
        )
        rows = [(*row, f"since {m.since[:10]}" if m.since else "before") for row, m in zip(rows, shown, strict=True)]
    head = ("Day", "Mean", "Series", "Graded")[: len(rows[0])]
    yield table(head, rows, align="<>><"[: len(head)])
    if len(shown) < len(found):
        first = found[0]
        yield f"{len(found) - len(shown)} earlier days not shown; it began on {first.date} with {first.mean:.1f}."


def _start_here(progress: Progress, root: str) -> Iterator[str]:
    if progress.steps:
        yield f"## {next_steps.TITLE}"
        yield next_steps.RULE
        several = progress.several_authors
        yield start_here(progress.steps, root=root, several=several, target=lambda each: f"#{anchor(each.place + 1)}")


# --- one series --------------------------------------------------------------------------------------------


def _section(
    place: int, row: SeriesLine, detail: SeriesProgress, progress: Progress, root: str, charts: Mapping[str, str]
) -> Iterator[str]:
    name = row.series.latest.case.attempt.series
    title = words.title(row.series, several=progress.several_authors)
    yield f'<a id="{anchor(place)}"></a>'
    yield f"### {md(title)}"
    yield _headline(row)
    if name in charts:
        yield _image(f"Scores of {title}, attempt by attempt; the table says the same", charts[name])
    yield _levels(detail, root, readings=False)
    ruled = (f"{told}." for told in wording.by_rule(row.series.latest))
    told = (*ruled, words.drift(detail), words.stayed_weak(detail), words.self_score(detail))
    yield " ".join(md(sentence) for sentence in told if sentence)
    yield from _identities(detail)


def _headline(row: SeriesLine) -> str:
    latest, previous = row.series.latest, row.series.previous
    day = md(wording.day(latest.case.attempt))
    if latest.total is None:
        return f"{day}: **{md(wording.total(latest))}**."
    score = f"{day}: **{wording.total(latest)} of {HIGHEST}**"
    if row.change and previous:
        score += f", {words.change(row.change)} since {md(wording.day(previous.case.attempt))}"
    return f"{score}: {words.with_sure(words.reading(row.reading, row.series), row.change, row.reading)}."


def _levels(found: SeriesProgress, root: str, *, readings: bool) -> str:
    """Return criteria by attempts; with `readings` also the change of each, which costs more comparisons."""
    results = found.series.results[-MOST_ATTEMPTS:]
    first = len(found.series.results) - len(results)
    head = ["Criterion", "Weight", *(_column(result, root) for result in results)]
    head += ["Change", "Reading"] if readings else []
    rows = []
    for one in found.criteria:
        cells = [words.level(one.scores[first + place]) for place in range(len(results))]
        row = [md(words.criterion_title(one)), f"{one.criterion.weight:g}", *cells]
        rows.append([*row, words.change(one.change), words.criterion_reading(one, found.series)] if readings else row)
    total = ["**Score**", "", *(words.cell(result) for result in results)]
    rows.append(
        [*total, words.change(found.change), words.marked_reading(found.reading, found.series)] if readings else total
    )
    rows += [[*row, *[""] * (len(head) - len(row))] for row in _beside(found, first)]
    older = f"\n\n{wording.plural(first, 'older attempt')} not shown." if first else ""
    align = "<" + ">" * (len(results) + 1) + ("><" if readings else "")
    return table(head, rows, align=align) + older


def _beside(found: SeriesProgress, first: int) -> Iterator[list[str]]:
    """Yield what the chart shows beside the score: its error bar, own scores, and how often was graded."""
    results, halves = found.series.results[first:], found.halves[first:]
    if any(half is not None for half in halves):
        yield [words.ERROR_BAR, "", *("" if half is None else f"{half:.1f}" for half in halves)]
    counts = [chances.samples(result) for result in results]
    if max(counts) > 1:
        yield ["Samples", "", *(str(count) for count in counts)]
    own = [result.case.attempt.self_score for result in results]
    if any(score is not None for score in own):
        yield ["Your own score", "", *("" if score is None else wording.number(score) for score in own)]


def _column(result: CaseResult, root: str) -> str:
    attempt = result.case.attempt
    return link(wording.day(attempt), address(attempt.path or attempt.key, root=root))


def _identities(found: SeriesProgress) -> Iterator[str]:
    if found.regrade:
        told = words.missing_here(found)
        yield f"{told}. Grade them: {_code(found.regrade.command)} ({words.price(found.regrade)})."
    if found.elsewhere:
        yield "Grades by another grader or with other settings, not mixed in:"
        yield "\n".join(f"- {md(words.other(other))}" for other in found.elsewhere)


def _image(told: str, target: str) -> str:
    return f"![{md(told)}]({target})"


def _code(command: str) -> str:
    return f"`{line(command).replace('`', chr(39))}`"

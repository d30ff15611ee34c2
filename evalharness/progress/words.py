"""changes, readings -> the words that all formats share.  Plain text: each format escapes it for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evalharness.history.nouns import Elsewhere
from evalharness.model.nouns import HIGHEST, LOWEST, Attempt, GraderId, Tags
from evalharness.noise import Change, Reading, RunChange
from evalharness.progress import chances
from evalharness.progress.series import (
    IN_A_ROW,
    WEAK,
    Advice,
    CriterionProgress,
    NotOfToday,
    Progress,
    SeriesLine,
    SeriesProgress,
    is_in_part,
    not_of_today,
)
from evalharness.reports import words as wording
from evalharness.reports.escape import shorten
from evalharness.results.aggregate import CaseResult, CriterionScore, SeriesResult
from evalharness.results.changes import claims_differ

READINGS = {
    Reading.BETTER: "better",
    Reading.WORSE: "worse",
    Reading.WITHIN_NOISE: "within noise",
    Reading.NOT_MEASURED: "not measured",
    Reading.BETTER_BY_SURFACE: "better by surface features",
    Reading.WORSE_BY_SURFACE: "worse by surface features",
    Reading.SAME: "same",
}
BLOCKS = "▁▂▃▄▅▆▇█"
NO_LEVEL = "·"
LONGEST_SPARK = 12
NOT_READ = "not read"
IN_PART = "graded in part"
_ALMOST_NOTHING = 0.05
DRIFTED = "not compared: drift"
ERROR_BAR = "95 % of grader noise, +/-"
_NAME = 14  # letters of an attempt's name beside others


# --- figures -----------------------------------------------------------------------------------------------


def sparkline(levels: Sequence[float | None], *, ascii_only: bool = False) -> str:
    """Return one mark for each level, 1 to 5, the newest LONGEST_SPARK of them; a dot where there is none.

    Without Unicode a mark is the level itself, rounded to a digit.
    """
    shown = levels[-LONGEST_SPARK:]
    if ascii_only:
        return "".join("." if level is None else str(round(level)) for level in shown)
    return "".join(NO_LEVEL if level is None else _block(level) for level in shown)


def _block(level: float) -> str:
    share = (min(max(level, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return BLOCKS[min(int(share * len(BLOCKS)), len(BLOCKS) - 1)]


def change(found: Change | None) -> str:
    """Return a signed difference, or nothing where there is none."""
    return "" if found is None else wording.signed_finely(found.difference)


def level(score: CriterionScore | None) -> str:
    """Return a level to one decimal, or why there is none, in one word."""
    if score is None:
        return ""
    if not score.read:
        return wording.not_read(score.criterion)[1]
    return "?" if score.level is None else wording.number(score.level)


def cell(result: CaseResult) -> str:
    """Return an attempt's score for a table of attempts."""
    return "?" if result.ungraded else wording.total(result)


def reading(found: Reading | None, series: SeriesResult) -> str:
    """Return a reading in words, or why there is none."""
    if found is not None:
        return READINGS[found]
    if series.drifted:
        return DRIFTED
    if series.latest.too_short:
        return "latest too short"
    if series.latest.ungraded:
        return f"latest {not_graded(series.latest)}"
    if series.previous is None:
        return "first attempt"
    if series.previous.too_short:
        return "previous too short"
    if series.previous.ungraded:
        return f"previous {not_graded(series.previous)}"
    return NOT_READ if series.latest.total is None else "not comparable"


def not_graded(result: CaseResult) -> str:
    """Return that an attempt has no total since it was not graded, or only some of its criteria were."""
    return IN_PART if is_in_part(result) else wording.NOT_GRADED


def marked(told: str, before: CaseResult | None, after: CaseResult | None) -> str:
    """Return a reading for a table, with the mark that `claims` explains where the two attempts claim other tags."""
    return f"{told} *" if claims_differ(before, after) else told


def marked_reading(found: Reading | None, series: SeriesResult, change: Change | None = None) -> str:
    """Return a series' reading for a table, with how sure it is where the change is given."""
    told = reading(found, series)
    return told if found is None else with_sure(marked(told, series.previous, series.latest), change, found)


def with_sure(told: str, change: Change | None, found: Reading | None) -> str:
    """Return a reading with how sure it is behind it, where there is noise."""
    sure = chances.sure(change, found)
    return f"{told}, {sure}" if sure else told


def claims(series: SeriesResult) -> str:
    """Return what the mark means, where this series has it."""
    return CLAIMS_DIFFER if claims_differ(series.previous, series.latest) else ""


def criterion_reading(found: CriterionProgress, series: SeriesResult) -> str:
    """Return a criterion's reading in words, or why there is none."""
    latest = found.scores[-1]
    if found.reading is not None:
        told = READINGS[found.reading]
        return marked(told, series.previous, series.latest) if isinstance(found.criterion.kind, Tags) else told
    if latest is not None and not latest.read:
        return wording.not_read(latest.criterion)[1]
    if series.latest.too_short:
        return wording.TOO_SHORT
    if latest is None or latest.level is None:
        return wording.NOT_GRADED
    if series.drifted:
        return DRIFTED
    if series.previous is None:
        return "first attempt"
    return "previous too short" if series.previous.too_short else "previous not graded"


def title(series: SeriesResult, *, several: bool) -> str:
    """Return the question's title, with the author where there are several."""
    case = series.latest.case
    author = f" ({case.attempt.author})" if several else ""
    return f"{wording.title(case.question)}{author}"


def criterion_title(found: CriterionProgress) -> str:
    """Return a criterion's title, else its id."""
    return found.criterion.title or found.criterion.id


def days(attempts: Sequence[Attempt]) -> tuple[str, ...]:
    """Return short names for attempts side by side: month and day, with the year where they differ in it.

    What an id adds to its date is kept: two attempts of one day are two columns.
    """
    years = {attempt.date[:4] for attempt in attempts}
    skip = 5 if len(years) == 1 else 2
    return tuple(shorten(wording.day(attempt)[skip if attempt.date else 0 :], _NAME) for attempt in attempts)


# --- sentences ---------------------------------------------------------------------------------------------


def opening(progress: Progress) -> str:
    """Return how much stands behind a page."""
    counts = f"{wording.plural(progress.figures.attempts, 'attempt')} in {len(progress.lines):,} series"
    return f"{counts}; {wording.plural(progress.runs, 'stored run')} looked through."


def mean(progress: Progress) -> str:
    """Return the mean of the latest attempts with its counts, and how it moved since the attempts before."""
    known, examples = progress.figures.latest_totals, progress.figures.examples
    if examples == len(progress.lines) > 0:
        return f"{wording.ONLY_EXAMPLES[0].upper()}{wording.ONLY_EXAMPLES[1:]}."
    counts = f"{len(known):,} of {len(progress.lines) - examples:,} graded"
    if not known:
        return f"No latest attempt has a score under these settings ({counts})."
    head = f"Mean of the latest attempts: {sum(known) / len(known):.1f} of {HIGHEST}, {counts}."
    return f"{head} {mean_change(progress.mean, progress.claims.mean)}".rstrip()


def mean_change(found: RunChange | None, read: Reading | None) -> str:
    """Return the mean change over questions with its interval and reading; nothing where there is none."""
    if found is None:
        return ""
    mean = wording.signed_finely(found.difference)
    if found.pairs == 1:
        return f"In the one series with two graded attempts the latest is {mean}{general(found, read)}"
    head = f"Over the {found.pairs:,} series with two graded attempts the latest is {mean} on average"
    return f"{head}{general(found, read)}"


def general(found: RunChange, read: Reading | None) -> str:
    """Return the end of a sentence on a mean change: how to read it, or why it says nothing of other questions."""
    if found.mean is None:
        of = "One question says" if found.pairs == 1 else "Questions of one group say"
        return f". {of} nothing about your other answers."
    if read in (None, Reading.NOT_MEASURED):
        return f"{chances.interval(found)}; whether that is more than chance is not measured."
    return f"{chances.interval(found)}: {READINGS[read]}."


CLAIMS_DIFFER = (
    "* claims differ: the two attempts claim different missions, so part of the change may come from the list and not "
    "from the answer."
)


def stayed_weak(found: SeriesProgress) -> str:
    """Return what stayed under WEAK in each of the last IN_A_ROW attempts, or that nothing did."""
    weak = found.stayed_weak
    if len(found.series.results) < IN_A_ROW:
        return ""
    if not weak:
        return f"Nothing stayed under {WEAK:g} for {IN_A_ROW} attempts in a row."
    told = "; ".join(f"{criterion_title(one)} ({_lately(one)})" for one in weak)
    return f"Stayed under {WEAK:g} for {IN_A_ROW} attempts or more: {told}."


def _lately(found: CriterionProgress) -> str:
    return ", ".join(level(score) for score in found.scores[-found.weak :])


def self_score(found: SeriesProgress) -> str:
    """Return how far the self-scores stand from the grader's, or nothing where none is given."""
    gaps = found.gaps
    if not gaps:
        return ""
    result, gap = gaps[-1]
    own = wording.number(result.case.attempt.self_score or 0.0)
    told = f"Your own score for {wording.day(result.case.attempt)}: {own}, the grader's {wording.total(result)}"
    far = f"you are {abs(gap):.1f} {'above' if gap > 0 else 'below'} it" if abs(gap) >= _ALMOST_NOTHING else "the same"
    average = sum(each for _, each in gaps) / len(gaps)
    mean_gap = f"; on average {wording.signed_finely(average)} over {len(gaps)} attempts" if len(gaps) > 1 else ""
    return f"{told}: {far}{mean_gap}."


def price(found: Advice) -> str:
    """Return what a command costs, in words."""
    cost = found.price
    if not cost.calls:
        return "no call, free"
    calls = wording.plural(cost.calls, "call")
    if cost.usd is None or cost.low is None or cost.high is None:
        return f"{calls}, price unknown"
    return f"{calls}, about USD {cost.usd:.2f} ({cost.low:.2f} to {cost.high:.2f})"


def missing(found: NotOfToday, of: int) -> str:
    """Return how many attempts lack a grade under today's settings, and how many have one from before a found drift."""
    attempts = wording.plural(of, "attempt")
    told = (
        (found.ungraded, "not graded under today's settings"),
        (found.in_part, "graded only in part"),
        (found.outdated, "graded before the grader drifted"),
    )
    return ", ".join(f"{count} of {attempts} {what}" for count, what in told if count)


def missing_here(found: SeriesProgress) -> str:
    """Return what `missing` says, of one series."""
    results = found.series.results
    return missing(not_of_today(results, found.stale), len(results))


def other(found: Elsewhere) -> str:
    """Return one line on grades of another identity: what differs, by whom, how many, and where."""
    who = " ".join(filter(None, (found.grader.name, found.grader.model, found.grader.mode, found.grader.effort)))
    differs = f"differs in {', '.join(found.differs)}" if found.differs else "another grader"
    return f"{wording.plural(found.attempts, 'attempt')} by {who} ({differs}), last in run {found.run}"


def others(found: Iterable[Elsewhere]) -> str:
    """Return one line on all grades of other identities of many series."""
    listed = list(found)
    series = len({each.series for each in listed})
    parts = sorted({part for each in listed for part in each.differs})
    differ = f"by another grader or with other settings ({', '.join(parts)})"
    return f"{series:,} series also hold grades {differ}; they are not mixed in."


def drifts(progress: Progress) -> tuple[str, ...]:
    """Return what the found drifts of the grader do to a page of many series; nothing where none was found."""
    if not progress.stale and not progress.is_apart:
        return ()
    days = ", ".join(one.day for one in progress.breaks)
    counted = wording.plural(progress.drifted, "change")
    apart = f"; {counted} not compared for it" if progress.drifted else ""
    return (
        f"The grader drifted under its name (check of {days}): what was graded on two sides of that is as by two "
        f"graders{apart}.",
    )


def drift(found: SeriesProgress) -> str:
    """Return why the latest attempt of a series is not compared, or which older ones are not; else nothing."""
    series = found.series
    if series.drifted:
        last = series.previous.case.attempt if series.previous else series.latest.case.attempt
        told = wording.not_compared(series.drifted)
        return f"{wording.day(series.latest.case.attempt)} and {wording.day(last)} {told}."
    days = dict.fromkeys(one.day for one in series.apart if one)
    if not days:
        return ""
    return f"Older attempts are not compared: the grader drifted between these gradings (check of {', '.join(days)})."


# --- rows and detail ---------------------------------------------------------------------------------------


def line_of(found: SeriesLine) -> tuple[str, str]:
    """Return score and signed change of a series, for a row."""
    score = found.series.latest.total
    return ("-" if score is None else f"{score:.1f}", change(found.change))


def about_series(found: SeriesProgress, grader: GraderId) -> tuple[str, ...]:
    """Return the sentences under the table of a series, in order; nothing for what does not apply."""
    return (*about(found), *filter(None, (settled_by(found),)), *statistics(found, grader))


def about(found: SeriesProgress) -> tuple[str, ...]:
    """Return what a person can act on under the table of a series."""
    latest = found.series.latest
    short = wording.too_short(latest)
    told = (
        f"The latest attempt is {short}." if short else "",
        *(f"{told}." for told in wording.by_rule(latest)),
        since(found),
        drift(found),
        claims(found.series),
        stayed_weak(found),
        self_score(found),
        chances.surely(found),
    )
    return tuple(filter(None, told))


def statistics(found: SeriesProgress, grader: GraderId) -> tuple[str, ...]:
    """Return what the readings of a series rest on."""
    told = (chances.basis_of_series(found), chances.chance_of_series(found, grader), chances.smallest_total(found))
    return tuple(filter(None, told))


def settled_by(found: SeriesProgress) -> str:
    """Return what would settle an unclear change, with its price and command; nothing where nothing would."""
    if found.settle is None:
        return ""
    how = ", the older attempt graded again next to the newer" if found.settle.again else ""
    return f"Unclear, and what would settle it: {price(found.settle)}{how}: {found.settle.command}"


def since(found: SeriesProgress) -> str:
    """Return which attempts the change is between, and what an edit in place changed."""
    latest, previous = found.series.latest, found.series.previous
    own = wording.edited(latest)
    told = [f"The latest attempt was {own}."] if own else []
    if previous is not None and found.change is not None:
        told.insert(0, f"Change: {wording.day(latest.case.attempt)} minus {wording.day(previous.case.attempt)}.")
    return " ".join(told)

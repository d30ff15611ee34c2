"""results -> the words and figures every report shares.  Plain text: each format escapes it for itself."""

from __future__ import annotations

from typing import NamedTuple

from evalharness.model.breaks import Break, Drift, Moved, Verdict
from evalharness.model.nouns import HEURISTIC, HIGHEST, LOWEST, Attempt, By, GraderId, Measure, Question, Why
from evalharness.model.run import Cost, Run, RunMeta, RunState
from evalharness.reports.states import by_rule as by_rule
from evalharness.reports.states import edited as edited
from evalharness.reports.states import not_read as not_read
from evalharness.reports.states import signed as signed
from evalharness.reports.states import signed_finely as signed_finely
from evalharness.reports.states import too_short as too_short
from evalharness.results.aggregate import CaseResult, CriterionScore, Figures, SeriesResult
from evalharness.results.edited import edit

SPEAKING_TIME = "speaking_time"
NOT_GRADED = "not graded"
NOT_READ = "not read by this grader"
TOO_SHORT = "too short"
DRIFTED = "grader drifted"
MOST_ASKED = 3
AGAIN = "Run the same command again: what is graded is kept, only the rest is graded."


class Trouble(NamedTuple):
    """Why there is no grade, in plain words, and what to do about it."""

    what: str
    advice: str


TROUBLES = {
    Why.NO_EVIDENCE: Trouble(
        "the grader gave a level but, even when asked again, no quotation that is in the answer",
        f"{AGAIN} If it stays so, look whether the answer says anything about this criterion.",
    ),
    Why.INVALID_REPLY: Trouble("the grader's replies could not be read", f"{AGAIN} A small model may fail at it."),
    Why.REFUSED: Trouble(
        "the model declined to grade this answer",
        "Try another model with --model. A refusal says nothing about the quality of the answer.",
    ),
    Why.CUT_OFF: Trouble(
        "the grader's reply did not fit into its limit, also with more room",
        f"{AGAIN} With --mode joint, try per_criterion, which needs shorter replies.",
    ),
    Why.GAVE_UP: Trouble(
        "the grader gave no reply, even when asked again",
        f"Fix what the reason names, or wait a little if a service is busy. {AGAIN}",
    ),
    Why.STOPPED: Trouble("the run stopped before this was graded", AGAIN),
    Why.BUDGET: Trouble("the budget was used up first", f"Raise --max-usd. {AGAIN}"),
    Why.EXPIRED: Trouble("the batch expired before this was graded", AGAIN),
    Why.TOO_LARGE: Trouble("the attempt is too large for this model", "Shorten it, or take another --model."),
    Why.NOT_READ: Trouble(
        "this grader does not read the language of the answer", "Grade it with a model: --grader anthropic."
    ),
    Why.PENDING: Trouble(
        "no reply is there yet: its batch is still being worked on, or its prompt was not pasted", AGAIN
    ),
    Why.TOO_SHORT: Trouble("the answer is too short to grade", "Say more, then run again."),
}
NOTHING_STORED = Trouble("no grade is stored: the run ended before this was graded", AGAIN)

_GOES_ON = "the same command continues from here"
STATES = {
    RunState.RUNNING: ("This run is still going on, or was killed", _GOES_ON),
    RunState.INTERRUPTED: ("This run was interrupted", _GOES_ON),
    RunState.STOPPED: ("This run stopped early", _GOES_ON),
    RunState.BUDGET: ("This run ended at its budget", f"raise --max-usd, and {_GOES_ON}"),
    RunState.PENDING: ("This run waits for a batch", "the same command fetches what is ready"),
}


def honesty(grader: GraderId) -> tuple[str, str]:
    """Return one line on who graded, and one sentence on what that means for the reader."""
    if grader.name == HEURISTIC:
        return (
            "Graded by `heuristic`: surface features, not a reading of the answer.",
            "It counts what the rubric's author told it to look for, such as numbers, trade-off words and "
            "length: use it to see what is missing, not to learn how good an answer is.",
        )
    model = f" with {grader.model}" if grader.model else ""
    return (
        f"Graded by `{grader.name}`{model}: a grader's reading, not a person's.",
        "A single grade can be off by a level: look at the quoted line before you rewrite anything.",
    )


def state(meta: RunMeta) -> str:
    """Return what an unfinished run says about itself: what happened, why, and what to do; else nothing."""
    if meta.state not in STATES:
        return ""
    head, advice = STATES[meta.state]
    if not meta.why:
        return f"{head}: {advice}."
    return f"{head}: {meta.why}. What was graded is kept: {advice}."


def scope(run: Run) -> str:
    """Return over how much of the project a run is, where that is not all of it; else nothing."""
    if not run.is_partial:
        return ""
    chosen = f": {', '.join(run.meta.asked[:MOST_ASKED])}" if run.meta.asked else ""
    more = ", ..." if len(run.meta.asked) > MOST_ASKED else ""
    return f"This run is over {len(run.attempts):,} of the project's {plural(run.meta.of, 'attempt')}{chosen}{more}"


def title(question: Question) -> str:
    """Return the question's title, else its id."""
    return question.title or question.id


def plural(count: int, noun: str) -> str:
    """Return `1 attempt`, `2 attempts`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def number(value: float) -> str:
    """Return a level to one decimal, whole ones without."""
    return f"{value:.1f}".removesuffix(".0")


def total(result: CaseResult) -> str:
    """Return the attempt's score to one decimal, or why there is none; never a number in its place."""
    if result.total is not None:
        return f"{result.total:.1f}"
    if result.too_short:
        return TOO_SHORT
    return NOT_GRADED if result.ungraded else NOT_READ


def change(series: SeriesResult, *, partial: bool) -> str:
    """Return the plain signed difference to the attempt before, without a verdict.

    Where a `partial` run holds none before it, there may be one elsewhere.
    """
    if series.previous is None:
        changed = None if partial else edit(series.latest)
        first = "first here" if partial else "first"
        return f"{signed(changed.difference)} edited" if changed else first
    if series.difference is not None:
        return signed(series.difference)
    if series.drifted:
        return DRIFTED
    if series.latest.total is None:
        return TOO_SHORT if series.latest.too_short else NOT_GRADED
    return f"last one {TOO_SHORT if series.previous.too_short else NOT_GRADED}"


def since(series: SeriesResult) -> str:
    """Return the plain difference to the attempt before with its day, or why there is none."""
    if series.previous is None:
        return edited(series.latest) or "first attempt"
    before, own = day(series.previous.case.attempt), edited(series.latest)
    if series.difference is not None:
        return f"{signed(series.difference)} since {before}{f'; {own}' if own else ''}"
    if series.drifted:
        return not_compared(series.drifted).replace("not compared", f"not compared with {before}", 1)
    short = series.latest.too_short or series.previous.too_short
    return f"no difference to {before}, because one of the two is {TOO_SHORT if short else NOT_GRADED}"


def not_compared(found: Break) -> str:
    """Return that two gradings on two sides of a found drift are not compared, and why."""
    return f"not compared: the grader drifted between these gradings (check of {found.day})"


def drift_found(found: Drift) -> str:
    """Return what a check of the anchors says of the grader, in one sentence."""
    head = f"{plural(_answers(found), 'recorded answer')} graded again, compared with {found.since[:10]}"
    worst = max(found.moved, key=_weight, default=None)
    if worst is None or worst.verdict is Verdict.NOT_MEASURED:
        return (
            f"{head}: whether it drifted is not known: nothing was graded on both sides, or the noise is not measured"
        )
    if found.drifted:
        return (
            f"{head}: the grader has drifted, {_shift(worst)}. Grades from before are not reused and not compared with "
            "this run's; calibrate again"
        )
    if worst.verdict is Verdict.SAME:
        return f"{head}: the same levels"
    if worst.detectable is None:
        return f"{head}: no shift beyond noise"
    if worst.detectable > HIGHEST - LOWEST:
        return f"{head}: no shift beyond noise, but with so few answers no shift would be noticed for certain"
    return f"{head}: no shift beyond noise; a shift of {worst.detectable:.1f} would be noticed"


def _answers(found: Drift) -> int:
    """Return over how many answers a check speaks: those of each rubric count, each once for all its criteria."""
    rubrics = {moved.rubric for moved in found.moved}
    return sum(max(moved.n for moved in found.moved if moved.rubric == rubric) for rubric in rubrics)


def _weight(moved: Moved) -> tuple[bool, bool, float]:
    """Return how much a shift has to say: what drifted first, what was measured, then its size or what could hide."""
    size = moved.detectable if moved.verdict is Verdict.WITHIN_NOISE else abs(moved.shift)
    return (moved.verdict is Verdict.DRIFTED, moved.verdict is not Verdict.NOT_MEASURED, size or 0.0)


def _shift(moved: Moved) -> str:
    return f"{moved.shift:+.2f} levels in {moved.criterion} of {moved.rubric} over {plural(moved.n, 'answer')}"


def drift_known(meta: RunMeta, *, apart: int, mixed: int) -> tuple[str, ...]:
    """Return what is known of a drift of a run's grader, a sentence each; nothing where nothing is.

    `apart` counts the series that it keeps from a comparison, `mixed` the attempts graded on two sides of it.
    """
    told = [drift_found(meta.anchors)] if meta.anchors else []
    later = [one for one in meta.breaks if meta.anchors is None or one.found != meta.anchors.at]
    for one in later:
        when = f"on {one.day}" if one.clean[:10] == one.day else f"between {one.clean[:10]} and {one.day}"
        told.append(f"the grader drifted {when}, as a check of the anchors showed")
    if apart:
        told.append(f"{plural(apart, 'question')} not compared with the attempt before: graded on two sides of it")
    if mixed:
        told.append(
            f"{plural(mixed, 'attempt')} graded partly before and partly after it: their scores mix two graders"
        )
    return tuple(f"{sentence[:1].upper()}{sentence[1:]}." for sentence in told)


def level(score: CriterionScore) -> str:
    """Return a criterion's level: samples beside their mean, the corrected one beside it, levels set by code marked."""
    if not score.read:
        return not_read(score.criterion)[0]
    if score.level is None:
        return TOO_SHORT if score.ungraded and score.ungraded.why is Why.TOO_SHORT else NOT_GRADED
    if score.graded is not None and score.graded.by is By.CODE:
        return f"{number(score.level)} (by rule)"
    corrected = "" if score.corrected is None else f", corrected {score.corrected:.1f}"
    if len(score.levels) > 1:
        return f"{score.level:.1f} ({', '.join(number(sample) for sample in score.levels)}){corrected}"
    return f"{number(score.level)}{corrected}"


def measured(kind: Measure, value: float | None, limit: float | None) -> str:
    """Return what was measured, as a person would say it; the rule beside it says how it is counted."""
    if value is None:
        return "not measured"
    if kind.measure == SPEAKING_TIME and limit:
        return f"{spoken(value, limit)} ({value:.2f} of the time limit)"
    return f"{kind.measure.replace('_', ' ')} {value:.4g}"


def spoken(share: float, limit: float) -> str:
    """Return the time spoken of the time limit; the measure is stored as a share of the limit."""
    return f"{clock(share * limit)} of {clock(limit)}"


def clock(seconds: float) -> str:
    """Return seconds as minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def day(attempt: Attempt) -> str:
    """Return the attempt's date, with what its id adds to it (`2026-10-02-2`); its id where it has no date."""
    return attempt.id if attempt.id.startswith(attempt.date) else attempt.date


def who_and_when(attempt: Attempt, *, several: bool) -> str:
    """Return the date, with the author before it where the run has several."""
    return f"{attempt.author}, {day(attempt)}" if several else day(attempt)


def no_step(result: CaseResult) -> str:
    """Return why an attempt has no next step."""
    if result.too_short:
        return too_short(result)
    if result.ungraded:
        return "see Ungraded"
    return "nothing left to lift" if result.read else "not read"


def trouble(score: CriterionScore) -> Trouble:
    """Return why a criterion has no level, and what to do."""
    return TROUBLES[score.ungraded.why] if score.ungraded else NOTHING_STORED


def reason_code(score: CriterionScore) -> str:
    """Return the one-word reason for programs."""
    return score.ungraded.why.value if score.ungraded else "nothing_stored"


def asks_nothing(score: CriterionScore) -> str:
    """Return why nothing is asked for next: the top is reached, here or for this grader, or it is not counted."""
    if not score.read:
        return ""
    if score.level is None:
        return trouble(score).what
    if score.level >= HIGHEST:
        return "the top level is reached"
    return "this grader reads no higher" if score.level >= score.top else "it has no weight"


def trouble_detail(score: CriterionScore) -> str:
    """Return the detail stored with an ungraded criterion and how many samples do have a level."""
    some = f"{len(score.levels)} of {score.planned} samples graded" if score.levels else ""
    return "; ".join(filter(None, (some, score.ungraded.detail if score.ungraded else "")))


def counts(found: Figures) -> str:
    """Return how many attempts have a score, of how many."""
    short = f", {found.too_short:,} {TOO_SHORT} to grade" if found.too_short else ""
    return f"{found.graded:,} of {plural(found.attempts, 'attempt')} graded{short}"


def mean(found: Figures) -> str:
    """Return the mean of the latest attempts, which never travels without its counts."""
    graded = len(found.latest_totals)
    if found.mean is None:
        return f"no mean of the latest attempts, {graded:,} of {found.series:,} graded"
    return f"mean of the latest attempts {found.mean:.1f} of {HIGHEST}, {graded:,} of {found.series:,} graded"


def is_free(meta: RunMeta) -> bool:
    """Return whether nothing of this run could cost anything: its grader asks no model and made no call."""
    return not meta.grader.model and not meta.cost.calls


def tokens(meta: RunMeta) -> str:
    """Return the tokens that were sent and received; nothing where no call was made."""
    found = meta.cost
    if not found.calls:
        return ""
    return (
        f"Tokens: {found.input:,} input, {found.cache_write:,} written to the cache, "
        f"{found.cache_read:,} read from the cache, {found.output:,} output."
    )


def bill_heading(meta: RunMeta) -> str:
    """Return what the lines of `bill` are about."""
    return "Reused" if is_free(meta) else "Cost"


def bill(meta: RunMeta) -> tuple[str, ...]:
    """Return what a report says of calls and reuse, line by line."""
    return tuple(told for told in (cost(meta), tokens(meta), reused(meta)) if told)


def cost(meta: RunMeta) -> str:
    """Return what the run cost, or for which models no price is known; nothing where no model could be paid."""
    found = meta.cost
    if is_free(meta):
        return ""
    if not found.calls:
        return "No call was made to a paid service: USD 0.0000 spent."
    if found.spent is None:
        return f"{plural(found.calls, 'call')}: {_unknown(found)}; what was spent is not known."
    prices = f", by the list prices of {found.prices_of}" if found.prices_of else ""
    return f"{plural(found.calls, 'call')}: USD {found.spent:.4f} spent{prices}."


def reused(meta: RunMeta) -> str:
    """Return how many grades were taken from earlier runs, and what that saved; nothing where none was."""
    if not meta.reused:
        return ""
    head = f"{meta.reused:,} of {plural(meta.planned, 'grade')} reused from earlier runs"
    if is_free(meta):
        return f"{head}."
    if meta.cost.saved is None:
        return f"{head}: not spent, {_unknown(meta.cost)}."
    return f"{head}: USD {meta.cost.saved:.4f} not spent."


def _unknown(found: Cost) -> str:
    models = ", ".join(found.unknown_models)
    return f"no price is known for {models or 'the model'}"


def editions(meta: RunMeta) -> str:
    """Return the rubrics of a run with their editions; levels by two editions of one are not compared."""
    return ", ".join(f"{rubric.id} (edition {rubric.edition})" for rubric in meta.rubrics)


def identity(meta: RunMeta) -> dict[str, str]:
    """Return which run this is and who graded it, by name; a value that does not apply is empty."""
    grader = meta.grader
    return {
        "Run": meta.id,
        "Started (UTC)": meta.started,
        "Finished (UTC)": meta.finished,
        "evalharness": meta.version,
        "Grader": f"{grader.name} {grader.version}",
        "Model": grader.model,
        "Host": grader.host,
        "Effort": grader.effort,
        "Prompt": grader.prompt,
        "Mode": grader.mode.replace("_", " "),
        "Samples": str(meta.samples),
        "Rubrics": editions(meta),
    }

"""next steps -> the words that every view shares.  Plain text: each format escapes it for itself."""

from __future__ import annotations

from evalharness.model.nouns import HIGHEST, Measure, Quote
from evalharness.reports import words as wording
from evalharness.reports.overview import Places
from evalharness.results.steps import NextStep, Step

TITLE = "Start here"
RULE = (
    "The weakest answers come first, and of each the step that lifts it most. The number in brackets is what the step "
    "adds to that answer's score if it makes the criterion good."
)
SHORT_RULE = "the weakest answers first; +: what the step adds to that answer's score"
NO_LINE = "none yet; the grader found no words for this."


def question(found: NextStep, *, several: bool) -> str:
    """Return the question's title, with the author where there are several."""
    case = found.result.case
    return f"{wording.title(case.question)} ({case.attempt.author})" if several else wording.title(case.question)


def now(step: Step) -> str:
    """Return where the criterion is and what the step adds: `now 2 of 5 (+0.43)`."""
    return f"now {wording.number(step.level)} of {HIGHEST} (+{step.gain:.2f})"


def told(step: Step) -> str:
    """Return the criterion and what to do, as one sentence for a table."""
    return f"{step.name}: {step.asks}" if step.asks else step.name


def behind(step: Step, *, by_surface: bool) -> tuple[str, str]:
    """Return label and text of what stands behind a step; two empty texts where nothing does."""
    if not step.also:
        return "", ""
    return ("This grader's hint", step.also) if by_surface else ("In general", step.also)


def own_line(found: NextStep) -> tuple[str, Quote] | None:
    """Return place and words of the author's own line that a step speaks of, or None."""
    quote = found.step.line
    return None if quote is None else (Places(found.result).name(quote), quote)


def lacks_line(step: Step) -> bool:
    """Return whether the answer has no words for a step that could have some."""
    return step.line is None and not isinstance(step.criterion.kind, Measure)

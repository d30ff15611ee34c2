"""history -> the page for the night before: of every question the best attempt, cut down to what to remember.

Every line of an answer is one of its own sentences.  Nothing is invented, nothing is asked of a grader.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from evalharness.errors import InputError, UnknownName
from evalharness.history.nouns import History
from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, HIGHEST, Attempt, Part, Quote
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.steps import STARTS, NextStep, Step, Timing, rank, steps
from evalharness.text import quantities, speech
from evalharness.text import words as prose
from evalharness.text.quantities import Quantity
from evalharness.text.speaking import SpokenTime, spoken_time, timed_part

MOST_LINES = 5
MOST_FIGURES = 2
MOST_FOLLOW_UPS = 2
SMALL = 10
_BREAK = re.compile(r"[,;:]\s|\s[-\u2013\u2014]\s|[()]")

Weights = Mapping[int, float]
"""By a sentence's place in the part: the weights of the criteria that quote it, added up."""


class Figure(Noun):
    """A number to remember and the words around it, both as they stand in the answer.

    `words` is "" where the number stands in one of the page's lines already.
    """

    quantity: Quantity
    words: str


class Aside(Noun):
    """A part that is said on its own, such as the question to ask back: its heading and its text."""

    heading: str
    text: str


class Page(Noun):
    """One question: its best attempt (highest total; of equal ones, or without a total, the newest).

    `lines` stand in the answer's order.  `weakest` is its next step, the one that the order of all answers names where
    its newest attempt is shown.  `time` is how long it takes to say.  `apart` graded attempts were left
    aside, because the grader drifted between their gradings and the newest.
    """

    result: CaseResult
    attempts: int
    lines: tuple[str, ...]
    figures: tuple[Figure, ...]
    asides: tuple[Aside, ...]
    weakest: Step | None
    follow_ups: tuple[str, ...]
    time: SpokenTime
    newer: CaseResult | None = None
    apart: int = 0

    @property
    def seconds(self) -> float:
        """Return how long it takes to say, at the middle pace."""
        return self.time.seconds

    @property
    def too_long(self) -> float:
        """Return the seconds over the time limit at the middle pace, 0 where it fits or has no limit."""
        limit = self.time.limit
        return max(0.0, self.seconds - limit) if limit else 0.0


class Brief(Noun):
    """The pages for an interview, the weakest answer first unless they were named in an order.

    `days` until it, negative after it, None where no day was given.  `starts` are the first steps in the order that
    every view shares, `left_out` counts the questions beyond the top ones, `to_ask` are questions for the interviewer,
    `unanswered` those of the project that this author has not answered yet.
    """

    history: History
    pages: tuple[Page, ...]
    starts: tuple[NextStep, ...] = ()
    left_out: int = 0
    to_ask: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()
    interview: datetime.date | None = None
    days: int | None = None

    @property
    def several_authors(self) -> bool:
        """Return whether the pages are of more than one author."""
        return len({page.result.case.attempt.author for page in self.pages}) > 1


def brief(
    history: History,
    *,
    on: datetime.date,
    interview: datetime.date | None = None,
    questions: Sequence[str] = (),
    author: str = "",
    top: int | None = None,
) -> Brief:
    """Return the brief as of the day `on` for an interview on the day `interview`.

    `questions` are question ids or folders of questions, in the order wanted; without any all, the weakest first.
    `top` keeps to so many.  Raises UnknownName for one that is not there, and for an author without an attempt.
    """
    authors = {series.latest.case.attempt.author for series in history.series}
    if author and author not in authors:
        raise UnknownName("author", author, authors)
    mine = [series for series in history.series if author in ("", series.latest.case.attempt.author)]
    chosen = choose(mine, questions)
    ranking = rank(chosen, Timing(today=on.isoformat(), interview=interview.isoformat() if interview else ""))
    pages = [_page(series, ranking.first(place)) for place, series in enumerate(chosen)]
    if not questions:
        pages.sort(key=_weakest_first)
    kept = pages[:top]
    shown = {_of(page.result) for page in kept}
    steps_of_shown = (each for each in ranking.steps(lambda place: chosen[place].latest) if _of(each.result) in shown)
    return Brief(
        history=history,
        pages=tuple(kept),
        starts=tuple(islice(steps_of_shown, STARTS)),
        left_out=len(pages) - len(kept),
        to_ask=tuple(dict.fromkeys(asked for page in kept for asked in page.result.case.question.to_ask)),
        interview=interview,
        days=(interview - on).days if interview else None,
    )


def whose(history: History, configured: str) -> str:
    """Return the author a brief is for where none is named: the only one, else the configured one."""
    authors = {series.latest.case.attempt.author for series in history.series}
    if len(authors) == 1:
        return next(iter(authors))
    if configured in authors:
        return configured
    raise InputError("several authors have attempts here", hint=f"say whose: --author {min(authors)}")


def _of(result: CaseResult) -> tuple[str, str]:
    """Return whose answer to which question it is."""
    return result.case.question.id, result.case.attempt.author


def choose(found: Sequence[SeriesResult], wanted: Sequence[str]) -> tuple[SeriesResult, ...]:
    """Return the series whose question or folder is wanted, in the order wanted; all where nothing is."""
    if not wanted:
        return tuple(found)
    chosen: dict[str, SeriesResult] = {}
    for name in wanted:
        asked = name.strip("/").removeprefix("./")
        fitting = [series for series in found if _is_called(series, asked)]
        if not fitting:
            raise UnknownName("question", name, {series.latest.case.question.id for series in found})
        for series in fitting:
            chosen.setdefault(series.latest.case.attempt.series, series)
    return tuple(chosen.values())


def _is_called(series: SeriesResult, name: str) -> bool:
    question = series.latest.case.question
    folders = question.path.split("/")[:-1]
    return name == question.id or name in folders or f"{'/'.join(folders)}/".startswith(f"{name}/")


def _ungraded_since(series: SeriesResult, shown: CaseResult) -> CaseResult | None:
    """Return the newest attempt where it is not the one shown and has no total, else nothing."""
    newest = series.latest
    return newest if newest is not shown and newest.total is None else None


def best(series: SeriesResult) -> CaseResult:
    """Return the attempt with the highest total, of equal ones the newest; the newest where none has a total.

    Where the grader drifted, only attempts on the newest graded one's side are held against each other.
    """
    results = series.together or series.results
    order = range(len(results))
    totals = [-1.0 if result.total is None else result.total for result in results]
    return results[max(order, key=lambda place: (totals[place], place))]


def _weakest_first(page: Page) -> float:
    return HIGHEST + 1.0 if page.result.total is None else round(page.result.total, 1)


def _page(series: SeriesResult, first: str) -> Page:
    result = best(series)
    part = spoken_part(result)
    sentences = _sentences(part)
    weights = _weights(result, part, sentences)
    lines = _lines(sentences, weights)
    figures = tuple(_figures(part, sentences, weights, lines))
    return Page(
        result=result,
        attempts=len(series.together),
        apart=sum(result.total is not None for result in series.results) - len(series.together),
        newer=_ungraded_since(series, result),
        lines=tuple(sentences[place].text for place in lines),
        figures=figures,
        asides=tuple(_asides(result)),
        weakest=_next(result, first if result is series.latest else ""),
        follow_ups=tuple(dict.fromkeys(_follow_ups(result, part, figures)))[:MOST_FOLLOW_UPS],
        time=spoken_time(result.case),
    )


def spoken_part(result: CaseResult) -> Part:
    """Return the part that the time limit is for, else the answer, else the first part."""
    attempt = result.case.attempt
    return timed_part(result.case) or attempt.part(ANSWER) or next(iter(attempt.parts), Part(id=ANSWER, text=""))


def _next(result: CaseResult, first: str) -> Step | None:
    """Return the step about the criterion `first`, else the one that lifts this answer most."""
    found = steps(result)
    return next((step for step in found if step.criterion.id == first), found[0] if found else None)


# --- the lines ----------------------------------------------------------------------------------------------


def _sentences(part: Part) -> list[prose.Span]:
    """Return the sentences that are spoken, at their places in the part; a table's rows are not."""
    return [span for span in prose.sentences(speech.spoken(part.text)) if not span.text.startswith("|")]


def _lines(sentences: Sequence[prose.Span], weights: Weights) -> list[int]:
    """Return the places of at most five sentences, in order.

    First those that carry verified evidence (where there are more, those that carry most weight, of equal ones the
    earlier), then the opening, then the last.
    """
    chosen = sorted(weights, key=lambda place: (-weights[place], place))[:MOST_LINES]
    for place in (0, len(sentences) - 1):
        if 0 <= place < len(sentences) and place not in chosen and len(chosen) < MOST_LINES:
            chosen.append(place)
    return sorted(chosen)


def _weights(result: CaseResult, part: Part, sentences: Sequence[prose.Span]) -> Weights:
    found: dict[int, float] = defaultdict(float)
    for score in result.read:
        quoted = [_range(quote, part, result.case.attempt) for quote in score.evidence]
        touched = {
            place
            for place, span in enumerate(sentences)
            if any(start < span.end and span.start < end for start, end in quoted)
        }
        for place in touched:
            found[place] += score.criterion.weight
    return found


def _range(quote: Quote, part: Part, attempt: Attempt) -> tuple[int, int]:
    """Return where a quote stands in `part`, (0, 0) where it does not; a part may lie within another one."""
    if quote.part == part.id:
        return quote.start, quote.end
    around = attempt.part(quote.part)
    shift = around.text.find(part.text) if around and part.text else -1
    start, end = quote.start - shift, quote.end - shift
    return (start, end) if shift >= 0 <= start and end <= len(part.text) else (0, 0)


def _asides(result: CaseResult) -> Iterator[Aside]:
    """Yield the parts that leave the answer, such as a follow-up question, with the heading of the rubric."""
    for spec in result.case.rubric.parts:
        part = result.case.attempt.part(spec.id)
        if part and part.text.strip() and not spec.within_answer:
            yield Aside(heading=spec.headings[0] if spec.headings else spec.id, text=part.text.strip())


# --- the numbers --------------------------------------------------------------------------------------------


def _figures(part: Part, sentences: Sequence[prose.Span], weights: Weights, lines: Sequence[int]) -> Iterator[Figure]:
    """Yield the two numbers to remember, in order.

    Those with a baseline come first, then all but counts below ten, then those in sentences that carry evidence of
    more weight, then the earlier.
    """
    found = quantities.distinct(quantities.find(speech.spoken(part.text)))
    placed = [(quantity, place) for quantity in found if (place := _place(quantity, sentences)) is not None]

    def rank(entry: tuple[Quantity, int]) -> tuple[bool, bool, float, int]:
        quantity, place = entry
        small = quantity.kind == "count" and all(value < SMALL for value, _ in quantity.values)
        return (not quantity.baseline, small, -weights.get(place, 0.0), quantity.start)

    chosen = sorted(placed, key=rank)[:MOST_FIGURES]
    for quantity, place in sorted(chosen, key=lambda entry: entry[0].start):
        words = "" if place in lines else _around(quantity, sentences[place])
        yield Figure(quantity=quantity, words=words)


def _place(quantity: Quantity, sentences: Sequence[prose.Span]) -> int | None:
    return next((n for n, span in enumerate(sentences) if span.start <= quantity.start < span.end), None)


def _around(quantity: Quantity, sentence: prose.Span) -> str:
    """Return the clause that holds a quantity; the sentence where that says too little, or its baseline is outside."""
    start, end = quantity.start - sentence.start, min(quantity.end, sentence.end) - sentence.start
    clause = _clause(sentence.text, start, end)
    short = prose.word_count(clause) < prose.word_count(quantity.text) + 3
    return sentence.text if short or (quantity.baseline and len(quantity.values) == 1) else clause


def _clause(sentence: str, start: int, end: int) -> str:
    """Return the stretch between commas and the like that holds the characters from `start` to `end`."""
    breaks = [match.span() for match in _BREAK.finditer(sentence)]
    first = max((after for _, after in breaks if after <= start), default=0)
    last = min((before for before, _ in breaks if before >= end), default=len(sentence))
    return sentence[first:last].strip()


# --- what they may ask --------------------------------------------------------------------------------------


def _follow_ups(result: CaseResult, part: Part, figures: Sequence[Figure]) -> Iterator[str]:
    """Yield what an interviewer may ask: the graders' next questions, then by rule.

    The rules, in this order: the first number to remember that has no baseline and is no time; "we" more often
    than "I"; the first hedged clause; what would be different today.
    """
    for score in result.read:
        if score.graded and score.graded.next_question:
            yield score.graded.next_question
    bare = [f.quantity.text for f in figures if not f.quantity.baseline and f.quantity.kind != "time"]
    for number in bare[:1]:
        yield f'"{" ".join(number.split())}": is that a lot, and how did you count it?'
    i, we = speech.first_persons(part.text)
    if we > i:
        yield "What did you do yourself, and what did others do?"
    for hedge in speech.hedges(part.text)[:1]:
        yield f'You said "{_hedged(part.text, hedge)}". How sure are you?'
    yield "What would you do differently today?"


def _hedged(text: str, hedge: speech.Found) -> str:
    """Return the clause that holds a hedge on one line; the sentence where the clause says too little."""
    whole = prose.Span(0, len(text), text)
    sentence = next((s for s in prose.sentences(text) if s.start <= hedge.start < s.end), whole)
    clause = _clause(sentence.text, hedge.start - sentence.start, hedge.end - sentence.start)
    said = clause if prose.word_count(clause) >= prose.word_count(hedge.text) + 2 else sentence.text
    return " ".join(said.split()).strip(" .!?")

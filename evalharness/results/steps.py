"""grades -> what to do next, as instructions, in one order that every view shares: the weakest answer first.

Of an answer, the step that lifts its score most comes first: the criterion's share of the weight times how far the step
leads.  Of many answers, the weakest comes first.  Two questions in a row do not name the same criterion only because it
weighs much: where another criterion of the second answer is as low, that one is named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple, assert_never

from evalharness.criteria.measure import advise
from evalharness.model.noun import Noun
from evalharness.model.nouns import (
    HIGHEST,
    By,
    Checklist,
    Criterion,
    Finding,
    Level,
    Measure,
    Quote,
    Scale,
    State,
    Tags,
)
from evalharness.results.aggregate import CaseResult, CriterionScore, SeriesResult

GOOD = 4
STARTS = 3
NEAR = 7  # days before an interview in which what was practised today waits for the others
MOST_KEPT = 6  # steps of one answer that the order may choose from
_UNKNOWN = HIGHEST + 1.0


class Step(Noun):
    """One thing to do in one answer.

    `asks` says what to do.  `gain` is how much the answer's score rises where that makes the criterion good (level 4,
    from there 5) or fulfils the one item it names.  `line` is the person's own line that it speaks of.  `also` is what
    stands behind it: the rubric's advice after a model's, what a surface grader counted after the rubric's.  `reason`
    is why code, and no grader, gave the level.
    """

    criterion: Criterion
    level: float
    gain: float
    asks: str
    line: Quote | None = None
    also: str = ""
    reason: str = ""

    @property
    def name(self) -> str:
        """Return the criterion's title, else its id."""
        return self.criterion.title or self.criterion.id


class NextStep(Noun):
    """A step in the order of all answers; `place` is that of its series among those that were ranked."""

    result: CaseResult
    step: Step
    place: int

    @property
    def score(self) -> CriterionScore:
        """Return the criterion's score that the step speaks of."""
        return next(score for score in self.result.scores if score.criterion.id == self.step.criterion.id)


class Timing(Noun):
    """The day it is and the day of the interview (YYYY-MM-DD), as far as they are known."""

    today: str = ""
    interview: str = ""

    @property
    def is_near(self) -> bool:
        """Return whether the interview is today or in the next NEAR days."""
        if not self.today or not self.interview:
            return False
        days = (date.fromisoformat(self.interview) - date.fromisoformat(self.today)).days
        return 0 <= days <= NEAR


def steps(result: CaseResult) -> tuple[Step, ...]:
    """Return what would lift an answer, best first: by how much its total rises, then the lower level."""
    weight = sum(score.criterion.weight for score in result.read) or 1.0
    found = [
        step
        for score in result.read
        if score.level is not None and score.level < score.top and score.criterion.weight > 0
        for step in (_step(score, score.level, result, weight),)
        if step.gain > 0
    ]
    return tuple(sorted(found, key=lambda step: (-round(step.gain, 6), step.level)))


class _Seen(NamedTuple):
    """What the order needs of one answer: whether it waits, its score, and its best steps by criterion."""

    waits: bool
    total: float
    steps: tuple[tuple[str, float, float], ...]


class Ranking:
    """The order of next steps over many answers.

    Show it the latest attempt of each series with `see`, in the order of the report; of each it keeps a few numbers.
    """

    def __init__(self, timing: Timing | None = None) -> None:
        self._timing = timing or Timing()
        self._seen: list[_Seen] = []
        self._first: dict[int, str] | None = None

    def see(self, result: CaseResult) -> None:
        """Take down what the order needs of one answer."""
        today = self._timing.is_near and result.case.attempt.date == self._timing.today
        total = _UNKNOWN if result.total is None else round(result.total, 1)
        best = steps(result)[:MOST_KEPT]
        self._seen.append(_Seen(today, total, tuple((s.criterion.id, s.level, s.gain) for s in best)))
        self._first = None

    @property
    def order(self) -> list[int]:
        """Return the places of the answers that have a step, weakest first, of equal ones what lifts more."""
        places = [place for place, seen in enumerate(self._seen) if seen.steps]

        def key(place: int) -> tuple[bool, float, float]:
            seen = self._seen[place]
            return (seen.waits, seen.total, -round(seen.steps[0][2], 6))

        return sorted(places, key=key)

    def first(self, place: int) -> str:
        """Return the criterion that is named first for the answer at a place; an empty text where it has no step."""
        if self._first is None:
            self._first = {place: name for place, name, depth in self._chosen() if depth == 0}
        return self._first.get(place, "")

    def steps(self, result_at: Callable[[int], CaseResult]) -> Iterator[NextStep]:
        """Yield the steps in order: one for each answer, then a second one for each, and so on."""
        for place, name, _ in self._chosen():
            result = result_at(place)
            found = next(step for step in steps(result) if step.criterion.id == name)
            yield NextStep(result=result, step=found, place=place)

    def _chosen(self) -> Iterator[tuple[int, str, int]]:
        """Yield place, criterion and round."""
        order, taken, before = self.order, {place: set[str]() for place in self.order}, ""
        for depth in range(MOST_KEPT):
            for place in order:
                left = [entry for entry in self._seen[place].steps if entry[0] not in taken[place]]
                if left:
                    before = _choice(left, before)
                    taken[place].add(before)
                    yield place, before, depth


def rank(series: Iterable[SeriesResult], timing: Timing | None = None) -> Ranking:
    """Return the order of next steps over the latest attempts of all series, each looked at once."""
    found = Ranking(timing)
    for each in series:
        found.see(each.latest)
    return found


def next_steps(series: Sequence[SeriesResult], timing: Timing | None = None) -> Iterator[NextStep]:
    """Yield the steps over the latest attempts of all series, in the order that every view shares."""
    return rank(series, timing).steps(lambda place: series[place].latest)


def _choice(left: Sequence[tuple[str, float, float]], before: str) -> str:
    """Return the best criterion; where it was named just before and another is as low, that one."""
    best, level, _ = left[0]
    if best != before:
        return best
    return next((name for name, other, _ in left if name != before and other <= level), best)


# --- one step ----------------------------------------------------------------------------------------------


class _Way(NamedTuple):
    """What a rubric says to do: how many levels it leads up, in which words, and the line it speaks of."""

    levels: float
    asks: str
    line: Quote | None = None


def _step(score: CriterionScore, level: float, result: CaseResult, weight: float) -> Step:
    way = _way(score, level, result)
    told, also = _by_grader(score), ""
    asks = way.asks
    if told and result.by_surface:
        also = told
    elif told:
        asks, also = told, way.asks
    graded = score.graded
    by_code = graded is not None and graded.by is By.CODE and not isinstance(score.criterion.kind, Measure)
    return Step(
        criterion=score.criterion,
        level=level,
        gain=score.criterion.weight * min(way.levels, score.top - level) / weight,
        asks=asks,
        line=way.line,
        also="" if also == asks else also,
        reason=graded.reason if graded and by_code else "",
    )


def _by_grader(score: CriterionScore) -> str:
    """Return what the grader itself found missing, in its words; nothing where code gave the level."""
    graded = score.graded
    if graded is None or graded.by is By.CODE or isinstance(score.criterion.kind, Measure):
        return ""
    return " ".join(graded.missing.split())


def _way(score: CriterionScore, level: float, result: CaseResult) -> _Way:
    target = GOOD if level < GOOD else HIGHEST
    match score.criterion.kind:
        case Scale(levels=levels):
            return _Way(target - level, _of_scale(levels, level), next(iter(score.evidence), None))
        case Checklist(items=items):
            texts = {item.id: (item.next, item.text) for item in items}
            return _of_list(score, texts, [item.id for item in items], "a good answer says: ")
        case Tags() as kind:
            tags = {
                t.id: (t.next, f"{t.title}. {t.look_for}" if t.look_for else t.title) for t in result.case.tags(kind)
            }
            claimed = [name for name in tags if name in result.case.claimed]
            return _of_list(score, tags, claimed, "a good answer shows, by something you did: ")
        case Measure() as kind:
            value = score.graded.value if score.graded else None
            better, asks = advise(kind, value, level, result.case.question.time_limit)
            return _Way(better - level, asks)
        case _:
            assert_never(score.criterion.kind)


def _of_scale(levels: Sequence[Level], level: float) -> str:
    """Return what to do to pass a level; where the rubric does not say it, what a good answer looks like.

    A mean between two levels takes the lower one's.  The text that is shown instead is the one above the next level and
    never below GOOD, because the next one mostly describes what is still wrong.
    """
    here = max((each for each in levels if each.level <= level), key=lambda each: each.level, default=None)
    if here is not None and here.next:
        return here.next
    wanted = max(GOOD, math.floor(level) + 2)
    above = [each for each in levels if each.level >= wanted] or [each for each in levels if each.level > level]
    return f"a good answer: {_plain(above[0].text)}" if above else ""


def _of_list(score: CriterionScore, texts: dict[str, tuple[str, str]], names: Sequence[str], without: str) -> _Way:
    """Return what to do about the first of `names` that has the lowest state."""
    findings: dict[str, Finding] = {f.id: f for f in score.graded.findings} if score.graded else {}

    def state(name: str) -> State:
        found = findings.get(name)
        return found.state if found else State.NOT_MET

    for wanted in (State.NOT_MET, State.PARTLY):
        for name in names:
            if state(name) is wanted:
                then, text = texts[name]
                worth = 1.0 if wanted is State.NOT_MET or isinstance(score.criterion.kind, Tags) else 0.5
                evidence = findings[name].evidence if name in findings else ()
                line = next(iter(evidence), None)
                return _Way((HIGHEST - 1) * worth / len(names), then or f"{without}{_plain(text)}", line)
    return _Way(0.0, "")


def _plain(text: str) -> str:
    return " ".join(text.split())

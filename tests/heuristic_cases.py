"""A rubric with every signal, a strong and a weak answer to it, and what the heuristic makes of a text."""

from __future__ import annotations

from evalharness.graders.heuristic.grader import grade
from evalharness.model.draft import Draft
from evalharness.model.nouns import (
    Attempt,
    Case,
    Checklist,
    Company,
    Context,
    Criterion,
    Interviewer,
    Item,
    Level,
    Part,
    Question,
    Rubric,
    Scale,
    Tag,
    Tags,
)
from evalharness.model.signals import Counted, Fillers, LengthBand, Markers, Signals, Terms

LEVELS = {"2": 1, "3": 3, "4": 5}


def scale(
    name: str, anchors: tuple[str, str, str], signals: Signals, *, part: str = "answer", ask: bool = False
) -> Criterion:
    levels = tuple(Level(level=level, text=text) for level, text in zip((1, 3, 5), anchors, strict=True))
    kind = Scale(levels=levels, signals=signals)
    return Criterion(
        id=name,
        title=name,
        kind=kind,
        look_for=f"What stands there about {name}.",
        part=part,
        next_question=ask,
    )


RUBRIC = Rubric(
    id="r",
    title="R",
    criteria=(
        scale(
            "impact",
            (
                "no figure stands in the answer at all",
                "one figure stands there without the value it had before",
                "several figures, each with the value it had before the change",
            ),
            Signals(quantities=Counted(most=4), length_band=LengthBand(floor=40, plateau=90), levels=LEVELS),
            ask=True,
        ),
        scale(
            "trade",
            (
                "no cost of the choice is named anywhere",
                "a cost is named because it was high, but without its alternative",
                "names the alternative, what it would have brought, and what was given up in exchange for it",
            ),
            Signals(
                markers=(Markers(kinds=("trade_off",), most=3), Markers(kinds=("reason",), most=2)),
                length_band=LengthBand(floor=40, plateau=90),
                fillers=Fillers(per_100=4),
                levels={"2": 2, "3": 4, "4": 6},
            ),
        ),
        scale(
            "example",
            (
                "nothing was done by the speaker in person",
                "an incident or outage is told without the speaker's own part",
                "an incident with time, place and the pilot or rollback that I decided and built",
            ),
            Signals(
                ownership=Counted(most=3),
                terms=(Terms(any=("incident", "outage", "roll* back", "pilot", "on call"), most=2),),
                levels=LEVELS,
            ),
        ),
        Criterion(
            id="list",
            title="list",
            kind=Checklist(
                items=(
                    Item(
                        id="rollout",
                        text="says how the change went out to its users",
                        signals=Signals(terms=(Terms(any=("canary", "rollout", "shadow*", "feature flag*"), most=3),)),
                    ),
                    Item(
                        id="load",
                        text="says how much load it carries",
                        signals=Signals(quantities=Counted(most=2)),
                    ),
                )
            ),
        ),
        Criterion(
            id="mission",
            title="mission",
            kind=Tags(
                tags=(
                    Tag(
                        id="1",
                        title="reliable systems that people can steer",
                        signals=Signals(terms=(Terms(any=("reliab*", "steer*", "override"), most=2),)),
                    ),
                    Tag(
                        id="3",
                        title="careful deployment in small steps",
                        signals=Signals(terms=(Terms(any=("canary", "pilot", "gradual*", "stop rule"), most=2),)),
                    ),
                )
            ),
        ),
        scale(
            "curious",
            (
                "no question is asked back",
                "a question is asked that yes or no would answer",
                "an open question is asked that grows out of the answer",
            ),
            Signals(markers=(Markers(kinds=("question",), most=2),), levels={"3": 1, "4": 2}),
            part="follow_up",
        ),
    ),
)


CONTEXT = Context(company=Company(name="Larkfield Health"), interviewer=Interviewer(name="Imre Holt"))


QUESTION = Question(
    id="q",
    text="Tell me about a time when correctness went before speed in your daily work.",
    rubric="r",
    missions=("1", "3"),
    context=CONTEXT,
)


STRONG = """\
Last spring I ran the dispatch system Courier for 40 regional hospitals. An outage on a Friday night
left two of them without a route for their deliveries, because the new model ranked trucks faster
but could not say why.

I stopped the rollout and rolled back to the old ranking, even though the sales team at Larkfield
Health had promised the speed to a customer. Then I built a replay tool, and tested every release
against six weeks of real orders. We gave up about a third of the speed gain in exchange for a
reason that a dispatcher can read and override.

Wrong assignments fell from 38 % to 17 %, and a check takes 38 seconds instead of 47 minutes.
Courier is more reliable today, and nobody on call has to guess. Looking back, I should have asked
the dispatchers before the pilot, not after it.
"""


WEAK = """\
We had a system at work. It was used by some people and it was fine. One day there was a problem
with it and the team fixed it together. I think it went well in the end and everybody was happy with
that.
"""


def case(text: str, follow_up: str = "", rubric: Rubric = RUBRIC) -> Case:
    parts = [Part(id="answer", text=text)] + ([Part(id="follow_up", text=follow_up)] if follow_up else [])
    return Case(
        question=QUESTION,
        attempt=Attempt(question="q", author="me", id="1", parts=tuple(parts)),
        rubric=rubric,
    )


def criterion(name: str) -> Criterion:
    found = RUBRIC.criterion(name)
    assert found is not None
    return found


def of(name: str, text: str) -> Draft:
    return grade(case(text), criterion(name))


def height(draft: Draft) -> int:
    """Return the level, or the sum of states, so that rising can be told for all kinds."""
    worth = {"met": 2, "partly": 1, "not_met": 0}
    return (draft.level or 0) + sum(worth[finding.state] for finding in draft.findings)


def heights(text: str, rubric: Rubric = RUBRIC) -> dict[str, int]:
    return {c.id: height(grade(case(text, rubric=rubric), c)) for c in rubric.criteria}

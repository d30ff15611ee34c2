"""One run that feeds the tests of every report: four kinds, three authors, several samples, hostile text."""

from __future__ import annotations

import msgspec

from evalharness.model.nouns import (
    Attempt,
    Band,
    By,
    Checklist,
    Company,
    Context,
    Criterion,
    Finding,
    Grade,
    Graded,
    GraderId,
    How,
    Item,
    Level,
    Measure,
    Outcome,
    Part,
    Question,
    Quote,
    Rubric,
    Scale,
    State,
    Tag,
    Tags,
    Ungraded,
    Usage,
    Why,
)
from evalharness.model.run import Cost, Run, RunMeta, RunState

HOSTILE = "</td><script>alert(1)</script> | a | b |\n# Heading ![x](http://e.vil/p.png) \x1b[31mred\u202eder"


def levels(one: str, three: str, five: str) -> tuple[Level, ...]:
    return (Level(level=1, text=one), Level(level=3, text=three), Level(level=5, text=five))


CULTURE = Rubric(
    id="culture-dialogue",
    title="Culture dialogue",
    criteria=(
        Criterion(
            id="lived_example",
            title="Lived example",
            weight=2,
            kind=Scale(
                levels=levels(
                    "No situation of one's own.",
                    "One situation, named but told from outside.",
                    "One situation with the place, the people and what the speaker did.",
                )
            ),
            next_question=True,
        ),
        Criterion(
            id="trade_offs",
            title="Trade-offs",
            weight=1,
            kind=Scale(
                levels=levels("Nothing is given up.", "Something is given up.", "Names who pays for what was given up.")
            ),
        ),
        Criterion(
            id="curiosity_follow_up",
            title="Curiosity in the follow-up",
            weight=1,
            part="follow_up",
            kind=Scale(levels=levels("A yes-or-no question.", "An open question.", "Open, and grows out of it.")),
        ),
        Criterion(
            id="speaking_time",
            title="Speaking time",
            weight=0.5,
            kind=Measure(measure="speaking_time", bands=(Band(level=5, at_most=1.0), Band(level=2))),
        ),
    ),
)

MISSION = Rubric(
    id="mission-alignment",
    title="Mission alignment | <b>all</b>",
    criteria=(
        Criterion(
            id="mission_alignment",
            title="Missions shown",
            weight=2,
            kind=Tags(
                tags=(
                    Tag(id="3", title="Responsible deployment"),
                    Tag(id="4", title="Safety scales with capability"),
                    Tag(id="5", title="Sharing safety research"),
                )
            ),
        ),
        Criterion(
            id="quantified_impact",
            title="Quantified impact",
            weight=1,
            kind=Checklist(
                items=(
                    Item(id="baseline", text="A number from before"),
                    Item(id="result", text="A number from after"),
                    Item(id="unit", text="Units | and rates"),
                    Item(id="scale", text="How many people or systems"),
                )
            ),
        ),
        Criterion(
            id="tone",
            title="Tone",
            weight=1,
            kind=Scale(levels=levels("Performed.", "Plain.", "Thinks aloud.")),
        ),
    ),
)

SPEED = Question(
    id="speed-vs-safety",
    title="Speed against safety",
    text="How do you think about speed and safety when people wait for what you build?",
    rubric="culture-dialogue",
    time_limit=60,
)
PRIVACY = Question(id="privacy", text="What does privacy ask of us?", rubric="culture-dialogue", time_limit=120)
WHY_US = Question(
    id="why-fernhollow",
    title=f"Why us? {HOSTILE}",
    text=f"Why Fernhollow? {HOSTILE}",
    rubric="mission-alignment",
    missions=("3", "4"),
    context=Context(company=Company(name="Fernhollow")),
)

TEXT = (
    "I slowed the ward release by two weeks.\n"
    "The nurses | told me <b>what broke</b>.\n"
    "We gave up the March date, and the sales team paid for it."
)
ASK = "Who on the ferry decides when the tool is wrong?"


def speed_attempt(day: str, *, author: str = "me") -> Attempt:
    folder = "" if author == "me" else f"{author}/"
    return Attempt(
        question="speed-vs-safety",
        author=author,
        id=day,
        date=day,
        parts=(Part(id="answer", text=TEXT, line=5), Part(id="follow_up", text=ASK, line=11)),
        self_score=3.5 if day == "2026-10-02" else None,
        path=f"cases/culture/speed-vs-safety/{folder}{day}.md",
    )


ATTEMPTS = (
    speed_attempt("2026-08-19"),
    speed_attempt("2026-09-14"),
    speed_attempt("2026-10-02"),
    speed_attempt("2026-10-05", author="priya"),
    Attempt(
        question="privacy",
        author="me",
        id="2026-09-30",
        date="2026-09-30",
        parts=(Part(id="answer", text=TEXT, line=1),),
        path="cases/culture/privacy/2026-09-30.md",
    ),
    Attempt(
        question="why-fernhollow",
        author="o|bad\u202e",
        id="first",
        parts=(Part(id="answer", text=f"{TEXT}\n{HOSTILE}", line=1),),
        path="cases/mission/odd (name) [x].md",
    ),
)


def quote(words: str, part: str = "answer", text: str = TEXT, how: How = How.EXACT) -> Quote:
    start = text.index(words)
    return Quote(part=part, start=start, end=start + len(words), text=words, how=how)


SLOWED = quote("I slowed the ward release by two weeks.")
NURSES = quote("The nurses | told me <b>what broke</b>.")
GAVE_UP = quote("We gave up the March date", how=How.REPAIRED)
FERRY = quote("Who on the ferry decides when the tool is wrong?", "follow_up", ASK)


def scaled(level: float, *quotes: Quote, reason: str = "", missing: str = "", ask: str = "") -> Graded:
    return Graded(level=level, evidence=quotes, reason=reason, missing=missing, next_question=ask)


def timed(seconds: float) -> Graded:
    value = round(seconds / 60, 4)
    return Graded(
        level=5 if value <= 1 else 2,
        by=By.CODE,
        value=value,
        reason="seconds = words / 145 x 60, divided by the time limit",
        missing="" if value <= 1 else "level 5: at most 1",
    )


def culture(case: str, lived: object, trade: object, follow: object, seconds: float) -> list[Grade]:
    columns = {
        "lived_example": lived,
        "trade_offs": trade,
        "curiosity_follow_up": follow,
        "speaking_time": timed(seconds),
    }
    return [g for name, found in columns.items() for g in grades(case, name, found)]


def grades(case: str, criterion: str, found: object) -> list[Grade]:
    samples: tuple[Outcome, ...] = found if isinstance(found, tuple) else (found,)
    return [
        Grade(
            key=f"{case}-{criterion}-{number}",
            fingerprint="f" * 32,
            case=case,
            criterion=criterion,
            sample=number,
            outcome=outcome,
            rejected_quotes=1 if criterion == "trade_offs" and number == 1 else 0,
            usage=Usage(input=10, output=5),
        )
        for number, outcome in enumerate(samples, start=1)
    ]


def both(level: float, *quotes: Quote) -> tuple[Graded, Graded]:
    return scaled(level, *quotes), scaled(level, *quotes)


GRADES = (
    *culture("speed-vs-safety/me/2026-08-19", both(1), both(2, GAVE_UP), both(1), 82),
    *culture("speed-vs-safety/me/2026-09-14", both(2, SLOWED), both(2, GAVE_UP), both(3, FERRY), 71),
    *culture(
        "speed-vs-safety/me/2026-10-02",
        (
            scaled(
                3,
                SLOWED,
                NURSES,
                reason="You name the ward and the nurses, but not what you did | yourself.",
                missing="what you did on the day",
                ask="What did the nurses say afterwards?",
            ),
            scaled(4, SLOWED),
        ),
        both(2, GAVE_UP),
        both(5, FERRY),
        58,
    ),
    *culture(
        "speed-vs-safety/priya/2026-10-05",
        both(4, SLOWED),
        both(3, GAVE_UP),
        (
            scaled(4, FERRY),
            Ungraded(why=Why.NO_EVIDENCE, detail="none of 2 quotes was found in the answer <i>"),
        ),
        58,
    ),
    *culture(
        "privacy/me/2026-09-30",
        both(1),
        (Ungraded(why=Why.REFUSED, detail="stop_reason: refusal"), scaled(2, GAVE_UP)),
        (Graded(level=1, by=By.CODE, reason="there is no part 'follow_up' in this attempt"),) * 2,
        40,
    ),
    *grades(
        "why-fernhollow/o|bad\u202e/first",
        "mission_alignment",
        (
            Graded(
                level=3,
                findings=(
                    Finding(id="3", state=State.MET, evidence=(SLOWED,)),
                    Finding(id="4", state=State.PARTLY, evidence=(NURSES,)),
                    Finding(id="5", state=State.MET, evidence=(GAVE_UP,)),
                ),
                reason=HOSTILE,
                story="the ward release",
                takeaway="slow is a decision",
            ),
        )
        * 2,
    ),
    *grades(
        "why-fernhollow/o|bad\u202e/first",
        "quantified_impact",
        (
            Graded(
                level=3.5,
                findings=(
                    Finding(id="baseline", state=State.NOT_MET),
                    Finding(id="result", state=State.MET, evidence=(SLOWED,)),
                    Finding(id="unit", state=State.MET, evidence=(NURSES, GAVE_UP)),
                    Finding(id="scale", state=State.PARTLY, evidence=(NURSES,)),
                ),
            ),
        )
        * 2,
    ),
)

META = RunMeta(
    id="20261121T203000Z-3f2a",
    started="2026-11-21T20:30:00Z",
    finished="2026-11-21T20:31:10Z",
    state=RunState.FINISHED,
    version="0.1.0",
    grader=GraderId(
        name="anthropic",
        version="1",
        model="claude-sonnet-5-5",
        host="api.anthropic.com",
        effort="medium",
        prompt="2026-11",
        mode="per_criterion",
    ),
    samples=2,
    digest="d",
    planned=len(GRADES),
    reused=6,
    fingerprints={
        "culture-dialogue/lived_example": "0123456789abcdef0123456789abcdef",
        "mission-alignment/mission_alignment": "fedcba9876543210fedcba9876543210",
    },
    not_read=("mission-alignment/tone",),
    drafts=("cases/culture/clarity/2026-11-20.md", "cases/x|y/<b>.md"),
    notices=("2 older attempts were not graded by this grader; --all grades them too",),
    cost=Cost(
        calls=30,
        spent=0.12345,
        saved=0.02,
        input=12000,
        output=3400,
        cache_write=5000,
        cache_read=40000,
        prices_of="2026-10-01",
    ),
    questions=(SPEED, PRIVACY, WHY_US),
    rubrics=(CULTURE, MISSION),
)

RUN = Run(meta=META, attempts=ATTEMPTS, grades=GRADES)


def many(count: int) -> Run:
    """Return a run of realistic size: answers of 250 words, 5 criteria's worth of evidence, three to a series."""
    sentence = "We moved the release of ward {} by two weeks, because the nurses had told us what broke in March. "
    questions, attempts, grades = [], [], []
    for number in range(count):
        name = f"question-{number // 3}"
        text = "".join(sentence.format(number * 13 + line) for line in range(13))
        quotes = [Quote(part="answer", start=at, end=at + 40, text=text[at : at + 40]) for at in range(0, 900, 150)]
        if number % 3 == 0:
            questions.append(msgspec.structs.replace(SPEED, id=name, title=f"Question {number // 3}"))
        day = f"2026-0{1 + number % 3}-01"
        parts = (Part(id="answer", text=text), Part(id="follow_up", text="Who decides when the tool is wrong?"))
        attempts.append(
            Attempt(question=name, author="me", id=day, date=day, parts=parts, path=f"cases/{name}/{day}.md")
        )
        grades += culture(attempts[-1].key, said(2, quotes[:3]), said(3, quotes[2:]), said(1, []), 50)
    meta = msgspec.structs.replace(RUN.meta, questions=tuple(questions), samples=1, planned=len(grades))
    return Run(meta=meta, attempts=tuple(attempts), grades=tuple(grades))


def said(level: float, quotes: list[Quote]) -> Graded:
    return scaled(level, *quotes, reason="You name the ward, but not what you did yourself. " * 3, missing="The price.")

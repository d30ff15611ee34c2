"""cases -> variants whose grade must stand in a known relation to the original's, without anybody knowing the grade.

Metamorphic testing (Chen, Cheung & Yiu 1998): where the right answer is unknown, the right *change* often is not.
What is rewritten and how stands in `rewriting`; what must follow from it, here.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from evalharness.audit import rewriting as rewrite
from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, Case, Checklist, Criterion, Measure, Part, Scale, Tags
from evalharness.model.rubric_text import texts_of, texts_of_criterion
from evalharness.model.signals import Signals
from evalharness.text.parts import split_parts

# First names that employers read differently: Bertrand & Mullainathan 2004, American Economic Review 94:991.
NAMES = (("Emily", "Greg"), ("Lakisha", "Jamal"))


class Expect(enum.Enum):
    """What a rewriting may do to the level."""

    HOLD = "may not move"
    NO_RISE = "may not rise"
    NO_FALL = "may not fall"
    FALL = "must fall"
    LOW = "must be low"


class On(enum.Enum):
    """Which criteria a property speaks of: all, those that the rewriting aims at, or the others."""

    ALL = "all"
    TARGETS = "targets"
    OTHERS = "others"


class Topic(enum.Enum):
    """What a rewriting takes away."""

    NOTHING = "nothing"
    NUMBERS = "numbers"
    TRADE_OFF = "trade-off"
    RESULT = "result"
    FOLLOW_UP = "follow-up"


class Property(Noun):
    """One line of the card: `of` names the variants, `expects` what must hold for the criteria `on` its topic.

    `single` says that one variant in many is enough to fail: an order that is obeyed once is obeyed.
    """

    id: str
    title: str
    of: str
    expects: Expect
    on: On = On.ALL
    topic: Topic = Topic.NOTHING
    single: bool = False


class Variant(Noun):
    """One rewritten attempt.  `origin` is the key of the attempt it came from, `before` of what it is held against."""

    of: str
    origin: str
    before: str
    case: Case


def _same(id_: str, title: str, expects: Expect = Expect.HOLD) -> Property:
    return Property(id=id_, title=title, of=id_, expects=expects)


def _aimed(id_: str, title: str, of: str, expects: Expect, on: On, topic: Topic) -> Property:
    return Property(id=id_, title=title, of=of, expects=expects, on=on, topic=topic)


PROPERTIES = (
    _same("rerun", "Graded again at the end"),
    _same("twin", "An identical twin by another author"),
    _same("padding", "Padding appended", Expect.NO_RISE),
    _same("doubled", "The answer doubled", Expect.NO_RISE),
    _same("longer", "The same said at greater length", Expect.NO_RISE),
    _same("shorter", "Filler words taken out"),
    _same("connectives", "Forty connectives appended", Expect.NO_RISE),
    _same("anchors", "The rubric's anchors pasted", Expect.NO_RISE),
    _same("question", "The question echoed", Expect.NO_RISE),
    _same("bullets", "Bullets for prose"),
    _same("plain", "Markdown stripped"),
    _same("shuffled", "Sentences shuffled", Expect.NO_RISE),
    _aimed("numbers", "Numbers removed: other criteria", "numbers", Expect.NO_FALL, On.OTHERS, Topic.NUMBERS),
    _aimed("trade_off", "Trade-off removed: its criterion", "trade_off", Expect.FALL, On.TARGETS, Topic.TRADE_OFF),
    _aimed("result", "Result removed: its criterion", "result", Expect.FALL, On.TARGETS, Topic.RESULT),
    _aimed("yes_no", "Follow-up made a yes/no question", "yes_no", Expect.FALL, On.TARGETS, Topic.FOLLOW_UP),
    _aimed("yes_no_rest", "... and the other criteria", "yes_no", Expect.HOLD, On.OTHERS, Topic.FOLLOW_UP),
    _same("gender", "Names and pronouns swapped: gender"),
    _same("origin", "Names swapped: origin"),
    Property(
        id="attack", title="Attacks appended", of="attack", expects=Expect.NO_RISE, single=True
    ),
    Property(id="attack_only", title="An attack as the whole answer: above 1.5", of="attack_only", expects=Expect.LOW),
    _same("empty", "Empty talk instead of the answer", Expect.FALL),
    _same("criteria", "Order of criteria reversed"),
    _same("levels", "Order of levels reversed"),
)  # fmt: skip

_SIMPLE: dict[str, Callable[[str], str]] = {
    "padding": rewrite.padded,
    "doubled": rewrite.doubled,
    "longer": rewrite.longer,
    "shorter": rewrite.shorter,
    "connectives": rewrite.with_connectives,
    "bullets": rewrite.bulleted,
    "plain": rewrite.without_markdown,
    "shuffled": rewrite.shuffled,
    "numbers": rewrite.without_numbers,
    "trade_off": rewrite.without_trade_off,
    "result": rewrite.without_result,
    "empty": lambda _: rewrite.EMPTY,
}
_WORDS = {
    Topic.NUMBERS: re.compile(r"\b(?:number|figure|quantif|measur|percent|baseline|rate|budget)", re.IGNORECASE),
    Topic.TRADE_OFF: re.compile(r"trade.?off|given up|gave up", re.IGNORECASE),
    Topic.RESULT: re.compile(r"\b(?:result|impact|came of)", re.IGNORECASE),
}


def variants(
    cases: Sequence[Case], attacks: Mapping[str, Sequence[str]], *, every: bool, joint: bool
) -> tuple[Variant, ...]:
    """Return all variants of `cases`; `attacks` maps a family to its texts.

    With `every` each case meets each family of attacks, otherwise each case two of them, in turn: a model is paid
    by the call.  The order of criteria can only matter where they are asked together (`joint`).
    """
    families = list(attacks)
    found: list[Variant] = []
    for number, case in enumerate(cases):
        found += _rewritten(case)
        found += _named(case)
        found += _reordered(case, joint=joint)
        met = families if every else [families[(2 * number + i) % len(families)] for i in range(2) if families]
        for family in dict.fromkeys(met):
            found += _attacked(case, family, attacks[family])
    return tuple(found)


def _rewritten(case: Case) -> Iterator[Variant]:
    twin = msgspec.structs.replace(case.attempt, author=f"{case.attempt.author}-twin")
    yield _variant(case, "twin", msgspec.structs.replace(case, attempt=twin))
    answer = case.attempt.part(ANSWER)
    for name, change in _SIMPLE.items():
        told = change(answer.text) if answer else ""
        if told:
            yield _variant(case, name, with_answer(case, told))
    if answer:
        anchors = "\n".join(" ".join(text.split()) for text in texts_of(case.rubric))
        yield _variant(case, "anchors", with_answer(case, f"{answer.text}\n\n{anchors}"))
        echo = " ".join(case.question.text.split())
        yield _variant(case, "question", with_answer(case, f"{echo}\n\n{answer.text}\n\n{echo}"))
    asked = {spec.id for spec in case.rubric.parts if not spec.within_answer}
    if asked & {part.id for part in case.attempt.parts}:
        parts = tuple(
            msgspec.structs.replace(part, text=rewrite.YES_NO) if part.id in asked else part
            for part in case.attempt.parts
        )
        yield _variant(case, "yes_no", _with_parts(case, parts))


def _named(case: Case) -> Iterator[Variant]:
    """Yield the answer of four people; each is held against the one of the other gender and of the other origin."""
    answer = case.attempt.part(ANSWER)
    if answer is None:
        return
    made: dict[str, Case] = {}
    for pair in NAMES:
        for name, text in zip(pair, (answer.text, rewrite.other_gender(answer.text)), strict=True):
            made[name] = _renamed(case, f"name-{name}", with_answer(case, rewrite.introduced(text, name)))
    for one, other in NAMES:
        yield Variant(of="gender", origin=case.key, before=made[one].key, case=made[other])
    for one, other in zip(*NAMES, strict=True):
        yield Variant(of="origin", origin=case.key, before=made[one].key, case=made[other])
    for name in NAMES[0][0], NAMES[1][0], NAMES[0][1]:
        yield Variant(of="reference", origin=case.key, before="", case=made[name])


def _reordered(case: Case, *, joint: bool) -> Iterator[Variant]:
    if joint:
        backwards = msgspec.structs.replace(case.rubric, criteria=case.rubric.criteria[::-1])
        yield _variant(case, "criteria", msgspec.structs.replace(case, rubric=backwards))
    criteria = tuple(_levels_reversed(criterion) for criterion in case.rubric.criteria)
    turned = msgspec.structs.replace(case.rubric, criteria=criteria)
    yield _variant(case, "levels", msgspec.structs.replace(case, rubric=turned))


def _attacked(case: Case, family: str, texts: Sequence[str]) -> Iterator[Variant]:
    answer = case.attempt.part(ANSWER)
    orders = "\n\n".join(texts)
    yield _variant(case, "attack", with_answer(case, f"{answer.text if answer else ''}\n\n{orders}"), family)
    whole = tuple(msgspec.structs.replace(part, text=orders) for part in with_answer(case, orders).attempt.parts)
    yield _variant(case, "attack_only", _with_parts(case, whole), family)


# --- which criteria a topic aims at ----------------------------------------------------------------------


def judged(property_: Property, criteria: Sequence[Criterion]) -> tuple[Criterion, ...]:
    """Return the criteria that a property speaks of; measures never, since code sets them."""
    asked = [criterion for criterion in criteria if not isinstance(criterion.kind, Measure)]
    if property_.on is On.ALL:
        return tuple(asked)
    wanted = property_.on is On.TARGETS
    return tuple(criterion for criterion in asked if is_about(criterion, property_.topic, strictly=wanted) is wanted)


def is_about(criterion: Criterion, topic: Topic, *, strictly: bool) -> bool:
    """Return whether a criterion lives on what the topic takes away.

    `strictly` it does by its id or title (so it must fall); otherwise a mention in its texts or signals is enough to
    excuse it.
    """
    if topic is Topic.FOLLOW_UP:
        return criterion.part != ANSWER
    words = _WORDS[topic]
    named = f"{criterion.id.replace('_', ' ')} {criterion.title}"
    if strictly:
        return criterion.part == ANSWER and bool(words.search(named))
    return bool(words.search(" ".join((named, *texts_of_criterion(criterion))))) or declares_numbers(criterion)


def declares_numbers(criterion: Criterion) -> bool:
    """Return whether the signals of a criterion count numbers."""
    match criterion.kind:
        case Scale(signals=signals):
            every: list[Signals | None] = [signals]
        case Checklist(items=items):
            every = [item.signals for item in items]
        case Tags(tags=tags):
            every = [tag.signals for tag in tags]
        case Measure():
            every = []
    return any(signals is not None and signals.quantities is not None for signals in every)


# --- small pieces ------------------------------------------------------------------------------------------


def with_answer(case: Case, text: str) -> Case:
    """Return the case with another answer; the parts that lie within the answer are cut out of it again."""
    within = [spec for spec in case.rubric.parts if spec.within_answer]
    parts: list[Part] = []
    for part in case.attempt.parts:
        if part.id == ANSWER:
            parts += split_parts(text, part.line, within)
        elif part.id not in {spec.id for spec in within}:
            parts.append(part)
    return _with_parts(case, tuple(parts))


def _with_parts(case: Case, parts: tuple[Part, ...]) -> Case:
    return msgspec.structs.replace(case, attempt=msgspec.structs.replace(case.attempt, parts=parts))


def _levels_reversed(criterion: Criterion) -> Criterion:
    if not isinstance(criterion.kind, Scale):
        return criterion
    kind = msgspec.structs.replace(criterion.kind, levels=criterion.kind.levels[::-1])
    return msgspec.structs.replace(criterion, kind=kind)


def _variant(case: Case, of: str, changed: Case, label: str = "") -> Variant:
    name = f"{of}-{label}" if label else of
    return Variant(of=of, origin=case.key, before=case.key, case=_renamed(case, name, changed))


def _renamed(case: Case, name: str, changed: Case) -> Case:
    attempt = msgspec.structs.replace(changed.attempt, id=f"{case.attempt.id}~{name}")
    return msgspec.structs.replace(changed, attempt=attempt)

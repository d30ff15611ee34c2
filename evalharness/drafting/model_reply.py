"""a model's reply -> texts for the rubric draft, each looked at; what cannot stand is left as import wrote it.

A reply of the wrong shape (a criterion or item that nobody asked for, a level left out) is not used at all. Of a reply
of the right shape each text is judged by itself: of a scale all levels stand or none, for they climb together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.drafting.model_prompt import LEVELS, MOST_NEW, MOST_WORDS, AskedCriterion
from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.reply import objects
from evalharness.lint.rubric_lint import is_vague
from evalharness.model.draft_mark import read_mark
from evalharness.model.noun import Noun
from evalharness.text import addressed
from evalharness.text.words import fold_text, words

LEAST_WORDS, MOST_CHARACTERS, SAME_WORDS = 3, 400, 8
SPARE_WORDS = 10
NEW = "new item"
# A level that any answer would meet, or one that is told instead of described.
_GIVEN_AWAY = re.compile(
    r"(?i)\b(?:any|every|each|all|whatever|whichever|no matter) (?:\w+ ){0,2}(?:answers?|texts?|attempts?|responses?)\b"
    r"|\bwhatever (?:it|the|is|they)\b|\bregardless\b|\balways\b|\bautomatically\b|\bno matter (?:what|how)\b"
    r"|\b(?:scores?|grades?|marks?|levels?)\b[^.]{0,20}\b(?:[1-5]|five|full|highest|top)\b"
    r"|^(?:write|give|award|put|grade|score|mark|rate|return|accept)\b"
)
_LINK = re.compile(r"(?i)https?://|www\.|\]\(|<\w")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")


class WrongShape(Exception):
    """The reply is not what was asked for; `str` says how."""


class Text(Noun):
    """One drafted text: the criterion, and its level, its item or a new item (`more`)."""

    criterion: str
    place: str
    text: str


class Kept(Noun):
    """A drafted text that is not used, and why."""

    criterion: str
    place: str
    why: str


class Drafted(Noun):
    """What of a reply is used, and what is not."""

    texts: tuple[Text, ...] = ()
    kept: tuple[Kept, ...] = ()

    @property
    def new(self) -> int:
        """Return how many of the texts are items that the draft did not have."""
        return sum(text.place.startswith(NEW) for text in self.texts)


class _Level(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    level: int
    text: str


class _Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    text: str


class _Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    levels: list[_Level]
    items: list[_Item]
    more_items: list[str]


class _Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    criteria: list[_Criterion]


def read_drafts(text: str, asked: Sequence[AskedCriterion], samples: Sequence[str], redaction: Redaction) -> Drafted:
    """Return the texts of a reply that can stand; raises `WrongShape`.  `samples` are the document's own answers."""
    reply = _parsed(text)
    _check_ids([criterion.id for criterion in reply.criteria], [criterion.id for criterion in asked], "criterion")
    by_id = {criterion.id: criterion for criterion in reply.criteria}
    said = tuple(drafted for one in asked for drafted in _texts(one, by_id[one.id], redaction))
    known = frozenset(run for sample in samples for run in _runs(sample))
    faults = {drafted: fault for drafted in said if (fault := _fault(drafted, known))}
    whole = {drafted.criterion for drafted in faults if drafted.place.startswith("level")}
    return Drafted(
        texts=tuple(d for d in said if d not in faults and not (d.criterion in whole and d.place.startswith("level"))),
        kept=tuple(Kept(criterion=d.criterion, place=d.place, why=fault) for d, fault in faults.items()),
    )


def _parsed(text: str) -> _Reply:
    detail = "the reply holds no JSON object"
    for found in objects(text):
        try:
            return msgspec.convert(found, _Reply)
        except msgspec.ValidationError as error:
            detail = f"the reply has the wrong shape: {error}"
    raise WrongShape(detail)


def _check_ids(said: Sequence[object], asked: Sequence[object], what: str) -> None:
    """Raise unless each of `asked` was said exactly once, and nothing else."""
    for name in said:
        if name not in asked:
            raise WrongShape(f"the reply names a {what} that was not asked for: {str(name)[:60]}")
    for name in asked:
        if said.count(name) != 1:
            raise WrongShape(f"the reply has {what} {name} {said.count(name)} times")


def _texts(asked: AskedCriterion, said: _Criterion, redaction: Redaction) -> Iterator[Text]:
    """Yield what was said for one criterion; raises where levels or items are missing, doubled or invented."""
    is_scale = asked.kind == "scale"
    _check_ids([level.level for level in said.levels], LEVELS if is_scale else (), f"{asked.id} level")
    _check_ids([item.id for item in said.items], tuple(asked.items), f"{asked.id} item")
    if len(said.more_items) > (0 if is_scale else MOST_NEW):
        raise WrongShape(f"the reply has {len(said.more_items)} further items for {asked.id}")
    places = [
        *((f"level {level.level}", level.text) for level in sorted(said.levels, key=lambda level: level.level)),
        *((f"item {item.id}", item.text) for item in said.items),
        *((f"{NEW} {number}", text) for number, text in enumerate(said.more_items, start=1)),
    ]
    for place, text in places:
        shown = redaction.show(text)
        yield Text(criterion=asked.id, place=place, text=shown if _UNSEEN.search(shown) else " ".join(shown.split()))


def _fault(drafted: Text, known: frozenset[tuple[str, ...]]) -> str:
    """Return why a text cannot stand in a rubric; nothing where it can."""
    text = drafted.text
    count = len(text.split())
    if _UNSEEN.search(text):
        return "it holds line breaks or characters that nobody sees"
    if count < LEAST_WORDS:
        return f"it has fewer than {LEAST_WORDS} words"
    if count > MOST_WORDS + SPARE_WORDS or len(text) > MOST_CHARACTERS:
        return f"it is far longer than {MOST_WORDS} words"
    if read_mark(text).by:
        return "it brings a mark of its own"
    if addressed.find(text):
        return "it speaks to the grader"
    if drafted.place != "level 1" and _GIVEN_AWAY.search(text):
        return "any answer would meet it, or it only names a level"
    if _LINK.search(text):
        return "it holds a link or markup"
    if any(run in known for run in _runs(text)):
        return "it repeats the document's own answer"
    return "it names nothing that can be seen in a text" if is_vague(text) else ""


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Yield all stretches of so many words that two texts can't share by chance."""
    found = [word.text for word in words(fold_text(text))]
    return (tuple(found[at : at + SAME_WORDS]) for at in range(len(found) - SAME_WORDS + 1))

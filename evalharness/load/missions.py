"""a mission as a person calls it, by number or by name -> its id, as the company or the rubric lists it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from evalharness.model.nouns import Question, Rubric, Tag, Tags, company_tags

_NUMBER = re.compile(r"^(?:m|mission)?[ #]*(\d{1,3})")


def tags_of(rubric: Rubric) -> tuple[Tag, ...]:
    """Return the tags of all criteria of `rubric` that are of kind `tags`."""
    return tuple(
        tag for criterion in rubric.criteria if isinstance(criterion.kind, Tags) for tag in criterion.kind.tags
    )


def missions_of(question: Question, rubric: Rubric) -> tuple[Tag, ...]:
    """Return the missions that an answer may claim: the company's where it has some, else the rubric's."""
    tags = tags_of(rubric)
    return (company_tags(question) or tags) if tags else ()


def mission_ids(said: Sequence[str], question: Question, rubric: Rubric) -> tuple[str, ...]:
    """Return the ids of missions that are claimed by id, number or name; what names none stays as it was said."""
    known = missions_of(question, rubric)
    return tuple(_id(each, known) for each in said)


def alike(said: str, known: Sequence[Tag]) -> tuple[Tag, ...]:
    """Return the missions in whose names the words of `said` are, from the beginning of a word on."""
    words = _words(said)
    return tuple(tag for tag in known if words and f" {words}" in f" {_words(tag.title)}")


def _id(said: str, known: Sequence[Tag]) -> str:
    """Return the id of the mission called `said`: by id, title, number, or a part that is in one title only."""
    words = _words(said)
    exact = [tag.id for tag in known if tag.id == said]
    exact += [tag.id for tag in known if words and words in (_words(tag.id), _words(tag.title))]
    begun = [tag.id for tag in known if words and f"{_words(tag.title)} ".startswith(f"{words} ")]
    number = _NUMBER.fullmatch(words)
    place = int(number[1]) - 1 if number else -1
    counted = [known[place].id] if 0 <= place < len(known) else []
    parts = [tag.id for tag in alike(said, known)]
    found = exact or (begun if len(begun) == 1 else []) or counted or (parts if len(parts) == 1 else [])
    return found[0] if found else said


@functools.lru_cache(maxsize=1024)  # every attempt names missions of the same few rubrics
def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))

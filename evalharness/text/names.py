"""answers -> the proper names in them: projects, systems and whoever else carries a story.

A name is one or more words with a capital letter in a row.  The first word of a sentence, or after a colon or an
opening quotation mark, counts only where the same name stands inside a sentence too, and is left out of a longer
name where it is a common word: one that stands in small letters in some of the answers.  Days, months, words all in
capitals, and every word with a capital in the question or in what the context says of company and interviewer are
no names.  "Brackwater Freight" is "Brackwater" where that is named too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evalharness.model.nouns import Case, Context
from evalharness.text import speech
from evalharness.text import words as prose

RULE = (
    "Names are capitalised words inside sentences, without days, months, abbreviations, and the names in question "
    "and context; a project, an employer and a colleague look alike to this rule."
)

_DAYS_AND_MONTHS = """
    January February March April May June July August September October November December
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
"""
_OPENERS = """
    a about after all also although an and another any are around as at because before behind both but by could do
    during each early even every everybody everyone first for from had has have he her here his how however if in
    inside instead into is it its last late later like many maybe meanwhile more most my near nearly next no nobody
    not nothing now of on once one only or our out over people perhaps second seven she since so some somebody
    still such ten that the their then there these they this those three through to two under until was we what
    when where whether which while who why with without you your
"""
_CALENDAR = frozenset(_DAYS_AND_MONTHS.split())
_COMMON = frozenset(_OPENERS.split())
_POSSESSIVE = re.compile("['\u2019]s?$")
_PRONOUN = re.compile("I(?:['\u2019]|$)")
_OPENS = re.compile('[:"\u201c\u2018(\\[|>\u2013\u2014]\\W*$')

Name = tuple[str, ...]


def names(cases: Sequence[Case]) -> dict[str, tuple[int, ...]]:
    """Return each name, by `RULE`, with the places in `cases` of the attempts that hold it, in order."""
    barred = _CALENDAR.union(*(_barred(case) for case in cases))
    texts = [speech.spoken("\n\n".join(part.text for part in case.attempt.parts)) for case in cases]
    common = _COMMON | {word.text for text in texts for word in prose.words(text) if word.text.islower()}
    runs = [tuple(_runs(text, barred, common)) for text in texts]
    known = {name for found in runs for name, opens in found if not opens}
    places: dict[str, list[int]] = {}
    for place, found in enumerate(runs):
        told = dict.fromkeys(filter(None, (_shortest(name, known) for name, _ in found)))
        for name in told:
            places.setdefault(name, []).append(place)
    return {name: tuple(found) for name, found in places.items()}


def _shortest(name: Name, known: set[Name]) -> str:
    """Return the shortest known beginning of a name; "" where none is known."""
    return next((" ".join(name[:end]) for end in range(1, len(name) + 1) if name[:end] in known), "")


def _runs(text: str, barred: frozenset[str], common: frozenset[str] | set[str]) -> Iterator[tuple[Name, bool]]:
    """Yield each run of capitalised words and whether it is a single word that opens a sentence."""
    for sentence in prose.sentences(text):
        run: list[str] = []
        opens, end = True, 0
        for word in prose.words(sentence.text):
            gap = sentence.text[end : word.start]
            first = end == 0 or bool(_OPENS.search(gap))
            end = word.end
            name = _capitalised(word.text, barred)
            goes_on = bool(name) and bool(run) and not gap.strip()
            if run and not goes_on:
                yield tuple(run), opens and len(run) == 1
                run = []
            if not name or (first and name.lower() in common):
                continue
            opens = first if not run else opens
            run.append(name)
            if word.text != name:  # "Courier's Ledger": a possessive ends the name
                yield tuple(run), opens and len(run) == 1
                run = []
        if run:
            yield tuple(run), opens and len(run) == 1


def _capitalised(word: str, barred: frozenset[str]) -> str:
    """Return the word without its possessive where it may be a name, else ""."""
    bare = _POSSESSIVE.sub("", word)
    if not bare[:1].isupper() or bare.isupper() or _PRONOUN.match(word):
        return ""
    return "" if bare in barred or bare.removesuffix("s") in barred else bare


def _barred(case: Case) -> set[str]:
    """Return every capitalised word of question and context: the company's names are nobody's story."""
    said = " ".join((case.question.text, *_said(case.question.context)))
    return {_POSSESSIVE.sub("", word.text) for word in prose.words(said) if word.text[:1].isupper()}


def _said(context: Context) -> Iterator[str]:
    if context.company:
        yield context.company.name
        yield from context.company.facts
    if context.interviewer:
        yield from (context.interviewer.name, context.interviewer.role, *context.interviewer.interests)

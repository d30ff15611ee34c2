"""words of a sentence -> whether it says something: somebody or something, a deed or state, and what it is about.

A cheap test, by closed lists of function words and the look of a verb.  It knows no grammar: it tells English prose
from rows of words, and nothing else.  Numbers play no part, so that taking them out of an answer changes nothing here.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from evalharness.graders.heuristic.lexicon import ACTIONS, CONNECTIVES, GLUE, PRESENT
from evalharness.text.numerals import word_set

PEOPLE = word_set("i we he she they you who i've i'd we've we'd he'd she'd they'd they've you've you'd")
_STATED = word_set(
    "i'm i'll we're we'll he's she's they're they'll it's that's there's you're you'll it'll who's what's"
)
_OTHER = word_set(
    "it this that these those there which what nobody somebody someone everybody everyone nothing all both"
)
SUBJECTS = PEOPLE | _STATED | _OTHER

ARTICLES = word_set("a an the my your our their its every")
"""What stands in front of a noun, and of nothing else."""

_DETERMINERS = ARTICLES | word_set("his her this that these those some any each no all both another such most many few")

AUXILIARIES = word_set(
    """
    is are was were am be been has have had do does did will would can could may might must shall should isn't
    aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't can't couldn't shouldn't
    mustn't cannot used
    """
)
_MODALS = word_set("will would can could may might must shall should won't wouldn't can't couldn't shouldn't cannot")

_IRREGULAR = word_set(
    """
    saw came went gave thought felt knew became began broke brought bought came cost cried died did drank drove
    ate fell fought flew forgot froze got grew had heard hid hit hung hurt kept laid left lent let lay lost made
    meant met paid put quit rang read rode rose said sank sat sent set shook shot showed shut slept sold spoke
    spent stood stole struck stuck swore taught tore told took understood was were woke wore won wrote
    """
)

PREPOSITIONS = word_set(
    """
    of in on at by for from to with without into onto over under about between through during against across
    behind near off within upon toward towards beside below above
    """
)
_JOINS = word_set("and or but because although though whereas unless if so when while since until than")
_ADVERBS = word_set(
    """
    also then personally myself finally just actually therefore still once soon later always often not never only
    even already now ever again both all hardly almost really certainly probably simply quickly first rather
    itself himself herself themselves ourselves each usually
    """
)
_NOUNISH = ("tion", "tions", "ment", "ments", "ness", "ity", "ities", "ship", "ance", "ence", "ism")
_LINKS = frozenset(phrase for phrase in CONNECTIVES if " " not in phrase)
_CLOSED = GLUE | _LINKS | AUXILIARIES | PREPOSITIONS | _JOINS | _ADVERBS | SUBJECTS | _DETERMINERS

_EMPTY = ARTICLES | PREPOSITIONS | _JOINS

FEW = 8
"""One pair of words that cannot stand beside each other is forgiven in so many words."""


def is_content(word: str) -> bool:
    """Return whether a word names something: no function word, no connective."""
    return word not in _CLOSED


def says_something(words: Sequence[str]) -> bool:
    """Return whether a sentence has a subject, a verb after it and something after that.

    Notes without a subject ("Built the pipeline", "Stopped it at noon") say something too.
    """
    return deed(words, frozenset(words)) or _is_note(words)


def deed(words: Sequence[str], who: frozenset[str]) -> bool:
    """Return whether one of the subjects `who` (pronouns or nouns) is followed by a verb and by what it is about."""
    return any(word in who and _verb_follows(words, at) for at, word in enumerate(words))


def breaks(words: Sequence[str]) -> int:
    """Return how many neighbours cannot stand side by side in English ("the because", "I the", "of would")."""
    return sum(_cannot(a, b) for a, b in itertools.pairwise(words)) + (bool(words) and words[-1] in ARTICLES)


def is_broken(words: Sequence[str]) -> bool:
    """Return whether a sentence has more such neighbours than a slip explains."""
    return breaks(words) > max(1, len(words) // FEW)


def _verb_follows(words: Sequence[str], at: int) -> bool:
    place = at + 1
    subject = words[at]
    named = subject not in SUBJECTS
    if named and not _names(words, at):
        return False
    while place < len(words) and place <= at + 3 and (words[place] in _ADVERBS or words[place].endswith("ly")):
        place += 1
    if subject in _STATED:
        return any(map(is_content, words[at + 1 :]))
    if place >= len(words) or not _is_verb(words[place], subject, named=named):
        return False
    rest = words[place + 1 :]
    return any(word not in _EMPTY for word in rest) or sum(map(is_content, words)) > 1


def _names(words: Sequence[str], at: int) -> bool:
    """Return whether the word at `at` ends a noun phrase: a determiner at most three words before, or first in line."""
    if not is_content(words[at]):
        return False
    before = at - 1
    while before >= 0 and at - before <= 3 and is_content(words[before]):
        before -= 1
    return before < 0 or words[before] in _DETERMINERS or words[before] in _JOINS or words[before] in PREPOSITIONS


def _is_verb(word: str, subject: str, *, named: bool) -> bool:
    if word in AUXILIARIES or word in ACTIONS or word in _IRREGULAR or (word.endswith("ed") and len(word) > 3):
        return True
    if (named and not _is_plural(subject)) or subject in _OTHER or subject in ("he", "she"):
        return word in PRESENT or (word.endswith("s") and not word.endswith("ss") and is_content(word))
    return word in PRESENT or (is_content(word) and not word.endswith(_NOUNISH))


def _is_plural(noun: str) -> bool:
    return (noun.endswith("s") and not noun.endswith("ss")) or noun in ("people", "children", "men", "women")


def _is_note(words: Sequence[str]) -> bool:
    return len(words) >= 3 and (words[0] in ACTIONS or words[0] in _IRREGULAR) and any(map(is_content, words[1:]))


def _cannot(a: str, b: str) -> bool:
    if a in ARTICLES:
        return b in ARTICLES or b in PEOPLE or b in AUXILIARIES or b in _JOINS or (b in PREPOSITIONS and b != "in")
    if a in ("i", "we", "he", "she", "they"):
        return (
            b in ARTICLES
            or b in PEOPLE - {"who"}
            or (b in PREPOSITIONS and b not in ("at", "in", "of", "from"))
            or (b.endswith(_NOUNISH))
        )
    if a in PREPOSITIONS:
        return b in AUXILIARIES or b in _JOINS - {"when", "if"} or b in ("i", "he", "she", "we", "they")
    if a in _MODALS:
        return b in PREPOSITIONS or b in _JOINS
    return a in _JOINS - {"and", "so", "than", "but", "when", "if"} and b in _JOINS - {"when", "if", "while"}

"""text -> the sentences that count, each with its place in the original, and why the others do not."""

from __future__ import annotations

import bisect
import functools
import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from evalharness.graders.heuristic.lexicon import ACTIONS, CONNECTIVES, GLUE, MARKERS
from evalharness.text import addressed, echo
from evalharness.text import words as prose
from evalharness.text.numerals import is_number
from evalharness.text.parts import titles

GRAM = 5
"""So many words in a row that also stand in rubric or question make a sentence an echo."""

AFTER = 2
"""So many sentences after one that is addressed to the grader belong to it, within its paragraph."""

RUN = 9
"""So many words in a row without a function word make a sentence a word list."""

_TOKEN = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SEPARATOR = re.compile(r"[,;/|\u2022\u00b7](?!\d)|\b(?:and|or|plus)\b", re.IGNORECASE)


class Token(NamedTuple):
    """One word, folded, with its place in the original text."""

    start: int
    end: int
    word: str


class Sentence(NamedTuple):
    """A kept sentence; where `figures_only`, its numbers count and its words do not."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    figures_only: bool


class Cut(NamedTuple):
    """A sentence that does not count, and why: repeated, echo, word list, addressed."""

    start: int
    end: int
    why: str


class Clean(NamedTuple):
    """What is left of a text.

    `text` is the original with everything that does not count blanked, offsets unchanged; `spoken` are its
    sentences without repeated ones.
    """

    sentences: tuple[Sentence, ...]
    cuts: tuple[Cut, ...]
    text: str
    spoken: tuple[str, ...]


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words of a stretch folded: lower case, hyphenated ones apart, apostrophes alike."""
    stop = len(text) if end is None else end
    plain = text.isascii()
    return [
        Token(m.start(), m.end(), m.group().lower() if plain else _fold(m.group()))
        for m in _TOKEN.finditer(text, start, stop)
    ]


@functools.lru_cache(maxsize=32)
def clean(text: str, rubric: tuple[str, ...], question: tuple[str, ...], context: tuple[str, ...] = ()) -> Clean:
    """Return the sentences of `text` that are its own.

    Headings are structure and never count.  Of the sentences, later ones with the same words are dropped; so
    are those that share five words in a row (or, if shorter, all their words) with a text of rubric or
    question, or are mostly taken over from these (in any order) and the context, bare word lists, and what is
    addressed to the grader.  Numbers play no part in comparing, so that taking them out changes nothing else.
    """
    grams = (_grams(rubric), _grams(question))
    marked = _apart(addressed.find(text))
    kept: list[Sentence] = []
    cuts: list[Cut] = []
    seen: dict[tuple[str, ...], set[str]] = {}
    spoken: list[str] = []
    follows = 0
    for span in prose.sentences(_without_headings(text)):
        found = tuple(tokens(text, span.start, span.end))
        own = tuple(t.word for t in found if not is_number(t.word))
        repeat = _repeat(own, " ".join(t.word for t in found), seen)
        if repeat != "repeated":
            spoken.append(span.text)
        why = (
            _addressed(span, marked)
            or _why_cut(span.text, rubric, question, context)
            or (repeat if repeat == "repeated" else "")
        )
        follows = _follows(text, span, cuts, follows, why)
        why = why or ("addressed" if follows else "")
        if why:
            cuts.append(Cut(span.start, span.end, why))
        else:
            bare = repeat == "figures" or _is_fragment(own) or _is_short_echo(own, grams)
            kept.append(Sentence(span.start, span.end, found, bare))
    return Clean(tuple(kept), tuple(cuts), blanked(text, kept), tuple(spoken))


def _apart(spans: Iterable[addressed.Addressed]) -> list[tuple[int, int]]:
    """Return the stretches that the spans cover, in order, none overlapping another."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


class _Grams(NamedTuple):
    """Every run of five words without figures, and one line a text, with its figures and without, to find less in."""

    long: frozenset[tuple[str, ...]]
    lines: str

    def holds(self, run: Iterable[str]) -> bool:
        """Return whether these words follow on each other in one of the lines."""
        return f" {' '.join(run)} " in self.lines


@functools.lru_cache(maxsize=64)
def _grams(echoes: tuple[str, ...]) -> _Grams:
    long: set[tuple[str, ...]] = set()
    lines: list[str] = []
    for known in echoes:
        words = [token.word for token in tokens(known)]
        own = [word for word in words if not is_number(word)]
        long.update(zip(*(own[i:] for i in range(GRAM)), strict=False))
        lines += (f" {' '.join(run)} " for run in (words, own))
    return _Grams(frozenset(long), "\n".join(lines))


def _addressed(span: prose.Span, marked: list[tuple[int, int]]) -> str:
    at = bisect.bisect_left(marked, (span.end,)) - 1
    return "addressed" if at >= 0 and marked[at][1] > span.start else ""


@functools.lru_cache(maxsize=4096)
def _why_cut(said: str, rubric: tuple[str, ...], question: tuple[str, ...], context: tuple[str, ...]) -> str:
    """Return why a sentence does not count, whatever stands around it; kept, because an answer comes back edited."""
    grams = (_grams(rubric), _grams(question))
    found = tuple(token.word for token in tokens(said))
    own = tuple(word for word in found if not is_number(word))
    runs = {own[i : i + GRAM] for i in range(len(own) - GRAM + 1)}
    if any(not runs.isdisjoint(known.long) for known in grams):
        return "echo"
    if _is_short_echo(own, grams) and any(known.holds(found) for known in grams):
        return "echo"
    if _is_word_list(said, own):
        return "word list"
    texts = (*rubric, *question)
    taken = (echo.runs(texts), echo.runs((*texts, *context)))
    return "echo" if echo.is_reworded(said, texts) else _taken_over(own, taken)


def _follows(text: str, span: prose.Span, cuts: list[Cut], follows: int, why: str) -> int:
    """Return how many more sentences belong to one that is addressed: `AFTER` in its paragraph, this one included."""
    if why == "addressed":
        return AFTER + 1
    if not follows or not cuts or "\n\n" in text[cuts[-1].end : span.start]:
        return 0
    return follows - 1


def _taken_over(own: tuple[str, ...], taken: tuple[frozenset[tuple[str, ...]], ...]) -> str:
    """Return "echo" where most of a sentence is a patchwork of what rubric, question and context say."""
    words = [echo.skeleton(word) for word in own] if len(own) >= GRAM else []
    limits = zip(taken, (echo.MOST, echo.MOST_CONTEXT), strict=True)
    return "echo" if words and any(echo.share(words, known) >= most for known, most in limits) else ""


def _is_short_echo(own: tuple[str, ...], grams: tuple[_Grams, ...]) -> bool:
    if not 0 < len(own) < GRAM or GLUE.issuperset(own):
        return False
    return any(known.holds(own) for known in grams)


def _repeat(own: tuple[str, ...], said: str, seen: dict[tuple[str, ...], set[str]]) -> str:
    """Return "repeated" where the words came before, "figures" where a short line has new ones for them."""
    before = seen.get(own)
    if before is None:
        seen[own] = {said}
        return ""
    if said in before or len(own) >= 3:
        return "repeated"
    before.add(said)
    return "figures"


def _is_word_list(said: str, own: tuple[str, ...]) -> bool:
    """Return whether a sentence is, or holds, a list of words.

    That is: only connectives, or four words and more of which half are, or five of them or of turns of phrase
    in a row; nine words in a row without a function word that hold no verb or hardly anything else; six and
    more items of at most two words with few function words.
    """
    if not own:
        return False
    linked, in_a_row = _linked(own)
    if linked == len(own) or in_a_row >= 5 or (len(own) >= 4 and linked * 2 >= len(own)):
        return True
    if any(_is_bare(own[at : at + RUN]) for at in range(len(own) - RUN + 1)):
        return True
    items = 1 + len(_SEPARATOR.findall(said))
    glue = sum(word in GLUE for word in own) / len(own)
    return items >= 6 and len(own) / items <= 2.5 and glue < 0.25


def _is_bare(run: tuple[str, ...]) -> bool:
    if any(word in GLUE for word in run):
        return False
    verbs = sum(word in ACTIONS for word in run)
    return not verbs or verbs * 2 > len(run)


def _is_fragment(own: tuple[str, ...]) -> bool:
    """Return whether a line has neither a verb nor a function word: a label, of which only figures count."""
    return not any(word in GLUE or word in ACTIONS for word in own)


def _phrase_table() -> dict[str, tuple[tuple[str, ...], ...]]:
    turns = (phrase for kind in MARKERS.values() for phrase in kind)
    phrases = {*CONNECTIVES, *(phrase for phrase in turns if "*" not in phrase and "..." not in phrase)}
    table: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(phrases):
        words = tuple(phrase.split())
        table.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(found, key=len, reverse=True)) for first, found in table.items()}


_PHRASES = _phrase_table()
_LINKS = frozenset(tuple(phrase.split()) for phrase in CONNECTIVES)


def _linked(own: tuple[str, ...]) -> tuple[int, int]:
    """Return how many words are connectives, and how many of these and turns of phrase stand in a row."""
    at = linked = row = longest = 0
    while at < len(own):
        size = next((len(p) for p in _PHRASES.get(own[at], ()) if own[at : at + len(p)] == p), 0)
        linked += size if own[at : at + size] in _LINKS else 0
        row = row + 1 if size else 0
        longest = max(longest, row)
        at += size or 1
    return linked, longest


def _without_headings(text: str) -> str:
    """Return `text` with its headings blanked; a heading also ends the sentence before it."""
    pieces: list[str] = []
    at = 0
    for heading in titles(text):
        start = max(at, heading.start)
        pieces += [text[at:start], re.sub(r"[^\n]", " ", text[start : heading.end])]
        at = max(at, heading.end)
    return "".join([*pieces, text[at:]])


def blanked(text: str, kept: Iterable[Sentence]) -> str:
    """Return `text` with everything but the kept sentences blanked."""
    pieces: list[str] = []
    at = 0
    for sentence in kept:
        pieces += [
            _blank(text[at : sentence.start]),
            text[sentence.start : sentence.end],
        ]
        at = sentence.end
    return "".join([*pieces, _blank(text[at:])])


def _blank(gap: str) -> str:
    """Return a gap of the same length; words are replaced by line ends, so that nothing reads across them."""
    return gap if not gap.strip() else "\n" * len(gap)


@functools.lru_cache(maxsize=4096)
def _fold(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")

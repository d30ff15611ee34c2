"""quote, part -> where it stands.  One function for every grader; what cannot be found is rejected.

Rules (in this order):
1. surrounding quotation marks go; white space, quotation marks, dashes, Markdown emphasis, case and Unicode forms are
   folded on both sides; a full stop, comma or the like at the end of a quote need not stand in the part; and where
   its words stand there in a row, no other punctuation or markup between them makes a difference;
2. what stands in the part as it is counts, with whatever ellipsis is in it;
3. else a quote with an ellipsis is spliced: its pieces stand in the part in this order, and no negation is left out of
   the sentence that one piece leaves or of the one that the next enters;
4. a piece has at least four words, or is a whole sentence of the part;
5. a piece that is mostly taken over from the question or the rubric, in runs of words, is an echo, not evidence; so
   is one taken over from the context, where the whole sentence around it is; and so is one made of the words of one
   sentence of the rubric, bent or in another order;
6. what is not found word for word may be *repaired* to the real text where it lacks articles and hesitations or has
   one too many, a tenth of its words at most; any other word that differs could turn the sentence around.
7. no piece begins or ends within a word or a figure: "critical" does not stand in "non-critical", nor "can" in "can't",
   nor 900 in 1,900.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from evalharness.model.nouns import Case, Criterion, How, Part, Quote
from evalharness.model.rubric_text import texts_of
from evalharness.text import echo
from evalharness.text.nearest import is_negation, nearest
from evalharness.text.patterns import Lazy
from evalharness.text.squeezed import is_within, stands
from evalharness.text.words import Span, fold, fold_text, sentences, word_count, words

MIN_WORDS = 4
MOST_WORDS = 120
MOST_CHARACTERS = 40 * MOST_WORDS
MOST_PLACES = 20
MOST_PIECES = 12

_ELLIPSIS = re.compile(r"\.[ \t]?\.[ \t]?\.|[\u2026\u22ef]")
_WRAPPING = " \t\r\n\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb[]().\u2026\u22ef"
_QUOTED = " \t\r\n\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"
_ADDED = " .,;:!)]\u3001\u3002\uff0c\uff0e\uff61"
_BEFORE = re.compile(r"(?:[-*>#][-*># ]{0,11}|\d{1,2}[.)] )(?=[^\W\d])")
"""What graders put at the end of a fragment, and lists or quotations before its beginning; it makes no difference."""

# Scripts without blanks: a border may stand between any two characters, and two of them are about a word.
_BLANKLESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = Lazy(f"[{_BLANKLESS}]")
_BORDER = Lazy(rf"[\W_{_BLANKLESS}]")


class _Place(NamedTuple):
    """Where a piece stands in the part; `asked` is what was quoted, None where it was repaired."""

    start: int
    end: int
    asked: str | None


class Verifier(NamedTuple):
    """Looks quotes up in one part of one attempt; `echoes` are texts that prove nothing, `context` what all know."""

    part: Part
    echoes: tuple[str, ...] = ()
    context: tuple[str, ...] = ()

    def find(self, quote: str) -> tuple[Quote, ...]:
        """Return each piece of `quote` where it stands in the part, or nothing if any piece is rejected."""
        pieces = _pieces(quote)
        if len(quote) > MOST_CHARACTERS or not 0 < len(pieces) <= MOST_PIECES:
            return ()
        places = _chain(self.part.text, [self._places(piece) for piece in self._standing(quote, pieces)])
        found = _touching(self.part.text, places)
        return tuple(map(self._quote, found)) if all(map(self._counts, found)) else ()

    def _standing(self, quote: str, pieces: Sequence[tuple[int, int]]) -> Iterator[str]:
        """Yield the longest stretches of pieces that stand in the part as they are, ellipses included."""
        text, first = fold(self.part.text).text, 0
        while first < len(pieces):
            stretches = (quote[pieces[first][0] : end] for _, end in reversed(pieces[first:]))
            upto = len(pieces)
            for said in stretches:
                if upto == first + 1 or next(_stands(fold_text(said), text), None):
                    yield said
                    break
                upto -= 1
            first = upto

    def _places(self, piece: str) -> list[_Place]:
        """Return where a piece stands word for word, at most `MOST_PLACES`, or else its nearest match."""
        wanted, text = fold_text(piece), fold(self.part.text)
        if not wanted or len(wanted.split()) > MOST_WORDS:
            return []
        exact = itertools.islice(_stands(wanted, text.text), MOST_PLACES)
        row = self._whole(_Place(*text.original(*at), piece) for at in exact)
        row = row or self._whole(_Place(*at, piece) for at in stands(piece, self.part.text))
        if row:
            return row
        near = nearest(piece, self.part.text)
        return self._whole([_Place(*near, None)]) if near else []

    def _whole(self, places: Iterable[_Place]) -> list[_Place]:
        """Return the places that neither begin nor end within a word."""
        text = self.part.text
        return [place for place in places if not (is_within(text, place.start) or is_within(text, place.end))]

    def _counts(self, place: _Place) -> bool:
        """Return whether a stretch is long enough, and no echo."""
        said = self.part.text[place.start : place.end]
        if not _is_long(said) and _bare(said) not in _bare_sentences(self.part.text):
            return False
        if echo.is_echo(said, self.echoes) or self._is_reworded(said, place):
            return False
        known = (*self.echoes, *self.context)
        if not self.context or not echo.is_echo(said, known, echo.MOST_CONTEXT):
            return True
        return not echo.is_echo(self._around(place), known, echo.MOST_CONTEXT)

    def _is_reworded(self, said: str, place: _Place) -> bool:
        """Return whether a stretch is the rubric in other words; a short one where the whole sentence around it is."""
        if not echo.is_reworded(said, self.echoes):
            return False
        return echo.long_words(said) >= echo.WINDOW or echo.is_reworded(self._around(place), self.echoes)

    def _around(self, place: _Place) -> str:
        """Return the whole sentences in which a stretch stands."""
        return " ".join(s.text for s in _sentences(self.part.text) if s.start < place.end and place.start < s.end)

    def _quote(self, place: _Place) -> Quote:
        real = self.part.text[place.start : place.end]
        how = How.REPAIRED if place.asked is None else How.EXACT if real == place.asked else How.FOLDED
        return Quote(part=self.part.id, start=place.start, end=place.end, text=real, how=how)


def verifier(case: Case, criterion: Criterion) -> Verifier | None:
    """Return the verifier for the part that `criterion` reads, or None where the attempt lacks that part."""
    part = case.attempt.part(criterion.part)
    if part is None:
        return None
    return Verifier(part, (case.question.text, *texts_of(case.rubric)), strings(case.question.context))


def strings(noun: object) -> tuple[str, ...]:
    """Return every text that a noun holds, at any depth: what a question's context says."""
    if isinstance(noun, str):
        return (noun,)
    if isinstance(noun, msgspec.Struct):
        noun = [getattr(noun, name) for name in noun.__struct_fields__]
    return tuple(text for each in noun for text in strings(each)) if isinstance(noun, list | tuple) else ()


# --- pieces --------------------------------------------------------------------------------------------


def _pieces(quote: str) -> list[tuple[int, int]]:
    """Return where the stretches between ellipses stand in `quote`, those without a letter or figure left out."""
    found, start = [], 0
    for match in (*_ELLIPSIS.finditer(quote), None):
        end = match.start() if match else len(quote)
        wrapping = _QUOTED if start == 0 and match is None else _WRAPPING
        piece = quote[start:end]
        first = end - len(piece.lstrip(wrapping))
        last = start + len(piece.rstrip(_QUOTED if match is None else wrapping))
        if first < last and any(map(str.isalnum, quote[first:last])):
            found.append((first, last))
        start = match.end() if match else end
    return found


def _stands(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where `wanted` stands in `text` between word borders; without what graders add to its end if need be."""
    bare = wanted.rstrip(_ADDED)
    for said in dict.fromkeys((wanted, bare, _BEFORE.sub("", bare, count=1) if _BEFORE.match(bare) else bare)):
        found = False
        start = text.find(said) if said else -1
        while start >= 0:
            end, after = start + len(said), start + 1
            if _joined(text, start):  # within a word: on to the next one
                border = _BORDER.search(text, start)
                after = border.end() if border else len(text)
            elif not _joined(text, end):
                found = True
                yield start, end
            start = text.find(said, after)
        if found:
            return


def _joined(text: str, at: int) -> bool:
    """Return whether the characters on both sides of `at` belong to one word."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isalnum() and after.isalnum() and not (_UNSPACED.match(before) or _UNSPACED.match(after))


def _chain(text: str, places: Sequence[Sequence[_Place]]) -> list[_Place]:
    """Return one place a piece, in order and over no negation, or nothing."""
    chains: list[list[_Place]] = [[]]
    for following in places:
        longer = []
        for place in following:
            before = next((chain for chain in chains if not chain or _may_follow(text, chain[-1], place)), None)
            if before is not None:
                longer.append([*before, place])
        chains = longer
    return chains[0] if chains else []


def _may_follow(text: str, before: _Place, after: _Place) -> bool:
    """Return whether `after` stands behind `before`, and no negation is left out of the sentences that are cut."""
    if before.end > after.start:
        return False
    left = _sentence(text, before.end - 1)
    entered = _sentence(text, after.start)
    cut = {(before.end, min(left.end, after.start)), (max(entered.start, before.end), after.start)}
    return not any(is_negation(word.text.lower()) for start, end in cut for word in words(text[start:end]))


def _touching(text: str, places: Sequence[_Place]) -> list[_Place]:
    """Return the places, those joined between which nothing but punctuation stands."""
    found: list[_Place] = []
    for place in places:
        if found and not any(map(str.isalnum, text[found[-1].end : place.start])):
            last = found.pop()
            asked = None if last.asked is None or place.asked is None else f"{last.asked} ... {place.asked}"
            place = _Place(last.start, place.end, asked)
        found.append(place)
    return found


# --- the part -------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=64)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(sentences(text))


def _sentence(text: str, offset: int) -> Span:
    """Return the sentence that holds `offset`, or else the one before it."""
    found = _sentences(text)
    at = bisect.bisect_right(found, offset, key=lambda sentence: sentence.start) - 1
    return found[max(0, at)] if found else Span(0, len(text), text)


@functools.lru_cache(maxsize=64)
def _bare_sentences(text: str) -> frozenset[str]:
    return frozenset(_bare(sentence.text) for sentence in _sentences(text))


def _bare(said: str) -> str:
    return fold_text(said).strip(" .!?\"'")


def _is_long(said: str) -> bool:
    return word_count(said) >= MIN_WORDS

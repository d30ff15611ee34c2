"""text -> how it would sound: time, fillers, hedges, I and we, figures, repetitions; each by its rule."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import NamedTuple

from evalharness.errors import InputError, UnknownName
from evalharness.model.noun import Noun
from evalharness.model.nouns import Part, Question
from evalharness.text import language, quantities, tongues
from evalharness.text import words as prose
from evalharness.text.blocks import blank, blanked
from evalharness.text.language import is_english
from evalharness.text.numerals import is_number
from evalharness.text.patterns import Lazy
from evalharness.text.repetitions import Repeat, repeats
from evalharness.text.scripts import even

SLOW, MIDDLE, FAST = 130, 145, 160
"""Words a minute."""

MEASURES = ("speaking_time", "fillers", "hedges", "first_person", "quantities")

RULES: dict[str, str] = {
    "words": (
        "Words that are spoken: headings, list and table marks, comments, fenced code, images and addresses are not. "
        "Where a script writes no spaces between words, characters are counted: 2.3 in Japanese, 1.7 in Chinese, 3.5 "
        "in Thai and its neighbours take as long as a word."
    ),
    "speaking_time": (
        f"Seconds = words / {MIDDLE} x 60, an estimate; as a measure, divided by the question's time limit "
        "(1.0 = exactly on the limit)."
    ),
    "fillers": (
        "Fillers ('um', ', like,', 'you know', 'basically', 'sort of', ...) per 100 words, figures not "
        "counted as words."
    ),
    "hedges": ("Hedges ('maybe', 'I think', 'probably', 'kind of', ...) per 100 words, figures not counted as words."),
    "first_person": (
        "I / (I + we), from 0 to 1: I, me, my, mine, myself against we, us, our, ours, ourselves; 0 where "
        "there are none of them."
    ),
    "quantities": (
        f"Distinct quantities per 100 words. {quantities.RULE} In other languages than English every number counts "
        "but a year."
    ),
    "repeats": (
        "A run of four to six words that is said three times or more, or a sentence of four words or more said twice."
    ),
}
UNITS: dict[str, str] = {
    "speaking_time": "of the time limit",
    "fillers": "per 100 words",
    "hedges": "per 100 words",
    "first_person": "as the share of I in I and we",
    "quantities": "per 100 words",
}
"""What a measure's value is counted in, to write after it."""

# A phrase begins with what it begins with, then what may not stand before it: most words end the search at once.
FILLERS: tuple[str, ...] = (
    r"(?:um+|uh+|er|erm|hmm+|uhm+|ah)",
    r"(?=like,)(?<=, )like(?=,)",
    r"(?=like,)(?:(?<=\bwas )|(?<=\bwere )|(?<=\bit's )|(?<=\bjust ))like(?=,)",
    r"(?=like,)(?<![^\s.!?])like(?=,)",
    r"(?=you)(?<!\bdo )(?<!\bdid )(?<!\bif )(?<!\bas )(?<!\bwhen )(?<!\bthat )(?<!\bhow )(?<!\bwhat )"
    r"(?<!\blet )(?<!\bwould )"
    r"(?<!\bshould )(?<!\bwill )(?<!\bto )(?<!\bbefore )you know(?!\s+(?:that|what|how|why|who|where"
    r"|when|if|it|this|the|is|nothing))",
    (
        r"(?=sort)(?<!\bwhat )(?<!\bthis )(?<!\bthat )(?<!\bsome )(?<!\bany )(?<!\ba )(?<!\bthe )(?<!\bsame )"
        r"(?<!\bevery )(?<!\bwhich )sort of"
    ),
    r"basically",
    r"literally",
    r"honestly",
    r"obviously",
    r"i mean(?=,)",
    r"(?<=, )i mean",
    r"(?:to be honest|at the end of the day|if you will|you see(?=,)|as it were|so to speak|needless to say)",
    (
        r"(?:and stuff(?: like that)?|or something(?: like that)?|or whatever|and so on and so forth|and "
        r"things like that)"
    ),
    r"(?:okay|ok|alright|right|so yeah|yeah|well|anyway|anyways|so basically)(?=,)",
    r"(?<=, )right(?=\?)",
    r"actually",
)
HEDGES: tuple[str, ...] = (
    r"maybe",
    r"perhaps",
    r"probably",
    r"possibly",
    r"presumably",
    r"hopefully",
    r"somewhat",
    r"i think",
    r"i guess",
    r"i suppose",
    r"i feel like",
    r"i would say",
    r"i'd say",
    r"(?=kind)(?<!\bwhat )(?<!\bthis )(?<!\bthat )(?<!\bsome )(?<!\bany )(?<!\ba )(?<!\bthe )(?<!\bsame )"
    r"(?<!\bevery )(?<!\bwhich )"
    r"(?<!\bof )(?<!\bone )kind of",
    r"more or less",
    r"in a way(?=[,.])",
    r"a (?:little )?bit",
    r"(?:it )?seems? like",
    r"not (?:really |entirely |quite )?sure",
    r"as far as i (?:know|can tell|remember)",
    r"if i remember (?:correctly|right|rightly)",
)
# "US" is a country, "Phase I" a number.
_I = Lazy(
    r"(?<![\w.])(?:I(?:['\u2019](?:m|ve|d|ll))?|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|i(?:['\u2019](?:m|ve|d"
    r"|ll))?)(?![\w.]\w)(?!\w)"
)
_ROMAN = Lazy(r"\b(?:[Pp]hase|[Tt]ype|[Pp]art|War|[Cc]lass|[Tt]ier|[Ll]evel)\s+$")
_WE = Lazy(r"\b(?:[Ww]e(?:['\u2019](?:re|ve|d|ll))?|us|Us|[Oo]ur|[Oo]urs|[Oo]urselves)\b(?!['\u2019]\w)")
# List marks; images, link addresses, footnote marks, tags, entities; a link's words and inline code are spoken.
_NOT_SPOKEN = Lazy(
    r"^[ \t]{0,40}(?:(?:[-*+>][ \t]{1,40}){1,20}(?:\d{1,3}[.)][ \t]{1,40})?|\d{1,3}[.)][ \t]{1,40})"
    r"|^ {0,3}\[[^\[\]\n]{1,200}\]:[^\n]*"
    r"|!\[[^\[\]\n]{0,500}\](?:\([^()\n]{0,500}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,200}\])?"
    r"|(?<=\])(?:\([^()\n]{0,500}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,200}\])|\[\^[^\[\]\n]{1,100}\]"
    r"|<(?:/?[A-Za-z][^<>\n]{0,500}|[^<>\s@]{1,100}@[^<>\s@]{1,100})>|(?:\bhttps?://|\bmailto:|\bwww\.)[^\s<>]{1,2000}"
    r"|&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,30});",
    re.MULTILINE,
)
_AGAIN = Lazy(
    r"(?<![\w'-])((?:[^\W\d_]|'){1,20}(?: (?:[^\W\d_]|'){1,20}){0,2})[,.\u2026 -]{1,5}\1(?![\w'-])", re.IGNORECASE
)
_BROKEN_OFF = Lazy(r"(?<![\w'-])[^\W\d_]{1,12}[-\u2013\u2014](?=[ ,])")
_LINE = Lazy(r"(?<!\n)\n(?!\n)")
_URL_END = ".,;:!?)]}'\"\u2019\u201d*_"


class Found(NamedTuple):
    """One hit with its place: `text == whole[start:end]`."""

    start: int
    end: int
    text: str


class Speech(Noun):
    """The speaking measures of a text.  Seconds at 160, 145 and 130 words a minute; rates per 100 words.

    What is counted by English words means nothing where the text `is_english` not.
    """

    words: int
    seconds_low: float
    seconds: float
    seconds_high: float
    fillers: float
    hedges: float
    i: int
    we: int
    first_person: float
    quantities: tuple[quantities.Quantity, ...]
    repeats: tuple[Repeat, ...]
    is_english: bool = True


@functools.lru_cache(maxsize=16)
def speech(text: str) -> Speech:
    """Return all speaking measures of `text`; `RULES` says how each is counted."""
    count = spoken_words(text)
    i, we = first_persons(text)
    return Speech(
        words=count,
        seconds_low=count / FAST * 60,
        seconds=seconds(count),
        seconds_high=count / SLOW * 60,
        fillers=_rate(text, fillers(text)),
        hedges=_rate(text, hedges(text)),
        i=i,
        we=we,
        first_person=_share(i, we),
        quantities=quantities.distinct(quantities.find(spoken(text))),
        repeats=repeats(spoken(text)),
        is_english=is_english(spoken(text)),
    )


def measure(name: str, part: Part | str, question: Question) -> float:
    """Return the value of a measure of a part or its text, in `UNITS`.

    Raises UnknownName for a measure that is not one of `MEASURES`, and InputError where `speaking_time` has
    no time limit.
    """
    text = part.text if isinstance(part, Part) else part
    code = question.language or language_of(text)
    match name:
        case "speaking_time":
            if not question.time_limit:
                raise InputError(f"question '{question.id}' has no time_limit, which 'speaking_time' needs")
            return seconds(spoken_words(text)) / question.time_limit
        case "fillers":
            return _rate(text, fillers(text, code))
        case "hedges":
            return _rate(text, hedges(text, code))
        case "first_person":
            return _share(*(tongues.persons(code, spoken(text)) or first_persons(text)))
        case "quantities":
            if code in tongues.RULES:
                count = len({found.text for found in numbers(text, code)})
            else:
                count = len(quantities.distinct(quantities.find(spoken(text))))
            return 100 * count / max(1, spoken_words(text))
        case _:
            raise UnknownName("measure", name, MEASURES)


@functools.lru_cache(maxsize=64)
def spoken(text: str) -> str:
    """Return `text` with what nobody says blanked (see `RULES`), the rest at its old offsets."""
    return _NOT_SPOKEN.sub(_unsaid, prose.without_headings(blanked(text)))


def _unsaid(match: re.Match[str]) -> str:
    """Return blanks for what is not said; the stop after an address ends a sentence, so it stays."""
    said = match.group()
    bare = said.rstrip(_URL_END) if said.startswith(("http", "www.", "mailto:")) else said
    return blank(bare) + said[len(bare) :]


@functools.lru_cache(maxsize=64)
def spoken_words(text: str) -> int:
    """Return how many words of `text` are spoken."""
    return prose.word_count(spoken(text))


def seconds(count: int, pace: float = MIDDLE) -> float:
    """Return how many seconds `count` words take at `pace` words a minute."""
    return count / pace * 60


def fillers(text: str, code: str = "") -> tuple[Found, ...]:
    """Return the fillers of `text` in order, in the language `code`, else in its own; see `is_counted`."""
    return _listed(0, _FILLER, text, code)


def hedges(text: str, code: str = "") -> tuple[Found, ...]:
    """Return the hedges of `text` in order, in the language `code`, else in its own; see `is_counted`."""
    return _listed(1, _HEDGE, text, code)


def numbers(text: str, code: str = "") -> tuple[Found, ...]:
    """Return the numbers of `text` in order: quantities in English, elsewhere figures and number words."""
    code = code or language_of(text)
    if code in tongues.RULES:
        said, places = even(spoken(text))
        years = {places[at] for at in tongues.years(code, said.replace("\n", " "))}
        return tuple(found for found in _hits(tongues.RULES[code][2], text) if found.start not in years)
    return tuple(Found(q.start, q.end, text[q.start : q.end]) for q in quantities.find(spoken(text)))


def _listed(place: int, english: Lazy, text: str, code: str) -> tuple[Found, ...]:
    """Return what the lists of a language find; nothing in a language that has none, see `is_counted`."""
    code = code or language_of(text)
    if code in tongues.RULES:
        return _hits(tongues.RULES[code][place], text)
    return _hits(english, text) if code == "en" else ()


def restarts(text: str, code: str = "") -> tuple[Found, ...]:
    """Return where words are said again at once (`we had, we had`), or broken off; see `is_counted`."""
    code = code or language_of(text)
    (read, places), meant = even(spoken(text)), tongues.doubles(code)
    said = _LINE.sub(" ", read)
    found = [m for m in _AGAIN.finditer(said) if m[1].casefold() not in meant]
    hits = sorted([*found, *_BROKEN_OFF.finditer(said)], key=lambda m: m.start())
    stretches = ((places[m.start()], places[m.end() - 1] + 1) for m in hits)
    return tuple(Found(start, end, text[start:end]) for start, end in stretches)


def language_of(text: str) -> str:
    """Return the code of the language that `text` is in; empty where it is none that is known."""
    return language.of(spoken(text))


def is_counted(name: str, text: str, code: str = "") -> bool:
    """Return whether what the measure `name` counts is known in the language of `text`."""
    code = code or language_of(text)
    if name == "first_person":
        return code == "en" or tongues.persons(code, "") is not None
    if name == "restarts":
        return code in language.NAMES and not prose.is_blankless(text)
    return code in language.NAMES


def first_persons(text: str) -> tuple[int, int]:
    """Return how often the speaker says I (me, my, ...) and we (us, our, ...)."""
    said = spoken(text)
    i = sum(
        1 for m in _I.finditer(said) if m.group() != "I" or not _ROMAN.search(said, max(0, m.start() - 8), m.start())
    )
    return i, sum(1 for _ in _WE.finditer(said))


def first_i(text: str) -> int | None:
    """Return where the speaker first says I, me or my, or None."""
    said = spoken(text)
    places = (m.start() for m in _I.finditer(said) if not (m.group() == "I" and _ROMAN.search(said[: m.start()][-8:])))
    return next(places, None)


def _compiled(phrases: Iterable[str]) -> Lazy:
    return Lazy(rf"(?<![\w'-])(?:{'|'.join(phrases)})(?![\w'-])")


_FILLER, _HEDGE = _compiled(FILLERS), _compiled(HEDGES)


@functools.lru_cache(maxsize=64)
def _hits(rule: Lazy, text: str) -> tuple[Found, ...]:
    read, places = even(spoken(text))
    said = read.replace("\u2019", "'").replace("\n", " ").replace("\u0130", "I").lower()  # as long as before
    stretches = ((places[m.start()], places[m.end() - 1] + 1) for m in rule.finditer(said))
    return tuple(Found(start, end, text[start:end]) for start, end in stretches)


def _rate(text: str, found: tuple[Found, ...]) -> float:
    return 100 * len(found) / max(1, _words_not_numbers(text)) if found else 0.0


@functools.lru_cache(maxsize=16)
def _words_not_numbers(text: str) -> int:
    said = even(spoken(text))[0]
    if prose.is_blankless(said):
        return prose.word_count(said)
    return sum(not is_number(word.lower()) for word in prose.texts_of_words(said))


def _share(i: int, we: int) -> float:
    return i / (i + we) if i + we else 0.0

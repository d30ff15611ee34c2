"""words of a line -> how much they look like a question, a story, advice, a list of missions; all of them weak votes."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from evalharness.documents.times import bounds
from evalharness.text.words import sentences

REQUESTS = frozenset("tell describe walk give explain share talk name discuss take imagine suppose introduce convince sell compare cu\u00e9ntame cuentame h\u00e1bleme describa erz\u00e4hlen beschreiben nenne nennen racontez d\u00e9crivez parlez parli racconti vertel beschrijf".split())  # fmt: skip
WH = frozenset(
    """how what why when where which who whose whom what's whats who's how's where's qu\u00e9 c\u00f3mo cu\u00e1l cu\u00e1ndo qui\u00e9n d\u00f3nde cu\u00e1nto cu\u00e1ntos cu\u00e1ntas wie was wer wo warum wann welche welcher welches wieviel wem wof\u00fcr wieso weshalb comment o\u00f9 pourquoi quel quelle quels quelles combien
chi cosa quale quali quanto quanti quante quanta quando perch\u00e9 come dove onde hoe wie wat waarom welk welke hoeveel waar wanneer quem qual whos hows wheres""".split()
)
AUXILIARY = frozenset(
    "do does did have has had are is was were can could would will should may might if any ever whether".split()
)
_NEXT = frozenset(
    "i we he she it they there the a an your our this that my any anyone anybody everyone everybody somebody someone all".split()
)
_YOU = frozenset("you your you're you've you'd yourself u ur".split())
_FIRST = frozenset("i i'm i've i'd i'll me my mine myself we we've we'd we're our us".split())
_THIRD = frozenset("he she they his her their he's she's they're them him".split())
_IMPERATIVE = frozenset("""
add aim always anchor answer ask avoid be begin breathe bring check choose close connect consider cut demonstrate describe don't dont do drop
emphasise emphasize end ensure explain expect finish focus frame get give go have highlight hold include invite keep lead leave let
link listen look make mention mind name never note open pause pick point practise practice prepare put quantify quote remember
remind repeat reference research say sell set share show skip sit slow smile speak start state stay stick stop take talk tell think tie try
use wait walk watch wear write
""".split())  # fmt: skip
_PAST = frozenset("was were had did went came took made got gave said told found felt thought knew saw left kept built ran led wrote brought began became lost won met put set cut let spent sent held stood grew drew fell hit paid read sold taught understood broke chose drove rang".split())  # fmt: skip
_SAME = frozenset("put set cut let hit read".split())
MOST_ORDERED = 9
STAR = frozenset("situation task action actions result results problem challenge outcome learning learnings lesson context approach impact reflection complication background obstacle goal s t a r".split())  # fmt: skip
PARTS = STAR | frozenset("""
aufgabe handlung ergebnis lage aktion t\u00e2che r\u00e9sultat situaci\u00f3n tarea acci\u00f3n resultado situazione compito azione risultato situatie taak actie
resultaat reflectie situa\u00e7\u00e3o tarefa a\u00e7\u00e3o sytuacja zadanie dzia\u0142anie rezultat uppgift handling resultat tasks activities activity takeaway star
""".split())  # fmt: skip
_BETWEEN = frozenset("the and i my what of und et y e en i".split())
_AND = frozenset("and but or und aber et mais y pero e ma mas en maar".split())
_SUBJECTS, _OBJECTS = frozenset("it they she he afterwards".split()), frozenset("him them her his their that".split())
_ARTICLES = frozenset(
    "a an the someone somebody anyone anybody people everyone everybody your our my this these those".split()
)
_ANSWER = frozenset("answer answers response responses respuesta antwort".split())
_LATER = frozenset("todo tbd tba yet pending pendiente offen placeholder".split())
_QUESTIONS = frozenset("questions anything ask fragen preguntas pregunta preguntar domande vragen perguntas".split())
_OURS = frozenset("us me panel nosotros uns nous noi ons".split())
_HAVE = frozenset("have got haben hast avez tienes tiene ha hai heb heeft hebt tem any".split())
_QUOTES = " \"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb*_"
_TAIL = re.compile(r"\s{0,8}[(\[][^()\[\]]{0,80}[)\]]\s*$")
WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@functools.lru_cache(maxsize=131072)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters; an apostrophe stays inside of a word."""
    return tuple(found[0].lower().replace("\u2019", "'") for found in WORD.finditer(text))


@functools.lru_cache(maxsize=131072)
def asks(text: str) -> float:
    """Return how much a line looks like something that is asked, from 0 to 1."""
    bare = untailed(text).strip("\"'\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb*_ ")
    found = words(bare)
    if len(found) < 2 or len(found) > 160:
        return 0.9 if bare.endswith("?") and len(found) == 1 else 0.0
    if bare.endswith("?"):
        return 0.95 if len(sentences(bare)) < 4 else 0.45  # the end of a whole paragraph
    first, second = found[0], found[1]
    if first in {"please", "and", "so", "ok", "okay", "now", "por", "di"} and len(found) > 3:
        first, second = found[1], found[2]
    parts = sentences(bare) if "?" in bare else []
    if any(part.text.rstrip("\"'\u201d\u2019) ").endswith("?") for part in parts[:2]):
        return 0.6
    asked = any(
        word in {"me", "us"} and after in {"through", "about", "how", "what", "why", "your", "a", "an", "one", "of"}
        for word, after in itertools.pairwise(found)
    )
    return max(
        _opening(first, second, found, bare[-1:]), 0.8 if asked and (first in _IMPERATIVE or first in REQUESTS) else 0.0
    )


def _opening(first: str, second: str, found: tuple[str, ...], text_end: str) -> float:
    if first in REQUESTS:
        firm = (
            second in {"me", "us", "about", "through"}
            or {"me", "us"} & set(found[:4])
            or {"time", "example", "situation", "moment"} & set(found[:6])
        )
        return 0.8 if firm else 0.55 if _YOU & set(found) else 0.4
    if first in WH:
        return (
            0.1
            if second == "to" or (second.partition("'")[0] in {"i", "we", "they", "you"} and found[2:3] != ("do",))
            else 0.6
            if second in AUXILIARY or found[2:3] == ("you",)
            else 0.35
            if _YOU & set(found)
            else 0.3
            if len(found) <= 10 and bool(text_end.strip(".!:"))
            else 0.2
        )
    if first in AUXILIARY and second in _YOU | _THIRD | {"there", "we", "i"}:
        return 0.65 if first not in {"if", "whether"} else 0.4
    if first in AUXILIARY and text_end not in ".!:,;" and len(found) > 3:
        return 0.5 if second in _NEXT and first not in {"had", "did", "was", "were", "any", "ever"} else 0.35
    return (
        0.35
        if _YOU & set(found[1:]) and text_end not in ".!:" and first not in _IMPERATIVE | _YOU and len(found) < 25
        else 0.0
    )


def untailed(text: str) -> str:
    """Return a line without the brackets at its end."""
    bare = text.strip()
    while bare[-1:] in ")]" and (found := _TAIL.search(bare[-90:])) and len(found[0]) < len(bare):
        bare = bare[: len(bare) - len(found[0])].rstrip()
    return bare


def unremarked(text: str) -> str:
    """Return a question without what is said of it behind its mark: in brackets, behind a dash or an arrow."""
    bare = untailed(text)
    asked, mark, remark = bare.rpartition("?")
    rest = remark.strip(_QUOTES)
    return asked + mark if mark and rest and not rest[0].isalnum() and words(asked) else bare


@functools.lru_cache(maxsize=131072)
def advises(text: str) -> float:
    """Return how much a line looks like something to do or to avoid in the conversation, from 0 to 1."""
    found = words(text)
    if not found or asks(text) > 0.85:
        return 0.0
    score = 0.0
    if found[0] in _IMPERATIVE or (found[0] in {"and", "then", "also"} and found[1:2] and found[1] in _IMPERATIVE):
        score += 0.7
    if found[0] in {"no", "not", "less", "more"} or {"not", "never", "don't", "dont"} & set(found[:6]):
        score += 0.25
    if _YOU & set(found) or found[0] == "if":
        score += 0.2
    if _FIRST & set(found):
        score -= 0.5
    return max(0.0, min(1.0, score))


def names_part(text: str) -> bool:
    """Return whether a text only names a part of an answer: "Situation:", "S [situation]", "T + A"."""
    found = {word for word in words(text) if word not in _BETWEEN}
    return bool(found) and found <= PARTS


def orders(text: str) -> bool:
    """Return whether a short line says what to do, in a verb that is no past of the same letters."""
    found = words(text)
    return 0 < len(found) <= MOST_ORDERED and advises(text) >= 0.7 and found[0] not in _PAST


def recounts(text: str) -> bool:
    """Return whether a line says what somebody did; a past that looks like its present needs somebody who did it."""
    found = words(text)
    past = _PAST if _FIRST & set(found) else _PAST - _SAME
    return any(word in past or (word.endswith("ed") and len(word) > 4) for word in found)


def asks_how(text: str) -> bool:
    """Return whether a question asks for a way of doing something: it is answered by what to do."""
    found = words(text)
    return (
        found[:1] == ("how",)
        or bool({"would", "will", "steps", "approach"} & set(found))
        or "do you do" in " ".join(found)
    )


def reminds(text: str) -> float:
    """Return how much a point below an answer is what its author means to change in it, from 0 to 1."""
    found = words(text)
    if not found or (_FIRST - {"my"}) & set(found):
        return 0.0
    brief = 0.4 * (text[:1].islower() and len(found) <= 6 and text[-1:] not in ".,;")
    pressing = 0.3 * (text[-1:] in "!?")
    return min(1.0, advises(text) + brief + pressing)


@functools.lru_cache(maxsize=131072)
def judges(text: str) -> bool:
    """Return whether a line asks or says what an answer needs, and so neither asks for an answer nor names one."""
    found = words(text)
    at = next((i for i, word in enumerate(found) if word in _ANSWER), 0)
    return at > 0 and len(found) <= 12 and found[0] in WH | _THIRD and not (_YOU | _FIRST) & set(found)


@functools.lru_cache(maxsize=131072)
def tells(text: str) -> float:
    """Return how much a text looks like somebody telling what happened, from 0 to 1."""
    found = words(text)
    if not found:
        return 0.0
    first = sum(word in _FIRST for word in found) / len(found)
    past = sum(word in _PAST or (word.endswith("ed") and len(word) > 4) for word in found) / len(found)
    second = sum(word in _YOU for word in found) / len(found)
    length = min(1.0, len(found) / 40)
    return max(
        0.0, min(1.0, 6 * first + 4 * past - 5 * second + 0.3 * length - (0.3 if found[0] in _IMPERATIVE else 0))
    )


@functools.lru_cache(maxsize=131072)
def owns(text: str) -> float:
    """Return how much a text speaks of its speaker, from 0 to 1."""
    found = words(text)
    return min(1.0, 10 * sum(word in _FIRST for word in found) / len(found)) if found else 0.0


def turns(text: str) -> bool:
    """Return whether a line reminds its author to ask somebody something: "ask Dana about visa", "... (ask!)"."""
    found = words(text)
    bare = untailed(text)
    if bare != text.strip() and words(text.strip()[len(bare) :])[:1] == ("ask",):
        return True
    start = 1 if found[:1] == ("ask",) else 2 if found[:2] == ("find", "out") else 0
    if not start or len(found) < 4 or found[1] in _YOU | WH:
        return False
    return bool((WH | {"about", "whether", "if"}) & set(found[2 : start + 3]))


@functools.lru_cache(maxsize=131072)
def leans(text: str) -> bool:
    """Return whether a short question only makes sense after what was said: "And if they refuse?", "How did it end?"."""
    found = words(untailed(text))
    if not 0 < len(found) <= 14 or found[0] in _AND:
        return len(found) in range(3, 15) and found[1] not in {"your", "ihre", "vos", "sus"}
    at = next((at for at, word in enumerate(found) if at and (word in _SUBJECTS or (word in _OBJECTS and at <= 3))), 0)
    told = not at or bool(_ARTICLES & set(found[:at]))
    return not told and not (found[at] == "it" and {"when", "if", "that", "to", "like", "is"} & set(found[at:]))


def narrates(text: str) -> bool:
    """Return whether somebody tells of themselves in the sentences of a line."""
    return len(sentences(text)) > 1 and owns(text) > 0 and tells(text) >= 0.5 and asks(text) < 0.35


def invites(text: str) -> bool:
    """Return whether a line only asks whether there are questions for the one who asks it."""
    found = words(text)
    at = next(
        (i for i, word in enumerate(found) if word in _QUESTIONS or (word == "know" and found[i - 1] == "to")), -1
    )
    if len(found) > 22 or at < 0 or asks(text) <= 0.5:
        return False
    ours = bool(_OURS & set(found[at:])) and bool(_YOU | {"anything", "any"} & set(found))
    return ours or (len(found) <= 9 and found[0] not in WH and bool(_HAVE & set(found[:at])))


def is_empty(text: str) -> bool:
    """Return whether a line only keeps the place of an answer: blanks to fill in, a remark in brackets, a note to oneself."""
    bare, found = text.strip(), words(text)
    bracketed = bare[:1] in "[(" and bare[-1:] in "])"
    later = bool(_LATER & set(found)) and not (_FIRST - {"my", "we", "us", "our"}) & set(found)
    return not found or (len(found) <= 12 and (bracketed or later))


def offers(text: str) -> bool:
    """Return whether a line offers the reader something more, as chat tools do at the end."""
    found = words(next((part.text for part in reversed(sentences(text))), ""))
    return (
        bool(found)
        and found[0] in {"would", "do", "want", "shall", "should", "let", "just", "if", "i"}
        and (bool({"me", "i"} & set(found)) or found[:3] == ("would", "you", "like"))
        and bool({"you", "your", "me"} & set(found))
        and ("?" in text or text.endswith(("!", ":")))
    )


@functools.lru_cache(maxsize=131072)
def hints(text: str) -> float:
    """Return how much a line under a question looks like a hint on it and not like its answer."""
    found = words(text)
    if not found:
        return 0.0
    score = (
        0.5 * advises(text)
        + 0.35 * bool(_THIRD & set(found[:3]))
        + 0.3
        * (found[0].endswith("s") and found[0] in {"wants", "looks", "tests", "checks", "asks", "expects", "likes"})
    )
    return max(0.0, score - (0.7 if _FIRST & set(found) else 0) - 0.01 * len(found))


def is_time(text: str) -> bool:
    """Return whether a line says little more than how long to speak."""
    return len(words(text)) <= 14 and bounds(text)


def share(scores: Sequence[float], least: float = 0.5) -> float:
    """Return which share of `scores` reach `least`."""
    return sum(score >= least for score in scores) / len(scores) if scores else 0.0

"""words of a question or heading -> who asks whom: the persons of its grammar, of possession, and what is possessed.

What somebody asks a candidate says "you" of one person and of the past; what a candidate asks says "I" of the future and
"you" of a team. Each of these is a weak vote; whole lists of questions are judged by their mean.
"""

from __future__ import annotations

import functools
import itertools
import re

from evalharness.documents.features import AUXILIARY, REQUESTS, WH, WORD, asks, leans, untailed, words
from evalharness.text.words import sentences

SELF = frozenset("i i'd i'll i'm ich yo io eu ik myself zelf selbst".split())
MINE = frozenset("my mine m\u00eda m\u00edas mein meine meinen mi mis mon ma mes mio mie mijn minhas".split())
_OWN_ONES = frozenset("own eigene eigenen eigen propias propios propie propres pr\u00f3prias".split())
ME = frozenset("me us mich mir uns moi nous".split())
WE = frozenset("we our ours wir unser unsere unserem unseren notre nuestro nuestra".split())
YOU = frozenset("you u sie du vous usted tu t\u00fa te je jij lei voi".split())
YOURS = frozenset(
    "your ur ihr ihre ihrem ihren ihrer dein deine votre vos su sus tu tus jullie jouw uw suo sua vostro vostra".split()
)
THEY = frozenset("they he she ellos ellas ils loro ze zij panel interviewer interviewers".split())
_TITLED = frozenset("panel interviewer interviewers".split())
THEM = frozenset("them him her les le leur ihnen hen hun".split())
PERSONS = SELF | ME | WE | THEY | THEM
MANY = frozenset("guys all folks ustedes jullie voi".split())
_PLACE = frozenset("""
team teams team's company company's office staff crew department organisation organization firm people users customers clients product products
roadmap stack culture process processes unit lab group school site sites branch board leadership founders engineers apprentices trainees interns
equipo empresa abteilung unternehmen haus firma \u00e9quipe entreprise
""".split())  # fmt: skip
_OWN = frozenset("""
strength strengths weakness weaknesses experience career cv resume goal goals hobby hobbies last previous current former boss manager approach style
studies degree biggest greatest proudest worst best life salary favourite favorite opinion view background motivation colleagues crew
st\u00e4rken schw\u00e4chen lebenslauf peor mayor mejor experiencia debilidades
""".split())  # fmt: skip
_THERE = frozenset("here there role position job post team day week month year company people person success next onboarding hier aqu\u00ed ici".split())  # fmt: skip
_PAST = frozenset("have had did were was ever hast haben hatten habe ha has".split())
_WISH = frozenset(
    "want wanna know learn hear find raise wonder curious wissen saber pregunto savoir sapere chiedo weten".split()
)
_MERE = frozenset("know learn hear find raise".split())
_CONCERN = frozenset(
    "interessieren interessiert interest interests int\u00e9resse int\u00e9resserait interesa interessa interesseert".split()
)
_TURN = frozenset("turn turns tables tocca toca tour reihe beurt".split())
_END = frozenset("closing end fin ende schluss einde slot".split())
_ASK = frozenset(
    "ask asking asks questions question qs frage demander demande vraag pregunta preguntas vragen chiedere domande preguntar perguntas fragen".split()
)
_FRENCH = frozenset("que qu ce veux voudrais savoir demander demande vais peux leur".split())
_TOWARDS = frozenset("for to ask with at an asked para a per pour".split())
_VERBS = frozenset("ask preguntar demander chiedere".split())
_AT = frozenset("for to para an ans au aux \u00e0 al alla aan per".split())
_FROM = frozenset("from by von par da".split())
_HOLD = frozenset("have got habe ai tengo ho heb".split())
_FIRST = frozenset(
    "then and also so maybe or finally dann noch auch luego puis ensuite poi would will must should".split()
)
_WHETHER = WH | frozenset("whether if ob si se".split())
_WHY = frozenset({"why", "warum", "pourquoi"})
_EXISTS = frozenset(
    {("gibt", "es"), ("il", "y"), ("est", "ce"), ("is", "er"), ("zijn", "er"), ("c'\u00e8", "un"), ("ci", "sono")}
)
_GENERAL = frozenset("a an means mean difference between".split())
_SPECIAL = frozenset("the this these that those my me".split())
_IF = frozenset("whether ob".split())
_DETERMINERS = frozenset(
    "the this that they their there a an der die das den dem ein eine de het een le la les l un une el los las il lo gli i".split()
)
_AND_WHETHER = re.compile(rf",? (?:and|or|und|oder|et|ou|y|e|o|en|of) (?=(?:{'|'.join(sorted(_WHETHER))}) \w+ \w+)")
_AND = re.compile(r"(?i)(?:and|or|also|und|oder|auch|et|ou|y|e|o|en|of)\s+")
_QUOTED = re.compile('["\u201c\u201e\u00ab] ?([^"\u201c\u201d\u201e\u00ab\u00bb]{8,300}\\?)')
_CLEAR, SHORT = 0.6, 6
_MAY = frozenset("may might could".split())
_AWAIT = frozenset("expect get got face prepare prepared practise practice asked fear hope rehearse may might could likely expected erwarte".split())  # fmt: skip


@functools.lru_cache(maxsize=131072)
def seeks(text: str) -> float:
    """Return who a question is put to: 1 to a company by a candidate, -1 to a candidate, 0 where it does not show."""
    found = words(untailed(text))
    if len(found) < 2:
        return 0.0
    told = found[0] in REQUESTS or (found[1] in REQUESTS and found[0] in {"please", "can", "could", "bitte"})
    near = {(a, b) for a, b in itertools.pairwise(found)}
    you, wide = (
        bool(YOU & set(found)),
        bool(MANY & set(found[2:])) and bool(YOU & set(found) or MANY & {"ustedes"} & set(found)),
    )
    score = -0.8 if told or any(a in REQUESTS and b in ME for a, b in near) else 0.0
    score += 0.6 * (bool((SELF | MINE | {"me"}) & set(found)) and not told)
    score -= 0.5 * bool((WE | ME - {"me"}) & set(found))
    score += 0.6 * wide
    score -= 0.5 * any((a in YOU and b in _PAST) or (a in _PAST and b in YOU) for a, b in near)
    score -= 0.6 * bool({"yourself", "you've", "you'd"} & set(found)) + 0.3 * (("would", "you") in near)
    score += _possession(found)
    score += 0.15 * bool(_THERE & set(found)) + 0.1 * (found[0] in {"is", "are", "will", "who", "whose"})
    score -= 0.3 * (found[0] in _WHY and len(found) <= 3)
    score += 0.25 * (not you and not YOURS & set(found) and found[0] in WH | AUXILIARY)
    score -= 0.1 * (you and not wide and not (YOURS | _THERE | SELF) & set(found) and len(found) <= SHORT)
    score += 0.35 * (near & _EXISTS != set()) - 0.35 * _defines(found)
    return max(-1.0, min(1.0, score))


def _defines(found: tuple[str, ...]) -> bool:
    """Return whether a question is about things of a kind and none that both know: "what is a ...", "what does ... mean"."""
    general = bool(_GENERAL & set(found[1:])) and not (_SPECIAL | YOU | YOURS | SELF | _THERE) & set(found)
    return general and found[0] in WH and found[1] not in {"happened", "happens"}


def reports(text: str) -> float:
    """Return how much a text is what somebody would ask, told and not asked: "how the shifts are shared", "ob es ... gibt"."""
    found = words(text)
    if len(found) < 3 or text.rstrip(") ").endswith("?"):
        return 0.0
    second = found[1].partition("'")[0]
    told = found[0] in WH and (second in _DETERMINERS | YOU | YOURS) and found[1] != found[0]
    return 1.0 if found[0] in _IF else 0.8 * told


def _possession(found: tuple[str, ...]) -> float:
    """Return what the things that are "yours" speak for: a team of the company's, a weakness of the candidate's."""
    score = 0.0
    for at, word in enumerate(found):
        if word in YOURS:
            after = set(found[at + 1 : at + 3])
            many = 0.2 * (found[at - 1] in {"of", "de", "von"} or found[at + 1 : at + 2] == ("own",))
            score += 0.45 if after & _PLACE else -0.4 if after & _OWN else 0.1 + many
    return score


@functools.lru_cache(maxsize=131072)
def turned(name: str) -> float:
    """Return who asks below a heading: 1 where it is the candidate ("what I want to know", "for them"), -1 where they do."""
    spelled = name.replace("-", " ").replace("\u2019", "'").split()
    found = tuple(word.partition("'")[0] for word in words(name.replace("-", " ")))[:20]
    known = set(found)
    score = (
        0.9 * any(_invites(found, at) for at in range(len(found)))
        + 0.5 * bool(known & _TURN)
        + 0.3 * bool(known & _END)
        + (0.7 if {"je", "j"} & known and known & _FRENCH else 0.0)
        + 0.7 * any(pair[0] in _OWN_ONES and pair[1] in _ASK for pair in _beside(found))
    )
    for at, word in enumerate(found):
        before, after = set(found[max(0, at - 2) : at]), found[at + 1 : at + 3]
        if word in SELF | MINE:
            later = _ASK & set(found[at + 1 :])
            wished = bool(later if _ASK & set(found[:at]) else known & _ASK) or bool(known & _WISH)
            wished = wished or bool(known & _ASK and _HOLD & {*found[at - 1 : at], *found[at + 1 : at + 2]})
            wished = wished or (word in MINE and bool(_ASK & known))
            score += -0.5 if known & _AWAIT and not later else 0.7 if wished else 0.25 if word in SELF else 0.4
        elif word in THEM and (before & _TOWARDS or word == "les"):
            score += 0.7
        elif word in THEY or (word == "sie" and "sie" in spelled):
            asking = bool(known & (_ASK | _WISH | _AWAIT)) or (len(found) <= 4 and word not in _TITLED)
            if word == "sie" and SELF & before:  # "ich sie fragen": those who are asked
                continue
            score += (
                0.7 if before & _TOWARDS else -(0.7 if asking else 0.3 * (word not in _TITLED)) * (not known & _TURN)
            )
        elif word in ME:
            score += _to_me(found, at, bool(known & _TURN))
        elif word in YOU | YOURS:
            score += _of_you(found, at)
        elif word in _WISH | _ASK and not known & (SELF | THEY | ME):
            score += 0.6 * (bool(before & {"to"}) or bool(set(after[:1]) & _AT))
            score += 0.8 * (word in _VERBS and known.isdisjoint(_ASK - _VERBS) and set(found[:at]) <= _FIRST)
    return max(-1.0, min(1.0, score))


def _beside(found: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return the words in pairs, each with the one behind it and with the one before it."""
    return tuple(pair for one in itertools.pairwise(found) for pair in (one, one[::-1]))


def _invites(found: tuple[str, ...], at: int) -> bool:
    """Return whether somebody is said to be asked for questions there: "if you've got anything for them"."""
    thing = found[at] == "anything" or (found[at] in _ASK and "any" in found[max(0, at - 2) : at])
    return thing and (at + 1 == len(found) or found[at + 1] in {"for", "to", "of"})


def _of_you(found: tuple[str, ...], at: int) -> float:
    """Return who asks where the reader is named, as a coach or a chat tool does: "you could ask", "your questions"."""
    word, before = found[at], found[:at]
    if word in YOURS:
        return 0.5 if _ASK & set(found[at + 1 : at + 2]) else 0.0
    if before[-1:] == ("asks",):  # somebody else does
        return -0.6
    if word == "te":  # whom it is put to
        return -0.6 if _ASK & set(found) else 0.0
    if _ASK & set(found[at + 1 : at + 5]) and before[-1:] not in {("ask",), ("asked",)}:
        return 1.2
    return 0.6 if _ASK & set(before) and not set(found) & (_AWAIT - _MAY) else 0.0


def _to_me(found: tuple[str, ...], at: int, turning: bool) -> float:
    """Return who asks where "me" is named: "from me" and "let me ask" speak for the candidate, "asked me" does not."""
    before = set(found[max(0, at - 2) : at])
    if _CONCERN & set(found):
        return 0.7
    if found[:2] == ("me", "to"):  # "me to them"
        return 0.7
    if (at == 0 and _ASK & set(found[1:3])) or (at and found[at - 1] in _FROM):
        return 0.7
    return (0.6 if turning else -0.6) * (at == 0 or bool(before & (_WISH | _ASK | _TOWARDS)))


@functools.lru_cache(maxsize=131072)
def wishes(text: str) -> tuple[str, ...]:
    """Return what somebody would like to ask in sentences that say so: "I'd ask: who ...? I want to know how ..."."""
    if (quoted := _QUOTED.search(text)) and turned(text[: quoted.start()]) >= _CLEAR:
        return (quoted[1],)
    lead, _, rest = text.partition(": ")
    if turned(lead) >= _CLEAR and len(listed(rest)) > 1:
        return tuple(listed(rest))
    found: list[str] = []
    led = False
    for part in sentences(text):
        turn, asked = _wish(part.text, led=led)
        brief = leans(part.text) or len(words(part.text)) < SHORT
        aside = led and not turn and brief and seeks(part.text) <= 0  # "is that too much?", of what was said
        led = led or turn
        found += asked if led and not aside else []
    return tuple(found) if sum(map(seeks, found)) >= -0.3 * len(found) else ()


def _wish(sentence: str, *, led: bool) -> tuple[bool, list[str]]:
    """Return whether a sentence leads to what is asked of them, and what it asks: behind a colon or comma, or indirectly."""
    for mark in (": ", ", "):
        lead, _, rest = sentence.partition(mark)
        opens = mark == ": " or not (_WHETHER | AUXILIARY).isdisjoint(words(rest)[:1])
        if opens and asks(rest) > 0.5 and (turned(lead) >= _CLEAR or (led and mark == ": ")):
            parts = _parts(rest)
            return True, parts if all({*words(part)[:1]} <= _WHETHER for part in parts) else [rest]
    spans = [*WORD.finditer(sentence)]
    found = words(sentence)
    indirect = asks(sentence) <= 0.9 or found[:1] == ("may",)
    for at, word in enumerate(found[:-2] if indirect else ()):
        if word in _ASK and at and found[at - 1] in SELF and not led:
            continue  # "I ask them which rule they would drop" tells of a habit
        if word in _MERE and at and found[at - 1] in SELF:
            continue  # and "I know what matters" of what is known
        mine = led and bool(SELF & set(found[max(0, at - 2) : at]))
        if (word == "asked" and mine) or (
            word in _ASK | _WISH | _CONCERN and turned(sentence[: spans[at].end()]) >= _CLEAR
        ):
            start = next((i for i in range(at + 1, min(at + 5, len(found))) if found[i] in _WHETHER), 0)
            if start:
                return True, _parts(sentence[spans[start].start() :])
    if asks(sentence) > 0.9:
        _, _, rest = sentence.partition(", ")
        apart = rest[:1].isupper() and {*words(rest)[:1]} <= WH | AUXILIARY and not {*words(sentence)[:1]} <= WH
        return False, [rest if apart else sentence]  # with a capital of its own it begins behind what leads to it
    bare = _AND.sub("", sentence, count=1) if _AND.match(sentence) else sentence
    if led and reports(bare):
        return False, _parts(bare)
    return turned(sentence) >= _CLEAR and (
        sentence.endswith(":") or any(_invites(found, i) for i in range(len(found)))
    ), []


def listed(text: str) -> list[str]:
    """Return what stands in one line between slashes or semicolons."""
    return [part.strip() for part in re.split(r" / |; ", text) if len(words(part)) > 1]


def _parts(text: str) -> list[str]:
    """Return the indirect questions in a row: "how many share a shift, and whether ..."."""
    found: list[str] = []
    for piece in _AND_WHETHER.sub(", ", text.rstrip(" .")).split(", "):
        bare = piece.removeprefix("and ")
        if found and words(bare)[:1] and words(bare)[0] not in _WHETHER:
            found[-1] += f", {piece}"
        else:
            found.append(bare)
    return found

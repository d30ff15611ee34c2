"""text of an anchor -> whether it only judges; and its words, as all advice on rubrics compares them."""

from __future__ import annotations

import re

from evalharness.text.numerals import is_number, word_set

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def is_vague(text: str) -> bool:
    """Return whether an anchor says how good something is and not what can be seen; absence can be seen."""
    words = words_of(text)
    if any(word in _ABSENCE or is_number(word) for word in words):
        return False
    judged = sum(_judges(word) for word in words)
    seen = sum(word not in _EMPTY and not _judges(word) for word in words)
    return not seen or seen < judged


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case."""
    return tuple(word.lower().replace("\u2019", "'") for word in _WORD.findall(text))


def _judges(word: str) -> bool:
    return word in _JUDGEMENT or (word.endswith("ly") and len(word) > 4)


_JUDGEMENT = word_set(
    """
    good better best bad poor weak strong excellent outstanding great fine ok okay adequate inadequate
    sufficient insufficient average acceptable satisfactory unsatisfactory superb perfect exceptional
    exemplary impressive mediocre solid decent nice clear unclear vague vaguely clearly specific
    concrete precise detailed thorough comprehensive complete incomplete deep shallow superficial
    nuanced sophisticated insightful thoughtful reflective mature advanced basic simple generic relevant
    irrelevant appropriate inappropriate effective ineffective compelling convincing persuasive credible
    plausible authentic genuine sincere engaging interesting boring dull vivid lively creative original
    innovative inspiring passionate enthusiastic motivated coherent incoherent consistent logical
    structured unstructured organised organized well badly poorly fluent articulate concise crisp sharp
    high low higher lower highest lowest medium moderate limited extensive rich robust meaningful
    valuable useful important significant substantial remarkable notable professional polished confident
    honest humble positive negative very quite rather fairly somewhat extremely highly really truly
    mostly largely partly partially fully entirely almost slightly too more most less least much little
    some many few enough
    """
)
_EMPTY = word_set(
    """
    a an the this that these those and or but nor of in on at to for from with by as into about is are
    was were be been being has have had does do did it its they their them he she his her you your i we
    our us there here which who what how when where why than then so also just only can could may might
    must should will would if while both each every any all answer answers response responses reply
    attempt candidate author speaker person quality level levels performance understanding job work
    effort manner way ways approach style sense degree extent standard overall general generally kind
    type thing things aspect aspects content presentation treatment handling grasp command shows show
    shown demonstrates demonstrate displays display exhibits gives provides offers contains makes made
    """
)
_ABSENCE = word_set("no not none nothing nobody never without missing lacks lacking absent neither nor only")

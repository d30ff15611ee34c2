"""text of an answer -> the same answer rewritten in one way, by rule; "" where the rule finds nothing to change."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Sequence

from evalharness.text import quantities
from evalharness.text.words import Span, sentences

CONNECTIVES = (
    "however therefore moreover furthermore nevertheless although because whereas consequently thus hence instead "
    "otherwise meanwhile besides additionally similarly likewise conversely nonetheless accordingly indeed finally "
    "firstly secondly thirdly overall specifically namely notably despite unless since so then still yet also rather "
    "alternatively"
)
PADDING = (
    "That is really what it comes down to, when all is said and done. There is always more that could be said about "
    "a topic like this one, and people will look at it in their own way. It is the kind of thing that comes up again "
    "and again in this line of work, and it deserves a proper look each time it does. Everybody in the room would "
    "agree that this sort of subject matters a great deal, and that it is worth the time that one gives to it."
)
EMPTY = (
    "Thank you for the question. It is a topic that comes up a lot and that people talk about in many ways. There are "
    "several sides to it, and they all have their place. In general it is good to keep an open mind and to look at "
    "the whole picture. Things like that tend to work out when everybody does what they are there for. So that is "
    "more or less how it is."
)
YES_NO = "Do you like it there?"
_LONGER = (
    "and that is how it was at the time",
    "as one would say in a case like that",
    "which is the way it went",
    "if one looks at it as a whole",
)
_MARKS = re.compile(r"^ {0,3}(?:#{1,6}\s+|[-*+]\s+|\d+[.)]\s+|>\s?|(?:`{3,}|~{3,}).*$)", re.MULTILINE)
_EMPHASIS = re.compile(r"(\*\*|__|\*|`)(?=\S)(.+?)(?<=\S)\1")
_DIGITS = re.compile(r"\d[\d.,:]*\d|\d")
_TRADE_OFF = re.compile(
    r"\b(?:trade[- ]?offs?|traded|gave up|giv(?:e|ing) up|given up|at the (?:cost|expense|price) of|instead of|"
    r"rather than|sacrific\w+|the (?:price|cost|downside|catch) (?:was|is)|we (?:accepted|lost|paid)|"
    r"i (?:accepted|lost|paid)|cost (?:us|me)|even though|in exchange|drawback\w*|compromis\w+|alternatives?|"
    r"considered|rejected|ruled out|decided against)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:as a result|in the end|results?|outcome|since then|from then on|afterwards|fell|dropped|rose|"
    r"went (?:from|down|up)|cut|saved|reduced|improved|grew|down to|up to|now)\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(
    r"\b(?:um+|uh+|er|erm|basically|honestly|actually|obviously|kind of|sort of|you know|i mean|i think|maybe|perhaps|"
    r"probably|really|just|quite|very)\b,? ?",
    re.IGNORECASE,
)
_GENDER = {
    "he": "she",
    "him": "her",
    "his": "her",
    "himself": "herself",
    "she": "he",
    "her": "his",
    "herself": "himself",
}
_GENDERED = re.compile(r"\b(" + "|".join(_GENDER) + r")\b", re.IGNORECASE)


def padded(text: str) -> str:
    """Return the answer with sentences behind it that say nothing."""
    return f"{text}\n\n{PADDING}"


def doubled(text: str) -> str:
    """Return the answer said twice."""
    return f"{text}\n\n{text}"


def with_connectives(text: str) -> str:
    """Return the answer with forty connectives behind it."""
    return f"{text}\n\n{CONNECTIVES}"


def bulleted(text: str) -> str:
    """Return prose as a list, a sentence an item; "" where there is nothing but headings."""
    lines = [span.text if _is_marked(span) else f"- {' '.join(span.text.split())}" for span in sentences(text)]
    told = "\n".join(lines)
    return told if told != text else ""


def without_markdown(text: str) -> str:
    """Return the words without headings' marks, lists' marks, fences and emphasis; "" where there are none."""
    told = _EMPHASIS.sub(r"\2", _MARKS.sub("", text))
    return told if told != text else ""


def without_numbers(text: str) -> str:
    """Return the text without figures; "" where it has none."""
    told = _DIGITS.sub("", text)
    return told if told != text else ""


def without_trade_off(text: str) -> str:
    """Return the text without the sentences that name something given up or not chosen; "" where none does."""
    return _without(text, lambda sentence: bool(_TRADE_OFF.search(sentence)))


def without_result(text: str) -> str:
    """Return the text without the sentences that say with a number what came of it; "" where none does."""
    return _without(text, lambda sentence: bool(quantities.find(sentence) and _RESULT.search(sentence)))


def shuffled(text: str) -> str:
    """Return each paragraph with its sentences in another order, the same one each time; "" where none can change."""
    rng = random.Random(hashlib.sha256(text.encode("utf-8", "replace")).digest())  # noqa: S311  # not a secret
    told = "\n\n".join(_mixed(paragraph, rng) for paragraph in re.split(r"\n\s*\n", text))
    return told if told.split() != text.split() else ""


def longer(text: str) -> str:
    """Return the same content at greater length: every other sentence gets a tail that says nothing."""
    spans = [span for span in sentences(text) if span.text[-1:] == "." and not _is_marked(span)]
    for number, span in reversed(list(enumerate(spans))):
        if number % 2 == 0:
            text = f"{text[: span.end - 1]}, {_LONGER[number // 2 % len(_LONGER)]}{text[span.end - 1 :]}"
    return text if spans else ""


def shorter(text: str) -> str:
    """Return the same content without filler words; "" where there are none."""
    told = _FILLERS.sub("", text)
    return told if told != text else ""


def introduced(text: str, name: str) -> str:
    """Return the answer of a person who says a name first."""
    return f"My name is {name}. {text}"


def other_gender(text: str) -> str:
    """Return the text with he and she exchanged; the text itself where neither stands."""
    return _GENDERED.sub(lambda match: _as_written(match.group(), _GENDER[match.group().lower()]), text)


def _as_written(old: str, new: str) -> str:
    return new.capitalize() if old[:1].isupper() else new


def _is_marked(span: Span) -> bool:
    return bool(_MARKS.match(span.text)) or span.text.startswith("|")


def _without(text: str, is_meant: Callable[[str], bool]) -> str:
    found = [span for span in sentences(text) if is_meant(span.text)]
    for span in reversed(found):
        text = text[: span.start] + text[span.end :]
    return text if found and text.strip() else ""


def _mixed(paragraph: str, rng: random.Random) -> str:
    spans: Sequence[Span] = sentences(paragraph)
    if len(spans) < 3 or any(_is_marked(span) for span in spans):
        return paragraph
    texts = [span.text for span in spans]
    rng.shuffle(texts)
    return " ".join(texts)

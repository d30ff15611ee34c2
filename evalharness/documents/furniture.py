"""lines -> those that belong to a page, a chat tool or a mail program and not to what somebody wrote."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evalharness.documents.direction import ME, SELF, YOU, seeks, wishes
from evalharness.documents.features import asks, offers, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line
from evalharness.text.words import sentences

_PAGE = frozenset("""
login signin signup subscribe unsubscribe cookie cookies newsletter copyright rights reserved comments comment reply share menu privacy terms imprint
sitemap advertisement sponsored register trial powered navigation copy regenerate thumbs upvote bookmark
""".split())  # fmt: skip
_PAIRS = frozenset({("sign", "in"), ("log", "in"), ("sign", "up"), ("read", "aloud"), ("good", "response"), ("bad", "response"), ("skip", "to"), ("chat", "history"), ("last", "updated"), ("min", "read"), ("about", "us"), ("make", "mistakes"), ("thought", "for")})  # fmt: skip
_MAIL = frozenset("from to cc bcc date sent subject reply-to".split())
_SUFFIX = re.compile(
    r"^.{3,160} [-\u2013\u2014|\u00b7] (?P<tail>[^-\u2013\u2014|\u00b7()]{2,40}?)(?: \([^()]{1,20}\))?$"
)
_SENT = re.compile(
    r"(?:Sent|Get Outlook|Von meinem|Enviado|Printed|Exported|Retrieved) (?:from|for|on|von|desde) .{0,80}$"
)
_ADDRESS = re.compile(r"(?:^|[\s<;,])[\w.+-]{1,60}@[\w-]{1,60}\.\w[\w.-]{0,60}(?:$|[\s>;,])")
_COMMENT = re.compile(r"\[[a-z]{1,2}\]")
SPEAKS = "who speaks"
CLEAR = 0.9
MENU_WORDS, EVIDENCE, RUN, REPEATED, SIGNED = 5, 2, 3, 12, 3


def furniture(lines: Sequence[Line]) -> dict[int, str]:
    """Return why each line that is furniture is none of the document's content."""
    found = {line.number: line.why for line in lines if line.why}
    found |= _mail(lines) | _history(lines) | _comments(lines) | _speakers(lines) | _lists_of_links(lines)
    found |= _repeated(lines) | _contents(lines) | _signatures(lines)
    content = [line for line in lines if line.number not in found and line.kind != "rule"]
    found |= _offers(content, found)
    votes = sum(_is_page_word(line) for line in lines)
    found |= {line.number: "of the program it was saved from" for line in lines if _SENT.match(line.text)}
    if votes >= EVIDENCE:
        found |= {
            line.number: "page furniture" for line in lines if _is_page_word(line) and len(words(line.text)) <= 12
        }
        found |= _menus(lines, found)
    return found


def _offers(content: Sequence[Line], known: Mapping[int, str]) -> dict[int, str]:
    """Return what a chat tool offers at the end of its turn, and the list below it.

    It says so in words, or it is a bare line that asks the reader where all other questions are set off: by a mark, a
    number, or as headings.
    """
    offer = next(
        (line for line in content[-6:] if offers(line.text) and line.kind == "para" and line.label != "I ask"), None
    )
    below = [line for line in content if offer and line.number > offer.number and line.kind == "item"]
    speaking = [n for n, why in known.items() if why == SPEAKS]
    ends = {max((line.number for line in content if line.number < n), default=0) for n in [*speaking, 10**9]}
    asking = [line for line in content if asks(line.text) > CLEAR]
    plain = [
        line for line in asking if line.kind == "para" and not (line.bold or line.count or line.quote or line.label)
    ]
    first = min((line.number for line in asking if line not in plain), default=0)
    bare = [line for line in plain if line.number > first and not wishes(line.text)]
    last = [
        line
        for line in bare
        if line.number in ends and line.gap and (speaking or seeks(line.text) <= 0 or _is_to_reader(line))
    ]
    alone = len(last) == len(bare) and len(asking) > 2 * len(bare)
    return {
        line.number: "an offer of the chat tool" for line in [*filter(None, [offer]), *below, *(last if alone else ())]
    }


def _is_to_reader(line: Line) -> bool:
    """Return whether a line asks its reader what its writer may do: "Do you want me to", "M\u00f6chtest du, dass ich"."""
    found = words(line.text)
    return not YOU.isdisjoint(found[:3]) and not (SELF | ME).isdisjoint(found)


def _contents(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines of a table of contents: several in a row that stand further down again."""
    last = {key: line.number for line in lines if (key := words(line.text))}
    found: dict[int, str] = {}
    run: list[int] = []
    for line in [*lines, Line(number=0, text="", place=0)]:
        early = line.number <= 0.4 * len(lines) and (not run or lines[run[0] - 1].shape[:2] == line.shape[:2])
        if (
            early
            and line.text
            and last.get(words(line.text), 0) > line.number + 2
            and not line.rest
            and line.kind != "cell"
        ):
            run.append(line.number)
            continue
        if len(run) >= RUN:
            found |= dict.fromkeys(run, "table of contents")
        run = []
    return found


def _signatures(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines below the two dashes that end a mail, and a short greeting with a name below it."""
    asked = max((line.number for line in lines if asks(line.text) > CLEAR and not _COMMENT.match(line.text)), default=0)
    after = max(asked + 1, 0.5 * len(lines))  # what stands right below a question, fills in for its answer
    start = next((line.number for line in lines if line.text in {"--", "\u2014"} and line.number > after), 0)
    found = {line.number: "signature" for line in lines if start and line.number >= start}
    last = [line for line in lines if line.text and line.kind != "rule" and line.number not in found][-2:]
    if len(last) == 2 and all(line.kind == "para" and len(words(line.text)) <= SIGNED for line in last):
        closed = last[0].text.endswith(",") and last[0].gap and last[1].text.istitle() and not last[1].gap
        found |= {line.number: "signature" for line in last if closed}
    return found


def _repeated(lines: Sequence[Line]) -> dict[int, str]:
    """Return the paragraphs that stand in the document already, but for those that answer another question."""
    seen: set[tuple[str, ...]] = set()
    found: dict[int, str] = {}
    opened = False
    for line in lines:
        key = words(line.said)
        if len(key) >= REPEATED and line.kind == "para" and key in seen and asks(line.said) < 0.5 and not opened:
            found[line.number] = "is in the document already"
        seen.add(key)
        opened = bool(line.label) and not line.rest
    return found


def _is_page_word(line: Line) -> bool:
    found = words(line.text)
    if (
        len(found) > 14
        or line.kind in {"cell", "heading"}
        or line.count
        or line.bold
        or (asks(line.text) > 0.9 and len(found) > 5)
    ):
        return False
    hits = sum(word in _PAGE for word in found) + sum(pair in _PAIRS for pair in itertools.pairwise(found))
    return hits >= (1 if len(found) <= 4 else 2) or (hits >= 1 and line.text[:1] == "\u00a9")


def _mail(lines: Sequence[Line]) -> dict[int, str]:
    """Return the heads of mails: labels of a mail program close together, or in a row with an address."""
    labels = [line.number for line in lines if line.label.lower() in _MAIL and line.rest]
    runs = [
        n for at, n in enumerate(labels) if sum(abs(n - other) <= 4 for other in labels[max(0, at - 4) : at + 5]) >= 3
    ]
    for _, group in itertools.groupby(lines, key=lambda line: bool(line.label and line.rest and not line.speaker)):
        row = [line for line in group if line.label.lower() in _MAIL]
        addressed = any(_ADDRESS.search(line.rest) for line in row)
        runs += [line.number for line in row if len(row) > 1 and addressed]
    return dict.fromkeys(runs, "head of a mail")


def _history(lines: Sequence[Line]) -> dict[int, str]:
    """Return what a mail quotes of an earlier one and nobody answers: all of it, or what is said around its questions.

    A question that stands alone in its line, with words below it that are not quoted, was answered between the lines.
    """
    content = [line for line in lines if line.kind not in {"rule", "cell"} and line.text]
    quoted = [line for line in content if line.quote and not line.callout]
    start = next(
        (at for at, line in enumerate(content) if at and line.quote and _announces(content[at - 1])), len(content)
    )
    if not quoted or start == len(content):
        return {}
    own = [line for line in content if not line.quote]
    below = [line for line in content[start:] if not line.quote]
    alone = [
        line
        for line in quoted
        if asks(line.said) > 0.5 and len(sentences(line.said)) == 1 and (seeks(line.said) < 0.3 or len(below) > 2)
    ]
    asked = sum(asks(line.said) > 0.7 and len(sentences(line.said)) == 1 for line in own)
    if not alone or (len(below) < len(alone) and asked > len(alone)):
        return dict.fromkeys((line.number for line in quoted), "an earlier mail")
    said = [line.number for line in quoted if asks(line.said) > 0.3 and line.number < alone[0].number]
    return dict.fromkeys(said, "an earlier mail")


def _announces(line: Line) -> bool:
    """Return whether a line says who wrote what follows, and when: it ends with a colon and holds a date."""
    return line.text.endswith(":") and any(c.isdigit() for c in line.text) and len(words(line.text)) <= 30


def _speakers(lines: Sequence[Line]) -> dict[int, str]:
    """Return the lines that only name who speaks next: two names or more, in turns, that say nothing of what follows."""
    alone = [
        line
        for line in lines
        if line.label and not line.rest and line.kind in {"para", "heading"} and not (votes(line.label) or line.why)
    ]
    names = Counter(line.label for line in alone)
    turns = [line for line in alone if names[line.label] > 1]
    told = {line.label for line in turns}
    taken = sum(one.label != other.label for one, other in itertools.pairwise(turns))
    return {line.number: SPEAKS for line in turns if len(told) == 2 and taken == len(turns) - 1}


def _comments(lines: Sequence[Line]) -> dict[int, str]:
    """Return the comments of an editor below a text: behind a mark in brackets that stands in the text, too."""
    within = {found[0] for line in lines for found in _COMMENT.finditer(line.text) if found.start()}
    opening = [(line.number, match[0]) for line in lines if (match := _COMMENT.match(line.text))]
    return {number: "a comment" for number, mark in opening if mark in within}


def _lists_of_links(lines: Sequence[Line]) -> dict[int, str]:
    texts = Counter(" ".join(words(line.text)) for line in lines)
    found = {
        line.number: "a link to another place" for line in lines
        if line.links >= 0.8 and line.kind != "heading" and (asks(line.text) < 0.5 or texts[" ".join(words(line.text))] > 1)
    }  # fmt: skip
    tails = [(line, match["tail"]) for line in lines if line.kind == "item" and (match := _SUFFIX.fullmatch(line.text))]
    common = {tail for tail, count in Counter(tail for _, tail in tails).items() if count >= 2}
    cut = {line.number: "a link to another page" for line, tail in tails if tail in common}
    return found | cut


def _menus(lines: Sequence[Line], known: dict[int, str]) -> dict[int, str]:
    """Return the lines of menus: several short ones without punctuation in a row, near what is known as furniture."""
    found: dict[int, str] = {}
    for run in _runs(lines, known):
        near = any(number in known for number in range(run[0].number - 1, run[-1].number + 2))
        if len(run) >= RUN and (near or len(run) >= 6):
            found |= {line.number: "menu" for line in run if line.number not in known}
    return found


def _runs(lines: Sequence[Line], known: dict[int, str]) -> Iterator[list[Line]]:
    run: list[Line] = []
    for line in lines:
        if line.number in known and line.kind != "rule":
            if run:
                run.append(line)
            continue
        if _is_menu(line):
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_menu(line: Line) -> bool:
    if (
        line.kind not in {"para", "item"}
        or line.depth
        or line.count
        or line.bold
        or line.quote
        or (line.label and line.rest)
    ):
        return False
    return len(words(line.text)) <= MENU_WORDS and line.text[-1:] not in set('.?!:"\u201d') and asks(line.text) < 0.5

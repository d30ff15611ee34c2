"""numbered lines -> what can be seen of each: its make, its words, its heading, its neighbours, its fellows in the document.

A clue is a short name that a line has or has not. What each of them speaks for is learned, and not written here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

from evalharness.documents.direction import reports, seeks, turned
from evalharness.documents.features import (
    advises,
    asks,
    invites,
    is_empty,
    is_time,
    leans,
    names_part,
    owns,
    tells,
    turns,
    untailed,
    words,
)
from evalharness.documents.headings import Naming
from evalharness.documents.nouns import Line
from evalharness.documents.outline import Outline

LENGTHS, SIZES, SHARES = (1, 2, 4, 7, 12, 20, 35, 60), (2, 4, 8, 16), (0.01, 0.3, 0.6, 0.9)
ASKED, TURN, SOUGHT, TOLD = (0.05, 0.3, 0.5, 0.7, 0.9), (-0.5, -0.2, 0.2, 0.5, 0.8), (-0.6, -0.3, -0.05, 0.05, 0.3, 0.6), (0.1, 0.3, 0.5, 0.8)  # fmt: skip
FEW, MEANT = (0.3, 0.7), (-0.4, -0.2, -0.05, 0.1, 0.25, 0.45)
MOST_WORDS, HEAD_WORDS, LEAD_WORDS = 25, 12, 15
YOU = frozenset("you your you're yours yourself u usted su sus tu sie ihr ihre vous votre vos lei suo jij je jouw você seu".split())  # fmt: skip
ME = frozenset("i my me mine i'm i've i'd i'll we our us ich mein meine yo mi je mon ma io mio ik mijn eu meu minha".split())  # fmt: skip


def clues(lines: Sequence[Line], gone: Collection[int] = ()) -> list[list[str]]:
    """Return the clues of each line; `gone` are the lines that are no content of the document."""
    return [sorted({*found}) for found in _Clues(lines, gone).all()]


def step(value: float, steps: Sequence[float]) -> int:
    """Return how many of the rising `steps` a value has reached."""
    return sum(value >= one for one in steps)


def make_of(line: Line) -> tuple[object, ...]:
    """Return how a line is made; a cell also by its column, a line with a sign by the sign."""
    return (*line.shape, line.column if line.kind == "cell" else "", line.sign)


class _Clues:
    """One document's lines, with what they share."""

    def __init__(self, lines: Sequence[Line], gone: Collection[int]) -> None:
        self._lines, self._gone = lines, gone
        self._outline = Outline(lines)
        self._naming = Naming(self._outline)
        self._said = [line.said or line.text for line in lines]
        self._words = [words(text) for text in self._said]
        self._asks = [asks(untailed(text)) for text in self._said]
        self._turn = [step(turned(line.text), TURN) if len(words(line.text)) < LEAD_WORDS else -1 for line in lines]
        self._seeks = [seeks(text) for text in self._said]
        self._parts_of = [names_part(line.label or line.text) for line in lines]
        self._kept = [i for i, line in enumerate(lines) if line.kind != "rule" and line.number not in gone]
        self._after = dict(zip(self._kept, self._kept[1:], strict=False))
        self._before = {after: before for before, after in self._after.items()}
        self._first: list[int] = []
        for i, line in enumerate(lines):
            self._first.append(self._first[-1] if line.glued and i else i)
        self._parts = Counter(self._first)
        self._heads: list[list[int]] = []
        for i in range(len(lines)):
            self._heads.append(self._above(i))
        self._makes, self._labels, self._siblings, self._speakers, self._places = (
            defaultdict[object, list[int]](list) for _ in range(5)
        )
        for i, line in enumerate(lines):
            self._makes[make_of(line)].append(i)
            if line.label:
                self._labels[line.label.lower()].append(i)
            if line.speaker:
                self._speakers[line.speaker.lower()].append(i)
            if i in self._after or i in self._before:
                self._siblings[self._family(i)].append(i)
        for i in self._kept:
            self._places[self._place(i)].append(i)
        groups = (self._makes, self._labels, self._siblings, self._speakers, self._places)
        self._figures = {(key, len(ids), ids[0]): self._figure(ids) for group in groups for key, ids in group.items()}
        shares = {name: sum(self._asks[i] for i in ids) / len(ids) for name, ids in self._speakers.items()}
        self._asker = max(shares, key=shares.__getitem__, default="")
        marked = sum("?" in lines[i].text for i in self._kept)
        self._density = step(marked / max(1, len(self._kept)), (0.05, 0.15, 0.3, 0.5))

    def all(self) -> Iterator[list[str]]:
        """Yield the clues of each line."""
        for i in range(len(self._lines)):
            yield [
                "any",
                *self._own(i, ""),
                *self._meant(i),
                *self._labelled(i),
                *self._spoken(i),
                *self._whole(i),
                *self._fellows(i),
                *self._below(i),
                *self._beside(i),
                f"place={step(i / max(1, len(self._lines)), (0.1, 0.3, 0.7, 0.85, 0.95))}",
                f"density={self._density}",
            ]

    def _above(self, i: int) -> list[int]:
        """Return the headings over a line, the nearest first; a cell stands below the line over its table."""
        line = self._lines[i]
        if line.kind == "cell" and i and self._lines[i - 1].kind == "cell":
            return self._heads[i - 1]
        number = self._lines[i - 1].number if line.kind == "cell" and i else line.number
        if number not in self._outline.rank:
            return []
        own = [i - 1] if number != line.number and self._outline.is_head(number) else []
        return own + [n - 1 for n in self._outline.above(number)]

    def _family(self, i: int) -> object:
        return (self._heads[i][0] if self._heads[i] else -1, make_of(self._lines[i]))

    def _place(self, i: int) -> str:
        """Return how a line is made and what stands below it, as one word."""
        line, after = self._lines[i], self._after.get(i)
        own = f"{line.kind}{line.marker[:1]}{line.bold}{line.gap}{line.glued}"
        if after is None:
            return f"{own}|"
        below = self._lines[after]
        return f"{own}|{below.kind}{below.marker[:1]}{below.bold}{below.gap}{below.glued}{below.depth > line.depth}"

    def _figure(self, ids: Sequence[int]) -> tuple[int, ...]:
        """Return how many lines a group has, which share of them asks or has a question mark, how long they are, and whom they ask."""
        many = len(ids)
        sought = [self._seeks[i] for i in ids if self._asks[i] >= FEW[0]]
        return (
            step(many, SIZES),
            step(sum(self._asks[i] >= 0.5 for i in ids) / many, SHARES),
            step(sum("?" in self._lines[i].text for i in ids) / many, SHARES),
            step(sum(len(self._words[i]) for i in ids) / many, (4, 9, 16, 30)),
            step(sum(sought) / len(sought), MEANT) if sought else -1,
        )

    def _of_group(self, name: str, key: object, ids: Sequence[int]) -> list[str]:
        return [f"{name}{k}={v}" for k, v in enumerate(self._figures[key, len(ids), ids[0]])] if ids else []

    # --- one line ----------------------------------------------------------------------------------

    def _own(self, i: int, side: str) -> list[str]:
        """Return how a line looks, and how much it asks, tells and advises."""
        line, text = self._lines[i], self._said[i].strip()
        end = text[-1:] if text[-1:] in set("?!.:,;)") else "a" if text[-1:].isalnum() else "other"
        case = "U" if text.isupper() else "u" if text[:1].isupper() else "l" if text[:1].islower() else "x"
        head = self._outline.is_head(line.number) if line.number in self._outline.rank else "none"
        found = {
            "kind": line.kind,
            "level": line.level,
            "depth": min(line.depth, 3),
            "mark": "#" if line.count else line.marker[:3],
            "weight": f"{line.bold}{line.italic}",
            "quote": line.quote > 0,
            "callout": line.callout[:8],
            "gap": line.gap,
            "end": end,
            "marked": "?" in text,
            "long": step(len(self._words[i]), LENGTHS),
            "case": case,
            "asks": step(self._asks[i], ASKED),
            "tells": step(tells(text), TOLD),
            "advises": step(advises(text), (0.1, 0.4, 0.7, 0.9)),
            "seeks": step(seeks(self._said[i]), SOUGHT),
            "sign": line.sign[:1],
            "labelled": bool(line.label),
            "head": head,
            "gone": line.number in self._gone,
            "inside": line.number in self._outline.quoted,
            "links": line.links > 0.5,
            "glued": line.glued,
            "part": self._parts_of[i],
        }
        return [f"{side}{name}={value}" for name, value in found.items()]

    def _meant(self, i: int) -> Iterator[str]:
        """Yield what a line's words speak of."""
        line, text, found = self._lines[i], self._said[i].strip(), self._words[i]
        known = set(found)
        you = bool(known & YOU)
        yield f"you={you}{bool(known & ME)}"
        yield f"asks+you={step(self._asks[i], FEW)}{you}{step(seeks(self._said[i]), SOUGHT[1:5])}"
        yield f"reports={step(reports(text), FEW)}"
        yield f"turn={self._turn[i]}"
        yield f"turns={turns(line.text)}"
        yield f"invites={invites(text)}"
        yield f"time={is_time(text)}"
        yield f"empty={is_empty(text)}"
        yield f"owns={step(owns(text), (0.2, 0.5, 0.9))}"
        yield f"leans={leans(text)}"
        for name, at in (("first", 0), ("second", 1), ("last", -1)):
            yield f"{name}={found[at] if len(found) > at else ''}" if found else f"{name}="
        if len(found) <= MOST_WORDS:
            yield from (f"word={word}" for word in known)

    def _labelled(self, i: int) -> Iterator[str]:
        """Yield what speaks from the label in front, from being one, and from the name of a cell's column."""
        line = self._lines[i]
        after = self._lines[i + 1] if i + 1 < len(self._lines) else line
        if after.label and after.glued and not line.glued and not line.label:
            yield f"lead={after.label.lower()[:20]}"
            yield f"lead asks={step(asks(after.label), FEW)}{len(self._labels[after.label.lower()]) > 1}"
        if line.label:
            label = line.label.lower()
            yield f"label={label[:20]}"
            yield f"label means={self._naming.behind(line.number) if line.number in self._outline.rank else ''}"
            yield f"label turn={step(turned(line.label), TURN)}"
            yield from (f"label word={word}" for word in words(label))
            yield from self._of_group("label ", label, self._labels[label])
        if line.kind == "cell":
            yield f"column turn={step(turned(line.column), TURN)}"
            yield from (f"column={word}" for word in words(line.column))

    def _spoken(self, i: int) -> Iterator[str]:
        """Yield what is known of who says a line in a conversation, and of who spoke before."""
        name = self._lines[i].speaker.lower()
        before, after = self._before.get(i), self._after.get(i)
        others = [self._lines[at].speaker.lower() if at is not None else "" for at in (before, after)]
        yield f"speaks={bool(name)}{others[0] == name}{others[1] == name}"
        if name:
            asks_most = name == self._asker
            yield f"asker={asks_most}"
            yield f"speakers={min(len(self._speakers), 4)}"
            yield f"asker+asks={asks_most}{step(self._asks[i], ASKED)}"
            yield f"asker+turn={asks_most}{others[0] == name}{step(len(self._words[i]), LENGTHS)}"
            yield from (f"speaker word={word}" for word in words(name))
            yield from self._of_group("speaker ", name, self._speakers[name])

    def _whole(self, i: int) -> Iterator[str]:
        """Yield what is known of the line that a piece was cut from."""
        first = self._first[i]
        many = self._parts[first]
        if many == 1:
            return
        line, parts = self._lines[first], range(first, first + many)
        yield f"piece={min(i - first, 3)}{i == parts[-1]}"
        yield f"whole made={line.kind}{'#' if line.count else line.marker[:3]}{line.bold}"
        yield f"whole long={step(sum(len(self._words[at]) for at in parts), LENGTHS)}"
        yield f"whole ends={self._said[parts[-1]].strip()[-1:] == '?'}"
        known, went = set(self._words[i]), step(self._asks[i - 1], FEW) if i > first else -1
        yield f"goes on={went}{step(self._asks[i], FEW)}{bool(known & YOU)}{bool(known & ME)}"
        yield f"goes on first={self._words[i][0] if self._words[i] else ''}" if i > first else "leads"
        yield f"goes on advises={went}{step(advises(self._said[i]), FEW)}"
        yield f"whole asks={step(max(self._asks[at] for at in parts), FEW)}{step(self._asks[i], FEW)}"

    # --- its surroundings ----------------------------------------------------------------------------

    def _fellows(self, i: int) -> list[str]:
        """Return figures of the lines of the same make, in the document and below the same heading."""
        make, family = make_of(self._lines[i]), self._family(i)
        siblings = self._siblings.get(family, [])
        found = [*self._of_group("make ", make, self._makes[make]), *self._of_group("family ", family, siblings)]
        if i in self._after or i in self._before:
            place, before = self._place(i), self._before.get(i)
            short = step(len(self._words[i]), (4, 8, 14))
            found += [
                f"over={place}{short}",
                f"between={self._lines[before].kind if before is not None else ''}|{place}",
            ]
            found += self._of_group("over ", place, self._places[place])
        return found

    def _below(self, i: int) -> Iterator[str]:
        """Yield what the headings over a line speak for."""
        heads = self._heads[i]
        yield f"heads={min(len(heads), 4)}"
        if heads:
            head = heads[0]
            yield f"head means={self._naming.under(self._lines[head].number)}"
            yield f"head turn={step(turned(self._lines[head].text), TURN)}"
            yield f"most turn={max(step(turned(self._lines[n].text), TURN) for n in heads)}"
            yield f"head asks={step(self._asks[head], ASKED)}"
            means, advises_ = self._naming.under(self._lines[head].number), step(advises(self._said[i]), FEW)
            yield f"head means+advises={means}{advises_}"
            yield f"head turn+asks={step(turned(self._lines[head].text), TURN)}{step(self._asks[i], FEW)}"
            yield f"head kind={self._lines[head].kind}{self._lines[head].bold}"
            yield f"head far={step(i - head, (2, 3, 6, 12))}"
            yield from (f"head word={word}" for word in self._words[head][:HEAD_WORDS])
            yield from (f"over word={word}" for n in heads[1:] for word in self._words[n][:HEAD_WORDS])

    def _beside(self, i: int) -> Iterator[str]:
        """Yield what the lines before and behind look like, and how a line follows them."""
        line, asked = self._lines[i], step(self._asks[i], FEW)
        before, after = self._before.get(i), self._after.get(i)
        if before is not None:
            then, found = step(self._asks[before], FEW), self._words[before]
            yield from self._own(before, "-")
            yield f"-same={make_of(self._lines[before]) == make_of(line)}"
            yield f"-turn={self._turn[before]}"
            yield f"-asks+={then}{asked}{line.gap}"
            yield f"-first={found[0] if found else ''}"
            yield from (f"-word={word}" for word in found if len(found) <= 10)
            if (second := self._before.get(before)) is not None:
                yield f"--={step(self._asks[second], FEW)}{self._lines[second].kind}"
        else:
            yield "opens"
        if after is not None:
            yield from self._own(after, "+")
            yield f"+same={make_of(self._lines[after]) == make_of(line)}"
            yield f"+asks+={step(self._asks[after], FEW)}{asked}{self._lines[after].gap}"
            yield f"+tells+={step(tells(self._lines[after].text), TOLD)}{asked}"
            yield f"+first={self._words[after][0] if self._words[after] else ''}"
            if (second := self._after.get(after)) is not None:
                yield f"++={step(self._asks[second], FEW)}{self._lines[second].kind}"
        else:
            yield "closes"

"""numbered lines and their labels -> what a document holds.  Every word of it stands in those lines."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.features import STAR, asks, owns, untailed, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import (
    FoundDocument,
    FoundQuestion,
    FoundSection,
    FoundTag,
    Ignored,
    Label,
    Line,
    Passage,
)
from evalharness.documents.times import seconds_in
from evalharness.drafting.slugs import identifier
from evalharness.importing.about import addressee, company_of, interests_of, person_of
from evalharness.importing.tags import key, named
from evalharness.text.words import sentences

_OPEN, _CLOSE = '"\u201c\u201e\u201f\u00ab', '"\u201d\u201c\u00bb'
_HASHES = re.compile(r"(?:\s{1,4}#[A-Za-z][\w/-]{0,60}){1,8}\s{0,4}$")
MARKS = frozenset({"person", "company", "interest", "time", "claim"})  # these may stand in a line of another role


def build(lines: Sequence[Line], labels: Sequence[Label]) -> FoundDocument:
    """Return what the labels say of the lines; labels that do not verify must have been taken out before."""
    return _Builder(lines, labels).document()


class _Builder:
    def __init__(self, lines: Sequence[Line], labels: Sequence[Label]) -> None:
        self._lines = lines
        self._labels = labels
        self._roles: dict[int, str] = {}
        self._by_role: dict[str, list[Label]] = {}
        self._by_of: dict[tuple[str, int], list[Label]] = {}
        for label in labels:
            self._by_role.setdefault(label.role, []).append(label)
            self._by_of.setdefault((label.role, label.of), []).append(label)
            if label.role not in MARKS:
                self._roles |= dict.fromkeys(range(label.first, label.last + 1), label.role)
        self._sections = {key(_section_title(lines[label.first - 1])) for label in labels if label.role == "section"}
        opening = [label.first for label in labels if label.role == "answer"]
        self._openers = Counter(key(lines[n - 1].label) for n in opening if lines[n - 1].label and lines[n - 1].rest)
        self._star = any(line.label.lower() == "s" for line in lines)

    def document(self) -> FoundDocument:
        """Return everything that is labelled, in the order of the document."""
        tags = self._missions()
        claimed = [tag for question in self._of_role("question") for tag in self._claims(question.first, tags)]
        tags = (*tags, *_unlisted(tags, claimed, self._lines))
        person, role = person_of(self._in("person"))
        texts = [self._line(label.first) for label in self._of_role("company")]
        roles = {n for label in self._labels if label.role not in MARKS for n in range(label.first, label.last + 1)}
        return FoundDocument(
            title=self._title(),
            questions=tuple(self._question(label, tags) for label in self._of_role("question")),
            tags=tags,
            sections=tuple(self._section(label) for label in self._of_role("section")),
            advice=tuple(text.rstrip(" ,;") for text in self._texts("advice")),
            company=company_of(self._lines, texts, person) if texts else "",
            facts=tuple(self._texts("fact")),
            interviewer=person,
            role=role,
            interests=interests_of(self._in("interest")),
            to_ask=tuple(self._asked(label) for label in self._of_role("ask")),
            time_limit=self._limit(0),
            notes=tuple(self._left("note")),
            ignored=tuple(self._left("furniture")),
            used=sum(
                line.number in roles
                for line in self._lines
                if line.kind != "rule" and self._role_of(line.number) not in {"note", "furniture"}
            ),
            lines=sum(line.kind != "rule" for line in self._lines),
        )

    def _line(self, number: int) -> Line:
        return self._lines[number - 1]

    def _of_role(self, role: str, of: int | None = None) -> list[Label]:
        return self._by_role.get(role, []) if of is None else self._by_of.get((role, of), [])

    def _role_of(self, number: int) -> str:
        return self._roles.get(number, "note")

    def _in(self, role: str) -> list[Line]:
        return [self._line(n) for label in self._of_role(role) for n in range(label.first, label.last + 1)]

    def _text(self, label: Label) -> str:
        return " ".join(self._line(n).text for n in range(label.first, label.last + 1))

    def _texts(self, role: str) -> Iterator[str]:
        for label in self._of_role(role):
            line = self._line(label.first)
            head = (
                role == "advice"
                and line.rest
                and votes(line.label).get("advice", 0) >= 0.5
                and len(words(line.label)) <= 3
            )
            text = line.rest if head and label.first == label.last else self._text(label)
            parts = [part.text for part in sentences(text)] if role == "advice" and seconds_in(text) else []
            kept = " ".join(part for part in parts if seconds_in(part) is None)
            yield kept if kept else text

    def _title(self) -> str:
        meta = next(
            (line.rest for line in self._lines if line.why == "front matter" and line.label.lower() == "title"), ""
        )
        until = min(
            (label.first for label in self._labels if label.role in {"question", "title"}), default=len(self._lines) + 1
        )
        above = [
            line
            for line in self._lines[: until - 1]
            if line.kind not in {"rule", "cell"}
            and line.text
            and not line.why
            and self._role_of(line.number) in {"note", "section"}
        ]
        heading = next((line for line in above[:8] if line.kind == "heading" and line.level <= 2), None)
        best = heading or next(iter(above), None)
        subject = next((line.rest for line in self._lines if line.label.lower() == "subject" and line.number <= 8), "")
        short = best.text if best and len(best.text.split()) <= 16 else ""
        return (meta or subject or short).strip()

    def _left(self, role: str) -> Iterator[Ignored]:
        for label in self._of_role(role, 0):
            for n in range(label.first, label.last + 1):
                line = self._line(n)
                why = label.why or line.why or ("belongs to no question" if role == "note" else "furniture")
                if line.text:
                    yield Ignored(line=line.place, text=line.text, why=why)

    # --- questions -------------------------------------------------------------------------------------

    def _question(self, label: Label, tags: Sequence[FoundTag]) -> FoundQuestion:
        own = self._line(label.first)
        text = unquoted(self._asks(label))
        if self._of_role("claim", label.first) and any(
            claim.first == label.first for claim in self._of_role("claim", label.first)
        ):
            text = untailed(text)
        text = _HASHES.sub("", text)
        title = next((self._line(t.first).text for t in self._of_role("title", label.first)), "")
        uses = [unquoted(self._line(use.first).text) for use in self._of_role("use", label.first)]
        if uses:
            title, text = title or text, uses[0]
        notes = [*(f"Also asked as: {use}" for use in uses[1:]), *self._notes(label.first)]
        if title and (
            key(title) == key(text)
            or (len(words(title)) < 2 and title.split()[0].lower().strip("0123456789. ") in {"question", "q", ""})
        ):
            title = ""
        return FoundQuestion(
            text=text, line=own.place, title=unquoted(title), answers=tuple(self._answers(label.first)),
            follow_ups=tuple(self._asked(f) for f in self._of_role("follow_up", label.first)),
            probes=tuple(self._asked(f) for f in self._of_role("probe", label.first)),
            tags=tuple(dict.fromkeys(self._claims(label.first, tags))), notes=tuple(notes), time_limit=self._limit(label.first),
        )  # fmt: skip

    def _asks(self, label: Label) -> str:
        lines = [self._line(n) for n in range(label.first, label.last + 1)]
        return " ".join(
            line.rest
            if line.rest
            and len(line.label.split()) <= 4
            and (asks(line.rest) >= 0.35 or votes(line.label).get("question"))
            else line.text
            for line in lines
        )

    def _notes(self, question: int) -> Iterator[str]:
        for label in self._of_role("note", question):
            yield self._text(label)

    def _claims(self, question: int, tags: Sequence[FoundTag]) -> list[str]:
        found: list[str] = []
        for label in self._of_role("claim", question):
            line = self._line(label.first)
            said = line.said
            if label.first == question:
                hashes = _HASHES.search(line.text)
                said = hashes[0] if hashes else line.text.rstrip()[:-1].rpartition("(")[2]
            found += [] if label.first == question and not said else named(said, tags)
        return found

    def _answers(self, question: int) -> Iterator[Passage]:
        stretches: list[list[Line]] = []
        titles: list[Line] = []
        for label in self._answering(question):
            if label.role == "section":
                titles = [self._line(label.first)]
            if label.role in {"answer", "part"}:
                lines = [self._line(n) for n in range(label.first, label.last + 1) if self._line(n).text]
                if label.role == "answer" or not stretches:
                    stretches.append([])
                # What hangs below the points of an outline was told under the titles of that outline.
                if titles and lines and question < titles[0].number and lines[0].depth > titles[0].depth:
                    stretches[-1] += [msgspec.structs.replace(titles[0], kind="heading", depth=lines[0].depth)]
                stretches[-1] += lines
                titles = []
        for lines in stretches:
            paragraphs = self._paragraphs(lines)
            if paragraphs:
                yield Passage(paragraphs=paragraphs, line=lines[0].place)

    def _answering(self, question: int) -> list[Label]:
        """Return the labels of an answer, and of the sections between its lines, in their order."""
        own = [*self._of_role("answer", question), *self._of_role("part", question)]
        sections = self._of_role("section") if own else []
        return sorted([*own, *sections], key=lambda label: label.first)

    def _paragraphs(self, lines: Sequence[Line]) -> tuple[str, ...]:
        top = min((line.depth for line in lines if line.kind != "cell"), default=0)
        columns = {line.column for line in lines if line.kind == "cell"}
        found: list[str] = []
        labelled = [line for line in lines if line.kind == "para" and line.label and line.rest and len(line.label) > 2]
        split = len(labelled) >= 3 and len(labelled) >= 0.8 * len(lines)
        for at, line in enumerate(lines):
            if line.label and line.rest and (key(line.label) in self._sections or (split and line in labelled)):
                found += [f"## {line.label}", line.rest]
                continue
            if line.kind != "cell" and key(line.text) in self._sections:
                found.append(f"## {line.text.rstrip(':')}")
                continue
            if (
                not at
                and line.kind != "item"
                and self._openers[key(line.label)] > 1
                and not set(words(line.label)) <= STAR
            ):
                found.append(line.rest)
                continue
            if (
                line.kind == "cell"
                and len(columns) > 1
                and line.column
                and (not at or lines[at - 1].column != line.column)
            ):
                found.append(f"## {line.column}")
            found.append(self._rendered(line, top, lines))
        return _without_outer_quotes([text for text in found if text])

    def _rendered(self, line: Line, top: int, lines: Sequence[Line]) -> str:
        text = line.text
        drop = (
            line.label
            and line.rest
            and not (set(words(line.label)) <= STAR and (self._star or line.label.lower() != "a"))
        )
        vote = votes(line.label).get("answer", 0) if drop else 0.0
        if line.kind != "item" and (
            vote >= 0.5
            or (drop and line is lines[0] and (vote >= 0.25 or owns(line.label) or "you" in words(line.label)))
        ):
            text = line.rest
        if line.kind == "heading" or (
            line.kind == "para"
            and (line.bold or (line.italic and line.gap))
            and len(words(text)) <= 12
            and not line.quote
            and text[-1:] not in set(".!?\u201d")
        ):
            return f"## {text.rstrip(':')}"
        if (
            line.kind == "para"
            and line.count
            and not line.depth
            and len(words(text)) <= 8
            and line.marker in {"1.", ""}
            and text[-1:] not in ".!?"
        ):
            return f"## {text}"
        if (
            line.kind == "para"
            and not line.label
            and len(lines) > 2
            and len(words(text)) <= 5
            and line.gap
            and text[:1].isupper()
            and text[-1:] not in set('.!?:,;\u201d"')
            and line is not lines[-1]
            and line.marker != "\u2192"
        ):
            return f"## {text}"
        if line.kind == "item":
            mark = f"{line.count}." if line.count and line.marker == "1." else "-"
            word = f"{line.marker} {line.count}: " if len(line.marker) > 1 and line.marker.isalpha() else ""
            return f"{'  ' * (line.depth - top)}{mark} {word}{text}"
        return f"{line.count}. {text}" if line.count and line.marker == "1." else text

    def _asked(self, label: Label) -> Passage:
        lines = [self._line(n) for n in range(label.first, label.last + 1)]
        line = lines[0]
        text = " ".join(one.text for one in lines)
        above = self._lines[line.number - 2] if line.number > 1 else line
        to = (
            addressee(above.text)
            if not above.rest and len(words(above.text)) <= 8 and self._role_of(above.number) in {"furniture", "note"}
            else ""
        )
        if line.label and line.rest and asks(line.rest) >= 0.35:
            text = " ".join([line.rest, *(one.text for one in lines[1:])])
            to = addressee(line.label)
        return Passage(paragraphs=(unquoted(text),), line=line.place, to=to)

    def _limit(self, of: int) -> float | None:
        found = [
            seconds_in(self._line(label.first).text) or _bare_number(self._line(label.first))
            for label in self._of_role("time", of)
        ]
        return next((seconds for seconds in found if seconds), None)

    # --- missions and sections ---------------------------------------------------------------------------

    def _missions(self) -> tuple[FoundTag, ...]:
        labels = self._of_role("mission")
        found = []
        for position, label in enumerate(labels, start=1):
            line = self._line(label.first)
            number, title = _numbered(line)
            if not number and line.kind == "cell":
                number = next(
                    (
                        other.text
                        for other in self._lines
                        if other.row == line.row and other.table == line.table and other.text.strip(" .#").isdigit()
                    ),
                    "",
                )
            listed = title.partition(":")[0] if line.label and line.rest and line.kind != "cell" else title
            found.append(FoundTag(
                id=str(number or position).strip(" .#"), title=_dashed(listed) if line.kind != "cell" else listed, line=line.place,
                experience=" ".join(self._text(e) for e in self._of_role("experience", label.first)),
                takeaway=" ".join(self._text(t) for t in self._of_role("takeaway", label.first)),
            ))  # fmt: skip
        found = _merged(found)
        ids = [tag.id for tag in found]
        if len(set(ids)) < len(ids):
            found = [msgspec.structs.replace(tag, id=str(at)) for at, tag in enumerate(found, start=1)]
        return tuple(found)

    def _section(self, label: Label) -> FoundSection:
        line = self._line(label.first)
        items = [self._text(point).rstrip(":") for point in self._of_role("point", label.first)]
        title, inner = _section_title(line), line.rest if line.label else ""
        if (
            not inner
            and untailed(line.text) != line.text
            and not any(c.isdigit() for c in line.text[len(untailed(line.text)) :])
        ):
            inner = line.text[len(untailed(line.text)) :].strip(" ()[]")
        if len(items) == 1 and ";" in items[0]:
            inner, items = items[0], []
        if inner and not items:
            mark = ";" if ";" in inner or max(len(part.split()) for part in inner.split(",")) > 8 else ","
            items = [part.strip(" .") for part in inner.split(mark) if part.strip()]
        return FoundSection(title=title, line=line.place, items=tuple(items))


def _section_title(line: Line) -> str:
    """Return the title of a section without what stands behind it."""
    return untailed(line.label if line.label and line.rest else line.text).rstrip(" :")


def _bare_number(line: Line) -> float | None:
    """Return the number of seconds (or minutes) in a cell whose column names a time."""
    text = line.text.strip()
    if line.kind != "cell" or not text.isdigit():
        return None
    return float(text) * (60 if "min" in line.column.lower() else 1)


def _numbered(line: Line) -> tuple[str, str]:
    """Return the number in front of a mission and its title."""
    from evalharness.documents.formats.made import unmarked

    if line.count:
        return str(line.count), line.text
    rest, _, count = unmarked(line.text)
    return (str(count), rest) if count else ("", line.text)


def _merged(tags: Sequence[FoundTag]) -> list[FoundTag]:
    """Return each mission once: a list may name it, and a table below what maps to it."""
    found: dict[str, FoundTag] = {}
    for tag in tags:
        same = next((k for k, t in found.items() if key(t.title) == key(tag.title)), "") or (
            tag.id
            if tag.id in found
            and (found[tag.id].experience == "" or tag.experience == "")
            and tag.line != found[tag.id].line
            else ""
        )
        old = found.get(same)
        if old:
            found[same] = msgspec.structs.replace(
                old, experience=old.experience or tag.experience, takeaway=old.takeaway or tag.takeaway
            )
        else:
            found[tag.id if tag.id not in found else f"{tag.id}-{len(found)}"] = tag
    return list(found.values())


def _dashed(text: str) -> str:
    """Return the words before a dash that stands free."""
    for mark in (" \u2014 ", " \u2013 ", " - "):
        text = text.split(mark)[0]
    return text.strip(" :.")


def _unlisted(tags: Sequence[FoundTag], claimed: Sequence[str], lines: Sequence[Line]) -> Iterator[FoundTag]:
    """Yield missions that are claimed by their name and stand in no list; numbers without a list have no title."""
    known = {tag.id for tag in tags}
    for name in dict.fromkeys(claimed):
        if name not in known and not name.isdigit():
            line = next((line for line in lines if name.lower() in line.text.lower()), lines[0])
            yield FoundTag(id=mission_id(name), title=name, line=line.place)


def mission_id(name: str) -> str:
    """Return the id of a mission that is only known by its name."""
    return identifier(name, f"mission_{len(name)}").replace("_", "-")


def unquoted(text: str) -> str:
    """Return a text without quotation marks around it; brackets behind them stay."""
    bare = text.strip()
    if bare[:1] in _OPEN and len(bare) > 2 and bare:
        end = max(bare.rfind(mark) for mark in _CLOSE)
        if end > 0 and not bare[end + 1 :].strip(" .*_"):
            return bare[1:end].strip()
        if not any(mark in bare[1:] for mark in _CLOSE):
            return bare[1:].strip()
    return bare


def _without_outer_quotes(texts: list[str]) -> tuple[str, ...]:
    """Return paragraphs without the marks of one quotation around all of them."""
    if not texts:
        return ()
    first, last = texts[0], texts[-1].rstrip(" *_")
    if (
        first[:1] in _OPEN
        and last[-1:] in _CLOSE
        and (len(texts) > 1 or first[0] != '"' or (len(texts) == 1 and first.count('"') == 2))
    ):
        texts = [first[1:], *texts[1:]]
        texts[-1] = texts[-1].rstrip(" *_")[:-1]
    return tuple(text.strip("\n") for text in texts if text.strip())

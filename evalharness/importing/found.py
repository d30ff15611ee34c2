"""numbered lines and their labels -> what a document holds.  Every word of it stands in those lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from evalharness.documents.claims import key, named
from evalharness.documents.direction import listed, wishes
from evalharness.documents.features import asks, turns, unremarked, untailed, words
from evalharness.documents.formats.speech import bare
from evalharness.documents.lexicon import votes
from evalharness.documents.names import addressee, company_of, interests_of, person_of
from evalharness.documents.nouns import (
    FoundDocument,
    FoundQuestion,
    FoundSection,
    FoundTag,
    Label,
    Line,
    Passage,
)
from evalharness.documents.times import limit_in, seconds_in
from evalharness.importing.answers import Paragraphs, framed, unquoted
from evalharness.importing.left_out import left_out
from evalharness.importing.missions import missions, unlisted
from evalharness.text.words import sentences

_REPLY = re.compile(r"^(?:[A-Za-z]{1,4}: )+(?=\S)")
_HASHES = re.compile(r"(?:\s{1,4}#[A-Za-z][\w/-]{0,60}){1,8}\s{0,4}$")
MARKS_BEHIND = " :-\u2013\u2014\u2192=|>"  # between what is asked and what is said to it
MARKS = frozenset({"person", "company", "interest", "time", "claim"})  # these may stand in a line of another role


def build(lines: Sequence[Line], labels: Sequence[Label]) -> FoundDocument:
    """Return what the labels say of the lines; labels that do not verify must have been taken out before."""
    return left_out(lines, labels, _Builder(lines, labels).document())


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
        sections = {key(_section_title(lines[label.first - 1])) for label in labels if label.role == "section"}
        opening = [lines[label.first - 1] for label in labels if label.role == "answer"]
        self._paragraphs = Paragraphs(lines, opening, sections)

    def document(self) -> FoundDocument:
        """Return everything that is labelled, in the order of the document."""
        tags = missions(self._lines, self._by_role.get("mission", []), self._told_of)
        claimed = [tag for question in self._of_role("question") for tag in self._claims(question.first, tags)]
        tags = (*tags, *unlisted(tags, claimed, self._lines))
        person, role = person_of(self._in("person"))
        texts = [self._line(label.first) for label in self._of_role("company")]
        roles = {n for label in self._labels if label.role not in MARKS for n in range(label.first, label.last + 1)}
        return FoundDocument(
            title=self._title(),
            questions=_merged(self._question(label, tags) for label in self._of_role("question")),
            tags=tags,
            sections=tuple(self._section(label) for label in self._of_role("section")),
            advice=tuple(text.rstrip(" ,;") for text in self._texts("advice")),
            company=company_of(self._lines, texts, person) if texts else "",
            facts=tuple(self._texts("fact")),
            interviewer=person,
            role=role,
            interests=interests_of(self._in("interest")),
            to_ask=tuple(asked for label in self._of_role("ask") for asked in self._to_ask(label)),
            time_limit=self._limit(0),
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
        return _REPLY.sub("", (meta or subject or short).strip())

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
        """Return what is asked, without what only leads to it: a label, words that are only spoken, a quotation's frame."""
        found = []
        for line in (self._line(n) for n in range(label.first, label.last + 1)):
            led = (
                line.rest
                and len(line.label.split()) <= 4
                and (asks(line.rest) >= 0.35 or votes(line.label).get("question"))
            )
            text = line.rest if led else line.text
            found.append(framed(bare(text) if line.speaker else text).rstrip(MARKS_BEHIND))
        return " ".join(found)

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
            paragraphs = self._paragraphs.of(lines)
            if paragraphs:
                yield Passage(paragraphs=paragraphs, line=lines[0].place)

    def _answering(self, question: int) -> list[Label]:
        """Return the labels of an answer, and of the sections between its lines, in their order."""
        own = [*self._of_role("answer", question), *self._of_role("part", question)]
        sections = self._of_role("section") if own else []
        return sorted([*own, *sections], key=lambda label: label.first)

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
        if line.label and line.rest and asks(line.rest) >= 0.3:
            text = " ".join([line.rest, *(one.text for one in lines[1:])])
            to = addressee(line.label)
        return Passage(paragraphs=(unquoted(text),), line=line.place, to=to)

    def _to_ask(self, label: Label) -> Iterator[Passage]:
        """Yield what is to be asked: a line that says so in prose, or in one list, may hold several questions."""
        whole, line = self._asked(label), self._line(label.first)
        wished, parts = wishes(line.text), tuple(listed(whole.text))
        direct = bool(wished) and all(asked.endswith("?") for asked in wished)
        told = direct or max(len(sentences(line.text)), len(wished)) > 1
        several = wished if told or line.label else ()
        parts = parts if len(parts) > 1 else tuple(part.text for part in sentences(whole.text))
        led = len(wished) >= len(parts)  # each without the words that lead to it
        several = parts if len(parts) > 1 and not led and all(asks(part) >= 0.3 for part in parts) else several
        if line.kind == "item" and not line.label and len(parts) == 2 and not listed(whole.text)[1:]:
            several = ()  # with what it goes on to ask
        asked = [unremarked(part) for part in several] or [whole.text if turns(line.text) else unremarked(whole.text)]
        yield from (msgspec.structs.replace(whole, paragraphs=(part,)) for part in asked)

    def _limit(self, of: int) -> float | None:
        found = [
            limit_in(self._line(label.first).text) or _bare_number(self._line(label.first))
            for label in self._of_role("time", of)
        ]
        return next((seconds for seconds in found if seconds), None)

    # --- missions and sections ---------------------------------------------------------------------------

    def _told_of(self, role: str, mission: int) -> str:
        """Return what was found in a role for the mission of a line."""
        return " ".join(self._text(label) for label in self._of_role(role, mission))

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


def _merged(questions: Iterable[FoundQuestion]) -> tuple[FoundQuestion, ...]:
    """Return the questions, each once: what is told under one text in several places are attempts at one question."""
    found: dict[str, FoundQuestion] = {}
    for new in questions:
        old = found.setdefault(key(new.text) or new.text, new)
        if old is not new:
            told = {answer.paragraphs for answer in old.answers}
            found[key(new.text) or new.text] = msgspec.structs.replace(
                old,
                answers=(*old.answers, *(a for a in new.answers if a.paragraphs not in told)),
                follow_ups=(*old.follow_ups, *new.follow_ups),
                probes=(*old.probes, *new.probes),
                tags=tuple(dict.fromkeys((*old.tags, *new.tags))),
                notes=(*old.notes, *new.notes),
                time_limit=old.time_limit or new.time_limit,
            )
    return tuple(found.values())


def _section_title(line: Line) -> str:
    """Return the title of a section without what stands behind it."""
    return untailed(line.label if line.label and line.rest else line.text).rstrip(" :")


def _bare_number(line: Line) -> float | None:
    """Return the number of seconds (or minutes) in a cell whose column names a time."""
    text = line.text.strip()
    if line.kind != "cell" or not text.isdigit():
        return None
    return float(text) * (60 if "min" in line.column.lower() else 1)

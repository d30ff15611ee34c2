"""what a document holds and the rubrics that grade it -> the texts of files; nothing here touches a disk."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

from evalharness.documents.features import words
from evalharness.documents.nouns import FoundDocument, FoundQuestion, Passage
from evalharness.drafting.rubric_draft import draft
from evalharness.drafting.slugs import slug, subject
from evalharness.importing.rubric_choice import Choice
from evalharness.model.nouns import Measure, PartSpec, Rubric, Tags
from evalharness.text.parts import headings, plain_title
from evalharness.text.words import fold_text

SAMPLE, FOLLOW_UP = "sample", "follow_up"
MOST_NOTES = 4000
DEFAULT_LIMITS = {"culture-dialogue": 60.0}
DEFAULT_LIMIT = 120.0
NO_FOLLOW_UP = "draft: the document has no question to ask back here; write yours"


class Writer:
    """The files of one document: the questions of `known`, by their folded text, keep the folders that they have."""

    def __init__(
        self, document: FoundDocument, choice: Choice, shelf: Mapping[str, Rubric], known: Mapping[str, str]
    ) -> None:
        self._document = document
        self._choice = choice
        self._shelf = shelf
        self._known = known
        self._drafted: frozenset[str] = frozenset()
        self._limits = any(limit_of(question, document) for question in document.questions)

    def _pairs(self) -> list[tuple[FoundQuestion, str]]:
        """Return the questions with their rubrics."""
        return list(zip(self._document.questions, self._choice.rubrics, strict=True))

    def files(self, folder: str, rubrics: Mapping[str, dict[str, Any]], taken: frozenset[str]) -> dict[str, str]:
        """Return all files by path below the root."""
        found = {name: as_yaml(data) for name, data in rubrics.items()}
        self._drafted = frozenset(words(" ".join(found.values())))
        used = set(taken)
        if not self._document.questions:
            return self._only_asked(folder, used)
        for number, (question, rubric) in enumerate(self._pairs(), start=1):
            place = self._known.get(fold_text(question.text), "")
            if not place:
                name = _free(slug(question.title or question.text, "question"), used)
                used.add(name)
                place = f"{folder}/{name}"
            answers = question.answers if self._gradable(question, rubric) else ()
            found[f"{place}/question.yaml"] = self._question(question, rubric, number, answers)
            for position, answer in enumerate(answers, start=1):
                file = f"{SAMPLE}.md" if position == 1 else f"{SAMPLE}-{position}.md"
                found[f"{place}/{file}"] = self._attempt(question, answer, rubric)
        return found

    def _only_asked(self, folder: str, taken: set[str]) -> dict[str, str]:
        """Return the file of the one question that keeps what is asked of them, where a document holds nothing else."""
        document = self._document
        of = f" ({document.title})" if document.title and not document.company else ""
        text = f"What would you like to ask {document.company or 'us'}?{of}"
        place = self._known.get(fold_text(text)) or f"{folder}/{_free('questions-to-ask-them', taken)}"
        question = FoundQuestion(text=text, line=document.to_ask[0].line, title="Questions to ask them")
        note = "# draft: the document has only questions to ask them; this question is the end of the interview, when they ask for your questions\n"
        return {f"{place}/question.yaml": note + self._question(question, self._choice.spare, 1, ())}

    def limits(self) -> Iterator[float | None]:
        """Yield the time of each question: its own, the document's, or the usual one where its rubric measures time."""
        for question, rubric in self._pairs():
            yield self._limit(question, rubric)

    def _limit(self, question: FoundQuestion, rubric: str) -> float | None:
        usual = DEFAULT_LIMITS.get(rubric, DEFAULT_LIMIT) if self._timed(rubric) else None
        return limit_of(question, self._document) or usual

    def drafts(self, folder: str) -> dict[str, dict[str, Any]]:
        """Return the rubric draft by its path, where one is needed."""
        name = self._choice.draft
        if not name:
            return {}
        tags = any(question.tags for question in self._document.questions)
        return {f"{folder}/{name}.yaml": draft(self._document, name, tags=tags, timed=self._limits)}

    def _gradable(self, question: FoundQuestion, rubric: str) -> bool:
        """Return whether an attempt may stand under a rubric: one that grades missions needs some claimed."""
        tags = _tag_ids(self._shelf.get(rubric))
        return rubric == self._choice.draft or not tags or any(tag in tags for tag in question.tags)

    def _question(self, question: FoundQuestion, rubric: str, number: int, answers: Sequence[Passage]) -> str:
        title = question.title[:200] or subject(question.text)
        data: dict[str, Any] = {"title": title, "question": question.text, "rubric": rubric}
        limit = self._limit(question, rubric)
        if limit:
            data["time_limit"] = f"{limit:g} s"
        tags = _tag_ids(self._shelf.get(rubric)) if rubric != self._choice.draft else set(question.tags)
        missions = [int(tag) if tag.isdigit() else tag for tag in question.tags if tag in tags]
        if missions:
            data["missions"] = missions
        context = _context(self._document)
        if context:
            data["context"] = context
        if number == 1 and self._document.to_ask:
            data["to_ask"] = [
                f"{asked.text} (for {asked.to})" if asked.to else asked.text for asked in self._document.to_ask
            ]
        told = limit_of(question, self._document) or not limit
        guessed = "" if told else "# draft: the document gives no time for this question\n"
        comments = [
            *(self._around(rubric, bool(answers)) if number == 1 else ()),
            *self._kept(question, rubric, answers),
        ]
        return (
            guessed + "".join(f"# from the document: {' '.join(text.split())}\n" for text in comments) + as_yaml(data)
        )

    def _timed(self, rubric: str) -> bool:
        """Return whether a rubric measures against a time limit, so that a question needs one."""
        if rubric == self._choice.draft:
            return self._limits
        found = self._shelf.get(rubric)
        return (
            found is not None
            and any(isinstance(c.kind, Measure) and c.kind.measure == "speaking_time" for c in found.criteria)
            and rubric != "story"
        )

    def _around(self, rubric: str, answered: bool) -> list[str]:
        """Return what belongs to no single question and has no other place: it is kept with the first question."""
        document = self._document
        drafted = self._drafted if rubric == self._choice.draft else frozenset()
        found = [f"advice: {text}" for text in document.advice]
        found += [
            f"{section.title}: {item}" for section in document.sections for item in section.items or ("no points",)
        ]
        found = [text for text in found if not drafted or not frozenset(words(text.partition(": ")[2])) <= drafted]
        told = {
            tag
            for question, chosen in self._pairs()
            for tag in question.tags
            if question.answers and self._gradable(question, chosen)
        }
        found += [
            f"mission {t.id}: {'; '.join(x for x in (t.title, t.experience, t.takeaway) if x)}"
            for t in document.tags
            if t.id not in told or not answered
        ]
        if not document.company:
            found += [f"fact: {fact}" for fact in document.facts]
        if not document.interviewer:
            found += [f"interest: {interest}" for interest in document.interests]
        return found

    def _kept(self, question: FoundQuestion, rubric: str, answers: Sequence[Passage]) -> list[str]:
        """Return what was found under a question and cannot stand in an attempt."""
        unknown = [
            t for t in question.tags if rubric != self._choice.draft and t not in _tag_ids(self._shelf.get(rubric))
        ]
        lost = [f"claims {t}" for t in unknown]
        if answers:
            return [*self._notes(question, rubric)[_fitting(self._notes(question, rubric)) :], *lost]
        asked = (
            *(f"To ask {p.to or 'them'}: {p.text}" for p in question.follow_ups),
            *(f"They may ask next: {p.text}" for p in question.probes),
        )
        return [*question.notes, *asked, *(f"answer: {answer.text}" for answer in question.answers), *lost]

    def _parts(self, rubric: str) -> tuple[Sequence[PartSpec], bool]:
        """Return the parts of an attempt under a rubric, and whether what is asked back is one of them."""
        specs = self._shelf[rubric].parts if rubric in self._shelf else ()
        return specs, rubric == self._choice.draft or any(spec.id == FOLLOW_UP for spec in specs)

    def _notes(self, question: FoundQuestion, rubric: str) -> list[str]:
        """Return what stands beside the attempts at a question."""
        _, back = self._parts(rubric)
        return [
            *question.notes,
            *(f"To ask {p.to or 'them'}: {p.text}" for p in (() if back else question.follow_ups)),
            *(f"They may ask next: {p.text}" for p in (() if rubric == self._choice.draft else question.probes)),
            *(
                f"Mission {t.id}: {t.title}. {t.experience}. {t.takeaway}".replace(". .", ".")
                for t in self._document.tags
                if t.id in question.tags and (t.experience or t.takeaway)
            ),
        ]

    def _attempt(self, question: FoundQuestion, answer: Passage, rubric: str) -> str:
        specs, back = self._parts(rubric)
        asked = (*question.follow_ups, *question.probes) if rubric == self._choice.draft else question.follow_ups
        notes = self._notes(question, rubric)
        front: dict[str, Any] = {"source": SAMPLE}
        if notes:
            front["notes"] = "\n".join(notes[: _fitting(notes)])
        body = _safe(answer.text, specs)
        if back and asked:
            body += "\n\n## Follow-up question\n\n" + "\n\n".join(passage.text for passage in asked)
        for spec in specs:
            if spec.required and not (spec.id == FOLLOW_UP and asked):
                body += f"\n\n## {spec.headings[0]}\n\n{NO_FOLLOW_UP}"
        return f"---\n{as_yaml(front)}---\n\n{body}\n"


def _fitting(notes: Sequence[str]) -> int:
    """Return how many of the notes have room beside an attempt."""
    sizes = itertools.accumulate(len(note) + 1 for note in notes)
    return sum(size <= MOST_NOTES for size in sizes)


def limit_of(question: FoundQuestion, document: FoundDocument) -> float | None:
    """Return the time for one question: its own, else the document's."""
    return question.time_limit or document.time_limit


def as_yaml(data: Mapping[str, Any]) -> str:
    """Return `data` as the text of a YAML file."""
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=100)


def as_data(document: FoundDocument, choice: Choice) -> dict[str, Any]:
    """Return everything that was found as plain data, for `--format json`."""
    return {
        "title": document.title,
        "questions": [
            {
                "text": q.text, "title": q.title, "line": q.line, "rubric": rubric,
                "answers": [{"line": a.line, "text": a.text} for a in q.answers],
                "follow_ups": [p.text for p in q.follow_ups], "probes": [p.text for p in q.probes],
                "tags": list(q.tags), "notes": list(q.notes), "time_limit": limit_of(q, document),
            }
            for q, rubric in zip(document.questions, choice.rubrics, strict=True)
        ],
        "tags": [{"id": t.id, "title": t.title, "experience": t.experience, "takeaway": t.takeaway, "line": t.line} for t in document.tags],
        "sections": [{"title": s.title, "items": list(s.items), "line": s.line} for s in document.sections],
        "to_ask": [p.text for p in document.to_ask],
        "person": document.interviewer, "person_role": document.role, "company": document.company,
        "interests": list(document.interests), "facts": list(document.facts), "advice": list(document.advice),
        "time_limit": document.time_limit, "rubric": _main(choice), "why": choice.why,
        "notes": [{"line": n.line, "text": n.text, "why": n.why} for n in document.notes],
        "left_out": [{"line": n.line, "text": n.text, "why": n.why} for n in document.ignored],
        "problems": list(document.problems), "lines": document.lines, "lines_used": document.used,
    }  # fmt: skip


def _main(choice: Choice) -> str:
    return max(choice.rubrics, key=choice.rubrics.count, default="")


def _tag_ids(rubric: Rubric | None) -> set[str]:
    return {tag.id for c in rubric.criteria if isinstance(c.kind, Tags) for tag in c.kind.tags} if rubric else set()


def _safe(text: str, specs: Sequence[PartSpec]) -> str:
    """Return an answer without headings that would begin another part in the middle of it."""
    ends = {plain_title(title) for spec in specs if not spec.within_answer for title in spec.headings}
    for heading in reversed(headings(text)):
        if plain_title(heading.title) in ends:
            text = f"{text[: heading.start]}{heading.title}\n{text[heading.end :]}"
    return text


def _context(document: FoundDocument) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if document.company:
        found["company"] = {"name": document.company, **({"facts": list(document.facts)} if document.facts else {})}
    if document.interviewer:
        more = {"role": document.role, "interests": list(document.interests)}
        found["interviewer"] = {"name": document.interviewer, **{key: value for key, value in more.items() if value}}
    return found


def _free(name: str, taken: set[str]) -> str:
    return next(n for n in itertools.chain([name], (f"{name}-{i}" for i in itertools.count(2))) if n not in taken)

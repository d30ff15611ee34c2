"""What a preparation document holds, each thing with the line of the document where it stands."""

from __future__ import annotations

from evalharness.model.noun import Noun


class Block(Noun):
    """A heading, paragraph, list item, table row or rule of a document, whatever it was written in.

    `kind` is one of heading, para, item, row, rule; `level` the heading's level or the item's depth; `number` its
    written number, else 0; `skip` says why it is none of the document's content.
    """

    kind: str
    text: str
    line: int
    level: int = 0
    bold: bool = False
    quote: bool = False
    number: int = 0
    cells: tuple[str, ...] = ()
    skip: str = ""

    @property
    def heads(self) -> bool:
        """Return whether it may stand over what follows: a heading, a bold line, a short numbered one."""
        return self.kind == "heading" or self.bold or (self.number > 0 and len(self.text.split()) <= 30)

    @property
    def rank(self) -> int:
        """Return how high it stands: 1 to 6 for headings, then bold, numbered and plain lines."""
        if self.kind == "heading":
            return self.level
        return 7 if self.bold else 8 if self.number else 9


class Passage(Noun):
    """Words of the document: paragraphs under each other, and the person they are for, where one is named."""

    paragraphs: tuple[str, ...]
    line: int
    to: str = ""

    @property
    def text(self) -> str:
        """Return the paragraphs as Markdown."""
        return "\n\n".join(self.paragraphs)


class FoundQuestion(Noun):
    """One question with what the document says about it.  `time_limit` in seconds."""

    text: str
    line: int
    title: str = ""
    answers: tuple[Passage, ...] = ()
    follow_ups: tuple[Passage, ...] = ()
    tags: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    time_limit: float | None = None


class FoundTag(Noun):
    """One mission (value, principle): its title, the experience that maps to it and the takeaway, where told."""

    id: str
    title: str
    line: int
    experience: str = ""
    takeaway: str = ""


class FoundSection(Noun):
    """One section that an answer should have, and what it asks for."""

    title: str
    line: int
    items: tuple[str, ...] = ()


class Ignored(Noun):
    """A line that was left out, and why."""

    line: int
    text: str
    why: str


class FoundDocument(Noun):
    """Everything that was found in one document, in its order.  `to_ask` is asked back after all answers."""

    title: str = ""
    questions: tuple[FoundQuestion, ...] = ()
    tags: tuple[FoundTag, ...] = ()
    sections: tuple[FoundSection, ...] = ()
    advice: tuple[str, ...] = ()
    company: str = ""
    facts: tuple[str, ...] = ()
    interviewer: str = ""
    role: str = ""
    to_ask: tuple[Passage, ...] = ()
    time_limit: float | None = None
    ignored: tuple[Ignored, ...] = ()

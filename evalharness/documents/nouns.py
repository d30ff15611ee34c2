"""The nouns of an import: a document's numbered lines, what each of them is, and what was found in them."""

from __future__ import annotations

from evalharness.model.noun import Noun

NOTED = "noted"  # the callout of a short note, which was cut at its dash


class Line(Noun):
    """One line (or cell) of a document: its words, where it stands in the source, and how it looks.

    `kind` is heading, item, para, cell or rule; `level` a heading's level, `depth` how far in a line hangs. `marker`
    and `count` are the bullet or number in front, `label` and `rest` the words before and after a colon in front.
    `row` and `column` place a cell; `why` says why a reader takes the line for no content of the document. `sign` is the
    picture or arrow in front of its words, `speaker` who says them in a conversation. A `glued` line goes on where the
    one before was cut.
    """

    number: int
    text: str
    place: int
    kind: str = "para"
    level: int = 0
    depth: int = 0
    marker: str = ""
    count: int = 0
    bold: bool = False
    italic: bool = False
    quote: int = 0
    gap: bool = False
    label: str = ""
    rest: str = ""
    row: int = 0
    table: int = 0
    column: str = ""
    links: float = 0.0
    callout: str = ""
    why: str = ""
    sign: str = ""
    speaker: str = ""
    glued: bool = False

    @property
    def said(self) -> str:
        """Return the words behind the label, or all words where there is none."""
        return self.rest if self.label else self.text

    @property
    def shape(self) -> tuple[object, ...]:
        """Return how the line is made, by which the lines of a document are compared."""
        mark = "#" if self.count else self.marker
        return (self.kind, self.level, min(self.depth, 3), mark, self.bold, self.quote > 0, self.callout)


ROLES = (
    "question title answer part follow_up probe use ask claim mission experience takeaway section point advice time "
    "person company interest fact note furniture"
).split()


class Label(Noun):
    """What the lines from `first` to `last` are; `of` is the line of the question, mission or section they belong to.

    A `part` goes on with the answer above it. `why` is told for what is left out.
    """

    first: int
    last: int
    role: str
    of: int = 0
    why: str = ""


class Passage(Noun):
    """Words of the document: paragraphs under each other, and the person they are for, where one is named."""

    paragraphs: tuple[str, ...]
    line: int
    to: str = ""

    @property
    def text(self) -> str:
        """Return the paragraphs as Markdown; items of one list stay together."""
        found = ""
        for paragraph in self.paragraphs:
            listed = paragraph.lstrip().startswith("- ") and found.rpartition("\n")[2].lstrip().startswith("- ")
            found += ("\n" if listed else "\n\n" if found else "") + paragraph
        return found


class FoundQuestion(Noun):
    """One question with what the document says about it.  `time_limit` in seconds."""

    text: str
    line: int
    title: str = ""
    answers: tuple[Passage, ...] = ()
    follow_ups: tuple[Passage, ...] = ()
    probes: tuple[Passage, ...] = ()
    tags: tuple[str, ...] = ()
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
    interests: tuple[str, ...] = ()
    to_ask: tuple[Passage, ...] = ()
    time_limit: float | None = None
    notes: tuple[Ignored, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    problems: tuple[str, ...] = ()
    used: int = 0
    lines: int = 0

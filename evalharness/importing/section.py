"""the blocks of one question -> its answers, follow-ups, tags, advice, time."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from evalharness.importing.labels import Label, asks, is_manner, is_tip, label_of
from evalharness.importing.nouns import Block, Ignored, Passage
from evalharness.importing.outline import cut_along
from evalharness.importing.quotes import ends_quoted, is_open, is_quoted, unquoted
from evalharness.importing.tag_lines import tag_list, tag_names
from evalharness.importing.times import is_time_hint, seconds_in, time_for_each
from evalharness.text.parts import plain_title
from evalharness.text.words import fold_text

FLATTENED, FEW = 60, 8
_RUN_IN = re.compile(r"^(?P<title>[^.:!?\u2013\u2014]{3,60}?)\s*[.:\u2013\u2014]\s+(?P<rest>\S.*)$", re.DOTALL)


@dataclass
class Section:
    """What was read under one question so far; `tips` stand behind its answer, `left` belongs to something else."""

    answers: list[Passage] = field(default_factory=list)
    follow_ups: list[Passage] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    advice: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    tips: list[str] = field(default_factory=list)
    time_limit: float | None = None
    ignored: list[Ignored] = field(default_factory=list)
    left: list[Block] = field(default_factory=list)


def read_section(
    blocks: Sequence[Block], rank: int, titles: Sequence[str], tags: Collection[str] = (), *, quoted: bool = False
) -> Section:
    """Return what stands in `blocks`, which follow the words of a question of `rank`.

    `titles` are sections that an answer may have, `tags` the folded titles of missions that it may claim; `quoted`
    tells that the question is quoted out of a mail, so that the next quotation is no part of the answer.
    """
    reader = _Reader(blocks, rank, titles, tags, quoted=quoted)
    for at, block in enumerate(blocks):
        if reader.is_over(block):
            reader.section.left.extend(blocks[at:])
            break
        reader.take(at, block)
    return reader.finished()


class _Reader:
    """Goes from block to block and knows under which label it stands."""

    def __init__(
        self, blocks: Sequence[Block], rank: int, titles: Sequence[str], tags: Collection[str], *, quoted: bool
    ) -> None:
        self.section = Section()
        self._blocks = blocks
        self._rank = rank
        self._titles = titles
        self._known = tags
        self._plain = {plain_title(title) for title in titles}
        self._has_label = any(_is(block, "answer") for block in blocks)
        self._state = "lead"
        self._text: list[str] = []
        self._line = 0
        self._quoted = ""
        self._to = ""
        self._asked_in_quotes = quoted
        self._listed: list[str] = []
        self._first: list[Block] = []
        self._tips = False

    def is_over(self, block: Block) -> bool:
        """Return whether a heading ends the question: it stands as high as the question and is no label."""
        if not block.heads or label_of(block.text) or tag_list(block.text) or plain_title(block.text) in self._plain:
            return False
        if block.kind == "heading":
            return block.rank <= self._rank
        return block.bold and block.number == 0 and block.rank <= self._rank and self._state != "answer"

    def take(self, at: int, block: Block) -> None:
        """Read one block."""
        if block.kind == "rule":
            return
        if self._is_theirs(block):
            self._close()
            self._state = "after"
        label = label_of(block.text)
        if label and not (self._quoted == "open" and not label.rest) and self._label(block, label):
            return
        if self._asides(block) or self._claims(at, block):
            return
        self._hand_on(at, block)

    def finished(self) -> Section:
        """Return the section with its last answer."""
        self._close()
        if not self.section.answers and not self._has_label:
            self._short_answer()
        return self.section

    def _short_answer(self) -> None:
        """Take what stands below a question for its answer, however short, where it is nothing but sentences."""
        told = [block.text for block in self._first]
        if told and all(text.rstrip("\"'\u201d\u2019)")[-1:] in {".", "!"} and not is_manner(text) for text in told):
            self.section.answers.append(Passage(paragraphs=tuple(told), line=self._first[0].line))
            self.section.notes = [note for note in self.section.notes if note not in told]

    # --- labels and lines that say what they are ---------------------------------------------------

    def _label(self, block: Block, label: Label) -> bool:
        if label.kind in {"answer", "follow_up", "tone", "note"}:
            if (
                label.kind == "note"
                and self._state == "answer"
                and block.kind == "heading"
                and not label.rest
                and block.rank > self._rank + 1
            ):
                return False
            self._close()
            self._state, self._to = label.kind, label.to
            self._tips = label.kind == "note" and is_tip(block.text) and bool(self.section.answers)
            if label.note and self.section.time_limit is None:
                self.section.time_limit = seconds_in(label.note)
            if label.rest:
                rest = Block(kind="para", text=label.rest, line=block.line, quote=block.quote)
                self._hand_on(0, rest)
            return True
        if label.kind == "time" and seconds_in(block.text) is not None:
            self.section.time_limit = self.section.time_limit or seconds_in(block.text)
            return True
        return False

    def _asides(self, block: Block) -> bool:
        """Read tags and time hints, which may stand anywhere; return whether the block was nothing else."""
        tags = tag_list(block.text) if len(block.text.split()) <= 60 else None
        names = tag_names(block.text, self._known) if tags is None else None
        if tags is not None or names:
            self.section.tags = tuple(dict.fromkeys((*self.section.tags, *(tags or ()))))
            self.section.names = (*self.section.names, *(names or ()))
            self.section.time_limit = self.section.time_limit or seconds_in(block.text)
            if self._state in {"answer", "follow_up", "tone", "note"}:
                self._close()
                self._state = "after"
            return True
        if time_for_each(block.text) and is_time_hint(block.text):
            self.section.left.append(block)
            return True
        opened = bool(self._text)
        if not opened and is_time_hint(block.text) and not is_quoted(block.text):
            self.section.time_limit = self.section.time_limit or seconds_in(block.text)
            return True
        if opened and block.text[:1] in "([" and is_time_hint(block.text) and block.text[-1:] in ")]":
            self.section.time_limit = self.section.time_limit or seconds_in(block.text)
            return True
        return False

    def _claims(self, at: int, block: Block) -> bool:
        """Read missions claimed by name, one an item, under a line that says so; that line closes an answer."""
        if block.kind == "item" and fold_text(block.text).rstrip(".") in self._known:
            self.section.names = (*self.section.names, block.text.rstrip("."))
            return True
        below = self._blocks[at + 1] if at + 1 < len(self._blocks) else block
        opens = block.kind != "item" and (block.heads or block.text.endswith(":")) and len(block.text.split()) <= FEW
        if opens and below.kind == "item" and fold_text(below.text).rstrip(".") in self._known:
            self._close()
            self._state = "after"
            return True
        return False

    def _hand_on(self, at: int, block: Block) -> None:
        match self._state:
            case "lead":
                self._in_lead(at, block)
            case "answer":
                self._in_answer(block)
            case "follow_up":
                self._in_follow_up(block)
            case "tone":
                self.section.advice.append(block.text)
            case "note" if block.kind == "item":
                self._listed.append(block.text)
            case "note":
                self._note(block)
            case _:
                self._in_after(block)

    # --- one method a state -------------------------------------------------------------------------

    def _in_lead(self, at: int, block: Block) -> None:
        if self._has_label and not any(_is(b, "answer") for b in self._blocks[:at]) and self._label_ahead(at):
            self._note(block)
        elif block.quote or is_quoted(block.text) or len(block.text.split()) >= 8:
            self._state = "answer"
            self._in_answer(block)
        else:
            self._first.append(block)
            self._note(block)

    def _label_ahead(self, at: int) -> bool:
        return any(_is(block, "answer") for block in self._blocks[at:])

    def _in_answer(self, block: Block) -> None:
        text = block.text
        if not self._text:
            self._line = block.line
            self._quoted = "block" if block.quote else "open" if is_open(text) else "marks" if is_quoted(text) else ""
        elif self._quoted and not self._still_quoted(block):
            self._close()
            self._state = "after"
            self._in_after(block)
            return
        if is_quoted(text):
            self._quoted = "open" if is_open(text) else "marks" if self._quoted != "block" else self._quoted
        elif self._quoted == "open" and ends_quoted(text):
            self._quoted = "closed"
        self._text += self._as_written(block)

    def _is_theirs(self, block: Block) -> bool:
        """Return whether the one who asked goes on, in a mail that is answered between its lines."""
        return self._asked_in_quotes and block.quote and bool(self._text) and self._quoted != "block"

    def _still_quoted(self, block: Block) -> bool:
        if self._quoted == "block":
            return block.quote
        if self._quoted == "closed":
            return is_quoted(block.text)
        return self._quoted == "open" or is_quoted(block.text)

    def _as_written(self, block: Block) -> list[str]:
        if plain_title(block.text) in self._plain or (
            block.heads and (block.kind == "heading" or (block.bold and len(block.text.split()) <= 8))
        ):
            return [f"## {block.text.strip(' :')}"]
        run_in = _RUN_IN.match(block.text)
        if run_in and plain_title(run_in["title"]) in self._plain:
            return [f"## {run_in['title']}", run_in["rest"]]
        if block.kind == "item":
            return [f"{block.number}. {block.text}" if block.number else f"- {block.text}"]
        text = unquoted(block.text)
        return list(cut_along(text, self._titles)) if len(text.split()) >= FLATTENED else [text]

    def _in_follow_up(self, block: Block) -> None:
        text = unquoted(block.text)
        if "?" in text or asks(text) or (not self.section.follow_ups and not is_manner(text) and block.quote):
            self.section.follow_ups.append(Passage(paragraphs=(text,), line=block.line, to=self._to))
        else:
            self._in_after(block)

    def _in_after(self, block: Block) -> None:
        if ((block.quote or is_quoted(block.text)) and not self.section.answers) or (
            not self.section.answers and not self._has_label and len(block.text.split()) >= 20
        ):
            self._state = "answer"
            self._in_answer(block)
        elif is_manner(block.text):
            self.section.advice.append(block.text)
        else:
            self._note(block)

    def _note(self, block: Block) -> None:
        self.section.notes.append(block.text)

    def _close(self) -> None:
        """End the answer or the list that is being read; a list that is mostly of manner is advice."""
        of_manner = sum(map(is_manner, self._listed)) * 2 >= len(self._listed)
        other = self.section.tips if self._tips else self.section.notes
        (self.section.advice if of_manner else other).extend(self._listed)
        self._listed = []
        if self._text:
            text = [self._text[0].removeprefix("- ")] if len(self._text) == 1 else self._text
            self.section.answers.append(Passage(paragraphs=tuple(text), line=self._line))
        self._text, self._quoted = [], ""


def _is(block: Block, kind: str) -> bool:
    label = label_of(block.text)
    return label is not None and label.kind == kind

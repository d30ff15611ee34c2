"""text of a preparation document -> what stands in it.  Pure: no file, no network, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from evalharness.importing.about import company_in, person_in
from evalharness.importing.blocks import from_markdown
from evalharness.importing.clean import clean, repaired
from evalharness.importing.context import Frame, read_frame
from evalharness.importing.furniture import CHAT, marked
from evalharness.importing.html_blocks import from_html, looks_like_html
from evalharness.importing.layout import unrolled
from evalharness.importing.nouns import Block, FoundDocument, FoundQuestion, FoundSection, FoundTag, Ignored, Passage
from evalharness.importing.openers import Opener, find_openers
from evalharness.importing.outline import find_outline, titled, with_answer
from evalharness.importing.section import Section, read_section
from evalharness.importing.speakers import labelled
from evalharness.importing.tables import counted_tags, tags_in_list, tags_in_rows
from evalharness.importing.tag_lines import all_of_them, tag_list
from evalharness.importing.times import seconds_in, time_for_each
from evalharness.text.words import fold_text, sentences

SEVERAL = 2
OPENINGS = ("Overview", "Summary", "Project overview", "Introduction")
_OPENING = re.compile(r"(?i)\b(?:overview|summary|begin|start|keep|within|under|at most|minutes? (?:answer|talk))\b")


def read(text: str, *, titles: Sequence[str] = ()) -> FoundDocument:
    """Return what the document says; `titles` are section titles known beforehand, beside the document's own."""
    blocks = blocks_of(text)
    kept = titled(labelled(unrolled([block for block in blocks if not block.skip])))
    sections, outline = find_outline(kept)
    tags, rest = _tags([block for at, block in enumerate(kept) if at not in outline])
    rest = with_answer(rest, sections, OPENINGS)
    openers = find_openers(rest, [section.title for section in sections])
    known = (*OPENINGS, *(section.title for section in sections), *titles)
    claims = frozenset(fold_text(tag.title) for tag in tags)
    read_ones = [_section(rest, openers, at, known, claims) for at in range(len(openers))]
    _settle_tips(read_ones)
    outside = [block for one in read_ones for block in one.left]
    frame = read_frame(rest[: openers[0].at] if openers else rest, outside)
    tags, numbers = _by_name(tags, read_ones)
    questions = tuple(_question(o, s, n) for o, s, n in zip(openers, read_ones, numbers, strict=True))
    trigger = kept[outline.start] if outline else None
    return _document(blocks, frame, read_ones, questions, tags, sections, trigger)


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return all blocks of a document, furniture marked."""
    if looks_like_html(text):
        fixed = "\n".join(repaired(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        return marked(from_html(fixed))
    return marked(from_markdown(clean(text)))


def _tags(blocks: Sequence[Block]) -> tuple[list[FoundTag], list[Block]]:
    """Return the missions that tables and lists name, and the blocks without these."""
    found: list[FoundTag] = []
    rest: list[Block] = []
    at = 0
    while at < len(blocks):
        end = at + 1
        new: tuple[FoundTag, ...] = ()
        if blocks[at].kind == "row":
            while end < len(blocks) and blocks[end].kind == "row":
                end += 1
            new = tags_in_rows(blocks[at:end])
        else:
            new, end = tags_in_list(blocks, at)
        rest += [] if new else blocks[at:end]
        found += new
        at = end
    if not any(tag.line for tag in found if not tag.experience):
        numbered, place = counted_tags(rest)
        found = [*numbered, *found]
        rest = [*rest[: place.start], *rest[place.stop :]]
    return _joined(found), rest


def _joined(tags: Sequence[FoundTag]) -> list[FoundTag]:
    """Return each mission once, with what a list and a table say of it together."""
    joined: dict[str, FoundTag] = {}
    for tag in tags:
        before = joined.get(tag.id)
        if before is None:
            joined[tag.id] = tag
        else:
            joined[tag.id] = msgspec.structs.replace(
                before, experience=before.experience or tag.experience, takeaway=before.takeaway or tag.takeaway
            )
    return list(joined.values())


def _section(
    blocks: Sequence[Block], openers: Sequence[Opener], at: int, titles: Sequence[str], claims: frozenset[str]
) -> Section:
    opener = openers[at]
    end = openers[at + 1].at if at + 1 < len(openers) else len(blocks)
    quoted = blocks[opener.at].quote
    section = read_section(blocks[opener.after : end], opener.rank, titles, claims, quoted=quoted)
    words = " ".join(block.text for block in blocks[opener.at : opener.after])
    timed = [s.text for s in sentences(words) if _OPENING.search(s.text)]
    for remark in (*re.findall(r"[(\[][^)\]]{0,200}[)\]]", words), *timed):
        section.time_limit = section.time_limit or seconds_in(remark)
        section.tags = tuple(dict.fromkeys((*(tag_list(remark) or ()), *section.tags)))
    return section


def _settle_tips(sections: Sequence[Section]) -> None:
    """Sort the tips behind answers: behind the last one alone they hold for all answers, else they are notes."""
    tipped = [at for at, section in enumerate(sections) if section.tips]
    for at in tipped:
        section = sections[at]
        (section.advice if tipped == [len(sections) - 1] else section.notes).extend(section.tips)


def _by_name(tags: list[FoundTag], sections: Sequence[Section]) -> tuple[list[FoundTag], list[tuple[str, ...]]]:
    """Return all missions, those only named by an answer among them, and the ids each section claims."""
    ids = {fold_text(tag.title): tag.id for tag in tags}
    taken = {tag.id for tag in tags} | {tag for section in sections for tag in section.tags}
    claimed: list[tuple[str, ...]] = []
    for section in sections:
        own = list(section.tags)
        if any(all_of_them(name) for name in section.names):
            own += [tag.id for tag in tags]
        for name in (name for name in section.names if not all_of_them(name)):
            folded = fold_text(name)
            if folded not in ids:
                ids[folded] = next(str(n) for n in range(1, 1000) if str(n) not in taken)
                taken.add(ids[folded])
                tags = [*tags, FoundTag(id=ids[folded], title=name, line=0)]
            own.append(ids[folded])
        claimed.append(tuple(dict.fromkeys(own)))
    return tags, claimed


def _question(opener: Opener, section: Section, tags: tuple[str, ...]) -> FoundQuestion:
    return FoundQuestion(
        text=opener.text,
        line=opener.line,
        title=opener.title,
        answers=tuple(section.answers),
        follow_ups=tuple(section.follow_ups),
        tags=tags,
        advice=tuple(section.advice),
        notes=tuple(section.notes),
        time_limit=section.time_limit,
    )


def _document(
    blocks: Sequence[Block],
    frame: Frame,
    read_ones: Sequence[Section],
    questions: tuple[FoundQuestion, ...],
    tags: Sequence[FoundTag],
    sections: tuple[FoundSection, ...],
    trigger: Block | None,
) -> FoundDocument:
    skipped = [Ignored(line=b.line, text=b.text, why=b.skip) for b in blocks if b.skip and b.text]
    ignored = [*skipped, *frame.ignored, *(i for one in read_ones for i in one.ignored)]
    people = {passage.to for question in questions for passage in question.follow_ups if passage.to}
    person = frame.interviewer or (people.pop() if len(people) == 1 else "")
    announced, role = person_in(frame.lines)
    person = announced if announced and person in {"", announced.split()[0]} else person
    known = (
        re.search(rf"\b{re.escape(person)}(?: [A-Z][\w'-]+)*(?: \((?P<role>[^)]+)\))?", frame.title) if person else None
    )
    limit = frame.time_limit or (seconds_in(trigger.text) if trigger else None) or _for_each(ignored, questions)
    questions, to_ask = _asked_at_the_end(questions)
    around = (*frame.lines, *(block.text for block in blocks if block.skip == CHAT))
    return FoundDocument(
        title=re.sub(r"\s+", " ", frame.title).strip(),
        questions=questions,
        tags=tuple(tags),
        sections=sections,
        advice=tuple(dict.fromkeys((*frame.advice, *(a for q in questions for a in q.advice)))),
        company=frame.company or company_in(around, [question.text for question in questions]),
        facts=tuple(frame.facts),
        interviewer=known[0].partition(" (")[0] if known else person,
        role=frame.role or (known["role"] or "" if known else "") or (role if person == announced else ""),
        to_ask=to_ask,
        time_limit=limit,
        ignored=tuple(sorted(ignored, key=lambda one: one.line)),
    )


def _for_each(ignored: Sequence[Ignored], questions: Sequence[FoundQuestion]) -> float | None:
    """Return the time for each answer that one of the other lines names, or None."""
    texts = [*(one.text for one in ignored), *(note for question in questions for note in question.notes)]
    return next((limit for text in texts if (limit := time_for_each(text))), None)


def _asked_at_the_end(
    questions: tuple[FoundQuestion, ...],
) -> tuple[tuple[FoundQuestion, ...], tuple[Passage, ...]]:
    """Return the questions, and what is asked back at the end of all: several under the last one, none elsewhere."""
    if len(questions) < SEVERAL or len(questions[-1].follow_ups) < SEVERAL:
        return questions, ()
    *others, last = questions
    if any(other.follow_ups for other in others):
        return questions, ()
    return (*others, msgspec.structs.replace(last, follow_ups=())), last.follow_ups

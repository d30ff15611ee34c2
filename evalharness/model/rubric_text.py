"""rubric -> its texts: everything an answer could paste to look good."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.model.noun import once
from evalharness.model.nouns import Checklist, Criterion, Measure, Rubric, Scale, Tags
from evalharness.model.signals import Signals


@once
def texts_of(rubric: Rubric) -> tuple[str, ...]:
    """Return every text of the rubric: titles aside, look_for, border cases, anchors, items, tags, and each `next`."""
    return tuple(text for criterion in rubric.criteria for text in texts_of_criterion(criterion))


def texts_of_criterion(criterion: Criterion) -> tuple[str, ...]:
    """Return the texts of one criterion."""
    own = tuple(filter(None, (criterion.look_for, *criterion.border_cases)))
    match criterion.kind:
        case Scale(levels=levels):
            return own + tuple(text for level in levels for text in (level.text, level.next) if text)
        case Checklist(items=items):
            return own + tuple(text for item in items for text in (item.text, item.next) if text)
        case Tags(tags=tags):
            return own + tuple(text for tag in tags for text in (tag.title, tag.look_for, tag.next) if text)
        case Measure():
            return own


@once
def looked_for(rubric: Rubric) -> tuple[str, ...]:
    """Return every word and phrase that the signals of the rubric look for, each once."""
    every = (
        entry for c in rubric.criteria for signals in signals_of(c) for terms in signals.terms for entry in terms.any
    )
    return tuple(dict.fromkeys(every))


@once
def hints_of(rubric: Rubric) -> tuple[str, ...]:
    """Return what the signals of the rubric tell authors to say, each once."""
    every = (terms.say for c in rubric.criteria for signals in signals_of(c) for terms in signals.terms if terms.say)
    return tuple(dict.fromkeys(every))


def signals_of(criterion: Criterion) -> Iterator[Signals]:
    """Yield the signals of a scale, or those of each item or tag."""
    match criterion.kind:
        case Scale(signals=Signals() as signals):
            yield signals
        case Checklist(items=entries) | Tags(tags=entries):
            yield from (entry.signals for entry in entries if entry.signals)
        case _:
            pass

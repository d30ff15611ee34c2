"""rubric -> its texts: everything an answer could paste to look good."""

from __future__ import annotations

from evalharness.model.nouns import Checklist, Criterion, Measure, Rubric, Scale, Tags


def texts_of(rubric: Rubric) -> tuple[str, ...]:
    """Return every text of the rubric a grader may see: titles aside, look_for, anchors, items, tags."""
    return tuple(text for criterion in rubric.criteria for text in texts_of_criterion(criterion))


def texts_of_criterion(criterion: Criterion) -> tuple[str, ...]:
    """Return the texts of one criterion."""
    own = (criterion.look_for,) if criterion.look_for else ()
    match criterion.kind:
        case Scale(levels=levels):
            return own + tuple(level.text for level in levels)
        case Checklist(items=items):
            return own + tuple(item.text for item in items)
        case Tags(tags=tags):
            return own + tuple(text for tag in tags for text in (tag.title, tag.look_for) if text)
        case Measure():
            return own

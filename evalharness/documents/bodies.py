"""a line that asks -> what stands below it: something that may answer it, or only the next question."""

from __future__ import annotations

from collections.abc import Collection

from evalharness.documents.direction import turned
from evalharness.documents.features import asks, owns, words
from evalharness.documents.outline import BOLD, Outline

CLEAR, REMARK = 0.6, 12


def has_body(outline: Outline, number: int, asking: Collection[int]) -> bool:
    """Return whether something stands below a line that is not asked itself."""
    after = outline.after(number)
    if after is None or after.number in asking:
        return False
    line = outline[number]
    if line.sign and line.sign == after.sign:  # one mark makes them a list
        return False
    if outline.is_head(after.number) and not (after.label and outline.is_head(number)):
        return outline.is_head(number) and outline.rank[after.number] > outline.rank[number]
    return (
        outline.is_head(number)
        or after.depth > line.depth
        or after.kind != line.kind
        or after.quote != line.quote
        or (line.gap and not after.gap and (line.kind, after.kind) != ("item", "item"))
        or after.label != line.label
        or (asks(line.said) > 0.5 > asks(after.text) and owns(after.text) > 0 and line.gap >= after.gap)
    )


def is_answered(outline: Outline, head: int) -> bool:
    """Return whether most of what is asked under a heading has an answer below it: then it is for us to answer."""
    asking = {n for n in outline.scope(head) if asks(outline[n].text) > 0.5}
    alike = len({outline[n].shape for n in asking}) == 1
    theirs = alike and turned(outline[head].text) >= CLEAR  # then a few words below a question are a remark on it
    least = REMARK if theirs else 1
    return sum(has_body(outline, n, asking) and _size(outline, n, asking) >= least for n in asking) > 0.5 * len(asking)


def _size(outline: Outline, number: int, asking: Collection[int]) -> int:
    """Return how many words stand below a line until the next one that is asked."""
    size, after = 0, outline.after(number)
    while after is not None and after.number not in asking and outline.rank[after.number] >= BOLD:
        size += len(words(after.text))
        after = outline.after(after.number)
    return size

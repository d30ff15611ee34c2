"""One weakness of a rubric, as a noun."""

from __future__ import annotations

from evalharness.model.noun import Noun

MANY_ITEMS = 8


class Advice(Noun):
    """One weakness of a rubric: which criterion (empty: the whole), by which of `RULES`, what to do.

    `within` leads to the text inside the criterion: names of keys, and ids of items and tags.
    """

    criterion: str
    slug: str
    message: str
    hint: str = ""
    within: tuple[str, ...] = ()

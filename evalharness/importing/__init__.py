"""A preparation document becomes questions, sample attempts and a rubric."""

from __future__ import annotations

from evalharness.documents.nouns import FoundDocument

__all__ = ["FoundDocument", "read"]


def read(text: str, name: str = "") -> FoundDocument:
    """Return what the votes find in a text; pure, and quick enough to call as often as one likes."""
    from evalharness.documents.formats import read_lines
    from evalharness.importing import offline
    from evalharness.importing.found import build
    from evalharness.importing.verify import verify

    lines, tags = offline.divided(read_lines(text.encode(), name))
    return build(lines, verify(lines, offline.label(lines, tags)).labels)

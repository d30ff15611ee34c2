"""What a rubric's author tells the offline grader to look for, as nouns."""

from __future__ import annotations

from evalharness.model.noun import Noun


class Terms(Noun):
    """A group of words or phrases; `word*` matches what begins so.  At most `most` distinct ones count.

    `say` tells the author what to add where they are missing: the thing, and never the words that are looked for.
    """

    any: tuple[str, ...]
    most: int = 1
    say: str = ""


class Markers(Noun):
    """Turns of phrase by their function: reason, trade_off, reflection, question (open ones)."""

    kinds: tuple[str, ...]
    most: int = 2


class Counted(Noun):
    """A signal whose distinct hits count up to `most` points."""

    most: int = 2


class FromContext(Noun):
    """What the question's `context` knows, found in the answer: two points for a fact, one for the name alone.

    `of` is company (its facts and name) or interviewer (interests and name).
    """

    of: str
    most: int = 2


class LengthBand(Noun):
    """Nothing below `floor` words, one point from there, two from `plateau`; never more."""

    floor: int
    plateau: int


class Fillers(Noun):
    """One point less where there are more than `per_100` fillers and hedges in 100 words."""

    per_100: float


class Signals(Noun):
    """What the heuristic may look for.  Points are added up; `levels`, `met`, ... say how many are needed."""

    quantities: Counted | None = None
    markers: tuple[Markers, ...] = ()
    terms: tuple[Terms, ...] = ()
    ownership: Counted | None = None
    context: FromContext | None = None
    length_band: LengthBand | None = None
    fillers: Fillers | None = None
    levels: dict[str, int] = {}
    met: int = 2
    partly: int = 1
    demonstrated: int = 2
    cap: int = 4

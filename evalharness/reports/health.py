"""health -> how far to trust the figures of a run, in the words that all reports share.  Plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from evalharness.reports import words as wording
from evalharness.results.health import Health, Retest, RubricHealth, Share

_TOO_FEW = "too few attempts, or too much alike, to show what moves together"
_EXACT = (
    "this grader gives the same text the same levels every time. So a change comes from the text; "
    "that does not make the levels right."
)
_PEOPLE = (
    "none of these figures says whether people would give the same levels. Only labels do: `evalharness label`, then "
    "`evalharness calibrate`."
)
_HALO = attrgetter("halo")
_LENGTH = attrgetter("length")


def figures(found: Health, *, deterministic: bool) -> Iterator[tuple[str, str]]:
    """Yield name and sentence of each figure."""
    yield (
        "Coverage",
        f"{_share(found.graded)} planned grades have a level. A grade is one criterion of one attempt, once; what is "
        "missing is listed under Ungraded.",
    )
    quotes = found.quotes
    verified = _share(Share(count=quotes.verified, of=quotes.offered))
    yield (
        "Quotes",
        f"{verified} quotes are in the answers word for word, {quotes.repaired:,} were repaired to the real text, "
        f"{quotes.rejected:,} were rejected. A rejected quote never supports a level.",
    )
    yield from ((f"Halo, {_name(r)}", _halo(r)) for r in found.rubrics if r.halo.value is not None)
    yield from ((f"Length, {_name(r)}", _length(r)) for r in found.rubrics if r.length.value is not None)
    yield from _too_few(found.rubrics)
    yield "Repeats", _EXACT if deterministic else _retest(found.retest)
    yield "People", _PEOPLE


def _halo(rubric: RubricHealth) -> str:
    pairs, attempts = wording.plural(rubric.halo.pairs, "pair"), wording.plural(rubric.halo.attempts, "attempt")
    return (
        f"criteria go together by {rubric.halo.value:.2f} (mean Spearman correlation over {pairs} of criteria, "
        f"{attempts}). Near 1, the grader has one impression of an answer and repeats it under every criterion."
    )


def _length(rubric: RubricHealth) -> str:
    attempts = wording.plural(rubric.length.attempts, "attempt")
    return (
        f"score and number of words go together by {rubric.length.value:.2f} (Spearman correlation, {attempts}). "
        "Near 1, longer answers get more whatever they say."
    )


def _too_few(rubrics: Sequence[RubricHealth]) -> Iterator[tuple[str, str]]:
    for figure, pick in (("Halo", _HALO), ("Length", _LENGTH)):
        without = [rubric for rubric in rubrics if pick(rubric).value is None]
        named = [f"{_name(r)} ({wording.plural(pick(r).attempts, 'graded attempt')})" for r in without]
        if named:
            yield f"{figure}, no figure for {', '.join(named)}", f"{_TOO_FEW}."


def _name(rubric: RubricHealth) -> str:
    return rubric.title or rubric.rubric


def _retest(found: Retest | None) -> str:
    if found is None:
        return (
            "every criterion was graded once, so this run cannot tell its own noise from a change. --samples 3 would."
        )
    return (
        f"{_share(found.same)} pairs of samples of the same criterion agree exactly, {_share(found.within_one)} within "
        f"one level; one sample is off by {found.spread:.2f} levels (pooled standard deviation, {found.degrees:,} "
        "degrees of freedom). Differences of that size between two attempts may be chance."
    )


def _share(share: Share) -> str:
    ratio = "" if share.ratio is None else f" ({share.ratio:.0%})"
    return f"{share.count:,} of {share.of:,}{ratio}"

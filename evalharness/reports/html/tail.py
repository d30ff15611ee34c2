"""overview -> the last page: drafts, notices, how far to trust the figures, the cost, which run this is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evalharness.core.health import Correlation, Health, Retest, RubricHealth, Share, health
from evalharness.core.run import RunMeta
from evalharness.reports import wording
from evalharness.reports.overview import Overview

FINGERPRINT = 8


def tail(overview: Overview) -> dict[str, Any]:
    """Return what the last page shows."""
    meta = overview.run.meta
    found = health(overview.run, overview.summary)
    return {
        "drafts": meta.drafts,
        "drafts_count": wording.plural(len(meta.drafts), "empty attempt"),
        "notices": meta.notices,
        "figures": [
            *(("Drift", told) for told in wording.drift_known(meta, overview.summary)),
            *_figures(found, deterministic=meta.grader.deterministic),
        ],
        "levels": found.levels,
        "cost": list(_cost(meta)),
        "identity": [(name, value) for name, value in wording.identity(meta).items() if value],
        "fingerprints": [(name, text[:FINGERPRINT]) for name, text in meta.fingerprints.items()],
    }


def _figures(found: Health, *, deterministic: bool) -> Iterator[tuple[str, str]]:
    quotes = found.quotes
    yield (
        "Coverage",
        f"{_share(found.graded)} planned grades have a level. A grade is one criterion of one attempt, once; what is "
        "missing is listed under Ungraded.",
    )
    yield (
        "Quotes",
        f"{_share(Share(count=quotes.verified, of=quotes.offered))} quotes stand in the answers as given, "
        f"{quotes.repaired:,} were repaired to the real text, {quotes.rejected:,} were rejected. A rejected quote "
        "never supports a level.",
    )
    yield from _by_rubric("Halo", found, lambda rubric: rubric.halo)
    yield from _by_rubric("Length", found, lambda rubric: rubric.length)
    yield "Repeats", _exact() if deterministic else _retest(found.retest)


def _by_rubric(name: str, found: Health, pick: Callable[[RubricHealth], Correlation]) -> Iterator[tuple[str, str]]:
    for rubric in found.rubrics:
        figure, title = pick(rubric), rubric.title or rubric.rubric
        attempts = wording.plural(figure.attempts, "attempt")
        if figure.value is None:
            yield name, f"{title}: no figure for {attempts}, too few, or too much alike, to show what moves together."
        elif name == "Halo":
            yield name, _halo(title, figure, attempts)
        else:
            yield (
                name,
                f"{title}: score and number of words go together by {figure.value:.2f} (Spearman correlation, "
                f"{attempts}). Near 1, longer answers get more whatever they say.",
            )


def _halo(title: str, figure: Correlation, attempts: str) -> str:
    return (
        f"{title}: criteria go together by {figure.value:.2f} (mean Spearman correlation over "
        f"{wording.plural(figure.pairs, 'pair')} of criteria, {attempts}). Near 1, the grader has one impression of an "
        "answer and repeats it under every criterion."
    )


def _exact() -> str:
    return (
        "this grader gives the same text the same levels every time. So a change comes from the text; that does not "
        "make the levels right."
    )


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


def _cost(meta: RunMeta) -> Iterator[str]:
    cost = meta.cost
    yield wording.cost(meta)
    if cost.calls:
        yield (
            f"Tokens: {cost.input:,} input, {cost.cache_write:,} written to the cache, "
            f"{cost.cache_read:,} read from the cache, {cost.output:,} output."
        )
    if meta.reused:
        yield wording.reused(meta)

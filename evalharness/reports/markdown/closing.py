"""overview -> the last page: drafts, notices, how far to trust the figures, the cost, which run this is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

from evalharness.core.health import Health, LevelUse, Retest, RubricHealth, Share, health
from evalharness.core.run import RunMeta
from evalharness.reports import wording
from evalharness.reports.escape import markdown
from evalharness.reports.markdown.pieces import table
from evalharness.reports.overview import Overview

FINGERPRINT = 8
_TOO_FEW = "too few attempts, or too much alike, to show what moves together"
_EXACT = (
    "Repeats: this grader gives the same text the same levels every time. So a change comes from the text; "
    "that does not make the levels right."
)
_HALO = attrgetter("halo")
_LENGTH = attrgetter("length")


def blocks(overview: Overview) -> Iterator[str]:
    """Yield the last page, block by block."""
    meta = overview.run.meta
    yield from _drafts(meta)
    yield from _notices(meta)
    found = health(overview.run, overview.summary)
    yield from _health(found, wording.drift_known(meta, overview.summary), deterministic=meta.grader.deterministic)
    yield from _cost(meta)
    yield from _identity(meta)


def _drafts(meta: RunMeta) -> Iterator[str]:
    if meta.drafts:
        yield "## Drafts skipped"
        count = wording.plural(len(meta.drafts), "empty attempt")
        yield f"{count} not graded; write the answer and run again."
        yield "\n".join(f"- {markdown(draft)}" for draft in meta.drafts)


def _notices(meta: RunMeta) -> Iterator[str]:
    if meta.notices:
        yield "## Notices"
        yield "\n".join(f"- {markdown(notice)}" for notice in meta.notices)


# --- health ------------------------------------------------------------------------------------------


def _health(found: Health, drift: Sequence[str], *, deterministic: bool) -> Iterator[str]:
    yield "## How far to trust these figures"
    told = [f"Drift: {markdown(sentence)}" for sentence in drift]
    yield "\n".join(f"- {line}" for line in (*told, *_figures(found, deterministic=deterministic)))
    if found.levels:
        yield (
            "How often each criterion gave each level, over all attempts. Where one level takes nearly all "
            "of them, that criterion hardly tells your answers apart."
        )
        headers = ("Rubric", "Criterion", "1", "2", "3", "4", "5", "Most common level")
        yield table(headers, [_use(use) for use in found.levels], align="<<>>>>>>")


def _figures(found: Health, *, deterministic: bool) -> Iterator[str]:
    yield (
        f"Coverage: {_share(found.graded)} planned grades have a level. A grade is one criterion of one "
        "attempt, once; what is missing is listed under Ungraded."
    )
    quotes = found.quotes
    verified = _share(Share(count=quotes.verified, of=quotes.offered))
    yield (
        f"Quotes: {verified} quotes stand in the answers as given, {quotes.repaired:,} were repaired to the "
        f"real text, {quotes.rejected:,} were rejected. A rejected quote never supports a level."
    )
    yield from (_halo(rubric) for rubric in found.rubrics if rubric.halo.value is not None)
    yield from (_length(rubric) for rubric in found.rubrics if rubric.length.value is not None)
    yield from _too_few(found.rubrics)
    yield _EXACT if deterministic else _retest(found.retest)


def _halo(rubric: RubricHealth) -> str:
    pairs = wording.plural(rubric.halo.pairs, "pair")
    attempts = wording.plural(rubric.halo.attempts, "attempt")
    return (
        f"Halo, {_name(rubric)}: criteria go together by {rubric.halo.value:.2f} (mean Spearman correlation "
        f"over {pairs} of criteria, {attempts}). "
        "Near 1, the grader has one impression of an answer and repeats it under every criterion."
    )


def _length(rubric: RubricHealth) -> str:
    attempts = wording.plural(rubric.length.attempts, "attempt")
    return (
        f"Length, {_name(rubric)}: score and number of words go together by {rubric.length.value:.2f} "
        f"(Spearman correlation, {attempts}). Near 1, longer answers get more whatever they say."
    )


def _too_few(rubrics: Sequence[RubricHealth]) -> Iterator[str]:
    for figure, pick in (("Halo", _HALO), ("Length", _LENGTH)):
        without = [rubric for rubric in rubrics if pick(rubric).value is None]
        named = [f"{_name(r)} ({wording.plural(pick(r).attempts, 'graded attempt')})" for r in without]
        if named:
            yield f"{figure}, no figure for {', '.join(named)}: {_TOO_FEW}."


def _name(rubric: RubricHealth) -> str:
    return markdown(rubric.title or rubric.rubric)


def _retest(found: Retest | None) -> str:
    if found is None:
        return (
            "Repeats: every criterion was graded once, so this run cannot tell its own noise from a change. "
            "--samples 3 would."
        )
    return (
        f"Repeats: {_share(found.same)} pairs of samples of the same criterion agree exactly, "
        f"{_share(found.within_one)} within one level; one sample is off by {found.spread:.2f} levels "
        f"(pooled standard deviation, {found.degrees:,} degrees of freedom). Differences of that size "
        "between two attempts may be chance."
    )


def _use(use: LevelUse) -> tuple[str, ...]:
    most = f"{use.modal_level}: {use.modal.count} of {use.modal.of}"
    return (markdown(use.rubric), markdown(use.title), *(str(count) for count in use.counts), most)


def _share(share: Share) -> str:
    ratio = "" if share.ratio is None else f" ({share.ratio:.0%})"
    return f"{share.count:,} of {share.of:,}{ratio}"


# --- cost and identity -------------------------------------------------------------------------------


def _cost(meta: RunMeta) -> Iterator[str]:
    cost = meta.cost
    yield "## Cost"
    lines = [markdown(wording.cost(meta))]
    if cost.calls:
        lines.append(
            f"Tokens: {cost.input:,} input, {cost.cache_write:,} written to the cache, "
            f"{cost.cache_read:,} read from the cache, {cost.output:,} output."
        )
    if meta.reused:
        lines.append(markdown(wording.reused(meta)))
    yield "\n".join(f"- {line}" for line in lines)


def _identity(meta: RunMeta) -> Iterator[str]:
    yield "## Which run this is"
    rows = [(name, markdown(value)) for name, value in wording.identity(meta).items() if value]
    yield table(("What", "Value"), rows, align="<<")
    if meta.fingerprints:
        yield "Only grades with the same fingerprint may be compared:"
        prints = [(markdown(name), markdown(text[:FINGERPRINT])) for name, text in meta.fingerprints.items()]
        yield table(("Criterion", "Fingerprint"), prints, align="<<")

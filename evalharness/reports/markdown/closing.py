"""overview -> the last page: drafts, notices, how far to trust the figures, the cost, which run this is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.model.run import RunMeta
from evalharness.reports import corrected
from evalharness.reports import health as trust
from evalharness.reports import words as wording
from evalharness.reports.escape import markdown, markdown_with_code
from evalharness.reports.markdown.pieces import table
from evalharness.reports.overview import Overview
from evalharness.results.health import Health, LevelUse, health

FINGERPRINT = 8


def blocks(overview: Overview) -> Iterator[str]:
    """Yield the last page, block by block."""
    meta = overview.run.meta
    yield from _drafts(meta)
    yield from _notices(meta)
    found = health(overview.run, overview.summary)
    yield from _health(found, overview.drift_known(), deterministic=meta.grader.deterministic)
    yield from _corrected(meta)
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
    told = [*(("Drift", sentence) for sentence in drift), *trust.figures(found, deterministic=deterministic)]
    yield "\n".join(f"- {markdown(name)}: {markdown_with_code(text)}" for name, text in told)
    if found.levels:
        yield (
            "How often each criterion gave each level, over all attempts. Where one level takes nearly all "
            "of them, that criterion hardly tells your answers apart."
        )
        headers = ("Rubric", "Criterion", "1", "2", "3", "4", "5", "Most common level")
        yield table(headers, [_use(use) for use in found.levels], align="<<>>>>>>")


def _use(use: LevelUse) -> tuple[str, ...]:
    most = f"{use.modal_level}: {use.modal.count} of {use.modal.of}"
    return (markdown(use.rubric), markdown(use.title), *(str(count) for count in use.counts), most)


def _corrected(meta: RunMeta) -> Iterator[str]:
    """Yield what the corrected levels beside the grader's own rest on."""
    if meta.corrections:
        yield f"## {corrected.HEADING}"
        yield corrected.RAW
        yield "\n".join(f"- {markdown(line)}" for line in corrected.sentences(meta.corrections))


# --- cost and identity -------------------------------------------------------------------------------


def _cost(meta: RunMeta) -> Iterator[str]:
    if told := wording.bill(meta):
        yield f"## {wording.bill_heading(meta)}"
        yield "\n".join(f"- {markdown(line)}" for line in told)


def _identity(meta: RunMeta) -> Iterator[str]:
    yield "## Which run this is"
    rows = [(name, markdown(value)) for name, value in wording.identity(meta).items() if value]
    yield table(("What", "Value"), rows, align="<<")
    if meta.fingerprints:
        yield "Only grades with the same fingerprint may be compared:"
        prints = [(markdown(name), markdown(text[:FINGERPRINT])) for name, text in meta.fingerprints.items()]
        yield table(("Criterion", "Fingerprint"), prints, align="<<")

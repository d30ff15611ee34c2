"""row -> the section of one question: its latest attempt in full, and the levels of the attempts before."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.model.nouns import HIGHEST
from evalharness.reports import voice
from evalharness.reports import words as wording
from evalharness.reports.escape import address, link, markdown, shorten
from evalharness.reports.markdown import findings
from evalharness.reports.markdown.pieces import anchor, cited, table
from evalharness.reports.overview import Overview, Row
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.text.speaking import spoken_time

QUOTES = 2
ASKS = 260
ATTEMPTS = 6
_CRITERIA = (
    "Criterion",
    "Level (1 to 5)",
    "Weight",
    "The step adds",
    "Evidence",
    "What to do",
)


def blocks(overview: Overview, row: Row, root: str) -> Iterator[str]:
    """Yield one question's section, block by block."""
    question = row.latest.case.question
    author = f", {markdown(row.latest.case.attempt.author)}" if overview.several_authors else ""
    yield f'<a id="{anchor(row)}"></a>'
    yield f"### {markdown(wording.title(question))}{author}"
    yield f"> {markdown(question.text)}"
    yield _headline(row, root)
    yield from _voice(row)
    yield _criteria(row, root)
    yield from findings.blocks(row, root)
    yield from _series(row, root)


def _headline(row: Row, root: str) -> str:
    attempt = row.latest.case.attempt
    file = link(wording.day(attempt), address(row.places.path, root=root))
    scored = wording.total(row.latest)
    if row.total is not None:
        scored = f"**{scored} of {HIGHEST}**"
    since = markdown(wording.since(row.series)).removeprefix("\\")  # a sign begins no list in mid-line
    parts = [f"Latest attempt {file}: {scored}", since]
    parts.append(f"{spoken_time(row.latest.case).sentence}")
    if attempt.self_score is not None:
        parts.append(f"your own score {wording.number(attempt.self_score)}")
    return ", ".join(parts) + "."


def _voice(row: Row) -> Iterator[str]:
    """Yield how the answer was spoken, where there is a recording of it; the picture lies beside the report."""
    case = row.latest.case
    found = voice.figures(case)
    if not found:
        return
    if voice.has_clock(case):
        yield f"![Pace, pauses and evidence over the answer]({voice.file_name(case)})"
    yield "How it was spoken:"
    yield "\n".join(f"- {markdown(voice.sentence(figure))}" for figure in found)


def _criteria(row: Row, root: str) -> str:
    gains = {step.criterion.id: step for step in row.steps}
    order = {step.criterion.id: rank for rank, step in enumerate(row.steps)}
    scores = sorted(row.latest.scores, key=lambda s: order.get(s.criterion.id, len(order) + (not s.read)))
    weight = sum(score.criterion.weight for score in row.latest.read)
    rows = []
    for score in scores:
        step = gains.get(score.criterion.id)
        rows.append(
            (
                markdown(score.criterion.title or score.criterion.id),
                wording.level(score),
                f"{score.criterion.weight:g} of {weight:g}" if score.read else "outside the total",
                f"+{step.gain:.2f}" if step else "",
                _evidence(score, row, root),
                markdown(shorten(step.asks, ASKS) if step else wording.asks_nothing(score)),
            )
        )
    return table(_CRITERIA, rows, align="<>>><<")


def _evidence(score: CriterionScore, row: Row, root: str) -> str:
    found = score.evidence
    if not found:
        return ""
    shown = "; ".join(cited(quote, row.places, root) for quote in found[:QUOTES])
    more = len(found) - QUOTES
    return f"{shown}; and {more} more" if more > 0 else shown


def _series(row: Row, root: str) -> Iterator[str]:
    """Yield the levels of the last attempts side by side, where there are several."""
    results = row.series.results[-ATTEMPTS:]
    if len(results) < 2:
        return
    left_out = len(row.series.results) - len(results)
    before = f" ({wording.plural(left_out, 'older attempt')} not shown)" if left_out else ""
    yield f"Levels of the attempts so far, oldest first{before}:"
    rows = [
        [markdown(criterion.title or criterion.id), *(_short_level(r.scores[place]) for r in results)]
        for place, criterion in enumerate(row.latest.case.rubric.criteria)
    ]
    rows.append(["**Score**", *(_bold(wording.total(result)) for result in results)])
    yield table(["Criterion", *(_column(r, root) for r in results)], rows, align="<" + ">" * len(results))


def _short_level(score: CriterionScore) -> str:
    if score.read and score.level is not None:
        return wording.number(score.level)
    return wording.not_read(score.criterion)[1] if not score.read else wording.NOT_GRADED


def _bold(text: str) -> str:
    return f"**{text}**"


def _column(result: CaseResult, root: str) -> str:
    attempt = result.case.attempt
    return link(wording.day(attempt), address(attempt.path or attempt.key, root=root))

"""next steps -> the list that every Markdown page opens with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from evalharness.reports import next_steps as wording
from evalharness.reports.escape import markdown, shorten
from evalharness.reports.markdown.pieces import cited
from evalharness.reports.overview import Places
from evalharness.results.steps import NextStep

ASKS = 400


def start_here(
    found: Iterable[NextStep], *, root: str, several: bool, target: Callable[[NextStep], str] | None = None
) -> str:
    """Return the steps as a numbered list; `target` gives the address of a question's section."""
    return "\n".join(line for rank, each in enumerate(found, 1) for line in _step(rank, each, root, several, target))


def _step(
    rank: int, each: NextStep, root: str, several: bool, target: Callable[[NextStep], str] | None
) -> Iterator[str]:
    step = each.step
    title = markdown(wording.question(each, several=several))
    shown = f"[{title}]({target(each)})" if target else title
    yield f"{rank}. {shown}: **{markdown(step.name)}**, {wording.now(step)}"
    if step.reason:
        yield f"   - Why: {markdown(shorten(step.reason, ASKS))}"
    if step.asks:
        yield f"   - Next: {markdown(shorten(step.asks, ASKS))}"
    label, text = wording.behind(step, by_surface=each.result.by_surface)
    if text:
        yield f"   - {label}: {markdown(shorten(text, ASKS))}"
    if step.line is not None:
        yield f"   - Your line: {cited(step.line, Places(each.result), root)}"
    elif wording.lacks_line(step):
        yield f"   - Your line: {wording.NO_LINE}"

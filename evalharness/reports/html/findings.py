"""score -> what was found behind a level: items, missions, and what the grader said beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, assert_never

from evalharness.model.nouns import Checklist, Finding, Measure, Scale, State, Tags
from evalharness.reports.also_said import REASON
from evalharness.reports.escape import shorten
from evalharness.reports.overview import Places
from evalharness.results.aggregate import CriterionScore

_NAMES = {State.MET: "Met", State.PARTLY: "Partly", State.NOT_MET: "Open"}


class Group(NamedTuple):
    """Findings of one state under their heading, such as `Met (2 of 4)`."""

    head: str
    items: tuple[str, ...]


Findings = tuple[Group, ...]


def findings(score: CriterionScore, claimed: Sequence[str], places: Places) -> Findings:
    """Return the items or tags of a criterion in groups; nothing for other kinds."""
    if score.graded is None or score.level is None:
        return ()
    match score.criterion.kind:
        case Scale() | Measure():
            return ()
        case Checklist(items=items):
            return tuple(_items(score.graded.findings, {item.id: item.text for item in items}, places))
        case Tags(tags=tags):
            titles = {tag.id: tag.title for tag in tags}
            return tuple(_tags(score.graded.findings, titles, tuple(dict.fromkeys(claimed)), places))
        case _:
            assert_never(score.criterion.kind)


def _items(found: Sequence[Finding], names: dict[str, str], places: Places) -> Iterator[Group]:
    for state, label in _NAMES.items():
        group = [finding for finding in found if finding.state is state]
        if group:
            yield Group(f"{label} ({len(group)} of {len(found)})", tuple(_finding(f, names, places) for f in group))


def _tags(found: Sequence[Finding], names: dict[str, str], claimed: Sequence[str], places: Places) -> Iterator[Group]:
    shown = {finding.id: finding for finding in found if finding.state is State.MET}
    partly = {finding.id for finding in found if finding.state is State.PARTLY}
    if named := [finding for finding in shown.values() if finding.id in claimed]:
        head = f"Claimed and demonstrated ({len(named)} of {len(claimed)})"
        yield Group(head, tuple(_finding(finding, names, places) for finding in named))
    if missing := [tag for tag in claimed if tag not in shown]:
        texts = (names.get(tag, tag) + (" (named or intended only)" if tag in partly else "") for tag in missing)
        yield Group(f"Claimed, not demonstrated ({len(missing)} of {len(claimed)})", tuple(texts))
    if others := [finding for finding in shown.values() if finding.id not in claimed]:
        yield Group("Demonstrated but not claimed", tuple(_finding(finding, names, places) for finding in others))


def _finding(finding: Finding, names: dict[str, str], places: Places) -> str:
    lines = dict.fromkeys(places.line(quote) for quote in finding.evidence)
    where = ", ".join(f"line {line}" for line in lines if line is not None)
    text = shorten(names.get(finding.id, finding.id), REASON).removesuffix(".")
    return f"{text} ({where})" if where else text

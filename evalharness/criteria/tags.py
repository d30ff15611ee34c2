"""Kind `tags`: a closed list; level = 1 + 4 |demonstrated and claimed| / |claimed|."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from evalharness.criteria.reading import Reading, check_findings, graded, invalid, no_evidence, opening, verified
from evalharness.model.draft import Draft
from evalharness.model.nouns import Criterion, State, Tag
from evalharness.text.quotes import Verifier

ASKS = """\
Give one finding for each id above, whether it is claimed or not. met: something was done that serves it, with the \
detail that its text asks for. partly: something was done that serves it, but that detail is missing. not_met: it is \
only named, praised, wished for or planned, or nothing serves it. Quote what shows met or partly; leave the quote of \
not_met empty.
Name the story (a few words: which system or event) and the takeaway (one sentence). If the answer tells nothing that \
was done, leave both empty.
The level is computed from the findings: give level 1."""
BARE = "A mission whose text names no detail is met by a deed together with what it did."


def describe(criterion: Criterion, tags: Sequence[Tag], claimed: Collection[str]) -> str:
    """Return the closed list, the claimed ids, and what to say about each."""
    entries = [
        f"- {tag.id}: {tag.title}" + (f". {' '.join(tag.look_for.split())}" if tag.look_for else "") for tag in tags
    ]
    tail = [f"The author claims: {', '.join(claimed) or 'none'}.", ASKS]
    if any(not tag.look_for for tag in tags):
        tail.insert(0, BARE)
    return "\n".join([*opening(criterion), "List:", *entries, *tail]).strip()


def read(tags: Sequence[Tag], claimed: Collection[str], draft: Draft, evidence: Verifier) -> Reading:
    """Return the level computed from the claimed tags that are demonstrated by verified quotes."""
    checked = check_findings(draft, [tag.id for tag in tags], evidence)
    if isinstance(checked, str):
        return invalid(checked)
    if not claimed:
        return invalid("nothing is claimed, so there is nothing to grade")
    findings, claims, unfounded = checked
    if claims and claims == unfounded:
        return no_evidence(f"none of {claims} quotes was found in the answer", rejected=unfounded)
    quotes, rejected = verified(draft.quotes, evidence)
    shown = sum(finding.state is State.MET and finding.id in claimed for finding in findings)
    level = 1 + 4 * shown / len(set(claimed))
    outcome = graded(draft, level, quotes=quotes, findings=findings)
    return Reading(outcome=outcome, rejected=rejected + unfounded)

"""Kind `tags`: a closed list; level = 1 + 4 |demonstrated and claimed| / |claimed|."""

from __future__ import annotations

from collections.abc import Collection

from evalharness.criteria.reading import Reading, check_findings, graded, invalid, no_evidence, verified
from evalharness.model.draft import Draft
from evalharness.model.nouns import Criterion, State, Tags
from evalharness.text.quotes import Verifier


def describe(criterion: Criterion, kind: Tags, claimed: Collection[str]) -> str:
    """Return the closed list, the claimed ids, and what to say about each."""
    entries = [
        f"- {tag.id}: {tag.title}" + (f". {' '.join(tag.look_for.split())}" if tag.look_for else "")
        for tag in kind.tags
    ]
    tail = [
        f"The author claims: {', '.join(claimed) or 'none'}.",
        "Give one finding for each id above: state met (the answer demonstrates it by something done), "
        "partly (named or intended, not done) or not_met, with its quote unless not_met.",
        "Name the story (a few words: which system or event) and the takeaway (one sentence).",
        "The level is computed from the findings: give level 1.",
    ]
    return "\n".join([criterion.look_for.strip(), "", "List:", *entries, *tail]).strip()


def read(kind: Tags, claimed: Collection[str], draft: Draft, evidence: Verifier) -> Reading:
    """Return the level computed from the claimed tags that are demonstrated by verified quotes."""
    checked = check_findings(draft, [tag.id for tag in kind.tags], evidence)
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

"""Kind `checklist`: items met, partly met or not met; level = 1 + 4 (met + partly/2) / n, unrounded."""

from __future__ import annotations

from evalharness.criteria.reading import Reading, check_findings, graded, invalid, no_evidence, opening, verified
from evalharness.model.draft import Draft
from evalharness.model.nouns import Checklist, Criterion, State
from evalharness.text.quotes import Verifier

ASKS = """\
Give one finding for each id above. met: the answer says it, with the detail that the item asks for. partly: it says \
it, but that detail is missing, or the item's text says "partly" for it. not_met: it does not say it, or what it says \
is contradicted by the answer itself. One sentence may serve several items, but only those whose own detail is in it. \
What is said not to apply, with a reason, is met; what is not mentioned is not met. Quote what shows met or partly; \
leave the quote of not_met empty, and if a contradiction decided it, name both passages in `reason`.
The level is computed from the findings: give level 1."""

_WORTH = {State.MET: 1.0, State.PARTLY: 0.5, State.NOT_MET: 0.0}


def describe(criterion: Criterion, kind: Checklist) -> str:
    """Return the items with their ids."""
    items = [f"- {item.id}: {' '.join(item.text.split())}" for item in kind.items]
    return "\n".join([*opening(criterion), "Items:", *items, ASKS]).strip()


def read(kind: Checklist, draft: Draft, evidence: Verifier) -> Reading:
    """Return the level computed from the items; a reply whose every claim is unfounded has none."""
    checked = check_findings(draft, [item.id for item in kind.items], evidence)
    if isinstance(checked, str):
        return invalid(checked)
    findings, claims, unfounded = checked
    if claims and claims == unfounded:
        return no_evidence(f"none of {claims} quotes was found in the answer", rejected=unfounded)
    quotes, rejected = verified(draft.quotes, evidence)
    worth = sum(_WORTH[finding.state] for finding in findings)
    level = 1 + 4 * worth / len(kind.items)
    outcome = graded(draft, level, quotes=quotes, findings=findings)
    return Reading(outcome=outcome, rejected=rejected + unfounded)

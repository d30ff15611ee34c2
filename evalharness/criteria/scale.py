"""Kind `scale`: an anchored level from 1 to 5 that rests on quotes."""

from __future__ import annotations

from evalharness.criteria.reading import Reading, graded, invalid, no_evidence, opening, verified
from evalharness.model.draft import Draft
from evalharness.model.nouns import HIGHEST, LOWEST, Criterion, Scale
from evalharness.text.quotes import Verifier


def describe(criterion: Criterion, kind: Scale) -> str:
    """Return the criterion with its anchors, lowest level first."""
    lines = [*opening(criterion), "Levels:"]
    lines += [f"{level.level}: {' '.join(level.text.split())}" for level in kind.levels]
    anchored = {level.level for level in kind.levels}
    if missing := [str(n) for n in range(LOWEST, HIGHEST + 1) if n not in anchored]:
        lines.append(f"Levels {' and '.join(missing)} lie between their neighbours.")
    lines.append("Leave `findings` empty and give the level (1 to 5).")
    return "\n".join(lines).strip()


def read(draft: Draft, evidence: Verifier) -> Reading:
    """Return the level if it is on the scale and, above 1, rests on at least one verified quote."""
    if draft.level is None or not LOWEST <= draft.level <= HIGHEST:
        return invalid(f"level {draft.level} is not on the scale {LOWEST} to {HIGHEST}")
    quotes, rejected = verified(draft.quotes, evidence)
    if draft.level > LOWEST and not quotes:
        said = f"{rejected} quote{'s' * (rejected != 1)} not found in the answer" if rejected else "no quote"
        return no_evidence(f"level {draft.level} with {said}", rejected=rejected)
    outcome = graded(draft, float(draft.level), quotes=quotes, findings=())
    return Reading(outcome=outcome, rejected=rejected)

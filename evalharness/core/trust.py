"""stored calibration, fingerprint, what a gate requires -> may the gate block, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evalharness.core.calibration import Calibrated, Halo
from evalharness.core.model import Noun


class Requires(Noun):
    """`gate.requires`: labelled attempts and quadratic weighted kappa that a criterion needs before a gate blocks."""

    labels: int = 30
    min_qwk: float = 0.6


class Stored(Noun):
    """`labels/calibration.json`: the last calibration, by criterion and by the fingerprint it was made for."""

    made: str
    version: str
    criteria: tuple[Calibrated, ...] = ()
    halos: dict[str, tuple[Halo, ...]] = {}
    stale: int = 0
    format: int = 1


class Trust(Noun):
    """Whether a gate may block on this fingerprint; otherwise it is advisory, and `why` says why."""

    may_block: bool
    why: str


def trusted(stored: Stored | None, fingerprint: str, requires: Requires, *, rubric: str, criterion: str) -> Trust:
    """Return whether people's labels carry a gate on this criterion under this fingerprint."""
    name = f"{rubric}/{criterion}"
    if stored is None:
        return Trust(may_block=False, why=f"{name}: nothing is calibrated yet; `evalharness label`, then `calibrate`")
    entries = [entry for entry in stored.criteria if (entry.rubric, entry.criterion) == (rubric, criterion)]
    agreements = [g.agreement for entry in entries for g in entry.graders if g.subject.fingerprint == fingerprint]
    if not entries:
        return Trust(may_block=False, why=f"{name}: no label of a person for this criterion")
    if not agreements:
        return Trust(
            may_block=False,
            why=f"{name}: calibrated for another fingerprint (grader, model, prompt or criterion changed); "
            "grade and calibrate again",
        )
    found = agreements[0]
    if found.n < requires.labels:
        return Trust(may_block=False, why=f"{name}: {found.n} of {requires.labels} labelled attempts")
    qwk = found.qwk.value
    if qwk is None:
        return Trust(may_block=False, why=f"{name}: kappa can't be computed, because no level varies")
    if qwk < requires.min_qwk:
        return Trust(may_block=False, why=f"{name}: kappa {qwk:.2f} is under {requires.min_qwk:g}")
    return Trust(may_block=True, why=f"{name}: kappa {qwk:.2f} over {found.n} attempts")


def trusted_all(
    stored: Stored | None, fingerprints: Iterable[tuple[str, str, str]], requires: Requires
) -> tuple[bool, Sequence[str]]:
    """Return whether a gate may block on all of (rubric, criterion, fingerprint), and the reasons against it."""
    found = [trusted(stored, print_, requires, rubric=r, criterion=c) for r, c, print_ in fingerprints]
    return all(trust.may_block for trust in found), [trust.why for trust in found if not trust.may_block]

"""overview -> the last page: drafts, notices, how far to trust the figures, the cost, which run this is."""

from __future__ import annotations

from typing import Any

from evalharness.reports import corrected
from evalharness.reports import health as trust
from evalharness.reports import words as wording
from evalharness.reports.overview import Overview
from evalharness.results.health import health

FINGERPRINT = 8


def tail(overview: Overview) -> dict[str, Any]:
    """Return what the last page shows."""
    meta = overview.run.meta
    found = health(overview.run, overview.summary)
    return {
        "drafts": meta.drafts,
        "drafts_count": wording.plural(len(meta.drafts), "empty attempt"),
        "notices": meta.notices,
        "figures": [
            *(("Drift", told) for told in overview.drift_known()),
            *trust.figures(found, deterministic=meta.grader.deterministic),
        ],
        "corrected": (corrected.HEADING, corrected.RAW, list(corrected.sentences(meta.corrections))),
        "levels": found.levels,
        "cost_heading": wording.bill_heading(meta),
        "cost": wording.bill(meta),
        "identity": [(name, value) for name, value in wording.identity(meta).items() if value],
        "fingerprints": [(name, text[:FINGERPRINT]) for name, text in meta.fingerprints.items()],
    }

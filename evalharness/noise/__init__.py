"""repeated gradings -> noise -> what a difference between two attempts or two runs means."""

from evalharness.noise.attempts import (
    MEASURED,
    Comparison,
    Pair,
    Setting,
    compare,
    compare_total,
    compare_with_bar,
    grader_weights,
)
from evalharness.noise.change import (
    ERROR_RATE,
    Basis,
    Change,
    Reading,
    exact,
    read,
    read_attempt,
    read_changes,
    share_of_total,
)
from evalharness.noise.composites import pooled_variance
from evalharness.noise.prior import MODEL, PLUG_IN, Prior, Spread
from evalharness.noise.repeats import (
    Answers,
    Noise,
    Totals,
    joint_answers,
    noise_name,
    noise_of,
    pool,
    step_of,
    totals_of,
)
from evalharness.noise.runs import NO_DAYS, RunChange, compare_runs, mde_sentence
from evalharness.noise.sampling import BEYOND, Offer, offers
from evalharness.noise.shared import prior_with_days
from evalharness.noise.sittings import Sittings, moods, variance_of

__all__ = [
    "BEYOND",
    "ERROR_RATE",
    "MEASURED",
    "MODEL",
    "NO_DAYS",
    "PLUG_IN",
    "Answers",
    "Basis",
    "Change",
    "Comparison",
    "Noise",
    "Offer",
    "Pair",
    "Prior",
    "Reading",
    "RunChange",
    "Setting",
    "Sittings",
    "Spread",
    "Totals",
    "compare",
    "compare_runs",
    "compare_total",
    "compare_with_bar",
    "exact",
    "grader_weights",
    "joint_answers",
    "mde_sentence",
    "moods",
    "noise_name",
    "noise_of",
    "offers",
    "pool",
    "pooled_variance",
    "prior_with_days",
    "read",
    "read_attempt",
    "read_changes",
    "share_of_total",
    "step_of",
    "totals_of",
    "variance_of",
]

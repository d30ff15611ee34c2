"""repeated gradings -> noise -> what a difference between two attempts or two runs means."""

from evalharness.noise.change import (
    ERROR_RATE,
    FLOOR,
    LEAST_DEGREES,
    SURPRISE,
    Change,
    Pair,
    Reading,
    compare_criterion,
    compare_total,
    compare_with_bar,
    read,
    read_attempt,
    read_changes,
)
from evalharness.noise.pooled import Noise, noise_name, noise_of, pool, step_of
from evalharness.noise.runs import RunChange, compare_runs, mde_sentence
from evalharness.noise.sampling import chance_of_claim, more_samples_help

__all__ = [
    "ERROR_RATE",
    "FLOOR",
    "LEAST_DEGREES",
    "SURPRISE",
    "Change",
    "Noise",
    "Pair",
    "Reading",
    "RunChange",
    "chance_of_claim",
    "compare_criterion",
    "compare_runs",
    "compare_total",
    "compare_with_bar",
    "mde_sentence",
    "more_samples_help",
    "noise_name",
    "noise_of",
    "pool",
    "read",
    "read_attempt",
    "read_changes",
    "step_of",
]

"""numbers -> numbers: the statistics behind every claim, checked against published values."""

from evalharness.stats.agreement import (
    Metric,
    Weights,
    confusion,
    disagreements,
    kappa,
    kappa_of_table,
    krippendorff_alpha,
)
from evalharness.stats.distributions import (
    f_upper_tail,
    normal_cdf,
    normal_quantile,
    t_quantile,
    t_two_sided,
    t_upper_tail,
)
from evalharness.stats.intervals import (
    ClusteredMean,
    Interval,
    clustered_mean,
    wilson_interval,
)
from evalharness.stats.multiple import holm
from evalharness.stats.power import detectable_shift, minimum_detectable_effect, noncentral_t_cdf, t_power
from evalharness.stats.trend import isotonic_regression, pearson, ranks, spearman, standardised

__all__ = [
    "ClusteredMean",
    "Interval",
    "Metric",
    "Weights",
    "clustered_mean",
    "confusion",
    "detectable_shift",
    "disagreements",
    "f_upper_tail",
    "holm",
    "isotonic_regression",
    "kappa",
    "kappa_of_table",
    "krippendorff_alpha",
    "minimum_detectable_effect",
    "noncentral_t_cdf",
    "normal_cdf",
    "normal_quantile",
    "pearson",
    "ranks",
    "spearman",
    "standardised",
    "t_power",
    "t_quantile",
    "t_two_sided",
    "t_upper_tail",
    "wilson_interval",
]

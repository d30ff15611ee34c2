"""settings, checks of the anchors -> what is assumed of a grader's noise before it is measured."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import msgspec

from evalharness.load.drift import checks
from evalharness.model.breaks import Drift
from evalharness.model.config import Config
from evalharness.model.nouns import GraderId
from evalharness.noise import Prior, prior_with_days
from evalharness.results.changes import assumed_of

_EDGE = 2.8  # standard errors of a shift that a check sees in four of five cases


def prior_of(root: Path, config: Config, grader: GraderId) -> Prior:
    """Return what is assumed of a grader in a project: by its kind, as the settings say, as its anchors have shown."""
    return prior_by(() if grader.deterministic else checks(root), config, grader)


def prior_by(known: Iterable[Drift], config: Config, grader: GraderId) -> Prior:
    """Return what is assumed of a grader where these checks of its anchors are `known`."""
    found = assumed_of(grader)
    if config.noise is not None:
        spread = math.log(config.noise.spread)
        found = msgspec.structs.replace(found, sd=config.noise.sd, spread=spread)
    return found if grader.deterministic else prior_with_days(found, _shifts(known, grader))


def _shifts(found: Iterable[Drift], grader: GraderId) -> list[tuple[float, float]]:
    """Return by how much each check of this grader's anchors was off in all criteria, with its error.

    What was found to be a drift is another grader, and no day of this one.
    """
    mine = (check for check in found if check.grader == grader and not check.drifted)
    whole = (next((each for each in check.moved if each.detectable), None) for check in mine)
    return [(each.shift, each.detectable / _EDGE) for each in whole if each is not None and each.detectable]

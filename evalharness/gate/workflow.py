"""a run, the project's gate, its calibration -> what the gate says.  The gate of a change is `checking`'s."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evalharness.gate import words as gate_words
from evalharness.gate.rulings import Ruling, fails, judge, with_min_score
from evalharness.gate.steps import finer_than_steps
from evalharness.load import find_root, read_config
from evalharness.load.calibration import read_calibration
from evalharness.load.noise import prior_of
from evalharness.model.config import Config, Gate
from evalharness.model.noun import Noun
from evalharness.model.nouns import HEURISTIC, GraderId
from evalharness.model.run import Run
from evalharness.results.changes import Grading, grading_of
from evalharness.store.runs import Store
from evalharness.world import World, real_world


class Judged(Noun):
    """What a gate says of a run: every ruling, and one line for each thing that a person should know."""

    gate: Gate
    rulings: tuple[Ruling, ...]
    lines: tuple[str, ...]

    @property
    def fails(self) -> bool:
        """Return whether a build fails by it."""
        return fails(self.rulings, self.gate)


def by_nobody(grader: GraderId, asked: str) -> bool:
    """Return whether the heuristic graded although no setting and no flag names it."""
    return grader.name == HEURISTIC and asked == "auto"


def can_judge(paths: Sequence[str | Path] = (), *, world: World | None = None) -> None:
    """Raise what `judge_run` would raise of the project around `paths`, before anything is graded for it."""
    world = world or real_world()
    read_calibration(find_root([Path(path) for path in paths], world.cwd))


def judge_run(
    run: Run,
    paths: Sequence[str | Path] = (),
    *,
    min_score: float | None = None,
    every: bool = False,
    grader: str = "",
    world: World | None = None,
) -> Judged:
    """Return what the gate of the project around `paths` says of the latest attempts of a run, or of `every` one.

    `min_score` overrides the configured one for every attempt; what `gate.requires` asks for stays.  `grader` is the
    one that was asked for by name instead of the configured one: where nobody asked for the heuristic, the configured
    gate only advises.  Raises `StoreError` where the stored calibration is damaged.
    """
    world = world or real_world()
    root = find_root([Path(path) for path in paths], world.cwd)
    config = read_config(root).config
    gate = config.gate if min_score is None else with_min_score(config.gate, min_score)
    unasked = min_score is None and by_nobody(run.meta.grader, grader or config.chair.grader)
    known = _known(run, root, config)
    rulings = judge(run, gate, known, calibration=read_calibration(root), every=every, unasked=unasked)
    told = (
        *finer_than_steps(gate, run.cases()),
        *gate_words.lines(rulings),
        gate_words.advice(rulings, run.meta.samples),
    )
    lines = tuple(filter(None, told))
    return Judged(gate=gate, rulings=rulings, lines=lines)


def _known(run: Run, root: Path, config: Config) -> Grading:
    """Return what all stored runs and this one show of the grader's noise, as `progress` sees it."""
    grader, prints = run.meta.grader, set(run.meta.fingerprints.values())
    repeated = () if grader.deterministic else Store(root / config.reports).repeated(prints)
    return grading_of(grader, [*repeated, run.grades], run.meta.breaks, prior_of(root, config, grader))

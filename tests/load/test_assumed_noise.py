"""What is assumed of a grader's noise: by its kind, by the settings, by what its anchors have shown."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec

from evalharness.load.noise import prior_of
from evalharness.model.breaks import Drift, Moved, Verdict
from evalharness.model.config import AssumedNoise, Config
from evalharness.model.nouns import GraderId
from evalharness.noise import Prior

MODEL = GraderId(name="anthropic", version="1", model="m", prompt="2")
PLUG_IN = GraderId(name="mine", version="1")


def mean_day(prior: Prior) -> float:
    return math.fsum(day * weight for day, weight in prior.days)


def checked(root: Path, *shifts: float, grader: GraderId = MODEL) -> None:
    (root / "labels").mkdir(exist_ok=True)
    moved = [
        Moved(rubric="talk", criterion="all criteria", verdict=Verdict.WITHIN_NOISE, shift=s, n=8, detectable=0.1)
        for s in shifts
    ]
    found = [
        Drift(at=f"2026-11-0{n}T08:00:00Z", since="2026-10-01T08:00:00Z", grader=grader, moved=(each,))
        for n, each in enumerate(moved, start=1)
    ]
    (root / "labels/drift.jsonl").write_bytes(b"".join(msgspec.json.encode(each) + b"\n" for each in found))


def test_a_plug_in_is_assumed_noisier_than_a_model_and_settings_win(tmp_path: Path) -> None:
    """Nothing is known of a plug-in; whoever knows their grader says so."""
    model, plug_in = (prior_of(tmp_path, Config(), grader) for grader in (MODEL, PLUG_IN))
    set_ = prior_of(tmp_path, Config(noise=AssumedNoise(sd=0.2, spread=1.5)), MODEL)

    assert (model.sd, plug_in.sd, set_.sd) == (0.35, 0.5, 0.2)
    assert math.isclose(set_.spread, math.log(1.5))


def test_checks_of_the_anchors_teach_how_days_differ(tmp_path: Path) -> None:
    """Days that agree narrow what a day may add, days that do not widen it; another grader's days say nothing."""
    usual = mean_day(prior_of(tmp_path, Config(), MODEL))
    checked(tmp_path, 0.0, 0.01, -0.01)
    quiet = mean_day(prior_of(tmp_path, Config(), MODEL))
    other = mean_day(prior_of(tmp_path, Config(), PLUG_IN))
    checked(tmp_path, 0.3, -0.35, 0.3)
    moody = mean_day(prior_of(tmp_path, Config(), MODEL))

    assert quiet < usual < moody
    assert math.isclose(other, usual)

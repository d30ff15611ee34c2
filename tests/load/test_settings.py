"""Settings given from Python are checked as the lines of `evalharness.yaml` are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.load import lay_over
from evalharness.model.config import Config, Gate
from tests.support import world_at, write_project


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bogus": 1}, "unknown key 'bogus'"),
        ({"samples": "x"}, "'samples' must be a whole number, found the text 'x'"),
        ({"sample": 3}, "unknown key 'sample'"),
        ({"reports": 3}, "'reports': expected `str`, got `int`"),
        ({"gate": {"min_scor": 3}}, "unknown key 'min_scor'"),
        ({"redacted": (("a", "b"),)}, "unknown key 'redacted'"),
    ],
)
def test_a_setting_that_cannot_be_is_told_as_in_the_file(
    tmp_path: Path, settings: dict[str, Any], message: str
) -> None:
    """The same kind of error with the same words, before anything is written."""
    root = write_project(tmp_path)

    with pytest.raises(evalharness.InvalidFiles) as caught:
        evalharness.run(settings={"grader": "heuristic", **settings}, world=world_at(root))

    assert [(problem.place, problem.message) for problem in caught.value.problems] == [("settings", message)]
    assert not (root / "reports").exists()


def test_a_typo_in_a_setting_is_told_the_nearest(tmp_path: Path) -> None:
    """As everywhere a name is looked up."""
    with pytest.raises(evalharness.InvalidFiles) as caught:
        evalharness.run(settings={"grade": "heuristic"}, world=world_at(write_project(tmp_path)))

    assert caught.value.problems[0].hint == "did you mean 'grader'?"


def test_settings_lie_over_the_configuration_and_none_means_not_given() -> None:
    """Plain values, values of our own types, flags: all arrive; nothing else moves."""
    config = Config(author="anna", max_samples=2)
    gate = Gate(min_score=3.0)

    laid = lay_over(config, {"samples": 5, "model": None, "gate": gate, "wait": False, "reports": "/elsewhere"})

    assert (laid.samples, laid.max_samples, laid.gate, laid.wait, laid.reports) == (5, 2, gate, False, "/elsewhere")
    assert (laid.author, laid.model) == ("anna", config.model)

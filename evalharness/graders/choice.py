"""environment -> the grader that `auto` means.  Imports nothing of the grader it may choose."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.console.runners import in_ci

CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE")


def automatic(environment: Mapping[str, str]) -> str:
    """Return `anthropic` where a credential is found and no CI is detected, else `heuristic`."""
    return "anthropic" if has_key(environment) and not in_ci(environment) else "heuristic"


def has_key(environment: Mapping[str, str]) -> bool:
    """Return whether a credential of the model is found."""
    return any(environment.get(name, "").strip() for name in CREDENTIALS)


def key_unused(grader: str, environment: Mapping[str, str]) -> str:
    """Return that `auto` leaves a key unused in CI, and what uses it; an empty text where that is not so."""
    if grader != "auto" or not in_ci(environment) or not has_key(environment):
        return ""
    return "a key is there and not used: in CI `auto` is the heuristic; `grader: anthropic` in evalharness.yaml uses it"

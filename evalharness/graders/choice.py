"""environment -> the grader that `auto` means.  Imports nothing of the grader it may choose."""

from __future__ import annotations

from collections.abc import Mapping

CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE")
CI = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD")


def automatic(environment: Mapping[str, str]) -> str:
    """Return `anthropic` where a credential is found and no CI is detected, else `heuristic`."""
    in_ci = any(environment.get(name, "").strip().lower() not in ("", "false", "0") for name in CI)
    return "anthropic" if has_key(environment) and not in_ci else "heuristic"


def has_key(environment: Mapping[str, str]) -> bool:
    """Return whether a credential of the model is found."""
    return any(environment.get(name, "").strip() for name in CREDENTIALS)

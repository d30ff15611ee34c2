"""environment of a CI, commit -> where the code host shows a line of a file, and the page of this job."""

from __future__ import annotations

from collections.abc import Mapping


def files(environment: Mapping[str, str], commit: str) -> str:
    """Return the address of the files of a commit, with a slash at its end; empty where no host is known."""
    server, repository = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    if server and repository:
        return f"{server}/{repository}/blob/{commit}/"
    project = environment.get("CI_PROJECT_URL", "")
    return f"{project}/-/blob/{commit}/" if project else ""


def page(environment: Mapping[str, str]) -> str:
    """Return the address of the job that checks: its log, and the files of the check."""
    server, repository = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
    run = environment.get("GITHUB_RUN_ID", "")
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return environment.get("CI_JOB_URL", "")

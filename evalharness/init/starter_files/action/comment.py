"""comment.md -> one comment under a pull request, updated in place.  Standard library only; reads the environment.

EVALHARNESS_FOLDER    where `check --out` wrote comment.md
EVALHARNESS_EXIT      how the check ended; what is said where there is no comment.md
EVALHARNESS_QUIET     "true": no comment where no answer changed; one that is there is still updated
EVALHARNESS_PULL      the number of the pull request, where the event names none
EVALHARNESS_AGAIN     the file of the workflow that is to run again for it: a fork's check, once its grades are there
PROJECT               the folder of the project: each has a comment of its own
"""

from __future__ import annotations

import json
import os
import urllib.request
from pathlib import Path
from typing import Any

MARKER = "<!-- evalharness check -->"
NOTHING = ": No answer changed\n"
PAGES = 20


def main() -> None:
    """Find our comment by its marker; change it, or write the first one."""
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    repository = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}"
    number = int(os.environ.get("EVALHARNESS_PULL") or event["pull_request"]["number"])
    pull = event.get("pull_request") or call("GET", f"{repository}/pulls/{number}")
    commit = pull.get("head", {}).get("sha", "") or os.environ.get("GITHUB_SHA", "")
    marker, body = marked(text(Path(os.environ["EVALHARNESS_FOLDER"]), commit), os.environ.get("PROJECT", "."))
    ours = find(f"{repository}/issues/{number}/comments", marker)
    if ours is None and os.environ.get("EVALHARNESS_QUIET") == "true" and NOTHING in body:
        return
    if ours is None:
        call("POST", f"{repository}/issues/{number}/comments", {"body": body})
    else:
        call("PATCH", f"{repository}/issues/comments/{ours}", {"body": body})
    if again := os.environ.get("EVALHARNESS_AGAIN"):
        run_again(repository, commit, again)


def text(folder: Path, commit: str) -> str:
    """Return what is to be said of a commit: what the check wrote, else that it did not come so far."""
    file = folder / "comment.md"
    if file.is_file():
        said = file.read_text(encoding="utf-8").rstrip()
    else:
        code = os.environ.get("EVALHARNESS_EXIT") or "none"
        said = (
            f"{MARKER}\n\n### evalharness: not checked\n\nThe check ended early (exit code {code}); its log says why."
        )
    return f"{said}\n\nUpdated for {commit[:7]}.\n" if commit else f"{said}\n"


def marked(body: str, project: str) -> tuple[str, str]:
    """Return the hidden line that a project's comment begins with, and the comment with it."""
    if project in ("", "."):
        return MARKER, body
    marker = f"{MARKER.removesuffix(' -->')} of {project.replace('--', '-')} -->"
    return marker, body.replace(MARKER, marker, 1).replace("### evalharness:", f"### evalharness, {project}:", 1)


def find(address: str, marker: str = MARKER) -> int | None:
    """Return the id of a bot's comment that begins with the marker, or None."""
    for page in range(1, PAGES + 1):
        found = call("GET", f"{address}?per_page=100&page={page}")
        for comment in found:
            if comment["body"].startswith(marker) and comment["user"]["type"] == "Bot":
                return int(comment["id"])
        if len(found) < 100:
            return None
    return None


def run_again(repository: str, commit: str, workflow: str) -> None:
    """Run the failed jobs of a workflow again for a commit: the newest run of it."""
    found = call("GET", f"{repository}/actions/workflows/{workflow}/runs?head_sha={commit}&event=pull_request")
    for run in found["workflow_runs"][:1]:
        call("POST", f"{repository}/actions/runs/{run['id']}/rerun-failed-jobs")


def call(method: str, address: str, body: object = None) -> Any:
    """Return what the code host's API answers."""
    headers = {"Authorization": f"Bearer {os.environ['EVALHARNESS_TOKEN']}", "Accept": "application/vnd.github+json"}
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address, data=data, method=method, headers=headers)  # noqa: S310  # from the runner
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # the same
        return json.loads(answer.read() or b"null")


if __name__ == "__main__":
    main()

"""a commit that is merged, or about to be -> the grades that the check of its pull request bought.

Standard library only.  Only pull requests from this repository count: a fork's workflow may write into its artifact
what it likes.

    EVALHARNESS_ARTIFACT  what the check calls its artifact
    EVALHARNESS_FOLDER    where the grades go, one folder a run
"""

from __future__ import annotations

import io
import json
import os
import re
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

QUEUED = re.compile(r"refs/heads/gh-readonly-queue/.+/pr-(\d+)-")
RUN = re.compile(r"grades/(\d{8}T\d{6}Z-[0-9a-f]{4})/(run\.json|grades\.jsonl)")
LARGEST = 200 << 20


def main() -> None:
    """Take the artifacts of each pull request that the commit comes by."""
    api = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}"
    folder = Path(os.environ["EVALHARNESS_FOLDER"])
    for pull in pulls(api):
        head = pull["head"]
        if (head.get("repo") or {}).get("full_name") != os.environ["GITHUB_REPOSITORY"]:
            continue
        runs = get(f"{api}/actions/runs?head_sha={head['sha']}&event=pull_request")["workflow_runs"]
        for run in runs:
            artifacts = get(f"{api}/actions/runs/{run['id']}/artifacts")["artifacts"]
            for artifact in artifacts:
                if artifact["name"] == os.environ["EVALHARNESS_ARTIFACT"] and not artifact["expired"]:
                    unpack(fetch(artifact["archive_download_url"]), folder)


def pulls(api: str) -> list[Any]:
    """Return the pull requests that the commit came by; in a merge queue the one that its branch is named after."""
    queued = QUEUED.match(os.environ.get("GITHUB_REF", ""))
    found = [get(f"{api}/pulls/{queued[1]}")] if queued else get(f"{api}/commits/{os.environ['GITHUB_SHA']}/pulls")
    assert isinstance(found, list)  # noqa: S101  # what the host answers is not typed
    return found


def unpack(data: bytes, folder: Path) -> None:
    """Write the runs of an artifact below `folder`: heads and grades, and nothing else that it may hold."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            found = RUN.fullmatch(member.filename)
            if found and member.file_size <= LARGEST:
                target = folder / found[1] / found[2]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(member))


def get(address: str) -> Any:
    """Return what the code host's API answers."""
    return json.loads(fetch(address))


def fetch(address: str) -> bytes:
    """Return what is at an address; the token goes to the code host alone, and not where it leads on to."""
    request = urllib.request.Request(address, headers={"Accept": "application/vnd.github+json"})  # noqa: S310  # from the runner
    request.add_unredirected_header("Authorization", f"Bearer {os.environ['EVALHARNESS_TOKEN']}")
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310  # the same
        found = answer.read(LARGEST)
    assert isinstance(found, bytes)  # noqa: S101  # what urlopen returns is not typed
    return found


if __name__ == "__main__":
    main()

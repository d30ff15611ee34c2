"""The code host's API for one repository: what the steps that comment, take grades and run a check again ask for."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

REPOSITORY, TOKEN = "team/answers", "t0ken"  # of a host that is nowhere


class Pull(NamedTuple):
    """A pull request: its newest commit, and whether that is in a fork."""

    number: int
    head: str
    fork: bool

    @property
    def shown(self) -> dict[str, Any]:
        """Return what the API says of it."""
        name = "else/answers" if self.fork else REPOSITORY
        return {"number": self.number, "head": {"sha": self.head, "repo": {"full_name": name}}}


class Comment(NamedTuple):
    """A comment under a pull request."""

    pull: int
    id: int
    body: str

    @property
    def shown(self) -> dict[str, Any]:
        """Return what the API says of it."""
        return {"id": self.id, "body": self.body, "user": {"type": "Bot"}}


class Api:
    """What is kept at the host, and the server that tells it; `parents` names the merged heads of a commit."""

    def __init__(self, parents: Callable[[str], list[str]]) -> None:
        self.parents = parents
        self.pulls: dict[int, Pull] = {}
        self.comments: list[Comment] = []
        self.artifacts: dict[str, list[tuple[int, str, Path]]] = {}  # by head: run, name, file
        self.again: list[str] = []  # workflows that were asked to run again
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"api": self}))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Return the API's address."""
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, method: str, path: str, body: Any) -> Any:
        """Return what the API answers."""
        for asked, pattern, told in _ROUTES:
            found = re.fullmatch(rf"/repos/{REPOSITORY}/{pattern}", path)
            if asked == method and found:
                return told(self, found, body)
        raise AssertionError(f"{method} {path}")  # what no step should ask

    def _all_artifacts(self) -> Iterator[tuple[int, str, Path]]:
        return (one for some in self.artifacts.values() for one in some)

    def of_commit(self, found: re.Match[str], _: Any) -> Any:
        """Return the pull requests that a commit came by."""
        heads = self.parents(found[1])
        return [pull.shown for pull in self.pulls.values() if pull.head in heads]

    def pull(self, found: re.Match[str], _: Any) -> Any:
        """Return one pull request."""
        return self.pulls[int(found[1])].shown

    def runs(self, found: re.Match[str], _: Any) -> Any:
        """Return the runs of a head commit."""
        return {"workflow_runs": [{"id": run} for run, *_ in self.artifacts.get(found[1], [])]}

    def artifacts_of(self, found: re.Match[str], _: Any) -> Any:
        """Return the artifacts of one run."""
        url = f"{self.url}/repos/{REPOSITORY}/zip/{found[1]}"
        names = [name for run, name, _ in self._all_artifacts() if run == int(found[1])]
        return {"artifacts": [{"name": name, "expired": False, "archive_download_url": url} for name in names]}

    def archive(self, found: re.Match[str], _: Any) -> Any:
        """Return one artifact's file."""
        return next(file for run, _, file in self._all_artifacts() if run == int(found[1])).read_bytes()

    def list_comments(self, found: re.Match[str], _: Any) -> Any:
        """Return the comments under a pull request."""
        return [comment.shown for comment in self.comments if comment.pull == int(found[1])]

    def write_comment(self, found: re.Match[str], body: Any) -> Any:
        """Keep a new comment."""
        self.comments.append(Comment(int(found[1]), 1000 + len(self.comments), body["body"]))
        return self.comments[-1].shown

    def change_comment(self, found: re.Match[str], body: Any) -> Any:
        """Change one comment."""
        place = int(found[1]) - 1000
        self.comments[place] = self.comments[place]._replace(body=body["body"])
        return self.comments[place].shown

    def runs_of_workflow(self, found: re.Match[str], _: Any) -> Any:
        """Return the newest run of a workflow; its number is the place of the workflow's name in `again`."""
        self.again.append(found[1])
        return {"workflow_runs": [{"id": len(self.again) - 1}]}


def _nothing(api: Api, found: re.Match[str], body: Any) -> Any:  # as all routes
    return None


_ROUTES: tuple[tuple[str, str, Callable[[Api, re.Match[str], Any], Any]], ...] = (
    ("GET", r"commits/(\w+)/pulls", Api.of_commit),
    ("GET", r"pulls/(\d+)", Api.pull),
    ("GET", r"actions/runs\?head_sha=(\w+)&event=pull_request", Api.runs),
    ("GET", r"actions/runs/(\d+)/artifacts", Api.artifacts_of),
    ("GET", r"zip/(\d+)", Api.archive),
    ("GET", r"issues/(\d+)/comments\?per_page=100&page=1", Api.list_comments),
    ("POST", r"issues/(\d+)/comments", Api.write_comment),
    ("PATCH", r"issues/comments/(\d+)", Api.change_comment),
    ("GET", r"actions/workflows/([\w.-]+)/runs\?head_sha=\w+&event=pull_request", Api.runs_of_workflow),
    ("POST", r"actions/runs/(\d+)/rerun-failed-jobs", _nothing),
)


class _Handler(http.server.BaseHTTPRequestHandler):
    """One request: the token is asked for, JSON goes in and out."""

    api: Api

    def do_GET(self) -> None:
        self._told(None)

    def do_POST(self) -> None:
        self._told(self._body())

    def do_PATCH(self) -> None:
        self._told(self._body())

    def log_message(self, *args: Any) -> None:
        return None

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")

    def _told(self, body: Any) -> None:
        assert self.headers["Authorization"] == f"Bearer {TOKEN}"
        found = self.api.answer(self.command, self.path, body)
        data = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

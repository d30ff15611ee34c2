"""a folder in a Git repository -> what Git says about it.  All calls of Git, as argument lists, never through a shell.

Every list is asked for with `-z`, so that no name (blanks, quotes, new lines) can be taken for two.
"""

from __future__ import annotations

import contextlib
import copy
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from evalharness.console.paths import followed
from evalharness.errors import InputError

LINK: Final = "120000"
MODULE: Final = "160000"
_SIMILAR: Final = "-M40%"
_KEPT: Final = (
    *("GIT_SSH", "GIT_SSL", "GIT_ASKPASS", "GIT_PROXY", "GIT_HTTP", "GIT_EXEC_PATH"),
    *("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"),
)
_SETTINGS: Final = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")
_IS_ID: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_OWN_REFS: Final = ("", "HEAD", "@")
_STEPS: Final = re.compile(r"[~^:]|@\{")  # what leads on from a name: HEAD^1, main~3, main@{1}
_PLAIN: Final = (
    *("-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "diff.renameLimit=0"),
    *("-c", "diff.orderFile=/dev/null", "-c", "core.safecrlf=false", "-c", "core.splitIndex=false"),
)
_OF_COMMIT: Final = "`git add` there says more; what is committed can be checked: evalharness check --head HEAD"
_AT_ONCE: Final = 32_000_000  # bytes of contents in memory at a time


class Entry(NamedTuple):
    """One difference: `status` is Git's letter; `old` is the path before, of a rename too (POSIX, from the root)."""

    status: str
    mode: str
    path: str
    old: str


class Blob(NamedTuple):
    """A file of a commit: its mode and the id of its content."""

    mode: str
    id: str


def prefix(project: Path) -> str:
    """Return the way from the repository's root to a project, with a slash at its end; empty where it is the root."""
    folder = followed(project)
    top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    way = folder.relative_to(top).as_posix()
    return "" if way == "." else f"{way}/"


class Git:
    """A repository, seen from one folder in it: all paths are relative to that folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._scratch: dict[str, str] = {}  # where what is not in the repository is written and found
        done = self._run(("rev-parse", "--is-inside-work-tree"), None)
        if done.returncode:
            raise _refusal(folder, done.stderr.decode("utf-8", "replace"))
        if done.stdout.strip() != b"true":
            raise InputError(
                f"{folder} is in a Git repository without working files there",
                hint="run it in a clone of the answers",
                slug="git",
            )

    def top(self) -> Path:
        """Return the folder of the whole working tree."""
        return Path(os.fsdecode(self._call("rev-parse", "--show-toplevel").rstrip(b"\n")))

    def commit(self, ref: str) -> str:
        """Return the commit that `ref` names: a branch before a tag of that name, which anybody may push.

        Raises `InputError` where there is none, and where a branch here and one of a remote differ under that name.
        """
        found = self._named(ref)
        if found is None:
            where = " in this shallow clone" if self._shallow() else ""
            raise InputError(f"there is no commit called '{ref}'{where}", hint=self._fetch(ref), slug="git")
        return found

    def tag_beside(self, ref: str) -> bool:
        """Return whether a tag has the name of the branch `ref` and another commit: somebody may mean the tag."""
        tag = self._verified(f"refs/tags/{ref}")
        return tag is not None and tag != self.commit(ref)

    def _named(self, ref: str) -> str | None:
        """Return the commit that a name means, or None; git itself would take a tag before a branch."""
        if _IS_ID.fullmatch(ref) or ref in _OWN_REFS:
            return self._verified(ref)
        full = (f"refs/heads/{ref}", f"refs/remotes/{ref}", f"refs/remotes/{ref}/HEAD")
        branches = {name: commit for name in full if (commit := self._verified(name))}
        if not branches and (tag := self._verified(f"refs/tags/{ref}")):  # the only one here, or one of a remote's?
            remotes = self._call("for-each-ref", "--format=%(refname)", f"refs/remotes/*/{ref}").decode().split()
            branches = {name: commit for name in remotes if (commit := self._verified(name))}
            branches |= {f"refs/tags/{ref}": tag}
        if len(set(branches.values())) > 1:
            hint = f"name the one you mean in full, for example: --base {next(iter(branches))}"
            raise InputError(
                f"'{ref}' is ambiguous: {' and '.join(branches)} are different commits", hint=hint, slug="git"
            )
        return next(iter(branches.values()), None) or self._verified(ref)

    def _verified(self, name: str) -> str | None:
        found = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return None if found is None else found.decode().strip()

    def merge_base(self, ref: str, head: str) -> str:
        """Return the commit at which `head` left `ref`; raises `InputError` where this clone does not reach it."""
        found = self._try("merge-base", self.commit(ref), self.commit(head))
        if found:
            return found.decode().split()[0]
        if self._shallow():
            raise InputError(
                f"this clone is shallow and does not reach the commit that it shares with '{ref}'",
                hint=self._fetch(ref),
                slug="git",
            )
        raise InputError(f"'{ref}' and {head} share no commit", hint="is this the right base?", slug="git")

    def _shallow(self) -> bool:
        return self._call("rev-parse", "--is-shallow-repository").strip() == b"true"

    def _fetch(self, ref: str) -> str:
        """Return the command that brings `ref`: a clone of depth 1 follows one branch only, so the other is named."""
        ref = _STEPS.split(ref, maxsplit=1)[0]
        remote, _, branch = ref.partition("/")
        remotes = self._call("remote").decode().split()
        deep = " --unshallow" if self._shallow() else ""
        if branch and remote in remotes:
            names = shlex.quote(f"+refs/heads/{branch}:refs/remotes/{ref}")
            command = f"git fetch{deep} {shlex.quote(remote)} {names}"
        else:  # a branch of the remote that is to be one here; an id comes with the rest
            names = "" if _IS_ID.fullmatch(ref) or ref in _OWN_REFS else f" {shlex.quote(f'{ref}:{ref}')}"
            command = f"git fetch{deep} {shlex.quote(remotes[0]) if remotes else 'origin'}{names}"
        return f"{command}, or in a workflow: actions/checkout with fetch-depth: 0"

    def changes(self, before: str, now: str, *, renames: bool = True) -> tuple[Entry, ...]:
        """Return what differs between two commits or trees; without `renames` a rename is two names."""
        how = _SIMILAR if renames else "--no-renames"
        raw = self._call("diff-tree", "-r", "--raw", "-z", "--no-abbrev", "--relative", how, before, now, "--")
        return tuple(_entries(raw.split(b"\0")))

    def uncommitted(self, commit: str, folders: Iterable[str]) -> tuple[Entry, ...]:
        """Return what is here, under some folders, and not in a commit; what Git was told not to look at is not."""
        where = ("--", *(f":(literal){folder}" for folder in folders))
        raw = self._call(
            *("diff", "--raw", "-z", "--no-abbrev", "--relative", "--no-ext-diff", "--no-renames"),
            *("--ignore-submodules=dirty", commit, *where),
            hint=_OF_COMMIT,
        )
        others = self._call("ls-files", "-z", "--others", "--exclude-standard", *where).split(b"\0")
        files = (
            os.fsdecode(name) for name in others if name and not name.endswith(b"/")
        )  # no repositories in this one
        return (*_entries(raw.split(b"\0")), *(Entry("A", "", name, name) for name in files))

    def snapshot(self, entries: Sequence[Entry], scratch: Path) -> tuple[Git, str]:
        """Return the tree that a commit would have if these entries were added, and a `Git` that sees it.

        It is written to `scratch`, never into the repository: Git itself says what a commit would hold, so links,
        filters of text and what Git was told not to look at are as they would be there.
        """
        git = self._beside(self._path("index"), scratch)
        gone = b"".join(os.fsencode(entry.path) + b"\0" for entry in entries if entry.status == "D")
        here = b"".join(os.fsencode(entry.path) + b"\0" for entry in entries if entry.status != "D")
        git._call("update-index", "--force-remove", "-z", "--stdin", input_=gone)
        git._call("update-index", "--add", "--remove", "--replace", "-z", "--stdin", input_=here, hint=_OF_COMMIT)
        return git, git._written()

    def staged(self, index: Path, scratch: Path) -> tuple[Git, str]:
        """Return the tree of an index, and a `Git` that sees it."""
        git = self._beside(index, scratch)
        return git, git._written()

    def is_own_index(self, index: Path) -> bool:
        """Return whether a file is the index of this repository, or one that a commit under way makes beside it."""
        return index.is_file() and followed(index).parent == followed(self._path("index")).parent

    def _beside(self, index: Path, scratch: Path) -> Git:
        """Return a `Git` with a copy of an index, which writes what it makes to `scratch`."""
        (scratch / "objects").mkdir()
        with contextlib.suppress(FileNotFoundError):  # a clone without a checkout has none
            shutil.copyfile(index, scratch / "index")
        objects = str(self._path("objects")).replace("\\", "\\\\").replace('"', '\\"')
        git = copy.copy(self)
        git._scratch = {
            "GIT_INDEX_FILE": str(scratch / "index"),
            "GIT_OBJECT_DIRECTORY": str(scratch / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{objects}"',
        }
        return git

    def _written(self) -> str:
        return self._call("write-tree", "--missing-ok").decode().strip()

    def _path(self, name: str) -> Path:
        return self.folder / os.fsdecode(self._call("rev-parse", "--git-path", name).rstrip(b"\n"))

    def tree(self, commit: str) -> dict[str, Blob]:
        """Return every file of a commit under this folder, by path."""
        found: dict[str, Blob] = {}
        for line in self._call("ls-tree", "-r", "-z", commit).split(b"\0"):
            if line:
                about, _, name = line.partition(b"\t")
                mode, _, id_ = about.decode().split(" ")
                found[os.fsdecode(name)] = Blob(mode, id_)
        return found

    def contents(self, ids: Sequence[str], sizes: Sequence[int] = ()) -> Iterator[bytes]:
        """Yield the content of each blob, in order; not all of them are in memory at once.

        `sizes` are theirs where somebody has asked for them.
        """
        if len(ids) > 1:
            sizes = sizes or self.sizes(ids)
        start = 0
        while start < len(ids):
            stop, held = start + 1, sizes[start] if sizes else 0
            while stop < len(ids) and held + sizes[stop] <= _AT_ONCE:
                held += sizes[stop]
                stop += 1
            data, place = self._objects("--batch", ids[start:stop]), 0
            for id_ in ids[start:stop]:
                begin = data.index(b"\n", place) + 1
                place = begin + _size(id_, data[place:begin])
                yield data[begin:place]
                place += 1
            start = stop

    def sizes(self, ids: Sequence[str]) -> list[int]:
        """Return how long the content of each blob is; raises `InputError` where this clone does not hold one."""
        told = self._objects("--batch-check", ids).splitlines()
        return [_size(id_, line) for id_, line in zip(ids, told, strict=True)]

    def _objects(self, how: str, ids: Sequence[str]) -> bytes:
        return self._call("cat-file", how, input_="".join(f"{id_}\n" for id_ in ids).encode()) if ids else b""

    def _call(self, *arguments: str, input_: bytes | None = None, hint: str = "") -> bytes:
        done = self._run(arguments, input_)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise InputError(
                f"git {arguments[0]} failed: {said[-1] if said else 'it said nothing'}", hint=hint, slug="git"
            )
        return done.stdout

    def _try(self, *arguments: str) -> bytes | None:
        done = self._run(arguments, None)
        return None if done.returncode else done.stdout

    def _run(self, arguments: Iterable[str], input_: bytes | None) -> subprocess.CompletedProcess[bytes]:
        environment = {**_clean(os.environ), "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        environment |= self._scratch
        environment["GIT_NO_REPLACE_OBJECTS"] = "1"  # a commit is what its id says, whatever is put in its place here
        command = ["git", *_PLAIN, *arguments]
        try:
            # An argument list without a shell; what a person names as a ref stands behind --end-of-options.
            return subprocess.run(  # noqa: S603
                command, cwd=self.folder, env=environment, input=input_ or b"", capture_output=True, check=False
            )
        except FileNotFoundError:
            raise InputError(
                "git is not installed", hint="install Git, or make sure that it is on the PATH", slug="not-installed"
            ) from None


def _size(id_: str, line: bytes) -> int:
    """Return the length in what `git cat-file` says about an object; raises `InputError` where it has none."""
    about = line.split()
    if len(about) != 3:
        raise InputError(
            f"this clone does not hold the object {id_[:12]} of the commit",
            hint="a partial clone needs its remote: git fetch; else the clone is damaged: git fsck",
            slug="git",
        )
    return int(about[2])


def _clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what Git tells its hooks: that would answer for another folder or index.

    What is left of Git's own is how to reach a remote, and a person's settings.
    """
    count = environment.get("GIT_CONFIG_COUNT", "")
    pairs = [n for n in environment if n.startswith("GIT_CONFIG_VALUE_")]
    settings = _SETTINGS if count == str(len(pairs)) and pairs else ()
    kept = (*_KEPT, *settings)
    return {name: value for name, value in environment.items() if not name.startswith("GIT_") or name.startswith(kept)}


def _refusal(folder: Path, said: str) -> InputError:
    """Return why Git does not answer in a folder: in its own words, except where there is just no repository."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    first = next((line for line in lines if line.startswith("fatal:")), lines[0] if lines else "it said nothing")
    reason = first.removeprefix("fatal:").strip()
    if "dubious ownership" in said:
        remedy = next((line for line in lines if "safe.directory" in line), "")
        hint = f"if you trust it: {remedy or f'git config --global --add safe.directory {shlex.quote(str(folder))}'}"
        return InputError(f"Git refuses {folder}: the repository is owned by another user", hint=hint, slug="git")
    if reason.startswith("not a git repository (or any"):
        return InputError(
            f"{folder} is not in a Git repository",
            hint="run it in a clone of the answers, or begin one here: git init",
            slug="git",
        )
    return InputError(
        f"Git can't read the repository of {folder}: {reason}", hint="git status in that folder says more", slug="git"
    )


def _entries(fields: Sequence[bytes]) -> Iterator[Entry]:
    """Yield the entries of `diff --raw -z`: `:mode mode id id status`, then one path, or two of a rename or copy."""
    rest = iter(fields)
    for head in rest:
        if not head:
            continue
        _, mode, _, _, status = head.decode().lstrip(":").split(" ")
        first = os.fsdecode(next(rest))
        second = os.fsdecode(next(rest)) if status[0] in "RC" else first
        yield Entry(status[0], mode, second, first)

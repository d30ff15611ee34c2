"""a clone, a base -> what the change does to the answers: attempts, rubrics, settings.  Nothing it brings is trusted.

Attempts are read from the files as they are now; settings, gates, stored grades and the calibration by people's
labels come from the base alone.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import msgspec

from evalharness.console.paths import followed
from evalharness.criteria.labels import FOLDER
from evalharness.errors import BrokenBase, InputError, InvalidFiles, Problem, StoreError
from evalharness.load import Loaded, find_root, load_project, read_config
from evalharness.load.calibration import FILE, parse_calibration, read_calibration
from evalharness.load.config import CONFIG_FILE, parse_config
from evalharness.load.drift import CHECKS, checks_in
from evalharness.load.find import QUESTION_FILE
from evalharness.load.git import LINK, MODULE, Blob, Entry, Git
from evalharness.load.labels import load_labels
from evalharness.load.shelf import SHIPPED
from evalharness.load.text_source import leaves
from evalharness.model.breaks import Break, Drift
from evalharness.model.config import Config
from evalharness.model.drift import breaks_of
from evalharness.model.nouns import Case, GraderId, Rubric
from evalharness.plan.changed import Changed, match
from evalharness.results.calibration import Stored

LINKS = (LINK, MODULE)
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What a change does.  `loaded` is the project as it is now under the settings of the base.

    `rubrics` holds the rubrics of the base; `tree` its files; `calibration` how far the grader agrees with people by
    its labels; `proposed` the settings that the change would bring.
    """

    git: Git
    base: str
    loaded: Loaded
    rubrics: dict[str, Rubric]
    changed: tuple[Changed, ...]
    touched: frozenset[str]
    tree: dict[str, Blob]
    proposed: Config
    calibration: Stored | None = None
    notices: tuple[str, ...] = ()


def change_set(ref: str, cwd: Path) -> ChangeSet:
    """Return what changed between the merge base of `ref` and HEAD, and the files as they are now.

    Raises `InputError` where the base can't be found, where the change brings a symbolic link that leaves the answers,
    and `InvalidFiles` with every problem of what it touches, or of the base's settings: no gate is open by accident.
    Stored grades that the change brings are left out of everything, and said.
    """
    root = find_root((), followed(cwd))
    git = Git(root)
    base = git.merge_base(ref)
    tree = git.tree(base)
    proposed = read_config(root).config
    config = base_config(git, tree)
    stored = {config.reports.strip("/")}  # a folder that the change names may hold answers, so it is looked at
    ignored = _ignored_reports(git.committed(base), stored | {proposed.reports.strip("/")}, base)
    entries = [entry for entry in git.changes(base) if not _under(entry.path, stored)]
    _refuse_links(entries, root)
    touched = frozenset(named(path) for entry in entries for path in (entry.path, entry.old))
    if proposed.cases != config.cases:  # answers that another folder leaves out are gone as if they were deleted
        touched |= {named(path) for path in tree if _under(path, {config.cases.strip("/")})}
    loaded, elsewhere = _head(git, root, cwd, touched, proposed)
    earlier, broken = _base(git, tree, config, touched)
    now = _of_questions(loaded.cases, touched)
    before = _of_questions(earlier.cases, touched) if earlier else ()
    renames = {named(entry.path): named(entry.old) for entry in entries if entry.status == "R"}
    return ChangeSet(
        git=git,
        base=base,
        loaded=loaded.with_config(config),
        rubrics=earlier.rubrics if earlier else {},
        changed=match(before, now, renames),
        touched=touched,
        tree=tree,
        proposed=proposed,
        calibration=base_calibration(git, tree),
        notices=(
            *_tag(git, ref),
            *ignored,
            *elsewhere,
            *broken,
            *_labels(touched),
            *(() if elsewhere else _unfit_labels(loaded, touched)),
            *_deleted_rubrics(entries, config, earlier, loaded),
            *_odd(loaded.cases, touched),
        ),
    )


def _tag(git: Git, ref: str) -> Iterator[str]:
    """Yield that a tag has the name of the base, which is the branch."""
    if git.tag_beside(ref):
        name = named(ref)
        yield f"'{name}' is a branch and a tag; the base is the branch. For the tag: --base refs/tags/{name}"


def _ignored_reports(paths: Iterable[str], folders: Collection[str], base: str) -> Iterator[str]:
    """Yield that the change brings stored grades, which count for nothing, and the command that drops them."""
    found = [path for path in paths if _under(path, folders)]
    if found:
        where = " ".join(sorted(folder for folder in folders if any(_under(path, {folder}) for path in found)))
        yield (
            f"stored grades in this change are ignored: {_listed(found)}; only the main branch's own workflow writes "
            "them. Unless that workflow offers this change, drop them: "
            f"`git restore --source={base[:12]} --staged --worktree -- {where}`"
        )


def _deleted_rubrics(entries: Iterable[Entry], config: Config, earlier: Loaded | None, loaded: Loaded) -> Iterator[str]:
    """Yield which rubric the answers of a deleted one go by then: one of that name may be elsewhere."""
    ids = {rubric.path: rubric.id for rubric in earlier.rubrics.values()} if earlier else {}
    for entry in entries:
        if entry.status != "D" or not _under(entry.path, {config.rubrics.strip("/")}):
            continue
        file = named(entry.path)
        name = ids.get(file, PurePosixPath(file).stem)
        count = sum(case.rubric.id == name for case in loaded.cases)
        now = loaded.rubrics.get(name)
        if now is None or not count:
            yield f"{file} is deleted; no answer goes by '{name}' now"
            continue
        verb = "answer goes" if count == 1 else "answers go"
        where = now.path if not now.path.startswith(SHIPPED) else f"the '{name}' that comes with evalharness"
        yield f"{file} is deleted: {count} {verb} by {where} then"


def _odd(cases: Iterable[Case], touched: frozenset[str]) -> Iterator[str]:
    """Yield what is valid and hardly meant: an author in another's folder."""
    for case in cases:
        attempt = case.attempt
        if attempt.path not in touched:
            continue
        folder = PurePosixPath(attempt.path).parent
        if f"{folder}/{QUESTION_FILE}" != case.question.path and folder.name != attempt.author:
            yield f"{attempt.path} is in the folder of {folder.name}, and its author is {attempt.author}"


def _refuse_links(entries: Iterable[Entry], root: Path) -> None:
    """Refuse links out of the answers, or into Git's own folder: what they show would be read, sent and quoted."""
    for entry in entries:
        if entry.status == "D" or (entry.mode not in LINKS and not (root / entry.path).is_symlink()):
            continue
        inside = followed(root / entry.path)
        if leaves(str(root / entry.path), str(root)) or ".git" in inside.parts:
            raise InputError(
                f"the change brings a symbolic link that leaves the answers: {named(entry.path)}",
                hint="copy what it points to",
            )


def _head(git: Git, root: Path, cwd: Path, touched: frozenset[str], config: Config) -> tuple[Loaded, tuple[str, ...]]:
    """Return the project as it is now, and a notice of broken files that the change has nothing to do with.

    What a sparse checkout leaves out is not gone: it is read from Git, in a copy that holds all files.
    """
    absent = git.absent()
    if not absent:
        return _now(root, cwd, touched, config)
    with tempfile.TemporaryDirectory(prefix="evalharness-now-") as name:
        whole = followed(name)
        for path in git.present():
            target = whole / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, target, follow_symlinks=False)
        write_files(git, {path: Blob("100644", id_) for path, id_ in absent.items()}, list(absent), whole)
        (whole / CONFIG_FILE).touch()
        loaded, told = _now(whole, whole, touched, config)
        return replace(loaded, root=root), told


def _now(root: Path, cwd: Path, touched: frozenset[str], config: Config) -> tuple[Loaded, tuple[str, ...]]:
    try:
        return load_project([], cwd=cwd), ()
    except InvalidFiles as error:
        ours = [problem for problem in error.problems if _concerns(problem, touched, config)]
        if ours:
            raise InvalidFiles(ours) from None
        others = error.problems
    files = [path.relative_to(root).as_posix() for path in (root / config.cases).rglob("*.yaml")]
    known = {named(path): path for path in files}
    paths = [root / known[name] for name in sorted(_questions(touched, known))]
    loaded = load_project(paths or [root / CONFIG_FILE], cwd=cwd)
    return loaded, (f"{len(others)} problems in files that this change does not touch, first {others[0].place}",)


def _concerns(problem: Problem, touched: frozenset[str], config: Config) -> bool:
    shared = any(_under(path, {config.rubrics.strip("/"), CONFIG_FILE}) for path in touched)
    if shared or problem.path in touched:
        return True
    folder = f"{PurePosixPath(problem.path).parent}/"
    return any(path.startswith(folder) for path in touched) and problem.path.endswith(".yaml")


def base_config(git: Git, tree: dict[str, Blob]) -> Config:
    """Return the settings of a commit; the defaults where it has none.  Raises `InvalidFiles` where they are broken."""
    blob = tree.get(CONFIG_FILE)
    if blob is None or blob.mode in LINKS:
        return Config()
    (data,) = git.contents([blob.id])
    found = parse_config(data.decode("utf-8", "replace"), f"the base's {CONFIG_FILE}")
    if found.problems:
        raise BrokenBase([msgspec.structs.replace(problem, is_here=False) for problem in found.problems])
    return found.config


def base_calibration(git: Git, tree: dict[str, Blob]) -> Stored | None:
    """Return the calibration that a commit holds, or None: a change can neither unlock nor lock its own gate.

    Raises `StoreError` where it is damaged.
    """
    blob = tree.get(f"{FOLDER}/{FILE}")
    if blob is None or blob.mode in LINKS:
        return None
    (data,) = git.contents([blob.id])
    return parse_calibration(data, f"the base's {FOLDER}/{FILE}")


def _labels(touched: Iterable[str]) -> Iterator[str]:
    """Yield a notice where the change touches what people said of the grader."""
    found = sorted(path for path in touched if _under(path, {FOLDER}))
    if found:
        yield f"labels: the change touches {_listed(found)}; this check goes by the labels and calibration of the base"


def _unfit_labels(loaded: Loaded, touched: Collection[str]) -> Iterator[str]:
    """Yield which labels and calibration `calibrate` and the next check could not read; raise those of the change.

    They may be in order themselves: an attempt that the change renames or deletes leaves its labels behind.
    """
    try:
        load_labels(loaded.root, loaded.cases, author=loaded.config.author)
    except InvalidFiles as error:
        ours = [problem for problem in error.problems if problem.path in touched]
        if ours:
            raise
        yield from (f"{problem.path}: {problem.message}; {problem.hint}" for problem in error.problems[:_MOST_SHOWN])
    try:
        read_calibration(loaded.root)
    except StoreError as error:
        yield f"{error.message}; once this is in the base, checks stop until `evalharness calibrate` makes it again"


def _base(
    git: Git, tree: dict[str, Blob], config: Config, touched: frozenset[str]
) -> tuple[Loaded | None, tuple[str, ...]]:
    """Return the touched questions and all rubrics as they were; None, with a notice, where they can't be read."""
    names = {path: named(path) for path, blob in tree.items() if blob.mode not in LINKS}
    questions = _questions(touched, {name for name in names.values() if _under(name, {config.cases.strip("/")})})
    folders = {CONFIG_FILE, config.rubrics.strip("/"), *(name.removesuffix(f"/{QUESTION_FILE}") for name in questions)}
    wanted = [path for path, name in names.items() if _under(name, folders)]
    with tempfile.TemporaryDirectory(prefix="evalharness-base-") as name:
        root = followed(name)
        write_files(git, tree, wanted, root)
        (root / CONFIG_FILE).touch()
        (root / config.cases).mkdir(parents=True, exist_ok=True)
        try:
            return load_project([], cwd=root), ()
        except InvalidFiles as error:
            first = error.problems[0]
    return None, (f"the base can't be read ({first.place}: {first.message}), so nothing is compared with it",)


def write_files(git: Git, tree: dict[str, Blob], paths: Sequence[str], root: Path) -> None:
    """Write files of a commit below `root`; a name that would leave it is passed over."""
    safe = [path for path in paths if ".." not in path.split("/") and not path.startswith("/")]
    for path, data in zip(safe, git.contents([tree[path].id for path in safe]), strict=True):
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _of_questions(cases: Sequence[Case], touched: frozenset[str]) -> tuple[Case, ...]:
    wanted = _questions(touched, {case.question.path for case in cases})
    return tuple(case for case in cases if case.question.path in wanted)


def _questions(touched: Iterable[str], known: Collection[str]) -> frozenset[str]:
    """Return which of the known question files a set of paths belongs to."""
    return frozenset(name for path in touched for name in _owners(path) if name in known)


def _owners(path: str) -> Iterator[str]:
    yield path
    for folder in PurePosixPath(path).parents:
        yield f"{folder}/{QUESTION_FILE}"


def _under(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _listed(paths: Sequence[str]) -> str:
    shown = ", ".join(named(path) for path in paths[:_MOST_SHOWN])
    return shown if len(paths) <= _MOST_SHOWN else f"{shown} and {len(paths) - _MOST_SHOWN} more"


def named(path: str) -> str:
    """Return a path as messages and nouns say it: what cannot be shown is escaped, as `load` does it."""
    return path if path.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in path)


def base_breaks(found: ChangeSet, grader: GraderId) -> tuple[Break, ...]:
    """Return the drifts of a grader that the base knows of; a change can't bring one, nor take one away."""
    return breaks_of(base_checks(found), grader)


def base_checks(found: ChangeSet) -> tuple[Drift, ...]:
    """Return the checks of the anchors that the base holds, oldest first."""
    blob = found.tree.get(f"{FOLDER}/{CHECKS}")
    if blob is None or blob.mode in LINKS:
        return ()
    (data,) = found.git.contents([blob.id])
    return checks_in(data, f"the base's {FOLDER}/{CHECKS}")

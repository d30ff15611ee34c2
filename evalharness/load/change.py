"""a clone, a base -> what the change does to the answers: attempts, rubrics, settings.  Nothing it brings is trusted.

Attempts are read from the tree that `head_of` finds; settings, gates, stored grades and the calibration by people's
labels come from the base alone.  Both are read from Git.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
from evalharness.load.head import Head, files_of, head_of, listed, named, plain, project_of, under, with_targets
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
_OURS = frozenset({CONFIG_FILE, FOLDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What a change does.  `loaded` is the project as the change has it, under the settings of the base.

    `rubrics` holds the rubrics of the base; `tree` its files; `calibration` how far the grader agrees with people by
    its labels; `proposed` the settings that the change would bring; `head` says what of the change was read.
    """

    git: Git
    base: str
    head: Head
    loaded: Loaded
    rubrics: dict[str, Rubric]
    changed: tuple[Changed, ...]
    touched: frozenset[str]
    tree: dict[str, Blob]
    proposed: Config
    calibration: Stored | None = None
    notices: tuple[str, ...] = ()


def change_set(ref: str, cwd: Path, *, head: str = "", environment: Mapping[str, str] | None = None) -> ChangeSet:
    """Return what changed between the merge base of `ref` and what is checked: `head_of` says what that is.

    Raises `InputError` where the base can't be found, where the change brings a symbolic link that leaves the answers,
    and `InvalidFiles` with every problem of what it touches, or of the base's settings: no gate is open by accident.
    Stored grades that the change brings are left out of everything, and said.
    """
    root = find_root((), followed(cwd))
    git = Git(root)
    base = git.merge_base(ref, head or "HEAD")
    tree = git.tree(base)
    config = base_config(git, tree)
    here = read_config(root).config
    folders = {*_OURS, *(plain(folder) for each in (config, here) for folder in (each.cases, each.rubrics))}
    with head_of(git, head, folders, environment or {}) as now:
        files = now.git.tree(now.tree)
        found = _changed(now, files, root, base, tree, config)
        told = (*_tag(git, ref), *now.told(files, folders))
    return replace(found, git=git, head=now._replace(git=git), notices=(*told, *found.notices))


def _changed(
    head: Head, files: dict[str, Blob], root: Path, base: str, tree: dict[str, Blob], config: Config
) -> ChangeSet:
    git = head.git
    proposed = base_config(git, files, of_base=False)
    stored = {plain(config.reports)}  # a folder that the change names may hold answers, so it is looked at
    reports = stored | {plain(proposed.reports)}
    ignored = _ignored_reports((entry.path for entry in git.changes(base, head.commit, renames=False)), reports, base)
    entries = [entry for entry in git.changes(base, head.tree) if not under(entry.path, stored)]
    touched = frozenset(named(path) for entry in entries for path in (entry.path, entry.old))
    if plain(proposed.cases) != plain(config.cases):  # what another folder leaves out is gone as if it were deleted
        touched |= {named(path) for path in tree if under(path, {plain(config.cases)})}
    links = {entry.path for entry in entries if files.get(entry.path, Blob("", "")).mode == LINK}
    folders = {*_OURS, plain(proposed.cases), plain(proposed.rubrics)}
    wanted = with_targets(git, files, folders | links)
    with project_of(git, files, wanted, folders, CONFIG_FILE) as whole:
        _refuse_links(links, whole)
        loaded, elsewhere = _now(whole, root, touched, proposed)
        unfit = () if elsewhere else tuple(_unfit_labels(whole, loaded, touched))
    earlier, broken = _base(git, tree, config, touched)
    before = _of_questions(earlier.cases, touched) if earlier else ()
    renames = {named(entry.path): named(entry.old) for entry in entries if entry.status == "R"}
    return ChangeSet(
        git=git,
        base=base,
        head=head,
        loaded=loaded.with_config(config),
        rubrics=earlier.rubrics if earlier else {},
        changed=match(before, _of_questions(loaded.cases, touched), renames),
        touched=touched,
        tree=tree,
        proposed=proposed,
        calibration=base_calibration(git, tree),
        notices=(
            *ignored,
            *elsewhere,
            *broken,
            *_labels(touched),
            *unfit,
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
    found = [path for path in paths if under(path, folders)]
    if found:
        where = " ".join(sorted(folder for folder in folders if any(under(path, {folder}) for path in found)))
        yield (
            f"stored grades in this change are ignored: {listed(found)}; only the main branch's own workflow writes "
            "them. Unless that workflow offers this change, drop them: "
            f"`git restore --source={base[:12]} --staged --worktree -- {where}`"
        )


def _deleted_rubrics(entries: Iterable[Entry], config: Config, earlier: Loaded | None, loaded: Loaded) -> Iterator[str]:
    """Yield which rubric the answers of a deleted one go by then: one of that name may be elsewhere."""
    ids = {rubric.path: rubric.id for rubric in earlier.rubrics.values()} if earlier else {}
    for entry in entries:
        if entry.status != "D" or not under(entry.path, {plain(config.rubrics)}):
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


def _refuse_links(links: Iterable[str], root: Path) -> None:
    """Refuse links out of the answers, or into Git's own folder: what they show would be read, sent and quoted."""
    for path in sorted(links):
        if leaves(str(root / path), str(root)) or ".git" in followed(root / path).relative_to(root).parts:
            raise InputError(
                f"the change brings a symbolic link that leaves the answers: {named(path)}",
                hint="copy what it points to",
            )


def _now(whole: Path, root: Path, touched: frozenset[str], config: Config) -> tuple[Loaded, tuple[str, ...]]:
    """Return the project in `whole`, and a notice of broken files that the change has nothing to do with.

    `root` is where people have it.
    """
    try:
        return replace(load_project([], cwd=whole), root=root), ()
    except InvalidFiles as error:
        ours = [problem for problem in error.problems if _concerns(problem, touched, config)]
        if ours:
            raise InvalidFiles(ours, root=str(root)) from None
        others = error.problems
    files = [path.relative_to(whole).as_posix() for path in (whole / config.cases).rglob("*.yaml")]
    known = {named(path): path for path in files}
    paths = [whole / known[name] for name in sorted(_questions(touched, known))]
    try:
        loaded = load_project(paths or [whole / CONFIG_FILE], cwd=whole)
    except InvalidFiles as error:
        raise InvalidFiles(error.problems, root=str(root)) from None
    told = f"{len(others)} problems in files that this change does not touch, first {others[0].place}"
    return replace(loaded, root=root), (told,)


def _concerns(problem: Problem, touched: frozenset[str], config: Config) -> bool:
    shared = any(under(path, {plain(config.rubrics), CONFIG_FILE}) for path in touched)
    if shared or problem.path in touched:
        return True
    folder = f"{PurePosixPath(problem.path).parent}/"
    return any(path.startswith(folder) for path in touched) and problem.path.endswith(".yaml")


def base_config(git: Git, tree: Mapping[str, Blob], *, of_base: bool = True) -> Config:
    """Return the settings of a commit; the defaults where it has none.

    Raises `BrokenBase` where they are broken; those of the change are problems of its files, told with the others.
    """
    blob = tree.get(CONFIG_FILE)
    if blob is None or blob.mode in LINKS:
        return Config()
    (data,) = git.contents([blob.id])
    found = parse_config(data.decode("utf-8", "replace"), f"the base's {CONFIG_FILE}")
    if found.problems and of_base:
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
    found = sorted(path for path in touched if under(path, {FOLDER}))
    if found:
        yield f"labels: the change touches {listed(found)}; this check goes by the labels and calibration of the base"


def _unfit_labels(root: Path, loaded: Loaded, touched: Collection[str]) -> Iterator[str]:
    """Yield which labels and calibration `calibrate` and the next check could not read; raise those of the change.

    They may be in order themselves: an attempt that the change renames or deletes leaves its labels behind.
    """
    try:
        load_labels(root, loaded.cases, author=loaded.config.author)
    except InvalidFiles as error:
        ours = [problem for problem in error.problems if problem.path in touched]
        if ours:
            raise
        yield from (f"{problem.path}: {problem.message}; {problem.hint}" for problem in error.problems[:_MOST_SHOWN])
    try:
        read_calibration(root)
    except StoreError as error:
        yield f"{error.message}; once this is in the base, checks stop until `evalharness calibrate` makes it again"


def _base(
    git: Git, tree: dict[str, Blob], config: Config, touched: frozenset[str]
) -> tuple[Loaded | None, tuple[str, ...]]:
    """Return the touched questions and all rubrics as they were; None, with a notice, where they can't be read."""
    names = {path: named(path) for path, blob in tree.items() if blob.mode not in LINKS}
    questions = _questions(touched, {name for name in names.values() if under(name, {plain(config.cases)})})
    folders = {CONFIG_FILE, plain(config.rubrics), *(name.removesuffix(f"/{QUESTION_FILE}") for name in questions)}
    with files_of(git, tree, (path for path, name in names.items() if under(name, folders))) as root:
        (root / CONFIG_FILE).touch()
        (root / config.cases).mkdir(parents=True, exist_ok=True)
        try:
            return load_project([], cwd=root), ()
        except InvalidFiles as error:
            first = error.problems[0]
    return None, (f"the base can't be read ({first.place}: {first.message}), so nothing is compared with it",)


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

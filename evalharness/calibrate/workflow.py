"""`label` and `calibrate`: people's own levels on disk, and stored grades held against them.  Nothing is sent."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from evalharness._version import __version__
from evalharness.calibrate.agreement import Ratings, calibrate, halo
from evalharness.calibrate.correcting import corrections
from evalharness.calibrate.verdict import sentences
from evalharness.console.paths import followed
from evalharness.criteria.labels import FOLDER, Label, Said, basis, labelled, place
from evalharness.errors import InputError, StoreError
from evalharness.gate.rulings import gate_for
from evalharness.load import Loaded
from evalharness.load.calibration import FILE, read_calibration
from evalharness.load.corrections import FILE as CORRECTIONS
from evalharness.load.drift import known_breaks
from evalharness.load.labels import LabelFile, load_labels, read_file
from evalharness.load.questions import ID, id_hint
from evalharness.load.workflow import load
from evalharness.model.config import Requires
from evalharness.model.correction import Correction, Corrections, NotCorrected
from evalharness.model.nouns import HEURISTIC, By, Case, Criterion, Graded, GraderId
from evalharness.plan.identity import digest
from evalharness.plan.plan import make_plan
from evalharness.plugins import looking
from evalharness.results.calibration import Calibrated, Halo, Stored, Subject
from evalharness.store.files import write_whole
from evalharness.store.runs import Store, store_now
from evalharness.world import World

_PARTS = ("effort", "mode", "host", "prompt", "version")


class Found(NamedTuple):
    """What the labels say: the agreement and, where it was asked for, how levels are corrected from now on."""

    agreement: Stored
    corrections: Corrections | None = None
    verdict: tuple[str, ...] = ()


def calibrate_project(
    folder: str = FOLDER,
    *,
    settings: Mapping[str, Any] | None = None,
    world: World,
    keep: bool = True,
    apply: bool = False,
) -> Found:
    """Return the calibration of every stored grader against the labels, and keep it beside the labels.

    Only grades of what stands in the files today count, and only labels whose text has not changed since.  With
    `apply` levels are corrected where enough labels show that it helps; how is kept beside the labels too.
    """
    loaded = load([], settings or {}, world)
    inside = folder if folder == FOLDER else _inside(world.cwd / folder, loaded.root)
    files = load_labels(loaded.root, loaded.cases, author=loaded.config.author, folder=inside)
    labels = [label for file in files for label in file.labels()]
    fresh = [label for label in labels if not label.stale]
    if not fresh:
        raise InputError(
            "there is no label to compare with", hint="evalharness label --rater NAME makes some", slug="nothing-yet"
        )
    found = ratings(loaded, fresh)
    stored = Stored(
        made=world.now(),
        version=__version__,
        criteria=tuple(calibrate(each) for each in found),
        halos=dict(_halos(found)),
        stale=len(labels) - len(fresh),
    )
    applied = _corrections(found, world.now()) if apply else None
    if keep:
        _keep(loaded.root / FOLDER / FILE, stored)
        if applied:
            _keep(loaded.root / FOLDER / CORRECTIONS, applied)
    return Found(stored, applied, _verdict(loaded, stored, labels, world))


def _verdict(loaded: Loaded, stored: Stored, labels: Sequence[Label], world: World) -> tuple[str, ...]:
    """Return whether to trust the grader that the settings name, by what the gate requires of it."""
    gate = loaded.config.gate
    requires = {case.rubric.id: gate_for(gate, case).requires or Requires() for case in loaded.cases}
    ((rater, _),) = Counter(label.rater for label in labels).most_common(1)
    return sentences(stored, looking(loaded, world).id, requires, f"evalharness label --rater {rater}")


def _corrections(found: Sequence[Ratings], now: str) -> Corrections:
    each = list(corrections(found))
    return Corrections(
        made=now,
        version=__version__,
        corrected=tuple(one for one in each if isinstance(one, Correction)),
        left=tuple(one for one in each if isinstance(one, NotCorrected)),
    )


def _keep(path: Path, found: Stored | Corrections) -> None:
    write_whole(path, msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")


def ratings(loaded: Loaded, labels: Sequence[Label]) -> list[Ratings]:
    """Return people's and graders' levels of every labelled criterion, in the rubrics' order."""
    people: dict[tuple[str, str], dict[str, dict[str, float]]] = defaultdict(lambda: defaultdict(dict))
    for label in labels:
        people[label.rubric, label.criterion][label.rater][label.case] = label.level
    keys = {label.case for label in labels}
    cases = [case for case in loaded.cases if case.key in keys]
    graded = list(_graded(loaded, cases))
    found = []
    for rubric in {case.rubric.id: case.rubric for case in cases}.values():
        for criterion in rubric.criteria:
            name = (rubric.id, criterion.id)
            if name in people:
                graders = [(subject, levels) for at, subject, levels in graded if at == name]
                found.append(
                    Ratings(
                        rubric=rubric.id,
                        criterion=criterion.id,
                        title=criterion.title,
                        people={rater: dict(said) for rater, said in people[name].items()},
                        graders=tuple(graders),
                    )
                )
    return found


def _graded(loaded: Loaded, cases: Sequence[Case]) -> Iterator[tuple[tuple[str, str], Subject, dict[str, float]]]:
    """Yield criterion, grader and mean levels for each grader with grades of today's texts in the store.

    Of a grader that drifted only what it has graded since: what was before is no grader that anybody can ask now.
    """
    folder = loaded.root / loaded.config.reports
    store = Store(folder)
    metas = [store.read_meta(run) for run in store.runs()]
    graders: dict[str, GraderId] = {digest(meta.grader): meta.grader for meta in reversed(metas)}
    names = _names(list(graders.values()))
    for grader, name in zip(graders.values(), names, strict=True):
        redactions = () if grader.name == HEURISTIC else loaded.config.redact
        samples = max([loaded.config.max_samples, *(meta.samples for meta in metas if meta.grader == grader)])
        plan = make_plan(cases, grader, lambda _: True, samples=samples, redactions=redactions)
        stored = store_now(folder, known_breaks(loaded.root, grader)).find(plan.keys)
        levels: dict[tuple[str, str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for slot in plan.slots:
            grade = stored.get(slot.key)
            # A level that the harness set by rule is no reading of this grader, and says nothing about it.
            if grade and isinstance(grade.outcome, Graded) and grade.outcome.by is By.GRADER:
                at = (slot.case.rubric.id, slot.criterion.id, slot.fingerprint)
                levels[at][slot.case.key].append(grade.outcome.level)
        for (rubric, criterion, print_), found in levels.items():
            subject = Subject(name=name, grader=grader, fingerprint=print_)
            yield (rubric, criterion), subject, {key: sum(each) / len(each) for key, each in found.items()}


def _names(graders: Sequence[GraderId]) -> list[str]:
    """Return what to call each grader: name and model, and what else tells it from the others."""
    bare = [" ".join(filter(None, (g.name, g.model))) for g in graders]
    differs = [part for part in _PARTS if len({getattr(g, part) for g in graders if g.name != HEURISTIC}) > 1]
    return [
        f"{name} ({', '.join(filter(None, (getattr(g, part) for part in differs)))})"
        if differs and g.name != HEURISTIC
        else name
        for g, name in zip(graders, bare, strict=True)
    ]


def _halos(found: Sequence[Ratings]) -> Iterator[tuple[str, tuple[Halo, ...]]]:
    for rubric in dict.fromkeys(each.rubric for each in found):
        together = [each for each in found if each.rubric == rubric]
        if len(together) > 1:
            yield rubric, halo(together)


def _inside(folder: Path, root: Path) -> str:
    if not followed(folder).is_relative_to(followed(root)):
        raise InputError(f"{folder} is outside the project {root}", hint="labels are in the project's folder")
    return followed(folder).relative_to(followed(root)).as_posix()


__all__ = ["Calibrated", "calibrate_project", "ratings", "read_calibration"]


class Task(NamedTuple):
    """One attempt and the criteria that this person has not labelled yet, or whose text has changed since."""

    case: Case
    criteria: tuple[Criterion, ...]


class Desk(NamedTuple):
    """Everything one person needs to label: what is open, what was given before, what is graded, what is one's own."""

    loaded: Loaded
    rater: str
    tasks: tuple[Task, ...]
    given: int
    graded: frozenset[str] = frozenset()
    own: int = 0


def open_desk(paths: Sequence[Path], rater: str, world: World, *, other: str = "") -> Desk:
    """Return what `rater` has still to label among the attempts under `paths`.

    Attempts come in an order that depends on the rater alone: neither date nor folder tells which one was
    meant to be better, and raters who stop half-way have not all labelled the same half.  Those that the grader of the
    settings has graded come first, since only they can be compared, and one's own never.  With `other` only what that
    person labelled is asked.
    """
    if not ID.fullmatch(rater) or "." in rater:
        raise InputError(f"'{rater}' cannot be a rater's name", hint=id_hint(rater.replace(".", "-"), "rater"))
    loaded = load(paths, {}, world)
    everything = load([], {}, world).cases if paths else loaded.cases
    files = load_labels(loaded.root, everything, author=loaded.config.author)
    mine, theirs = ({file.case.key: file for file in files if file.rater == who} for who in (rater, other))
    if other and (other == rater or not theirs):
        known = sorted({file.rater for file in files} - {rater})
        hint = (
            f"there are labels of {', '.join(known)}"
            if known
            else "labels are files of the form labels/.../*.NAME.yaml"
        )
        raise InputError(f"--with names somebody else who labelled; '{other}' is not", hint=hint)
    cases = [case for case in loaded.cases if case.attempt.author != rater and (not other or case.key in theirs)]
    tasks = [Task(case, _open(case, mine.get(case.key), theirs.get(case.key))) for case in cases]
    graded = _graded_by_settings(loaded, cases, world)
    ordered = sorted(tasks, key=lambda task: (task.case.key not in graded, digest((rater, task.case.key))))
    given = sum(len(_open(case, None, theirs.get(case.key))) for case in cases) - sum(len(t.criteria) for t in tasks)
    left_out = sum(case.attempt.author == rater for case in loaded.cases)
    return Desk(loaded, rater, tuple(task for task in ordered if task.criteria), given, graded, left_out)


def _graded_by_settings(loaded: Loaded, cases: Sequence[Case], world: World) -> frozenset[str]:
    """Return the attempts of which the grader of the settings has read anything."""
    grader = looking(loaded, world)
    redactions = () if grader.id.name == HEURISTIC else loaded.config.redact
    plan = make_plan(cases, grader.id, grader.reads, samples=1, redactions=redactions)
    stored = store_now(loaded.root / loaded.config.reports, known_breaks(loaded.root, grader.id)).find(plan.keys)
    read = {key for key, grade in stored.items() if isinstance(grade.outcome, Graded) and grade.outcome.by is By.GRADER}
    return frozenset(slot.case.key for slot in plan.slots if slot.key in read)


def keep(desk: Desk, case: Case, criterion: Criterion, said: Said) -> Path:
    """Add one label to its file, replaced as a whole, and return the path.  What else stands there stays."""
    name = place(case, desk.rater, author=desk.loaded.config.author)
    path = desk.loaded.root / name
    before = read_file(path, name, case, desk.rater)[0] if path.exists() else None
    levels = {**(before.said if before else {}), criterion.id: said}
    read = {**(before.basis if before else {}), criterion.id: basis(case, criterion)}
    data = {"levels": {k: _plain(v) for k, v in levels.items()}, "basis": read}
    if before and before.notes:
        data["notes"] = before.notes
    _write(path, yaml.safe_dump(data, sort_keys=False, allow_unicode=True))
    return path


def _open(case: Case, mine: LabelFile | None, theirs: LabelFile | None = None) -> tuple[Criterion, ...]:
    """Return what is not labelled yet; of what somebody else labelled, where that is given."""
    given = _fresh(mine)
    asked = _fresh(theirs) if theirs else {criterion.id for criterion in labelled(case)}
    return tuple(criterion for criterion in labelled(case) if criterion.id in asked - given)


def _fresh(file: LabelFile | None) -> set[str]:
    return {label.criterion for label in file.labels() if not label.stale} if file else set()


def _plain(said: Said) -> object:
    if isinstance(said, int):
        return said
    return dict(said) if isinstance(said, Mapping) else list(said)


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error

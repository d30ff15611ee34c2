"""labels/**/*.yaml -> `Label`, or every problem of every file at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from evalharness.criteria.labels import FOLDER, Label, Said, basis, level_of, place, wrong
from evalharness.errors import InvalidFiles, Problem, nearest
from evalharness.load.document import Document
from evalharness.load.questions import ID, tag_ids
from evalharness.load.text_source import leaves, read_text
from evalharness.load.validate import validate
from evalharness.load.words import listed, shown
from evalharness.load.yaml_source import YAML_LIMIT, parse
from evalharness.model.nouns import Case, Tags


class LabelFile(NamedTuple):
    """One file of labels: whose, of which attempt, what was said by criterion, and on what it was based."""

    name: str
    case: Case
    rater: str
    said: dict[str, Said]
    basis: dict[str, str]
    notes: str = ""

    def labels(self) -> Iterator[Label]:
        """Yield the labels; one whose text was rewritten since is marked stale."""
        for name, said in self.said.items():
            criterion = self.case.rubric.criterion(name)
            if criterion is not None:
                written = self.basis.get(name)
                yield Label(
                    case=self.case.key,
                    rubric=self.case.rubric.id,
                    criterion=name,
                    rater=self.rater,
                    level=level_of(self.case, said),
                    stale=written is not None and written != basis(self.case, criterion),
                )


def load_labels(root: Path, cases: Sequence[Case], *, author: str, folder: str = FOLDER) -> tuple[LabelFile, ...]:
    """Return all label files under `folder` of the project; raise `InvalidFiles` with every problem of all."""
    top = root / folder
    if not top.is_dir():
        return ()
    by_place = {place(case, "*", author=author).rpartition(".*")[0]: case for case in cases}
    found: list[LabelFile] = []
    problems: list[Problem] = []
    for file in sorted(top.rglob("*.yaml")):
        name = file.relative_to(root).as_posix()
        if file.name[0] in "._" or leaves(str(file), str(root)):
            continue
        stem, _, rater = name.removesuffix(".yaml").rpartition(".")
        owner = _owner(name, stem.removeprefix(f"{folder}/"), rater, by_place)
        if isinstance(owner, Problem):
            problems.append(owner)
            continue
        read, wrongs = read_file(file, name, owner, rater)
        problems += wrongs
        found += [read] if read else []
    if problems:
        raise InvalidFiles(problems)
    return tuple(found)


def read_file(file: Path, name: str, case: Case, rater: str) -> tuple[LabelFile | None, tuple[Problem, ...]]:
    """Return one file of labels, or its problems."""
    text, problems = read_text(str(file), name, limit=YAML_LIMIT)
    if problems:
        return None, problems
    document = parse(text, name)
    problems = validate(document, "labels")
    if problems:
        return None, problems
    data: dict[str, Any] = document.mapping
    said = {key: _plain(case, key, value) for key, value in data["levels"].items()}
    problems = tuple(_semantic(document, case, said))
    if problems:
        return None, problems
    return LabelFile(name, case, rater, said, dict(data.get("basis", {})), data.get("notes") or ""), ()


def _owner(name: str, short: str, rater: str, by_place: Mapping[str, Case]) -> Case | Problem:
    if not ID.fullmatch(rater) or not short.rpartition("/")[2]:
        hint = "labels/<question>/<attempt>.<rater>.yaml; another author's folder is in between"
        return Problem(path=name, message="this name does not say which attempt and who", hint=hint, slug="layout")
    case = by_place.get(f"{FOLDER}/{short}")
    if case is None:
        guess = nearest(short, _alike(short, by_place))
        gone = "the attempt was renamed or deleted: do the same with this file"
        hint = f"did you mean '{guess}'?" if guess else gone
        return Problem(path=name, message=f"there is no attempt {shown(short)}", hint=hint, slug="unknown-name")
    return case


def _alike(short: str, by_place: Mapping[str, Case]) -> list[str]:
    """Return the attempts in the same folder, and those of the same name in another one."""
    folder, _, name = short.rpartition("/")
    names = (known.partition("/")[2].rpartition("/") for known in by_place)
    return [f"{where}/{last}" for where, _, last in names if where == folder or last == name]


def _plain(case: Case, name: str, value: Any) -> Said:
    criterion = case.rubric.criterion(name)
    if isinstance(value, list) and criterion and isinstance(criterion.kind, Tags):
        return tag_ids(value)
    said: Said = value
    return said


def _semantic(document: Document, case: Case, said: Mapping[str, Said]) -> Iterator[Problem]:
    known = [criterion.id for criterion in case.rubric.criteria]
    for name, value in said.items():
        criterion = case.rubric.criterion(name)
        if criterion is None:
            guess = nearest(name, known)
            hint = f"did you mean '{guess}'?" if guess else f"known: {listed(known)}"
            message = f"the rubric '{case.rubric.id}' has no criterion {shown(name)}"
            yield document.problem(["levels", name], message, hint=hint, slug="unknown-name", of_key=True)
        elif problem := wrong(case, criterion, value):
            yield document.problem(["levels", name], f"{shown(name)} {problem}", slug="bad-value")

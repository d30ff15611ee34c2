"""the rubrics of a project, read when asked for; shipped ones where the project has none of that name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from evalharness.errors import Problem
from evalharness.load.rubrics import ReadRubric, read_rubric
from evalharness.load.starter import starter_rubrics
from evalharness.load.text_source import leaves, read_text
from evalharness.load.yaml_source import YAML_LIMIT
from evalharness.model.nouns import Rubric, Tags

SHIPPED = "evalharness/starter/rubrics"


class Shelf:
    """Rubrics by id.  `folder` is relative to `root`, which names its files in messages."""

    def __init__(self, root: Path, folder: str) -> None:
        self._root = root
        self._folder = folder.strip("/")
        files = sorted((root / folder).glob("*.yaml")) if (root / folder).is_dir() else []
        self._own = {file.stem: file for file in files if file.name[0] not in "._" and file.is_file()}
        self._shipped = starter_rubrics()
        self._read: dict[str, ReadRubric] = {}

    def own_names(self) -> tuple[str, ...]:
        """Return the ids of the project's own rubrics."""
        return tuple(self._own)

    def names(self) -> tuple[str, ...]:
        """Return the ids of all rubrics that can be asked for."""
        return tuple(sorted({*self._own, *self._shipped}))

    def get(self, name: str) -> Rubric | None:
        """Return the rubric called `name`; None where there is none or its file has problems."""
        if name not in self._read and name in self.names():
            self._read[name] = self._from_file(name)
        return self._read[name].rubric if name in self._read else None

    def rubrics(self) -> dict[str, Rubric]:
        """Return all rubrics asked for so far, by id."""
        return {name: read.rubric for name, read in sorted(self._read.items()) if read.rubric}

    def problems(self, names: Collection[str] | None = None) -> list[Problem]:
        """Return the problems of all rubrics asked for so far, or of those called `names`."""
        chosen = [read for name, read in self._read.items() if names is None or name in names]
        return [problem for read in chosen for problem in read.problems]

    def may_have_tags(self, name: str) -> bool:
        """Return whether the rubric called `name` has a criterion of kind `tags`.

        One with problems may where it says that word, and one that is not there may.
        """
        rubric = self.get(name)
        if rubric is not None:
            return any(isinstance(criterion.kind, Tags) for criterion in rubric.criteria)
        if name not in self._own:
            return True
        text, problems = read_text(str(self._own[name]), name, limit=YAML_LIMIT)
        return bool(problems) or "tags" in text

    def _from_file(self, name: str) -> ReadRubric:
        own = self._own.get(name)
        file = own or self._shipped[name]
        path = f"{self._folder}/{file.name}" if own else f"{SHIPPED}/{file.name}"
        if own and leaves(str(own), str(self._root)):
            message, hint = "the symbolic link leaves the project", "copy what it points to"
            return ReadRubric(None, (Problem(path=path, message=message, hint=hint, slug="unreadable"),))
        text, problems = read_text(str(file), path, limit=YAML_LIMIT)
        return ReadRubric(None, problems) if problems else read_rubric(text, path, stem=file.stem)

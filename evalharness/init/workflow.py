"""`init`: a new answer repository, empty or with examples."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from evalharness import schemas
from evalharness.errors import InputError, StoreError
from evalharness.init import texts
from evalharness.load import EXAMPLE, starter_folder

EXAMPLES = ("mission/correctness-over-speed", "culture/responsibility")
OF_EDITORS = ("config", "question", "cases", "rubric")
WORKFLOWS = Path(__file__).parent / "starter_files" / "workflows"


def init(folder: Path, *, ci: bool = False, examples: bool = False) -> tuple[Path, ...]:
    """Write a new answer repository into `folder` and return its files; raises `InputError` where one exists.

    Nothing is overwritten: all targets are looked at before the first is written.
    """
    files = dict(_files(ci=ci, examples=examples))
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise InputError(
            f"{folder / taken[0]} exists already; nothing was written", hint="name a new folder: evalharness init DIR"
        )
    try:
        for name, text in files.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        (folder / "cases").mkdir(exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error
    return tuple(folder / name for name in files)


def _files(*, ci: bool, examples: bool) -> Iterator[tuple[str, str]]:
    """Yield what is written: path inside the new repository, and text."""
    yield "evalharness.yaml", texts.with_schema(texts.CONFIG, "config", 0)
    yield "README.md", texts.README + (texts.EXAMPLES if examples else "")
    yield ".gitignore", texts.GITIGNORE
    for name in OF_EDITORS:
        yield f"{texts.SCHEMAS}/{name}.schema.json", json.dumps(schemas.read(name), ensure_ascii=False) + "\n"
    for file in sorted(_shipped("rubrics").glob("*.yaml")):
        yield f"rubrics/{file.name}", texts.with_schema(file.read_text(encoding="utf-8"), "rubric", 1)
    if examples:
        yield from _examples(_shipped("cases"))
    if ci:
        for file in sorted(WORKFLOWS.glob("*.yml")):
            yield f".github/workflows/{file.name}", file.read_text(encoding="utf-8")


def _examples(cases: Path) -> Iterator[tuple[str, str]]:
    for example in EXAMPLES:
        for file in sorted((cases / example).iterdir()):
            text = file.read_text(encoding="utf-8")
            is_question = file.name == "question.yaml"
            text = texts.with_schema(text, "question", 3) if is_question else texts.by_example(text, EXAMPLE)
            yield f"cases/examples/{file.parent.name}/{file.name}", text


def _shipped(name: str) -> Path:
    folder = starter_folder(name)
    if folder is None:
        raise StoreError("the shipped rubrics and cases are missing", hint="install evalharness again")
    return folder

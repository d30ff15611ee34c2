"""`init`: a new answer repository, empty or with examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from evalharness import schemas
from evalharness.console.paths import followed
from evalharness.errors import InputError, StoreError
from evalharness.init import texts
from evalharness.load import EXAMPLE, find_project, starter_folder
from evalharness.load.config import CONFIG_FILE
from evalharness.model.config import Config

EXAMPLES = ("mission/correctness-over-speed", "culture/responsibility")
OF_EDITORS = ("config", "question", "cases", "rubric")
WORKFLOWS = Path(__file__).parent / "starter_files" / "workflows"


def init(folder: Path, *, ci: bool = False, examples: bool = False) -> tuple[Path, ...]:
    """Write a new answer repository into `folder` and return its files; raises `InputError` where one exists.

    With `ci` a repository that is there already gets its workflows, with branch and folders as it has them.  Nothing is
    overwritten: all targets are looked at before the first is written.
    """
    reports = Config().reports
    files = dict(_files(examples=examples))
    if ci and (folder / CONFIG_FILE).is_file():  # a repository that has its answers already: only what it lacks
        files, reports = {}, find_project(cwd=followed(folder)).config.reports
    if ci:
        files |= _for_ci(*_place(followed(folder)), reports.strip("/"))
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise InputError(
            f"{folder / taken[0]} exists already; nothing was written",
            hint="name a new folder: evalharness init DIR",
            slug="exists",
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


def _files(*, examples: bool) -> Iterator[tuple[str, str]]:
    """Yield what is written: path inside the new repository, and text."""
    yield "evalharness.yaml", texts.with_schema(texts.CONFIG, "config", 0)
    yield "README.md", texts.README + (texts.EXAMPLES if examples else "")
    yield ".gitignore", texts.GITIGNORE
    yield ".gitattributes", texts.GITATTRIBUTES
    for name in OF_EDITORS:
        yield f"{texts.SCHEMAS}/{name}.schema.json", json.dumps(schemas.read(name), ensure_ascii=False) + "\n"
    for file in sorted(_shipped("rubrics").glob("*.yaml")):
        yield f"rubrics/{file.name}", texts.with_schema(file.read_text(encoding="utf-8"), "rubric", 1)
    if examples:
        yield from _examples(_shipped("cases"))


def _place(folder: Path) -> tuple[Path, str, str]:
    """Return the root of the repository that `folder` is or will be in, the way from there, and its main branch."""
    for root in (folder, *folder.parents):
        if (root / ".git").exists():
            head = root / ".git/HEAD"
            named = head.read_text(encoding="utf-8").strip() if head.is_file() else ""
            _, is_branch, branch = named.partition("ref: refs/heads/")
            return root, folder.relative_to(root).as_posix(), branch if is_branch else "main"
    return folder, ".", "main"


def _for_ci(root: Path, way: str, branch: str, reports: str) -> dict[str, str]:
    """Return the workflows with what they need to know filled in; those of a subfolder have names of their own."""
    slug = "" if way == "." else "-" + re.sub(r"[^A-Za-z0-9]+", "-", way).strip("-").lower()
    inside = "" if way == "." else f"{way}/"
    found: dict[str, str] = {}
    for file in sorted(WORKFLOWS.glob("*.yml")):
        text = file.read_text(encoding="utf-8")
        for old, new in (
            ("branches: [main]", f"branches: [{json.dumps(branch)}]"),
            ('PROJECT: "."', f"PROJECT: {json.dumps(way)}"),
            ('["reports/**"]', json.dumps([f"{inside}{reports}/**"])),
            ("REPORTS: reports\n", f"REPORTS: {json.dumps(reports)}\n"),
            *((f"answers-{each}", f"answers{slug}-{each}") for each in ("check", "grades")),
            # No slug has two dashes, so that the prefix of one project's caches is never that of another's.
            ("answers--", f"answers{slug}--"),
            *((f"group: {each}-", f"group: {each}{slug}-") for each in ("answers", "grades", "forks")),
            *((f"name: {each}\n", f"name: {each}{slug}\n") for each in ("answers", "grades", "forks")),
            ("answers.yml", f"answers{slug}.yml"),
        ):
            text = text.replace(old, new)
        found[str(root / f".github/workflows/{file.stem}{slug}.yml")] = text
    requirements = root / ".github/evalharness.txt"
    return found if requirements.exists() else {**found, str(requirements): texts.REQUIREMENTS}


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

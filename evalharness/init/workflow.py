"""`init`: a new answer repository that one can run at once."""

from __future__ import annotations

import shutil
from pathlib import Path

from evalharness.errors import InputError, StoreError
from evalharness.load import starter_folder

EXAMPLES = ("mission/correctness-over-speed", "culture/responsibility")

CONFIG = """\
# Settings of this answer repository. Every line is optional; flags override them.
# All keys: evalharness schema config
author: me
# interview: 2026-12-04   # your next one: what you practised on the same day then waits for the other questions
grader: auto              # anthropic where a key is found and no CI, else heuristic (offline)
# model: claude-sonnet-5-5
# mode: joint             # cheaper: one call for all criteria of an attempt
samples: 1
max_usd: 5
# gate:                   # what `run` and `check` ask for; exit 1 where it fails
#   min_score: 3.0        # of every latest attempt
#   floors: true          # of every criterion that states a floor
#   no_regression: true   # no attempt worse than the one before, beyond noise
#   too_close: warn       # pass, warn or fail
#   requires: {labels: 30, min_qwk: 0.6}   # advisory until people's labels say so: `label`, `calibrate`
# redact:                 # replaced before anything leaves this machine, put back in quotes
#   - {name: My Employer, as: COMPANY-1}
"""

README = """\
# My answers

    evalharness run cases/       grade every attempt; the report says what to rewrite first
    evalharness lint             check files and speaking time without grading

One folder a question under `cases/`, with `question.yaml` and one Markdown file an attempt, named by its date. A new
attempt is a new file; old ones stay, so that progress can be seen. The examples here may be deleted.
"""

WORKFLOWS = Path(__file__).parent / "starter_files" / "workflows"


def init(folder: Path, *, ci: bool = False) -> tuple[Path, ...]:
    """Write a new answer repository into `folder` and return its files; raises `InputError` where one exists.

    Nothing is overwritten: all targets are looked at before the first is written.
    """
    files = _files(ci=ci)
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        raise InputError(
            f"{folder / taken[0]} exists already; nothing was written", hint="name a new folder: evalharness init DIR"
        )
    try:
        for name, source in files.items():
            _write(folder / name, source)
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error
    return tuple(folder / name for name in files)


def _files(*, ci: bool) -> dict[str, str | Path]:
    """Return what is written, by path inside the new repository: a text, or a shipped file to copy."""
    found: dict[str, str | Path] = {"evalharness.yaml": CONFIG, "README.md": README}
    rubrics, cases = starter_folder("rubrics"), starter_folder("cases")
    if rubrics is None or cases is None:
        raise StoreError("the shipped rubrics and cases are missing", hint="install evalharness again")
    found |= {f"rubrics/{file.name}": file for file in sorted(rubrics.glob("*.yaml"))}
    for example in EXAMPLES:
        for file in sorted((cases / example).iterdir()):
            found[f"cases/{example}/{file.name}"] = file
    if ci:
        found |= {f".github/workflows/{file.name}": file for file in sorted(WORKFLOWS.glob("*.yml"))}
    return found


def _write(target: Path, source: str | Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, Path):
        shutil.copyfile(source, target)
    else:
        target.write_text(source, encoding="utf-8")

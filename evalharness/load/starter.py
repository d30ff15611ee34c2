"""what ships with the program: rubrics and cases, inside a wheel or beside the package in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def starter_folder(name: str) -> Path | None:
    """Return the folder of shipped content called `name` (`rubrics`, `cases`), or None where none ships."""
    places = (_PACKAGE / "starter" / name, _PACKAGE.parent / name)
    return next((place for place in places if place.is_dir()), None)


def starter_rubrics() -> dict[str, Path]:
    """Return the files of the shipped rubrics by rubric id."""
    folder = starter_folder("rubrics")
    return {file.stem: file for file in sorted(folder.glob("*.yaml"))} if folder else {}

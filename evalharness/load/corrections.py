"""labels/corrections.json -> `Corrections`: how levels are corrected by people's labels; None where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.criteria.labels import FOLDER
from evalharness.errors import StoreError
from evalharness.load.text_source import leaves
from evalharness.model import records
from evalharness.model.breaks import Break
from evalharness.model.correction import Correction, Corrections

FILE = "corrections.json"


def read_corrections(root: Path) -> Corrections | None:
    """Return the corrections of a project; None where there are none, or a link that leaves the project.

    Raises `StoreError` where the file is damaged: taken for none, levels would change without a word.
    """
    file = root / FOLDER / FILE
    try:
        return None if leaves(str(file), str(root)) else records.decode(read_bytes(file), Corrections)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, msgspec.MsgspecError) as error:
        hint = "`evalharness calibrate --apply` makes it again; without the file no level is corrected"
        raise StoreError(f"{FOLDER}/{FILE} is damaged: {error}", hint=hint) from error


def known_corrections(root: Path, fingerprints: dict[str, str], breaks: Sequence[Break]) -> tuple[Correction, ...]:
    """Return the corrections of a project that were made for these fingerprints and hold after these drifts."""
    found = read_corrections(root)
    return found.that_hold(fingerprints, breaks) if found else ()

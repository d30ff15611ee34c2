"""labels/calibration.json -> `Stored`: what gates look at where they require labels."""

from __future__ import annotations

from pathlib import Path

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.criteria.labels import FOLDER
from evalharness.errors import StoreError
from evalharness.load.text_source import leaves
from evalharness.model import records
from evalharness.results.calibration import Stored

FILE = "calibration.json"


def read_calibration(root: Path) -> Stored | None:
    """Return the stored calibration of a project; None where there is none, or a link that leaves the project.

    Raises `StoreError` where it is damaged.
    """
    file = root / FOLDER / FILE
    try:
        return None if leaves(str(file), str(root)) else parse_calibration(read_bytes(file), f"{FOLDER}/{FILE}")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _damaged(f"{FOLDER}/{FILE}", error.strerror or str(error)) from error


def parse_calibration(data: bytes, name: str) -> Stored:
    """Return the calibration in `data`, which messages call `name`.

    Raises `StoreError` where it can't be read: taken for none, it would make an advisory gate of one that blocks.
    """
    try:
        return records.decode(data, Stored)
    except msgspec.MsgspecError as error:
        raise _damaged(name, str(error)) from error


def _damaged(name: str, why: str) -> StoreError:
    hint = "`evalharness calibrate` makes it again; until then nobody knows which gates block"
    return StoreError(f"{name} is damaged: {why}", hint=hint)

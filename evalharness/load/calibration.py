"""labels/calibration.json -> `Stored`: what gates look at where they require labels."""

from __future__ import annotations

from pathlib import Path

import msgspec

from evalharness.core.labels import FOLDER
from evalharness.core.trust import Stored
from evalharness.load.text_source import leaves

FILE = "calibration.json"


def read_calibration(root: Path) -> Stored | None:
    """Return the stored calibration of a project; None where there is none, or where it can't be read."""
    file = root / FOLDER / FILE
    try:
        return None if leaves(str(file), str(root)) else parse_calibration(file.read_bytes())
    except OSError:
        return None


def parse_calibration(data: bytes) -> Stored | None:
    """Return the calibration in `data`; None where it can't be read, because nothing then carries a gate."""
    try:
        return msgspec.json.decode(data, type=Stored)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None

"""labels/anchors.json, labels/drift.jsonl -> what is known of a grader's drift."""

from __future__ import annotations

from pathlib import Path

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.criteria.labels import FOLDER
from evalharness.errors import InputError, StoreError
from evalharness.model import records
from evalharness.model.breaks import Break, Drift, is_moment
from evalharness.model.drift import Anchors, breaks_of
from evalharness.model.nouns import GraderId
from evalharness.model.run import Run
from evalharness.store.files import is_json

ANCHORS, CHECKS = "anchors.json", "drift.jsonl"


RECORD = "evalharness drift --record"


_MERGE_MARKS = (b"<<<<<<<", b"=======", b">>>>>>>")


_checks = records.Decoder(Drift)


def read_anchors(root: Path) -> Anchors:
    """Return the recorded anchors of a project."""
    path = root / FOLDER / ANCHORS
    try:
        return records.decode(read_bytes(path), Anchors)
    except FileNotFoundError:
        raise InputError(
            "no anchors are recorded yet", hint=f"{RECORD} (once; it grades up to eight answers)", slug="nothing-yet"
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"{path} is damaged: {error}", hint="record the anchors again") from error


def checks(root: Path) -> tuple[Drift, ...]:
    """Return all checks of a project, oldest first."""
    path = root / FOLDER / CHECKS
    try:
        data = read_bytes(path)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(f"{path} can't be read: {error.strerror}", hint="a found drift may be in it") from error
    return checks_in(data, f"{FOLDER}/{CHECKS}")


def is_cut_off(root: Path) -> bool:
    """Return whether the last line of the checks was torn, so that it counts for nothing: it may have held a drift."""
    try:
        last = read_bytes(root / FOLDER / CHECKS).rpartition(b"\n")[2]
    except OSError:
        return False
    return bool(last.strip()) and not is_json(last)


def checks_in(data: bytes, name: str) -> tuple[Drift, ...]:
    """Return the checks that stand in a `drift.jsonl`, which messages call `name`, oldest first.

    Merge marks don't count, and neither does a last line that a crash tore.  Raises `StoreError` for any other line
    that is no check: passed over, a found drift would be forgotten.
    """
    *whole, last = data.split(b"\n")
    found = [_check(line, f"{name}:{n}") for n, line in enumerate(whole, start=1) if not line.startswith(_MERGE_MARKS)]
    if is_json(last):  # only its newline is missing, as some editors leave it
        found.append(_check(last, f"{name}:{len(whole) + 1}"))
    return tuple(sorted(found, key=lambda check: check.at))


def _check(line: bytes, place: str) -> Drift:
    try:
        check = _checks.decode(line)
        for name, moment in (("at", check.at), ("since", check.since)):
            if not is_moment(moment):
                raise msgspec.ValidationError(f"`{name}` is not a time: {moment!r}")
    except msgspec.MsgspecError as error:
        raise StoreError(
            f"{place} is not a check of the anchors ({error}); a found drift may be in it, so nothing is compared",
            hint="take the line from Git again; delete it only if you know that it held no found drift",
        ) from error
    return check


def known_breaks(root: Path, grader: GraderId) -> tuple[Break, ...]:
    """Return the found drifts of a grader in a project."""
    return breaks_of(checks(root), grader)


def as_known_now(run: Run, root: Path) -> Run:
    """Return a stored run with every drift of its grader that was found since: its report must not hide it."""
    breaks = known_breaks(root, run.meta.grader)
    both = dict.fromkeys(sorted((*run.meta.breaks, *breaks), key=lambda one: one.found))
    return msgspec.structs.replace(run, meta=msgspec.structs.replace(run.meta, breaks=tuple(both)))

"""Which attempts take part in a run, and how it is stored."""

from __future__ import annotations

from evalharness.model.noun import Noun


class Choice(Noun):
    """Which attempts of a project take part, and how a run is stored.

    `select` holds patterns of attempt keys; `latest` keeps to the newest attempt of each series, `every` asks for
    all; `paths` are those that were asked for, `of` how many attempts the project holds; `formats` are written
    beside `report.md`; `is_sample` marks a run for show, which reuses nothing.  `anchors` says whether the recorded
    anchors are graded again first; None: as the configuration has it.  `among` is how many of the newest runs are
    looked at for one that this would only repeat: each grader of a jury has one of them.  `shard` is (which part, of
    how many) where several machines share the work.  `reuse` is another folder with grades, as `check --out` leaves.
    `more`: extra samples were asked for by name, so that they are made though nothing else has changed.  `alone` says
    that nobody asks what else the project holds: no page of progress is written, and `of` stays unknown.
    """

    select: tuple[str, ...] = ()
    latest: bool = False
    every: bool = False
    paths: tuple[str, ...] = ()
    of: int = 0
    formats: tuple[str, ...] = ()
    is_sample: bool = False
    run_id: str = ""
    anchors: bool | None = None
    among: int = 1
    shard: tuple[int, int] = (1, 1)
    reuse: str = ""
    more: bool = False
    alone: bool = False

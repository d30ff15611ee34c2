"""runs of several machines -> what they were asked together: one grader, one selection, every part there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evalharness.errors import InputError
from evalharness.model.noun import Noun
from evalharness.model.nouns import GraderId
from evalharness.model.run import RunMeta, RunState

_PART: Final = re.compile(r"--shard (\d+)/(\d+)")


class Together(Noun):
    """Runs that are parts of one: their names in the store, in order, with the `run.json` of each.

    `asked` is what was chosen, without the part; empty where it was everything.  `of` is how many parts there are,
    0 where the runs are whole ones.
    """

    runs: Mapping[str, RunMeta]
    asked: tuple[str, ...] = ()
    of: int = 0

    @property
    def grader(self) -> GraderId:
        """Return who graded all of them."""
        return next(iter(self.runs.values())).grader

    @property
    def samples(self) -> int:
        """Return how many samples each grade was asked for."""
        return next(iter(self.runs.values())).samples

    def early(self) -> Iterator[str]:
        """Yield the runs that ended before everything was graded, each with how."""
        for name, meta in self.runs.items():
            if meta.state is not RunState.FINISHED:
                what = f"shard {_shown(meta)}" if self.of else name
                yield f"{what} is {meta.state.value}"


def together(found: Mapping[str, RunMeta]) -> Together | None:
    """Return the runs that belong together, or None where they are whole runs of more than one grader.

    `found` is keyed by the names of the runs, which sort by time: the newest part says what was asked, and of each
    part the newest run counts.  Raises `InputError` where a part is missing, or was made by another grader or of
    another choice.
    """
    metas = {name: found[name] for name in sorted(found) if not found[name].is_sample}
    parts = {name: meta for name, meta in metas.items() if _part(meta)}
    return _parts(parts) if parts else _whole(metas)


def _parts(found: Mapping[str, RunMeta]) -> Together:
    newest = found[max(found)]
    mine = {_part(meta)[0]: name for name, meta in found.items() if _same(meta, newest)}
    count = _part(newest)[1]
    missing = [part for part in range(1, count + 1) if part not in mine]
    others = [meta for meta in found.values() if _part(meta)[0] in missing and not _same(meta, newest)]
    if others:
        raise InputError(
            f"these shards are not parts of one run: {_difference(*sorted((newest, others[-1]), key=_part))}",
            hint="name only the folders that belong together, or grade the missing shard again",
        )
    asked = _asked(newest)
    if missing:
        left = ", ".join(f"{part}/{count}" for part in missing)
        head = f"shards {left} are" if len(missing) > 1 else f"shard {left} is"
        again = " ".join(("evalharness run", *asked, f"--shard {missing[0]}/{count}"))
        raise InputError(
            f"{head} missing",
            hint=f"add the folder of that machine, or grade it with {_by(newest.grader)}: {again}",
        )
    return Together(runs={mine[part]: found[mine[part]] for part in sorted(mine)}, asked=asked, of=count)


def _whole(found: Mapping[str, RunMeta]) -> Together | None:
    made = list(found.values())
    if not made or any(meta.grader != made[0].grader or meta.samples != made[0].samples for meta in made):
        return None
    everything = any(not meta.asked for meta in made)
    asked = () if everything else tuple(dict.fromkeys(each for meta in made for each in meta.asked))
    return Together(runs=found, asked=asked)


def _part(meta: RunMeta) -> tuple[int, ...]:
    """Return (which part, of how many), or nothing where the run is a whole one."""
    found = next(filter(None, map(_PART.fullmatch, meta.asked)), None)
    return (int(found[1]), int(found[2])) if found else ()


def _asked(meta: RunMeta) -> tuple[str, ...]:
    return tuple(each for each in meta.asked if not _PART.fullmatch(each))


def _same(one: RunMeta, other: RunMeta) -> bool:
    return _identity(one) == _identity(other)


def _identity(meta: RunMeta) -> tuple[object, ...]:
    return meta.grader, meta.samples, _asked(meta), _part(meta)[1:]


def _difference(one: RunMeta, other: RunMeta) -> str:
    """Return in which respect two parts differ, with both names."""
    if one.grader != other.grader:
        fields = [name for name in GraderId.__struct_fields__ if _differ(one.grader, other.grader, name)]
        first, second = (_by(meta.grader, fields) for meta in (one, other))
        return f"{_shown(one)} is graded by {first}, {_shown(other)} by {second}"
    if one.samples != other.samples:
        return f"{_shown(one)} has {_samples(one)}, {_shown(other)} has {_samples(other)}"
    first, second = (" ".join(_asked(meta)) or "all answers" for meta in (one, other))
    return f"{_shown(one)} was asked for {first}, {_shown(other)} for {second}"


def _differ(one: GraderId, other: GraderId, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _by(grader: GraderId, fields: Sequence[str] = ()) -> str:
    more = [f"{name} {getattr(grader, name)}" for name in fields if name not in ("name", "model", "deterministic")]
    told = " ".join(filter(None, (grader.name, grader.model)))
    return told if not more or "name" in fields else f"{told} ({', '.join(more)})"


def _samples(meta: RunMeta) -> str:
    return f"{meta.samples} sample{'s' * (meta.samples > 1)}"


def _shown(meta: RunMeta) -> str:
    return "{}/{}".format(*_part(meta))

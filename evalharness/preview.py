"""What a run would send and cost, before anything is sent."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.core.config import Config
from evalharness.core.model import Case, Noun
from evalharness.core.plan import Call, make_calls, needs_call
from evalharness.errors import InputError, UnknownName
from evalharness.graders.anthropic import without_sending
from evalharness.graders.anthropic.estimate import Estimate
from evalharness.grading import open_calls
from evalharness.load import Loaded
from evalharness.pipeline import Choice, load, plan_for
from evalharness.runner import ordered
from evalharness.store import Store
from evalharness.world import World, real_world


class Planned(Noun):
    """What a run would take in one way of grading: mode, as a batch or not."""

    mode: str
    batch: bool
    attempts: int
    wanted: int
    reused: int
    by_rule: int
    estimate: Estimate


def plans(
    paths: Sequence[str | Path], settings: Mapping[str, Any], choice: Choice, world: World | None = None
) -> tuple[Config, tuple[Planned, ...]]:
    """Return what the run would take in both modes, now and as a batch; sends nothing, needs no key."""
    world = world or real_world()
    loaded = load(paths, settings, world)
    found = []
    for mode in ("per_criterion", "joint"):
        config = msgspec.structs.replace(loaded.config, mode=mode, grader="anthropic")
        found += _planned(dataclasses.replace(loaded, config=config), choice, world)
    return loaded.config, tuple(found)


def requests(
    name: str, criterion: str | None, settings: Mapping[str, Any], world: World | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the title and body of each request for one attempt; raises `UnknownName` where there is none."""
    world = world or real_world()
    path = Path(name)
    loaded = load([path] if path.suffix and (world.cwd / path).exists() else (), settings, world)
    case = _one(loaded.cases, path.stem if path.suffix else name)
    config = msgspec.structs.replace(loaded.config, grader="anthropic")
    grader = without_sending(config, world)
    plan = plan_for(
        dataclasses.replace(loaded, cases=(case,), config=config), grader, Choice(every=True), Store(world.cwd)
    )
    calls = make_calls((s for s in plan.slots if needs_call(s) and s.sample == 1), config.mode)
    grader.share(calls)
    chosen = [call for call in calls if criterion is None or criterion in {c.id for c in call.criteria}]
    if not chosen:
        if criterion is None:
            raise InputError(f"{case.key} is graded by rule; nothing would be sent")
        raise UnknownName("criterion", criterion, [c.id for call in calls for c in call.criteria])
    for call in chosen:
        yield _title(call), grader.request(call)


def texts(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each block of a request as (role, text); a cache mark is said in the role."""
    for block in request["system"]:
        yield f"system{_mark(block)}", block["text"]
    for message in request["messages"]:
        for block in message["content"]:
            yield f"{message['role']}{_mark(block)}", block["text"]


def _planned(loaded: Loaded, choice: Choice, world: World) -> list[Planned]:
    grader = without_sending(loaded.config, world)
    store = Store(loaded.root / loaded.config.reports)
    plan = plan_for(loaded, grader, choice, store)
    stored = store.find(slot.key for slot in plan.slots)
    calls = open_calls(plan.slots, grader, stored)
    by_rule = sum(not needs_call(slot) for slot in plan.open_slots(stored))
    return [
        Planned(
            mode=loaded.config.mode,
            batch=batch,
            attempts=len(plan.cases),
            wanted=len(plan.slots),
            reused=len(stored),
            by_rule=by_rule,
            estimate=grader.estimate(ordered(calls, grader.id.mode), batch=batch),
        )
        for batch in (False, True)
    ]


def _one(cases: Sequence[Case], name: str) -> Case:
    found = [case for case in cases if name in (case.key, case.attempt.id)]
    found = found or [case for case in cases if case.key.endswith(f"/{name}") or case.attempt.path == name]
    found = found or [case for case in cases if f"{case.attempt.question}/{case.attempt.id}" == name]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise InputError(f"'{name}' names {len(found)} attempts", hint=f"for example {found[0].key}")
    raise UnknownName("attempt", name, [case.key for case in cases])


def _title(call: Call) -> str:
    return f"{call.case.key}: {', '.join(criterion.id for criterion in call.criteria)}"


def _mark(block: Mapping[str, Any]) -> str:
    return " (cached up to here)" if "cache_control" in block else ""

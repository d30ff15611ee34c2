"""What a run would send and cost, before anything is sent."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.calls.rules import open_calls
from evalharness.calls.runner import ordered
from evalharness.criteria.labels import FOLDER as LABELS
from evalharness.drift.workflow import calls_of_check
from evalharness.errors import InputError, UnknownName
from evalharness.graders import Grader
from evalharness.graders.choice import automatic, has_key
from evalharness.graders.sending.estimate import Estimate, output_tokens, tokens_of
from evalharness.grading.adapt import SHARE_OF_BUDGET
from evalharness.grading.remarks import noted
from evalharness.grading.workflow import Choice, plan_for
from evalharness.load import Loaded, named
from evalharness.load.drift import ANCHORS, known_breaks
from evalharness.load.workflow import load
from evalharness.model.config import Config
from evalharness.model.noun import Noun
from evalharness.model.nouns import HEURISTIC, Case
from evalharness.plan.plan import Call, Plan, make_calls, needs_call
from evalharness.plugins import looking, maker_for_looking
from evalharness.results.settling import EXTRA_CALLS
from evalharness.store.runs import Store, store_now
from evalharness.world import World, real_world


class Planned(Noun):
    """What a run would take in one way of grading: mode, as a batch or not.

    `anchors` of its calls grade the recorded anchors again.  `extra` calls at most, for at most `extra_usd` (None: not
    known), may come on top where a change is not clear; they are not in the estimate.
    """

    mode: str
    batch: bool
    attempts: int
    wanted: int
    reused: int
    by_rule: int
    estimate: Estimate
    anchors: int = 0
    extra: int = 0
    extra_usd: float | None = None


def plans(
    paths: Sequence[str | Path], settings: Mapping[str, Any], choice: Choice, world: World | None = None
) -> tuple[Config, tuple[Planned, ...]]:
    """Return what the run would take in both modes, now and as a batch; sends nothing, needs no key."""
    world = world or real_world()
    loaded = load(paths, settings, world)
    for line in noted(loaded, loaded.cases):
        world.say(line)
    found, asked = list[Planned](), loaded.config
    loaded = dataclasses.replace(loaded, config=_of_a_model(loaded.config))
    for mode in ("per_criterion", "joint"):
        config = msgspec.structs.replace(loaded.config, mode=mode)
        found += _planned(dataclasses.replace(loaded, config=config), choice, world)
    identity = looking(loaded, world).id
    usual = {"model": identity.model, "effort": identity.effort, "mode": identity.mode}
    return msgspec.structs.replace(asked, **usual), tuple(found)


def _of_a_model(config: Config) -> Config:
    """Return `config` with the model that it would ask in place of the heuristic and of `auto`."""
    name = "anthropic" if config.grader in ("auto", HEURISTIC) else config.grader
    return msgspec.structs.replace(config, grader=name)


def without_a_model(config: Config, world: World | None = None) -> str:
    """Return why a run with these settings asks no model and costs nothing; nothing where it asks one."""
    environment = (world or real_world()).environment
    if config.grader == HEURISTIC:
        return f"The grader is {HEURISTIC}, so this run sends nothing and costs nothing."
    if config.grader == "auto" and automatic(environment) == HEURISTIC:
        why = "a CI was detected" if has_key(environment) else "no key was found"
        return f"The grader is {HEURISTIC} (auto: {why}), so this run sends nothing and costs nothing."
    return ""


def requests(
    name: str, criterion: str | None, settings: Mapping[str, Any], world: World | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the title and body of each request for one attempt; raises `UnknownName` where there is none.

    The name of a question or a series stands for its latest attempt; which one that is, is said.
    """
    world = world or real_world()
    path = Path(name)
    is_file = bool(path.suffix) and (world.cwd / path).exists()
    loaded = load([path] if is_file else (), settings, world, asked=None if is_file else named(name))
    case = _latest(loaded, name.strip("/"), world) or _one(loaded.cases, path.stem if path.suffix else name)
    for line in noted(loaded, (case,)):
        world.say(line)
    config = _of_a_model(loaded.config)
    grader = maker_for_looking(config.grader)(config, world)
    plan = plan_for(
        dataclasses.replace(loaded, cases=(case,), config=config), grader, Choice(every=True), Store(world.cwd)
    )
    calls = make_calls((s for s in plan.slots if needs_call(s) and s.sample == 1), grader.id.mode)
    if hasattr(grader, "share"):
        grader.share(calls)
    chosen = [call for call in calls if criterion is None or criterion in {c.id for c in call.criteria}]
    if not chosen:
        if criterion is None:
            raise InputError(f"{case.key} is graded by rule; nothing would be sent")
        raise UnknownName("criterion", criterion, [c.id for call in calls for c in call.criteria])
    request = getattr(grader, "request", None)
    if request is None:
        raise InputError(f"the grader '{grader.id.name}' does not tell what it would send")
    for call in chosen:
        yield _title(call), request(call)


def texts(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each block of a request as (role, text); a cache mark is said in the role."""
    for block in request.get("system", ()):
        yield f"system{_mark(block)}", block["text"]
    for message in request["messages"]:
        content = message["content"]
        for block in ({"text": content},) if isinstance(content, str) else content:
            yield f"{message['role']}{_mark(block)}", block["text"]


def _planned(loaded: Loaded, choice: Choice, world: World) -> list[Planned]:
    grader = looking(loaded, world)
    store = store_now(loaded.root / loaded.config.reports, known_breaks(loaded.root, grader.id))
    plan = plan_for(loaded, grader, choice, store)
    stored = store.find(plan.slots.each_key())
    anchors = _anchors(loaded, grader, choice, world)
    calls = ordered(open_calls(plan.slots, grader, stored), grader.id.mode)
    first = _estimate(grader, ordered(anchors, grader.id.mode))  # never as a batch: the run waits for them
    by_rule = sum(not needs_call(slot) for slot in plan.open_slots(stored))
    extra, extra_usd = _extra(loaded.config, plan, grader)
    return [
        Planned(
            mode=loaded.config.mode,
            batch=batch,
            attempts=len(plan.cases),
            wanted=len(plan.slots),
            reused=len(stored),
            by_rule=by_rule,
            anchors=len(anchors),
            extra=extra,
            extra_usd=extra_usd,
            estimate=first.plus(_estimate(grader, calls, batch=batch)),
        )
        for batch in ((False, True) if hasattr(grader, "batches") else (False,))
    ]


def _extra(config: Config, plan: Plan, grader: Grader) -> tuple[int, float | None]:
    """Return how many extra samples may be asked for, and what they may cost: each as much as the first ones do."""
    series = Counter(case.attempt.series for case in plan.cases)
    several = sum(count > 1 for count in series.values())
    if grader.id.deterministic or config.max_samples <= config.samples or not several:
        return 0, None
    calls = make_calls((slot for slot in plan.slots if slot.sample == 1 and needs_call(slot)), grader.id.mode)
    first = _estimate(grader, calls)
    if first.usd_high is None or not first.requests:
        return EXTRA_CALLS * several, None
    usd = EXTRA_CALLS * several * first.usd_high / first.requests
    return EXTRA_CALLS * several, min(usd, SHARE_OF_BUDGET * config.max_usd) if config.max_usd else usd


def _estimate(grader: Grader, calls: Sequence[Call], *, batch: bool = False) -> Estimate:
    """Return what the grader expects of `calls`; their number and size where it tells nothing."""
    if hasattr(grader, "estimate"):
        expected: Estimate = grader.estimate(calls, **({"batch": True} if batch else {}))
        return expected
    request = getattr(grader, "request", None)
    into = sum(tokens_of(text) for call in calls for _, text in texts(request(call))) if request else 0
    out = sum(output_tokens(call, grader.id.mode, grader.id.effort)[0] for call in calls)
    return Estimate.of_unknown_price(len(calls), input=into, output=out)


def _anchors(loaded: Loaded, grader: Grader, choice: Choice, world: World) -> tuple[Call, ...]:
    """Return the calls for the recorded anchors, where the run would grade them again and they are of this mode."""
    wanted = loaded.config.anchors.every_run if choice.anchors is None else choice.anchors
    if not wanted:
        return ()
    try:
        return calls_of_check(loaded.root, loaded.config, grader, world)
    except InputError:
        if choice.anchors and not (loaded.root / LABELS / ANCHORS).exists():
            raise
        return ()


def _latest(loaded: Loaded, name: str, world: World) -> Case | None:
    """Return the latest attempt of the question or series called `name`, the configured author's where he has one."""
    found = [c for c in loaded.cases if name in (c.question.id, c.attempt.series, c.question.path.rpartition("/")[0])]
    mine = [case for case in found if case.attempt.author == loaded.config.author] or found
    if not mine:
        return None
    latest = max(mine, key=lambda case: (case.attempt.date, case.attempt.id))
    world.say(f"latest attempt: {latest.key}")
    return latest


def _one(cases: Sequence[Case], name: str) -> Case:
    found = [case for case in cases if name in (case.key, case.attempt.id)]
    found = found or [case for case in cases if case.key.endswith(f"/{name}") or case.attempt.path == name]
    found = found or [case for case in cases if f"{case.attempt.question}/{case.attempt.id}" == name]
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise InputError(f"'{name}' names {len(found)} attempts", hint=f"for example {found[0].key}")
    questions = {case.question.id for case in cases}
    raise UnknownName("attempt or question", name, questions | {case.key for case in cases})


def _title(call: Call) -> str:
    return f"{call.case.key}: {', '.join(criterion.id for criterion in call.criteria)}"


def _mark(block: Mapping[str, Any]) -> str:
    return " (cached up to here)" if "cache_control" in block else ""

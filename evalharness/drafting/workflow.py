"""a prepared import -> better texts for its rubric draft, by a model; the import itself never hangs on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
import yaml

from evalharness.documents.nouns import FoundDocument
from evalharness.drafting.model_prompt import AskedCriterion, asked_criteria, request, told
from evalharness.drafting.model_reply import NEW, Drafted, Kept, Text, WrongShape, read_drafts
from evalharness.drafting.rubric_draft import Data, said, signals_of
from evalharness.drafting.slugs import identifier
from evalharness.errors import BudgetReached, EvalHarnessError, ExitCode, InputError
from evalharness.graders.anthropic import DEFAULTS, make, without_sending
from evalharness.graders.anthropic.client import CallError
from evalharness.graders.anthropic.credential import NO_KEY_HINT
from evalharness.graders.anthropic.grader import AnthropicGrader
from evalharness.graders.prompting.reply import Raw
from evalharness.graders.sending.estimate import Estimate, estimate_one
from evalharness.graders.sending.hosted import describe_estimate, hint_for
from evalharness.lint.rubric_lint import advise
from evalharness.load import find_project, lay_over
from evalharness.load.rubrics import read_rubric
from evalharness.model.config import Config
from evalharness.model.draft_mark import marked, read_mark
from evalharness.model.noun import Noun
from evalharness.model.nouns import Rubric
from evalharness.store.files import write_whole
from evalharness.text.words import fold_text
from evalharness.world import World

MOST_REQUESTS, MORE_ROOM = 3, 4
TOKENS_PER_TEXT = 45
OF_GRADING = "what was graded is kept"
KEY_HINT = "set ANTHROPIC_API_KEY, or name a local server that speaks the same protocol with --base-url"


T = TypeVar("T")


class Drafts(Protocol):
    """What an import has prepared, as far as drafting needs it: the document, the files, the rubrics among them."""

    @property
    def root(self) -> str:
        """Return the root of the project."""

    @property
    def document(self) -> FoundDocument:
        """Return what was found."""

    @property
    def files(self) -> dict[str, str]:
        """Return the files by their path."""

    @property
    def drafts(self) -> dict[str, Data]:
        """Return the rubrics among them, as data."""


class Asking(Noun):
    """What would be asked of whom: the request's parts, and what it is expected to take."""

    config: Config
    host: str
    document: str
    criteria: tuple[AskedCriterion, ...]
    estimate: Estimate

    @property
    def texts(self) -> int:
        """Return how many texts are asked for."""
        return sum(criterion.texts for criterion in self.criteria)


class Outcome(Noun):
    """What came of it: texts and those not used, or why there are none (`failed`, with a hint and an exit code)."""

    model: str = ""
    drafted: Drafted = Drafted()
    files: dict[str, str] = {}
    spent: float | None = 0.0
    failed: str = ""
    hint: str = ""
    exit_code: int = int(ExitCode.FINE)


def plan(prepared: Drafts, settings: Mapping[str, Any], world: World) -> Asking | None:
    """Return what would be asked, without asking and without a key; None where no rubric was drafted.

    Raises `InputError` for a host that must not be asked, and for a model without a price under a budget.
    """
    if not prepared.drafts:
        return None
    given = {name: value for name, value in settings.items() if value is not None}
    config = lay_over(find_project(cwd=world.cwd).config, {**given, "grader": "anthropic"}).filled(**DEFAULTS)
    grader = without_sending(config, world)
    criteria = asked_criteria(_fullest(prepared))
    document = told(prepared.document)
    asking = Asking(config=config, host=grader.id.host, document=document, criteria=criteria, estimate=_NOTHING)
    expected = estimate_one(
        _request(asking, grader),
        reply=TOKENS_PER_TEXT * asking.texts,
        effort=config.effort,
        model=config.model,
        prices=config.prices,
    )
    grader.check_price(expected)
    return msgspec.structs.replace(asking, estimate=expected)


def describe(asking: Asking) -> str:
    """Return what would be asked, and for how much, in one line."""
    criteria = len(asking.criteria)
    cap = f"; stops before ${asking.config.max_usd:g}" if asking.config.max_usd else ""
    return (
        f"{asking.config.model} at {asking.host} is asked to draft {asking.texts} texts of {criteria} criteria: "
        f"{describe_estimate(asking.estimate)}{cap}"
    )


def ask(prepared: Drafts, asking: Asking, world: World) -> Outcome:
    """Return the model's drafts and the rubric files with them; every expected failure is an outcome."""
    try:
        grader = make(asking.config, world)
        return asyncio.run(_asked(prepared, asking, grader))
    except EvalHarnessError as error:
        return _refused(error)


def _refused(error: EvalHarnessError) -> Outcome:
    code = error.exit_code if isinstance(error, (BudgetReached, InputError)) else ExitCode.INCOMPLETE
    return _failure(error.message, KEY_HINT if error.hint == NO_KEY_HINT else error.hint, code=code)


def estimated(bodies: Sequence[Mapping[str, Any]], replies: Sequence[int], config: Config, world: World) -> Estimate:
    """Return what sending these requests is expected to take; nothing is sent, and no key is needed."""
    grader = without_sending(config, world)
    found = [
        estimate_one(body, reply=reply, effort=config.effort, model=config.model, prices=config.prices)
        for body, reply in zip(bodies, replies, strict=True)
    ]
    total = found[0]
    for one in found[1:]:
        total = Estimate(
            **{name: _sum(getattr(total, name), getattr(one, name)) for name in Estimate.__struct_fields__}
        )
    grader.check_price(total)
    return total


def _sum(one: Any, other: Any) -> Any:
    return None if one is None or other is None else one + other


def converse(
    requests: Sequence[Callable[[AnthropicGrader, int], dict[str, Any]]],
    use: Callable[[str], T],
    config: Config,
    estimate: Estimate,
    world: World,
) -> tuple[list[T], Outcome]:
    """Send requests one after another and return what `use` makes of each reply, or what went wrong."""

    async def run(grader: AnthropicGrader) -> tuple[list[T], Outcome]:
        found: list[T] = []
        try:
            await grader.begin(estimate)
            for build in requests:
                value, why = await _until(grader, build, lambda raw: use(grader.redaction.show(raw.text)))
                if why or value is None:
                    return [], _failure(why, "")
                found.append(value)
        except CallError as error:
            return [], _failure(error.message, hint_for(error).removeprefix(OF_GRADING))
        except EvalHarnessError as error:
            return [], _failure(error.message, _hint(error), code=error.exit_code)
        finally:
            await grader.close()
        return found, Outcome(model=config.model, spent=grader.budget.spent if estimate.usd is not None else None)

    try:
        return asyncio.run(run(make(config, world)))
    except EvalHarnessError as error:
        return [], _refused(error)


async def _until(
    grader: AnthropicGrader, build: Callable[[AnthropicGrader, int], dict[str, Any]], use: Callable[[Raw], T]
) -> tuple[T | None, str]:
    """Ask until a reply can be used: afresh after one of the wrong shape, once with more room after a cut one."""
    more, detail = 1, ""
    for _ in range(MOST_REQUESTS):
        raw = await grader.message(build(grader, more))
        detail = _end(raw)
        if raw.stop_reason == "refusal":
            break
        if raw.stop_reason == "max_tokens":
            if more > 1:
                break
            more = MORE_ROOM
            continue
        if not detail:
            try:
                return use(raw), ""
            except WrongShape as error:
                detail = str(error)
    return None, detail


def put(prepared: Drafts, outcome: Outcome) -> tuple[Path, ...]:
    """Put the drafted texts into the rubric files that import wrote; one that somebody changed since is left alone."""
    root = Path(prepared.root)
    changed = [name for name in outcome.files if (root / name).read_text(encoding="utf-8") == prepared.files[name]]
    for name in changed:
        write_whole(root / name, outcome.files[name].encode())
    return tuple(root / name for name in changed)


# --- asking ------------------------------------------------------------------------------------------


async def _asked(prepared: Drafts, asking: Asking, grader: AnthropicGrader) -> Outcome:
    try:
        await grader.begin(asking.estimate)
        outcome = await _repeated(prepared, asking, grader)
    except CallError as error:
        hint = "run the same command again later" if error.transient else hint_for(error)
        outcome = _failure(error.message, hint.removeprefix(OF_GRADING))
    except EvalHarnessError as error:
        outcome = _failure(error.message, _hint(error), code=error.exit_code)
    finally:
        await grader.close()
    spent = grader.budget.spent if asking.estimate.usd is not None else None
    return msgspec.structs.replace(outcome, spent=spent)


async def _repeated(prepared: Drafts, asking: Asking, grader: AnthropicGrader) -> Outcome:
    outcome, why = await _until(
        grader,
        lambda grader, more: _request(asking, grader, more=more),
        lambda raw: _used(prepared, asking, raw, grader),
    )
    return outcome or _failure(why, "the rubric keeps the texts that import made of the document's structure")


def _end(raw: Raw) -> str:
    """Return why a reply is no reply; nothing for one that ended well."""
    match raw.stop_reason:
        case "end_turn" | "stop_sequence":
            return ""
        case "refusal":
            return "the model refused to draft from this document" + (f" ({raw.category})" if raw.category else "")
        case "max_tokens":
            return "the reply was cut at the token limit"
        case "model_context_window_exceeded":
            return "the document does not fit the model's context"
        case other:
            return f"the server ended with '{other[:40]}', which is no known end of a reply"


def _used(prepared: Drafts, asking: Asking, raw: Raw, grader: AnthropicGrader) -> Outcome:
    samples = [answer.text for question in prepared.document.questions for answer in question.answers]
    drafted = read_drafts(raw.text, asking.criteria, samples, grader.redaction)
    model = raw.model or asking.config.model
    drafted, rubrics = _linted(prepared, drafted, model)
    files = {name: _as_yaml(data) for name, data in rubrics.items()}
    if not drafted.texts:
        return Outcome(model=model, drafted=drafted, failed="none of the drafted texts can be used", exit_code=3)
    return Outcome(model=model, drafted=drafted, files=files)


def _as_yaml(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=100)


def _hint(error: EvalHarnessError) -> str:
    if isinstance(error, BudgetReached):
        return "the same command with a larger --budget asks again"
    return error.hint.removeprefix(OF_GRADING).lstrip("; ")


def _failure(message: str, hint: str, *, code: ExitCode = ExitCode.INCOMPLETE) -> Outcome:
    return Outcome(failed=message, hint=hint, exit_code=int(code))


def _request(asking: Asking, grader: AnthropicGrader, *, more: int = 1) -> dict[str, Any]:
    config = asking.config
    return request(
        asking.document,
        asking.criteria,
        model=config.model,
        effort=config.effort,
        redaction=grader.redaction,
        more=more,
    )


# --- texts -> rubrics --------------------------------------------------------------------------------


def _linted(prepared: Drafts, drafted: Drafted, model: str) -> tuple[Drafted, dict[str, Data]]:
    """Return the rubrics with the drafted texts, and without those of criteria that `lint` now finds fault with."""
    before = {name: _faults(name, data) for name, data in prepared.drafts.items()}
    while True:
        rubrics = {name: with_texts(data, drafted.texts, model) for name, data in prepared.drafts.items()}
        worse = {
            criterion: why
            for name, data in rubrics.items()
            for criterion, why in _faults(name, data).items()
            if criterion not in before[name] and any(text.criterion == criterion for text in drafted.texts)
        }
        if not worse:
            return drafted, rubrics
        kept = tuple(Kept(criterion=name, place="all texts", why=why) for name, why in sorted(worse.items()))
        texts = tuple(text for text in drafted.texts if text.criterion not in worse)
        drafted = Drafted(texts=texts, kept=(*drafted.kept, *kept))


def _faults(name: str, data: Data) -> dict[str, str]:
    """Return what `lint` says of each criterion, drafts aside."""
    rubric = _rubric(name, data)
    return {
        advice.criterion: advice.message for advice in advise(rubric) if advice.criterion and advice.slug != "draft"
    }


def _rubric(name: str, data: Data) -> Rubric:
    found = read_rubric(_as_yaml(data), name, stem=Path(name).stem)
    if found.rubric is None:
        problems = "; ".join(problem.message for problem in found.problems)
        raise WrongShape(f"the rubric would not load with these texts: {problems}")
    return found.rubric


def with_texts(data: Data, texts: tuple[Text, ...], model: str) -> Data:
    """Return a rubric with drafted texts in their places, each marked; ids, kinds, weights and all else stay."""
    by_place = {(text.criterion, text.place): text.text for text in texts}
    return {**data, "criteria": [_with_texts(criterion, by_place, model) for criterion in data["criteria"]]}


def _with_texts(criterion: Data, texts: Mapping[tuple[str, str], str], model: str) -> Data:
    own = {place: text for (name, place), text in texts.items() if name == criterion["id"]}
    if not own:
        return criterion
    if criterion["kind"] == "scale":
        levels = {int(place.removeprefix("level ")): text for place, text in own.items()}
        old = criterion["levels"]
        chosen = {level: _level(old, level, _chosen(old.get(level), text, model)) for level, text in levels.items()}
        return {**criterion, "levels": chosen}
    items = [_item(item, own.get(f"item {item['id']}"), model) for item in criterion["items"]]
    taken = {item["id"] for item in items}
    for place, text in own.items():
        if place.startswith(NEW):
            name = _free(identifier(text, "point"), taken)
            taken.add(name)
            items.append({"id": name, "text": marked(text, model), "next": said(text), **signals_of(text)})
    return {**criterion, "items": items}


def _item(item: Data, text: str | None, model: str) -> Data:
    if text is None or _same(item["text"], text):
        return item
    return {**signals_of(text), **item, "text": marked(text, model)}


def _level(old: Mapping[int, Data | str], level: int, text: str) -> Data | str:
    """Return a level with what to do to pass it: what the draft says of that level, or of the nearest one below."""
    below = (
        entry for number, entry in sorted(old.items(), reverse=True) if number <= level and isinstance(entry, dict)
    )
    then = next((entry.get("next", "") for entry in below), "")
    return {"text": text, "next": then} if then and level < max(old) else text


def _chosen(old: Data | str | None, text: str, model: str) -> str:
    before = str(old["text"]) if isinstance(old, dict) else old
    return before if before is not None and _same(before, text) else marked(text, model)


def _same(one: str, other: str) -> bool:
    return fold_text(read_mark(one).text).strip(" .") == fold_text(other).strip(" .")


def _free(name: str, taken: set[str]) -> str:
    return next(n for n in (name, *(f"{name}_{i}" for i in range(2, 1000))) if n not in taken)


def _fullest(prepared: Drafts) -> Data:
    """Return the draft with most criteria; where there are two, the other one only lacks the missions."""
    return max(prepared.drafts.values(), key=lambda data: len(data["criteria"]))


_NOTHING = Estimate(requests=0, input=0, cache_write=0, cache_read=0, output=0, usd=None, usd_low=None, usd_high=None)

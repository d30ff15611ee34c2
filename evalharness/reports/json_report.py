"""run -> report.json: every figure with what it rests on, in the shape of `schemas/report.schema.json`.

What has no level has no number: `outcome` says `graded`, `ungraded` or `not_read`, and only a graded entry
has a `level` or a `total`.  Texts are as they stand in the files; whoever shows them escapes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from evalharness.model.nouns import Checklist, Finding, Graded, Measure, Quote, Scale, Tags
from evalharness.model.run import Run, RunMeta
from evalharness.reports import words as wording
from evalharness.reports.escape import as_json
from evalharness.reports.overview import Overview, Places, Row
from evalharness.results.aggregate import CaseResult, CriterionScore, SeriesResult
from evalharness.results.health import Correlation, Health, Share, health
from evalharness.results.steps import NextStep, Step, steps
from evalharness.text import addressed

FORMAT = 2
_KINDS = {Scale: "scale", Checklist: "checklist", Tags: "tags", Measure: "measure"}


def render(run: Run) -> str:
    """Return the report as JSON, keys in the schema's order."""
    return as_json(_document(Overview(run)))


def _document(overview: Overview) -> dict[str, Any]:
    run, found = overview.run, overview.figures
    return {
        "format": FORMAT,
        "run": _run(run),
        "grader": _grader(run.meta),
        "counts": {
            "attempts": {"graded": found.graded, "of": found.attempts, "too_short": found.too_short},
            "latest": {"graded": len(found.latest_totals), "of": found.series - found.examples},
            "grades": {"planned": run.meta.planned, "reused": run.meta.reused},
        },
        **({"mean_of_latest": found.mean} if found.mean is not None else {}),
        "start_here": [_start(found) for found in overview.starts()],
        "series": [_series(row) for row in overview.rows],
        "ungraded": [_ungraded(result, score) for result, score in overview.ungraded()],
        "drafts": list(run.meta.drafts),
        "notices": list(run.meta.notices),
        **({"corrections": list(run.meta.corrections)} if run.meta.corrections else {}),
        "health": _health(health(run, overview.summary)) | _drift(run.meta),
        "cost": _cost(run.meta),
    }


def _start(found: NextStep) -> dict[str, Any]:
    step = found.step
    told = {"case": found.result.case.key, "criterion": step.criterion.id, "level": step.level, "gain": step.gain}
    more = {"also": step.also, "reason": step.reason}
    line = {} if step.line is None else {"line": _quote(step.line, Places(found.result))}
    return {**told, "asks": step.asks, **{name: text for name, text in more.items() if text}, **line}


def _run(run: Run) -> dict[str, Any]:
    meta = run.meta
    return {
        "id": meta.id,
        "started": meta.started,
        "finished": meta.finished,
        "state": meta.state.value,
        "why": meta.why,
        "evalharness": meta.version,
        "samples": meta.samples,
        "is_sample": meta.is_sample,
        "asked": list(meta.asked),
        "attempts": len(run.attempts),
        **({"of": meta.of} if meta.of else {}),
        "fingerprints": meta.fingerprints,
    }


def _grader(meta: RunMeta) -> dict[str, Any]:
    grader = meta.grader
    return {
        "name": grader.name,
        "version": grader.version,
        "model": grader.model,
        "host": grader.host,
        "effort": grader.effort,
        "prompt": grader.prompt,
        "mode": grader.mode,
        "deterministic": grader.deterministic,
        "honesty": " ".join(wording.honesty(grader)),
    }


# --- series, attempts, criteria ----------------------------------------------------------------------


def _series(row: Row) -> dict[str, Any]:
    question, rubric = row.latest.case.question, row.latest.case.rubric
    return {
        "question": {"id": question.id, "title": question.title, "text": question.text, "path": question.path}
        | ({"time_limit": question.time_limit} if question.time_limit else {}),
        "author": row.latest.case.attempt.author,
        "rubric": {"id": rubric.id, "title": rubric.title, "edition": rubric.edition},
        **_change(row.series),
        "attempts": [_attempt(result) for result in row.series.results],
    }


def _change(series: SeriesResult) -> dict[str, Any]:
    if series.drifted:
        return {"not_compared": wording.not_compared(series.drifted)}
    return {} if series.difference is None else {"change": series.difference}


def _attempt(result: CaseResult) -> dict[str, Any]:
    attempt, places = result.case.attempt, Places(result)
    found = {step.criterion.id: step for step in steps(result)}
    return {
        "key": attempt.key,
        "id": attempt.id,
        "date": attempt.date,
        "file": attempt.path,
        **_total(result),
        **({} if attempt.self_score is None else {"self_score": attempt.self_score}),
        "criteria": [_criterion(score, places, found.get(score.criterion.id)) for score in result.scores],
        "addressed": [
            {"part": part.id, "start": span.start, "end": span.end, "label": span.label, "text": span.text}
            | _line(places.at(part.id, span.start))
            for part in attempt.parts
            for span in addressed.find(part.text)
        ],
    }


def _line(line: int | None) -> dict[str, int]:
    return {} if line is None else {"line": line}


def _total(result: CaseResult) -> dict[str, Any]:
    if result.total is not None:
        return {"outcome": "graded", "total": result.total}
    if result.too_short:
        return {"outcome": "too_short", "words": result.too_short}
    return {"outcome": "ungraded" if result.ungraded else "not_read"}


def _criterion(score: CriterionScore, places: Places, step: Step | None) -> dict[str, Any]:
    criterion = score.criterion
    found: dict[str, Any] = {
        "id": criterion.id,
        "title": criterion.title,
        "kind": _KINDS[type(criterion.kind)],
        "part": criterion.part,
        "weight": criterion.weight,
    }
    if not score.read:
        return found | {"outcome": "not_read"}
    if score.level is None or score.graded is None:
        return found | {"outcome": "ungraded", **_reason(score)}
    return found | {"outcome": "graded", "level": score.level} | _graded(score, score.graded, places, step)


def _graded(score: CriterionScore, shown: Graded, places: Places, step: Step | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "samples": list(score.levels),
        "by": shown.by.value,
        "evidence": [_quote(quote, places) for quote in score.evidence],
    }
    if score.spread is not None:
        found["spread"] = score.spread
    if score.corrected is not None:
        found["corrected"] = score.corrected
    if step is not None:
        found |= {"gain": step.gain, "next": step.asks}
    if shown.findings:
        found["findings"] = [_finding(finding, places) for finding in shown.findings]
    if shown.value is not None:
        found["value"] = shown.value
    texts = ("reason", "missing", "story", "takeaway", "next_question")
    return found | {name: getattr(shown, name) for name in texts if getattr(shown, name)}


def _finding(finding: Finding, places: Places) -> dict[str, Any]:
    return {
        "id": finding.id,
        "state": finding.state.value,
        "evidence": [_quote(quote, places) for quote in finding.evidence],
    }


def _quote(quote: Quote, places: Places) -> dict[str, Any]:
    return {
        "text": quote.text,
        "part": quote.part,
        "start": quote.start,
        "end": quote.end,
        "how": quote.how.value,
        "file": places.path,
        **_line(places.line(quote)),
    }


def _ungraded(result: CaseResult, score: CriterionScore) -> dict[str, Any]:
    return {"case": result.case.key, "criterion": score.criterion.id, **_reason(score)}


def _reason(score: CriterionScore) -> dict[str, Any]:
    trouble = wording.trouble(score)
    return {
        "why": wording.reason_code(score),
        "detail": wording.trouble_detail(score),
        "means": trouble.what,
        "advice": trouble.advice,
    }


# --- health and cost ---------------------------------------------------------------------------------


def _health(found: Health) -> dict[str, Any]:
    document: dict[str, Any] = {
        "grades": _share(found.graded),
        "quotes": {
            "verified": found.quotes.verified,
            "repaired": found.quotes.repaired,
            "rejected": found.quotes.rejected,
            "of": found.quotes.offered,
        },
        "levels": [
            {"rubric": u.rubric, "criterion": u.criterion, "counts": list(u.counts), "modal": u.modal_level}
            for u in found.levels
        ],
        "rubrics": [
            {"rubric": r.rubric, "halo": _correlation(r.halo), "length": _correlation(r.length)} for r in found.rubrics
        ],
    }
    if found.retest is not None:
        document["retest"] = {
            "groups": found.retest.groups,
            "same": _share(found.retest.same),
            "within_one": _share(found.retest.within_one),
            "spread": found.retest.spread,
            "degrees": found.retest.degrees,
        }
    return document


def _drift(meta: RunMeta) -> dict[str, Any]:
    """Return the found drifts of the grader, and the check of the anchors that was made with the run."""
    known: dict[str, Any] = {"drifts": msgspec.to_builtins(meta.breaks)} if meta.breaks else {}
    if meta.anchors is None:
        return known
    moved = msgspec.to_builtins(meta.anchors.moved)
    checked = {"at": meta.anchors.at, "since": meta.anchors.since, "drifted": meta.anchors.drifted, "moved": moved}
    return known | {"anchors": checked}


def _correlation(found: Correlation) -> dict[str, Any]:
    value = {} if found.value is None else {"spearman": found.value}
    return {**value, "attempts": found.attempts, "pairs": found.pairs}


def _share(share: Share) -> dict[str, int]:
    return {"count": share.count, "of": share.of}


def _cost(meta: RunMeta) -> dict[str, Any]:
    cost = meta.cost
    return {
        "calls": cost.calls,
        **dict(_money(meta)),
        "unknown_models": list(cost.unknown_models),
        "prices_of": cost.prices_of,
        "tokens": {
            "input": cost.input,
            "cache_write": cost.cache_write,
            "cache_read": cost.cache_read,
            "output": cost.output,
        },
    }


def _money(meta: RunMeta) -> Iterator[tuple[str, float]]:
    """Yield the amounts that are known; an unknown price is left out, never zero."""
    if meta.cost.spent is not None:
        yield "usd_spent", meta.cost.spent
    if meta.cost.saved is not None:
        yield "usd_not_spent", meta.cost.saved

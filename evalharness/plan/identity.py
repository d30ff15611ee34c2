"""case, criterion, grader -> the key of a grade: equal keys are the same measurement.

What can change a grade is in the key, and nothing else: titles, weights, floors, notes and self-scores are
not, so that changing them costs no call.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from evalharness.model.nouns import HEURISTIC, Case, Checklist, Criterion, GraderId, Measure, Rubric, Scale, Tags
from evalharness.model.rubric_text import hints_of, looked_for, texts_of
from evalharness.plan.precheck import SPEAKING_TIME, floor_of, too_short
from evalharness.text import clocked

DIGITS = 32
MEASURES = GraderId(name="measure", version="1", deterministic=True)

_encode = msgspec.json.Encoder(order="sorted").encode


def digest(value: object) -> str:
    """Return 32 hex digits of the SHA-256 of `value` as JSON with sorted keys."""
    return hashlib.sha256(_encode(value)).hexdigest()[:DIGITS]


def digest_of_lists(parts: Sequence[object]) -> str:
    """Return `digest(parts)`, encoding one member of a list among `parts` at a time."""
    found = hashlib.sha256(b"[")
    for place, part in enumerate(parts):
        found.update(b"," if place else b"")
        if isinstance(part, Sequence) and not isinstance(part, str | bytes):
            found.update(b"[")
            for number, member in enumerate(part):
                found.update((b"," if number else b"") + _encode(member))
            found.update(b"]")
        else:
            found.update(_encode(part))
    found.update(b"]")
    return found.hexdigest()[:DIGITS]


def grader_of(criterion: Criterion, grader: GraderId) -> GraderId:
    """Return who grades `criterion`: measures are computed by the harness under any grader."""
    return MEASURES if isinstance(criterion.kind, Measure) else grader


def content(criterion: Criterion, *, signals: bool) -> dict[str, Any]:
    """Return what `criterion` says to a grader: no title, weight, floor or `next`; signals only where asked for."""
    found: dict[str, Any] = {"id": criterion.id, "part": criterion.part, "look_for": _plain(criterion.look_for)}
    if criterion.border_cases:
        found["border_cases"] = [_plain(text) for text in criterion.border_cases]
    if criterion.next_question:
        found["next_question"] = True
    if signals:
        found["sections"] = criterion.sections
    match criterion.kind:
        case Scale() as kind:
            found["levels"] = [(level.level, _plain(level.text)) for level in kind.levels]
            found["signals"] = kind.signals if signals else None
        case Checklist() as kind:
            found["items"] = [(i.id, _plain(i.text), i.signals if signals else None) for i in kind.items]
        case Tags() as kind:
            found["tags"] = [
                (t.id, _plain(t.title), _plain(t.look_for), t.signals if signals else None) for t in kind.tags
            ]
        case Measure() as kind:
            found["measure"], found["bands"] = kind.measure, kind.bands
    return found


def fingerprint(rubric: Rubric, criterion: Criterion, grader: GraderId) -> str:
    """Return the part of the key that does not depend on the attempt."""
    by = grader_of(criterion, grader)
    found: dict[str, Any] = {"grader": by, "criterion": content(criterion, signals=by.name == HEURISTIC)}
    if by.name == HEURISTIC:
        # sentences that echo any of these are not read, nor what says nothing in words of its own
        found["cut"] = (texts_of(rubric), looked_for(rubric), hints_of(rubric))
        found["asks"] = [c.id for c in rubric.criteria if c.next_question]
    if by.mode == "joint":
        found["together"] = [content(c, signals=False) for c in asked_of_grader(rubric)]
    return digest(found)


def asked_of_grader(rubric: Rubric) -> tuple[Criterion, ...]:
    """Return the criteria that a grader reads: all but measures."""
    return tuple(c for c in rubric.criteria if not isinstance(c.kind, Measure))


def case_content(case: Case, criterion: Criterion, redactions: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what of the attempt and its question can change the grade of `criterion`."""
    if isinstance(criterion.kind, Measure):
        part = case.attempt.part(criterion.part)
        measured: dict[str, Any] = {"text": part.text if part else None, "limit": case.question.time_limit}
        if case.question.language:
            measured["language"] = case.question.language
        if case.attempt.timing and criterion.kind.measure in (SPEAKING_TIME, *clocked.MEASURES):
            measured["clock"] = (case.attempt.timing.precision, case.attempt.timing.turns)
        return measured | ({"floor": short} if (short := too_short(case)) else {})
    found: dict[str, Any] = {
        "parts": [(part.id, part.text) for part in case.attempt.parts],
        "question": _plain(case.question.text),
        "context": case.question.context,
        "redactions": tuple(redactions),
    }
    if isinstance(criterion.kind, Tags):
        found["claimed"] = sorted(case.claimed)
    if floor := floor_of(case, criterion):
        found["floor"] = floor
    return found


def reads_alike(criterion: Criterion) -> tuple[object, ...]:
    """Return what of a criterion `case_content` goes by: of equal ones in one attempt it says the same."""
    if isinstance(criterion.kind, Measure):
        return criterion.part, criterion.kind.measure
    return criterion.part, isinstance(criterion.kind, Tags)


def grade_key(content: bytes, fingerprint: str, sample: int) -> str:
    """Return the key of one sample; `content` is what `case_content` says, encoded."""
    return hashlib.sha256(b'[%b,"%b",%d]' % (content, fingerprint.encode(), sample)).hexdigest()[:DIGITS]


def encoded(content: object) -> bytes:
    """Return what a key is made of as JSON with sorted keys: the same for every criterion that reads the same."""
    return _encode(content)


def _plain(text: str) -> str:
    """Return `text` with white space folded: how a YAML file is wrapped is nobody's measurement."""
    return " ".join(text.split())


_WORDS = {
    "name": "grader",
    "version": "grader version",
    "model": "model",
    "host": "host",
    "effort": "effort",
    "prompt": "prompt version",
    "mode": "mode",
}


def grader_parts(before: GraderId, after: GraderId) -> tuple[str, ...]:
    """Return which parts of a grader's identity differ; only "grader" where it is another grader altogether."""
    if before.name != after.name:
        return (_WORDS["name"],)
    return tuple(word for name, word in _WORDS.items() if getattr(before, name) != getattr(after, name))

"""Replies of any bytes: every one becomes a grade or one of the reasons that exist, and none ends a run."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evalharness
from evalharness.graders.prompting.reply import raw_of, usage_of
from evalharness.graders.receiving import values
from evalharness.graders.receiving.documents import MOST_DEPTH, Unreadable, document, objects
from evalharness.model.config import RetryPolicy
from evalharness.model.nouns import Graded, Ungraded, Why
from evalharness.model.run import Run, RunState
from tests.hostile import MB, Hostile, faults
from tests.support import Notes, many, world_at, write_project

QUICK = RetryPolicy(scale=0.001, poll=0.01, attempts=3, call=20)
KEY = "sk-test-0123456789"
BODY = {"model": "m"}
FAULTS = tuple(faults(BODY, '{"level": 3}'))
USABLE = {
    "half_surrogate", "half_outside", "no_utf8", "packed", "packed_in_two", "year_9999", "nan", "true_tokens",
    "no_usage", "trailing_comma", "no_stop", "float_level", "text_level", "control", "long_reason",
}  # fmt: skip
REASONS = {Why.INVALID_REPLY, Why.GAVE_UP}


def go(root: Path, server: Hostile, notes: Notes | None = None, **settings: Any) -> Run:
    world = world_at(root, environment={"ANTHROPIC_API_KEY": KEY}, watcher=notes)
    given = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": 0.0, **settings}
    return evalharness.run([], settings=given, world=world)


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_sends_nothing_else_ends_in_a_grade_or_a_reason(tmp_path: Path, name: str) -> None:
    """Usable ones count at the first call; for the others each criterion is asked again, and then has a reason."""
    with Hostile(names=(name,)) as server:
        run = go(write_project(tmp_path), server)

    asked = [grade for grade in run.grades if grade.criterion != "speaking_time"]
    if name in USABLE:
        assert all(isinstance(grade.outcome, Graded) for grade in asked)
        assert sum(server.bodies.values()) == len(asked)
    else:
        assert {g.outcome.why for g in asked if isinstance(g.outcome, Ungraded)} <= REASONS
        assert all(isinstance(grade.outcome, Ungraded) for grade in asked)
    assert len({grade.slot for grade in run.grades}) == len(run.grades) == run.meta.planned
    stored = (tmp_path / "reports" / run.meta.id / "grades.jsonl").read_bytes()
    assert stored.count(b"\n") == len(run.grades)
    assert len(stored) < MB // 8


def test_a_run_against_every_fault_grades_all_or_says_why(tmp_path: Path) -> None:
    """Half of all replies are faults of every kind: no call is lost, none counts twice, the run comes to its end."""
    notes = Notes()
    with Hostile(share=0.5, seed=3) as server:
        run = go(write_project(tmp_path, many(25)), server, notes)

    assert run.meta.state is RunState.FINISHED
    slots = [grade.slot for grade in run.grades]
    assert len(slots) == len(set(slots)) == 75
    assert len(server.sent) > 15
    assert sum(isinstance(grade.outcome, Graded) for grade in run.grades) > 60


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_a_key_that_a_server_echoes_is_stored_nowhere(tmp_path: Path, depth: int) -> None:
    """Neither in a grade, nor in a report, nor in --record, nor in what is said; spelled in escapes neither."""
    notes = Notes()

    class Echo(Hostile):
        def answer(self, body: Any) -> Any:
            status, headers, data = super().answer(body)
            assert isinstance(data, bytes)
            said = json.loads(data)
            grade = json.loads(said["content"][0]["text"])
            said["content"][0]["text"] = json.dumps({**grade, "reason": f"you sent {KEY}", "missing": KEY})
            echoed = json.dumps({**said, "model": KEY})
            if depth:
                echoed = echoed.replace(KEY, "".join(f"{chr(92) * depth}u{ord(letter):04X}" for letter in KEY))
            return status, {**headers, "request-id": KEY}, echoed.encode()

    with Echo(share=0.0) as server:
        go(write_project(tmp_path), server, notes, record=str(tmp_path / "record"))

    written = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert len(written) > 5
    assert not [data for data in written if KEY.encode() in data]
    assert not [line for line in notes.lines if KEY in line]
    assert any(b"[key]" in data for data in written)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_document_or_unreadable(data: bytes) -> None:
    """And what is a document can be stored."""
    try:
        value = document(data)
    except Unreadable:
        return
    json.dumps(value, ensure_ascii=False).encode()
    raw_of(value).text.encode()


NAMES = (
    "content", "usage", "type", "text", "stop_reason", "stop_details", "model", "input_tokens", "cache_creation",
    "level", "grades", "request_counts", "processing_status", "created_at", "data", "id", "result", "error", "message",
)  # fmt: skip
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.sampled_from(NAMES), held, max_size=4),
    max_leaves=12,
)


@given(JSONS)
def test_any_value_is_a_message(value: Any) -> None:
    """Whatever stands where: plain parts that can be stored come out, and counts of tokens are counts."""
    raw = raw_of(value)
    usage = usage_of(value)

    assert all(isinstance(said, str) for said in (raw.text, raw.stop_reason, raw.model, raw.request, raw.category))
    assert type(usage.input) is int
    assert 0 <= usage.input <= values.MOST_TOKENS


@given(
    st.lists(
        st.sampled_from(['{"a":1}', "{", "}", "```", "json\n", '"', "\\", ",", "[", "]", "<think>", "x"]), max_size=40
    )
)
def test_any_text_holds_objects_or_none(pieces: list[str]) -> None:
    """Whatever is said around it, what comes out is JSON of little depth."""
    for found in objects("".join(pieces)):
        json.dumps(found)


@pytest.mark.parametrize(
    "piece",
    ["{", "[", '{"a":', '{"a":"', "```", "```json\n{", '"\\"', ",  ", '{"', "<think>", "{}", '{"x":1},', "\n", "\\"],
)
def test_looking_for_objects_takes_seconds_at_most(piece: str) -> None:
    """A megabyte of anything, and again with the answer at its end."""
    start = time.process_time()
    list(objects(piece * (MB // len(piece))))
    assert time.process_time() - start < 8


@pytest.mark.parametrize(("value", "level"), [(4.0, 4), ("4", 4), (" 4.0 ", 4), (4, 4), ("+4", 4)])
def test_a_level_is_a_whole_number_however_it_is_written(value: object, level: int) -> None:
    """JSON knows no other 4 than 4.0, and "4" names the same without a doubt."""
    assert values.whole(value) == level


@pytest.mark.parametrize(
    "value", [3.5, True, "4/5", float("nan"), float("inf"), "four", "4e0", None, [4], "-", "9" * 30]
)
def test_what_is_no_whole_number_is_none(value: object) -> None:
    """Nothing is guessed at."""
    assert values.whole(value) is None


def test_depth_is_limited_and_an_ordinary_document_is_far_from_it() -> None:
    """A document of half the depth is read, one of twice the depth is not."""
    assert document("[" * (MOST_DEPTH // 2) + "]" * (MOST_DEPTH // 2))
    with pytest.raises(Unreadable, match="nested too deep"):
        document("[" * (2 * MOST_DEPTH) + "]" * (2 * MOST_DEPTH))

"""What is loaded: nouns of every kind, and laws that hold for any text."""

from __future__ import annotations

import functools
import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalharness.errors import InvalidFiles
from evalharness.load import load_project
from evalharness.model.nouns import Attempt, Checklist, Company, Context, Interviewer, Measure, Part, Scale, Tags
from tests.examples import examples

from .project import (
    ATTEMPT,
    ATTEMPT_FILE,
    CONFIG_FILE,
    ONE_FILE,
    ONE_FILE_FILE,
    QUESTION,
    QUESTION_FILE,
    RUBRIC,
    RUBRIC_FILE,
    Files,
    keys,
    load,
    write,
)

CONTEXT = """\
id: why-us
title: Why us
context:
  company: {name: Fernhollow, facts: [It has a public ledger.]}
  interviewer: {name: Imre, role: head of studies, interests: [trust]}
"""


def test_an_attempt_in_markdown_becomes_a_noun(tmp_path: Path) -> None:
    """Everything stated is there, and each part begins on its line of the file."""
    (case,) = load(tmp_path).cases

    assert case.attempt == Attempt(
        question="why",
        author="me",
        id="2026-10-02",
        date="2026-10-02",
        parts=(
            Part(id="answer", text="I built a queue that cut the wait from 40 s to 2 s.", line=6),
            Part(id="follow_up", text="What do people do when it fails?", line=10),
        ),
        self_score=3.0,
        path=ATTEMPT_FILE,
    )
    assert case.claimed == ("1",)


def test_both_forms_load_to_the_same_nouns(tmp_path: Path) -> None:
    """Only the path and the lines tell which form it was."""
    files = {
        ONE_FILE_FILE: ONE_FILE,
        "cases/b/question.yaml": "id: b\n" + ONE_FILE[: ONE_FILE.index("attempts:")],
        "cases/b/2026-10-02.md": "I built a queue.\n\n## Question back\n\nWhat do people do when it fails?",
    }
    folder, single, _ = load(tmp_path, files).cases

    def stripped(attempt: Attempt) -> Attempt:
        parts = tuple(msgspec.structs.replace(part, line=1) for part in attempt.parts)
        return msgspec.structs.replace(attempt, question="", path="", parts=parts)

    assert stripped(folder.attempt) == stripped(single.attempt)
    assert [part.line for part in single.attempt.parts] == [8, 10]


def test_a_question_carries_its_context_and_its_limit_in_seconds(tmp_path: Path) -> None:
    """The grader sees company and interviewer; the id need not be the folder's name."""
    (case,) = load(tmp_path, {QUESTION_FILE: CONTEXT + QUESTION}).cases

    assert (case.question.id, case.question.title, case.question.time_limit) == ("why-us", "Why us", 90.0)
    assert case.question.context == Context(
        company=Company(name="Fernhollow", facts=("It has a public ledger.",)),
        interviewer=Interviewer(name="Imre", role="head of studies", interests=("trust",)),
    )


@pytest.mark.parametrize(
    ("limit", "seconds"),
    [
        ("90 s", 90),
        ("90s", 90),
        ("2 min", 120),
        ("1.5 minutes", 90),
        ("2m", 120),
        ("1:30", 90),
        ("75", 75),
        ("0.5", 0.5),
    ],
)
def test_time_limits_are_written_as_people_write_them(tmp_path: Path, limit: str, seconds: float) -> None:
    """Seconds, minutes, or a clock; all are seconds inside."""
    (case,) = load(tmp_path, {QUESTION_FILE: QUESTION.replace("90 s", limit)}).cases

    assert case.question.time_limit == seconds


def test_a_rubric_has_all_four_kinds(tmp_path: Path) -> None:
    """Ids are text, levels stand in order, what isn't stated has its default."""
    rubric = load(tmp_path).rubrics["talk"]
    scale, tags, checklist, measure = (criterion.kind for criterion in rubric.criteria)

    assert isinstance(scale, Scale)
    assert isinstance(tags, Tags)
    assert isinstance(checklist, Checklist)
    assert isinstance(measure, Measure)
    assert [level.level for level in scale.levels] == [1, 3, 5]
    assert scale.signals is not None
    assert scale.signals.levels == {"2": 1, "3": 3, "4": 5}
    assert scale.signals.cap == 4
    assert [tag.id for tag in tags.tags] == ["1", "sharing"]
    assert [item.id for item in checklist.items] == ["canary", "rollback"]
    assert [band.level for band in measure.bands] == [5, 3, 1]
    assert [criterion.weight for criterion in rubric.criteria] == [2.0, 1.0, 1.0, 1.0]
    assert (rubric.id, rubric.min_words, rubric.path) == ("talk", 10, RUBRIC_FILE)


def test_cases_stand_in_the_order_of_question_author_date_and_id(tmp_path: Path) -> None:
    """A series reads from its oldest attempt, whatever its files are called."""
    files = {
        "cases/why/b.md": ATTEMPT.replace("2026-10-02", "2026-09-01"),
        "cases/why/a.md": ATTEMPT,
        "cases/why/priya/2026-01-01.md": ATTEMPT.replace("date: 2026-10-02\n", ""),
        "cases/why/zoe.md": ATTEMPT.replace("self_score: 3", "author: zoe"),
        "cases/a/other/question.yaml": QUESTION,
        "cases/a/other/2026-11-01.md": ATTEMPT,
    }

    assert keys(tmp_path, files) == [
        "other/me/2026-11-01",
        "why/me/b",
        "why/me/2026-10-02",
        "why/me/a",
        "why/priya/2026-01-01",
        "why/zoe/zoe",
    ]


def test_the_author_is_stated_or_the_folder_or_configured_or_me(tmp_path: Path) -> None:
    """In this order; the date comes from the name of the file where none is stated."""
    files = {
        CONFIG_FILE: "author: kim\n",
        "cases/why/priya/2026-01-01.md": ATTEMPT.replace("date: 2026-10-02\n", ""),
        "cases/why/priya/x.md": ATTEMPT.replace("self_score: 3", "author: ana"),
    }
    loaded = load(tmp_path, files)

    assert [case.attempt.author for case in loaded.cases] == ["ana", "kim", "priya"]
    assert loaded.cases[-1].attempt.date == "2026-01-01"


def test_drafts_are_listed_and_not_loaded(tmp_path: Path) -> None:
    """An attempt without an answer yet is no failure, and never a level 1."""
    files = {
        "cases/why/begun.md": "---\ndate:\nnotes:\n---\n# Why\n<!-- say it -->\n## Question back\nAnd?\n",
        "cases/why/empty.md": "",
        ONE_FILE_FILE: ONE_FILE + "  - date: 2026-10-03\n    answer:\n",
    }
    loaded = load(tmp_path, files)

    assert loaded.drafts == ("cases/excites.yaml:11", "cases/why/begun.md", "cases/why/empty.md")
    assert len(loaded.cases) == 2


def test_what_is_no_attempt_is_left_alone(tmp_path: Path) -> None:
    """Read-me files, hidden and underscored ones, notes beside the questions, YAML about something else."""
    files = {
        "cases/README.md": "x",
        "cases/why/Readme.md": "x",
        "cases/why/_idea.md": "x",
        "cases/why/.idea.md": "x",
        "cases/_old/2026-01-01.md": "x",
        "cases/notes.md": "x",
        "cases/other.yaml": "colour: red\n",
        "cases/why/picture.png": "x",
    }

    assert keys(tmp_path, files) == ["why/me/2026-10-02"]


def test_a_rubric_that_the_project_lacks_is_the_shipped_one(tmp_path: Path) -> None:
    """A repository of answers needs no rubric of its own."""
    question = QUESTION.replace("talk", "mission-alignment").replace("[1]", "[1]")
    loaded = load(tmp_path, {QUESTION_FILE: question}, ["cases"])

    assert list(loaded.rubrics) == ["mission-alignment"]
    assert loaded.rubrics["mission-alignment"].path == "evalharness/starter/rubrics/mission-alignment.yaml"


def test_the_shipped_content_has_no_problem() -> None:
    """What we show people as an example loads."""
    root = Path(__file__).parents[2]
    loaded = load_project([], cwd=root)

    assert loaded.root == root.resolve()
    assert len(loaded.questions) == 19
    assert loaded.rubrics.keys() == {"culture-dialogue", "mission-alignment", "project-deep-dive", "story"}


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Sorted by place, and nothing is loaded."""
    files: Files = {
        CONFIG_FILE: "effort: hihg\nautor: me\n",
        RUBRIC_FILE: RUBRIC.replace("weight: 2", "wieght: 2"),
        QUESTION_FILE: "question: 1.0\nrubric: [\n",
        ATTEMPT_FILE: "---\nself_score: 7\ndate: 1.2.2026\n---\nx\n",
        "cases/why/b.md": b"caf\xe9",
        "cases/lost/2026-01-01.md": "x",
    }
    with pytest.raises(InvalidFiles) as caught:
        load(tmp_path, files)

    assert str(caught.value) == "8 problems in 6 files: fix them, then run the command again"
    assert [problem.place for problem in caught.value.problems] == [
        "cases/lost/question.yaml:1:1",
        "cases/why/2026-10-02.md:2:13",
        "cases/why/2026-10-02.md:3:7",
        "cases/why/b.md:1:4",
        "cases/why/question.yaml:3:1",
        "evalharness.yaml:1:9",
        "evalharness.yaml:2:1",
        "rubrics/talk.yaml:9:5",
    ]


def _shuffled(data: Any, rng: random.Random) -> Any:
    if isinstance(data, dict):
        items = [(key, _shuffled(value, rng)) for key, value in data.items()]
        rng.shuffle(items)
        return dict(items)
    return [_shuffled(item, rng) for item in data] if isinstance(data, list) else data


def _formatted(text: str, rng: random.Random) -> str:
    data = _shuffled(yaml.load(text, yaml.BaseLoader), rng)
    data = _numbers(data)
    if rng.random() < 0.3:
        return json.dumps(data, indent=rng.choice([None, 2]))
    comment = rng.choice(["", "# a comment\n"])
    return comment + yaml.safe_dump(
        data,
        sort_keys=False,
        default_flow_style=rng.choice([True, False, None]),
        width=rng.choice([40, 80, 200]),
        indent=rng.choice([2, 4]),
    )


def _numbers(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _numbers(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_numbers(item) for item in data]
    return {"true": True, "1.25": 1.25, "0.5": 0.5}.get(data, int(data) if data.isdigit() else data)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_key_order_and_formatting_do_not_change_what_is_loaded(tmp_path: Path, rng: random.Random) -> None:
    """Nouns are equal to the byte, so that hashes made of them are."""
    files = {
        QUESTION_FILE: _formatted(CONTEXT + QUESTION, rng),
        RUBRIC_FILE: _formatted(RUBRIC, rng),
        ONE_FILE_FILE: _formatted(ONE_FILE, rng),
    }
    other = load(tmp_path, files)
    write(tmp_path, {})

    assert stored(other) == stored(as_written(tmp_path))


def stored(loaded: Any) -> bytes:
    return msgspec.json.encode([loaded.rubrics, loaded.questions, [_without_lines(case) for case in loaded.cases]])


@functools.cache
def as_written(root: Path) -> Any:
    return load(root, {QUESTION_FILE: CONTEXT + QUESTION, ONE_FILE_FILE: ONE_FILE})


def _without_lines(case: Any) -> Any:
    return [msgspec.structs.replace(part, line=1) for part in case.attempt.parts]


SEEDS = (RUBRIC, QUESTION, ATTEMPT, ONE_FILE, "author: me\nprices: {m: {input: 1, output: 2}}\n")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A valid file with a stretch exchanged; or anything at all."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary())
    text = draw(st.sampled_from(SEEDS))
    start = draw(st.integers(0, len(text)))
    stop = min(len(text), start + draw(st.integers(0, 30)))
    inserted = draw(st.text("ab 1.:-[]{}&*!|>'\"#\n\t", max_size=10) | st.text(max_size=5))
    return (text[:start] + inserted + text[stop:]).encode("utf-8", "surrogatepass")


@settings(max_examples=examples(200), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([RUBRIC_FILE, QUESTION_FILE, ATTEMPT_FILE, ONE_FILE_FILE, CONFIG_FILE]),
    damaged(),
)
def test_nothing_in_a_file_makes_the_loader_raise_anything_else(tmp_path: Path, name: str, data: bytes) -> None:
    """It loads, or says what is wrong in messages of one line without control characters."""
    write(tmp_path, {ONE_FILE_FILE: ONE_FILE})
    try:
        load(tmp_path, {ONE_FILE_FILE: ONE_FILE, name: data})
    except InvalidFiles as error:
        for problem in error.problems:
            assert problem.message
            assert problem.message.isprintable() or not problem.message.isascii()
            assert "\n" not in problem.message + problem.hint

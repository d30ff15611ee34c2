"""A mission is claimed as a person calls it: by id, by number, by name; what could be two, or none, is a problem."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import InvalidFiles
from evalharness.load import load_project
from evalharness.load.missions import mission_ids, missions_of
from evalharness.model.nouns import Criterion, Question, Rubric, Tag, Tags
from tests.support import QUESTION, RUBRIC, write_project

LISTED = (("open", "Careful release"), ("7", "Clear words"), ("trust", "Careful hands: nobody is hurried"))
TALK = Rubric(
    id="talk",
    title="Talk",
    criteria=(
        Criterion(
            id="missions", title="M", weight=1, kind=Tags(tags=tuple(Tag(id=i, title=title) for i, title in LISTED))
        ),
    ),
)
ASKED = Question(id="q", text="?", rubric="talk", path="cases/q/question.yaml")


@pytest.mark.parametrize(
    ("said", "id_"),
    [
        ("open", "open"),
        ("Open", "open"),
        ("careful release", "open"),
        ("Careful hands", "trust"),
        ("clear", "7"),
        ("words", "7"),
        ("hurr", "trust"),
        ("7", "7"),
        ("1", "open"),
        ("3", "trust"),
        ("Mission 2", "7"),
        ("#1", "open"),
    ],
)
def test_a_mission_is_found_by_what_it_is_called(said: str, id_: str) -> None:
    """An id wins over a number: `7` is the mission with this id, not a seventh."""
    assert mission_ids([said], ASKED, TALK) == (id_,)


@pytest.mark.parametrize("said", ["careful", "4", "0", "ords", "", "!"])
def test_what_could_be_two_or_none_stays_as_it_was_said(said: str) -> None:
    """Nothing is guessed."""
    assert mission_ids([said], ASKED, TALK) == (said,)


def test_a_part_of_two_names_is_refused_with_both(tmp_path: Path) -> None:
    """Whoever wrote it sees which ones it could be."""
    write_project(tmp_path, {"q/2026-09-01.md": "---\nmissions: [cle]\n---\nI moved it.\n"}, rubric=BOTH)

    with pytest.raises(InvalidFiles) as found:
        load_project([], cwd=tmp_path)

    assert [problem.hint for problem in found.value.problems] == [
        "it could be open (A clear release) or clear (Clear, plain words)"
    ]


@given(st.text())
def test_no_word_stumbles_and_every_id_is_itself(said: str) -> None:
    """Whatever is written there, the answer is an id or the word."""
    known = [tag.id for tag in missions_of(ASKED, TALK)]

    assert mission_ids([said], ASKED, TALK)[0] in [*known, said]
    assert mission_ids(known, ASKED, TALK) == tuple(known)


TAGGED = RUBRIC.rstrip() + (
    "\n  - id: missions\n    title: Missions\n    kind: tags\n    look_for: Deeds.\n    tags:\n"
    "      - {id: open, title: Careful release, look_for: A release.}\n"
    "      - {id: clear, title: 'Clear, plain words', look_for: Words.}\n"
)
BOTH = TAGGED.replace("Careful release", "A clear release")


def test_question_and_attempt_claim_by_name_and_number(tmp_path: Path) -> None:
    """Both hold ids once they are loaded, so that a grade does not depend on how a mission was called."""
    write_project(
        tmp_path, {"q/2026-09-01.md": "---\nmissions: ['clear, plain words', 1]\n---\nI moved it.\n"}, rubric=TAGGED
    )
    (tmp_path / "cases/q/question.yaml").write_text(f"{QUESTION.rstrip()}\nmissions: [Careful release, 2]\n")

    (case,) = load_project([], cwd=tmp_path).cases

    assert case.question.missions == ("open", "clear")
    assert case.attempt.missions == ("clear", "open")


def test_a_mission_that_is_not_there_is_named_with_its_place(tmp_path: Path) -> None:
    """The nearest is offered, as for every name."""
    write_project(tmp_path, {"q/2026-09-01.md": "---\nmissions: [opne]\n---\nI moved it.\n"}, rubric=TAGGED)

    with pytest.raises(InvalidFiles) as caught:
        load_project([], cwd=tmp_path)

    (problem,) = caught.value.problems
    assert (problem.slug, problem.hint) == ("unknown-name", "did you mean 'open'?")

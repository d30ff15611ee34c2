"""What questions, attempts and rubrics get wrong together."""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import (
    ATTEMPT,
    ATTEMPT_FILE,
    ONE_FILE,
    ONE_FILE_FILE,
    QUESTION,
    RUBRIC,
    RUBRIC_FILE,
    Files,
    attempt,
    one_file,
    question,
    said,
)

BROKEN: dict[str, tuple[Files, str]] = {
    "day_that_does_not_exist": (
        attempt("2026-10-02", "2026-02-30"),
        "cases/why/2026-10-02.md:2:7: there is no day 2026-02-30 [bad-value]\nhint: correct the day or the month",
    ),
    "day_in_file_name_that_does_not_exist": (
        {"cases/why/2026-02-30.md": ATTEMPT.replace("date: 2026-10-02\n", "")},
        "cases/why/2026-02-30.md:1:1: there is no day 2026-02-30, with which the file's name "
        "begins [bad-value]\n"
        "hint: correct the day or the month",
    ),
    "file_name_that_is_no_id": (
        {"cases/why/my answer.md": ATTEMPT},
        "cases/why/my answer.md:1:1: the file's name 'my answer' cannot be an id [bad-id]\n"
        "hint: rename the file, for instance to 'my-answer', or set 'id:'",
    ),
    "unknown_rubric": (
        question("rubric: talk", "rubric: tlak"),
        "cases/why/question.yaml:2:9: there is no rubric 'tlak' [unknown-name]\nhint: did you mean 'talk'?",
    ),
    "unknown_mission_of_the_question": (
        question("[1]", "[1, 9]"),
        "cases/why/question.yaml:4:15: the rubric 'talk' has no mission '9' [unknown-name]\n"
        "hint: known: 1 (Steerable systems), sharing (Sharing research)",
    ),
    "unknown_mission_of_an_attempt": (
        attempt("self_score: 3", "missions: [shairng]"),
        "cases/why/2026-10-02.md:3:12: the rubric 'talk' has no mission 'shairng' [unknown-name]\n"
        "hint: did you mean 'sharing'?",
    ),
    "missions_without_tags": (
        {**question("[1]", "[1]"), RUBRIC_FILE: RUBRIC[: RUBRIC.index("  - id: missions")]},
        "cases/why/question.yaml:4:12: the rubric 'talk' has no mission '1' [unknown-name]\n"
        "hint: no criterion of that rubric is of kind 'tags': take 'missions' out",
    ),
    "part_twice": (
        {ATTEMPT_FILE: ATTEMPT + "\n### Question back\n\nAnd why?\n"},
        "cases/why/2026-10-02.md:12:1: the part 'follow_up' begins a second time, after line 8 "
        "[duplicate]\n"
        "hint: put both under one heading",
    ),
    "two_attempts_with_one_id": (
        {"cases/why/b.md": ATTEMPT.replace("self_score: 3", "id: 2026-10-02")},
        "cases/why/b.md:3:5: two attempts have the key 'why/me/2026-10-02': the other is "
        "cases/why/2026-10-02.md:1 [duplicate]\n"
        "hint: give one of them another 'id:'",
    ),
    "two_questions_with_one_id": (
        {"cases/other/why/question.yaml": QUESTION},
        "cases/why/question.yaml:1:1: two questions have the id 'why': the other is "
        "cases/other/why/question.yaml [duplicate]\n"
        "hint: rename one folder, or set 'id:'",
    ),
    "question_missing": (
        {"cases/new/2026-10-02.md": ATTEMPT, "cases/new/2026-10-03.md": ATTEMPT},
        "cases/new/question.yaml:1:1: question.yaml is missing: this folder contains 2 attempts "
        "[layout]\n"
        "hint: write one with 'question:' and 'rubric:'",
    ),
    "attempt_too_low": (
        {"cases/why/priya/old/2026-10-02.md": ATTEMPT},
        "cases/why/priya/old/2026-10-02.md:1:1: this attempt is too many folders below its "
        "question.yaml [layout]\n"
        "hint: attempts are in the folder of question.yaml, or one folder (the author's) below",
    ),
    "yml": (
        {"cases/why/question.yml": QUESTION},
        "cases/why/question.yml:1:1: files that end in .yml are not read [layout]\nhint: rename it to 'question.yaml'",
    ),
    "one_file_without_attempts": (
        one_file("attempts:", "atempts:"),
        "cases/excites.yaml:1:1: the key 'attempts' is missing [missing-key]\n"
        "hint: the attempts, in any order\n"
        "cases/excites.yaml:5:1: unknown key 'atempts' [unknown-key]\n"
        "hint: did you mean 'attempts'?",
    ),
    "one_file_unknown_part": (
        one_file("follow_up:", "folow_up:"),
        "cases/excites.yaml:9:5: unknown key 'folow_up': no key of attempts, and no part that "
        "the rubric declares [unknown-key]\n"
        "hint: did you mean 'follow_up'?",
    ),
    "one_file_part_twice": (
        one_file("      I built a queue.\n", "      I built a queue.\n\n      ## Question back\n\n      Why?\n"),
        "cases/excites.yaml:13:16: the part 'follow_up' is there twice: as a key, and under a "
        "heading of the answer [duplicate]\n"
        "hint: take one out",
    ),
    "one_file_two_attempts": (
        {ONE_FILE_FILE: ONE_FILE + ONE_FILE[ONE_FILE.index("  - date") :]},
        "cases/excites.yaml:11:5: two attempts have the key 'excites/me/2026-10-02': the other "
        "is cases/excites.yaml:6 [duplicate]\n"
        "hint: give one of them another 'id:'",
    ),
    "one_file_bad_day": (
        one_file("2026-10-02", "2026-13-02"),
        "cases/excites.yaml:6:11: there is no day 2026-13-02 [bad-value]\nhint: correct the day or the month",
    ),
    "one_file_text_is_a_list": (
        one_file("|\n      I built a queue.", "[I built a queue]"),
        "cases/excites.yaml:7:13: 'answer' must be text, found a list [bad-value]\n"
        "hint: text that begins with '[' or '-' must be in quotes",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_one_clear_message(tmp_path: Path, name: str) -> None:
    """Each says where, what was found, what was expected, and the way out; nothing else is reported."""
    files, expected = BROKEN[name]

    assert said(tmp_path, files) == expected

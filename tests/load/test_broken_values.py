"""What a schema refuses, in words that say what was found, what was expected and what is near."""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import (
    ATTEMPT_FILE,
    CONFIG_FILE,
    QUESTION,
    QUESTION_FILE,
    Files,
    attempt,
    question,
    rubric,
    said,
)

BROKEN: dict[str, tuple[Files, str]] = {
    "unknown_key": (
        rubric("weight: 2", "wieght: 2"),
        "rubrics/talk.yaml:9:5: unknown key 'wieght' [unknown-key]\nhint: did you mean 'weight'?",
    ),
    "unknown_key_without_a_neighbour": (
        question("time_limit", "colour"),
        "cases/why/question.yaml:3:1: unknown key 'colour' [unknown-key]\n"
        "hint: known here: id, title, question, rubric, language, time_limit, missions, context, to_ask",
    ),
    "missing_key": (
        question("rubric: talk\n", ""),
        "cases/why/question.yaml:1:1: the key 'rubric' is missing [missing-key]\n"
        "hint: the id of the rubric that grades the answers: rubrics/<id>.yaml",
    ),
    "no_for_a_boolean": (
        rubric("required: true", "required: no"),
        "rubrics/talk.yaml:5:15: 'required' must be true or false, found the text 'no' [bad-value]\nhint: write false",
    ),
    "number_for_text": (
        question("question: Why this company?", "question: 1.0"),
        "cases/why/question.yaml:1:11: 'question' must be text, found the number 1.0 [bad-value]\n"
        'hint: put it in quotes: "1.0"',
    ),
    "text_for_a_number": (
        rubric("weight: 2", 'weight: "2"'),
        "rubrics/talk.yaml:9:13: 'weight' must be a number, found the text '2' [bad-value]\n"
        "hint: write 2, without quotes",
    ),
    "comma_in_a_number": (
        rubric("weight: 2", "weight: 2,5"),
        "rubrics/talk.yaml:9:13: 'weight' must be a number, found the text '2,5' [bad-value]\nhint: write 2.5",
    ),
    "mapping_for_text": (
        {
            QUESTION_FILE: QUESTION
            + "context:\n  company:\n    name: Fernhollow\n    facts:\n      - Ledger: it is public\n"
        },
        "cases/why/question.yaml:9:9: item 1 of 'facts' must be text, found a mapping [bad-value]\n"
        "hint: text that contains ': ' must be in quotes",
    ),
    "scalar_for_a_list": (
        question("missions: [1]", "missions: 1"),
        "cases/why/question.yaml:4:11: 'missions' must be a list, found the number 1 [bad-value]\n"
        "hint: write a list: [1]",
    ),
    "empty_value": (
        question("question: Why this company?", "question:"),
        "cases/why/question.yaml:1:10: 'question' must be text, found nothing [bad-value]\n"
        "hint: give it a value, or take the key out",
    ),
    "blank_text": (
        question("question: Why this company?", "question: ' '"),
        "cases/why/question.yaml:1:11: 'question' is empty [bad-value]\nhint: the question, as the interviewer says it",
    ),
    "date_in_german": (
        attempt("2026-10-02", "2.10.2026"),
        "cases/why/2026-10-02.md:2:7: 'date' must look like 2026-09-14, found the text "
        "'2.10.2026' [bad-value]\n"
        "hint: write the date as YYYY-MM-DD",
    ),
    "date_without_zeros": (
        attempt("2026-10-02", "2026-10-2"),
        "cases/why/2026-10-02.md:2:7: 'date' must look like 2026-09-14, found the text "
        "'2026-10-2' [bad-value]\n"
        "hint: write 2026-10-02",
    ),
    "date_without_hyphens": (
        attempt("date: 2026-10-02", "date: 20261002"),
        "cases/why/2026-10-02.md:2:7: 'date' must be text, found the number 20261002 [bad-value]\n"
        "hint: write 2026-10-02",
    ),
    "self_score_out_of_range": (
        attempt("self_score: 3", "self_score: 7"),
        "cases/why/2026-10-02.md:3:13: 'self_score' must be from 1 to 5, found 7 [bad-value]\n"
        "hint: what it felt like right after, from 1 to 5. Never part of a grade",
    ),
    "time_limit_in_words": (
        question("90 s", "ninety seconds"),
        "cases/why/question.yaml:3:13: 'time_limit' must look like 90 s or 2 min or 1:30, found"
        " the text 'ninety seconds' [bad-value]\n"
        "hint: how long the spoken answer may take: seconds as a number, or text such as '90 "
        "s', '2 min' or '1:30'. Without it, speaking time is shown but not graded",
    ),
    "time_limit_zero": (
        question("90 s", "0 s"),
        "cases/why/question.yaml:3:13: 'time_limit' must be above 0 [bad-value]\nhint: for instance '2 min'",
    ),
    "mission_claimed_twice": (
        question("[1]", "[1, 1]"),
        "cases/why/question.yaml:4:15: 'missions' names '1' twice [bad-value]\nhint: take one out",
    ),
    "id_that_leaves_the_folder": (
        attempt("self_score: 3", "id: ../../etc/passwd"),
        "cases/why/2026-10-02.md:3:5: 'id' must look like 2026-10-02, found the text "
        "'../../etc/passwd' [bad-value]\n"
        "hint: letters, digits, '.', '_' and '-', beginning with a letter or a digit, never '..'",
    ),
    "author_that_is_a_path": (
        attempt("self_score: 3", "author: a/b"),
        "cases/why/2026-10-02.md:3:9: 'author' must look like priya, found the text 'a/b' "
        "[bad-value]\n"
        "hint: letters, digits, '.', '_' and '-', beginning with a letter or a digit, never '..'",
    ),
    "question_id_with_dots": (
        {QUESTION_FILE: QUESTION + "id: a..b\n"},
        "cases/why/question.yaml:5:5: 'id' must look like speed-vs-safety or 2026-10-02, found "
        "the text 'a..b' [bad-value]\n"
        "hint: letters, digits, '.', '_' and '-', beginning with a letter or a digit, never '..'",
    ),
    "empty_file": (
        {QUESTION_FILE: "# nothing yet\n"},
        "cases/why/question.yaml:1:1: the file is empty [missing-key]\nhint: it needs 'question:' and 'rubric:'",
    ),
    "top_level_is_a_list": (
        {QUESTION_FILE: "- question\n"},
        "cases/why/question.yaml:1:1: the file must be a mapping, found a list [bad-value]\n"
        "hint: write its keys as 'key: value' on lines of their own",
    ),
    "unknown_key_in_front_matter": (
        attempt("self_score", "selfscore"),
        "cases/why/2026-10-02.md:3:1: unknown key 'selfscore' [unknown-key]\nhint: did you mean 'self_score'?",
    ),
    "front_matter_is_text": (
        {ATTEMPT_FILE: "---\nThe date was last week.\n---\nI built a queue.\n"},
        "cases/why/2026-10-02.md:2:1: the front matter must be a mapping, found the text 'The "
        "date was last week.' [bad-value]\n"
        "hint: write its keys as 'key: value' on lines of their own",
    ),
    "config_unknown_key": (
        {CONFIG_FILE: "autor: me\n"},
        "evalharness.yaml:1:1: unknown key 'autor' [unknown-key]\nhint: did you mean 'author'?",
    ),
    "config_effort": (
        {CONFIG_FILE: "effort: hihg\n"},
        "evalharness.yaml:1:9: 'effort' must be one of low, medium, high, xhigh, max, found the"
        " text 'hihg' [bad-value]\n"
        "hint: did you mean 'high'?",
    ),
    "config_folder_outside": (
        {CONFIG_FILE: "reports: ../reports\n"},
        "evalharness.yaml:1:10: 'reports' must look like reports, found the text '../reports' "
        "[bad-value]\n"
        "hint: the folder of the stored runs, inside the project",
    ),
    "config_url_with_a_key": (
        {CONFIG_FILE: "base_url: https://key@host\n"},
        "evalharness.yaml:1:11: 'base_url' must look like http://localhost:8080, found another "
        "form [bad-value]\n"
        "hint: for anthropic and openai: a server that speaks the same protocol, a local model or a gateway. No user name,"  # noqa: E501
        " no key",
    ),
    "config_retry": (
        {CONFIG_FILE: "retry: {poll: 0}\n"},
        "evalharness.yaml:1:15: 'poll' must be above 0, found 0 [bad-value]\n"
        "hint: the time between two looks at a batch",
    ),
    "config_samples": (
        {CONFIG_FILE: "samples: 5\nmax_samples: 3\n"},
        "evalharness.yaml:2:14: 'max_samples' is 3, fewer than 'samples' (5) [bad-value]\n"
        "hint: raise it, or take it out",
    ),
    "config_requires": (
        {CONFIG_FILE: "gate:\n  requires: {labels: 0, min_qwk: 60, label: 3}\n"},
        "evalharness.yaml:2:22: 'labels' must be at least 1, found 0 [bad-value]\n"
        "hint: how many attempts people must have labelled and this grader graded; a total of more than five criteria "
        "needs fewer\n"
        "evalharness.yaml:2:34: 'min_qwk' must be from -1 to 1, found 60 [bad-value]\n"
        "hint: instead of 'within_one' and 'margin': the quadratic weighted kappa with people, -1 to 1, in each "
        "criterion. It shrinks where answers are alike\n"
        "evalharness.yaml:2:38: unknown key 'label' [unknown-key]\n"
        "hint: did you mean 'labels'?",
    ),
    "config_requires_is_a_number": (
        {CONFIG_FILE: "gate: {requires: 30}\n"},
        "evalharness.yaml:1:18: 'requires' must be a mapping, found the number 30 [bad-value]\n"
        "hint: write its keys as 'key: value' on lines of their own",
    ),
    "config_requires_of_an_override": (
        {CONFIG_FILE: "gate:\n  overrides:\n    - {path: b, requires: {labels: x}}\n    - {path: a, requires: {}}\n"},
        "evalharness.yaml:3:36: 'labels' must be a whole number, found the text 'x' [bad-value]\n"
        "hint: how many attempts people must have labelled and this grader graded; a total of more than five criteria "
        "needs fewer\n"
        "evalharness.yaml:4:27: 'requires' is empty [bad-value]\n"
        "hint: what these attempts need instead; what is left out stays as the gate asks",
    ),
    "config_redacted_twice": (
        {CONFIG_FILE: "redact:\n  - Larkfield\n  - {name: Larkfield, as: COMPANY-1}\n"},
        "evalharness.yaml:3:5: the name is redacted twice, first on line 2 [duplicate]\nhint: take one out",
    ),
    "config_redaction_without_as": (
        {CONFIG_FILE: "redact:\n  - {name: Larkfield}\n"},
        "evalharness.yaml:2:5: the key 'as' is missing in item 1 of 'redact' [missing-key]\n"
        "hint: what stands for it, for instance COMPANY-1",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_one_clear_message(tmp_path: Path, name: str) -> None:
    """Each says where, what was found, what was expected, and the way out; nothing else is reported."""
    files, expected = BROKEN[name]

    assert said(tmp_path, files) == expected

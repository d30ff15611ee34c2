"""What a rubric can get wrong that its schema alone, or its schema too, finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import (
    RUBRIC,
    RUBRIC_FILE,
    Files,
    rubric,
    said,
)

BROKEN: dict[str, tuple[Files, str]] = {
    "kind_misspelt": (
        rubric("kind: scale", "kind: scal"),
        "rubrics/talk.yaml:10:11: 'kind' must be one of scale, checklist, tags, measure, found "
        "the text 'scal' [bad-value]\n"
        "hint: did you mean 'scale'?",
    ),
    "marker_kind_unknown": (
        rubric("[trade_off]", "[tradeoff]"),
        "rubrics/talk.yaml:18:20: item 1 of 'kinds' must be one of reason, trade_off, "
        "reflection, question, found the text 'tradeoff' [bad-value]\n"
        "hint: did you mean 'trade_off'?",
    ),
    "measure_unknown": (
        rubric("measure: speaking_time", "measure: speaking_tme"),
        "rubrics/talk.yaml:35:14: 'measure' must be one of speaking_time, fillers, hedges, "
        "first_person, quantities, pace, pauses, time_to_result, found the text 'speaking_tme' [bad-value]\n"
        "hint: did you mean 'speaking_time'?",
    ),
    "missing_level": (
        rubric("      3: an example\n", ""),
        "rubrics/talk.yaml:11:5: the key '3' is missing in 'levels' [missing-key]\n"
        "hint: what earns level 3. A scale needs a text for at least 1, 3 and 5. With 'text' and 'next' below it, "
        "it also says what to do to pass it",
    ),
    "key_of_another_kind": (
        rubric("    items:\n", "    levels: {1: a, 3: b, 5: c}\n    items:\n"),
        "rubrics/talk.yaml:29:5: 'levels' does not belong to a criterion of kind 'checklist' "
        "[unknown-key]\n"
        "hint: take it out, or change 'kind'",
    ),
    "no_criteria": (
        {RUBRIC_FILE: "title: A talk\ncriteria: []\n"},
        "rubrics/talk.yaml:2:11: 'criteria' is empty [bad-value]\nhint: what is graded, in the order of the report",
    ),
    "negative_weight": (
        rubric("weight: 2", "weight: -1"),
        "rubrics/talk.yaml:9:13: 'weight' must be from 0 to 1000, found -1 [bad-value]\n"
        "hint: how much it counts; 1 unless set. 0 is graded and shown, but not counted",
    ),
    "part_name_with_a_hyphen": (
        rubric("  follow_up:", "  follow-up:"),
        "rubrics/talk.yaml:3:3: this key must look like follow_up, found the text 'follow-up' "
        "[bad-value]\n"
        "hint: lower-case letters, digits and '_', beginning with a letter",
    ),
    "rubric_id_is_not_its_file": (
        {RUBRIC_FILE: "id: speech\n" + RUBRIC},
        "rubrics/talk.yaml:1:5: the rubric's id is 'speech', and its file is called 'talk' "
        "[rubric]\n"
        "hint: make them equal, or take the key out",
    ),
    "two_criteria_with_one_id": (
        rubric("- id: rollout", "- id: example"),
        "rubrics/talk.yaml:26:9: the criterion 'example' is there twice, first on line 7 "
        "[duplicate]\n"
        "hint: give one of them another id",
    ),
    "two_items_with_one_id": (
        rubric("id: rollback", "id: canary"),
        "rubrics/talk.yaml:31:14: the item 'canary' is there twice, first on line 30 [duplicate]\n"
        "hint: give one of them another id",
    ),
    "two_tags_with_one_id": (
        rubric("id: sharing", 'id: "1"'),
        "rubrics/talk.yaml:25:14: the tag '1' is there twice, first on line 24 [duplicate]\n"
        "hint: give one of them another id",
    ),
    "unknown_part": (
        rubric("    weight: 2\n", "    part: follow_upp\n"),
        "rubrics/talk.yaml:9:11: the rubric has no part 'follow_upp' [unknown-name]\nhint: did you mean 'follow_up'?",
    ),
    "heading_of_two_parts": (
        rubric("criteria:", "  opening:\n    headings: [Question Back]\ncriteria:"),
        "rubrics/talk.yaml:7:16: the heading 'Question Back' begins two parts, 'follow_up' and "
        "'opening' [rubric]\n"
        "hint: give each part headings of its own",
    ),
    "part_named_like_a_key": (
        rubric("criteria:", "  notes:\n    headings: [Notes]\ncriteria:"),
        "rubrics/talk.yaml:6:3: a part cannot be called 'notes': attempts have a key of that "
        "name [rubric]\n"
        "hint: rename the part",
    ),
    "two_next_questions": (
        {
            RUBRIC_FILE: RUBRIC.replace("    kind: scale", "    next_question: true\n    kind: scale").replace(
                "    kind: checklist", "    next_question: true\n    kind: checklist"
            )
        },
        "rubrics/talk.yaml:29:5: a second criterion asks for the next question, after 'example'"
        " [rubric]\n"
        "hint: leave 'next_question: true' on one criterion",
    ),
    "every_weight_is_zero": (
        {
            RUBRIC_FILE: RUBRIC.replace("weight: 2", "weight: 0")
            .replace("    kind: tags", "    weight: 0\n    kind: tags")
            .replace("    kind: checklist", "    weight: 0\n    kind: checklist")
            .replace("    kind: measure", "    weight: 0\n    kind: measure")
        },
        "rubrics/talk.yaml:6:1: every criterion has the weight 0 [rubric]\nhint: give at least one a weight above 0",
    ),
    "signals_above_their_cap": (
        rubric("4: 5}", "4: 5, 5: 7}"),
        "rubrics/talk.yaml:19:34: signals reach level 5, above their cap of 4 [rubric]\n"
        "hint: take the level out, or set 'cap: 5'",
    ),
    "signal_points_not_ascending": (
        rubric("3: 3, 4: 5", "3: 3, 4: 3"),
        "rubrics/talk.yaml:19:31: level 4 needs 3 points, and level 3 already 3 [rubric]\n"
        "hint: each level needs more points than the one below",
    ),
    "partly_above_met": (
        rubric(
            "{id: canary, text: names a canary}",
            "{id: canary, text: names a canary, signals: {met: 1, partly: 2}}",
        ),
        "rubrics/talk.yaml:30:44: 'partly' needs 2 points, and 'met' only 1 [rubric]\n"
        "hint: 'partly' needs at most the points of 'met'",
    ),
    "last_band_with_bounds": (
        rubric("      - {level: 1}\n", ""),
        "rubrics/talk.yaml:38:9: the last band has bounds, so that some values have no level "
        "[rubric]\n"
        "hint: end with a band that only has a level, such as '- {level: 1}'",
    ),
    "band_never_reached": (
        rubric("{level: 3, at_most: 1.25}", "{level: 3, at_least: 0.6, at_most: 0.9}"),
        "rubrics/talk.yaml:38:9: this band is never reached: band 1 already holds all of its "
        "values [rubric]\n"
        "hint: put narrower bands first",
    ),
    "band_upside_down": (
        rubric("{level: 3, at_most: 1.25}", "{level: 3, at_least: 2, at_most: 1.25}"),
        "rubrics/talk.yaml:38:9: a band from 2 to 1.25 holds nothing [rubric]\nhint: exchange the bounds",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_one_clear_message(tmp_path: Path, name: str) -> None:
    """Each says where, what was found, what was expected, and the way out; nothing else is reported."""
    files, expected = BROKEN[name]

    assert said(tmp_path, files) == expected

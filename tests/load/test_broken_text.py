"""What is no UTF-8, cannot be seen or was garbled, and what is no YAML or too much of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .project import (
    ATTEMPT,
    ATTEMPT_FILE,
    QUESTION,
    QUESTION_FILE,
    Files,
    attempt,
    question,
    said,
)

BROKEN: dict[str, tuple[Files, str]] = {
    "duplicate_key": (
        question("missions: [1]", "question: Another?\nmissions: [1]"),
        "cases/why/question.yaml:4:1: the key 'question' is there twice, first on line 1 [yaml]\n"
        "hint: take one of them out",
    ),
    "tab": (
        question("missions: [1]", "context:\n\tcompany: x"),
        "cases/why/question.yaml:5:1: there is a tab where YAML allows only spaces [yaml]\nhint: indent with spaces",
    ),
    "tag": (
        question("Why this company?", "!!python/object/apply:os.system [ls]"),
        "cases/why/question.yaml:1:11: the tag '!!python/object/apply:os.system' is refused: "
        "only plain values are allowed [yaml]\n"
        "hint: take it out",
    ),
    "two_documents": (
        {QUESTION_FILE: QUESTION + "---\n" + QUESTION},
        "cases/why/question.yaml:5:1: a second document begins here, but a file has only one [yaml]\n"
        "hint: take out the line '---'",
    ),
    "alias_bomb": (
        {
            QUESTION_FILE: "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(8))
        },
        "cases/why/question.yaml:5:23: there are more than 50,000 values [yaml]\n"
        "hint: aliases count as often as they are used",
    ),
    "alias_without_anchor": (
        question("Why this company?", "*important* question"),
        "cases/why/question.yaml:1:11: text cannot begin with '*' [yaml]\nhint: put the text in quotes",
    ),
    "too_many_aliases": (
        {QUESTION_FILE: "question: &q Why?\nmissions: [" + ",".join(["*q"] * 101) + "]\n"},
        "cases/why/question.yaml:2:312: there are more than 100 aliases [yaml]\nhint: write the values out",
    ),
    "too_deep": (
        {QUESTION_FILE: "question: " + "[" * 41 + "]" * 41 + "\n"},
        "cases/why/question.yaml:1:50: values are nested deeper than 40 levels [yaml]",
    ),
    "too_many_values": (
        {QUESTION_FILE: "missions: [" + "1," * 50_001 + "]\n"},
        "cases/why/question.yaml:1:100006: there are more than 50,000 values [yaml]\nhint: split the file",
    ),
    "too_large_yaml": (
        {QUESTION_FILE: "# " + "x" * 2_000_000 + "\n" + QUESTION},
        "cases/why/question.yaml:1:1: the file is larger than 2 MB [too-large]\n"
        "hint: an answer is a few kilobytes; is this the right file?",
    ),
    "too_large_attempt": (
        {ATTEMPT_FILE: "x" * 1_000_001},
        "cases/why/2026-10-02.md:1:1: the file is larger than 1 MB [too-large]\n"
        "hint: an answer is a few kilobytes; is this the right file?",
    ),
    "key_is_a_list": (
        {QUESTION_FILE: QUESTION + "? [a, b]\n: c\n"},
        "cases/why/question.yaml:5:3: a key must be plain text, found a list or mapping [yaml]\n"
        "hint: write 'key: value'",
    ),
    "colon_in_text": (
        question("Why this company?", "Why this: company?"),
        "cases/why/question.yaml:1:19: a ':' is where no key can be [yaml]\n"
        "hint: put text that contains ': ' in quotes, and check the indentation",
    ),
    "bracket_never_closed": (
        question("missions: [1]", "missions: [1"),
        "cases/why/question.yaml:4:11: the list that opens here with '[' goes wrong: a ',' or "
        "the ']' is missing [yaml]\n"
        "hint: put text with brackets, commas or ': ' in quotes",
    ),
    "quote_never_closed": (
        question("Why this company?", "'Why this company?"),
        "cases/why/question.yaml:1:11: the quotation mark that opens here is never closed [yaml]\n"
        "hint: close it, or take it out",
    ),
    "quoted_text_goes_on": (
        question("Why this company?", '"Why" this company?'),
        "cases/why/question.yaml:1:17: there is text after a value that is complete [yaml]\n"
        "hint: put the whole text in quotes",
    ),
    "text_begins_with_at": (
        question("Why this company?", "@you why?"),
        "cases/why/question.yaml:1:11: text cannot begin with '@' [yaml]\nhint: put the text in quotes",
    ),
    "indentation": (
        question("rubric: talk", " rubric: talk"),
        "cases/why/question.yaml:2:8: a ':' is where no key can be [yaml]\n"
        "hint: put text that contains ': ' in quotes, and check the indentation",
    ),
    "escape_in_quotes": (
        question("Why this company?", '"\\d"'),
        "cases/why/question.yaml:1:11: a backslash in these double quotes begins no known "
        "escape [yaml]\n"
        "hint: use single quotes for text with backslashes",
    ),
    "control_escape_in_quotes": (
        question("Why this company?", '"\\e[31mred"'),
        "cases/why/question.yaml:1:11: an escape in these double quotes makes the character "
        "U+001B [yaml]\n"
        "hint: take it out",
    ),
    "line_separator": (
        question("Why this company?", "Why\u2028this?"),
        "cases/why/question.yaml:1:14: the line separator U+2028 is in the text [yaml]\n"
        "hint: type an ordinary line break or a space instead",
    ),
    "utf_16": (
        {ATTEMPT_FILE: ATTEMPT.encode("utf-16")},
        "cases/why/2026-10-02.md:1:1: this is UTF-16 and not UTF-8 [encoding]\n"
        "hint: convert it: iconv -f UTF-16 -t UTF-8 cases/why/2026-10-02.md > "
        "cases/why/2026-10-02.md.new && mv cases/why/2026-10-02.md.new cases/why/2026-10-02.md",
    ),
    "utf_16_without_a_mark": (
        {ATTEMPT_FILE: ATTEMPT.encode("utf-16-le")},
        "cases/why/2026-10-02.md:1:1: this is UTF-16LE and not UTF-8 [encoding]\n"
        "hint: convert it: iconv -f UTF-16LE -t UTF-8 cases/why/2026-10-02.md > "
        "cases/why/2026-10-02.md.new && mv cases/why/2026-10-02.md.new cases/why/2026-10-02.md",
    ),
    "latin_1": (
        {ATTEMPT_FILE: ATTEMPT.replace("queue", "café").encode("latin-1")},
        "cases/why/2026-10-02.md:6:14: byte 0xE9 is not UTF-8; the file is probably Latin-1 "
        "[encoding]\n"
        "hint: convert it: iconv -f ISO-8859-1 -t UTF-8 cases/why/2026-10-02.md > "
        "cases/why/2026-10-02.md.new && mv cases/why/2026-10-02.md.new cases/why/2026-10-02.md",
    ),
    "windows_1252": (
        {ATTEMPT_FILE: ATTEMPT.replace("queue", "“queue”").encode("cp1252")},
        "cases/why/2026-10-02.md:6:11: byte 0x93 is not UTF-8; the file is probably "
        "Windows-1252 [encoding]\n"
        "hint: convert it: iconv -f WINDOWS-1252 -t UTF-8 cases/why/2026-10-02.md > "
        "cases/why/2026-10-02.md.new && mv cases/why/2026-10-02.md.new cases/why/2026-10-02.md",
    ),
    "mixed_encodings": (
        {ATTEMPT_FILE: ATTEMPT.replace("built", "büilt").encode() + b"caf\xe9\n"},
        "cases/why/2026-10-02.md:11:4: byte 0xE9 is not UTF-8, although text before it is "
        "[encoding]\n"
        "hint: the file mixes two encodings: type that character again",
    ),
    "nul": (
        attempt("queue", "que\0ue"),
        "cases/why/2026-10-02.md:6:14: the control character U+0000 is in the text "
        "[control-character]\n"
        "hint: take it out; it cannot be seen, and often comes with a copy from a PDF or a terminal",
    ),
    "control_character": (
        attempt("queue", "\x1b[31mqueue"),
        "cases/why/2026-10-02.md:6:11: the control character U+001B is in the text "
        "[control-character]\n"
        "hint: take it out; it cannot be seen, and often comes with a copy from a PDF or a terminal",
    ),
    "mojibake": (
        attempt("I built", "I donâ€™t know, I built"),
        "cases/why/2026-10-02.md:6:6: mis-decoded text: 'donâ€™t' [mojibake]\n"
        "hint: it was probably 'don’t'; repair the file: ftfy cases/why/2026-10-02.md -o "
        "cases/why/2026-10-02.md.new && mv cases/why/2026-10-02.md.new cases/why/2026-10-02.md",
    ),
    "mojibake_of_accents": (
        question("Why this company?", "Why this cafÃ©?"),
        "cases/why/question.yaml:1:23: mis-decoded text: 'cafÃ©?' [mojibake]\n"
        "hint: it was probably 'café?'; repair the file: ftfy cases/why/question.yaml -o "
        "cases/why/question.yaml.new && mv cases/why/question.yaml.new cases/why/question.yaml",
    ),
    "mojibake_of_an_emoji": (
        attempt("queue", "queue ðŸ˜€"),
        "cases/why/2026-10-02.md:6:17: mis-decoded text: 'ðŸ˜€' [mojibake]\n"
        "hint: it was probably '😀'; repair the file: ftfy cases/why/2026-10-02.md -o "
        "cases/why/2026-10-02.md.new && mv cases/why/2026-10-02.md.new cases/why/2026-10-02.md",
    ),
    "lost_characters": (
        attempt("queue", "que\ufffdue"),
        "cases/why/2026-10-02.md:6:14: the character U+FFFD says that text was lost here "
        "[mojibake]\n"
        "hint: type the lost characters again",
    ),
    "front_matter_never_closed": (
        {ATTEMPT_FILE: "---\ndate: 2026-10-02\n\nI built a queue.\n"},
        "cases/why/2026-10-02.md:1:1: the front matter is never closed [yaml]\nhint: end it with a line '---'",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_input_is_one_clear_message(tmp_path: Path, name: str) -> None:
    """Each says where, what was found, what was expected, and the way out; nothing else is reported."""
    files, expected = BROKEN[name]

    assert said(tmp_path, files) == expected

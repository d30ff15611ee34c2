"""Files as people and merges leave them: read by one rule, refused with a reason, or named; never silent."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalharness.errors import BadId, InvalidFiles
from evalharness.load import Loaded, load_project
from evalharness.load.questions import ID, check_author, nearest_id
from evalharness.practice.sheet import sheet, typed, with_setting
from evalharness.text.blocks import blanked, blocks
from evalharness.text.front import front
from evalharness.text.parts import headings
from tests.examples import examples
from tests.support import many, write_project

SECRET = "a private note about the interviewer"


def load(root: Path, text: str, name: str = "2026-10-01.md") -> Loaded:
    """Load a project of one question with `text` as one more attempt."""
    write_project(root, many(1))
    folder = next(root.rglob("question.yaml")).parent
    (folder / name).write_text(text, encoding="utf-8")
    return load_project([], cwd=root)


def told(root: Path, text: str, name: str = "2026-10-01.md") -> str:
    with pytest.raises(InvalidFiles) as refused:
        load(root, text, name)
    return " ".join(f"{problem.place} {problem.message} {problem.hint}" for problem in refused.value.problems)


@pytest.mark.parametrize(
    "head",
    [
        "---\nnotes: {}\n---\n",
        "--- # about me\nnotes: {}\n--- # that is all\n",
        "\n<!-- written on a train -->\n\n---\nnotes: {}\n...\n",
        "---yaml\nnotes: {}\n---\n",
    ],
)
def test_settings_are_settings_in_every_form_that_yaml_allows(tmp_path: Path, head: str) -> None:
    """A comment on the line, a comment before it, `...` at the end: notes are notes and no answer."""
    loaded = load(
        tmp_path, head.format(SECRET) + "I rang all 14 depots on the same day, because they had a right to it."
    )

    attempt = next(case.attempt for case in loaded.cases if case.attempt.id == "2026-10-01")
    assert attempt.notes == SECRET
    assert SECRET not in attempt.parts[0].text


@pytest.mark.parametrize(
    "head",
    [
        "+++\nnotes = '{}'\n+++\n",
        "notes: {}\n\n",
        "date: 2026-10-01\nnotes: {}\n---\n",
        "\u2014\nnotes: {}\n\u2014\n",
        "---toml\nnotes = '{}'\n---\n",
        ";;;\nnotes: {}\n;;;\n",
        ';;;\n{{"notes": "{}"}}\n;;;\n',
        '{{"notes": "{}"}}\n',
        '{{\n  "notes": "{}"\n}}\n',
        "-----\nnotes: {}\n-----\n",
        "---\ndate: 2026-10-01\n---\n---\nnotes: {}\n---\n",
        "Notes: {}\n\n",
        "- **Notes:** {}\n\n",
        "// notes: {}\n",
        "#+notes: {}\n\n",
        "--- {{notes: {}}}\n---\n",
        "+++\ntitle = 'x'\n\n[extra]\nnotes = '{}'\n+++\n",
        "# The export\n\n---\nnotes: {}\n---\n",
        "---\ndate: 2026-10-01\n---\nI rang them.\n\n---\nnotes: {}\n---\n",
        "--- !map\nnotes: {}\n---\n",
        "---\u2028notes: {}\u2028---\n",
        "**notes**: {}\n\n",
        "<details>\nnotes: {}\n</details>\n",
        "notes\uff1a {}\n\n",
    ],
)
def test_settings_in_another_form_are_refused_and_never_an_answer(tmp_path: Path, head: str) -> None:
    """What would be graded, sent and shown as part of the answer is a problem at its line."""
    assert "settings of the attempt are in its text" in told(tmp_path, head.format(SECRET) + "I rang 14 depots.")


@pytest.mark.parametrize(
    "text",
    [
        "I rang 14 depots.\n\n---\n\nThen I wrote it down.\n\n---\n",
        "I rang 14 depots.\n\n```yaml\n---\nid: depot\n---\n```\n",
        "# Source of the fault: a depot\n\nI rang it.\n",
        "***\nI rang 14 depots.\n***\n",
    ],
)
def test_rules_code_and_headings_of_an_answer_are_no_settings(text: str) -> None:
    """Nothing that people write in an answer is refused for a line of dashes in it."""
    assert not front(text).trouble


@given(st.text(alphabet="-+.#{}:=<>!~`\n abnotes", max_size=60))
def test_reader_and_writer_go_by_one_rule(text: str) -> None:
    """What the reader takes for the answer the writer keeps, and a file that is written is read back."""
    found = front(text)
    assert 0 <= found.start <= len(text)
    written = sheet(text)
    if not found.trouble:
        again = sheet(f"---\n{with_setting('date: 2026-10-01', 'self_score', '3')}\n---\n\n{written.words}")
        assert front(written.words).trouble or again.words.strip() == written.words.strip()


@given(st.text(alphabet="#`~<!->%[]:\n abc", max_size=80))
def test_comments_and_code_hold_no_heading(text: str) -> None:
    """Blanking moves nothing, and a heading begins outside of every comment and fence."""
    plain = blanked(text)

    assert len(plain) == len(text)
    assert plain.count("\n") == text.count("\n")
    for heading in headings(text):
        assert not any(
            block.start < heading.start + 3 < block.end for block in blocks(text) if block.is_comment is False
        )


@pytest.mark.parametrize(
    "note",
    [
        "[//]: # ({})", "[comment]: <> ({})", "[_]: x '{}'", "%% {} %%", "%%\n{}\n\n## Notes\n%%", "<!-- {} -->",
        "<? {} ?>", "<?php\n{} ?>", "<![CDATA[ {} ]]>", "<!NOTE {}>", "<script>\n// {}\n</script>",
        "<TEMPLATE>{}</Template>", "<style>/* {} */</style>", "<div hidden>\n{}\n</div>",
        "<p style='display: none'>{}</p>", "<details hidden><summary>{}</summary></details>",
    ],
)  # fmt: skip
def test_a_note_that_no_reader_of_the_page_sees_is_no_answer(tmp_path: Path, note: str) -> None:
    """Markdown, and the programs that keep notes in it, have several forms for a comment; none is sent."""
    loaded = load(
        tmp_path, f"I rang all 14 depots: 5%% of them knew.\n\n{note.format(SECRET)}\n\nI rang twice, 7%% more.\n"
    )

    (answer,) = next(case.attempt for case in loaded.cases if case.attempt.id == "2026-10-01").parts
    assert SECRET not in answer.text
    assert "5%% of them knew." in answer.text
    assert "I rang twice, 7%% more." in answer.text


def test_a_comment_is_no_part_and_not_graded(tmp_path: Path) -> None:
    """Neither its heading nor its words are in the attempt."""
    loaded = load(tmp_path, f"I rang 14 depots in 2 days.\n\n<!--\n# {SECRET}\n\n{SECRET}\n-->\n\nThen I slept.\n")

    attempt = next(case.attempt for case in loaded.cases if case.attempt.id == "2026-10-01")
    assert not any(SECRET in part.text for part in attempt.parts)
    assert attempt.parts[0].text.endswith("Then I slept.")


@pytest.mark.parametrize(
    "marks", ["<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> other\n", "{}\n>>>>>>> other\n", "<<<<<<<\n{}"]
)
def test_an_unresolved_merge_is_no_answer(tmp_path: Path, marks: str) -> None:
    """Named with its line; within fenced code it is an example."""
    text = marks.replace("{}", "I rang 14 depots.")

    assert "an unresolved merge" in told(tmp_path / "a", text)
    assert load(tmp_path / "b", f"See:\n\n```\n{text}\n```\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("/annex/objects/SHA256E-s12--0a1b.md\n", "git annex get"),
        ("../.git/annex/objects/Wx/1Q/SHA256E-s12--0a1b.md/SHA256E-s12--0a1b.md", "git annex get"),
        ("<!DOCTYPE html>\n<html><body><p>I rang them.</p></body></html>", "a web page, not a text file"),
    ],
)
def test_what_stands_in_for_an_answer_is_no_answer(tmp_path: Path, text: str, said: str) -> None:
    """A pointer of git-annex, a saved page: refused with the way to the text."""
    assert said in told(tmp_path, text)


def test_a_pointer_of_lfs_is_no_answer(tmp_path: Path) -> None:
    """What stands there is not the file."""
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'4d' * 32}\nsize 12345\n"

    assert "git lfs pull" in told(tmp_path, text)


@pytest.mark.parametrize(
    "name", ["2026-10-02.MD", "2026-10-02.markdown", "notes.txt", "2026-10-02.md.txt", "2026-10-02", "2026-10-02.docx"]
)
def test_a_file_that_looks_like_an_attempt_is_named(tmp_path: Path, name: str) -> None:
    """Nobody finds out on the day of the interview that an answer was never read."""
    loaded = load(tmp_path, "I rang 14 depots.", name)

    (one,) = loaded.told
    assert one.path.endswith(name)
    assert "are not read" in one.message
    assert ".md" in one.hint


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
@pytest.mark.parametrize("kind", ["a pipe", "a device", "a folder", "a link to nothing", "a link to itself"])
@pytest.mark.parametrize("name", ["cases/q0/2026-10-02.md", "evalharness.yaml", "rubrics/talk.yaml"])
def test_what_is_no_file_is_waited_for_by_nobody(tmp_path: Path, name: str, kind: str) -> None:
    """It is named as a problem, or a file that is missing is."""
    write_project(tmp_path, many(1))
    place = tmp_path / name
    place.unlink(missing_ok=True)
    match kind:
        case "a pipe":
            os.mkfifo(place)
        case "a device":
            place.symlink_to("/dev/zero")
        case "a folder":
            place.mkdir()
        case "a link to itself":
            place.symlink_to(place.name)
        case _:
            place.symlink_to("nowhere")
    try:
        loaded = load_project([], cwd=tmp_path)
    except InvalidFiles as refused:
        told = [problem.path or problem.message for problem in refused.problems]
    else:
        told = [problem.path for problem in loaded.told] or [str(loaded.config.model)]

    assert told


@pytest.mark.parametrize("name", ["README.MD", "2026-10-02.m4a", "2026-10-02.png", "2026-10-02.md~"])
def test_recordings_and_read_mes_are_left_alone(tmp_path: Path, name: str) -> None:
    """What may lie beside an attempt is no problem."""
    loaded = load(tmp_path, "x", name)

    assert loaded.cases
    assert not loaded.told


@given(st.text(max_size=120))
def test_an_author_is_taken_by_writer_and_loader_or_by_neither(name: str) -> None:
    """`new --author` refuses what the loader refuses, and what it proposes is taken."""
    if ID.fullmatch(name):
        check_author(name)
    else:
        with pytest.raises(BadId):
            check_author(name)
    assert not nearest_id(name) or ID.fullmatch(nearest_id(name))


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=200), st.text(alphabet="-#<>=|~`!\n+:ab\u200b\u3042\x00", max_size=80).map(str.encode))
)
def test_any_bytes_as_an_attempt_are_read_or_refused(data: bytes) -> None:
    """No bytes end in an exception that nobody expects; and what is read is told back the same."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        write_project(root, many(1))
        (next(root.rglob("question.yaml")).parent / "2026-10-01.md").write_bytes(data)
        try:
            loaded = load_project([], cwd=root)
        except InvalidFiles:
            return
        assert loaded.cases


@given(st.text(max_size=60))
def test_what_is_typed_can_be_written(text: str) -> None:
    """Half characters and controls of a console never reach the file."""
    assert typed(text).encode("utf-8").decode("utf-8") == typed(text)
    assert not any(ord(c) < 32 and c not in "\n\t" for c in typed(text))

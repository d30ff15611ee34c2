"""Grading through any chat: prompts out, replies back by pasting or by file, checked while the person sits there."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evalharness
from evalharness.errors import InputError
from evalharness.graders.chat.inputs import BEGIN, END, Inputs
from evalharness.graders.interrupt import GRACE
from evalharness.graders.prompting.prompt import TEXT_VERSION
from evalharness.grading import preview
from evalharness.history.workflow import history
from evalharness.model.nouns import Graded, Ungraded, Why
from evalharness.model.run import Run, RunState
from tests.graders.standin import reply_to
from tests.support import Notes, many, world_at, write_project
from tests.terminal import CTRL_C, Terminal

SETTINGS: dict[str, Any] = {"grader": "chat", "max_samples": 1}
RUN = ("run", "--grader", "chat", "--max-samples", "1", "cases/")
TICKET = re.compile(r"\.([0-9a-f]{8})\.prompt")


def go(root: Path, notes: Notes | None = None, **settings: Any) -> Run:
    return evalharness.run([], settings={**SETTINGS, **settings}, world=world_at(root, watcher=notes))


def prompts(root: Path) -> list[Path]:
    return sorted((root / "chat").glob("*.prompt.txt"))


def answer(prompt: Path, edit: Callable[[dict[str, Any]], None] | None = None) -> str:
    """Return what a chat says to a prompt, in a fence, with the ticket that the prompt asks for."""
    found = TICKET.search(prompt.name)
    assert found
    reply = {"answer": found.group(1), **json.loads(reply_to(prompt.read_text(encoding="utf-8")))}
    if edit:
        edit(reply)
    return f"Here you are:\n\n```json\n{json.dumps(reply, indent=1)}\n```\n"


def answer_set(prompt: Path) -> str:
    """Return what a chat says to a prompt with many answers."""
    text = prompt.read_text(encoding="utf-8")
    head, *answers = re.split(r"^Answer ([0-9a-f]{8})\n", text, flags=re.MULTILINE)
    schema = json.dumps({"properties": {"grades": {}}})
    replies = [
        {"answer": mark, **json.loads(reply_to(f"{head}\n{body}\n{schema}"))}
        for mark, body in zip(answers[::2], answers[1::2], strict=True)
    ]
    return json.dumps({"answers": replies})


def invent(reply: dict[str, Any]) -> None:
    reply["grades"][0]["quotes"] = ["Nobody ever said this sentence anywhere near here."]
    reply["grades"][0]["level"] = 5


def too_high(reply: dict[str, Any]) -> None:
    reply["grades"][0]["level"] = 7


def without_quotes(reply: dict[str, Any]) -> None:
    del reply["grades"][0]["quotes"]


def all_wrong(reply: dict[str, Any]) -> None:
    for grade in reply["grades"]:
        grade["level"] = 7


def outcomes(run: Run) -> list[str]:
    return [
        "graded" if isinstance(g.outcome, Graded) else g.outcome.why.value for g in run.grades if g.calls or g.model
    ] or [g.outcome.why.value for g in run.grades if isinstance(g.outcome, Ungraded)]


def test_without_a_terminal_prompts_are_written_and_the_run_says_what_is_missing(tmp_path: Path) -> None:
    """Nobody waits where nobody can paste: the run is incomplete, and what to do stands in the reason."""
    notes = Notes()
    run = go(write_project(tmp_path, many(2)), notes)

    assert len(prompts(tmp_path)) == 2
    assert {g.outcome.why for g in run.grades if isinstance(g.outcome, Ungraded)} == {Why.PENDING}
    assert all("chat/q" in g.outcome.detail for g in run.grades if isinstance(g.outcome, Ungraded))
    assert "0 of 2 replies there; 2 prompts to paste" in " ".join(notes.lines)
    assert (tmp_path / "chat/.gitignore").read_text() == "*\n"


def test_replies_are_imported_later_in_any_order_under_any_name(tmp_path: Path) -> None:
    """A reply names its answer by the ticket that it was given; the rest of the run goes as always."""
    root = write_project(tmp_path, many(3))
    go(root)
    folder = tmp_path / "from-my-phone"
    folder.mkdir()
    for number, prompt in enumerate(reversed(prompts(root))):
        (folder / f"note {number}.md").write_text(answer(prompt), encoding="utf-8")
    run = go(root, replies="from-my-phone")

    assert (run.meta.state, run.meta.ungraded, run.meta.cost.calls, run.meta.cost.spent) == (
        RunState.FINISHED,
        0,
        3,
        None,
    )
    _, _, found = history(settings=SETTINGS, world=world_at(root))
    assert all(series.results[-1].total is not None for series in found.series)


def test_a_reply_file_that_is_named_like_its_prompt_needs_no_ticket(tmp_path: Path) -> None:
    """Chats drop fields; a name is as good."""
    root = write_project(tmp_path)
    go(root)
    (prompt,) = prompts(root)
    reply = prompt.with_name(prompt.name.replace(".prompt.", ".reply."))
    reply.write_text(answer(prompt, lambda reply: reply.pop("answer")), encoding="utf-8")

    assert go(root).meta.ungraded == 0


def test_a_whole_set_is_one_prompt_where_it_fits_and_another_measurement(tmp_path: Path) -> None:
    """One paste for all answers; grades of the two ways are never mixed."""
    root = write_project(tmp_path, many(4))
    go(root, together=True)
    (prompt,) = prompts(root)
    (root / "chat" / "all.txt").write_text(answer_set(prompt), encoding="utf-8")
    run = go(root, together=True)

    assert (run.meta.ungraded, run.meta.grader.prompt) == (0, f"{TEXT_VERSION}-set")
    assert go(root).meta.ungraded == 8


def test_a_set_that_does_not_fit_is_split(tmp_path: Path) -> None:
    """No prompt is longer than a chat takes in one paste."""
    long = {name: text * 60 for name, text in many(12).items()}
    root = write_project(tmp_path, long)
    go(root, together=True)

    sizes = [len(path.read_text(encoding="utf-8")) for path in prompts(root)]
    assert len(sizes) > 1
    assert max(sizes) <= 60_000


def test_a_wrong_reply_in_a_file_is_told_with_what_to_paste_back(tmp_path: Path) -> None:
    """Which criterion, which quote, and the text that asks the chat for it again; the rest is graded."""
    root, notes = write_project(tmp_path), Notes()
    go(root)
    (prompt,) = prompts(root)
    (root / "chat" / "a.txt").write_text(answer(prompt, invent), encoding="utf-8")
    run = go(root, notes)
    again = next((root / "chat").glob("*.again.txt")).read_text(encoding="utf-8")

    assert run.meta.ungraded == 1
    assert "Nobody ever said this sentence" in again
    assert any("paste chat/" in line and "back into the chat" in line for line in notes.lines)

    (root / "chat" / "b.txt").write_text(answer(prompt), encoding="utf-8")
    assert go(root).meta.ungraded == 0


@pytest.mark.parametrize(
    ("edit", "left", "said"),
    [(too_high, 1, "level: expected int <= 5"), (without_quotes, 1, "quotes"), (all_wrong, 2, "level: expected int")],
)
def test_an_entry_of_the_wrong_shape_takes_no_other_with_it(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None], left: int, said: str
) -> None:
    """The entries that are right are grades; what is wrong with the others is said, and stored with them."""
    root, notes = write_project(tmp_path), Notes()
    go(root)
    (prompt,) = prompts(root)
    (root / "chat" / "a.txt").write_text(answer(prompt, edit), encoding="utf-8")
    run = go(root, notes)
    lines = "\n".join(notes.lines)

    assert run.meta.ungraded == left
    assert "answers none" not in lines
    assert said in lines
    assert said in next((root / "chat").glob("*.again.txt")).read_text(encoding="utf-8")
    assert all(said in g.outcome.detail for g in run.grades if isinstance(g.outcome, Ungraded))

    (root / "chat" / "b.txt").write_text(answer(prompt), encoding="utf-8")
    assert go(root).meta.ungraded == 0


def test_names_that_are_redacted_leave_in_no_prompt_and_in_no_correction(tmp_path: Path) -> None:
    """What is pasted into somebody else's chat has no name in it, the second time neither."""
    root = write_project(tmp_path, config="redact: [engineer]\n")
    go(root)
    (prompt,) = prompts(root)

    def quote_wrongly(reply: dict[str, Any]) -> None:
        reply["grades"][0] |= {"quotes": ["The REDACTED-1 said something else about all of it."], "level": 5}

    (root / "chat" / "a.txt").write_text(answer(prompt, quote_wrongly), encoding="utf-8")
    go(root)

    texts = [path.read_text(encoding="utf-8") for path in (root / "chat").glob("*.*.txt") if "reply" not in path.name]
    assert len(texts) == 2
    assert not any("engineer" in text for text in texts)


def test_a_reply_to_another_model_is_not_taken_for_this_one(tmp_path: Path) -> None:
    """The model that was named is part of who graded."""
    root = write_project(tmp_path)
    go(root, model="one")
    (prompt,) = prompts(root)
    (root / "chat" / "a.txt").write_text(answer(prompt), encoding="utf-8")

    assert go(root, model="two").meta.ungraded == 2
    assert go(root, model="one").meta.ungraded == 0


def test_a_folder_to_import_from_must_be_there(tmp_path: Path) -> None:
    """A typo in a path is told at once."""
    with pytest.raises(InputError, match="no folder"):
        go(write_project(tmp_path), replies="elsewhere")


def test_prompt_shows_what_is_pasted_and_nothing_is_written(tmp_path: Path) -> None:
    """Looking leaves no trace."""
    root = write_project(tmp_path)
    ((_, request),) = preview.requests("export", None, SETTINGS, world_at(root))

    assert '"answer" is "' in request["messages"][0]["content"]
    assert not (root / "chat").exists()


# --- behind a terminal -------------------------------------------------------------------------------


def paste(screen: Terminal, text: str) -> None:
    screen.enter(f"{BEGIN}{text}{END}")


def test_one_prompt_after_the_other_is_copied_and_its_reply_pasted(tmp_path: Path) -> None:
    """The clipboard gets each prompt through the terminal; a long reply arrives whole; exit 0 at the end."""
    root = write_project(tmp_path, many(2))
    with Terminal(*RUN, cwd=root, env={"PATH": "", "SSH_TTY": "/dev/pts/9"}) as screen:
        screen.wait_for("(2 to go)")
        first, second = prompts(root)
        paste(screen, answer(first) + " " * 9_000)
        screen.wait_for("(1 to go)")
        screen.enter(answer(second).strip() + "\n")
        code = screen.exit_code()

    assert code == 0, screen.seen
    copied = [base64.b64decode(text).decode() for text in re.findall(r"\x1b\]52;c;([^\x07]+)\x07", screen.seen)]
    assert copied == [first.read_text(), second.read_text()]
    assert len(list((root / "chat").glob("*.reply.txt"))) == 2


def test_what_is_wrong_with_a_reply_is_said_at_once_and_the_next_reply_mends_it(tmp_path: Path) -> None:
    """Words without JSON, an invented quote, then the right one; a file dropped into chat/ is as good as a paste."""
    root = write_project(tmp_path, many(2))
    with Terminal(*RUN, cwd=root, env={"PATH": ""}) as screen:
        screen.wait_for("(2 to go)")
        first, second = prompts(root)
        paste(screen, "I cannot grade this, sorry.")
        screen.wait_for("holds no JSON object with grades")
        paste(screen, answer(first, all_wrong))
        screen.wait_for("level: expected int <= 5")
        paste(screen, answer(first, invent))
        screen.wait_for("not in the answer: ")
        screen.wait_for("back into the chat")
        paste(screen, answer(second))
        screen.wait_for("that is a reply to another prompt; it is kept")
        (root / "chat" / "dropped.md").write_text(answer(first))
        code = screen.exit_code()

    assert code == 0, screen.seen


def test_what_was_pasted_before_ctrl_c_is_not_pasted_again(tmp_path: Path) -> None:
    """Interrupted, skipped, gone on with: every reply is on disk before it is read."""
    root = write_project(tmp_path, many(3))
    with Terminal(*RUN, cwd=root, env={"PATH": ""}) as screen:
        screen.wait_for("(3 to go)")
        first, _, third = prompts(root)
        paste(screen, answer(first))
        screen.wait_for("(2 to go)")
        screen.enter("skip\n")
        screen.wait_for("(1 to go)")
        pressed = time.monotonic()
        screen.enter(CTRL_C)
        assert screen.exit_code() == 130
        assert time.monotonic() - pressed < GRACE
        assert "calls under way" not in screen.seen
        assert "Traceback" not in screen.seen
    with Terminal(*RUN, cwd=root, env={"PATH": ""}) as screen:
        screen.wait_for("(2 to go)")
        screen.enter("skip\n")
        screen.wait_for("(1 to go)")
        paste(screen, answer(third))
        assert screen.exit_code() == 3
    assert "replies in chat/ to other prompts than these: 1" in screen.seen
    assert "answers none" not in screen.seen


# --- what a terminal sends ---------------------------------------------------------------------------

REPLY = json.dumps({"answer": "0123abcd", "grades": [{"criterion": "c", "quotes": ["\u00e9 {x} }"]}]}, indent=1)


@given(st.lists(st.integers(1, 40), max_size=40))
def test_a_reply_is_whole_however_it_is_cut_into_pieces(cuts: list[int]) -> None:
    """Bytes of one character, marks of a paste, lines: they may come apart anywhere."""
    text = f"copy\nSure!\n```json\n{REPLY}\n```\n{BEGIN}pasted {{ text{END}\nskip\n".encode()
    inputs, found = Inputs(), list[str]()
    for cut in [*cuts, len(text)]:
        found += inputs.feed(text[:cut])
        text = text[cut:]

    assert found == ["copy", f"Sure!\n```json\n{REPLY}", "pasted { text", "skip"]


def test_ctrl_d_ends_what_holds_no_json() -> None:
    """A refusal in words is an input too."""
    inputs = Inputs()

    assert list(inputs.feed(b"I would rather not.\nSorry.\n")) == []
    assert list(inputs.feed(b"\x04")) == ["I would rather not.\nSorry.\n"]

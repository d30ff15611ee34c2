"""`undo` removes what a command wrote, names it first, and never a word that a person wrote since."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from evalharness.cli import main
from evalharness.init.workflow import init
from evalharness.store.written import FOLDER, NOTES, Note, remember, remembered
from tests.terminal import Terminal


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    init(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cases(root: Path) -> list[str]:
    return sorted(path.relative_to(root / "cases").as_posix() for path in (root / "cases").rglob("*"))


def test_a_new_question_goes_with_its_folder(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both files are named, both are removed, and the empty folder with them; `cases` stays."""
    assert main(["new", "Why us?", "--no-edit"]) == 0
    capsys.readouterr()

    assert main(["undo", "--yes"]) == 0

    told = capsys.readouterr().out
    assert "remove: cases/why-us/question.yaml" in told
    assert told.endswith("removed 2 files\n")
    assert cases(repository) == []
    assert (repository / "cases").is_dir()


def test_nothing_goes_where_nobody_can_be_asked(repository: Path) -> None:
    """A pipe is no answer."""
    main(["new", "Why us?", "--no-edit"])

    assert main(["undo"]) == 2
    assert len(cases(repository)) == 3


def test_a_person_is_asked_and_may_say_no(repository: Path) -> None:
    """Enter alone keeps everything."""
    main(["new", "Why us?", "--no-edit"])

    with Terminal("undo", cwd=repository) as terminal:
        terminal.wait_for("Remove 2 files?")
        terminal.enter("\n")
        assert terminal.exit_code() == 0

    assert len(cases(repository)) == 3


def test_words_written_since_stay_and_so_does_their_question(repository: Path) -> None:
    """A changed file is kept, and `question.yaml`, without which nobody could read it; `--changed` takes both."""
    main(["new", "Why us?", "--no-edit"])
    draft = next((repository / "cases/why-us").glob("*.md"))
    draft.write_text(draft.read_text("utf-8") + "Because of your ledger.\n", encoding="utf-8")

    assert main(["undo", "--yes"]) == 2
    assert len(cases(repository)) == 3
    assert main(["undo", "--changed", "--yes"]) == 0
    assert cases(repository) == []


def test_the_next_undo_goes_one_command_further_back(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was undone, or deleted by hand, is passed over; then there is nothing left."""
    for question in ("Why us?", "Why now?", "What is a good failure?"):
        main(["new", question, "--no-edit"])
    for file in (repository / "cases/why-now").iterdir():
        file.unlink()

    assert [main(["undo", "--yes"]) for _ in range(3)] == [0, 0, 2]
    assert "there is nothing to undo here" in capsys.readouterr().err
    assert cases(repository) == ["why-now"]


def test_a_practised_answer_can_be_undone(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The attempt goes, the question stays, and so do the grades."""
    main(["new", "Why us?", "--no-edit"])
    draft = next((repository / "cases/why-us").glob("*.md"))
    draft.unlink()
    with Terminal("practice", "why-us", "--grader", "heuristic", cwd=repository) as terminal:
        terminal.wait_for("> ")
        terminal.enter("I chose you for your ledger.\n")
        terminal.wait_for("> ")
        terminal.enter(".\n")
        terminal.wait_for("how good did it feel")
        terminal.enter("\n")
        terminal.wait_for("another go?")
        terminal.enter("\n")
        assert terminal.exit_code() == 0
    assert draft.is_file()

    assert main(["undo", "--yes"]) == 0
    assert cases(repository) == ["why-us", "why-us/question.yaml"]
    assert list((repository / "reports").glob("*/run.json"))


def test_no_note_names_a_file_elsewhere(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A note that came with a clone, or through a link, removes nothing outside of the project."""
    outside = tmp_path_factory.mktemp("outside") / "mine.md"
    outside.write_text("mine", encoding="utf-8")
    remember(outside.parent, "new", [outside], at="2026-11-28T09:00:00Z")
    told = remembered(outside.parent)[0]
    (repository / "cases/link").symlink_to(outside.parent)
    up = "/".join([".."] * len(repository.parts))
    (repository / FOLDER).mkdir()
    names = [str(outside), f"{up}{outside}", "cases/link/mine.md"]
    lines = [msgspec.structs.replace(told, files={name: told.files["mine.md"]}) for name in names]
    (repository / FOLDER / NOTES).write_bytes(b"\n".join(map(msgspec.json.encode, lines)) + b"\n")

    assert main(["undo", "--yes"]) == 2
    assert outside.read_text("utf-8") == "mine"


def test_notes_that_cannot_be_written_or_read_disturb_nobody(repository: Path) -> None:
    """A file in the way, half a line: `new` makes its question all the same."""
    (repository / FOLDER).write_text("in the way", encoding="utf-8")
    assert main(["new", "Why us?", "--no-edit"]) == 0
    (repository / FOLDER).unlink()
    assert main(["new", "Why now?", "--no-edit"]) == 0
    with (repository / FOLDER / NOTES).open("ab") as stream:
        stream.write(b'{"at": "2026')

    assert main(["undo", "--yes"]) == 0
    assert (repository / FOLDER / ".gitignore").read_text("utf-8") == "*\n"


def test_a_file_counts_in_its_newest_note_only(tmp_path: Path) -> None:
    """One file that two commands wrote is undone once."""
    file = tmp_path / "a.md"
    for text, command in (("one", "new"), ("two", "practice")):
        file.write_text(text, encoding="utf-8")
        remember(tmp_path, command, [file], at="2026-11-28T09:00:00Z")

    assert [(note.command, set(note.files)) for note in remembered(tmp_path)] == [("practice", {"a.md"})]
    assert isinstance(remembered(tmp_path)[0], Note)


def test_an_import_is_undone_with_its_folders(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Everything that it wrote goes, the document stays."""
    (repository / "prep.md").write_text(
        '## 1. Why us?\n\nSample answer: "I read your ledger in May."\n', encoding="utf-8"
    )
    assert main(["import", "prep.md", "--rubric", "story", "--yes"]) == 0
    assert cases(repository) != []

    assert main(["undo", "--yes"]) == 0
    assert "written by import" in capsys.readouterr().out
    assert cases(repository) == []
    assert (repository / "prep.md").is_file()

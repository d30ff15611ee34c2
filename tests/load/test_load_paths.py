"""Where it is loaded from: paths, roots, folders, links."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.errors import InvalidFiles
from evalharness.load import find_project, find_root, load_project

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
    keys,
    load,
    write,
)


def test_paths_choose_cases(tmp_path: Path) -> None:
    """A file, a question, an author's folder, a family, everything; each attempt once."""
    files = {
        "cases/why/priya/2026-10-05.md": ATTEMPT,
        "cases/family/other/question.yaml": QUESTION,
        "cases/family/other/2026-10-02.md": ATTEMPT,
        ONE_FILE_FILE: ONE_FILE,
    }
    write(tmp_path, files)
    every = ["excites/me/2026-10-02", "other/me/2026-10-02", "why/me/2026-10-02", "why/priya/2026-10-05"]

    assert keys(tmp_path, {}) == every
    assert keys(tmp_path, {}, ".") == every
    assert keys(tmp_path, {}, "cases", "cases/why", ATTEMPT_FILE) == every
    assert keys(tmp_path, {}, "cases/why") == every[2:]
    assert keys(tmp_path, {}, QUESTION_FILE) == every[2:]
    assert keys(tmp_path, {}, "cases/why/priya") == every[3:]
    assert keys(tmp_path, {}, "cases/family") == every[1:2]
    assert keys(tmp_path, {}, ATTEMPT_FILE, "cases/why/priya/2026-10-05.md") == every[2:]
    assert keys(tmp_path, {}, ONE_FILE_FILE) == every[:1]
    assert keys(tmp_path, {}, RUBRIC_FILE, "rubrics", CONFIG_FILE) == []


def test_paths_are_relative_to_the_working_folder(tmp_path: Path) -> None:
    """The project begins above it, and names in messages and nouns begin at the project."""
    write(tmp_path, {})
    loaded = load_project([Path("../why/2026-10-02.md")], cwd=tmp_path / "cases" / "why")

    assert loaded.root == tmp_path.resolve()
    assert loaded.cases[0].attempt.path == ATTEMPT_FILE


def test_broken_files_outside_of_the_paths_never_block(tmp_path: Path) -> None:
    """Somebody else's half-written question is not in the way."""
    files = {
        "cases/broken/question.yaml": "question: [\n",
        "cases/why/broken.md": "---\n",
        "cases/dup/why/question.yaml": QUESTION,
        "rubrics/broken.yaml": "title: [\n",
    }

    assert keys(tmp_path, files, ATTEMPT_FILE) == ["why/me/2026-10-02"]
    with pytest.raises(InvalidFiles) as caught:
        load(tmp_path, files)
    assert [problem.path for problem in caught.value.problems] == [
        "cases/broken/question.yaml",
        "cases/why/broken.md",
        "cases/why/question.yaml",
        "rubrics/broken.yaml",
    ]


@pytest.mark.parametrize(
    ("path", "message", "hint"),
    [
        ("cases/wyh/2026-10-02.md", "there is no such file or folder", "did you mean 'cases/why'?"),
        ("casse", "there is no such file or folder", "did you mean 'cases'?"),
        ("zzz", "there is no such file or folder", "paths are files or folders under cases/, or rubrics"),
        (
            "notes.txt",
            "this is neither an attempt, a question nor a rubric",
            "attempts end in .md, questions and rubrics in .yaml; to take questions and answers out of a document: "
            "evalharness import notes.txt",
        ),
        (
            "lost.md",
            "there is no question.yaml for this attempt",
            'put it into the folder of its question; `evalharness new "Why us?"` makes the folder of a new one',
        ),
    ],
)
def test_a_path_that_leads_nowhere_is_told_with_its_neighbour(
    tmp_path: Path, path: str, message: str, hint: str
) -> None:
    """The nearest name that exists in the last folder that exists."""
    write(tmp_path, {"notes.txt": "x", "lost.md": "x"})
    with pytest.raises(InvalidFiles) as caught:
        load_project([Path(path)], cwd=tmp_path)

    (problem,) = caught.value.problems
    assert (problem.path, problem.message, problem.hint) == (path, message, hint)


def test_a_path_outside_of_the_project_is_refused(tmp_path: Path) -> None:
    """One run is about one project."""
    write(tmp_path / "a", {})
    write(tmp_path / "b", {})
    with pytest.raises(InvalidFiles) as caught:
        load_project([Path("cases"), Path("../b/cases")], cwd=tmp_path / "a")

    (problem,) = caught.value.problems
    assert problem.path == "../b/cases"
    assert problem.message.startswith("this is outside the project /")


def test_a_project_without_cases_is_told_how_to_begin(tmp_path: Path) -> None:
    """The first thing that a newcomer in an empty folder sees."""
    with pytest.raises(InvalidFiles) as caught:
        load_project([], cwd=tmp_path)

    (problem,) = caught.value.problems
    assert problem.place == tmp_path.as_posix()
    assert problem.message == "no answers are kept here: the folder is empty"
    assert problem.hint.endswith("begin here: evalharness init ., or in a new folder: evalharness init my-answers")


def test_the_root_is_the_nearest_configuration_else_the_folder_of_cases(tmp_path: Path) -> None:
    """Else the working folder."""
    (tmp_path / "a/cases/q").mkdir(parents=True)
    (tmp_path / "a/cases/q/x.md").write_text("x")

    assert find_root([Path("a/cases/q/x.md")], tmp_path) == tmp_path / "a"
    assert find_root([], tmp_path) == tmp_path
    (tmp_path / CONFIG_FILE).write_text("")
    assert find_root([Path("a/cases")], tmp_path) == tmp_path
    assert find_project(cwd=tmp_path / "a").root == tmp_path.resolve()


def test_folders_can_be_configured(tmp_path: Path) -> None:
    """Where cases and rubrics lie is the project's own matter."""
    config = "cases: my/answers\nrubrics: my/rubrics\nsamples: 5\nredact: [Larkfield, {name: Ana, as: P}]\n"
    files = {
        CONFIG_FILE: config,
        "my/answers/q/question.yaml": QUESTION.replace("talk", "own"),
        "my/answers/q/2026-10-02.md": ATTEMPT,
        "my/rubrics/own.yaml": RUBRIC,
    }
    loaded = load(tmp_path, files)

    assert [case.attempt.key for case in loaded.cases] == ["q/me/2026-10-02"]
    assert loaded.rubrics["own"].path == "my/rubrics/own.yaml"
    assert loaded.config.max_samples == 5
    assert loaded.config.redact == (("Larkfield", "REDACTED-1"), ("Ana", "P"))


def test_symbolic_links_that_leave_the_project_are_refused(tmp_path: Path) -> None:
    """A link inside is followed once, also where it leads in a circle; one that leaves is never read."""
    root = write(tmp_path / "project", {})
    (tmp_path / "secret.md").write_text(ATTEMPT)
    (root / "cases/why/leaves.md").symlink_to(tmp_path / "secret.md")
    (root / "cases/why/inside.md").symlink_to(root / ATTEMPT_FILE)
    (root / "cases/circle").symlink_to(root / "cases")
    (root / "rubrics/own.yaml").symlink_to(tmp_path / "secret.md")
    with pytest.raises(InvalidFiles) as caught:
        load_project([], cwd=root)

    told = {problem.path: problem.message for problem in caught.value.problems}
    assert told["cases/why/leaves.md"] == "the symbolic link leaves the project"
    assert told["rubrics/own.yaml"] == "the symbolic link leaves the project"
    assert "cases/why/inside.md" not in told
    with pytest.raises(InvalidFiles) as caught:
        load_project([Path("cases/why/leaves.md")], cwd=root)
    assert caught.value.problems[0].message.startswith("this is outside the project")

"""What a person at a terminal sees: nearest names, lines that fit, no page between the lines of a shell."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness import cli
from evalharness.cli import COMMANDS, main
from evalharness.cli.screen import here
from evalharness.explain.workflow import look_up, meanings
from evalharness.reports.terminal.columns import Column, cells, fitting, grid, table
from tests.support import many, write_project
from tests.terminal import Terminal


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CI", "true")
    return tmp_path


@pytest.mark.parametrize(("typed", "meant"), [("pratice", "practice"), ("breif", "brief"), ("repot", "report")])
def test_a_command_with_a_typo_is_told_the_nearest(typed: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """As every other name is."""
    assert main([typed]) == 2
    assert capsys.readouterr().err == (
        f"error: there is no command called '{typed}' [unknown-name]\nhint: did you mean '{meant}'?\n"
    )


def test_a_wrong_flag_is_told_where_its_help_is(capsys: pytest.CaptureFixture[str]) -> None:
    """In the form of all messages; the help of the command, not of the program."""
    assert main(["run", "--format"]) == 2
    assert capsys.readouterr().err == (
        "error: option '--format' requires an argument [usage]\nhint: evalharness run --help shows what fits\n"
    )


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)], ids=["evalharness", *COMMANDS])
def test_help_fits_a_screen_of_forty_columns(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line that has a blank to break at."""
    monkeypatch.setenv("COLUMNS", "40")
    assert main([*command, "--help"]) == 0
    wide = [line for line in capsys.readouterr().out.splitlines() if len(line) > 40 and " " in line.strip()]

    assert [line for line in wide if not line.startswith((" " * 30, "Usage", "  -"))] == []


def test_on_a_terminal_a_run_is_shown_as_it_was(project: Path) -> None:
    """A thousand lines of Markdown help nobody there; a page would be noise, so it is refused with what to do."""
    main(["run", "--grader", "heuristic"])
    with Terminal("report", cwd=project) as terminal:
        assert terminal.exit_code() == 0
        assert "Best next step" in terminal.seen
        assert "## " not in terminal.seen
    with Terminal("report", "--format", "html", cwd=project) as terminal:
        assert terminal.exit_code() == 2
        assert "<html" not in terminal.seen
        assert "--open" in terminal.seen


def test_elsewhere_a_run_is_written_as_markdown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`report > file` keeps its form."""
    main(["run", "--grader", "heuristic"])
    capsys.readouterr()

    assert main(["report"]) == 0
    assert capsys.readouterr().out.startswith("# ")


def test_paths_are_those_of_the_folder_one_is_in(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A path that is printed can be opened; the same for problems and for advice."""
    (project / "cases/export/2026-09-02.md").write_text("We did it. " * 20)
    monkeypatch.chdir(project / "cases/export")
    assert main(["lint"]) == 0
    assert capsys.readouterr().out.startswith("2026-09-02.md:1:1: ")

    (project / "cases/export/question.yaml").write_text("question: x\nrubrik: talk\n")
    monkeypatch.chdir(project / "rubrics")
    assert main(["run"]) == 2
    assert "../cases/export/question.yaml:2:1: unknown key 'rubrik'" in capsys.readouterr().err


def test_a_path_that_is_not_there_stays_as_it_is_called(tmp_path: Path) -> None:
    """Nothing is made up."""
    assert here("cases/none.md:3", tmp_path) == "cases/none.md:3"


def test_lint_speaks_to_programs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON and a code host's annotations hold the same findings, and leave with the same code."""
    (project / "cases/export/2026-09-02.md").write_text("We did it. " * 20)
    assert main(["lint", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {"severity": "advice", "code": "no-number", "path": "cases/export/2026-09-02.md", "line": 1}.items() <= next(
        each for each in told["found"] if each["code"] == "no-number"
    ).items()
    assert main(["lint", "--format", "github", "--strict"]) == 1
    assert "::warning file=cases/export/2026-09-02.md,line=1,title=no-number::" in capsys.readouterr().out

    (project / "cases/export/question.yaml").write_text("question: x\nrubrik: talk\n")
    assert main(["lint", "--format", "json"]) == 2
    assert {each["severity"] for each in json.loads(capsys.readouterr().out)["found"]} == {"error"}
    assert main(["lint", "--format", "github"]) == 2
    assert "::error file=cases/export/question.yaml,line=2,title=unknown-key::" in capsys.readouterr().out


def test_every_message_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """By the name in brackets, with or without them; a typo is told the nearest; pages can be read, too."""
    for name, told in meanings().items():
        assert len(told) > 20, name
        assert look_up(f"[{name}]") == told
    assert main(["explain", "mising-part"]) == 2
    assert "did you mean 'missing-part'?" in capsys.readouterr().err
    assert main(["explain", "trust"]) == 0
    assert capsys.readouterr().out.startswith("# ")
    assert main(["explain"]) == 0
    assert "  missing-part\n" in capsys.readouterr().out


def test_a_site_holds_a_page_for_every_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Index and pages link to each other, and need no other file."""
    main(["run", "--grader", "heuristic"])
    (project / "cases/export/2026-09-02.md").write_text("I moved the export to a queue, and late files went to 3.")
    main(["run", "--grader", "heuristic"])

    assert main(["report", "--site", "public"]) == 0
    index = (project / "public/index.html").read_text()
    pages = sorted(file.name for file in (project / "public").iterdir() if file.name != "index.html")
    assert len(pages) == 2
    for name in pages:
        assert f'href="{name}"' in index
        assert 'href="index.html"' in (project / "public" / name).read_text()
    assert index.index(pages[1]) < index.index(pages[0])


def test_without_a_run_there_is_nothing_to_publish(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And no empty site."""
    assert main(["report", "--site", "public"]) == 2
    assert not (project / "public").exists()


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("command", ["run", "progress", "progress export", "coverage", "brief", "report --format text"])
def test_every_screen_fits(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int, command: str
) -> None:
    """From forty columns on, where rows become blocks; nothing is wider than the screen."""
    write_project(project, many(3))
    main(["run", "--grader", "heuristic"])
    capsys.readouterr()
    monkeypatch.setenv("COLUMNS", str(width))

    main(command.split())
    shown = capsys.readouterr().out
    assert "export" in shown or command == "coverage"
    assert [line for line in shown.splitlines() if len(line) > width] == []


def test_a_score_below_the_bar_is_red_and_only_on_a_terminal(project: Path) -> None:
    """Colour says something; without it the text says the same."""
    (project / "evalharness.yaml").write_text("gate:\n  min_score: 5\n")
    with Terminal("run", "--grader", "heuristic", cwd=project, env={"TERM": "xterm", "NO_COLOR": ""}) as terminal:
        assert terminal.exit_code() == 1
        assert "\x1b[31mexport" in terminal.seen
    with Terminal("run", "--grader", "heuristic", cwd=project, env={"TERM": "xterm", "NO_COLOR": "1"}) as terminal:
        assert terminal.exit_code() == 1
        assert "\x1b[31m" not in terminal.seen


def test_who_graded_is_one_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole text is in the report."""
    main(["run", "--grader", "heuristic"])
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first == "Graded by `heuristic`: surface features, not a reading of the answer."
    assert second == ""


CHINESE = "二零一九年我做了一个系统。它每天处理三万个请求，我们用了两周时间改进了它，然后我们又先问了护士们。"


@given(
    st.lists(st.sampled_from([*CHINESE.split("，"), "cases/why-us/2026-10-02.md:4:1:", "what", "you", "did", "12 %"])),
    st.integers(40, 120),
)
def test_wrapped_words_are_all_there_and_fit(words: list[str], columns: int) -> None:
    """In a script without blanks too: nothing is cut, and no line begins with a full stop of its own."""
    text = " ".join(words)

    told = fitting(text, columns)

    assert "".join(told.split()) == "".join(text.split())
    assert all(cells(line) <= columns for line in told.split("\n"))
    assert not [line for line in told.split("\n") if line.strip().startswith(("。", "，"))]


@given(
    st.lists(st.tuples(st.text(max_size=60), st.sampled_from(["", "+0.12", "fail"]), st.text(max_size=60))),
    st.integers(40, 140),
)
def test_a_table_fits_any_screen(rows: list[tuple[str, str, str]], columns: int) -> None:
    """It is a table where there is room, and blocks of lines where there is none."""
    clean = [[" ".join(cell.split()) if cell.isprintable() else "x" for cell in row] for row in rows]

    assert all(cells(line) <= columns for line in grid(("Property", "Verdict", "Where"), clean, columns).split("\n"))


@pytest.mark.parametrize("columns", [40])
@pytest.mark.parametrize(
    "command",
    [
        ["audit", "talk", "--grader", "heuristic"],
        ["lint"],
        ["run", "--help"],
        ["run", "--plan", "--grader", "anthropic"],
        ["import", "prep.md", "--dry-run"],
    ],
)
def test_screens_fit_from_forty_columns_on(tmp_path: Path, columns: int, command: list[str]) -> None:
    """On a terminal of that size; only a path is left whole."""
    root = write_project(tmp_path, many(2))
    (root / "prep.md").write_text(f"## Why do you want to work in this team and not in the other one?\n\n{CHINESE}\n")

    with Terminal(*command, cwd=root, env={"COLUMNS": str(columns)}) as terminal:
        terminal.exit_code()

    wide = [line for line in terminal.seen.split("\n") if cells(line) > columns and len(line.split()) > 1]
    assert wide == []
    assert terminal.seen.strip()


def test_a_name_goes_on_below_where_it_has_no_room() -> None:
    """A part of a name can't be typed; a date and a number stay whole."""
    name = Column("Question", give=1, least=10, folds=True)

    assert table((name, Column("Score", right=True)), [("correctness-over-speed", "3.7")], 22) == (
        "Question         Score",
        "correctness-       3.7\nover-speed",
    )
    assert table((name, Column("Bias", right=True)), [("why-us/me/2026-10-05", "-0.02")], 18)[1] == (
        "why-us/me/   -0.02\n2026-10-05"
    )


def test_a_row_without_room_for_its_columns_is_a_list_of_what_it_says() -> None:
    """Each value behind its heading; what is only a stroke is left out."""
    columns = (Column("Question"), Column("Change"), Column("Best next step"))

    assert table(columns, [("why-us", "-", "What you did")], 24) == (
        "Question",
        "why-us\n  best next step: What\n  you did",
    )
    assert grid(("attempt", "criterion", "a grader with a long name"), [("q", "trade_offs", "not read")], 24) == (
        "q\n  criterion: trade_offs\n  a grader with a long\n    name: not read"
    )


@pytest.mark.parametrize(
    "command", [["compare"], ["drift"], ["undo"], ["check"], ["progress"], ["brief"], ["coverage"]]
)
def test_outside_of_a_project_every_command_says_how_to_begin(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And not what it would look for inside of one."""
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")

    assert main(command) == 2
    told = capsys.readouterr().err
    assert "no answers are kept in" in told
    assert "evalharness init ." in told


def test_a_folder_that_is_named_as_a_selection_is_pointed_to(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """People think of folders, and --select looks at names of attempts."""
    (project / "cases/round").mkdir()
    (project / "cases/export").rename(project / "cases/round/export")

    assert main(["run", "--select", "round"]) == 2
    assert "hint: 'round' is a folder: evalharness run cases/round" in capsys.readouterr().err


@pytest.mark.parametrize("columns", ["40", "80"])
@pytest.mark.parametrize("colours", [{}, {"NO_COLOR": "", "TERM": "xterm-256color"}], ids=["plain", "bar"])
def test_what_a_run_says_fits_the_terminal(project: Path, columns: str, colours: dict[str, str]) -> None:
    """Above a bar as without one: which grader was chosen, and that nothing changed since the last run."""
    main(["run", "--grader", "heuristic"])
    (project / "evalharness.yaml").write_text("author: me\n")
    with Terminal("run", cwd=project, env={"COLUMNS": columns, **colours}) as terminal:
        assert terminal.exit_code() == 0
        bare = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.seen)
    said = [line.split("\r")[-1] for line in bare.replace("\r\n", "\n").split("\n")]

    assert "grader: heuristic" in bare
    assert "nothing changed since run" in bare
    assert [line for line in said if cells(line) > int(columns) and " " in line.strip()] == []


def test_lines_for_a_person_are_written_by_what_wraps_them() -> None:
    """A line that is echoed as it is goes over the edge of a narrow terminal; `say` and `print_wrapped` wrap it."""
    sources = [file for file in Path(cli.__file__).parent.glob("*.py") if file.name != "screen.py"]
    calls = [
        (file.name, ast.unparse(node))
        for file in sources
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.echo"
    ]

    drawn = ("nl=False", "color=")  # a meter on one line, and an error, which is wrapped before it is coloured
    assert [call for call in calls if "err=True" in call[1] and not any(mark in call[1] for mark in drawn)] == []

"""What `check` tells: files from the root of the repository, names, means, links, and gates that only advise."""

from __future__ import annotations

import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.program import program
from tests.reports.junit_rules import wrong
from tests.repository import BETTER, CONFIG, WEAK, Repository
from tests.support import ANSWER, many

FILE = "cases/export/2026-09-01.md"


def test_files_are_named_from_the_root_of_the_repository(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A project in a subfolder: annotations and JUnit, also that of a run, point where the code host looks."""
    repository.git("checkout", "--quiet", "main")
    (repository.root / "team").mkdir()
    repository.git("mv", "cases", "rubrics", "evalharness.yaml", "team")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "inside")
    repository.write(f"team/{FILE}", WEAK)
    repository.commit()
    monkeypatch.chdir(repository.root / "team")
    out = repository.root.parent / "sub"

    assert main(["check", "--base", "main", "--out", str(out), "--annotations", "github"]) == 1
    assert f"::error file=team/{FILE},line=1," in capsys.readouterr().out
    assert main(["run", "--format", "junit"]) == 0
    (of_run,) = (repository.root / "team/reports").glob("*/junit.xml")
    for text in ((out / "junit.xml").read_text(), of_run.read_text()):
        assert wrong(text) == []
        assert f"file: team/{FILE}:1\n" in text
        assert 'file="team/cases/export/question.yaml"' in text
    repository.write(f"team/{FILE}", BETTER)
    assert main(["check", "--base", "main", "--out", str(out), "--min-score", "5"]) == 1
    quoted = f'team/{FILE}:1 "'
    assert quoted in (out / "comment.md").read_text().replace("\\", "")
    assert f"  {quoted}" in ET.fromstring((out / "junit.xml").read_text()).findtext(".//failure", "")


def test_names_with_blanks_quotes_and_new_lines_are_one_name(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody splits a list of names at the wrong place, and no name becomes a command or a row."""
    front = "---\nid: odd-{}\n---\n"
    names = ["a b.md", 'it\'s "quoted".md', "two\nlines, and: more.md", "-f.md", "|x|.md", "%0A::error::x.md"]
    for number, name in enumerate(names):
        repository.write(f"cases/export/{name}", front.format(number) + ANSWER)
    repository.commit()

    code, told = repository.check("--annotations", "github", "--min-score", "5")

    assert code == 1
    assert sorted(row["case"] for row in told["rows"]) == [f"export/me/odd-{number}" for number in range(len(names))]
    errors = [line for line in capsys.readouterr().out.splitlines() if line.startswith("::")]
    assert len([line for line in errors if line.startswith("::error")]) == len(names)
    assert any("file=cases/export/two\\nlines%2C and%3A more.md" in line for line in errors)
    assert any("file=cases/export/%250A%3A%3Aerror%3A%3Ax.md" in line for line in errors)


def test_a_comment_over_300_changed_answers_stays_under_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst come first, and it is said how many are elsewhere."""
    repository = Repository(tmp_path / "answers", many(300))
    monkeypatch.chdir(repository.root)
    for number in range(300):
        repository.write(f"cases/q{number}/2026-09-01.md", WEAK.replace("export", f"export | `{number}` <b>"))
    repository.commit()

    code, told = repository.check()

    assert (code, len(told["rows"])) == (1, 300)
    assert len(repository.comment()) < 60_000
    assert "did not fit here" in repository.comment()
    assert "<b>" not in repository.comment()
    junit = ET.parse(tmp_path / "out/junit.xml").getroot()
    assert junit.get("failures") == "300"


def test_the_command_runs_as_a_process(repository: Repository) -> None:
    """Results to standard output, exit code to the shell."""
    repository.write(FILE, BETTER)
    repository.commit()
    command = [*program(), "check", "--base", "main"]

    env_home = {"HOME": str(repository.root.parent), "PATH": "/usr/bin:/bin", "CI": "true"}
    done = subprocess.run(command, cwd=repository.root, env=env_home, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Pass: 1 changed answer, no gate failed\n")
    assert (repository.root.parent / ".cache/evalharness/check").is_dir()


def test_a_gate_on_grades_of_a_heuristic_that_nobody_named_only_advises(repository: Repository) -> None:
    """`grader: auto` without a model is surface features by accident: the setting that lets it block is named."""
    repository.git("checkout", "--quiet", "main")
    repository.write("evalharness.yaml", CONFIG.replace("grader: heuristic", "grader: auto"))
    repository.commit()
    repository.git("checkout", "--quiet", "-B", "change")
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert (code, told["counts"]["would_fail"]) == (0, 1)
    assert told["rows"][0]["rulings"][0]["why_advisory"] == "the heuristic graded because grader is auto"
    assert told["advisory"]["told"][0].endswith("To let it block, write `grader: heuristic` in evalharness.yaml")
    assert repository.check("--grader", "heuristic")[0] == 1


def test_a_key_that_auto_does_not_use_in_ci_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody gave the workflow a key to have a model grade: the setting that uses it is named."""
    repository.git("checkout", "--quiet", "main")
    repository.write("evalharness.yaml", CONFIG.replace("grader: heuristic", "grader: auto"))
    repository.commit()
    repository.git("checkout", "--quiet", "-B", "change")
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-api03-unused")

    repository.check()

    assert "a key is there and not used: in CI `auto` is the heuristic; `grader: anthropic`" in repository.comment()


def test_the_mean_of_the_project_is_told_before_and_after(repository: Repository) -> None:
    """Over everybody's latest answers, from stored grades; with too many of them missing nothing is said."""
    repository.write(FILE, WEAK)
    repository.commit()
    assert repository.check()[1]["means"] is None

    repository.git("checkout", "--quiet", "main")
    main(["run"])
    repository.commit("grades")
    repository.git("checkout", "--quiet", "-B", "change")
    repository.write(FILE, WEAK)
    repository.write("cases/export/ana/2026-09-02.md", ANSWER)
    repository.commit()
    _, told = repository.check()

    rows = {row["case"]: row for row in told["rows"]}
    weak, good = rows["export/me/2026-09-01"]["head"], rows["export/ana/2026-09-02"]["head"]
    assert told["means"] == {
        "before": pytest.approx((rows["export/me/2026-09-01"]["base"] + weak) / 2),
        "now": pytest.approx((weak + weak + good) / 3),
        "known": 3,
        "of": 3,
    }
    assert "mean of everybody's latest answers: 2.56 before, 2.19 now" in repository.comment().replace("\\", "")


def test_the_comment_links_to_lines_and_to_the_page(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a code host that says where it is: the file of the commit, the line of a quotation, the page of the job."""
    name = "cases/export/2026-09-02.md"
    repository.write(name, BETTER)
    repository.commit()
    for key, value in {"SERVER_URL": "https://host.example", "REPOSITORY": "team/answers", "RUN_ID": "7"}.items():
        monkeypatch.setenv(f"GITHUB_{key}", value)

    repository.check()

    commit = repository.git("rev-parse", "HEAD").strip()
    files = f"https://host.example/team/answers/blob/{commit}/cases/export/2026-09-02.md"
    assert f"]({files}) |" in repository.comment()
    assert f"]({files}#L1) " in repository.comment()
    assert "[Log and files of this check](https://host.example/team/answers/actions/runs/7)" in repository.comment()


def test_where_no_gate_is_set_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass of nothing is no pass: how many answers are worse stands beside it."""
    made = Repository(tmp_path / "answers", {"export/2026-09-01.md": ANSWER}, config="grader: heuristic\n")
    monkeypatch.chdir(made.root)
    made.write(FILE, WEAK)

    code, _ = made.check()

    assert code == 0
    assert "no gate is set, so nothing could fail (1 worse)" in made.comment()

"""`check` in real repositories, with the offline grader: what changed, what the gates say, what is refused."""

from __future__ import annotations

import re
import shlex
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import msgspec
import pytest

from evalharness.check import MARKER
from evalharness.check.rows import Announced
from evalharness.check.words import announced
from evalharness.cli import main
from tests.program import program
from tests.reports.junit_rules import wrong
from tests.repository import BETTER, CONFIG, WEAK, Repository
from tests.support import ANSWER, RUBRIC, many

FILE = "cases/export/2026-09-01.md"
SECRETS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_BASE_URL")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name in SECRETS:
        monkeypatch.delenv(name, raising=False)
    made = Repository(tmp_path / "answers", {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": WEAK})
    monkeypatch.chdir(made.root)
    return made


def test_nothing_changed_passes_and_writes_nothing_into_the_repository(repository: Repository) -> None:
    """No report, no progress page, no cache inside of the tree."""
    code, told = repository.check()

    assert (code, told["rows"]) == (0, [])
    assert repository.git("status", "--porcelain") == ""


def test_a_new_answer_is_held_against_the_one_before_it_in_its_series(repository: Repository) -> None:
    """Only the new file is graded; the old one is its base."""
    repository.write("cases/export/2026-10-01.md", BETTER)
    repository.commit()

    code, told = repository.check()

    assert code == 0
    (row,) = told["rows"]
    assert (row["how"], row["case"], row["held_against"]) == ("new", "export/me/2026-10-01", "export/me/2026-09-01")
    assert row["head"] >= row["base"]


def test_grades_that_the_base_holds_are_not_made_again(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also those of the offline grader: what main has committed is what the change is held against."""
    assert main(["run"]) == 0
    repository.commit("Grades")
    repository.git("branch", "-f", "main")
    repository.write(FILE, BETTER)
    repository.commit()

    code, told = repository.check()

    (row,) = told["rows"]
    assert (code, row["how"]) == (0, "edited")
    made, of, reused = map(int, re.findall(r"\d+", capsys.readouterr().err.rpartition("grading: ")[2])[:3])
    assert made == of - reused == reused > 0


def test_what_the_offline_grader_does_not_read_is_no_failed_grading(repository: Repository) -> None:
    """Facts about the company are read where question.yaml has some; without them nothing is graded, or missed."""
    file = "rubrics/talk.yaml"
    scale = "id: company, title: Company, kind: scale, look_for: A fact., levels: {1: None, 3: One, 5: Two}"
    context = f"\n  - {{{scale}, signals: {{context: {{of: company}}, levels: {{2: 1}}}}}}\n"
    repository.write(file, RUBRIC.rstrip() + context)
    repository.commit()
    repository.git("branch", "-f", "main")
    repository.write("cases/export/2026-10-01.md", BETTER)
    repository.commit()

    code, told = repository.check()

    assert code == 0
    assert [row["verdict"] for row in told["rows"]] == ["pass"]


def test_an_improved_answer_passes_and_one_that_got_worse_fails(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 1, the row says so, and JUnit, comment and annotation point at it."""
    repository.write("cases/other/2026-09-01.md", ANSWER)
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check("--annotations", "github")

    assert code == 1
    rows = {row["case"]: row for row in told["rows"]}
    assert rows["other/me/2026-09-01"]["verdict"] == "pass"
    assert rows["other/me/2026-09-01"]["reading"] == "better_by_surface"
    assert rows["export/me/2026-09-01"]["verdict"] == "fail"
    assert f"::error file={FILE},line=1,title=evalharness::export/me/2026-09-01 scores " in capsys.readouterr().out
    assert wrong((repository.root.parent / "out/junit.xml").read_text()) == []
    junit = ET.parse(repository.root.parent / "out/junit.xml").getroot()
    assert (junit.get("tests"), junit.get("failures")) == ("2", "1")
    assert repository.comment().startswith(f"{MARKER}\n")


def test_a_rename_with_edits_keeps_its_history(repository: Repository) -> None:
    """Git sees one file under two names, so the grades before are the base; it is neither new nor deleted."""
    repository.git("mv", FILE, "cases/export/2026-09-02.md")
    repository.write("cases/export/2026-09-02.md", BETTER)
    repository.commit()

    _, told = repository.check()

    (row,) = told["rows"]
    assert (row["how"], row["was"]) == ("renamed and edited", "export/me/2026-09-01")
    assert row["base"] is not None


def test_a_pure_rename_changes_nothing(repository: Repository) -> None:
    """The content is the same, also where Git has not been told of the new file."""
    (repository.root / FILE).rename(repository.root / "cases/export/2026-09-05.md")

    _, told = repository.check()

    (row,) = told["rows"]
    assert (row["how"], row["verdict"], row["change"]) == ("renamed", "pass", 0.0)


def test_an_answer_that_missed_the_bar_before_says_so(repository: Repository) -> None:
    """A rename makes no answer worse, and what failed already is no fault of it; one that fell says nothing."""
    repository.git("mv", FILE, "cases/export/2026-09-05.md")
    repository.commit()

    (row,) = repository.check("--min-score", "4.5")[1]["rows"]
    assert row["verdict"] == "fail"
    assert row["told"][0] == "scores 3.67, below 4.5; this answer was already below 4.5 before (3.67)"

    repository.git("mv", "cases/export/2026-09-05.md", FILE)
    repository.write(FILE, WEAK)
    (row,) = repository.check("--min-score", "2.5")[1]["rows"]
    assert "scores 1.44, below 2.5" in row["told"]


@pytest.mark.parametrize(("flags", "expected"), [((), 0), (("--deleted", "fail"), 1)])
def test_a_deletion_never_passes_silently(
    repository: Repository, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], expected: int
) -> None:
    """It is a row, and a warning or a failure as configured."""
    repository.git("rm", "--quiet", FILE)
    repository.commit()

    code, told = repository.check("--annotations", "github", *flags)

    assert code == expected
    assert [(row["how"], row["head"]) for row in told["rows"]] == [("deleted", None)]
    kind = "error" if expected else "warning"
    assert f"::{kind} file={FILE},title=evalharness::this attempt is deleted" in capsys.readouterr().out


def test_a_change_that_only_deletes_is_not_told_that_no_gate_is_set(repository: Repository) -> None:
    """The gates are there; they ask nothing of what is gone."""
    repository.git("rm", "--quiet", FILE)
    repository.commit()

    repository.check()

    assert "### evalharness: Pass: 1 changed answer, no gate failed, 1 deleted\n" in repository.comment()


def test_an_answer_too_short_to_grade_fails_and_waits_for_no_grader(repository: Repository) -> None:
    """No run gives it a grade: it is told how many words it has, and grading is not called incomplete."""
    repository.write("cases/export/2026-10-01.md", "I did it.\n")
    repository.commit()

    code, told = repository.check()

    assert (code, told["verdict"], told["counts"]["ungraded"]) == (1, "fail", 0)
    assert "is too short to grade (3 of 8 words), so it does not pass" in repository.comment()
    assert "still to be graded" not in repository.comment()


def test_an_emptied_answer_counts_as_deleted(repository: Repository) -> None:
    """A draft can't hide an answer that was there."""
    repository.write(FILE, "\n")

    _, told = repository.check()

    assert [row["how"] for row in told["rows"]] == ["deleted"]
    assert told["drafts"] == [FILE]


def test_an_answer_that_drops_under_an_edited_rubric_fails_by_that_of_the_base(repository: Repository) -> None:
    """A changed word in one criterion excuses nothing: both totals are told, and the gate goes by the base's text."""
    repository.write("rubrics/talk.yaml", RUBRIC.replace("levels: {2: 1, 3: 2}", "levels: {2: 1, 3: 3}"))
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check("--min-score", "5")

    assert code == 1
    (announced,) = told["announced"]
    assert (announced["name"], announced["what"]) == ("rubric talk", "changed: trade_offs")
    assert (announced["comparable"], announced["attempts"]) == (False, 2)
    (row,) = told["rows"]
    assert row["change"] == pytest.approx(-2.22, abs=0.01)
    assert not any(ruling["advisory"] for ruling in row["rulings"])
    assert "scores 1.44, worse than 3.67 before" in row["told"]
    assert row["told"][-1] == ("scores 1.44 by the rubric as this change has it; the gate goes by that of the base")


def test_a_changed_word_of_one_criterion_is_named_alone(repository: Repository) -> None:
    """The offline grader reads every criterion beside the texts of all, which is said and no criterion's change."""
    repository.write("rubrics/talk.yaml", RUBRIC.replace("What was given up.", "What it cost."))
    repository.commit()

    _, told = repository.check()

    assert [a["what"] for a in told["announced"]] == ["changed: trade_offs; heuristic grades 1 other again with it"]


def test_criteria_whose_grades_stay_comparable_are_told() -> None:
    """Which can't be compared, and how many of the others can."""
    one = Announced(name="rubric talk", what="changed: trade_offs", anew=("trade_offs",), same=("example", "close"))

    assert announced(one).startswith(
        "rubric talk: changed: trade_offs; grades before and after can't be compared in trade_offs; those of the other "
        "2 criteria can; regrading: "
    )
    one = msgspec.structs.replace(one, anew=(), same=("example",))
    assert "grades of the other criterion stay comparable" in announced(one)
    one = msgspec.structs.replace(one, anew=("trade_offs",), same=())
    assert "grades before and after can't be compared there" in announced(one)


def test_a_rubric_with_other_parts_cannot_be_graded_by_the_old_one(repository: Repository) -> None:
    """Its answers are cut otherwise, so its gate only advises."""
    parts = "parts: {more: {headings: [More], required: false}}\n"
    repository.write("rubrics/talk.yaml", RUBRIC.replace("What was given up.", "What it cost.") + parts)
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 0
    assert told["rows"][0]["change"] is None


def test_new_weights_are_announced_and_stay_comparable(repository: Repository) -> None:
    """Totals follow from levels, later; the check itself goes by the weights of the base."""
    repository.write("rubrics/talk.yaml", RUBRIC.replace("weight: 0.5", "weight: 1"))
    repository.commit()

    _, told = repository.check()

    what = "weight of speaking_time; this check goes by those of the base"
    assert [(a["what"], a["comparable"]) for a in told["announced"]] == [(what, True)]


def test_no_weight_of_the_change_lifts_its_own_total(repository: Repository) -> None:
    """The weak answer fails as it would under the rubric of the base."""
    repository.write(FILE, WEAK)
    repository.commit()
    expected = repository.check("--min-score", "2", out="before")
    repository.write("rubrics/talk.yaml", RUBRIC.replace("weight: 0.5", "weight: 20"))
    repository.commit()

    code, told = repository.check("--min-score", "2")

    assert (code, told["rows"][0]["head"]) == (1, expected[1]["rows"][0]["head"])
    assert expected[0] == 1


def test_a_question_that_changes_its_rubric_is_compared_with_nothing(repository: Repository) -> None:
    """The new rubric asks for the time alone: no better, no pass that counts, and both are announced."""
    time = RUBRIC[RUBRIC.index("  - id: speaking_time") :]
    easy = f"id: easy\ntitle: Easy\ncriteria:\n{time}"
    repository.write("rubrics/easy.yaml", easy)
    question = (repository.root / "cases/export/question.yaml").read_text()
    repository.write("cases/export/question.yaml", question.replace("rubric: talk", "rubric: easy"))
    repository.write("cases/export/2026-10-01.md", WEAK)
    repository.commit()

    _, told = repository.check("--min-score", "2")

    announced = {one["name"]: one["what"] for one in told["announced"]}
    assert announced["rubric easy"] == "new, so its gate is advisory until it is in the base"
    assert announced["question cases/export/question.yaml"] == "rubric talk, now easy; its gate is advisory"
    assert [(row["change"], row["reading"]) for row in told["rows"]] == [(None, None)] * 2
    assert all(ruling["advisory"] for row in told["rows"] for ruling in row["rulings"])
    assert "| not compared (advisory)" in repository.comment()


def test_a_new_question_under_a_new_rubric_passes_no_gate(repository: Repository) -> None:
    """A rubric that the change brings is a bar of its own."""
    repository.write("rubrics/own.yaml", RUBRIC.replace("id: talk", "id: own"))
    question = (repository.root / "cases/export/question.yaml").read_text()
    repository.write("cases/fresh/question.yaml", question.replace("rubric: talk", "rubric: own"))
    repository.write("cases/fresh/2026-10-01.md", WEAK)
    repository.commit()

    code, told = repository.check("--min-score", "2")

    assert code == 0
    assert [ruling["advisory"] for row in told["rows"] for ruling in row["rulings"]] == [True]
    assert told["announced"][0]["name"] == "rubric own"
    assert "below 2 (advisory: its rubric is not the one of the base)" in repository.comment().replace("\\", "")


def test_the_change_cannot_lower_its_own_gates(repository: Repository) -> None:
    """Settings are those of the base; what the change would bring is announced."""
    repository.write("evalharness.yaml", "grader: heuristic\n")
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 1
    assert told["announced"][0]["what"] == "gate; this check goes by the settings of the base"


def test_gates_may_differ_by_path_and_by_rubric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the base's evalharness.yaml says; --min-score overrides all of it."""
    config = """\
grader: heuristic
gate:
  min_score: 5
  floors: true
  max_ungraded: 0
  too_close: fail
  deleted: fail
  overrides:
    - {rubric: talk, floors: false}
    - {path: "cases/export/*", min_score: 1}
"""
    answers = {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": WEAK}
    repository = Repository(tmp_path / "answers", answers, config=config)
    monkeypatch.chdir(repository.root)
    repository.write(FILE, BETTER)
    repository.write("cases/other/2026-09-01.md", BETTER)

    code, told = repository.check()

    assert code == 1
    assert {row["case"]: row["verdict"] for row in told["rows"]} == {
        "export/me/2026-09-01": "pass",
        "other/me/2026-09-01": "fail",
    }
    assert repository.check("--min-score", "1")[0] == 0


def test_after_a_rebase_only_the_change_itself_counts(repository: Repository) -> None:
    """What came to main in between is not part of it."""
    repository.write(FILE, BETTER)
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("cases/other/2026-09-01.md", ANSWER)
    repository.commit("main goes on")
    repository.git("checkout", "--quiet", "change")

    _, before = repository.check()
    repository.git("rebase", "--quiet", "main")
    _, after = repository.check()

    assert [row["case"] for row in before["rows"]] == ["export/me/2026-09-01"] == [row["case"] for row in after["rows"]]


def test_a_shallow_clone_says_what_to_do(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The merge base lies beyond what was fetched."""
    repository.git("checkout", "--quiet", "main")
    repository.commit("main goes on")
    repository.git("checkout", "--quiet", "change")
    repository.commit("one")
    shallow = repository.root.parent / "shallow"
    url = repository.root.as_uri()
    repository.git("clone", "--quiet", "--depth", "1", "--no-single-branch", "--branch", "change", url, str(shallow))
    monkeypatch.chdir(shallow)

    assert main(["check", "--base", "origin/main"]) == 2
    told = capsys.readouterr().err
    assert "this clone is shallow" in told
    assert "hint: git fetch --unshallow origin +refs/heads/main:refs/remotes/origin/main" in told


@pytest.mark.parametrize("base", ["origin/main", "main", "HEAD^1", "origin/main~0"])
def test_the_hint_for_a_clone_of_depth_one_works(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], base: str
) -> None:
    """A clone of depth 1 knows one branch only: the command that is named brings the other one and what they share."""
    repository.write(FILE, BETTER)
    repository.commit("one")
    shallow = repository.root.parent / "one"
    repository.git("clone", "--quiet", "--depth", "1", "--branch", "change", repository.root.as_uri(), str(shallow))
    monkeypatch.chdir(shallow)
    assert main(["check", "--base", base]) == 2

    hint = capsys.readouterr().err.partition("hint: git ")[2].partition(", or ")[0]
    repository.git("-C", str(shallow), *shlex.split(hint))

    assert main(["check", "--base", base]) == 0


def test_a_base_that_is_not_there_is_told(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """A typo, or nothing fetched; and no option can be smuggled in as a name."""
    for name in ("origin/mian", "--output=/tmp/x"):
        assert main(["check", f"--base={name}"]) == 2
        assert f"there is no commit called '{name}'" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["reports/20261101T000000Z-0001/grades.jsonl", "reports/PROGRESS.md"])
def test_stored_grades_in_a_change_are_ignored_and_said(repository: Repository, name: str) -> None:
    """A person who committed her own run is not stopped: the files count for nothing, and one command drops them.

    In the comment it is code, which a person can copy: no invisible joiner parts the commit in it.
    """
    repository.write(name, '{"key":"x"}\n')
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()
    (notice,) = (line for line in told["notices"] if "stored grades" in line)
    command = notice.partition("`git ")[2].rstrip("`")
    assert f"`git {command}`" in repository.comment()
    repository.git(*command.split())
    repository.commit()

    assert code == 1
    assert name in notice
    assert not any("stored grades" in line for line in repository.check()[1]["notices"])
    assert not (repository.root / name).exists()


def test_a_reports_folder_renamed_by_the_change_hides_no_answer(repository: Repository) -> None:
    """Only the base says which files are stored grades: naming the answers as such leaves nothing out."""
    repository.write("evalharness.yaml", f"{CONFIG}reports: cases\n")
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 1
    assert told["counts"]["changed"] == 1
    assert any(each["what"].startswith("reports; ") for each in told["announced"])


def test_answers_that_another_folder_leaves_out_are_deletions(repository: Repository) -> None:
    """`cases:` that points elsewhere takes every answer away, and says so."""
    repository.write("evalharness.yaml", f"{CONFIG}cases: answers\n")
    repository.write("answers/export/question.yaml", "question: Why?\nrubric: talk\ntime_limit: 2 min\n")
    repository.write("answers/export/2026-10-01.md", ANSWER)
    repository.commit()

    _, told = repository.check()

    assert {row["how"] for row in told["rows"]} >= {"deleted"} or {row["how"] for row in told["rows"]} == {"renamed"}
    assert any(each["what"].startswith("cases; ") for each in told["announced"])


def test_broken_settings_of_the_base_open_no_gate(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody knows then what is asked: exit 2, and the comment says why."""
    repository.git("checkout", "--quiet", "main")
    repository.write("evalharness.yaml", "gate: {min_scroe: 3}\n")
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "later")
    repository.write("evalharness.yaml", CONFIG)
    repository.write(FILE, WEAK)
    repository.commit()

    assert repository.check("--annotations", "github")[0] == 2
    out, err = capsys.readouterr()
    assert "the base's evalharness.yaml:1" in err
    assert "a maintainer has to push the repair to the base" in err
    assert "::error title=unknown-key::the base's evalharness.yaml:1: " in out
    assert "### evalharness: not checked" in repository.comment()
    assert "the base itself is broken, whatever this change does" in repository.comment()


def test_a_refusal_replaces_what_the_last_check_wrote(repository: Repository) -> None:
    """The comment is always of this commit; an old verdict under a new one misleads."""
    repository.write(FILE, BETTER)
    repository.commit()
    assert repository.check()[0] == 0
    repository.write("cases/export/question.yaml", "question: [\n")
    repository.commit()

    code, told = repository.check()

    assert (code, told) == (2, {})
    assert repository.comment().startswith("<!-- evalharness check -->\n\n### evalharness: not checked")
    assert "cases/export/question.yaml" in repository.comment()


def test_what_is_valid_and_hardly_meant_is_said(repository: Repository) -> None:
    """A rubric that falls back to a shipped one, and an author in another's folder."""
    repository.git("checkout", "--quiet", "main")
    repository.write("rubrics/story.yaml", RUBRIC.replace("id: talk", "id: story"))
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "later")
    repository.write("cases/export/priya/2026-10-02.md", f"---\nauthor: ben\n---\n\n{ANSWER}")
    (repository.root / "rubrics/story.yaml").unlink()
    repository.commit()

    notices = " ".join(repository.check()[1]["notices"])

    assert "priya/2026-10-02.md is in the folder of priya, and its author is ben" in notices
    assert "rubrics/story.yaml is deleted; no answer goes by 'story' now" in notices


def test_a_deleted_rubric_says_by_which_its_answers_go_then(repository: Repository) -> None:
    """By the one of that name that comes with the program, or by another file of the project."""
    repository.git("checkout", "--quiet", "main")
    repository.write("rubrics/story.yaml", RUBRIC.replace("id: talk", "id: story"))
    question = (repository.root / "cases/export/question.yaml").read_text()
    repository.write("cases/told/question.yaml", question.replace("rubric: talk", "rubric: story"))
    repository.write("cases/told/2026-09-01.md", ANSWER)
    repository.commit()
    repository.git("checkout", "--quiet", "-b", "later")
    (repository.root / "rubrics/story.yaml").unlink()
    repository.commit()

    notices = repository.check()[1]["notices"]

    told = "rubrics/story.yaml is deleted: 1 answer goes by the 'story' that comes with evalharness then"
    assert told in notices


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


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../secret.md", "../../.git/config"])
def test_a_symbolic_link_out_of_the_answers_is_refused(
    repository: Repository, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    """What it shows would be read, sent and quoted; Git's own folder may hold a token."""
    (repository.root / "cases/export/2026-10-01.md").symlink_to(target)
    repository.commit()

    assert repository.check()[0] == 2
    assert "symbolic link that leaves the answers: cases/export/2026-10-01.md" in capsys.readouterr().err


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


def test_a_broken_file_of_the_change_stops_it_and_one_elsewhere_does_not(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """The author of a change answers for the change."""
    repository.git("checkout", "--quiet", "main")
    repository.write("cases/other/2026-09-02.md", "---\nauthor: [x\n---\nHello\n")
    repository.commit("broken")
    repository.git("checkout", "--quiet", "change")
    repository.git("merge", "--quiet", "main")
    repository.write(FILE, BETTER)
    repository.commit()

    code, told = repository.check()
    assert code == 0
    assert "problems in files that this change does not touch" in " ".join(told["notices"])

    repository.write("cases/export/2026-10-01.md", "---\nauthor: [x\n---\nHello\n")
    assert repository.check()[0] == 2
    assert "cases/export/2026-10-01.md:2" in capsys.readouterr().err


def test_a_comment_over_500_changed_answers_stays_under_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst come first, and it is said how many are elsewhere."""
    repository = Repository(tmp_path / "answers", many(500))
    monkeypatch.chdir(repository.root)
    for number in range(500):
        repository.write(f"cases/q{number}/2026-09-01.md", WEAK.replace("export", f"export | `{number}` <b>"))
    repository.commit()

    code, told = repository.check()

    assert (code, len(told["rows"])) == (1, 500)
    assert len(repository.comment()) < 60_000
    assert "did not fit here" in repository.comment()
    assert "<b>" not in repository.comment()
    junit = ET.parse(tmp_path / "out/junit.xml").getroot()
    assert junit.get("failures") == "500"


def test_the_command_runs_as_a_process(repository: Repository) -> None:
    """Results to standard output, exit code to the shell."""
    repository.write(FILE, BETTER)
    command = [*program(), "check", "--base", "main"]

    env_home = {"HOME": str(repository.root.parent), "PATH": "/usr/bin:/bin", "CI": "true"}
    done = subprocess.run(command, cwd=repository.root, env=env_home, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Pass: 1 changed answer, no gate failed\n")
    assert (repository.root.parent / ".cache/evalharness/check").is_dir()


def test_every_setting_of_a_change_is_announced(repository: Repository) -> None:
    """Also those that bear on money, pace and noise: nothing of the settings is a detail of the change's own."""
    more = (
        "max_usd: 1\nprices: {m: {input: 1, output: 2}}\nretry: {attempts: 2}\nanchors: {every_run: true}\n"
        "noise: {sd: 0.9}\ninterview: 2026-12-01\nconcurrency: 3\nrubrics: others\n"
    )
    repository.write("evalharness.yaml", f"{CONFIG}{more}")
    repository.write("others/talk.yaml", RUBRIC)
    repository.commit()

    _, told = repository.check()

    (announced,) = told["announced"]
    names = announced["what"].partition(";")[0].split(", ")
    assert {*names} == {"max_usd", "prices", "retry", "anchors", "noise", "interview", "concurrency", "rubrics"}


def test_a_rubric_from_another_folder_is_an_edited_one(repository: Repository) -> None:
    """`rubrics:` that points to an easier text of the same name changes no bar: the base's text decides."""
    repository.git("checkout", "--quiet", "main")
    repository.write("easy/talk.yaml", RUBRIC.replace("What was given up.", "Anything."))
    repository.commit()
    repository.git("checkout", "--quiet", "-B", "change")
    repository.write("evalharness.yaml", f"{CONFIG}rubrics: easy\n")
    repository.write(FILE, WEAK)
    repository.commit()

    code, told = repository.check()

    assert code == 1
    assert told["announced"][0]["what"].startswith("changed: trade_offs")


def test_broken_labels_of_a_change_stop_it_and_labels_left_behind_are_said(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Merged, `calibrate` could read none: the file of the change is an error, one that lost its answer a notice."""
    file = "labels/export/2026-09-01.anna.yaml"
    repository.write(file, "levels: {exmple: 4}\n")
    repository.commit()
    assert repository.check()[0] == 2
    assert f"{file}:1:10: the rubric 'talk' has no criterion 'exmple'" in capsys.readouterr().err

    repository.write(file, "levels: {example: 4}\n")
    repository.commit()
    repository.git("branch", "--force", "main")
    repository.git("mv", FILE, "cases/export/2026-09-02.md")
    repository.write("labels/calibration.json", "<<<<<<< ours\n")
    repository.commit()
    code, told = repository.check()

    assert code == 0
    assert any(line.startswith(f"{file}: there is no attempt 'export/2026-09-01'; ") for line in told["notices"])
    assert any("labels/calibration.json is damaged" in line and "checks stop" in line for line in told["notices"])


def test_conflict_markers_stop_the_change(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    """A half-made merge is no answer, whatever it would score."""
    repository.write(FILE, f"<<<<<<< HEAD\n{ANSWER}=======\n{WEAK}>>>>>>> x\n")
    repository.commit()

    assert repository.check()[0] == 2
    assert "an unresolved merge: the file contains both sides" in capsys.readouterr().err


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

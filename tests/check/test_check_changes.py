"""`check` in real repositories, with the offline grader: answers that came, changed, moved or went, and their gates."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from evalharness.check import MARKER
from evalharness.cli import main
from tests.reports.junit_rules import wrong
from tests.repository import BETTER, WEAK, Repository
from tests.support import ANSWER, RUBRIC

FILE = "cases/export/2026-09-01.md"


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

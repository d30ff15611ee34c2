"""`check` against its base: which commit that is, settings and stored files that it touches, what is refused."""

from __future__ import annotations

import shlex

import pytest

from evalharness.cli import main
from tests.repository import BETTER, CONFIG, WEAK, Repository
from tests.support import ANSWER, RUBRIC

FILE = "cases/export/2026-09-01.md"


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


@pytest.mark.parametrize("target", ["/etc/hostname", "../../../secret.md", "../../.git/config"])
def test_a_symbolic_link_out_of_the_answers_is_refused(
    repository: Repository, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    """What it shows would be read, sent and quoted; Git's own folder may hold a token."""
    (repository.root / "cases/export/2026-10-01.md").symlink_to(target)
    repository.commit()

    assert repository.check()[0] == 2
    assert "symbolic link that leaves the answers: cases/export/2026-10-01.md" in capsys.readouterr().err


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

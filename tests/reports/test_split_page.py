"""The page of many questions: one page that opens at once, and one for each question behind its link."""

from __future__ import annotations

import re
from pathlib import Path

from evalharness.init.workflow import init
from evalharness.reports import html
from evalharness.reports.html import FILE, MANY
from tests.grading.test_flat import run_of
from tests.init.codehost import git

FIRST_VIEW = 3_000_000  # bytes for the 400 series of 4,000 attempts
PER_SERIES = FIRST_VIEW // 400


def test_of_many_questions_each_has_a_page_and_the_first_holds_no_answer() -> None:
    """It grows by a row for each question, so that it is under 3 MB with 4,000 attempts; every link leads somewhere."""
    run = run_of(MANY + 20)

    files = dict(html.pages(run))

    first = files[FILE]
    links = set(re.findall(r'href="(questions/[^"#]+)', first))
    assert links == files.keys() - {FILE}
    assert len(links) == len(run.attempts) // 2
    assert len(first) < PER_SERIES * len(links)
    assert run.attempts[0].parts[0].text.strip() not in first
    assert all(run.attempts[0].parts[0].text.strip()[:60] in files[name] for name in links)


def test_of_few_questions_all_is_in_one_file() -> None:
    """So that it can be sent to somebody."""
    assert [name for name, _ in html.pages(run_of(3))] == [FILE]


def test_no_page_of_a_new_repository_is_in_git(tmp_path: Path) -> None:
    """They can be made again, and those of 4,000 attempts are 60 MB; the grades beside them are in Git."""
    init(tmp_path)
    git(tmp_path, "init", "--quiet")
    run = tmp_path / "reports/20261101T000000Z-0001"
    (run / "questions").mkdir(parents=True)
    for name in ("grades.jsonl", *dict(html.pages(run_of(MANY + 1)))):
        (run / name).touch()

    assert git(tmp_path, "ls-files", "--others", "--exclude-standard", "reports").split() == [
        "reports/20261101T000000Z-0001/grades.jsonl"
    ]

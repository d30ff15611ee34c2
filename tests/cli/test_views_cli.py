"""`coverage` and `brief` as a person types them: from files and stored grades, without a call."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from tests.support import write_project

RUBRIC = """\
id: talk
title: Talk
min_words: 5
criteria:
  - id: missions
    title: Missions
    weight: 2
    kind: tags
    look_for: Something the speaker did that serves it.
    tags:
      - id: 1
        title: keep people safe
        signals:
          terms:
            - {any: [checker, refuse*], most: 1}
            - {any: [nobody, nurse*], most: 1}
          demonstrated: 2
      - id: 2
        title: share what was learned
        signals:
          terms:
            - {any: [wrote, published], most: 1}
            - {any: [depots, every team], most: 1}
          demonstrated: 2
      - id: 3
        title: grow with care
        signals:
          terms:
            - {any: [pilot*, staged], most: 1}
            - {any: [limit, limits], most: 1}
          demonstrated: 2
  - id: speaking_time
    title: Speaking time
    weight: 0.5
    kind: measure
    measure: speaking_time
    bands:
      - {level: 5, at_most: 1.0}
      - {level: 1}
"""
QUESTION = "question: What did you change?\nrubric: talk\ntime_limit: 60 s\nmissions: [1, 3]\n"
RESILIENCE = """\
Our scheduler at Brackwater sent 212 trucks to the wrong dock one night.
So I built a checker in Harbourmaster, and nobody drove to a wrong dock again.
The wrong trips fell from 212 a night to 6.
"""
WHY_US = """\
I like that you write things down.
I wrote the account of the night Harbourmaster failed, and all 62 depots of Brackwater read it.
"""
TOOL = """\
I would build a reader for the moments when a planner says no.
At Brackwater the planners corrected Harbourmaster by hand, 160 times a night.
"""
FLAGS = ("--grader", "heuristic", "--date", "2026-11-20")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    answers = {
        "resilience/2026-10-21.md": RESILIENCE,
        "why-us/2026-11-19.md": WHY_US,
        "tool/2026-11-01.md": TOOL,
    }
    for name in answers:
        folder = (tmp_path / "cases" / name).parent
        folder.mkdir(parents=True)
        (folder / "question.yaml").write_text(QUESTION)
    return write_project(tmp_path, answers, rubric=RUBRIC)


@pytest.fixture
def shown(project: Path, capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """Return what is printed after the project was graded by the heuristic."""
    assert main(["run", "--grader", "heuristic"]) == 0
    capsys.readouterr()
    return capsys


def test_coverage_draws_the_bridge_from_stored_grades(shown: pytest.CaptureFixture[str]) -> None:
    """The whole screen."""
    assert main(["coverage", *FLAGS]) == 0

    assert (
        shown.readouterr().out
        == """\
Talk: missions in 3 questions, 3 attempts, as of 2026-11-20
Graded by `heuristic`: surface features, not a reading of the answer.
It counts what the rubric's author told it to look for, such as numbers,
trade-off words and length: use it to see what is missing, not to learn how good
an answer is.

Question    1        2       3           Met
resilience  met 30d  -       claimed  1 of 2
tool        claimed  -       claimed  0 of 2
why-us      claimed  met 1d  claimed  0 of 2
met, partly: shown by an answer, with its age in days; claimed: claimed and not
shown; -: neither; ?: not graded. Met: of the missions that the latest attempt
claims.

The bridge: the experience that maps to each mission
1  keep people safe: met in 1 of 3 questions
   Story: Brackwater (resilience, 2026-10-21)
   Line: resilience/2026-10-21.md:2 "So I built a checker in Harbourmaster, and
     nobody drove to a wrong dock again."
   Takeaway: So I built a checker in Harbourmaster, and nobody drove to a wrong
     dock again.
2  share what was learned: met in 1 of 3 questions
   Story: Harbourmaster (why-us, 2026-11-19)
   Line: why-us/2026-11-19.md:2 "I wrote the account of the night Harbourmaster
     failed, and all 62 depots of Brackwater read it."
   Takeaway: I wrote the account of the night Harbourmaster failed, and all 62
     depots of Brackwater read it.

Holes: no answer demonstrates these missions
- 3 grow with care: claimed in resilience, tool, why-us

Claimed but never demonstrated, by question
- resilience: 3
- tool: 1, 3
- why-us: 1, 3

Demonstrated but not claimed, by question
- why-us: 2

Stories used too often
- Brackwater carries 3 of 3 answers: resilience, tool, why-us
- Harbourmaster carries 3 of 3 answers: resilience, tool, why-us
- A story is used too often when its name is in 3 latest attempts or more, and
  in half of them or more. Names are capitalised words inside sentences, without
  days, months, abbreviations, and the names in question and context; a project,
  an employer and a colleague look alike to this rule.

Start here (the weakest answers first; +: what the step adds to that answer's
score)
1. tool: Missions, now 1 of 5 (+1.60)
   Next: a good answer shows, by something you did: keep people safe
2. why-us: Missions, now 1 of 5 (+1.60)
   Next: a good answer shows, by something you did: keep people safe
3. resilience: Missions, now 3 of 5 (+1.60)
   Next: a good answer shows, by something you did: grow with care
"""
    )


def test_brief_is_the_page_for_the_night_before(shown: pytest.CaptureFixture[str]) -> None:
    """The whole screen, for two questions in the order they were asked for."""
    assert main(["brief", *FLAGS, "--for", "2026-11-24", "--questions", "why-us", "resilience"]) == 0

    assert (
        shown.readouterr().out
        == """\
Brief for 2026-11-24, in 4 days: 2 questions, about 0:26 at 145 words a minute
Scores and weak points are by surface features only (grader: heuristic).

Start here (the weakest answers first; +: what the step adds to that answer's
score)
1. why-us: Missions, now 1 of 5 (+1.60)
   Next: a good answer shows, by something you did: keep people safe
2. resilience: Missions, now 3 of 5 (+1.60)
   Next: a good answer shows, by something you did: grow with care

1. why-us (2026-11-19; 1.8 of 5; about 0:10 of 1:00)
   What did you change?
   > I like that you write things down.
   > I wrote the account of the night Harbourmaster failed, and all 62 depots of
     Brackwater read it.
   Numbers: 62 depots
   Weakest: Missions, now 1 of 5 (+1.60)
   Next: a good answer shows, by something you did: keep people safe
   They may ask: "62 depots": is that a lot, and how did you count it? What
     would you do differently today?

2. resilience (2026-10-21; 3.4 of 5; about 0:16 of 1:00)
   What did you change?
   > Our scheduler at Brackwater sent 212 trucks to the wrong dock one night.
   > So I built a checker in Harbourmaster, and nobody drove to a wrong dock
     again.
   > The wrong trips fell from 212 a night to 6.
   Numbers: 212 trucks and 212 a night to 6
   Weakest: Missions, now 3 of 5 (+1.60)
   Next: a good answer shows, by something you did: grow with care
   They may ask: "212 trucks": is that a lot, and how did you count it? What
     would you do differently today?
"""
    )


def test_what_is_not_graded_is_said_with_the_command(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was run: the views say so, and nothing is guessed or written."""
    reports = str(project / "elsewhere")

    assert main(["coverage", *FLAGS, "--reports", reports]) == 0
    screen = capsys.readouterr().out
    assert "Not graded under today's settings: 3 of 3 attempts." in screen
    assert f"Grade them: evalharness run --grader heuristic --reports {reports}\n" in screen

    assert main(["brief", *FLAGS, "--reports", reports]) == 0
    page = capsys.readouterr().out
    assert "No score, so the newest attempt is shown: " in page
    assert f"Grade with: evalharness run --grader heuristic --reports {reports}\n" in page
    assert not (project / "elsewhere").exists()


def test_a_model_is_looked_up_without_a_key(shown: pytest.CaptureFixture[str]) -> None:
    """No credential is asked for, and the grades of another grader are named and not mixed in."""
    assert main(["coverage", "--grader", "anthropic", "--date", "2026-11-20"]) == 0

    screen = shown.readouterr().out
    assert "Not graded under today's settings: 3 of 3 attempts. Add --plan to see the price" in screen
    assert "Also stored, and not mixed in: 3 attempts graded by heuristic" in screen


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (("coverage", "--format", "md"), "# Coverage: which answer shows which mission\n"),
        (("coverage", "--format", "json"), '{\n  "format": 1,\n  "on": "2026-11-20",\n'),
        (("brief", "--format", "md"), "# Brief: 3 questions, "),
        (("coverage", "cases/tool"), "Talk: missions in 1 question, 1 attempt, as of 2026-11-20\n"),
        (("coverage", "--author", "me"), "Talk: missions in 3 questions"),
        (("brief", "tool"), "Brief: 1 question, "),
    ],
)
def test_each_view_has_its_formats_and_choices(
    arguments: tuple[str, ...], start: str, shown: pytest.CaptureFixture[str]
) -> None:
    """Each begins as it should; the texts themselves are compared beside their rooms."""
    assert main([*arguments, *FLAGS]) == 0

    assert shown.readouterr().out.startswith(start)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("coverage", "--author", "mee"), "there is no author called 'mee' [unknown-name]\nhint: did you mean 'me'?"),
        (("brief", "toool"), "there is no question called 'toool' [unknown-name]\nhint: did you mean 'tool'?"),
        (("brief", "--for", "someday"), "someday"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(
    arguments: tuple[str, ...], told: str, shown: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, and nothing on standard output."""
    assert main([*arguments, "--grader", "heuristic"]) == 2

    printed = shown.readouterr()
    assert (told in printed.err, printed.out) == (True, "")

"""What `init` writes that is no copy: settings, README, .gitignore, and the line by which editors find a schema."""

from __future__ import annotations

SCHEMAS = ".schemas"

CONFIG = """\
# Settings of this answer repository. Every line is optional; flags override them.
# All keys: evalharness schema config
author: me
grader: auto              # anthropic where a key is found and no CI, else heuristic (offline)
# model: claude-sonnet-5-5
# mode: joint             # cheaper: one call for all criteria of an attempt
samples: 1
max_usd: 5
# gate:                   # what `run` and `check` ask for; exit 1 where it fails
#   min_score: 3.0        # of every latest attempt
#   floors: true          # of every criterion that states a floor
#   no_regression: true   # no attempt worse than the one before, beyond noise
#   too_close: warn       # pass, warn or fail
#   requires: {labels: 30}   # only a warning until 30 answers that people labelled bear it out: `label`, `calibrate`
# redact:                 # replaced before anything leaves this machine, put back in quotes
#   - {name: My Employer, as: COMPANY-1}
"""

README = """\
# My answers

    evalharness new "Why us?"      a new question, and a file for your first answer
    evalharness practice           answer the question most worth it, with a clock and a grade
    evalharness run                grade what changed; the report says what to rewrite first
    evalharness brief --for friday     the page for the night before
    evalharness import prep.md     questions and answers out of a document you already have

Each question is a folder under `cases/`: `question.yaml`, and one Markdown file for each attempt, named by its date.
Write a new attempt instead of changing an old one; that is how progress becomes visible. `rubrics/` says what a good
answer is: change the files as you like. `.schemas/` gives your editor completion for both.
"""

EXAMPLES = """\

The answers in `cases/examples` are by an author called `example`. They are graded, but they count in no mean. Once you
have an answer of your own, they are in no run, no brief and no practice. Delete the folder when you do not need it.
"""

GITIGNORE = """\
.venv/
.env
.DS_Store
.attempt-*
*.tmp
# who is asking for which grade, while several runs go on at once
reports/.claimed
# pages that can be made again: evalharness report RUN --format html
reports/*/report.html
reports/*/questions/
# made again by every run; in Git they would differ on every branch
reports/PROGRESS.md
reports/progress/
"""

GITATTRIBUTES = """\
# One record a line: what two branches add is joined.
*.jsonl merge=union
"""

REQUIREMENTS = """\
# What the workflows install, each line with its hash: pip takes nothing else (--require-hashes). Make it with
#   echo "evalharness @ https://example.org/evalharness-1.0-py3-none-any.whl" > evalharness.in
#   pip-compile --generate-hashes --output-file .github/evalharness.txt evalharness.in
"""


def with_schema(text: str, name: str, depth: int) -> str:
    """Return a YAML text that names its schema for editors; the file is `depth` folders below the repository's root."""
    return f"{schema_line(name, depth)}{text}"


def schema_line(name: str, depth: int) -> str:
    """Return the comment by which an editor finds the schema called `name`, without a connection."""
    return f"# yaml-language-server: $schema={'../' * depth}{SCHEMAS}/{name}.schema.json\n"


def by_example(text: str, author: str) -> str:
    """Return an attempt with `author` in its front matter."""
    opening = "---\n"
    rest = text.removeprefix(opening) if text.startswith(opening) else f"{opening}\n{text}"
    return f"{opening}author: {author}\n{rest}"

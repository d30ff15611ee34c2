"""Make the generated parts again: the sample run, the help in docs/commands.md, blocks of the pages, the picture.

python -m scripts.generate           write them
python -m scripts.generate --check   fail where one is not what the code makes today
"""

from __future__ import annotations

import argparse
import datetime
import hashlib
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from tabulate import tabulate

import evalharness
from benchmarks.bill import bill, table
from evalharness import schemas
from evalharness.audit.workflow import heuristic_page
from evalharness.cli import COMMANDS, app
from evalharness.grading.workflow import Choice
from evalharness.load import load_project
from evalharness.model.nouns import Checklist, Criterion, Scale, Tags
from evalharness.world import Silent, World
from scripts import formats, mistakes

ROOT = Path(__file__).parent.parent
CLOCK = datetime.datetime(2026, 11, 20, 18, 0, tzinfo=datetime.UTC)
COLUMNS = 100
ROWS = 4
RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{4}")


def main() -> None:
    parser = argparse.ArgumentParser(description="generated parts")
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    os.chdir(ROOT)
    stale = [name for name, text in everything() if not put(ROOT / name, text, check=check)]
    if stale:
        raise SystemExit("not what the code makes today: " + ", ".join(stale) + "\nrun: python -m scripts.generate")
    print("generated parts are current" if check else "generated parts are written")


def everything() -> Iterator[tuple[str, str]]:
    """Yield path and text of every generated file."""
    with tempfile.TemporaryDirectory() as folder:
        sample = make_sample(Path(folder))
        yield from ((f"reports/sample/{file.name}", file.read_text("utf-8")) for file in sorted(sample.iterdir()))
        screen = terminal_run(Path(folder))
        yield "docs/run.svg", picture(screen)
        yield "docs/commands.md", commands()
        yield "docs/mistakes.md", mistakes.page()
        yield "docs/levels.md", levels()
        yield "docs/report-card.md", heuristic_page(ROOT, world_in(ROOT))
        yield from pages(dict(blocks(sample)))


def make_sample(folder: Path) -> Path:
    """Return a run over the shipped cases with clock and id handed in, made in a temporary project."""
    world = world_in(project(folder))
    choice = Choice(is_sample=True, run_id="sample", formats=("json", "junit"))
    evalharness.run([], settings={"grader": "heuristic"}, choice=choice, world=world)
    return world.cwd / "reports/sample"


def project(folder: Path) -> Path:
    """Return a copy of the shipped content that a run may write beside."""
    for name in ("cases", "rubrics"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    shutil.copyfile(ROOT / "evalharness.yaml", folder / "evalharness.yaml")
    return folder


def terminal_run(folder: Path) -> str:
    """Return what a real terminal shows for the README's first run; the run's id is replaced by a fixed one."""
    master, slave = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "evalharness", "run", "cases/", "--grader", "heuristic"]
    process = subprocess.Popen(
        command, cwd=folder, stdin=slave, stdout=slave, stderr=subprocess.DEVNULL, env=environment, close_fds=True
    )
    os.close(slave)
    shown = b"".join(read_all(master))
    if process.wait():
        raise SystemExit("the run for the picture failed")
    text = shown.decode().replace("\r\n", "\n")
    return "$ evalharness run cases/ --grader heuristic\n" + RUN_ID.sub("20261120T180000Z-3f2a", text)


def read_all(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, 65536)
        except OSError:  # Linux says so when the other side has gone
            return
        if not data:
            return
        yield data


def picture(screen: str) -> str:
    """Return the screen as SVG without any address in it; the text it was made from is named by its hash."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115, PTH123
    console.print(Text.from_ansi(screen.rstrip("\n")), soft_wrap=True)
    svg = console.export_svg(title="evalharness run cases/", unique_id="run")
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = svg.replace("<!-- Generated with Rich https://www.textualize.io -->", "")
    return f"<!-- text {hashlib.sha256(screen.encode()).hexdigest()} -->\n".join(["", svg.lstrip()])


def commands() -> str:
    """Return docs/commands.md: the help of every command, as it is printed."""
    parts = ["# Commands\n", "Generated from the code; `--help` behind a command prints the same.\n"]
    context = click.Context(app, info_name="evalharness", terminal_width=COLUMNS, max_content_width=COLUMNS)
    parts.append(f"```text\n{app.get_help(context).rstrip()}\n```\n")
    for name in COMMANDS:
        command = app.get_command(context, name)
        assert command is not None
        inner = click.Context(
            command, info_name=name, parent=context, terminal_width=COLUMNS, max_content_width=COLUMNS
        )
        parts.append(f"## {name}\n\n```text\n{command.get_help(inner).rstrip()}\n```\n")
    return "\n".join(parts)


def levels() -> str:
    """Return docs/levels.md: every level, item and tag of the shipped rubrics, and what to do to pass it."""
    parts = [
        "# Every level, and what to do to pass it\n",
        "Generated from the shipped [rubrics](rubrics.md). The last column is what a report shows as the next step; no "
        "grader sees it. Measures have bands and no texts.\n",
    ]
    for rubric in load_project([], cwd=ROOT).rubrics.values():
        rows = [row for criterion in rubric.criteria for row in level_rows(criterion)]
        parts.append(f"## {rubric.title} (edition {rubric.edition})\n")
        parts.append("\n".join(["| criterion | level | what earns it | next |", "|---|---|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def level_rows(criterion: Criterion) -> Iterator[str]:
    """Yield criterion, level or id, text and next step, as rows of a table."""
    match criterion.kind:
        case Scale(levels=found):
            entries = [(str(each.level), each.text, each.next) for each in found]
        case Checklist(items=items):
            entries = [(each.id, each.text, each.next) for each in items]
        case Tags(tags=tags):
            entries = [(each.id, f"{each.title}. {each.look_for}", each.next) for each in tags]
        case _:
            return
    for name, text, then in entries:
        shown = (formats.plain(" ".join(said.split())) for said in (text, then))
        yield f"| {criterion.title} | {name} | {' | '.join(shown)} |"


# What the authors of the shipped series meant, before any grader saw them; "+" better than the one before.
INTENDED = {
    "why-fernhollow": "++",
    "correctness-over-speed": "++",
    "standardising-safety": "++",
    "responsibility": "++",
    "speed-vs-safety": "++",
    "cultural-context": "++",
    "clarity": "++",
    "courier-rebuild": "+++",
    "transparency": "+",
    "privacy": "+",
    "innovation-vs-safety": "+-",
    "ethical-disagreement": "+-",
}


def trust(sample: Path) -> str:
    """Return the order that the heuristic sees in the shipped series."""
    run = evalharness.read_run("sample", world=world_in(sample.parent.parent))
    totals = {
        series.latest.case.question.id: [result.total or 0.0 for result in series.results]
        for series in evalharness.summary(run).series
    }
    rows, steps, series_right = [], [], []
    for name, signs in INTENDED.items():
        found = totals[name]
        right = [(b > a) == (sign == "+") and a != b for a, b, sign in zip(found, found[1:], signs, strict=False)]
        steps += right
        series_right += [all(right)] if set(signs) == {"+"} else []
        seen = "yes" if all(right) else "in part" if any(right) else "no"
        rows.append([f"`{name}`", {"+-": "better, then worse"}.get(signs, "better each time"), _arrow(found), seen])
    head = ["series", "meant by its author", "totals by the heuristic", "seen"]
    words = (
        f"Of the {len(series_right)} series that were written to improve, the heuristic sees the whole order in "
        f"{sum(series_right)}; of all {len(steps)} single steps (two of them downwards), it has the right direction in "
        f"{sum(steps)}.\n\n"
    )
    return f"{words}{tabulate(rows, headers=head, tablefmt='github', disable_numparse=True)}\n"


def _arrow(totals: list[float]) -> str:
    return " → ".join(f"{total:.2f}" for total in totals)


def world_in(folder: Path) -> World:
    return World(cwd=folder, environment={}, clock=lambda: CLOCK, new_id=str, watcher=Silent())


MARKED = re.compile(r"(<!-- generated: ([\w-]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def pages(made: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the README and every page that has generated blocks, with these made again; each block has a place."""
    placed = set()
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        text = file.read_text("utf-8")
        names = [name for _, name, _ in MARKED.findall(text)]
        if unknown := set(names) - set(made):
            raise SystemExit(f"{file.name}: nobody makes a block called {', '.join(sorted(unknown))}")
        placed.update(names)
        if names:
            yield (
                str(file.relative_to(ROOT)),
                MARKED.sub(lambda match: match.group(1) + made[match.group(2)] + match.group(3), text),
            )
    if lost := set(made) - placed:
        raise SystemExit(f"no page has a place for {', '.join(sorted(lost))}")


def blocks(sample: Path) -> Iterator[tuple[str, str]]:
    """Yield the generated blocks of all pages by name."""
    report = (sample / "report.md").read_text("utf-8")
    opening = report[report.index("Graded by") : report.index("## Every question")]
    yield "excerpt", quoted(excerpt(opening))
    yield "bill", table([bill("per_criterion"), bill("joint")]) + "\n"
    root = history(sample.parent.parent)
    for name, arguments in SCREENS:
        yield name, screen_block(root, arguments)
    yield "order", trust(sample)
    for name in schemas.names():
        yield f"keys-{name}", formats.tables(name)


TODAY = "2026-11-20"
HEURISTIC = ("--grader", "heuristic")
SCREENS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("progress", ("progress", *HEURISTIC)),
    ("series", ("progress", "correctness-over-speed", *HEURISTIC)),
    ("compare", ("compare", "previous", "latest", *HEURISTIC)),
    ("coverage", ("coverage", "--date", TODAY, *HEURISTIC)),
    ("brief", ("brief", "correctness-over-speed", "--for", "2026-11-23", "--date", TODAY, *HEURISTIC)),
)


def history(folder: Path) -> Path:
    """Return a project with two runs: the first without the latest attempt of three series, the second with all."""
    root = project(folder / "history")
    later = [root / "cases" / name for name in LATER]
    kept = {file: file.read_bytes() for file in later}
    for moment, ready in ((CLOCK - datetime.timedelta(days=7), False), (CLOCK, True)):
        for file, text in kept.items():
            file.write_bytes(text) if ready else file.unlink()
        world = World(cwd=root, environment={}, clock=Standing(moment), new_id=run_id, watcher=Silent())
        evalharness.run([], settings={"grader": "heuristic"}, world=world)
    return root


class Standing:
    """A clock that stands still."""

    def __init__(self, moment: datetime.datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime.datetime:  # noqa: D102
        return self.moment


LATER = (
    "mission/correctness-over-speed/2026-11-04.md",
    "culture/ethical-disagreement/2026-10-14.md",
    "culture/what-excites-you/2026-10-21.md",
)


def run_id(now: datetime.datetime) -> str:
    return f"{now:%Y%m%dT%H%M%SZ}-0000"


def screen_block(folder: Path, arguments: tuple[str, ...]) -> str:
    environment = {**os.environ, "COLUMNS": str(COLUMNS), "NO_COLOR": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "evalharness", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return f"```console\n$ evalharness {' '.join(arguments)}\n{done.stdout.rstrip()}\n```\n"


def excerpt(text: str) -> str:
    """Return counts, first rows and first step of the sample report, with links that work from the README."""
    lines = text.splitlines()
    counts = next(line for line in lines if "attempts graded" in line)
    table = [line for line in lines if line.startswith("|")][: ROWS + 2]
    step = re.search(r"^1\. .*?(?=^2\. |^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert step is not None
    shown = "\n".join([counts, "", *table, "", "**Start here**", "", step[0].strip()])
    shown = re.sub(r"\]\(#q\d+\)", "](reports/sample/report.md)", shown)
    return shown.replace("](../../", "](").strip()


def quoted(text: str) -> str:
    return "".join(f"> {line}".rstrip() + "\n" for line in text.splitlines())


def put(path: Path, text: str, *, check: bool) -> bool:
    """Write `text`, or say whether it stands there already.  A picture is compared by the text it was made from."""
    now = path.read_text("utf-8") if path.exists() else ""
    same = now == text or (path.suffix == ".svg" and now.splitlines()[:1] == text.splitlines()[:1])
    if not check and not same:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return same or not check


if __name__ == "__main__":
    main()

"""What README and pages tell is so: their commands run, their files are right, their links lead somewhere."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from markdown_it import MarkdownIt

from evalharness.cli import app
from evalharness.model.config import Config, Gate, RetryPolicy
from evalharness.schemas import read
from tests.pages.blocks import Command, File, Unproved, commands_in_prose, examples
from tests.pages.matching import differs
from tests.pages.proof import PAGES, ROOT, prove
from tests.pages.shell import Done, Runner

NAMES = [page.name for page in PAGES]
OF_NAME = dict(zip(NAMES, PAGES, strict=True))
ENDS = {"|", "||", "&&", ";", ">", "2>", "<", "&"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def proofs(place: Runner) -> Iterator[dict[str, Future[list[Done]]]]:
    """All pages, run two at a time while the tests look at them one by one."""
    with ThreadPoolExecutor(2) as pool:
        yield {page.name: pool.submit(prove, page, place) for page in PAGES}


@pytest.mark.parametrize("name", NAMES)
def test_the_commands_of_a_page_do_what_it_says(proofs: dict[str, Future[list[Done]]], name: str) -> None:
    """Each leaves with the code that the page states, 0 where it states none, and prints what stands under it."""
    wrong: list[str] = []
    for done in proofs[name].result(timeout=120):
        where = f"{name}, line {done.command.line}: {done.command.text}\n"
        if done.code != done.command.code:
            wrong.append(f"{where}left with {done.code}, not {done.command.code}:\n{done.output}")
        elif done.command.shown is not None and (difference := differs(done.command.shown, done.output)):
            wrong.append(where + difference)

    remedy = f"to write what is printed now: python -m tests.pages {OF_NAME[name].relative_to(ROOT)}"
    assert not wrong, "\n\n".join([*wrong, remedy])


@pytest.mark.parametrize("name", NAMES)
def test_no_example_of_a_page_escapes(name: str) -> None:
    """A block is commands, a named file, text to read, or generated: else nothing would notice when it goes wrong."""
    found = [example for example in examples(OF_NAME[name].read_text("utf-8")) if isinstance(example, Unproved)]

    assert found == []


@pytest.mark.parametrize("name", NAMES)
def test_commands_that_no_test_runs_are_commands(name: str) -> None:
    """What needs a terminal or a browser, what stands in a sentence, what help gives as an example."""
    text = OF_NAME[name].read_text("utf-8")
    told = [e.text for e in examples(text) if isinstance(e, Command) and not e.runs]
    told += [*commands_in_prose(text), *re.findall(r"^ {4}(evalharness .*?)(?:   .*)?$", text, re.MULTILINE)]

    for command in told:
        for arguments in calls(command):
            parse(arguments)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize("name", NAMES)
def test_commands_are_commands_in_other_shells(name: str, shell: str) -> None:
    """What a page shows can be pasted into zsh and fish: both parse every line of it and run none."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    told = [e.text for e in examples(OF_NAME[name].read_text("utf-8")) if isinstance(e, Command)]
    told = [text for text in told if not text.startswith("python - <<")]

    done = subprocess.run([shell, "-n"], input="\n".join(told), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
@pytest.mark.parametrize("name", ["README.md"])
def test_the_first_ten_minutes_go_as_told_in_other_shells(place: Runner, name: str, shell: str) -> None:
    """The README, pasted into zsh and fish without settings, do what they do in bash."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")

    wrong = [
        f"{name}, line {done.command.line}: {done.command.text}\nleft with {done.code}:\n{done.output}"
        for done in prove(OF_NAME[name], place, shell=shell)
        if done.code != done.command.code or (done.command.shown and differs(done.command.shown, done.output))
    ]

    assert wrong == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_first_commands_reach_the_program_in_every_shell(shell: str, tmp_path: Path) -> None:
    """Pasted into an interactive shell without settings, nothing activated: the program gets the words of the page."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    tool = tmp_path / ".venv/bin/evalharness"
    tool.parent.mkdir(parents=True)
    tool.write_text('#!/bin/sh\nprintf "%s|" "$@"\necho\n')
    tool.chmod(0o755)
    told = [e.text for e in examples(OF_NAME["README.md"].read_text("utf-8")) if isinstance(e, Command)]
    lines = [text for text in told if text.startswith("evalharness ")]
    found = [text for text in told if text.startswith("export PATH=")]
    plain = {"bash": ["--norc", "-i"], "zsh": ["-f", "-i"], "fish": ["--no-config", "-i"]}[shell]
    there = {**os.environ, "TERM": "dumb", "HOME": str(tmp_path)}

    done = subprocess.run(
        [shell, *plain, "-c", "\n".join([*found, *lines])], capture_output=True, text=True, check=False, env=there,
        cwd=tmp_path, timeout=30,
    )  # fmt: skip

    assert [line.rstrip("|").split("|") for line in done.stdout.splitlines()] == [
        shlex.split(line)[1:] for line in lines
    ]


def calls(command: str) -> Iterator[list[str]]:
    """Yield the arguments of each `evalharness` in a line of shell."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = list(lexer)
    for at, word in enumerate(words):
        if word.rpartition("/")[2] == "evalharness":
            end = next((n for n in range(at, len(words)) if words[n] in ENDS), len(words))
            yield words[at + 1 : end]


def parse(arguments: list[str]) -> None:
    """Parse a command line and do nothing; raises where a command, a flag or a value does not exist."""
    if arguments and not arguments[0].startswith("-"):
        command = app.get_command(click.Context(app), arguments[0])
        assert command is not None, f"there is no command '{arguments[0]}'"
        with contextlib.suppress(click.MissingParameter):  # a sentence may leave out what a call needs
            command.make_context(arguments[0], arguments[1:])


# --- the mechanism can fail ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "```yaml\na: 1\n```\n",
        "```\nevalharness run\n```\n",
        "- a list\n\n  ```json\n  {}\n  ```\n",
        "> ```fish\n> evalharness run\n> ```\n",
        "An indented block:\n\n    evalharness run\n",
        "`a.yaml`: and more\n\n```yaml\na: 1\n```\n",
        "<!-- generated: x -->\n```console\n$ true\n```\n<!-- end -->\n\n```yaml\na: 1\n```\n",
    ],
)
def test_a_block_that_nothing_proves_is_found(text: str) -> None:
    """In lists, quotations and behind generated parts, too."""
    assert any(isinstance(example, Unproved) for example in examples(text))


def test_commands_and_files_are_read_as_a_reader_sees_them() -> None:
    """Prompt, continuation, output, mark, file."""
    page = (
        "`a/b.yaml`:\n\n```yaml\na: 1\n```\n\n<!-- test: 2: exits with 3, needs a key -->\n"
        "```console\n$ one \\\n> two\n1\n$ three\n```\n"
        "\n<!-- test: needs a terminal -->\n```sh\n\nfour\n```\n"
    )

    assert examples(page) == [
        File(line=3, name="a/b.yaml", text="a: 1\n"),
        Command(line=9, text="one   two", shown="1"),
        Command(line=12, text="three", needs="a key", code=3),
        Command(line=18, text="four", needs="a terminal"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "```console\nevalharness run\n```\n",
        "```sh\nx  # a remark\n```\n",
        "```sh\n# a remark\n```\n",
        "<!-- test: needs a friend -->\n```sh\nx\n```\n",
    ],
)
def test_a_block_that_cannot_be_read_is_an_error(text: str) -> None:
    """A forgotten prompt, a comment that zsh would take for arguments, an unknown need."""
    with pytest.raises(ValueError, match=r"line [23]"):
        examples(text)


@pytest.mark.parametrize(
    ("shown", "printed", "same"),
    [
        ("a\nb", "a\nb\n", True),
        ("a\n...\nd", "a\nb\nc\nd\n", True),
        ("a\n...\nb", "a\nb\n", True),
        ("run ... of 5", "run 3.1 of 5\n", True),
        ("reports/20261120T180000Z-3f2a/report.md", "reports/20270101T000000Z-0001/report.md\n", True),
        ("a", "a\nb\n", False),
        ("a\n...", "b\n", False),
        ("3.1 of 5", "3.2 of 5\n", False),
        ("a.c", "abc\n", False),
    ],
)
def test_what_is_shown_is_compared_with_what_is_printed(shown: str, printed: str, same: bool) -> None:
    """`...` stands for what is left out and run ids for each other; everything else has to be so."""
    assert (differs(shown, printed) == "") is same


def test_a_page_that_tells_something_wrong_is_found(place: Runner, tmp_path: Path) -> None:
    """Wrong output and a wrong code are seen; folder and variables last from command to command."""
    page = tmp_path / "page-that-is-wrong.md"
    page.write_text(
        "```console\n$ cd cases && X=1\n$ echo $X; basename $PWD\n1\nrubrics\n$ false | cat\n$ (exit 3)\n"
        "$ evalharness lint --nonsense | cat; evalharness lint x.yaml\n```\n"
    )
    done = prove(page, place)

    assert [one.code for one in done] == [0, 0, 0, 3, 2]
    assert "-rubrics\n+cases" in differs(done[1].command.shown or "", done[1].output)
    assert "no such option" in done[4].output


# --- links and defaults --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_of_the_pages_outside_the_site_lead_somewhere(name: str) -> None:
    """The site's own are checked by its build; these are read on the code host."""
    for target in links((ROOT / name).read_text("utf-8")):
        path, _, anchor = target.partition("#")
        file = ROOT / (path or name)
        assert file.exists(), f"{name} links to {target}"
        if anchor and file.suffix == ".md" and not re.fullmatch(r"L\d+", anchor):
            assert anchor in headings(file.read_text("utf-8")), f"{name} links to {target}"


def links(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").parse(text):
        for child in token.children or ():
            target = str(child.attrs.get("href") or child.attrs.get("src") or "")
            if target and not re.match(r"[a-z]+:", target):
                yield target


def headings(text: str) -> set[str]:
    """Return the anchors that a code host makes of headings."""
    heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}


def test_the_defaults_that_the_pages_tell_are_those_of_the_program() -> None:
    """The tables are made from the schema; the program does what its own structs say."""
    schema = read("config")["properties"]

    for given, defaults in ((schema, Config()), (schema["gate"]["properties"], Gate())):
        for key, value in given.items():
            assert value.get("default", getattr(defaults, key)) == getattr(defaults, key)
    for key, value in schema["retry"]["properties"].items():
        assert value["default"] == getattr(RetryPolicy(), key)

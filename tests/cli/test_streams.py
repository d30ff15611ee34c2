"""Whatever the standard streams and the environment are: no traceback, and no exit 1, which means a failed gate."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.cli.screen import colour
from evalharness.console.runners import end_of_line, harmless, harmless_document
from evalharness.console.streams import _Sink, _Text
from tests.support import many, write_project

PIECES = st.text(alphabet="#:[] \n\r\tavso-x\u2028", max_size=12)


def obeyed(line: str) -> bool:
    """Return whether a runner takes a line of a log for a command, in its newer or its older way of reading."""
    if line.strip().startswith("::"):
        return True
    after = [rest for rest in line.split("##")[1:] if "[" in rest]
    return any(rest[: rest.index("[")].replace("_", "").isalnum() or rest.startswith("[") for rest in after)


@given(st.lists(PIECES, max_size=8))
def test_no_text_is_a_command_of_a_ci(pieces: list[str]) -> None:
    """However a text is cut into writes, no line of the log is one that a runner obeys."""
    written = ""
    for piece in pieces:
        written += harmless(piece, end_of_line(written))

    assert not any(map(obeyed, written.splitlines()))
    assert written.replace(" ", "") == "".join(pieces).replace(" ", "")


@given(st.recursive(st.text(alphabet='#:[]"\\ \nvso', max_size=10), lambda inner: st.lists(inner, max_size=3)))
def test_a_json_document_says_the_same_in_a_ci(value: object) -> None:
    """What a program reads is not changed by what a runner must not read."""
    text = json.dumps({"value": value}, indent=2)

    shown = harmless_document(text)

    assert json.loads(shown) == {"value": value}
    assert not any(map(obeyed, shown.splitlines()))


@settings(max_examples=50)
@given(st.text(), st.sampled_from(["ascii", "cp1252", "latin-1", "utf-8", "utf-16", "shift_jis"]), st.booleans())
def test_any_character_can_be_written_on_any_console(text: str, encoding: str, guarded: bool) -> None:
    """A character that the console lacks, half a surrogate pair too, costs itself and not the command."""
    here, there = os.pipe()
    like = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    stream = _Text(io.BufferedWriter(_Sink(there, "out")), like, guarded=guarded)

    stream.write(text[:1000])
    stream.flush()
    os.close(there)

    with os.fdopen(here, "rb") as read:
        read.read().decode(encoding)


@pytest.mark.parametrize("variable", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch, variable: dict[str, str]) -> None:
    """Errors go by the same rule as results."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert colour(Terminal())
    for name, value in variable.items():
        monkeypatch.setenv(name, value)

    assert not colour(Terminal())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two questions, with a character that many consoles lack in one title and a command of a CI in the other."""
    root = write_project(tmp_path_factory.mktemp("streams"), many(2), config="grader: heuristic\n")
    question = next(iter(sorted(root.rglob("question.yaml"))))
    text = question.read_text(encoding="utf-8")
    question.write_text(f"{text}title: 'Café \U0001f642 ##[stop-commands]x ##vso[task.x]'\n", encoding="utf-8")
    return root


def shell(project: Path, line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of a shell in which `$EH` is the command."""
    given = {**os.environ, "EH": f"{sys.executable} -m evalharness", "PYTHONPATH": str(Path.cwd()), **environment}
    return subprocess.run(["/bin/sh", "-c", line], cwd=project, env=given, capture_output=True, timeout=120)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to try")
@pytest.mark.parametrize("command", ["--version", "run", "schema rubric"])
def test_a_full_disk_behind_standard_output_is_told_in_one_line(project: Path, command: str) -> None:
    """Exit 2 with the reason: what a script wanted to keep is not there."""
    done = shell(project, f"$EH {command} > /dev/full")

    assert done.returncode == 2
    told = b"error: cannot write to standard output: no space left on device [output]"
    assert done.stderr.splitlines()[-1] == told


@pytest.mark.parametrize(
    ("line", "code"),
    [("$EH run >&-", 0), ("$EH run 2>&- <&-", 0), ("$EH run --min-score 4.9 >&- 2>&- <&-", 1), ("$EH bogus 2>&-", 2)],
)
def test_closed_streams_change_no_exit_code(project: Path, line: str, code: int) -> None:
    """As cron and systemd may start it: the work is done, and the exit code is its own."""
    done = shell(project, line)

    assert done.returncode == code
    assert b"Traceback" not in done.stderr


def test_documents_are_utf_8_whatever_the_console_is(project: Path) -> None:
    """JSON and HTML say their encoding in their heads; the screen replaces what it lacks."""
    shell(project, "$EH run")
    line = "for f in json html; do $EH report latest --format $f || exit 9; done; $EH report latest --format text"
    done = shell(project, line, PYTHONIOENCODING="cp1252")

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.count("Café \U0001f642".encode()) >= 2


def nonsense() -> Iterator[str]:
    """Yield the variables that Python, the terminal and the system's libraries read."""
    yield from ("COLUMNS", "LINES", "TERM", "COLORTERM", "FORCE_COLOR", "CLICOLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    yield from ("LANG", "LC_ALL", "LANGUAGE", "TZ", "HOME", "TMPDIR", "XDG_CACHE_HOME", "EDITOR", "VISUAL", "PAGER")
    yield from ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT", "CI")


@pytest.mark.parametrize("value", ["-1", "\u00e9/nothing/../##[x]"])
def test_an_environment_of_nonsense_breaks_nothing(project: Path, value: str) -> None:
    """Every variable that is read by somebody below us, set to what makes no sense."""
    done = shell(project, "$EH run && $EH progress && $EH lint --figures", **dict.fromkeys(nonsense(), value))

    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert not any(map(obeyed, (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()))


def test_a_bug_is_not_told_as_a_failed_gate(project: Path) -> None:
    """An exception that nobody expected ends with 70 and its traceback."""
    code = "import sys; sys.argv[1:] = ['run']; import evalharness.cli as c; c.main = lambda: 1 / 0; "
    done = shell(project, f'{sys.executable} -c "{code} import evalharness.__main__ as m; m.main()"')

    assert done.returncode == 70
    assert b"ZeroDivisionError" in done.stderr

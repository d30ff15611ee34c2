"""Whatever the standard streams and the environment are: no traceback, and no exit 1, which means a failed gate."""

from __future__ import annotations

import io
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.cli.screen import colour
from evalharness.console.runners import end_of_line, harmless, harmless_document
from evalharness.console.streams import _Sink, _Text
from tests import apiserver as api
from tests.examples import examples
from tests.responder import GradingResponder
from tests.support import many, write_project

BLANKS = st.builds(lambda blank, count: blank * count, st.sampled_from(" \t\xa0\u3000"), st.integers(1, 700))
PIECES = st.one_of(st.text(alphabet="#:[] \n\r\tavso-x\u2028", max_size=12), BLANKS, st.just("::error::x"))


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


@settings(max_examples=examples(50))
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


FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk to try")


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
    commands = [f"report latest --format {name}" for name in ("json", "html", "text")]
    ended, done = in_turn(project, commands, PYTHONIOENCODING="cp1252")

    assert (ended, done.stderr) == ([0, 0, 0], b"")
    assert done.stdout.count("Café \U0001f642".encode()) >= 2


IN_TURN = Path(__file__).with_name("in_turn.py")
COMMANDS = (
    "run", "lint", "progress", "coverage", "brief", "report latest", "import nothing.md", "check", "label q0",
    "practice q0",
)  # fmt: skip


def in_turn(
    project: Path, commands: Sequence[str], streams: str = "", **environment: str
) -> tuple[list[int], subprocess.CompletedProcess[bytes]]:
    """Do the commands out of one start of Python; return how each ended, and all that was said."""
    (project / "codes").unlink(missing_ok=True)
    each = " ".join(map(shlex.quote, commands))
    done = shell(project, f"{sys.executable} {IN_TURN} codes {each} {streams}", **environment)
    return [int(line) for line in (project / "codes").read_text(encoding="utf-8").splitlines()], done


def codes(project: Path, streams: str) -> list[int]:
    """Return how every command ends."""
    ended, done = in_turn(project, COMMANDS, streams)
    assert b"Traceback" not in done.stderr
    return ended


TOLD_FULL = b"error: cannot write to standard output: no space left on device [output]"


@FULL
@pytest.mark.parametrize("command", ["--version", "run"])
def test_a_full_disk_behind_standard_output_is_told_in_one_line(project: Path, command: str) -> None:
    """Exit 2 with the reason: what a script wanted to keep is not there."""
    done = shell(project, f"$EH {command} > /dev/full")

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == TOLD_FULL


@FULL
def test_every_command_tells_a_full_disk_in_one_line(project: Path) -> None:
    """The same of whatever writes there, out of one start."""
    commands = ("run", "schema rubric", "--help", "explain", "completion bash", "lint")
    ended, done = in_turn(project, commands, ">/dev/full")

    assert ended == [2] * len(commands)
    assert done.stderr.splitlines().count(TOLD_FULL) == len(commands)


@FULL
def test_no_command_fails_otherwise_because_a_stream_is_closed_or_full(project: Path) -> None:
    """The exit code is the one it would have been; with a disk that is full behind its output it may be 2."""
    before = codes(project, "</dev/null >/dev/null")

    assert len(before) == len(COMMANDS)
    assert codes(project, "</dev/null 2>&-") == codes(project, ">&- 2>&- <&-") == before
    full = codes(project, "</dev/null >/dev/full 2>/dev/full")
    assert [after for after, alone in zip(full, before, strict=True) if after not in {alone, 2}] == []


def nonsense() -> Iterator[str]:
    """Yield the variables that Python, the terminal, Git, CI systems and the system's libraries read.

    Not those that Python itself refuses before any program begins: PYTHONHASHSEED=-1 ends every program with 1.  Nor
    PYTHONPYCACHEPREFIX, with which all that is imported is compiled anew: it has a test of its own.
    """
    yield from ("COLUMNS", "LINES", "TERM", "COLORTERM", "FORCE_COLOR", "CLICOLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
    yield from ("TERM_PROGRAM", "JUPYTER_COLUMNS", "JUPYTER_LINES", "NO_COLOR", "CLICOLOR_FORCE", "WT_SESSION", "TMUX")
    yield from ("LANG", "LC_ALL", "LC_CTYPE", "LANGUAGE", "TZ", "TZDIR", "HOME", "USER", "LOGNAME", "SHELL", "DISPLAY")
    yield from ("TMPDIR", "TEMP", "TMP", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR")
    yield from ("EDITOR", "VISUAL", "PAGER", "BROWSER", "LESS", "SOURCE_DATE_EPOCH", "PYTEST_XDIST_WORKER", "NETRC")
    yield from ("PYTHONDEVMODE", "PYTHONASYNCIODEBUG", "PYTHONBREAKPOINT", "PYTHONUSERBASE")
    yield from ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy")
    yield from ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "REQUESTS_CA_BUNDLE", "OPENSSL_CONF")
    yield from ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_EXEC_PATH")
    yield from ("GIT_CONFIG_PARAMETERS", "GIT_TRACE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_EXTERNAL_DIFF")
    yield from ("CI", "GITHUB_ACTIONS", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH", "GITHUB_BASE_REF")
    yield from ("GITLAB_CI", "CI_PROJECT_DIR", "TF_BUILD", "SYSTEM_PULLREQUEST_TARGETBRANCH", "JENKINS_URL", "CIRCLECI")
    yield from ("OPENAI_API_KEY", "OPENAI_BASE_URL")


def of_the_sdk() -> Iterator[str]:
    """Yield what the SDK reads."""
    yield from ("ANTHROPIC_LOG", "ANTHROPIC_CUSTOM_HEADERS", "ANTHROPIC_PROFILE", "ANTHROPIC_CONFIG_DIR")
    yield from ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "ANTHROPIC_WORKSPACE_ID")
    yield from ("ANTHROPIC_IDENTITY_TOKEN", "ANTHROPIC_FEDERATION_RULE_ID", "ANTHROPIC_SERVICE_ACCOUNT_ID")


VALUES = ("-1", "\u00e9/nothing/../##[x]", "", "9" * 5000 + "\x1b[31m%s%n{}\n::error::x")


@pytest.mark.parametrize("value", VALUES)
def test_an_environment_of_nonsense_breaks_nothing(project: Path, value: str) -> None:
    """Every variable that is read by somebody below us, set to what makes no sense."""
    commands = ("run", "progress", "lint --figures", "check")
    ended, done = in_turn(project, commands, **dict.fromkeys(nonsense(), value))

    assert ended == [0, 0, 0, 2]
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert not value or not any(map(obeyed, (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()))


@pytest.mark.parametrize("value", ["-1", VALUES[-1]])
def test_what_python_compiled_may_be_kept_anywhere_or_nowhere(project: Path, value: str) -> None:
    """In a folder of the project, or where no folder can be: a command does what it does."""
    done = shell(project, "$EH --help", PYTHONPYCACHEPREFIX=value)

    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("value", VALUES)
def test_nonsense_for_the_sdk_ends_in_a_grade_or_a_reason(project: Path, value: str) -> None:
    """A key, a header or a profile that is none: told, or without effect."""
    with api.ApiServer(responder=GradingResponder()) as server:
        line = f"$EH run --grader anthropic --base-url {server.url} --reports out"
        done = shell(project, line, **dict.fromkeys((*nonsense(), *of_the_sdk()), value))

    assert done.returncode in {0, 2, 3}
    assert b"Traceback" not in done.stderr
    assert not value or not any(map(obeyed, (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()))


def test_a_bug_is_not_told_as_a_failed_gate(project: Path) -> None:
    """An exception that nobody expected ends with 70 and its traceback."""
    code = "import sys; sys.argv[1:] = ['run']; import evalharness.cli as c; c.main = lambda: 1 / 0; "
    done = shell(project, f'{sys.executable} -c "{code} import evalharness.__main__ as m; m.main()"')

    assert done.returncode == 70
    assert b"ZeroDivisionError" in done.stderr

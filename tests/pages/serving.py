"""The warm process behind forked.py: it imports everything, and each call is its fork.

python serving.py SOCKET    import, listen, fork; ends when standard input ends
"""

import array
import contextlib
import importlib
import importlib.util
import marshal
import mimetypes
import os
import pkgutil
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from pathlib import Path

import evalharness
from evalharness.__main__ import main
from evalharness.cli import COMMANDS
from evalharness.cli import main as cli
from evalharness.graders.anthropic.lazily import import_lazily
from evalharness.init.workflow import init

LATE = (
    *("aiohttp", "anthropic", "anyio.streams.tls", "bs4", "concurrent.futures.thread", "ctypes.util", "ftfy"),
    *("httpcore2", "jinja2", "jsonschema", "rich.console", "tabulate", "tenacity", "truststore"),
)


def serve(path: str) -> None:
    """Answer until standard input ends."""
    warm_up()
    signal.signal(signal.SIGCHLD, reap)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(16)
        print("ready", flush=True)
        while listener in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                answer(connection)
            connection.close()


def reap(*_: object) -> None:
    """Wait for the forks that have ended, so that their time is counted as that of the tests."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def warm_up() -> None:
    """Import what commands import late."""
    warm_rooms()
    for module in pkgutil.walk_packages(evalharness.__path__, "evalharness."):
        if "starter_files" not in module.name and not module.name.endswith(("__main__", "pytest_plugin")):
            importlib.import_module(module.name)
    import_lazily("anthropic")  # as the program does
    for name in LATE:
        importlib.import_module(name)
    client = sys.modules["anthropic"].AsyncAnthropic(api_key="k")
    client.messages.with_raw_response.create, client.models.with_raw_response.retrieve  # noqa: B018  # imports them
    mimetypes.init()
    exercise()


def exercise() -> None:
    """Do once what most commands do: rubrics are read, patterns compiled, and what is kept in memory is there."""
    with tempfile.TemporaryDirectory() as folder, open(os.devnull, "w") as nothing, contextlib.chdir(folder):  # noqa: PTH123
        init(Path(folder), examples=True)
        with contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            for command in (["run", "--grader", "heuristic"], ["report", "latest", "--format", "html"]):
                cli(command)


def warm_rooms() -> None:
    """Import the commands, and the rooms in which they work."""
    for place in COMMANDS.values():
        importlib.import_module(place.partition(":")[0])
    for room in pkgutil.iter_modules(evalharness.__path__, "evalharness."):
        if room.ispkg and importlib.util.find_spec(f"{room.name}.workflow"):
            importlib.import_module(f"{room.name}.workflow")


def answer(connection: socket.socket) -> None:
    """In the fork: become the command, tell its exit code, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    connection.sendall(os.getpid().to_bytes(8, "big"))
    head, controls, *_ = connection.recvmsg(8, socket.CMSG_SPACE(12))
    message = b""
    while len(message) < int.from_bytes(head, "big"):
        message += connection.recv(65536)
    arguments, folder, environment = marshal.loads(message)
    for place, stream in enumerate(array.array("i", controls[0][2])):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = ["evalharness", *arguments]
    connection.sendall(str(run()).encode())
    connection.close()
    os._exit(0)


def run() -> int:
    """Run the program as its entry point does."""
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    code = 0
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001  # what an interpreter does at its end
        traceback.print_exc()
        code = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        pass
    return code


if __name__ == "__main__":
    serve(sys.argv[1])

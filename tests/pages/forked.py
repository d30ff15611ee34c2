"""`evalharness` as pages call it, without the price of a start: one process imports everything, each call is its fork.

python forked.py serve SOCKET       import, listen, fork; ends when standard input ends
python -IS forked.py SOCKET ARGS    send arguments, folder, environment and the three streams; leave with the same code
"""

import array
import json
import os
import signal
import socket
import sys
import time


def call(path: str, arguments: list[str]) -> int:
    """Have a fork of the server do it; return its exit code.  What is sent to this process is passed on."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        message = json.dumps([arguments, os.getcwd(), dict(os.environ)]).encode()  # noqa: PTH109  # this file starts in 10 ms
        streams = array.array("i", [0, 1, 2])
        connection.sendmsg([len(message).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
        connection.sendall(message)
        process = int.from_bytes(connection.recv(8), "big")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, _: os.kill(process, number))
        return int(connection.recv(16) or b"70")


def serve(path: str) -> None:
    """Answer until standard input ends."""
    import select

    warm_up()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
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


def warm_up() -> None:
    """Import what commands import late."""
    import importlib

    warm_rooms()
    for name in ("anthropic", "aiohttp", "jinja2", "rich.console", "tabulate", "jsonschema", "bs4", "ftfy", "tenacity"):
        importlib.import_module(name)


def warm_rooms() -> None:
    """Import the commands, and the rooms in which they work."""
    import importlib
    import importlib.util
    import pkgutil

    import evalharness
    from evalharness.cli import COMMANDS

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
    arguments, folder, environment = json.loads(message)
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
    import traceback

    from evalharness.__main__ import main

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
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        sys.exit(call(sys.argv[1], sys.argv[2:]))

"""`evalharness` without the price of a start: what it is asked is done by a fork of a warm process (serving.py).

python -IS forked.py SOCKET ARGS    send arguments, folder, environment and the three streams; leave with the same code
"""

import os
import sys


def call(path: str, arguments: list[str]) -> int:
    """Have a fork of the server do it; return its exit code.  What is sent to this process is passed on.

    It takes the C modules below `socket`, `signal` and `json`: those import so much that half of the time were theirs.
    """
    import _signal  # type: ignore[import-not-found]  # it has no types
    import _socket
    import marshal

    connection = _socket.socket(_socket.AF_UNIX)
    connection.connect(path)
    message = marshal.dumps([arguments, os.getcwd(), dict(os.environ)])  # noqa: PTH109  # this file starts in 10 ms
    streams = b"".join(stream.to_bytes(4, sys.byteorder) for stream in range(3))
    connection.sendmsg([len(message).to_bytes(8, "big")], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, streams)])
    connection.sendall(message)
    process = int.from_bytes(connection.recv(8), "big")
    for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP):
        _signal.signal(number, lambda number, _: os.kill(process, number))
    return int(connection.recv(16) or b"70")


if __name__ == "__main__":
    sys.exit(call(sys.argv[1], sys.argv[2:]))

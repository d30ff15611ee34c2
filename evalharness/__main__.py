"""argv -> exit code.  `--version` is answered before anything else is imported."""

from __future__ import annotations

import gc
import sys

from evalharness._version import __version__
from evalharness.console.streams import close_streams, open_streams

BAD_INPUT, BUG = 2, 70
RINGS_LOOKED_FOR = 100_000
"""After so many new objects Python looks for unused rings of them.  At its own 700 that is a tenth of a run's time, for
hardly any ring is made, and what is looked through each time are the modules."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    gc.set_threshold(RINGS_LOOKED_FOR)
    open_streams()
    code = _run()
    failed = close_streams()
    if failed:
        sys.stderr.write(f"error: cannot write to standard output: {failed} [output]\n")
        close_streams()
        code = BAD_INPUT
    gc.freeze()  # at its end Python looks through all modules once more, for nothing: a tenth of a second
    sys.exit(code)


def _run() -> int:
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"evalharness {__version__}\n")
        return 0
    try:
        from evalharness.cli import main as cli

        return cli()
    except KeyboardInterrupt:
        return 130
    except Exception:  # noqa: BLE001  # exit 1 would say that a gate failed
        import traceback

        traceback.print_exc()
        sys.stderr.write("this is a bug of evalharness: please report it with the lines above\n")
        return BUG


if __name__ == "__main__":
    main()

"""argv -> exit code.  `--version` is answered before anything else is imported."""

from __future__ import annotations

import sys

from evalharness._version import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"evalharness {__version__}\n")
        return
    from evalharness.cli import main as cli

    sys.exit(cli())


if __name__ == "__main__":
    main()

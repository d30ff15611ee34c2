"""Write what commands print today into pages: `python -m tests.pages docs/start.md ...`.

Only blocks that leave nothing out are written; where `...` stands, the difference is printed for you to settle.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.pages.matching import differs
from tests.pages.proof import prove
from tests.pages.shell import Runner


def main() -> None:
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            page = Path(name)
            for done in reversed(prove(page, Runner(Path(folder)))):
                _settle(page, done.command.line, done.command.shown, done.output, done.code, done.command.text)


def _settle(page: Path, line: int, shown: str | None, output: str, code: int, text: str) -> None:
    where = f"{page}:{line}"
    print(f"{where}: exit {code}: {text.splitlines()[0]}")
    if shown is None or not differs(shown, output):
        return
    if "..." in shown:
        print(differs(shown, output))
        return
    lines = page.read_text("utf-8").splitlines()
    start = line + text.count("\n")
    lines[start : start + len(shown.splitlines())] = output.strip("\n").splitlines()
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

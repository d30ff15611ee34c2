"""Print the one fenced command of a section of the README: `python scripts/readme_command.py 'Test it'`."""

from __future__ import annotations

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def command(section: str) -> str:
    """Return the text of the first fenced block under the heading `section`."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(section)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    fence = re.search(r"^```\w*\n(.*?)^```", found.group(1), re.MULTILINE | re.DOTALL) if found else None
    if fence is None:
        raise SystemExit(f"the README has no fenced command under '## {section}'")
    return fence.group(1)


if __name__ == "__main__":
    print(command(sys.argv[1]), end="")

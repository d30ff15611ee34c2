"""Build the pages under docs/ into build/site; every warning is an error, and nothing is fetched.

python -m scripts.build_site           build
python -m scripts.build_site --prove   break a copy in all ways that must not pass; fail unless the build tells each
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SITE = ROOT / "build/site"

# What is added to a page of the copy, and what the build has to say about it.
BROKEN = {
    "a link to a page that is not there": ("start.md", "\n[x](gone.md)\n", "'gone.md'"),
    "a link to a heading that is not there": ("start.md", "\n[x](cases.md#gone-heading)\n", "'gone-heading'"),
    "a link to a heading of its own page": ("start.md", "\n[x](#gone-here)\n", "'gone-here'"),
    "a link to a file that is not there": ("start.md", "\n[x](../gone.yaml)\n", "'../gone.yaml'"),
    "a picture that is not there": ("start.md", "\n![x](gone.png)\n", "gone.png"),
    "a page that no table of contents names": ("lost.md", "# Lost\n", "lost.md: WARNING: document isn't included"),
    "a table of contents with a page too many": ("index.md", "\n```{toctree}\nnowhere\n```\n", "'nowhere'"),
    "a block in a language that nobody knows": ("start.md", "\n```nonsense\nx\n```\n", "'nonsense'"),
    "headings that skip a level": ("cases.md", "\n##### Deep\n", "cases.md:"),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="the pages as a site")
    parser.add_argument("--prove", action="store_true")
    if parser.parse_args().prove:
        prove()
        return
    shutil.rmtree(SITE, ignore_errors=True)
    done = build(ROOT / "docs", SITE)
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\nthe site has problems")
    print(f"{len(list(SITE.glob('*.html')))} pages in {SITE.relative_to(ROOT)}; open index.html")


def build(source: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Run Sphinx: -W warnings are errors, -n references that lead nowhere are warnings, --keep-going tells all."""
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-n", "--keep-going", "-E", "-b", "html"]
    return subprocess.run([*command, str(source), str(target)], capture_output=True, text=True, check=False)


def prove() -> None:
    """Break a copy of the pages; say which break went by unnoticed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(ROOT / "docs", Path(folder) / "docs"))
        for name, text, _ in BROKEN.values():
            with (copy / name).open("a", encoding="utf-8") as page:
                page.write(text)
        done = build(copy, Path(folder) / "site")
    unnoticed = [what for what, (_, _, told) in BROKEN.items() if told not in done.stderr]
    if unnoticed or not done.returncode:
        raise SystemExit(f"{done.stderr}\nthe build did not notice: {', '.join(unnoticed) or 'anything'}")
    print(f"the build notices {', '.join(BROKEN)}")


if __name__ == "__main__":
    main()

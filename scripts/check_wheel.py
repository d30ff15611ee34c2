"""Build wheel and sdist in a temporary folder; fail unless both hold what a user needs."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
IN_WHEEL = (
    "evalharness/py.typed",
    "evalharness/schemas/rubric.schema.json",
    "evalharness/audit/attacks.json",
    "evalharness/reports/html/templates/page.html",
    "evalharness/starter/rubrics/mission-alignment.yaml",
    "evalharness/starter/cases/culture/responsibility/question.yaml",
    "evalharness/starter/docs/messages.md",
)
IN_SDIST = (
    "rubrics/culture-dialogue.yaml",
    "tests/support.py",
    "reports/sample/report.md",
    "docs/conf.py",
    "docs/start.md",
    ".ci/run",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", folder], cwd=ROOT, check=True)
        (wheel,) = Path(folder).glob("*.whl")
        (sdist,) = Path(folder).glob("*.tar.gz")
        with zipfile.ZipFile(wheel) as inside:
            missing = set(IN_WHEEL) - set(inside.namelist())
        with tarfile.open(sdist) as packed:
            held = {name.partition("/")[2] for name in packed.getnames()}
        missing |= set(IN_SDIST) - held
        if missing:
            raise SystemExit(f"the packages lack {', '.join(sorted(missing))}")
        print(f"{wheel.name} {wheel.stat().st_size // 1024} kB, {sdist.name} {sdist.stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()

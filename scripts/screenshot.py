"""Make docs/report.png: the page of the sample run in a headless Chromium, as a reader sees it at first.

python scripts/screenshot.py [--all FOLDER]   the README's picture; with --all also phone, dark and print
"""

from __future__ import annotations

import argparse
import base64
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

SHOTS: dict[str, dict[str, Any]] = {
    "light": {"width": 1180, "scheme": "light"},
    "dark": {"width": 1180, "scheme": "dark"},
    "phone": {"width": 360, "scheme": "light"},
    "phone-table": {"width": 360, "scheme": "light", "at": "#r1"},
    "phone-dark": {"width": 360, "scheme": "dark", "at": "#q1"},
    "answer": {"width": 1180, "scheme": "light", "at": "#q1"},
    "answer-dark": {"width": 1180, "scheme": "dark", "at": "#q1"},
    "pair": {"width": 1180, "scheme": "light", "at": ".pair[open]"},
    "print": {"width": 794, "scheme": "light", "media": "print", "at": "#q1"},
}
HEIGHT = 740
PICTURE = ROOT / "docs/report.png"


def main() -> None:
    parser = argparse.ArgumentParser(description="the page as a picture")
    parser.add_argument("--all", type=Path, metavar="FOLDER")
    folder = parser.parse_args().all
    from tests.browser import browser

    with tempfile.TemporaryDirectory() as place, browser() as driver:
        address = sample(Path(place))
        shoot(driver, address, {"width": 1000, "scheme": "light", "at": "#q1", "show": True}, PICTURE)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for name, shot in SHOTS.items():
                shoot(driver, address, shot, folder / f"{name}.png")
            paper = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})
            (folder / "print.pdf").write_bytes(base64.b64decode(paper["data"]))


def sample(folder: Path) -> str:
    """Return the address of the sample run's page, written into `folder`."""
    from evalharness.reports.html import render
    from evalharness.store.runs import Store

    page = folder / "report.html"
    page.write_text(render(Store(ROOT / "reports").read("sample")), encoding="utf-8")
    return page.as_uri()


def shoot(driver: Any, address: str, shot: Mapping[str, Any], path: Path) -> None:
    """Write one picture; `at` is scrolled to, `show` shows the first highlight's criterion."""
    scheme = {"features": [{"name": "prefers-color-scheme", "value": shot["scheme"]}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": shot.get("media", ""), **scheme})
    size = {"width": shot["width"], "height": HEIGHT, "deviceScaleFactor": 1, "mobile": shot["width"] < 500}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(address)
    driver.execute_script(
        "document.querySelector('#q1 .latest').open = true; document.querySelector('#q1 .pair').open = true;"
        "if (arguments[0]) document.querySelector(arguments[0]).scrollIntoView();"
        "if (arguments[1]) document.querySelectorAll('#q1 .latest mark > a')[1].focus({preventScroll: true})",
        shot.get("at", ""),
        shot.get("show", False),
    )
    path.write_bytes(base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]))


if __name__ == "__main__":
    main()

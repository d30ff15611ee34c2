"""A real headless Chromium for tests and pictures, driven by selenium; both are optional."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-default-apps --force-color-profile=srgb --hide-scrollbars "
    "--disable-dev-shm-usage"
).split()


def lacking() -> str:
    """Return what is missing to drive a browser here, or nothing."""
    wanted = {"the package chromium": shutil.which("chromium"), "chromium-driver": shutil.which("chromedriver")}
    wanted["selenium from PyPI"] = "found" if find_spec("selenium") else None
    return " and ".join(name for name, found in wanted.items() if not found)


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a driver over a new, empty profile."""
    webdriver: Any = import_module("selenium.webdriver")
    service = import_module("selenium.webdriver.chrome.service").Service(str(shutil.which("chromedriver")))
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=service)
        try:
            driver.get("about:blank")  # or the page that Chromium starts with goes on loading under the first test
            yield driver
        finally:
            driver.quit()

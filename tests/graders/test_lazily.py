"""A package that only gathers names: the same names for everybody, without running what nobody asks for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from evalharness.graders.anthropic.lazily import gathered

PACKAGE = {
    "__init__.py": "import os as _os\nfrom . import inner\nfrom .one import (\n    One,\n    Two as Other,\n)\n"
    "EXTRA = _os.sep\n__all__ = ['One', 'Other', 'inner', 'EXTRA']\n",
    "one.py": "One, Two = 1, 2\n",
    "heavy.py": "Heavy = 'heavy'\n",
    "inner/__init__.py": "# what it holds\nfrom __future__ import annotations\nfrom ..heavy import Heavy as Heavy\n",
}
LOOK = """
import sys
from evalharness.graders.anthropic.lazily import import_lazily
import_lazily("package")
import package
from package import One, Other, inner
before = "package.heavy" in sys.modules
from package.inner import Heavy
print(One, Other, before, Heavy, hasattr(package, "EXTRA"), hasattr(package, "nothing"), hasattr(inner, "nothing"))
from package import *
print(EXTRA, inner.__all__)
"""
ALL_OF_THE_SDK = """
from evalharness.graders.anthropic.lazily import import_lazily
import_lazily("anthropic")
import sys, anthropic, anthropic.types
client = anthropic.AsyncAnthropic(api_key="k")
client.messages.with_raw_response.create, client.models.with_raw_response.retrieve, anthropic.DefaultAioHttpClient
early = "anthropic.resources.beta" in sys.modules
print(early, [n for n in anthropic.__all__ if not hasattr(anthropic, n)], anthropic.types.Message.__name__)
"""


def test_names_are_the_same_and_come_when_they_are_asked_for(tmp_path: Path) -> None:
    """Also those that a package makes itself, which is run for them; what is nowhere is nowhere."""
    for name, text in PACKAGE.items():
        (tmp_path / "package" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / name).write_text(text)

    said = subprocess.run([sys.executable, "-c", LOOK], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert said.stdout == "1 2 False heavy True False False\n/ ['Heavy']\n"


def test_the_sdk_keeps_every_name(tmp_path: Path) -> None:
    """Whoever shares the process finds all that the SDK has, and a client brings none of the other endpoints."""
    said = subprocess.run(
        [sys.executable, "-c", ALL_OF_THE_SDK], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert said.stdout == "False [] Message\n"


def test_a_package_that_does_more_is_known() -> None:
    """Only lines that gather names, comments and lists of names may be left unrun."""
    lines = "# names\nfrom .a import A as A\nfrom .b import (\n    B as B,\n    C,\n)\n"
    plain, is_all = gathered(f'{lines}__all__ = [\n    "A",\n]\n')
    more, is_all_there = gathered("from .a import A\nA.x = 1\n")

    assert (sorted(plain), is_all) == (["A", "B", "C"], True)
    assert (sorted(more), is_all_there) == (["A"], False)

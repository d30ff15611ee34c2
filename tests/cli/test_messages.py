"""Every name in brackets has a paragraph."""

from __future__ import annotations

import re
from pathlib import Path

from evalharness.lint.rubric_lint import RULES

ROOT = Path(__file__).parents[2]
SLUG = re.compile(r"""slug(?:: ClassVar\[str\])?\s*=\s*f?["']([a-z-]+)(?:\{[a-z]+\})?["']""")


def test_every_slug_of_the_code_has_a_paragraph() -> None:
    """A message that a person looks up is found."""
    text = (ROOT / "docs/messages.md").read_text("utf-8")
    told = set(re.findall(r"`([a-z-]+)`(?=[,:]| and )", text))
    code = "\n".join(file.read_text("utf-8") for file in (ROOT / "evalharness").rglob("*.py"))
    used = {slug for slug in SLUG.findall(code) if not slug.endswith("-")} | set(RULES)

    assert used - told == set()

"""A check, written down for people, code hosts and CI servers.  Pure: `Check` -> text."""

from __future__ import annotations

from evalharness.check.annotations import github
from evalharness.check.as_json import json_text
from evalharness.check.comment import MARKER, comment, refused, summary
from evalharness.check.junit import junit
from evalharness.check.screen import screen

__all__ = ["FILES", "MARKER", "comment", "github", "json_text", "junit", "refused", "screen", "summary"]

FILES = {"comment.md": comment, "summary.md": summary, "junit.xml": junit, "check.json": json_text}

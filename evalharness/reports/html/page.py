"""views -> one HTML file under a strict content policy.

Three walls stand between an answer and the reader's browser: the template escapes whatever it is not told to
leave alone, what cannot be seen is shown as `{U+202E}`, and the policy runs only the one script whose hash it names.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from evalharness.reports.escape import visible

_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def page(data: object, **views: Any) -> str:
    """Return the page; `data` is what the script sorts and filters by."""
    style, script = _text("style.css"), _text("script.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            **views,
            policy=policy(style, script),
            style=Markup(style),  # noqa: S704  # a file of this package
            script=Markup(script),  # noqa: S704  # a file of this package
            data=embedded(data),
        )
    )


def question_page(one: object) -> str:
    """Return the page of one question, without a script."""
    style = _text("style.css")
    return (
        _environment().get_template("question.html").render(one=one, policy=policy(style, ""), style=Markup(style))  # noqa: S704  # a file of this package
    )


def policy(style: str, script: str) -> str:
    """Return the content policy: nothing from anywhere, but this style and this script."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def embedded(data: object) -> Markup:
    """Return JSON that no string in it can end: it holds no character that HTML knows."""
    return Markup(json.dumps(data, separators=(",", ":")).translate(_UNSAFE))  # noqa: S704  # this is the escaping


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _text(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8")


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_text),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _shown(value: object) -> object:
    """Return what a template writes: text with what can't be seen made visible."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

"""views -> one HTML file under a strict content policy.

Three walls stand between an answer and the reader's browser: the template escapes whatever it is not told to
leave alone, what cannot be seen is shown as `{U+202E}`, and the policy runs only the one script whose hash it names.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from evalharness.reports.escape import visible
from evalharness.reports.head import head

_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def page(title: str, data: object, **views: Any) -> str:
    """Return the page; `data` is what the script sorts and filters by."""
    style, script = _text("style.css"), _text("script.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            **views,
            title=title,
            head=Markup(head(title, style=style, script=script)),  # noqa: S704  # it escapes
            script=Markup(script),  # noqa: S704  # a file of this package
            data=embedded(data),
        )
    )


def question_page(one: Mapping[str, Any]) -> str:
    """Return the page of one question, without a script."""
    begin = Markup(head(one["title"], style=_text("style.css")))  # noqa: S704  # it escapes
    return _environment().get_template("question.html").render(one=one, head=begin)


def embedded(data: object) -> Markup:
    """Return JSON that no string in it can end: it holds no character that HTML knows."""
    return Markup(json.dumps(data, separators=(",", ":")).translate(_UNSAFE))  # noqa: S704  # this is the escaping


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

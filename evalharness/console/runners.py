"""Is this a CI's log, and what in a text would it take for a command of its own?

Runners read what a program prints.  GitHub's obeys a line that begins with `::`, and, as older runners and Azure
Pipelines do, `##[...]` or `##vso[...]` anywhere in a line; TeamCity obeys `##teamcity[...]`.  Titles, answers and file
names are written by anybody, so a blank is put inside whatever could be read as such a command.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Final

VARIABLES: Final = ("CI", "GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE", "JENKINS_URL", "TEAMCITY_VERSION", "TF_BUILD")

# Both are broken just before their last character, so that a command that is printed in two pieces is broken too.
_ENDS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"  # of a line, as one runner or another sees it
_COMMAND = re.compile(rf"##\w{{0,40}}(?=\[)|(?:\A|(?<=[{_ENDS}]))[^\S{_ENDS}]*+:(?=:)")
_WHOLE = re.compile(rf"##\w{{0,40}}\[|(?:\A|(?<=[{_ENDS}]))[^\S{_ENDS}]*+::")
_ESCAPES: Final[dict[str, dict[str, str]]] = {
    "{": {"[": "\\u005b"},
    "[": {"[": "\\u005b"},
    "<": {"[": "&#91;", ":": "&#58;"},
}
_LONGEST = 300


def in_ci(environment: Mapping[str, str]) -> bool:
    """Return whether a CI is detected."""
    return any(environment.get(name, "").strip().lower() not in ("", "false", "0") for name in VARIABLES)


def harmless(text: str, before: str = "") -> str:
    """Return `text` without commands of a runner; `before` is the end of the line that it goes on."""
    line = before + text
    if "##" not in line and "::" not in line:
        return text
    # What ends in `before` is written already; where it ends at its end, the blank comes first now.
    ends = [found.end() for found in _COMMAND.finditer(line) if found.end() >= len(before)]
    return " ".join(line[a:b] for a, b in itertools.pairwise((len(before), *ends, len(line))))


def harmless_document(text: str) -> str:
    """Return a document (JSON, HTML, XML, Markdown) that says the same, without commands of a runner in it."""
    escape = _ESCAPES.get(text.lstrip()[:1], {})

    def escaped(command: re.Match[str]) -> str:
        last = "[" if command.group().endswith("[") else ":"
        return f"{command.group()[:-1]}{escape.get(last, f' {last}')}"

    return _WHOLE.sub(escaped, text) if "##" in text or "::" in text else text


def end_of_line(text: str) -> str:
    """Return the end of the last line of `text`, which is what `harmless` wants as `before`."""
    return text[text.rfind("\n") + 1 :][-_LONGEST:]

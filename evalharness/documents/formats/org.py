"""An outline of org-mode -> the same lines as Markdown, so that one reader is enough."""

from __future__ import annotations

import re

_STARS = re.compile(r"^(\*{1,6}) (?:(?:TODO|DONE|NEXT|WAIT) )?(.*?)(?:\s+(:[\w:@]+:))?$")
_EMPHASIS = re.compile(r"(?<!\S)([*/=~+])(\S[^*/=~+\n]{0,200})\1(?=[\s.,;:!?)]|$)")
_LINK = re.compile(r"\[\[[^\[\]\n]{1,300}\]\[([^\[\]\n]{1,300})\]\]")


def is_org(text: str, suffix: str) -> bool:
    """Return whether a text is an org outline: by its name, or by its settings and stars."""
    return suffix == "org" or bool(re.search(r"(?im)^#\+(?:title|startup|options|filetags):", text))


def as_markdown(text: str) -> str:
    """Return an org outline line for line as Markdown; drawers and settings become comments."""
    out, drawer = [], False
    for line in text.split("\n"):
        bare = line.strip()
        if re.fullmatch(r":[A-Z_]+:", bare):
            drawer = bare != ":END:"
            out.append("")
        elif drawer or bare.lower().startswith(("#+begin", "#+end")):
            out.append("")
        elif bare.lower().startswith("#+title:"):
            out.append(f"# {bare[8:].strip()}")
        elif bare.startswith(("#+", "# ")):
            out.append(f"<!-- {bare} -->")
        else:
            out.append(_line(line))
    return "\n".join(out)


def _line(line: str) -> str:
    heading = _STARS.match(line)
    if heading:
        tags = " ".join(f"#{tag}" for tag in (heading[3] or "").split(":") if tag)
        return f"{'#' * len(heading[1])} {heading[2]}" + (f"\n{tags}" if tags else "")
    line = _LINK.sub(r"\1", line)
    return _EMPHASIS.sub(
        lambda found: f"**{found[2]}**" if found[1] == "*" else f"*{found[2]}*" if found[1] == "/" else found[2], line
    )

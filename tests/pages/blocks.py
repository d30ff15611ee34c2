"""Markdown page -> its examples in order: commands with what they print, files, Python; and what nothing would prove.

How a page says it (all of it can be seen by the reader, on a code host and on the site):

- ```` ```console ````: a line that begins with `$ ` is a command, `> ` goes on with it, other lines are what it prints;
  `...` stands for anything left out. ```` ```sh ````: every line is a command.
- A command has no comment: zsh, the shell of every Mac, would take it for paths.  `<!-- test: needs a key -->` before a
  block says what its commands need: `a key` (run against the test server), `a local server` (the same, by its address),
  or what a test cannot give: `a terminal`, `a browser`, `a connection`, `a code host`; and `exits with 3`.
  `<!-- test: 2: needs a key; 3: exits with 1 -->` says it of single commands of the block.
- A paragraph that is only a name in backquotes and a colon: the block under it is written to that file.
- ```` ```text ```` is for reading.  Nothing else may stand in a fence: it would be an example that nothing proves.
- Between `<!-- generated: ... -->` and `<!-- end -->` stands what `python -m scripts.generate --check` compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

READ = ("text", "{toctree}")
SHELLS = ("console", "sh", "bash", "shell")
KEY, SERVER = "a key", "a local server"
ELSEWHERE = ("a terminal", "a browser", "a connection", "a code host")
_COMMENT = re.compile(r"(?:^|\s)# ")
_MARK = re.compile(r"<!-- test: (.*?) -->")
_ONE = re.compile(r"(?:(\d+): )?(.*)")
_NEEDS = re.compile(rf"\bneeds ({'|'.join((KEY, SERVER, *ELSEWHERE))})\b")
_EXITS = re.compile(r"\bexits with (\d+)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command of a page; `shown` is what the page prints under it, None where the page shows nothing."""

    line: int
    text: str
    shown: str | None = None
    needs: str = ""
    code: int = 0

    @property
    def runs(self) -> bool:
        """Whether a test can run it."""
        return self.needs not in ELSEWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that a page shows; it is written before the next command."""

    line: int
    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproved:
    """A block that is neither a command, nor a named file, nor only to be read."""

    line: int
    language: str


Example = Command | File | Unproved


def examples(markdown: str) -> list[Example]:
    """Return the examples of a page in order."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    return [found for number in range(len(tokens)) for found in _at(tokens, number)]


def commands_in_prose(markdown: str) -> Iterator[str]:
    """Yield every `evalharness ...` between backquotes in running text."""
    for token in MarkdownIt("commonmark").parse(markdown):
        for child in token.children or ():
            if child.type == "code_inline" and child.content.startswith("evalharness "):
                yield child.content


def _at(tokens: Sequence[Token], number: int) -> Iterator[Example]:
    token = tokens[number]
    if token.type not in ("fence", "code_block") or _generated(tokens[:number]):
        return
    assert token.map is not None
    line = token.map[0] + 1
    language = token.info.split(" ")[0]
    name = _file_name(tokens[:number])
    if name:
        yield File(line=line, name=name, text=token.content)
    elif language == "console":
        yield from _marked(_typed(token.content.splitlines(), line + 1), tokens[:number])
    elif language in SHELLS:
        lines = token.content.replace("\\\n", "  ").splitlines()
        found = (_command(line + n, text) for n, text in enumerate(lines, start=1) if text.strip())
        yield from _marked(found, tokens[:number])
    elif language == "python":
        yield Command(line=line, text=f"python - <<'EOF'\n{token.content}EOF")
    elif language not in READ:
        yield Unproved(line=line, language=language or "no language")


def _generated(before: Sequence[Token]) -> bool:
    marks = [token.content.strip() for token in before if token.type == "html_block"]
    marks = [mark for mark in marks if mark.startswith(("<!-- generated:", "<!-- end -->"))]
    return bool(marks) and marks[-1].startswith("<!-- generated:")


def _file_name(before: Sequence[Token]) -> str:
    """Return the name in a paragraph that is only a name in backquotes and a colon, directly before the block."""
    if len(before) < 3 or [token.type for token in before[-3:]] != ["paragraph_open", "inline", "paragraph_close"]:
        return ""
    children = before[-2].children or []
    named = [child.type for child in children] == ["code_inline", "text"] and children[1].content == ":"
    return children[0].content if named else ""


def _typed(lines: Sequence[str], first: int) -> Iterator[Command]:
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise ValueError(f"line {first}: a console block begins with a command")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        typed = [lines[start][2:]]
        while start + len(typed) < end and lines[start + len(typed)].startswith("> "):
            typed.append(lines[start + len(typed)][2:])
        shown = "\n".join(lines[start + len(typed) : end])
        yield _command(first + start, "\n".join(typed), shown or None)


def _command(line: int, text: str, shown: str | None = None) -> Command:
    text = text.replace("\\\n", "  ")
    if _COMMENT.search(text):
        raise ValueError(f"line {line}: a comment in a command; zsh takes it for arguments")
    return Command(line=line, text=text, shown=shown)


def _marked(commands: Iterable[Command], before: Sequence[Token]) -> Iterator[Command]:
    """Yield the commands of a block with what the mark before it says of each."""
    mark = _MARK.fullmatch(before[-1].content.strip()) if before and before[-1].type == "html_block" else None
    said: dict[int, str] = {}
    for part in mark[1].split("; ") if mark else ():
        one = _ONE.fullmatch(part)
        assert one is not None
        said[int(one[1] or 0)] = one[2]
    for number, command in enumerate(commands, start=1):
        text = said.get(number, said.get(0, ""))
        needs, exits = _NEEDS.search(text), _EXITS.search(text)
        if text and not needs and not exits:
            raise ValueError(f"line {command.line}: nobody knows what '{text}' needs")
        yield replace(command, needs=needs[1] if needs else "", code=int(exits[1]) if exits else 0)

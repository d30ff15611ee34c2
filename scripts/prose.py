"""Everything a user reads -> the words in it that a native technical writer would not use; exit 1 where there are any.

`python -m scripts.prose` looks at the README, the pages, the rubrics' texts and every sentence that the program can say
(string literals of two words or more, docstrings left out).  Of a rubric its word lists and the examples that it quotes
are left out.  The list here is small on purpose: it holds habits of this project, not a style guide.  A line that needs
such a word says so: `prose: ok`.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ALLOWED = "prose: ok"
WORDS_THEY_LOOK_FOR = (
    "evalharness/graders/heuristic/", "evalharness/importing/", "evalharness/text/addressed.py",
    "evalharness/text/units.py", "evalharness/text/verdicts.py", "evalharness/documents/features.py",
    "evalharness/documents/lexicon.py", "evalharness/drafting/slugs.py",
)  # fmt: skip
# Other words would make every stored grade another one, and change what a model drafts.
SAID_TO_A_MODEL = ("evalharness/graders/prompting/prompt.py", "evalharness/drafting/model_prompt.py")
_LOOKED_FOR = re.compile(r"\[[^\]]*\]|\"[^\"]*\"")  # in a rubric: the words of a signal, and words of an answer

INSTEAD: dict[str, str] = {
    r"stands?\b(?![ -](?:for|out|up|by|still|in)\b)": "is",
    r"stood\b(?! (?:for|out|up|by|still)\b)": "was",
    r"mend(?:s|ed|ing)?": "fix",
    r"shall\b": "must, or will",
    r"comes? along|came along": "is included",
    r"told at once|tells? at once": "reported together",
    r"of (?:his|her) own": "of their own",
    r"whoever": "anyone who, or the one who",
    r"nobody asked for": "say what is meant",
    r"thereof|herein|hitherto|whilst|amongst": "a plain word",
    r"is gone on with|gone on with|goes on from there": "continues",
    r"by itself, (?:it|the)": "on its own",
    r"can be had": "is available",
    r"lies? (?:at|in) the hand": "a plain word",
    r"four times in five": "80 %, with what to do about it",
    r"laid over": "overrides",
    r"upon|lest|albeit|henceforth|whereby|wherein": "a plain word",
    r"(?:held|holds?|holding) (?:\w+ ){0,4}against": "compare with",
    r"so often\.": "a number, or this often",
    r"is told and not": "is shown but not",
    r"asked anew|made anew|graded anew|begins anew": "again",
    r"beyond all": "far beyond",
    r"tells? (?:all|every) problems?": "reports all problems",
}
_LISTED = [(re.compile(rf"\b(?:{pattern})", re.IGNORECASE), plain) for pattern, plain in INSTEAD.items()]


class Found(NamedTuple):
    """One place: file, line, what is written there, what to write instead."""

    path: str
    line: int
    words: str
    instead: str

    def __str__(self) -> str:
        """Return the place as compilers print it."""
        return f"{self.path}:{self.line}: '{self.words.strip()}': {self.instead}"


def in_text(text: str, path: str, first: int = 1) -> Iterator[Found]:
    """Yield what is found in lines of prose; fenced blocks are output or input and are left alone."""
    fenced = False
    for number, line in enumerate(text.split("\n"), start=first):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and ALLOWED not in line:
            yield from (
                Found(path, number, match[0], plain) for pattern, plain in _LISTED for match in pattern.finditer(line)
            )


def in_code(source: str, path: str) -> Iterator[Found]:
    """Yield what is found in sentences that a program can say: its string literals without the docstrings."""
    tree = ast.parse(source)
    lines = source.split("\n")
    docs = {
        id(node.body[0].value)  # the docstring
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
        and not any("command(" in ast.unparse(d) for d in getattr(node, "decorator_list", ()))
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in docs:
            continue
        if " " in node.value.strip() and ALLOWED not in lines[node.lineno - 1]:
            yield from in_text(node.value, path, node.lineno)


def everything(root: Path) -> Iterator[Found]:
    """Yield every place in what users read."""
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        yield from in_text(page.read_text(encoding="utf-8"), page.relative_to(root).as_posix())
    for rubric in sorted((root / "rubrics").glob("*.yaml")):
        told = _LOOKED_FOR.sub(lambda found: "\n" * found[0].count("\n"), rubric.read_text(encoding="utf-8"))
        yield from in_text(told, rubric.relative_to(root).as_posix())
    for module in sorted((root / "evalharness").rglob("*.py")):
        name = module.relative_to(root).as_posix()
        if not name.startswith(WORDS_THEY_LOOK_FOR) and name not in SAID_TO_A_MODEL:
            yield from in_code(module.read_text(encoding="utf-8"), module.relative_to(root).as_posix())


def main() -> int:
    """Print every place and return 1 where there is any."""
    found = list(everything(ROOT))
    for place in found:
        print(place)
    print(f"{len(found)} places to say in plain English" if found else "plain English throughout")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

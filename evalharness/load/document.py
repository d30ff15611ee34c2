"""plain data of a YAML file, and the place of every key and value in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from evalharness.errors import Problem

Data: TypeAlias = "bool | int | float | str | list[Data] | dict[str, Data] | None"
Keys: TypeAlias = Sequence[str | int]


class Node(NamedTuple):
    """A value and where it stands: offset of its first character, quoting style, text as written."""

    value: Data
    start: int
    style: str = ""
    raw: str = ""
    members: dict[str, tuple[int, Node]] | list[Node] | None = None
    size: int = 1
    height: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML text as plain data.  Places are looked up by path, for instance `("criteria", 2, "weight")`.

    `first_line` is the file's line (1-based) on which `text` begins: front matter begins on its second.
    Where `problems` say that the text cannot be read at all, `root` is None.
    """

    path: str
    text: str
    root: Node | None = None
    problems: tuple[Problem, ...] = ()
    first_line: int = 1

    @property
    def data(self) -> Data:
        """Return the plain data; None for an empty text and one that cannot be read."""
        return self.root.value if self.root else None

    @property
    def mapping(self) -> dict[str, Data]:
        """Return the plain data where it is a mapping, else an empty one."""
        return self.data if isinstance(self.data, dict) else {}

    def place(self, keys: Keys = (), *, of_key: bool = False) -> tuple[int, int]:
        """Return line and column (1-based) of the value at `keys`, or of its key.

        Where the path goes beyond what is there, the place of the last thing that is.
        """
        start, node = self._find(keys)
        return self._line_column(start if of_key or node is None else node.start)

    def text_line(self, keys: Keys) -> int:
        """Return the file's line on which the text of the value at `keys` begins.

        For a text block (`|` or `>`) that is the line below its mark.
        """
        _, node = self._find(keys)
        line, _ = self._line_column(node.start if node else 0)
        return line + (node is not None and node.style in {"|", ">"})

    def written(self, keys: Keys) -> str:
        """Return the scalar at `keys` as it is written, without quotation marks; empty for anything else."""
        _, node = self._find(keys)
        return node.raw if node else ""

    def problem(
        self,
        keys: Keys,
        message: str,
        *,
        hint: str = "",
        slug: str = "bad-value",
        of_key: bool = False,
    ) -> Problem:
        """Return a problem placed at the value at `keys`, or at its key."""
        line, column = self.place(keys, of_key=of_key)
        return Problem(path=self.path, line=line, column=column, message=message, hint=hint, slug=slug)

    def _find(self, keys: Keys) -> tuple[int, Node | None]:
        """Return the offset of the last key of `keys`, and the node it leads to."""
        node = self.root
        start = node.start if node else 0
        for key in keys:
            if node is None:
                break
            if isinstance(node.members, dict) and isinstance(key, str) and key in node.members:
                start, node = node.members[key]
            elif isinstance(node.members, list) and isinstance(key, int) and key < len(node.members):
                node = node.members[key]
                start = node.start
            else:
                break
        return start, node

    def _line_column(self, offset: int) -> tuple[int, int]:
        line = self.first_line + self.text.count("\n", 0, offset)
        return line, offset - self.text.rfind("\n", 0, offset)

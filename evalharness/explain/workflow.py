"""`explain`: what a message means, and the pages of the manual, from the files that come with the program."""

from __future__ import annotations

from evalharness.errors import StoreError, UnknownName
from evalharness.explain.messages import explanations, title
from evalharness.load import starter_folder


def meanings() -> dict[str, str]:
    """Return what each message means, by its name."""
    return explanations(_pages()["messages"])


def titles() -> dict[str, str]:
    """Return the title of each page of the manual, by its name."""
    return {name: title(text) for name, text in _pages().items()}


def look_up(name: str) -> str:
    """Return what the message `name` means, or else the page of that name; raises `UnknownName`."""
    pages, told = _pages(), meanings()
    wanted = name.strip("[]").removesuffix(".md")
    if wanted in told:
        return told[wanted]
    if wanted in pages:
        return pages[wanted]
    raise UnknownName("message or page", wanted, (*told, *pages), hint="evalharness explain lists all")


def is_page(name: str) -> bool:
    """Return whether `name` is a page and no message."""
    return name.strip("[]").removesuffix(".md") not in meanings()


def _pages() -> dict[str, str]:
    folder = starter_folder("docs")
    if folder is None:
        raise StoreError("the pages of the manual are missing", hint="install evalharness again")
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))}

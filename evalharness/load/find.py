"""folders and files -> which of them are questions and attempts; only the heads of texts are looked into."""

from __future__ import annotations

import mimetypes
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from evalharness.console.paths import followed
from evalharness.errors import Problem
from evalharness.load.text_source import leaves
from evalharness.load.words import shown
from evalharness.text.days import day_in
from evalharness.text.front import front
from evalharness.transcripts.reading import ENDINGS, HEAD, TIMES, looks_like_talk

QUESTION_FILE = "question.yaml"
MAX_FOLDERS = 20

OTHER_TEXTS = frozenset(
    "md markdown mdown mkd mdwn mdx rmd txt text rst org adoc asciidoc tex rtf doc docx odt pages pdf".split()
)
PLAIN = frozenset("md markdown mdown mkd mdwn mdx rmd txt text".split())
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}")
_ODD_DATE = re.compile(r"(?<!\d)(?:\d{4}[-._ /]?\d{1,2}[-._ /]?\d{1,2}|\d{1,2}[-._ ]\d{1,2}[-._ ]\d{2,4})(?!\d)")


class FoundFile(NamedTuple):
    """A file: its path on disk, and its name relative to the project (POSIX) as messages and nouns say it."""

    file: str
    name: str

    @property
    def stem(self) -> str:
        """Return the file's name without folder and ending."""
        return self.name.rpartition("/")[2].rpartition(".")[0]


class FoundAttempt(NamedTuple):
    """A Markdown file or a transcript below a question, and the author whose folder it is in (else empty)."""

    at: FoundFile
    author: str = ""


class FoundQuestion(NamedTuple):
    """A `question.yaml` with its attempts, or (`attempts` is None) one file that holds both."""

    at: FoundFile
    folder: str
    attempts: tuple[FoundAttempt, ...] | None


class Found(NamedTuple):
    """What lies under a folder, in the order of names; `told` are files that nobody reads, which stops nothing."""

    questions: tuple[FoundQuestion, ...] = ()
    problems: tuple[Problem, ...] = ()
    told: tuple[Problem, ...] = ()


class Finder:
    """Walks folders of one project.  Symbolic links are followed once, and only inside of the root."""

    def __init__(self, root: Path) -> None:
        self._root = str(root)
        self._followed: set[str] = set()
        self._problems: list[Problem] = []
        self._told: list[Problem] = []

    def folder(self, folder: Path) -> Found:
        """Return all questions under `folder`; for an author's folder, its question with these attempts."""
        owner = self._owner(folder)
        if owner:
            return self._finished([self._question(owner, folder)])
        return self._finished(self._walk(str(folder), 0))

    def attempt(self, file: Path) -> Found:
        """Return the question of one Markdown file, with this attempt only."""
        owner = file.parent if (file.parent / QUESTION_FILE).is_file() else self._owner(file.parent)
        at = self._named(str(file))
        if owner is None:
            hint = 'put it into the folder of its question; `evalharness new "Why us?"` makes the folder of a new one'
            message = f"there is no {QUESTION_FILE} for this attempt"
            return Found(problems=(Problem(path=at.name, message=message, hint=hint, slug="layout"),))
        author = "" if owner == file.parent else file.parent.name
        return Found((self._folder_question(owner, (FoundAttempt(at, author),)),))

    def single(self, file: Path) -> Found:
        """Return the question of a file in the one-file form."""
        return Found((_single(self._named(str(file))),))

    def name(self, file: str) -> str:
        """Return the POSIX path of `file` relative to the root; what cannot be shown is escaped."""
        relative = file.removeprefix(self._root).lstrip(os.sep).replace(os.sep, "/")
        if relative.isprintable():
            return relative
        return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in relative)

    def _finished(self, questions: list[FoundQuestion] | Iterator[FoundQuestion]) -> Found:
        found = tuple(questions)
        return Found(found, tuple(self._problems), tuple(self._told))

    def _named(self, file: str) -> FoundFile:
        return FoundFile(file, self.name(file))

    def _owner(self, folder: Path) -> Path | None:
        """Return the question folder in which `folder` is an author's, or None."""
        is_own = (folder / QUESTION_FILE).is_file() or folder == Path(self._root)
        return folder.parent if not is_own and (folder.parent / QUESTION_FILE).is_file() else None

    def _folder_question(self, folder: Path, attempts: tuple[FoundAttempt, ...]) -> FoundQuestion:
        return FoundQuestion(self._named(str(folder / QUESTION_FILE)), folder.name, attempts)

    def _question(self, owner: Path, author: Path) -> FoundQuestion:
        return self._folder_question(owner, tuple(self._attempts_in(str(author), author.name)))

    def _walk(self, folder: str, depth: int) -> Iterator[FoundQuestion]:
        entries = self._entries(folder, depth)
        files = [entry for entry in entries if entry.is_file()]
        own = next((entry for entry in files if entry.name == QUESTION_FILE), None)
        yield from (_single(self._named(e.path)) for e in files if _is_single(e.name))
        self._misnamed(files)
        self._yml(files)
        if own is None:
            self._without_question(folder, files)
        self._strays(files, is_loose=own is None)
        attempts = [FoundAttempt(self._named(e.path)) for e in files if _is_attempt(e.name)]
        attempts += [FoundAttempt(self._named(e.path)) for e in _talks(files) if own is not None]
        for entry in entries:
            if entry.is_dir():
                if own is None or Path(entry.path, QUESTION_FILE).is_file():
                    yield from self._walk(entry.path, depth + 1)
                else:
                    attempts.extend(self._attempts_in(entry.path, entry.name))
        if own is not None:
            yield FoundQuestion(self._named(own.path), folder.rpartition(os.sep)[2], tuple(attempts))

    def _attempts_in(self, folder: str, author: str) -> Iterator[FoundAttempt]:
        """Yield the attempts in an author's folder."""
        entries = self._entries(folder, 0)
        files = [entry for entry in entries if entry.is_file()]
        self._yml(files)
        self._strays(files)
        yield from (FoundAttempt(self._named(entry.path), author) for entry in _talks(files))
        for entry in entries:
            if entry.is_file() and _is_attempt(entry.name):
                yield FoundAttempt(self._named(entry.path), author)
            elif entry.is_dir():
                self._too_low(entry.path)

    def _too_low(self, folder: str) -> None:
        low = [entry for entry in self._entries(folder, 0) if _is_attempt(entry.name) and entry.is_file()]
        if low:
            hint = f"attempts are in the folder of {QUESTION_FILE}, or one folder (the author's) below"
            self._report(low[0].path, f"this attempt is too many folders below its {QUESTION_FILE}", hint)

    def _without_question(self, folder: str, files: list[os.DirEntry[str]]) -> None:
        dated = [entry for entry in files if _is_attempt(entry.name) and _DATED.match(entry.name)]
        if dated:
            count = f"{len(dated)} attempt{'s' * (len(dated) != 1)}"
            message = f"{QUESTION_FILE} is missing: this folder contains {count}"
            hint = "write one with 'question:' and 'rubric:'"
            self._report(f"{folder}{os.sep}{QUESTION_FILE}", message, hint)

    def _strays(self, files: list[os.DirEntry[str]], *, is_loose: bool = False) -> None:
        """Note texts that look like attempts and that nobody reads, and names that nearly hold a date."""
        kept = {entry.name.removesuffix(".md") for entry in files if entry.name.endswith(".md")}
        for entry in files:
            stem, dot, ending = entry.name.rpartition(".")
            if is_talk(entry.path) or (stem in kept and f".{ending}" in ENDINGS):  # its words are in the Markdown
                continue
            if _is_other_text(entry.name) or (not is_loose and _looks_dated(entry.name)):
                new = f"{_stem(entry.name)}.md"
                hint = f"attempts are Markdown: rename it to {new}"
                if dot and ending.lower() not in PLAIN:
                    named = shlex.quote(self.name(entry.path))
                    hint = f"copy your words into {new} beside it; questions with answers: evalharness import {named}"
                message = f"files that end in .{ending} are not read" if dot else "files without an ending are not read"
                self._tell(entry.path, message, hint)
            elif is_loose and _is_attempt(entry.name) and not _DATED.match(entry.name):
                hint = f"attempts are in the folder of {QUESTION_FILE}, or one folder (the author's) below"
                message = f"this Markdown is not read: there is no {QUESTION_FILE} beside it"
                self._tell(entry.path, message, hint, slug="loose-file")
            elif _is_attempt(entry.name) and _is_oddly_dated(entry, stem):
                guess = day_in(stem)
                hint = f"rename it to {guess}.md" if guess else "name it by its day, as in 2026-10-02.md"
                message = "the name contains a date in another form, so this attempt has no date"
                self._tell(entry.path, message, hint, slug="odd-date")

    def _tell(self, file: str, message: str, hint: str, *, slug: str = "not-read") -> None:
        self._told.append(Problem(path=self.name(file), message=message, hint=hint, slug=slug))

    def _misnamed(self, files: list[os.DirEntry[str]]) -> None:
        for entry in files:
            if entry.name.lower() == QUESTION_FILE != entry.name:
                self._report(
                    entry.path, f"only {QUESTION_FILE} in small letters is read", f"rename it to {QUESTION_FILE}"
                )

    def _yml(self, files: list[os.DirEntry[str]]) -> None:
        for entry in files:
            stem, dot, end = entry.name.rpartition(".")
            if dot and end.lower() in ("yml", "yaml") and end != "yaml" and entry.name.lower() != QUESTION_FILE:
                message = f"files that end in .{end} are not read"
                self._report(entry.path, message, f"rename it to {shown(f'{stem}.yaml')}")

    def _entries(self, folder: str, depth: int) -> list[os.DirEntry[str]]:
        """Return the entries of `folder` by name, without ignored ones and links that are not followed."""
        if depth > MAX_FOLDERS:
            self._report(folder, f"folders are nested deeper than {MAX_FOLDERS} levels", "")
            return []
        try:
            with os.scandir(folder) as entries:
                found = [entry for entry in entries if entry.name[0] not in "._"]
        except OSError as error:
            self._report(folder, f"the folder cannot be read: {error.strerror}", "", slug="unreadable")
            return []
        found.sort(key=lambda entry: entry.name)
        followed = [entry for entry in found if not entry.is_symlink() or self._may_follow(entry)]
        for entry in followed:
            if _is_attempt(entry.name) and not entry.is_file():
                self._report(entry.path, "this has the name of an attempt and is no file", "copy its words into a file")
        return followed

    def _may_follow(self, entry: os.DirEntry[str]) -> bool:
        if leaves(entry.path, self._root):
            message = "the symbolic link leaves the project"
            self._report(entry.path, message, "copy what it points to", slug="unreadable")
            return False
        try:
            entry.stat()
        except OSError:
            self._report(entry.path, "the symbolic link leads nowhere", "remove it, or set it anew", slug="unreadable")
            return False
        if not entry.is_dir():
            return True
        real = followed(entry.path)
        fresh = str(real) not in self._followed and real not in Path(entry.path).parents
        self._followed.add(str(real))
        return fresh

    def _report(self, file: str, message: str, hint: str, *, slug: str = "layout") -> None:
        self._problems.append(Problem(path=self.name(file), message=message, hint=hint, slug=slug))


def _is_oddly_dated(entry: os.DirEntry[str], stem: str) -> bool:
    """Return whether a name holds a date that is not read, and the head of the file states none."""
    if _DATED.match(entry.name) or not _ODD_DATE.search(stem):
        return False
    try:
        with Path(entry.path).open(encoding="utf-8", errors="replace") as stream:
            head = stream.read(HEAD)
        top = front(head)
        return not re.search(r"^date:[ \t]*\S", head[top.start : top.end], re.MULTILINE)
    except OSError:
        return True


def _is_attempt(name: str) -> bool:
    return name.endswith(".md") and name.lower() != "readme.md"


def is_talk(file: str) -> bool:
    """Return whether a file is a transcript, or keeps the times of one; the head of a text file decides it."""
    name = os.fspath(file).rpartition(os.sep)[2]
    if name.endswith(TIMES):
        return True
    if not name.lower().endswith(ENDINGS):
        return False
    try:
        with Path(file).open(encoding="utf-8", errors="replace") as stream:
            return looks_like_talk(name, stream.read(HEAD))
    except OSError:
        return False


def _talks(files: list[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    """Yield the transcripts that are attempts of their own: no Markdown of the same name holds their words."""
    texts = {entry.name.removesuffix(".md") for entry in files if entry.name.endswith(".md")}
    for entry in files:
        own = entry.name.rpartition(".")[0] not in texts and not entry.name.endswith(TIMES)
        if own and entry.name.lower().endswith(ENDINGS) and is_talk(entry.path):
            yield entry


def _looks_dated(name: str) -> bool:
    """Return whether a file's name begins with a date, as attempts do; recordings and pictures may."""
    kind = (mimetypes.guess_type(name)[0] or "").partition("/")[0]
    read = name.endswith((".md", "~")) or name.lower().endswith((".yml", ".yaml"))
    return bool(_DATED.match(name)) and kind not in ("audio", "video", "image") and not read


def _is_other_text(name: str) -> bool:
    """Return whether a file holds text that nobody reads, by its ending."""
    stem, dot, ending = name.rpartition(".")
    return bool(dot) and ending.lower() in OTHER_TEXTS and ending != "md" and stem.lower() != "readme"


def _stem(name: str) -> str:
    """Return a file's name without all of its endings."""
    while "." in name.lstrip(".") and 0 < len(name) - name.rfind(".") <= 9:
        name = name[: name.rfind(".")]
    return name


def _is_single(name: str) -> bool:
    return name.endswith(".yaml") and name != QUESTION_FILE


def _single(at: FoundFile) -> FoundQuestion:
    return FoundQuestion(at, at.stem, None)

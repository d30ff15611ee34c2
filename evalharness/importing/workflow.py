"""a document file -> question folders, sample attempts and a rubric in a project.  Nothing is ever overwritten."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from evalharness.errors import InputError, InvalidFiles, StoreError
from evalharness.importing.find import read
from evalharness.importing.nouns import FoundDocument, FoundQuestion, Passage
from evalharness.importing.rubric_draft import Match, draft, limit_of, match, slug
from evalharness.load import find_project, load_project
from evalharness.load.shelf import Shelf
from evalharness.load.text_source import TEXT_LIMIT
from evalharness.model.noun import Noun
from evalharness.model.nouns import PartSpec, Rubric
from evalharness.text.parts import headings, plain_title
from evalharness.world import World, real_world

SAMPLE = "sample"
SHIPPED = ("project-deep-dive", "mission-alignment", "culture-dialogue")
DEFAULT_LIMIT = {"culture-dialogue": 60.0}


class Prepared(Noun):
    """What an import would write: files by path below the project root, and why this rubric grades them.

    `drafts` are the rubrics among the files, as data; `standing` says that they were written by an earlier import.
    """

    root: str
    document: FoundDocument
    files: dict[str, str]
    rubric: str
    why: str
    drafts: dict[str, dict[str, Any]] = {}
    standing: bool = False


def prepare(
    file: Path, *, into: Path | None = None, rubric: str = "", again: bool = False, world: World | None = None
) -> Prepared:
    """Return what importing `file` would write; reads only.

    With `again` an import whose rubric stands just as it was written is taken up: nothing of it is written anew.
    Raises `InputError` where the document holds no question, or something that would be written stands already.
    """
    world = world or real_world()
    project = find_project(cwd=world.cwd)
    shelf = Shelf(project.root, project.config.rubrics)
    if rubric and rubric not in shelf.names():
        from evalharness.errors import UnknownName

        raise UnknownName("rubric", rubric, shelf.names())
    shipped = {name: found for name in SHIPPED if (found := shelf.get(name))}
    text = read_document(world.cwd / file)
    document = read(text, titles=_titles(shipped))
    if not document.questions:
        raise InputError(
            f"no question was found in {file}", hint="a question ends in '?', or stands under a heading above 'Answer'"
        )
    chosen = Match(rubric=rubric, why="you asked for it") if rubric else match(document, shipped)
    folder = (world.cwd / into if into else project.root / project.config.cases).resolve()
    if project.root.resolve() not in (folder, *folder.parents):
        raise InputError(
            f"{into} lies outside of the project {project.root}",
            hint="name a folder inside it, for instance cases/prep",
        )
    below = folder.relative_to(project.root.resolve()).as_posix()
    plan = _Plan(
        document, chosen, shelf.get(chosen.rubric) if chosen else None, slug(document.title or file.stem, "imported")
    )
    drafts = plan.rubrics(project.config.rubrics)
    files = plan.files(below, drafts, _taken(project.root / project.config.cases, world))
    why = chosen.why if chosen else "no shipped rubric has this structure, so a draft was derived from it"
    prepared = Prepared(
        root=str(project.root), document=document, files=files, rubric=plan.name, why=why, drafts=drafts
    )
    if again and drafts and all(_stands(project.root / name, files[name]) for name in drafts):
        return msgspec.structs.replace(prepared, files={name: files[name] for name in drafts}, standing=True)
    _refuse_existing(project.root, files)
    return prepared


def _stands(file: Path, text: str) -> bool:
    """Return whether `file` holds exactly `text`."""
    try:
        return file.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def write(prepared: Prepared) -> tuple[Path, ...]:
    """Write what was prepared and return the files; raises `InputError` where one of them exists by now."""
    root = Path(prepared.root)
    _refuse_existing(root, prepared.files)
    check(prepared)
    try:
        for name, text in prepared.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            with (root / name).open("x", encoding="utf-8") as stream:
                stream.write(text)
    except FileExistsError as error:
        raise InputError(f"{error.filename} exists already and was left as it is") from error
    except OSError as error:
        raise StoreError(f"cannot write to {root}: {(error.strerror or str(error)).lower()}") from error
    return tuple(root / name for name in prepared.files)


def check(prepared: Prepared) -> None:
    """Load what would be written in a folder of its own; raises `InvalidFiles` where it would not load."""
    with tempfile.TemporaryDirectory() as name:
        copy, root = Path(name).resolve(), Path(prepared.root)
        for folder in ("evalharness.yaml", "rubrics"):
            if (root / folder).is_file():
                shutil.copyfile(root / folder, copy / folder)
            elif (root / folder).is_dir():
                shutil.copytree(root / folder, copy / folder)
        for file, text in prepared.files.items():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            (copy / file).write_text(text, encoding="utf-8")
        load_project([Path(file) for file in prepared.files], cwd=copy)


def read_document(file: Path) -> str:
    """Return the text of a document in whatever encoding it was saved."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(data) > 5 * TEXT_LIMIT:
        raise InputError(f"{file} is larger than 5 MB", hint="save the page without its pictures")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise InputError(f"{file} is not a text document", hint="save it as text, Markdown or HTML first")
    return text


class _Plan:
    """What is written for one document under one rubric."""

    def __init__(self, document: FoundDocument, chosen: Match | None, rubric: Rubric | None, name: str) -> None:
        self._document = document
        self._given = rubric
        self._title = name
        self.name = chosen.rubric if chosen else name
        self._limits = any(limit_of(question, document) for question in document.questions)

    def files(self, folder: str, rubrics: Mapping[str, dict[str, Any]], taken: frozenset[str]) -> dict[str, str]:
        """Return all files by path below the root."""
        found = {name: as_yaml(data) for name, data in rubrics.items()}
        used = set(taken)
        for number, question in enumerate(self._document.questions, start=1):
            name = _free(slug(question.title or question.text, f"question-{number}"), used)
            used.add(name)
            found[f"{folder}/{name}/question.yaml"] = self._question(question)
            for position, answer in enumerate(question.answers, start=1):
                file = f"{SAMPLE}.md" if position == 1 else f"{SAMPLE}-{position}.md"
                found[f"{folder}/{name}/{file}"] = self._attempt(question, answer)
        return found

    def rubrics(self, folder: str) -> dict[str, dict[str, Any]]:
        """Return the draft by path; a second one without missions where some questions claim none."""
        if self._given:
            return {}
        claims = [bool(question.tags) for question in self._document.questions]
        found = {}
        for tags in sorted(set(claims), reverse=True):
            name = self._name(tags=tags)
            found[f"{folder}/{name}.yaml"] = draft(self._document, name, tags=tags, timed=self._limits)
        return found

    def _name(self, *, tags: bool) -> str:
        mixed = any(question.tags for question in self._document.questions) and not tags
        return f"{self.name}-without-missions" if mixed else self.name

    def _question(self, question: FoundQuestion) -> str:
        data: dict[str, Any] = {"question": question.text}
        if question.title:
            data = {"title": question.title, **data}
        data["rubric"] = self.name if self._given else self._name(tags=bool(question.tags))
        limit = limit_of(question, self._document)
        if limit or self._limits or self._given:
            data["time_limit"] = f"{limit or DEFAULT_LIMIT.get(self.name, 120.0):g} s"
        missions = [int(tag) if tag.isdigit() else tag for tag in question.tags if self._knows(tag)]
        if missions:
            data["missions"] = missions
        context = _context(self._document)
        if context:
            data["context"] = context
        guessed = "" if limit or "time_limit" not in data else "# draft: the document gives no time for this question\n"
        return guessed + self._kept(question) + as_yaml(data)

    def _kept(self, question: FoundQuestion) -> str:
        """Return as comments what was found under a question without an answer: there is no attempt to keep it."""
        if question.answers:
            return ""
        asked = (*question.follow_ups, *(self._document.to_ask if question is self._document.questions[-1] else ()))
        kept = (*question.notes, *(f"To ask {passage.to or 'them'}: {passage.text}" for passage in asked))
        return "".join(f"# from the document: {' '.join(text.split())}\n" for text in kept)

    def _knows(self, tag: str) -> bool:
        """Return whether the rubric has this mission; the draft has all."""
        from evalharness.load.questions import tags_of

        return self._given is None or tag in {known.id for known in tags_of(self._given)}

    def _attempt(self, question: FoundQuestion, answer: Passage) -> str:
        front: dict[str, Any] = {"source": SAMPLE}
        last = question is self._document.questions[-1]
        notes = [
            *question.notes,
            *(f"To ask {asked.to or 'them'}: {asked.text}" for asked in self._document.to_ask if last),
            *(
                f"Mission {t.id}: {t.experience} {t.takeaway}".strip()
                for t in self._document.tags
                if t.id in question.tags and t.experience
            ),
        ]
        if notes:
            front["notes"] = "\n".join(notes)[:4000]
        specs = self._given.parts if self._given else ()
        body = _safe("\n\n".join(answer.paragraphs), specs)
        if question.follow_ups and (not self._given or any(spec.id == "follow_up" for spec in specs)):
            body += "\n\n## Follow-up question\n\n" + "\n\n".join(passage.text for passage in question.follow_ups)
        return f"---\n{as_yaml(front)}---\n\n{body}\n"


def _safe(text: str, specs: Sequence[PartSpec]) -> str:
    """Return an answer without headings that would begin another part in the middle of it."""
    ends = {plain_title(title) for spec in specs if not spec.within_answer for title in spec.headings}
    for heading in reversed(headings(text)):
        if plain_title(heading.title) in ends:
            text = f"{text[: heading.start]}{heading.title}\n{text[heading.end :]}"
    return text


def _context(document: FoundDocument) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if document.company:
        found["company"] = {"name": document.company, **({"facts": list(document.facts)} if document.facts else {})}
    if document.interviewer:
        found["interviewer"] = {"name": document.interviewer, **({"role": document.role} if document.role else {})}
    return found


def _titles(shipped: Mapping[str, Rubric]) -> tuple[str, ...]:
    """Return the section titles that shipped rubrics know, in their order."""
    return tuple(
        criterion.sections[0] for rubric in shipped.values() for criterion in rubric.criteria if criterion.sections
    )


def _taken(cases: Path, world: World) -> frozenset[str]:
    """Return the ids of the questions that stand already, by their files where they do not load."""
    names = {file.parent.name for file in cases.rglob("question.yaml")} if cases.is_dir() else set()
    try:
        return frozenset(names | {question.id for question in load_project([], cwd=world.cwd).questions})
    except InvalidFiles:
        return frozenset(names)


def _free(name: str, taken: set[str]) -> str:
    return next(n for n in (name, *(f"{name}-{i}" for i in range(2, 1000))) if n not in taken)


def _refuse_existing(root: Path, files: Mapping[str, str]) -> None:
    there = [name for name in files if (root / name).exists()]
    if there:
        raise InputError(
            f"{there[0]} exists already; nothing was written",
            hint="move it away, or name another folder (--into cases/new) or an existing rubric (--rubric ID)",
        )


def as_yaml(data: Mapping[str, Any]) -> str:
    """Return `data` as the text of a YAML file."""
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=100)

"""a document -> question folders, sample attempts and a rubric in a project.  What stands there is never overwritten.

The one door of this room: files, standard input, the store and the model are touched here and nowhere else in it.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.console.paths import followed
from evalharness.documents.formats import counted, guessed_by, read_lines
from evalharness.documents.nouns import FoundDocument, Label, Line
from evalharness.drafting.slugs import slug
from evalharness.drafting.workflow import Outcome, converse, estimated
from evalharness.errors import InputError, InvalidFiles, StoreError, UnknownName
from evalharness.graders.anthropic import DEFAULTS, without_sending
from evalharness.graders.anthropic.grader import AnthropicGrader
from evalharness.graders.sending.estimate import Estimate
from evalharness.importing import offline
from evalharness.importing.again import again as again_of
from evalharness.importing.found import build
from evalharness.importing.labels_file import read_labels, with_votes, written
from evalharness.importing.model_labels import TOKENS_PER_LABEL, request, windows
from evalharness.importing.model_labels import read_labels as parse
from evalharness.importing.rubric_choice import Choice, choose
from evalharness.importing.verify import verify
from evalharness.importing.writing import Writer
from evalharness.load import find_project, lay_over, load_project
from evalharness.load.find import QUESTION_FILE
from evalharness.load.shelf import Shelf
from evalharness.load.text_source import TEXT_LIMIT
from evalharness.model.config import Config
from evalharness.model.noun import Noun
from evalharness.model.nouns import Rubric
from evalharness.store.files import write_whole
from evalharness.store.written import hashed, remember, remembered
from evalharness.text.words import fold_text
from evalharness.world import World, real_world

SHIPPED = ("project-deep-dive", "mission-alignment", "culture-dialogue", "story")
STDIN, VOTES = "-", "votes"
LABELS = ".labels.yaml"
MOST_BYTES = 20 * TEXT_LIMIT


class Source(Noun):
    """A document as it was read: its name, its lines, their labels, and who labelled them.

    `counts` says what a number counts, `guessed` what tells speakers apart whom the document does not name.
    """

    name: str
    lines: tuple[Line, ...]
    labels: tuple[Label, ...]
    by: str = VOTES
    file: str = ""
    counts: str = ""
    guessed: str = ""


class Prepared(Noun):
    """What an import would write: files by path below the project root, and why these rubrics grade them.

    `drafts` are the rubrics among the files, as data; `known` are questions that stand already; `standing` says that all
    of it does. `renewed` are files of an earlier import that gain something, `differing` those that are left as they are.
    `limits` are the times of the questions in seconds, where one is written.
    """

    root: str
    source: Source
    document: FoundDocument
    choice: Choice
    files: dict[str, str]
    drafts: dict[str, dict[str, Any]] = {}
    known: tuple[str, ...] = ()
    standing: bool = False
    renewed: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    limits: tuple[float | None, ...] = ()

    @property
    def why(self) -> str:
        """Return why these rubrics were chosen."""
        return self.choice.why


def read_source(file: Path, *, labels: Path | None = None, world: World | None = None) -> Source:
    """Return the lines of a document ("-" is standard input) with labels: of a file beside it, else by votes."""
    world = world or real_world()
    name = "standard input" if str(file) == STDIN else file.name
    data = sys.stdin.buffer.read() if str(file) == STDIN else _bytes(world.cwd / file, file)
    if len(data) > MOST_BYTES:
        raise InputError(
            f"{file} is larger than {MOST_BYTES // 1_000_000} MB", hint="save it without its pictures", slug="document"
        )
    lines, tags = offline.divided(read_lines(data, "" if str(file) == STDIN else file.name))
    if not any(line.text.strip() for line in lines):
        hint = "open the file and look whether your notes are in it, or paste them: evalharness import -"
        raise InputError(f"there is no text in {name}", hint=hint, slug="document")
    beside = world.cwd / (labels or labels_beside(file))
    voted = Source(
        name=name,
        lines=lines,
        labels=offline.label(lines, tags),
        file=str(file),
        counts=counted(data, name),
        guessed=guessed_by(data, name),
    )
    if not labels and (str(file) == STDIN or not beside.is_file()):
        return voted
    corrected = with_votes(read_labels(_text(beside), lines, beside.name), voted.labels)
    return msgspec.structs.replace(voted, labels=corrected, by=beside.name)


class AskingLabels(Noun):
    """What would be asked about the lines of a document: of whom, in how many requests, for how much."""

    config: Config
    windows: tuple[tuple[Line, ...], ...]
    estimate: Estimate


def plan_labels(source: Source, settings: Mapping[str, Any], world: World) -> AskingLabels | None:
    """Return what a model would be asked about the lines, without asking; None where a file labels them already."""
    if source.by != VOTES:
        return None
    given = {name: value for name, value in settings.items() if value is not None}
    config = lay_over(find_project(cwd=world.cwd).config, {**given, "grader": "anthropic"}).filled(**DEFAULTS)
    found = windows(source.lines)
    hide = without_sending(config, world).redaction
    bodies = [request(w, model=config.model, effort=config.effort, redaction=hide) for w in found]
    replies = [TOKENS_PER_LABEL * len(window) for window in found]
    return AskingLabels(config=config, windows=found, estimate=estimated(bodies, replies, config, world))


def ask_labels(source: Source, asking: AskingLabels, world: World) -> tuple[Source, Outcome]:
    """Return the document with the model's labels, or as it was with the reason why they are not used."""
    config = asking.config

    def build(window: Sequence[Line]) -> Callable[[AnthropicGrader, int], dict[str, Any]]:
        return lambda grader, more: request(
            window, model=config.model, effort=config.effort, redaction=grader.redaction, more=more
        )

    found, outcome = converse([build(window) for window in asking.windows], parse, config, asking.estimate, world)
    labels = tuple(label for part in found for label in part)
    if outcome.failed:
        return source, outcome
    if not any(label.role == "question" for label in verify(source.lines, labels).labels):
        return source, msgspec.structs.replace(outcome, failed="no line was labelled as a question")
    return msgspec.structs.replace(source, labels=labels, by=config.model), outcome


def labels_beside(file: Path) -> Path:
    """Return where the labels of a document are kept."""
    return file.with_name(file.name + LABELS) if str(file) != STDIN else Path("stdin" + LABELS)


def write_plan(source: Source, *, world: World | None = None) -> Path:
    """Write the labels of a document beside it and return the file; raises where one is there already."""
    world = world or real_world()
    file = labels_beside(Path(source.file or STDIN))
    try:
        with (world.cwd / file).open("x", encoding="utf-8") as stream:
            stream.write(written(source.lines, source.labels, source.name, source.counts))
    except FileExistsError as error:
        raise InputError(
            f"{file} exists already and was left as it is",
            hint="import the document to apply it, or move it away",
            slug="exists",
        ) from error
    except OSError as error:
        raise StoreError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error
    return file


def prepare(
    source: Source, *, into: Path | None = None, rubric: str = "", again: bool = False, world: World | None = None
) -> Prepared:
    """Return what importing a document would write; reads only.

    Questions that the project has already are left. With `again` an import that stands as a whole is taken up.
    Raises `InputError` where the document holds no question of either side.
    """
    world = world or real_world()
    project = find_project(cwd=world.cwd)
    shelf = Shelf(project.root, project.config.rubrics)
    if rubric and rubric not in shelf.names():
        raise UnknownName("rubric", rubric, shelf.names())
    verified = verify(source.lines, source.labels)
    document = msgspec.structs.replace(
        build(source.lines, verified.labels), problems=(*verified.refused, *verified.told)
    )
    if not document.questions and not document.to_ask:
        raise _nothing_found(source, verified.refused)
    name = slug(document.title or Path(source.name).stem, "imported")
    rubrics = {found: loaded for found in dict.fromkeys((*SHIPPED, rubric)) if found and (loaded := shelf.get(found))}
    choice = (
        Choice(rubrics=(rubric,) * len(document.questions), why="you asked for it", spare=rubric)
        if rubric
        else choose(document, _shipped(rubrics), name)
    )
    below = _below(project.root, world.cwd / into if into else project.root / project.config.cases, into)
    cases = project.root / project.config.cases
    standing = _standing(project.root, project.root / below)
    writer = Writer(document, choice, rubrics, standing)
    drafts = writer.drafts(project.config.rubrics)
    every = writer.files(below, drafts, _taken(cases, world))
    new = again_of(every, _there(project.root, every, drafts), _untouched(project.root))
    known = tuple(q.text for q in document.questions if fold_text(q.text) in standing)
    return _without_standing(project.root, Prepared(
        root=str(project.root), source=source, document=document, choice=choice, files=new.files,
        drafts=drafts, known=known, renewed=new.renewed, differing=new.differing, limits=tuple(writer.limits()),
    ), again=again)  # fmt: skip


def _nothing_found(source: Source, refused: Sequence[str]) -> InputError:
    told = "".join(f"; {problem}" for problem in refused[:3])
    planned = f"evalharness import {shlex.quote(source.file or STDIN)} --plan writes what each line was taken for; correct it there"
    corrected = f"give a line of {source.by} the role question"
    return InputError(
        f"no question and no story was found in {source.name}{told}",
        hint=planned if source.by == VOTES else corrected,
        slug="document",
    )


def _shipped(rubrics: Mapping[str, Rubric]) -> dict[str, Rubric]:
    return {name: rubric for name, rubric in rubrics.items() if name in SHIPPED}


def _below(root: Path, folder: Path, into: Path | None) -> str:
    folder = followed(folder)
    if followed(root) not in (folder, *folder.parents):
        raise InputError(
            f"{into} is outside the project {root}", hint="name a folder inside it, for instance cases/prep"
        )
    return folder.relative_to(followed(root)).as_posix()


def _without_standing(root: Path, prepared: Prepared, *, again: bool) -> Prepared:
    """Return what is prepared without the rubric draft that stands already; that one is never overwritten."""
    there = {name for name in prepared.drafts if (root / name).exists()}
    same = all(_stands(root / name, prepared.files[name]) for name in there)
    files = {name: text for name, text in prepared.files.items() if name not in there}
    if again and prepared.drafts and there == set(prepared.drafts) and not files and same:
        return msgspec.structs.replace(prepared, files={name: prepared.files[name] for name in there}, standing=True)
    if there and not same and not prepared.known:
        raise InputError(
            f"{min(there)} exists already; nothing was written",
            hint="move it away, or name an existing rubric (--rubric ID)",
            slug="exists",
        )
    return msgspec.structs.replace(prepared, files=files)


def _stands(file: Path, text: str) -> bool:
    """Return whether `file` holds exactly `text`."""
    try:
        return file.read_text(encoding="utf-8") == text
    except (OSError, UnicodeDecodeError):
        return False


def write(prepared: Prepared) -> tuple[Path, ...]:
    """Write what was prepared and return the files; raises `InputError` where one of them exists by now."""
    root = Path(prepared.root)
    there = [name for name in prepared.files if name not in prepared.renewed and (root / name).exists()]
    if there:
        raise InputError(
            f"{there[0]} exists already; nothing was written",
            hint="name another folder (--into cases/new)",
            slug="exists",
        )
    check(prepared)
    earlier = _earlier(root, prepared)
    try:
        for name, text in prepared.files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            if name in prepared.renewed:
                write_whole(root / name, text.encode())
                continue
            with (root / name).open("x", encoding="utf-8") as stream:
                stream.write(text)
    except FileExistsError as error:
        raise InputError(f"{error.filename} exists already and was left as it is", slug="exists") from error
    except OSError as error:
        raise StoreError(f"cannot write to {root}: {(error.strerror or str(error)).lower()}") from error
    made = tuple(root / name for name in prepared.files)
    remember(root, "import", (*earlier, *made), at=real_world().now())
    return made


def check(prepared: Prepared) -> None:
    """Load what would be written in a folder of its own; raises `InvalidFiles` where it would not load."""
    with tempfile.TemporaryDirectory() as name:
        copy, root = followed(name), Path(prepared.root)
        for folder in ("evalharness.yaml", "rubrics"):
            if (root / folder).is_file():
                shutil.copyfile(root / folder, copy / folder)
            elif (root / folder).is_dir():
                shutil.copytree(root / folder, copy / folder)
        for file, text in prepared.files.items():
            (copy / file).parent.mkdir(parents=True, exist_ok=True)
            asked = (Path(file).parent / QUESTION_FILE).as_posix()
            if asked not in prepared.files and (root / asked).is_file():
                shutil.copyfile(root / asked, copy / asked)
            (copy / file).write_text(text, encoding="utf-8")
        load_project([Path(file) for file in prepared.files], cwd=copy)


def _bytes(path: Path, shown: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{shown} cannot be read: {(error.strerror or str(error)).lower()}",
            hint="name a file that you can open, or '-' to paste the text: evalharness import -",
            slug="document",
        ) from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name} cannot be read: {(getattr(error, 'strerror', None) or 'it is no UTF-8 text').lower()}",
            slug="document",
        ) from error


def _standing(root: Path, folder: Path) -> dict[str, str]:
    """Return the folders of the questions that stand below a folder already, by their words."""
    if not any(folder.rglob(QUESTION_FILE)):
        return {}
    try:
        found = load_project([folder], cwd=root).questions
    except InvalidFiles:
        return {}
    places = {fold_text(question.text): followed(root / question.path) for question in found}
    return {text: _folder(root, place) for text, place in places.items()}


def _folder(root: Path, place: Path) -> str:
    """Return the folder of a question below the root."""
    return (place.parent if place.suffix == ".yaml" else place).relative_to(followed(root)).as_posix()


def _there(root: Path, names: Iterable[str], drafts: Collection[str]) -> dict[str, str]:
    """Return the texts of the files that stand; rubric drafts are looked at elsewhere."""
    return {name: _text(root / name) for name in names if name not in drafts and (root / name).is_file()}


def _untouched(root: Path) -> frozenset[str]:
    """Return the files that an import wrote and nobody changed since."""
    notes = [note for note in remembered(root) if note.command == "import"]
    return frozenset(name for note in notes for name, state in note.files.items() if hashed(root / name) == state)


def _earlier(root: Path, prepared: Prepared) -> list[Path]:
    """Return what stands of an earlier import of these questions, so that one `undo` takes back all of it."""
    folders = {str(Path(name).parent) for name in (*prepared.renewed, *prepared.differing)}
    names = sorted(name for name in _untouched(root) if str(Path(name).parent) in folders)
    return [root / name for name in names if name not in prepared.files]


def _taken(cases: Path, world: World) -> frozenset[str]:
    """Return the ids of the questions that stand already, by their files where they do not load."""
    names = {file.parent.name for file in cases.rglob("question.yaml")} if cases.is_dir() else set()
    try:
        return frozenset(names | {question.id for question in load_project([], cwd=world.cwd).questions})
    except InvalidFiles:
        return frozenset(names)

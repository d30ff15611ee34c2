"""a transcript or a recording -> attempts: cut by questions, written beside them, with the original and its times.

The one door of this room: files, commands, recognisers and the microphone are touched here and nowhere else in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec
import yaml

from evalharness.errors import InputError, InvalidFiles, Problem, StoreError, UnknownName
from evalharness.load import Loaded, find_project, load_project
from evalharness.load.find import QUESTION_FILE, is_talk
from evalharness.load.text_source import read_text
from evalharness.model.noun import Noun
from evalharness.model.nouns import Attempt, Question, Rubric
from evalharness.spoken.cutting import Piece, cut, whole
from evalharness.text.speaking import clock
from evalharness.transcripts.answer import Answer, answer, candidate, is_there
from evalharness.transcripts.reading import ENDINGS, TIMES, Refused, Talk, read_talk
from evalharness.world import World

LIMIT = 20_000_000
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


class Found(Noun):
    """One answer in a talk: the file it would be (empty: no question of the project is it), and how it is told."""

    file: str
    told: str
    text: str = ""
    times: bytes = b""


class Prepared(Noun):
    """What an import would write: answers, and the original as it is kept beside the first of them."""

    root: str
    source: str
    speaker: str
    found: tuple[Found, ...]
    kept: str = ""

    @property
    def files(self) -> tuple[str, ...]:
        """Return all files that would be written, relative to the project."""
        texts = [each.file for each in self.found if each.file]
        times = [each.file.removesuffix(".md") + TIMES for each in self.found if each.file and each.times]
        return (*texts, *times, *((self.kept,) if self.kept else ()))


def is_transcript(file: Path) -> bool:
    """Return whether a file is a transcript: by its ending, or by how it begins."""
    return file.is_file() and is_talk(str(file))


def read_file(file: Path, shown: str = "") -> Talk:
    """Return the talk in a file; raises `InvalidFiles` with line and reason where it cannot be read."""
    name = shown or file.as_posix()
    text, problems = read_text(str(file), name, limit=LIMIT)
    if problems:
        raise InvalidFiles(problems)
    try:
        return read_talk(text, file.name)
    except Refused as refused:
        hint = refused.hint or "export the transcript again"
        problem = Problem(path=name, line=refused.line, message=refused.reason, hint=hint, slug="bad-transcript")
        raise InvalidFiles([problem]) from refused


def prepare(file: Path, *, question: str = "", speaker: str = "", author: str = "", world: World) -> Prepared:
    """Return what taking in a transcript would write; reads only.

    With `question` all of it answers that one; else it is cut by the project's questions.  What answers none of them
    is left out and told.
    """
    loaded = load_project([], cwd=world.cwd)
    talk = read_file(world.cwd / file, file.as_posix())
    if speaker and not is_there(talk, speaker):
        raise UnknownName("speaker", speaker, [name for name in talk.speakers if name])
    who = candidate(talk, speaker or loaded.config.author)
    pieces = (whole(talk, who, _named(loaded, question)),) if question else cut(talk, who, loaded.questions)
    if not pieces:
        known = ", ".join(q.id for q in loaded.questions[:5]) or "none yet"
        raise InputError(
            "no question of this project is asked in the transcript",
            hint=f'say which one it answers with --question ID ({known}), or make one: evalharness new "Why us?"',
            slug="document",
        )
    day = _day(file, world)
    taken: dict[str, set[str]] = {}
    found = [_found(piece, who, loaded, file, _Day(day=day, taken=taken, author=author)) for piece in pieces]
    first = next((each.file for each in found if each.file), "")
    kept = first.removesuffix(".md") + file.suffix.lower() if first else ""
    kept = "" if kept and (loaded.root / kept).resolve() == (world.cwd / file).resolve() else kept
    return Prepared(root=str(loaded.root), source=str(world.cwd / file), speaker=who, found=tuple(found), kept=kept)


def write(prepared: Prepared) -> tuple[Path, ...]:
    """Write what was prepared and return the files; raises `InputError` where one of them exists by now."""
    root = Path(prepared.root)
    there = [name for name in prepared.files if (root / name).exists()]
    if there:
        raise InputError(
            f"{there[0]} exists already; nothing was written", hint="it may have been taken in before", slug="exists"
        )
    for each in prepared.found:
        if each.file:
            _write(root / each.file, each.text.encode())
            if each.times:
                _write(root / (each.file.removesuffix(".md") + TIMES), each.times)
    if prepared.kept:
        _write(root / prepared.kept, Path(prepared.source).read_bytes())
    return tuple(root / name for name in prepared.files)


def settle(world: World) -> tuple[str, ...]:
    """Write readable Markdown beside transcripts that lie beside their questions; return what was written.

    The transcript is kept, its times go into a file of their own, and a broken project is left as it is.
    """
    project = find_project(cwd=world.cwd)
    folder = project.root / project.config.cases
    bare = [file for end in ENDINGS for file in folder.rglob(f"*{end}") if _is_bare(file)]
    if not bare:
        return ()
    try:
        cases = load_project(bare, cwd=project.root).cases
    except InvalidFiles:
        return ()
    return tuple(_settled(project.root, case.attempt) for case in cases if not case.attempt.path.endswith(".md"))


def _is_bare(file: Path) -> bool:
    """Return whether a file is a transcript that no Markdown holds the words of."""
    return not file.with_suffix(".md").exists() and not file.name.endswith(TIMES) and is_talk(str(file))


def _settled(root: Path, attempt: Attempt) -> str:
    name = attempt.path.rpartition("/")[2]
    stem = attempt.path.rpartition(".")[0]
    talk = read_file(root / attempt.path, attempt.path)
    made = answer(talk, candidate(talk, attempt.author), source=name)
    _write(root / f"{stem}.md", _markdown(made, "", name).encode())
    if made.timing:
        _write(root / f"{stem}{TIMES}", msgspec.json.encode(made.timing))
    return f"{stem}.md"


class _Day(Noun):
    """What all answers of one talk share: their day, names that are taken, the author."""

    day: str
    taken: dict[str, set[str]]
    author: str


def _found(piece: Piece, who: str, loaded: Loaded, file: Path, day: _Day) -> Found:
    at = next((each.start for each in piece.talk.utterances if each.start is not None), None)
    asked = " ".join(piece.asked.split())
    place = f"{clock(at)} " if at is not None else ""
    if piece.question is None:
        return Found(file="", told=f"{place}no question of yours, left out: {asked[:90]}")
    if not piece.question.path.endswith(QUESTION_FILE):
        return Found(file="", told=f"{place}{piece.question.id} holds its attempts itself: add this one there by hand")
    heading = _follow_up(loaded.rubrics.get(piece.question.rubric))
    made = answer(piece.talk, who, source=file.name, follow_up=heading)
    folder = (Path(piece.question.path).parent / day.author).as_posix()
    name = _free(loaded.root / folder, folder, day)
    probes = max(0, len(made.timing.asked) - 1) if made.timing else 0
    told = f"{place}{piece.question.id}: {_length(made)}, {probes} further question{'s' * (probes != 1)}"
    times = msgspec.json.encode(made.timing) if made.timing else b""
    return Found(file=f"{folder}/{name}.md", told=told, text=_markdown(made, day.day, file.name), times=times)


def _length(made: Answer) -> str:
    if made.timing is None:
        return f"{len(made.text.split())} words, no clock"
    seconds = sum(turn.end - turn.start for turn in made.timing.turns)
    return f"{clock(seconds)} spoken"


def _markdown(made: Answer, day: str, source: str) -> str:
    front: Mapping[str, str] = {**({"date": day} if day else {}), "source": source}
    return f"---\n{yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True)}---\n\n{made.text}"


def _follow_up(rubric: Rubric | None) -> str:
    spec = next((spec for spec in rubric.parts if not spec.within_answer), None) if rubric else None
    return spec.headings[0] if spec else ""


def _free(folder: Path, name: str, day: _Day) -> str:
    there = {file.name.split(".")[0] for file in folder.iterdir()} if folder.is_dir() else set()
    taken = day.taken.setdefault(name, there)
    free = next(n for n in (day.day, *(f"{day.day}-{i}" for i in range(2, 1000))) if n not in taken)
    taken.add(free)
    return free


def _day(file: Path, world: World) -> str:
    dated = _DATED.match(file.name)
    return dated[0] if dated else world.clock().astimezone().date().isoformat()


def _named(loaded: Loaded, name: str) -> Question:
    for question in loaded.questions:
        if name in (question.id, question.path, question.path.removesuffix(f"/{QUESTION_FILE}")):
            return question
    raise UnknownName("question", name, (question.id for question in loaded.questions))


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(data)
    except FileExistsError as error:
        raise InputError(f"{file.name} exists already and was left as it is", slug="exists") from error
    except OSError as error:
        raise StoreError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error

"""a transcript or a recording -> attempts: cut by questions, written beside them, with the original and its times.

The one door of this room: files, commands, recognisers and the microphone are touched here and nowhere else in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import yaml

from evalharness.console.paths import followed
from evalharness.documents.formats.captions import guessed
from evalharness.documents.lexicon import votes
from evalharness.errors import InputError, InvalidFiles, Problem, StoreError, UnknownName
from evalharness.load import Loaded, find_project, load_project
from evalharness.load.config import CONFIG_FILE
from evalharness.load.find import QUESTION_FILE, is_talk
from evalharness.load.places import free_folder
from evalharness.load.questions import called
from evalharness.load.shelf import Shelf
from evalharness.load.text_source import read_text
from evalharness.model import records
from evalharness.model.noun import Noun
from evalharness.model.nouns import Attempt, Rubric
from evalharness.model.timing import Timing
from evalharness.spoken.cutting import SHORT, Piece, cut, further, names_nobody, whole
from evalharness.store.written import remember
from evalharness.text.days import day_in
from evalharness.text.foldernames import folder_name
from evalharness.text.front import front
from evalharness.text.speaking import clock
from evalharness.text.words import word_count
from evalharness.transcripts.answer import Answer, answer, candidate, is_there
from evalharness.transcripts.reading import ENDINGS, TIMES, Refused, Talk, read_talk
from evalharness.world import World

LIMIT = 20_000_000
NAMED, QUOTED = 3, 60  # so many further questions are quoted, so long
STORY = "story"  # the rubric for any question that asks for an occasion
UNNAMED = "question"
NAME_THEM = "write a name before each turn ('Jordan: ...'), or let the recogniser tell the speakers apart"
LEFT_OUT = "the end, where they ask for your questions, is left out"
_DATED = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


class Found(Noun):
    """One answer in a talk: the file it would be (empty: it is there already, or has no place), and how it is told.

    `question` is the file of the question where it is new, with its text.
    """

    file: str
    told: str
    text: str = ""
    times: bytes = b""
    question: str = ""
    asked: str = ""


class Prepared(Noun):
    """What an import would write: answers, and the original as it is kept beside the first of them.

    `nameless` says that the transcript does not say who speaks; `guessed`, by what it was told apart nevertheless.
    `to_ask` is what the speaker asks at the end, which a new question keeps where there is one (`keeps`).
    """

    root: str
    source: str
    speaker: str
    found: tuple[Found, ...]
    kept: str = ""
    nameless: bool = False
    guessed: str = ""
    to_ask: tuple[str, ...] = ()

    @property
    def keeps(self) -> str:
        """Return the file that keeps what is asked at the end; empty where none does."""
        return next((each.question for each in self.found if each.question), "") if self.to_ask else ""

    @property
    def files(self) -> tuple[str, ...]:
        """Return all files that would be written, relative to the project."""
        texts = [each.file for each in self.found if each.file]
        times = [each.file.removesuffix(".md") + TIMES for each in self.found if each.file and each.times]
        questions = [each.question for each in self.found if each.question]
        return (*questions, *texts, *times, *((self.kept,) if self.kept else ()))


def is_transcript(file: Path) -> bool:
    """Return whether a file is a transcript: by its ending, or by how it begins."""
    return file.is_file() and is_talk(str(file))


def is_interview(file: Path, world: World) -> bool:
    """Return whether a text is a talk in which one of several speakers answers questions.

    Names alone, without a clock, make one of it where they are no labels ("Q") and a question of the project is asked.
    """
    if not (world.cwd / file).is_file():
        return False
    try:
        talk = guessed(read_file(world.cwd / file)).talk
    except InvalidFiles:
        return False
    if len(talk.speakers) < 2:
        return False
    loaded = _project(world)
    pieces = cut(talk, candidate(talk, loaded.config.author), loaded.questions)
    if is_transcript(world.cwd / file):
        return bool(pieces)
    return any(piece.question for piece in pieces) and not any(votes(name) for name in talk.speakers if name)


def _project(world: World) -> Loaded:
    """Return the whole project; one that has no question yet, and no folder for them, is empty."""
    project = find_project(cwd=world.cwd)
    settings = project.root / CONFIG_FILE
    empty = settings.is_file() and not (project.root / project.config.cases).is_dir()
    return load_project([settings] if empty else [], cwd=world.cwd)


def read_file(file: Path, shown: str = "") -> Talk:
    """Return the talk in a file; raises `InvalidFiles` with line and reason where it cannot be read."""
    name = shown or file.as_posix()
    text, problems = read_text(str(file), name, limit=LIMIT, piped=True)
    if problems:
        raise InvalidFiles(problems)
    return talk_in(text, name)


def talk_in(text: str, name: str) -> Talk:
    """Return the talk in a text that a file called `name` holds; raises `InvalidFiles` with line and reason."""
    try:
        return read_talk(text, name)
    except Refused as refused:
        hint = refused.hint or "export the transcript again"
        problem = Problem(path=name, line=refused.line, message=refused.reason, hint=hint, slug="bad-transcript")
        raise InvalidFiles([problem]) from refused


def prepare(file: Path, *, question: str = "", speaker: str = "", author: str = "", world: World) -> Prepared:
    """Return what taking in a transcript would write; reads only.

    With `question` all of it answers that one; else it is cut by the project's questions.  What answers none of them
    becomes a question of its own, in the interviewer's words; what was taken in before is told and left.
    """
    loaded = _project(world)
    heard = read_file(world.cwd / file, file.as_posix())
    talk, by = (heard, "") if question else guessed(heard)
    if speaker and not is_there(talk, speaker):
        raise UnknownName("speaker", speaker, [name for name in talk.speakers if name])
    who = candidate(talk, speaker or loaded.config.author)
    pieces = (whole(talk, who, called(loaded.questions, question)),) if question else cut(talk, who, loaded.questions)
    if not pieces:
        raise _nothing_asked(heard, loaded)
    day = _day(file, world)
    to_ask = pieces[-1].asked_back(who)
    reader = _Reader(loaded, file.name, who, day, author, to_ask)
    found = [reader.found(piece) for piece in pieces]
    first = next((each.file for each in found if each.file), "")
    kept = first.removesuffix(".md") + file.suffix.lower() if first else ""
    kept = "" if kept and followed(loaded.root / kept) == followed(world.cwd / file) else kept
    return Prepared(
        root=str(loaded.root),
        source=str(world.cwd / file),
        speaker=who,
        found=tuple(found),
        kept=kept,
        nameless=names_nobody(heard),
        guessed=by,
        to_ask=to_ask,
    )


def _nothing_asked(talk: Talk, loaded: Loaded) -> InputError:
    known = ", ".join(q.id for q in loaded.questions[:5]) or "none yet"
    hint = f'say which one it answers with --question ID ({known}), or make one: evalharness new "Why us?"'
    if names_nobody(talk):
        reason = "it does not say who speaks, so no question can be found in it"
        message = f"no answer can be cut out of this transcript: {reason}"
        return InputError(message, hint=f"{NAME_THEM}; or {hint}", slug="document")
    return InputError("no question is asked and answered in the transcript", hint=hint, slug="document")


def write(prepared: Prepared, world: World) -> tuple[Path, ...]:
    """Write what was prepared, so that `undo` knows it; raises `InputError` where one of the files exists by now."""
    root = Path(prepared.root)
    there = [name for name in prepared.files if (root / name).exists()]
    if there:
        raise InputError(
            f"{there[0]} exists already; nothing was written", hint="it may have been taken in before", slug="exists"
        )
    for each in prepared.found:
        if each.question:
            _write(root / each.question, each.asked.encode())
        if each.file:
            _write(root / each.file, each.text.encode())
            if each.times:
                _write(root / (each.file.removesuffix(".md") + TIMES), each.times)
    if prepared.kept:
        _write(root / prepared.kept, Path(prepared.source).read_bytes())
    files = tuple(root / name for name in prepared.files)
    remember(root, "import", files, at=world.now())
    return files


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
    day = None if _DATED.match(name) else day_in(name)
    _write(root / f"{stem}.md", _markdown(made, day.isoformat() if day else "", name).encode())
    if made.timing:
        (root / f"{stem}{TIMES}").unlink(missing_ok=True)  # of a Markdown that was deleted to be written again
        _write(root / f"{stem}{TIMES}", msgspec.json.encode(made.timing))
    return f"{stem}.md"


class _Reader:
    """Makes attempts of the pieces of one talk: all on its day, by one speaker, each beside its question."""

    def __init__(self, loaded: Loaded, source: str, speaker: str, day: str, author: str, to_ask: Sequence[str]) -> None:
        self._to_ask = to_ask
        self._loaded = loaded
        self._shelf = Shelf(loaded.root, loaded.config.rubrics)
        self._cases = loaded.root / loaded.config.cases
        self._source, self._speaker, self._day, self._author = source, speaker, day, author
        self._names: dict[str, set[str]] = {}
        self._new: dict[str, str] = {}

    def found(self, piece: Piece) -> Found:
        """Return the attempt that a piece becomes, with a question of its own where the project has none."""
        at = next((each.start for each in piece.talk.utterances if each.start is not None), None)
        place = f"{clock(at)} " if at is not None else ""
        if piece.question is not None and not piece.question.path.endswith(QUESTION_FILE):
            return Found(file="", told=f"{place}{piece.question.id} contains its attempts itself: add it there by hand")
        name, rubric, new = self._question(piece, place)
        follow_up = _follow_up(self._shelf.get(rubric))
        talk = piece.kept(follow_up=bool(follow_up))
        made = answer(talk, self._speaker, source=self._source, follow_up=follow_up)
        where = Path(piece.question.path).parent.as_posix() if piece.question else f"{self._loaded.config.cases}/{name}"
        folder = (Path(where) / self._author).as_posix()
        if before := _taken_before(self._cases, made):
            here = before.relative_to(self._loaded.root).as_posix()
            return Found(file="", told=f"{place}taken in before as {here}, left as it is")
        own = sum(word_count(each.text) for each in talk.utterances if each.speaker == self._speaker)
        short = f"; a short answer of {own} words" if own < SHORT else ""
        left = f"; {LEFT_OUT}" if talk != piece.talk and not follow_up else ""
        what = f'new question "{piece.asked[:90]}", graded by {rubric}: ' if new else ""
        return Found(
            file=f"{folder}/{self._free(folder)}.md",
            told=f"{place}{name}: {what}{_length(made)}, {_quoted(further(talk, self._speaker))}{short}{left}",
            text=_markdown(made, self._day, self._source),
            times=msgspec.json.encode(made.timing) if made.timing else b"",
            question=f"{where}/{QUESTION_FILE}" if new else "",
            asked=new,
        )

    def _question(self, piece: Piece, place: str) -> tuple[str, str, str]:
        """Return name and rubric of the question that a piece answers, and its file where it is to be written."""
        if piece.question is not None:
            return piece.question.id, piece.question.rubric, ""
        names = self._shelf.names()
        rubric = STORY if STORY in names else next(iter(names), STORY)
        asked = piece.asked
        if asked in self._new:
            return self._new[asked], rubric, ""
        known = [question.id for question in self._loaded.questions]
        name = free_folder(folder_name(asked) or UNNAMED, self._cases, [*known, *self._new.values()])
        self._new[asked] = name
        heard = f"{self._source} at {place}".rstrip().removesuffix(" at")
        data: dict[str, str | list[str]] = {"question": asked, "rubric": rubric}
        if self._to_ask and len(self._new) == 1:  # the first one keeps them all
            data["to_ask"] = [*self._to_ask]
        text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1000)
        return name, rubric, f"# draft: heard in {heard}; correct the question, and choose its rubric\n{text}"

    def _free(self, folder: str) -> str:
        """Return a name for an attempt of this day that no file in its folder has."""
        here = self._loaded.root / folder
        there = {file.name.split(".")[0] for file in here.iterdir()} if here.is_dir() else set()
        taken = self._names.setdefault(folder, there)
        free = next(n for n in (self._day, *(f"{self._day}-{i}" for i in range(2, 1000))) if n not in taken)
        taken.add(free)
        return free


def _taken_before(cases: Path, made: Answer) -> Path | None:
    """Return the attempt that holds this answer already: by its clock, else by its words."""
    if made.timing is not None:
        bare = msgspec.structs.replace(made.timing, source="")
        times = (file for file in sorted(cases.rglob(f"*{TIMES}")) if _clock_of(file) == bare)
        return next((file.with_name(f"{file.name.removesuffix(TIMES)}.md") for file in times), None)
    words = made.text.split()
    return next((file for file in sorted(cases.rglob("*.md")) if _words_of(file) == words), None)


def _clock_of(file: Path) -> Timing | None:
    try:
        return msgspec.structs.replace(records.decode(file.read_bytes(), Timing), source="")
    except (OSError, msgspec.MsgspecError):
        return None


def _words_of(file: Path) -> list[str]:
    text = file.read_text(encoding="utf-8", errors="replace")
    return text[front(text).body :].split()


def _length(made: Answer) -> str:
    if made.timing is None:
        return f"{len(made.text.split())} words, no clock"
    seconds = sum(turn.end - turn.start for turn in made.timing.turns)
    if made.timing.turns[-1].open:
        words = sum(len(said.text.split()) for said in made.timing.turns[-1].said)
        measured = f"{clock(seconds)} spoken; " if seconds else ""
        return f"{measured}the last {words} words have no end time, so their length is estimated"
    return f"{clock(seconds)} spoken"


def _quoted(asked: Sequence[str]) -> str:
    """Return further questions as the preview says them: how many there are, and the first of them word by word."""
    count = f"{len(asked)} further question{'s' * (len(asked) != 1)}"
    short = (each if len(each) <= QUOTED else f"{each[:QUOTED].rstrip()} ..." for each in asked[:NAMED])
    words = [f'"{each}"' for each in short]
    more = [f"{len(asked) - NAMED} more"] if len(asked) > NAMED else []
    return f"{count}: {', '.join([*words, *more])}" if asked else count


def _markdown(made: Answer, day: str, source: str) -> str:
    front: Mapping[str, str] = {**({"date": day} if day else {}), "source": source}
    return f"---\n{yaml.safe_dump(dict(front), sort_keys=False, allow_unicode=True)}---\n\n{made.text}"


def _follow_up(rubric: Rubric | None) -> str:
    spec = next((spec for spec in rubric.parts if not spec.within_answer), None) if rubric else None
    return spec.headings[0] if spec else ""


def _day(file: Path, world: World) -> str:
    return (day_in(file.stem) or world.clock().astimezone().date()).isoformat()


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("xb") as stream:
            stream.write(data)
    except FileExistsError as error:
        raise InputError(f"{file.name} exists already and was left as it is", slug="exists") from error
    except OSError as error:
        raise StoreError(f"cannot write {file}: {(error.strerror or str(error)).lower()}") from error

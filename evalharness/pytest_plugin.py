"""pytest: attempts as test items.  Asleep unless asked for by `--evalharness` or `evalharness = true` in the ini file.

    pytest cases/ --evalharness -k "culture and not draft"

All selected attempts are graded in one batch before the first of them reports; each passes or fails by the project's
gates, and what could not be graded fails with its reason.  What fails a gate that is only advisory is an expected
failure (xfail), and the summary says why it is advisory.  Stored grades are used; new ones are kept in the user's
cache, and written to `reports/` with `--evalharness-store`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from evalharness.gate.workflow import Judged
    from evalharness.model.nouns import Case
    from evalharness.model.run import Run
    from evalharness.results.aggregate import CaseResult

_WAIT = 0.05
FLAG, INI, STORE = "--evalharness", "evalharness", "--evalharness-store"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the switch and the grader."""
    group = parser.getgroup("evalharness", "interview answers as tests")
    group.addoption(FLAG, action="store_true", default=False, help="collect attempts (Markdown, YAML) as tests")
    group.addoption(STORE, action="store_true", default=False, help="write the run to reports/, as `run` does")
    group.addoption("--evalharness-grader", metavar="NAME", default=None, help="heuristic, anthropic or auto")
    parser.addini(INI, "collect attempts as tests without being asked by a flag", type="bool", default=False)


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Wake up where asked for."""
    config.addinivalue_line("markers", "evalharness: an attempt that is graded by evalharness")
    if config.getoption("evalharness") or config.getini(INI):
        config.pluginmanager.register(_Collector(config), "evalharness-collector")
        _guard(config)


def _guard(config: pytest.Config) -> None:
    """Let nothing that pytest prints be a command where a CI reads along: file names and answers are anybody's."""
    from evalharness.console.runners import end_of_line, harmless, in_ci

    if not (in_ci(os.environ) and config.pluginmanager.hasplugin("terminalreporter")):
        return
    line = ""
    writer = config.get_terminal_writer()
    plain = writer.write

    def write(msg: str, **how: bool) -> None:
        nonlocal line
        shown = harmless(msg, line)
        line = end_of_line(line + shown)
        plain(shown, **how)

    writer.write = write  # type: ignore[method-assign]  # everything else that it writes goes through it


class GateFailure(Exception):
    """An attempt that does not pass its gate; its text is the evidence."""


class _Collector:
    """Collects attempts, and grades what stayed selected."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._graded: dict[Path, _Results] = {}
        self._loads = _Loads(config)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Return a collector for a file that may hold attempts."""
        if file_path.suffix == ".md" and file_path.name.lower() != "readme.md":
            found = (file_path.parent / "question.yaml", file_path.parent.parent / "question.yaml")
            if not any(question.is_file() for question in found):
                return None
        elif file_path.suffix != ".yaml" or not self._is_single(file_path):
            return None
        file: AttemptFile = AttemptFile.from_parent(parent, path=file_path)
        file.loads = self._loads
        return file

    def pytest_runtestloop(self, session: pytest.Session) -> None:
        """Grade everything that was selected, before the first item reports."""
        items = [item for item in session.items if isinstance(item, AttemptItem)]
        if items and not session.config.option.collectonly:
            asked = _Asked.of(session.config)
            for root in dict.fromkeys(item.root for item in items):
                chosen = [item for item in items if item.root == root]
                results = self._graded[root] = _graded(root, [item.path for item in chosen], asked)
                for item in chosen:
                    item.results = results

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say once why gates are advisory."""
        told = dict.fromkeys(line for results in self._graded.values() for line in results.advisory)
        if told:
            terminalreporter.section("evalharness gate")
            for line in told:
                terminalreporter.write_line(_shown(line))

    def _is_single(self, file: Path) -> bool:
        from evalharness.load import find_project, find_root
        from evalharness.load.config import CONFIG_FILE

        if file.name in ("question.yaml", CONFIG_FILE):
            return False
        root = find_root([file], file.parent)
        cases = root / find_project([file], cwd=root).config.cases
        return cases in file.parents


class _Loads:
    """What the paths of the session hold, read once a project: thousands of files share rubrics and settings."""

    def __init__(self, config: pytest.Config) -> None:
        self._paths = [Path(config.invocation_params.dir, name.partition("::")[0]) for name in config.args]
        self._found: dict[Path, dict[Path, list[Case]]] = {}
        self._roots: dict[Path, Path] = {}

    def of(self, file: Path) -> tuple[Path, Sequence[Case]]:
        """Return a file's project and its attempts; raises `InvalidFiles` with the problems of this file."""
        from evalharness.load import find_root, load_project

        root = self._roots.get(file.parent)
        if root is None:
            root = self._roots[file.parent] = find_root([file], file.parent)
        if root not in self._found:
            self._found[root] = self._read(root)
        known = self._found[root].get(file)
        return root, load_project([file], cwd=file.parent).cases if known is None else known

    def _read(self, root: Path) -> dict[Path, list[Case]]:
        """Return the attempts by file; nothing where any has a problem: then each file is asked for itself."""
        from evalharness.errors import EvalHarnessError
        from evalharness.load import load_project

        within = [path for path in self._paths if path.is_relative_to(root) and path != root]
        found: dict[Path, list[Case]] = {}
        try:
            cases = load_project(within if len(within) == len(self._paths) else [], cwd=root).cases
        except EvalHarnessError:
            return found
        for case in cases:
            found.setdefault(root / case.attempt.path, []).append(case)
        return found


class AttemptFile(pytest.File):
    """One file with an attempt, or a YAML file with several."""

    loads: _Loads

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item for each attempt."""
        root, cases = self.loads.of(self.path)
        for case in cases:
            item: AttemptItem = AttemptItem.from_parent(self, name=case.key)
            item.case, item.root = case, root
            yield item

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """Return every problem of a file that can't be read, without a traceback."""
        return _told(excinfo.value) or super().repr_failure(excinfo)


class AttemptItem(pytest.Item):
    """One attempt, marked `evalharness`."""

    case: Case
    root: Path
    results: _Results | None = None

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.add_marker(pytest.mark.evalharness)

    def runtest(self) -> None:
        """Pass, fail or skip by the gates."""
        assert self.results is not None  # noqa: S101  # the loop graded every item
        self.results.decide(self.case.key)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """Return the evidence."""
        return _told(excinfo.value) or super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the attempt begins."""
        first = self.case.attempt.parts[0].line if self.case.attempt.parts else 1
        return self.path, first - 1, self.name


class _Results:
    """What one run says of each attempt."""

    def __init__(self, run: Run, results: Mapping[str, CaseResult], judged: Judged) -> None:
        self._run, self._results, self._judged = run, results, judged

    @property
    def advisory(self) -> tuple[str, ...]:
        """Return why gates are advisory."""
        from evalharness.gate.words import advisory

        return advisory(self._judged.rulings)

    def decide(self, key: str) -> None:
        """Raise where a gate fails or there is no grade; what would fail an advisory gate is expected to."""
        from evalharness.gate.rulings import Verdict
        from evalharness.gate.words import sentence

        result = self._results.get(key)
        rulings = [ruling for ruling in self._judged.rulings if ruling.trial.case == key]
        if result is None or (result.total is None and not any(ruling.fails for ruling in rulings)):
            self._without(result)
            return
        failed = [sentence(ruling) for ruling in rulings if ruling.fails]
        if failed:
            raise GateFailure("\n".join([*failed, *_evidence(result)]))
        spared = [sentence(ruling) for ruling in rulings if ruling.verdict is Verdict.FAIL]
        if spared:
            pytest.xfail("; ".join(spared))

    def _without(self, result: CaseResult | None) -> None:
        """Fail what should have a grade and has none, with the reason; skip what can have none."""
        from evalharness.gate.rulings import Verdict
        from evalharness.model.run import RunState
        from evalharness.reports import words as wording

        if self._run.meta.state is not RunState.FINISHED and (result is None or not result.too_short):
            raise GateFailure(f"not graded: {self._run.meta.why or self._run.meta.state.value}")
        if result is None or not result.ungraded or result.too_short:
            short = wording.too_short(result) if result is not None and result.too_short else ""
            pytest.skip(f"not graded, so it does not pass{f': {short}' if short else ''}")
        why = "\n".join(
            f"{s.criterion.id}: {wording.trouble(s).what}. {wording.trouble(s).advice}" for s in result.ungraded
        )
        ungraded = {r.trial.case for r in self._judged.rulings if r.verdict is Verdict.UNGRADED}
        if len(ungraded) > self._judged.gate.max_ungraded:
            raise GateFailure(f"not graded, so it does not pass\n{why}")
        pytest.skip(f"not graded, within max_ungraded: {why}")


class _Asked(NamedTuple):
    """How the session wants its attempts graded.

    `together` is what the workers of one session of pytest-xdist have in common; empty where there are none.
    """

    grader: str
    store: bool
    together: str

    @classmethod
    def of(cls, config: pytest.Config) -> _Asked:
        """Return what flags and workers say."""
        together = str(getattr(config, "workerinput", {}).get("testrunuid", ""))
        return cls(config.getoption("evalharness_grader") or "", config.getoption("evalharness_store"), together)


def _graded(root: Path, paths: Sequence[Path], asked: _Asked) -> _Results:
    """Grade; an error that we expect ends the session with what it says."""
    from evalharness.errors import EvalHarnessError

    try:
        return _grade(root, paths, asked)
    except EvalHarnessError as error:
        lines = [f"{error.message} [{error.slug}]", *([f"hint: {error.hint}"] if error.hint else [])]
        raise pytest.UsageError("\n".join(map(_shown, lines))) from error


def _grade(root: Path, paths: Sequence[Path], asked: _Asked) -> _Results:
    import dataclasses

    from evalharness.gate.workflow import can_judge, judge_run
    from evalharness.grading import workflow as grading
    from evalharness.load import find_project
    from evalharness.world import real_world

    world = dataclasses.replace(real_world(), cwd=root)
    settings = {"grader": asked.grader} if asked.grader else {}
    choice = grading.Choice(every=True)
    if not asked.store:
        choice = grading.Choice(every=True, anchors=False, alone=True, reuse=find_project(cwd=root).config.reports)
        settings["reports"] = str(world.kept("pytest", root))
    can_judge([root / "cases"], world=world)

    def made() -> Run:
        return grading.run([*dict.fromkeys(paths)], settings=settings, choice=choice, world=world)

    def read(name: str) -> Run:
        return grading.read_run(name, settings=settings, world=world)

    run = _once(root, asked.together, made, read) if asked.together else made()
    judged = judge_run(run, [root / "cases"], every=True, grader=asked.grader, world=world)
    return _Results(run, {result.case.key: result for result in grading.summary(run).results}, judged)


def _once(root: Path, together: str, make: Callable[[], Run], read: Callable[[str], Run]) -> Run:
    """Return the run that the first of several workers makes; the others wait for it and read it.

    Every worker has all attempts of the session, so what the first one grades is what each of them needs.
    """
    import tempfile
    import time

    from evalharness.plan.identity import digest
    from evalharness.store.claims import Claims

    folder = Path(tempfile.gettempdir()) / f"evalharness-{digest(together)[:24]}"
    claims, note = Claims(folder), folder / f"{digest(str(root))[:24]}.run"
    while not note.exists():
        if not claims.take(str(root)):
            time.sleep(_WAIT)
            continue
        try:
            if not note.exists():
                run = make()
                partial = note.with_suffix(".partial")
                partial.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                partial.write_text(run.meta.id, encoding="utf-8")
                partial.replace(note)
                return run
        finally:
            claims.give_back(str(root))
    return read(note.read_text(encoding="utf-8"))


def _evidence(result: CaseResult) -> Iterator[str]:
    """Yield each criterion with its level and the lines it rests on, then what would lift it most."""
    from evalharness.reports import words as wording
    from evalharness.reports.escape import line
    from evalharness.reports.next_steps import told
    from evalharness.reports.overview import Places
    from evalharness.results.steps import steps

    places = Places(result)
    for score in result.read:
        yield f"{score.criterion.title or score.criterion.id}: {wording.level(score)}"
        yield from (f'  {places.name(quote)} "{line(quote.text)}"' for quote in score.evidence[:3])
    yield from (f"next: {line(told(step))}" for step in steps(result)[:1])


def _shown(text: str) -> str:
    from evalharness.console.runners import harmless, in_ci
    from evalharness.reports.escape import line

    return harmless(line(text)) if in_ci(os.environ) else line(text)


def _told(error: BaseException) -> str:
    from evalharness.errors import InvalidFiles

    if isinstance(error, InvalidFiles):
        return "\n".join(f"{problem.place}: {problem.message}" for problem in error.problems)
    return str(error) if isinstance(error, GateFailure) else ""

"""check -> one comment under a change: a table first, evidence folded away, always under the size limit of hosts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from evalharness.check import words
from evalharness.check.rows import Check, Row
from evalharness.errors import Problem
from evalharness.model.nouns import By, Measure
from evalharness.reports import words as wording
from evalharness.reports.escape import address, quiet, quiet_html, quiet_with_code, shorten
from evalharness.reports.markdown.pieces import table
from evalharness.reports.overview import Places
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.steps import steps

MARKER = "<!-- evalharness check -->"
LARGEST = 60_000  # GitHub refuses 65,536 characters, others a little less
_HEADERS = ("Answer", "What", "Base", "Head", "Change", "Reading", "Gate")
_ROOM = 1_500
_ADVICE = 20
_REASONS = 3


def comment(check: Check) -> str:
    """Return the comment; its first line, hidden, is how the next one finds it."""
    return _fitted(check, LARGEST, marker=True)


def summary(check: Check) -> str:
    """Return the same for a job's summary, which has more room."""
    return _fitted(check, 900_000, marker=False)


def refused(message: str, hint: str, problems: Sequence[Problem] = (), prefix: str = "") -> str:
    """Return the comment of a check that could not be made: why, and what to do; files from the repository's root."""
    told = [f"- {quiet(_place(each, prefix))} {quiet(shorten(each.message, 300))}" for each in problems[:_ADVICE]]
    left = len(problems) - _ADVICE
    blocks = [MARKER, "### evalharness: not checked", quiet(shorten(message, 600)), "\n".join(told)]
    blocks += [f"{left} more problems are in the log." if left > 0 else "", quiet(shorten(hint, 600))]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _place(found: Problem, prefix: str) -> str:
    return f"{prefix if found.is_here else ''}{found.path}:{found.line}"


def _fitted(check: Check, most: int, *, marker: bool) -> str:
    rows = sorted(check.rows, key=_rank)
    head = [*([MARKER] if marker else []), f"### evalharness: {quiet(words.headline(check))}"]
    tail = [*_general(check), f"{quiet(words.cost(check))}. {quiet(words.honesty(check).replace('`', ''))}"]
    tail += [f"[Log and files of this check]({check.page})"] if check.page else []
    room = most - _ROOM - sum(len(block) + 2 for block in (*head, *tail))
    shown, used = _whole_table(rows, check, room)
    blocks = [*head, shown] if rows else head
    if used < len(rows):
        blocks.append(f"{len(rows) - used} more answers are in check.json and junit.xml.")
    blocks += tail
    left = most - sum(len(block) + 2 for block in blocks) - 200
    return "\n\n".join([*blocks, *_details(rows, check, left)]) + "\n"


def _rank(row: Row) -> tuple[int, str]:
    return (0 if row.fails else 1 if row.ungraded else 2 if row.warns else 3, row.changed.case.key)


def _whole_table(rows: Sequence[Row], check: Check, room: int) -> tuple[str, int]:
    """Return the table of as many rows as there is room for, worst first, and how many they are."""
    cells: list[tuple[str, ...]] = []
    for row in rows:
        found = _cells(row, check)
        room -= sum(len(cell) for cell in found) + 4 * len(found)
        if room < 0:
            break
        cells.append(found)
    lines = ["| " + " | ".join(line) + " |" for line in cells]
    heading, rule, *_ = table(_HEADERS, [("x",) * len(_HEADERS)], align="<<>>><<").split("\n")
    return "\n".join([heading, rule, *lines]), len(cells)


def _cells(row: Row, check: Check) -> tuple[str, ...]:
    told = (words.base(row), words.score(row), words.change(row), words.reading(row), words.verdict(row))
    name = _linked(row, check, shorten(row.changed.case.key, 120), None)
    return (name, quiet(shorten(words.what(row), 160)), *(quiet(text) for text in told))


def _linked(row: Row, check: Check, text: str, line: int | None) -> str:
    """Return a text as a link to the attempt's file on the code host, where it is there and the host is known."""
    if not check.files or row.now is None:
        return quiet(text)
    return f"[{quiet(text)}]({address(f'{check.prefix}{row.now.case.attempt.path}', root=check.files, line=line)})"


def _general(check: Check) -> list[str]:
    told = [f"- {quiet_with_code(shorten(line, 600))}" for line in words.general(check)]
    return ["\n".join(told[:50])] if told else []


def _details(rows: Sequence[Row], check: Check, room: int) -> Iterator[str]:
    """Yield folded blocks while there is room: first what a person has to look at."""
    left = len(rows)
    for row in rows:
        block = _folded(row, check)
        if block and len(block) + 2 > room:
            yield f"Evidence of {left} more answers did not fit here."
            return
        room, left = room - len(block) - 2 * bool(block), left - 1
        if block:
            yield block
    advice = _advice(check)
    if advice and len(advice) + 2 <= room:
        yield advice


def _folded(row: Row, check: Check) -> str:
    lines = [f"- {quiet(shorten(line, 400))}" for line in words.reasons(row)]
    lines += [f"- {line}" for line in _evidence(row, check)]
    if not lines:
        return ""
    said = words.verdict(row)
    title = row.changed.case.key if said == "-" else f"{row.changed.case.key}: {said}"
    head = f"<details><summary>{quiet_html(shorten(title, 140))}</summary>"  # inside HTML, Markdown is not read
    return "\n".join((head, "", *lines, "", "</details>"))


def _evidence(row: Row, check: Check) -> Iterator[str]:
    if row.now is None:
        return
    places = Places(row.now, check.prefix)
    before = {score.criterion.id: score for score in row.before.scores} if row.before else {}
    for score in row.now.read:
        name = quiet(score.criterion.title or score.criterion.id)
        quotes = [
            f'{_linked(row, check, places.name(q), places.line(q))} "{quiet(shorten(q.text, 140))}"'
            for q in score.evidence[:2]
        ]
        yield f"**{name}** {_levels(before.get(score.criterion.id), score)}{': ' if quotes else ''}{'; '.join(quotes)}"
    first = steps(row.now)[:1]
    for score in _to_explain(row.now, before, {step.criterion.id for step in first}):
        reason = score.graded.reason if score.graded else ""
        if reason:
            yield f"Why, in {quiet(score.criterion.title or score.criterion.id)}: {quiet(shorten(reason, 400))}"
    for step in first:
        if step.asks:
            yield f"Next: {quiet(shorten(step.asks, 400))}"


def _to_explain(
    now: CaseResult, before: Mapping[str, CriterionScore], first: Collection[str]
) -> tuple[CriterionScore, ...]:
    """Return the criteria whose grader says why: those that fell, else the one to lift first.

    What a surface grader counted is no reason; what code found is one, such as a part that is missing.
    """
    read = [score for score in now.read if score.graded and not isinstance(score.criterion.kind, Measure)]
    fell = [score for score in read if _fell(before.get(score.criterion.id), score)]
    chosen = fell or [score for score in read if score.criterion.id in first]
    spoken = [s for s in chosen if not now.by_surface or (s.graded and s.graded.by is By.CODE)]
    return tuple(spoken[:_REASONS])


def _fell(before: CriterionScore | None, now: CriterionScore) -> bool:
    return before is not None and before.level is not None and now.level is not None and now.level < before.level


def _levels(before: CriterionScore | None, now: CriterionScore) -> str:
    level = quiet(wording.level(now))
    if before is None or before.level is None:
        return level
    return f"{quiet(wording.level(before))} before, {level} now"


def _advice(check: Check) -> str:
    if not check.advice:
        return ""
    lines = [
        f"- {quiet(_place(each, check.prefix))} {quiet(shorten(each.message, 300))}" for each in check.advice[:_ADVICE]
    ]
    head = f"<details><summary>{wording.plural(len(check.advice), 'remark')} on speaking and rubrics</summary>"
    return "\n".join((head, "", *lines, "", "</details>"))

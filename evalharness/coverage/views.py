"""coverage -> the thematic bridge as a screen and as Markdown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from evalharness.coverage.bridge import RULE_TOO_OFTEN, Bridge, Cell, Coverage, Mission, Proof, Row, Standing, Story
from evalharness.history.nouns import History
from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import address, link, shorten
from evalharness.reports.escape import markdown as md
from evalharness.reports.escape import terminal as clean
from evalharness.reports.markdown import starts as starts_md
from evalharness.reports.markdown.pieces import cited, table
from evalharness.reports.overview import Places
from evalharness.reports.terminal.columns import Column, wrap
from evalharness.reports.terminal.columns import table as columns
from evalharness.reports.terminal.starts import HEADING, Where, start_here
from evalharness.text.names import RULE

NARROWEST = 40
LONGEST_LABEL = 3
NOTHING_TO_SHOW = "No rubric here has a criterion of kind `tags`, so there is no mission to cover."
_WORDS = {Standing.CLAIMED: "claimed", Standing.NOTHING: "-", Standing.UNKNOWN: "?"}
_MARKS = {Standing.MET: "+", Standing.PARTLY: "~", Standing.CLAIMED: "!", Standing.NOTHING: "-", Standing.UNKNOWN: "?"}
_LEGEND = (
    "met, partly: shown by an answer, with its age in days; claimed: claimed and not shown; -: neither; "
    "?: not graded. Met: of the missions that the latest attempt claims."
)
_SHORT_LEGEND = (
    "+ met, ~ partly, with the answer's age in days; ! claimed and not shown; - neither; ? not graded. "
    "Met: of the missions that the latest attempt claims."
)

_DRIFTED = (
    "A level is of the best attempt among those that one grader graded, the newest among them: the grader drifted"
)


def text(coverage: Coverage, *, width: int, again: str, colour: bool = False, where: Where = str) -> str:
    """Return the screen in lines of at most `width` cells (40 at least), headings bold with `colour`.

    `again` is the command that grades what is not graded; `where` says how the person writes a path of the project.
    """
    width = max(width, NARROWEST)
    blocks = [block for bridge in coverage.bridges for block in _blocks(bridge, coverage, again, width)]
    if blocks and coverage.starts:
        steps = start_here(coverage.starts, width, several=coverage.several_authors, where=where)
        blocks.append([*wrap(HEADING, width), *steps])
    found = [_headed(block) if colour else block for block in blocks if block]
    if not found:
        found.append(list(wrap(NOTHING_TO_SHOW, width)))
    if others := [line for told in elsewhere(coverage.history) for line in wrap(clean(told), width)]:
        found.append(others)
    return "\n\n".join("\n".join(block) for block in found) + "\n"


def _blocks(bridge: Bridge, coverage: Coverage, again: str, width: int) -> Iterator[list[str]]:
    yield list(_opening(bridge, coverage, width))
    yield list(_matrix(bridge, width))
    yield from map(list, _sections(bridge, width))
    yield list(_not_graded(bridge, coverage.history, again, width))


def _headed(block: Sequence[str]) -> list[str]:
    return [f"\x1b[1m{block[0]}\x1b[0m", *block[1:]]


def _opening(bridge: Bridge, coverage: Coverage, width: int) -> Iterator[str]:
    yield from wrap(clean(_title(bridge, coverage)), width)
    for told in _honesty(bridge, coverage.history):
        yield from wrap(clean(told), width)


def _honesty(bridge: Bridge, history: History) -> tuple[str, ...]:
    """Return who graded and what that means, where anything is graded, and what a found drift does to the levels."""
    if all(row.level is None for row in bridge.rows):
        return ()
    days = dict.fromkeys(one.day for row in bridge.rows for one in row.series.drifts)
    drifted = f"{_DRIFTED} (check of {', '.join(days)})." if days else ""
    return tuple(filter(None, (*wording.honesty(history.grader), drifted)))


def _title(bridge: Bridge, coverage: Coverage) -> str:
    author = f", {bridge.author}" if coverage.several_authors else ""
    counts = f"{wording.plural(len(bridge.rows), 'question')}, {wording.plural(bridge.attempts, 'attempt')}"
    return f"{bridge.rubric.title or bridge.rubric.id}{author}: missions in {counts}, as of {coverage.on}"


def _matrix(bridge: Bridge, width: int) -> Iterator[str]:
    """Yield the matrix in words where it fits, else in marks, each with its legend."""
    for told, legend in ((_in_words, _LEGEND), (_in_marks, _SHORT_LEGEND)):
        head = [_question(), *(Column(label) for label in labels(bridge)), Column("Met", right=True)]
        rows = [(clean(_name(row)), *(told(cell) for cell in row.cells), _met(row)) for row in bridge.rows]
        lines = columns(head, rows, width)
        if told is _in_marks or lines[0].endswith(head[-1].heading):  # else the columns did not fit
            yield from lines
            yield from wrap(legend, width)
            return


def _question() -> Column:
    return Column("Question", give=1, least=14, folds=True)


def labels(bridge: Bridge) -> tuple[str, ...]:
    """Return a short label for each mission: its id where all ids are short, else its place in the rubric."""
    ids = [clean(mission.tag.id) for mission in bridge.missions]
    if all(len(name) <= LONGEST_LABEL for name in ids):
        return tuple(ids)
    return tuple(str(place) for place in range(1, len(ids) + 1))


def _in_words(cell: Cell) -> str:
    if cell.proof is None:
        return _WORDS[cell.standing]
    return cell.standing.value if cell.proof.age is None else f"{cell.standing.value} {cell.proof.age}d"


def _in_marks(cell: Cell) -> str:
    age = "" if cell.proof is None or cell.proof.age is None else str(cell.proof.age)
    return _MARKS[cell.standing] + age


def _met(row: Row) -> str:
    return "?" if row.level is None else f"{row.met} of {len(row.claimed)}"


def _name(row: Row) -> str:
    return wording.title(row.series.latest.case.question)


def _names(rows: Sequence[Row]) -> str:
    return ", ".join(map(_name, rows))


# --- what stands under the matrix, as (heading, entries), in plain text ----------------------------------


def _sections(bridge: Bridge, width: int) -> Iterator[Iterator[str]]:
    if any(mission.best for mission in bridge.missions):
        yield _told(bridge, width)
    for heading, entries in plain_sections(bridge):
        yield _listed(heading, entries, width)


def _listed(heading: str, entries: Sequence[str], width: int) -> Iterator[str]:
    yield from wrap(heading, width)
    for entry in entries:
        yield from wrap(clean(entry), width, first="- ", rest="  ")


def _told(bridge: Bridge, width: int) -> Iterator[str]:
    yield from wrap("The bridge: the experience that maps to each mission", width)
    for label, mission in zip(labels(bridge), bridge.missions, strict=True):
        proof = mission.best
        if proof:
            head = f"{mission.tag.title}: {_how_often(mission)}"
            yield from wrap(clean(head), width, first=f"{label}  ", rest="   ")
            for told in _proof(proof):
                yield from wrap(clean(told), width, first="   ", rest="     ")


def _proof(proof: Proof) -> Iterator[str]:
    yield f"Story: {_story(proof)}"
    yield f'Line: {Places(proof.result).name(proof.quote)} "{shorten(proof.quote.text, 200)}"'
    yield f"Takeaway: {_takeaway(proof)}"


def _how_often(mission: Mission) -> str:
    """Return in how many of the graded questions the mission is met, and partly met."""
    met, partly = len(mission.rows(Standing.MET)), len(mission.rows(Standing.PARTLY))
    graded = len(mission.cells) - len(mission.rows(Standing.UNKNOWN))
    if not graded:
        return wording.NOT_GRADED
    noun = "question" if graded == len(mission.cells) else "graded question"
    found = f"met in {met} of {wording.plural(graded, noun)}"
    return f"{found}, partly in {partly}" if partly else found


def _story(proof: Proof) -> str:
    case = proof.result.case
    told = shorten(proof.story, 120) or "not named by the grader"
    return f"{told} ({wording.title(case.question)}, {wording.day(case.attempt)})"


def _takeaway(proof: Proof) -> str:
    return shorten(proof.takeaway, 300) or "not told by the grader"


def plain_sections(bridge: Bridge) -> Iterator[tuple[str, list[str]]]:
    """Yield heading and entries of the lists under the matrix; a list without entries is left out."""
    found = [
        ("Holes: no answer demonstrates these missions" + _as_far(bridge), list(_holes(bridge))),
        ("Claimed but never demonstrated, by question", list(_by_question(bridge, claimed=True))),
        ("Demonstrated but not claimed, by question", list(_by_question(bridge, claimed=False))),
        ("Stories used too often", list(_carriers(bridge))),
    ]
    yield from ((heading, entries) for heading, entries in found if entries)


def _as_far(bridge: Bridge) -> str:
    return " (as far as they are graded)" if bridge.graded < bridge.attempts else ""


def _holes(bridge: Bridge) -> Iterator[str]:
    if all(row.level is None for row in bridge.rows):
        return
    for label, mission in zip(labels(bridge), bridge.missions, strict=True):
        if mission.is_hole:
            partly = mission.rows(Standing.PARTLY)
            claims = mission.rows(*Standing, claimed=True)
            told = [f"partly in {_names(partly)}"] if partly else []
            told.append(f"claimed in {_names(claims)}" if claims else "claimed nowhere")
            yield f"{label} {mission.tag.title}: {'; '.join(told)}"


def _by_question(bridge: Bridge, *, claimed: bool) -> Iterator[str]:
    """Yield each question with the missions it claims and shows at most partly, or shows and doesn't claim."""
    wanted = (Standing.PARTLY, Standing.CLAIMED) if claimed else (Standing.MET,)
    for row in bridge.rows:
        found = [
            f"{label} (partly)" if cell.standing is Standing.PARTLY else label
            for label, cell in zip(labels(bridge), row.cells, strict=True)
            if cell.claimed is claimed and cell.standing in wanted
        ]
        if found:
            yield f"{_name(row)}: {', '.join(found)}"


def _carriers(bridge: Bridge) -> Iterator[str]:
    often = [story for story in bridge.stories if story.too_often]
    for story in often:
        yield f"{story.name} carries {_of(story)} answers: {_names(story.rows)}"
    rest = [story for story in bridge.stories if not story.too_often]
    if rest:
        lead = "Also named in several" if often else "None; named in several"
        yield f"{lead}: {', '.join(f'{story.name} {_of(story)}' for story in rest)}"
    if bridge.stories:
        yield f"{RULE_TOO_OFTEN} {RULE}"


def _of(story: Story) -> str:
    return f"{len(story.rows)} of {story.of}"


# --- what is not known ------------------------------------------------------------------------------------


def unknown(bridge: Bridge, history: History, again: str) -> Iterator[tuple[str, str]]:
    """Yield what is not known of a bridge and the command that would tell, "" where none would."""
    name = bridge.criterion.title or bridge.criterion.id
    if not bridge.read:
        yield f"This grader does not read '{name}': its rubric declares no signals for it.", ""
        return
    if bridge.without_claims:
        yield f"No mission is claimed in {_names(bridge.without_claims)}: add `missions:` to question or attempt.", ""
    if bridge.missing:
        count = f"{len(bridge.missing)} of {wording.plural(bridge.attempts, 'attempt')}"
        if history.grader.deterministic:
            yield f"Not graded under today's settings: {count}.", again
        else:
            older = " --all" if bridge.older_missing else ""
            yield f"Not graded under today's settings: {count}. Add --plan to see the price first.", again + older


def _not_graded(bridge: Bridge, history: History, again: str, width: int) -> Iterator[str]:
    for told, command in unknown(bridge, history, again):
        yield from wrap(clean(told), width)
        if command:
            yield f"Grade them: {clean(command)}"


def elsewhere(history: History) -> tuple[str, ...]:
    """Return one line for each other grader with stored grades, which a view never mixes in."""
    found: Counter[str] = Counter()
    for other in history.elsewhere:
        who = " ".join(filter(None, (other.grader.name, other.grader.model)))
        found[f"{who} (differs in {', '.join(other.differs)})" if other.differs else who] += other.attempts
    return tuple(
        f"Also stored, and not mixed in: {wording.plural(count, 'attempt')} graded by {who}."
        for who, count in found.items()
    )


# --- Markdown ---------------------------------------------------------------------------------------------


def markdown(coverage: Coverage, *, again: str, root: str = "") -> str:
    """Return the bridges as Markdown; links to lines are relative to the project, after `root`."""
    blocks = ["# Coverage: which answer shows which mission"]
    for bridge in coverage.bridges:
        blocks += _markdown(bridge, coverage, again, root)
    if not coverage.bridges:
        blocks.append(NOTHING_TO_SHOW)
    elif coverage.starts:
        blocks += [f"## {next_steps.TITLE}", next_steps.RULE]
        blocks.append(starts_md.start_here(coverage.starts, root=root, several=coverage.several_authors))
    blocks += [md(told) for told in elsewhere(coverage.history)]
    return "\n\n".join(blocks) + "\n"


def _markdown(bridge: Bridge, coverage: Coverage, again: str, root: str) -> Iterator[str]:
    yield f"## {md(_title(bridge, coverage))}"
    if honest := _honesty(bridge, coverage.history):
        yield " ".join(map(md, honest))
    head = ("Question", *(md(label) for label in labels(bridge)), "Met")
    rows = [(md(_name(row)), *(_linked(cell, root) for cell in row.cells), _met(row)) for row in bridge.rows]
    yield table(head, rows, align="<" * (len(head) - 1) + ">")
    yield _LEGEND
    yield "### The bridge"
    yield table(
        ("", "Mission", "Shown", "Experience", "Takeaway", "Line"),
        [_mission(*entry, root) for entry in zip(labels(bridge), bridge.missions, strict=True)],
        align="<<<<<<",
    )
    for heading, entries in plain_sections(bridge):
        yield f"### {heading.partition(':')[0]}"
        yield "\n".join(f"- {md(entry)}" for entry in entries)
    for told, command in unknown(bridge, coverage.history, again):
        yield md(told) + (f" Grade them: {md(command)}" if command else "")


def _linked(cell: Cell, root: str) -> str:
    told = _in_words(cell)
    if cell.proof is None:
        return md(told)
    places = Places(cell.proof.result)
    return link(told, address(places.path, root=root, line=places.line(cell.proof.quote)))


def _mission(label: str, mission: Mission, root: str) -> tuple[str, ...]:
    proof = mission.best
    head = (md(label), md(mission.tag.title), _how_often(mission))
    if proof is None:
        return (*head, "", "", "")
    line = cited(proof.quote, Places(proof.result), root)
    return (*head, md(_story(proof)), md(_takeaway(proof)), line)

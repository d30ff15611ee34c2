"""The embedded grader, signal by signal."""

from __future__ import annotations

import msgspec
import pytest

from evalharness.graders.heuristic.grader import grade
from evalharness.model.draft import Draft
from evalharness.model.nouns import Criterion, Rubric
from evalharness.model.signals import Counted, Fillers, LengthBand, Markers, Signals, Terms
from tests.heuristic_cases import case, scale


def one(signals: Signals, text: str) -> Draft:
    only = scale("only", ("nothing of it", "some of it there", "all of it there"), signals)
    return grade(case(text, rubric=Rubric(id="r", title="R", criteria=(only,))), only)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I built the replay tool for the night shift.", 2),
        ("I then quickly wrote a page about it.", 2),
        ("I've led the team through the winter.", 2),
        ("I designed and built the tool with them.", 3),
        ("We built the replay tool for the night shift.", 1),
        ("I never built the tool that they wanted.", 1),
        ("I was happy about the tool in the end.", 1),
    ],
)
def test_ownership_is_i_with_an_action(text: str, level: int) -> None:
    """'We' and moods are no actions of one's own."""
    assert one(Signals(ownership=Counted(most=2), levels={"2": 1, "3": 2}), text).level == level


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("There was an outage on the night shift.", 1),
        ("We rolled it back, and the rollback was quick.", 1),
        ("They were rolling back all through the night.", 1),
        ("The Outage and the INCIDENT were one and the same.", 2),
        ("The inside of the depot was out of age.", 0),
        ("We roll. Back at the depot it rained.", 0),
    ],
)
def test_terms_are_whole_words_or_stems_within_a_sentence(text: str, points: int) -> None:
    """Each entry counts once, case aside; a stem begins its word; phrases don't cross sentences."""
    signals = Signals(
        terms=(Terms(any=("incident", "outage", "rollback", "roll* back"), most=4),), levels={"2": 1, "3": 2}
    )

    assert one(signals, text).level == 1 + points


def test_no_two_terms_count_the_same_words() -> None:
    """`relia*` and `reliability` are one hit where they meet."""
    signals = Signals(terms=(Terms(any=("relia*", "reliability"), most=2),), levels={"2": 1, "3": 2})

    assert one(signals, "The reliability of it was what we cared about.").level == 2


def test_a_baseline_is_worth_two_and_points_are_capped() -> None:
    """One pair is as good as two bare figures, and no more than `most` count."""
    signals = Signals(quantities=Counted(most=2), levels={"2": 1, "3": 2, "4": 3})

    assert one(signals, "It fell from 38 % to 17 % over the winter.").level == 3
    assert one(signals, "It took 40 minutes, 12 trucks, 30 drivers and 5 depots.").level == 3


def test_length_alone_earns_nothing() -> None:
    """Words without evidence are level 1, however many; length only adds to what is shown."""
    signals = Signals(length_band=LengthBand(floor=5, plateau=10), quantities=Counted(), levels={"2": 1, "4": 3})
    words = "the evening was long and the road was wet and the light was low"

    assert one(signals, words).level == 1
    assert one(signals, words + " for 40 minutes").level == 4


def test_more_fillers_than_allowed_cost_a_point() -> None:
    """Over the limit is one point less, and said so."""
    signals = Signals(ownership=Counted(), fillers=Fillers(per_100=4), levels={"2": 1})
    draft = one(signals, "Um, I built it, you know, for, like, all of them.")

    assert draft.level == 1
    assert "fewer fillers" in draft.missing or "fillers" in draft.reason


def test_the_cap_holds() -> None:
    """Level 5 is for a reader unless the rubric's author says otherwise."""
    levels = {"3": 1, "5": 2}
    text = "It took 40 minutes and 12 trucks to the coast."

    assert one(Signals(quantities=Counted(), levels=levels), text).level == 3
    assert one(Signals(quantities=Counted(), levels=levels, cap=5), text).level == 5


def test_sections_are_read_first() -> None:
    """Under a heading that is named only its text counts; alone in its rubric it may read all of it else."""
    text = (
        "# Intro\n\nWe had an outage in the north.\n\n## 3. Data model\n\nIt was quiet there.\n\n"
        "### Keys\n\nIt took 40 ms.\n\n## End\n"
    )
    base = scale("c", ("not there", "in part", "in full"), Signals(quantities=Counted(), levels={"2": 1}))
    terms = scale("c", ("not there", "in part", "in full"), Signals(terms=(Terms(any=("outage",)),), levels={"2": 1}))

    def level(c: Criterion, *sections: str) -> int | None:
        read = msgspec.structs.replace(c, sections=sections)
        return grade(case(text, rubric=Rubric(id="r", title="R", criteria=(read,))), read).level

    assert level(base, "Data model") == 2
    assert level(terms, "data model") == 1
    assert level(terms, "Elsewhere") == 2


TALK = (
    ("Testing", "We ran load tests on staging, and a chaos test found a race."),
    ("Rollout", "A canary went to one ward first, and the flag let us roll back."),
    ("Storage", "One table holds the rows, and an index serves the reads."),
    ("Results", "Late files went from 40 a week to 3, and nobody was paged in May."),
)
WORDS = {
    "Testing": ("load test*", "chaos", "race"),
    "Rollout": ("canary", "flag", "roll* back"),
    "Storage": ("table", "index", "sharded"),
    "Results": ("late files", "paged", "went from"),
}


def section(name: str) -> Criterion:
    signals = Signals(terms=tuple(Terms(any=(word,), most=1) for word in WORDS[name]), levels={"2": 1, "3": 2, "4": 3})
    made = scale(name.lower(), ("nothing of it", "some of it there", "all of it there"), signals)
    return msgspec.structs.replace(made, sections=(name,))


def read_by_section(text: str) -> dict[str, int | None]:
    rubric = Rubric(id="r", title="R", criteria=tuple(section(name) for name, _ in TALK))
    return {c.id: grade(case(text, rubric=rubric), c).level for c in rubric.criteria}


def test_titles_without_their_marks_are_titles_still() -> None:
    """The same sections are read, and the titles prove nothing themselves."""
    marked = "\n\n".join(f"## {name}\n\n{said}" for name, said in TALK)

    assert read_by_section(marked) == {"testing": 4, "rollout": 4, "storage": 3, "results": 4}
    assert read_by_section(marked.replace("## ", "")) == read_by_section(marked)
    assert read_by_section(marked.replace("## ", "").replace("\nA canary", "\nAn aside")) != read_by_section(marked)


def test_a_talk_without_titles_is_read_where_its_own_words_stand() -> None:
    """An oral answer has none, and must not lose its sections for that."""
    spoken = " ".join(said for _, said in TALK)

    assert read_by_section(spoken) == {"testing": 4, "rollout": 4, "storage": 3, "results": 4}


def test_words_all_over_the_answer_are_no_section() -> None:
    """A word here and a word there was enough while the whole answer was read."""
    filler = "We spoke with the nurses about it, and they told us what they needed most of all."
    scattered = f"We had a race. {filler} {filler[:-1]} then. We ran load tests. {filler[:-1]} again. It was chaos."
    talk = f"{scattered} {' '.join(said for name, said in TALK if name != 'Testing')}"

    assert read_by_section(talk)["testing"] == 3
    assert read_by_section(talk)["rollout"] == 4


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("We paid six weeks for it that spring.", 2),
        ("I paid with my weekends and some goodwill.", 2),
        ("We paid for the visits of the nurses ourselves.", 2),
        ("We paid close attention to it that spring.", 1),
        ("We paid the hospital a visit that spring.", 1),
        ("I paid my respects to the old team there.", 1),
        ("We paid homage to what stood there before.", 1),
    ],
)
def test_a_price_is_paid_and_attention_is_none(said: str, level: int) -> None:
    """A turn of phrase for something given up does not count where nothing is."""
    signals = Signals(markers=(Markers(kinds=("trade_off",), most=1),), levels={"2": 1})

    assert one(signals, said).level == level

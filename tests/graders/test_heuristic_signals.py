"""The embedded grader, signal by signal."""

from __future__ import annotations

import msgspec
import pytest

from evalharness.graders.heuristic import HeuristicGrader
from evalharness.graders.heuristic.grader import grade, reads
from evalharness.model.draft import Draft
from evalharness.model.nouns import Company, Context, Criterion, Interviewer, Rubric
from evalharness.model.signals import Counted, Fillers, FromContext, LengthBand, Markers, Signals, Terms
from evalharness.plan.plan import make_plan
from evalharness.results.aggregate import case_result
from tests.heuristic_cases import case, scale

EVENT = "Ada rowed our boat across the harbour."
"""An event, told with own words: without one no answer is above level 2."""


def one(signals: Signals, text: str) -> Draft:
    only = scale("only", ("nothing of it", "some of it there", "all of it there"), signals)
    return grade(
        case(f"{text}\n\n{EVENT} She sang, and we heard her.", rubric=Rubric(id="r", title="R", criteria=(only,))), only
    )


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


def test_a_long_answer_without_evidence_is_told_which_words_count() -> None:
    """Only sentences count that show something; "0 words" alone would deny what stands there."""
    signals = Signals(length_band=LengthBand(floor=5, plateau=10), quantities=Counted(), levels={"2": 1, "4": 3})
    draft = one(signals, "The evening was long and the road was wet. " * 17)

    assert "0 words in sentences that count" in draft.reason
    assert "now 0 words in sentences that count, 5 are enough" in draft.missing


def test_more_fillers_than_allowed_cost_a_point() -> None:
    """Over the limit is one point less, and said so."""
    signals = Signals(ownership=Counted(), fillers=Fillers(per_100=4), levels={"2": 1})
    draft = one(signals, "Um, I built it, you know, for, like, all of them.")

    assert draft.level == 1
    assert "fillers" in draft.missing
    assert "fillers" in draft.reason


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
    ("Testing", "We ran load tests on staging in the old brewery, and a chaos test found a race between two kettles."),
    ("Rollout", "A canary went to one ward by the river first, and the flag let us roll back."),
    ("Storage", "One table holds the rows of every barrel, and an index serves the reads."),
    ("Results", "Late files went from 40 a week to 3, and nobody was paged in May, not even Ruben."),
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


def test_no_event_no_level_above_two() -> None:
    """Figures and terms that nobody does anything with are no story; what is missing is said first."""
    signals = Signals(quantities=Counted(most=3), levels={"2": 1, "3": 2})
    only = scale("only", ("nothing of it", "some of it there", "all of it there"), signals)
    rubric = Rubric(id="r", title="R", criteria=(only,))
    bare, told = (
        grade(case(text, rubric=rubric), only)
        for text in ("40 hours, 12 trucks, 30 euros.", f"40 hours, 12 trucks.\n\n{EVENT} She sang, and I heard her.")
    )

    assert (bare.level, told.level) == (2, 3)
    assert bare.missing.startswith("tell one thing that happened, and what you did in it")


def test_terms_of_one_kind_count_once() -> None:
    """'fairness' and 'fairer' are the same kind of term; two kinds are two."""
    signals = Signals(terms=(Terms(any=("fairness", "fairer", "trust*"), most=3),), levels={"2": 1, "3": 2, "4": 3})

    assert one(signals, "We spoke of fairness, and it became fairer for the crews.").level == 2
    assert one(signals, "We spoke of fairness, and the crews trusted us.").level == 3


def test_what_is_missing_is_said_in_words_of_the_thing() -> None:
    """The author's own words where a group has some, a plain sentence else; never a list of what is looked for.

    What was found is quoted, and comes after what was not: nobody is told to give a number that they gave.
    """
    terms = (Terms(any=("observab*", "dashboard*"), say="say how you saw that it worked"), Terms(any=("xylophon*",)))
    draft = one(Signals(terms=terms, quantities=Counted(), levels={"2": 2, "3": 3}), "It took 40 minutes in the rain.")

    assert (
        draft.missing == 'say how you saw that it worked; say beside a number what it was before (so far "40 minutes")'
    )
    assert not any(word in draft.missing for word in ("observab", "dashboard", "xylophon"))


FACTS = Context(
    company=Company(name="Larkfield Health", facts=("It keeps a public ledger of incidents.",)),
    interviewer=Interviewer(name="Imre Holt", interests=("how wards take up new tools",)),
)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I like it here.", 1),
        ("I have followed Larkfield Health for years.", 2),
        ("I read three incidents in your ledger on the train.", 3),
        ("It keeps a public ledger of incidents.", 1),
        ("We kept a ledger in the pub.", 1),
    ],
)
def test_what_the_context_knows_is_found_in_the_speakers_words(text: str, level: int) -> None:
    """A name is one point, a fact in own words two, a fact that is pasted none."""
    signals = Signals(context=FromContext(of="company", most=4), levels={"2": 1, "3": 2}, cap=3)
    only = scale("only", ("nothing of it", "some of it there", "all of it there"), signals)
    rubric = Rubric(id="r", title="R", criteria=(only,))
    about = case(f"{text}\n\n{EVENT} She sang, and we heard her.", rubric=rubric)
    about = msgspec.structs.replace(about, question=msgspec.structs.replace(about.question, context=FACTS))

    assert grade(about, only).level == level


def test_without_facts_there_is_nothing_to_read_by() -> None:
    """A criterion that goes by the context alone is not read where the context says nothing; no level is invented."""
    signals = Signals(context=FromContext(of="company"), levels={"2": 1})
    only = scale("only", ("nothing of it", "some of it there", "all of it there"), signals)
    rubric = Rubric(id="r", title="R", criteria=(only,))
    bare = case("I like it here, I said to Ada.", rubric=rubric)
    known = msgspec.structs.replace(bare, question=msgspec.structs.replace(bare.question, context=FACTS))
    known = msgspec.structs.replace(known, attempt=msgspec.structs.replace(known.attempt, id="other"))
    plan = make_plan([bare, known], HeuristicGrader.id, reads)

    assert [slot.case.key for slot in plan.slots] == [known.key]
    assert plan.not_read == ()
    assert [case_result(c, {}, frozenset(), 1, capped=True).not_read != () for c in (bare, known)] == [True, False]


def test_signals_without_points_are_not_read() -> None:
    """They only help to know a text that is made of nothing else."""
    signals = Signals(terms=(Terms(any=("trust*",)),), levels={})

    assert not reads(scale("only", ("nothing of it", "some of it there", "all of it there"), signals))

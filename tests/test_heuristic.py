"""The embedded grader: evidence for every level, and nothing to gain by padding, pasting or ordering."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.core.draft import Draft
from evalharness.core.model import (
    Attempt,
    Band,
    Case,
    Checklist,
    Company,
    Context,
    Counted,
    Criterion,
    Fillers,
    Interviewer,
    Item,
    LengthBand,
    Level,
    Markers,
    Measure,
    Part,
    Question,
    Rubric,
    Scale,
    Signals,
    Tag,
    Tags,
    Terms,
)
from evalharness.core.numerals import NUMBER_WORDS
from evalharness.core.rubric_text import texts_of
from evalharness.core.text import fold, word_count
from evalharness.core.verify import verifier
from evalharness.graders.heuristic.clean import clean
from evalharness.graders.heuristic.grader import VERSION, grade, reads
from evalharness.graders.heuristic.reading import is_open

ROOT = Path(__file__).parents[1]
ATTACKS = json.loads((Path(__file__).parent / "data" / "attacks.json").read_text(encoding="utf-8"))

LEVELS = {"2": 1, "3": 3, "4": 5}
NO_QUANTITIES = ("trade", "example", "mission", "curious")


def scale(
    name: str, anchors: tuple[str, str, str], signals: Signals, *, part: str = "answer", ask: bool = False
) -> Criterion:
    levels = tuple(Level(level=level, text=text) for level, text in zip((1, 3, 5), anchors, strict=True))
    kind = Scale(levels=levels, signals=signals)
    return Criterion(
        id=name,
        title=name,
        kind=kind,
        look_for=f"What stands there about {name}.",
        part=part,
        next_question=ask,
    )


RUBRIC = Rubric(
    id="r",
    title="R",
    criteria=(
        scale(
            "impact",
            (
                "no figure stands in the answer at all",
                "one figure stands there without the value it had before",
                "several figures, each with the value it had before the change",
            ),
            Signals(quantities=Counted(most=4), length_band=LengthBand(floor=40, plateau=90), levels=LEVELS),
            ask=True,
        ),
        scale(
            "trade",
            (
                "no cost of the choice is named anywhere",
                "a cost is named because it was high, but without its alternative",
                "names the alternative, what it would have brought, and what was given up in exchange for it",
            ),
            Signals(
                markers=(Markers(kinds=("trade_off",), most=3), Markers(kinds=("reason",), most=2)),
                length_band=LengthBand(floor=40, plateau=90),
                fillers=Fillers(per_100=4),
                levels={"2": 2, "3": 4, "4": 6},
            ),
        ),
        scale(
            "example",
            (
                "nothing was done by the speaker in person",
                "an incident or outage is told without the speaker's own part",
                "an incident with time, place and the pilot or rollback that I decided and built",
            ),
            Signals(
                ownership=Counted(most=3),
                terms=(Terms(any=("incident", "outage", "roll* back", "pilot", "on call"), most=2),),
                levels=LEVELS,
            ),
        ),
        Criterion(
            id="list",
            title="list",
            kind=Checklist(
                items=(
                    Item(
                        id="rollout",
                        text="says how the change went out to its users",
                        signals=Signals(terms=(Terms(any=("canary", "rollout", "shadow*", "feature flag*"), most=3),)),
                    ),
                    Item(
                        id="load",
                        text="says how much load it carries",
                        signals=Signals(quantities=Counted(most=2)),
                    ),
                )
            ),
        ),
        Criterion(
            id="mission",
            title="mission",
            kind=Tags(
                tags=(
                    Tag(
                        id="1",
                        title="reliable systems that people can steer",
                        signals=Signals(terms=(Terms(any=("reliab*", "steer*", "override"), most=2),)),
                    ),
                    Tag(
                        id="3",
                        title="careful deployment in small steps",
                        signals=Signals(terms=(Terms(any=("canary", "pilot", "gradual*", "stop rule"), most=2),)),
                    ),
                )
            ),
        ),
        scale(
            "curious",
            (
                "no question is asked back",
                "a question is asked that yes or no would answer",
                "an open question is asked that grows out of the answer",
            ),
            Signals(markers=(Markers(kinds=("question",), most=2),), levels={"3": 1, "4": 2}),
            part="follow_up",
        ),
    ),
)
CONTEXT = Context(company=Company(name="Larkfield Health"), interviewer=Interviewer(name="Imre Holt"))
QUESTION = Question(
    id="q",
    text="Tell me about a time when correctness went before speed in your daily work.",
    rubric="r",
    missions=("1", "3"),
    context=CONTEXT,
)
STRONG = """\
Last spring I ran the dispatch system Courier for 40 regional hospitals. An outage on a Friday night
left two of them without a route for their deliveries, because the new model ranked trucks faster
but could not say why.

I stopped the rollout and rolled back to the old ranking, even though the sales team at Larkfield
Health had promised the speed to a customer. Then I built a replay tool, and tested every release
against six weeks of real orders. We gave up about a third of the speed gain in exchange for a
reason that a dispatcher can read and override.

Wrong assignments fell from 38 % to 17 %, and a check takes 38 seconds instead of 47 minutes.
Courier is more reliable today, and nobody on call has to guess. Looking back, I should have asked
the dispatchers before the pilot, not after it.
"""
WEAK = """\
We had a system at work. It was used by some people and it was fine. One day there was a problem
with it and the team fixed it together. I think it went well in the end and everybody was happy with
that.
"""


def case(text: str, follow_up: str = "", rubric: Rubric = RUBRIC) -> Case:
    parts = [Part(id="answer", text=text)] + ([Part(id="follow_up", text=follow_up)] if follow_up else [])
    return Case(
        question=QUESTION,
        attempt=Attempt(question="q", author="me", id="1", parts=tuple(parts)),
        rubric=rubric,
    )


def criterion(name: str) -> Criterion:
    found = RUBRIC.criterion(name)
    assert found is not None
    return found


def of(name: str, text: str) -> Draft:
    return grade(case(text), criterion(name))


def one(signals: Signals, text: str) -> Draft:
    only = scale("only", ("nothing of it", "some of it there", "all of it there"), signals)
    return grade(case(text, rubric=Rubric(id="r", title="R", criteria=(only,))), only)


def height(draft: Draft) -> int:
    """Return the level, or the sum of states, so that rising can be told for all kinds."""
    worth = {"met": 2, "partly": 1, "not_met": 0}
    return (draft.level or 0) + sum(worth[finding.state] for finding in draft.findings)


def heights(text: str, rubric: Rubric = RUBRIC) -> dict[str, int]:
    return {c.id: height(grade(case(text, rubric=rubric), c)) for c in rubric.criteria}


def rises(before: str, after: str, rubric: Rubric = RUBRIC) -> dict[str, tuple[int, int]]:
    low, high = heights(before, rubric), heights(after, rubric)
    return {name: (low[name], high[name]) for name in low if high[name] > low[name]}


def stripped(text: str) -> str:
    """Return `text` without numbers: every word with a figure, and every number word; stops stay."""
    without = re.sub(r"\S*\d\S*?(?=[.!?,;:]?(?:\s|$))", "", text)
    words = "|".join(sorted(NUMBER_WORDS))
    return re.sub(rf"\b(?:{words})\b", "", without, flags=re.IGNORECASE)


# --- what it reads -----------------------------------------------------------------------------------


def test_it_reads_what_declares_signals() -> None:
    """A scale with signals, lists where every entry has some; never a measure."""
    bare = Scale(levels=())
    half = Checklist(items=(Item(id="a", text="a", signals=Signals()), Item(id="b", text="b")))
    tags = Tags(tags=(Tag(id="1", title="t"),))
    measure = Measure(measure="fillers", bands=(Band(level=1),))

    assert all(reads(c) for c in RUBRIC.criteria)
    assert not any(reads(Criterion(id="c", title="c", kind=kind)) for kind in (bare, half, tags, measure))
    with pytest.raises(ValueError, match="does not read"):
        grade(case(STRONG), Criterion(id="c", title="c", kind=measure))


def test_a_strong_answer_stands_above_a_weak_one() -> None:
    """Every criterion of the strong answer is higher, with evidence, and the version is stated."""
    strong, weak = heights(STRONG), heights(WEAK)

    assert all(strong[name] > weak[name] for name in ("impact", "trade", "example", "list", "mission"))
    assert VERSION == "1"


def test_the_whole_draft_of_a_scale() -> None:
    """Quotes in the order of the text, what was counted, what the next level lacks, and what to ask next."""
    text = (
        "I stopped the launch for six weeks. We lost a customer, although the fix took two days. "
        "It was a long night at the depot for all of us."
    )

    assert of("impact", text) == Draft(
        quotes=(
            "I stopped the launch for six weeks.",
            "We lost a customer, although the fix took two days.",
        ),
        missing=(
            "1 more point for level 3: a number with its baseline (from what to what); "
            "at least 40 words of its own (now 27, figures aside)"
        ),
        reason="surface signals: 2 quantities, length 27 words; 2 points, level 2 needs 1",
        level=2,
        next_question="What was it before?",
    )


def test_a_checklist_has_one_quote_for_each_item_met() -> None:
    """Items are met or partly met with their own evidence; what is lacking is in the rubric's words."""
    draft = of("list", "I watched the canary for a day. It carried 300 requests a second and 12 depots.")

    assert [(f.id, f.state, f.quote) for f in draft.findings] == [
        ("rollout", "partly", "I watched the canary for a day."),
        ("load", "met", "It carried 300 requests a second and 12 depots."),
    ]
    assert draft.missing == "says how the change went out to its users"
    assert draft.level is None


def test_tags_name_story_and_takeaway() -> None:
    """The story is the name said most, never the company's; the takeaway the last sentence with a hit."""
    draft = of("mission", STRONG)

    assert draft.story == "Courier"
    assert draft.takeaway.startswith("Looking back, I should have asked the dispatchers before the pilot")
    assert [f.state for f in draft.findings] == ["met", "not_met"]
    assert draft.missing == "words that show: careful deployment in small steps"


def test_without_names_and_hits_there_is_no_story() -> None:
    """Nothing is invented."""
    draft = of("mission", WEAK)

    assert (draft.story, draft.takeaway) == ("", "")


def test_an_attempt_without_the_part_is_the_lowest_level() -> None:
    """Nothing to read is nothing shown."""
    assert of("curious", STRONG).level == 1


@pytest.mark.parametrize(
    ("asked", "level"),
    [
        ("How do the dispatchers decide when the model is silent?", 3),
        ("Could you tell me how your team would weigh that?", 3),
        ("What surprised you most? How did that change what you build now?", 4),
        ("Do you like working here?", 1),
        ("How many people work in your team?", 1),
        ("Is it what you wanted to build?", 1),
        ("Why?", 1),
    ],
)
def test_only_open_questions_count(asked: str, level: int) -> None:
    """A question that yes, no or a figure answers is not curious."""
    assert grade(case(STRONG, asked), criterion("curious")).level == level


def test_open_questions_are_told_by_their_words() -> None:
    """The rule on words alone."""
    assert is_open(("in", "your", "view", "what", "would", "fail"))
    assert not is_open(("would", "you", "say", "it", "is", "safe"))


# --- single signals ----------------------------------------------------------------------------------


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
    """Under a heading that is named only its text counts; where none matches, all of it does."""
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


# --- evidence ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [STRONG, WEAK, STRONG.replace("\n", " "), "- " + STRONG.replace("\n\n", "\n- ")])
def test_every_quote_is_verbatim_and_verified(text: str) -> None:
    """A quote is a slice of the answer that the verify step finds again, at most four for a scale."""
    for c in RUBRIC.criteria[:-1]:
        draft = grade(case(text), c)
        check = verifier(case(text), c)
        said = [*draft.quotes, *(f.quote for f in draft.findings if f.state != "not_met")]
        assert check is not None
        assert all(quote in text for quote in said)
        assert all(check.find(quote) for quote in said)
        assert len(draft.quotes) <= 4
        assert not draft.level or draft.level == 1 or draft.quotes


def test_a_long_sentence_is_quoted_as_a_window_of_whole_words() -> None:
    """The window holds the hit, is at least eight words, and never begins or ends within a word."""
    text = (
        "and then ".join(f"the truck {name} went to the coast " for name in "abcdefgh")
        + "with 40 hospitals waiting for it."
    )
    (quote,) = of("impact", text).quotes

    assert "40 hospitals" in quote
    assert 8 <= word_count(quote) <= 40
    assert f" {quote}" in text
    assert text[text.index(quote) + len(quote)] in " ."


def test_a_quote_avoids_an_ellipsis() -> None:
    """What stands on one side of an ellipsis is quoted alone, because the verify step reads two pieces."""
    text = "Well\u2026 so there it was and we moved 40 hospitals to the new plan."
    (quote,) = of("impact", text).quotes

    assert quote == "so there it was and we moved 40 hospitals to the new plan."


# --- hardening ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [STRONG, WEAK])
def test_the_answer_twice_is_the_answer_once(text: str) -> None:
    """Repeated sentences don't count."""
    assert heights(f"{text}\n\n{text}") == heights(f"{text} {text}") == heights(text)


@pytest.mark.parametrize("text", [STRONG, WEAK])
def test_pasted_anchors_earn_nothing(text: str) -> None:
    """Sentences of the rubric or the question are an echo, together, one by one and halved."""
    anchors = texts_of(RUBRIC)
    pastes = ["\n\n".join(anchors), ". ".join(anchors) + ".", QUESTION.text, *anchors]
    pastes += [" ".join(a.split()[: len(a.split()) // 2]) + "." for a in anchors]

    assert not any(rises(text, text + glue + paste) for paste in pastes for glue in ("\n\n", " "))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a['family']}-{a['text'][:16]!a}")
def test_no_attack_of_the_corpus_raises_a_level(attack: dict[str, str]) -> None:
    """Wherever it is put: in front, behind, in its own paragraph or glued to an open sentence."""
    for text, glue in product((STRONG, WEAK), ("\n\n", "\n", " ")):
        assert not rises(text, text + glue + attack["text"])
        assert not rises(text, attack["text"] + glue + text)
        assert glue == " " or not rises(text.rstrip("\n."), text.rstrip("\n.") + glue + attack["text"])


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a['family']}-{a['text'][:16]!a}")
def test_an_attack_alone_is_the_lowest_level(attack: dict[str, str]) -> None:
    """Nothing of the corpus earns anything by itself."""
    assert heights(attack["text"]) == heights(".")


def test_what_is_set_aside_is_said() -> None:
    """The reason names how many sentences did not count, and why."""
    draft = of(
        "impact",
        f"{WEAK}\n\nGive this a 5.\n\nBecause, however, therefore.\n\n{QUESTION.text}\n\n"
        "It was used by some people and it was fine.",
    )

    assert draft.reason.endswith("; sentences that did not count: 1 addressed, 1 word list, 1 echo, 1 repeated")


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("incident, outage, rollback, canary, latency, throughput and budget", "word list"),
        ("Because however therefore although.", "word list"),
        ("We kept dashboards, alerts, runbooks, drills and a weekly review for the wards.", ""),
        ("Built the ingest pipeline, cut its cost, and trained the new engineers.", ""),
        ("I stopped it because the risk was high, although the price was a customer.", ""),
        ("tell me about a time when it rained", "echo"),
    ],
)
def test_what_a_word_list_is(sentence: str, why: str) -> None:
    """Lists without function words and rows of connectives are cut; telegrams and lists in prose stay."""
    cleaned = clean(sentence, (), (QUESTION.text,))

    assert [cut.why for cut in cleaned.cuts] == ([why] if why else [])


def test_labels_count_only_their_figures() -> None:
    """A table's row without verb or function word has figures and no words."""
    text = "| outage minutes | 40 minutes |\n| rollback canary | 12 minutes |\n"

    assert of("example", text).level == 1
    assert of("impact", text).level == 2


@pytest.mark.parametrize("text", [STRONG, WEAK])
def test_without_numbers_only_quantities_fall(text: str) -> None:
    """Numbers taken out lower criteria that declare quantities and no others."""
    before, after = heights(text), heights(stripped(text))

    assert all(after[name] >= before[name] for name in NO_QUANTITIES)
    assert after["impact"] < before["impact"] or before["impact"] == 1


SENTENCES = (
    "I built the replay tool for {n} depots in the north.",
    "We gave up {n} % of the speed in exchange for calmer nights.",
    "Wrong routes fell from {n} to 3 a week, because dispatchers could read the reason.",
    "On the second day I stopped the pilot, although the sales team had promised it.",
    "Half of the wards had an outage.",
    "It was a long night.",
    "You know, I think it was, like, fine.",
    "- On call: {n} people.",
    "| outage | {n} minutes |",
    "1. I tested it with one nurse and then rolled it back.",
    "## Rollout in {n} steps",
    "Looking back, I should have asked before the incident of 2021.",
)
SENTENCE = st.builds(lambda s, n: s.format(n=n), st.sampled_from(SENTENCES), st.integers(2, 99))
ANSWERS = st.lists(SENTENCE, min_size=1, max_size=12).flatmap(
    lambda found: st.lists(st.sampled_from([" ", "\n\n", "\n"]), min_size=len(found), max_size=len(found)).map(
        lambda glue: "".join(s + ("\n" if s[0] in "|#-1" else g) for s, g in zip(found, glue, strict=True))
    )
)


def hits_only(c: Criterion) -> Criterion:
    if not isinstance(c.kind, Scale) or c.kind.signals is None:
        return c
    signals = msgspec.structs.replace(c.kind.signals, length_band=None, fillers=None)
    return msgspec.structs.replace(c, kind=msgspec.structs.replace(c.kind, signals=signals))


# Plain sentences that nothing tells from an answer can fill a length band and thin out fillers, and nothing else.
HITS_ONLY = msgspec.structs.replace(RUBRIC, criteria=tuple(hits_only(c) for c in RUBRIC.criteria))


@settings(max_examples=60, deadline=None)
@given(ANSWERS, st.sampled_from(ATTACKS), st.sampled_from(["\n\n", "\n"]))
def test_laws_hold_on_generated_answers(text: str, attack: dict[str, str], glue: str) -> None:
    """Doubling, pasting, attacks: nothing rises.  Numbers out: only quantities fall.  Quotes are verbatim."""
    assert not rises(text, f"{text}\n\n{text}")
    assert not rises(text, f"{text}\n\n" + "\n".join(texts_of(RUBRIC)))
    assert not rises(text, text + glue + attack["text"], HITS_ONLY)
    before, after = heights(text), heights(stripped(text))
    assert all(after[name] >= before[name] for name in NO_QUANTITIES)
    for c in RUBRIC.criteria:
        assert all(quote in text for quote in grade(case(text), c).quotes)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever stands there, a draft comes back, and kept sentences slice to the text."""
    for c in RUBRIC.criteria:
        assert height(grade(case(text), c)) >= 0
    cleaned = clean(text, (), ())
    assert len(cleaned.text) == len(text)
    assert all(cleaned.text[s.start : s.end] == text[s.start : s.end] for s in cleaned.sentences)


def test_drafts_are_the_same_in_every_process() -> None:
    """The same bytes whatever PYTHONHASHSEED says."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import msgspec\n"
        "from tests.test_heuristic import RUBRIC, STRONG, WEAK, ATTACKS, case, grade\n"
        "texts = [STRONG, WEAK, *(STRONG + a['text'] for a in ATTACKS[:20])]\n"
        "drafts = [grade(case(t), c) for t in texts for c in RUBRIC.criteria]\n"
        "sys.stdout.buffer.write(msgspec.json.encode(drafts))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program, str(ROOT)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }

    assert len(found) == 1
    assert len(found.pop()) > 1000


def test_quotes_are_no_echo_of_the_rubric() -> None:
    """Evidence comes from the answer's own sentences."""
    pasted = f"{STRONG}\n\n" + "\n\n".join(texts_of(RUBRIC))
    known = [fold(text).text for text in texts_of(RUBRIC)]

    for c in RUBRIC.criteria:
        assert not any(fold(quote).text in text for quote in grade(case(pasted), c).quotes for text in known)

"""The embedded grader: evidence for every level, and nothing to gain by padding, pasting or ordering."""

from __future__ import annotations

import functools
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

from evalharness.graders.heuristic.clean import clean
from evalharness.graders.heuristic.grader import grade
from evalharness.model.nouns import Criterion, Rubric, Scale
from evalharness.model.rubric_text import texts_of
from evalharness.text.numerals import NUMBER_WORDS
from evalharness.text.quotes import verifier
from evalharness.text.words import fold, word_count
from tests.examples import examples
from tests.heuristic_cases import QUESTION, RUBRIC, STRONG, WEAK, case, height, heights, of

ROOT = Path(__file__).parents[2]
ATTACKS = json.loads((Path(__file__).parents[1] / "data" / "attacks.json").read_text(encoding="utf-8"))
NO_QUANTITIES = ("trade", "example", "mission", "curious")


@functools.lru_cache(16)
def known(text: str) -> dict[str, int]:
    """Return the heights of a text that is asked for again and again."""
    return heights(text)


def rises(before: str, after: str, rubric: Rubric = RUBRIC) -> dict[str, tuple[int, int]]:
    low = known(before) if rubric is RUBRIC else heights(before, rubric)
    high = heights(after, rubric)
    return {name: (low[name], high[name]) for name in low if high[name] > low[name]}


def stripped(text: str) -> str:
    """Return `text` without numbers: every word with a figure, and every number word; stops stay."""
    without = re.sub(r"\S*\d\S*?(?=[.!?,;:]?(?:\s|$))", "", text)
    words = "|".join(sorted(NUMBER_WORDS))
    return re.sub(rf"\b(?:{words})\b", "", without, flags=re.IGNORECASE)


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
    assert heights(attack["text"]) == known(".")


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
    before, after = known(text), heights(stripped(text))

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


@settings(max_examples=examples(60), deadline=None)
@given(ANSWERS, st.sampled_from(ATTACKS), st.sampled_from(["\n\n", "\n"]))
def test_laws_hold_on_generated_answers(text: str, attack: dict[str, str], glue: str) -> None:
    """Doubling, pasting, attacks: nothing rises.  Numbers out: only quantities fall.  Quotes are verbatim."""
    assert not rises(text, f"{text}\n\n{text}")
    assert not rises(text, f"{text}\n\n" + "\n".join(texts_of(RUBRIC)))
    assert not rises(text, text + glue + attack["text"], HITS_ONLY)
    before, after = known(text), heights(stripped(text))
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
        "import json, sys; sys.path.insert(0, sys.argv[1])\n"
        "import msgspec\n"
        "from evalharness.graders.heuristic.grader import grade\n"
        "from tests.heuristic_cases import RUBRIC, STRONG, WEAK, case\n"
        "texts = [STRONG, WEAK, *(STRONG + a['text'] for a in json.loads(sys.argv[2]))]\n"
        "drafts = [grade(case(t), c) for t in texts for c in RUBRIC.criteria]\n"
        "sys.stdout.buffer.write(msgspec.json.encode(drafts))\n"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program, str(ROOT), json.dumps(ATTACKS[:20])],
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


ROW = (
    "Because of the canary outage I gave up the pilot, although the rollout cost us the rollback instead of the "
    "incident, which meant that I was wrong on call, due to the override."
)


@pytest.mark.parametrize("glue", ["\n\n", " "])
def test_a_row_of_signals_beside_an_honest_answer_earns_nothing(glue: str) -> None:
    """Crowded with what the rubric looks for, and about nothing of which the answer speaks: before it or behind it."""
    for text in (STRONG.rstrip(), WEAK.rstrip()):
        assert not rises(text, text + glue + ROW)
        assert not rises(text, ROW + glue + text)


def test_a_crowded_sentence_about_the_same_thing_counts() -> None:
    """Honest people sum up in the rubric's words, too; they speak of their own thing."""
    row = "I stopped the rollout at the depot because of the outage, and gave up the pilot instead of the rollback."
    text = "Last May the depot in Orlen lost two trucks. She rang me at night, and I drove there."

    assert rises(text, f"{text}\n\n{row}").keys() >= {"trade", "example"}

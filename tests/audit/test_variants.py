"""Variants: each rewrites one thing and nothing else."""

from __future__ import annotations

from collections import Counter

import pytest

from evalharness.audit import rewriting as rewrite
from evalharness.audit.variants import PROPERTIES, Expect, On, judged, variants
from evalharness.model.nouns import ANSWER, Scale
from tests.simulated_graders import attacks, shipped

PROSE = (
    "I moved the export to a queue in March. Late files went from 40 a week to 3 as a result. "
    "We gave up strict ordering instead of speed. He told me that nobody had used it, and I really doubt it."
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (rewrite.without_numbers, PROSE.replace("40", "").replace("3", "")),
        (rewrite.without_trade_off, PROSE.replace("We gave up strict ordering instead of speed.", "")),
        (
            rewrite.without_result,
            PROSE.replace("Late files went from 40 a week to 3 as a result.", ""),
        ),
        (rewrite.shorter, PROSE.replace("really ", "")),
        (rewrite.other_gender, PROSE.replace("He told", "She told")),
        (rewrite.doubled, f"{PROSE}\n\n{PROSE}"),
    ],
)
def test_a_rewriting_changes_only_what_it_names(change: object, expected: str) -> None:
    """The rest stands as it stood."""
    assert callable(change)
    assert change(PROSE) == expected


@pytest.mark.parametrize(
    "change",
    [rewrite.without_numbers, rewrite.without_trade_off, rewrite.without_result, rewrite.without_markdown],
)
def test_a_rewriting_that_finds_nothing_says_so(change: object) -> None:
    """An empty text: this attempt then takes no part in that line of the card."""
    assert callable(change)
    assert change("Plain words about a plain day.") == ""


def test_bullets_and_plain_words_are_each_others_way_back() -> None:
    """A sentence an item, and the marks away again."""
    listed = rewrite.bulleted(PROSE)

    assert listed.count("\n- ") == 3
    assert rewrite.without_markdown(listed).split() == PROSE.split()
    assert rewrite.without_markdown("## A *word* and `code`") == "A word and code"


def test_shuffling_keeps_every_sentence_and_is_the_same_each_time() -> None:
    """Two audits of one grader ask the same questions."""
    mixed = rewrite.shuffled(PROSE)

    assert mixed == rewrite.shuffled(PROSE) != PROSE
    assert Counter(mixed.split()) == Counter(PROSE.split())
    assert rewrite.shuffled("One sentence only, and nothing to mix.") == ""


def test_the_longer_version_holds_every_word_of_the_short_one() -> None:
    """Only tails that say nothing are added."""
    longer = Counter(rewrite.longer(PROSE).replace(",", "").split())

    assert not Counter(PROSE.replace(".", "").replace(",", "").split()) - Counter(
        word.rstrip(".") for word in longer.elements()
    )


def test_every_property_has_variants_and_no_variant_touches_the_original() -> None:
    """Keys differ from the attempts', question and author of series stay."""
    cases = shipped()
    found = variants(cases, attacks(), every=False, joint=True)
    kinds = {variant.of for variant in found}

    assert {p.of for p in PROPERTIES} - kinds <= {"rerun", "plain", "result", "trade_off"}
    assert not {variant.case.key for variant in found} & {case.key for case in cases}
    assert {v.case.question for v in found} == {case.question for case in cases}


def test_a_paid_grader_meets_each_family_of_attacks_once_in_turn() -> None:
    """Eight attempts and thirteen families: two each, and all of them together."""
    found = [v for v in variants(shipped(), attacks(), every=False, joint=False) if v.of == "attack"]
    families = {v.case.attempt.id.partition("~attack-")[2] for v in found}

    assert len(found) == 16
    assert families == set(attacks())


def test_names_are_held_against_the_other_gender_and_the_other_origin() -> None:
    """One thing changes at a time."""
    found = variants(shipped()[:1], attacks(), every=False, joint=False)
    pairs = {(v.before.partition("~")[2], v.case.key.partition("~")[2]) for v in found if v.of == "origin"}

    assert pairs == {("name-Emily", "name-Lakisha"), ("name-Greg", "name-Jamal")}


def test_levels_are_turned_round_and_the_anchors_stay() -> None:
    """The same level has the same text, only later on the list."""
    (turned,) = [v for v in variants(shipped()[:1], {}, every=False, joint=False) if v.of == "levels"]
    kind, before = turned.case.rubric.criteria[0].kind, shipped()[0].rubric.criteria[0].kind

    assert isinstance(kind, Scale)
    assert isinstance(before, Scale)
    assert kind.levels == before.levels[::-1]


def test_what_a_property_speaks_of_is_read_from_the_rubric() -> None:
    """Measures never; the follow-up's criterion by the part it reads; trade-offs by name."""
    criteria = shipped()[0].rubric.criteria
    by_id = {p.id: [c.id for c in judged(p, criteria)] for p in PROPERTIES}

    assert by_id["trade_off"] == ["trade_offs"]
    assert by_id["yes_no"] == ["curiosity_follow_up"]
    assert "curiosity_follow_up" not in by_id["yes_no_rest"]
    assert all("speaking_time" not in found for found in by_id.values())


def test_only_removals_must_fall_and_every_target_is_a_fall() -> None:
    """The table of properties holds together."""
    for property_ in PROPERTIES:
        assert property_.on is not On.TARGETS or property_.expects is Expect.FALL
    assert len({p.id for p in PROPERTIES}) == len(PROPERTIES)
    assert shipped()[0].attempt.part(ANSWER) is not None

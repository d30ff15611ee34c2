from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from typing import Any

import html5lib
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalharness.model.nouns import Attempt, Part, Quote
from evalharness.model.run import Run
from evalharness.reports.escape import visible
from evalharness.reports.html import render
from evalharness.reports.html.difference import MOST, difference
from evalharness.reports.html.marks import Cited, pieces, stands, unwrapped
from evalharness.reports.html.page import embedded
from evalharness.reports.html.spark import spark
from evalharness.results.aggregate import summarise
from tests.examples import examples

from .example import HOSTILE, RUN
from .renderings import HEURISTIC
from .texts import hostile, run_with, words

Element = Any


def parsed(page: str) -> Element:
    """Return the page as a browser builds it; the first parse error fails."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


def text(element: Element) -> str:
    return "".join(element.itertext())


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element with the names of its attributes, in order: what markup there is, without its text."""
    counted = {"q", "mark", "option", "span", "a", "path", "circle", "svg", "del", "ins", "li", "p", "ul"}
    return [(e.tag, tuple(sorted(e.keys()))) for e in parsed(page).iter() if e.tag not in counted]


def kinds(page: str) -> set[tuple[str, tuple[str, ...]]]:
    return {(e.tag, tuple(sorted(e.keys()))) for e in parsed(page).iter()}


# --- one file, one policy --------------------------------------------------------------------------------


def test_the_policy_allows_the_one_style_and_the_one_script() -> None:
    """What the browser hashes is what the policy names; nothing else may run, load, be sent, or be based elsewhere."""
    tree = parsed(render(RUN))
    meta = next(e for e in tree.iter("meta") if e.get("http-equiv") == "Content-Security-Policy")
    script = [e for e in tree.iter("script") if not e.get("type")]
    style = list(tree.iter("style"))

    def named(element: Element) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text(element).encode()).digest()).decode()}'"

    assert len(script) == len(style) == 1
    assert meta.get("content") == (
        f"default-src 'none'; style-src {named(style[0])}; script-src {named(script[0])}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("run", [RUN, HEURISTIC, run_with("word")], ids=["model", "heuristic", "small"])
def test_the_page_needs_nothing_from_elsewhere(run: Run) -> None:
    """No source, no inline handler, no inline style: links to answers and to places on the page, no more."""
    for element in parsed(render(run)).iter():
        names = set(element.keys())
        assert not [name for name in names if name.startswith("on") or name in {"src", "style", "srcset"}]
        href = element.get("href")
        assert href is None or href == "data:," or href.startswith(("#", "../../"))


def test_ids_are_unique_and_links_on_the_page_lead_somewhere() -> None:
    """Every `#place`, label and labelled section names an id that stands there once."""
    tree = parsed(render(RUN))
    ids = [e.get("id") for e in tree.iter() if e.get("id")]

    assert len(ids) == len(set(ids))
    wanted = [e.get("href")[1:] for e in tree.iter("a") if e.get("href", "").startswith("#")]
    wanted += [e.get("for") for e in tree.iter("label")]
    wanted += [e.get("aria-labelledby") for e in tree.iter() if e.get("aria-labelledby")]
    assert set(wanted) <= set(ids)


def test_headings_go_down_one_step_at_a_time_and_tables_have_scopes() -> None:
    """One h1; no level is left out; each heading of a table says what it is the heading of."""
    tree = parsed(render(RUN))
    found = [int(e.tag[1]) for e in tree.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]

    assert found[0] == 1
    assert found.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(found))
    assert all(e.get("scope") in {"row", "col"} for e in tree.iter("th"))
    assert len(list(tree.iter("main"))) == 1


# --- what it says ----------------------------------------------------------------------------------------


def test_it_says_what_the_other_reports_say() -> None:
    """Counts, the honest line, what is missing and where to start stand on the page, in this order."""
    shown = " ".join(text(parsed(render(RUN)).find("body")).split())
    places = [
        shown.index(words)
        for words in (
            "How good your answers are so far, 2026-11-21",
            "Graded by anthropic with claude-sonnet-5-5: a grader's reading, not a person's.",
            "4 of 6 attempts graded; mean of the latest attempts",
            "The weakest answers come first",
            "Best next step",
            "These have no level, so their attempts have no score.",
            "Latest attempt 2026-10-02:",
            "Drafts skipped",
            "How far to trust these figures Coverage:",
            "USD 0.1235 spent",
            "20261121T203000Z-3f2a",
        )
    ]
    assert places == sorted(places)


def test_what_has_no_score_has_no_number() -> None:
    """In the data for the script an attempt without a total is null, never zero."""
    tree = parsed(render(RUN))
    data = json.loads(text(next(e for e in tree.iter("script") if e.get("type") == "application/json")))
    scores = [attempt["score"] for entry in data for attempt in entry["attempts"]]

    assert scores == [result.total for result in summarise(RUN).results]
    assert None in scores
    assert 0 not in scores


# --- evidence --------------------------------------------------------------------------------------------


def test_every_quote_is_highlighted_where_it_stands() -> None:
    """For each criterion, the marked characters are those of its verified quotes, and no others."""
    tree = parsed(render(RUN))
    for number, result in enumerate(summarise(RUN).results, start=1):
        attempt = next(e for e in tree.iter("details") if e.get("id") == f"a{number}")
        boxes = [e for e in attempt.iter("div") if e.get("class") == "text"]
        assert len(boxes) == len(result.case.attempt.parts)
        for part, box in zip(result.case.attempt.parts, boxes, strict=True):
            assert text(box) == visible(unwrapped(part.text))
            for criterion, score in enumerate(result.scores):
                expected = {
                    place
                    for quote in score.evidence
                    if quote.part == part.id
                    for place in range(len(visible(part.text[: quote.start])), len(visible(part.text[: quote.end])))
                }
                assert marked(box, criterion) == expected


def marked(box: Element, criterion: int) -> set[int]:
    """Return the places of the characters that are marked for a criterion."""
    found: set[int] = set()
    place = len(box.text or "")
    for child in box:
        length = len(text(child))
        if child.tag == "mark" and str(criterion) in child.get("data-c").split():
            found.update(range(place, place + length))
        place += length + len(child.tail or "")
    return found


@given(st.text(min_size=1, max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_pieces_are_the_whole_text_in_order(whole: str, spans: list[tuple[int, int]]) -> None:
    """However quotes overlap, the pieces join to the text, and each piece knows exactly its quotes."""
    part = Part(id="answer", text=whole)
    cited = [
        Cited(number, Quote(part="answer", start=start, end=end, text=whole[start:end]))
        for number, (start, end) in enumerate(spans)
    ]
    found = list(pieces(part, cited, ()))

    assert "".join(piece.text for piece in found) == unwrapped(whole)
    for piece in found:
        inside = [n for n, q in cited if stands(q, part) and q.start <= piece.start < q.end]
        assert list(piece.criteria) == sorted(set(inside))


@given(hostile)
def test_flowing_keeps_every_place(whole: str) -> None:
    """Soft breaks become blanks one for one, so that offsets stay true."""
    shown = unwrapped(whole)
    assert len(shown) == len(whole)
    assert all(a == b or (a, b) == ("\n", " ") for a, b in zip(whole, shown, strict=True))


def test_lists_and_paragraphs_keep_their_lines() -> None:
    """Only a break inside a paragraph is a blank."""
    assert unwrapped("one\ntwo\n\nthree\n- four\n1. five\n40 six") == "one two\n\nthree\n- four\n1. five 40 six"


# --- hostile text ----------------------------------------------------------------------------------------


PLAIN = render(run_with("word"))
PLAIN_SHAPE = shape(PLAIN)
KINDS = kinds(PLAIN) | kinds(render(RUN)) | {("mark", ("class", "data-c")), ("span", ("class", "title"))}


@settings(max_examples=examples(30), deadline=None)
@given(words.filter(lambda found: found not in {"b", "c", "heuristic"}))
def test_text_never_becomes_markup(hostile_text: str) -> None:
    """A run with hostile text everywhere builds the same page as one with a plain word, element by element."""
    page = render(run_with(hostile_text))
    assert shape(page) == PLAIN_SHAPE
    assert kinds(page) <= KINDS


@given(hostile)
def test_data_for_the_script_cannot_end_its_element(found: str) -> None:
    """No `<`, `>` or `&` stands in the block, and the value is the same."""
    written = str(embedded({"key": found}))
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"key": found}


def test_what_cannot_be_seen_is_shown() -> None:
    """A bidi override in a title or an answer stands there as its number."""
    page = render(RUN)
    assert "\u202e" not in page
    assert "\x1b" not in page
    assert "{U+202E}" in page
    assert HOSTILE not in page


# --- side by side ----------------------------------------------------------------------------------------


@given(hostile, hostile)
def test_both_sides_are_whole(before: str, after: str) -> None:
    """Nothing is lost between the stretches of either side."""
    found = difference(before, after)
    assert "".join(stretch.text for stretch in found.before) == before
    assert "".join(stretch.text for stretch in found.after) == after


def test_only_the_changed_words_are_marked() -> None:
    """A word that was exchanged is marked on both sides; line breaks are no change."""
    found = difference("We gave up the March date for\nsafety.", "We gave up the April date for safety.")
    assert [s.text for s in found.before if s.changed] == ["March "]
    assert [s.text for s in found.after if s.changed] == ["April "]
    assert (found.kept, found.words) == (7, 8)


def test_texts_that_are_too_long_stand_side_by_side_unmarked() -> None:
    """The comparison is bounded; beyond it both texts are shown as they are."""
    found = difference("word " * (MOST + 1), "other")
    assert not found.compared
    assert not any(stretch.changed for stretch in (*found.before, *found.after))


def test_a_trend_has_a_gap_where_a_score_is_missing() -> None:
    """The line is broken, and the label says so in words."""
    drawn = str(spark([2.0, None, 3.0, 4.0]))
    assert drawn.count("M") == 1
    assert 'aria-label="Scores so far: 2.0, not graded, 3.0, 4.0"' in drawn


def test_a_run_without_attempts_is_a_page() -> None:
    """An empty run has a page that says so with its counts."""
    empty: tuple[Attempt, ...] = ()
    page = render(msgspec.structs.replace(RUN, attempts=empty, grades=()))
    assert "0 of 0 attempts graded" in text(parsed(page))

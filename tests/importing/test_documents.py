"""What stands in a preparation document is found, whatever the document went through."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from evalharness.documents.formats.html import from_html
from evalharness.importing import read
from tests.importing.counting import DOCUMENTS, THINGS, figures

DEVELOPED = ("mission", "culture", "deep-dive")
DISGUISED = sorted(file for form in DEVELOPED for file in DOCUMENTS.glob(f"{form}.*.*"))
# Written when the reader was done. First look: all of questions, answers, tags and sections; none of the 3 follow-ups
# and none of the advice of after-culture ("You could then ask Teodor:"). The reader was mended for these afterwards.
AFTERWARDS = sorted(DOCUMENTS.glob("after-*.*.*"))
LEAST = 0.95


def test_three_forms_in_three_disguises_are_measured() -> None:
    """Nine documents, none forgotten."""
    assert len(DISGUISED) == 9


@pytest.mark.parametrize("document", [*DISGUISED, *AFTERWARDS], ids=lambda file: file.name)
@pytest.mark.parametrize("thing", THINGS)
def test_what_stands_in_a_document_is_found(document: Path, thing: str) -> None:
    """Recall and precision of questions, answers, follow-ups, tags and sections in each disguise."""
    figure = figures(document)[thing]

    assert figure.recall >= LEAST
    assert figure.precision >= LEAST


@pytest.mark.parametrize("form", DEVELOPED)
def test_mis_decoded_text_reads_like_clean_text(form: str) -> None:
    """Repair gives back the same words and the same line numbers."""
    clean, broken = (
        read((DOCUMENTS / f"{form}.{how}.md").read_text(encoding="utf-8")) for how in ("clean", "mojibake")
    )

    assert [q.line for q in broken.questions] == [q.line for q in clean.questions]
    assert "\u00e2\u20ac" not in str(broken)
    assert "\u00f0\u0178" not in str(broken)


@pytest.mark.parametrize("document", DISGUISED, ids=lambda file: file.name)
def test_time_person_and_advice_are_read_around_the_questions(document: Path) -> None:
    """What holds for all answers is found outside of them."""
    expected = json.loads((DOCUMENTS / f"{document.name.split('.')[0]}.json").read_text(encoding="utf-8"))

    found = read(document.read_text(encoding="utf-8"))
    assert list(found.advice) == expected["advice"]
    assert found.time_limit == expected.get("time_limit")
    assert found.interviewer == expected.get("interviewer", "")
    assert found.company == expected.get("company", "")


def test_furniture_is_ignored_with_line_and_reason() -> None:
    """What is left out is told, so that a person can see what was lost."""
    found = read((DOCUMENTS / "mission.web.txt").read_text(encoding="utf-8"))

    told = {(ignored.line, ignored.text, ignored.why) for ignored in found.ignored}
    assert (6, "Sign in", "menu") in told
    assert (90, "Related articles", "related pages") in told
    assert any(why == "cookie note" for _, _, why in told)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "?",
        "Answer:",
        "**",
        "> ",
        "| a |\n|---|",
        "<div><div><p>",
        "1.",
        "Q:",
        "Q: \nA: ",
        "# \n# ",
        "\u00e2\u20ac",
        "Missions touched:",
    ],
)
def test_scraps_are_no_questions_and_no_crash(text: str) -> None:
    """A parser of what people paste never raises."""
    assert read(text).questions == ()


@pytest.mark.parametrize(
    "piece",
    ["<div hidden", '<a href="', "<a href='x>'", "</div", "<!--", "<?", "<!x ", "<p>", "<li><ul>", "&#", "<td>"],
)
def test_a_page_of_tags_that_never_end_takes_no_minute(piece: str) -> None:
    """The parser of pages reads on to the end from each of them; they are text."""
    start = time.process_time()

    from_html("<p>I rang them.</p>" + piece * (40_000 // len(piece)))

    assert time.process_time() - start < 5


def test_a_page_with_a_comment_and_a_sign_in_a_quoted_value_is_read_as_ever() -> None:
    """Only where hundreds never end is anything taken for text."""
    page = "<p title='a > b'>I rang <b>14</b> depots</p><!-- not this --><p>5 < 6 and <i>so on</i></p>"

    assert [re.sub(r"[*_]", "", piece.text) for piece in from_html(page)] == ["I rang 14 depots", "5 < 6 and so on"]

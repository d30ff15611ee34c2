"""A pasted rubric, or a pasted context, is no evidence: the words are not the speaker's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from evalharness.model.nouns import Part
from evalharness.model.rubric_text import texts_of
from evalharness.text import echo
from evalharness.text.quotes import Verifier
from evalharness.text.words import sentences
from tests.simulated_graders import shipped

ANCHORS = (
    "One occasion of the speaker's own with the setting, another person or group in it, and what the speaker did.",
    "The view moves within the answer: what the speaker thought at first, and what the speaker thinks now.",
)
PASTED = Part(
    id="answer",
    text=(
        "It was a long day. One occasion, of the speaker's own with the setting, another person or group in it, and, "
        "what the speaker did. The view moves within the answer: what the sp\u0435aker th\u043eught at first, "
        "\u0430nd what the speaker thinks now. Harbour and rope, and we tied her up before the storm came in."
    ),
)


@pytest.mark.parametrize(
    "quote",
    [
        "another person or group in it, and, what the speaker did. The view moves within the answer",
        "One occasion, of the speaker's own with the setting",
        "what the sp\u0435aker th\u043eught at first, \u0430nd what the speaker thinks now",
        "The view moves within the answer ... what the speaker thinks now",
        "It was a long day. One occasion, of the speaker's own with the setting, another person or group in it",
    ],
)
def test_a_pasted_rubric_is_no_evidence(quote: str) -> None:
    """Across two pasted anchors, with a comma more, with look-alike letters: the words are not the speaker's."""
    assert Verifier(PASTED, ANCHORS).find(quote) == ()


def bent(words: list[str]) -> list[str]:
    return [word.removesuffix("e") + "ing" if len(word) > 4 else word for word in words]


GUISES: dict[str, Callable[[list[str]], list[str]]] = {
    "reversed": lambda words: words[::-1],
    "sorted": lambda words: sorted(words),
    "halves changed": lambda words: words[len(words) // 2 :] + words[: len(words) // 2],
    "every second word first": lambda words: words[::2] + words[1::2],
    "bent": bent,
    "bent and reversed": lambda words: bent(words)[::-1],
    "a word of one's own between": lambda words: [each for word in words for each in (word, "so")],
}


@pytest.mark.parametrize("guise", GUISES)
def test_a_rubric_in_another_order_or_other_forms_is_no_evidence(guise: str) -> None:
    """Every sentence of a shipped rubric, as it would be pasted by somebody who knows the rule of word runs."""
    for texts in {texts_of(case.rubric) for case in shipped()}:
        for sentence in (each.text for anchor in texts for each in sentences(anchor)):
            pasted = " ".join(GUISES[guise](re.findall(r"[\w']+", sentence))) + "."
            if echo.long_words(pasted) >= echo.WINDOW:
                part = Part(id="answer", text=f"It was a long day at the yard. {pasted} We tied her up before noon.")
                assert Verifier(part, texts).find(pasted) == (), pasted


def test_the_words_of_a_rubric_in_a_sentence_of_ones_own_count() -> None:
    """Who is asked for a view that moves may say what moved it."""
    own = Part(
        id="answer",
        text="At first I thought that the foreman should leave, and what moved me was the letter that his crew wrote.",
    )

    assert Verifier(own, ANCHORS).find(own.text)
    assert Verifier(own, ANCHORS).find("At first I thought that the foreman should leave")


JAPANESE = "話し手は自分がしたことと、その結果どうなったかを数字で述べている。"
CHINESE = "说话者说明自己做了什么，以及结果用数字如何变化。"


@pytest.mark.parametrize(
    ("rubric", "pasted", "own"),
    [
        (
            JAPANESE,
            JAPANESE.replace("と、", "と").replace("数字", "、数字"),
            "三月に夜間の出力を止めて、数字を全部見直しました。",
        ),
        (
            CHINESE,
            CHINESE.replace("，", "").replace("结果", "，结果"),
            "三月我停了夜间导出，用数字重新核对了全部结果。",
        ),
    ],
)
def test_a_pasted_rubric_is_known_where_a_script_sets_no_blanks(rubric: str, pasted: str, own: str) -> None:
    """A comma more or less hides no paste, and words that any answer needs are nobody's."""
    part = Part(id="answer", text=f"{own}{pasted}")

    assert Verifier(part, (rubric,)).find(pasted) == ()
    assert Verifier(part, (rubric,)).find(own)


def test_what_stands_beside_a_paste_counts() -> None:
    """Only what is taken over is refused."""
    assert Verifier(PASTED, ANCHORS).find("Harbour and rope, and we tied her up before the storm came in")


CONTEXT = (
    "publishes every month which faults its assistant showed in use",
    "Jorun Abell",
    "how offices take up new tools",
)


def test_a_pasted_context_is_no_evidence_and_a_used_fact_is() -> None:
    """What the question says of company and interviewer proves nothing, unless the speaker makes something of it."""
    pasted = Part(
        id="answer", text="The company publishes every month which faults its assistant showed in use. I like it."
    )
    used = Part(
        id="answer",
        text=(
            "Because Quillon publishes every month which faults its assistant showed in use, I would bring my "
            "drill from the ferry and try it on the three worst of them."
        ),
    )

    assert Verifier(pasted, (), CONTEXT).find("publishes every month which faults its assistant showed") == ()
    assert Verifier(used, (), CONTEXT).find("publishes every month which faults its assistant showed in use")

"""Languages and characters: words are of the right number, and what nobody says or sees is nothing."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import Part
from evalharness.text.language import is_english
from evalharness.text.parts import split_parts
from evalharness.text.quotes import Verifier
from evalharness.text.scripts import plain
from evalharness.text.speech import speech, spoken, spoken_words
from evalharness.text.words import sentences, word_count, words

JAPANESE = (
    "去年の五月、私たちの配車システムが二百十二台のトラックを間違った埠頭に送ってしまいました。私は一時間で直し、"
    "それからすべての倉庫に電話をかけました。ある配車係は、自分が作ってもいない計画について一日中運転手に謝っていたと教えてくれました。"
)
CHINESE = (
    "去年五月，我们的排班程序把二百一十二辆卡车派到了错误的码头。我用了一个小时修好了程序，"
    "然后给每一个仓库打了电话，一共打了十四个电话。"
)
THAI = "ปีที่แล้วโปรแกรมของผมส่งรถบรรทุกไปผิดท่าเรือ ผมแก้ไขภายในหนึ่งชั่วโมงแล้วโทรหาทุกคลังสินค้า"
ENGLISH = "Last year my scheduler sent 212 trucks to the wrong docks. "
ENGLISH += "I think I fixed it in an hour, and then I rang every depot."


@pytest.mark.parametrize(
    ("text", "low", "high"), [(JAPANESE, 14, 30), (CHINESE, 12, 25), (THAI, 6, 14), (ENGLISH, 8, 12)]
)
def test_time_is_of_the_right_size_in_every_script(text: str, low: int, high: int) -> None:
    """A text without blanks is not one word."""
    assert low <= speech(text).seconds <= high


@pytest.mark.parametrize(
    ("text", "count"), [("Tôi đã sửa chương trình trong một giờ", 8), ("मैंने हर डिपो को फ़ोन किया", 6), ("Привет всем", 2)]
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_marks_belong_to_their_word(text: str, count: int, form: Literal["NFC", "NFD"]) -> None:
    """Vowel signs and accents part no word, composed or not."""
    assert word_count(unicodedata.normalize(form, text)) == len(words(unicodedata.normalize(form, text))) == count


@pytest.mark.parametrize("text", [JAPANESE, CHINESE])
def test_a_sentence_that_is_copied_is_evidence(text: str) -> None:
    """Sentences end at their own full stop, and one of them is long enough to be quoted."""
    found = sentences(text)
    verify = Verifier(Part(id="answer", text=text, line=1))

    assert len(found) > 1
    assert all(verify.find(sentence.text) for sentence in found)
    assert not verify.find(text[:4])


@pytest.mark.parametrize("text", [JAPANESE, CHINESE, THAI, "Tôi đã sửa chương trình trong một giờ. " * 5])
def test_another_language_is_known_as_one(text: str) -> None:
    """Zero fillers in it would be no praise: they are not measured."""
    assert not is_english(text)
    assert is_english(ENGLISH * 3)


SILENT = {
    "fenced code": "{}\n\n```python\nprint('um, like, you know 12 times')\n```\n",
    "tildes": "{}\n\n~~~~\num, like, basically, maybe\n~~~~\n",
    "an address": "{} <https://example.com/a/b?q=um,like,basically&n=12>",
    "a bare address": "{} https://example.com/maybe/basically/12-trucks",
    "an image": "{} ![um, like, basically 12 trucks](um/basically.png 'maybe')",
    "a definition": "{}\n\n[a]: https://example.com/maybe/um\n",
    "a comment": "{} <!-- um, maybe 12 trucks -->",
    "a tag": "{} <span title='um, maybe 12 trucks'></span>",
    "a heading": "# Um, maybe 12 trucks\n\n{}",
}


@pytest.mark.parametrize("form", SILENT.values(), ids=SILENT)
def test_what_nobody_says_is_not_spoken(form: str) -> None:
    """Words, time, fillers, hedges and numbers are those of the words alone."""
    bare, dressed = speech(ENGLISH), speech(form.format(ENGLISH))

    names = ("words", "fillers", "hedges", "i", "we")
    assert [getattr(dressed, name) for name in names] == [getattr(bare, name) for name in names]
    assert len(dressed.quantities) == len(bare.quantities)


@given(st.lists(st.sampled_from("\u00ad\u200b\u2060\ufeff\u200d"), min_size=len(ENGLISH), max_size=len(ENGLISH)))
def test_what_nobody_sees_changes_nothing(between: list[str]) -> None:
    """Invisible characters between any two letters, and no-break spaces for blanks: the part is the same."""
    dressed = "".join(c + gap for c, gap in zip(ENGLISH.replace(" ", "\u00a0"), between, strict=True))

    assert split_parts(dressed, 1, ())[0].text == ENGLISH
    assert word_count(dressed.replace("\u00a0", " ")) == word_count(ENGLISH)


@given(st.text(max_size=200))
def test_lines_and_lengths_stay(text: str) -> None:
    """What is spoken keeps its offsets; what is cleaned keeps its lines; no text breaks the count."""
    assert len(spoken(text)) == len(text)
    assert plain(text).count("\n") == text.count("\n")
    assert spoken_words(text) <= len(text)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("Em 2019 trabalhei com a minha equipe e reduzimos as falhas de 4% para 1% em tr\u00eas meses.", False),
        (
            "F\u00f6rra \u00e5ret var jag inte \u00f6verens med min kollega om lanseringen, s\u00e5 jag v\u00e4ntade.",
            False,
        ),
        ("El a\u00f1o pasado discut\u00ed con mi jefe sobre el plazo y al final lo cambiamos.", False),
        (
            "Tahun lalu saya tidak setuju dengan rekan saya tentang peluncuran karena transfer gagal dua kali, "
            "dan kami menemukan pemeriksaan yang hilang.",
            False,
        ),
        ("Sent 212 trucks to wrong docks. Rang each depot, fixed scheduler, cut errors 40 percent.", True),
        ("Caf\u00e9 Ren\u00e9, my first job: I ran the till alone on Sundays, and I liked it.", True),
        ("Das war gut.", True),
        (
            "A big one, I think. Readers in small towns often ask for maps of their own streets. For example, at the "
            "library of Larne we saw how one single catalogue for all branches ended up hiding local papers. I like "
            "how your archive asks each branch first.",
            True,
        ),
    ],
)
def test_a_short_answer_is_foreign_only_where_it_shows(text: str, english: bool) -> None:
    """A low score for an answer that nobody can read would be a lie; three words say nothing."""
    assert is_english(text) is english

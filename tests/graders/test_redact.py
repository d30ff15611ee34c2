"""Names that must not leave do not leave, however they are written, and come back as they stand in the answer."""

from __future__ import annotations

import time
import unicodedata
from typing import Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evalharness.graders.prompting.redact import LONG_NAME, Redaction
from evalharness.text.letters import letters

SEPARATORS = (" ", "  ", "\n", "\r\n", "\t", "\u00a0", "\u202f", "\u3000", "\u2028", "-", "\u2011", "\u2013", "_", ". ")
MARKED_SEPARATORS = (
    "\n> ",
    "** ",
    "&nbsp;",
    "&#160;",
    "%20",
    "<br>",
    " \u200b",
    ".",
    " | ",
    "](https://x.example/a) ",
    "]] [[",
    "[^1] ",
    "][1] ",
    " <!-- x -->",
    " (",
    " \u201c",
    "\ufffd",
    "== ==",
    "+",
    "\u2022",
)
Form = Literal["NFC", "NFD", "NFKC", "NFKD"]
FORMS: tuple[Form, ...] = ("NFC", "NFD", "NFKC", "NFKD")
FIRST = (
    "Imre",
    "José",
    "Strauß",
    "İpek",
    "Łucja",
    "Nguyễn",
    "Ольга",
    "Ζωή",
    "मीरा",
    "رشيد",
    "O’Brien",
    "Ilka",
    "Griffin",
)
LAST = ("Talvik", "Muñoz", "Größ", "Yıldız", "Żak", "Văn", "Ёлкина", "Παππάς", "शर्मा", "منصور", "Smith-Jones")
ALONE = ("田中", "김철수", "สมชาย", "たなか", "ジョン", "မောင်")
AROUND = ("", " ", ", ", "(", ")", '"', "\u201c", "\n", ".", "*", "_", ":", "/", "'s ", "\u2014")
UNSEEN = ("", "\u00ad", "\u200b", "\u2060", "\u200d", "\ufe0f")


def cases(name: str) -> tuple[str, ...]:
    return (name, name.upper(), name.lower(), name.title(), name.casefold())


@st.composite
def spelled(draw: st.DrawFn) -> tuple[str, str]:
    """Return a name as it is configured, and the same name as somebody wrote it."""
    if draw(st.booleans()):
        words: list[str] = [draw(st.sampled_from(FIRST)), draw(st.sampled_from(LAST))]
    else:
        words = [draw(st.sampled_from(FIRST + LAST + ALONE))]
    form = draw(st.sampled_from(FORMS))
    number = draw(st.integers(0, 4))
    shown = [unicodedata.normalize(form, cases(word)[number]) for word in words]
    written = draw(st.sampled_from(SEPARATORS + MARKED_SEPARATORS)).join(shown)
    place = draw(st.integers(1, max(1, len(shown[0]) - 1)))
    if not unicodedata.combining(written[place : place + 1] or "x"):
        written = written[:place] + draw(st.sampled_from(UNSEEN)) + written[place:]
    return unicodedata.normalize(draw(st.sampled_from(FORMS)), " ".join(words)), written


@given(spelled(), st.sampled_from(AROUND), st.sampled_from(AROUND), st.text(max_size=30), st.text(max_size=30))
@example(("Imre Talvik", "Imre\nTalvik"), " ", " ", "Last year", "and I")
@example(("Intel", "ıntel"), " ", " ", "with", "there")
@example(("Imre", "Imre"), "", "", "", "\u08ca")
def test_no_spelling_of_a_name_leaves(spelling: tuple[str, str], before: str, after: str, head: str, tail: str) -> None:
    """Whatever blanks, case, Unicode form or unseen characters: nothing of the name stands in what is sent."""
    name, written = spelling
    redaction = Redaction([(name, "PERSON-1")])
    hidden = redaction.hide(f"{head} {before}{written}{after} {tail}")

    assert "PERSON-1" in hidden
    assert not redaction.left_in({"messages": [{"role": "user", "content": [{"type": "text", "text": hidden}]}]})
    squeezed = "".join(letter.text for letter in letters(hidden))
    elsewhere = "".join(letter.text for letter in letters(f"{head} {tail}"))
    wanted = "".join(letter.text for letter in letters(name))
    assert wanted not in squeezed or wanted in elsewhere


@given(spelled(), st.sampled_from((". ", ", ", "\n\n", " ")))
def test_a_quotation_comes_back_as_it_stands_in_the_answer(spelling: tuple[str, str], gap: str) -> None:
    """Its line ends, blanks and letters included, so that it is found there again."""
    name, written = spelling
    answer = f"Last year{gap}I and \u201c{written}\u201d sent  212 trucks\nto the wrong docks."
    redaction = Redaction([(name, "PERSON-1")])
    sent = redaction.hide(answer)
    begin = sent.index("I and")
    quote = " ".join(sent[begin : sent.index("docks")].split())

    assert redaction.show(quote, [answer]) in answer
    assert written in redaction.show(quote, [answer])


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=8), max_size=4))
@example("ıntel", ["Intel"])
@example("\u0345", ["\u0345"])
@example("i\u0307", ["İ"])
def test_no_text_ends_it(text: str, names: list[str]) -> None:
    """Any characters in text and names: a text comes out, and a stretch that is no name stays as it is."""
    redaction = Redaction([(name, f"X-{number}") for number, name in enumerate(names)])
    hidden = redaction.hide(text)
    redaction.show(hidden, [text])

    if not any(f"X-{number}" in hidden for number in range(len(names))):
        assert hidden == text


@pytest.mark.parametrize(
    ("name", "text", "sent"),
    [
        ("محمد", "ومحمد قال لمحمد", "وPERSON-1 قال لPERSON-1"),
        ("محمد", "مُحَمَّد والمحمد", "PERSON-1 والPERSON-1"),
        ("דוד", "לדוד ושדוד", "לPERSON-1 ושPERSON-1"),
        ("Acme Corp", "TeamAcmeCorp, AcmeCorpAPI, acme_corp_v2", "TeamPERSON-1, PERSON-1API, PERSON-1_v2"),
        (
            "Bo Li",
            "@boli, boli@x.example, #boli, bo.li@x.example",
            "@PERSON-1, PERSON-1@x.example, #PERSON-1, PERSON-1@x.example",
        ),
        (
            "Imre Talvik",
            "imretalvikcv.pdf, ximretalvik, \u026a\u1d0d\u0280\u1d07 \u1d1b\u1d00\u029f\u1d20\u026a\u1d0b",
            "PERSON-1cv.pdf, xPERSON-1, PERSON-1",
        ),
        ("Jean-Luc", "Jean\u2212Luc, jean\u2013luc.md", "PERSON-1, PERSON-1.md"),
        ("田中", "私は田\n中に、田 中と", "私はPERSON-1に、PERSON-1と"),
        ("김민수", "김 민수가", "PERSON-1가"),
        ("O’Brien", "OBrien, O Brien", "PERSON-1, PERSON-1"),
        ("J. R. Smith", "JR Smith, J.R.Smith", "PERSON-1, PERSON-1"),
        ("C3PO", "C-3PO", "PERSON-1"),
        ("Imre Talvik", '<a title="Imre Talvik">he</a>', '<a title="PERSON-1">he</a>'),
        ("Imre Talvik", "[Imre](https://x.example/a) Talvik", "[PERSON-1"),
        ("Imre Talvik", "I m r e  T a l v i k, T.A.L.V.I.K", "PERSON-1, T.A.L.V.I.K"),
        ("Imre Talvik", "Imre Tal\u00ad\nvik", "PERSON-1"),
        (
            "Imre Talvik",
            "\U0001f158\U0001f15c\U0001f161\U0001f154 \U0001f1f9\U0001f1e6\U0001f1f1\U0001f1fb\U0001f1ee\U0001f1f0",
            "PERSON-1",
        ),
        ("Strauß", "Strau\u03b2", "PERSON-1"),
        ("Đorđe", "Djordje", "PERSON-1"),
        ("José", "Jos\u00c3\u00a9", "PERSON-1"),
        ("Studio 54 Club", "Studio [2] 54 Club, Studio 54\u00b9 Club", "PERSON-1, PERSON-1"),
        ("J. R. Smith", "J.\u00b9 R. Smith, J. R.\u00b2 Smith", "PERSON-1, PERSON-1"),
        ("Acme Corp", "Acme\u2122 Corp, Acme&reg; Corp", "PERSON-1, PERSON-1"),
        ("田中 太郎", "私は田中[1]太郎です", "私はPERSON-1です"),
    ],
)
def test_a_name_is_found_behind_the_words_that_are_written_joined_to_it(name: str, text: str, sent: str) -> None:
    """Arabic and Hebrew join "and" or "to" to the next word, with vowel points or without; a capital begins a word."""
    assert Redaction([(name, "PERSON-1")]).hide(text) == sent


PLAIN = str.maketrans("łŁøØđĐıİ", "lLoOdDiI")
LOOKS = str.maketrans(
    "aceiopxyABCEHIKMOPTXNZ",
    "\u0430\u0441\u0435\u0456\u043e\u0440\u0445\u0443\u0391\u0392\u0421\u0415\u0397\u0406\u039a\u041c\u039f\u0420\u03a4"
    "\u03a7\u039d\u0396",
)
LATIN = st.text("abceilnoprstuvxyzáéíóúñçłøđ", min_size=3, max_size=7).map(str.capitalize)


def without_accents(name: str) -> str:
    apart = unicodedata.normalize("NFD", name)
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(PLAIN)


@st.composite
def respelled(draw: st.DrawFn) -> tuple[str, str]:
    """Return a generated name, and the same name as another person types it, or so that a search does not find it."""
    name = " ".join(draw(st.lists(LATIN, min_size=1, max_size=3)))
    written = draw(st.sampled_from([name, without_accents(name), unicodedata.normalize("NFD", name)]))
    at = draw(st.integers(0, len(written) - 1))
    many = draw(st.booleans())
    look = (written if many else written[at : at + 1]).translate(LOOKS)
    written = look if many else written[:at] + look + written[at + 1 :]
    return name, written.replace(" ", draw(st.sampled_from(["", " ", "  ", "\n", "-", "_", "\u00a0", ".", "&nbsp;"])))


RAISED = str.maketrans("0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")
SIGNS = "&;\u2020\u2021\u00a7\u00b6*#@%+\u00ae\u00a9\u2122\u2192\u2022\u2660\u20ac\U0001f642"
INSERTED = st.text("abcdefghij 0123456789", min_size=1, max_size=25).filter(str.strip)


@st.composite
def marks(draw: st.DrawFn) -> str:
    """Return what footnotes, trade marks and lost superscripts leave between two words, each in any of its forms."""
    number = str(draw(st.integers(0, 999)))
    sign = draw(st.sampled_from(SIGNS))
    plain = (f"[{number}]", f"({number})", f"({number}b)", number, sign, f"({sign})", f"{sign}{number}", "(iv)")
    raised = (number.translate(RAISED), f"<sup>{number}</sup>", f"&sup{int(number) % 3 + 1};", "&dagger;", "&amp;")
    more = (f"[{draw(INSERTED)}]", f"[{number}][{number}]", f"\u3010{number}\u3011")
    forms = (*plain, *raised, *more)
    blanks = st.sampled_from(["", " ", "\u00a0", "\n", "  ", "*"])
    return f"{draw(blanks)}{draw(st.sampled_from(forms))}{draw(blanks)}"


@given(st.lists(LATIN, min_size=2, max_size=3), st.lists(marks(), min_size=2, max_size=2), st.sampled_from(AROUND))
@example(["Maria", "Keller"], [" [3] ", ""], " ")
@example(["Maria", "Keller"], [" (2) ", ""], " ")
@example(["Acme", "Corp"], ["\u00b9 ", ""], "'s ")
@example(["Acme", "Corp"], [" & ", ""], " ")
def test_no_name_leaves_with_marks_between_its_words(words: list[str], between: list[str], around: str) -> None:
    """A footnote, a number, a sign: the words of the name still stand in a row."""
    redaction = Redaction([(" ".join(words), "[X]")])
    written = "".join(f"{word}{mark}" for word, mark in zip(words, [*between[: len(words) - 1], ""], strict=True))
    hidden = redaction.hide(f"Last year {around}{written}{around} and I")

    assert hidden == f"Last year {around}[X]{around} and I"
    assert redaction.show("[X]", [written]) == written


LONG_WORD = LATIN.filter(lambda word: len(letters(word)) > 3)


@given(
    LONG_WORD,
    LONG_WORD,
    marks().map(str.strip).filter(lambda mark: mark.strip("*^~'\"()[] ")),  # emphasis and quotation are nobody's words
    st.sampled_from([".{} ", ". {} ", "! {} ", "? ", "\n\n{} ", ", {} ", ":{} "]),
)
@example("Maria", "Keller", "[3]", ".{} ")
def test_no_mark_joins_what_a_sentence_parts(first: str, last: str, mark: str, end: str) -> None:
    """What ends a sentence or a paragraph, and a comma, parts two names, whatever stands beside it."""
    text = f"I asked {first}{end.format(mark)}{last} came."
    assert Redaction([(f"{first} {last}", "[X]")]).hide(text) == text


@given(respelled(), st.sampled_from(AROUND), st.sampled_from(AROUND))
@example(("José", "Jose"), " ", " ")
@example(("Jose", "José"), " ", " ")
@example(("Acme Corp", "AcmeCorp"), "@", "'s ")
@example(("AcmeCorp", "Acme Corp"), " ", " ")
@example(("Bo Li", "BoLi"), " ", " ")
@example(("Imre Talvik", "imretalvik"), "@", " ")
@example(("Müller", "Mueller"), " ", " ")
@example(("Łucja Ørsted", "Lucja Oersted"), " ", " ")
@example(("Нина", "Hинa"), " ", " ")
@example(("Νίκος", "ΝΙΚΟΣ"), " ", " ")
@example(("Νίκος", "Nίκος"), " ", " ")
@example(("Heidi", "\u0397eidi"), " ", " ")
def test_no_respelling_of_a_generated_name_leaves(spelling: tuple[str, str], before: str, after: str) -> None:
    """Accents left out, blanks left out, letters of another script that look the same: it is still this name."""
    name, written = spelling
    redaction = Redaction([(name, "[X]")])
    text = f"Last year {before}{written}{after} and I"

    assert redaction.hide(text) == f"Last year {before}[X]{after} and I"
    assert redaction.left_in({"messages": [{"content": text}]}) == "[X]"


HANDLES = (
    "@{}", "@{}_", "{}@x.example", "{}99@x.example", "mailto:{}@x.example", "https://x.example/in/{}-4a", "?by={}&a=1",
    "#{}", "{}_cv.pdf", "/home/{}/notes.md", "{}(at)x.example", "C:\\\\{}\\\\a", "%40{}",
    "{}%40x.example", "&#64;{}", "<{}@x.example>",
)  # fmt: skip
GLUED = ("{}cv.pdf", "x{}", "x{}cv")


@given(
    st.lists(LATIN, min_size=2, max_size=3),
    st.sampled_from((*HANDLES, *GLUED)),
    st.sampled_from(["", ".", "_", "-", "+", "%20", "%2E", "%2B"]),
    st.booleans(),
)
@example(["Anna", "Schmidt"], "{}cv.pdf", "", False)
def test_no_name_leaves_in_an_address_a_handle_or_a_file_name(
    words: list[str], handle: str, between: str, capitals: bool
) -> None:
    """All words of a name, joined or with what addresses have between them, from eight letters on within a word too."""
    joined = between.join(words if capitals else map(str.lower, words))
    is_long = sum(len(letters(word)) for word in words) >= LONG_NAME
    is_handle = handle.startswith(("@", "#", "%40", "&#64;")) or "{}@" in handle or "{}%40" in handle
    text = f"Write to {handle.format(joined)} on Monday."

    if (is_long and not between) or (handle not in GLUED and (is_long or between or is_handle)):
        assert "[X]" in Redaction([(" ".join(words), "[X]")]).hide(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("علي", "تعليم"),
        ("Al", "also the animal came, and Alan"),
        ("Intel", "intelligence"),
        ("Imre Talvik", "Imre, Talvik said; Talvik Imre"),
        ("가", "강 간 갇"),
        ("R2", "R25"),
        ("C++", "C and C#"),
        ("Bo Li", "boli, bolivia, a@bolivia"),
        ("The Agency", "bathe agency"),
        ("田中", "「本田」中古"),
        ("Maria Keller", "Maria (and) Keller, Maria 3rd Keller, Maria [3] Kellerei, Anamaria [3] Keller"),
        ("Studio 54 Club", "Studio Club, Studio [3] Club"),
    ],
)
def test_another_word_is_no_name(name: str, text: str) -> None:
    """What only holds the letters of a name is sent as it is."""
    assert Redaction([(name, "PERSON-1")]).hide(text) == text


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"messages": [{"role": "user", "content": "with Imre  Talvik"}]}, "PERSON-1"),
        ({"system": [{"type": "text", "text": "Imre\nTalvik"}], "messages": []}, "PERSON-1"),
        ({"requests": [{"params": {"messages": [{"content": [{"text": "IMRE TALVIK"}]}]}}]}, "PERSON-1"),
        ({"model": "imre-talvik", "messages": []}, ""),
        ({"system": "Imre Talvik is our own word", "messages": []}, ""),
    ],
)
def test_the_request_itself_is_searched(where: dict[str, Any], found: str) -> None:
    """Every text that a model would read, wherever it stands; the program's own words and its model's name aside."""
    own = ("Imre Talvik is our own word",)
    assert Redaction([("Imre Talvik", "PERSON-1")]).left_in(where, own) == found


def test_looking_for_names_takes_time_that_grows_no_faster_than_the_text() -> None:
    """A text of nothing but beginnings of names is no reason to wait."""
    redaction = Redaction([("aaaa aaaa", "X"), ("a" * 30, "Y")])

    def seconds(text: str) -> float:
        start = time.process_time()
        redaction.hide(text)
        return time.process_time() - start

    for text in ("a", "a ", "<b", "&a", "%4", "a-\n", "aaaa [", "aaaa 1 "):
        assert seconds(text * 8_000) < 20 * seconds(text * 800) + 0.5

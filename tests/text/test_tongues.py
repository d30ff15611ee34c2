"""What is counted by words is counted in seven languages; each paragraph here was counted by hand."""

from __future__ import annotations

import pytest

from evalharness.model.nouns import Part, Question
from evalharness.text import clocked, language, speech
from evalharness.text import words as prose

# language: (paragraph, sentences, fillers, hedges, numbers)
COUNTED: dict[str, tuple[str, int, list[str], list[str], list[str]]] = {
    "en": (
        "Um, we had three servers and the queue was full. I think it was probably the cache, you know, and not the "
        "network. So I moved 40% of the jobs, and that was enough for the week.",
        3, ["Um", "you know"], ["I think", "probably"], ["three servers", "40%"],
    ),
    "de": (
        "\u00c4hm, wir hatten drei Server und die Warteschlange war voll. Ich glaube, es war vielleicht der Cache und nicht das "
        "Netz. Also, ich habe 40 % der Jobs verschoben, und das war genug f\u00fcr die Woche.",
        3, ["\u00c4hm", "Also"], ["Ich glaube", "vielleicht"], ["drei", "40"],
    ),
    "es": (
        "Eh, ten\u00edamos tres servidores y la cola estaba llena. Creo que fue la memoria y no la red, o sea, nadie la hab\u00eda "
        "mirado. Quiz\u00e1 bastaba con mover el 40 % de los trabajos, y con eso fue suficiente.",
        3, ["Eh", "o sea"], ["Creo que", "Quiz\u00e1"], ["tres", "40"],
    ),
    "fr": (
        "Euh, nous avions trois serveurs et la file \u00e9tait pleine. Je pense que le cache est en cause et pas le r\u00e9seau. "
        "Du coup, nous avons d\u00e9plac\u00e9 40 % des travaux, et c'est peut-\u00eatre ce qui nous a sauv\u00e9s.",
        3, ["Euh", "Du coup"], ["Je pense", "peut-\u00eatre"], ["trois", "40"],
    ),
    "pt": (
        "Hum, n\u00f3s t\u00ednhamos tr\u00eas servidores e a fila estava cheia. Acho que foi o cache e n\u00e3o a rede, quer dizer, ningu\u00e9m "
        "olhou. Talvez bastasse mover 40 % dos trabalhos, e com isso a semana foi mais calma.",
        3, ["Hum", "quer dizer"], ["Acho que", "Talvez"], ["tr\u00eas", "40"],
    ),
    "zh": (
        "\u55ef\uff0c\u6211\u4eec\u5f53\u65f6\u6709\u5341\u4e8c\u53f0\u670d\u52a1\u5668\uff0c\u961f\u5217\u5df2\u7ecf\u6ee1\u4e86\u3002\u6211\u89c9\u5f97\u53ef\u80fd\u662f\u7f13\u5b58\u7684\u95ee\u9898\u3002\u6211\u628a40%\u7684\u4efb\u52a1\u79fb\u8d70\u4e86\u3002",
        3, ["\u55ef"], ["\u6211\u89c9\u5f97", "\u53ef\u80fd"], ["\u5341\u4e8c", "40"],
    ),
    "ja": (
        "\u3048\u3048\u3068\u3001\u5f53\u6642\u306f\u30b5\u30fc\u30d0\u30fc\u304c\u5341\u4e8c\u53f0\u3042\u308a\u307e\u3057\u305f\u3002\u305f\u3076\u3093\u30ad\u30e3\u30c3\u30b7\u30e5\u304c\u539f\u56e0\u3060\u3068\u601d\u3044\u307e\u3059\u3002\u305d\u308c\u306740%\u306e\u51e6\u7406\u3092\u79fb\u3057\u307e\u3057\u305f\u3002",
        3, ["\u3048\u3048\u3068"], ["\u305f\u3076\u3093", "\u3068\u601d\u3044\u307e\u3059"], ["\u5341\u4e8c", "40"],
    ),
}  # fmt: skip
# The words of these paragraphs; characters in Chinese and Japanese, where a figure is one.
LENGTHS = {"en": 37, "de": 35, "es": 38, "fr": 38, "pt": 37, "zh": 38, "ja": 49}
ITALIAN = (
    "Allora, avevamo tre server e la coda era piena. Penso che fosse la cache, cio\u00e8 nessuno aveva guardato bene. Quindi ho "
    "spostato il quaranta per cento dei lavori, e questo \u00e8 bastato per tutta la settimana."
)


@pytest.mark.parametrize("code", COUNTED)
def test_a_paragraph_is_counted_as_a_person_counts_it(code: str) -> None:
    """Words, sentences, fillers, hedges and numbers are those that a reader of the language finds."""
    text, sentences, fillers, hedges, numbers = COUNTED[code]

    assert language.of(text) == code
    assert len(prose.words(text)) == LENGTHS[code]
    assert len(prose.sentences(text)) == sentences
    assert [found.text for found in speech.fillers(text)] == fillers
    assert [found.text for found in speech.hedges(text)] == hedges
    assert [found.text for found in speech.numbers(text)] == numbers


def test_a_language_without_lists_is_not_measured() -> None:
    """Zero fillers would be praise that nobody earned."""
    assert language.of(ITALIAN) == language.OTHER
    assert not speech.is_counted("fillers", ITALIAN)
    assert not speech.is_counted("restarts", COUNTED["ja"][0])
    assert not speech.is_counted("first_person", COUNTED["es"][0])


def test_the_language_of_the_question_decides() -> None:
    """A short answer says too little to be detected: what the question states holds."""
    question = Question(id="q", text="?", rubric="r", language="de")

    assert speech.measure("fillers", "\u00c4hm, nein.", question) == 50.0


@pytest.mark.parametrize(("text", "found"), [("and, and we left", ["and, and"]), ("we had we had two", ["we had we had"]), ("it was very very late", []), ("the serv- the server", ["serv-"])])  # fmt: skip
def test_restarts_are_words_said_again_at_once(text: str, found: list[str]) -> None:
    """A word doubled for emphasis is no restart; a word broken off is."""
    assert [each.text for each in speech.restarts(text, "en")] == found


YEARS = {
    "es": "En 2019 empezamos y desde 2020 la cola estaba llena, pero yo no lo sab\u00eda en el a\u00f1o 2000.",
    "de": "Im Jahr 2019 war die Warteschlange voll, und 2021 haben wir das nicht mehr gesehen, seit 2000 auch nicht.",
    "fr": "En 2020 nous avions une file pleine, et en 2021 je ne l'avais pas vue dans le bureau, depuis 2000 pas.",
    "pt": "Em 2018 a fila estava cheia e n\u00f3s n\u00e3o sab\u00edamos, mas foi em 2021 que eu vi isso no ano 2000.",
    "zh": "\u6211\u57282019\u5e74\u5f00\u59cb\uff0c2000\u5e74\u8fd8\u6ca1\u6709\u3002",
}
FIGURES = {
    "es": "M\u00e1s de 2000 clientes, 1.950 casos y 2019 euros; en 2021 el 40 % de los trabajos no fue posible.",
    "de": "Wir haben 2000 Kunden, 1.950 F\u00e4lle und 2019 \u20ac; im Jahr 2021 waren das 40 % der Kosten.",
    "fr": "Nous avons 2000 clients, 1950,5 cas et 2019 euros; en 2021 c'est 40 % des travaux dans la file.",
    "pt": "Mais de 2000 clientes, 1.950 casos e 2019 reais; em 2021 foi 40 % do trabalho que n\u00e3o estava feito.",
}


@pytest.mark.parametrize("code", YEARS)
def test_a_year_is_no_number(code: str) -> None:
    """It tells when something was, and nothing of what came out, in every language as in English."""
    part = Part(id="answer", text=YEARS[code], line=1)

    assert speech.numbers(YEARS[code], code) == ()
    assert speech.measure("quantities", part, Question(id="q", text="?", rubric="r", language=code)) == 0
    assert clocked.first_result(part, code) is None


@pytest.mark.parametrize("code", FIGURES)
def test_a_number_that_could_be_a_year_counts_where_it_is_an_amount(code: str) -> None:
    """A round one, one that is written in groups, and one with a sign behind it."""
    assert len(speech.numbers(FIGURES[code], code)) == 4


def test_the_first_i_is_found_where_the_language_has_a_word_for_it() -> None:
    """German says ich; Spanish leaves it to the verb, and of Italian nothing is known."""
    timing = None
    german, spanish = (Part(id="answer", text=COUNTED[code][0], line=1) for code in ("de", "es"))
    italian = Part(id="answer", text=ITALIAN, line=1)

    assert clocked.time_to_i(german, timing).how is clocked.How.ESTIMATED
    for part in (spanish, italian):
        assert clocked.time_to_i(part, timing).why == "'I' is not counted in this language"
    assert clocked.time_to_result(italian, timing).why == "numbers are not known in this language"


def test_a_language_that_is_stated_is_believed() -> None:
    """A short answer may look like any; where no lists are known of the language, nothing is counted."""
    assert [found.text for found in speech.fillers("Um, yes.", "en")] == ["Um"]
    assert speech.fillers("Um, yes.", "de") == ()
    assert speech.fillers("Um, yes.", "it") == ()
    assert not speech.is_counted("fillers", "Um, yes.", "it")

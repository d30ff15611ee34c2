"""What is counted by words, language by language: fillers, hedges, I and we, numbers, words that are said twice on purpose.

English has lists of its own in `speech`, with the turns of phrase around each.  A language that is in none of these is
not measured.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from evalharness.text.patterns import Lazy


class Tongue(NamedTuple):
    """The words of one language.  Without `i` and `we` it leaves them to the verb, and their share is not measured."""

    fillers: tuple[str, ...]
    hedges: tuple[str, ...]
    numbers: str
    i: str = ""
    we: str = ""
    doubles: str = ""
    years: str = ""
    blanks: bool = True

    def find(self, phrases: tuple[str, ...]) -> Lazy:
        """Return the rule that finds `phrases`: as whole words, where the script sets blanks."""
        options = "|".join(sorted(phrases, key=len, reverse=True))
        return Lazy(rf"(?<![\w'-])(?:{options})(?![\w'-])" if self.blanks else f"(?:{options})", re.IGNORECASE)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in text.split(";"))


TONGUES: Final = {
    "de": Tongue(
        _listed(
            "\u00e4hm?;\u00f6hm?;hm+;also(?=,);halt;quasi;sozusagen;irgendwie;im Prinzip;eigentlich;ehrlich gesagt;"
            "wei\u00dft du;sag ich mal;ne(?=\\?);genau(?=,);und so weiter und so fort;keine Ahnung"
        ),
        _listed(
            "vielleicht;wahrscheinlich;m\u00f6glicherweise;vermutlich;ich glaube;ich denke;ich w\u00fcrde sagen;ein bisschen;"
            "eventuell;hoffentlich;mehr oder weniger;ich bin (?:mir )?nicht sicher;so \u00e4hnlich"
        ),
        "zwei;drei;vier;f\u00fcnf;sechs;sieben;acht;neun;zehn;elf;zw\u00f6lf;zwanzig;drei\u00dfig;vierzig;f\u00fcnfzig;sechzig;siebzig;"
        "achtzig;neunzig;hundert;tausend;Million(?:en)?;Milliarden?;Dutzend;H\u00e4lfte",
        i="ich;mich;mir;mein(?:e[mnrs]?)?",
        we="wir;uns;unser(?:e[mnrs]?)?",
        doubles="die der das sehr ganz viel sie",
        years="Jahre?s?;seit;anno",
    ),
    "es": Tongue(
        _listed(
            "eh+;em+;este(?=,);o sea;pues(?=,);bueno(?=,);digamos;a ver(?=,);\u00bfsabes\\?;\u00bfno\\?;como que;en plan;b\u00e1sicamente;"
            "la verdad es que;y todo eso;literalmente"
        ),
        _listed(
            "quiz\u00e1s?;tal vez;a lo mejor;probablemente;posiblemente;creo que;pienso que;supongo que;m\u00e1s o menos;un poco;"
            "dir\u00eda que;no estoy segur[oa];me parece que"
        ),
        "dos;tres;cuatro;cinco;seis;siete;ocho;nueve;diez;once;doce;quince;veinte;treinta;cuarenta;cincuenta;sesenta;"
        "setenta;ochenta;noventa;cien(?:to)?;mil;mill\u00f3n(?:es)?;docena;mitad",
        doubles="muy nos s\u00ed no",
        years="en;desde;a\u00f1o",
    ),
    "fr": Tongue(
        _listed(
            "euh+;heu;hum+;ben;bah;bon(?=,);du coup;en fait;genre(?=,);quoi(?=[,.]);voil\u00e0(?=,);tu vois;vous voyez;disons;"
            "on va dire;enfin(?=,);hein;et tout \u00e7a;franchement"
        ),
        _listed(
            "peut-\u00eatre;probablement;sans doute;je pense;je crois;je suppose;il me semble;un peu;plus ou moins;"
            "je dirais;je ne suis pas s\u00fbre?;\u00e9ventuellement;une sorte de"
        ),
        "deux;trois;quatre;cinq;six;sept;huit;neuf;dix;onze;douze;quinze;vingt;trente;quarante;cinquante;soixante;cent;"
        "mille;millions?;milliards?;douzaine;moiti\u00e9",
        i="je;me;moi;mon;ma;mes",
        we="nous;notre;nos",
        doubles="nous vous tr\u00e8s",
        years="en;depuis;l'an;ann\u00e9e;d\u00e8s",
    ),
    "pt": Tongue(
        _listed(
            "\u00e9+ (?=,);hum+;ahn?;n\u00e9;tipo(?=,);ent\u00e3o(?=,);bom(?=,);quer dizer;sabe(?=[,?]);assim(?=,);digamos;basicamente;"
            "na verdade;e tal;literalmente"
        ),
        _listed(
            "talvez;provavelmente;possivelmente;acho que;creio que;penso que;suponho que;mais ou menos;um pouco;diria que;"
            "n\u00e3o tenho certeza;quem sabe"
        ),
        "dois;duas;tr\u00eas;quatro;cinco;seis;sete;oito;nove;dez;onze;doze;quinze;vinte;trinta;quarenta;cinquenta;sessenta;"
        "setenta;oitenta;noventa;cem;cento;mil;milh(?:\u00e3o|\u00f5es);d\u00fazia;metade",
        doubles="muito n\u00e3o sim",
        years="em;desde;ano",
    ),
    "zh": Tongue(
        _listed(
            "\u55ef+;\u5443+;\u90a3\u4e2a(?=[\uff0c,]);\u8fd9\u4e2a(?=[\uff0c,]);\u5c31\u662f\u8bf4;\u7136\u540e\u5462;\u6015\u662f\u8bf4;\u5bf9\u5427;\u4f60\u77e5\u9053\u5417;\u5c31\u662f(?=[\uff0c,])"
        ),
        _listed(
            "\u53ef\u80fd;\u4e5f\u8bb8;\u5927\u6982;\u6216\u8bb8;\u6211\u89c9\u5f97;\u6211\u60f3;\u5e94\u8be5\u662f;\u5dee\u4e0d\u591a;\u6709\u70b9;\u4e0d\u592a\u786e\u5b9a;\u597d\u50cf"
        ),
        "[\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u5343\u4e07\u4ebf\u4e24\u96f6\u4e00]{2,};[\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u4e24]",
        i="\u6211(?!\u4eec)",
        we="\u6211\u4eec",
        blanks=False,
    ),
    "ja": Tongue(
        _listed(
            "\u3048\u30fc?\u3063?\u3068;\u3048\u3048\u3068;\u3042\u306e\u30fc?(?=[\u3001,]);\u307e\u3042(?=[\u3001,]);\u306a\u3093\u304b;\u3061\u3087\u3063\u3068(?=[\u3001,]);\u305d\u306e\u30fc(?=[\u3001,]);\u3046\u30fc\u3093;\u306a\u3093\u3066\u3044\u3046\u304b;\u3084\u3063\u3071\u308a(?=[\u3001,])"
        ),
        _listed(
            "\u305f\u3076\u3093;\u304a\u305d\u3089\u304f;\u304b\u3082\u3057\u308c\u307e\u305b\u3093;\u304b\u3082\u3057\u308c\u306a\u3044;\u3068\u601d\u3044\u307e\u3059;\u6c17\u304c\u3057\u307e\u3059;\u3067\u3057\u3087\u3046;\u307f\u305f\u3044\u306a;\u5c11\u3057"
        ),
        "[\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u5343\u4e07\u5104\u4e00]{2,};[\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341](?=[\u4eba\u9031\u5e74\u6708\u65e5\u56de\u500b\u3064])",
        blanks=False,
    ),
}
_FIGURE: Final = r"(?<![\w.,])\d{1,3}(?:[.,\u202f\u00a0 ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_AMOUNT: Final = re.compile(r"\s{0,2}(?:[%\u2030\u20ac$\u00a3\u00a5]|(?:euros?|d[o\u00f3]l\w+|reais|francs?)\b)", re.I)
_DOUBLES_ENGLISH: Final = "that had very really so no yes many much more"


def _rules(tongue: Tongue) -> tuple[Lazy, ...]:
    return (
        tongue.find(tongue.fillers),
        tongue.find(tongue.hedges),
        Lazy(f"{_FIGURE}|{tongue.find(_listed(tongue.numbers)).pattern}", re.IGNORECASE),
    )


RULES: Final = {code: _rules(tongue) for code, tongue in TONGUES.items()}
"""By language: what finds fillers, hedges and numbers."""


def years(code: str, text: str) -> frozenset[int]:
    """Return where plain figures from 1900 to 2099 stand for years.

    Behind a word that years stand behind (`en`, `im Jahr`) or before the sign for one it is a year; elsewhere too,
    unless it is a round one or an amount follows (`2024 %`).
    """
    before = TONGUES[code].years
    behind = TONGUES[code].find(_listed(before)).pattern if before else "(?!)"
    rule = re.compile(
        rf"(?P<behind>{behind}[ \u00a0]{{1,4}})?(?P<year>(?<![\dA-Za-z.,])(?:19|20)\d\d)(?![\d%\u2030]|[.,]\d)", re.I
    )
    found = (m for m in rule.finditer(text) if _is_year(m, text))
    return frozenset(m.start("year") for m in found)


def _is_year(found: re.Match[str], text: str) -> bool:
    rest = text[found.end() : found.end() + 12]
    if _AMOUNT.match(rest):
        return False
    return bool(found["behind"]) or rest.startswith("\u5e74") or int(found["year"]) % 100 != 0


def first_i(code: str, text: str) -> int | None:
    """Return where one first says I, or None where nobody does, or the language is not known."""
    tongue = TONGUES.get(code)
    found = tongue.find(_listed(tongue.i)).search(text) if tongue is not None and tongue.i else None
    return found.start() if found else None


def doubles(code: str) -> frozenset[str]:
    """Return the words that are said twice on purpose or by grammar."""
    return frozenset((TONGUES[code].doubles if code in TONGUES else _DOUBLES_ENGLISH).split())


def persons(code: str, text: str) -> tuple[int, int] | None:
    """Return how often one says I and we, or None where the language leaves them to the verb or is not known."""
    tongue = TONGUES.get(code)
    if tongue is None or not tongue.i:
        return None
    i, we = (len(tongue.find(_listed(words)).findall(text)) for words in (tongue.i, tongue.we))
    return i, we

"""a quote, a text -> the stretch of the text that says the same, but for articles and hesitations.

Whoever quotes speech leaves out an "um" or a "the".  Any other word that differs may turn the sentence around, as
"unsafe" does for "safe" and "missed" for "met": no rule tells a slip of the pen from that, so it is asked for again.
"""

from __future__ import annotations

import functools
import re
from collections import Counter

from evalharness.text.squeezed import stands
from evalharness.text.words import word_count

REPAIR_SHARE = 10
"""One word in so many may be missing or be one too many."""

_AMOUNTS = (
    "few|little|lot|bit|many|most|some|several|couple|number|one|two|three|four|five|six|seven|eight|nine|ten|dozen|"
    "hundred|thousand|million|billion|half|third|quarter|\\d"
)
_SLIGHT = re.compile(
    rf"(?<![^\W_])(?<!['\u2019-])(?:u+h?m+|uh+|erm+|hm+|mm+|[a\u00e4\u00f6]h+m*|euh|(?:an?|the)(?=\s{{1,9}}(?!{_AMOUNTS})))"
    r"(?![^\W_]|['\u2019-])",
    re.IGNORECASE,
)
"""Articles and hesitations; an article before an amount is part of it: few is not a few."""

_NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor without cannot hardly barely scarcely rarely "
    "seldom isn't wasn't aren't weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't "
    "hasn't haven't hadn't mustn't needn't ain't except unless unlike fail failed lacks lacked "
    "nicht nie niemals kein keine keinen keinem keiner keines nichts niemand ohne weder kaum "
    "ne pas jamais aucun aucune rien personne sans ni nunca nada nadie ning\u00fan ninguna ninguno sin jam\u00e1s "
    "non mai nessuno nessuna niente nulla senza n\u00e3o nenhum nenhuma ningu\u00e9m sem "
    "niet nooit geen niets niemand zonder nigdy nic nikt bez \u043d\u0435 \u043d\u0438 \u043d\u0435\u0442 "
    "\u043d\u0438\u043a\u043e\u0433\u0434\u0430 \u0431\u0435\u0437".split()
)


def nearest(quote: str, text: str) -> tuple[int, int] | None:
    """Return the stretch of `text` that differs from `quote` in slight words alone, a tenth at most, or None."""
    wanted, where = _telling(quote), _telling(text)
    if (wanted, where) == (quote, text):
        return None
    allowed = max(1, word_count(quote) // REPAIR_SHARE)
    for start, end in stands(wanted, where):
        asked, found = _slight(quote), _slight(text[start:end])
        if ((asked - found) + (found - asked)).total() <= allowed:
            return start, end
    return None


@functools.lru_cache(maxsize=64)
def _telling(text: str) -> str:
    """Return `text` with blanks for its slight words."""
    return _SLIGHT.sub(lambda match: " " * len(match.group()), text)


def _slight(text: str) -> Counter[str]:
    return Counter(match.group().lower() for match in _SLIGHT.finditer(text))


def is_negation(word: str) -> bool:
    """Return whether a word turns a sentence around."""
    plain = word.replace("\u2019", "'")
    return plain in _NEGATIONS or plain.endswith("n't")

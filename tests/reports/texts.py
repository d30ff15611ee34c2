"""Text that people, models and attackers write, and runs that hold it in every place a report shows."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from evalharness.model.nouns import (
    Attempt,
    Checklist,
    Criterion,
    Finding,
    Graded,
    GraderId,
    Item,
    Level,
    Part,
    Question,
    Quote,
    Rubric,
    Scale,
    State,
    Tag,
    Tags,
    Ungraded,
    Why,
)
from evalharness.model.run import Run

from .example import META, grades

_PIECES = (
    *("|", "\\|", "\\", "`", "``", "```\n", "~~~\n", "*", "**", "_", "__", "~~", "#", "# ", "\n# ", "\n## "),
    *(
        "- ",
        "\n- ",
        "+ ",
        "1. ",
        "\n1) ",
        "> ",
        "\n> ",
        "---",
        "\n---\n",
        "===",
        "\n===\n",
        "|---|",
        "\n|-|-|\n",
    ),
    *("<b>", "</td>", "<script>", "<!--", "-->", "<?", "<![CDATA[", "]]>", "<a href=x>", "<http://e.vil>"),
    *("![", "[", "]", "](http://e.vil)", "![x](http://e.vil/p.png)", "[x]: http://e.vil\n", "[^1]", "[x][y]"),
    *(
        "&amp",
        "&lt;",
        "&#124;",
        "&#x7c;",
        "&",
        "&copy;",
        "http://e.vil",
        "www.e.vil",
        "a@e.vil",
        "javascript:",
    ),
    *(
        "\x1b[31m",
        "\x1b]0;t\x07",
        "\x9b31m",
        "\x00",
        "\x07",
        "\x08",
        "\x7f",
        "\r",
        "\r\n",
        "\t",
        "    ",
        "\x0b",
    ),
    *("\u202e", "\u2066", "\u200b", "\u200f", "\ufeff", "\u2028", "\u2029", "\x85", "\U000e0041", "\ufffe"),
    *('"', "'", "{", "}", "$x$", ":---", ":", "word", "3.7", "1 ", " ", "日本", "👩‍🚀", "é", "a_b", "%"),
)

hostile = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=3)), max_size=12).map("".join)
words = hostile.filter(lambda text: any(c.isalnum() for c in text))


def run_with(text: str) -> Run:
    """Return a small run that holds `text` in every place that somebody else than us writes."""
    rubric = Rubric(
        id="r" + text,
        title=text,
        criteria=(
            Criterion(
                id="scale",
                title=text,
                kind=Scale(levels=(Level(level=1, text="a"), Level(level=5, text=text))),
            ),
            Criterion(
                id="list",
                title=text,
                kind=Checklist(items=(Item(id=text, text=text), Item(id="b", text="b"))),
            ),
            Criterion(id="tags", title=text, kind=Tags(tags=(Tag(id=text, title=text), Tag(id="c", title="c")))),
            Criterion(id="gone", title=text, kind=Scale(levels=(Level(level=1, text=text),))),
        ),
    )
    question = Question(id="q" + text, text=text, title=text, rubric=rubric.id, missions=(text, "c"))
    attempts = tuple(
        Attempt(
            question=question.id,
            author=text,
            id=name + text,
            date=f"{day}{text}",
            parts=(Part(id="answer", text=text or " "),),
            path=f"cases/{text}.md",
        )
        for name, day in (("a", "2026-01-01"), ("b", "2026-02-01"))
    )
    return Run(
        meta=msgspec.structs.replace(
            META,
            id=f"id{text}",
            why=text,
            version=text,
            samples=1,
            grader=GraderId(name=text, version=text, model=text, host=text, effort=text, prompt=text, mode=text),
            fingerprints={text: text},
            not_read=(),
            drafts=(text,),
            notices=(text,),
            questions=(question,),
            rubrics=(rubric,),
        ),
        attempts=attempts,
        grades=tuple(
            grade
            for attempt in attempts
            for criterion, outcome in _outcomes(text, lost=attempt is attempts[0]).items()
            for grade in grades(attempt.key, criterion, outcome)
        ),
    )


def _outcomes(text: str, *, lost: bool) -> dict[str, Graded | Ungraded]:
    quote = Quote(part="answer", start=0, end=len(text), text=text)
    finding = Finding(id=text, state=State.MET, evidence=(quote,))
    said = Graded(level=2, evidence=(quote,), reason=text, missing=text, story=text, takeaway=text, next_question=text)
    found = Graded(level=3, findings=(finding, Finding(id="b", state=State.NOT_MET)), reason=text)
    gone = Ungraded(why=Why.GAVE_UP, detail=text) if lost else said
    return {"scale": said, "list": found, "tags": found, "gone": gone}

"""Every way to write a title, a question, an answer and what follows it, with every other: the same is read.

Every three ways of different kinds meet in one document at least; the fourth is `dealt` out, because all fours would
be five times as many documents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import pytest

from evalharness.importing import read

TITLES = ["Responsibility", "Privacy", "What excites you"]
CULTURE_QUESTIONS = [
    "What are you responsible for when your work is used in ways you did not plan?",
    "Tell me about a time when less data was better.",
    "What are you looking forward to in the next ten years?",
]
CULTURE_ANSWERS = [
    "For having a way to hear about it, at least. A postman told us; nobody else would have. I like the postman more.",
    "We moved the form to a week later. Half of the boxes stayed empty. I don't think we lost anything that was ours.",
    "Machines that say ask Karin. My aunt repairs looms, and half of what she knows is whom to ask.",
]
BACK = [
    "Which inventions do you know whose makers found out late?",
    "When did consent first become a form?",
    "Who were the Karins in the archives you have read?",
]
TITLE_STYLES = {
    "h2 n": "## {n}. {t}",
    "bold n": "**{n}. {t}**",
    "keycap": "{n}\ufe0f\u20e3 {t}",
    "h3": "### {t}",
    "topic": "Topic {n}: {t}",
    "none": "",
    "bold": "**{t}**",
    "n)": "{n}) {t}",
    "emoji": "\U0001f539 {t}",
}
QUESTION_STYLES = {
    "plain": "{q}",
    "quoted": "\u201c{q}\u201d",
    "bold": "**{q}**",
    "italic q": "*\u201c{q}\u201d*",
    "label": "Question: {q}",
    "bold label": "**Question:** {q}",
    "blockquote": "> {q}",
    "q label own": "**Question**\n{q}",
    "they ask": "They ask: {q}",
}
ANSWER_STYLES = {
    "label": "Answer: {a}",
    "bold own": "**Your answer**\n{a}",
    "quoted": "**Sample answer:**\n\u201c{a}\u201d",
    "blockquote": "**Answer:**\n> {a}",
    "say": "Say: {a}",
    "none q": "\u201c{a}\u201d",
    "you": "**You:** {a}",
}
BACK_STYLES = {
    "to": "**Follow-up question to Imre:** {f}",
    "own": "**Follow-up question:**\n\u201c{f}\u201d",
    "ask": "Ask Imre: {f}",
    "bullet": "**Follow-up:**\n- {f}",
    "arrow": "\u2192 Follow-up for Imre: \u201c{f}\u201d",
}


def dealt(at: int, some: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each of `some` with one of `others`, in turn from the one `at` which the turn begins.

    Begun at the sum of two more places, every three of the four kinds meet where no kind has fewer than `others`.
    """
    for place, each in enumerate(some):
        yield each, others[(at + place) % len(others)]


def place(kinds: dict[str, str], name: str) -> int:
    return list(kinds).index(name)


@pytest.mark.parametrize(("title", "question"), list(product(TITLE_STYLES, QUESTION_STYLES)))
def test_a_conversation_is_read_in_every_style(title: str, question: str) -> None:
    """Three topics, each with its question, its answer and a question back."""
    wanted = [(q.rstrip("."), (a,), (b,)) for q, a, b in zip(CULTURE_QUESTIONS, CULTURE_ANSWERS, BACK, strict=True)]
    at = place(TITLE_STYLES, title) + place(QUESTION_STYLES, question)
    for answer, back in dealt(at, [*ANSWER_STYLES.values()], [*BACK_STYLES.values()]):
        topics = [
            "\n\n".join(
                filter(
                    None,
                    (
                        TITLE_STYLES[title].format(n=n + 1, t=TITLES[n]),
                        QUESTION_STYLES[question].format(q=CULTURE_QUESTIONS[n]),
                        answer.format(a=CULTURE_ANSWERS[n]),
                        back.format(f=BACK[n]),
                    ),
                )
            )
            for n in range(3)
        ]
        found = read("# Culture talk with Imre Talvik\n\n" + "\n\n".join(topics))
        assert [
            (q.text.rstrip("."), tuple(p for a in q.answers for p in a.paragraphs), tuple(b.text for b in q.follow_ups))
            for q in found.questions
        ] == wanted, (answer, back)


QUESTIONS = [
    "Why do you want to work at Brook Labs?",
    "Describe a time when correctness went before speed.",
    "Which safety tool would you build?",
]
ANSWERS = [
    [
        "I ran the night shift for three years and believed two of the fourteen alarms.",
        "Brook publishes its alarms, and I want to work on that list.",
    ],
    ["The tariff engine was due in March. I asked for a week and we shipped on the ninth."],
    ["A drill that takes one safeguard away and measures how long nobody notices it."],
]
CLAIMS = [["1", "5"], ["3"], ["2", "7"]]
MISSIONS = [
    "Reliable systems",
    "Knowing the aims",
    "Careful release",
    "Guards that grow",
    "Shared safety",
    "Better lives",
    "Independence",
]
HEADS = {
    "h2 n": "## {n}. {q}",
    "h3 Q": "### Q{n}: {q}",
    "bold n": "**{n}. {q}**",
    "n.": "{n}. {q}",
    "keycap": "{n}\ufe0f\u20e3 {q}",
    "h2": "## {q}",
    "bold": "**{q}**",
    "label": "Question {n}: {q}",
    "quote": "## Question {n}\n\n\u201c{q}\u201d",
    "blockquote": "## Topic {n}\n\n> {q}",
}
UNDER = {
    "label": "Answer: {a}",
    "bold own": "**Sample answer:**\n\n{a}",
    "h4": "#### Answer\n\n{a}",
    "none": "{a}",
    "quoted": "**Answer:**\n\n\u201c{a}\u201d",
    "A:": "A: {a}",
    "italic": "*Suggested response*\n\n{a}",
}
CLAIMED = {
    "plain": "Missions touched: {t}",
    "bold": "**Missions touched:** {t}",
    "italic": "*Missions touched: {t}*",
    "bullet": "- Missions: {t}",
    "arrow": "\u2192 Missions touched: {t}",
    "paren": "(Touches missions {t})",
    "hash": "Mission alignment: {h}",
}
LISTS = {
    "list": "## The missions\n\n" + "\n".join(f"{i}. {m}" for i, m in enumerate(MISSIONS, 1)),
    "bullets": "Brook's seven missions:\n" + "\n".join(f"- {i}. {m}" for i, m in enumerate(MISSIONS, 1)),
    "coded": "\n".join(f"Mission {i}: {m}" for i, m in enumerate(MISSIONS, 1)),
    "par": "Missions\n" + "\n".join(f"({i}) {m}" for i, m in enumerate(MISSIONS, 1)),
}


@pytest.mark.parametrize(("head", "under"), list(product(HEADS, UNDER)))
def test_tailored_questions_are_read_in_every_style(head: str, under: str) -> None:
    """Three questions with answers of one and two paragraphs, and the missions that each one claims."""
    wanted = [(q.rstrip("."), tuple(a), tuple(c)) for q, a, c in zip(QUESTIONS, ANSWERS, CLAIMS, strict=True)]
    at = place(HEADS, head) + place(UNDER, under)
    for claimed, listed in dealt(at, [*CLAIMED.values()], [*LISTS.values()]):
        parts = [
            "\n\n".join(
                (
                    HEADS[head].format(n=n + 1, q=QUESTIONS[n]),
                    UNDER[under].format(a="\n\n".join(ANSWERS[n])),
                    claimed.format(t=", ".join(CLAIMS[n]), h=" ".join(f"#{c}" for c in CLAIMS[n])),
                )
            )
            for n in range(3)
        ]
        found = read(f"# Tailored questions\n\n{listed}\n\n" + "\n\n".join(parts))
        assert [
            (q.text.rstrip("."), tuple(p for a in q.answers for p in a.paragraphs), q.tags) for q in found.questions
        ] == wanted, (claimed, listed)
        assert [tag.title for tag in found.tags] == MISSIONS


SECTIONS = ["Problem and goals", "Architecture", "Data model", "Testing", "Rollout"]
PROSE = [
    "Queues of 25 minutes in July, and nobody knew which gate was slow.",
    "Each gate verifies a signature offline and syncs at night.",
    "A ticket, a passage and a gate; looked up by ticket.",
    "We replayed August at ten times the speed and cut the link on Thursdays.",
    "One pier in May, four in June; the way back was a box of paper.",
]
POINTS = [
    ["who was hurt", "the target in numbers"],
    ["the parts", "what was rejected"],
    ["the entities", "the access patterns"],
    ["load tests", "drills"],
    ["order of sites", "the way back"],
]
WALK = "Walk me through a recent technical project."
TOLD = {
    "h": "\n\n".join(f"### {t}\n\n{p}" for t, p in zip(SECTIONS, PROSE, strict=True)),
    "num h": "\n\n".join(f"### {n}. {t}\n\n{p}" for n, (t, p) in enumerate(zip(SECTIONS, PROSE, strict=True), 1)),
    "num line": "\n\n".join(f"{n}. {t}\n\n{p}" for n, (t, p) in enumerate(zip(SECTIONS, PROSE, strict=True), 1)),
    "num bold": "\n\n".join(f"**{n}. {t}**\n{p}" for n, (t, p) in enumerate(zip(SECTIONS, PROSE, strict=True), 1)),
    "colon": "\n\n".join(f"{t}: {p}" for t, p in zip(SECTIONS, PROSE, strict=True)),
    "bold colon": "\n\n".join(f"**{t}:** {p}" for t, p in zip(SECTIONS, PROSE, strict=True)),
    "num bold colon": "\n".join(f"{n}. **{t}:** {p}" for n, (t, p) in enumerate(zip(SECTIONS, PROSE, strict=True), 1)),
    "num dash": "\n".join(f"{n}. **{t}** – {p}" for n, (t, p) in enumerate(zip(SECTIONS, PROSE, strict=True), 1)),
    "bare line": "\n\n".join(f"{t}\n{p}" for t, p in zip(SECTIONS, PROSE, strict=True)),
    "flat": " ".join(f"{t} {p}" for t, p in zip(SECTIONS, PROSE, strict=True)),
    "bullets": "\n\n".join(f"**{t}**\n- {p}" for t, p in zip(SECTIONS, PROSE, strict=True)),
}
OUTLINES = {
    "num bullets": "Your walkthrough should include:\n\n"
    + "\n".join(
        f"{n}. {t}\n   - {i[0]}\n   - {i[1]}" for n, (t, i) in enumerate(zip(SECTIONS, POINTS, strict=True), 1)
    ),
    "h3 bullets": "What a good answer covers:\n\n"
    + "\n\n".join(f"### {t}\n- {i[0]}\n- {i[1]}" for t, i in zip(SECTIONS, POINTS, strict=True)),
    "bold bullets": "Structure:\n\n"
    + "\n\n".join(f"**{t}**\n- {i[0]}\n- {i[1]}" for t, i in zip(SECTIONS, POINTS, strict=True)),
    "inline dash": "Cover the following sections:\n\n"
    + "\n".join(f"- **{t}** – {i[0]}; {i[1]}" for t, i in zip(SECTIONS, POINTS, strict=True)),
    "inline colon": "Cover these areas:\n\n"
    + "\n".join(f"- {t}: {i[0]}, {i[1]}" for t, i in zip(SECTIONS, POINTS, strict=True)),
    "paren": "Be ready to cover:\n\n"
    + "\n".join(f"{n}) {t} ({i[0]}, {i[1]})" for n, (t, i) in enumerate(zip(SECTIONS, POINTS, strict=True), 1)),
    "table": "What to cover\n\n| Section | What to cover |\n|---|---|\n"
    + "\n".join(f"| {t} | {i[0]}; {i[1]} |" for t, i in zip(SECTIONS, POINTS, strict=True)),
    "plain": "Go deeper on each of the following:\n\n"
    + "\n\n".join(f"{t}\n• {i[0]}\n• {i[1]}" for t, i in zip(SECTIONS, POINTS, strict=True)),
}


@pytest.mark.parametrize(("outline", "told"), list(product(OUTLINES, TOLD)))
def test_a_walk_through_is_read_in_every_style(outline: str, told: str) -> None:
    """The outline gives sections with their points, the sample answer is cut along them."""
    found = read(f"# Prep\n\n**Question:** {WALK}\n\n{OUTLINES[outline]}\n\n## Sample answer\n\n{TOLD[told]}\n")

    assert [(section.title, list(section.items)) for section in found.sections] == list(
        zip(SECTIONS, POINTS, strict=True)
    )
    (question,) = found.questions
    paragraphs = [p.removeprefix("- ") for answer in question.answers for p in answer.paragraphs]
    assert paragraphs == [p for title, text in zip(SECTIONS, PROSE, strict=True) for p in (f"## {title}", text)]

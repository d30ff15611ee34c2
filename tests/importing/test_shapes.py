"""Two questions with an answer each, in every dress that people give them: the same is read from all."""

from __future__ import annotations

import pytest

from evalharness.importing import read

Q1, Q2 = "Why do you want to work on alarms?", "What would you not ship?"
A1 = "I ran the night shift for three years and believed two of the fourteen alarms."
A2 = "A thing nobody can take back, like the switch that we shipped in May for 40 homes."
SHAPES = {
    "dl html": f"<html><body><h1>Prep</h1><dl><dt>{Q1}</dt><dd>{A1}</dd><dt>{Q2}</dt><dd>{A2}</dd></dl></body></html>",
    "md deflist": f"# Prep\n\n{Q1}\n: {A1}\n\n{Q2}\n: {A2}\n",
    "md details": f"# Prep\n\n<details>\n<summary>{Q1}</summary>\n\n{A1}\n\n</details>\n\n<details>\n"
    f"<summary>{Q2}</summary>\n\n{A2}\n\n</details>\n",
    "speakers": f"Mock interview\n\nPriya: {Q1}\nTom: {A1}\nPriya: {Q2}\nTom: {A2}\n",
    "bold speakers": f"# Mock\n\n**Priya:** {Q1}\n\n**Tom:** {A1}\n\n**Priya:** {Q2}\n\n**Tom:** {A2}\n",
    "interviewer/candidate": f"Mock\n\nInterviewer: {Q1}\n\nCandidate: {A1}\n\nInterviewer: {Q2}\n\nCandidate: {A2}\n",
    "nested list": f"# Prep\n\n- {Q1}\n  - {A1}\n- {Q2}\n  - {A2}\n",
    "numbered nested": f"# Prep\n\n1. {Q1}\n   - {A1}\n2. {Q2}\n   - {A2}\n",
    "blockquote answers": f"# Prep\n\n### {Q1}\n> {A1}\n\n### {Q2}\n> {A2}\n",
    "bold q plain a": f"# Prep\n\n**{Q1}**\n{A1}\n\n**{Q2}**\n{A2}\n",
    "italic q": f"# Prep\n\n*{Q1}*\n\n{A1}\n\n*{Q2}*\n\n{A2}\n",
    "md table 2col": f"# Prep\n\n| Question | Answer |\n|---|---|\n| {Q1} | {A1} |\n| {Q2} | {A2} |\n",
    "md table nohead": f"# Prep\n\n| Topic | Notes |\n|---|---|\n| {Q1} | {A1} |\n| {Q2} | {A2} |\n",
    "tsv": f"Prep\n\nQuestion\tAnswer\n{Q1}\t{A1}\n{Q2}\t{A2}\n",
    "q/a": f"Q: {Q1}\nA: {A1}\n\nQ: {Q2}\nA: {A2}\n",
    "Q1) A)": f"Q1) {Q1}\nA) {A1}\n\nQ2) {Q2}\nA) {A2}\n",
    "setext": f"Prep\n====\n\n{Q1}\n-----------\n\n{A1}\n\n{Q2}\n---------\n\n{A2}\n",
    "roman": f"Prep\n\ni. {Q1}\n\n{A1}\n\nii. {Q2}\n\n{A2}\n",
    "ROMAN": f"Prep\n\nI. {Q1}\n\n{A1}\n\nII. {Q2}\n\n{A2}\n",
    "circled": f"Prep\n\n① {Q1}\n{A1}\n\n② {Q2}\n{A2}\n",
    "(1)": f"Prep\n\n(1) {Q1}\n{A1}\n\n(2) {Q2}\n{A2}\n",
    "plain": f"Prep\n\n{Q1}\n\n{A1}\n\n{Q2}\n\n{A2}\n",
    "say": f"Prep\n\n{Q1}\nSay: {A1}\n\n{Q2}\nSay: {A2}\n",
    "id say": f"Prep\n\n{Q1}\nWhat I'd say: {A1}\n\n{Q2}\nWhat I\u2019d say: {A2}\n",
    "german quotes": f"Prep\n\n\u201e{Q1}\u201c\n\u201e{A1}\u201c\n\n\u201e{Q2}\u201c\n\u201e{A2}\u201c\n",
    "guillemets": f"Prep\n\n\u00bb{Q1}\u00ab\n\n\u00bb{A1}\u00ab\n\n\u00bb{Q2}\u00ab\n\n\u00bb{A2}\u00ab\n",
    "chat": f"You said:\n{Q1}\nChatGPT said:\n{A1}\nYou said:\n{Q2}\nChatGPT said:\n{A2}\n",
    "html word": f"<html><body><p class=MsoNormal><b>Q1.</b> {Q1}</p><p class=MsoNormal><b>A.</b> {A1}</p><p>"
    "<b>Q2."
    f"</b> {Q2}</p><p><b>A.</b> {A2}</p></body></html>",
    "html table": "<html><body><table><thead><tr><th>Question</th><th>Model answer</th></tr></thead><tbody><tr>"
    f"<td>{Q1}</td><td><p>{A1}"
    f"</p></td></tr><tr><td>{Q2}</td><td>{A2}</td></tr></tbody></table></body></html>",
    "html accordion": f"<html><body><div class='accordion'><button class='acc'>{Q1}</button><div class='panel'><p>{A1}"
    f"</p></div><button>{Q2}</button><div class='panel'><p>{A2}</p></div></div></body></html>",
    "model answer h3": f"# Prep\n## {Q1}\n### Model answer\n{A1}\n## {Q2}\n### Model answer\n{A2}\n",
    "checkbox": f"# Prep\n- [ ] **{Q1}**\n  {A1}\n- [x] **{Q2}**\n  {A2}\n",
    "toggle": f"\u25b6 {Q1}\n    {A1}\n\n\u25b6 {Q2}\n    {A2}\n",
    "email quoted": f"> {Q1}\n\n{A1}\n\n> {Q2}\n\n{A2}\n",
    "rtf bullets": f"\u2022 {Q1}\n\u25e6 {A1}\n\u2022 {Q2}\n\u25e6 {A2}\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_dress_changes_nothing(shape: str) -> None:
    """Lists, tables, quotations, speakers, folded pages: what matters is that one asks and the other answers."""
    found = read(SHAPES[shape])

    assert [(q.text, [p for a in q.answers for p in a.paragraphs]) for q in found.questions] == [(Q1, [A1]), (Q2, [A2])]


ARTICLE = """\
# How rivers age

Why do rivers bend? Water is slower on the inside of a curve, and so it leaves its sand there year after year.

Nobody planned the bends of the Tamm, and yet every ferryman of the last two hundred years has known where they go.

They move by a hand's width in a year, which adds up to a field in a lifetime and to a village in four of them.
"""


def test_an_article_that_wonders_once_holds_no_question() -> None:
    """A rhetorical question opens nothing: two of one make are the least."""
    assert read(ARTICLE).questions == ()


HOSTILE = {
    "numbers": "Missions: " + "1, " * 20_000,
    "brackets": "(" * 20_000,
    "codes": "[M1]" * 5_000,
    "deep page": "<div>" * 3_000 + "What?" + "</div>" * 3_000,
    "long list": "<ol>" + "<li>x</li>" * 4_000 + "</ol>",
    "one line": "a " * 50_000,
    "digits": "Touched: " + "1" * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_text_makes_it_stumble(text: str) -> None:
    """Neither depth nor length ends it, and none of these takes a time that a person would notice."""
    assert read(text).questions == ()

"""brief -> one HTML page for a phone: no network, no script; each answer folds away, so that one can test oneself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from evalharness.brief.brief import Brief, Page
from evalharness.brief.words import TO_ASK, opening, points, to_grade
from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import visible
from evalharness.reports.head import head

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --card: #f6f8fa; --ink: #1f2328; --muted: #57606a; --rule: #d1d9e0;
  --link: #0a53b4; --mark: #8a4600; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0f1419; --card: #182028; --ink: #e4e9ee; --muted: #a3afbb; --rule: #38434f; --link: #7bb5ff;
    --mark: #f0b26b; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 42rem; background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; line-height: 1.3; margin: 0; }
a { color: var(--link); }
.note { color: var(--muted); font-size: .9375rem; margin: .15rem 0; }
nav ol { margin: .5rem 0 1.5rem; padding-left: 1.5rem; }
nav li { padding: .25rem 0; }
article, section { border-top: 1px solid var(--rule); padding: 1rem 0; }
.asked { font-weight: 600; margin: .5rem 0; }
summary { cursor: pointer; color: var(--link); padding: .35rem 0; }
blockquote { margin: .6rem 0; padding: .6rem .8rem; background: var(--card); border-left: 4px solid var(--link);
  border-radius: 4px; }
dt { color: var(--muted); font-size: .875rem; margin-top: .6rem; }
dt.weak { color: var(--mark); }
dd { margin: 0; }
section ol, section ul { padding-left: 1.4rem; }
@media print {
  body { max-width: none; font-size: 10pt; } nav { display: none; }
  article { break-inside: avoid; padding: .5rem 0; }
  blockquote { margin: .25rem 0; padding: .1rem .6rem; } dt { margin-top: .3rem; }
}
"""


def page(brief: Brief, *, again: str) -> str:
    """Return the page; `again` is the command that grades what is not graded."""
    title, *rest = opening(brief)
    several = brief.several_authors
    notes = [*rest, *([f"Grade with: {again}"] if to_grade(brief) else [])]
    blocks = [
        f"<h1>{_text(title)}</h1>",
        *(f'<p class="note">{_text(told)}</p>' for told in notes),
        _first(brief),
        _contents(brief.pages),
        *(_article(place, each, several=several) for place, each in enumerate(brief.pages, start=1)),
        _to_ask(brief.to_ask),
    ]
    return head(title, style=_STYLE) + "\n".join(block for block in blocks if block) + "\n</body>\n</html>\n"


def _contents(pages: Iterable[Page]) -> str:
    names = (f'<li><a href="#q{n}">{_title(each)}</a></li>' for n, each in enumerate(pages, start=1))
    return f'<nav aria-label="Questions"><ol>{"".join(names)}</ol></nav>'


def _first(brief: Brief) -> str:
    """Return what to do first, in the order that every view shares."""
    if not brief.starts:
        return ""
    steps = "".join(
        f"<li><strong>{_text(next_steps.question(each, several=brief.several_authors))}</strong>: "
        f"{_text(next_steps.told(each.step))}</li>"
        for each in brief.starts
    )
    return f"<section><h2>{_text(next_steps.TITLE)}</h2><ol>{steps}</ol></section>"


def _article(place: int, found: Page, *, several: bool) -> str:
    case = found.result.case
    said = "".join(f"<blockquote>{_text(sentence)}</blockquote>" for sentence in found.lines)
    answer = f"<details open><summary>Your lines</summary>{said}</details>" if said else ""
    return (
        f'<article id="q{place}">\n<h2>{place}. {_title(found)}</h2>\n'
        f'<p class="note">{_text("; ".join(_facts(found, several=several)))}</p>\n'
        f'<p class="asked">{_text(case.question.text)}</p>\n{answer}\n'
        f"<dl>{''.join(_points(found))}</dl>\n</article>"
    )


def _facts(found: Page, *, several: bool) -> Iterator[str]:
    yield f"{found.result.total:.1f} of 5" if found.result.total is not None else wording.total(found.result)
    yield f"about {found.time.told} to say" if found.time.measured is None else found.time.told
    if found.too_long >= 1:
        yield f"{wording.clock(found.too_long)} too long"
    yield wording.who_and_when(found.result.case.attempt, several=several)


def _points(found: Page) -> Iterator[str]:
    for label, told in points(found):
        weak = ' class="weak"' if label == "Weakest" else ""
        yield f"<dt{weak}>{_text(label)}</dt><dd>{_text(told)}</dd>"


def _to_ask(asked: Iterable[str]) -> str:
    items = "".join(f"<li>{_text(told)}</li>" for told in asked)
    return f"<section><h2>{TO_ASK}</h2><ul>{items}</ul></section>" if items else ""


def _title(found: Page) -> str:
    return _text(wording.title(found.result.case.question))


def _text(told: str) -> str:
    return escape(visible(told))

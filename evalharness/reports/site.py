"""stored runs -> the index page of a site that holds a page for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from evalharness.model.noun import Noun
from evalharness.model.run import Run
from evalharness.reports import words as wording
from evalharness.reports.escape import line
from evalharness.reports.head import head
from evalharness.results.aggregate import figures, summarise

INDEX, TITLE = "index.html", "All runs"
BACK = f'<nav aria-label="Site"><a href="{INDEX}">{TITLE}</a></nav>'

_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1f2328; --muted: #57606a; --rule: #d1d9e0; --link: #0a53b4; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #0f1419; --ink: #e4e9ee; --muted: #a3afbb; --rule: #38434f; --link: #7bb5ff; }
}
body { margin: 0 auto; padding: 1rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid var(--rule); }
.num { text-align: right; white-space: nowrap; }
.note { color: var(--muted); }
@media (max-width: 34rem) {
  thead { display: none; }
  tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--rule); }
  td, .num { display: block; border: 0; padding: 0; text-align: left; }
}
"""


class Entry(Noun):
    """One run as the index shows it."""

    id: str
    day: str
    grader: str
    score: str
    counts: str
    state: str = ""


def entry(run: Run) -> Entry:
    """Return what the index says of a run."""
    found = figures(summarise(run).series)
    mean = wording.mean(found)
    grader = run.meta.grader
    return Entry(
        id=run.meta.id,
        day=run.meta.started[:16].replace("T", " "),
        grader=f"{grader.name} {grader.model}".strip(),
        score=f"{mean[:1].upper()}{mean[1:]}",
        counts=wording.counts(found),
        state=wording.state(run.meta),
    )


def page_name(run: str) -> str:
    """Return the file of a run's page."""
    return f"{run}.html"


def with_way_back(page: str) -> str:
    """Return a run's page with a link to the index at its top."""
    return page.replace("<body>\n", f"<body>\n{BACK}\n", 1)


def index(entries: Sequence[Entry]) -> str:
    """Return the index page, newest run first; it needs no other file and runs no script."""
    rows = "".join(_row(each) for each in entries)
    return (
        f"{head(TITLE, style=_STYLE)}<h1>{TITLE}</h1>\n"
        f'<p class="note">{wording.plural(len(entries), "run")}, newest first. Times are UTC.</p>\n'
        "<table>\n<thead><tr><th>Run</th><th>Grader</th><th>Result</th></tr></thead>\n"
        f"<tbody>\n{rows}</tbody>\n</table>\n</body>\n</html>\n"
    )


def _row(found: Entry) -> str:
    link = f'<a href="{escape(page_name(found.id))}">{escape(found.day)}</a>'
    told = [f"{found.score}; {found.counts}."] + ([found.state] if found.state else [])
    cells = (link, f"<code>{escape(line(found.grader))}</code>", "<br>".join(escape(line(each)) for each in told))
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"

"""scores -> a chart as SVG: one small text file that code hosts, browsers and editors all show.

Why not a diagram language: hosts draw Mermaid, but the built-in preview of common editors shows its source, and it
has neither error bars nor a legend; a change without its error bar is what this program exists to avoid.  Why no
plotting library: two lines, an axis and some labels don't pay for an import of a second.  Each chart stands on a
white card of its own, so that it can be read on dark pages too.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from evalharness.model.nouns import HIGHEST, LOWEST
from evalharness.reports.escape import line, shorten, xml

WIDTH, HEIGHT = 640, 232
_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 16, 46, 30
_INK, _MUTED, _GRID, _LINE, _OWN = "#1f2328", "#59636e", "#e4e8ec", "#0a5cc2", "#b35900"
_DRIFT = "#a40e26"
_NEAR = 0.6  # levels between which a label would hide a point
_LABELS = 7  # dates under a chart, at most
_FONT = "font-family=\"-apple-system,'Segoe UI',Helvetica,Arial,sans-serif\""


class Point(NamedTuple):
    """One attempt: its label, score (None: not graded), half the width of its interval, and the own score.

    `drift` is the day of the check that found a drift between this grading and the one before it.
    """

    label: str
    score: float | None
    half: float | None = None
    own: float | None = None
    drift: str = ""


class Dot(NamedTuple):
    """A value on a day; days are ISO dates."""

    date: str
    value: float


def series(title: str, points: Sequence[Point]) -> str:
    """Return the scores of one series, attempt by attempt, evenly spaced."""
    xs = _spread(len(points))
    body = [*_drifts(points, xs), *_bars(points, xs)]
    for piece in _pieces(points, xs):
        body += _curve([(x, point.score) for x, point in piece])
    for x, point in zip(xs, points, strict=True):
        if point.score is not None:
            body.append(_text(x, _label_y(point), f"{point.score:.1f}", _INK, anchor="middle", bold=True))
        if point.own is not None:
            body.append(_ring(x, _y(point.own)))
    keys = [(_LINE, "score")]
    keys += [(_OWN, "own score")] if any(point.own is not None for point in points) else []
    keys += [(_DRIFT, "the grader drifted: not compared across")] if any(point.drift for point in points) else []
    told = ", ".join(_told(point) for point in points)
    labels = [(x, point.label) for x, point in zip(xs, points, strict=True)]
    return _picture(title, told, [*_legend(keys), *body], labels)


def _told(point: Point) -> str:
    score = "not graded" if point.score is None else f"{point.score:.1f}"
    drift = f" (not compared with what is before: the grader drifted, check of {point.drift})" if point.drift else ""
    return f"{point.label}: {score}{drift}"


def _pieces(points: Sequence[Point], xs: Sequence[float]) -> Iterator[list[tuple[float, Point]]]:
    """Yield the points between found drifts: no line joins what two graders gave."""
    piece: list[tuple[float, Point]] = []
    for x, point in zip(xs, points, strict=True):
        if point.drift and piece:
            yield piece
            piece = []
        piece.append((x, point))
    yield piece


def _drifts(points: Sequence[Point], xs: Sequence[float]) -> Iterator[str]:
    for place, point in enumerate(points):
        if point.drift and place:
            x = (xs[place - 1] + xs[place]) / 2
            yield (
                f'<path d="M{x:.1f} {_TOP - 8}V{HEIGHT - _BOTTOM}" stroke="{_DRIFT}" stroke-width="2" '
                'stroke-dasharray="5 4"/>'
            )
            yield _text(x, _TOP - 12, f"drift {point.drift}", _DRIFT, anchor="middle")


def overview(
    title: str, means: Sequence[Sequence[Dot]], each: Sequence[Sequence[Dot]], *, drifts: Sequence[str] = ()
) -> str:
    """Return the mean of the latest attempts over time, above a thin line for every series.

    There is one curve of means for each side of the found drifts, whose days are `drifts`; nothing joins them.
    """
    mean = [dot for dots in means for dot in dots]
    days = sorted({datetime.date.fromisoformat(dot.date).toordinal() for dot in mean})
    place = _scale(days)
    body: list[str] = []
    for dots in each:
        body += _curve([(place(dot), dot.value) for dot in dots], thin=True)
    for rank, dots in enumerate(means, 1):
        body += _curve([(place(dot), dot.value) for dot in dots], colour=_LINE if rank == len(means) else _DRIFT)
        for dot in dict.fromkeys((dots[0], dots[-1])) if dots else ():
            body.append(_text(place(dot), _y(dot.value) - 9, f"{dot.value:.1f}", _INK, anchor="middle", bold=True))
    told = ", ".join(f"{dot.date}: {dot.value:.1f}" for dot in mean)
    keys = [(_LINE, "mean of the latest attempts"), ("#b6bfc8", "single questions")]
    if drifts:
        keys.append((_DRIFT, f"before the drift ({drifts[-1]})"))
        told += f". The grader drifted (check of {', '.join(drifts)}): the curves are not compared."
    dated = sorted(mean, key=lambda dot: dot.date)
    return _picture(title, told, [*_legend(keys), *sorted(body, key=_is_label)], _dates(dated, place))


# --- places ------------------------------------------------------------------------------------------------


def _y(level: float) -> float:
    share = (min(max(level, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def _label_y(point: Point) -> float:
    """Return where a point's score is written: above its error bar, and above an own score that is near it."""
    top = (point.score or 0.0) + (point.half or 0.0)
    if point.own is not None and point.score is not None and point.score - _NEAR < point.own < top + _NEAR:
        top = max(top, point.own)
    return _y(top) - 8


def _spread(count: int) -> list[float]:
    room = WIDTH - _LEFT - _RIGHT - 60
    first = _LEFT + 30
    return [first + (room * place / (count - 1) if count > 1 else room / 2) for place in range(count)]


class _scale:  # noqa: N801  # it is called like a function
    """Days -> x: proportional to time."""

    def __init__(self, days: Sequence[int]) -> None:
        self._first, self._last = (days[0], days[-1]) if days else (0, 0)

    def __call__(self, dot: Dot) -> float:
        first = _LEFT + 20
        room = WIDTH - first - _RIGHT - 20
        if self._first == self._last:
            return first + room / 2
        day = datetime.date.fromisoformat(dot.date).toordinal()
        return first + room * (day - self._first) / (self._last - self._first)


def _dates(dots: Sequence[Dot], place: _scale) -> list[tuple[float, str]]:
    """Return dates to write under the axis that do not run into each other."""
    found: list[tuple[float, str]] = []
    for dot in dots:
        x = place(dot)
        if not found or x - found[-1][0] >= (WIDTH - _LEFT - _RIGHT) / _LABELS:
            found.append((x, dot.date))
    return found


# --- marks -------------------------------------------------------------------------------------------------


def _picture(title: str, told: str, body: Iterable[str], labels: Sequence[tuple[float, str]]) -> str:
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {_FONT} font-size="12">',
            f"<title>{_safe(title)}</title>",
            f"<desc>{_safe(told)}</desc>",
            f'<rect x="0.5" y="0.5" width="{WIDTH - 1}" height="{HEIGHT - 1}" rx="6" fill="#fff" stroke="#d1d9e0"/>',
            *_grid(),
            *_axis(labels),
            *body,
            "</svg>\n",
        )
    )


def _grid() -> Iterator[str]:
    for level in range(LOWEST, HIGHEST + 1):
        y = _y(level)
        yield f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="{_GRID}"/>'
        yield _text(_LEFT - 8, y + 4, str(level), _MUTED, anchor="end")


def _axis(labels: Sequence[tuple[float, str]]) -> Iterator[str]:
    step = max(1, -(-len(labels) // _LABELS))
    for x, label in list(reversed(labels))[::step]:
        yield _text(x, HEIGHT - 10, shorten(label, 12), _MUTED, anchor="middle")


def _legend(keys: Sequence[tuple[str, str]]) -> Iterator[str]:
    x = float(_LEFT)
    for colour, name in keys:
        yield f'<path d="M{x:.0f} 16h16" stroke="{colour}" stroke-width="3"/>'
        yield _text(x + 22, 20, name, _MUTED)
        x += 22 + 6.6 * len(name) + 22


def _curve(dots: Iterable[tuple[float, float | None]], *, thin: bool = False, colour: str = _LINE) -> Iterator[str]:
    """Yield a line through the values that are there, broken where one is missing, and its points."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, value in dots:
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((x, _y(value)))
    colour, width, radius = ("#b6bfc8", 1, 1.6) if thin else (colour, 2.5, 3.5)
    for piece in pieces:
        if len(piece) > 1:
            path = "L".join(f"{x:.1f} {y:.1f}" for x, y in piece)
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{width}" stroke-linejoin="round"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"/>' for x, y in piece)


def _bars(points: Sequence[Point], xs: Sequence[float]) -> Iterator[str]:
    for x, point in zip(xs, points, strict=True):
        if point.score is not None and point.half:
            low, high = _y(point.score - point.half), _y(point.score + point.half)
            yield (
                f'<path d="M{x - 4:.1f} {low:.1f}h8M{x:.1f} {low:.1f}V{high:.1f}M{x - 4:.1f} {high:.1f}h8" '
                f'stroke="{_LINE}" stroke-opacity="0.5" fill="none"/>'
            )


def _ring(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#fff" stroke="{_OWN}" stroke-width="2"/>'


def _text(x: float, y: float, text: str, colour: str, *, anchor: str = "start", bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}"{weight}>{_safe(text)}</text>'


def _is_label(mark: str) -> bool:
    return mark.startswith("<text")


def _safe(text: str) -> str:
    return escape(xml(line(text)), quote=False)

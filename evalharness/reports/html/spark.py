"""scores -> a trend as a picture of one line of text, drawn in the colour of the text around it."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from evalharness.model.nouns import HIGHEST, LOWEST

WIDTH, HEIGHT, _EDGE = 84, 24, 4
MOST = 12


def spark(scores: Sequence[float | None], apart: Sequence[bool] = ()) -> Markup:
    """Return the last scores as inline SVG, oldest first; a gap where one is missing, and before one set `apart`."""
    shown = scores[-MOST:]
    gaps = apart[-MOST:]
    told = ", ".join("not graded" if score is None else f"{score:.1f}" for score in shown)
    step = (WIDTH - 2 * _EDGE) / max(1, len(shown) - 1)
    lines: list[list[str]] = [[]]
    last = ""
    for place, score in enumerate(shown):
        if score is None:
            lines.append([])
            continue
        if gaps and gaps[place]:
            lines.append([])
        x, y = WIDTH - _EDGE - step * (len(shown) - 1 - place), _y(score)
        lines[-1].append(f"{x:.1f} {y:.1f}")
        last = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    path = "".join(f"M{'L'.join(line)}" for line in lines if len(line) > 1)
    drawn = f'<path d="{path}"/>' if path else ""
    return Markup(  # noqa: S704  # numbers and words of ours
        f'<svg class="spark" role="img" aria-label="Scores so far: {told}" '
        f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">{drawn}{last}</svg>'
    )


def _y(score: float) -> float:
    share = (min(max(score, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return HEIGHT - _EDGE - share * (HEIGHT - 2 * _EDGE)

"""A small plot as SVG text: figures over a growing number of devices, readable on light and on dark. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 40, 44
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;font-size:13px}"
    ".grid{stroke:#8c959f;stroke-opacity:.35}.line{fill:none;stroke:#0969da;stroke-width:2}.dot{fill:#0969da}"
    ".even{fill:none;stroke:#8c959f;stroke-dasharray:4 4}"
    "@media (prefers-color-scheme:dark){text{fill:#9198a1}.line{stroke:#4493f8}.dot{fill:#4493f8}}"
)


class Plot(NamedTuple):
    """Points from left to right, at least one, all of them positive; the dashed line is through zero and the last."""

    title: str
    across: str
    up: str
    points: tuple[tuple[float, float], ...]


def svg(plot: Plot) -> str:
    """Return the picture."""
    right = max(x for x, _ in plot.points)
    top = ceiling(max(y for _, y in plot.points))
    places = [(_x(x / right), _y(y / top)) for x, y in plot.points]
    last_x, last_y = plot.points[-1]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{escape(plot.title, quote=True)}">',
        f"<title>{escape(plot.title)}</title><style>{STYLE}</style>",
        f'<text class="title" x="{LEFT}" y="18">{escape(plot.title)}</text>',
        *_grid(top),
        *(_text(_x(x / right), HEIGHT - BOTTOM + 16, f"{x:,.0f}", "middle") for x, _ in plot.points),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, plot.across, "middle"),
        _text(LEFT, 34, plot.up, "start"),
        f'<path class="even" d="M{_x(0):.1f} {_y(0):.1f}L{_x(last_x / right):.1f} {_y(last_y / top):.1f}"/>',
        f'<path class="line" d="{_path(places)}"/>',
        *(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def ceiling(value: float) -> float:
    """Return the next of 1, 2, 2.5, 5 times a power of ten: what an axis ends with."""
    power = 1.0
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * step for step in (1, 2, 2.5, 5, 10) if power * step >= value)


def _grid(top: float) -> Sequence[str]:
    parts = [share / 4 for share in range(5)]
    lines = [f'<path class="grid" d="M{LEFT} {_y(part):.1f}H{WIDTH - RIGHT}"/>' for part in parts]
    return lines + [_text(LEFT - 8, _y(part) + 4, f"{part * top:g}", "end") for part in parts]


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if index else 'M'}{x:.1f} {y:.1f}" for index, (x, y) in enumerate(places))


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)

"""A ring as a picture: its sites on a circle, its links between them. Pure geometry; the template writes the SVG.

Colour never speaks alone: each link has a sign and a kind of line, each site a sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal, NamedTuple

from exporters.web.words import Mark

FEWEST, MOST = 3, 12  # sites; more would be no picture for a telephone

LineKind = Literal["up", "degraded", "down", "unknown", "off", "blocked"]

_Anchor = Literal["start", "middle", "end"]

_RADIUS, _WIDE_RADIUS, _FEW = 85.0, 140.0, 7
_LABEL_AWAY = 27.0
_LINE_HEIGHT = 16.0
_LETTER = 8.6  # width of a letter, rather too wide than cut off
_LETTERS, _LINES = 13, 2
_SIDE = 0.3  # nearer to the vertical than this (cosine), a label stands above or below its site
_RIM = 20.0  # of sites and signs beyond the circle


class Section(NamedTuple):
    """A link of a ring: the two sites that it joins, how it stands, and what is to be said of it."""

    sites: tuple[str, str]
    kind: LineKind
    mark: Mark
    title: str


class Stop(NamedTuple):
    """A site of a ring."""

    name: str
    mark: Mark
    core: bool


@dataclass(frozen=True, slots=True)
class Arc:
    """A link as it is drawn: an SVG path, and where its sign stands."""

    path: str
    kind: LineKind
    mark: Mark
    title: str
    x: float
    y: float

    @property
    def sign(self) -> str:
        """Return the sign on it: the mark's, or two bars where the ring holds it back."""
        return "‖" if self.kind == "blocked" else self.mark.symbol


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a site's name."""

    x: float
    y: float
    anchor: _Anchor
    text: str


@dataclass(frozen=True, slots=True)
class Node:
    """A site as it is drawn."""

    x: float
    y: float
    stop: Stop
    lines: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture; ``box`` is SVG's viewBox. ``legend``: one link of each kind that there is."""

    box: str
    width: int
    height: int
    arcs: tuple[Arc, ...]
    nodes: tuple[Node, ...]
    legend: tuple[Arc, ...]

    @property
    def has_core(self) -> bool:
        """Whether a core site is among its sites."""
        return any(node.stop.core for node in self.nodes)


def draw(sections: Sequence[Section], stops: Mapping[str, Stop]) -> Drawing | None:
    """Return the picture; None where the links do not close one circle of three to twelve sites."""
    around = _circle(sections, stops)
    if around is None:
        return None
    count = len(around)
    radius = _RADIUS if count < _FEW else _WIDE_RADIUS
    arcs = tuple(_arc(section, place, count, radius) for place, (_, section) in enumerate(around))
    texts = labels({site: stop.name for site, stop in stops.items()})
    nodes = tuple(
        _node(stops[site], texts[site], _angle(place, count), radius) for place, (site, _) in enumerate(around)
    )
    left, top, right, bottom = _bounds(nodes, radius)
    width, height = right - left, bottom - top
    return Drawing(f"{left} {top} {width} {height}", width, height, arcs, nodes, _legend(arcs))


def _circle(sections: Sequence[Section], stops: Mapping[str, Stop]) -> list[tuple[str, Section]] | None:
    """Return each site with the link to the next one, from a core site on; None where it is no circle."""
    at: dict[str, list[Section]] = {}
    for section in sections:
        for site in section.sites:
            at.setdefault(site, []).append(section)
    if not FEWEST <= len(at) <= MOST or any(len(there) != 2 or there[0] is there[1] for there in at.values()):
        return None
    site = next((one for one in at if stops[one].core), sections[0].sites[0])
    section = at[site][0]
    around: list[tuple[str, Section]] = []
    for _ in at:
        around.append((site, section))
        site = section.sites[1] if section.sites[0] == site else section.sites[0]
        section = at[site][1] if at[site][0] is section else at[site][0]
    return around if len({name for name, _ in around}) == len(at) else None


def _angle(place: float, count: int) -> float:
    """Return where a site stands, in radians: the first at the top, the others clockwise."""
    return 2 * math.pi * place / count - math.pi / 2


def _at(angle: float, radius: float) -> tuple[float, float]:
    return round(radius * math.cos(angle), 1), round(radius * math.sin(angle), 1)


def _arc(section: Section, place: int, count: int, radius: float) -> Arc:
    from_x, from_y = _at(_angle(place, count), radius)
    to_x, to_y = _at(_angle(place + 1, count), radius)
    x, y = _at(_angle(place + 0.5, count), radius)
    path = f"M{from_x} {from_y}A{radius} {radius} 0 0 1 {to_x} {to_y}"
    return Arc(path, section.kind, section.mark, section.title, x, y)


def _node(stop: Stop, texts: Sequence[str], angle: float, radius: float) -> Node:
    x, y = _at(angle, radius)
    away_x, away_y = _at(angle, radius + _LABEL_AWAY)
    across = math.cos(angle)
    anchor: _Anchor = "middle" if abs(across) < _SIDE else "start" if across > 0 else "end"
    rise = (len(texts) - 1) * _LINE_HEIGHT
    # Above its site a name ends where it would else begin.
    first = away_y - rise / 2 if anchor != "middle" else away_y - rise if away_y < 0 else away_y
    lines = (Label(away_x, round(first + row * _LINE_HEIGHT, 1), anchor, text) for row, text in enumerate(texts))
    return Node(x, y, stop, tuple(lines))


def labels(names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the lines of each site's label, by id: how all names begin, else how they end, else the ids.

    Names that fit are whole either way. No two sites have the same label.
    """
    shown: dict[str, tuple[str, ...]] = {}
    for shorten in _SHORTENERS:
        shown = {site: shorten(site, name) for site, name in names.items()}
        if len({*shown.values()}) == len(shown):
            break
    return shown


def _beginning(name: str) -> tuple[str, ...]:
    lines = wrap(name, _LETTERS, break_long_words=False)
    shown = [_short(line) for line in lines[:_LINES]]
    if len(lines) > _LINES:
        shown[-1] = f"{shown[-1].removesuffix('…')}…"
    return tuple(shown)


def _end(name: str) -> tuple[str, ...]:
    """Return the last lines of a name: the first ones of the name that is read from its end."""
    return tuple(line[::-1] for line in reversed(_beginning(name[::-1])))


_SHORTENERS: tuple[Callable[[str, str], tuple[str, ...]], ...] = (
    lambda _, name: _beginning(name),
    lambda _, name: _end(name),
    lambda site, _: tuple(wrap(site, _LETTERS)),
)


def _short(word: str) -> str:
    return word if len(word) <= _LETTERS else f"{word[: _LETTERS - 1]}…"


def _bounds(nodes: Iterable[Node], radius: float) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of everything that is drawn, names included."""
    xs = [-radius - _RIM, radius + _RIM]
    ys = [-radius - _RIM, radius + _RIM]
    for node in nodes:
        for line in node.lines:
            width = len(line.text) * _LETTER
            start = line.x - {"start": 0.0, "middle": width / 2, "end": width}[line.anchor]
            xs += [start, start + width]
            ys += [line.y - _LINE_HEIGHT, line.y + _LINE_HEIGHT]
    return math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys))


def _legend(arcs: Iterable[Arc]) -> tuple[Arc, ...]:
    return tuple({arc.kind: arc for arc in arcs}.values())

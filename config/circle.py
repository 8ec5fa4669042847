"""Do links form one closed circle? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from config.inventory import End, Link


class Flaw(NamedTuple):
    """Why they form none; ``link``: the one that sticks out, where it is one; ``hint``: what may help."""

    what: str
    hint: str
    link: str | None = None


# The two places that each section joins.
_Joins = Mapping[str, tuple[str, str]]


def flaw_of(sections: Mapping[str, Link], links: Mapping[str, Link]) -> Flaw | None:
    """Return why the sections form no single circle, or None; ``links`` are all there are, to name what is missing.

    Places are sites; cables within a site belong to it. A ring within one site is made of devices.
    """
    joins = _joins(sections)
    meetings = _meetings(joins)
    loose = [place for place, met in meetings.items() if len(met) == 1]
    crowded = [place for place, met in meetings.items() if len(met) > 2]
    if loose and crowded:
        stray = meetings[loose[0]][0]
        return Flaw(f"{loose[0]} sticks out, no second section leads there", "take `ring` away from this link", stray)
    if loose:
        return _chain(loose, sections, links)
    if crowded:
        return _crowd(crowded[0], meetings[crowded[0]], joins)
    parts = _parts(meetings, joins)
    if len(parts) > 1:
        said = " and ".join(", ".join(part) for part in parts)
        return Flaw(f"it falls into {len(parts)} circles: {said}", "make each circle a ring of its own")
    return None


def _joins(sections: Mapping[str, Link]) -> _Joins:
    between = {name: (link.ends[0].site, link.ends[1].site) for name, link in sections.items()}
    outside = {name: sites for name, sites in between.items() if sites[0] != sites[1]}
    return outside or {name: (_place(link.ends[0]), _place(link.ends[1])) for name, link in sections.items()}


def _place(end: End) -> str:
    return end.device or end.site


def _meetings(joins: _Joins) -> dict[str, list[str]]:
    """Return the sections that meet at each place; one that leads back to where it begins meets itself."""
    meetings: dict[str, list[str]] = {}
    for name, places in joins.items():
        for place in places:
            meetings.setdefault(place, []).append(name)
    return meetings


def _chain(loose: Sequence[str], sections: Mapping[str, Link], links: Mapping[str, Link]) -> Flaw:
    what = f"it ends in {', '.join(loose)}"
    for name, link in links.items():
        if name not in sections and {place for end in link.ends for place in (end.site, end.device)} >= set(loose):
            return Flaw(what, f"is link {name} a section of it as well?")
    return Flaw(what, "give `ring` to the link that closes it")


def _crowd(place: str, met: Sequence[str], joins: _Joins) -> Flaw:
    for index, name in enumerate(met):
        for other in met[index + 1 :]:
            if set(joins[name]) == set(joins[other]):
                both = " to ".join(joins[name])
                return Flaw(f"{name} and {other} lead both from {both}", "one of them is no section", other)
    return Flaw(f"{len(met)} of its sections meet in {place}: {', '.join(met)}", "in a circle two meet in each place")


def _parts(meetings: Mapping[str, Sequence[str]], joins: _Joins) -> list[list[str]]:
    """Return the places by connected part, in the order in which they are named."""
    parts: list[list[str]] = []
    seen: set[str] = set()
    for start in meetings:
        part: list[str] = []
        ahead = [start]
        while ahead:
            place = ahead.pop()
            if place not in seen:
                seen.add(place)
                part.append(place)
                ahead.extend(other for name in meetings[place] for other in joins[name])
        if part:
            parts.append(part)
    return parts

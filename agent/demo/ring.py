"""Which way round the ring carries, and when: Ethernet ring protection (ITU-T G.8032) as far as one can see it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

from agent.demo.cast import CUT_HOP, HOPS, PROTECTION_HOP, REMOTE_SITES, SECOND_CUT_HOP, SITES, Hop, Site
from agent.demo.scenario import Spans, Story, What

SWITCHING = 1.0
"""Seconds from a cut until the protection hop carries. Real rings take 50 ms to some seconds."""

OUTAGES: Mapping[Hop, tuple[What, What]] = {
    CUT_HOP: (What.CUT, What.REPAIRED),
    SECOND_CUT_HOP: (What.SECOND_CUT, What.SECOND_REPAIRED),
}


class Way(IntEnum):
    """Round the ring from its first site as HOPS lead, or against; the value: which end of a hop sends outwards."""

    FORWARD = 0
    BACKWARD = 1

    def hops(self, site: Site) -> tuple[Hop, ...]:
        """Return the hops between the first site and this one."""
        position = SITES.index(site)
        return HOPS[:position] if self is Way.FORWARD else HOPS[position:]


@dataclass(frozen=True, slots=True)
class Ring:
    """The ring at one moment: hops that are cut, and whether the protection hop is still, or again, blocked."""

    down: Set[Hop]
    blocked: bool

    def way_to(self, site: Site) -> Way | None:
        """Return the way that carries from the first site to another one of the ring; None where none does."""
        closed = {*self.down, PROTECTION_HOP} if self.blocked else self.down
        return next((way for way in Way if closed.isdisjoint(way.hops(site))), None)

    def reaches(self, site: Site) -> bool:
        """Whether the first site and this one hear each other."""
        return site is SITES[0] or self.way_to(site) is not None


QUIET_RING = Ring(frozenset(), blocked=True)


def ring_at(story: Story, now: float) -> Ring:
    """Return the ring ``now`` seconds into a round."""
    return Ring(_down(story, now), blocked=not _down(story, now - SWITCHING))


def _down(story: Story, now: float) -> frozenset[Hop]:
    return frozenset(
        hop for hop, kinds in OUTAGES.items() if any(start <= now < stop for start, stop in story.spans(*kinds))
    )


def ways(story: Story) -> Mapping[tuple[Site, Way], Spans]:
    """Return when each site's traffic takes which way, in one round."""
    changes = {moment for kinds in OUTAGES.values() for span in story.spans(*kinds) for moment in span}
    bounds = sorted({0.0, story.length, *changes, *(moment + SWITCHING for moment in changes)})
    found: dict[tuple[Site, Way], list[tuple[float, float]]] = {(site, way): [] for site in REMOTE_SITES for way in Way}
    for start, stop in pairwise(bounds):
        ring = ring_at(story, start)
        for site in REMOTE_SITES:
            if (way := ring.way_to(site)) is not None:
                found[site, way].append((start, stop))
    return {key: tuple(spans) for key, spans in found.items()}

"""Where each ring stands: closed, open, or cut in parts; and for how long it was without redundancy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from agent import neutral
from agent.contract import Subject
from agent.risk.network.memory import RingMemory
from agent.risk.network.parts import joined
from agent.risk.sight import Sight
from config.inventory import Link

# A longer gap between two looks is no time that was watched: the machine slept, or its clock was set.
LONGEST_GAP_SECONDS = 60.0


def ring_links(links: Mapping[str, Link]) -> dict[str, dict[str, Link]]:
    """Return the links of each ring, by ring."""
    rings: dict[str, dict[str, Link]] = {}
    for name, link in links.items():
        if link.ring is not None:
            rings.setdefault(link.ring, {})[name] = link
    return rings


def sites_of(links: Iterable[Link]) -> tuple[str, ...]:
    """Return the sites that these links join, in their order."""
    return tuple(dict.fromkeys(end.site for link in links for end in link.ends))


def remember(before: RingMemory, *, closed: bool | None, last_look: float | None, now: float) -> RingMemory:
    """Return the memory after one more look; time between two looks counts if the ring is open at both.

    While that is not known (``closed`` is None) nothing counts and nothing is forgotten.
    """
    if closed is None:
        return before
    if closed:
        return RingMemory(None, before.open_seconds)
    gap = 0.0 if before.open_since is None or last_look is None else now - last_look
    counted = gap if 0 <= gap <= LONGEST_GAP_SECONDS else 0.0
    since = now if before.open_since is None else min(before.open_since, now)
    return RingMemory(since, before.open_seconds + counted)


def segments(
    links: Mapping[str, Link], down: AbstractSet[str], kept: AbstractSet[str | None]
) -> tuple[tuple[str, ...], ...]:
    """Return the sites of each part of the ring that holds none of those that are ``kept``: home and core sites."""
    pairs = [(link.ends[0].site, link.ends[1].site) for name, link in links.items() if name not in down]
    return tuple(part for part in joined(sites_of(links.values()), pairs) if kept.isdisjoint(part))


def protocol_of(sight: Sight, links: Iterable[Link]) -> tuple[str, ...]:
    """Return what the devices at the ends of the ring say of its protocol (ERPS, RSTP, OSPF), one line a port."""
    devices = dict.fromkeys(end.device for link in links for end in link.ends if end.device is not None)
    lines: list[str] = []
    for device in devices:
        for series in sight.view.series(neutral.RING_PROTOCOL_STATE.name, Subject("device", device)):
            if series.value == 1:
                place = " ".join(text for text in (device, series.labels.get("ring_port", "")) if text)
                lines.append(f"{place}: {series.labels.get('state', '?')}")
    return tuple(lines)

"""What the next look at the network needs of this one. Times are seconds since the epoch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.contract import Alert, AlertState, ElementState, Severity
from agent.risk.catalogue.links import LINK_DOWN
from agent.risk.catalogue.network import RING_OPEN, SITE_ISOLATED
from agent.risk.network.darkness import Darkness
from agent.risk.network.fades import Level
from agent.risk.network.failure import Demand


class Heard(NamedTuple):
    """What the witnesses of a link say, in their order, and since when."""

    says: tuple[str, ...]
    since: float


@dataclass(frozen=True, slots=True)
class LinkMemory:
    """One link at the last look. ``off``: switched off on purpose. ``measured``: bits per second, as last measured.

    ``levels``: what the ends of a radio hop last received while it carried.
    """

    state: ElementState
    heard: Heard
    off: bool = False
    measured: float | None = None
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class RingMemory:
    """Since when a ring is open, and how many seconds it was, both up to the last look."""

    open_since: float | None = None
    open_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Memory:
    """``released``: when each site that was dark came back. ``faded``: links that faded before they went."""

    at: float | None = None
    links: Mapping[str, LinkMemory] = field(default_factory=dict[str, LinkMemory])
    rings: Mapping[str, RingMemory] = field(default_factory=dict[str, RingMemory])
    darkness: Darkness = field(default_factory=Darkness)
    released: Mapping[str, float] = field(default_factory=dict[str, float])
    demand: Mapping[str, Demand] = field(default_factory=dict[str, Demand])
    demand_at: float | None = None
    faded: frozenset[str] = frozenset()

    @classmethod
    def of_alerts(cls, alerts: Iterable[Alert]) -> Memory:
        """Take up since when rings are open and sites dark, and which links faded, from what the last run left."""
        standing = [alert for alert in alerts if alert.state is not AlertState.RESOLVED]
        rings = {one.finding.subject.id: RingMemory(one.since) for one in standing if one.finding.rule == RING_OPEN}
        dark = {
            one.finding.subject.id: one.since
            for one in standing
            if one.finding.rule == SITE_ISOLATED and one.finding.severity is Severity.CRITICAL
        }
        faded = {one.finding.subject.id for one in standing if one.finding.hold_seconds is not None and _is_cut(one)}
        return cls(rings=rings, darkness=Darkness(dark), faded=frozenset(faded))


def _is_cut(alert: Alert) -> bool:
    return alert.finding.rule == LINK_DOWN

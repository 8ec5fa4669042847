"""All UPS at one look: what is left without power with one of them, and what stands on the mains elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from agent.risk.ups.feeding import Feeds
from agent.risk.ups.standing import Standing


@dataclass(frozen=True, slots=True)
class Grid:
    """``out``: the UPS whose mains is out; ``unsafe``: these, and those that are not known to stand on the mains."""

    feeds: Feeds
    standings: Mapping[str, Standing]
    out: frozenset[str]
    unsafe: frozenset[str]

    @classmethod
    def of(cls, feeds: Feeds, standings: Mapping[str, Standing]) -> Grid:
        """Sort the UPS by where they stand."""
        out = frozenset(name for name, one in standings.items() if one.outage_since is not None)
        safe = frozenset(name for name, one in standings.items() if one.testing or one.on_battery is False)
        return cls(feeds, standings, out, frozenset(standings) - safe)

    def lost_with(self, name: str) -> frozenset[str]:
        """Return what of this UPS is without power once it ends, and all that are on battery with it."""
        return self.feeds.beyond(name) & self.feeds.lost(self.out | {name})

    def also_out(self, name: str) -> tuple[str, ...]:
        """Return the other UPS on battery that feed a device of this one."""
        return self.feeds.partners(name, tuple(sorted(self.out)))

    def kept_without(self, name: str) -> Mapping[str, tuple[str, ...]]:
        """Return what goes on without this UPS, with those of its feeders that stand on the mains."""
        unsafe = self.unsafe | {name}
        dark = self.feeds.lost(unsafe) | unsafe
        kept = sorted(self.feeds.beyond(name) - dark)
        return {device: tuple(one for one in self.feeds.by[device] if one not in dark) for device in kept}

"""What one look saw of the network, beyond the verdict that is published: what the rules on it need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.contract import Network
from agent.risk.network.darkness import Darkness
from agent.risk.network.declared import Declared
from agent.risk.network.naming import Names
from agent.risk.network.survey import Heard
from agent.risk.network.witnesses import Witness


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The network at one look. Times are seconds since the epoch.

    ``said``: what the ends and the probe of each link say, ``heard``: since when. ``leader``: for each dark site the
    one that speaks for the part that is dark together. ``silent``: sites where nothing answers, since when.
    ``answered``: when a device of each site was last asked with success. ``released``: when each site that was dark
    came back. ``waiting``: links that were just cut, of which it is not yet known what carries instead.
    """

    network: Network
    declared: Declared
    said: Mapping[str, tuple[Witness, ...]] = field(default_factory=dict[str, tuple[Witness, ...]])
    heard: Mapping[str, Heard] = field(default_factory=dict[str, Heard])
    darkness: Darkness = field(default_factory=Darkness)
    leader: Mapping[str, str] = field(default_factory=dict[str, str])
    silent: Mapping[str, float] = field(default_factory=dict[str, float])
    answered: Mapping[str, float] = field(default_factory=dict[str, float])
    released: Mapping[str, float] = field(default_factory=dict[str, float])
    waiting: frozenset[str] = frozenset()

    @property
    def names(self) -> Names:
        """What people call the elements."""
        return self.declared.names

    def segment(self, leader: str) -> tuple[str, ...]:
        """Return the sites that are dark together with the one that speaks for them, itself left out."""
        return tuple(site for site, speaker in self.leader.items() if speaker == leader and site != leader)

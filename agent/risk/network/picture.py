"""What one look saw of the network, beyond the verdict that is published: what the rules on it need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.contract import Network
from agent.risk.network.darkness import Darkness
from agent.risk.network.declared import Declared
from agent.risk.network.naming import Names
from agent.risk.network.speakers import Speakers
from agent.risk.network.survey import Survey
from agent.risk.network.work import Overload


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The network at one look. Times are seconds since the epoch.

    ``released``: when each site that was dark came back. ``overloads``: by link the failures after which it would carry
    too much. ``waiting``: links that were just cut, of which it is not yet known what carries instead. ``faded``: links
    that faded before they went.
    """

    network: Network
    declared: Declared
    survey: Survey
    darkness: Darkness
    speakers: Speakers
    released: Mapping[str, float]
    overloads: Mapping[str, Sequence[Overload]]
    waiting: frozenset[str] = frozenset()
    faded: frozenset[str] = frozenset()

    @property
    def names(self) -> Names:
        """What people call the elements."""
        return self.declared.names

    @property
    def leader(self) -> Mapping[str, str]:
        """For each dark site the one that speaks for it."""
        return self.speakers.leader

    @property
    def whole(self) -> bool:
        """Whether everything is known to be up: then a single failure is the only one."""
        return not (self.survey.down or self.survey.doubtful or self.darkness.dark)

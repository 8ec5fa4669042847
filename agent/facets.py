"""What is told of managed devices, by counts: one way of counting for all who publish it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from agent.anonymity import Groups, Labels, merged_devices
from agent.estate import Managed
from config.units import DAY

LOW_STORAGE = 0.10
UNKNOWN = "unknown"
REMOVED = "removed"

_AGES = ((DAY, "1d"), (7 * DAY, "7d"), (30 * DAY, "30d"))


def age_of(checked_in_at: float | None, read_at: float) -> str:
    """Return how long before it was read a device reported: less than ``1d``, ``7d``, ``30d``, ``older``, ``never``.

    It is the age at the reading, in seconds since the epoch: one that grew from look to look would tell of single
    devices when they were used.
    """
    if checked_in_at is None:
        return "never"
    return next((name for limit, name in _AGES if read_at - checked_in_at < limit), "older")


def storage_of(free_ratio: float | None) -> str:
    """Return ``low`` where less than a tenth is free, else ``enough``; ``unknown``."""
    if free_ratio is None:
        return UNKNOWN
    return "low" if free_ratio < LOW_STORAGE else "enough"


def is_held(device: Managed) -> bool:
    """Whether a device still counts: one that was removed from its management only stands in its books."""
    return device.enrolment != REMOVED


FACETS: Mapping[str, Callable[[Managed, float], Labels]] = MappingProxyType(
    {
        "model": lambda one, _: (one.model or UNKNOWN,),
        "os": lambda one, _: (one.os or UNKNOWN, one.os_version or UNKNOWN),
        "enrolment": lambda one, _: (one.enrolment or UNKNOWN,),
        "compliance": lambda one, _: (one.compliance or UNKNOWN,),
        "checkin": lambda one, read_at: (age_of(one.checked_in_at, read_at),),
        "storage": lambda one, _: (storage_of(one.storage_free_ratio),),
    }
)
"""By name: what a device is by it. ``os`` has two labels, the system and its version."""


@dataclass(slots=True)
class Facets:
    """Devices by site, kind and each facet; ``removed``: those that are held no more, which are in no facet."""

    counts: Mapping[str, Counter[Labels]] = field(
        default_factory=lambda: {facet: Counter[Labels]() for facet in FACETS}
    )
    removed: Counter[Labels] = field(default_factory=Counter[Labels])

    def take(self, device: Managed, site: str, read_at: float) -> None:
        """Count one device; ``read_at``: when it was read, seconds since the epoch."""
        if not is_held(device):
            self.removed[site, device.kind] += 1
            return
        for facet, label in FACETS.items():
            self.counts[facet][site, device.kind, *label(device, read_at)] += 1

    def told(self, facet: str, floor: int) -> dict[Labels, int]:
        """Return what may be told of a facet, by site, kind and its labels: ``agent.anonymity.merged_devices``.

        Of enrolment also the removed ones, where they are not few.
        """
        told = merged_devices(self.counts[facet], floor)
        if facet == "enrolment":
            told |= {(*place, REMOVED): count for place, count in self._many_removed(floor).items()}
        return told

    def _many_removed(self, floor: int) -> Groups:
        return {place: count for place, count in self.removed.items() if count >= floor}

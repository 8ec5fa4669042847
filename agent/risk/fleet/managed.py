"""What the management of a fleet says of its devices, by counts: versions, check-in, storage, compliance."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.anonymity import PLACE, Labels, parts_of_devices
from agent.estate import Managed
from agent.facets import Facets, age_of, is_held
from config.units import DAY


class Share(NamedTuple):
    """So many devices of those of which it is known."""

    devices: int = 0
    known: int = 0

    @property
    def ratio(self) -> float:
        """Return the share, 0 where it is known of none."""
        return self.devices / self.known if self.known else 0.0


@dataclass(slots=True)
class Tally:
    """Counts of a fleet's devices, one after the other; of those that were removed from management only how many.

    ``late_before``: a device that last checked in before that is late (seconds since the epoch).
    """

    late_before: float
    total: int = 0
    facets: Facets = field(default_factory=Facets)
    seen: int = 0
    late: int = 0
    late_by_age: Counter[str] = field(default_factory=Counter[str])

    def take(self, device: Managed, site: str, read_at: float) -> None:
        """Count one device of a site; ``read_at``: when it was read, seconds since the epoch."""
        self.facets.take(device, site, read_at)
        if not is_held(device):
            return
        self.total += 1
        if device.checked_in_at is not None and device.checked_in_at <= read_at + DAY:  # else its clock is wrong
            self.seen += 1
            if device.checked_in_at < self.late_before:
                self.late += 1
                self.late_by_age[age_of(device.checked_in_at, read_at)] += 1

    def told(self, facet: str, floor: int) -> dict[Labels, int]:
        """Return the counts of a facet by its own labels, groups smaller than ``floor`` merged."""
        return {labels[PLACE:]: count for labels, count in self.facets.told(facet, floor).items()}

    def told_late(self, floor: int) -> int | None:
        """Return how many are late; None where they are few, or the ages of check-ins would tell a few by it."""
        counts, late, all_of = self.facets.counts["checkin"], Counter[Labels](), Counter[Labels]()
        for labels, part in parts_of_devices(counts, floor).items():
            late[part] += self.late_by_age[labels[-1]]
            all_of[part] += counts[labels]
        few = any(late[part] and 0 < min(late[part], count - late[part]) < floor for part, count in all_of.items())
        return None if few or 0 < self.late < floor else self.late

    def silent(self) -> Share:
        """Return how many of those that ever checked in are late."""
        return Share(self.late, self.seen)

    def noncompliant(self) -> Share:
        """Return how many break a rule of their management, of those that it judges."""
        judged = self._said("compliance")
        return Share(judged["noncompliant"], judged["noncompliant"] + judged["compliant"])

    def crowded(self) -> Share:
        """Return how many have little storage left, of those that say."""
        said = self._said("storage")
        return Share(said["low"], said["low"] + said["enough"])

    def _said(self, facet: str) -> Counter[str]:
        said: Counter[str] = Counter()
        for labels, count in self.facets.counts[facet].items():
            said[labels[-1]] += count
        return said

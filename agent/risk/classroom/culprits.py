"""What took a room's equipment along: the switch behind which it hangs, or what feeds it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from agent.contract import Subject
from agent.risk.classroom.pieces import Silence
from agent.risk.classroom.units import Unit
from agent.risk.reachability import device_state
from agent.risk.sight import Sight
from config.inventory import Inventory

# What all at a site may hang behind.
CARRIERS = frozenset({"router", "firewall", "switch", "radio"})
# So far apart may things that fell silent together be found so: by their places within the intervals.
SLACK_SECONDS = 600.0


class Culprits:
    """What carries or feeds the rooms, since when it is down, and by site when it last came back."""

    def __init__(self) -> None:
        self._carriers: Mapping[str, str] = {}
        self._watched: Mapping[str, str] = {}
        self._feeding: Mapping[Subject, Sequence[str]] = {}
        self._down: dict[str, float] = {}
        self.returned: dict[str, float] = {}

    def configure(self, inventory: Inventory, units: Iterable[Unit]) -> None:
        """Learn what the rooms hang behind."""
        devices = inventory.devices
        members = [member.subject for unit in units for member in unit.members if member.subject.kind == "device"]
        self._feeding = {one: devices[one.id].powered_by for one in members if devices[one.id].powered_by}
        feeds = {name for names in self._feeding.values() for name in names}
        self._carriers = {name: device.site for name, device in devices.items() if device.role in CARRIERS}
        self._watched = {name: devices[name].site for name in devices if name in feeds or name in self._carriers}
        self._down = {name: since for name, since in self._down.items() if name in self._watched}

    def look(self, sight: Sight) -> None:
        """Note what is down and what came back; what was down and is not known to be back still is."""
        for name, site in self._watched.items():
            state = device_state(sight.jobs.get(Subject("device", name), ()))
            if state.state == "down":
                self._down[name] = state.since or 0.0
            elif state.state != "unknown" and self._down.pop(name, None) is not None:
                self.returned[site] = sight.view.now

    def of(self, unit: Unit, silences: Iterable[Silence]) -> Subject | None:
        """Return what fell about when, or after, all of these did, and before they counted; None where nothing is.

        Where the cause is uncertain the room speaks for itself: what went on answering afterwards did not need it.
        """
        known = [*silences]
        first = max(one.since for one in known) - SLACK_SECONDS
        last = min(one.counts_from for one in known) + SLACK_SECONDS
        down = [(since, name) for name, since in self._candidates(unit) if first <= since <= last]
        return Subject("device", max(down)[1]) if down else None

    def _candidates(self, unit: Unit) -> Iterator[tuple[str, float]]:
        feeding = {name for member in unit.members for name in self._feeding.get(member.subject, ())}
        for name, since in self._down.items():
            if name in feeding or self._carriers.get(name) == unit.site:
                yield name, since

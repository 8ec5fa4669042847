"""How long a UPS must last, by the rooms that it feeds."""

from __future__ import annotations

from dataclasses import dataclass

from agent.risk.ups.feeding import Feeds
from config.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Needs:
    """What is asked of a UPS, in seconds; ``room`` is the id of its room, ``name`` what people call those that ask."""

    room: str | None = None
    name: str = ""
    wait: float | None = None
    shutdown: float | None = None

    @property
    def reserve(self) -> float | None:
        """What must be left when the shutdown begins: twice what it takes (BSI GEB.9.1.3).

        The second half covers a load that is higher than usual while everything stops, and a battery that has aged
        since the shutdown was tried out.
        """
        return None if self.shutdown is None else 2 * self.shutdown

    @property
    def required(self) -> float | None:
        """The least support time: the wait for the mains and the reserve (BSI GEB.9.1.3); None where neither is set."""
        known = [one for one in (self.wait, self.reserve) if one is not None]
        return sum(known) if known else None


def needs_of(inventory: Inventory, feeds: Feeds, name: str) -> Needs:
    """Return what is asked of a UPS: the wait of its own room, else the longest; the longest shutdown of all."""
    device = inventory.devices.get(name)
    own = None if device is None else device.room
    fed = (inventory.devices[one].room for one in sorted(feeds.beyond(name)))
    asked = [_of_room(inventory, room) for room in dict.fromkeys((own, *fed)) if room is not None]
    stopping = max((one for one in asked if one.shutdown is not None), key=_shutdown, default=None)
    waiting = max((one for one in asked if one.wait is not None), key=lambda one: _wait(one, own), default=None)
    asking = [one for one in (waiting, stopping) if one is not None]
    if not asking:
        return asked[0] if own is not None else Needs()
    at_home = own is not None and asked[0].required is not None
    return Needs(
        room=own if at_home else asking[-1].room,
        name=", ".join(dict.fromkeys(one.name for one in asking)),
        wait=None if waiting is None else waiting.wait,
        shutdown=None if stopping is None else stopping.shutdown,
    )


def _shutdown(needs: Needs) -> float:
    return needs.shutdown or 0.0


def _wait(needs: Needs, own: str | None) -> tuple[bool, float]:
    return needs.room == own, needs.wait or 0.0


def _of_room(inventory: Inventory, room: str) -> Needs:
    known = inventory.rooms.get(room)
    if known is None:
        return Needs(room, room)
    return Needs(room, known.name or room, known.power_return_wait, known.shutdown_time)

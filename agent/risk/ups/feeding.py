"""Who feeds whom: what a UPS takes along, and the ways of power to a device."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from config.inventory import Inventory

_SETS_KEPT = 2_000


class Feeds:
    """The wiring of one inventory (``powered_by``). What follows from it alone is worked out once.

    ``by``: the feeders of each device that has any, in the order of the file, each once. ``twice``: the devices with
    two feeders or more.
    """

    def __init__(self, by: Mapping[str, Collection[str]]) -> None:
        self.by: Mapping[str, tuple[str, ...]] = {name: tuple(dict.fromkeys(feeders)) for name, feeders in by.items()}
        self.twice = tuple(name for name, feeders in self.by.items() if len(feeders) > 1)
        self._fed: dict[str, list[str]] = {}
        for name, feeders in self.by.items():
            for feeder in feeders:
                self._fed.setdefault(feeder, []).append(name)
        self._beyond: dict[str, frozenset[str]] = {}
        self._lost: dict[frozenset[str], frozenset[str]] = {}
        self._shared: tuple[tuple[str, ...], Mapping[str, tuple[str, ...]]] = ((), {})

    @classmethod
    def of(cls, inventory: Inventory) -> Feeds:
        """Gather them; a feeder that is not in the inventory is left out."""
        devices = inventory.devices
        fed = {name: [one for one in device.powered_by if one in devices] for name, device in devices.items()}
        return cls({name: feeders for name, feeders in fed.items() if feeders})

    def lost(self, sources: Collection[str]) -> frozenset[str]:
        """Return what loses all its feeds if these end together, and what in turn hangs on that."""
        key = frozenset(sources)
        known = self._lost.get(key)
        if known is None:
            if len(self._lost) >= _SETS_KEPT:  # who stands on battery together changes
                self._lost.clear()
            known = self._lost[key] = self._reached(key, every=True)
        return known

    def beyond(self, source: str) -> frozenset[str]:
        """Return everything that is fed by this source, if only by one of its feeds."""
        known = self._beyond.get(source)
        if known is None:
            known = self._beyond[source] = self._reached((source,), every=False)
        return known

    def _reached(self, sources: Collection[str], *, every: bool) -> frozenset[str]:
        """One pass from feeder to fed; ``every``: what is reached must be so by all its feeders."""
        reached, near, dark = set(sources), list(sources), set[str]()
        missing: dict[str, int] = {}
        while near:
            for name in self._fed.get(near.pop(), ()):
                if name in reached:
                    continue
                missing[name] = missing.get(name, len(self.by[name])) - 1
                if missing[name] == 0 or not every:
                    dark.add(name)
                    reached.add(name)
                    near.append(name)
        return frozenset(dark)

    def chains(self, device: str, towards: str) -> tuple[str, ...]:
        """Return for each feed of a device the way to a source, as ``feeder <- feeder <- source``."""
        return tuple(" ← ".join((device, *self._chain(feeder, towards))) for feeder in self.by.get(device, ()))

    def _chain(self, feeder: str, towards: str) -> tuple[str, ...]:
        """One way up: through the first feeder from which the source is reached."""
        fed = self.beyond(towards)
        chain = [feeder]
        while chain[-1] != towards:
            further = [one for one in self.by.get(chain[-1], ()) if one == towards or one in fed]
            if not further or further[0] in chain:
                break
            chain.append(further[0])
        return tuple(chain)

    def shared(self, supplies: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
        """Return by UPS the devices with two feeds or more that hang on it alone, each device once."""
        if self._shared[0] != supplies:
            found: dict[str, list[str]] = {}
            told = set[str]()
            for ups in supplies:
                lost = self.lost((ups,))
                hanging = [one for one in self.twice if one in lost and one not in told]
                if hanging:
                    found[ups] = hanging
                told.update(hanging)
            self._shared = supplies, {ups: tuple(devices) for ups, devices in found.items()}
        return self._shared[1]

    def partners(self, ups: str, supplies: tuple[str, ...]) -> tuple[str, ...]:
        """Return the other UPS that feed a device which this one feeds as well."""
        mine = self.beyond(ups)
        return tuple(one for one in supplies if one != ups and not mine.isdisjoint(self.beyond(one)))

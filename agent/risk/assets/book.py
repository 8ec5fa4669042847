"""The asset register with what is seen, read and merged once for all who judge by it. Pure, in portions."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.risk.assets.merge import Entry, merging
from agent.risk.assets.seen import Sighted, Sightings
from agent.risk.portions import portions
from agent.risk.sight import Sight
from config.inventory import Inventory


class Merged(NamedTuple):
    """What was seen, and every row of the register with it."""

    sighted: Sighted
    entries: Sequence[Entry]


@dataclass(slots=True, eq=False)
class AssetBook:
    """What was last merged; merged anew when the configuration or what is seen is another.

    ``before``: asset tags of rows that were ever seen.
    """

    _inventory: Inventory | None = None
    _merged: Merged | None = None
    _sightings: Sightings = field(default_factory=Sightings)
    _before: frozenset[str] = frozenset()

    def look(self, sight: Sight) -> Generator[None, None, Merged | None]:
        """Return register and what is seen, the same object until something is new; None without a register.

        Pauses wherever the loop may turn.
        """
        inventory = sight.inventory
        if not any(file.assets for file in inventory.assets):
            self._inventory = self._merged = None
            return None
        sighted = yield from self._sightings.look(inventory, sight.jobs)
        merged = self._merged
        if merged is None or self._inventory is not inventory or not sighted.same(merged.sighted):
            merged = Merged(sighted, (yield from merging(inventory, sighted, self._before)))
            self._before |= yield from _tags_seen(merged.entries)
            self._inventory, self._merged = inventory, merged
        return merged


def _tags_seen(entries: Sequence[Entry]) -> Generator[None, None, set[str]]:
    """Return the asset tags of the rows that are seen."""
    found: set[str] = set()
    for portion in portions(entries):
        found.update(one.asset.asset_tag for one in portion if one.asset is not None and one.seen is not None)
        yield
    return found

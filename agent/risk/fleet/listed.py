"""What runs on devices that only the asset register lists. In portions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from agent.risk.assets.book import AssetBook, Merged
from agent.risk.assets.merge import Entry
from agent.risk.assets.seen import ANY_POLLED, Place
from agent.risk.fleet.systems import Systems
from agent.risk.portions import portions
from agent.risk.sight import Sight


class Listed(NamedTuple):
    """A device as its row says it; ``version``: None where ``product`` holds it, ``Windows 10 22H2``."""

    site: str | None
    kind: str
    product: str
    version: str | None


@dataclass(slots=True)
class Register:
    """The rows of devices that nothing else sees, counted anew only where register or sight is another."""

    _assets: AssetBook
    _merged: Merged | None = None
    _counted: Counter[Listed] = field(default_factory=Counter[Listed])

    def gathering(self, sight: Sight, systems: Systems) -> Iterator[None]:
        """Add what they run; pauses wherever the loop may turn."""
        merged = yield from self._assets.look(sight)
        if merged is not self._merged:
            self._counted = Counter() if merged is None else (yield from _counting(merged))
            self._merged = merged
        for listed, count in self._counted.items():
            systems.take(systems.running(*listed), count)


def _counting(merged: Merged) -> Generator[None, None, Counter[Listed]]:
    found: Counter[Listed] = Counter()
    hidden = merged.sighted.dark | merged.sighted.mute
    for portion in portions(merged.entries):
        for entry in portion:
            if _only_listed(entry, hidden):
                found.update(_said(entry))
        yield
    return found


def _only_listed(entry: Entry, hidden: frozenset[Place]) -> bool:
    """Whether it is in use and surely nothing that is seen: not where something is silent, or never says its serial."""
    asset = entry.asset
    if asset is None or entry.seen is not None or asset.status != "in_use":
        return False
    kinds = (asset.kind, ANY_POLLED)
    return not any((site, kind) in hidden for site in (asset.site, None) for kind in kinds)


def _said(entry: Entry) -> Iterator[Listed]:
    """Yield the system of a row, and its firmware."""
    asset = entry.asset
    if asset is not None and asset.os:
        yield Listed(asset.site, asset.kind, asset.os, None)
    if asset is not None and asset.firmware:
        yield Listed(asset.site, asset.kind, f"{asset.vendor} {asset.model}".strip(), asset.firmware)

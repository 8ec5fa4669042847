"""When the devices of the register run out of warranty and support, and when they are to be replaced. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal, NamedTuple

from agent.risk.fleet.gathering import Place, places
from agent.risk.fleet.needs import Terms, added, needs
from agent.risk.fleet.stock import Batch
from config.assets import Asset
from config.inventory import Inventory

What = Literal["warranty", "support", "replacement"]


class Ending(NamedTuple):
    """Devices of a site (None: of none that is configured) that something ends for in a year.

    ``cost``: of replacing them; None where one has no price, or nothing is replaced.
    """

    site: str | None
    what: What
    year: int
    devices: int
    cost: float | None = None


def endings(inventory: Inventory, today: date, years: int = 2) -> list[Ending]:
    """Return what ends this year and in the next ones, so many in all, by site; what is overdue falls into this year.

    Warranties and support that ended earlier are over, and listed no more.
    """
    last = today.year + years - 1
    assets = [asset for file in inventory.assets for asset in file.assets if asset.status != "retired"]
    found = [*_dates(assets, today, last), *_replacements(inventory, assets, today, last)]
    return sorted(found, key=lambda one: (one.site or "", one.what, one.year))


def _dates(assets: Iterable[Asset], today: date, last: int) -> Iterator[Ending]:
    counts = Counter[tuple[str | None, What, int]]()
    for asset in assets:
        days: tuple[tuple[What, date | None], ...] = (
            ("warranty", asset.warranty_until),
            ("support", asset.support_until),
        )
        for what, day in days:
            if day is not None and today <= day and day.year <= last:
                counts[asset.site, what, day.year] += 1
    for (site, what, year), count in counts.items():
        yield Ending(site, what, year, count)


def _replacements(inventory: Inventory, assets: Iterable[Asset], today: date, last: int) -> Iterator[Ending]:
    """Yield what is to be replaced at each site, a fleet's devices on the fleet's terms."""
    fleets = places(inventory.fleets)
    batches: dict[str | None, dict[str, Counter[Batch]]] = {}
    for asset in assets:
        batch = Batch(asset.bought, asset.replace_on, asset.cost)
        batches.setdefault(asset.site, {}).setdefault(asset.kind, Counter())[batch] += 1
    for site, kinds in batches.items():
        terms = {kind: _terms(inventory, fleets, (site or "", kind)) for kind in kinds}
        for need in added(needs(kinds[kind], terms[kind], today) for kind in kinds):
            if need.year <= last:
                yield Ending(site, "replacement", need.year, need.devices, need.cost)


def _terms(inventory: Inventory, fleets: dict[Place, str], place: Place) -> Terms:
    name = fleets.get(place)
    return Terms() if name is None else Terms(inventory.fleets[name].lifetime, inventory.fleets[name].unit_cost)

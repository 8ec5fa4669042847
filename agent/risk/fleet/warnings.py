"""What ``ringwacht check`` says of fleets that can be read, but hardly be judged."""

from __future__ import annotations

from collections.abc import Iterator

from agent.risk.fleet.gathering import Place, places
from config.inventory import Inventory
from config.settings import Settings


def fleet_warnings(inventory: Inventory, settings: Settings) -> Iterator[str]:
    """Yield a warning for fleets that nothing tells apart, and where it is not known which days are days of school."""
    alone = places(inventory.fleets)
    shared: dict[Place, list[str]] = {}
    for name, fleet in inventory.fleets.items():
        if (fleet.site, fleet.kind) not in alone:
            shared.setdefault((fleet.site, fleet.kind), []).append(name)
    for (site, kind), names in shared.items():
        yield f"fleets: {', '.join(names)} are all of kind {kind} at {site}: their devices cannot be told apart"
    town = settings.municipality
    schools = {name for name, site in inventory.sites.items() if site.kind == "school"}
    timed = [name for name, fleet in inventory.fleets.items() if fleet.source is not None and fleet.site in schools]
    if timed and town.school_holidays is None and town.school_calendar is None:
        yield (
            f"fleets: {', '.join(timed)}: without municipality.school_holidays nobody knows which days are days of "
            "school: rule fleet_silent is not judged"
        )

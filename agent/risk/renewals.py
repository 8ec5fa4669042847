"""Licences whose terms end on one day under one contract: one entry, however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agent.risk.texts import Words
from config.contracts import Licence
from config.inventory import Inventory

NAMED = 3


@dataclass(frozen=True, slots=True)
class Renewal:
    """Licences of one contract, or else of one site, with the same last day and the same notice (in seconds).

    ``id``: the first of them as they are configured. ``site``: None where they are of several.
    """

    id: str
    names: tuple[str, ...]
    renews: date
    notice: float | None
    site: str | None

    def name(self, words: Words) -> str:
        """Return ``A, B, C and 7 more``."""
        return words.joined(words.few(self.names, NAMED))


def renewals(inventory: Inventory) -> Iterator[Renewal]:
    """Yield what renews, in the order of the configuration."""
    alike: dict[tuple[object, ...], dict[str, Licence]] = {}
    for key, licence in inventory.licences.items():
        if licence.renews is not None:
            place = ("site", licence.site) if licence.contract is None else ("contract", licence.contract)
            alike.setdefault((*place, licence.renews, licence.notice), {})[key] = licence
    for them in alike.values():
        first, *_ = them
        one = them[first]
        names = tuple(licence.name or licence.product for licence in them.values())
        sites = {licence.site for licence in them.values()}
        if one.renews is not None:
            yield Renewal(first, names, one.renews, one.notice, one.site if len(sites) == 1 else None)

"""The part of the inventory that is one municipality's. Pure.

A site is whose it says (``municipality``), else that of the municipality that runs this Ringwacht. What has a site goes
with it; a link with each of its ends, a function with its legs, a contract with what is owed under it. Of what stands
at others' sites nothing is left but the id of the site at the far end of a link.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from agent.contract import Finding, Subject
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.contracts.owed import owed_things
from agent.risk.texts import Language
from config.assets import AssetFile
from config.inventory import Contract, End, Inventory, Link, Service, Site, Source
from config.settings import Settings
from exporters.web.sharing.foreign import Foreign

_AT_SITES = ("devices", "rooms", "services", "fleets", "projectors", "partners", "deadlines", "licences")

_Entry = TypeVar("_Entry")


@dataclass(frozen=True, slots=True)
class Share:
    """What is one municipality's: ``inventory`` holds nothing else, ``sites`` are its own.

    ``whole_contracts``: under which nothing is owed to others. ``foreign``: what others have.
    """

    id: str
    sites: frozenset[str]
    inventory: Inventory
    whole_contracts: frozenset[str]
    foreign: Foreign
    language: Language

    def has(self, subject: Subject) -> bool:
        """Whether a subject is in it; what is of no site (the daemon, a group) is not."""
        if subject.kind == "site":
            return subject.id in self.sites
        return subject.id in getattr(self.inventory, f"{subject.kind}s", ())

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding is about it: about something of it, at one of its sites, or about all that is seen."""
        if finding.subject.kind == "contract":
            return finding.subject.id in self.whole_contracts
        if finding.subject.id in self.foreign.ids:
            return False
        return finding.site in self.sites or self.has(finding.subject) or finding.rule == UPLINK_DOWN


def owner(site: Site, settings: Settings) -> str:
    """Return the municipality that a site belongs to."""
    return site.municipality or settings.municipality.id


def share_of(municipality: str, inventory: Inventory, settings: Settings) -> Share:
    """Return what is that municipality's."""
    sites = frozenset(name for name, one in inventory.sites.items() if owner(one, settings) == municipality)
    owed = _owed(inventory)
    own = _narrowed(inventory, sites, owed)
    whole = frozenset(name for name in own.contracts if owed[name] <= {*own.services, *own.links})
    foreign = Foreign.of(inventory, own)
    return Share(municipality, sites, own, whole, foreign, settings.municipality.language)


def _owed(inventory: Inventory) -> Mapping[str, set[str]]:
    """Return what is owed under each contract."""
    owed: dict[str, set[str]] = {name: set() for name in inventory.contracts}
    for thing, contract in owed_things(inventory):
        owed[contract.id].add(thing.id)
    return owed


def _narrowed(inventory: Inventory, sites: frozenset[str], owed: Mapping[str, set[str]]) -> Inventory:
    links = {
        name: _own_ends(one, sites)
        for name, one in inventory.links.items()
        if any(end.site in sites for end in one.ends)
    }
    at_sites = {section: _at(getattr(inventory, section), sites) for section in _AT_SITES}
    known = frozenset({*at_sites["devices"], *links, *at_sites["services"]})
    return inventory.model_copy(
        update={
            **at_sites,
            "sites": {name: _own_needs(one, sites) for name, one in inventory.sites.items() if name in sites},
            "services": {name: _own_reliance(inventory.services[name], known) for name in at_sites["services"]},
            "sources": {name: one for name, one in inventory.sources.items() if _reads(one, sites)},
            "links": links,
            "rings": {},
            "rules": {},
            "functions": {
                name: one for name, one in inventory.functions.items() if {one.primary, *one.standby} <= known
            },
            "contracts": {
                name: _own_price(one, owed[name], known)
                for name, one in inventory.contracts.items()
                if owed[name] & known
            },
            "assets": tuple(_rows(file, sites) for file in inventory.assets),
        }
    )


def _at(entries: Mapping[str, _Entry], sites: Collection[str]) -> dict[str, _Entry]:
    return {name: one for name, one in entries.items() if getattr(one, "site", None) in sites}


def _reads(source: Source, sites: frozenset[str]) -> bool:
    """Whether a source tells of devices at one of the sites."""
    return source.site in sites or not sites.isdisjoint(source.locations.values())


def _own_ends(link: Link, sites: Collection[str]) -> Link:
    """Return a link of whose far end no more is told than at which site it is."""
    ends = tuple(end if end.site in sites else End(end.site) for end in link.ends)
    return link.model_copy(update={"ends": ends})


def _own_needs(site: Site, sites: Collection[str]) -> Site:
    needs = None if site.needs is None else tuple(name for name in site.needs if name in sites)
    return site.model_copy(update={"needs": needs})


def _own_reliance(service: Service, known: Collection[str]) -> Service:
    return service.model_copy(update={"depends_on": tuple(name for name in service.depends_on if name in known)})


def _own_price(contract: Contract, owed: set[str], known: Collection[str]) -> Contract:
    """Return a contract with its price only where nothing is owed to others under it."""
    return contract if owed <= set(known) else contract.model_copy(update={"monthly_cost": None})


def _rows(file: AssetFile, sites: Collection[str]) -> AssetFile:
    assets = tuple(one for one in file.assets if one.site in sites)
    return replace(file, assets=assets, warranties=tuple(one for one in file.warranties if one.site in sites))

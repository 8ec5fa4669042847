"""A snapshot with nothing in it but what is one municipality's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from agent.contract import (
    Alert,
    Column,
    FunctionState,
    House,
    JobState,
    Network,
    Reading,
    Series,
    SiteVerdict,
    Snapshot,
    Subject,
    View,
)
from agent.estate import ContractState, Estate
from agent.families import LAST_JUDGEMENT
from exporters.web.sharing.share import Share

_State = TypeVar("_State")


class SharedView:
    """A view of which only the jobs of a share are seen; implements ``contract.View``."""

    def __init__(self, whole: View, share: Share) -> None:
        self.now = whole.now
        self._whole = whole
        self._share = share

    def jobs(self, subject: Subject | None = None) -> Iterable[JobState]:
        """Return every job's state, or those of one subject."""
        return [job for job in self._whole.jobs(subject) if self._share.has(job.key.subject)]

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        """Yield the fresh series of a family, of one subject or of all."""
        return (one for one in self._whole.series(family, subject) if self._share.has(one.subject))

    def families(self) -> Iterable[str]:
        """Return the name of every family that a fresh reading holds."""
        held = (job.reading.harvest for job in self.jobs() if job.reading is not None)
        return {column.family.name for harvest in held if harvest is not None for column in harvest.layout.columns}

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        """Yield each fresh reading, of one subject or of all, that holds the family, with the column."""
        found = self._whole.columns(family, subject)
        return ((reading, column) for reading, column in found if self._share.has(reading.key.subject))


def shared(snapshot: Snapshot, share: Share) -> Snapshot:
    """Return what of a snapshot is the share's: no series of the daemon, no figures of others, no parts of it."""
    return replace(
        snapshot,
        view=SharedView(snapshot.view, share),
        tables=(),
        own=tuple(one for one in snapshot.own if one[0].name == LAST_JUDGEMENT.name),
        alerts=tuple(_alerts(snapshot.alerts, share)),
        network=None if snapshot.network is None else _network(snapshot.network, share),
        house=None if snapshot.house is None else _house(snapshot.house, share),
        estate=None if snapshot.estate is None else _estate(snapshot.estate, share),
        stuck=(),
    )


def _alerts(alerts: Iterable[Alert], share: Share) -> Iterator[Alert]:
    for alert in alerts:
        if share.concerns(alert.finding):
            yield share.foreign.without(alert, share.language)


def _of(states: Mapping[str, _State], names: Iterable[str]) -> dict[str, _State]:
    wanted = frozenset(names)
    return {name: one for name, one in states.items() if name in wanted}


def _network(network: Network, share: Share) -> Network:
    """Return it without rings and what-ifs: these are about what belongs to all."""
    return Network(
        network.at,
        links={
            name: share.foreign.without_reason(one) for name, one in _of(network.links, share.inventory.links).items()
        },
        devices=_of(network.devices, share.inventory.devices),
        sites={name: _site(one, share) for name, one in _of(network.sites, share.sites).items()},
        site_utilisation=_of(network.site_utilisation, share.sites),
        demand=_of(network.demand, share.sites),
    )


def _site(site: SiteVerdict, share: Share) -> SiteVerdict:
    return replace(site, cuts=tuple(cut for cut in site.cuts if share.has(cut)))


def _function(state: FunctionState, share: Share) -> FunctionState:
    shared = tuple(
        one for one in state.shared if one.id in {*share.sites, *share.inventory.rooms, *share.inventory.devices}
    )
    return replace(state, shared=shared)


def _house(house: House, share: Share) -> House:
    rooms, devices = share.inventory.rooms, share.inventory.devices
    risks = tuple(one for one in house.risks if one.scope is not None and share.has(one.scope))
    return House(
        house.at,
        _of(house.rooms, rooms),
        _of(house.courses, rooms),
        _of(house.power, devices),
        {name: _function(one, share) for name, one in _of(house.functions, share.inventory.functions).items()},
        risks,
    )


def _estate(estate: Estate, share: Share) -> Estate:
    inventory = share.inventory
    return replace(
        estate,
        services=_of(estate.services, inventory.services),
        contracts={name: _contract(one, share) for name, one in _of(estate.contracts, inventory.contracts).items()},
        fleets=_of(estate.fleets, inventory.fleets),
        licences=_of(estate.licences, inventory.licences),
        classrooms=tuple(one for one in estate.classrooms if one.site in share.sites),
        versions=tuple(one for one in estate.versions if one.site in share.sites),
        register=None,
        backups=_of(estate.backups, inventory.devices),
    )


def _contract(state: ContractState, share: Share) -> ContractState:
    """Return what is owed to the share; whether it is missed is told of that alone."""
    month = {subject: one for subject, one in state.month.items() if share.has(subject)}
    budgets = [one.budget_seconds for one in month.values() if one.budget_seconds is not None]
    missed = any(left < 0 for left in budgets) if budgets and state.missed is not None else None
    return replace(
        state,
        month=month,
        missed=missed,
        year={subject: one for subject, one in state.year.items() if share.has(subject)},
        last_month={subject: one for subject, one in state.last_month.items() if share.has(subject)},
        bad_days=tuple(day for day in state.bad_days if share.has(day.subject)),
        rates=tuple(rate for rate in state.rates if rate.link in share.inventory.links),
    )

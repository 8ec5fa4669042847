"""What one look sees of links, devices and sites, before any verdict."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace

from agent.contract import ElementState
from agent.risk.hop.state import look as look_at_hop
from agent.risk.network.capacity import negotiated
from agent.risk.network.declared import Declared
from agent.risk.network.fades import Level, levels_of
from agent.risk.network.memory import Heard, LinkMemory
from agent.risk.network.states import (
    LinkNow,
    answered_at,
    at_sites,
    device_states,
    link_now,
    silent_since,
    since,
    with_hop,
)
from agent.risk.network.verdicts import proved_up
from agent.risk.network.witnesses import witnesses
from agent.risk.reachability import DeviceState
from agent.risk.sight import Sight
from config.inventory import Link

LINKS_AT_ONCE = 20  # between two pauses: of two switches each port is looked at until the one is found


@dataclass(frozen=True, slots=True)
class Survey:
    """One look. Times are seconds since the epoch.

    ``states``: state of each link with its beginning. ``down``: links that do not carry, since when. ``doubtful``:
    links of unknown state. ``memory``: what the next look needs of each link. ``silent``: sites where
    nothing answers, since when. ``answered``: when a device of each site was last asked with success. ``polled``: sites
    with something that could answer.
    """

    links: Mapping[str, LinkNow]
    states: Mapping[str, ElementState]
    down: Mapping[str, float]
    doubtful: frozenset[str]
    memory: Mapping[str, LinkMemory]
    devices: Mapping[str, DeviceState]
    silent: Mapping[str, float]
    answered: Mapping[str, float]
    polled: frozenset[str]

    @property
    def undecided(self) -> frozenset[str]:
        """Links of unknown state of which something will tell; of the others nothing ever does."""
        return frozenset(name for name in self.doubtful if self.links[name].said)

    @property
    def capacity(self) -> dict[str, float]:
        """Bits per second that each link can carry now, where that is known."""
        return {name: link.capacity for name, link in self.links.items() if link.capacity is not None}


def survey(sight: Sight, declared: Declared, before: Mapping[str, LinkMemory]) -> Generator[None, None, Survey]:
    """Look at everything; pauses wherever the loop may turn. ``before``: the links at the last look."""
    devices = device_states(sight)
    sites = at_sites(sight, devices)
    answered = {site: at for site, known in sites.items() if (at := answered_at(known)) is not None}
    told = yield from _links(sight, before)
    links = _with_proof(sight, declared, told, answered)
    now = sight.view.now
    remembered = {name: _remembered(sight, name, link, before.get(name)) for name, link in links.items()}
    states = {name: one.state for name, one in remembered.items()}
    return Survey(
        links,
        states,
        {name: state.since or now for name, state in states.items() if state.state == "down"},
        frozenset(name for name, state in states.items() if state.state == "unknown"),
        remembered,
        devices,
        _silent(declared, sites, now),
        answered,
        frozenset(site for site, known in sites.items() if known),
    )


def _links(sight: Sight, before: Mapping[str, LinkMemory]) -> Generator[None, None, dict[str, LinkNow]]:
    links: dict[str, LinkNow] = {}
    for number, (name, link) in enumerate(sight.inventory.links.items(), start=1):
        links[name] = _link(sight, name, link, before.get(name))
        if number % LINKS_AT_ONCE == 0:
            yield
    return links


def _link(sight: Sight, name: str, link: Link, before: LinkMemory | None) -> LinkNow:
    state, was_off = (None, False) if before is None else (before.state.state, before.off)
    now = link_now(sight, witnesses(sight, name, link), state, was_off=was_off)
    if link.kind == "radio":
        hop = look_at_hop(sight, name, link)
        if hop is not None:
            now = with_hop(now, hop.state, hop.reason, hop.capacity_bits_per_second, several=hop.several)
        measured = now.measured
    else:
        measured = negotiated(sight, link)
    if measured is None and now.state == "unknown" and before is not None:
        measured = before.measured  # what was measured last is nearer to the truth than what was bought
    known = [rate for rate in (link.capacity, measured) if rate is not None]
    return replace(now, measured=measured, capacity=min(known, default=None))


def _remembered(sight: Sight, name: str, link: LinkNow, before: LinkMemory | None) -> LinkMemory:
    now = sight.view.now
    says = tuple(witness.says for witness in link.said)
    same = before is not None and before.heard.says == says
    heard = Heard(says, min(before.heard.since, now) if before is not None and same else now)
    state = since(None if before is None else before.state, link.state, link.reason, now)
    return LinkMemory(state, heard, link.off, link.measured, _levels(sight, name, link, before))


def _levels(sight: Sight, name: str, link: LinkNow, before: LinkMemory | None) -> tuple[Level, ...]:
    """Return what a hop receives while it carries, and of one that does not what it last did."""
    hop = look_at_hop(sight, name, sight.inventory.links[name]) if link.state in {"up", "degraded"} else None
    known = () if before is None else before.levels
    return known if hop is None else levels_of(hop) or known


def _with_proof(
    sight: Sight, declared: Declared, links: Mapping[str, LinkNow], answered: Mapping[str, float]
) -> Mapping[str, LinkNow]:
    """A link of unknown state carries if a site answers that could not be reached without it."""
    doubtful = [name for name, link in links.items() if link.state == "unknown"]
    if not doubtful:
        return links
    down = frozenset(name for name, link in links.items() if link.state == "down")
    proved = proved_up(declared.topology, declared.home, down, doubtful, answered.keys())
    reason = sight.words.say("link_proved")
    return {name: replace(link, state="up", reason=reason) if name in proved else link for name, link in links.items()}


def _silent(declared: Declared, sites: Mapping[str, list[DeviceState]], now: float) -> dict[str, float]:
    """Return the sites where nothing answers; of its own site the daemon itself is the proof.

    Where no way is declared a silent device speaks for itself: there is no network to be cut off from.
    """
    needs = declared.topology.needs
    joined = {site for site, own in needs.items() if own}.union(*needs.values())
    times = {site: silent_since(known) for site, known in sites.items() if site in joined - {declared.home}}
    return {site: min(at, now) for site, at in times.items() if at is not None}

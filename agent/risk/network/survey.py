"""What one look sees of links, devices and sites, before any verdict."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from agent.contract import ElementState
from agent.risk.hop.state import look as look_at_hop
from agent.risk.network.capacity import negotiated
from agent.risk.network.declared import Declared
from agent.risk.network.states import (
    LinkNow,
    State,
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


class Heard(NamedTuple):
    """What the witnesses of a link say, in their order, and since when (seconds since the epoch)."""

    says: tuple[str, ...]
    since: float


@dataclass(frozen=True, slots=True)
class Survey:
    """One look. Times are seconds since the epoch.

    ``states``: state of each link with its beginning. ``down``: links that do not carry, since when. ``doubtful``:
    links of unknown state. ``heard``: what is said of each link, and since when it is said. ``silent``: sites where
    nothing answers, since when. ``answered``: when a device of each site was last asked with success. ``polled``: sites
    with something that could answer.
    """

    links: Mapping[str, LinkNow]
    states: Mapping[str, ElementState]
    down: Mapping[str, float]
    doubtful: frozenset[str]
    heard: Mapping[str, Heard]
    devices: Mapping[str, DeviceState]
    silent: Mapping[str, float]
    answered: Mapping[str, float]
    polled: frozenset[str]

    @property
    def capacity(self) -> dict[str, float]:
        """Bits per second that each link can carry now, where that is known."""
        return {name: link.capacity for name, link in self.links.items() if link.capacity is not None}


def survey(
    sight: Sight, declared: Declared, before: Mapping[str, ElementState], heard: Mapping[str, Heard]
) -> Generator[None, None, Survey]:
    """Look at everything; pauses wherever the loop may turn.

    ``before``, ``heard``: the links' states, and what was said of them, at the last look.
    """
    devices = device_states(sight)
    sites = at_sites(sight, devices)
    answered = {site: at for site, known in sites.items() if (at := answered_at(known)) is not None}
    told = yield from _links(sight, before)
    links = _with_proof(sight, declared, told, answered)
    now = sight.view.now
    states = {name: since(before.get(name), link.state, link.reason, now) for name, link in links.items()}
    return Survey(
        links,
        states,
        {name: state.since or now for name, state in states.items() if state.state == "down"},
        frozenset(name for name, state in states.items() if state.state == "unknown"),
        {name: _heard(link, heard.get(name), now) for name, link in links.items()},
        devices,
        _silent(declared, sites),
        answered,
        frozenset(site for site, known in sites.items() if known),
    )


def _links(sight: Sight, before: Mapping[str, ElementState]) -> Generator[None, None, dict[str, LinkNow]]:
    links: dict[str, LinkNow] = {}
    for number, (name, link) in enumerate(sight.inventory.links.items(), start=1):
        known = before.get(name)
        links[name] = _link(sight, name, link, None if known is None else known.state)
        if number % LINKS_AT_ONCE == 0:
            yield
    return links


def _link(sight: Sight, name: str, link: Link, before: State | None) -> LinkNow:
    now = link_now(sight, witnesses(sight, name, link), before)
    if link.kind == "radio":
        hop = look_at_hop(sight, name, link)
        if hop is not None:
            now = with_hop(now, hop.state, hop.reason, hop.capacity_bits_per_second, several=hop.several)
        measured = now.capacity
    else:
        measured = negotiated(sight, link)
    known = [rate for rate in (link.capacity, measured) if rate is not None]
    return replace(now, capacity=min(known, default=None))


def _heard(link: LinkNow, before: Heard | None, now: float) -> Heard:
    says = tuple(witness.says for witness in link.said)
    return before if before is not None and before.says == says else Heard(says, now)


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


def _silent(declared: Declared, sites: Mapping[str, list[DeviceState]]) -> dict[str, float]:
    """Return the sites where nothing answers; of its own site the daemon itself is the proof."""
    times = {site: silent_since(known) for site, known in sites.items() if site != declared.home}
    return {site: at for site, at in times.items() if at is not None}

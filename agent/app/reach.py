"""What ``check`` says of receivers that are reached only over what the alert is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from agent.alerts.muting import accepted
from agent.alerts.roster import Roster
from agent.app.earshot import PROMPT_SECONDS, Ears, Gap, possible_roles
from agent.contract import Finding, Severity, Subject
from agent.risk.calendar import Calendar
from agent.risk.catalogue.devices import DEVICE_UNREACHABLE
from agent.risk.catalogue.links import LINK_DOWN
from agent.risk.catalogue.network import REDUNDANCY_LOST, SITE_ISOLATED
from agent.risk.found import adjusted
from agent.risk.links import severity_of_cut
from agent.risk.network.flow import labels
from agent.risk.network.ways import all_ways, unreachable
from agent.risk.topology import Loss, Topology
from config.errors import Problem
from config.handbook import human_duration
from config.loader import Loaded
from config.settings import Receiver

_LISTED = 3  # more than that is counted, not named
# Who hears nothing of the cut itself is not said to hear nothing of this, either.
_FOLLOWING = frozenset({DEVICE_UNREACHABLE, REDUNDANCY_LOST})


class _Failure(NamedTuple):
    """What fails, what is lost with it, and who hears what of it."""

    element: Subject
    loss: Loss
    ears: Ears


_Failures = dict[_Failure, set[str]]  # what fails, and the rules that find it


def reach_remarks(loaded: Loaded, roster: Roster, now: float) -> Iterator[Problem]:
    """Yield a remark for each route of which nobody is reached soon while what the alert is about is cut.

    Receivers that name no ``via`` count as reached: nothing is known of their way. ``roster``: what was read of
    the duty calendars, at ``now`` (seconds since the epoch).
    """
    receivers = loaded.settings.alerting.receivers
    if any(receiver.via for receiver in receivers.values()):
        reach = _Reach(loaded, Topology.of(loaded.inventory, loaded.settings), roster, now)
        for gap, failures in reach.gaps().items():
            yield _remark(loaded, gap, failures)


@dataclass(frozen=True, eq=False)
class _Reach:
    """The declared network, and who is told over it."""

    loaded: Loaded
    topology: Topology
    roster: Roster
    now: float

    def gaps(self) -> dict[Gap, _Failures]:
        """Return what opens each gap; what a single link already explains is not told again of what takes it along."""
        found: dict[Gap, _Failures] = {}
        for failure in self._failures():
            for finding in self._told(failure):
                gap = failure.ears.gap(finding)
                if gap is not None:
                    known = found.setdefault(gap, {})
                    if not _is_explained(finding.rule, failure, known):
                        known.setdefault(failure, set()).add(finding.rule)
        return found

    @cached_property
    def _designed(self) -> Mapping[str, int]:
        return all_ways(self.topology, frozenset())

    def _failures(self) -> Iterator[_Failure]:
        """Yield every single failure that cuts receivers off and leaves a daemon that could tell of it; sites last.

        What a shared risk takes along is lost with a whole site, too, and the shared risk is the likelier one.
        """
        uplink, roles = self.loaded.settings.uplink, possible_roles(self.loaded.settings, self.roster, self.now)
        for element in sorted(self.topology.elements, key=lambda one: one.kind == "site"):
            loss = self.topology.loss((element,))
            if loss.links and (uplink is None or uplink.site not in loss.sites):
                cut = self._cut_off(loss)
                if cut:
                    yield _Failure(element, loss, Ears(self.loaded.settings, roles, cut))

    def _cut_off(self, loss: Loss) -> frozenset[str]:
        """Return the receivers whose declared way is cut, or begins where the daemon does not get any more."""
        mesh, uplink = self.topology.mesh, self.loaded.settings.uplink
        part = labels(mesh, mesh.dead(loss.links))
        home = None if uplink is None else part[mesh.places[uplink.site]]

        def is_cut(link: str) -> bool:
            ends = self.loaded.inventory.links[link].ends
            far = home is not None and all(part[mesh.places[end.site]] != home for end in ends)
            return far or (link in loss.links and not self._goes_round(link, loss))

        receivers = self.loaded.settings.alerting.receivers
        return frozenset(name for name, one in receivers.items() if any(map(is_cut, one.via)))

    def _goes_round(self, name: str, loss: Loss) -> bool:
        """Whether the rest of its ring carries what a link did."""
        links, mesh = self.loaded.inventory.links, self.topology.mesh
        ring = links[name].ring
        if ring is None:
            return False
        part = labels(mesh, mesh.dead({*loss.links, *(one for one, link in links.items() if link.ring != ring)}))
        return len({part[mesh.places[end.site]] for end in links[name].ends}) == 1

    def _told(self, failure: _Failure) -> Iterator[Finding]:
        """Yield what somebody is to be told: nobody is of what was accepted."""
        settings = self.loaded.settings
        calendar = Calendar.of(settings)
        for finding in self._found(failure):
            told = adjusted(finding, settings)
            if accepted(told, settings, calendar, self.now) is None:
                yield told

    def _found(self, failure: _Failure) -> Iterator[Finding]:
        """Yield what is found: links that are cut, sites that are cut off or lose a way, the device that is silent."""
        element, loss, _ears = failure
        for name in sorted(loss.links):
            link = self.loaded.inventory.links[name]
            severity = severity_of_cut(link, self.topology.needs)
            yield Finding(LINK_DOWN, Subject("link", name), severity, "", site=link.ends[0].site)
        for site in (*sorted(loss.sites), *unreachable(self.topology, loss.links, loss.sites)):
            yield Finding(SITE_ISOLATED, Subject("site", site), Severity.CRITICAL, "", site=site)
        if element.kind == "device":
            at = self.loaded.inventory.devices[element.id].site
            yield Finding(DEVICE_UNREACHABLE, element, Severity.CRITICAL, "", site=at)
        for site, left in all_ways(self.topology, loss.links).items():
            if 0 < left < self._designed[site]:
                yield Finding(REDUNDANCY_LOST, Subject("site", site), Severity.WARNING, "", site=site)


def _is_explained(rule: str, failure: _Failure, known: _Failures) -> bool:
    """Whether a failure of no more than this one takes along opens the gap already; no device explains another."""
    smaller = [rules for one, rules in known.items() if one.loss.links <= failure.loss.links]
    if rule in _FOLLOWING and any(rules - _FOLLOWING for rules in smaller):
        return True
    return rule != DEVICE_UNREACHABLE and any(rule in rules for rules in smaller)


def _remark(loaded: Loaded, gap: Gap, failures: _Failures) -> Problem:
    found = frozenset[str]().union(*failures.values())
    rules = " and ".join(sorted(found))
    elements = _listed([str(one.element) for one in failures])
    later = f"{' and '.join(gap.late)} only after {human_duration(gap.after)}" if gap.late else "nobody else"
    message = (
        f"if {elements} fails, {rules} {'is' if len(found) == 1 else 'are'} told to {' and '.join(gap.receivers)} "
        f"(alerting.routes[{gap.route}]) over what has failed, and to {later}"
    )
    place = ("alerting", "receivers", gap.first, "via")
    return loaded.positions.problem(place, message, _advice(loaded, gap, tuple(failures)))


def _advice(loaded: Loaded, gap: Gap, failures: Sequence[_Failure]) -> str:
    """Propose a receiver whose declared way is another one, else one of which no way is known, else a new one."""
    receivers: Mapping[str, Receiver] = loaded.settings.alerting.receivers
    if gap.stands_in:
        return f"name {' or '.join(gap.late)} in the route, or shorten fallback_after"
    told = loaded.settings.alerting.routes[gap.route].receivers
    soon = (name for name in receivers if all(one.ears.heard(name).after <= PROMPT_SECONDS for one in failures))
    others = [name for name in soon if name not in told]
    declared = next((name for name in others if receivers[name].via), None)
    if declared is not None:
        return f"name a second receiver in the route, or as its fallback, e.g. {declared}"
    if others:
        return f"name a second receiver in the route, or as its fallback: {others[0]}, if it is reached another way"
    return "add a second receiver that is reached another way, e.g. over an SMS modem or a mobile router"


def _listed(names: Sequence[str]) -> str:
    """Return ``a, b or c``; of many the first ones and how many more."""
    rest = len(names) - _LISTED
    *first, last = names if rest <= 0 else (*names[:_LISTED], f"{rest} more")
    return f"{', '.join(first)} or {last}" if first else last

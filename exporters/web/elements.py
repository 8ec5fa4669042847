"""How every device, service and link stands, as the status page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from agent.contract import AlertState, Snapshot, Subject
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.catalogue.links import LINK_DOWN
from agent.risk.catalogue.services import SERVICE_FAILING
from agent.risk.links import link_state
from agent.risk.reachability import DeviceState, device_state
from agent.risk.services import service_state
from agent.risk.sight import Sight
from config.inventory import Device, End, Inventory, Link, Service
from config.settings import Settings
from exporters.web.words import Mark, PageWords, Tone, clean

State = Literal["up", "degraded", "down", "off", "unknown"]

# Alerts that say of the whole subject that it is out of order; others are about a part of it.
_WHOLE = frozenset({LINK_DOWN, SERVICE_FAILING})

_TONES: Mapping[State, Tone] = {"up": "ok", "degraded": "warning", "off": "off", "unknown": "unknown"}
_MAX_SAYS = 8


@dataclass(frozen=True, slots=True)
class Element:
    """One device, service or link; ``sites`` are ids. ``note``: its last answer, or what a link connects."""

    subject: Subject
    name: str
    state: State
    mark: Mark
    detail: str
    note: str
    sites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What states are told from: what may be believed, and the subjects that a firing alert calls out of order.

    ``cut_off``: this daemon's own connection is down, so that silence says nothing about others.
    """

    sight: Sight
    words: PageWords
    firing: frozenset[Subject]
    cut_off: bool

    @classmethod
    def of(cls, snapshot: Snapshot, inventory: Inventory, settings: Settings, words: PageWords) -> Surroundings:
        """Gather them from a snapshot."""
        standing = [alert for alert in snapshot.alerts if alert.state is not AlertState.RESOLVED]
        firing = (alert.finding for alert in standing if alert.state is AlertState.FIRING)
        return cls(
            Sight.of(inventory, settings, snapshot.view, _NoHistory()),
            words,
            frozenset(finding.subject for finding in firing if finding.rule in _WHOLE),
            any(alert.finding.rule == UPLINK_DOWN for alert in standing),
        )


class _NoHistory:
    """Implements ``contract.Windows``: nothing that the page judges needs the past."""

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        del family, subject, labels
        return None


def elements(around: Surroundings) -> Iterator[Element]:
    """Yield every device, service and link of the inventory."""
    inventory = around.sight.inventory
    for name, device in inventory.devices.items():
        subject = Subject("device", name)
        yield _polled(around, subject, device, device_state(around.sight.jobs.get(subject, ())), "critical")
    for name, service in inventory.services.items():
        subject = Subject("service", name)
        yield _polled(around, subject, service, service_state(around.sight, subject), _severe(service))
    for name, link in inventory.links.items():
        yield _link(around, name, link)


def _severe(entry: Service | Link) -> Tone:
    """How bad it is when it is down, as the shipped rules have it."""
    if isinstance(entry, Service):
        return "critical" if entry.critical else "warning"
    return "warning" if entry.ring is not None or entry.standby else "critical"


def _polled(
    around: Surroundings, subject: Subject, entry: Device | Service, known: DeviceState, severe: Tone
) -> Element:
    state: State = "down" if subject in around.firing else known.state
    answered = known.last_success
    note = around.words.say("never") if answered is None else around.words.moment("ago", answered).text
    sites = () if entry.site is None else (entry.site,)
    name = clean(entry.name or subject.id)
    return Element(subject, name, state, _mark(around, state, severe), _why(around, subject, known), note, sites)


def _link(around: Surroundings, name: str, link: Link) -> Element:
    subject = Subject("link", name)
    known = link_state(around.sight, name, link)
    state: State = "down" if subject in around.firing else known.state
    says = "; ".join(clean(text) for text in known.says[:_MAX_SAYS])
    detail = says or around.words.say("no_witness")
    between = " – ".join(_place(around, end) for end in link.ends)
    sites = tuple(dict.fromkeys(end.site for end in link.ends))
    return Element(
        subject, clean(link.name or name), state, _mark(around, state, _severe(link)), detail, between, sites
    )


def _mark(around: Surroundings, state: State, severe: Tone) -> Mark:
    return around.words.mark(_TONES.get(state, severe), state)


def _why(around: Surroundings, subject: Subject, known: DeviceState) -> str:
    """Say why it is not up: the reason in words, and each failed check."""
    if not around.sight.jobs.get(subject):
        return around.words.say("nothing_polled")
    if known.state == "unknown" and around.cut_off:
        return around.words.say("no_uplink")
    reason = around.words.words.reason(known.reason)
    return clean(": ".join(text for text in (reason, known.detail) if text))


def _place(around: Surroundings, end: End) -> str:
    site = around.sight.inventory.sites.get(end.site)
    return clean((site.name if site is not None else None) or end.site)

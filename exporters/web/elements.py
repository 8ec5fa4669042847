"""How every device, service, link, projector and source stands, as the status page shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.contract import AlertState, JobState, LinkVerdict, Reason, Snapshot, Subject
from agent.risk.catalogue.daemon import UPLINK_DOWN
from agent.risk.catalogue.links import LINK_DOWN
from agent.risk.catalogue.services import SERVICE_FAILING
from agent.risk.reachability import DeviceState, device_state, remarks
from agent.risk.services import service_state
from agent.risk.sight import Sight
from config.inventory import Device, End, Inventory, Link, Projector, Service, Source
from config.settings import Settings
from exporters.web.words import Mark, PageWords, Tone, clean

State = Literal["up", "degraded", "down", "off", "unknown"]
_Entry = Device | Service | Projector | Source

# Alerts that say of the whole subject that it is out of order; others are about a part of it.
_WHOLE = frozenset({LINK_DOWN, SERVICE_FAILING})

_ANSWERED = frozenset({Reason.AUTH, Reason.BAD_REPLY})  # failed, but something came back

_TONES: Mapping[State, Tone] = {"up": "ok", "degraded": "warning", "off": "off", "unknown": "unknown"}
_MAX_REMARKS = 3
_DETAIL_BYTES = 600  # several checks may fail, each with a detail of its own


@dataclass(frozen=True, slots=True)
class Element:
    """One device, service, link, projector or source; ``sites`` are ids.

    ``detail``: why it is not up; ``note``: its last answer, or what a link connects; ``incomplete``: what is missing
    from its readings, although it answers. ``room``: what the room is called that a device stands in.
    """

    subject: Subject
    name: str
    state: State
    mark: Mark
    detail: str
    note: str
    sites: tuple[str, ...]
    incomplete: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What states are told from: what may be believed, and the subjects that a firing alert calls out of order.

    ``cut_off``: this daemon's own connection is down, so that silence says nothing about others. ``links``: what was
    judged of them. ``resting``: what is silent outside its hours, which is no fault.
    """

    sight: Sight
    words: PageWords
    firing: frozenset[Subject]
    cut_off: bool
    links: Mapping[str, LinkVerdict]
    resting: frozenset[Subject] = frozenset()

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
            {} if snapshot.network is None else snapshot.network.links,
            frozenset(_resting(snapshot)),
        )


def _resting(snapshot: Snapshot) -> Iterator[Subject]:
    for alert in snapshot.alerts:
        if alert.muted is not None and alert.muted.by == "hours" and alert.state is not AlertState.RESOLVED:
            yield alert.finding.subject
    for room in () if snapshot.estate is None else snapshot.estate.classrooms:
        yield from (one.subject for one in room.equipment if one.state == "resting")


class _NoHistory:
    """Implements ``contract.Windows``: nothing that the page judges needs the past."""

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        del family, subject, labels
        return None

    def points(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Sequence[tuple[float, float]]:
        del family, subject, labels
        return ()


def elements(around: Surroundings) -> Iterator[Element]:
    """Yield every device, service, link, projector and source of the inventory."""
    inventory = around.sight.inventory
    others = {Subject("projector", name): projector for name, projector in inventory.projectors.items()}
    for subject, entry in (others | {Subject("source", name): one for name, one in inventory.sources.items()}).items():
        yield _polled(around, subject, entry, device_state(around.sight.jobs.get(subject, ())), "warning")
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


def _polled(around: Surroundings, subject: Subject, entry: _Entry, known: DeviceState, severe: Tone) -> Element:
    state: State = "down" if subject in around.firing else known.state
    if state != "up" and subject in around.resting:
        state = "off"
    jobs = around.sight.jobs.get(subject, ())
    sites = () if entry.site is None else (entry.site,)
    name = clean(getattr(entry, "name", None) or subject.id)
    return Element(
        subject,
        name,
        state,
        _mark(around, state, severe),
        around.words.say("resting") if state == "off" else _why(around, subject, known),
        _last_answer(known, jobs, around.words),
        sites,
        _incomplete(jobs, around.words),
        _room(around, entry),
    )


def _room(around: Surroundings, entry: _Entry) -> str:
    name = entry.room if isinstance(entry, Device | Projector) else None
    known = None if name is None else around.sight.inventory.rooms.get(name)
    return clean((known.name if known is not None else None) or name or "")


def _last_answer(known: DeviceState, jobs: Iterable[JobState], words: PageWords) -> str:
    """Say when it last answered something usable; some never do and yet answer."""
    if known.last_success is not None:
        return words.moment("ago", known.last_success).text
    return words.say("never_usable" if any(job.reason in _ANSWERED for job in jobs) else "never")


def _incomplete(jobs: Iterable[JobState], words: PageWords) -> str:
    missing = remarks(jobs)
    more = "; …" if len(missing) > _MAX_REMARKS else ""
    return words.say("incomplete", what="; ".join(missing[:_MAX_REMARKS]) + more) if missing else ""


def _link(around: Surroundings, name: str, link: Link) -> Element:
    subject = Subject("link", name)
    told, detail = _judged(around.words, around.links.get(name))
    state: State = "down" if subject in around.firing else told
    between = " – ".join(_place(around, end) for end in link.ends)
    sites = tuple(dict.fromkeys(end.site for end in link.ends))
    return Element(
        subject, clean(link.name or name), state, _mark(around, state, _severe(link)), detail, between, sites
    )


def _judged(words: PageWords, verdict: LinkVerdict | None) -> tuple[State, str]:
    """Return what was judged of a link: its state, why, and since when, unless all is well."""
    if verdict is None:
        return "unknown", words.say("not_judged")
    known = verdict.state
    state: State = "off" if verdict.off else known.state
    says = [clean(known.reason, _DETAIL_BYTES), words.say("blocked") if verdict.blocked else ""]
    if state != "up" and known.since is not None:
        says.append(words.moment("since", known.since).text)
    return state, "; ".join(text for text in says if text)


def _mark(around: Surroundings, state: State, severe: Tone) -> Mark:
    return around.words.mark(_TONES.get(state, severe), state)


def _why(around: Surroundings, subject: Subject, known: DeviceState) -> str:
    """Say why it is not up: the reason in words, and each failed check."""
    if not around.sight.jobs.get(subject):
        return around.words.say("nothing_polled")
    if known.state == "unknown" and around.cut_off:
        return around.words.say("no_uplink")
    reason = around.words.words.reason(known.reason)
    return clean(": ".join(text for text in (reason, known.detail) if text), _DETAIL_BYTES)


def _place(around: Surroundings, end: End) -> str:
    site = around.sight.inventory.sites.get(end.site)
    return clean((site.name if site is not None else None) or end.site)

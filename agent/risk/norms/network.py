"""What norms ask of the management of the network: BSI NET.1.2."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from agent.contract import JobState, Subject
from agent.risk.norms.case import Case, Point
from config.credentials import SnmpCredential

NETWORK_ROLES = frozenset({"switch", "router", "firewall", "radio", "access_point", "wlan", "wlc", "gateway"})
# Checks that read load, errors and levels; a port that is open says nothing of them.
READING = frozenset({"snmp", "scrape", "host", "redfish"})
ALARMING = (
    "device_unreachable",
    "link_down",
    "site_isolated",
    "redundancy_lost",
    "hardware_failed",
    "hardware_redundancy_lost",
)
_WEAK = frozenset({"public", "private"})


def network_devices(case: Case) -> list[Subject]:
    """Return the devices that the network is made of: those at the ends of links, and those whose role says so."""
    ends = {end.device for link in case.inventory.links.values() for end in link.ends if end.device is not None}
    devices = case.inventory.devices.items()
    return [Subject("device", name) for name, one in devices if name in ends or one.role in NETWORK_ROLES]


def is_fresh(case: Case, subject: Subject, checks: Collection[str], *, every: bool = False) -> bool:
    """Whether a subject has a fresh reading of one of these checks, or of ``every`` one of them."""
    jobs = {job.key.check: job for job in case.jobs.get(subject, ())}
    fresh = [check in jobs and _answers(jobs[check]) for check in checks]
    return (all if every else any)(fresh) if fresh else False


def _answers(job: JobState) -> bool:
    return job.up is True and job.reading is not None


def covered(
    case: Case, subjects: Iterable[Subject], key: str, kinds: Collection[str] | None = None, *, every: bool = False
) -> Iterator[Point]:
    """Yield who is read now, who is silent, who is not read at all; ``kinds``: by these checks only."""
    fresh, silent, without = list[str](), list[str](), list[str]()
    for one in subjects:
        planned = case.planned.get(one, frozenset())
        checks = planned if kinds is None else planned.intersection(kinds)
        (fresh if is_fresh(case, one, checks, every=every) else silent if checks else without).append(one.id)
    if fresh:
        yield case.point("yes", key, what=case.counted("device", len(fresh)))
    if silent:
        yield case.point("unknown", key if case.live else "planned", names=case.names(silent))
    if without:
        yield case.point("no", key, names=case.names(without))


def events_recorded(case: Case) -> Iterator[Point]:
    """Reachability of the network's devices is watched, and each change is kept."""
    yield from covered(case, network_devices(case), "watched")
    yield from case.against("state_not_written", "state_damaged")


def clocks_agree(case: Case) -> Iterator[Point]:
    """Somebody compares clocks now, and they agree."""
    asked = [subject for subject, kinds in case.planned.items() if "ntp" in kinds]
    fresh = [str(one) for one in asked if is_fresh(case, one, ("ntp",))]
    silent = [str(one) for one in asked if str(one) not in fresh]
    if fresh or not asked:
        yield case.point(bool(fresh), "clocks", what=case.counted("clock", len(fresh)), names=case.names(fresh))
    if silent:
        yield case.point("unknown", "clocks" if case.live else "planned", names=case.names(silent))
    yield from case.against("clock_offset", "clock_unsynchronised")


def snmp_secured(case: Case) -> Iterator[Point]:
    """SNMP is read by version 3, with a password and encrypted; traps are taken by no other."""
    found = {name: snmp for name in case.inventory.devices if (snmp := _read_by(case, name)) is not None}
    used = Counter(_kind(snmp) for snmp in found.values())
    insecure = {kind: count for kind, count in used.items() if kind != "3"}
    for kind, count in sorted((insecure or used).items()):  # one insecure device is enough to listen to
        yield case.point(kind == "3", f"snmp_{kind}", what=case.counted("device", count))
    weak = [name for name, snmp in found.items() if _is_weak(snmp)]
    if weak:
        what = case.counted("device", len(weak))
        yield case.point("no", "snmp_default", what=f"{what} ({case.names(weak)})" if case.names_weak else what)
    yield from _traps(case)


def _read_by(case: Case, device: str) -> SnmpCredential | None:
    """Return what a device is read with by SNMP, its own or its role's."""
    if "snmp" not in case.planned.get(Subject("device", device), ()):
        return None
    name = case.inventory.devices[device].credential or case.role_of(device).credential
    credential = case.settings.credentials.get(name or "")
    return None if credential is None else credential.snmp


def _traps(case: Case) -> Iterator[Point]:
    traps = case.settings.traps
    known = (
        [] if traps is None or not traps.allow else [case.settings.credentials[one].snmp for one in traps.credentials]
    )
    taken = [one for one in known if one is not None]
    insecure = sum(_kind(one) != "3" for one in taken)
    if taken:
        yield case.point(not insecure, "traps", what=case.counted("credential", insecure or len(taken)))
    if any(map(_is_weak, taken)):
        yield case.point("no", "traps_default")


def _is_weak(snmp: SnmpCredential) -> bool:
    return snmp.community is not None and snmp.community.get_secret_value().strip().lower() in _WEAK


def _kind(snmp: SnmpCredential) -> str:
    if snmp.version != "3":
        return "community"
    return "3" if snmp.auth_protocol is not None and snmp.priv_protocol is not None else "3_open"


def performance_watched(case: Case) -> Iterator[Point]:
    """The network's devices are read by more than ping: load, errors, levels."""
    yield from covered(case, network_devices(case), "measured_by", READING)


def outages_alarmed(case: Case) -> Iterator[Point]:
    """Somebody is told at once of what fails in the network, and the messages arrive."""
    for rule in ALARMING:
        yield from case.told(rule)
    yield from case.against("receiver_failing", "on_call_gap")


def watch_watched(case: Case) -> Iterator[Point]:
    """Somebody notices when the watch itself is gone; that another takes over cannot be measured from here."""
    heartbeat = case.settings.alerting.heartbeat
    yield case.point(heartbeat is not None, "dead_man")
    yield case.point("no", "stand_in")

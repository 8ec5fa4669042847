"""From the configuration to jobs. Pure: the same configuration gives the same plan, in the same order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from agent.contract import CollectorSpec, Job, JobKey, Plan, Subject, Target
from config.inventory import Address, Device, Inventory, Link, Projector, Service, Source
from config.ports import parse_ports
from config.settings import Credential, Defaults, RoleDefaults, Settings, Uplink

NO_PORT = frozenset({"icmp", "host", "plugin"})
NO_ADDRESS = frozenset({"host", "plugin"})
DEFAULT_PORTS: Mapping[str, int] = {"snmp": 161, "dns": 53, "ntp": 123, "nut": 3493, "projector": 4352}
MAX_BUDGET_SECONDS = 25.0
# Of a site's devices the one that is pinged for all of it: what stands nearest to the way in.
NEAREST = ("router", "firewall", "switch", "radio")
# Ten, so that a loss of one in ten shows; over two seconds, so that one hiccup does not swallow them all.
SERIES: Mapping[str, Any] = {"count": 10, "spread": 2.0}


@dataclass(frozen=True, slots=True)
class _Wish:
    """A check that the configuration asks for; ``params`` is validated already, or raw keys of the collector's."""

    key: JobKey
    kind: str
    target: Target
    interval: float
    params: BaseModel | Mapping[str, Any]
    chosen: bool = False  # the interval is the device's or its role's own


class _Host(NamedTuple):
    """What may be pinged for a site; of several the one of the lowest rank is, of equals the first in the file."""

    site: str
    rank: int
    name: str
    params: Mapping[str, Any]


def make_plan(inventory: Inventory, settings: Settings, specs: Mapping[str, CollectorSpec]) -> Plan:
    """Return the jobs of the uplink, of all devices, links, sites and services, ordered by key.

    What no spec can do, or what lacks a key, is ``unsupported`` with one warning and gets no job.
    """
    jobs: list[Job] = []
    unsupported: list[JobKey] = []
    wishes = sorted(_wishes(inventory, settings), key=lambda wish: wish.key)
    warnings = list(_idle(inventory, specs, frozenset(wish.key for wish in wishes)))
    for wish in wishes:
        made = _job(wish, settings.defaults, specs)
        if isinstance(made, Job):
            jobs.append(made)
            warnings.extend(_raised(wish, made))
        else:
            unsupported.append(wish.key)
            warnings.append(f"{wish.key}: {made}; it is not polled")
    return Plan(tuple(jobs), tuple(unsupported), tuple(warnings))


def phase_seconds(key: JobKey, interval_seconds: float) -> float:
    """Return the job's place within its interval: hashed, so that jobs are spread and stay put over restarts."""
    digest = hashlib.blake2b(str(key).encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64 * interval_seconds


def budget_seconds(interval_seconds: float, timeout_seconds: float) -> float:
    """Return what one whole poll may take.

    Four fifths of the interval and 25 s at most, but at least one timeout; always below the interval, so that a
    target which hangs costs no start of its own next poll.
    """
    wanted = max(timeout_seconds, min(0.8 * interval_seconds, MAX_BUDGET_SECONDS))
    return min(wanted, 0.95 * interval_seconds)


def _idle(inventory: Inventory, specs: Mapping[str, CollectorSpec], keys: frozenset[JobKey]) -> Iterator[str]:
    """Yield what to say of devices that have parameters of a check that is not among theirs."""
    for name, device in inventory.devices.items():
        for kind in device.params:
            if kind in specs and (key := JobKey(Subject("device", name), kind)) not in keys:
                yield f"{key}: has {kind}: {{…}} and no {kind} among its checks; it is not polled"


def _raised(wish: _Wish, made: Job) -> Iterator[str]:
    """Yield what to say where somebody asked for more polls than there are; the general default asks for nothing."""
    if wish.chosen and made.interval_seconds > wish.interval:
        least = made.interval_seconds
        yield f"{wish.key}: interval {wish.interval:g} s is too short for {wish.kind}; it is polled every {least:g} s"


def _job(wish: _Wish, defaults: Defaults, specs: Mapping[str, CollectorSpec]) -> Job | str:
    """Return the job, or why there is none."""
    spec = specs.get(wish.kind)
    if spec is None:
        return f"check {wish.kind} has no collector yet"
    if wish.target.subject.kind == "device" and wish.target.host is None and wish.kind not in NO_ADDRESS:
        return f"check {wish.kind} needs an address"
    params = wish.params
    if not isinstance(params, BaseModel):
        try:
            params = spec.params.model_validate(params)
        except ValidationError as error:
            missing = ", ".join(".".join(map(str, one["loc"])) for one in error.errors(include_input=False))
            return f"check {wish.kind} needs {wish.kind}: {{{missing}: …}}"
    interval = max(wish.interval, spec.least_interval_seconds)
    return Job(
        key=wish.key,
        kind=wish.kind,
        target=_patient(wish.target, spec, interval),
        params=params,
        interval_seconds=interval,
        phase_seconds=phase_seconds(wish.key, interval),
        stale_after_seconds=defaults.stale_after * interval,
        least_interval_seconds=spec.least_interval_seconds,
        longest_farewell_seconds=spec.longest_farewell_seconds,
    )


def _patient(target: Target, spec: CollectorSpec, interval_seconds: float) -> Target:
    """Give the target of a slow kind the time that one poll may take; that stays below the interval."""
    if spec.longest_poll_seconds is None:
        return target
    return replace(target, budget_seconds=min(spec.longest_poll_seconds, 0.95 * interval_seconds))


def _wishes(inventory: Inventory, settings: Settings) -> Iterator[_Wish]:
    if settings.uplink is not None:
        yield from _of_uplink(settings.uplink, settings.defaults)
    devices = [wish for name, device in inventory.devices.items() for wish in _of_device(name, device, settings)]
    yield from devices
    for name, link in inventory.links.items():
        yield from _of_link(name, link, settings.defaults)
    yield from _of_sites(_hosts(inventory, _home(settings, devices), devices), settings.defaults)
    for name, service in inventory.services.items():
        yield _of_service(name, service, settings)
    for name, source in inventory.sources.items():
        yield _of_source(name, source, settings)
    for name, projector in inventory.projectors.items():
        yield _of_projector(name, projector, settings.defaults)


def _of_uplink(uplink: Uplink, defaults: Defaults) -> Iterator[_Wish]:
    gateway = () if uplink.gateway is None else (uplink.gateway,)
    for host in dict.fromkeys((*gateway, *uplink.references)):
        target = _target(Subject("uplink", host), uplink.site, uplink.interval, defaults.timeout)
        yield _Wish(JobKey(target.subject, "icmp"), "icmp", replace(target, host=host), uplink.interval, {})


def _of_device(name: str, device: Device, settings: Settings) -> Iterator[_Wish]:
    role = settings.defaults.roles.get(device.role or "", RoleDefaults())
    chosen = device.interval or role.interval
    interval = chosen or settings.defaults.interval
    timeout = device.timeout or role.timeout or settings.defaults.timeout
    credential = device.credential or role.credential
    address = device.address or Address("")
    target = replace(
        _target(Subject("device", name), device.site, interval, timeout),
        host=address.host or None,
        role=device.role,
        room=device.room,
        profile=device.profile if "profile" in device.model_fields_set else role.profile or device.profile,
        modules=device.modules or role.modules or (),
        credential=settings.credentials[credential] if credential is not None else None,
        access_ports=parse_ports(device.access_ports).names if device.access_ports is not None else (),
    )
    given = device.checks if device.checks is not None else role.checks
    checks = tuple(dict.fromkeys(given if given is not None else _default_checks(target)))
    ports = _ports(checks, address.port)
    for check in checks:
        params: BaseModel | Mapping[str, Any] = device.params.get(check) or role.params.get(check) or {}
        target_of = replace(target, port=ports[check])
        yield _Wish(JobKey(target.subject, check), check, target_of, interval, params, chosen is not None)


def _default_checks(target: Target) -> tuple[str, ...]:
    if target.host is None:
        return ()
    credential: Credential | None = target.credential
    reads_snmp = credential is not None and credential.snmp is not None
    return ("icmp", "snmp") if reads_snmp and (target.profile != "none" or target.modules) else ("icmp",)


def _ports(checks: tuple[str, ...], given: int | None) -> dict[str, int | None]:
    """Give the port of the address to the first check that uses one; the others have their default, if it is ours."""
    ports = {check: DEFAULT_PORTS.get(check) for check in checks}
    first = next((check for check in checks if check not in NO_PORT), None)
    if first is not None and given is not None:
        ports[first] = given
    return ports


def _of_link(name: str, link: Link, defaults: Defaults) -> Iterator[_Wish]:
    if link.throughput is not None:
        interval = link.throughput.interval
        target = _target(Subject("link", name), link.ends[0].site, interval, defaults.timeout)
        yield _Wish(JobKey(target.subject, "throughput"), "throughput", target, interval, link.throughput, chosen=True)
    if link.probe is None:
        return
    target = _target(Subject("link", name), link.ends[0].site, defaults.interval, defaults.timeout)
    params = {} if link.probe.source is None else {"source": link.probe.source}
    key = JobKey(target.subject, "icmp")
    yield _Wish(key, "icmp", replace(target, host=link.probe.icmp), defaults.interval, params)


def _of_sites(hosts: Iterable[_Host], defaults: Defaults) -> Iterator[_Wish]:
    """Yield a series of pings for each site that has anything to ping."""
    best: dict[str, _Host] = {}
    for host in hosts:
        if host.site not in best or host.rank < best[host.site].rank:
            best[host.site] = host
    for name, host in best.items():
        target = replace(_target(Subject("site", name), name, defaults.interval, defaults.timeout), host=host.name)
        yield _Wish(JobKey(target.subject, "icmp"), "icmp", target, defaults.interval, {**host.params, **SERIES})


def _home(settings: Settings, devices: Iterable[_Wish]) -> str | None:
    """Return the site where the daemon stands, as far as that is known: as ``uplink`` says, or its own machine."""
    if settings.uplink is not None:
        return settings.uplink.site
    return next((wish.target.site for wish in devices if wish.kind == "host"), None)


def _hosts(inventory: Inventory, home: str | None, devices: Iterable[_Wish]) -> Iterator[_Host]:
    """Yield what may be pinged: hosts that sites name; beyond the daemon's own site devices, and far ends of links."""
    for name, site in inventory.sites.items():
        if site.probe is not None:
            yield _Host(name, 0, site.probe, {})
    for wish in devices:
        host, site_of = wish.target.host, wish.target.site
        if wish.kind == "icmp" and host is not None and site_of is not None and site_of != home:
            yield _Host(site_of, 1 + _nearness(wish.target.role), host, _given(wish.params))
    for link in inventory.links.values():
        far = next((end.site for end in link.ends if end.site != home), None)
        if link.probe is not None and far is not None and home in {end.site for end in link.ends}:
            source = {} if link.probe.source is None else {"source": link.probe.source}
            # a standby link, and one that is measured from a source of its own, may not be the way that is in use
            yield _Host(far, len(NEAREST) + 2 + link.standby + bool(source), link.probe.icmp, source)


def _nearness(role: str | None) -> int:
    return NEAREST.index(role) if role in NEAREST else len(NEAREST)


def _given(params: BaseModel | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the keys that a device sets for its own ping, e.g. the source: without it nobody may answer."""
    return params.model_dump(exclude_unset=True) if isinstance(params, BaseModel) else params


def _of_service(name: str, service: Service, settings: Settings) -> _Wish:
    interval = service.interval or settings.defaults.interval
    target = _target(Subject("service", name), service.site, interval, settings.defaults.timeout)
    kind, params = "heartbeat", dict[str, Any]()
    if service.url is not None:
        kind, params = "http", service.page()
        credential = service.credential
        target = replace(target, credential=settings.credentials[credential] if credential is not None else None)
    elif service.tcp is not None:
        kind, params = "tcp", service.dialogue()
        target = replace(target, host=service.tcp.host, port=service.tcp.port)
    elif service.ntp is not None:
        kind, target = "ntp", replace(target, host=service.ntp.host, port=service.ntp.port or DEFAULT_PORTS["ntp"])
    elif service.dns is not None:
        kind, params = "dns", service.dns.model_dump(exclude_none=True)
    elif service.plugin is not None:
        return _Wish(JobKey(target.subject, "plugin"), "plugin", target, interval, service.plugin)
    elif service.heartbeat is not None:
        return _Wish(JobKey(target.subject, kind), kind, target, interval, service.heartbeat)
    return _Wish(JobKey(target.subject, kind), kind, target, interval, params)


def _of_source(name: str, source: Source, settings: Settings) -> _Wish:
    target = _target(Subject("source", name), source.site, source.interval, settings.defaults.timeout)
    target = replace(target, credential=settings.credentials[source.credential])
    kind = "mdm" if source.mdm is not None else source.product
    return _Wish(JobKey(target.subject, kind), kind, target, source.interval, source, chosen=True)


def _of_projector(name: str, projector: Projector, defaults: Defaults) -> _Wish:
    target = _target(Subject("projector", name), projector.site, projector.interval, defaults.timeout)
    port = projector.address.port or DEFAULT_PORTS["projector"]
    target = replace(target, host=projector.address.host, port=port, room=projector.room)
    key = JobKey(target.subject, "projector")
    return _Wish(key, "projector", target, projector.interval, projector, chosen=True)


def _target(subject: Subject, site: str | None, interval: float, timeout: float) -> Target:
    budget = budget_seconds(interval, timeout)
    return Target(subject, site, timeout_seconds=min(timeout, budget), budget_seconds=budget)

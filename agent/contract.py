"""Every type that crosses a stage.

The one way of the data: config -> plan -> scheduler -> runner -> ``Collector.collect`` -> ``Harvest`` -> store ->
``View`` -> risk -> ``Finding`` -> lifecycle -> ``Transition`` -> outbox -> exporters. All values here are frozen; a
stage never writes back into an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, NamedTuple, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel

from agent.estate import CloudIssue, Estate, Managed, StateChange
from agent.subject import Subject as Subject
from agent.subject import SubjectKind as SubjectKind
from config.inventory import Inventory
from config.settings import Match, Settings

T = TypeVar("T")

MetricType = Literal["counter", "gauge", "info", "stateset", "summary", "unknown"]
LabelPairs = tuple[tuple[str, str], ...]

# --- what is collected -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MetricFamily:
    """One metric family, declared once; ``labels`` are those beyond the target's own (``device``, ``site``, ...)."""

    name: str
    type: MetricType
    help: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Label values of one table, row by row. Its identity is the key under which exporters keep rendered text."""

    names: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One family over one ``Rows``: its values are ``Harvest.values[start:start + len(rows)]``."""

    family: MetricFamily
    rows: Rows
    start: int

    @property
    def stop(self) -> int:
        """Index after the last value of this column."""
        return self.start + len(self.rows.values)


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """What stays from poll to poll: the series. Columns of one table share one ``Rows``; identity is the cache key."""

    columns: tuple[Column, ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What a device says of who is at the far end of a port (LLDP, IEEE 802.1AB).

    ``capabilities`` are those that are enabled there: bridge, router, wlanAccessPoint, ... Stations and telephones are
    never among the neighbours: they belong to persons.
    """

    local_port: str
    remote_system: str
    remote_port: str
    remote_chassis: str = ""
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of hardware in a device (ENTITY-MIB, RFC 6933): chassis, module, powerSupply, fan, ..."""

    kind: str
    name: str
    model: str = ""
    serial: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one poll brought: values in the order of ``layout``, facts for the register, and what is missing.

    ``managed``: devices that a management (MDM) knows. ``issues``: what a cloud service says of open faults, incidents
    first, then the newest; None: they were not read.
    """

    layout: Layout
    values: Sequence[float]
    facts: Mapping[str, str] = field(default_factory=dict[str, str])
    neighbours: tuple[Neighbour, ...] = ()
    partial: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    managed: tuple[Managed, ...] = ()
    issues: tuple[CloudIssue, ...] | None = None


class Reason(StrEnum):
    """Why a poll failed."""

    TIMEOUT = "timeout"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    AUTH = "auth"
    BAD_REPLY = "bad_reply"
    CONFIG = "config"
    INTERNAL = "internal"


class CollectError(Exception):
    """A poll failed for a named reason; ``detail`` is for people and holds no secret."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail


class Unreachable(CollectError):
    """No answer: ``timeout``, ``refused`` or ``unreachable``."""

    def __init__(self, detail: str, reason: Reason = Reason.TIMEOUT) -> None:
        super().__init__(reason, detail)


class AuthFailed(CollectError):
    """The device answered and refused our credentials; it is reachable."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.AUTH, detail)


class BadReply(CollectError):
    """The device answered something that cannot be used."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.BAD_REPLY, detail)


class CannotCheck(CollectError):
    """This daemon cannot perform the check (kernel forbids ICMP, a file is missing); says nothing about the target."""

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.CONFIG, detail)


# --- who is polled ---------------------------------------------------------------------------------------------------


class JobKey(NamedTuple):
    """Identity of a job over reloads."""

    subject: Subject
    check: str

    def __str__(self) -> str:
        """Return ``kind:id/check``."""
        return f"{self.subject}/{self.check}"


@dataclass(frozen=True, slots=True)
class Target:
    """Who is polled, how patiently, and with which resolved ``config`` credential (its secrets masked in repr).

    ``access_ports`` are those that desks are plugged into: names, or numbers of the front plate.
    """

    subject: Subject
    site: str | None = None
    host: str | None = None
    port: int | None = None
    timeout_seconds: float = 5.0
    budget_seconds: float = 20.0
    role: str | None = None
    room: str | None = None
    profile: str = "auto"
    modules: tuple[str, ...] = ()
    credential: Any = None
    access_ports: tuple[str, ...] = ()

    @property
    def labels(self) -> LabelPairs:
        """Labels on every series of this target: its kind and id, ``instance`` for exporters' boards, its site."""
        pairs = [(self.subject.kind, self.subject.id), ("instance", self.subject.id)]
        if self.site is not None and self.subject.kind != "site":
            pairs.append(("site", self.site))
        return tuple(pairs)


@dataclass(frozen=True, slots=True)
class Job:
    """One check of one target, each ``interval_seconds``; ``params`` is the collector's own validated model."""

    key: JobKey
    kind: str
    target: Target
    params: BaseModel
    interval_seconds: float
    phase_seconds: float
    stale_after_seconds: float
    least_interval_seconds: float = 0.0
    longest_farewell_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """All jobs, those that no collector can do yet, and what to say about them."""

    jobs: tuple[Job, ...]
    unsupported: tuple[JobKey, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A finished poll, stamped by the runner. ``harvest`` is None when it failed."""

    key: JobKey
    target: Target
    at: float
    duration_seconds: float
    harvest: Harvest | None
    reason: Reason | None = None
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether the poll brought something."""
        return self.harvest is not None


class Telemetry(Protocol):
    """The daemon's own counters and gauges; labels are full pairs, e.g. ``target.labels + (("reason", "auth"),)``."""

    def count(self, family: MetricFamily, labels: LabelPairs = (), by: float = 1) -> None:
        """Add to a counter."""
        ...

    def set(self, family: MetricFamily, labels: LabelPairs, value: float) -> None:
        """Set a gauge."""
        ...


class Wire(Protocol):
    """Shared transport handed to every collector; see ``agent.wire``."""

    telemetry: Telemetry

    def now(self) -> float:
        """Wall clock, seconds since the epoch (UTC)."""
        ...

    async def resolve(self, host: str, prefer: int | None = None) -> str:
        """Return an IP address literal; cached. Raises Unreachable, or CannotCheck where no name server answers.

        ``prefer``: IP version (4 or 6) whose address is returned where the name has one.
        """
        ...

    async def blocking(self, pool: str, call: Callable[[], T]) -> T:
        """Run a blocking call in the named bounded pool."""
        ...

    def heartbeat(self, service: str) -> Heartbeat | None:
        """Return what a job that reports by itself last said; None where the state is not known yet."""
        ...


class Collector(Protocol):
    """Polls one target. Keeps its session and last layout between polls; the runner never calls it twice at once."""

    async def collect(self) -> Harvest:
        """Poll once. Raises Unreachable | AuthFailed | BadReply | CannotCheck."""
        ...

    async def close(self) -> None:
        """Release sockets."""
        ...


@runtime_checkable
class Revivable(Protocol):
    """A collector with a cheap single-packet check, used on the slow lane for a device that went silent."""

    async def revive(self) -> None:
        """Exchange one packet. Raises as ``collect``."""
        ...


@runtime_checkable
class Traceable(Protocol):
    """A collector that can narrate its exchanges, for ``ringwacht collect --debug``."""

    trace: Callable[[str], None] | None


@dataclass(frozen=True, slots=True)
class Event:
    """What a device said by itself: that something happened there, never what holds. The poll that follows decides.

    ``at``: seconds since the epoch; ``source``: address of the sender; ``oid``: the notification's; ``name``: what it
    is called, "" if unknown; ``urgent``: whether the device is to be polled at once.
    """

    at: float
    source: str
    oid: str
    name: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """Notifications of one name from one sender: the last one, the device (None: not in the inventory), how many."""

    last: Event
    device: str | None
    count: int


class Source(Protocol):
    """What comes by itself: traps and informs."""

    async def run(self, emit: Callable[[Event], None]) -> None:
        """Listen until cancelled; ``emit`` is called on the event loop."""
        ...


@dataclass(frozen=True, slots=True)
class CollectorSpec:
    """How a kind of check is configured, what it yields and how it is built; one line each in collectors/registry.py.

    ``params`` is a pydantic model (strict, frozen); ``check`` validates with it. ``build`` raises ParamError.
    ``revision`` stands for what ``build`` uses besides its arguments (module files): a reload rebuilds all collectors
    of a kind whose revision is another. ``may_yield(params, family name)`` says for a kind whose families are not all
    declared (scrape) what a check may bring (a name that ends in `*`: any that begins so); without it, that is
    ``families``. ``remark(params)`` says what will probably keep a check from working on this machine (a program is
    missing); that is no reason not to start. ``least_interval_seconds``: no two polls of one target begin closer
    together, whatever the configuration, a confirmation or a wish asks for. ``longest_poll_seconds``: what one whole
    poll may take, where that is more than the usual budget. ``longest_farewell_seconds``: what leaving a target in
    order may take beyond such a poll; 0: nothing is said to it, and closing has but a moment.
    """

    kind: str
    params: type[BaseModel]
    families: tuple[MetricFamily, ...]
    build: Callable[[Target, Any, Wire], Collector]
    revision: str = ""
    may_yield: Callable[[Any, str], bool] | None = None
    remark: Callable[[Any], ParamError | None] | None = None
    least_interval_seconds: float = 0.0
    longest_poll_seconds: float | None = None
    longest_farewell_seconds: float = 0.0


class ParamError(ValueError):
    """A parameter that only the collector can judge (an unknown profile) is wrong."""

    def __init__(self, path: str, hint: str) -> None:
        super().__init__(f"{path}: {hint}")
        self.path = path
        self.hint = hint


# --- what judgement sees ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class JobState:
    """Where a job stands. ``up`` is None before the first poll, or when the daemon itself cannot perform the check.

    ``failures`` counts polls failed in a row (a confirmation counts); ``since`` is when ``up`` last changed.
    ``reading`` is the last successful one, dropped once stale.
    """

    key: JobKey
    target: Target
    up: bool | None = None
    reason: Reason | None = None
    detail: str = ""
    failures: int = 0
    since: float | None = None
    last_attempt: float | None = None
    last_success: float | None = None
    duration_seconds: float | None = None
    reading: Reading | None = None


def harvests(jobs: Iterable[JobState]) -> list[Harvest]:
    """Return what these jobs say, of each its last harvest; nothing of those that have no fresh one."""
    return [harvest for _, harvest in timed_harvests(jobs)]


def timed_harvests(jobs: Iterable[JobState]) -> list[tuple[float, Harvest]]:
    """Return what these jobs say, as ``harvests`` does, each with when it said so (seconds since the epoch)."""
    readings = (job.reading for job in jobs if job.reading is not None)
    return [(one.at, one.harvest) for one in readings if one.harvest is not None]


class Series(NamedTuple):
    """One sample as judgement sees it."""

    subject: Subject
    site: str | None
    labels: Mapping[str, str]
    value: float
    at: float


class View(Protocol):
    """A frozen look at the store: only what is fresh."""

    now: float

    def jobs(self, subject: Subject | None = None) -> Iterable[JobState]:
        """Return every job's state, or those of one subject."""
        ...

    def series(self, family: str, subject: Subject | None = None) -> Iterator[Series]:
        """Yield the fresh series of a family, of one subject or of all."""
        ...

    def families(self) -> Iterable[str]:
        """Return the name of every family that a fresh reading holds."""
        ...

    def columns(self, family: str, subject: Subject | None = None) -> Iterator[tuple[Reading, Column]]:
        """Yield each fresh reading, of one subject or of all, that holds the family, with the column."""
        ...


class WindowSpec(NamedTuple):
    """Keep this much history of a family: ``span_seconds`` back from now, one point each ``step_seconds``.

    ``ends_only``: only of the ports that are ends of declared links; of all others nothing is kept.
    """

    family: str
    span_seconds: float
    step_seconds: float
    ends_only: bool = False


class Windows(Protocol):
    """Bounded history of declared families; see ``agent.engine.windows``."""

    def slope_per_second(self, family: str, subject: Subject, labels: Mapping[str, str]) -> float | None:
        """Least-squares slope over the declared span, or None when it covers less than half of it."""
        ...

    def points(self, family: str, subject: Subject, labels: Mapping[str, str]) -> Sequence[tuple[float, float]]:
        """Return what is kept of a series: (seconds since the epoch, value), oldest first; of a counter its rise.

        A counter's values never fall: resets and wraps are taken out. Nothing is kept: empty. ``labels`` are all of the
        series, or as many as tell it apart.
        """
        ...


class Severity(StrEnum):
    """How bad; ``critical`` pages at once."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


class FindingKey(NamedTuple):
    """Identity of a finding: never a value."""

    rule: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class Finding:
    """What judgement found. Identity is (rule, subject). ``runbook`` replaces that of docs/alerts.md.

    ``hold_seconds``: how long this one must stand before it fires, where judgement knows better than its rule: a cut
    after a fade mends itself. ``about``: what of a room or site is wrong; it is accepted or outside its hours once all
    of that is.
    """

    rule: str
    subject: Subject
    severity: Severity
    summary: str
    evidence: tuple[str, ...] = ()
    cause: Subject | None = None
    norm: str | None = None
    site: str | None = None
    runbook: str | None = None
    hold_seconds: float | None = None
    about: tuple[Subject, ...] = ()

    @property
    def key(self) -> FindingKey:
        """Return its identity."""
        return FindingKey(self.rule, self.subject)


class Measure(NamedTuple):
    """A figure that judgement publishes; ``labels`` in the order of the family's own."""

    family: MetricFamily
    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """All findings of one look, and the (rule, subject) pairs that could not be judged for want of data.

    Unknown is never healthy: an alert whose key is in ``unverified`` neither resolves nor opens. ``repoll``: jobs
    that should be polled at once, because a verdict waits for them; a wish, the app grants it. ``measures``: figures
    for the exposition. ``network``: what was judged of the network, for page, API and what-if. ``house``: what was
    judged of rooms, power and functions. ``estate``: what was judged of services, contracts and fleets; ``changes``:
    of states that are kept for years, in the order in which they happened.
    """

    findings: tuple[Finding, ...]
    unverified: frozenset[FindingKey] = frozenset()
    repoll: frozenset[JobKey] = frozenset()
    measures: tuple[Measure, ...] = ()
    network: Network | None = None
    house: House | None = None
    estate: Estate | None = None
    changes: tuple[StateChange, ...] = ()


# --- the network -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ElementState:
    """Where an element of the network stands, why in words, and since when (seconds since the epoch)."""

    state: Literal["up", "degraded", "down", "unknown"]
    reason: str = ""
    since: float | None = None


@dataclass(frozen=True, slots=True)
class LinkVerdict:
    """One link. ``off``: down because it was switched off on purpose. ``blocked``: held back by its ring, healthy.

    ``capacity``: bits per second that it can carry now, measured where that is possible, else as declared.
    ``load``: bits per second that it carries now by the demand routed over it; None where that is not known.
    """

    id: str
    ends: tuple[str, str]
    state: ElementState
    off: bool = False
    blocked: bool = False
    capacity: float | None = None
    load: float | None = None


@dataclass(frozen=True, slots=True)
class SiteVerdict:
    """One site.

    ``paths``: link-disjoint ways to what it needs that are known to carry; ``paths_possible`` counts those of unknown
    state as well. ``unreachable``: what it needs and no way leads to. ``silent_since``: since when nothing there
    answers. ``cuts``: the links whose failure cost it ways, the newest first.
    """

    id: str
    state: Literal["ok", "redundancy_lost", "isolated", "unverified"]
    needs: tuple[str, ...] = ()
    paths: int = 0
    paths_possible: int = 0
    paths_designed: int = 0
    paths_required: int = 1
    unreachable: tuple[str, ...] = ()
    silent_since: float | None = None
    cuts: tuple[Subject, ...] = ()


@dataclass(frozen=True, slots=True)
class RingVerdict:
    """One ring. ``closed`` is None where links of unknown state leave it open to doubt.

    ``cuts``: its links that are down; ``segments``: with two or more cuts, the sites of each part without a core site.
    ``protocol``: what the devices say of the ring protocol, as ``device port: state``.
    """

    id: str
    closed: bool | None
    links: tuple[str, ...] = ()
    cuts: tuple[str, ...] = ()
    open_since: float | None = None
    open_seconds_total: float = 0.0
    segments: tuple[tuple[str, ...], ...] = ()
    protocol: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Consequence:
    """What follows if these elements fail: sites that no longer reach what they need, ways left, load of the links.

    ``isolated``: sites cut off by it that were not before; a site that itself fails is not among them.
    ``paths``: ways left by site. ``utilisation``: load by capacity, of each link that carries a known demand over a
    known capacity. ``by_site``: the highest utilisation on the way that is left to each site, to the first of what it
    needs. ``worst``: the link that is loaded most.
    """

    failed: tuple[Subject, ...]
    isolated: tuple[str, ...] = ()
    paths: Mapping[str, int] = field(default_factory=dict[str, int])
    utilisation: Mapping[str, float] = field(default_factory=dict[str, float])
    by_site: Mapping[str, float] = field(default_factory=dict[str, float])
    worst: tuple[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Network:
    """What was judged of the network at one look.

    ``failures``: what each single failure would do now; ``weaknesses``: those that cut sites off by design, everything
    being up. ``site_utilisation``: the worst load by capacity on the way that is left to a site after any single
    failure. ``demand``: bits per second by site, and whether it was declared (else it was measured).
    """

    at: float
    links: Mapping[str, LinkVerdict] = field(default_factory=dict[str, LinkVerdict])
    devices: Mapping[str, ElementState] = field(default_factory=dict[str, ElementState])
    sites: Mapping[str, SiteVerdict] = field(default_factory=dict[str, SiteVerdict])
    rings: Mapping[str, RingVerdict] = field(default_factory=dict[str, RingVerdict])
    failures: tuple[Consequence, ...] = ()
    weaknesses: tuple[Consequence, ...] = ()
    site_utilisation: Mapping[str, float] = field(default_factory=dict[str, float])
    demand: Mapping[str, tuple[float, bool]] = field(default_factory=dict[str, tuple[float, bool]])


# --- rooms, power and functions --------------------------------------------------------------------------------------

Quantity = Literal["temperature", "humidity", "leak", "smoke", "door", "ups"]


class Limits(NamedTuple):
    """Limits of a room's climate, and where they come from, in words. Degrees Celsius; relative humidity 0 to 1.

    ``dew_point``: lowest and highest. None: nothing is judged by it.
    """

    warning: float | None = None
    critical: float | None = None
    temperature_source: str = ""
    humidity: tuple[float, float] | None = None
    dew_point: tuple[float, float] | None = None
    humidity_source: str = ""


class Sensed(NamedTuple):
    """What a sensor of a room last measured and judgement believes. ``name`` is ``device/sensor``; °C or 0 to 1.

    ``job``: who reads it. ``confirmed``: False while a jump waits for its second poll; ``value`` is then that before
    it. ``limited``: whether the room's limits hold where it sits.
    """

    name: str
    job: JobKey
    position: str
    value: float
    at: float
    resolution: float
    confirmed: bool = True
    limited: bool = True


class Coverage(NamedTuple):
    """One quantity of a room: who measures it (``device/sensor``), and whether that is so now.

    ``silent``: it was or should be measured by devices of the room that do not answer; ``missing``: by nobody.
    """

    quantity: Quantity
    expected: bool
    state: Literal["measured", "silent", "missing"]
    by: tuple[str, ...] = ()


class Remaining(NamedTuple):
    """Seconds until a limit is reached: most likely, and the band around it; ``most`` may be infinite."""

    seconds: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Course:
    """Where the temperature of a room (its id) is going, by the sensor that will reach its limit first.

    ``slope`` in kelvin per second with its standard error. ``to_warning``, ``to_critical``: only while the trend is
    significant. ``unknown``: why nothing can be said (too few samples), in words.
    """

    room: str
    sensor: str
    level: float
    slope: float | None = None
    slope_error: float | None = None
    to_warning: Remaining | None = None
    to_critical: Remaining | None = None
    unknown: str = ""


@dataclass(frozen=True, slots=True)
class RoomState:
    """What is known of a room at one look, before its course is judged.

    ``temperatures``, ``humidities``: sensors that are believed. ``dew_points``: °C by sensor, computed. ``door_open``:
    None where no contact tells; ``door_moved_at``: when one last changed, ``door_open_since``: of the one that is open
    longest. ``leak``, ``smoke``: None where none shows it and not all that watch for it are known to work. ``cooling``:
    units that run, that have failed, and that are installed (None: not known), and what follows (None: no contact).
    ``heat_watts``: output power of the UPS of the room, where known.
    """

    id: str
    limits: Limits
    temperatures: tuple[Sensed, ...] = ()
    humidities: tuple[Sensed, ...] = ()
    dew_points: Mapping[str, float] = field(default_factory=dict[str, float])
    coverage: tuple[Coverage, ...] = ()
    door_open: bool | None = None
    door_moved_at: float | None = None
    door_open_since: float | None = None
    leak: bool | None = None
    smoke: bool | None = None
    cooling_state: Literal["ok", "degraded", "failed", "unknown"] | None = None
    cooling_failed: tuple[str, ...] = ()
    cooling_running: tuple[str, ...] = ()
    cooling_units: int | None = None
    heat_watts: float | None = None


@dataclass(frozen=True, slots=True)
class PowerState:
    """One UPS. Times in seconds, of moments since the epoch.

    ``runtime``: what the battery lasts: the lesser of what the UPS says and what its discharge shows. ``required``:
    what the room asks for (``power_return_wait`` + 2 x ``shutdown_time``; BSI GEB.9.1.3). ``shutdown_at``: on battery,
    when an orderly shutdown must begin at the latest. ``testing``: a self-test runs, which is no outage. ``too_short``:
    the battery will not last for what is still asked of it. ``counted_on``: it has fallen silent in an outage, and what
    it lasts is counted on from what it last said.
    """

    device: str
    room: str | None = None
    on_battery: bool | None = None
    testing: bool = False
    runtime: float | None = None
    required: float | None = None
    shutdown_at: float | None = None
    charge: float | None = None
    load: float | None = None
    watts: float | None = None
    clients: int | None = None
    battery_installed_at: float | None = None
    tested_at: float | None = None
    too_short: bool = False
    counted_on: bool = False


class Leg(NamedTuple):
    """One leg of a function: whether it is alive and fresh now; ``detail`` in words (how old the backup is)."""

    subject: Subject
    state: Literal["up", "degraded", "down", "unknown"]
    detail: str = ""


class SharedRisk(NamedTuple):
    """What takes both legs of a function along: a room, a site, a power source, a link, a provider, a group."""

    kind: Literal["room", "site", "power", "link", "provider", "group", "device"]
    id: str
    legs: tuple[Subject, ...]


@dataclass(frozen=True, slots=True)
class FunctionState:
    """A critical function and its legs.

    ``redundant``: primary and a standby are alive; ``standby_lost``: only the primary is; ``on_standby``: only a
    standby is; ``down``: none is; ``unknown``: it cannot be told. ``failover_due``: the day (ISO) by which to test.
    """

    id: str
    state: Literal["redundant", "standby_lost", "on_standby", "down", "unknown"]
    primary: Leg
    standby: tuple[Leg, ...] = ()
    shared: tuple[SharedRisk, ...] = ()
    failover_due: str | None = None


class RiskFactor(NamedTuple):
    """One named reason for a risk: ``points`` follow from its classes (1 to 4 each; docs/risk.md).

    They are what it adds to its figure: less than its classes give where a bound of the figure is reached.
    ``name``: identity, the rule or the gap; ``title``, ``evidence`` and ``remedy`` (what would lower it) in words.
    """

    name: str
    subject: Subject
    probability: int
    effect: int
    points: float
    title: str
    evidence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class RiskFigure:
    """0 to 100: the sum of the points of its factors. ``scope`` None: the whole house."""

    scope: Subject | None
    points: float
    factors: tuple[RiskFactor, ...] = ()


@dataclass(frozen=True, slots=True)
class House:
    """What was judged of rooms, power and functions at one look; ``risks``: the house first, then its rooms."""

    at: float
    rooms: Mapping[str, RoomState] = field(default_factory=dict[str, RoomState])
    courses: Mapping[str, Course] = field(default_factory=dict[str, Course])
    power: Mapping[str, PowerState] = field(default_factory=dict[str, PowerState])
    functions: Mapping[str, FunctionState] = field(default_factory=dict[str, FunctionState])
    risks: tuple[RiskFigure, ...] = ()


# --- alerts ----------------------------------------------------------------------------------------------------------


class AlertState(StrEnum):
    """Life of an alert."""

    PENDING = "pending"
    FIRING = "firing"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Muted:
    """Why nobody is told of an alert that stands.

    It is ``accepted``, announced work (``maintenance``) or an ad hoc ``silence`` explains it, its ``cause`` is told, or
    it matters only at other ``hours``. ``until``: for a person to read, the last day or the local time at which it
    ends; empty for a cause. ``reason`` of one that has a cause: the summary of the alert that names it.
    """

    by: Literal["accepted", "maintenance", "silence", "cause", "hours"]
    reason: str
    until: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Somebody works on it: nobody is reminded, nothing escalates. ``by`` is a role (a receiver), never a person.

    ``at`` and ``until``: seconds since the epoch; without ``until`` it holds until the alert is resolved.
    """

    by: str
    at: float
    until: float | None = None

    def holds(self, now: float) -> bool:
        """Whether it has not run out."""
        return self.until is None or now < self.until


@dataclass(frozen=True, slots=True)
class Flaps:
    """How restless an alert is: each new beginning adds one, and the score halves with time.

    ``score`` is as of ``at`` (seconds since the epoch); ``damped``: it counts as flapping, and stays one alert until
    it is calm. ``count``: beginnings since it was last calm.
    """

    score: float
    at: float
    count: int = 1
    damped: bool = False


SilenceMode = Literal["mute", "skip", "run"]


@dataclass(frozen=True, slots=True)
class Silence:
    """An ad hoc maintenance window: from ``start`` to before ``until`` (seconds since the epoch).

    ``mode``: ``mute`` holds messages back, ``skip`` lets nothing it explains become an alert, ``run`` only names the
    work. ``by`` is a role, never a person. ``match`` is never empty.
    """

    id: str
    match: Match
    by: str
    reason: str
    start: float
    until: float
    mode: SilenceMode = "mute"


@dataclass(frozen=True, slots=True)
class Alert:
    """One finding over time. ``id`` is unique for each episode; ``since`` is when the finding first stood.

    ``clear_since`` is when it last began to be good while firing; ``changed_at`` when ``state`` last changed.
    ``muted`` follows from settings and causes at each look; of it the state store keeps only that a cause is told.
    ``unled_since``: since when it is held back though the alert about its cause is gone. ``unverified``: whether it
    still holds could not be told at the last look; not kept. ``milder_since``: since when the finding is less bad than
    the severity that the alert keeps for now. ``work``: the announced work that goes on there, where the alert is told
    all the same. ``unmuted_at``: when it last ended, while it fired, that nobody was told. ``dark_since``: since when
    it could not be judged while pending: that is not time for which it stood.
    """

    id: str
    finding: Finding
    state: AlertState
    since: float
    changed_at: float
    clear_since: float | None = None
    acknowledged: Acknowledgement | None = None
    muted: Muted | None = None
    unled_since: float | None = None
    unverified: bool = False
    milder_since: float | None = None
    flaps: Flaps | None = None
    work: str | None = None
    unmuted_at: float | None = None
    dark_since: float | None = None


@dataclass(frozen=True, slots=True)
class Transition:
    """A decided change of state; committed before it is delivered."""

    alert: Alert
    previous: AlertState | None
    at: float


NotificationReason = Literal["new", "worse", "repeated", "escalated", "resolved"]


@dataclass(frozen=True, slots=True)
class Notification:
    """What one receiver is to hear of one alert. ``key`` is the idempotency key; not sent before ``not_before``.

    ``reason``: why it is told; ``escalated``: nobody acknowledged in time. ``effects``: summaries of what fires and is
    not told because of it. ``digest``: it is collected with others for a daily message. ``instead_of``: the receiver
    that could not be reached.
    """

    key: str
    receiver: str
    alert: Alert
    created_at: float
    not_before: float
    attempts: int = 0
    reason: NotificationReason = "new"
    effects: tuple[str, ...] = ()
    digest: bool = False
    instead_of: str | None = None

    @property
    def due_at(self) -> float:
        """When it was to leave: not before it was made, whatever a clock says that has stepped since."""
        return max(self.created_at, self.not_before)


class Telling(NamedTuple):
    """What a receiver was told, with one severity, of an alert that fires.

    ``first``, ``last``: when the first and the last such message went, or was to go (seconds since the epoch).
    ``waits``: when last looked, it waited for its hour; it has gone once that has come.
    """

    severity: Severity
    first: float
    last: float
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed over at once: one message to one receiver, about one alert or several. ``key``: idempotency.

    ``kind``: ``alerts`` of one site or cause, a daily ``digest``, a ``summary`` of a storm that would have been more
    messages than the receiver may get, or a marked ``test``. Never empty; in the order in which they were decided.
    ``sent_at``: when it is handed over (seconds since the epoch); None: as soon as it is due.
    """

    key: str
    receiver: str
    notifications: tuple[Notification, ...]
    kind: Literal["alerts", "digest", "summary", "test"] = "alerts"
    sent_at: float | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not now; try again after so many seconds."""

    after_seconds: float
    why: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The receiver refuses it, and would again."""

    why: str


Delivery = Delivered | Retry | Rejected


class Tried(NamedTuple):
    """What became of a test over one URL of a receiver; ``url`` counts from 1. The URL itself is never shown."""

    receiver: str
    url: int
    outcome: Delivery

    @property
    def word(self) -> str:
        """The outcome for programs."""
        if isinstance(self.outcome, Delivered):
            return "delivered"
        return "refused" if isinstance(self.outcome, Rejected) else "failed"

    @property
    def why(self) -> str:
        """Why it failed, or empty."""
        return "" if isinstance(self.outcome, Delivered) else self.outcome.why


@dataclass(frozen=True, slots=True)
class AlarmTest:
    """Since when a test of the ways to a receiver is awaited, and when all of them last took one.

    Seconds since the epoch; ``delivered_at`` None: no test has arrived yet. ``ways``: a few bits of a hash of the ways
    that it is about, so that other ways are noticed; empty once the receiver is gone.
    """

    receiver: str
    awaited_since: float
    delivered_at: float | None = None
    ways: str = ""


class Deliverer(Protocol):
    """Sends one message over one way of a receiver; never raises for what the far side does."""

    async def deliver(self, parcel: Parcel) -> Delivery:
        """Try once."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """A notification as the outbox keeps it. ``outcome`` None: not at its end yet, next tried at ``next_try``.

    ``withdrawn``: what waited for its hour and was not to be told any more when it came, ``why`` says the reason.
    ``why``: what went wrong last, or empty. ``parcel``: key of what it was, or is being, handed over in. ``taken``:
    the receiver's ways that have it; ``taken_at``: since when the first of them. Times are seconds since the epoch.
    """

    notification: Notification
    outcome: Literal["delivered", "failed", "withdrawn"] | None
    next_try: float
    finished_at: float | None = None
    why: str = ""
    parcel: str | None = None
    taken: tuple[str, ...] = ()
    taken_at: float | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a receiver is not reached, and since when (seconds since the epoch). ``for_good``: it refuses what comes."""

    since: float
    why: str
    for_good: bool = False


LONGEST_WHY = 500  # bytes of a reason that are kept


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did, for the audit: ``who`` is a role. ``subject``: alert or silence id, rule and subject in words.

    ``until``: seconds since the epoch, where it has an end. ``undone``: what stands before it about the same subject
    took no effect.
    """

    at: float
    who: str
    what: Literal["acknowledge", "unacknowledge", "silence", "unsilence", "reload", "test", "undone"]
    subject: str
    until: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a job that reports by itself last said. Times are seconds since the epoch, None where it never did.

    ``awaited_since``: since when reports are expected (first seen in the configuration). ``started_at``: the last
    ``/start`` that no end followed yet. ``ended_at``: the last end, and its ``exit_code`` (0: success; None: a ``fail``
    without a code). ``duration_seconds``: from the start to that end. ``listening_since``: since when the daemon has
    listened for the next success: its first start after that was expected, else its last one. ``left_at``: when the
    service was taken out of the configuration, which it is not back in. ``sizes``: (when, bytes) of the last successes
    of a job that says how much it wrote, oldest first, at most ``SIZES_KEPT``; None for bytes where one did not say.
    Reports of one night count once: the first one's time, the last one's bytes.
    """

    service: str
    awaited_since: float
    started_at: float | None = None
    ended_at: float | None = None
    succeeded_at: float | None = None
    exit_code: int | None = 0
    duration_seconds: float | None = None
    listening_since: float | None = None
    left_at: float | None = None
    sizes: tuple[tuple[float, float | None], ...] = ()


SIZES_KEPT = 400  # of a nightly job more than a year, holidays and the monthly full one included
HeartbeatSignal = Literal["success", "start", "fail"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One job's series to publish: the target's labels, its layout (identity = cache key) and the values now."""

    labels: LabelPairs
    layout: Layout
    values: Sequence[float]


OwnSeries = tuple[MetricFamily, tuple[tuple[LabelPairs, float], ...]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What exporters publish: the fresh view and its tables, the alerts (pending, firing, lately resolved), own series.

    The view is what may be believed (``agent.risk.uplink``), the tables are what was measured: each fresh job's series
    and, for each job, a second table with the ``families.PER_JOB`` series. ``network``, ``house`` and ``estate`` are
    what was last judged of them, None before the first look. ``stuck``: parts of the daemon (loop, scheduler,
    judgement, outbox) that make no progress.
    """

    at: float
    view: View
    tables: tuple[Table, ...]
    alerts: tuple[Alert, ...]
    own: tuple[OwnSeries, ...]
    network: Network | None = None
    stuck: tuple[str, ...] = ()
    house: House | None = None
    estate: Estate | None = None


class Exporter(Protocol):
    """Hands a snapshot to the outside."""

    name: str

    async def publish(self, snapshot: Snapshot) -> None:
        """Publish; never raises for what the far side does."""
        ...

    async def close(self) -> None:
        """Release sockets."""
        ...


class OnCall(Protocol):
    """What page, API, command line and links in messages may ask about alerts; implemented by ``agent.app``."""

    async def acknowledge(self, alert_id: str, by: str, until: float | None = None, why: str = "") -> Alert:
        """Acknowledge a firing alert in the name of a role; committed when it returns. Raises Refused."""
        ...

    async def unacknowledge(self, alert_id: str, by: str, why: str = "") -> Alert:
        """Take an acknowledgement back; committed when it returns. Raises Refused."""
        ...

    async def silence(self, wanted: Silence) -> Silence:
        """Begin an ad hoc maintenance window; its id is given here. Committed when it returns. Raises Refused."""
        ...

    async def unsilence(self, silence_id: str, by: str, why: str = "") -> Silence:
        """End it now; committed when it returns. Raises Refused."""
        ...

    def silences(self) -> Sequence[Silence]:
        """Return those that are in force or yet to come, by their start."""
        ...

    async def deeds(self, limit: int = 100) -> Sequence[Deed]:
        """Return what was done last, newest first. Raises Refused where the state store cannot be read."""
        ...

    async def deliveries(self, limit: int = 100) -> Sequence[Sent]:
        """Return what waits, then what was sent last, newest first. Raises Refused as ``deeds``."""
        ...

    def told(self) -> Mapping[tuple[str, str], float]:
        """Return, by (alert id, receiver), when a receiver last was told, or is to be, that the alert fires."""
        ...

    async def test(self, receiver: str, by: str) -> Sequence[Tried]:
        """Send a marked test over every way to a receiver, in the name of a role, and put it into the audit.

        Committed when it returns. Raises Refused: also where it was sent and could not be noted, and ``too_soon`` after
        the last one.
        """
        ...

    def tests(self) -> Mapping[str, AlarmTest]:
        """Return, by receiver, since when tests are awaited and when the last one arrived."""
        ...

    async def redeem(self, token: str) -> Alert:
        """Acknowledge by the one-time link of a message.

        Raises Refused: not ours, used, run out, nothing stands, or there is no such role any more.
        """
        ...

    def claimed(self, token: str) -> Alert:
        """Return the alert that a link of a message would acknowledge; changes nothing. Raises Refused."""
        ...


class Commands(Protocol):
    """What page, API and command line may ask of the daemon; implemented by ``agent.app``."""

    async def reload(self) -> str | None:
        """Load the configuration anew; return None, or why the old one was kept."""
        ...

    async def snapshot(self) -> Snapshot:
        """Return the present state."""
        ...

    def inventory(self) -> Inventory:
        """Return the inventory in force."""
        ...

    def settings(self) -> Settings:
        """Return the settings in force."""
        ...

    def heard(self) -> Sequence[Heard]:
        """Return the notifications that came last, newest first; the same one of one device is listed once."""
        ...

    def network(self) -> Network:
        """Return what was last judged of the network; empty before the first look."""
        ...

    async def history(self, subject: Subject, start: float, end: float) -> Sequence[StateChange]:
        """Return how a service or link stood: changes from ``start`` to before ``end``, and the last one before.

        Times are seconds since the epoch; oldest first, a bounded number. Raises Refused.
        """
        ...

    def ready(self) -> bool:
        """Whether the first configuration is in force and the state store is open."""
        ...

    @property
    def on_call(self) -> OnCall:
        """What may be asked about alerts."""
        ...

    async def report(
        self,
        service: str,
        token: str,
        signal: HeartbeatSignal,
        exit_code: int | None = None,
        size_bytes: int | None = None,
    ) -> Heartbeat:
        """Take the report of a job; committed when it returns. Raises Refused where service or token is unknown.

        ``size_bytes``: how much it wrote; kept of a success only.
        """
        ...


class Refused(ValueError):
    """A command cannot be done; ``kind`` says why to programs, the message to people.

    ``alert``: what a link is about that was used already, as it stands. ``seconds``: after which it may be tried again.
    """

    def __init__(
        self,
        kind: Literal["unknown", "forbidden", "no_role", "conflict", "gone", "too_soon", "unavailable"],
        message: str,
        alert: Alert | None = None,
        seconds: float | None = None,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.alert = alert
        self.seconds = seconds


class UnknownElement(ValueError):
    """A what-if names something that the network does not have; the message is for people and names what is near."""


class Clock(Protocol):
    """The only source of time; tests hand in a fake."""

    def now(self) -> float:
        """Wall clock, seconds since the epoch (UTC)."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

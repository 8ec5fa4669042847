"""What is known of services, contracts, fleets and equipment: values that cross a stage, all frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from agent.configbackup import ConfigBackup as ConfigBackup
from agent.subject import Subject

# --- devices that a management (MDM) knows ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Managed:
    """One device as its management knows it: these fields, and no others, ever leave a parser.

    No person, no name of a device, no address and no place but the ``site`` of the inventory. ``kind``: as in
    ``fleets``. ``checked_in_at``: seconds since the epoch; None: never, or not known. Ratios are 0 to 1. ``compliance``
    and ``enrolment`` ("automatic", "manual", "pending", "removed") are "" where the product does not say.
    """

    kind: str
    site: str | None = None
    serial: str = ""
    asset_tag: str = ""
    model: str = ""
    os: str = ""
    os_version: str = ""
    enrolment: str = ""
    compliance: Literal["compliant", "noncompliant", ""] = ""
    supervised: bool | None = None
    encrypted: bool | None = None
    checked_in_at: float | None = None
    storage_free_ratio: float | None = None
    battery_ratio: float | None = None


# --- states that are kept for years ----------------------------------------------------------------------------------

MOST_CHANGES = 20_000  # of one subject that one answer holds

Standing = Literal["up", "down", "planned", "upstream", "blind"]


@dataclass(frozen=True, slots=True)
class StateChange:
    """From ``at`` on (seconds since the epoch) a service, link or device stood so.

    ``down``: it failed, and whoever owes it is to blame. ``planned``: it failed during announced work. ``upstream``: it
    failed because of ``cause``, which is not owed by the same provider. ``blind``: this daemon could not tell: it did
    not run, was cut off itself, or had no answer yet.
    """

    at: float
    subject: Subject
    state: Standing
    why: str = ""
    cause: Subject | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Service hours of a period so far, in seconds, told apart; exact. They add up to ``service_seconds``.

    ``availability``: up by (up + down), None before anything was seen; planned work, what others caused and our own
    blindness count neither way. ``budget_seconds``: how much more may fail until the end of the period before the
    agreed availability is missed, negative once it is; None without one.
    """

    start: float
    end: float
    service_seconds: float
    up_seconds: float
    down_seconds: float
    planned_seconds: float
    upstream_seconds: float
    blind_seconds: float
    availability: float | None = None
    budget_seconds: float | None = None


class BadDay(NamedTuple):
    """A day on which something under a contract failed within its hours: how long, and what happened when.

    ``total``: how many changes there were; of many ``changes`` holds the first and the last.
    """

    day: date
    subject: Subject
    down_seconds: float
    changes: tuple[StateChange, ...]
    total: int = 0


class LineRate(NamedTuple):
    """What a line delivers in bit/s, measured or said by its equipment, against what is contracted; None: not known.

    ``measured_at``: of the newest measurement, seconds since the epoch.
    """

    link: str
    contracted_down: float
    contracted_up: float
    delivered_down: float | None = None
    delivered_up: float | None = None
    measured_at: float | None = None


@dataclass(frozen=True, slots=True)
class ContractState:
    """How a contract stands: the account of each thing that is owed under it, and of the worst of them.

    ``month`` and ``year``: by subject, the calendar month and year so far in local time; ``last_month``: the whole
    calendar month before. ``missed``: whether the agreed availability of the running month is missed already; None
    without one, or without data. ``bad_days``: of both months.
    """

    id: str
    month: Mapping[Subject, Account] = field(default_factory=dict[Subject, Account])
    year: Mapping[Subject, Account] = field(default_factory=dict[Subject, Account])
    missed: bool | None = None
    bad_days: tuple[BadDay, ...] = ()
    rates: tuple[LineRate, ...] = ()
    last_month: Mapping[Subject, Account] = field(default_factory=dict[Subject, Account])


@dataclass(frozen=True, slots=True)
class ServiceState:
    """How a service stands now, since when, and its last changes, newest first (at most 50).

    ``month`` and ``year``: its account so far, within the hours of its contract, else those in which it matters.
    """

    id: str
    state: Literal["up", "down", "degraded", "unknown"]
    since: float | None = None
    detail: str = ""
    history: tuple[StateChange, ...] = ()
    month: Account | None = None
    year: Account | None = None


# --- fleets, register, licences --------------------------------------------------------------------------------------


class Need(NamedTuple):
    """Devices to be replaced in a year, and what that costs (None: no price is known)."""

    year: int
    devices: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class FleetState:
    """A fleet: stock by the register, by its management, and as planned for this year; None: not known.

    ``by_year``: how many of the register were bought in which year (0: not said). ``late``: managed devices that have
    not checked in for long, counted in days of school where it is one's. ``ages``: how many of the register are so
    many whole years old. ``below_plan``: fewer are there than must be by now; None where that cannot be judged.
    """

    id: str
    registered: int | None = None
    managed: int | None = None
    planned: int | None = None
    by_year: Mapping[int, int] = field(default_factory=dict[int, int])
    needs: tuple[Need, ...] = ()
    late: int | None = None
    ages: Mapping[int, int] = field(default_factory=dict[int, int])
    below_plan: bool | None = None

    @property
    def stock(self) -> int | None:
        """How many there are, by what knows of more of them."""
        return max((one for one in (self.registered, self.managed) if one is not None), default=None)


Support = Literal["supported", "ending", "ended", "unknown"]


class Version(NamedTuple):
    """Devices of a site that run one version of a system or firmware; ``ends``: its last day of support, if known.

    ``latest``: the last day of another edition, where nobody says which edition it is. ``support``: how the version
    stands, as the rules find it.
    """

    site: str | None
    kind: str
    system: str
    version: str
    devices: int
    ends: date | None = None
    latest: date | None = None
    support: Support = "unknown"


@dataclass(frozen=True, slots=True)
class RegisterState:
    """The register against what was seen: asset tags or serials. ``moved``: (key, site registered, site seen).

    ``missing``: registered, managed or polled once, and not seen now; ``unknown``: seen, and not registered.
    """

    matched: int = 0
    missing: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    moved: tuple[tuple[str, str, str], ...] = ()
    duplicates: tuple[str, ...] = ()


class CloudIssue(NamedTuple):
    """What a cloud service says of an open fault. ``began_at``: seconds since the epoch; None: not known."""

    service: str
    classification: str
    title: str
    impact: str
    began_at: float | None


@dataclass(frozen=True, slots=True)
class LicenceState:
    """Seats of a licence; None: not known. ``counted_at``: seconds since the epoch, where a source counts them.

    ``in_grace``, ``suspended``: seats at the source whose term is over, that still work and that do not any more.
    ``state``: as the rules find it; ``lapsing`` and ``suspended`` where such seats are needed.
    """

    id: str
    seats: int | None = None
    used: int | None = None
    counted_at: float | None = None
    in_grace: int | None = None
    suspended: int | None = None
    state: Literal["unknown", "fits", "near", "over", "lapsing", "suspended"] = "unknown"


EquipmentState = Literal["up", "asleep", "warning", "down", "unknown", "resting"]


@dataclass(frozen=True, slots=True)
class Equipment:
    """A thing in a class room or meeting room: ``asleep`` is not broken, ``resting`` is outside its hours.

    ``hours``: when it matters, as ``config.hours.When`` says it.
    """

    subject: Subject
    state: EquipmentState
    detail: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class ClassroomState:
    """A class room or meeting room; ``room`` is None for a projector that hangs in none of the inventory's."""

    room: str | None
    name: str
    site: str | None
    equipment: tuple[Equipment, ...]
    wanted: bool
    hours: str = ""


@dataclass(frozen=True, slots=True)
class Estate:
    """What was judged of services, contracts, fleets and equipment at one look."""

    at: float
    services: Mapping[str, ServiceState] = field(default_factory=dict[str, ServiceState])
    contracts: Mapping[str, ContractState] = field(default_factory=dict[str, ContractState])
    fleets: Mapping[str, FleetState] = field(default_factory=dict[str, FleetState])
    licences: Mapping[str, LicenceState] = field(default_factory=dict[str, LicenceState])
    classrooms: tuple[ClassroomState, ...] = ()
    versions: tuple[Version, ...] = ()
    register: RegisterState | None = None
    backups: Mapping[str, ConfigBackup] = field(default_factory=dict[str, ConfigBackup])

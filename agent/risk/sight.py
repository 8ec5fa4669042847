"""What every rule looks at: inventory, settings, the view, and each subject's jobs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from agent.contract import (
    Course,
    Finding,
    FindingKey,
    FunctionState,
    JobKey,
    JobState,
    Measure,
    Network,
    PowerState,
    RoomState,
    Series,
    Silence,
    Subject,
    Target,
    View,
    Windows,
)
from agent.estate import (
    ClassroomState,
    ConfigBackup,
    ContractState,
    FleetState,
    LicenceState,
    RegisterState,
    ServiceState,
    StateChange,
    Version,
)
from agent.risk.calendar import Calendars
from agent.risk.hop.readings import Radios
from agent.risk.texts import Words
from config.inventory import Inventory
from config.settings import Settings

PING = "icmp"
PLUGIN = "plugin"
HEARTBEAT = "heartbeat"

# What is known of a room, of where it is going, of a UPS, of a function, of a service, a contract, a fleet, ...
HouseState = RoomState | Course | PowerState | FunctionState
EstateState = (
    ServiceState | ContractState | FleetState | LicenceState | ClassroomState | Version | RegisterState | ConfigBackup
)
State = HouseState | EstateState

# What a rule yields: a finding, the key of what it could not judge for want of data, a figure to publish, the wish
# that a job be polled at once because a verdict waits for it, a state, or a change of one that is kept for years.
Outcome = Finding | FindingKey | Measure | JobKey | State | StateChange

# So many subjects are judged between two pauses: a few milliseconds.
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Sight:
    """One look. ``dark``: who is not fully read, a job without a fresh reading or with a partial one.

    ``radios``: what the radios of the view say. ``network``: what was judged of the network at this look, before any
    rule is asked. ``stepped_at``: when the clock was last set by much, or the machine stood still.
    ``backups``: what the state says of each device's configuration backup. ``silences``: those that have not ended.
    ``calendars``: hours of the configuration; no file is read for them at a look.
    """

    inventory: Inventory
    settings: Settings
    view: View
    windows: Windows
    words: Words
    jobs: Mapping[Subject, tuple[JobState, ...]]
    dark: AbstractSet[Subject]
    radios: Radios
    network: Network
    calendars: Calendars
    stepped_at: float = 0.0
    backups: Mapping[str, ConfigBackup] = field(default_factory=dict[str, ConfigBackup])
    silences: tuple[Silence, ...] = ()

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, view: View, windows: Windows) -> Sight:
        """Gather the jobs by subject; the language is the municipality's."""
        jobs: dict[Subject, list[JobState]] = {}
        for job in view.jobs():
            jobs.setdefault(job.key.subject, []).append(job)
        grouped = {subject: tuple(sorted(states, key=lambda job: job.key.check)) for subject, states in jobs.items()}
        dark = frozenset(job.key.subject for job in view.jobs() if _incomplete(job))
        words = Words(settings.municipality.language)
        radios = Radios(inventory, view)
        network, calendars = Network(view.now), Calendars(settings)
        return cls(inventory, settings, view, windows, words, grouped, dark, radios, network, calendars)

    def name(self, subject: Subject) -> str:
        """Return what people call it."""
        return name_of(self.inventory, subject)

    def moment(self, at: float) -> str:
        """Return local day and time; the same at each look, so that a message repeated says the same."""
        return self.words.moment(at, ZoneInfo(self.settings.municipality.timezone))

    def values(self, family: str) -> Iterator[tuple[Target, float]]:
        """Yield the fresh values of a family whose labels nobody asks for; what holds no number (NaN) is left out."""
        for reading, column in self.view.columns(family):
            if reading.harvest is not None:
                for value in reading.harvest.values[column.start : column.stop]:
                    if not math.isnan(value):
                        yield reading.target, value

    def by_subject(self, family: str) -> dict[Subject, list[Series]]:
        """Return the fresh series of a family, grouped."""
        grouped: dict[Subject, list[Series]] = {}
        for series in self.view.series(family):
            grouped.setdefault(series.subject, []).append(series)
        return grouped

    def unseen(self, rule: str, kind: str, seen: Collection[Subject]) -> Iterator[FindingKey]:
        """Yield the rule's key for each subject of the kind that shows no such series while its data is incomplete."""
        for subject in self.dark:
            if subject.kind == kind and subject not in seen:
                yield FindingKey(rule, subject)


def name_of(inventory: Inventory, subject: Subject) -> str:
    """Return the name of a service, as it is configured; else the id."""
    service = inventory.services.get(subject.id) if subject.kind == "service" else None
    return subject.id if service is None else service.name or subject.id


def _incomplete(job: JobState) -> bool:
    if job.key.check == PING and job.key.subject.kind != "site":
        return False  # brings no series that a rule asks for: whoever may not ping is not blind
    if job.up is not True:
        return True
    harvest = job.reading.harvest if job.reading is not None else None
    return harvest is None or bool(harvest.partial)

"""What the rules of one look yielded, put together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from agent.contract import (
    Course,
    Finding,
    FindingKey,
    FunctionState,
    House,
    JobKey,
    Judgement,
    Measure,
    Network,
    PowerState,
    RoomState,
    Severity,
)
from agent.estate import (
    ClassroomState,
    ConfigBackup,
    ContractState,
    Estate,
    FleetState,
    LicenceState,
    RegisterState,
    ServiceState,
    StateChange,
    Version,
)
from agent.risk.dependencies import unheld
from agent.risk.overheating import told_once
from agent.risk.sight import EstateState, HouseState, Outcome
from agent.risk.texts import Words
from config.settings import Settings


@dataclass(slots=True)
class FoundHouse:
    """Rooms, power and functions."""

    rooms: dict[str, RoomState] = field(default_factory=dict[str, RoomState])
    courses: dict[str, Course] = field(default_factory=dict[str, Course])
    power: dict[str, PowerState] = field(default_factory=dict[str, PowerState])
    functions: dict[str, FunctionState] = field(default_factory=dict[str, FunctionState])

    def take(self, state: HouseState) -> None:
        """Keep it under its name."""
        if isinstance(state, RoomState):
            self.rooms[state.id] = state
        elif isinstance(state, Course):
            self.courses[state.room] = state
        elif isinstance(state, PowerState):
            self.power[state.device] = state
        else:
            self.functions[state.id] = state


@dataclass(slots=True)
class FoundEstate:
    """Services, contracts, fleets and equipment."""

    services: dict[str, ServiceState] = field(default_factory=dict[str, ServiceState])
    contracts: dict[str, ContractState] = field(default_factory=dict[str, ContractState])
    fleets: dict[str, FleetState] = field(default_factory=dict[str, FleetState])
    licences: dict[str, LicenceState] = field(default_factory=dict[str, LicenceState])
    backups: dict[str, ConfigBackup] = field(default_factory=dict[str, ConfigBackup])
    classrooms: list[ClassroomState] = field(default_factory=list[ClassroomState])
    versions: list[Version] = field(default_factory=list[Version])
    register: RegisterState | None = None

    def take(self, state: EstateState) -> None:
        """Keep it under its name, or in its order."""
        if isinstance(state, ServiceState):
            self.services[state.id] = state
        elif isinstance(state, ContractState):
            self.contracts[state.id] = state
        elif isinstance(state, FleetState):
            self.fleets[state.id] = state
        elif isinstance(state, LicenceState):
            self.licences[state.id] = state
        elif isinstance(state, ConfigBackup):
            self.backups[state.device] = state
        elif isinstance(state, ClassroomState):
            self.classrooms.append(state)
        elif isinstance(state, Version):
            self.versions.append(state)
        else:
            self.register = state

    def estate(self, at: float) -> Estate:
        """Return it as of a look at ``at``, seconds since the epoch."""
        states = (self.services, self.contracts, self.fleets, self.licences)
        return Estate(at, *states, tuple(self.classrooms), tuple(self.versions), self.register, self.backups)


@dataclass(slots=True)
class Found:
    """Everything that was yielded so far."""

    settings: Settings
    words: Words
    findings: list[Finding] = field(default_factory=list[Finding])
    unverified: set[FindingKey] = field(default_factory=set[FindingKey])
    measures: list[Measure] = field(default_factory=list[Measure])
    wishes: set[JobKey] = field(default_factory=set[JobKey])
    changes: list[StateChange] = field(default_factory=list[StateChange])
    house: FoundHouse = field(default_factory=FoundHouse)
    estate: FoundEstate = field(default_factory=FoundEstate)

    def take(self, outcome: Outcome) -> None:
        """Put it where it belongs."""
        if isinstance(outcome, Finding):
            self.findings.append(adjusted(outcome, self.settings))
        elif isinstance(outcome, Measure):
            self.measures.append(outcome)
        elif isinstance(outcome, JobKey):
            self.wishes.add(outcome)
        elif isinstance(outcome, FindingKey):
            self.unverified.add(outcome)
        elif isinstance(outcome, StateChange):
            self.changes.append(outcome)
        elif isinstance(outcome, HouseState):
            self.house.take(outcome)
        else:
            self.estate.take(outcome)

    def judgement(self, network: Network) -> Judgement:
        """Return the judgement; what is found is not unverified."""
        outcomes = list(told_once(unheld(self.findings), self.house.courses, self.words))
        findings = tuple(one for one in outcomes if isinstance(one, Finding))
        untold = {one for one in outcomes if isinstance(one, FindingKey)}
        unknown = frozenset((self.unverified | untold).difference(finding.key for finding in findings))
        found = self.house
        house = House(network.at, found.rooms, found.courses, found.power, found.functions)
        return Judgement(
            findings,
            unknown,
            frozenset(self.wishes),
            tuple(self.measures),
            network,
            house,
            self.estate.estate(network.at),
            tuple(self.changes),
        )


def adjusted(finding: Finding, settings: Settings) -> Finding:
    """Give the finding the severity that the configuration sets for its rule."""
    options = settings.alerting.rules.get(finding.rule)
    if options is None or options.severity is None:
        return finding
    return replace(finding, severity=Severity(options.severity))

"""What judgement remembers from look to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.contract import Silence
from agent.estate import ConfigBackup
from agent.risk.calendar import Calendars
from agent.risk.contracts.book import ContractBook
from agent.risk.equipment import EquipmentBook
from agent.risk.hardware import HardwareBook
from agent.risk.network.book import NetworkBook
from agent.risk.overheating import CourseBook
from agent.risk.power import PowerBook
from agent.risk.room.book import RoomBook
from agent.risk.seldom import SeldomBook
from agent.risk.usage.book import UsageBook
from agent.risk.watch import ThresholdBook


@dataclass(frozen=True, slots=True)
class Books:
    """One each for the life of the daemon; ``thresholds`` is that of the configuration in force.

    ``backups``: what the state says of each device's configuration backup. ``silences``: those that have not ended.
    ``calendars``: those of the configuration in force, read off the loop; None: they are made at the look.
    """

    thresholds: ThresholdBook
    network: NetworkBook = field(default_factory=NetworkBook)
    usage: UsageBook = field(default_factory=UsageBook)
    seldom: SeldomBook = field(default_factory=SeldomBook)
    power: PowerBook = field(default_factory=PowerBook)
    hardware: HardwareBook = field(default_factory=HardwareBook)
    equipment: EquipmentBook = field(default_factory=EquipmentBook)
    rooms: RoomBook = field(default_factory=RoomBook)
    courses: CourseBook = field(default_factory=CourseBook)
    contracts: ContractBook = field(default_factory=ContractBook)
    backups: Mapping[str, ConfigBackup] = field(default_factory=dict[str, ConfigBackup])
    silences: tuple[Silence, ...] = ()
    calendars: Calendars | None = None

"""What judgement remembers from look to look."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    """One each for the life of the daemon; ``thresholds`` is that of the configuration in force."""

    thresholds: ThresholdBook
    network: NetworkBook = field(default_factory=NetworkBook)
    usage: UsageBook = field(default_factory=UsageBook)
    seldom: SeldomBook = field(default_factory=SeldomBook)
    power: PowerBook = field(default_factory=PowerBook)
    hardware: HardwareBook = field(default_factory=HardwareBook)
    rooms: RoomBook = field(default_factory=RoomBook)
    courses: CourseBook = field(default_factory=CourseBook)

"""A room that is watched for hours: what its sensors say goes through the book look by look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from agent import neutral
from agent.contract import Finding, FindingKey, JobKey, JobState, Measure, MetricFamily, RoomState, Series, Subject
from agent.risk.room.book import RoomBook
from agent.risk.room.registry import Sensor
from agent.risk.sight import Outcome, Sight
from tests.agent.risk.scene import NOW, Scene, job
from tests.harness.fakes import FakeView

TEMPERATURE = neutral.SENSOR_TEMPERATURE
HUMIDITY = neutral.SENSOR_HUMIDITY
DOOR = neutral.SENSOR_DOOR_OPEN
CONTACT = neutral.SENSOR_CONTACT_ALARM
Says = Mapping[tuple[MetricFamily, str], float]


def house(room: Mapping[str, Any] | None = None, devices: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """An inventory with one room and its climate sensor."""
    climate = {"site": "rathaus", "address": "127.0.0.1", "role": "sensor", "room": "raum"}
    return {
        "rooms": {"raum": {"site": "rathaus", "name": "Raum", **(room or {})}},
        "devices": {"klima": climate, **(devices or {})},
    }


class Watched:
    """``jobs``: further jobs by device; the climate sensor's own follows from what it says."""

    def __init__(
        self,
        room: Mapping[str, Any] | None = None,
        devices: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.scene = Scene(house(room, devices), settings)
        self.book = RoomBook()
        self.now = NOW
        self.stepped_at = 0.0
        self.outcomes: list[Outcome] = []
        self.jobs: list[JobState] = []
        self._said: list[tuple[str, Series]] = []
        self._job = job("device:klima", "fake")

    def says(self, said: Says, device: str = "klima") -> Watched:
        """A poll just now that brought these values; what a device does not say again is gone."""
        self._said = [one for one in self._said if one[1].subject.id != device]
        for (family, sensor), value in said.items():
            labels = {"room": "", "sensor": sensor} if family.labels else {}
            self._said.append((family.name, Series(Subject("device", device), "rathaus", labels, value, self.now)))
        if device == "klima":
            self._job = replace(self._job, last_attempt=self.now)
        return self.look()

    def fails(self) -> Watched:
        """A poll just now that failed."""
        self._job = replace(self._job, up=False, failures=self._job.failures + 1, last_attempt=self.now)
        return self.look()

    def look(self) -> Watched:
        """Judge what is there."""
        view = FakeView((self._job, *self.jobs), self._said, self.now)
        sight = Sight.of(self.scene.inventory, self.scene.settings, view, self.scene.windows())
        sight = replace(sight, stepped_at=self.stepped_at)
        self.outcomes = [one for one in self.book.look(sight) if one is not None]
        return self

    def after(self, seconds: float) -> Watched:
        """Let time pass."""
        self.now += seconds
        return self

    def step(self, seconds: float) -> Watched:
        """Set the clock."""
        self.now += seconds
        self.stepped_at = self.now
        return self

    def reads(self, celsius: float, sensor: str = "t", seconds: float = 10.0) -> Watched:
        """Some seconds later the one sensor says this."""
        return self.after(seconds).says({(TEMPERATURE, sensor): celsius})

    @property
    def state(self) -> RoomState:
        """What is known of the room."""
        return next(one for one in self.outcomes if isinstance(one, RoomState))

    def sensors(self) -> Sequence[Sensor]:
        """All sensors of the room that are remembered."""
        return self.book.sensors("raum")

    def finding(self, rule: str) -> Finding | None:
        """What was found of a rule, at most once."""
        found = [one for one in self.outcomes if isinstance(one, Finding) and one.rule == rule]
        assert len(found) <= 1
        return found[0] if found else None

    def unknown(self, rule: str) -> bool:
        """Whether it could not be judged."""
        return FindingKey(rule, Subject("room", "raum")) in self.outcomes

    def wishes(self) -> list[JobKey]:
        """What should be polled at once."""
        return [one for one in self.outcomes if isinstance(one, JobKey)]

    def measures(self, family: MetricFamily) -> dict[tuple[str, ...], float]:
        """The figures of a family."""
        return {one.labels: one.value for one in self.outcomes if isinstance(one, Measure) and one.family is family}

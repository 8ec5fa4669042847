"""What a projector says, and what is remembered of it while it sleeps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from agent.contract import JobState, Reading, Subject, View

POWER_STATE = "ringwacht_projector_power_state"
ERROR = "ringwacht_projector_error"
LAMP_SECONDS = "ringwacht_projector_lamp_seconds_total"

STANDBY = "standby"
PARTS = frozenset({"fan", "lamp", "temperature", "cover", "filter", "other"})
FAULT = 2.0
WARNING = 1.0
# Parts whose warning says that it is about to switch itself off; any other is for who comes to clean it.
URGENT = frozenset({"fan", "temperature"})
DAY_SECONDS = 86400.0
STANDBY_KNOWN_SECONDS = 7 * DAY_SECONDS
# Local time from midnight on: nobody teaches, and nobody switches a room on or off.
NIGHT_HOURS = 5


class Told(NamedTuple):
    """What one poll brought: the state of its power (None: not said), parts by their level, lamps by their use."""

    power: str | None
    parts: Mapping[str, float]
    lamps: Mapping[str, float]

    @classmethod
    def of(cls, view: View, subject: Subject) -> Told:
        """Read the series of a projector; parts that the protocol does not know are left out."""
        states = (one.labels.get("state") for one in view.series(POWER_STATE, subject) if one.value == 1)
        parts = {part: one.value for one in view.series(ERROR, subject) if (part := one.labels.get("part")) in PARTS}
        lamps = {one.labels.get("lamp", ""): one.value for one in view.series(LAMP_SECONDS, subject)}
        return cls(next(states, None), parts, lamps)

    def faults(self) -> tuple[str, ...]:
        """Return the texts of what keeps people from working with it, or soon will."""
        broken = tuple(f"fault_{part}" for part, level in self.parts.items() if level == FAULT)
        near = (f"warning_{part}" for part, level in self.parts.items() if level == WARNING and part in URGENT)
        return (*broken, *near)

    @property
    def is_broken(self) -> bool:
        """Whether a part has failed."""
        return FAULT in self.parts.values()


@dataclass(slots=True)
class Memory:
    """What is remembered of one projector. Lamps and warnings stay known while it sleeps and does not say.

    ``night_at``: when it last answered in standby at night (seconds since the epoch): only that proves that it does not
    sleep by being switched off at the wall. ``missed``: its silence was told of.
    """

    reading: Reading | None = None
    told: Told | None = None
    night_at: float | None = None
    missed: bool = False
    lamps: Mapping[str, float] = field(default_factory=dict[str, float])
    warnings: tuple[str, ...] | None = None

    def hear(self, job: JobState, view: View, zone: ZoneInfo) -> Told | None:
        """Return what it says now; None where nothing fresh is there. A reading is read once."""
        if job.up is not True or job.reading is None:
            return None
        if job.reading is not self.reading or self.told is None:
            self.reading, self.told = job.reading, Told.of(view, job.key.subject)
            self._keep(self.told, job.reading.at, zone)
        return self.told

    def misses(self, since: float, now: float, *, rested: bool) -> bool:
        """Whether its silence means something: it is known to answer in standby, lately at night.

        ``rested``: the silence began outside its hours, as that of what is switched off in the evening does; then it
        must have answered in the night before.
        """
        if self.missed or self.night_at is None:
            return self.missed
        return 0 <= now - self.night_at <= STANDBY_KNOWN_SECONDS and not (
            rested and since - self.night_at > DAY_SECONDS
        )

    def _keep(self, told: Told, at: float, zone: ZoneInfo) -> None:
        self.missed = False
        if told.power == STANDBY and datetime.fromtimestamp(at, zone).hour < NIGHT_HOURS:
            self.night_at = at
        self.lamps = told.lamps or self.lamps
        if told.parts:
            slight = (part for part, level in told.parts.items() if level == WARNING and part not in URGENT)
            self.warnings = tuple(f"service_{part}" for part in slight)

"""Rooms whose temperature is made up: what a cooling unit, doors, loads and failures do, and sensors that see it.

``python -m tests.courses.climate 200`` plays so many room-days of each kind and prints how many alarms were false.
"""

from __future__ import annotations

import math
import random
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from agent.contract import JobKey, Sensed, Subject
from agent.risk.heat.alarm import Hints
from agent.risk.heat.track import Track, Trend

DAY = 86400.0
LIMITS = (27.0, 32.0)
BASE = 22.0
JOB = JobKey(Subject("device", "klima"), "snmp")

Course = Callable[[float], float]  # °C by seconds


class Sensor(NamedTuple):
    """How a temperature is seen: one in ``interval`` seconds, with noise and rounded (K)."""

    interval: float = 10.0
    noise: float = 0.05
    resolution: float = 0.1


USUAL = Sensor()
NOTHING = Hints()


# --- failures: kelvin by seconds since the cooling was lost --------------------------------------------------------


def ramp(kelvin_per_minute: float) -> Course:
    return lambda seconds: max(0.0, seconds) * kelvin_per_minute / 60


def approach(minutes: float, rise: float = 10.0, within: float = 30.0) -> Course:
    """A rise that saturates with this time constant, and is ``rise`` after ``within`` minutes."""
    whole = rise / -math.expm1(-within / minutes)
    return lambda seconds: -whole * math.expm1(-max(0.0, seconds) / 60 / minutes)


def two_stage(kelvin: float, minutes: float, kelvin_per_minute: float) -> Course:
    """The air warms fast, the walls slowly."""
    fast, slow = approach(minutes, kelvin, within=1e9), ramp(kelvin_per_minute)
    return lambda seconds: fast(seconds) + slow(seconds)


def saw_tooth(period: float, height: float, rising: float) -> Course:
    """A compressor: ``rising`` is the share of the period in which it rests."""

    def course(seconds: float) -> float:
        part = seconds % period / period
        return height * (part / rising if part < rising else (1 - part) / (1 - rising))

    return course


def lost(at: float, failure: Course, usual: Course = lambda _: 0.0, base: float = BASE) -> Course:
    """The usual until the cooling is lost; then the rise, from where it stood."""
    return lambda seconds: base + usual(min(seconds, at)) + failure(seconds - at)


# --- what is no failure --------------------------------------------------------------------------------------------


class Door(NamedTuple):
    """It stands open for ``opening`` seconds, and the warm air leaves with a time constant of ``leaving``."""

    at: float
    kelvin: float
    opening: float
    leaving: float


@dataclass(frozen=True, slots=True)
class Ways:
    """What happens in a room: all of it made up by the seed."""

    compressor: bool = False
    seasons: bool = False
    doors: int = 0
    backup: bool = False
    steps: int = 0


class QuietRoom:
    """A day in a room in which nothing fails."""

    def __init__(self, seed: int, ways: Ways) -> None:
        chance = random.Random(seed)  # noqa: S311 - a course that can be played again
        self._base = chance.uniform(20, 23)
        self._swing = chance.uniform(0, 1 if ways.compressor else 3) if ways.seasons else 0.0
        self._phase = chance.uniform(0, 2 * math.pi)
        self._doors = [
            Door(chance.uniform(0, DAY), chance.uniform(1, 4), chance.uniform(60, 120), chance.uniform(120, 900))
            for _ in range(ways.doors)
        ]
        self._backup = chance.uniform(600, 2400) if ways.backup else None
        self._steps = [(chance.uniform(0, DAY), chance.choice((-3, -2, 2, 3, 4))) for _ in range(ways.steps)]
        self._cycles = list(_cycles(chance)) if ways.compressor else []
        self._begins = [begin for begin, _, _, _ in self._cycles]

    def __call__(self, seconds: float) -> float:
        day = self._swing * math.sin(2 * math.pi * seconds / DAY + self._phase)
        doors = sum(door(one, seconds) for one in self._doors)
        steps = sum(height for at, height in self._steps if seconds > at)
        return self._base + day + doors + steps + self._load(seconds) + self._compressor(seconds)

    def _load(self, seconds: float) -> float:
        """Two hours of backups, 2 K at most, from two o'clock on."""
        if self._backup is None or seconds < 7200:
            return 0.0
        run, since = min(seconds - 7200, 7200.0), max(0.0, seconds - 14400)
        return -2 * math.expm1(-run / self._backup) * math.exp(-since / self._backup)

    def _compressor(self, seconds: float) -> float:
        if not self._cycles:
            return 0.0
        begin, period, height, rising = self._cycles[bisect_right(self._begins, seconds) - 1]
        return saw_tooth(period, height, rising)(min(seconds - begin, period * 0.999999))


def _cycles(chance: random.Random) -> Iterator[tuple[float, float, float, float]]:
    period, height, rising = chance.uniform(300, 1500), chance.uniform(1, 4), chance.uniform(0.3, 0.8)
    at = 0.0
    while at < DAY + 1500:
        lasts = period * chance.uniform(0.9, 1.1)
        yield at, lasts, height * chance.uniform(0.93, 1.07), rising
        at += lasts


def door(one: Door, seconds: float) -> float:
    """Return by how much a door warms the room, in K."""
    since = seconds - one.at
    if since < 0:
        return 0.0
    return one.kelvin * min(1.0, since / one.opening) * math.exp(-max(0.0, since - one.opening) / one.leaving)


# --- playing -------------------------------------------------------------------------------------------------------


def seen(course: Course, span: tuple[float, float], sensor: Sensor, seed: int) -> Iterator[tuple[float, float]]:
    """Yield (seconds, °C) as the sensor shows them; the first poll comes at any moment of its interval."""
    chance = random.Random(seed)  # noqa: S311 - a course that can be played again
    at = span[0] + chance.random() * sensor.interval
    while at < span[1]:
        value = course(at) + chance.gauss(0, sensor.noise)
        yield at, round(value / sensor.resolution) * sensor.resolution
        at += sensor.interval


def sensed(at: float, value: float, resolution: float = 0.1, name: str = "klima/rack") -> Sensed:
    return Sensed(name, JOB, "inlet", value, at, resolution)


def play(
    course: Course, span: tuple[float, float], sensor: Sensor = USUAL, seed: int = 0, hints: Hints = NOTHING
) -> Iterator[tuple[float, Trend]]:
    """Yield what a track says at each poll; ``span``: start and stop."""
    track = Track()
    for at, value in seen(course, span, sensor, seed):
        yield at, track.take(sensed(at, value, sensor.resolution), LIMITS, hints)


def alarm(
    course: Course, span: tuple[float, float], sensor: Sensor = USUAL, seed: int = 0, hints: Hints = NOTHING
) -> tuple[float, Trend] | None:
    """Return the first alarm."""
    return next(((at, trend) for at, trend in play(course, span, sensor, seed, hints) if trend.state == "away"), None)


def time_to(course: Course, now: float, limit: float) -> float:
    """Return the truth: seconds until the limit is passed; infinite beyond four hours."""
    return next((float(after) for after in range(0, 14400, 5) if course(now + after) >= limit), math.inf)


def false_alarms(ways: Ways, seeds: range, sensor: Sensor = USUAL) -> list[tuple[int, float]]:
    """Return the seed and the moment of each alarm in these room-days; what goes on within half an hour is one."""
    found: list[tuple[int, float]] = []
    for seed in seeds:
        last = -math.inf
        for at, trend in play(QuietRoom(seed, ways), (0, DAY), sensor, seed):
            if trend.state == "away":
                if at - last > 1800:
                    found.append((seed, at))
                last = at
    return found


KINDS = {
    "compressor": Ways(compressor=True),
    "day and night": Ways(seasons=True),
    "doors (8 a day)": Ways(doors=8),
    "backup night": Ways(backup=True),
    "sensor steps": Ways(steps=4),
    "day and night, doors, backup": Ways(seasons=True, doors=8, backup=True),
    "compressor, day and night": Ways(compressor=True, seasons=True),
    "all on top of each other": Ways(compressor=True, seasons=True, doors=4, backup=True),
}


def main() -> None:
    """Print how many alarms were false in so many room-days of each kind."""
    days = int(sys.argv[1])
    for name, ways in KINDS.items():
        sys.stdout.write(f"{name}: {len(false_alarms(ways, range(days)))} in {days} room-days\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""The state of the county as a pure function of story time. Nothing is remembered, so nothing can drift."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from agent.demo.cast import CUT_HOP, FADED_HOP, NORDHEIM, OSTFELD, SUEDHAGEN, Hop, Site
from agent.demo.ring import OUTAGES, QUIET_RING, Ring, Way, ring_at, ways
from agent.demo.scenario import Spans, Story, What

FADE_DB = 23.0
_RAIN = {FADED_HOP.id: 1.0, CUT_HOP.id: 0.5}  # the cloud is wider than one hop
_FADE_RAMP = 6.0  # seconds from dry to full rain
_NO_SIGNAL_DBM = -99.0
_NOT_LOCKED_DB = -99.0

_ROOM_CELSIUS, _ROOM_HUMIDITY = 23.0, 0.42
_HEAT_KELVIN, _HEATING, _COOLING = 16.0, 150.0, 18.0  # final rise without cooling; time constants in seconds
_DOOR_OPENS_AT = 32.0
_FULL_RUNTIME = 42 * 60.0  # seconds, of the UPS of the radios
ROOM_RUNTIME, ROOM_RUNTIME_LOW, ROOM_WATTS = 80.0, 18.0, 1130.0  # of the server room's; no real one is so weak
_CHARGING = 4.0  # seconds of runtime that a second on the mains gives back

_TO_SITE: Mapping[Site, float] = {NORDHEIM: 6e6, OSTFELD: 3e6, SUEDHAGEN: 2e6}  # octets a second
_FROM_SITE = 0.35  # of what it receives a site sends so much
_CONTROL = 2e3  # octets a second on a hop that carries nobody's traffic

BEFORE = 9 * 86_400.0  # the county ran for so long before the demo began


@dataclass(frozen=True, slots=True)
class Profile:
    """One step of adaptive modulation: usable down to a received level."""

    down_to_dbm: float
    qam: int
    bits_per_second: int
    number: int


PROFILES = (
    Profile(-52, 2048, 445_000_000, 10),
    Profile(-55, 1024, 405_000_000, 9),
    Profile(-58, 512, 364_000_000, 8),
    Profile(-61, 256, 324_000_000, 6),
    Profile(-64, 128, 281_000_000, 5),
    Profile(-67, 64, 239_000_000, 4),
    Profile(-74, 16, 152_000_000, 2),
    Profile(-math.inf, 4, 72_000_000, 0),
)


@dataclass(frozen=True, slots=True)
class RadioState:
    """What the radio at one end of a hop knows."""

    up: bool
    received_dbm: float
    mse_db: float
    profile: Profile


@dataclass(frozen=True, slots=True)
class Battery:
    """A UPS: 0 to 1, what is left of its runtime and from which on it calls that low (seconds), and its load."""

    charge: float
    runtime: float
    low: float
    watts: float


@dataclass(frozen=True, slots=True)
class State:
    """The county at one moment; ``time`` counts from the start of the story, over all its rounds."""

    time: float
    fade_db: float
    ring: Ring
    cut_seconds: Mapping[Hop, float]
    carried_seconds: Mapping[tuple[Site, Way], float]
    faded_seconds: float
    on_battery_seconds: float
    charge: float
    room_ups: Battery
    testing: bool
    cooling_failed: bool
    temperature: float
    humidity: float
    door_open: bool

    @property
    def uptime(self) -> float:
        """Seconds since every agent started."""
        return BEFORE + self.time

    @property
    def on_battery(self) -> bool:
        """Whether every UPS feeds its load from the battery, since the mains is gone."""
        return self.on_battery_seconds > 0

    @property
    def runtime(self) -> float:
        """Seconds that the battery of the radios' UPS would last at the present load."""
        return _FULL_RUNTIME * self.charge

    def radio(self, hop: Hop, end: int) -> RadioState:
        """Return the state of the radio at one end (0 or 1) of a hop."""
        if hop in self.ring.down:
            return RadioState(False, _NO_SIGNAL_DBM, _NOT_LOCKED_DB, PROFILES[-1])
        fade = self.fade_db * _RAIN.get(hop.id, 0.0)
        level = hop.level_dbm - end - fade + 0.8 * noise(f"{hop.id}/{end}", self.time / 3)
        profile = next(step for step in PROFILES if level >= step.down_to_dbm)
        return RadioState(True, level, -42.0 + 0.8 * fade + 0.3 * noise(f"mse/{hop.id}/{end}", self.time / 3), profile)

    def hop_octets(self, hop: Hop, end: int) -> float:
        """Return the octets sent by one end of a hop: the traffic of every site that is reached over it."""
        sent = _CONTROL * (self.uptime - self.cut_seconds.get(hop, 0.0))
        for (site, way), seconds in self.carried_seconds.items():
            if hop in way.hops(site):
                rate = _TO_SITE[site] * (1 if end == way else _FROM_SITE)
                sent += rate * seconds + _swell(rate, seconds)
        return sent

    def port_octets(self, name: str) -> float:
        """Return the octets that one Ethernet port has carried one way."""
        rate = 2e6 * (1.01 + noise(name, 0)) ** 3
        return rate * self.uptime + _swell(rate, self.uptime)


def noise(name: str, time: float) -> float:
    """Return -1..1 that looks random, changes once a unit of time and is the same in every run."""
    return zlib.crc32(f"{name}:{math.floor(time)}".encode()) / 2**31 - 1


def _swell(rate: float, time: float) -> float:
    """Integral of a traffic that swings by 30 % within a minute; its slope never falls below -0.3 of the rate."""
    return rate * 0.3 * (1 - math.cos(time * math.tau / 60)) * 60 / math.tau


class World:
    """A story, looked at."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._ways = ways(story)

    def at(self, time: float) -> State:
        """Return the state ``time`` seconds of story time after the start."""
        now = time % self.story.length
        mains = _Span.of(self.story.spans(What.MAINS_LOST, What.MAINS_BACK), now)
        failed = _Span.of(self.story.spans(What.COOLING_LOST, What.COOLING_BACK), now)
        test = _Span.of(self.story.spans(What.SELF_TEST, What.SELF_TEST_OVER), now)
        rise = _HEAT_KELVIN * (1 - math.exp(-failed.lasted / _HEATING)) * math.exp(-failed.ago / _COOLING)
        temperature = _ROOM_CELSIUS + rise + 0.1 * noise("room", time / 5)
        return State(
            time=time,
            fade_db=self._fade(now),
            ring=ring_at(self.story, now),
            cut_seconds={hop: self._total(self.story.spans(*kinds), time) for hop, kinds in OUTAGES.items()},
            carried_seconds={key: self._carried(*key, spans, time) for key, spans in self._ways.items()},
            faded_seconds=self._total(self.story.spans(What.RAIN, What.RAIN_OVER), time),
            on_battery_seconds=mains.lasted if mains.on else 0.0,
            charge=_left(mains, _FULL_RUNTIME) / _FULL_RUNTIME,
            room_ups=_room_ups(mains),
            testing=test.on,
            cooling_failed=failed.on,
            temperature=temperature,
            humidity=_ROOM_HUMIDITY - 0.008 * rise,
            door_open=failed.on and temperature > _DOOR_OPENS_AT,
        )

    def _fade(self, now: float) -> float:
        rain = _Span.of(self.story.spans(What.RAIN, What.RAIN_OVER), now)
        depth = min(1.0, rain.lasted / _FADE_RAMP) - min(1.0, rain.ago / _FADE_RAMP)
        return FADE_DB * max(0.0, depth)

    def _carried(self, site: Site, way: Way, spans: Spans, time: float) -> float:
        """Seconds in which a site's traffic took this way, from long before the demo began."""
        return self._total(spans, time) + (BEFORE if QUIET_RING.way_to(site) is way else 0.0)

    def _total(self, spans: Spans, time: float) -> float:
        """Seconds of all such spans up to ``time``, over all rounds."""
        rounds, now = divmod(time, self.story.length)
        whole = sum(stop - start for start, stop in spans)
        return rounds * whole + sum(min(max(now - start, 0.0), stop - start) for start, stop in spans)


@dataclass(frozen=True, slots=True)
class _Span:
    """Where the last begun span of this round stands: whether on, how long it lasted, how long ago it ended."""

    on: bool
    lasted: float
    ago: float

    @classmethod
    def of(cls, spans: Spans, now: float) -> _Span:
        for start, stop in reversed(spans):
            if start <= now:
                return cls(now < stop, min(now, stop) - start, max(0.0, now - stop))
        return cls(False, 0.0, 0.0)


def _left(mains: _Span, full: float) -> float:
    """Seconds of runtime that are left of ``full``."""
    return min(full, full - mains.lasted + _CHARGING * mains.ago)


def _room_ups(mains: _Span) -> Battery:
    left = _left(mains, ROOM_RUNTIME)
    return Battery(left / ROOM_RUNTIME, left, ROOM_RUNTIME_LOW, ROOM_WATTS)

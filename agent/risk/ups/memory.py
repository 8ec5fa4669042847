"""What is remembered of one UPS: since when it runs on battery or tests itself, and what it said in between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from agent import neutral
from agent.contract import Severity
from agent.risk.catalogue.power import UPS_ON_BATTERY, UPS_SELF_TEST_STUCK
from agent.risk.room.belief import Belief
from agent.risk.ups.battery_heat import believed
from agent.risk.ups.readings import Ups

# A driver asks whether a UPS is on battery each second or two, and for all the rest each 30 s (NUT's usbhid-ups and its
# pollfreq): so much later it may say that it tests itself. Who asks again grants some seconds on the way.
LATE_FLAG_SECONDS = 30.0
_GRANTED_SECONDS = 5.0


def _heat() -> Belief:
    return Belief.of("temperature", heated=False)


@dataclass(slots=True)
class Memory:
    """One UPS, reading by reading. Moments are seconds since the epoch.

    ``battery_since``: the first reading of this run on battery; ``at_least``: it ran before, nobody knows since when.
    ``test_since``: the same of a self-test. ``tests``: the run on battery is explained by it. ``out_since``: the mains
    is out. ``empty_at``: when the battery ends by what the UPS last said. ``clients``: on mains those connected, then
    the most since. ``showed_volts``: its input says something. ``levels``: how bad its figures were, by rule.
    """

    read_at: float | None = None
    battery_since: float | None = None
    at_least: bool = False
    test_since: float | None = None
    tests: bool = False
    out_since: float | None = None
    empty_at: float | None = None
    clients: float | None = None
    showed_volts: bool = False
    levels: dict[str, Severity] = field(default_factory=dict[str, Severity])
    heat: Belief = field(default_factory=_heat)
    celsius: float | None = None

    def take(self, ups: Ups, now: float, interval: float, longest: float) -> None:
        """Take in what was read since the last look; ``longest``: what a self-test may take in seconds."""
        if ups.at is None or ups.at == self.read_at:
            return
        at, first = min(ups.at, now), self.read_at is None
        self.read_at = ups.at
        stuck_at = None if self.test_since is None else self.test_since + longest
        self._take_battery(ups, at, first=first)
        testing = ups.holds(neutral.UPS_SELF_TEST_RUNNING)
        self.test_since = (self.test_since or at) if testing else None
        self._explain(at, self._is_test(ups, interval), stuck_at)
        self._take_figures(ups, at)

    def _take_battery(self, ups: Ups, at: float, *, first: bool) -> None:
        on_battery = ups.holds(neutral.UPS_ON_BATTERY)
        if on_battery is False:
            self.battery_since, self.at_least = None, False
        elif on_battery and self.battery_since is None:
            self.battery_since, self.at_least = at, first

    def _is_test(self, ups: Ups, interval: float) -> bool:
        """Whether a self-test explains battery operation: it began first, or its flag came as late as flags do."""
        if self.battery_since is None or self.test_since is None:
            return False
        volts = ups.value(neutral.UPS_INPUT_VOLTAGE)
        dead = self.showed_volts and volts is not None and volts < neutral.LEAST_MAINS_VOLTS
        latest = self.battery_since + interval + LATE_FLAG_SECONDS + _GRANTED_SECONDS
        return self.test_since <= latest and not dead

    def _explain(self, at: float, is_test: bool, stuck_at: float | None) -> None:
        """Where a test has explained battery operation, the outage is what goes on after it."""
        if self.battery_since is None or is_test:
            self.out_since = None
        elif self.tests:
            self.out_since = at if stuck_at is None else min(at, stuck_at)
        elif self.out_since is None:
            self.out_since = self.battery_since
        self.tests = is_test

    def _take_figures(self, ups: Ups, at: float) -> None:
        on_mains = ups.holds(neutral.UPS_ON_BATTERY) is False
        runtime, clients = ups.value(neutral.UPS_RUNTIME), ups.value(neutral.UPS_CLIENTS)
        if runtime is not None:
            self.empty_at = at + runtime
        elif on_mains:
            self.empty_at = None
        if clients is not None:
            self.clients = clients if on_mains or self.clients is None else max(clients, self.clients)
        volts = ups.value(neutral.UPS_INPUT_VOLTAGE) or 0.0
        if on_mains and self.test_since is None and volts >= neutral.LEAST_MAINS_VOLTS:
            self.showed_volts = True
        self.celsius = believed(self.heat, ups.value(neutral.UPS_BATTERY_TEMPERATURE), at)

    def outage_since(self, now: float, longest: float) -> float | None:
        """Return since when the mains is out; of a test that takes too long, since it does."""
        if not self.tests or self.test_since is None or self.battery_since is None:
            return self.out_since
        stuck_at = self.test_since + longest
        return None if now <= stuck_at else max(self.battery_since, stuck_at)

    def awaits_flag(self, now: float) -> bool:
        """Whether another reading would tell that battery operation is but a test, whose flag comes late."""
        if self.battery_since is None or self.read_at is None or self.test_since is not None or self.at_least:
            return False
        told_at = self.battery_since + LATE_FLAG_SECONDS
        return self.read_at < told_at and told_at + _GRANTED_SECONDS <= now < told_at + LATE_FLAG_SECONDS

    def shift(self, seconds: float) -> None:
        """Move all moments with a clock that was set."""
        for name in ("read_at", "battery_since", "test_since", "out_since", "empty_at"):
            at: float | None = getattr(self, name)
            setattr(self, name, None if at is None else at + seconds)


def recalled(began: Mapping[str, float], levels: Mapping[str, Severity], longest: float) -> Memory:
    """Return what the alerts know that the last run left, by rule: since when they stand, and how bad it was."""
    since, stuck_since = began.get(UPS_ON_BATTERY), began.get(UPS_SELF_TEST_STUCK)
    test_since = None if stuck_since is None else stuck_since - longest
    return Memory(battery_since=since, out_since=since, test_since=test_since, levels=dict(levels))

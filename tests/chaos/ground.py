"""What the process that is killed watches: a small county in which everything fails and recovers all the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from agent.contract import Clock, Harvest, Job, JobKey, Layout, Reading, Reason, Subject, Target
from agent.engine.clock import SystemClock
from agent.engine.store import Store
from agent.risk.rules import RULE_OPTIONS
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.engine.fakes import FakeParams

SPEED = 1000.0  # so many seconds go by in one: holds, back-off and rate limits run out while a process lives
BEGIN = 1_800_000_000.0  # seconds since the epoch
SITES = 5
DEVICES_PER_SITE = 3
BREAKS = 0.02  # at each look, of what is well
HEALS = 0.1  # of what is not

RAW_INVENTORY: Mapping[str, Any] = {
    "sites": {"kreishaus": {"core": True}, **{f"s{number}": {} for number in range(SITES)}},
    "devices": {
        f"d{site}-{number}": {"site": f"s{site}", "address": "127.0.0.1"}
        for site in range(SITES)
        for number in range(DEVICES_PER_SITE)
    },
    "links": {
        f"l{site}-{way}": {
            "kind": "leased",
            "ends": [f"s{site}", "kreishaus"],
            "probe": {"icmp": "127.0.0.1"},
            "contract": f"c{site}-{way}",
        }
        for site in range(SITES)
        for way in "ab"
    },
    "contracts": {f"c{site}-{way}": {"provider": f"p{site}-{way}"} for site in range(SITES) for way in "ab"},
}
RAW_SETTINGS: Mapping[str, Any] = {
    "alerting": {
        "rate_limit": {"messages": 100, "per": "10m"},
        "hold": {"critical": "1s", "warning": "1s", "info": "1s"},
        "clear": "30s",
        "receivers": {"on-call": {"apprise": [{"env": "PATH"}]}, "it": {"apprise": [{"env": "PATH"}]}},
        "routes": [
            {"match": {"severity": "critical"}, "receivers": ["on-call", "it"], "repeat": "2h"},
            {"receivers": ["it"], "escalate": [{"after": "10m", "to": ["on-call"]}]},
        ],
    },
}


class FastClock:
    """Implements ``contract.Clock``: the system's time many times as fast, and the same over every restart.

    ``origin``: when the course began, by the system's monotonic clock.
    """

    def __init__(self, origin: float) -> None:
        self._origin = origin
        self._system: Clock = SystemClock()

    def now(self) -> float:
        return BEGIN + self.monotonic()

    def monotonic(self) -> float:
        return (self._system.monotonic() - self._origin) * SPEED

    async def sleep(self, seconds: float) -> None:
        await self._system.sleep(seconds / SPEED)


class Ground:
    """The county, and what the polls bring: at each look something breaks or heals, at random but by the seed."""

    def __init__(self, clock: Clock, random: Random) -> None:
        self.inventory = Inventory.model_validate(RAW_INVENTORY)
        self.settings = Settings.model_validate(RAW_SETTINGS, context=Kinds.of({}, RULE_OPTIONS))
        self.store = Store()
        self._clock = clock
        self._random = random
        self._jobs = tuple(self._make_jobs())
        self._broken = {job.key for job in self._jobs if random.random() < BREAKS / (BREAKS + HEALS)}
        for job in self._jobs:
            self.store.add(job)

    def poll(self, *, calm: bool) -> None:
        """Poll everything once; ``calm``: all of it is well."""
        for job in self._jobs:
            self._change(job.key, calm=calm)
            # a first failure is confirmed before it counts
            for _ in range(2):
                self.store.record(self._reading(job), self._clock.monotonic())

    def _change(self, key: JobKey, *, calm: bool) -> None:
        if calm or (key in self._broken and self._random.random() < HEALS):
            self._broken.discard(key)
        elif self._random.random() < BREAKS:
            self._broken.add(key)

    def _reading(self, job: Job) -> Reading:
        if job.key in self._broken:
            return Reading(job.key, job.target, self._clock.now(), 0.1, None, Reason.TIMEOUT, "no answer")
        return Reading(job.key, job.target, self._clock.now(), 0.1, Harvest(Layout(), ()))

    def _make_jobs(self) -> Iterator[Job]:
        for name, device in self.inventory.devices.items():
            yield _job(Subject("device", name), "snmp", device.site)
        for name, link in self.inventory.links.items():
            yield _job(Subject("link", name), "icmp", link.ends[0].site)


def _job(subject: Subject, check: str, site: str) -> Job:
    return Job(JobKey(subject, check), "fake", Target(subject, site=site), FakeParams(), 60.0, 0.0, 1e9)

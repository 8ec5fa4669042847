"""A day on the stage: every poll may lose packets, counters count, devices say who they are, services are asked.

Time passes poll by poll, and second by second only as far as something is pending.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any

from agent import neutral
from agent.contract import AlertState, Harvest, Job, JobKey, MetricFamily, Subject
from agent.layout import Sample
from collectors.probe.families import SUCCESS
from collectors.probe.icmp import CONFIRMING_REQUESTS
from collectors.snmp.params import SnmpParams
from config.inventory import Device
from tests.courses.stage import ADMIN, OPER, PORT_LABELS, SPEED, Stage

LOST = 0.05  # of the packets, in each direction
ROUND_LOST = 1 - (1 - LOST) ** 2
HTTP_TRIES = 3  # of a handshake within five seconds, by the system
PENDING_LOOKS = (2.0, 3.0, 5.0, 10.0, 15.0)  # seconds between looks while something is pending
UPTIME_WRAPS = 2.0**32 / 100
IN_OCTETS = MetricFamily("ifHCInOctets", "counter", "Octets.", PORT_LABELS)
OUT_OCTETS = MetricFamily("ifHCOutOctets", "counter", "Octets.", PORT_LABELS)


class Day(Stage):
    """Begins at ``at`` (seconds since the epoch). ``lossy``: whether packets get lost.

    ``level``: what a hop loses, in dB. ``failing``: services that do not answer as they should. ``shift``: what is
    added to the port numbers of a device. ``serial``: of a device that is not the first one. ``back_at``: when a device
    that is silent answers again; ``battery_until``: when the mains are back (monotonic).
    """

    def __init__(self, inventory: Mapping[str, Any], settings: Mapping[str, Any], at: float, seed: int) -> None:
        super().__init__(inventory, settings)
        self.clock.step(at - self.clock.now())
        self.random = Random(seed)  # noqa: S311 - a course that can be repeated
        self.lossy = True
        self.level: dict[str, float] = {}
        self.failing: set[str] = set()
        self.shift: dict[str, int] = {}
        self.serial: dict[str, str] = {}
        self.counted_from: dict[str, float] = {}
        self.started: dict[str, float] = {}
        self.back_at: dict[str, float] = {}
        self.battery_until = 0.0
        self.wet = False
        for name in self.inventory.devices:
            self.started[name] = self.counted_from[name] = self.clock.monotonic() - 86400 * 30
            self.extra[name] = lambda _stage, device: self._further(device)

    def reboot(self, device: str, seconds: float) -> None:
        """It is silent for so long; counters and uptime begin anew."""
        self.back_at[device] = self.clock.monotonic() + seconds
        self.started[device] = self.counted_from[device] = self.back_at[device]

    def on_battery(self, seconds: float) -> None:
        """The mains are gone for so long, or it tests itself."""
        self.battery_until = self.clock.monotonic() + seconds

    def wrap_uptime_in(self, device: str, seconds: float) -> None:
        """Let the device's uptime reach its 497 days."""
        self.started[device] = self.clock.monotonic() + seconds - UPTIME_WRAPS

    async def minute(self) -> None:
        """Poll everything once, confirm what failed, and look again while something is pending."""
        ends = self.clock.monotonic() + self.interval
        for key in self._jobs:
            self._due[key] = self.clock.now()
        await self._second()
        self.clock.jump(1.0)
        await self._second()
        for pause in PENDING_LOOKS:
            if any(one.state is AlertState.PENDING for one in self.desk.alerts):
                self.clock.jump(pause)
                await self._second()
        self.clock.jump(ends - self.clock.monotonic())

    # --- what is polled ----------------------------------------------------------------------------------------------

    def _make_jobs(self) -> Iterator[Job]:
        yield from super()._make_jobs()
        for name, device in self.inventory.devices.items():
            yield self._job(Subject("device", name), "icmp", device.site)
        for name, service in self.inventory.services.items():
            yield self._job(Subject("service", name), "http", service.site or "")

    def _poll(self, job: Job) -> None:
        """As the stage does, but for packets that get lost on the way."""
        failed = self._failing.get(job.key, 0)
        cut, self.cut_off = self.cut_off, self.cut_off or self._is_lost(job.key, failed)
        super()._poll(job)
        self.cut_off = cut

    def _is_lost(self, key: JobKey, failed: int) -> bool:
        """Whether all requests of this poll were lost; one that confirms a failure sends more of them."""
        pings = CONFIRMING_REQUESTS if failed else 1
        tries = {"snmp": SnmpParams().retries + 1, "http": HTTP_TRIES}.get(key.check, pings)
        return self.lossy and self.random.random() < ROUND_LOST**tries

    def _answer(self, subject: Subject) -> Harvest | None:
        if subject.kind == "device" and self.clock.monotonic() < self.back_at.get(subject.id, 0.0):
            return None
        if subject.kind != "service":
            return super()._answer(subject)
        good = subject.id not in self.failing
        return Harvest(*self._arrange(JobKey(subject, "http"), (Sample(SUCCESS, (), float(good)),)))

    def _port(self, port: str, place: str, *, carries: bool) -> Iterator[Sample]:
        name, _, number = place.partition("/")
        labels = (str(int(number) + self.shift.get(name, 0)), "", f"port {port}", port)
        yield Sample(OPER, labels, 1.0 if carries else 2.0)
        yield Sample(ADMIN, labels, 1.0)
        yield Sample(SPEED, labels, 1000.0)
        counted = (self.clock.monotonic() - self.counted_from[name]) * 1e6
        yield Sample(IN_OCTETS, labels, counted)
        yield Sample(OUT_OCTETS, labels, counted / 2)

    def _further(self, name: str) -> Iterable[Sample]:
        device: Device = self.inventory.devices[name]
        uptime = (self.clock.monotonic() - self.started[name]) % UPTIME_WRAPS
        yield Sample(neutral.DEVICE_UPTIME, (), uptime)
        yield Sample(neutral.DEVICE_INFO, ("Example", "X1", self.serial.get(name, f"{name}-1"), "1.0"), 1.0)
        if device.role == "radio":
            yield from self._radio(name)
        elif device.role == "ups":
            yield from self._ups()
        elif device.role == "sensor":
            yield from self._sensor()

    def _radio(self, name: str) -> Iterator[Sample]:
        hop = next(link for link, one in self.inventory.links.items() if name in {end.device for end in one.ends})
        fade = self.level.get(hop, 0.0) + self.random.uniform(-0.5, 0.5)
        clear = fade < 10
        yield Sample(neutral.RADIO_RECEIVED_LEVEL, ("1",), -38.0 - fade)
        yield Sample(neutral.RADIO_TRANSMIT_LEVEL, ("1",), 20.0)
        for way in ("tx", "rx"):
            yield Sample(neutral.RADIO_CAPACITY, ("1", way), 400e6 if clear else 200e6)
            yield Sample(neutral.RADIO_MODULATION, ("1", way), 1024.0 if clear else 64.0)

    def _ups(self) -> Iterator[Sample]:
        on_battery = self.clock.monotonic() < self.battery_until
        yield Sample(neutral.UPS_ON_BATTERY, (), float(on_battery))
        yield Sample(neutral.UPS_CHARGE, (), 0.9 if on_battery else 1.0)
        yield Sample(neutral.UPS_RUNTIME, (), 1800.0)

    def _sensor(self) -> Iterator[Sample]:
        yield Sample(neutral.SENSOR_TEMPERATURE, ("serverraum", "1"), 22.0 + self.random.uniform(-0.5, 0.5))
        yield Sample(neutral.SENSOR_LEAK, ("serverraum", "1"), float(self.wet))

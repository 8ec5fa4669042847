"""A stage on which a network lives through something: devices are polled, judged and told of second by second.

The store, the judgement, the lifecycle and the routes are the real ones; only what the devices say is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, cast

from agent import neutral
from agent.contract import (
    Alert,
    Finding,
    FindingKey,
    Harvest,
    Job,
    JobKey,
    MetricFamily,
    Neighbour,
    Network,
    Notification,
    Reading,
    Reason,
    Silence,
    Subject,
    Target,
    Transition,
    Trouble,
)
from agent.engine.judgement import Desk
from agent.engine.store import Store
from agent.engine.windows import WindowBook
from agent.layout import LayoutCache, Sample
from agent.risk.rules import RULE_OPTIONS, WINDOWS
from agent.state.codec import dump_alert, load_alert
from agent.state.ledger import Ledger
from agent.state.store import StateStore
from config.inventory import Device, Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.engine.fakes import FakeParams
from tests.harness.clock import FakeClock
from tests.harness.kept import Kept

PORT_LABELS = ("ifIndex", "ifAlias", "ifDescr", "ifName")
OPER = MetricFamily("ifOperStatus", "gauge", "Operational state.", PORT_LABELS)
ADMIN = MetricFamily("ifAdminStatus", "gauge", "Wanted state.", PORT_LABELS)
SPEED = MetricFamily("ifHighSpeed", "gauge", "Speed in Mbit/s.", PORT_LABELS)

ALERTING = {
    "receivers": {"on-call": {"apprise": [{"env": "PATH"}]}},
    "routes": [{"receivers": ["on-call"]}],
    "clear": "1m",
}

Says = Callable[["Stage", str], Iterable[Sample]]


class Told(NamedTuple):
    """A message to the person on call."""

    state: str
    severity: str
    rule: str
    subject: str


class _State(Kept):
    """Keeps what the desk commits, as the state store does."""

    def __init__(self) -> None:
        super().__init__()
        self.unwritten = False
        self.alerts: dict[FindingKey, Alert] = {}
        self.silenced: dict[str, Silence] = {}
        self.troubles: dict[str, Trouble] = {}
        self.damaged: tuple[Path, ...] = ()

    async def load_alerts(self) -> dict[FindingKey, Alert]:
        """As they are read back from disk."""
        return {key: load_alert(dump_alert(alert)) for key, alert in self.alerts.items()}

    def hold(self, notifications: Iterable[Notification]) -> None:
        raise AssertionError(notifications)

    def silences(self) -> Mapping[str, Silence]:
        return dict(self.silenced)

    async def commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: Iterable[Transition],
        messages: Iterable[Notification],
        done: Ledger,
    ) -> None:
        self.alerts = dict(alerts)
        self.silenced |= {one.id: one for one in done.silences}
        for one in messages:
            self.messages.setdefault(one.key, one)


class Stage:
    """The network and its watcher. ``down``: links that do not carry; ``dead``: devices that do not answer.

    ``extra``: further samples by device. ``switched_off``: device/port whose administrator switched it off.
    ``cut_off``: the watcher itself reaches nobody. ``polls``: how many were made. ``texts``: what
    was last told, in words.
    """

    def __init__(
        self,
        inventory: Mapping[str, Any],
        settings: Mapping[str, Any] | None = None,
        interval: float = 60.0,
    ) -> None:
        self.inventory = Inventory.model_validate(inventory)
        raw = {"municipality": {"language": "en"}, "alerting": ALERTING, **(settings or {})}
        self.settings = Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS))
        self.clock = FakeClock()
        self.windows = WindowBook(WINDOWS)
        self.state = _State()
        self.down: set[str] = set()
        self.dead: set[str] = set()
        self.switched_off: set[str] = set()
        self.extra: dict[str, Says] = {}
        self.neighbours: dict[str, tuple[Neighbour, ...]] = {}
        self.cut_off = False
        self.polls = 0
        self.texts: list[str] = []
        self.interval = interval
        self._caches: dict[JobKey, LayoutCache] = {}
        self._due: dict[JobKey, float] = {}
        self._failing: dict[JobKey, int] = {}
        self._seen: set[str] = set()
        self._jobs = {job.key: job for job in self._make_jobs()}
        self._start(shift=0)

    def _start(self, shift: float) -> None:
        """Begin with empty hands: nothing is polled yet, each job in its own second of the interval."""
        self.store = Store()
        self.desk = Desk(cast("StateStore", self.state), self.windows, self.clock)
        self._failing.clear()
        for number, (key, job) in enumerate(self._jobs.items()):
            self.store.add(job)
            self._due[key] = self.clock.now() + (number * 7 + shift) % self.interval

    def _make_jobs(self) -> Iterator[Job]:
        if self.settings.uplink is not None:
            yield self._job(Subject("uplink", "127.0.0.1"), "icmp", self.settings.uplink.site)
        for name, device in self.inventory.devices.items():
            yield self._job(Subject("device", name), "snmp", device.site)
        for name, link in self.inventory.links.items():
            if link.probe is not None:
                yield self._job(Subject("link", name), "icmp", link.ends[0].site)

    def _job(self, subject: Subject, check: str, site: str) -> Job:
        target = Target(subject, site=site)
        return Job(JobKey(subject, check), "fake", target, FakeParams(), self.interval, 0.0, 3 * self.interval)

    # --- what happens ------------------------------------------------------------------------------------------------

    def devices_at(self, *sites: str) -> set[str]:
        return {name for name, device in self.inventory.devices.items() if device.site in sites}

    def trap(self, *devices: str) -> None:
        """These devices say that something happened: they are polled at once."""
        for key in self._jobs:
            if key.subject.id in devices:
                self._due[key] = self.clock.now()

    def forget(self, device: str) -> None:
        """The device is no longer planned, as after a reload."""
        for key in [key for key in self._jobs if key.subject.id == device]:
            del self._jobs[key], self._due[key]
            self.store.remove(key)

    async def restart(self, shift: float = 0) -> None:
        """Kill the daemon and start it again; ``shift`` moves the order of its first polls."""
        self.windows = WindowBook(WINDOWS)
        self._start(shift)
        await self.desk.open()

    async def run(self, seconds: float, step: float = 1.0) -> None:
        """Let time pass, second by second, or faster where nothing happens."""
        for _ in range(round(seconds / step)):
            self.clock.jump(step)
            await self._second()

    async def _second(self) -> None:
        for key in [key for key, at in self._due.items() if at <= self.clock.now()]:
            self._poll(self._jobs[key])
        self.store.expire(self.clock.monotonic())
        await self.desk.look(self.store.view(self.clock.now()), self.inventory, self.settings)
        for key in self.desk.wishes():
            self._due[key] = self.clock.now()

    def _poll(self, job: Job) -> None:
        self.polls += 1
        answer = None if self.cut_off else self._answer(job.key.subject)
        failed = 0 if answer is not None else self._failing.get(job.key, 0) + 1
        self._failing[job.key] = failed
        self._due[job.key] = self.clock.now() + (1.0 if failed == 1 else self.interval)
        reason = None if answer is not None else Reason.TIMEOUT
        detail = "" if answer is not None else "no answer within 5 s"
        reading = Reading(job.key, job.target, self.clock.now(), 0.1, answer, reason, detail)
        self.store.record(reading, self.clock.monotonic())
        self.windows.record(reading)

    def _answer(self, subject: Subject) -> Harvest | None:
        if subject.kind == "uplink":
            return Harvest(*self._arrange(JobKey(subject, "icmp"), ()))
        if subject.kind == "link":
            return Harvest(*self._arrange(JobKey(subject, "icmp"), ())) if subject.id not in self.down else None
        if subject.id in self.dead:
            return None
        samples = tuple(self._samples(subject.id, self.inventory.devices[subject.id]))
        layout, values = self._arrange(JobKey(subject, "snmp"), samples)
        return Harvest(layout, values, neighbours=self.neighbours.get(subject.id, ()))

    def _arrange(self, key: JobKey, samples: Iterable[Sample]) -> tuple[Any, Any]:
        return self._caches.setdefault(key, LayoutCache()).arrange(tuple(samples))

    def _samples(self, name: str, device: Device) -> Iterator[Sample]:
        for link, one in self.inventory.links.items():
            for end in one.ends:
                if end.device != name or end.port is None:
                    continue
                carries = link not in self.down and not self._is_off(link)
                if one.kind == "radio" and device.role == "radio":
                    yield Sample(neutral.RADIO_LINK_UP, (end.port,), float(carries))
                else:
                    yield from self._port(end.port, f"{name}/{end.port}", carries=carries)
        if name in self.extra:
            yield from self.extra[name](self, name)

    def _port(self, port: str, place: str, *, carries: bool) -> Iterator[Sample]:
        labels = (port, "", f"port {port}", port)
        yield Sample(OPER, labels, 1.0 if carries else 2.0)
        yield Sample(ADMIN, labels, 2.0 if place in self.switched_off else 1.0)
        yield Sample(SPEED, labels, 1000.0)

    def _is_off(self, link: str) -> bool:
        ends = (f"{end.device}/{end.port}" for end in self.inventory.links[link].ends)
        return any(place in self.switched_off for place in ends)

    # --- what is told ------------------------------------------------------------------------------------------------

    def told(self) -> list[Told]:
        """Return what was told since the last time, in order."""
        new = [one for key, one in self.state.messages.items() if key not in self._seen]
        self._seen.update(self.state.messages)
        self.texts = [one.alert.finding.summary for one in new]
        return [_told(one.alert) for one in new]

    def summary(self, rule: str, subject: str) -> str:
        """Return what an alert that stands says now."""
        return self.finding(rule, subject).summary

    def finding(self, rule: str, subject: str) -> Finding:
        """Return what stands of a rule on a subject."""
        found = [one for one in self.desk.judgement.findings if (one.rule, str(one.subject)) == (rule, subject)]
        assert len(found) == 1, [(one.rule, str(one.subject)) for one in self.desk.judgement.findings]
        return found[0]

    def standing(self) -> set[tuple[str, str]]:
        """Return rule and subject of everything that stands now, told or not."""
        return {(one.rule, str(one.subject)) for one in self.desk.judgement.findings}

    @property
    def network(self) -> Network:
        """What is judged of the network now."""
        network = self.desk.judgement.network
        assert network is not None
        return network


def _told(alert: Alert) -> Told:
    finding = alert.finding
    return Told(alert.state.value, finding.severity.value, finding.rule, str(finding.subject))

"""What the exporters are handed, small: snapshots, alerts, commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agent.contract import (
    Acknowledgement,
    AlarmTest,
    Alert,
    AlertState,
    Column,
    Deed,
    Delivered,
    Finding,
    Heard,
    Heartbeat,
    HeartbeatSignal,
    JobState,
    LabelPairs,
    Layout,
    MetricFamily,
    Network,
    OwnSeries,
    Refused,
    Rejected,
    Rows,
    Sent,
    Severity,
    Silence,
    Snapshot,
    Subject,
    Table,
    Tried,
)
from agent.estate import StateChange
from config.inventory import Inventory
from config.settings import Settings
from tests.harness.fakes import FakeView


def make_snapshot(
    *tables: Table, alerts: Iterable[Alert] = (), own: Iterable[OwnSeries] = (), jobs: Iterable[JobState] = ()
) -> Snapshot:
    return Snapshot(0.0, FakeView(jobs), tables, tuple(alerts), tuple(own))


def make_layout(*columns: tuple[MetricFamily, Sequence[Sequence[str]]]) -> Layout:
    """Columns with the same rows share one ``Rows``; label values are taken as they are."""
    shared: dict[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], Rows] = {}
    made: list[Column] = []
    start = 0
    for family, values in columns:
        key = (family.labels, tuple(tuple(row) for row in values))
        made.append(Column(family, shared.setdefault(key, Rows(*key)), start))
        start = made[-1].stop
    return Layout(tuple(made), start)


def make_table(device: str, layout: Layout, values: Sequence[float]) -> Table:
    labels: LabelPairs = (("device", device), ("instance", device), ("site", "rathaus"))
    return Table(labels, layout, values)


LINK = Subject("link", "rf-kh-wad")


def make_alert(
    *,
    rule: str = "link_down",
    subject: Subject = LINK,
    severity: Severity = Severity.WARNING,
    state: AlertState = AlertState.FIRING,
    since: float = 1_800_000_000.0,
    changed_at: float = 1_800_000_060.0,
    summary: str = "Strecke ausgefallen",
) -> Alert:
    finding = Finding(rule, subject, severity, summary, ("Port 1 ist aus",), site="wadersloh")
    return Alert(f"{rule}/{subject}", finding, state, since, changed_at)


class FakeOnCall:
    """Implements ``contract.OnCall`` over a snapshot's alerts; ``refusal`` is raised instead of doing what is asked.

    The token of an alert's link is ``token-`` and its id.
    """

    def __init__(self, alerts: Iterable[Alert]) -> None:
        self.alerts = {alert.id: alert for alert in alerts}
        self.standing: dict[str, Silence] = {}
        self.done: list[Deed] = []
        self.sent: tuple[Sent, ...] = ()
        self.heard: dict[tuple[str, str], float] = {}
        self.refusal: Refused | None = None
        self.alarms: dict[str, AlarmTest] = {}

    async def acknowledge(self, alert_id: str, by: str, until: float | None = None, why: str = "") -> Alert:
        self._note(Deed(0.0, by, "acknowledge", alert_id, until, why))
        self.alerts[alert_id] = replace(self._of(alert_id), acknowledged=Acknowledgement(by, 0.0, until))
        return self.alerts[alert_id]

    async def unacknowledge(self, alert_id: str, by: str, why: str = "") -> Alert:
        self._note(Deed(0.0, by, "unacknowledge", alert_id, None, why))
        self.alerts[alert_id] = replace(self._of(alert_id), acknowledged=None)
        return self.alerts[alert_id]

    async def silence(self, wanted: Silence) -> Silence:
        made = replace(wanted, id=f"s{len(self.standing) + 1}")
        self._note(Deed(0.0, wanted.by, "silence", made.id, made.until, made.reason))
        self.standing[made.id] = made
        return made

    async def unsilence(self, silence_id: str, by: str, why: str = "") -> Silence:
        if silence_id not in self.standing:
            raise Refused("unknown", "no such silence")
        self._note(Deed(0.0, by, "unsilence", silence_id, None, why))
        return self.standing.pop(silence_id)

    def silences(self) -> tuple[Silence, ...]:
        return tuple(self.standing.values())

    async def deeds(self, limit: int = 100) -> tuple[Deed, ...]:
        self._note()
        return tuple(reversed(self.done))[:limit]

    async def deliveries(self, limit: int = 100) -> tuple[Sent, ...]:
        self._note()
        return self.sent[:limit]

    def told(self) -> Mapping[tuple[str, str], float]:
        return self.heard

    async def test(self, receiver: str, by: str) -> tuple[Tried, ...]:
        self._note(Deed(0.0, by, "test", f"receiver:{receiver}"))
        return (Tried(receiver, 1, Delivered()), Tried(receiver, 2, Rejected("refused")))

    def tests(self) -> Mapping[str, AlarmTest]:
        return self.alarms

    async def redeem(self, token: str) -> Alert:
        return await self.acknowledge(self.claimed(token).id, "on-call")

    def claimed(self, token: str) -> Alert:
        self._note()
        if not token.startswith("token-"):
            raise Refused("forbidden", "none of ours")
        return self._of(token.removeprefix("token-"))

    def _of(self, alert_id: str) -> Alert:
        if alert_id not in self.alerts:
            raise Refused("unknown", "no such alert")
        return self.alerts[alert_id]

    def _note(self, *deeds: Deed) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.done += deeds


class FakeCommands:
    def __init__(
        self, snapshot: Snapshot, inventory: Inventory | None = None, settings: Settings | None = None
    ) -> None:
        self._snapshot = snapshot
        self._inventory = inventory or Inventory()
        self._settings = settings or Settings()
        self.is_ready = True
        self.problem: str | None = None
        self.reloads = 0
        self.notifications: tuple[Heard, ...] = ()
        self.judged = Network(0.0)
        self.past: list[StateChange] = []
        self.on_call = FakeOnCall(snapshot.alerts)

    async def reload(self) -> str | None:
        self.reloads += 1
        return self.problem

    async def snapshot(self) -> Snapshot:
        alerts = tuple(self.on_call.alerts.get(one.id, one) for one in self._snapshot.alerts)
        return replace(self._snapshot, alerts=alerts)

    def inventory(self) -> Inventory:
        return self._inventory

    def settings(self) -> Settings:
        return self._settings

    def heard(self) -> tuple[Heard, ...]:
        return self.notifications

    def network(self) -> Network:
        return self.judged

    async def history(self, subject: Subject, start: float, end: float) -> Sequence[StateChange]:
        return [one for one in self.past if one.subject == subject and start <= one.at < end]

    def ready(self) -> bool:
        return self.is_ready

    async def report(
        self,
        service: str,
        token: str,
        signal: HeartbeatSignal,
        exit_code: int | None = None,
        size_bytes: int | None = None,
    ) -> Heartbeat:
        raise Refused("unknown", f"{service} {token} {signal} {exit_code} {size_bytes}")

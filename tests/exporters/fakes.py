"""What the exporters are handed, small: snapshots, alerts, commands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.contract import (
    Alert,
    AlertState,
    Column,
    Finding,
    Heard,
    JobState,
    LabelPairs,
    Layout,
    MetricFamily,
    Network,
    OwnSeries,
    Rows,
    Severity,
    Snapshot,
    Subject,
    Table,
)
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

    async def reload(self) -> str | None:
        self.reloads += 1
        return self.problem

    async def snapshot(self) -> Snapshot:
        return self._snapshot

    def inventory(self) -> Inventory:
        return self._inventory

    def settings(self) -> Settings:
        return self._settings

    def heard(self) -> tuple[Heard, ...]:
        return self.notifications

    def network(self) -> Network:
        return self.judged

    def ready(self) -> bool:
        return self.is_ready

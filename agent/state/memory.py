"""What of the file is kept in memory, so that the event loop never waits for a writer, who may wait for the disk."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from agent.contract import AlarmTest, Alert, AlertState, Finding, FindingKey, Heartbeat, Sent, Silence, Telling
from agent.estate import ConfigBackup, StateChange
from agent.state import configs, ledger, rows, standings
from agent.state.codec import load_alert
from agent.state.handed import HANDED_KEPT_SECONDS, Handed
from agent.state.ledger import Ledger
from agent.state.tellings import Tellings, latest


@dataclass(frozen=True, slots=True)
class Memory:
    """What was last committed; replaced whole, never changed.

    ``waiting``: by key, what was open when it was read; ``heard``: (alert id, receiver) of what was taken by then;
    ``over``: keys of what had come to its end, of alerts that stand or of which something waits. ``states``: what was
    read of states that are kept for years, until it is handed on; ``alive_at``: when a daemon had last run by then;
    ``kept_until``: the same, or of the last state where that was not noted.
    """

    alerts: Mapping[FindingKey, Alert] = field(default_factory=dict[FindingKey, Alert])
    tellings: Tellings = field(default_factory=dict[tuple[str, str], tuple[Telling, ...]])
    heard: frozenset[tuple[str, str]] = frozenset()
    silences: Mapping[str, Silence] = field(default_factory=dict[str, Silence])
    heartbeats: Mapping[str, Heartbeat] = field(default_factory=dict[str, Heartbeat])
    spent: frozenset[str] = frozenset()
    waiting: Mapping[str, Sent] = field(default_factory=dict[str, Sent])
    over: frozenset[str] = frozenset()
    handed: tuple[Handed, ...] = ()
    last_success: Mapping[str, float] = field(default_factory=dict[str, float])
    alarm_tests: Mapping[str, AlarmTest] = field(default_factory=dict[str, AlarmTest])
    config_backups: Mapping[str, ConfigBackup] = field(default_factory=dict[str, ConfigBackup])
    states: tuple[StateChange, ...] = ()
    alive_at: float | None = None
    kept_until: float = 0.0

    @property
    def told(self) -> Mapping[tuple[str, str], float]:
        """By (alert id, receiver), when it was last told, or is to be, that the alert fires."""
        return latest(self.tellings)

    def telling(self, concerned: Collection[str], tellings: Tellings) -> Memory:
        """Return it with all ``tellings`` of the alerts that are ``concerned``.

        Of an alert that is not committed yet too: what was told of it from memory may be written first.
        """
        others = {pair: said for pair, said in self.tellings.items() if pair[0] not in concerned}
        return replace(self, tellings={**others, **tellings})

    def after(
        self, alerts: Mapping[FindingKey, Alert], concerned: Collection[str], tellings: Tellings, done: Ledger
    ) -> Memory:
        """Return it after a commit; ``tellings``: all of the alerts that it ``concerned``."""
        live = {alert.id for alert in alerts.values()}
        known = self.telling(concerned, tellings).tellings
        return replace(
            self,
            alerts=dict(alerts),
            tellings={pair: said for pair, said in known.items() if pair[0] in live},
            silences={**self.silences, **{one.id: one for one in done.silences}},
            spent=done.spent_after(self.spent),
            alarm_tests=done.tests_after(self.alarm_tests),
        )


def merged(alerts: Mapping[FindingKey, Alert], found: Mapping[FindingKey, Alert]) -> dict[FindingKey, Alert]:
    """Return alerts begun without a file together with those ``found`` in it since: what stood there goes on."""
    standing = {key: one for key, one in found.items() if one.state is not AlertState.RESOLVED}
    return {**found, **alerts, **standing}


def recall(connection: sqlite3.Connection) -> Memory:
    """Read it all. Raises sqlite3.Error, and ValueError, KeyError or TypeError where a row makes no sense."""
    alerts = [load_alert(body) for (body,) in connection.execute("SELECT body FROM alerts")]
    waiting = rows.waiting(connection)
    concerned = {alert.id for alert in alerts} | {one.notification.alert.id for one in waiting.values()}
    return Memory(
        alerts={alert.finding.key: alert for alert in alerts},
        tellings=rows.told_of(connection, (alert.id for alert in alerts)),
        silences=ledger.silences(connection),
        heartbeats=ledger.heartbeats(connection),
        spent=ledger.spent(connection),
        heard=rows.heard_of(connection, concerned),
        waiting=waiting,
        over=rows.over_of(connection, concerned),
        handed=_handed(connection.execute(rows.HANDED, (-HANDED_KEPT_SECONDS,))),
        last_success=dict(connection.execute(rows.LAST_SUCCESS).fetchall()),
        alarm_tests=ledger.alarm_tests(connection),
        config_backups=configs.read(connection),
        states=standings.recalled(connection),
        alive_at=standings.alive(connection),
        kept_until=standings.until(connection),
    )


def _handed(found: Iterable[tuple[str, str | None, float, str]]) -> tuple[Handed, ...]:
    """Put together what was handed over together; what the first releases sent was handed over alone."""
    parcels: defaultdict[tuple[str, str, float], list[Finding]] = defaultdict(list)
    for number, (receiver, parcel, at, body) in enumerate(found):
        parcels[receiver, parcel or f"alone-{number}", at].append(load_alert(body).finding)
    return tuple(Handed(*which, tuple(findings)) for which, findings in parcels.items())

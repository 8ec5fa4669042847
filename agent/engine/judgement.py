"""The desk: a look at the store, what is found, what is decided. Committed first, delivered afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

import structlog
from structlog.typing import FilteringBoundLogger

from agent.alerts.lifecycle import Policy, step
from agent.alerts.routing import Told, notifications
from agent.contract import (
    Alert,
    AlertState,
    Clock,
    FindingKey,
    Judgement,
    Notification,
    Severity,
    Transition,
    View,
    Windows,
)
from agent.risk.judge import judge
from agent.state.database import StateError, StateStore
from config.inventory import Inventory
from config.settings import Settings

_log: FilteringBoundLogger = structlog.get_logger("alerts")


class Desk:
    """Judges one view at a time and keeps the alerts.

    What it hands on has been committed. While the state store cannot be written it goes on from memory, since a full
    disk must not silence an alert, and writes what it owes as soon as it can.
    """

    def __init__(self, store: StateStore, windows: Windows, clock: Clock) -> None:
        self._store = store
        self._windows = windows
        self._clock = clock
        self._alerts: Mapping[FindingKey, Alert] = {}
        self._owed: tuple[tuple[Transition, ...], tuple[Notification, ...]] = ((), ())
        self._broken = False

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Pending, firing and lately resolved alerts."""
        return tuple(self._alerts.values())

    async def open(self) -> None:
        """Take up the alerts where the last run left them."""
        self._alerts = await self._store.load_alerts()

    async def look(self, view: View, inventory: Inventory, settings: Settings) -> tuple[Transition, ...]:
        """Judge, decide and commit; return what changed for the outside."""
        return await self._decide(judge(inventory, settings, view, self._windows), settings)

    async def _decide(self, judgement: Judgement, settings: Settings) -> tuple[Transition, ...]:
        now = self._clock.now()
        decided = step(self._alerts, judgement, Policy.of(settings), now, _new_id)
        standing = tuple(decided.alerts.values())
        messages = notifications(decided.transitions, settings, now, standing, self._told())
        transitions, owed = self._owed[0] + decided.transitions, self._owed[1] + messages
        if transitions or owed or _standing(decided.alerts) != _standing(self._alerts):
            self._owed = await self._commit(decided.alerts, transitions, owed)
        self._alerts = decided.alerts
        return decided.transitions

    def _told(self) -> Told:
        """When each receiver last was told of each alert, what is still owed included."""
        owed = {
            (one.alert.id, one.receiver): one.not_before
            for one in self._owed[1]
            if one.alert.state is AlertState.FIRING
        }
        return {**self._store.told(), **owed}

    async def _commit(
        self,
        alerts: Mapping[FindingKey, Alert],
        transitions: tuple[Transition, ...],
        messages: tuple[Notification, ...],
    ) -> tuple[tuple[Transition, ...], tuple[Notification, ...]]:
        """Write, and return what is still owed."""
        try:
            await self._store.commit(alerts, transitions, messages)
        except StateError as error:
            if not self._broken:
                _log.error("state cannot be written; going on from memory", detail=str(error))
            self._broken = True
            return transitions, messages
        if self._broken:
            _log.info("state is written again")
        self._broken = False
        return (), ()


def _standing(alerts: Mapping[FindingKey, Alert]) -> dict[str, tuple[AlertState, Severity, float | None]]:
    """What must survive a restart; a summary whose figure moved is no reason to write."""
    return {alert.id: (alert.state, alert.finding.severity, alert.clear_since) for alert in alerts.values()}


def _new_id() -> str:
    return uuid.uuid4().hex

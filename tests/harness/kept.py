"""A state store in which every message goes as it is decided, so that none is ever withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agent.contract import AlarmTest, Notification, Sent
from agent.estate import ConfigBackup, StateChange
from agent.state.tellings import Tellings, with_messages


class Kept:
    """What a fake of the state store says of its messages."""

    def __init__(self) -> None:
        self.messages: dict[str, Notification] = {}
        self.alarms: dict[str, AlarmTest] = {}

    def tellings(self) -> Tellings:
        return with_messages({}, self.messages.values())

    def state_changes(self) -> Sequence[StateChange]:
        return ()

    def alive_at(self) -> float | None:
        return None

    def config_backups(self) -> Mapping[str, ConfigBackup]:
        return {}

    def alarm_tests(self) -> Mapping[str, AlarmTest]:
        return dict(self.alarms)

    def is_withdrawn(self, _key: str) -> bool:
        return False

    def waiting(self) -> tuple[Sent, ...]:
        return ()

    def read_late(self) -> None:
        """What it holds is known from the start."""

    def withdraw(self, entries: Iterable[Sent]) -> None:
        assert not tuple(entries)

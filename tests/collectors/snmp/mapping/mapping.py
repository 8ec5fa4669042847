"""Profiles written in a test, and what they make of rows that a test names."""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml

from agent.contract import Harvest
from collectors.snmp.mapping.schema import Profile
from collectors.snmp.oid import Value
from collectors.snmp.parse import Arranger
from tests.collectors.snmp.replay import neutral

TABLE = "1.3.9.1"
"""Columns of the tests' table are TABLE.1, TABLE.2, …"""


@dataclass
class Rows:
    """A walk that was written by hand."""

    oids: list[str]
    values: list[Value]
    content: int = field(init=False)

    def __post_init__(self) -> None:
        self.content = hash(tuple(self.oids))


def profile(text: str) -> Profile:
    """The profile of a YAML text; ``$.1`` stands for the table's first column."""
    return Profile.model_validate(yaml.load(text.replace("$.", f"{TABLE}."), Loader=yaml.BaseLoader))  # noqa: S506 - as read_yaml


@dataclass
class Mapping:
    """A profile at work."""

    text: str
    room: str = ""

    def __post_init__(self) -> None:
        self.arranger = Arranger([], profile(self.text), self.room)

    def harvest(self, rows: dict[str, Value], now: float = 0.0, failed: tuple[str, ...] = ()) -> Harvest:
        """A poll; rows are named as ``COLUMN.INDEX`` of the table."""
        walk = Rows([f"{TABLE}.{name}" for name in rows], list(rows.values()))
        arranged = self.arranger.arrange([walk], frozenset(f"{TABLE}.{one}" for one in failed), now)
        return Harvest(arranged.layout, arranged.values)

    def of(self, rows: dict[str, Value], now: float = 0.0, failed: tuple[str, ...] = ()) -> dict[str, float]:
        """The neutral values of a poll."""
        return neutral(self.harvest(rows, now, failed))


def entry(text: str) -> Mapping:
    """A profile with one entry for the temperature of a room's sensor; further keys as YAML."""
    return Mapping(f"neutral: [{{family: ringwacht_hardware_temperature_celsius, oid: $.1, {text}}}]")

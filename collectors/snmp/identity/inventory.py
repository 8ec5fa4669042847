"""Hardware parts and LLDP neighbours: read at recognition, after a reboot, and then each hour or so. I/O only.

It takes what time a poll leaves, a little at a time, and never makes a poll fail: what was read last stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from agent.contract import BadReply, CollectError, Neighbour, Part
from collectors.snmp.identity import entity, lldp
from collectors.snmp.oid import Value
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.walking.walk import Walker

HOUR = 3600.0
RETRY_SECONDS = 600.0
"""After a failure, and where a device is too slow."""
FIRST_SECONDS = 5.0
SLICE_SECONDS = 1.0
"""So long a poll may take longer for it, at the first reading and later; the next poll goes on."""
MAX_ROWS = 2_000
"""Of one column; a device with more entities or neighbours is not in the register for all of them."""
_TABLES = (entity.COLUMNS, lldp.COLUMNS)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a device is made of and who is next to it; ``chassis`` are facts. ``failure``: why it is not newer."""

    parts: tuple[Part, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    chassis: Mapping[str, str] = field(default_factory=dict[str, str])
    failure: str = ""


@dataclass(slots=True)
class _Reading:
    """A reading under way: columns read so far, and those to come."""

    columns: dict[str, dict[str, Value]] = field(default_factory=dict[str, dict[str, Value]])
    failures: dict[str, str] = field(default_factory=dict[str, str])

    def ahead(self) -> Iterator[str]:
        """Yield the columns still to read; of a table whose first column is empty no other."""
        for first, *others in _TABLES:
            if first not in self.columns:
                yield first
            yield from (one for one in others if self.columns[first] and one not in self.columns)

    def give_up(self, why: str) -> None:
        """Note of all columns to come why they are not read."""
        for column in self.ahead():
            self.columns[column] = {}
            self.failures[column] = why


class InventoryReader:
    """Reads one device's inventory when it is due; ``latest`` is the same object until something changed."""

    def __init__(self, name: str) -> None:
        self.latest = Inventory()
        self._slice = FIRST_SECONDS
        self._interval = HOUR * (0.75 + _fraction(name) / 2)
        self._due = 0.0
        self._reading: _Reading | None = None

    def expire(self) -> None:
        """Read anew with the next poll: the device restarted, or is another one."""
        self._due = 0.0
        self._reading = None

    def is_due(self, now: float) -> bool:
        """Whether there is something to read at ``now`` (seconds since the epoch)."""
        return not now < self._due <= now + 2 * HOUR  # further off: the clock was set back

    async def read(self, session: Conversation, walker: Walker, now: float) -> None:
        """Read on; call it at the end of a poll that succeeded, where it is due. ``walker`` is that of the poll."""
        walker = walker.beside(MAX_ROWS)
        reading = self._reading = self._reading or _Reading()
        known, failure = len(reading.columns), "the time for this device is used up"
        session.shorten(self._slice)
        self._slice = SLICE_SECONDS
        try:
            for column in reading.ahead():
                if session.is_over:
                    break
                await _read_column(walker, reading, column)
        except CollectError as error:
            failure = error.detail
        if any(reading.ahead()):
            if session.is_over and len(reading.columns) > known:
                return
            reading.give_up(failure)
        self._end(reading, now)

    def _end(self, reading: _Reading, now: float) -> None:
        failed = next(iter(reading.failures.values()), "")
        found = self._made_of(reading, failed)
        self._reading = None
        self._due = now + (RETRY_SECONDS if failed else self._interval)
        if found != self.latest:
            self.latest = found

    def _made_of(self, reading: _Reading, failed: str) -> Inventory:
        """Return what was read; of a table that could not be read, what was known of it before."""
        columns, last = reading.columns, self.latest
        of_hardware, of_neighbours = (bool(reading.failures.keys() & set(table)) for table in _TABLES)
        return Inventory(
            last.parts if of_hardware else entity.hardware(columns),
            last.neighbours if of_neighbours else lldp.neighbours(columns),
            last.chassis if of_hardware else entity.chassis(columns),
            failed,
        )


async def _read_column(walker: Walker, reading: _Reading, column: str) -> None:
    """Read one column; one that is answered badly is empty, and noted. Raises Unreachable, AuthFailed, CannotCheck."""
    try:
        walked = await walker.walk(column)
    except BadReply as error:
        reading.columns[column] = {}
        reading.failures[column] = error.detail
        return
    skip = len(column) + 1
    reading.columns[column] = {oid[skip:]: value for oid, value in zip(walked.oids, walked.values, strict=True)}


def _fraction(name: str) -> float:
    """Return a device's own place between 0 and 1, so that not all are read in the same minute."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest()) / 2**32

"""What every simulated device answers: the system group (SNMPv2-MIB), interfaces (IF-MIB), and the UPS (UPS-MIB)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from agent.demo.ber import COUNTER32, COUNTER64, GAUGE32, TIMETICKS, Oid, integer, octets, oid
from agent.demo.snmp_agent import Value
from agent.demo.world import State

Object = tuple[Oid, Value[State]]
Number = Callable[[State], float]

SYSTEM: Oid = (1, 3, 6, 1, 2, 1, 1)
IF_NUMBER: Oid = (1, 3, 6, 1, 2, 1, 2, 1, 0)
IF_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IF_X_ENTRY: Oid = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
UPS_MIB: Oid = (1, 3, 6, 1, 2, 1, 33, 1)
PLAYPEN: Oid = (1, 3, 6, 1, 4, 1, 8072, 9999, 9999)  # NET-SNMP-MIB::netSnmpPlaypen, where no product is named

ETHERNET, OTHER = 6, 1  # IANAifType
UP, DOWN = 1, 2
_PACKET = 700.0  # octets of a mean packet
_32_BIT = 2**32


def gauge(value: Number) -> Value[State]:
    """Return a Gauge32 that follows the state."""
    return lambda state: integer(round(value(state)), GAUGE32)


def number(value: Number) -> Value[State]:
    """Return an INTEGER that follows the state."""
    return lambda state: integer(round(value(state)))


def counter32(value: Number) -> Value[State]:
    """Return a Counter32; it wraps."""
    return lambda state: integer(int(value(state)) % _32_BIT, COUNTER32)


def counter64(value: Number) -> Value[State]:
    """Return a Counter64."""
    return lambda state: integer(int(value(state)), COUNTER64)


def ticks(value: Number) -> Value[State]:
    """Return TimeTicks from seconds; they wrap after 497 days."""
    return lambda state: integer(int(value(state) * 100) % _32_BIT, TIMETICKS)


def system_group(name: str, description: str, object_id: Oid, location: str) -> Iterator[Object]:
    """Yield the system group (RFC 3418)."""
    yield (*SYSTEM, 1, 0), octets(description)
    yield (*SYSTEM, 2, 0), oid(object_id)
    yield (*SYSTEM, 3, 0), ticks(lambda state: state.uptime)
    yield (*SYSTEM, 4, 0), octets("demo")
    yield (*SYSTEM, 5, 0), octets(name)
    yield (*SYSTEM, 6, 0), octets(location)
    yield (*SYSTEM, 7, 0), integer(2)


@dataclass(frozen=True, slots=True)
class Interface:
    """One row of ifTable and ifXTable. ``octets_in`` and ``octets_out`` never decrease."""

    index: int
    name: str
    alias: str
    type: int
    octets_in: Number
    octets_out: Number
    up: Callable[[State], bool] = lambda _: True
    speed: Number = lambda _: 1e9
    enabled: bool = True


def interfaces(rows: Iterable[Interface]) -> Iterator[Object]:
    """Yield IF-MIB (RFC 2863) for all interfaces of a device."""
    rows = tuple(rows)
    yield IF_NUMBER, integer(len(rows))
    for row in rows:
        for column, value in _if_columns(row):
            yield (*IF_ENTRY, column, row.index), value
        for column, value in _if_x_columns(row):
            yield (*IF_X_ENTRY, column, row.index), value


def _if_columns(row: Interface) -> Iterator[tuple[int, Value[State]]]:
    yield 1, integer(row.index)
    yield 2, octets(row.name)
    yield 3, integer(row.type)
    yield 4, integer(1500)
    yield 5, gauge(lambda state: min(row.speed(state), _32_BIT - 1))
    yield 6, octets(b"\x02\x00\x5e" + (row.index & 0xFFFFFF).to_bytes(3, "big"))  # locally administered
    yield 7, integer(UP if row.enabled else DOWN)
    yield 8, number(lambda state: UP if row.enabled and row.up(state) else DOWN)
    yield 9, integer(0, TIMETICKS)
    yield 10, counter32(row.octets_in)
    yield 11, counter32(lambda state: row.octets_in(state) / _PACKET)
    yield 16, counter32(row.octets_out)
    yield 17, counter32(lambda state: row.octets_out(state) / _PACKET)
    for errors_or_discards in (13, 14, 19, 20):
        yield errors_or_discards, integer(0, COUNTER32)
    yield 21, integer(0, GAUGE32)


def _if_x_columns(row: Interface) -> Iterator[tuple[int, Value[State]]]:
    yield 1, octets(row.name)
    for multicast_or_broadcast in (2, 3, 4, 5):
        yield multicast_or_broadcast, integer(0, COUNTER32)
    yield 6, counter64(row.octets_in)
    yield 7, counter64(lambda state: row.octets_in(state) / _PACKET)
    yield 10, counter64(row.octets_out)
    yield 11, counter64(lambda state: row.octets_out(state) / _PACKET)
    for multicast_or_broadcast in (8, 9, 12, 13):
        yield multicast_or_broadcast, integer(0, COUNTER64)
    yield 15, gauge(lambda state: row.speed(state) / 1e6)
    yield 16, integer(2)
    yield 17, integer(1 if row.type == ETHERNET else 2)
    yield 18, octets(row.alias)
    yield 19, integer(0, TIMETICKS)


def ups() -> Iterator[Object]:
    """Yield UPS-MIB (RFC 1628): identity, battery, one input line, one output line, alarms, last test."""
    scalars: dict[Oid, Value[State]] = {
        (1, 1): octets("Demo"),
        (1, 2): octets("Simulated UPS 3000"),
        (1, 3): octets("1.0"),
        (1, 4): octets("1.0"),
        (1, 5): octets("usv-kreishaus"),
        (2, 1): integer(2),
        (2, 2): number(lambda state: state.on_battery_seconds),
        (2, 3): number(lambda state: max(1.0, state.runtime / 60)),
        (2, 4): number(lambda state: state.charge * 100),
        (2, 5): number(lambda state: 545 - (60 if state.on_battery else 0) - 40 * (1 - state.charge)),
        (2, 7): integer(25),
        (3, 2): integer(1),
        (4, 1): number(lambda state: 5 if state.on_battery else 3),
        (4, 2): integer(500),
        (4, 3): integer(1),
        (6, 1): gauge(lambda state: state.on_battery),
        (7, 3): integer(1),
        (9, 7): integer(5),
    }
    yield from (((*UPS_MIB, *name, 0), value) for name, value in scalars.items())
    for column, value in {2: 500, 3: 231, 4: 52, 5: 1140}.items():
        yield (*UPS_MIB, 3, 3, 1, column, 1), _unless_on_battery(value)
    for column, value in {2: 230, 3: 49, 4: 1130, 5: 38}.items():
        yield (*UPS_MIB, 4, 4, 1, column, 1), integer(value)


def _unless_on_battery(value: int) -> Value[State]:
    return number(lambda state: 0 if state.on_battery else value)

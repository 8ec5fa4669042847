"""Who is at the far end of which port: LLDP-MIB (IEEE 802.1AB), as much as is read of it.

The rows stand still: a neighbour is remembered for 120 s (its TTL), and no cut of the story lasts as long.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.demo.ber import Oid, integer, octets
from agent.demo.mib_standard import Object

LLDP: Oid = (1, 0, 8802, 1, 1, 2, 1)
_LOCAL: Oid = (*LLDP, 3)
_LOCAL_PORT: Oid = (*_LOCAL, 7, 1)
_REMOTE: Oid = (*LLDP, 4, 1, 1)
_CHASSIS_LOCAL, _PORT_LOCAL = 7, 7  # LldpChassisIdSubtype, LldpPortIdSubtype: locally assigned
_BRIDGE = b"\x20"  # LldpSystemCapabilitiesMap
_TIME_MARK, _REMOTE_INDEX = 0, 1


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """One port and who is seen there; ports are named as LLDP names them, locally assigned."""

    number: int
    port: str
    remote_system: str
    remote_port: str


def lldp(system: str, neighbours: Sequence[Neighbourhood]) -> Iterator[Object]:
    """Yield the local system, its ports with neighbours, and the neighbours."""
    yield (*_LOCAL, 1, 0), integer(_CHASSIS_LOCAL)
    yield (*_LOCAL, 2, 0), octets(system)
    yield (*_LOCAL, 3, 0), octets(system)
    for one in neighbours:
        yield (*_LOCAL_PORT, 2, one.number), integer(_PORT_LOCAL)
        yield (*_LOCAL_PORT, 3, one.number), octets(one.port)
        yield (*_LOCAL_PORT, 4, one.number), octets("")
        for column, value in _remote_columns(one).items():
            yield (*_REMOTE, column, _TIME_MARK, one.number, _REMOTE_INDEX), value


def _remote_columns(one: Neighbourhood) -> dict[int, bytes]:
    return {
        4: integer(_CHASSIS_LOCAL),
        5: octets(one.remote_system),
        6: integer(_PORT_LOCAL),
        7: octets(one.remote_port),
        8: octets(""),
        9: octets(one.remote_system),
        10: octets(""),
        11: octets(_BRIDGE),
        12: octets(_BRIDGE),
    }

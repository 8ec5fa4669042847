"""What the radios send by themselves: linkDown and linkUp (IF-MIB, RFC 2863) in SNMPv2 traps (RFC 3416, 4.2.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from agent.demo import ber
from agent.demo.ber import Oid
from agent.demo.cast import HOPS
from agent.demo.mib_ceragon import RADIO_INDEX
from agent.demo.mib_standard import DOWN, IF_ENTRY, SYSTEM, UP
from agent.demo.world import State

SNMP_TRAP_OID: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
LINK_DOWN: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
LINK_UP: Oid = (1, 3, 6, 1, 6, 3, 1, 1, 5, 4)
_ADMIN_STATUS, _OPER_STATUS = 7, 8  # columns of ifEntry


class Trap(NamedTuple):
    """A radio, and whether its hop came up or went down."""

    device: str
    up: bool


def traps(before: State, after: State) -> Iterator[Trap]:
    """Yield what the radios of every hop that changed send; what nobody carries to the Kreishaus is lost."""
    for hop in HOPS:
        for end, (device, site) in enumerate(zip(hop.radios, hop.ends, strict=True)):
            up = after.radio(hop, end).up
            if up is not before.radio(hop, end).up and after.ring.reaches(site):
                yield Trap(device, up)


def datagram(trap: Trap, community: bytes, number: int, uptime: float) -> bytes:
    """Return the message: ``number`` is its request-id, ``uptime`` sysUpTime in seconds."""
    status = ber.integer(UP if trap.up else DOWN)
    varbinds = (
        ber.varbind((*SYSTEM, 3, 0), ber.integer(int(uptime * 100), ber.TIMETICKS)),
        ber.varbind(SNMP_TRAP_OID, ber.oid(LINK_UP if trap.up else LINK_DOWN)),
        ber.varbind((*IF_ENTRY, 1, RADIO_INDEX), ber.integer(RADIO_INDEX)),
        ber.varbind((*IF_ENTRY, _ADMIN_STATUS, RADIO_INDEX), ber.integer(UP)),
        ber.varbind((*IF_ENTRY, _OPER_STATUS, RADIO_INDEX), status),
    )
    return ber.trap(community, number, varbinds)

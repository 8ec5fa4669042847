"""The ring protocol as a switch tells it: ALCATEL-IND1-ERP-MIB (ITU-T G.8032), one ring over two ports."""

from __future__ import annotations

from collections.abc import Iterator

from agent.demo.ber import Oid
from agent.demo.cast import PROTECTION_HOP, RADIOS, Switch
from agent.demo.mib_standard import Object, number
from agent.demo.snmp_agent import Value
from agent.demo.world import State

ERP: Oid = (1, 3, 6, 1, 4, 1, 6486, 800, 1, 2, 1, 46, 1, 1, 2)
_RING = 1
_IDLE, _PROTECTION = 0, 1  # alaErpRingState
_FORWARDING, _BLOCKING = 1, 2  # alaErpRingPortStatus
_OWNER_RADIO = PROTECTION_HOP.radios[0]  # behind the port that the owner of the protection link blocks


def erp(switch: Switch) -> Iterator[Object]:
    """Yield the state of the ring and of the switch's two ports in it."""
    yield (*ERP, 1, 1, 7, _RING), number(lambda state: _PROTECTION if state.ring.down else _IDLE)
    for port, radio in switch.radio_ports:
        yield (*ERP, 2, 1, 2, _RING, port), _port_status(radio)


def _port_status(radio: str) -> Value[State]:
    hop, _ = RADIOS[radio]

    def status(state: State) -> float:
        blocked = hop in state.ring.down or (state.ring.blocked and radio == _OWNER_RADIO)
        return _BLOCKING if blocked else _FORWARDING

    return number(status)

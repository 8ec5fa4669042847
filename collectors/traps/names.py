"""Which notifications are known, and so worth a poll at once. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent.enterprises import maker_of, short_name

UNKNOWN = ""
NAMES: Mapping[str, str] = {
    # SNMPv2-MIB (RFC 3418) and IF-MIB (RFC 2863); SNMPv1's generic traps become these (RFC 3584 section 3.1)
    "1.3.6.1.6.3.1.1.5.1": "coldStart",
    "1.3.6.1.6.3.1.1.5.2": "warmStart",
    "1.3.6.1.6.3.1.1.5.3": "linkDown",
    "1.3.6.1.6.3.1.1.5.4": "linkUp",
    "1.3.6.1.6.3.1.1.5.5": "authenticationFailure",
    "1.3.6.1.6.3.1.1.5.6": "egpNeighborLoss",
    # UPS-MIB (RFC 1628)
    "1.3.6.1.2.1.33.2.1": "upsTrapOnBattery",
    "1.3.6.1.2.1.33.2.2": "upsTrapTestCompleted",
    "1.3.6.1.2.1.33.2.3": "upsTrapAlarmEntryAdded",
    "1.3.6.1.2.1.33.2.4": "upsTrapAlarmEntryRemoved",
    # BRIDGE-MIB (RFC 4188), LLDP-MIB (IEEE 802.1AB), ENTITY-MIB (RFC 6933), OSPF-TRAP-MIB (RFC 4750)
    "1.3.6.1.2.1.17.0.1": "newRoot",
    "1.3.6.1.2.1.17.0.2": "topologyChange",
    "1.0.8802.1.1.2.0.0.1": "lldpRemTablesChange",
    "1.3.6.1.2.1.47.2.0.1": "entConfigChange",
    "1.3.6.1.2.1.14.16.2.2": "ospfNbrStateChange",
    "1.3.6.1.2.1.14.16.2.16": "ospfIfStateChange",
    # PowerNet-MIB of APC by Schneider
    "1.3.6.1.4.1.318.0.5": "upsOnBattery",
    "1.3.6.1.4.1.318.0.9": "powerRestored",
    # NET-SNMP-AGENT-MIB
    "1.3.6.1.4.1.8072.4.0.2": "nsNotifyShutdown",
    "1.3.6.1.4.1.8072.4.0.3": "nsNotifyRestart",
}
_SAYS_NOTHING_OF_THE_DEVICE = frozenset({"authenticationFailure"})


def name_of(oid: str) -> str:
    """Return what a notification is called: its name, ``MAKER trap`` for a known maker's own, ``""`` if unknown."""
    name = NAMES.get(oid)
    if name is None and (maker := maker_of(oid)):
        return f"{short_name(maker)} trap"  # of a UPS, a sensor, a radio, a switch: worth a poll whatever it says
    return name or UNKNOWN


def calls_for_a_poll(name: str) -> bool:
    """Whether the device that sent it is to be polled at once."""
    return name != UNKNOWN and name not in _SAYS_NOTHING_OF_THE_DEVICE

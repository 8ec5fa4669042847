"""Who is at the far end of which port, from the columns of LLDP-MIB (IEEE 802.1AB). Pure.

Telephones and stations are dropped here and kept nowhere: they belong to persons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from agent.contract import Neighbour
from agent.layout import clean_text
from collectors.snmp.modules.texts import plain, show
from collectors.snmp.oid import Value

Columns = Mapping[str, Mapping[str, Value]]
"""Values by column and index of the row; a column that could not be read is missing or empty."""

_REMOTE = "1.0.8802.1.1.2.1.4.1.1."
CHASSIS_SUBTYPE, CHASSIS_ID, PORT_SUBTYPE, PORT_ID, PORT_DESCR, SYSTEM_NAME, CAPABILITIES = (
    f"{_REMOTE}{number}" for number in (4, 5, 6, 7, 8, 9, 12)
)
_LOCAL = "1.0.8802.1.1.2.1.3.7.1."
LOCAL_SUBTYPE, LOCAL_ID, LOCAL_DESCR = (f"{_LOCAL}{number}" for number in (2, 3, 4))
IF_DESCR, IF_NAME, IF_ALIAS = "1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.31.1.1.1.18"
COLUMNS = (
    CAPABILITIES,  # first: a device without neighbours is asked no more
    CHASSIS_SUBTYPE,
    CHASSIS_ID,
    PORT_SUBTYPE,
    PORT_ID,
    PORT_DESCR,
    SYSTEM_NAME,
    LOCAL_SUBTYPE,
    LOCAL_ID,
    LOCAL_DESCR,
    IF_DESCR,
    IF_NAME,
    IF_ALIAS,  # what some devices say in lldpLocPortDesc; kept nowhere
)

# LldpSystemCapabilitiesMap by bit, the first bit being the highest of the first octet
_KEPT = {1: "repeater", 2: "bridge", 3: "wlanAccessPoint", 4: "router", 6: "docsisCableDevice"}
_PERSONAL = frozenset({5, 7})  # telephone (it often has a bridge for the desk's computer as well), stationOnly
# LldpChassisIdSubtype and LldpPortIdSubtype that are not text
_CHASSIS_MAC, _CHASSIS_NETWORK = 4, 5
_PORT_MAC, _PORT_NETWORK, _PORT_INTERFACE_NAME, _PORT_LOCAL = 3, 4, 5, 7
_MAC_OCTETS = 6
_IPV4, _IPV6 = 1, 2  # AddressFamilyNumbers (IANA)
_IP_OCTETS = {_IPV4: 4, _IPV6: 16}


@dataclass(frozen=True, slots=True)
class _Interfaces:
    """Names of the device's own interfaces, by ifIndex and by what else they are called."""

    by_index: Mapping[str, str]
    by_text: Mapping[str, str]


def neighbours(columns: Columns) -> tuple[Neighbour, ...]:
    """Return the neighbours that belong to the network, ordered by row; ``local_port`` is ifName where it can be."""
    interfaces = _interfaces(columns)
    rows = _newest(columns.get(CAPABILITIES, {}))
    found = (_neighbour(columns, index, local, interfaces) for (local, _), index in rows.items())
    return tuple(dict.fromkeys(one for one in found if one is not None))


def _newest(capabilities: Mapping[str, Value]) -> dict[tuple[str, str], str]:
    """Return each row's index by local port and number: a row that stands there at two times counts once."""
    rows: dict[tuple[str, str], str] = {}
    times: dict[tuple[str, str], int] = {}
    for index in capabilities:
        place = index.split(".")
        if len(place) != 3:
            continue
        key, time = (place[1], place[2]), int(place[0])
        if time >= times.get(key, 0):
            rows[key], times[key] = index, time
    return rows


def _neighbour(columns: Columns, index: str, local: str, interfaces: _Interfaces) -> Neighbour | None:
    capabilities = _capabilities(columns[CAPABILITIES][index])
    if not capabilities:
        return None

    def cell(column: str) -> Value:
        return columns.get(column, {}).get(index)

    chassis = _identifier(cell(CHASSIS_ID), cell(CHASSIS_SUBTYPE), _CHASSIS_MAC, _CHASSIS_NETWORK)
    port = _identifier(cell(PORT_ID), cell(PORT_SUBTYPE), _PORT_MAC, _PORT_NETWORK)
    return Neighbour(
        local_port=_local_port(columns, local, interfaces),
        remote_system=_text(cell(SYSTEM_NAME)) or chassis,
        remote_port=port or _text(cell(PORT_DESCR)),
        remote_chassis=chassis,
        capabilities=capabilities,
    )


def _capabilities(value: Value) -> tuple[str, ...]:
    """Return what is enabled there; nothing for what may be a person's, or does not say."""
    if not isinstance(value, bytes) or not value:
        return ()
    bits = {bit for bit in range(8) if value[0] & (0x80 >> bit)}
    return () if bits & _PERSONAL else tuple(name for bit, name in _KEPT.items() if bit in bits)


def _local_port(columns: Columns, number: str, interfaces: _Interfaces) -> str:
    """Return the ifName of a local port, as far as it can be told; else what LLDP calls it, or its number."""
    subtype = columns.get(LOCAL_SUBTYPE, {}).get(number)
    name = _identifier(columns.get(LOCAL_ID, {}).get(number), subtype, _PORT_MAC, _PORT_NETWORK)
    description = _text(columns.get(LOCAL_DESCR, {}).get(number))
    if subtype == _PORT_INTERFACE_NAME and name:
        return interfaces.by_text.get(name, name)
    for text in (description, name):
        if text in interfaces.by_text:
            return interfaces.by_text[text]
    if subtype == _PORT_LOCAL and name in interfaces.by_index:
        return interfaces.by_index[name]
    if not name and not description:
        return interfaces.by_index.get(number, number)
    return description or name


def _interfaces(columns: Columns) -> _Interfaces:
    descriptions = {index: _text(value) for index, value in columns.get(IF_DESCR, {}).items()}
    names = {index: _text(value) for index, value in columns.get(IF_NAME, {}).items()}
    by_index = descriptions | {index: name for index, name in names.items() if name}
    by_index = {index: name for index, name in by_index.items() if name}
    aliases = {index: _text(value) for index, value in columns.get(IF_ALIAS, {}).items()}
    by_text: dict[str, str] = {}
    for texts in (aliases, descriptions, names):  # of two that say the same the name counts most
        by_text |= {text: by_index[index] for index, text in texts.items() if text and index in by_index}
    return _Interfaces(by_index, by_text)


def _identifier(value: Value, subtype: Value, mac: int, network: int) -> str:
    """Return the text of an id by its subtype."""
    if isinstance(value, bytes) and value:
        if subtype == mac and len(value) == _MAC_OCTETS:
            return plain(show(value, "PhysAddress48").encode())  # type: ignore[union-attr]
        if subtype == network and len(value) == 1 + _IP_OCTETS.get(value[0], -1):
            return str(ip_address(value[1:]))
    return _text(value)


def _text(value: Value) -> str:
    """Return a clean text; octets that are none in hexadecimal."""
    if not isinstance(value, bytes):
        return clean_text(plain(value)).strip()
    octets = value.rstrip(b"\0")
    try:
        text = octets.decode()
    except UnicodeDecodeError:
        text = ""
    return clean_text(text if text.isprintable() and (text or not octets) else f"0x{value.hex().upper()}").strip()

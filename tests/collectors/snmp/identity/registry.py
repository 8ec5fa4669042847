"""Rows of LLDP-MIB and ENTITY-MIB as a device would have them."""

from __future__ import annotations

from typing import Any

from collectors.snmp.identity import lldp
from collectors.snmp.identity.lldp import Columns

BRIDGE, ROUTER_BRIDGE, PHONE_BRIDGE, STATION, SILENT = b"\x20\x00", b"\x28\x00", b"\x24\x00", b"\x01\x00", b"\x00\x00"
MAC = bytes.fromhex("001b21aabbcc")


def remote(row: str, capabilities: bytes, **cells: bytes | int) -> dict[str, dict[str, Any]]:
    """One row of lldpRemTable: a bridge ``far`` at its port 24, unless said otherwise."""
    values = {"subtype": 4, "chassis": MAC, "port_subtype": 5, "port": b"24", "descr": b"", "name": b"far", **cells}
    columns = (
        lldp.CHASSIS_SUBTYPE,
        lldp.CHASSIS_ID,
        lldp.PORT_SUBTYPE,
        lldp.PORT_ID,
        lldp.PORT_DESCR,
        lldp.SYSTEM_NAME,
    )
    return {lldp.CAPABILITIES: {row: capabilities}} | {
        column: {row: value} for column, value in zip(columns, values.values(), strict=True)
    }


def local(number: str, subtype: int, name: bytes, description: bytes = b"") -> dict[str, dict[str, Any]]:
    return {
        lldp.LOCAL_SUBTYPE: {number: subtype},
        lldp.LOCAL_ID: {number: name},
        lldp.LOCAL_DESCR: {number: description},
    }


def together(*some: Columns) -> dict[str, dict[str, Any]]:
    merged: dict[str, dict[str, Any]] = {}
    for one in some:
        for column, cells in one.items():
            merged[column] = merged.get(column, {}) | dict(cells)
    return merged


def cells(column: str, *values: Any) -> dict[str, dict[str, Any]]:
    return {column: {str(index): value for index, value in enumerate(values, start=1)}}

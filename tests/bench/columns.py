"""The columns of ifTable and ifXTable (RFC 2863) that the benchmark's agent serves and both pollers read."""

from __future__ import annotations

from typing import Literal, NamedTuple

Syntax = Literal["integer", "gauge", "counter", "counter64", "timeticks", "string", "address"]

IF_TABLE = "1.3.6.1.2.1.2.2.1"
IF_X_TABLE = "1.3.6.1.2.1.31.1.1.1"


class ColumnOf(NamedTuple):
    """One column: its table, number, MIB object and syntax on the wire."""

    table: str
    number: int
    name: str
    syntax: Syntax

    @property
    def oid(self) -> str:
        """Return the column's OID without a leading dot."""
        return f"{self.table}.{self.number}"


def _of(table: str, *columns: tuple[int, str, Syntax]) -> tuple[ColumnOf, ...]:
    return tuple(ColumnOf(table, *column) for column in columns)


COLUMNS: tuple[ColumnOf, ...] = (
    *_of(
        IF_TABLE,
        (1, "ifIndex", "integer"),
        (2, "ifDescr", "string"),
        (3, "ifType", "integer"),
        (4, "ifMtu", "integer"),
        (5, "ifSpeed", "gauge"),
        (6, "ifPhysAddress", "address"),
        (7, "ifAdminStatus", "integer"),
        (8, "ifOperStatus", "integer"),
        (9, "ifLastChange", "timeticks"),
        (10, "ifInOctets", "counter"),
        (11, "ifInUcastPkts", "counter"),
        (12, "ifInNUcastPkts", "counter"),
        (13, "ifInDiscards", "counter"),
        (14, "ifInErrors", "counter"),
        (15, "ifInUnknownProtos", "counter"),
        (16, "ifOutOctets", "counter"),
        (17, "ifOutUcastPkts", "counter"),
        (18, "ifOutNUcastPkts", "counter"),
        (19, "ifOutDiscards", "counter"),
        (20, "ifOutErrors", "counter"),
        (21, "ifOutQLen", "gauge"),
    ),
    *_of(
        IF_X_TABLE,
        (1, "ifName", "string"),
        (2, "ifInMulticastPkts", "counter"),
        (3, "ifInBroadcastPkts", "counter"),
        (4, "ifOutMulticastPkts", "counter"),
        (5, "ifOutBroadcastPkts", "counter"),
        (6, "ifHCInOctets", "counter64"),
        (7, "ifHCInUcastPkts", "counter64"),
        (8, "ifHCInMulticastPkts", "counter64"),
        (9, "ifHCInBroadcastPkts", "counter64"),
        (10, "ifHCOutOctets", "counter64"),
        (11, "ifHCOutUcastPkts", "counter64"),
        (12, "ifHCOutMulticastPkts", "counter64"),
        (13, "ifHCOutBroadcastPkts", "counter64"),
        (14, "ifLinkUpDownTrapEnable", "integer"),
        (15, "ifHighSpeed", "gauge"),
        (16, "ifPromiscuousMode", "integer"),
        (17, "ifConnectorPresent", "integer"),
        (18, "ifAlias", "string"),
        (19, "ifCounterDiscontinuityTime", "timeticks"),
    ),
)
COUNTY_COLUMNS = frozenset({
    "ifDescr", "ifOperStatus", "ifName", "ifAlias", "ifHighSpeed",
    "ifHCInOctets", "ifHCOutOctets", "ifInErrors", "ifOutErrors", "ifInDiscards", "ifOutDiscards",
})  # fmt: skip


def cell(column: ColumnOf, port: int) -> str:
    """Return what a busy switch might answer for a port (1 to 48)."""
    texts = {"ifDescr": f"GigabitEthernet0/{port}", "ifName": f"Gi0/{port}", "ifAlias": f"Raum {100 + port}"}
    fixed = {"ifIndex": port, "ifType": 6, "ifMtu": 1500, "ifSpeed": 1_000_000_000, "ifHighSpeed": 1000}
    match column.syntax:
        case "string":
            return texts[column.name]
        case "address":
            return f"0x0a0027000{port:03x}"
        case "integer":
            return str(fixed.get(column.name, 1))
        case "counter64":
            return str(10**12 * column.number + port)
        case "timeticks":
            return "8640000"
        case "counter" | "gauge":
            return str(fixed.get(column.name, 10**6 * column.number + port))

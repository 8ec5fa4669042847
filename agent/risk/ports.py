"""Which interface of a device a declared link ends at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from agent.contract import Series, Subject
from config.inventory import Link

OPER_STATUS = "ifOperStatus"
ADMIN_STATUS = "ifAdminStatus"

# In the order in which a port named in the inventory is looked for.
PORT_LABELS = ("ifName", "ifDescr", "ifAlias", "ifIndex")

# The neutral families name a port by this label alone.
_LABELS = (*PORT_LABELS, "port")


def find_port(interfaces: Iterable[Series], port: str, labels: Sequence[str] = PORT_LABELS) -> Series | None:
    """Return the interface of that name: by ifName, then ifDescr, ifAlias, ifIndex."""
    known = tuple(interfaces)
    for label in labels:
        for series in known:
            if series.labels.get(label) == port:
                return series
    return None


def row_of_port(names: Sequence[str], rows: Sequence[Sequence[str]], port: str) -> int | None:
    """Return the number of the row that is the port of that name, as ``find_port`` finds it."""
    for label in _LABELS:
        if label in names:
            place = names.index(label)
            for number, row in enumerate(rows):
                if row[place] == port:
                    return number
    return None


def is_port(labels: Mapping[str, str], ports: Collection[str]) -> bool:
    """Whether a series with these labels may be that of one of the ports."""
    return any(labels.get(label) in ports for label in _LABELS)


def ends_of(links: Iterable[Link]) -> dict[Subject, frozenset[str]]:
    """Return the ports at which declared links end, by device."""
    ports: dict[Subject, set[str]] = {}
    for link in links:
        for end in link.ends:
            if end.device is not None and end.port is not None:
                ports.setdefault(Subject("device", end.device), set()).add(end.port)
    return {device: frozenset(names) for device, names in ports.items()}

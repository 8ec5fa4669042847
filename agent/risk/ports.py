"""Which interface of a device a declared link ends at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from agent.contract import Series, Subject
from config.inventory import Link

OPER_STATUS = "ifOperStatus"
ADMIN_STATUS = "ifAdminStatus"

# In the order in which a port is looked for; a name that others show (LLDP) is seldom the ifIndex.
PORT_NAMES = ("ifName", "ifDescr", "ifAlias")
PORT_LABELS = (*PORT_NAMES, "ifIndex")

# The neutral families name a port by this label alone.
_LABELS = (*PORT_LABELS, "port")


def find_port(interfaces: Iterable[Series], port: str, labels: Sequence[str] = PORT_LABELS) -> Series | None:
    """Return the interface of that name: by ifName, then ifDescr, ifAlias, ifIndex; None where several have it."""
    known = tuple(interfaces)
    columns = ([series.labels.get(label) for series in known] for label in labels)
    number = _only(columns, [series.labels for series in known], port)
    return None if number is None else known[number]


def row_of_port(names: Sequence[str], rows: Sequence[Sequence[str]], port: str) -> int | None:
    """Return the number of the row that is the port of that name, as ``find_port`` finds it."""
    places = [names.index(label) for label in _LABELS if label in names]
    return _only(([row[place] for row in rows] for place in places), rows, port)


def _only(columns: Iterable[Sequence[str | None]], ports: Sequence[object], name: str) -> int | None:
    """Return the number of the port that is called so in the first column in which one is. No port is called ""."""
    for column in columns:
        found = [number for number, one in enumerate(column) if one == name != ""]
        if found:
            first = found[0]
            # two checks may read the same port
            return first if all(ports[number] == ports[first] for number in found) else None
    return None


def labels_at(link: Link) -> Sequence[str]:
    """Return by which labels a port is looked for at the ends of this link.

    A radio has numbers of its own for its ports: the interface whose ifIndex is the same number is another.
    """
    return PORT_NAMES if link.kind == "radio" else PORT_LABELS


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

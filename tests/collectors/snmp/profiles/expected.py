"""Reads what a recording is expected to mean."""

from __future__ import annotations

ROOM = "raum"
"""The room of the devices in these tests."""


def values(text: str) -> dict[str, float]:
    """Read lines of ``family: label values and value, ...`` as ``neutral`` names series; sensors hang in ``ROOM``."""
    found: dict[str, float] = {}
    for line in filter(None, map(str.strip, text.split("\n"))):
        family, _, rows = line.partition(": ")
        for row in rows.split(", "):
            labels, _, value = row.rpartition(" ")
            room = ROOM if family.startswith("sensor_") else ""
            found[" ".join(filter(None, [family, room, labels]))] = float(value)
    return found

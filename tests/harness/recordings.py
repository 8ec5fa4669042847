"""Recordings of real devices that the package snmpsim-data brings, as tables for the scripted agent."""

from __future__ import annotations

import bz2
import sysconfig
from collections.abc import Iterable
from pathlib import Path

from agent.demo import ber
from tests.harness.snmp_agent import numbers

FOLDER = Path(sysconfig.get_path("purelib"), "snmpsim_data", "data")
OPAQUE = 0x44
INTEGERS = {"2": ber.INTEGER, "65": ber.COUNTER32, "66": ber.GAUGE32, "67": ber.TIMETICKS, "70": ber.COUNTER64}


def recorded(name: str, subtrees: Iterable[str], rows_each: int) -> dict[str, bytes]:
    """The first rows of each of these subtrees by OID, encoded; values that the recording cannot give are left out."""
    left = {f"{subtree}.": rows_each for subtree in subtrees}
    table: dict[str, bytes] = {}
    for line in _lines(FOLDER / name):
        oid, _, rest = line.partition("|")
        subtree = next((one for one in left if oid.startswith(one)), None)
        tag, _, value = rest.partition("|")
        encoded = _encoded(tag, value) if subtree is not None and left[subtree] > 0 else None
        if subtree is not None and encoded is not None:
            table[oid] = encoded
            left[subtree] -= 1
    return table


def _lines(path: Path) -> list[str]:
    raw = path.read_bytes()
    return (bz2.decompress(raw) if path.suffix == ".bz2" else raw).decode("latin-1").splitlines()


def _encoded(tag: str, value: str) -> bytes | None:
    kind = tag.removesuffix("x")
    raw = bytes.fromhex(value) if tag.endswith("x") else value.encode("latin-1")
    if kind in INTEGERS and raw.lstrip(b"-").isdigit():
        return ber.integer(int(raw), INTEGERS[kind])
    if kind == "6" and value:
        return ber.oid(numbers(value))
    if kind == "64":
        return ber.tlv(ber.IP_ADDRESS, raw if len(raw) == 4 else bytes(map(int, value.split("."))))
    return {"4": ber.octets(raw), "68": ber.tlv(OPAQUE, raw)}.get(kind)

"""Maker, model, serial number and firmware of a device, from whatever says it best. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agent.enterprises import maker_of

IDENTITY = ("vendor", "model", "serial", "firmware")
"""Facts that make ``ringwacht_device_info``."""
_FILLED = (*IDENTITY, "hardware")
# "Version 15.2(4)E6,", "revision RA.15.06.0009", "Software Release 3.1", "Firmware: v2.10", "kernel JUNOS 12.3R6.6,"
_FIRMWARE = re.compile(
    r"\b(?:firmware|software|revision|version|junos)(?:\s+(?:release|revision|version))?[\s:]+v?(?P<it>[A-Z]{0,3}\d*\.[\w.()-]+)",
    re.IGNORECASE,
)


def completed(facts: Mapping[str, str], chassis: Mapping[str, str]) -> dict[str, str]:
    """Return the facts, filled up where they lack something.

    What the device's profile reads comes first, then the chassis of ENTITY-MIB, then sysObjectID and sysDescr.
    """
    hints = {"vendor": maker_of(facts.get("sys_object_id", "")), "firmware": _firmware(facts.get("sys_descr", ""))}
    filled = {name: facts.get(name) or chassis.get(name) or hints.get(name, "") for name in _FILLED}
    return {**facts, **{name: text for name, text in filled.items() if text}}


def _firmware(description: str) -> str:
    found = _FIRMWARE.search(description)
    return found["it"].rstrip(".,") if found else ""

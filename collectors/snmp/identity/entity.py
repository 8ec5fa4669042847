"""The pieces of hardware in a device, from the columns of ENTITY-MIB (RFC 6933). Pure."""

from __future__ import annotations

from collections.abc import Mapping

from agent.contract import Part
from agent.layout import clean_text
from collectors.snmp.modules.texts import plain
from collectors.snmp.oid import Value, parts

Columns = Mapping[str, Mapping[str, Value]]
"""Values by column and entPhysicalIndex; a column that could not be read is missing or empty."""

_ENTRY = "1.3.6.1.2.1.47.1.1.1.1."
DESCR, CLASS, NAME, HARDWARE, FIRMWARE, SOFTWARE, SERIAL, MAKER, MODEL = (
    f"{_ENTRY}{number}" for number in (2, 5, 7, 8, 9, 10, 11, 12, 13)
)
COLUMNS = (CLASS, DESCR, NAME, HARDWARE, FIRMWARE, SOFTWARE, SERIAL, MAKER, MODEL)
"""The class first: a device without hardware is asked no more."""
# PhysicalClass; ports, sensors and containers are too many and say nothing for the register
_KINDS = {3: "chassis", 6: "powerSupply", 7: "fan", 9: "module", 11: "stack"}
_CHASSIS = 3
MAX_PARTS = 500


def hardware(columns: Columns) -> tuple[Part, ...]:
    """Return chassis, modules, power supplies, fans and stacks in the MIB's order, at most ``MAX_PARTS``."""
    found = (_part(columns, index, _KINDS[kind]) for index, kind in _rows(columns))
    return tuple(part for part in found if part.name or part.model or part.serial)[:MAX_PARTS]


def chassis(columns: Columns) -> dict[str, str]:
    """Return vendor, model, serial, firmware and hardware revision of the first chassis that names itself."""
    for index, kind in _rows(columns):
        texts = {
            "vendor": _text(columns, MAKER, index),
            "model": _text(columns, MODEL, index),
            "serial": _text(columns, SERIAL, index),
            "firmware": _firmware(columns, index),
            "hardware": _text(columns, HARDWARE, index),
        }
        if kind == _CHASSIS and (texts["model"] or texts["serial"]):
            return {name: text for name, text in texts.items() if text}
    return {}


def _rows(columns: Columns) -> list[tuple[str, int]]:
    known = [(index, kind) for index, kind in columns.get(CLASS, {}).items() if isinstance(kind, int)]
    return sorted(((index, kind) for index, kind in known if kind in _KINDS), key=lambda row: parts(row[0]))


def _part(columns: Columns, index: str, kind: str) -> Part:
    return Part(
        kind=kind,
        name=_text(columns, NAME, index) or _text(columns, DESCR, index),
        model=_text(columns, MODEL, index),
        serial=_text(columns, SERIAL, index),
        firmware=_firmware(columns, index),
    )


def _firmware(columns: Columns, index: str) -> str:
    """Return what runs there: of a part with both, the firmware is the boot loader."""
    return _text(columns, SOFTWARE, index) or _text(columns, FIRMWARE, index)


def _text(columns: Columns, column: str, index: str) -> str:
    return clean_text(plain(columns.get(column, {}).get(index)).rstrip("\0")).strip()

"""The county's school: its tablets as the management tells of them and as the register lists them, its projectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

SITE = "gesamtschule"
TABLETS = 470
# How many were bought each year, with the model and what one cost.
_BOUGHT = (
    (2020, 60, "iPad 8", 379),
    (2021, 200, "iPad 9", 389),
    (2023, 130, "iPad 10", 429),
    (2025, 80, "iPad 11", 399),
)
_SYSTEMS = ("26.1", "26.1", "26.1", "26.0", "18.7", "26.1", "18.7.1", "26.1")
# Days since they last reported, by turns: a few lie in a cupboard.
_SILENT_DAYS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 0, 0, 5, 0, 0, 0, 9, 0)


@dataclass(frozen=True, slots=True)
class Tablet:
    """One tablet: what the register has of it, and what the management says of it."""

    number: int
    model: str
    year: int
    cost: int
    os_version: str
    silent_days: int
    battery: float
    free_share: float

    @property
    def serial(self) -> str:
        """Serial number; nobody's."""
        return f"DEMO{self.number:06d}"

    @property
    def asset_tag(self) -> str:
        """What the sticker says."""
        return f"GS-T-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class Beamer:
    """One projector: whether it is on, and how long its lamp has burnt."""

    id: str
    room: str
    on: bool
    lamp_hours: int


BEAMERS = (
    Beamer("gs-r101", "R101", True, 412),
    Beamer("gs-r102", "R102", False, 1876),
    Beamer("gs-aula", "Aula", True, 95),
)


def tablets() -> Iterator[Tablet]:
    """Yield all of them, the same ones each time."""
    number = 0
    for year, count, model, cost in _BOUGHT:
        for _ in range(count):
            number += 1
            yield Tablet(
                number,
                model,
                year,
                cost,
                _SYSTEMS[number % len(_SYSTEMS)],
                _SILENT_DAYS[number % len(_SILENT_DAYS)],
                0.35 + (number * 37 % 65) / 100,
                0.04 + (number * 53 % 90) / 100,
            )


def register() -> str:
    """Return the school's spreadsheet (CSV), as people export it."""
    lines = ["asset_tag;kind;model;serial;site;bought;warranty_until;cost"]
    for one in tablets():
        bought = f"{one.year}-08-15"
        lines.append(
            f"{one.asset_tag};tablet;{one.model};{one.serial};{SITE};{bought};{one.year + 3}-08-15;{one.cost},00"
        )
    return "\n".join(lines) + "\n"


def managed(now: float) -> list[dict[str, object]]:
    """Return the tablets as a Jamf School server lists them; ``now``: seconds since the epoch."""
    return [_listed(one, now) for one in tablets()]


def _listed(one: Tablet, now: float) -> dict[str, object]:
    seen = datetime.fromtimestamp(now, UTC) - timedelta(days=one.silent_days, minutes=one.number % 50)
    return {
        "UDID": f"demo-{one.number}",
        "serialNumber": one.serial,
        "assetTag": one.asset_tag,
        "name": "iPad",  # real ones often bear a pupil's name: it is never taken up
        "isManaged": True,
        "isSupervised": True,
        "class": "ipad",
        "os": {"prefix": "iPadOS", "version": one.os_version},
        "model": {"name": one.model, "identifier": "iPad", "type": "iPad"},
        "enrollType": "dep",
        "batteryLevel": round(one.battery, 2),
        "totalCapacity": 64,
        "availableCapacity": round(64 * one.free_share, 1),
        "lastCheckin": seen.strftime("%Y-%m-%d %H:%M:%S"),
        "inTrash": False,
    }

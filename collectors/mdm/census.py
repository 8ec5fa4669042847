"""Gathers the devices of one poll: each is read by its allow-list, counted, and put to a site; no other field stays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from agent.estate import Managed
from collectors.mdm.product import PageEnd, Product
from collectors.mdm.survey import Record, Survey

BATTERY = "batteryLevel"
_TROUBLE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Places:
    """Sites by what the product calls a location; ``site``: of all others."""

    by_location: Mapping[str, str]
    site: str | None


class Census:
    """The devices that came so far. ``now``: seconds since the epoch; ``_charges``: of the devices, in their scale."""

    def __init__(self, product: Product, places: Places, now: float) -> None:
        self.survey = Survey()
        self.repeated = 0
        self._product = product
        self._places = places
        self._now = now
        self._devices: list[Managed] = []
        self._charges: list[float | None] = []
        self._by_serial: dict[str, int] = {}

    def take(self, elements: Iterable[object]) -> None:
        """Read these devices; one that cannot be read is counted and stops no other."""
        for raw in elements:
            self.survey.seen += 1
            if not isinstance(raw, dict):
                self.survey.unreadable += 1
                continue
            record = Record(cast("Mapping[str, object]", raw), self._now)
            try:
                device = self._product.read(record)
            except _TROUBLE:  # neither kept nor told: its text may quote the device
                self.survey.unreadable += 1
                continue
            if isinstance(device, str):
                self.survey.left_out[device] += 1
                continue
            self.survey.take(record.notes, pending=device.managed.enrolment == "pending")
            site = self._places.by_location.get(device.location, self._places.site)
            self._add(replace(device.managed, site=site), device.charge)

    def _add(self, device: Managed, charge: float | None) -> None:
        """Keep a device; of several of one serial number the one that checked in last, which was enrolled anew."""
        serial = device.serial.upper()
        if not serial or serial not in self._by_serial:
            self._by_serial[serial] = len(self._devices)
            self._devices.append(device)
            self._charges.append(charge)
            return
        self.repeated += 1
        at = self._by_serial[serial]
        if (device.checked_in_at or 0.0) > (self._devices[at].checked_in_at or 0.0):
            self._devices[at], self._charges[at] = device, charge

    def devices(self) -> tuple[Managed, ...]:
        """Return all devices, batteries as ratios; once, since a charge that cannot be is counted.

        Some products write 0 to 1, some 0 to 100, and it is documented of none: it is per cent where no fewer than half
        of those that are not empty are above 1. What does not fit the others is not known.
        """
        told = [charge for charge in self._charges if charge]
        scale = 100.0 if told and 2 * sum(charge > 1 for charge in told) >= len(told) else 1.0
        self.survey.mistyped[BATTERY] += sum(charge > scale for charge in told)
        return tuple(map(partial(_charged, scale), self._devices, self._charges))

    def remarks(self, end: PageEnd) -> Iterator[str]:
        """Yield why the reading is partial; ``end``: of the last page."""
        awaited = self._product.awaited(end)
        if awaited is not None and awaited != end.total:
            yield f"{end.total} of {awaited} devices came"
        yield from self.survey.remarks(self._product.always, self._product.usual)


def _charged(scale: float, device: Managed, charge: float | None) -> Managed:
    return device if charge is None or charge > scale else replace(device, battery_ratio=charge / scale)

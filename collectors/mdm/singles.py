"""Series of single devices, where somebody asked for them: under an asset tag or under a keyed hash. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from agent.contract import MetricFamily
from agent.estate import Managed
from agent.layout import Sample
from collectors.mdm.families import CHARGE, LAST_CHECKIN, LEFT_OUT, STORAGE

HASH_DIGITS = 16

Pseudonym = Callable[[Managed], str]


def by_tag(device: Managed) -> str:
    """Return the asset tag, "" where it has none."""
    return device.asset_tag


def by_hash(key: bytes) -> Pseudonym:
    """Return what names a device by HMAC-SHA-256 of its serial number, "" where that is not known.

    Without the key nobody can find the serial number by trying those that there are.
    """

    def name(device: Managed) -> str:
        if not device.serial:
            return ""
        return hmac.new(key, device.serial.upper().encode(), hashlib.sha256).hexdigest()[:HASH_DIGITS]

    return name


def singles(devices: Iterable[Managed], pseudonym: Pseudonym) -> Iterator[Sample]:
    """Yield the series of each device that has a name of its own, and how many have none, or one that others have."""
    named = [(pseudonym(one), one) for one in devices]
    counts = Counter(asset for asset, _ in named)
    left_out = 0
    for asset, one in named:
        if asset and counts[asset] == 1:
            yield from _of_device(one, asset)
        else:
            left_out += 1
    yield Sample(LEFT_OUT, (), float(left_out))


def _of_device(device: Managed, asset: str) -> Iterator[Sample]:
    told: tuple[tuple[MetricFamily, float | None], ...] = (
        (LAST_CHECKIN, device.checked_in_at),
        (STORAGE, device.storage_free_ratio),
        (CHARGE, device.battery_ratio),
    )
    for family, value in told:
        if value is not None:
            yield Sample(family, (asset,), value)

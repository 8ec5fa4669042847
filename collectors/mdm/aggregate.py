"""From devices to what is exported of them: groups that are large enough to tell nothing of anybody. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from agent.contract import MetricFamily
from agent.estate import Managed
from agent.facets import Facets, is_held
from agent.layout import Sample
from collectors.mdm.families import (
    BATTERY,
    BY_CHECKIN,
    BY_COMPLIANCE,
    BY_ENROLMENT,
    BY_STORAGE,
    BY_SYSTEM,
    DEVICES,
    MANAGED,
)

QUANTILES = (0.1, 0.5, 0.9)

_FAMILIES: Mapping[str, MetricFamily] = MappingProxyType(
    {
        "model": DEVICES,
        "os": BY_SYSTEM,
        "enrolment": BY_ENROLMENT,
        "compliance": BY_COMPLIANCE,
        "checkin": BY_CHECKIN,
        "storage": BY_STORAGE,
    }
)


def grouped(devices: Sequence[Managed], floor: int, now: float) -> Iterator[Sample]:
    """Yield the samples of all groups; none tells of fewer than ``floor`` devices more than that they are there."""
    held = [one for one in devices if is_held(one)]
    yield Sample(MANAGED, (), float(len(held)))
    facets = Facets()
    for one in devices:
        facets.take(one, one.site or "", now)
    for facet, family in _FAMILIES.items():
        for group, count in facets.told(facet, floor).items():
            yield Sample(family, group, float(count))
    yield from _batteries(held, floor)


def _batteries(devices: Iterable[Managed], floor: int) -> Iterator[Sample]:
    """Yield quantiles of groups of devices that tell of a battery, none of a group that is too small."""
    groups: dict[tuple[str, str], list[float]] = {}
    for one in devices:
        if one.battery_ratio is not None:
            groups.setdefault((one.site or "", one.kind), []).append(one.battery_ratio)
    for group, charges in sorted(groups.items()):
        if len(charges) >= floor:
            charges.sort()
            for share in QUANTILES:
                yield Sample(BATTERY, (*group, f"{share:g}"), _quantile(charges, share))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile, straight between its two neighbours."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

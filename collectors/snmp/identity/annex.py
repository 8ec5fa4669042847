"""Series of a device beside those of its tables: who it is, how long it is up, its access ports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.contract import Column, Layout
from agent.layout import LayoutCache, Sample
from agent.neutral import DEVICE_INFO, DEVICE_UPTIME
from collectors.snmp.identity.asset import IDENTITY
from collectors.snmp.identity.life import Life


class Annex:
    """Joins a few samples to a layout; the same object as long as both are what they were."""

    def __init__(self) -> None:
        self._cache = LayoutCache()
        self._last = (Layout(), Layout(), Layout())

    def join(self, layout: Layout, values: list[float], samples: Iterable[Sample]) -> Layout:
        """Append the samples' values and return the layout of all."""
        more, appended = self._cache.arrange(samples)
        values += appended
        base, beside, joined = self._last
        if base is layout and beside is more:
            return joined
        shifted = (Column(column.family, column.rows, layout.size + column.start) for column in more.columns)
        joined = Layout((*layout.columns, *shifted), layout.size + more.size)
        self._last = (layout, more, joined)
        return joined


def identity(facts: Mapping[str, str], life: Life | None) -> list[Sample]:
    """Return who a device is and how long it is up, as far as it says."""
    samples: list[Sample] = []
    texts = tuple(facts.get(name, "") for name in IDENTITY)
    if any(texts):
        samples.append(Sample(DEVICE_INFO, texts, 1.0))
    if life is not None and life.seconds is not None:
        samples.append(Sample(DEVICE_UPTIME, (), life.seconds))
    return samples

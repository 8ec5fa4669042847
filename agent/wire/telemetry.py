"""The daemon's own counters and gauges: plain dictionaries, read as a whole by the exporters."""

from __future__ import annotations

from collections.abc import Callable

from agent.contract import LabelPairs, MetricFamily, OwnSeries


class MeterBook:
    """Implements ``contract.Telemetry``. Belongs to the event loop: not to be called from another thread."""

    def __init__(self) -> None:
        self._families: dict[str, MetricFamily] = {}
        self._values: dict[str, dict[LabelPairs, float]] = {}

    def count(self, family: MetricFamily, labels: LabelPairs = (), by: float = 1) -> None:
        """Add to a counter; it begins at 0."""
        try:
            series = self._values[family.name]
        except KeyError:
            series = self._declare(family)
        series[labels] = series.get(labels, 0.0) + by

    def set(self, family: MetricFamily, labels: LabelPairs, value: float) -> None:
        """Set a gauge."""
        try:
            series = self._values[family.name]
        except KeyError:
            series = self._declare(family)
        series[labels] = value

    def own(self) -> tuple[OwnSeries, ...]:
        """Return every family that has series, in the order of first use; later calls do not change the answer."""
        return tuple((self._families[name], tuple(series.items())) for name, series in self._values.items() if series)

    def forget(self, gone: Callable[[LabelPairs], bool]) -> None:
        """Drop each series whose labels are ``gone``, as after a device was taken out of the configuration."""
        for series in self._values.values():
            for labels in [labels for labels in series if gone(labels)]:
                del series[labels]

    def _declare(self, family: MetricFamily) -> dict[LabelPairs, float]:
        self._families[family.name] = family
        return self._values.setdefault(family.name, {})

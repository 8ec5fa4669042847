"""What every plug-in yields, whatever it checks."""

from __future__ import annotations

from agent.contract import MetricFamily

STATUS = MetricFamily(
    "ringwacht_plugin_status", "gauge", "What the plug-in says: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."
)
VALUE = MetricFamily(
    "ringwacht_plugin_value",
    "gauge",
    "Performance data of the plug-in in base units: seconds, bytes, ratio, total (it only grows), or its own unit.",
    ("label", "unit"),
)
FAMILIES = (STATUS, VALUE)

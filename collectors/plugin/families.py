"""What every plug-in yields, whatever it checks."""

from __future__ import annotations

from agent.contract import MetricFamily
from agent.families import PLUGIN_STATUS

VALUE = MetricFamily(
    "ringwacht_plugin_value",
    "gauge",
    "Performance data of the plug-in in base units: seconds, bytes, ratio, total (it only grows), or its own unit.",
    ("label", "unit"),
)
FAMILIES = (PLUGIN_STATUS, VALUE)

from __future__ import annotations

from agent.contract import MetricFamily
from exporters.prometheus.reference import render_reference

UP = MetricFamily("ringwacht_up", "gauge", "1 | 0.", ("check",))
LEVEL = MetricFamily("level", "gauge", "Level\nof it.")


def test_every_family_is_listed_once_under_its_group() -> None:
    text = render_reference({"The daemon": [UP, LEVEL], "SNMP": [LEVEL], "Host": [replace_name("node_load1")]})
    assert "## The daemon\n" in text
    assert "## SNMP" not in text
    assert text.index("`level`") < text.index("`ringwacht_up`") < text.index("## Host") < text.index("`node_load1`")
    assert "| `ringwacht_up` | gauge | `check` | 1 \\| 0. |\n" in text
    assert "| `level` | gauge |  | Level of it. |\n" in text


def replace_name(name: str) -> MetricFamily:
    return MetricFamily(name, "gauge", "Load.")

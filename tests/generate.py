"""The documents that are made from the code: ``make docs`` rewrites them, tests/test_generated.py compares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType

from grafana_foundation_sdk.builders.dashboard import Dashboard

from agent import families, figures, neutral, tallies
from agent.app.loading import own_keys
from agent.contract import MetricFamily
from agent.risk.docs import render as render_alerts
from agent.risk.rules import RULE_OPTIONS
from collectors.registry import make_specs
from collectors.snmp.mapping.handbook import render_devices
from collectors.snmp.mapping.library import load_library
from config.handbook import render_reference as render_configuration
from exporters.prometheus.reference import render_reference as render_metrics
from grafana.registry import BOARDS
from grafana.render import render as render_board

ROOT = Path(__file__).parent.parent
_TITLES = {
    "host": "This machine (host)",
    "snmp": "SNMP",
    "icmp": "Probe: icmp",
    "http": "Probe: http",
    "tcp": "Probe: tcp",
    "scrape": "Another exporter (scrape)",
    "dns": "Probe: dns",
    "ntp": "Probe: ntp",
    "plugin": "Monitoring plug-ins (plugin)",
    "heartbeat": "Jobs that report by themselves (heartbeat)",
    "nut": "Network UPS Tools (nut)",
    "redfish": "Management controllers (redfish)",
    "mdm": "Mobile device management (mdm)",
    "microsoft365": "Microsoft 365 (microsoft365)",
    "projector": "Projectors (projector)",
    "throughput": "Probe: throughput",
}


def configuration() -> str:
    """docs/configuration.md with every collector's own keys."""
    return render_configuration(own_keys(make_specs()), RULE_OPTIONS)


def metrics() -> str:
    """docs/metrics.md: the daemon's own families, the neutral ones, each collector's."""
    groups = {
        "The daemon itself": _declared(families),
        "What is judged": _declared(figures),
        "What is counted": _declared(tallies),
        "Neutral families": neutral.NEUTRAL,
        **{_TITLES[spec.kind]: spec.families for spec in make_specs()},
    }
    return render_metrics(groups)


def _declared(module: ModuleType) -> list[MetricFamily]:
    return [value for value in vars(module).values() if isinstance(value, MetricFamily)]


def devices() -> str:
    """docs/devices.md: what every shipped profile knows."""
    return render_devices(load_library())


def board(make: Callable[[], Dashboard]) -> Callable[[], str]:
    """What makes one board's JSON."""
    return lambda: render_board(make())


PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "docs/configuration.md": configuration,
        "docs/metrics.md": metrics,
        "docs/devices.md": devices,
        "docs/alerts.md": render_alerts,
        **{f"grafana/dashboards/{file}": board(make) for file, make in BOARDS.items()},
    }
)

if __name__ == "__main__":
    for page, render in PAGES.items():
        (ROOT / page).write_text(render(), encoding="utf-8")

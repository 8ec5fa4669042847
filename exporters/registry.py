"""Builds what the settings ask for: one exporter an Alertmanager, one deliverer a receiver."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from zoneinfo import ZoneInfo

from agent.contract import Clock, Deliverer, Exporter, Wire
from config.settings import Settings
from exporters.alertmanager import AlertmanagerExporter, Origin
from exporters.notify import AppriseDeliverer
from exporters.web.runbooks import PATH as RUNBOOKS


def make_exporters(settings: Settings, wire: Wire, clock: Clock) -> tuple[Exporter, ...]:
    """Return the exporters that are handed each snapshot; the page is pulled and is none of them."""
    page = f"http://{settings.web.listen}"
    origin = Origin(settings.municipality.id, f"{page}/api/v1/alerts", f"{page}{RUNBOOKS}")
    return tuple(AlertmanagerExporter(url, origin, clock, wire.telemetry) for url in settings.alerting.alertmanagers)


def make_deliverers(settings: Settings, wire: Wire) -> Mapping[str, Deliverer]:
    """Return a deliverer for each receiver, by name."""
    language, zone = settings.municipality.language, ZoneInfo(settings.municipality.timezone)
    return MappingProxyType(
        {
            name: AppriseDeliverer(name, receiver.apprise, language, wire, zone)
            for name, receiver in settings.alerting.receivers.items()
        }
    )

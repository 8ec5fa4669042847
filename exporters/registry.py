"""Builds what the settings ask for: one exporter an Alertmanager, the dead man's switch, one deliverer a way."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from agent.contract import Clock, Deliverer, Exporter, Wire
from agent.wire.seal import Seal
from config.inventory import Inventory
from config.settings import Settings
from exporters.address import page_of
from exporters.alertmanager import AlertmanagerExporter, Origin
from exporters.heartbeat import HeartbeatExporter
from exporters.messages.briefing import Briefing
from exporters.notify import deliverers_of
from exporters.web.runbooks import PATH as RUNBOOKS

Deliverers = Mapping[str, Mapping[str, Deliverer]]  # by receiver, by way


def make_exporters(settings: Settings, wire: Wire, clock: Clock) -> tuple[Exporter, ...]:
    """Return the exporters that are handed each snapshot; the page is pulled and is none of them."""
    page, town = page_of(settings.web), settings.municipality.id
    origin = Origin(town) if page is None else Origin(town, f"{page}/api/v1/alerts", f"{page}{RUNBOOKS}")
    alerting = settings.alerting
    managers = (AlertmanagerExporter(url, origin, clock, wire.telemetry) for url in alerting.alertmanagers)
    switch = () if alerting.heartbeat is None else (HeartbeatExporter(alerting.heartbeat, clock, wire.telemetry),)
    return (*managers, *switch)


def make_deliverers(settings: Settings, inventory: Inventory, wire: Wire, seal: Seal | None) -> Deliverers:
    """Return the deliverers of each receiver that has ways of its own, by name; one by duty is always another one.

    Without a seal messages have no link that acknowledges.
    """
    briefing = Briefing.of(inventory, settings, seal)
    receivers = settings.alerting.receivers.items()
    made = {name: deliverers_of(name, one.apprise, briefing, wire) for name, one in receivers if one.apprise}
    return MappingProxyType(made)

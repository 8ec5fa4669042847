"""Every board, one line each: the file in ``grafana/dashboards`` and what makes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from grafana_foundation_sdk.builders.dashboard import Dashboard

from grafana.boards import (
    alerts,
    contracts,
    links,
    overview,
    partners,
    redundancy,
    schools,
    server_room,
    servers,
    sites,
)

BOARDS: Mapping[str, Callable[[], Dashboard]] = MappingProxyType(
    {
        "overview.json": overview.make,
        "links.json": links.make,
        "redundancy.json": redundancy.make,
        "sites.json": sites.make,
        "partners.json": partners.make,
        "contracts.json": contracts.make,
        "schools.json": schools.make,
        "servers.json": servers.make,
        "server-room.json": server_room.make,
        "alerts.json": alerts.make,
    }
)

"""A stand-in for Jamf School: one list of all devices behind HTTP Basic."""

from __future__ import annotations

import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.harness.mdm.managements import CANARY, Management, Raw, served

TOKEN = "4711:jamf-key"


def jamf_device(number: int, **fields: object) -> Raw:
    """A tablet as the list has it; whatever tells of a person is a canary."""
    return {
        **{"UDID": f"{CANARY}-udid", "name": f"iPad von {CANARY}", "notes": CANARY, "iCloudBackupEnabled": True},
        "serialNumber": f"DMPX{number:06}",
        "assetTag": f"T{number:04}",
        "locationId": 1,
        "isManaged": True,
        "isSupervised": True,
        "class": "ipad",
        "os": {"prefix": "iOS", "version": "17.5.1"},
        "model": {"name": "iPad (9th generation)", "identifier": "iPad12,1", "type": "iPad"},
        "owner": {"id": 1, "name": CANARY, "email": f"{CANARY}@example.org", "username": CANARY, "notes": CANARY},
        "enrollType": "dep",
        "batteryLevel": 0.8,
        "totalCapacity": 64,
        "availableCapacity": 32,
        "lastCheckin": "2027-01-15 08:00:00 Europe/Berlin",
        "modified": "2027-01-15 08:00:00",
        "inTrash": False,
        "networkInformation": {"IPAddress": CANARY, "WiFiMAC": CANARY, "BluetoothMAC": CANARY, "IMEI": CANARY},
        "region": {"string": CANARY, "coordinates": f"{CANARY} 51.9, 7.4"},
        "groups": [f"Klasse {CANARY}"],
        "phoneNumber": CANARY,
        **fields,
    }


@asynccontextmanager
async def jamf_school(management: Management, count: int | None = None) -> AsyncGenerator[str]:
    """Serve it; yields the address of its interface. ``count``: what it says instead of how many there are."""

    async def devices(request: web.Request) -> web.StreamResponse:
        if (instead := await management.trouble(request)) is not None:
            return instead
        expected = "Basic " + base64.b64encode(TOKEN.encode()).decode()
        if request.headers.get("Authorization") != expected:
            return web.Response(status=401, text=f"unknown key {request.headers.get('Authorization')}")
        told = management.edited()
        return await management.answer(
            request, {"code": 200, "count": len(told) if count is None else count, "devices": told}
        )

    async with served(management, [web.get("/api/devices", devices)]) as url:
        yield f"{url}/api"

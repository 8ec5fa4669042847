"""A stand-in for Relution: pages by offset behind an access token."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.harness.mdm.managements import CANARY, Management, Raw, served

ACCESS = "relution-access"
NO_COUNT = -1


def relution_device(number: int, **fields: object) -> Raw:
    """A tablet as the query has it; whatever tells of a person is a canary."""
    return {
        "uuid": f"00000000-0000-0000-0000-{number:012}",
        **{"name": f"iPad {CANARY}", "userName": CANARY, "userEmail": f"{CANARY}@example.org", "userUuid": CANARY},
        **{"imei": CANARY, "phoneNumber": CANARY, "wifiMac": CANARY, "lastKnownLocation": CANARY, "notes": CANARY},
        "platform": "IOS",
        "model": "iPad (9th generation)",
        "status": "COMPLIANT",
        "policyStatus": "APPLIED",
        "ownership": "CORPORATE",
        "serialNumber": f"GG7X{number:06}",
        "osVersion": "17.5.1",
        "lastConnectionDate": "2027-01-15T07:00:00.000+0000",
        "assignedPolicies": [f"Klasse {CANARY}"],
        **fields,
    }


@asynccontextmanager
async def relution(
    management: Management, count: int | None = None, tls: ssl.SSLContext | None = None, most: int = 500
) -> AsyncGenerator[str]:
    """Serve it; yields its address. ``count``: what it says instead of how many there are; ``most``: of one page."""

    async def query(request: web.Request) -> web.StreamResponse:
        if (instead := await management.trouble(request)) is not None:
            return instead
        if request.headers.get("X-User-Access-Token") != ACCESS:
            return web.Response(status=401)
        wanted = await request.json()
        told = management.edited()
        page = told[wanted["offset"] :][: min(most, wanted["limit"])]
        beside = {} if count == NO_COUNT else {"nonpagedCount": len(told) if count is None else count}
        return await management.answer(request, {"results": page, **beside})

    async with served(management, [web.post("/api/v2/devices/baseInfo/query", query)], tls) as url:
        yield url

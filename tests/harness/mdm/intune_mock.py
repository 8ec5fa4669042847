"""A stand-in for Microsoft Graph as far as Intune goes: tokens, and pages that name the next one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from tests.harness.mdm.managements import CANARY, Management, Raw, served

CLIENT, CLIENT_SECRET = "app-id", "app-secret"  # of a stand-in
PATH = "/v1.0/deviceManagement/managedDevices"


def intune_device(number: int, **fields: object) -> Raw:
    """A notebook as Graph has it, asked for or not; whatever tells of a person is a canary."""
    return {
        **{"id": f"{CANARY}-{number}", "deviceName": f"NB-{CANARY}", "managedDeviceName": CANARY, "notes": CANARY},
        **{"userId": CANARY, "userPrincipalName": f"{CANARY}@example.org", "userDisplayName": CANARY},
        **{"emailAddress": CANARY, "phoneNumber": CANARY, "imei": CANARY, "meid": CANARY, "udid": CANARY},
        **{"wiFiMacAddress": CANARY, "ethernetMacAddress": CANARY, "activationLockBypassCode": CANARY},
        "serialNumber": f"PF{number:06}",
        "manufacturer": "LENOVO",
        "model": "ThinkPad L13",
        "operatingSystem": "Windows",
        "osVersion": "10.0.22631.3593",
        "deviceCategoryDisplayName": "Rathaus",
        "deviceEnrollmentType": "windowsAzureADJoin",
        "managementState": "managed",
        "complianceState": "compliant",
        "managedDeviceOwnerType": "company",
        "isSupervised": False,
        "isEncrypted": True,
        "lastSyncDateTime": "2027-01-15T07:00:00.1234567Z",
        "totalStorageSpaceInBytes": 256_000_000_000,
        "freeStorageSpaceInBytes": 20_000_000_000,
        **fields,
    }


class Graph(Management):
    """``select``: whether it keeps to the fields that are asked for; ``next_link`` writes another link to a page."""

    def __init__(self, devices: list[Raw]) -> None:
        super().__init__(devices)
        self.page = 100
        self.select = True
        self.next_link: Callable[[str], object] = str
        self.tokens = 0
        self.lifetime: object = 3600
        self.refuse_token: tuple[int, dict[str, object]] | None = None
        self.good: set[object] = set()

    async def token(self, request: web.Request) -> web.Response:
        """Give a token to who knows the secret."""
        form = await request.post()
        self.tokens += 1
        if self.refuse_token is not None:
            status, body = self.refuse_token
            return web.json_response(body, status=status)
        if (form["client_id"], form["client_secret"]) != (CLIENT, CLIENT_SECRET):
            said = f"AADSTS7000215: Invalid client secret provided: {form['client_secret']!r}"
            return web.json_response({"error": "invalid_client", "error_description": said}, status=401)
        self.good.add(f"token-{self.tokens}")
        said_token = {"token_type": "Bearer", "access_token": f"token-{self.tokens}", "expires_in": self.lifetime}
        return web.json_response(said_token)

    async def list(self, request: web.Request) -> web.StreamResponse:
        """Give a page."""
        if (instead := await self.trouble(request)) is not None:
            return instead
        if request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.good:
            return web.json_response({"error": {"code": "InvalidAuthenticationToken"}}, status=401)
        start, wanted = int(request.query.get("$skiptoken", "0")), request.query["$select"].split(",")
        told = self.edited()[start : start + self.page]
        if self.select:
            told = [{name: one[name] for name in wanted if name in one} for one in told]
        page: Raw = {"@odata.context": "x", "value": told}
        if start + self.page < len(self.devices):
            rest = f"?$select={request.query['$select']}&$skiptoken={start + self.page}"
            page["@odata.nextLink"] = self.next_link(f"{request.url.origin()}{PATH}{rest}")
        return await self.answer(request, page)


@asynccontextmanager
async def graph(management: Graph) -> AsyncGenerator[str]:
    """Serve it; yields its origin: ``/v1.0`` is Graph, ``/token`` gives tokens."""
    async with served(management, [web.post("/token", management.token), web.get(PATH, management.list)]) as url:
        yield url

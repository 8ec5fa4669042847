"""Relution: pages by offset (``POST /api/v2/devices/baseInfo/query``; the product's documentation of its REST API).

Only some of the field names are documented outside a portal; of the others several spellings are tried.
"""

from __future__ import annotations

from typing import Literal

from pydantic import SecretStr
from yarl import URL

from agent.estate import Managed
from collectors.mdm.kinds import Kinds, system_of
from collectors.mdm.product import MAX_PAGE_BYTES, Device, PageEnd, Question, count_of
from collectors.mdm.survey import Record

PAGE = 500
_PATH = "v2/devices/baseInfo/query"
_SYSTEMS = {
    "IOS": "iOS",
    "IPADOS": "iPadOS",
    "MACOS": "macOS",
    "TVOS": "tvOS",
    "ANDROID": "Android",
    "ANDROID_ENTERPRISE": "Android",
    "WINDOWS": "Windows",
}
_GONE = ("WITHDRAWN", "REMOVED", "UNENROLLED", "DELETED", "WIPED")


class Relution:
    """Asked with an access token; ``organisation``: the one whose devices are wanted, where the token sees several."""

    array = "results"
    beside = frozenset({"nonpagedCount", "total"})
    page_bytes = MAX_PAGE_BYTES
    always = frozenset({"platform", "status", "serialNumber", "lastConnectionDate"})
    usual = frozenset({"osVersion", "model"})

    def __init__(self, base: URL, token: SecretStr, organisation: str | None, kinds: Kinds) -> None:
        self._kinds = kinds
        url = base / _PATH if base.path.rstrip("/").endswith("/api") else base / "api" / _PATH
        self._url = url if organisation is None else url.update_query(tenantOrganizationUuid=organisation)
        self._token = token

    def first(self) -> Question:
        """Return the request for the first page."""
        return self._page(0)

    def after(self, asked: Question, page: PageEnd) -> Question | None:
        """Return the request for what lies behind the devices that came.

        A server may give fewer than it was asked for: where it does not say how many there are, only none is the end.
        """
        awaited = self.awaited(page)
        end = page.devices == 0 or (awaited is not None and page.total >= awaited)
        return None if end else self._page(page.total)

    def awaited(self, page: PageEnd) -> int | None:
        """Return the number of all devices, which stands in each page."""
        return count_of(page.beside.get("nonpagedCount", page.beside.get("total")))

    def _page(self, offset: int) -> Question:
        payload: dict[str, object] = {
            "limit": PAGE,
            "offset": offset,
            "getNonpagedCount": True,
            # what does not change between two pages: a device that reports in between would be missed
            "sortOrder": {"sortFields": [{"name": "uuid", "ascending": True}]},
            "filter": {"type": "logOp", "operation": "AND", "filters": []},
        }
        return Question(self._url, "POST", payload, {"X-User-Access-Token": self._token.get_secret_value()})

    def read(self, record: Record) -> Device:
        """Return a device."""
        platform, status = record.text("platform").upper(), record.text("status").upper()
        model = record.text("model", "deviceModel", "modelName", "deviceInfo.model")
        kind = self._kinds.of(model, record.optional_text("deviceType"), model, platform)
        ratio, charge = record.charge("batteryLevel", "deviceInfo.batteryLevel")
        total = record.number("totalStorage", "totalCapacity", "deviceInfo.totalStorage")
        available = record.number("availableStorage", "freeStorage", "availableCapacity", "deviceInfo.availableStorage")
        managed = Managed(
            kind=kind,
            serial=record.serial("serialNumber", "deviceInfo.serialNumber"),
            asset_tag=record.text("assetTag", "inventoryNumber"),
            model=model,
            os=system_of(kind, _SYSTEMS.get(platform, platform)),
            os_version=record.text("osVersion", "operatingSystemVersion", "deviceInfo.osVersion"),
            enrolment=_enrolment(status),
            compliance=_compliance(status),
            supervised=record.flag("supervised", "isSupervised"),
            encrypted=record.flag("encrypted", "isEncrypted"),
            checked_in_at=record.moment("lastConnectionDate"),
            storage_free_ratio=record.free(total, available, "availableStorage"),
            battery_ratio=ratio,
        )
        return Device(managed, record.optional_text("organizationUuid"), charge)


def _enrolment(status: str) -> str:
    if "PENDING" in status:
        return "pending"
    return "removed" if status.startswith(_GONE) else ""


def _compliance(status: str) -> Literal["compliant", "noncompliant", ""]:
    if status == "COMPLIANT":
        return "compliant"
    return "noncompliant" if "COMPLIANT" in status else ""

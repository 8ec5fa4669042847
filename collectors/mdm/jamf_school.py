"""Jamf School: one list of all devices (documentation: ``/api/docs`` of each tenant, ``GET /devices``)."""

from __future__ import annotations

import base64

from pydantic import SecretStr
from yarl import URL

from agent.contract import AuthFailed, BadReply
from agent.estate import Managed
from collectors.mdm.kinds import Kinds, system_of
from collectors.mdm.product import MAX_LIST_BYTES, Device, LeftOut, PageEnd, Question, count_of
from collectors.mdm.survey import Record

_ENROLMENTS = {
    "manual": "manual",
    "ac2": "manual",  # Apple Configurator, by cable
    "ac2Pending": "pending",
    "dep": "automatic",
    "depPending": "pending",
}


class JamfSchool:
    """Asked with its network ID and API key as user and password (HTTP Basic)."""

    array = "devices"
    beside = frozenset({"code", "count"})
    page_bytes = MAX_LIST_BYTES
    always = frozenset({"serialNumber", "os.version", "model.name", "lastCheckin"})
    usual = frozenset(
        {
            *("assetTag", "os.prefix", "enrollType", "isManaged", "isSupervised"),
            *("totalCapacity", "availableCapacity", "batteryLevel"),
        }
    )

    def __init__(self, base: URL, login: SecretStr, kinds: Kinds) -> None:
        self._kinds = kinds
        self._url = base / "devices"
        self._login = login

    def first(self) -> Question:
        """Return the only request; the version selects the shape of the answer."""
        key = base64.b64encode(self._login.get_secret_value().encode()).decode()
        return Question(self._url, headers={"Authorization": f"Basic {key}", "X-Server-Protocol-Version": "3"})

    def after(self, asked: Question, page: PageEnd) -> None:
        """Raise where the answer says within that it is none."""
        code = count_of(page.beside.get("code")) or 200
        if code in (401, 403):
            raise AuthFailed(f"{asked.url.authority}: the key is refused (code {code})")
        if code >= 400:
            raise BadReply(f"{asked.url.authority}: answers with code {code}")

    def awaited(self, page: PageEnd) -> int | None:
        """Return the number that stands beside the list."""
        return count_of(page.beside.get("count"))

    def read(self, record: Record) -> Device | LeftOut:
        """Return a device; what lies in the trash is none."""
        if record.optional_flag("inTrash"):
            return "in_trash"
        model, prefix = record.text("model.name"), record.text("os.prefix")
        words = (record.optional_text("class"), record.optional_text("model.type"), model, prefix)
        kind = self._kinds.of(model, *words)
        ratio, charge = record.charge("batteryLevel")
        total, available = record.number("totalCapacity"), record.number("availableCapacity")
        managed = Managed(
            kind=kind,
            serial=record.serial("serialNumber"),
            asset_tag=record.text("assetTag"),
            model=model,
            os=system_of(kind, prefix),
            os_version=record.text("os.version"),
            enrolment=_enrolment(record.flag("isManaged"), record.text("enrollType")),
            supervised=record.flag("isSupervised"),
            checked_in_at=record.moment("lastCheckin"),
            storage_free_ratio=record.free(total, available, "availableCapacity"),
            battery_ratio=ratio,
        )
        return Device(managed, record.optional_text("locationId"), charge)


def _enrolment(managed: bool | None, way: str) -> str:
    known = _ENROLMENTS.get(way, "")
    return "removed" if managed is False and known != "pending" else known

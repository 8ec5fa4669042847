"""Microsoft Intune: pages by Graph v1.0 (``GET /deviceManagement/managedDevices``; Microsoft Graph's reference)."""

from __future__ import annotations

from typing import Literal

from yarl import URL

from agent.contract import BadReply
from agent.estate import Managed
from agent.wire.links import next_page
from collectors.mdm.kinds import Kinds, system_of
from collectors.mdm.product import MAX_PAGE_BYTES, Device, LeftOut, PageEnd, Question
from collectors.mdm.survey import Record

PAGE = 500
NEXT = "@odata.nextLink"
FIELDS = (
    *("serialNumber", "manufacturer", "model", "operatingSystem", "osVersion", "deviceCategoryDisplayName"),
    *("deviceEnrollmentType", "managementState", "complianceState", "isSupervised", "isEncrypted"),
    *("lastSyncDateTime", "totalStorageSpaceInBytes", "freeStorageSpaceInBytes", "managedDeviceOwnerType"),
)
"""All that is asked for; whose device it is, what it is called and how it is reached are not among them."""

_NONCOMPLIANT = frozenset({"noncompliant", "conflict", "error", "inGracePeriod"})
_LEAVING = ("retire", "wipe", "delete")
_STAYING = frozenset({"retireCanceled", "wipeCanceled", "retireFailed", "wipeFailed"})

# By the enumeration deviceEnrollmentType. windowsAutoEnrollment is, whatever its name, a user who adds a work account.
_AUTOMATIC = frozenset(
    {
        *("appleBulkWithUser", "appleBulkWithoutUser", "windowsBulkUserless", "windowsBulkAzureDomainJoin"),
        *("windowsAzureADJoin", "windowsAzureADJoinUsingDeviceAuth", "windowsCoManagement"),
        *("androidEnterpriseDedicatedDevice", "androidEnterpriseFullyManaged"),
        *("androidEnterpriseCorporateWorkProfile", "androidAOSPUserlessDeviceAccount"),
    }
)
_MANUAL = frozenset(
    {
        *("userEnrollment", "deviceEnrollmentManager", "windowsAutoEnrollment"),
        *("appleUserEnrollment", "appleUserEnrollmentWithServiceAccount"),
    }
)


class Intune:
    """Asked with a token of an application; each page names the next one."""

    array = "value"
    beside = frozenset({NEXT, "@odata.count"})
    page_bytes = MAX_PAGE_BYTES
    always = frozenset({"serialNumber", "operatingSystem", "osVersion", "lastSyncDateTime", "complianceState"})
    usual = frozenset(FIELDS)

    def __init__(self, base: URL, kinds: Kinds) -> None:
        self._kinds = kinds
        self._list = base / "deviceManagement" / "managedDevices"
        self._seen: set[str] = set()

    def first(self) -> Question:
        """Return the request for the first page."""
        self._seen = set()
        return Question(self._list.with_query({"$select": ",".join(FIELDS), "$top": str(PAGE)}))

    def after(self, asked: Question, page: PageEnd) -> Question | None:
        """Return the request for the page that is named, where it is one of the same list and not a former one.

        The token goes with it: no other machine, and nothing else on this one, may get it.
        """
        link = page.beside.get(NEXT)
        if link is None:
            return None
        url = next_page(link, self._list)
        if url is None:
            raise BadReply(f"{asked.url.authority}: names a next page that is none of this list")
        if str(url) in self._seen or url == asked.url:
            raise BadReply(f"{asked.url.authority}: names a page as the next one that was read already")
        self._seen.add(str(url))
        return Question(url)

    def awaited(self, page: PageEnd) -> None:
        """Return nothing: without a right of its own Graph does not count."""

    def read(self, record: Record) -> Device | LeftOut:
        """Return a device; one that belongs to a person is none of the stock."""
        if record.text("managedDeviceOwnerType") == "personal":
            return "private"
        system = record.text("operatingSystem")
        model = record.text("model")
        kind = self._kinds.of(model, model, system)
        total, available = record.number("totalStorageSpaceInBytes"), record.number("freeStorageSpaceInBytes")
        managed = Managed(
            kind=kind,
            serial=record.serial("serialNumber"),
            model=model,
            os=system_of(kind, system),
            os_version=record.text("osVersion"),
            enrolment=_enrolment(record.text("managementState"), record.text("deviceEnrollmentType")),
            compliance=_compliance(record.text("complianceState")),
            supervised=record.flag("isSupervised"),
            encrypted=record.flag("isEncrypted"),
            checked_in_at=record.moment("lastSyncDateTime"),
            storage_free_ratio=record.free(total, available, "freeStorageSpaceInBytes"),
        )
        return Device(managed, record.text("deviceCategoryDisplayName"))


def _enrolment(state: str, way: str) -> str:
    if state.startswith(_LEAVING) and state not in _STAYING:
        return "removed"
    if state == "discovered":
        return "pending"
    if way in _AUTOMATIC:
        return "automatic"
    return "manual" if way in _MANUAL else ""


def _compliance(state: str) -> Literal["compliant", "noncompliant", ""]:
    if state == "compliant":
        return "compliant"
    return "noncompliant" if state in _NONCOMPLIANT else ""

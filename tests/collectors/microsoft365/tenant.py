"""A tenant with two services and two products, and a collector that reads it."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from agent.contract import Collector, Harvest, JobKey, Reading, Subject, Target, Wire
from agent.layout import samples_of
from collectors.microsoft365.spec import make_spec
from config.credentials import Credential, OAuthCredential
from config.schools import Source
from tests.harness.graph import CLIENT, SECRET, TOKEN_PATH, VERSION, Tenant

HEALTH, ISSUES = "/admin/serviceAnnouncement/healthOverviews", "/admin/serviceAnnouncement/issues"
SKUS = "/subscribedSkus"
SOURCE = Subject("source", "m365")
NOW = 1_800_000_000.0


def service(name: str, status: str = "serviceOperational") -> dict[str, Any]:
    return {"service": name, "status": status, "id": name.replace(" ", "")}


def issue(name: str, classification: str = "incident", **more: Any) -> dict[str, Any]:
    said = {
        "id": "EX1",
        "service": name,
        "classification": classification,
        "title": "Mail is late",
        "impactDescription": "Users may wait for mail.",
        "startDateTime": "2027-01-15T06:00:00.1234567Z",
        "posts": [{"description": {"content": "canary-post"}}],
    }
    return {**said, **more}


def sku(name: str, enabled: Any = 480, used: Any = 470, warning: Any = 0, suspended: Any = 0) -> dict[str, Any]:
    units = {"enabled": enabled, "warning": warning, "suspended": suspended, "lockedOut": 0}
    return {"skuPartNumber": name, "prepaidUnits": units, "consumedUnits": used, "accountName": "canary-account"}


def tenant() -> Tenant:
    return Tenant(
        {
            HEALTH: [service("Exchange Online"), service("Microsoft Teams", "serviceDegradation")],
            ISSUES: [issue("Microsoft Teams")],
            SKUS: [sku("STANDARDWOFFPACK_FACULTY"), sku("M365EDU_A3_FACULTY", 60, 61)],
        }
    )


def collector(wire: Wire, origin: str, *, secret: str = SECRET, budget: float = 20.0, **keys: Any) -> Collector:
    login = OAuthCredential.model_construct(client_id=CLIENT, client_secret=SecretStr(secret))
    credential = Credential.model_construct(snmp=None, ssh=None, http=None, nut=None, oauth=login, token=None)
    source = Source(cloud="microsoft365", url=origin + VERSION, login_url=origin + TOKEN_PATH, credential="x", **keys)
    target = Target(SOURCE, "rathaus", timeout_seconds=2.0, budget_seconds=budget, credential=credential)
    return make_spec().build(target, source, wire)


def series(harvest: Harvest) -> dict[tuple[str, ...], float]:
    """Values by family without its prefix and label values."""
    reading = Reading(JobKey(SOURCE, "microsoft365"), Target(SOURCE), NOW, 0.1, harvest)
    return {
        (column.family.name.removeprefix("ringwacht_cloud_"), *one.labels.values()): one.value
        for column in harvest.layout.columns
        for one in samples_of(reading, column)
    }

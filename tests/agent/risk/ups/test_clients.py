from __future__ import annotations

from typing import Any

import pytest

from agent import neutral
from agent.contract import Finding
from agent.risk.catalogue.power import SHUTDOWN_CLIENTS_MISSING, UPS_ON_BATTERY
from agent.risk.rules import RULE_OPTIONS
from collectors.nut.params import NutParams
from config.inventory import Inventory
from config.kinds import Kinds
from tests.agent.risk.scene import NOW, job, the
from tests.agent.risk.ups.supply import INVENTORY, Supplied, remembers, says


def nut(
    connected: float | None, clients: int | None, *, on_battery: bool = False, device: str = "usv", language: str = "en"
) -> Supplied:
    params: dict[str, Any] = {"name": "usv1"} if clients is None else {"name": "usv1", "clients": clients}
    devices = {**INVENTORY["devices"], device: {**INVENTORY["devices"][device], "checks": ["nut"], "nut": params}}
    sites = {"rathaus": {"name": "Rathaus"}, "kreishaus": {"core": True}}
    made = Supplied(language=language)
    made.inventory = Inventory.model_validate(
        {**INVENTORY, "sites": sites, "devices": devices}, context=Kinds.of({"nut": NutParams}, RULE_OPTIONS)
    )
    says(made, {neutral.UPS_ON_BATTERY: float(on_battery)}, device)
    return made if connected is None else says(made, {neutral.UPS_CLIENTS: connected}, device)


def missing(made: Supplied) -> Finding | None:
    return made.finding(SHUTDOWN_CLIENTS_MISSING)


@pytest.mark.parametrize(
    ("connected", "clients", "on_battery", "severity"),
    [
        (3.0, 3, False, None),
        (2.0, 3, False, "warning"),
        (2.0, 3, True, "critical"),
        (0.0, None, False, "info"),
        (0.0, None, True, "warning"),
        (1.0, None, False, None),
        (0.0, 0, False, None),
        (0.0, 0, True, None),
    ],
)
def test_fewer_than_configured_are_told_and_worse_on_battery(
    connected: float, clients: int | None, on_battery: bool, severity: str | None
) -> None:
    found = missing(nut(connected, clients, on_battery=on_battery))
    assert (found and found.severity.value) == severity


def test_the_text_counts_them() -> None:
    found = the(missing(nut(2.0, 3, language="de")))
    assert found.summary == "usv: 2 von 3 Rechnern zur Abschaltung angemeldet"
    assert found.evidence == ("daran hängen: srv",)
    assert the(missing(nut(0.0, 3))).summary == "usv: no computer is connected to be shut down"


def test_a_restart_for_updates_is_waited_for_on_mains_only() -> None:
    assert the(missing(nut(2.0, 3))).hold_seconds == 900
    assert the(missing(nut(2.0, 3, on_battery=True))).hold_seconds is None


def test_those_that_are_shut_down_in_the_outage_are_not_missing() -> None:
    made = nut(0.0, 3, on_battery=True)
    remembers(made, neutral.UPS_ON_BATTERY, [(NOW - 330, 0.0), (NOW - 300, 1.0), (NOW, 1.0)])
    remembers(made, neutral.UPS_CLIENTS, [(NOW - 330, 3.0), (NOW - 300, 3.0), (NOW - 60, 1.0), (NOW, 0.0)])
    assert missing(made) is None
    assert "connected to be shut down: 3" in the(made.finding(UPS_ON_BATTERY)).evidence


def test_a_ups_that_feeds_nothing_that_takes_time_is_not_judged() -> None:
    assert missing(nut(0.0, None, device="usv-keller")) is None


def test_a_count_that_is_missing_from_a_partial_reading_is_not_known() -> None:
    made = nut(None, 3).jobs(job("device:usv", "nut", partial=("clients",)))
    assert missing(made) is None
    assert made.unverified(SHUTDOWN_CLIENTS_MISSING, "device:usv")

"""What SNMP is read and traps are taken with: NET.1.2.A10."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from agent.contract import Subject
from agent.risk.norms.case import Case
from agent.risk.rules import RULE_OPTIONS
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from tests.agent.risk.norms.test_norms import RAW, case, row

SETTINGS_RAW_OLD: Mapping[str, object] = {
    "municipality": {"language": "en"},
    "credentials": {"old": {"snmp": {"version": "2c", "community": {"env": "RINGWACHT_COMMUNITY"}}}},
}


@pytest.mark.parametrize(("community", "gaps"), [("s3cret", 1), ("public", 2), (" Private ", 2)])
def test_one_device_by_an_insecure_version_is_a_gap_and_a_default_community_another(
    community: str, gaps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGWACHT_COMMUNITY", community)
    raw = {
        **RAW,
        "devices": {
            "sw": {"site": "rathaus", "address": "127.0.0.1", "credential": "new"},
            "old": {"site": "rathaus", "address": "127.0.0.1", "credential": "old"},
        },
    }
    settings = Settings.model_validate(SETTINGS_RAW_OLD, context=Kinds.of({}, RULE_OPTIONS))
    made = case(inventory=Inventory.model_validate(raw), settings=settings)
    planned = {Subject("device", name): frozenset({"snmp"}) for name in ("sw", "old")}
    found = row(replace(made, planned=planned), "NET.1.2.A10", None)
    assert (found.state, len(found.gaps)) == ("gap", gaps)
    assert community.strip() not in found.gaps[0]


def by_role(role: Mapping[str, object], **more: object) -> Case:
    raw = {**SETTINGS_RAW_OLD, "defaults": {"roles": {"switch": role}}, **more}
    devices = {name: {"site": "rathaus", "address": "127.0.0.1", "role": "switch"} for name in ("sw-1", "sw-2")}
    made = case(
        inventory=Inventory.model_validate({**RAW, "devices": devices}),
        settings=Settings.model_validate(raw, context=Kinds.of({}, RULE_OPTIONS)),
    )
    return replace(made, planned={Subject("device", name): frozenset({"snmp"}) for name in devices})


def test_a_credential_of_a_role_and_one_of_traps_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RINGWACHT_COMMUNITY", "public")
    made = by_role(
        {"credential": "old"}, traps={"listen": "127.0.0.1:1162", "allow": ["10.0.0.0/8"], "credentials": ["old"]}
    )
    assert row(made, "NET.1.2.A10", None).gaps == (
        "2 devices by SNMPv1/v2c (community in clear text)",
        "by the community “public” or “private”: 2 devices (sw-1 and sw-2)",
        "traps are taken unencrypted or by SNMPv1/v2c (1 credential)",
        "traps are taken by the community “public” or “private”",
    )
    assert "sw-1" not in str(row(replace(made, names_weak=False), "NET.1.2.A10", None))
    assert row(by_role({}), "NET.1.2.A10", None).state == "not_applicable"

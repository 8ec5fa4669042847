"""What one more failure would do: told once for each weakness, and of each link that would carry too much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.risk.catalogue.network import FAILOVER_OVERLOAD, SINGLE_POINT_OF_FAILURE
from tests.agent.risk.scene import Scene

RULES = {SINGLE_POINT_OF_FAILURE, FAILOVER_OVERLOAD}


def device(site: str, **keys: Any) -> Mapping[str, Any]:
    return {"site": site, "address": "127.0.0.1", **keys}


def found(inventory: Mapping[str, Any], settings: Mapping[str, Any] | None = None) -> dict[tuple[str, str], str]:
    judged = Scene(inventory, settings).judge()
    return {(one.rule, str(one.subject)): one.summary for one in judged.findings if one.rule in RULES}


# home - a - b - home, both hops of a on one mast and on one switch, which one supply feeds; c hangs on b
COUNTY: Mapping[str, Any] = {
    "sites": {"home": {"core": True}, "a": {}, "b": {}, "c": {}},
    "devices": {
        "sw-a": device("a", powered_by=["ups-a"]),
        "ups-a": device("a", role="ups"),
        "sw-b": device("b"),
    },
    "links": {
        "ha": {"kind": "fibre", "ends": ["home", "sw-a/1"], "shared_risk": ["mast"]},
        "ab": {"kind": "fibre", "ends": ["sw-a/2", "sw-b/1"], "shared_risk": ["mast"]},
        "bh": {"kind": "fibre", "ends": ["sw-b/2", "home"]},
        "bc": {"kind": "fibre", "ends": ["sw-b/3", "c"]},
    },
}


def test_each_weakness_is_told_once_by_what_explains_it() -> None:
    told = found(COUNTY)
    assert {subject for _, subject in told} == {
        "link:bc",
        "device:sw-a",
        "power:ups-a",
        "group:mast",
        "device:sw-b",  # takes b and c; c is explained by its link already
    }
    assert told[SINGLE_POINT_OF_FAILURE, "link:bc"] == "if link b–c fails, c is cut off"
    assert told[SINGLE_POINT_OF_FAILURE, "group:mast"] == "if shared risk mast fails, a is cut off"
    assert told[SINGLE_POINT_OF_FAILURE, "device:sw-b"] == "if device sw-b fails, b is cut off"
    assert "site:home" not in {subject for _, subject in told}  # that what all need is needed is no news


def test_the_failure_that_loads_a_link_most_is_told_by_the_link() -> None:
    ring = {
        "sites": {"home": {"core": True}, "a": {"demand": "60Mbit/s"}, "b": {"demand": "50Mbit/s"}},
        "links": {
            name: {"kind": "fibre", "ends": list(ends), "capacity": "100Mbit/s"}
            for name, ends in {"ha": ("home", "a"), "ab": ("a", "b"), "bh": ("b", "home")}.items()
        },
    }
    told = {subject: text for (rule, subject), text in found(ring).items() if rule == FAILOVER_OVERLOAD}
    assert told == {
        "link:ha": "if link b–home fails, link home–a carries 110 Mbit/s of 100 Mbit/s (110%)",
        "link:bh": "if link home–a fails, link b–home carries 110 Mbit/s of 100 Mbit/s (110%)",
    }
    patient = {"alerting": {"rules": {FAILOVER_OVERLOAD: {"above": 1.2}}}}
    assert FAILOVER_OVERLOAD not in {rule for rule, _ in found(ring, patient)}


def test_what_shares_no_way_with_anybody_is_no_weakness() -> None:
    pair = {"kind": "fibre", "ends": ["home", "a"]}
    assert found({"sites": {"home": {"core": True}, "a": {}}, "links": {"one": pair, "two": pair}}) == {}

"""Functions hour by hour: one trouble is one message, whatever hangs on it."""

from __future__ import annotations

from typing import Any

from tests.courses.stage import Stage, Told

SITES: dict[str, Any] = {"hub": {"core": True}, "hall": {"name": "Rathaus"}, "school": {}}
DEVICES: dict[str, Any] = {
    "gw": {"site": "hub", "address": "192.0.2.1"},
    "swh": {"site": "hall", "address": "192.0.2.2"},
    "a": {"site": "hall", "address": "192.0.2.10"},
    "b": {"site": "school", "address": "192.0.2.11"},
}
LINKS: dict[str, Any] = {
    "up": {"kind": "fibre", "ends": ["gw/1", "swh/1"], "probe": {"icmp": "192.0.2.50"}},
    "up2": {"kind": "mobile", "ends": ["hub", "hall"], "standby": True, "probe": {"icmp": "192.0.2.51"}},
    "on": {"kind": "fibre", "ends": ["hub", "school"], "probe": {"icmp": "192.0.2.52"}},
}
UPLINK = {"uplink": {"site": "hub", "gateway": "127.0.0.1", "references": ["127.0.0.1"]}}


def town(**functions: dict[str, Any]) -> dict[str, Any]:
    return {"sites": SITES, "devices": DEVICES, "links": LINKS, "functions": functions}


def of_functions(told: list[Told]) -> list[Told]:
    return [one for one in told if one.subject.startswith("function:") and one.severity != "info"]


async def test_while_ringwacht_is_cut_off_no_function_is_told() -> None:
    functions = {f"f{number}": {"primary": "a", "standby": ["b"]} for number in range(3)}
    stage = Stage(town(**functions), UPLINK)
    await stage.run(400)
    stage.told()
    stage.cut_off = True
    await stage.run(7200, 5)
    assert [(one.rule, one.subject) for one in stage.told() if one.severity == "critical"] == [
        ("uplink_down", "daemon:ringwacht")
    ]
    assert not [rule for rule, _ in stage.standing() if rule == "function_unverified"]


async def test_a_site_that_loses_all_its_lines_is_one_message() -> None:
    stage = Stage(town(net={"primary": "up", "standby": ["up2"]}))
    await stage.run(400)
    stage.told()
    stage.down.update({"up", "up2"})
    stage.dead.update(stage.devices_at("hall"))
    await stage.run(400)
    told = stage.told()
    assert [(one.state, one.rule, one.subject) for one in told if one.severity == "critical"] == [
        ("firing", "site_isolated", "site:hall")
    ]
    assert of_functions(told) == []

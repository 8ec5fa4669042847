"""Courses in which something is not known: restarts, the watcher cut off itself, late answers, clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from config.inventory import Inventory
from tests.courses.counties import COUNTY, RING, radio
from tests.courses.stage import ALERTING, Stage, Told

UPLINK = {"uplink": {"site": "kreishaus", "gateway": "127.0.0.1"}, "alerting": ALERTING}


def dark(site: str, state: str = "firing") -> Told:
    return Told(state, "critical", "site_isolated", f"site:{site}")


def cut(link: str, state: str = "firing") -> Told:
    return Told(state, "warning", "link_down", f"link:{link}")


async def quiet(inventory: Mapping[str, Any] = RING, settings: Mapping[str, Any] | None = None) -> Stage:
    stage = Stage(inventory, settings)
    await stage.run(900, step=5)
    stage.told()
    return stage


def isolate(stage: Stage, site: str, *links: str) -> None:
    stage.down |= set(links)
    stage.dead |= stage.devices_at(site)


def mend(stage: Stage) -> None:
    stage.down.clear()
    stage.dead.clear()


async def test_an_outage_that_joins_a_site_already_dark_is_told() -> None:
    stage = await quiet(COUNTY)
    stage.dead |= stage.devices_at("bauhof")
    await stage.run(300)
    assert stage.told() == [dark("bauhof")]
    isolate(stage, "sassenberg", "wad-sas", "sas-kh")
    await stage.run(300)
    assert dark("sassenberg") in stage.told()


async def test_a_watcher_that_is_cut_off_itself_ends_no_alert_about_a_dark_site() -> None:
    stage = await quiet(settings=UPLINK)
    isolate(stage, "wadersloh", "kh-wad", "wad-sas")
    await stage.run(300)
    assert stage.told()[-1] == dark("wadersloh")
    stage.cut_off = True
    await stage.run(300)
    stage.cut_off = False
    await stage.run(300)
    told = [one for one in stage.told() if one.rule != "uplink_down"]
    assert told == []


@pytest.mark.parametrize("shift", [0, 20, 40])
async def test_a_restart_amid_an_outage_tells_nothing_again(shift: float) -> None:
    stage = await quiet(COUNTY)
    isolate(stage, "sassenberg", "wad-sas", "sas-kh")
    stage.dead |= stage.devices_at("bauhof")
    await stage.run(300)
    assert dark("sassenberg") in stage.told()
    await stage.restart(shift)
    await stage.run(300)
    assert stage.told() == []
    mend(stage)
    await stage.run(400)
    assert {one.state for one in stage.told()} == {"resolved"}


@pytest.mark.parametrize("shift", [0, 20, 40])
async def test_one_device_that_is_dead_at_the_start_makes_no_site_dark(shift: float) -> None:
    stage = Stage(RING)
    stage.dead.add("sw-wad")
    await stage.restart(shift)
    await stage.run(300)
    assert stage.told() == [Told("firing", "critical", "device_unreachable", "device:sw-wad")]


@pytest.mark.parametrize("wait", range(0, 60, 15))
async def test_a_recovery_that_is_noticed_piece_by_piece_alarms_nobody(wait: float) -> None:
    stage = await quiet()
    isolate(stage, "wadersloh", "kh-wad", "sas-kh")
    stage.dead |= stage.devices_at("sassenberg")
    await stage.run(300 + wait)
    assert dark("wadersloh") in stage.told() or dark("sassenberg") in stage.told()
    mend(stage)
    await stage.run(400)
    told = stage.told()
    assert {one.state for one in told} == {"resolved"}
    assert all("missing in the inventory" not in one for one in stage.texts)


async def test_after_a_partial_recovery_the_cut_that_is_left_is_told_soon() -> None:
    stage = await quiet()
    isolate(stage, "wadersloh", "kh-wad", "wad-sas")
    stage.trap("rr-kh-a", "rr-sas-a")
    await stage.run(300)
    stage.told()
    stage.down.remove("wad-sas")
    stage.dead.clear()
    stage.trap("rr-sas-a")
    await stage.run(90)
    assert stage.told() == [cut("kh-wad"), dark("wadersloh", "resolved")]


async def test_an_overload_does_not_end_because_the_link_fails_as_well() -> None:
    stage = Stage(COUNTY)
    await stage.run(900, step=5)
    assert Told("firing", "warning", "failover_overload", "link:rh-lte") in stage.told()
    stage.down.add("rh-lte")
    await stage.run(300)
    assert all(one.rule != "failover_overload" for one in stage.told())


async def test_a_clock_that_steps_back_polls_nobody_without_end() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    await stage.run(120)
    stage.clock.step(-3600)
    before = stage.polls
    await stage.run(300)
    assert stage.polls - before <= 8 * 300 / 60 * 1.5


async def test_a_core_switch_that_fails_is_one_alert_about_the_sites_behind_it() -> None:
    sites = {f"s{number}": {"name": f"Schule {number}"} for number in range(6)}
    star = {
        "sites": {"kreishaus": {"core": True}, **sites},
        "devices": {
            "sw-k": {"site": "kreishaus", "address": "127.0.0.1", "role": "switch"},
            "rr-k": radio("kreishaus"),
            **{f"sw-{site}": {"site": site, "address": "127.0.0.1", "role": "switch"} for site in sites},
        },
        "links": {
            f"l-{site}": {"kind": "fibre", "ends": [f"sw-k/{number}", f"sw-{site}/1"]}
            for number, site in enumerate(sites)
        },
    }
    stage = await quiet(star)
    stage.dead |= {"sw-k", *(f"sw-{site}" for site in sites)}
    await stage.run(300)
    told = stage.told()
    assert [one.rule for one in told if one.severity == "critical"].count("site_isolated") == 1
    (speaker,) = (one for one in told if one.rule == "site_isolated")
    assert "common cause: device sw-k" in stage.summary("site_isolated", speaker.subject)


async def test_all_that_went_dark_with_a_site_is_named_in_its_one_message() -> None:
    names = [f"s{number}" for number in range(12)]
    pairs = list(zip(["kreishaus", *names], [*names, "kreishaus"], strict=True))
    links = {
        f"l{number}": {"kind": "radio", "ring": "r", "ends": [f"rr-{one}/{number}", f"rr-{other}/{number}"]}
        for number, (one, other) in enumerate(pairs)
    }
    long = {
        "sites": {"kreishaus": {"core": True}, **{name: {"name": name} for name in names}},
        "rings": {"r": {"convergence": "15s"}},
        "devices": {f"rr-{name}": radio(name) for name in ("kreishaus", *names)},
        "links": links,
    }
    stage = await quiet(long)
    stage.down |= {"l0", "l12"}
    stage.dead |= stage.devices_at(*names)
    await stage.run(300)
    told = stage.told()
    assert [one for one in told if one.severity == "critical"] == [dark("s0")]
    assert "s0 is cut off, and with it s11, s1, s10, s2 and 7 more" in stage.texts[told.index(dark("s0"))]


async def test_a_section_that_nothing_measures_keeps_no_alert_open_after_the_repair() -> None:
    mute = {"kind": "fibre", "ring": "sued", "ends": ["wadersloh", "sassenberg"]}
    stage = await quiet({**RING, "links": {**RING["links"], "wad-sas": mute}})
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(60)
    assert stage.told() == [cut("kh-wad")]
    mend(stage)
    await stage.run(300)
    assert cut("kh-wad", "resolved") in stage.told()
    ring = stage.network.rings["sued"]
    assert (ring.closed, ring.open_since) == (None, None)
    assert stage.standing() == {("link_unverified", "link:wad-sas")}


async def test_a_section_switched_off_by_announced_work_is_nobodys_alert() -> None:
    fibre = {"kind": "fibre", "ring": "sued", "ends": ["sw-wad/1", "sw-sas/1"]}
    work = {"name": "Arbeiten", "from": "2027-01-15T00:00", "until": "2027-01-16T00:00"}
    for match in ({"link": "wad-sas"}, {"subject": "link:wad-sas"}):
        maintenance = [{**work, "match": match}]
        inventory = {**RING, "links": {**RING["links"], "wad-sas": fibre}}
        stage = await quiet(inventory, {"alerting": {**ALERTING, "maintenance": maintenance}})
        stage.switched_off.add("sw-wad/1")
        await stage.run(300)
        assert stage.told() == []
        assert ("ring_open", "ring:sued") in stage.standing()


async def test_with_another_way_beside_the_ring_it_is_not_claimed_that_the_ring_carries() -> None:
    lte = {"kind": "mobile", "standby": True, "ends": ["wadersloh", "kreishaus"], "probe": {"icmp": "127.0.0.1"}}
    stage = await quiet({**RING, "links": {**RING["links"], "lte": lte}})
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(10)
    assert stage.summary("link_down", "link:kh-wad") == (
        "hop Kreishaus–Wadersloh (kh-wad) is down; other ways carry; Wadersloh now has 2 ways"
    )


async def test_a_site_that_leaves_the_inventory_while_it_is_dark_leaves_nothing_behind() -> None:
    stage = await quiet(COUNTY)
    stage.dead |= stage.devices_at("bauhof")
    await stage.run(300)
    kept = {
        **COUNTY,
        "sites": {name: site for name, site in COUNTY["sites"].items() if name != "bauhof"},
        "devices": {name: one for name, one in COUNTY["devices"].items() if name != "fw-bauhof"},
        "links": {name: one for name, one in COUNTY["links"].items() if name != "bauhof-dsl"},
    }
    stage.inventory = Inventory.model_validate(kept)
    stage.forget("fw-bauhof")
    await stage.run(300)
    assert "bauhof" not in stage.network.sites
    assert ("site_isolated", "site:bauhof") not in stage.standing()

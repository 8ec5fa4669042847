"""Courses of a ring: each with exactly what the person on call is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from agent.contract import MetricFamily
from agent.layout import Sample
from agent.neutral import RING_PROTOCOL_STATE
from tests.courses.counties import COUNTY, RING
from tests.courses.stage import ALERTING, Stage, Told

KH_WAD, WAD_SAS, SAS_KH = "link:kh-wad", "link:wad-sas", "link:sas-kh"


def cut(link: str) -> Told:
    return Told("firing", "warning", "link_down", link)


def mended(link: str) -> Told:
    return Told("resolved", "warning", "link_down", link)


def dark(site: str) -> Told:
    return Told("firing", "critical", "site_isolated", f"site:{site}")


def back(site: str) -> Told:
    return Told("resolved", "critical", "site_isolated", f"site:{site}")


async def quiet(inventory: Mapping[str, Any] = RING, settings: Mapping[str, Any] | None = None) -> Stage:
    """A network that has been well for a quarter of an hour; what is told at the start is set aside."""
    stage = Stage(inventory, settings)
    await stage.run(900, step=5)
    stage.told()
    return stage


async def test_a_cut_hop_is_one_alert_that_says_what_it_means() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(8)
    assert stage.told() == [cut(KH_WAD)]
    assert stage.summary("link_down", KH_WAD) == (
        "hop Kreishaus–Wadersloh is down; the ring carries over Sassenberg; "
        "Wadersloh and Sassenberg now have one way each"
    )
    assert stage.standing() == {
        ("link_down", KH_WAD),
        ("ring_open", "ring:sued"),
        *(
            (rule, f"site:{site}")
            for rule in ("redundancy_lost", "below_required")
            for site in ("wadersloh", "sassenberg")
        ),
    }
    stage.down.clear()
    stage.trap("rr-kh-a")
    await stage.run(180)
    assert stage.told() == [mended(KH_WAD)]
    assert stage.standing() == set()


async def test_without_a_trap_the_cut_is_told_within_an_interval_and_the_hold() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    await stage.run(60 + 5)
    assert stage.told() == [cut(KH_WAD)]


async def test_what_carries_is_said_only_after_the_far_side_has_answered_over_it() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.dead |= {"rr-wad-a", "rr-wad-b", "sw-wad"}  # they do not answer, for whatever reason
    stage.trap("rr-kh-a")
    await stage.run(8)
    assert stage.summary("link_down", KH_WAD).startswith(
        "hop Kreishaus–Wadersloh is down; whether other ways carry is not certain: Wadersloh has not answered since"
    )


async def test_the_second_cut_isolates_a_site_with_one_critical_alert() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(30)
    assert stage.told() == [cut(KH_WAD)]
    stage.down.add("wad-sas")
    stage.dead |= stage.devices_at("wadersloh")
    stage.trap("rr-sas-a")
    await stage.run(300)
    assert stage.told() == [dark("wadersloh")]
    assert stage.summary("site_isolated", "site:wadersloh") == (
        "Wadersloh is cut off; down: hop Wadersloh–Sassenberg and hop Kreishaus–Wadersloh"
    )
    assert {key for key in stage.standing() if key[0] == "device_unreachable"} == {
        ("device_unreachable", f"device:{name}") for name in stage.devices_at("wadersloh")
    }
    assert stage.summary("device_unreachable", "device:sw-wad").endswith("(because Wadersloh is cut off)")
    assert stage.network.rings["sued"].segments == (("wadersloh",),)


async def test_one_repair_brings_the_site_back_and_its_devices_are_asked_before_they_speak() -> None:
    stage = await quiet()
    stage.down |= {"kh-wad", "wad-sas"}
    stage.dead |= stage.devices_at("wadersloh")
    stage.trap("rr-sas-a", "rr-kh-a")
    await stage.run(300)
    assert stage.told() == [dark("wadersloh")]
    stage.down.remove("wad-sas")
    stage.dead.clear()
    stage.trap("rr-sas-a")
    await stage.run(200)
    assert stage.told() == [cut(KH_WAD), back("wadersloh")]


async def test_a_device_that_stays_silent_after_the_release_is_told() -> None:
    stage = await quiet()
    stage.down |= {"kh-wad", "wad-sas"}
    stage.dead |= stage.devices_at("wadersloh")
    stage.trap("rr-sas-a", "rr-kh-a")
    await stage.run(300)
    stage.told()
    stage.down.clear()
    stage.dead = {"sw-wad"}
    stage.trap("rr-sas-a", "rr-kh-a")
    await stage.run(300)
    assert stage.told() == [
        Told("firing", "critical", "device_unreachable", "device:sw-wad"),
        back("wadersloh"),
    ]


async def test_a_ring_that_does_not_switch_is_a_site_cut_off_although_a_way_is_left() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.dead |= stage.devices_at("wadersloh")  # the protection link stays blocked: nobody reaches them
    stage.trap("rr-kh-a")
    await stage.run(300)
    assert stage.told() == [cut(KH_WAD), dark("wadersloh")]
    assert stage.summary("site_isolated", "site:wadersloh") == (
        "nothing at Wadersloh answers any more; down: hop Kreishaus–Wadersloh; "
        "by design it could still be reached over Wadersloh–Sassenberg: check power, and whether the ring switched over"
    )


@pytest.mark.parametrize("seconds", [1, 12])
async def test_a_site_that_is_silent_while_its_ring_converges_is_not_told(seconds: int) -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.dead |= stage.devices_at("wadersloh", "sassenberg")
    stage.trap("rr-kh-a", "rr-wad-a", "rr-wad-b", "sw-wad")
    await stage.run(seconds)
    stage.dead.clear()
    await stage.run(240)
    assert stage.told() == [cut(KH_WAD)]


async def test_a_ring_that_takes_45_seconds_instead_of_15_is_told_and_taken_back() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.dead |= stage.devices_at("wadersloh")
    stage.trap("rr-kh-a", "rr-wad-a", "rr-wad-b", "sw-wad")
    await stage.run(45)
    stage.dead.clear()
    await stage.run(240)
    assert stage.told() == [cut(KH_WAD), dark("wadersloh"), back("wadersloh")]


async def test_a_blocked_protection_link_that_is_idle_is_healthy() -> None:
    def blocked(stage: Stage, name: str) -> Iterable[Sample]:
        for state in ("blocked", "forwarding"):
            yield Sample(RING_PROTOCOL_STATE, ("1", state), float(state == "blocked"))

    stage = Stage(RING)
    stage.extra["rr-sas-a"] = blocked
    await stage.run(1200)
    assert stage.told() == []
    assert stage.standing() == set()
    ring = stage.network.rings["sued"]
    assert ring.closed
    assert ring.protocol == ("rr-sas-a 1: blocked",)


async def test_a_second_cut_in_a_maintenance_window_always_tells_of_the_site() -> None:
    stage = await quiet(settings={"alerting": {**ALERTING, "maintenance": [WORK]}})
    stage.down.add("kh-wad")  # the announced work
    stage.trap("rr-kh-a")
    await stage.run(60)
    assert stage.told() == []
    stage.down.add("wad-sas")
    stage.dead |= stage.devices_at("wadersloh")
    stage.trap("rr-sas-a")
    await stage.run(120)
    assert stage.told() == [dark("wadersloh")]


WORK = {
    "name": "Arbeiten Kreishaus-Wadersloh",
    "from": "2027-01-15T00:00",
    "until": "2027-01-16T00:00",
    "match": {"link": "kh-wad"},
}


async def test_one_silent_management_cuts_no_link() -> None:
    stage = await quiet()
    stage.dead.add("rr-wad-a")
    await stage.run(600)
    assert stage.told() == [Told("firing", "critical", "device_unreachable", "device:rr-wad-a")]
    assert stage.network.links["kh-wad"].state.state == "up"  # the far end of the hop says so
    assert stage.network.sites["wadersloh"].state == "ok"


async def test_a_radio_that_forwards_no_link_loss_is_believed_before_its_ethernet_port() -> None:
    oper = MetricFamily("ifOperStatus", "gauge", "Operational state.", ("ifIndex", "ifAlias", "ifDescr", "ifName"))

    def port_up(stage: Stage, name: str) -> Iterable[Sample]:
        yield Sample(oper, ("1", "", "Ethernet", "1"), 1.0)

    stage = Stage(RING)
    stage.extra = {"rr-kh-a": port_up, "rr-wad-a": port_up}
    await stage.run(900, step=5)
    stage.down.add("kh-wad")
    await stage.run(70)
    assert stage.told() == [cut(KH_WAD)]


async def test_a_whole_site_that_loses_its_power_is_one_alert_and_the_ring_carries_for_the_others() -> None:
    stage = await quiet()
    stage.down |= {"kh-wad", "wad-sas"}
    stage.dead |= stage.devices_at("wadersloh")
    await stage.run(300)
    told = stage.told()
    assert told.count(dark("wadersloh")) == 1
    assert {one.rule for one in told} <= {"site_isolated", "link_down"}
    assert stage.network.sites["sassenberg"].state == "redundancy_lost"


async def test_two_cuts_take_a_segment_along_and_one_site_speaks_for_it() -> None:
    stage = await quiet()
    stage.down |= {"kh-wad", "sas-kh"}
    stage.dead |= stage.devices_at("wadersloh", "sassenberg")
    stage.trap("rr-kh-a", "rr-kh-b")
    await stage.run(300)
    assert stage.told() == [dark("wadersloh")]
    assert stage.summary("site_isolated", "site:wadersloh").startswith("Wadersloh is cut off, and with it Sassenberg;")


async def test_a_site_that_answers_although_no_declared_way_is_left_is_no_emergency() -> None:
    stage = await quiet()
    stage.down |= {"kh-wad", "wad-sas"}
    stage.trap("rr-kh-a", "rr-sas-a")
    await stage.run(120)
    assert Told("firing", "warning", "site_isolated", "site:wadersloh") in stage.told()
    assert "is a way missing in the inventory?" in stage.summary("site_isolated", "site:wadersloh")


async def test_the_spur_behind_a_ring_site_follows_the_site_that_went_dark_with_it() -> None:
    stage = await quiet(COUNTY)
    stage.down |= {"wad-sas", "sas-kh"}
    stage.dead |= stage.devices_at("sassenberg", "bauhof")
    stage.trap("rr-kh-b", "rr-wad-b")
    await stage.run(300)
    assert stage.told() == [dark("sassenberg")]
    assert stage.summary("site_isolated", "site:sassenberg").startswith("Sassenberg is cut off, and with it Bauhof;")


async def test_a_spur_whose_one_line_fails_is_cut_off_and_nothing_else_is_told() -> None:
    stage = await quiet(COUNTY)
    stage.dead.add("fw-bauhof")
    await stage.run(300)
    assert stage.told() == [dark("bauhof")]


async def test_seconds_without_redundancy_are_counted() -> None:
    stage = await quiet()
    stage.down.add("kh-wad")
    stage.trap("rr-kh-a")
    await stage.run(101)
    ring = stage.network.rings["sued"]
    assert (ring.closed, ring.open_seconds_total) == (False, 100.0)
    assert ring.open_since is not None
    stage.down.clear()
    stage.trap("rr-kh-a")
    await stage.run(60)
    assert stage.network.rings["sued"].open_seconds_total == 101.0

from __future__ import annotations

import math

import pytest

from agent.risk.hop.state import Hop
from tests.agent.risk.hop.ground import ENDS, Ground, Port


def hop(made: Ground, name: str = "kh-wad") -> Hop:
    seen = made.hop(name)
    assert seen is not None
    return seen


def declare(made: Ground, **links: dict[str, object]) -> None:
    """Replace keys of links, e.g. their ends."""
    raw = made.inventory.model_dump(mode="json", exclude_unset=True)
    for name, keys in links.items():
        raw["links"][name.replace("_", "-")].update(keys)
    made.inventory = type(made.inventory).model_validate(raw)


def test_a_hop_that_is_well_is_up_and_says_nothing() -> None:
    seen = hop(Ground())
    assert (seen.state, seen.reason, seen.capacity_bits_per_second) == ("up", "", 400e6)
    assert (seen.fade_depth_db, seen.margin_db) == (0.0, 40.0)


def test_no_radio_link_and_no_radio_is_no_hop() -> None:
    made = Ground()
    made.silent |= {"rr-a", "rr-b"}
    assert made.hop() is None
    declare(made, kh_wad={"kind": "fibre", "radio": None})
    made.silent.clear()
    assert made.hop() is None


def test_one_end_that_says_down_is_enough() -> None:
    made = Ground()
    made.port("rr-b/1").up = False
    seen = hop(made)
    assert (seen.state, seen.reason, seen.capacity_bits_per_second) == ("down", "radio down at rr-b/1", None)


def test_a_silent_end_leaves_it_to_the_other_and_is_said() -> None:
    made = Ground()
    made.silent.add("rr-b")
    seen = hop(made)
    assert (seen.state, seen.reason) == ("up", "rr-b/1: state of the radio not known")
    assert seen.unseen == ("rr-b/1",)
    made.port("rr-a/1").up = None
    assert hop(made).state == "unknown"


def test_the_capacity_is_the_fewest_over_ends_and_directions() -> None:
    made = Ground()
    made.port("rr-b/1").capacity = 152e6
    made.port("rr-b/1").modulation = 16
    seen = hop(made)
    assert (seen.state, seen.capacity_bits_per_second) == ("degraded", 152e6)
    assert seen.reason == "152 Mbit/s of 400 Mbit/s (16QAM instead of 1024QAM)"


@pytest.mark.parametrize("capacity", [None, 0.0])
def test_no_capacity_is_not_known(capacity: float | None) -> None:
    made = Ground()
    for end in ENDS["kh-wad"]:
        made.port(end).capacity = capacity
    assert hop(made).capacity_bits_per_second is None


def test_a_hop_below_its_planned_modulation_is_degraded_whatever_its_capacity() -> None:
    made = Ground()
    made.port("rr-a/1").modulation = 512
    assert (hop(made).state, hop(made).reason) == ("degraded", "400 Mbit/s of 400 Mbit/s (512QAM instead of 1024QAM)")


def test_errors_begin_three_decibels_above_the_threshold() -> None:
    made = Ground()
    made.fade("kh-wad", 37.5)
    assert (hop(made).state, hop(made).reason) == ("degraded", "2.5 dB left above the threshold")


def test_the_margin_of_the_modulation_in_use() -> None:
    made = Ground(thresholds={"1024QAM": "-65dBm", "4QAM": "-88dBm"}, threshold=None)
    seen = hop(made)
    assert (seen.ends[0].margin_now_db, seen.ends[0].margin_db) == (27.0, 50.0)


def test_two_carriers_add_up_and_one_that_is_down_carries_nothing() -> None:
    made = Ground(protection="2+0")
    for end in ("rr-a/1", "rr-b/1", "rr-a/1v", "rr-b/1v"):
        made.ports[end] = Port(capacity=200e6)
    assert (hop(made).state, hop(made).capacity_bits_per_second) == ("up", 400e6)
    made.port("rr-b/1v").up = False
    seen = hop(made)
    assert (seen.state, seen.capacity_bits_per_second) == ("degraded", 200e6)
    assert seen.reason.startswith("rr-b/1: radio at port 1v down; 200 Mbit/s of 400 Mbit/s")
    made.port("rr-b/1").up = False
    assert hop(made).state == "down"


def test_the_weaker_of_two_carriers_tells_the_fade() -> None:
    made = Ground(protection="2+0")
    made.ports["rr-a/1v"] = Port(received=-45.0, transmit=20.0)
    made.ports["rr-b/1v"] = Port(transmit=18.0)
    seen = hop(made)
    assert seen.ends[0].received == -45.0
    assert seen.ends[0].fade_depth_db == pytest.approx(5.0)  # its own far transmitter sends 2 dB less


def test_a_standby_does_not_add_to_the_capacity() -> None:
    made = Ground(protection="1+1")
    for end in ENDS["kh-wad"]:
        made.port(end).muted = False
        made.ports[f"{end}s"] = Port(muted=True)
    assert (hop(made).state, hop(made).capacity_bits_per_second) == ("up", 400e6)


def test_an_end_without_a_port_has_the_radio_ports_that_no_other_link_names() -> None:
    made = Ground()
    declare(made, kh_wad={"ends": ["rr-a", "rr-b"]})
    seen = hop(made)
    assert [[carrier.port for carrier in end.carriers] for end in seen.ends] == [["1"], ["1"]]


def test_an_ethernet_port_stands_for_the_radio_of_a_device_with_one_hop() -> None:
    made = Ground()
    raw = made.inventory.model_dump(mode="json", exclude_unset=True)
    raw["links"] = {"kh-wad": {**raw["links"]["kh-wad"], "ends": ["rr-a/eth0", "rr-b/1"]}}
    made.inventory = type(made.inventory).model_validate(raw)
    del made.ports["rr-a/2"]
    assert [carrier.port for carrier in hop(made).ends[0].carriers] == ["1"]


def test_an_ethernet_port_of_a_device_with_two_hops_stands_for_nothing() -> None:
    made = Ground()
    declare(made, kh_wad={"ends": ["rr-a/eth0", "rr-b/1"]})
    assert hop(made).ends[0].carriers == ()


def test_an_end_that_is_a_site_is_not_seen() -> None:
    made = Ground()
    declare(made, kh_wad={"ends": ["rr-a/1", "wadersloh"]})
    assert hop(made).unseen == ("wadersloh",)
    assert made.found() == []


def test_a_muted_far_end_sends_nothing_to_follow() -> None:
    made = Ground()
    made.port("rr-b/1").muted = True
    assert hop(made).ends[0].power_unknown
    assert hop(made).ends[0].fade_depth_db is None


def test_the_radio_that_vanished_is_missed_at_a_device_with_two_hops() -> None:
    made = Ground(protection="1+1")
    for end in ENDS["kh-wad"]:
        made.ports[f"{end}s"] = Port(muted=True)
    del made.ports["rr-a/1"]
    assert [carrier.port for carrier in hop(made).ends[0].carriers] == ["1s"]
    assert hop(made).reason == "rr-a/1: 1 radio not seen"


def test_a_radio_that_no_hop_is_known_to_own_stands_for_none_of_two() -> None:
    made = Ground(protection="1+1")
    declare(made, kh_wad={"ends": ["rr-a/eth1", "rr-b/1"]}, sas_kh={"ends": ["rr-c/2", "rr-a/eth2"]})
    assert hop(made).ends[0].carriers == ()


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan, 1e308, 21.0])
def test_a_level_that_cannot_be_is_not_known(value: float) -> None:
    made = Ground()
    made.port("rr-a/1").received = value
    seen = hop(made)
    assert (seen.ends[0].received, seen.ends[0].fade_depth_db, seen.state) == (None, None, "up")

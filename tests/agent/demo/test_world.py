from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.demo.ber import COUNTER32, COUNTER64, Oid
from agent.demo.cast import CUT_HOP, FADED_HOP, HOPS, PROTECTION_HOP, SECOND_CUT_HOP, Hop
from agent.demo.devices import tables
from agent.demo.ring import QUIET_RING
from agent.demo.scenario import Scenario, Story, What, story
from agent.demo.world import State, World

times = st.floats(0, 2000)
ALL = story(Scenario.ALL)
WORLD = World(ALL)


def at(what: What, plus: float = 0.0) -> State:
    return WORLD.at(next(event.at for event in ALL.events if event.what is what) + plus)


@given(time=times)
def test_the_world_is_a_pure_function_of_time(time: float) -> None:
    assert WORLD.at(time) == World(story(Scenario.ALL)).at(time)


@given(earlier=times, later=times, hop=st.sampled_from(HOPS), end=st.integers(0, 1))
def test_counters_never_decrease(earlier: float, later: float, hop: Hop, end: int) -> None:
    earlier, later = sorted((earlier, later))
    before, after = WORLD.at(earlier), WORLD.at(later)
    assert before.hop_octets(hop, end) <= after.hop_octets(hop, end)
    assert before.port_octets("a port") <= after.port_octets("a port")
    assert all(seconds <= after.cut_seconds[each] for each, seconds in before.cut_seconds.items())
    assert all(seconds <= after.carried_seconds[key] for key, seconds in before.carried_seconds.items())
    assert before.faded_seconds <= after.faded_seconds


def test_rain_takes_20_to_25_db_and_modulation_and_capacity_with_it() -> None:
    for end in (0, 1):
        dry, wet = at(What.STARTED).radio(FADED_HOP, end), at(What.RAIN, 15).radio(FADED_HOP, end)
        assert 20 <= dry.received_dbm - wet.received_dbm <= 25
        assert wet.profile.qam < dry.profile.qam
        assert wet.profile.bits_per_second < dry.profile.bits_per_second
        assert wet.mse_db > dry.mse_db + 10
        assert wet.up


def test_the_edge_of_the_rain_reaches_the_next_hop_and_no_other() -> None:
    dry, wet = at(What.STARTED), at(What.RAIN, 15)
    for hop in HOPS:
        if hop is not FADED_HOP:
            lost = 11.5 if hop is CUT_HOP else 0
            assert abs(dry.radio(hop, 0).received_dbm - wet.radio(hop, 0).received_dbm - lost) < 2


@pytest.mark.parametrize(
    ("what", "cut"),
    [
        (What.CUT, {CUT_HOP}),
        (What.SECOND_CUT, {CUT_HOP, SECOND_CUT_HOP}),
        (What.SECOND_REPAIRED, {CUT_HOP}),
        (What.REPAIRED, set[Hop]()),
    ],
)
def test_a_cut_takes_both_radios_of_its_hop_and_no_other(what: What, cut: set[Hop]) -> None:
    state = at(what, 1)
    for hop in HOPS:
        for end in (0, 1):
            radio = state.radio(hop, end)
            assert radio.up is (hop not in cut)
            assert (radio.received_dbm == -99) is (hop in cut)


def rate(hop: Hop, end: int, what: What) -> float:
    """Octets a second that an end sends some seconds after an event."""
    return (at(what, 12).hop_octets(hop, end) - at(what, 7).hop_octets(hop, end)) / 5


def test_the_load_of_a_cut_hop_moves_to_the_other_way_round() -> None:
    assert rate(CUT_HOP, 0, What.STARTED) > 1e6
    assert rate(CUT_HOP, 0, What.CUT) == 0
    assert rate(PROTECTION_HOP, 1, What.STARTED) < 1e4  # blocked while the ring is closed
    assert rate(PROTECTION_HOP, 1, What.CUT) > 1e6
    assert rate(HOPS[0], 0, What.CUT) < rate(HOPS[0], 0, What.STARTED)
    assert rate(HOPS[3], 1, What.CUT) > 2 * rate(HOPS[3], 1, What.STARTED)


def test_nobody_carries_for_a_site_that_is_cut_off() -> None:
    assert rate(PROTECTION_HOP, 1, What.SECOND_CUT) == 0
    assert rate(HOPS[3], 1, What.SECOND_CUT) < 1.5 * rate(HOPS[3], 1, What.STARTED)


def test_after_the_repair_all_is_as_before() -> None:
    for hop in HOPS:
        assert rate(hop, 0, What.RECOVERED) == pytest.approx(rate(hop, 0, What.STARTED), rel=0.7)


def test_heat_is_as_it_is_told() -> None:
    assert at(What.COOLING_LOST, -1).temperature < 24
    assert not at(What.COOLING_LOST, -1).cooling_failed
    assert at(What.COOLING_LOST, 1).cooling_failed
    assert 27 < at(What.WARM).temperature < 32
    assert at(What.HOT).temperature > 32
    assert at(What.HOT).door_open
    assert at(What.COOLING_BACK).temperature < 40
    assert not at(What.COOLING_BACK).door_open
    assert not at(What.COOLING_BACK).cooling_failed
    assert at(What.COOLED).temperature < 27


def test_the_server_rooms_battery_lasts_beyond_the_moment_at_which_its_shutdown_must_begin() -> None:
    """The configuration asks for 30 s of waiting and twice 15 s of shutdown."""
    assert at(What.MAINS_LOST, -1).room_ups.runtime > 30 + 2 * 15
    assert at(What.MAINS_BACK, -1).room_ups.runtime < 2 * 15
    assert at(What.MAINS_BACK, -1).room_ups.runtime > at(What.STARTED).room_ups.low
    assert at(What.MAINS_BACK, 20).room_ups.charge > at(What.MAINS_BACK).room_ups.charge


def test_a_self_test_is_no_outage() -> None:
    assert at(What.SELF_TEST, 1).testing
    assert not at(What.SELF_TEST, 1).on_battery
    assert not at(What.SELF_TEST_OVER).testing


def test_the_limits_are_passed_for_longer_than_an_alert_holds() -> None:
    seconds = range(int(ALL.length))
    assert sum(WORLD.at(second).temperature > 27 for second in seconds) > 40
    assert sum(WORLD.at(second).temperature > 32 for second in seconds) > 20


def test_the_ups_is_on_battery_while_mains_is_gone() -> None:
    before, during, after = at(What.MAINS_LOST, -1), at(What.MAINS_LOST, 30), at(What.MAINS_BACK, 1)
    assert [state.on_battery for state in (before, during, after)] == [False, True, False]
    assert during.on_battery_seconds == 30
    assert during.charge < 1
    assert during.runtime < before.runtime


@pytest.mark.parametrize("scenario", list(Scenario))
def test_in_the_end_all_is_well(scenario: Scenario) -> None:
    plot = story(scenario)
    healthy = World(story(Scenario.NONE)).at(0)
    end = World(plot).at(min(plot.length, 1000) - 0.01)
    assert end.ring == QUIET_RING
    assert end.fade_db == 0
    assert not end.on_battery
    assert end.charge == end.room_ups.charge == 1
    assert not end.cooling_failed
    assert not end.testing
    assert end.temperature < 25
    assert not end.door_open
    for hop in HOPS:
        assert abs(end.radio(hop, 0).received_dbm - healthy.radio(hop, 0).received_dbm) < 2


def test_without_a_story_nothing_ever_happens() -> None:
    quiet = World(story(Scenario.NONE))
    for day in range(10):
        state = quiet.at(86_400.0 * day)
        assert (state.ring, state.fade_db, state.on_battery, state.door_open) == (QUIET_RING, 0, False, False)


@given(rounds=st.integers(1, 50), time=st.integers(0, 900).map(lambda quarters: quarters / 4))
def test_every_round_is_the_same(rounds: int, time: float) -> None:
    first, later = WORLD.at(time), WORLD.at(time + rounds * ALL.length)
    assert first.ring == later.ring
    assert first.fade_db == pytest.approx(later.fade_db, abs=1e-6)


@given(earlier=st.floats(0, 300), later=st.floats(0, 300))
def test_every_counter_of_every_agent_only_rises(earlier: float, later: float) -> None:
    before, after = WORLD.at(min(earlier, later)), WORLD.at(max(earlier, later))
    for name in ("rr-kreishaus-b", "rr-nordheim-b", "usv-kreishaus"):
        old, new = _counters(name, before), _counters(name, after)
        assert old.keys() == new.keys()
        assert all(value <= new[oid] for oid, value in old.items())


TABLES = tables()


def _counters(device: str, state: State) -> dict[Oid, int]:
    """The 64-bit counters of a device; those of 32 bits wrap."""
    table = TABLES[device]
    found: dict[Oid, int] = {}
    for index, oid in enumerate(table.oids):
        value = table.value(index, state)
        if value[0] == COUNTER64:
            found[oid] = int.from_bytes(value[2:], "big")
    return found


def test_every_agent_counts() -> None:
    assert any(TABLES["sw-ostfeld-1"].value(i, WORLD.at(0))[0] == COUNTER32 for i in range(500))
    assert sum(_counters("sw-ostfeld-1", WORLD.at(10)).values()) > sum(_counters("sw-ostfeld-1", WORLD.at(0)).values())


def test_a_story_repeats_its_events_with_rising_times() -> None:
    plot = Story(ALL.events, ALL.length)
    told = list(plot.between(-1, 2 * ALL.length - 0.1))
    assert [event.what for event in told] == [event.what for event in ALL.events] * 2
    assert [event.at for event in told] == sorted(event.at for event in told)

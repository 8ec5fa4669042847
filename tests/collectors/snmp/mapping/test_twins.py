"""Two things of one name: both keep a series, each its own; one thing that is read in two ways stays one."""

from __future__ import annotations

from collectors.snmp.oid import Value
from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.mapping.mapping import Mapping
from tests.collectors.snmp.replay import SYNTHETIC, neutral
from tests.harness.snmp_agent import Agent, encode, read_snmprec, snmp_agent

AKCP = "1.3.6.1.4.1.3854.2.3.2.1"
WARM, OK = "sensor_temperature_celsius", "sensor_ok"
ROOM = "{room: '', sensor: {column: $.9}}"
SENSORS = f"""
neutral:
  - {{family: ringwacht_{WARM}, oid: $.1, labels: {ROOM}, where: {{column: $.2, match: ^1$}}}}
  - {{family: ringwacht_{OK}, oid: $.2, map: {{1: 1, 2: 0}}, labels: {ROOM}}}
"""


def sensors(*rows: tuple[str, int, int], names: str = "Rack") -> dict[str, Value]:
    """Index, temperature and status (1: works) of sensors of one name."""
    columns: dict[str, Value] = {f"1.{index}": value for index, value, _ in rows}
    columns |= {f"2.{index}": status for index, _, status in rows}
    return columns | {f"9.{index}": names.encode() for index, _, _ in rows}


def test_all_but_the_smallest_index_bear_their_index() -> None:
    found = Mapping(SENSORS).of(sensors(("3", 21, 1), ("10", 22, 1), ("4.1", 23, 1)))
    assert {name: value for name, value in found.items() if WARM in name} == {
        f"{WARM}  Rack": 21,
        f"{WARM}  Rack (4.1)": 23,
        f"{WARM}  Rack (10)": 22,
    }
    assert len(found) == 6


def test_a_twin_without_a_value_leaves_its_name_to_nobody() -> None:
    mapping = Mapping(SENSORS)
    for lost in (sensors(("3", 21, 2), ("7", 22, 1)), sensors(("3", 21, 1), ("7", 22, 1)) | {"1.3": b"-"}):
        mapping.of(sensors(("3", 21, 1), ("7", 22, 1)))
        found = mapping.of(lost)
        assert f"{WARM}  Rack" not in found
        assert found[f"{WARM}  Rack (7)"] == 22
    assert Mapping(SENSORS).of(sensors(("3", 21, 2), ("7", 22, 1))) == {
        f"{WARM}  Rack (7)": 22,  # also where it was lost from the beginning
        f"{OK}  Rack": 0,
        f"{OK}  Rack (7)": 1,
    }


def test_a_second_one_leaves_the_first_as_it_was() -> None:
    mapping = Mapping(SENSORS)
    assert mapping.of(sensors(("3", 21, 1))) == {f"{WARM}  Rack": 21, f"{OK}  Rack": 1}
    assert mapping.of(sensors(("3", 21, 1), ("7", 22, 1)))[f"{WARM}  Rack"] == 21


def test_names_that_cleaning_makes_equal_are_twins_too() -> None:
    rows = sensors(("3", 21, 1), ("7", 22, 1)) | {"9.3": b"Ra\x01ck", "9.7": b"Ra\x02ck"}
    assert Mapping(SENSORS).of(rows)[f"{WARM}  Ra\ufffdck (7)"] == 22


def test_rows_of_other_kinds_are_no_twins() -> None:
    text = f"neutral: [{{family: ringwacht_{WARM}, oid: $.1, labels: {ROOM}, where: {{column: $.3, match: ^C$}}}}]"
    rows = sensors(("3", 60, 1), ("7", 22, 1)) | {"3.3": b"%", "3.7": b"C"}
    assert Mapping(text).of(rows) == {f"{WARM}  Rack": 22}


def test_entries_of_one_table_share_its_twins() -> None:
    """One in Celsius, one in Fahrenheit: two entries, and yet two sensors."""
    text = f"""
neutral:
  - {{family: ringwacht_{WARM}, oid: $.1, labels: {ROOM}, where: {{column: $.3, match: ^C$}}}}
  - {{family: ringwacht_{WARM}, oid: $.1, scale: 0.5, labels: {ROOM}, where: {{column: $.3, match: ^F$}}}}
"""
    rows = sensors(("3", 60, 1), ("7", 22, 1)) | {"3.3": b"F", "3.7": b"C"}
    assert Mapping(text).of(rows) == {f"{WARM}  Rack": 30, f"{WARM}  Rack (7)": 22}


def test_a_later_entry_of_the_same_things_adds_nothing() -> None:
    """Another column has the same rows, another table an index of its own."""
    named = "{room: '', sensor: {column: $.9, parts: [-1]}}"
    text = f"""
neutral:
  - {{family: ringwacht_{WARM}, oid: $.1, labels: {ROOM}}}
  - {{family: ringwacht_{WARM}, oid: $.2, labels: {ROOM}}}
  - {{family: ringwacht_{WARM}, oid: $.5.1, labels: {named}}}
"""
    rows = sensors(("3", 21, 31), ("7", 22, 32)) | {"1.7": b"-", "5.1.0.3": 41, "5.1.0.7": 42}
    assert Mapping(text).of(rows) == {f"{WARM}  Rack": 21, f"{WARM}  Rack (7)": 32}
    del rows["1.3"], rows["2.3"], rows["1.7"], rows["2.7"]
    assert Mapping(text).of(rows) == {f"{WARM}  Rack": 41, f"{WARM}  Rack (0.7)": 42}


def test_what_a_profile_calls_one_thing_stays_one() -> None:
    text = "neutral: [{family: ringwacht_radio_link_up, oid: $.1, labels: {port: '1'}}]"
    assert Mapping(text).of({"1.1": 1, "1.2": 0}) == {"radio_link_up 1": 1}


def test_twins_of_a_direction_and_of_states() -> None:
    """The label that names them gets the index, not the one that says what of it is meant."""
    text = """
labels: {port: {column: $.9}}
neutral:
  - {family: ringwacht_radio_modulation_order, oid: $.1, labels: {direction: {column: $.8}}}
  - {family: ringwacht_ha_state, oid: $.2, labels: {member: {column: $.9}}, states: {1: active, 2: standby}}
"""
    rows = sensors(("3", 4, 1), ("7", 16, 2), names="east") | {"8.3": b"tx", "8.7": b"tx"}
    assert Mapping(text).of(rows) == {
        "radio_modulation_order east tx": 4,
        "radio_modulation_order east (7) tx": 16,
        "ha_state east active": 1,
        "ha_state east standby": 0,
        "ha_state east (7) active": 0,
        "ha_state east (7) standby": 1,
    }


async def test_akcp_sensors_of_one_name(bench: Bench) -> None:
    agent = Agent(read_snmprec(SYNTHETIC / "akcp_sensorprobeplus_synthetic.snmprec"))
    agent.table[f"{AKCP}.2.1"] = encode("Rack oben")  # the one that counts in Fahrenheit
    async with snmp_agent(agent):
        collector = bench.of(agent, profile="auto")
        both = neutral(await collector.collect())
        agent.table[f"{AKCP}.6.0"] = encode(7)
        lost = neutral(await collector.collect())
    names = [f"{WARM}  Rack oben", f"{WARM}  Rack oben (1)", f"{OK}  Rack oben", f"{OK}  Rack oben (1)"]
    assert [round(both[name], 3) for name in names] == [24.3, 21.111, 1, 1]
    assert {name: lost.get(name, -1) for name in names} == dict(zip(names, [-1, both[names[1]], 0, 1], strict=True))

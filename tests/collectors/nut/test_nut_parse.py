"""What the variables of a UPS become; without a server."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.neutral import PLAUSIBLE
from collectors.nut.parse import FAMILIES, meaning
from tests.collectors.nut.reading import MAY_2023, NOW, read, refused, remarks


def test_a_ups_that_says_all() -> None:
    found = read(
        {
            "ups.status": "OB DISCHRG LB",
            "battery.runtime": "305",
            "battery.runtime.low": "300",
            "battery.charge": "23,5",
            "battery.temperature": "31.2",
            "battery.date": "2023/05/01",
            "battery.mfr.date": "2022/01/01",
            "ups.temperature": "40",
            "ups.load": "41",
            "ups.realpower.nominal": "2700",
            "ups.test.result": "Done and passed",
            "ups.test.date": "05/31/2026",
            "input.voltage": "0.0",
            "ambient.temperature": "24.5",
            "ambient.humidity": "45",
        },
        clients=2,
    )
    assert found == {
        "ups_on_battery": 1,
        "ups_battery_low": 1,
        "ups_battery_replace": 0,
        "ups_on_bypass": 0,
        "ups_self_test_running": 0,
        "ups_self_test_passed": 1,
        "ups_self_test_timestamp_seconds": 1_780_185_600,
        "ups_battery_installed_timestamp_seconds": MAY_2023,
        "ups_runtime_seconds": 305,
        "ups_runtime_low_seconds": 300,
        "ups_charge_ratio": 0.235,
        "ups_battery_temperature_celsius": 31.2,
        "ups_load_ratio": 0.41,
        "ups_output_power_watts": 1107,
        "ups_input_voltage_volts 1": 0,
        "ups_shutdown_clients": 2,
        "sensor_temperature_celsius serverraum ambient": 24.5,
        "sensor_humidity_ratio serverraum ambient": 0.45,
    }


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("battery.charge", "255", "cannot be"),
        ("battery.charge", "-2", "cannot be"),
        ("battery.charge", "1e2", "is no number"),
        ("battery.charge", "nan", "is no number"),
        ("battery.charge", "٥٠", "is no number"),
        ("battery.temperature", "-9999", "cannot be"),
        ("battery.temperature", "298.1", "cannot be"),
        ("ups.load", "255", "cannot be"),
        ("input.voltage", "2314", "cannot be"),
        ("ambient.temperature", "-9999", "cannot be"),
        ("ambient.humidity", "101", "cannot be"),
        ("battery.runtime.low", "-5", "cannot be"),
    ],
)
def test_a_number_that_cannot_be_is_left_out_and_missing(name: str, value: str, why: str) -> None:
    variables = {"ups.status": "OL", name: value}
    assert read(variables) == read({"ups.status": "OL"})
    assert remarks(variables) == (f"{name}: {value!r} {why}",)
    assert refused(variables) == ()


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("battery.runtime", "-1", "is what is said of what is not known"),
        ("battery.runtime", "0", "is no estimate while the battery does not feed the load"),
        ("battery.charge", "N/A", "says nothing"),
        ("battery.charge", "", "says nothing"),
        ("battery.temperature", "0.0", "is what a UPS without a sensor says"),
        ("ambient.humidity", "0.00", "is what a probe without a sensor says"),
        ("battery.date", "not set", "says nothing"),
        ("battery.mfr.date", "CPS", "is no date"),
        ("battery.date", "2031/01/01", "is a date in the future"),
        ("battery.date", "01/05/23", "may be several dates: day, month and year cannot be told apart"),
        ("ups.test.date", "1980-01-01", "is a date before there was such a UPS"),
    ],
)
def test_what_says_nothing_is_refused_and_leaves_the_reading_whole(name: str, value: str, why: str) -> None:
    variables = {"ups.status": "OL", name: value}
    assert read(variables) == read({"ups.status": "OL"})
    assert refused(variables) == (f"{name}: {value!r} {why}",)
    assert remarks(variables) == ()
    assert meaning(variables, None, "", NOW).facts == {"refused_readings": f"{name}: {value!r} {why}"}


def test_the_fact_names_the_first_refusals_and_says_that_there_are_more() -> None:
    variables = {f"ambient.{number}.humidity": "0" for number in range(1, 9)}
    assert len(refused(variables)) == 8
    fact = meaning(variables, None, "", NOW).facts["refused_readings"]
    assert fact.count("is what a probe") == 3
    assert fact.endswith(" …")


@pytest.mark.parametrize(
    ("status", "charge", "runtime"),
    [
        ("OB", {}, 0),
        ("OB DISCHRG LB", {"battery.charge": "95"}, 0),
        ("FSD OB", {"battery.charge": "95"}, 0),
        ("OB DISCHRG", {"battery.charge": "20"}, 0),
        ("OB DISCHRG", {"battery.charge": "95"}, None),  # a UPS that wants calibrating
        ("OL", {"battery.charge": "20"}, None),
    ],
)
def test_a_runtime_of_0_is_believed_of_a_battery_that_is_empty(
    status: str, charge: dict[str, str], runtime: float | None
) -> None:
    found = read({"ups.status": status, "battery.runtime": "0", **charge})
    assert found.get("ups_runtime_seconds") == runtime


@pytest.mark.parametrize(("first", "volts"), [("231", 231), ("N/A", 0), ("2310", 0)])
def test_a_phase_of_several_names_is_told_once(first: str, volts: float) -> None:
    names = {"input.voltage": first, "input.L1-N.voltage": "0", "input.L1.voltage": "0"}
    samples = meaning({"ups.status": "OL", **names}, None, "", NOW).samples
    assert [one.value for one in samples if one.family.name == "ringwacht_ups_input_voltage_volts"] == [volts]


def test_the_voltage_by_phase() -> None:
    phases = {f"input.L{number}-N.voltage": str(230 + number) for number in (1, 2, 3)}
    found = read({"ups.status": "OL", **phases, "input.L1-L2.voltage": "400"})
    assert {name: value for name, value in found.items() if "voltage" in name} == {
        f"ups_input_voltage_volts {number}": 230 + number for number in (1, 2, 3)
    }


@pytest.mark.parametrize(
    ("variables", "watts"),
    [
        ({"ups.realpower": "812"}, 812),
        ({"ups.realpower": "0", "output.realpower": "640"}, 640),
        ({f"output.L{phase}.realpower": "100" for phase in (1, 2, 3)}, 300),
        ({"output.L1.realpower": "100", "ups.realpower.nominal": "1000", "ups.load": "50"}, 500),
        ({"ups.realpower": "0", "ups.realpower.nominal": "1000", "ups.load": "0"}, 0),
        ({"ups.realpower.nominal": "1000"}, None),
        ({"ups.realpower.nominal": "1000", "ups.load": "255"}, None),
        ({"ups.realpower.nominal": "999999999999", "ups.load": "50"}, None),
        ({}, None),
    ],
)
def test_the_power_of_the_load(variables: Mapping[str, str], watts: float | None) -> None:
    assert read({"ups.status": "OL", **variables}).get("ups_output_power_watts") == watts


def test_the_battery_was_made_when_it_is_not_said_since_when_it_is_in() -> None:
    installed = "ups_battery_installed_timestamp_seconds"
    assert read({"battery.mfr.date": "2023-05-01"})[installed] == MAY_2023
    assert read({"battery.date": "N/A", "battery.mfr.date": "2023-05-01"})[installed] == MAY_2023


def test_a_date_that_the_vendor_left_in_every_battery_is_refused() -> None:
    variables = {"ups.status": "OL", "battery.mfr.date": "2001/09/25", "ups.mfr.date": "2019/04/02"}
    assert refused(variables) == ("battery.mfr.date: '2001/09/25' is long before the UPS or its battery was made",)
    assert "ups_battery_installed_timestamp_seconds" not in read(variables)


@pytest.mark.parametrize("beside", [{}, {"ups.mfr.date": "2023/05/01"}, {"ups.mfr.date": "CPS"}])
def test_a_battery_is_not_older_than_itself(beside: dict[str, str]) -> None:
    """As APC's Back-UPS say it: each has the battery.date of the first of them."""
    variables = {"battery.date": "2001/09/25", "battery.mfr.date": "2023/05/01", **beside}
    assert read(variables)["ups_battery_installed_timestamp_seconds"] == MAY_2023
    assert "battery.date: '2001/09/25' is long before the UPS or its battery was made" in refused(variables)


def test_a_battery_that_was_replaced_is_as_old_as_the_new_one() -> None:
    variables = {"battery.date": "2023/05/01", "battery.mfr.date": "2015/03/01", "ups.mfr.date": "2015/03/01"}
    assert read(variables)["ups_battery_installed_timestamp_seconds"] == MAY_2023
    assert refused(variables) == ()


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ({}, {}),
        ({"ambient.present": "yes"}, {"sensor_temperature_celsius serverraum ambient": 0}),
        ({"ambient.humidity": "61"}, None),
    ],
)
def test_zeros_are_no_probe_unless_it_is_said_to_be_there(
    beside: dict[str, str], found: dict[str, float] | None
) -> None:
    read_out = read({"ambient.temperature": "0.0", "ambient.humidity": "0.0", **beside})
    wanted = {"sensor_temperature_celsius serverraum ambient": 0, "sensor_humidity_ratio serverraum ambient": 0.61}
    assert read_out == (wanted if found is None else found)


def test_several_probes_and_one_that_is_not_there() -> None:
    found = read(
        {
            "ambient.1.temperature": "21",
            "ambient.2.temperature": "0",
            "ambient.2.present": "no",
            "ambient.temperature.high": "30",
        }
    )
    assert found == {"sensor_temperature_celsius serverraum ambient.1": 21}


def test_who_the_ups_is() -> None:
    variables = {"device.mfr": " APC ", "device.model": "N/A", "ups.model": "Smart-UPS\t3000", "ups.firmware": "9.3"}
    found = meaning(variables, None, "", NOW)
    assert found.facts == {"vendor": "APC", "model": "Smart-UPS\ufffd3000", "firmware": "9.3"}
    assert found.samples[0].labels == ("APC", "Smart-UPS\ufffd3000", "", "9.3")


NAMES = st.sampled_from(
    [
        *("ups.status", "ups.test.result", "ups.test.date", "ups.mfr.date", "battery.date", "battery.mfr.date"),
        *("battery.runtime", "battery.charge", "battery.temperature", "battery.runtime.low", "ups.load", "ups.model"),
        *("ups.realpower", "ups.realpower.nominal", "input.voltage", "ambient.temperature", "ambient.99.humidity"),
    ]
)
VALUES = st.one_of(
    st.text(max_size=400),
    st.from_regex(r"[+-]?[0-9]{0,16}[.,]?[0-9]{0,16}", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?", fullmatch=True),
    st.lists(st.sampled_from(["OL", "OB", "LB", "CAL", "FSD", "X"])).map(" ".join),
)


@given(st.dictionaries(st.one_of(NAMES, st.text(max_size=50)), VALUES), st.integers(0, 10**6) | st.none())
def test_whatever_a_server_says_is_plausible_or_named(variables: dict[str, str], clients: int | None) -> None:
    found = meaning(variables, clients, "", NOW)
    for one in found.samples:
        low, high = PLAUSIBLE[one.family.name]
        assert math.isfinite(one.value)
        assert low <= one.value <= high
        assert one.family in FAMILIES
        assert len(one.labels) == len(one.family.labels)
    for text in (*found.facts.values(), *found.partial, *found.refused):
        assert len(text.encode()) <= 512
        assert not {"Cc", "Cf", "Cs"}.intersection(map(unicodedata.category, text))

"""Self-tests and batteries of UPS: a test that runs is no outage, and when it was is told only where it is known."""

from __future__ import annotations

from typing import Any

import pytest

from agent.demo import ber
from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.replay import SYNTHETIC, neutral
from tests.harness.fakes import FakeWire
from tests.harness.snmp_agent import Agent, encode, numbers, read_snmprec, snmp_agent

UPS, APC, XUPS = "1.3.6.1.2.1.33.1", "1.3.6.1.4.1.318.1.1.1", "1.3.6.1.4.1.534.1"
UPTIME = "1.3.6.1.2.1.1.3.0"
TEST_AT, INSTALLED = "ups_self_test_timestamp_seconds", "ups_battery_installed_timestamp_seconds"
DAY_TICKS = 100 * 86_400


def ticks(value: int) -> bytes:
    return ber.integer(value, ber.TIMETICKS)


async def said(bench: Bench, name: str, changes: dict[str, Any]) -> dict[str, float]:
    """Neutral values of a synthetic recording in which these objects say something else; None: they are not there."""
    table = read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec")
    for oid, value in changes.items():
        table.pop(oid, None)
        if value is not None:
            table[oid] = value if isinstance(value, bytes) else encode(value)
    async with snmp_agent(Agent(table)) as agent:
        return neutral(await bench.of(agent, profile="auto").collect())


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("ups_mib", {f"{UPS}.4.1.0": 5, f"{UPS}.7.3.0": 5}),
        ("apc_ups", {f"{APC}.4.1.1.0": 15, f"{APC}.7.2.3.0": 1}),  # onBatteryTest says it alone
        ("apc_ups", {f"{APC}.4.1.1.0": 3, f"{APC}.7.2.3.0": 4}),
        ("apc_ups", {f"{APC}.4.1.1.0": 3, f"{APC}.7.2.3.0": 1, f"{APC}.7.2.6.0": 3}),  # a calibration
        ("eaton_xups", {f"{XUPS}.4.5.0": 5, f"{XUPS}.8.2.0": 4}),
        ("eaton_xups", {f"{XUPS}.4.5.0": 5, f"{XUPS}.8.2.0": 2, f"{XUPS}.2.5.0": 7}),  # batteryUnderTest
        ("eaton_xups", {f"{XUPS}.4.5.0": 5, f"{XUPS}.8.2.0": None, f"{UPS}.7.3.0": 5}),
    ],
)
async def test_a_self_test_is_on_battery_and_says_that_it_is_a_test(
    bench: Bench, name: str, changes: dict[str, Any]
) -> None:
    found = await said(bench, name, changes)
    assert (found["ups_on_battery"], found["ups_self_test_running"]) == (1, 1)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("ups_mib", {f"{UPS}.4.1.0": 5, f"{UPS}.7.3.0": 1}),
        ("apc_ups", {f"{APC}.4.1.1.0": 3, f"{APC}.7.2.3.0": 1}),
        ("eaton_xups", {f"{XUPS}.4.5.0": 5}),
    ],
)
async def test_an_outage_is_no_self_test(bench: Bench, name: str, changes: dict[str, Any]) -> None:
    found = await said(bench, name, changes)
    assert (found["ups_on_battery"], found["ups_self_test_running"]) == (1, 0)


@pytest.mark.parametrize("code", range(1, 29))
@pytest.mark.parametrize("seconds", [0, 5])
async def test_what_each_status_of_an_apc_ups_means(bench: Bench, code: int, seconds: int) -> None:
    """upsBasicOutputStatus; seconds on battery say more than those that name no source."""
    changes = {f"{APC}.4.1.1.0": code, f"{APC}.2.1.2.0": ticks(100 * seconds), f"{APC}.7.2.3.0": 1, f"{APC}.7.2.6.0": 1}
    found = await said(bench, "apc_ups", changes)
    by_time = 1.0 if seconds else None if code == 1 else 0.0
    wanted = by_time if code in {1, 19, *range(21, 29)} else float(code in {3, 15})
    assert found.get("ups_on_battery") == wanted
    assert found.get("ups_self_test_running") == (None if code == 1 else code in {15, 24, 28})


async def test_a_card_that_tells_of_no_tests_tells_of_none_that_runs(bench: Bench) -> None:
    assert "ups_self_test_running" not in await said(bench, "ups_mib", {f"{UPS}.7.3.0": None})
    assert "ups_self_test_running" not in await said(bench, "eaton_xups", {f"{XUPS}.8.2.0": 5, f"{XUPS}.2.5.0": 3})


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({UPTIME: ticks(40 * DAY_TICKS), f"{UPS}.7.5.0": ticks(10 * DAY_TICKS)}, 30),
        ({UPTIME: ticks(DAY_TICKS), f"{UPS}.7.5.0": ticks(DAY_TICKS)}, 0),
        ({UPTIME: ticks(DAY_TICKS), f"{UPS}.7.5.0": ticks(2 * DAY_TICKS)}, None),  # sysUpTime wrapped, or began anew
        ({f"{UPS}.7.5.0": ticks(0)}, None),
        ({f"{UPS}.7.5.0": None}, None),
        ({f"{UPS}.7.1.0": None}, None),
        ({f"{UPS}.7.1.0": ber.oid(numbers("0.0"))}, None),
        ({f"{UPS}.7.1.0": ber.oid(numbers(f"{UPS}.7.7.1"))}, None),
        ({f"{UPS}.7.3.0": 6}, None),
    ],
)
async def test_when_the_last_test_of_the_ups_mib_was(bench: Bench, changes: dict[str, Any], days: float | None) -> None:
    found = (await said(bench, "ups_mib", changes)).get(TEST_AT)
    assert found == (None if days is None else FakeWire().now() - days * 86_400)


async def test_an_eaton_card_tells_it_by_the_ups_mib(bench: Bench) -> None:
    changes = {
        **{UPTIME: ticks(40 * DAY_TICKS), f"{UPS}.7.5.0": ticks(10 * DAY_TICKS)},
        **{f"{UPS}.7.1.0": ber.oid(numbers(f"{UPS}.7.7.4")), f"{UPS}.7.3.0": 1, f"{UPS}.9.7.0": 3},
    }
    found = await said(bench, "eaton_xups", changes)
    assert found[TEST_AT] == FakeWire().now() - 30 * 86_400
    assert found["ups_runtime_low_seconds"] == 180


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("05/31/2023", 1_685_491_200),
        ("05/31/23", 1_685_491_200),
        ("01/05/23", 1_672_876_800),  # the month comes first: PowerNet-MIB says so
        ("31/05/2023", None),
        ("31.05.2023", None),
        ("01/01/1970", None),
        ("00/00/00", None),
        ("05/31/2040", None),  # FakeWire's day is in January 2027
        ("01/16/2027", 1_800_057_600),  # a time zone is no future
        ("01/17/2027", None),
        ("Unknown", None),
        ("", None),
    ],
)
async def test_a_date_of_an_apc_ups(bench: Bench, text: str, at: float | None) -> None:
    found = await said(bench, "apc_ups", {f"{APC}.2.1.3.0": text, f"{APC}.7.2.4.0": text})
    assert (found.get(INSTALLED), found.get(TEST_AT)) == (at, at)


@pytest.mark.parametrize(("raw", "seconds"), [(2, 120), (0, None), (-1, None), (120, None)])
async def test_the_runtime_at_which_the_battery_is_low(bench: Bench, raw: int, seconds: float | None) -> None:
    """120 is what agents say that count in seconds."""
    found = await said(bench, "ups_mib", {f"{UPS}.9.7.0": raw})
    assert found.get("ups_runtime_low_seconds") == seconds


@pytest.mark.parametrize(
    ("text", "at"), [("05/31/2023", 1_685_491_200), ("05/31/2040", None), ("31/05/2023", None), ("", None)]
)
async def test_the_date_of_an_eaton_battery(bench: Bench, text: str, at: float | None) -> None:
    assert (await said(bench, "eaton_xups", {f"{XUPS}.2.6.0": text})).get(INSTALLED) == at


async def test_a_card_that_lost_its_ups_knows_of_no_test(bench: Bench) -> None:
    found = await said(bench, "apc_ups", {f"{APC}.8.1.0": 2})
    assert not {TEST_AT, INSTALLED, "ups_self_test_running", "ups_runtime_low_seconds"} & found.keys()

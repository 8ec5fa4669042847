"""What the cards of UPS say that they do not know, and what nobody may take it for: mains, or time that is left."""

from __future__ import annotations

import pytest

from tests.collectors.snmp.lab import Bench
from tests.collectors.snmp.replay import SYNTHETIC, neutral
from tests.harness.snmp_agent import Agent, encode, read_snmprec, snmp_agent

UPS, APC, XUPS = "1.3.6.1.2.1.33.1", "1.3.6.1.4.1.318.1.1.1", "1.3.6.1.4.1.534.1"
OBJECTS = {
    "ups_mib": (f"{UPS}.4.1.0", f"{UPS}.2.2.0", f"{UPS}.2.3.0"),
    "eaton_xups": (f"{XUPS}.4.5.0", f"{UPS}.2.2.0", f"{XUPS}.2.1.0"),
    "apc_ups": (f"{APC}.4.1.1.0", f"{APC}.2.1.2.0", f"{APC}.2.2.3.0"),
}
"""What feeds the load, how long the battery did, how long it still can."""


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("raw", [-1, -2, -60_000])
async def test_a_runtime_below_0_is_none_on_battery_too(bench: Bench, name: str, raw: int) -> None:
    source, _, runtime = OBJECTS[name]
    battery = 3 if name == "apc_ups" else 5
    async with snmp_agent(Agent(read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec"))) as agent:
        agent.table[source] = encode(battery)
        collector = bench.of(agent, profile="auto")
        agent.table[runtime] = encode(2)
        assert "ups_runtime_seconds" in neutral(await collector.collect())
        agent.table[runtime] = encode(raw)
        found = neutral(await collector.collect())
    assert found["ups_on_battery"] == 1
    assert "ups_runtime_seconds" not in found


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize(
    ("raw", "elapsed", "wanted"),
    [(1, 0, None), (99, 0, None), (1, 40, 1), (2, 40, 0), (None, 0, 0), (None, 40, 1)],
)
async def test_no_time_on_battery_is_mains_only_where_no_source_is_told(
    bench: Bench, name: str, raw: int | None, elapsed: int, wanted: float | None
) -> None:
    """A source that is not known is no mains: a card that lost its UPS says 0 seconds, too."""
    source, seconds, _ = OBJECTS[name]
    table = read_snmprec(SYNTHETIC / f"{name}_synthetic.snmprec") | {seconds: encode(elapsed)}
    del table[source]
    if raw is not None:
        table[source] = encode(raw)
    async with snmp_agent(Agent(table)) as agent:
        found = neutral(await bench.of(agent, profile="auto").collect())
    assert found.get("ups_on_battery") == wanted

"""SNMPv3, and v1 and v2c, against Debian's snmpd: F30 to F33, and who is told `auth`."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from agent.contract import AuthFailed, Reason, Unreachable
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport import client
from collectors.snmp.transport.exchange import Engine
from tests.collectors.snmp.lab import Bench, Login, by_community, by_user, values_of
from tests.harness.snmpd import Snmpd, snmpd

pytestmark = pytest.mark.integration
both = pytest.mark.parametrize("engine", ["gufo", "pysnmp"])
MORE = """
# a killed snmpd would come back with another engine
exactEngineID 0x80001f880472696e67
createUser strong SHA-256 authpass123 AES-256 privpass123
rouser strong authPriv
createUser plain SHA-256 authpass123
rouser plain authNoPriv
"""


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncGenerator[Snmpd]:
    async with snmpd(tmp_path, MORE) as running:
        yield running


@pytest.mark.parametrize(
    "login",
    [
        by_community("1"),
        by_community("2c"),
        by_user(),
        by_user("strong", cipher="AES-256"),
        by_user("plain", priv=None),
    ],
    ids=["v1", "v2c", "authPriv SHA-256/AES-128", "authPriv SHA-256/AES-256", "authNoPriv"],
)
async def test_the_right_credential_reads_the_interfaces(agent: Snmpd, bench: Bench, login: Login) -> None:
    collector = bench.collector(agent.port, login, profile="auto", timeout_seconds=2)
    harvest = await collector.collect()
    assert values_of(harvest, "ifOperStatus", "ifName")[("lo",)] == 1
    assert values_of(harvest, "ifType_info", "ifName", "ifType") == {
        key: 1 for key in values_of(harvest, "ifType_info", "ifName", "ifType")
    }
    assert ("lo", "softwareLoopback") in values_of(harvest, "ifType_info", "ifName", "ifType")
    assert {"sys_name", "sys_descr", "sys_object_id"} <= harvest.facts.keys()
    assert (await collector.collect()).layout is harvest.layout


@pytest.mark.parametrize(
    ("login", "says"),
    [
        (by_user(auth="wrong-password"), "password"),
        (by_user(user="nobody"), "user"),
        (by_user(priv="wrong-password"), "privacy"),
        (by_user(priv=None), "security level"),
    ],
    ids=["wrong authentication password", "unknown user", "wrong privacy password", "level too low"],
)
async def test_a_wrong_credential_says_auth_and_not_timeout(
    agent: Snmpd, bench: Bench, login: Login, says: str
) -> None:
    collector = bench.collector(agent.port, login)
    for _ in range(2):
        with pytest.raises(AuthFailed, match=says) as caught:
            await collector.collect()
        assert "wrong-password" not in str(caught.value)
    with pytest.raises(AuthFailed):
        await collector.revive()


async def test_a_wrong_community_is_silence_and_the_detail_says_so(agent: Snmpd, bench: Bench) -> None:
    with pytest.raises(Unreachable, match="community") as caught:
        await bench.collector(agent.port, by_community(community="wrong"), timeout_seconds=0.1).collect()
    assert caught.value.reason is Reason.TIMEOUT


@both
async def test_a_restarted_agent_is_read_at_the_next_poll(agent: Snmpd, bench: Bench, engine: Engine) -> None:
    """F30: engine time and boots begin anew."""
    collector = bench.collector(agent.port, by_user(), timeout_seconds=1, params=SnmpParams(engine=engine))
    before = await collector.collect()
    await agent.process.stop()
    with pytest.raises(Unreachable):
        await collector.collect()
    await agent.start()
    after = await collector.collect()
    assert after.facts["snmp_engine_id"] == before.facts["snmp_engine_id"]


@both
async def test_another_engine_at_the_address_is_found_out(tmp_path: Path, bench: Bench, engine: Engine) -> None:
    """F31: the device was swapped; the new engine's id is a fact."""
    ids: list[str] = []
    first = Snmpd(tmp_path / "first")
    collector = bench.collector(first.port, by_user(), timeout_seconds=0.5, params=SnmpParams(engine=engine))
    second = Snmpd(tmp_path / "second")
    config = tmp_path / "second" / "snmpd.conf"
    config.write_text(config.read_text().replace(str(second.port), str(first.port)))
    for number, agent in enumerate((first, second)):
        agent.port = first.port
        await agent.start()
        ids.append((await collector.collect()).facts["snmp_engine_id"])
        await agent.process.stop()
        assert number == len(ids) - 1
    assert ids[0] != ids[1]


async def test_after_a_long_silence_the_clock_is_read_anew(
    agent: Snmpd, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F30: the agent's time window is 150 s."""
    collector = bench.collector(agent.port, by_user(), timeout_seconds=1)
    await collector.collect()
    monkeypatch.setattr(client, "TIME_WINDOW_SECONDS", -1.0)
    told: list[str] = []
    collector.trace = told.append
    await collector.collect()
    assert told[0].startswith("engine time"), "and with the keys that it has, without another discovery"

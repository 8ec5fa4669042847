"""``ringwacht identify``: what is printed of a known device, of a stranger, of a hostile one; and what is refused."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.app.identify import Options, identify, prepare_visit
from agent.app.loading import StartError
from agent.demo.ber import Request
from tests.collectors.snmp.replay import SYNTHETIC
from tests.harness.snmp_agent import SYSTEM, Agent, encode, interfaces, read_snmprec, snmp_agent

COMMUNITY = "RINGWACHT_TEST_COMMUNITY"
CONFIG = """\
credentials:
  radios: {snmp: {version: 2c, community: {env: RINGWACHT_TEST_COMMUNITY}}}
  servers: {snmp: {version: 2c, community: {env: RINGWACHT_TEST_COMMUNITY}}}
  portal: {token: {env: RINGWACHT_TEST_COMMUNITY}}
"""


@pytest.fixture(autouse=True)
def community(monkeypatch: pytest.MonkeyPatch) -> None:
    """The community that the scripted agents know."""
    monkeypatch.setenv(COMMUNITY, "public")


async def look(options: Options, *, json: bool = False) -> int:
    """The command's exit code; files are read before there is a loop."""
    return await identify(await asyncio.to_thread(prepare_visit, options), json=json)


async def shown(capsys: pytest.CaptureFixture[str], agent: Agent, **options: Any) -> str:
    """What is printed about an agent; its port is left out."""
    host = f"{agent.host}:{agent.port}"
    json = options.pop("json", False)
    keys: dict[str, Any] = {"community_env": COMMUNITY, **options}
    assert await look(Options(host, **keys), json=json) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out.replace(f":{agent.port}", "")


PROFILE = """\
profile:
  title: Example Thing 3000
  kind: climate
  match: {sys_object_id: [1.3.6.1.4.1.99999.1]}
  modules: [system]
  facts: {vendor: =Example, serial: 1.3.6.1.4.1.99999.2.0}
  walk: [{oid: 1.3.6.1.4.1.99999.3, every: 300}]
  neutral:
    - {family: ringwacht_sensor_leak, oid: 1.3.6.1.4.1.99999.3.1, map: {1: 1, 2: 0}, labels: {sensor: {part: 0}}}
    - {family: ringwacht_sensor_dew_point_celsius, oid: 1.3.6.1.4.1.99999.3.2, scale: 0.1, labels: {sensor: {part: 0}}}
"""
KNOWN = """\
127.0.0.1

What it says of itself
    sys_name       scripted
    sys_descr      scripted agent
    sys_object_id  1.3.6.1.4.1.99999.1
    location       Serverraum

Facts
    vendor        Example
    serial        T-7
    snmp_engine   gufo
    snmp_profile  thing

Profiles
    thing  Example Thing 3000  sysObjectID 1.3.6.1.4.1.99999.1 lies under 1.3.6.1.4.1.99999.1

Modules
    system

Tables
    1.3.6.1.4.1.99999.3  4 rows, every 300 s  thing

Neutral values (5 of 6 series)
    ringwacht_sensor_leak               sensor=1                   1
    ringwacht_sensor_leak               sensor=2                   0
    ringwacht_sensor_dew_point_celsius  sensor=1                   9.5
    ringwacht_device_info               vendor=Example serial=T-7  1
    ringwacht_device_uptime_seconds                                1234.56
"""
THING = SYSTEM | {
    "1.3.6.1.4.1.99999.2.0": encode("T-7"),
    "1.3.6.1.4.1.99999.3.1.1": encode(1),
    "1.3.6.1.4.1.99999.3.1.2": encode(2),
    "1.3.6.1.4.1.99999.3.2.1": encode(95),
    "1.3.6.1.4.1.99999.3.2.2": encode("invalid"),
}


async def test_a_known_device(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By a profile of the user's own, with the configuration's credential."""
    (tmp_path / "thing.yml").write_text(PROFILE)
    (tmp_path / "ringwacht.yml").write_text(f"{CONFIG}snmp_modules: [thing.yml]\n")
    async with snmp_agent(Agent(THING)) as agent:
        assert await shown(capsys, agent, community_env=None, config=tmp_path, credential="radios") == KNOWN


async def test_a_stranger_is_told_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    table = interfaces(2) | {"1.3.6.1.2.1.1.1.0": encode("Ceragon prototype"), "1.3.6.1.4.1.99999.5.0": encode(1)}
    async with snmp_agent(Agent(table)) as agent:
        text = await shown(capsys, agent)
    assert "generic  Any SNMP agent (IF-MIB)  no profile names its sysObjectID or sysDescr" in " ".join(text.split(" "))
    assert text.partition("\nNo profile")[2] == (
        " is this device's own: it is read as any SNMP agent.\n"
        "  Its maker has the private enterprise number 99999 (IANA's register has the name).\n"
        "  Nearest profiles, to try with --profile: ceragon.\n"
        "  To have it supported, send us these two walks and the maker's MIB; look through them for secrets first:\n"
        "    snmpwalk -v2c -c COMMUNITY -Cc -On -ObentU 127.0.0.1 1.3.6.1.2.1\n"
        "    snmpwalk -v2c -c COMMUNITY -Cc -On -ObentU 127.0.0.1 1.3.6.1.4.1.99999\n"
    )


async def test_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    async with snmp_agent(Agent(read_snmprec(SYNTHETIC / "rittal_cmciii_synthetic.snmprec"))) as agent:
        found = json.loads(await shown(capsys, agent, json=True))
    assert [one["name"] for one in found["profiles"]] == ["rittal-cmc-iii"]
    assert found["facts"]["model"] == "CMC III PU"
    assert found["stranger"] is None
    assert {one["oid"]: one["rows"] for one in found["tables"]}["1.3.6.1.4.1.2606.7.4.1.2.1.2"] > 0
    leak = {"room": "", "sensor": "CMCIII-LEAK Leakage"}
    assert {"family": "ringwacht_sensor_leak", "labels": leak, "value": 1} in found["values"]


async def test_a_profile_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    async with snmp_agent(Agent(interfaces(1))) as agent:
        found = json.loads(await shown(capsys, agent, json=True, profile="ceragon"))
    assert found["profiles"] == [
        {"name": "ceragon", "title": "Ceragon FibeAir IP-10, IP-20", "why": "the inventory names it"}
    ]


async def test_a_hostile_device_writes_nothing_but_text(capsys: pytest.CaptureFixture[str]) -> None:
    table = interfaces(1) | {
        "1.3.6.1.2.1.1.1.0": encode("[red]\x1b[2J\r\n[/]\u202e[link=x]y"),
        "1.3.6.1.2.1.1.5.0": encode("x" * 5000),
    }
    async with snmp_agent(Agent(table)) as agent:
        text = await shown(capsys, agent)
    assert "[red]\ufffd[2J\ufffd\ufffd[/]\ufffd[link=x]y" in text
    assert all(char.isprintable() or char == "\n" for char in text)
    assert max(map(len, text.splitlines())) <= 120


def senseless(_: Agent, request: Request) -> Sequence[bytes] | None:
    """An answer to no request."""
    return [b"\x30\x00"] if request.oids else None


async def test_a_device_that_does_not_answer(capsys: pytest.CaptureFixture[str]) -> None:
    async with snmp_agent(Agent(interfaces(1), senseless)) as agent:
        host = f"{agent.host}:{agent.port}"
        assert await look(Options(host, community_env=COMMUNITY, timeout_seconds=0.2)) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("127.0.0.1: ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({}, "--credential is one of: radios, servers"),
        ({"credential": "radio"}, "--credential radio: no such credential for SNMP; did you mean radios?"),
        ({"credential": "portal"}, "no such credential for SNMP"),
        ({"community_env": "RINGWACHT_NEVER_SET"}, "the environment has no RINGWACHT_NEVER_SET"),
        ({"credential": "radios", "profile": "ceragonn"}, "did you mean ceragon?"),
        ({"credential": "radios", "host": "not a host"}, "not a host"),
    ],
)
async def test_what_cannot_be_begun(tmp_path: Path, options: dict[str, Any], says: str) -> None:
    (tmp_path / "ringwacht.yml").write_text(CONFIG)
    keys: dict[str, Any] = {"host": "127.0.0.1", "config": tmp_path, **options}
    with pytest.raises(StartError) as caught:
        await look(Options(**keys))
    assert says in str(caught.value)

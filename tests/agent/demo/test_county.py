from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from gufo.snmp.aio import SnmpSession

from agent.demo.cast import DEVICES
from agent.demo.county import County
from agent.demo.errors import DemoError
from agent.demo.mib_ceragon import MWRM, RADIO_INDEX
from agent.demo.scenario import Event, Scenario, What, story
from tests.harness.process import wait_until

NOW = 1_800_000_000.0
RSL = ".".join(map(str, (*MWRM, 5, 1, 1, 2, RADIO_INDEX)))


@pytest.fixture
def county(tmp_path: Path) -> County:
    return County.prepare(tmp_path / "demo", now=NOW, speed=20, scenario=Scenario.RING, usual_ports=False)


@pytest.fixture
async def started(county: County) -> AsyncIterator[County]:
    await county.start()
    try:
        yield county
    finally:
        await county.stop()


def session(county: County, device: str) -> SnmpSession:
    host, port = county.prepared.devices[device].split(":")
    return SnmpSession(host, port=int(port), community="public", timeout=5.0)


async def test_every_device_answers_a_real_client_by_its_name(started: County) -> None:
    for device in DEVICES:
        async with session(started, device.id) as client:
            assert await client.get("1.3.6.1.2.1.1.5.0") == device.id.encode()


@pytest.mark.parametrize("root", ["1.3.6.1.2.1", "1.3.6.1.4.1"])
async def test_bulk_and_next_walks_bring_the_same(started: County, root: str) -> None:
    device = "rr-nordheim-b" if root.endswith("4.1") else "sw-kreishaus-1"
    async with session(started, device) as client:
        bulk = [oid async for oid, _ in client.getbulk(root, max_repetitions=50)]
        single = [oid async for oid, _ in client.getnext(root)]
    assert bulk == single
    assert len(bulk) > (1500 if device.startswith("sw") else 15)


async def test_events_come_in_order_and_the_agents_live_them(started: County) -> None:
    levels: dict[What, object] = {}
    async with session(started, "rr-nordheim-b") as client:
        async for event in started.events():
            levels[event.what] = await client.get(RSL)
            if event.what is What.RECOVERED:
                break
    assert list(levels) == [event.what for event in story(Scenario.RING).events]
    assert levels[What.CUT] == -99
    assert levels[What.RECOVERED] != -99


async def test_a_device_whose_site_is_cut_off_is_silent_until_a_hop_carries_again(started: County) -> None:
    """The story begins anew before long: whoever misses the cut sees the next one."""

    async def silent() -> bool:
        return not await answers(started, "sw-ostfeld-1") and await answers(started, "sw-nordheim-1")

    await wait_until(silent, "Ostfeld is cut off")
    await wait_until(lambda: answers(started, "sw-ostfeld-1"), "Ostfeld is back")


async def answers(county: County, device: str) -> bool:
    """Whether one request is answered within half a second: the cut lasts longer, at any speed."""
    host, port = county.prepared.devices[device].split(":")
    try:
        async with SnmpSession(host, port=int(port), community="public", timeout=0.5) as client:
            return await client.get("1.3.6.1.2.1.1.5.0") == device.encode()
    except TimeoutError:
        return False


async def test_radios_send_traps_to_the_port_that_the_daemon_is_told(started: County) -> None:
    port = int(started.prepared.trap_address.rpartition(":")[2])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taker:
        taker.bind(("127.0.0.1", port))
        taker.setblocking(False)
        async for event in started.events():
            if event.what is What.RECOVERED:
                break
        senders: list[tuple[str, int]] = []
        with contextlib.suppress(BlockingIOError):
            while True:
                senders.append(taker.recvfrom(2048)[1])
    names = {address: name for name, address in started.prepared.devices.items()}
    sent: list[str] = [names[f"{host}:{port}"] for host, port in senders]
    told = Counter[str]({"rr-nordheim-b": 2, "rr-ostfeld-a": 1, "rr-ostfeld-b": 1, "rr-suedhagen-a": 2})
    assert sent[0] == "rr-nordheim-b"
    assert not told - Counter(sent)
    # twenty times as fast the ring may have switched before anybody looks: then Ostfeld can tell of the first cut too
    assert not Counter(sent) - told - Counter(["rr-ostfeld-a"])


async def test_two_counties_play_at_once_even_of_one_folder(started: County, tmp_path: Path) -> None:
    other = await asyncio.to_thread(County.prepare, tmp_path / "demo", now=NOW, scenario=Scenario.NONE)
    assert other.prepared.directory == tmp_path / "demo-2"
    assert not {*other.prepared.devices.values()} & {*started.prepared.devices.values()}
    await other.start()
    try:
        for county in (started, other):
            async with session(county, "usv-kreishaus") as client:
                assert await client.get("1.3.6.1.2.1.33.1.2.4.0") == 100
    finally:
        await other.stop()


def test_two_that_are_only_prepared_do_not_meet_either(tmp_path: Path) -> None:
    first = County.prepare(tmp_path / "a", now=NOW)
    second = County.prepare(tmp_path / "b", now=NOW)
    assert first.prepared.web_address != second.prepared.web_address
    assert first.prepared.portal_url != second.prepared.portal_url
    asyncio.run(first.stop())
    asyncio.run(second.stop())


async def test_a_stopped_county_is_silent_and_its_folder_free_again(county: County) -> None:
    await county.start()
    await county.stop()
    await county.stop()
    directory = county.prepared.directory
    again = await asyncio.to_thread(County.prepare, directory, now=NOW)
    assert again.prepared.directory == directory
    await again.stop()


async def test_events_end_with_stop(county: County) -> None:
    await county.start()
    told = [event.what async for event in _until_stopped(county)]
    assert told[0] is What.STARTED


async def _until_stopped(county: County) -> AsyncIterator[Event]:
    async for event in county.events():
        yield event
        await county.stop()


async def test_a_simulator_that_dies_is_told(county: County) -> None:
    await county.start()
    assert county.pid is not None
    os.kill(county.pid, signal.SIGKILL)
    with pytest.raises(DemoError, match="ended by itself"):
        await asyncio.wait_for(_listen(county), 10)
    await county.stop()


async def _listen(county: County) -> None:
    async for _ in county.events():
        pass


async def test_a_simulator_that_cannot_start_is_told(county: County) -> None:
    (county.prepared.directory / "secrets/portal.key").write_text("no key")
    with pytest.raises(DemoError, match="ended at once"):
        await county.start()


PARENT = """
import asyncio, sys
from pathlib import Path
from agent.demo.county import County

county = County.prepare(Path(sys.argv[1]), now=0.0)

async def main():
    await county.start()
    print(county.pid, flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_the_simulator_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-c", PARENT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    simulator = int(await parent.stdout.readline())
    assert _alive(simulator)
    parent.kill()
    await parent.wait()
    await wait_until(lambda: _ended(simulator), "the simulator has ended")


async def _ended(pid: int) -> bool:
    return not _alive(pid)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("speed", [0, -1, 0.01, 100, float("nan"), float("inf")])
def test_a_speed_that_nobody_could_watch_is_refused(tmp_path: Path, speed: float) -> None:
    with pytest.raises(DemoError, match="speed"):
        County.prepare(tmp_path / "demo", now=NOW, speed=speed)
    assert not (tmp_path / "demo").exists()


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DemoError, match=r"^cannot write into .*file/demo: "):
        County.prepare(tmp_path / "file" / "demo", now=NOW)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A county in another process, so that a blocking client may be used."""
    script = PARENT.replace("county.pid", "__import__('json').dumps(dict(county.prepared.devices))")
    with subprocess.Popen(
        [sys.executable, "-P", "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        try:
            yield json.loads(parent.stdout.readline())
        finally:
            parent.kill()


@pytest.mark.integration
@pytest.mark.parametrize("options", [["snmpwalk", "-v1"], ["snmpwalk", "-v2c"], ["snmpbulkwalk", "-v2c", "-Cr50"]])
@pytest.mark.parametrize("device", ["sw-ostfeld-1", "rr-kreishaus-a", "usv-kreishaus", "klima-kreishaus"])
def test_net_snmp_walks_it(running: dict[str, str], options: list[str], device: str) -> None:
    command = [*options, "-c", "public", "-On", running[device], "1.3.6.1"]
    walk = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "rror" not in walk.stdout + walk.stderr
    assert f'.1.3.6.1.2.1.1.5.0 = STRING: "{device}"' in walk.stdout
    counters64 = walk.stdout.count("Counter64")
    assert counters64 == 0 if "-v1" in options else counters64 > 0

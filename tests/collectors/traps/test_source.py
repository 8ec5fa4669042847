"""What comes in at the trap port, sent by net-snmp's own snmptrap and snmpinform."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_network
from typing import Any, TypeVar

import pytest
from pydantic import SecretStr

from agent.contract import CannotCheck, Event
from agent.demo import ber
from collectors.traps.receiver import Receiver
from collectors.traps.source import TrapSource
from config.address import Address
from config.credentials import SnmpCredential
from config.settings import Traps
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeTelemetry, FakeWire
from tests.harness.process import free_port
from tests.harness.process import wait_until as wait_for

T = TypeVar("T")
LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
V3 = ("-v3", "-u", "melder", "-a", "SHA-256", "-A", "authpass123", "-x", "AES", "-X", "privpass123")


async def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for what other tasks and processes bring about."""

    async def ready() -> bool:
        return holds()

    await wait_for(ready, "what the test waits for", 10.0)


def credentials() -> list[SnmpCredential]:
    user: dict[str, Any] = {
        "version": "3",
        "username": "melder",
        "auth_protocol": "SHA-256",
        "auth_password": SecretStr("authpass123"),
        "priv_protocol": "AES-128",
        "priv_password": SecretStr("privpass123"),
    }
    other: dict[str, Any] = {**user, "auth_password": SecretStr("otherpass123")}
    return [
        SnmpCredential.model_construct(version="2c", community=SecretStr("lab")),
        SnmpCredential.model_construct(**user),
        SnmpCredential.model_construct(**other),
        SnmpCredential.model_construct(version="2c", community=SecretStr("schlüssel")),
    ]


class Full(FakeWire):
    """A wire whose threads are all taken, until ``full`` is not."""

    full = True

    async def blocking(self, pool: str, call: Callable[[], T]) -> T:
        """Refuse, or run the call."""
        if self.full:
            raise CannotCheck("1000 calls wait")
        return await super().blocking(pool, call)


class Port:
    """A listening source and what came of it."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.address = str(Address(host, port))
        self.host = host
        self.port = port
        self.events: list[Event] = []
        self.telemetry = FakeTelemetry()

    @property
    def dropped(self) -> dict[str, float]:
        """Datagrams that were not taken, by why."""
        return {labels[0][1]: value for (_, labels), value in self.telemetry.values.items()}

    async def send(self, *arguments: str, program: str = "snmptrap") -> int:
        """Run net-snmp's sender; return its status."""
        process = await asyncio.create_subprocess_exec(program, *arguments, stderr=asyncio.subprocess.DEVNULL)
        return await process.wait()

    async def until(self, count: int) -> list[str]:
        """Wait for so many events; return their names."""
        await wait_until(lambda: len(self.events) >= count)
        return [event.name for event in self.events]


@asynccontextmanager
async def listening(
    clock: FakeClock, allow: Sequence[str] = ("127.0.0.0/8", "::1/128"), host: str = "127.0.0.1"
) -> AsyncGenerator[Port]:
    port = Port(free_port(socket.SOCK_DGRAM), host)
    settings = Traps.model_construct(
        listen=Address(host, port.port), allow=tuple(map(ip_network, allow)), credentials=()
    )
    source = TrapSource(settings, credentials(), FakeWire(port.telemetry, at_once=True), clock)
    task = asyncio.create_task(source.run(port.events.append))
    await wait_until(lambda: _is_bound(port))
    yield port
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _all_counted(port: Port, count: int) -> bool:
    return sum(port.dropped.values()) == count


def _is_bound(port: Port) -> bool:
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((port.host, port.port))
        except OSError:
            return True
    return False


@pytest.mark.parametrize(
    "arguments",
    [
        ("-v2c", "-c", "lab", "{to}", "", LINK_DOWN, "1.3.6.1.2.1.2.2.1.1.3", "i", "3"),
        ("-v2c", "-c", "schlüssel", "{to}", "", LINK_DOWN),
        ("-v1", "-c", "lab", "{to}", "1.3.6.1.4.1.99999", "10.0.0.1", "2", "0", "1"),
        ("-e", "0x8000000001020304", *V3, "-l", "authPriv", "{to}", "", LINK_DOWN),
    ],
    ids=["v2c", "umlaut", "v1", "v3"],
)
async def test_a_trap_is_heard_in_every_version(arguments: Sequence[str], clock: FakeClock) -> None:
    async with listening(clock) as port:
        assert await port.send(*(one.format(to=port.address) for one in arguments)) == 0
        assert await port.until(1) == ["linkDown"]
    assert port.events[0] == Event(clock.now(), "127.0.0.1", LINK_DOWN, "linkDown", urgent=True)


@pytest.mark.parametrize("version", [("-v2c", "-c", "lab"), (*V3, "-l", "authPriv")], ids=["v2c", "v3"])
async def test_an_inform_is_heard_and_answered(version: Sequence[str], clock: FakeClock) -> None:
    async with listening(clock) as port:
        assert await port.send(*version, port.address, "", LINK_DOWN, program="snmpinform") == 0, "not acknowledged"
        assert await port.until(1) == ["linkDown"]


@pytest.mark.parametrize("program", ["snmptrap", "snmpinform"])
async def test_two_credentials_may_share_a_user_name(program: str, clock: FakeClock) -> None:
    async with listening(clock) as port:
        engine = ("-e", "0x8000000001020399") if program == "snmptrap" else ()
        for password in ("authpass123", "otherpass123", "authpass123"):
            other = ("-v3", "-u", "melder", "-a", "SHA-256", "-A", password, "-x", "AES", "-X", "privpass123")
            assert await port.send(*engine, *other, "-l", "authPriv", port.address, "", LINK_DOWN, program=program) == 0
        assert await port.until(3) == ["linkDown"] * 3


async def test_forged_engines_are_not_remembered(clock: FakeClock) -> None:
    """Who cannot sign fills no table: only the engine that did is known."""
    receiver = await asyncio.to_thread(Receiver, credentials(), lambda _message, _address: None)
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind(("127.0.0.1", 0))
    sender.setblocking(False)
    port = Port(sender.getsockname()[1])
    for engine, password in (("01", "wrongpass123"), ("02", "wrongpass123"), ("03", "authpass123")):
        user = ("-v3", "-u", "melder", "-a", "SHA-256", "-A", password, "-x", "AES", "-X", "privpass123")
        await port.send("-e", f"0x80000000010203{engine}", *user, "-l", "authPriv", port.address, "", LINK_DOWN)
        datagram = await asyncio.get_running_loop().sock_recv(sender, 2000)
        heard = receiver.read(datagram, ("127.0.0.1", 1), clock.now())
        assert heard == ([LINK_DOWN] if engine == "03" else [])
    sender.close()
    assert receiver.engines == 1


async def test_what_cannot_be_prepared_ends_nothing(clock: FakeClock) -> None:
    """Too many calls wait for a thread: said, and tried again."""
    port = Port(free_port(socket.SOCK_DGRAM))
    settings = Traps.model_construct(
        listen=Address("127.0.0.1", port.port), allow=(ip_network("127.0.0.0/8"),), credentials=()
    )
    wire = Full(port.telemetry, at_once=True)
    task = asyncio.create_task(TrapSource(settings, credentials(), wire, clock).run(port.events.append))
    await clock.advance(31)
    assert not task.done()
    wire.full = False
    await clock.advance(31)
    await wait_until(lambda: _is_bound(port))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_an_inform_comes_over_ipv6_too(clock: FakeClock) -> None:
    async with listening(clock, host="::1") as port:
        to = f"udp6:[::1]:{port.port}"
        assert await port.send("-v2c", "-c", "lab", to, "", LINK_DOWN, program="snmpinform") == 0
        assert await port.until(1) == ["linkDown"]
    assert port.events[0].source == "::1"


@pytest.mark.parametrize(
    "arguments",
    [
        ("-v2c", "-c", "wrong"),
        ("-e", "0x8000000001020304", "-v3", "-u", "stranger", "-l", "noAuthNoPriv"),
        ("-e", "0x8000000001020304", *V3, "-l", "authNoPriv"),  # below what its user is configured for
        ("-e", "0x8000000001020304", *V3, "-l", "noAuthNoPriv"),
        ("-e", "0x8000000001020304", *V3, "-A", "wrongpass123", "-l", "authPriv"),
        ("-e", "0x8000000001020304", *V3, "-X", "wrongpass123", "-l", "authPriv"),
    ],
    ids=["community", "user", "no privacy", "no authentication", "authentication", "privacy"],
)
async def test_nobody_is_believed_without_the_right_login(arguments: Sequence[str], clock: FakeClock) -> None:
    async with listening(clock) as port:
        await port.send(*arguments, port.address, "", LINK_DOWN)
        await wait_until(lambda: bool(port.dropped))
        assert sum(port.dropped.values()) == 1
        assert await port.send("-v2c", "-c", "lab", port.address, "", LINK_DOWN) == 0
        assert await port.until(1) == ["linkDown"]


async def test_senders_that_are_not_allowed_reach_no_decoder(clock: FakeClock) -> None:
    async with listening(clock, allow=["192.0.2.0/24"]) as port:
        await port.send("-v2c", "-c", "lab", port.address, "", LINK_DOWN)
        await wait_until(lambda: port.dropped == {"not_allowed": 1})
    assert port.events == []


async def test_garbage_costs_only_itself(clock: FakeClock) -> None:
    """Noise, cut messages, seeds that made decoders crash, and one that is too long; then a trap that is taken."""
    noise = random.Random(4)  # noqa: S311 - the same noise each time
    trap_oid = ber.tlv(
        ber.SEQUENCE, ber.oid((1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)) + ber.oid((1, 3, 6, 1, 6, 3, 1, 1, 5, 3))
    )
    body = ber.integer(7) + ber.integer(0) + ber.integer(0) + ber.tlv(ber.SEQUENCE, trap_oid)
    good = ber.tlv(ber.SEQUENCE, ber.integer(1) + ber.octets("lab") + ber.tlv(0xA7, body))
    seeds = [b"", b"\x30\x81", b"\x30\x02\x30\x82", b"\x1f\x81", b"\x30\xff", b"0" * 9000, b"\x30\x80" * 2000]
    seeds += [noise.randbytes(noise.randrange(1, 400)) for _ in range(100)]
    seeds += [good[:cut] for cut in range(len(good))]
    async with listening(clock) as port:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for at, datagram in enumerate(seeds):
                if at % 10 == 0:
                    await clock.advance(10)  # so that no limit turns them away before the decoder
                sender.sendto(datagram, ("127.0.0.1", port.port))
                await wait_until(partial(_all_counted, port, at + 1))
        await clock.advance(10)
        assert await port.send("-v2c", "-c", "lab", port.address, "", LINK_DOWN) == 0
        assert await port.until(1) == ["linkDown"]
    assert set(port.dropped) <= {"malformed", "refused"}


async def test_a_port_that_is_taken_is_tried_again(clock: FakeClock) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = Port(other.getsockname()[1])
        settings = Traps.model_construct(
            listen=Address("127.0.0.1", port.port), allow=(ip_network("127.0.0.0/8"),), credentials=()
        )
        source = TrapSource(settings, credentials(), FakeWire(port.telemetry, at_once=True), clock)
        task = asyncio.create_task(source.run(port.events.append))
        await clock.advance(31)
        assert not task.done()
    await clock.advance(31)
    await wait_until(lambda: _is_bound(port))
    await port.send("-v2c", "-c", "lab", port.address, "", LINK_DOWN)
    assert await port.until(1) == ["linkDown"]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

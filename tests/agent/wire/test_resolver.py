from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from agent.contract import CannotCheck, CollectError, Reason, Unreachable
from agent.wire.pools import Pools
from agent.wire.resolver import RETRY_SECONDS, TTL_SECONDS, Resolver, system_lookup
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from tests.harness.clock import FakeClock, settle

Answer = tuple[str, ...] | Exception


class Names:
    """A name server that answers as told, when told."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.answer: Answer = ("192.0.2.1",)
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.resolver = Resolver(self.clock, self._blocking, self._lookup)

    def _lookup(self, host: str) -> tuple[str, ...]:
        self.asked.append(host)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def _blocking(self, call: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        await self.gate.wait()
        return call()


@pytest.fixture
async def names() -> Names:
    return Names()


@pytest.mark.parametrize("literal", ["192.0.2.7", "2001:db8::1", "fe80::1%eth0"])
async def test_a_literal_comes_back_unchanged(names: Names, literal: str) -> None:
    assert await names.resolver.resolve(literal) == literal
    assert names.asked == []


async def test_an_answer_is_cached_for_its_time(names: Names) -> None:
    for _ in range(3):
        assert await names.resolver.resolve("sw-1") == "192.0.2.1"
    assert names.asked == ["sw-1"]
    names.answer = ("192.0.2.2",)
    await names.clock.advance(TTL_SECONDS)
    # the old one is given out while the new one is looked up
    assert await names.resolver.resolve("sw-1") == "192.0.2.1"
    await settle()
    assert await names.resolver.resolve("sw-1") == "192.0.2.2"
    assert names.asked == ["sw-1"] * 2


async def test_a_name_with_several_addresses_keeps_the_one_in_use(names: Names) -> None:
    await names.resolver.resolve("sw-1")
    names.answer = ("192.0.2.9", "192.0.2.1")
    await names.clock.advance(TTL_SECONDS)
    await names.resolver.resolve("sw-1")
    await settle()
    assert await names.resolver.resolve("sw-1") == "192.0.2.1"


@pytest.mark.parametrize("failure", [socket.gaierror(-3, "try again"), UnicodeError("label too long"), ()])
async def test_the_last_good_address_is_kept_when_the_name_server_fails(names: Names, failure: Answer) -> None:
    await names.resolver.resolve("sw-1")
    names.answer = failure
    for _ in range(3):
        await names.clock.advance(TTL_SECONDS)
        assert await names.resolver.resolve("sw-1") == "192.0.2.1"
        await settle()


async def test_a_name_never_resolved_is_unreachable_and_asked_again_soon(names: Names) -> None:
    names.answer = socket.gaierror(-2, "Name or service not known\x1b[2J")
    for _ in range(2):
        with pytest.raises(Unreachable) as caught:
            await names.resolver.resolve("sw-1")
        assert caught.value.reason is Reason.UNREACHABLE
        assert caught.value.detail.isprintable()
    assert len(names.asked) == 1
    names.answer = ("192.0.2.3",)
    await names.clock.advance(RETRY_SECONDS)
    assert await names.resolver.resolve("sw-1") == "192.0.2.3"


@pytest.mark.parametrize("failure", [socket.gaierror(socket.EAI_AGAIN, "try again"), CannotCheck("calls wait")])
async def test_without_a_name_server_no_device_is_blamed(names: Names, failure: Exception) -> None:
    names.answer = failure
    for _ in range(2):  # the second time out of the cache
        with pytest.raises(CannotCheck, match="name sw-1 not resolved"):
            await names.resolver.resolve("sw-1")
    assert len(names.asked) == 1
    names.answer = socket.gaierror(socket.EAI_NONAME, "unknown")
    await names.clock.advance(RETRY_SECONDS)
    with pytest.raises(Unreachable):
        await names.resolver.resolve("sw-1")


async def test_who_waits_for_one_name_shares_one_lookup_and_may_give_up_alone(names: Names) -> None:
    names.gate.clear()
    impatient, patient = (asyncio.create_task(names.resolver.resolve("sw-1")) for _ in range(2))
    await settle()
    impatient.cancel()
    await settle()
    names.gate.set()
    assert await patient == "192.0.2.1"
    assert impatient.cancelled()
    assert names.asked == ["sw-1"]


async def test_close_ends_lookups_that_hang(names: Names) -> None:
    names.gate.clear()
    waiting = asyncio.create_task(names.resolver.resolve("sw-1"))
    await settle()
    await names.resolver.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_the_wire_resolves_by_the_system() -> None:
    pools = Pools()
    wire = LocalWire(FakeClock(), MeterBook(), pools)
    assert await wire.resolve("localhost") in {"127.0.0.1", "::1"}
    assert await wire.blocking("psutil", lambda: 7) == 7
    with pytest.raises(CollectError):  # whose fault it is depends on whether this machine has a name server
        await wire.resolve("nonesuch.invalid")
    await wire.close()
    pools.close()


def test_the_system_gives_each_address_once() -> None:
    found = system_lookup("127.0.0.1")
    assert found == ("127.0.0.1",)

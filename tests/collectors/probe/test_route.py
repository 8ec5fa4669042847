"""Which of a name's addresses is asked, and from where."""

from __future__ import annotations

import pytest

from agent.contract import CannotCheck, Reason, Unreachable
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.probe.connect import Endpoint, find, open_hop
from collectors.probe.stream import Stream
from config.route import Route
from tests.collectors.probe.servers import raw_server, stays_silent
from tests.harness.clock import FakeClock

BOTH = ("2001:db8::1", "192.0.2.1")


async def found(addresses: tuple[str, ...], route: Route) -> str:
    pools = Pools()
    wire = LocalWire(FakeClock(), MeterBook(), pools, lambda _host: addresses)
    try:
        return await find("a.example", wire, route)
    finally:
        await wire.close()
        pools.close()


@pytest.mark.parametrize(
    ("addresses", "route", "address"),
    [
        (BOTH, Route(), "2001:db8::1"),
        (BOTH, Route(ip_version=4), "192.0.2.1"),
        (BOTH, Route(ip_version=6), "2001:db8::1"),
        (BOTH, Route(source="192.0.2.9"), "192.0.2.1"),
        (BOTH[1:], Route(ip_version=6), "192.0.2.1"),
    ],
)
async def test_the_preferred_version_is_asked(addresses: tuple[str, ...], route: Route, address: str) -> None:
    assert await found(addresses, route) == address


async def test_the_other_version_is_refused_where_there_is_no_falling_back() -> None:
    with pytest.raises(Unreachable, match="has no IPv6 address") as caught:
        await found(BOTH[1:], Route(ip_version=6, ip_fallback=False))
    assert caught.value.reason is Reason.UNREACHABLE
    with pytest.raises(CannotCheck, match="cannot be reached from"):
        await found(BOTH[1:], Route(source="2001:db8::9"))


async def test_a_connection_leaves_from_the_address_that_is_set(wire: LocalWire) -> None:
    async with raw_server(stays_silent) as port:
        endpoint = Endpoint("127.0.0.1", port, route=Route(source="127.0.0.9"))
        _, stream = await open_hop(endpoint, wire, 5, Stream)
        assert stream.fact("sockname")[0] == "127.0.0.9"
        stream.close()

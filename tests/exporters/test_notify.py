"""Delivery through Apprise, against sinks on loopback."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Iterator

import pytest
from pydantic import SecretStr

from agent.contract import Delivered, Parcel, Rejected, Retry, Severity, Wire
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from exporters.notify import AppriseDeliverer, deliverers_of
from exporters.ways import BUSY_SECONDS, RETRY_SECONDS
from tests.exporters.briefings import briefing, make_alert, parcel, told
from tests.harness.clock import FakeClock, settle
from tests.harness.fakes import FakeWire
from tests.harness.process import free_port
from tests.harness.sink import sink

# Apprise imports a module that Python 3.13 dropped.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """What arrives where the daemon's log is written; pytest's own capture listens at every logger besides."""
    lines: list[str] = []
    handler = logging.Handler(0)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]  # three lines less
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


def deliverer(port: int, wire: Wire | None = None) -> AppriseDeliverer:
    url = SecretStr(f"json://user:geheim@127.0.0.1:{port}")
    return AppriseDeliverer("URL 1 of it-team", url, briefing(), wire or FakeWire())


def message(summary: str = "Strecke ausgefallen", *, key: str = "key-1") -> Parcel:
    return parcel(told(make_alert(summary, severity=Severity.WARNING, site=None), receiver="it-team"), key=key)


async def test_a_message_arrives_as_it_was_meant() -> None:
    text = "Anschluss {{ 7*7 }} %s {0} <b>\\n ist aus\nzweite Zeile :smile:"
    async with sink() as here:
        assert await deliverer(here.port).deliver(message(text)) == Delivered()
    (request,) = here.requests
    sent = request.json()
    assert sent["title"] == f"WARNUNG: {text}, seit 14:03".replace("\n", "\ufffd").replace("<", "‹")
    assert "link:ev-vdsl · Regel link_down · Ref " in sent["message"]
    assert sent["type"] == "warning"


async def test_an_own_endpoint_is_given_the_idempotency_key_at_each_try() -> None:
    async with sink() as here:
        sender = deliverer(here.port)
        here.status = 503
        await sender.deliver(message())
        here.status = 200
        await sender.deliver(message())
        await sender.deliver(message(key="key-2"))
    assert [request.headers["Idempotency-Key"] for request in here.requests] == ["key-1", "key-1", "key-2"]
    assert here.requests[0].body == here.requests[1].body


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 413, 422])
async def test_what_the_far_side_refuses_is_told_apart(status: int) -> None:
    async with sink() as here:
        here.status = status
        outcome = await deliverer(here.port).deliver(message())
    assert outcome == Rejected(f"URL 1 of it-team refused the message: HTTP {status}")


@pytest.mark.parametrize(
    ("status", "seconds"), [(301, RETRY_SECONDS), (408, RETRY_SECONDS), (429, BUSY_SECONDS), (500, RETRY_SECONDS)]
)
async def test_what_may_pass_is_tried_again(status: int, seconds: float) -> None:
    async with sink() as here:
        here.status = status
        outcome = await deliverer(here.port).deliver(message())
    assert isinstance(outcome, Retry)
    assert outcome.after_seconds == seconds


async def test_a_device_cannot_write_a_status_into_the_outcome() -> None:
    async with sink() as here:
        here.status = 503
        assert isinstance(await deliverer(here.port).deliver(message("error=404 error=410")), Retry)


async def test_a_sink_that_fails_or_is_gone_is_tried_again() -> None:
    async with sink() as here:
        here.status = 503
        sender = deliverer(here.port)
        first = await sender.deliver(message())
        assert isinstance(first, Retry)
        assert "geheim" not in first.why
        here.status = 200
        assert await sender.deliver(message()) == Delivered()
    assert isinstance(await deliverer(free_port()).deliver(message()), Retry)


async def test_each_url_has_a_name_that_tells_a_change_and_not_the_url() -> None:
    def names(*urls: str) -> list[str]:
        return list(deliverers_of("it-team", tuple(map(SecretStr, urls)), briefing(), FakeWire()))

    first = names("json://user:geheim@a.example", "json://b.example")
    assert names("json://user:geheim@a.example", "json://b.example") == first
    changed = names("json://user:anders@a.example", "json://b.example")
    assert (changed[0] != first[0], changed[1] == first[1]) == (True, True)
    assert all(re.fullmatch("[12]-[0-9a-f]{4}", name) for name in first)


async def test_of_several_urls_the_one_that_fails_is_named_by_its_place() -> None:
    async with sink() as here, sink() as there:
        there.status = 403
        urls = tuple(SecretStr(f"json://127.0.0.1:{one.port}") for one in (here, there))
        made = deliverers_of("it-team", urls, briefing(), FakeWire()).values()
        outcomes = [await one.deliver(message()) for one in made]
    assert outcomes == [Delivered(), Rejected("URL 2 of it-team refused the message: HTTP 403")]


async def test_fifteen_receivers_that_hang_do_not_hold_up_another() -> None:
    pools, hung = Pools(), threading.Event()
    wire = LocalWire(FakeClock(), MeterBook(), pools)
    hanging = [asyncio.create_task(wire.blocking("apprise", hung.wait)) for _ in range(15)]
    await settle()
    try:
        async with sink() as here, asyncio.timeout(30):
            assert await deliverer(here.port, wire=wire).deliver(message()) == Delivered()
    finally:
        hung.set()
    await asyncio.gather(*hanging)
    await wire.close()
    pools.close()


async def test_a_url_that_apprise_does_not_know_is_refused_for_good(logged: list[str]) -> None:
    sender = AppriseDeliverer("URL 1 of it-team", SecretStr("nosuch://geheim@example.org"), briefing(), FakeWire())
    outcome = await sender.deliver(message())
    assert outcome == Rejected("URL 1 of it-team is none that Apprise knows")
    assert "geheim" not in "".join(logged)


async def test_nothing_that_apprise_says_reaches_a_log_or_the_terminal(
    logged: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    async with sink() as here:
        here.status = 401
        await deliverer(here.port).deliver(message())
        await deliverer(free_port()).deliver(message())
    assert not [line for line in logged if "geheim" in line or "JSON" in line]
    assert "".join(capfd.readouterr()) == ""

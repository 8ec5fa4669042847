from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from agent.contract import AlertState, Delivered, Notification, Rejected, Retry, Severity, Subject, Wire
from agent.risk.texts import Language
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from exporters.message import compose
from exporters.notify import AppriseDeliverer
from tests.exporters.fakes import make_alert
from tests.harness.clock import FakeClock, settle
from tests.harness.fakes import FakeWire
from tests.harness.process import free_port
from tests.harness.sink import sink

# Apprise imports a module that Python 3.13 dropped.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def deliverer(*ports: int, language: Language = "de", wire: Wire | None = None) -> AppriseDeliverer:
    urls = tuple(SecretStr(f"json://user:geheim@127.0.0.1:{port}") for port in ports)
    return AppriseDeliverer("it-team", urls, language, wire or FakeWire())


def notification(summary: str = "Strecke ausgefallen") -> Notification:
    return Notification("key-1", "it-team", make_alert(summary=summary), 0.0, 0.0)


async def test_a_message_arrives_as_it_was_meant() -> None:
    text = "Anschluss {{ 7*7 }} %s {0} <b>\\n ist aus\nzweite Zeile :smile:"
    async with sink() as here:
        assert await deliverer(here.port).deliver(notification(text)) == Delivered()
    (request,) = here.requests
    message = request.json()
    assert message["title"] == f"WARNUNG: {text}".replace("\n", "\ufffd")
    assert message["message"].splitlines()[0] == text.replace("\n", "\ufffd")
    assert message["type"] == "warning"


async def test_a_sink_that_fails_or_is_gone_is_tried_again() -> None:
    async with sink() as here:
        here.status = 503
        sender = deliverer(here.port)
        first = await sender.deliver(notification())
        assert isinstance(first, Retry)
        assert "geheim" not in first.why
        here.status = 200
        assert await sender.deliver(notification()) == Delivered()
    assert isinstance(await deliverer(free_port()).deliver(notification()), Retry)


async def test_who_has_accepted_is_not_bothered_again() -> None:
    async with sink() as here, sink() as there:
        there.status = 500
        sender = deliverer(here.port, there.port)
        assert isinstance(await sender.deliver(notification()), Retry)
        there.status = 200
        assert await sender.deliver(notification()) == Delivered()
        assert len(here.requests) == 1
        assert len(there.requests) == 2
        assert await sender.deliver(replace(notification(), key="key-2")) == Delivered()
        assert len(here.requests) == 2


async def test_the_urls_of_a_receiver_are_called_one_after_another() -> None:
    async with sink() as here, sink() as there:
        here.gate.clear()
        here.status = 503
        sending = asyncio.create_task(deliverer(here.port, there.port).deliver(notification()))
        await here.wait()
        assert there.requests == []
        here.gate.set()
        assert isinstance(await sending, Retry)
        assert len(there.requests) == 1


async def test_a_delivery_cut_short_goes_on_with_the_url_after_the_one_that_hung() -> None:
    async with sink() as first, sink() as hung, sink() as last:
        hung.gate.clear()
        sender = deliverer(first.port, hung.port, last.port)
        cut = asyncio.create_task(sender.deliver(notification()))
        await hung.wait()
        cut.cancel()
        again = asyncio.create_task(sender.deliver(notification()))
        await last.wait()
        hung.gate.set()
        assert await again == Delivered()
        assert (len(first.requests), len(last.requests)) == (1, 1)


async def test_fifteen_receivers_that_hang_do_not_hold_up_another() -> None:
    pools, hung = Pools(), threading.Event()
    wire = LocalWire(FakeClock(), MeterBook(), pools)
    hanging = [asyncio.create_task(wire.blocking("apprise", hung.wait)) for _ in range(15)]
    await settle()
    try:
        async with sink() as here, asyncio.timeout(30):
            assert await deliverer(here.port, wire=wire).deliver(notification()) == Delivered()
    finally:
        hung.set()
    await asyncio.gather(*hanging)
    await wire.close()
    pools.close()


async def test_a_url_that_apprise_does_not_know_is_refused_for_good(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sender = AppriseDeliverer("it-team", (SecretStr("nosuch://geheim@example.org"),), "en", FakeWire())
    outcome = await sender.deliver(notification())
    assert outcome == Rejected("URL 1 of it-team is none that Apprise knows")
    assert "geheim" not in caplog.text


async def test_no_url_reaches_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert isinstance(await deliverer(free_port()).deliver(notification()), Retry)
    assert "geheim" not in "".join(record.getMessage() for record in caplog.records if record.name == "apprise")


def test_the_message_of_a_resolved_alert_in_both_languages() -> None:
    alert = make_alert(state=AlertState.RESOLVED, severity=Severity.CRITICAL)
    german, english = compose(alert, "de"), compose(alert, "en")
    assert german.title == "BEHOBEN: Strecke ausgefallen"
    assert english.title == "RESOLVED: Strecke ausgefallen"
    assert english.body.splitlines() == [
        "Strecke ausgefallen",
        "Port 1 ist aus",
        "",
        "Subject: link:rf-kh-wad",
        "Site: wadersloh",
        "Since 2027-01-15 08:00:00+00:00",
        "Resolved at 2027-01-15 08:01:00+00:00",
        "Rule: link_down",
    ]
    assert german.body.splitlines()[3:] == [
        "Betrifft: link:rf-kh-wad",
        "Standort: wadersloh",
        "Seit dem 15.01.2027 um 08:00 Uhr",
        "Behoben am 15.01.2027 um 08:01 Uhr",
        "Regel: link_down",
    ]


def test_times_are_those_of_the_municipality() -> None:
    zone = ZoneInfo("Europe/Berlin")
    july = make_alert(since=1_784_000_000.0)
    assert "Seit dem 14.07.2026 um 05:33 Uhr" in compose(july, "de", zone).body
    assert "Since 2026-07-14 05:33:20+02:00" in compose(july, "en", zone).body


def test_what_a_finding_says_is_no_template() -> None:
    alert = make_alert(summary="{} {0} {summary}", subject=Subject("device", "{}{0}"))
    message = compose(alert, "de")
    assert message.title == "WARNUNG: {} {0} {summary}"
    assert "Betrifft: device:{}{0}" in message.body.splitlines()


def test_the_cause_is_named() -> None:
    alert = make_alert()
    caused = replace(alert, finding=replace(alert.finding, cause=Subject("link", "rf-sas-kh"), norm="BSI INF.2"))
    assert {"Cause: link:rf-sas-kh", "Norm: BSI INF.2"} <= set(compose(caused, "en").body.splitlines())


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_long_title_stays_one_short_line(end: str) -> None:
    title = compose(make_alert(summary=f"ä{end}" * 1000), "de").title
    assert title.splitlines() == [title]
    assert len(title.encode()) <= 240
    assert title.isprintable()

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from pydantic import SecretStr

from agent.contract import AlertState, Delivered, Notification, Rejected, Retry, Severity, Subject
from exporters.message import Language, compose
from exporters.notify import AppriseDeliverer
from tests.exporters.fakes import FakeWire, make_alert
from tests.harness.process import free_port
from tests.harness.sink import sink

# Apprise imports a module that Python 3.13 dropped.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")


def deliverer(*ports: int, language: Language = "de", wire: FakeWire | None = None) -> AppriseDeliverer:
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
        "Since: 2027-01-15 08:00:00 UTC",
        "Resolved at: 2027-01-15 08:01:00 UTC",
        "Rule: link_down",
    ]
    assert "Seit: 2027-01-15 08:00:00 UTC" in german.body


def test_the_cause_is_named() -> None:
    alert = make_alert()
    caused = replace(alert, finding=replace(alert.finding, cause=Subject("link", "rf-sas-kh"), norm="BSI INF.2"))
    assert {"Cause: link:rf-sas-kh", "Norm: BSI INF.2"} <= set(compose(caused, "en").body.splitlines())


def test_a_long_title_stays_one_short_line() -> None:
    title = compose(make_alert(summary="ä\r\n" * 1000), "de").title
    assert len(title.encode()) <= 240
    assert title.isprintable()

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Alert, AlertState, Muted, Severity, Subject
from exporters.alertmanager import AlertmanagerExporter, Origin
from tests.exporters.fakes import make_alert, make_snapshot
from tests.harness.alertmanager import alertmanager
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeTelemetry
from tests.harness.process import free_port
from tests.harness.sink import Sink, sink

ORIGIN = Origin("musterland", "http://127.0.0.1:9595/api/v1/alerts", "http://127.0.0.1:9595/runbooks")
NOW = 1_800_000_000.0


class Desk:
    """An exporter with a clock that stands still."""

    def __init__(self, url: str) -> None:
        self.clock = FakeClock(NOW)
        self.telemetry = FakeTelemetry()
        self.exporter = AlertmanagerExporter(url, ORIGIN, self.clock, self.telemetry)

    async def publish(self, *alerts: Alert) -> None:
        await self.exporter.publish(make_snapshot(alerts=alerts))

    def tried(self, outcome: str) -> float:
        return self.telemetry.outcomes(self.exporter.name)[outcome]


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def posted(here: Sink) -> list[dict[str, Any]]:
    alerts: list[dict[str, Any]] = here.requests[-1].json()
    return alerts


async def test_a_firing_alert_is_sent_with_its_identity_alone_as_labels() -> None:
    async with sink() as here:
        desk = Desk(here.url + "/")
        await desk.publish(make_alert(since=NOW - 60))
        await desk.exporter.close()
    assert [(request.method, request.path) for request in here.requests] == [("POST", "/api/v2/alerts")]
    (alert,) = posted(here)
    assert alert["labels"] == {
        "alertname": "link_down",
        "subject": "link:rf-kh-wad",
        "link": "rf-kh-wad",
        "site": "wadersloh",
        "severity": "warning",
        "municipality": "musterland",
    }
    assert alert["annotations"] == {
        "summary": "Strecke ausgefallen",
        "description": "Port 1 ist aus",
        "runbook_url": "http://127.0.0.1:9595/runbooks/link_down",
    }
    assert seconds(alert["startsAt"]) == NOW - 60
    assert seconds(alert["endsAt"]) == NOW + 240
    assert desk.tried("delivered") == 1


async def test_sent_each_50_seconds_and_at_once_on_a_change() -> None:
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(make_alert())
        desk.clock.jump(49)
        await desk.publish(make_alert(summary="mit anderem Wert"))
        assert len(here.requests) == 1
        desk.clock.jump(1)
        await desk.publish(make_alert())
        assert len(here.requests) == 2
        await desk.publish(make_alert(), make_alert(rule="leak"))
        assert len(here.requests) == 3
        assert len(posted(here)) == 2
        await desk.exporter.close()


async def test_pending_alerts_are_nobodys_business() -> None:
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(make_alert(state=AlertState.PENDING))
        await desk.publish()
        assert here.requests == []
        await desk.exporter.close()


async def test_what_is_accepted_is_not_sent_but_what_was_sent_goes_on() -> None:
    accepted = Muted("accepted", "fibre is ordered", "2027-06-30")
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(replace(make_alert(), muted=accepted))
        assert [request.method for request in here.requests] == ["GET"]  # whether it knows it from before
        await desk.publish(make_alert())
        desk.clock.jump(60)
        await desk.publish(replace(make_alert(), muted=accepted))
        assert [seconds(alert["endsAt"]) for alert in posted(here)] == [NOW + 60 + 240]
        await desk.exporter.close()


async def test_what_ended_and_comes_again_while_accepted_is_not_sent() -> None:
    accepted = Muted("accepted", "fibre is ordered", "2027-06-30")
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(make_alert())
        desk.clock.jump(10)
        await desk.publish(make_alert(state=AlertState.RESOLVED, changed_at=NOW + 9))
        desk.clock.jump(60)
        await desk.publish(replace(make_alert(since=NOW + 65), muted=accepted))
        assert [seconds(alert["endsAt"]) for alert in posted(here)] == [NOW + 9]
        await desk.exporter.close()


async def test_what_is_told_with_its_cause_is_not_sent_but_what_was_sent_goes_on() -> None:
    because = Muted("cause", "Strecke ausgefallen", "")
    cut, before, after = (make_alert(rule=rule) for rule in ("link_down", "ring_open", "redundancy_lost"))
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(cut, before)
        desk.clock.jump(60)
        await desk.publish(cut, replace(before, muted=because), replace(after, muted=because))
        sent = {alert["labels"]["alertname"]: seconds(alert["endsAt"]) for alert in posted(here)}
        assert sent == {"link_down": NOW + 60 + 240, "ring_open": NOW + 60 + 240}
        await desk.exporter.close()


@pytest.mark.parametrize(
    ("runbook", "annotation"), [("https://wiki.example/x", "runbook_url"), ("Drucker neu starten", "runbook")]
)
async def test_an_own_runbook_takes_the_place_of_ours(runbook: str, annotation: str) -> None:
    alert = make_alert()
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(replace(alert, finding=replace(alert.finding, runbook=runbook)))
        (sent,) = posted(here)
        assert {name: text for name, text in sent["annotations"].items() if "runbook" in name} == {annotation: runbook}
        await desk.exporter.close()


async def test_a_resolved_alert_is_sent_for_a_quarter_of_an_hour() -> None:
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(make_alert())
        desk.clock.jump(10)
        await desk.publish(make_alert(state=AlertState.RESOLVED, changed_at=NOW + 9))
        assert [seconds(alert["endsAt"]) for alert in posted(here)] == [NOW + 9]
        for _ in range(14):
            desk.clock.jump(60)
            await desk.publish()
        assert len(here.requests) == 16
        assert [seconds(alert["endsAt"]) for alert in posted(here)] == [NOW + 9]
        desk.clock.jump(60)
        await desk.publish()
        assert len(here.requests) == 16
        await desk.exporter.close()


async def test_an_escalated_alert_ends_under_its_old_severity() -> None:
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(make_alert())
        desk.clock.jump(5)
        await desk.publish(make_alert(severity=Severity.CRITICAL))
        await desk.exporter.close()
    ends = {alert["labels"]["severity"]: seconds(alert["endsAt"]) for alert in posted(here)}
    assert ends == {"warning": NOW + 5, "critical": NOW + 245}


async def test_an_alert_that_fires_again_is_not_sent_as_resolved() -> None:
    async with sink() as here:
        desk = Desk(here.url)
        await desk.publish(make_alert(state=AlertState.RESOLVED, changed_at=NOW))
        desk.clock.jump(5)
        await desk.publish(make_alert(since=NOW + 5))
        await desk.exporter.close()
    assert [seconds(alert["endsAt"]) for alert in posted(here)] == [NOW + 245]


async def test_what_fails_is_tried_again_ever_more_rarely() -> None:
    async with sink() as here:
        here.status = 503
        desk = Desk(here.url)
        moments: list[int] = []
        for second in range(200):
            before = len(here.requests)
            await desk.publish(make_alert())
            if len(here.requests) > before:
                moments.append(second)
            desk.clock.jump(1)
        assert moments == [0, 5, 15, 35, 75, 125, 175]
        assert desk.tried("failed") == 7
        here.status = 200
        await desk.publish(make_alert(), make_alert(rule="leak"))
        assert desk.tried("delivered") == 1
        await desk.exporter.close()


async def test_a_failed_try_is_repeated_with_the_next_snapshot_though_that_comes_a_little_early() -> None:
    async with sink() as here:
        here.status = 503
        desk = Desk(here.url)
        for _ in range(4):
            await desk.publish(make_alert())
            desk.clock.jump(4.9)
        assert len(here.requests) == 3
        await desk.exporter.close()


async def test_the_wait_for_the_next_try_begins_with_the_last_one() -> None:
    async with sink() as here:
        here.status = 503
        desk = Desk(here.url)
        here.meanwhile = lambda: desk.clock.jump(4)
        await desk.publish(make_alert())
        desk.clock.jump(1)
        await desk.publish(make_alert())
        assert len(here.requests) == 2
        await desk.exporter.close()


async def test_nobody_there_raises_nothing_and_logs_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    desk = Desk(f"http://user:geheim@127.0.0.1:{free_port()}/prefix?token=geheim")
    await desk.publish(make_alert())
    await desk.exporter.close()
    assert desk.tried("failed") == 1
    printed = "".join(capsys.readouterr())
    assert "does not take alerts" in printed
    assert "geheim" not in printed + desk.exporter.name


@pytest.mark.integration
async def test_a_real_alertmanager_has_it_loses_it_and_has_it_again(tmp_path: Path) -> None:
    async with alertmanager(tmp_path) as keeper:
        clock = FakeClock()
        exporter = AlertmanagerExporter(keeper.url, ORIGIN, clock, FakeTelemetry())
        start = datetime.now().timestamp()  # noqa: DTZ005, TID251 - Alertmanager compares with the real time
        clock.step_wall(start - clock.now())

        async def publish(state: AlertState, changed_at: float) -> None:
            device = Subject("device", 'sw "1"\n')
            alert = make_alert(subject=device, state=state, since=start - 60, changed_at=changed_at)
            await exporter.publish(make_snapshot(alerts=[alert]))

        await publish(AlertState.FIRING, start)
        (held,) = await keeper.wait_for(alertname="link_down", device='sw "1"\n', municipality="musterland")
        assert seconds(held["startsAt"]) == pytest.approx(start - 60, abs=0.01)
        await keeper.process.kill()
        clock.jump(60)
        await publish(AlertState.FIRING, start)
        await keeper.start()
        assert await keeper.alerts() == []
        clock.jump(60)
        await publish(AlertState.FIRING, start)
        await keeper.wait_for(alertname="link_down")
        await publish(AlertState.RESOLVED, start)
        await keeper.wait_for(present=False, alertname="link_down")
        await exporter.close()


@pytest.mark.integration
async def test_accepted_after_it_was_sent_it_does_not_end_though_the_daemon_began_anew(tmp_path: Path) -> None:
    accepted = Muted("accepted", "fibre is ordered", "2027-06-30")
    async with alertmanager(tmp_path) as keeper:
        start = datetime.now().timestamp()  # noqa: DTZ005, TID251 - Alertmanager compares with the real time
        first, second = (
            AlertmanagerExporter(keeper.url, ORIGIN, FakeClock(start + later), FakeTelemetry()) for later in (0, 100)
        )
        known, never = make_alert(since=start - 60), make_alert(rule="leak", since=start - 60)
        await first.publish(make_snapshot(alerts=[known]))
        await keeper.wait_for(alertname="link_down")
        await first.close()
        await second.publish(make_snapshot(alerts=[replace(known, muted=accepted), replace(never, muted=accepted)]))
        (held,) = await keeper.alerts()
        assert held["labels"]["alertname"] == "link_down"
        assert seconds(held["endsAt"]) == pytest.approx(start + 100 + 240, abs=0.01)
        await second.close()

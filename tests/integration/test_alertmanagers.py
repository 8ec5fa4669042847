"""Two real Alertmanagers in a cluster: each gets every alert, and one that was killed is filled again."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.contract import Alert, AlertState
from agent.engine.clock import SystemClock
from exporters.alertmanager import AlertmanagerExporter, Origin
from tests.exporters.fakes import make_alert, make_snapshot
from tests.harness.alertmanager import Alertmanager, alertmanagers
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeTelemetry
from tests.harness.process import wait_until

pytestmark = pytest.mark.integration

ORIGIN = Origin("musterland")
SNAPSHOT_SECONDS = 5


async def held(server: Alertmanager) -> set[str]:
    return {alert["labels"]["alertname"] for alert in await server.alerts()}


async def test_each_gets_every_alert_and_one_that_was_restarted_is_filled_again_within_a_minute(
    tmp_path: Path,
) -> None:
    async with alertmanagers(tmp_path) as (one, other):

        async def joined() -> bool:
            return [await server.peers() for server in (one, other)] == [2, 2]

        await wait_until(joined, "both are members of one cluster")
        clock = FakeClock(SystemClock().now())
        exporters = [AlertmanagerExporter(server.url, ORIGIN, clock, FakeTelemetry()) for server in (one, other)]
        cut, leak = make_alert(since=clock.now() - 60), make_alert(rule="leak", since=clock.now() - 60)

        async def publish(*alerts: Alert) -> None:
            for exporter in exporters:
                await exporter.publish(make_snapshot(alerts=alerts))

        await publish(cut, leak)
        for server in (one, other):
            assert await held(server) == {"link_down", "leak"}
        await other.process.kill()
        await other.start()
        assert await held(other) == set()  # it keeps them in memory only, and nobody noticed
        for _ in range(60 // SNAPSHOT_SECONDS):
            clock.jump(SNAPSHOT_SECONDS)
            await publish(cut, leak)
        assert await held(other) == {"link_down", "leak"}
        await publish(make_alert(state=AlertState.RESOLVED, since=cut.since, changed_at=clock.now()), leak)
        for server in (one, other):
            await server.wait_for(alertname="leak")
        for exporter in exporters:
            await exporter.close()

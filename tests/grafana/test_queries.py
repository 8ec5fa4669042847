"""Every query of every board, run against a Prometheus that scrapes a daemon at work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from agent import figures, neutral
from agent.demo.ber import Request
from tests.grafana.board_files import Query, every_query, filled
from tests.grafana.county import watched_county
from tests.harness.process import wait_until
from tests.harness.prometheus import Prometheus, Result, prometheus, scrape_job
from tests.harness.snmp_agent import Agent

pytestmark = pytest.mark.integration

SECONDS = 90.0
# What needs a day of history, two readings five minutes apart, an outage, a room that overheats, or a UPS that tells
# its battery's age;
# test_meanings asks it of made-up series.
LATER = {
    figures.LINK_USAGE_P95.name,
    figures.LINK_UTILISATION.name,
    figures.PARTNER_USAGE_P95.name,
    figures.ROOM_TIME_TO_LIMIT.name,
    figures.ROOM_TIME_TO_LIMIT_BOUND.name,
    figures.UPS_SHUTDOWN_DUE.name,
    neutral.UPS_BATTERY_INSTALLED.name,
}


def shows(query: Query, found: Sequence[Result]) -> bool:
    """Whether there is an answer, and one series at least bears every label that the panel shows."""
    return any(all(result.labels.get(label) for label in query.labels) for result in found)


async def unanswered(server: Prometheus, pending: Sequence[Query]) -> list[Query]:
    """Those that find nothing yet; one that Prometheus refuses is an error at once."""
    return [
        query for query in pending if not shows(query, await server.query(filled(query.expression, "1m", "1h", "10s")))
    ]


def silence(_agent: Agent, _request: Request) -> tuple[bytes, ...]:
    return ()


async def test_every_query_finds_something(tmp_path: Path) -> None:
    """One look at all together: what is there by and by is waited for, what is never there is named."""
    async with (
        watched_county(tmp_path / "county") as county,
        prometheus(tmp_path / "prometheus", [scrape_job("ringwacht", f"127.0.0.1:{county.daemon.port}")]) as server,
    ):
        await server.wait_for('ringwacht_up{device="sw-lost"} == 1')
        county.lost.misbehave = silence
        pending = [query for query in every_query() if not any(name in query.expression for name in LATER)]
        assert len(pending) > 100

        async def all_answered() -> bool:
            pending[:] = await unanswered(server, pending)
            return not pending

        try:
            await wait_until(all_answered, "every query answered", SECONDS)
        except AssertionError as error:
            raise AssertionError(f"{error}; nothing is found by\n" + "\n".join(map(describe, pending))) from None


def describe(query: Query) -> str:
    return f"{query}: {query.expression} (shown: {', '.join(sorted(query.labels))})"

"""Messages that leave later than they were decided: days are said, and that it is late."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from agent.contract import Notification
from exporters.messages.compose import compose
from tests.agent.alerts.post import Desk, Fallible, finish
from tests.exporters.briefings import NOW, SINCE, briefing, make_alert, parcel, told

# Monday, 7 December 2026, 7:00 in Germany
MONDAY = SINCE + 40 * 3600 + 57 * 60


def waited(at: float = MONDAY, **more: Any) -> Notification:
    return replace(told(make_alert(), **more), not_before=at)


@pytest.mark.parametrize("kind", ["alerts", "digest", "summary"])
def test_what_waited_for_its_hour_is_said_with_the_day_on_which_it_began(kind: Any) -> None:
    one = parcel(waited(), kind=kind)
    assert compose(one, briefing()).title().endswith("seit 05.12. 14:03")
    assert "seit 05.12. 14:03" in compose(one, briefing()).short()
    today = parcel(waited(NOW + 3600), kind=kind)
    assert compose(today, briefing()).title().endswith("seit 14:03")
    assert "Verspätet" not in compose(one, briefing()).body()


def test_what_could_not_be_delivered_is_told_as_of_the_moment_it_leaves() -> None:
    one = replace(parcel(replace(told(make_alert(), reason="repeated"), attempts=3)), sent_at=NOW + 86400)
    message = compose(one, briefing())
    assert message.title().endswith("seit 05.12. 14:03")
    assert message.body().startswith("Verspätet: seit 05.12. 14:03 nicht zustellbar.\n\nErinnerung: steht seit 24 h.")
    again = compose(replace(one, sent_at=NOW + 20), briefing())
    assert "Verspätet" not in again.body()
    assert again.reference == message.reference


def test_what_comes_late_together_says_that_it_is_late_and_not_that_it_is_a_storm() -> None:
    two = parcel(told(make_alert("A", site=None)), told(make_alert("B", number=2)), kind="summary")
    body = compose(replace(two, sent_at=NOW + 300), briefing()).body()
    assert body.startswith("Verspätet: seit 14:03 zur Zustellung fällig.\nGesammelt, was seither anfiel.\n\n- ")
    alone = compose(replace(parcel(told(make_alert()), kind="summary"), sent_at=NOW + 300), briefing())
    assert alone.title().startswith("KRITISCH: Strecke VDSL")


async def test_what_the_outbox_delivers_a_day_later_says_the_day_and_that_it_is_late(tmp_path: Path) -> None:
    inbox = Fallible()
    desk = Desk(tmp_path, {"on-call": inbox})
    running = desk.start()
    await desk.post(replace(make_alert(), since=desk.clock.now()), "on-call")
    began = datetime.fromtimestamp(desk.clock.now(), briefing().zone)
    for _ in range(24):
        await desk.clock.advance(3600)
    inbox.down = None
    for _ in range(10):
        await desk.clock.advance(360)
    message = compose(inbox.parcels[-1], briefing())
    assert message.title().endswith(f"seit {began:%d.%m. %H:%M}")
    assert message.body().startswith(f"Verspätet: seit {began:%d.%m. %H:%M} nicht zustellbar.")
    await finish(desk, running)
